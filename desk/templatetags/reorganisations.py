"""What may be done with an event, as buttons."""

from django import template

from cells.models import Reorganisation
from desk.reorganisation.acts import offers

register = template.Library()


@register.simple_tag(takes_context=True)
def offered_acts(context, event: Reorganisation) -> list:
    """Return the acts for who reads the page; nothing for those who only read."""
    user = context["request"].user
    is_kept = Reorganisation.objects.kept_by(user).filter(pk=event.pk).exists()
    return offers(event, user, context.get("said")) if is_kept else []
