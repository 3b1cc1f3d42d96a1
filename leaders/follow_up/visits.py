"""Visits and inspections: recording, correcting, what was promised, and what the minutes say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import create_many, update_many
from accounts.roles import COMMUNE_ROLES
from accounts.validation import clean_many, load_related
from cells.models import Unit
from leaders.models import Assignment, Visit

TOLD = (
    "day",
    "attended",
    "remark",
    "promise",
    "promise_due",
    "promise_undated",
    "promise_kept_on",
    "reported_at",
    "recorded_by",
)


def may_log(user, assignment: Assignment) -> bool:
    """Say whether the user records visits of this officer: one's own, or for who has no account, as staff."""
    person = assignment.person
    if person is not None and person.account_id == user.pk:
        return user.has_perm("leaders.log_visits")
    has_account = person is not None and person.account_id is not None
    return not has_account and _is_staff_for(user, of_commune=assignment.by_commune)


def may_correct(user, visit: Visit) -> bool:
    """Say whether the user corrects what was told of a visit; nobody rewrites the word of somebody else."""
    if visit.kind == Visit.Kind.INSPECTION:
        by = visit.recorded_by
        return _is_staff_for(user, of_commune=by is not None and by.role in COMMUNE_ROLES)
    return visit.assignment is not None and may_log(user, visit.assignment)


def _is_staff_for(user, *, of_commune: bool) -> bool:
    """The province records what it keeps, a commune what it assigned or looked into itself."""
    return user.has_perm("leaders.add_visit") or (of_commune and user.has_perm("leaders.inspect_in_commune"))


def may_tick_promise(user, visit: Visit) -> bool:
    """Say whether the user says that a promise is kept: who gave it, who follows the place now, and staff."""
    if user.has_perm("leaders.add_visit") or may_correct(user, visit):
        return True
    if not user.has_perm("leaders.log_visits"):
        return False
    follows = Assignment.objects.of_account(user).on(timezone.localdate())
    return follows.filter(unit__in=[visit.unit_id, visit.unit.commune_id]).exists()


@transaction.atomic
def log_visit(visit: Visit, *, by) -> Visit:
    """Record a visit; what only the minutes said of that day is filled in with the officer's word."""
    Assignment.objects.select_for_update(of=("self",), no_key=True).get(pk=visit.assignment_id)
    there = Visit.objects.filter(
        kind=Visit.Kind.VISIT, assignment=visit.assignment_id, unit=visit.unit_id, day=visit.day
    )
    recorded = there.select_for_update(of=("self",)).first()
    if recorded is None:
        visit.recorded_by = by
        visit.full_clean()
        visit.save()
        return visit
    if recorded.is_told:
        raise ValidationError(_("The visit of this day is recorded already. Open it to change it."))
    for name in ("attended", "remark", "promise", "promise_due", "promise_undated", "promise_kept_on"):
        setattr(recorded, name, getattr(visit, name))
    recorded.reported_at, recorded.recorded_by = timezone.now(), by
    return change_visit(recorded)


@transaction.atomic
def change_visit(visit: Visit) -> Visit:
    """Save a visit that was read under a lock, with its next revision."""
    visit.revision += 1
    visit.full_clean()
    visit.save()
    return visit


@transaction.atomic
def record_inspection(units: Iterable[Unit], *, by, **fields) -> list[Visit]:
    """Record an inspection of several units by one team: one row for each, to be gone on with apart."""
    rows = [Visit(kind=Visit.Kind.INSPECTION, unit=unit, recorded_by=by, **fields) for unit in units]
    load_related(rows, "unit")
    clean_many(rows)
    return create_many(Visit, rows)


# --- what the minutes say -------------------------------------------------------------------


@dataclass(frozen=True)
class Ticked:
    """What the commune says of one visit by the minutes: of a recorded one, or of a day nobody recorded."""

    attended: bool | None
    visit: int | None = None
    revision: int | None = None
    assignment: int | None = None
    unit: int | None = None
    day: date | None = None


@dataclass
class MinutesSaved:
    changed: int = 0
    # By visit: who changed it after the page was opened.
    conflicts: tuple[Visit, ...] = ()


@transaction.atomic
def tick_minutes(ticked: Iterable[Ticked], *, visits, by) -> MinutesSaved:
    """Write what the minutes say, each by the revision it was read with; the officer's own word stays as it is."""
    ticked = list(ticked)
    by_key = {one.visit: one for one in ticked if one.visit is not None}
    rows = visits.filter(pk__in=by_key).select_for_update(of=("self",)).order_by("pk")
    rows = rows.select_related("unit", "assignment__person")
    changed, conflicts = [], []
    for visit in rows:
        one = by_key[visit.pk]
        if visit.minutes_attended == one.attended:
            continue
        if visit.revision != one.revision:
            conflicts.append(visit)
            continue
        visit.minutes_attended = one.attended
        visit.revision += 1
        changed.append(visit)
    update_many(Visit, changed, ["minutes_attended", "revision"])
    new = [
        Visit(
            unit_id=one.unit,
            assignment_id=one.assignment,
            day=one.day,
            minutes_attended=one.attended,
            recorded_by=by,
        )
        for one in ticked
        if one.visit is None and one.attended is not None
    ]
    load_related(new, "unit", "assignment")
    clean_many(new)
    return MinutesSaved(len(changed) + len(create_many(Visit, new)), tuple(conflicts))
