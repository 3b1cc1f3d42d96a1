"""Whom the pages offer as officers."""

from django.db.models import Prefetch
from django.utils import timezone

from leaders.models import Assignment, Person, Tenure

MOST_CANDIDATES = 20


def officers_to_offer(request):
    """Return whom to offer: those found by name, or those who follow something now."""
    people = Person.objects.visible_to(request.user).alive()
    words = request.GET.get("tim", "").strip()[:100]
    if words:
        people = people.matching(words)
    else:
        today = Assignment.objects.visible_to(request.user).on(timezone.localdate())
        people = people.filter(pk__in=today.filter(person__isnull=False).values("person"))
    seats = Tenure.objects.visible_to(request.user).on(timezone.localdate()).select_related("cell", "hamlet")
    people = people.prefetch_related(Prefetch("tenures", seats, to_attr="seats_today"))
    return people.nearest_first(words)[:MOST_CANDIDATES]
