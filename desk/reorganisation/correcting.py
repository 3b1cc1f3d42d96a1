"""Correcting what was entered wrongly in an event that is applied: a name, a day, a decision.

An act of its own, with its reason and its change set; undoing the event takes it back as well.
"""

from contextlib import contextmanager
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.changes import ChangeSet, acting_user, recording
from accounts.history import rows_of, update_many
from accounts.refusals import check_deferred
from cells.copies import rebuild
from cells.dated import ONE_DAY
from cells.lives import Lives
from cells.models import (
    CellArea,
    CellPeriod,
    Decision,
    Grant,
    HouseholdCount,
    Line,
    LineSource,
    Meeting,
    MemberCount,
    Reorganisation,
    Succession,
    UnitPeriod,
)
from desk.reorganisation.applying import change_sets_of
from desk.reorganisation.headings import followed, heading_of_only_line
from desk.reorganisation.rehearsal import hold_lock
from evaluations.models import CellRating, TitleCase
from leaders.models import Assignment, Contest, Tenure

DATED = (UnitPeriod, CellPeriod, CellArea, Tenure, Assignment, Grant)
# Other models in which an event writes its day, and the fields it writes it to.
OF_ONE_DAY = {
    Succession: ("on",),
    HouseholdCount: ("day",),
    MemberCount: ("day",),
    TitleCase: ("registered_on", "recognised_on"),
}
NAMED = 20


@contextmanager
def _correction(event: Reorganisation, reason: str):
    """Record a correction; an event that is headed as its only line said goes on being so."""
    if not reason.strip():
        raise ValidationError(_("Say why it is corrected."))
    hold_lock()
    with recording(by=acting_user(), kind=ChangeSet.Kind.REORGANISATION, reason=reason.strip()):
        was = heading_of_only_line(event)
        yield
        _head_anew(event, was)
        check_deferred()


def _head_anew(event: Reorganisation, was: dict) -> None:
    event.refresh_from_db()
    new = followed(event, was, heading_of_only_line(event))
    for name, value in new.items():
        setattr(event, name, value)
    if new:
        event.save()


@transaction.atomic
def correct_name(line: Line, *, name: str, reason: str) -> None:
    """Correct the name a line gave; later events that changed the name themselves keep theirs."""
    _must_be_applied([line])
    if not line.name or not name.strip():
        raise ValidationError(_("This line gave no name."))
    with _correction(line.reorganisation, reason):
        units, cells = ([], [line.cell_id]) if line.is_about_cells else ([line.unit_id], [])
        lives = Lives(units, cells)
        (life,) = (*lives.units.values(), *lives.cells.values())
        life.change(line.on, name=name)
        lives.save()
        line.name = name
        line.full_clean()
        line.save()


@transaction.atomic
def correct_decision(line: Line, *, decision: Decision, reason: str) -> None:
    """Correct the paper a line rests on, and with it that of the seats and titles it gave."""
    _must_be_applied([line])
    with _correction(line.reorganisation, reason):
        gave = Q(cell=line.cell_id) if line.cell_id else Q(hamlet=line.unit_id)
        seats = list(Tenure.objects.filter(gave, starts_on=line.on, decision=line.decision))
        titles = list(
            TitleCase.objects.filter(cell=line.cell_id, recognised_on=line.on, recognition=line.decision)
        )
        for seat in seats:
            seat.decision = decision
        for title in titles:
            title.recognition = decision
        update_many(Tenure, seats, ["decision"])
        update_many(TitleCase, titles, ["recognition"])
        line.decision = decision
        line.full_clean()
        line.save()


@transaction.atomic
def correct_day(event: Reorganisation, *, day: date, new_day: date, reason: str) -> None:
    """Correct the day on which lines took effect, with everything the event wrote of that day.

    Refused, with a list, where something was recorded between the two days.
    """
    lines = list(event.lines.filter(on=day).select_related("unit", "cell"))
    _must_be_applied(lines)
    if new_day > timezone.localdate():
        raise ValidationError(_("That day has not come yet. Undo the event and apply it again instead."))
    with _correction(event, reason):
        bodies = _Bodies(lines)
        bodies.refuse_between(min(day, new_day), max(day, new_day), written=_written(event))
        for model, rows in _rows_of_the_day(event, day).items():
            update_many(model, rows, _shifted(model, rows, day, new_day))
        for line in lines:
            line.on = new_day
        update_many(Line, lines, ["on"])
        rebuild(bodies.units, bodies.cells)
        bodies.refuse_broken_lives()


def _must_be_applied(lines: list[Line]) -> None:
    if not lines or not all(line.is_applied for line in lines):
        raise ValidationError(_("Only what is applied is corrected; a draft is simply changed."))


def _written(event: Reorganisation) -> dict[type, set]:
    """Return the keys of the rows that the event wrote, by model."""
    written: dict[type, set] = {}
    for change_set in change_sets_of(event):
        for model, keys in rows_of(change_set).items():
            written.setdefault(model, set()).update(keys)
    return written


def _rows_of_the_day(event: Reorganisation, day: date) -> dict[type, list]:
    """Return the rows that the event wrote and that begin on the day, or end the day before."""
    written, found = _written(event), {}
    for model in DATED:
        of_the_day = Q(starts_on=day) | Q(ends_on=day - ONE_DAY)
        found[model] = list(model._base_manager.filter(of_the_day, pk__in=written.get(model, ())))
    for model, fields in OF_ONE_DAY.items():
        of_the_day = Q(*[(field, day) for field in fields], _connector=Q.OR)
        found[model] = list(model._base_manager.filter(of_the_day, pk__in=written.get(model, ())))
    return found


def _shifted(model, rows: list, day: date, new_day: date) -> list[str]:
    """Write the new day into the rows; return the fields it stands in."""
    shifts = dict.fromkeys(OF_ONE_DAY.get(model, ("starts_on",)), (day, new_day))
    if model in DATED:
        shifts["ends_on"] = (day - ONE_DAY, new_day - ONE_DAY)
    for row in rows:
        for field, (old, new) in shifts.items():
            if getattr(row, field) == old:
                setattr(row, field, new)
    return list(shifts)


class _Bodies:
    """The units and cells that the lines made, ended or changed."""

    def __init__(self, lines: list[Line]):
        sources = LineSource.objects.filter(line__in=lines)
        self.units = {line.unit_id for line in lines} | set(sources.values_list("unit", flat=True))
        self.cells = {line.cell_id for line in lines} | set(sources.values_list("cell", flat=True))
        self.cells |= set(
            CellArea.objects.filter(hamlet__in=self.units - {None}).values_list("cell", flat=True)
        )
        self.units.discard(None)
        self.cells.discard(None)

    def refuse_between(self, first: date, last: date, *, written: dict[type, set]) -> None:
        """Refuse what others recorded of these bodies from the first day up to the day before the last."""
        between = {"gte": first, "lt": last}

        def on(field: str) -> Q:
            return Q(**{f"{field}__{op}": day for op, day in between.items()})

        of_body = Q(hamlet__in=self.units) | Q(cell__in=self.cells)
        recorded = [
            Tenure.objects.filter(of_body, on("starts_on") | on("ends_on")),
            Contest.objects.filter(of_body, on("held_on")),
            HouseholdCount.objects.filter(on("day"), hamlet__in=self.units),
            MemberCount.objects.filter(on("day"), cell__in=self.cells),
            Meeting.objects.filter(on("day"), cell__in=self.cells, was_held=True),
            Assignment.objects.filter(on("starts_on"), unit__in=self.units),
            UnitPeriod.objects.filter(on("starts_on"), unit__in=self.units),
            CellPeriod.objects.filter(on("starts_on"), cell__in=self.cells),
            CellRating.objects.filter(on("cycle__roster_day"), cell__in=self.cells),
        ]
        faults = [
            _("%(what)s: %(row)s") % {"what": rows.model._meta.verbose_name, "row": row}
            for rows in recorded
            for row in rows.exclude(pk__in=written.get(rows.model, ()))[:NAMED]
        ]
        if faults:
            heading = _("Between the two days there is recorded:")
            raise ValidationError([f"{heading} {fault}" for fault in faults])

    def refuse_broken_lives(self) -> None:
        lives = Lives(self.units, self.cells)
        for life in (*lives.units.values(), *lives.cells.values()):
            pairs = zip(life.periods, life.periods[1:], strict=False)
            if any(one.ends_on is None or one.ends_on + ONE_DAY != other.starts_on for one, other in pairs):
                raise ValidationError(
                    _(
                        "%(what)s would have days without a place, or with two. Correct its other changes first."
                    )
                    % {"what": life.thing}
                )
