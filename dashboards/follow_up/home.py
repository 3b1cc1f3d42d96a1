"""The first page of a follow-up officer, made for a telephone."""

from datetime import date

from django.utils import timezone

from cells.kinds import Level
from cells.models import Unit
from dashboards.follow_up.ground import grounds
from leaders.follow_up.views.visiting import draft_key
from leaders.follow_up.visits import may_correct
from leaders.models import Assignment, Visit

PROMISES_SHOWN = 20
NOTES_SHOWN = 10


def officer_home(user) -> dict:
    """Return what the page shows: the hamlets, what was promised, what comes next, earlier notes."""
    day = timezone.localdate()
    own = list(Assignment.objects.of_account(user).on(day).for_list().order_by("unit__level", "unit", "pk"))
    hamlets = Unit.objects.visible_to(user).hamlets().standing()
    hamlets = hamlets.order_by("commune__sort_key", "commune", *hamlets.in_order().query.order_by)
    found = grounds(hamlets, user=user, day=day, assignments=own)
    _name_drafts(found, user)
    visits = Visit.objects.visible_to(user).of_account(user)
    return {
        "rows": [ground.row for ground in found],
        "grounds": found,
        "day": day,
        "communes": [one for one in own if one.unit.level == Level.COMMUNE],
        "has_officer": bool(own) or hasattr(user, "person"),
        **_promises(found, user, day),
        "coming": sorted((one for ground in found for one in ground.coming), key=lambda one: one.day),
        "notes": _notes(found, user),
        "this_month": visits.filter(day__gte=day.replace(day=1)).count(),
    }


def _promises(found, user, day: date) -> dict:
    """Return what the officer promised, and apart from it what teams and other officers left to be done."""
    # One's own wherever they were given, also at a commune, or where a hamlet has ended since.
    own = list(Visit.objects.visible_to(user).of_account(user).open().for_list())
    others = [visit for ground in found for visit in ground.promises if visit not in own]
    for some in (own, others):
        some.sort(key=lambda visit: (visit.promise_due is None, visit.promise_due or day, visit.pk))
    return {"promises": own[:PROMISES_SHOWN], "left_by_others": others[:PROMISES_SHOWN]}


def _notes(found, user) -> list[Visit]:
    """Return the last notes of all the hamlets, newest first; one's own may be corrected."""
    notes = sorted(
        (visit for one in found for visit in one.visits), key=lambda v: (v.day, v.pk), reverse=True
    )
    for visit in notes[:NOTES_SHOWN]:
        visit.may_correct = may_correct(user, visit)
    return notes[:NOTES_SHOWN]


def _name_drafts(found, user) -> None:
    """Say under which name the browser may keep what was typed for a hamlet, and what makes that outdated."""
    latest: dict[int, int] = {}
    keys = {ground.assignment.pk for ground in found if ground.assignment}
    for assignment, pk in Visit.objects.filter(assignment__in=keys).values_list("assignment", "pk"):
        latest[assignment] = max(latest.get(assignment, 0), pk)
    for ground in found:
        if ground.assignment:
            ground.draft = draft_key(user, ground.assignment.pk, ground.hamlet.pk)
            ground.stamp = str(latest.get(ground.assignment.pk, 0))
