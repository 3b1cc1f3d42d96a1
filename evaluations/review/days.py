"""The days of a year: its roster day as long as the lists are not fixed, its deadlines until it is locked."""

from datetime import date

from django.db import transaction

from evaluations.models import ReviewCycle
from evaluations.review.authority import need_receiver
from evaluations.review.opening import check_days


@transaction.atomic
def change_days(
    cycle: ReviewCycle,
    *,
    deadline: date,
    by,
    roster_day: date | None = None,
    list_deadline: date | None = None,
) -> ReviewCycle:
    """Set the deadlines of a running year; roster day and deadline of the list only before it is fixed."""
    need_receiver(by, cycle)
    current = ReviewCycle.objects.select_for_update(of=("self",)).get(pk=cycle.pk)
    if current.state == ReviewCycle.State.PREPARING:
        current.roster_day = roster_day or current.roster_day
        current.list_deadline = list_deadline
    else:
        current.need_state(ReviewCycle.State.OPEN)
    current.deadline = deadline
    check_days(current)
    current.save()
    return current
