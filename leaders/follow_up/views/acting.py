"""What the pages share: one change set per act, refusals beside the form, whom to offer."""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Prefetch
from django.utils import timezone

from accounts.changes import ChangeSet, recording
from accounts.refusals import sentences_for
from leaders.models import Assignment, Person, Tenure

MOST_CANDIDATES = 20


@contextmanager
def one_act(request, reason: str, form=None):
    """Put all that is saved inside into one change set with a reason people understand."""
    note = form.cleaned_data.get("reason") if form else ""
    reason = "; ".join(filter(None, [reason, note]))
    with transaction.atomic(), recording(by=request.user, kind=ChangeSet.Kind.PAGE, reason=reason):
        yield


def saved(request, form, reason: str, save) -> bool:
    """Save; where something refuses, say why beside the form and leave everything as it was."""
    try:
        with one_act(request, reason, form):
            save()
    except ValidationError as error:
        by_field = getattr(error, "error_dict", {})
        known = {name: some for name, some in by_field.items() if name in form.fields}
        for name, some in known.items():
            form.add_error(name, some)
        others = [said for name, some in by_field.items() if name not in known for said in some]
        if others or not by_field:
            form.add_error(None, others or error.messages)
        return False
    except IntegrityError as error:
        # Somebody has written the same in the same moment.
        form.add_error(None, sentences_for(error))
        return False
    return True


def officers_to_offer(request):
    """Return whom to offer: those found by name, or those who follow something now."""
    people = Person.objects.visible_to(request.user)
    words = request.GET.get("tim", "").strip()[:100]
    if words:
        people = people.matching(words)
    else:
        today = Assignment.objects.visible_to(request.user).on(timezone.localdate())
        people = people.filter(pk__in=today.filter(person__isnull=False).values("person"))
    seats = Tenure.objects.visible_to(request.user).on(timezone.localdate()).select_related("cell", "hamlet")
    people = people.prefetch_related(Prefetch("tenures", seats, to_attr="seats_today"))
    return people.order_by("sort_key", "pk")[:MOST_CANDIDATES]
