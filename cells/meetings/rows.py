"""Saving the meetings of a month row by row, without writing over what a colleague has entered meanwhile."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.guard import who_was_first
from accounts.history import create_many, delete_many, update_many
from accounts.validation import CleanFields
from cells.models import Cell, Meeting, MemberCount
from cells.models.lifetimes import day_outside, lives, lock
from cells.months import last_day_of, month_of

FIELDS = ("held", "day", "expected", "present", "committee_met", "grade", "note")
WRITTEN = ("was_held", "day", "month", "expected", "present", "committee_met", "grade", "note", "revision")
NOTHING_YET = "0.0"


@dataclass(frozen=True)
class Entry:
    """What somebody entered in one row, and the state of the row it was entered on.

    A row is the regular meeting of a cell, or one of the others by its key; only fields that the person has
    changed are named. ``mark`` is that of ``mark_of``.
    """

    mark: str
    values: Mapping
    cell: int | None = None
    meeting: int | None = None


@dataclass
class Saved:
    """What became of one entry: saved, unchanged, refused with its faults, or in conflict."""

    entry: Entry
    meeting: Meeting | None = None
    is_new: bool = False
    is_emptied: bool = False
    changed: bool = False
    conflict: str = ""
    # By field; what belongs to none stands under "".
    faults: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_saved(self) -> bool:
        return not (self.conflict or self.faults)


def mark_of(meeting: Meeting | None) -> str:
    """Return the mark of a row as it is read: a write states it and touches nothing when it differs."""
    return f"{meeting.pk}.{meeting.revision}" if meeting else NOTHING_YET


def value_of(meeting: Meeting | None, name: str, preset: int | None = None):
    """Return what a row says in one field; before anything is recorded, how many are expected."""
    if meeting is None:
        return preset if name == "expected" else "" if name in ("grade", "note") else None
    if name == "held":
        return meeting.was_held
    if name == "day":
        return meeting.day if meeting.was_held else None
    return getattr(meeting, name)


def expected_members(cells: Iterable[int], day: date) -> dict[int, int]:
    """Return how many members take part in each cell, by its latest count up to the day."""
    latest = MemberCount.objects.filter(cell=OuterRef("pk"), active__isnull=False, day__lte=day).order_by(
        "-day"
    )
    counted = Cell.objects.filter(pk__in=list(cells)).annotate(active=Subquery(latest.values("active")[:1]))
    return {pk: active for pk, active in counted.values_list("pk", "active") if active is not None}


def is_over(month: date) -> bool:
    """Whether anything can have been held in the month at all."""
    return month <= month_of(timezone.localdate())


@transaction.atomic
def save_rows(cells: Mapping[int, Cell], month: date, entries: Iterable[Entry]) -> list[Saved]:
    """Save each row that is still as it was read and without fault; tell of the others why not.

    ``cells`` are those whose meetings the person may change in this month. The number of queries does not
    depend on the number of rows.
    """
    if not is_over(month):
        raise ValidationError(_("That month has not come yet."))
    entries = list(entries)
    lock(cells=cells)
    recorded = list(
        Meeting.objects.filter(cell__in=cells, month=month).select_for_update(of=("self",)).order_by("pk")
    )
    presets = expected_members(cells, last_day_of(month))
    regular = {one.cell_id: one for one in recorded if one.is_regular}
    others = {one.pk: one for one in recorded if not one.is_regular}
    fields, results = CleanFields(), []
    for entry in entries:
        meeting = regular.get(entry.cell) if entry.meeting is None else others.get(entry.meeting)
        if entry.cell in cells or meeting is not None:
            results.append(_take(entry, meeting, cells, month, presets))
        elif entry.meeting is not None:
            results.append(Saved(entry, conflict=_("This meeting has been taken away meanwhile.")))
    _check(results, fields)
    _refuse_second_of_a_day(results)
    _write(results)
    _name_who_was_first([one for one in results if one.conflict and one.meeting])
    return results


def _take(entry: Entry, meeting: Meeting | None, cells, month: date, presets: dict[int, int]) -> Saved:
    saved = Saved(entry, meeting, is_new=meeting is None)
    preset = presets.get(entry.cell)
    changes = {k: v for k, v in entry.values.items() if value_of(meeting, k, preset) != v}
    if not changes:
        return saved
    if entry.mark != mark_of(meeting):
        saved.conflict = entry.mark if meeting else _("A colleague has emptied this row meanwhile.")
        return saved
    values = {name: value_of(meeting, name, preset) for name in FIELDS} | changes
    if (
        values["held"] is None
        and "held" not in changes
        and any(values[n] is not None for n in ("day", "present"))
    ):
        # Whoever gives a day or a number means that it was held.
        values["held"] = True
    saved.changed = True
    if saved.is_new:
        saved.meeting = Meeting(cell=cells[entry.cell], kind=Meeting.Kind.REGULAR, month=month)
    if values["held"] is None:
        _empty(saved, values, preset)
    else:
        _fill(saved, values)
    return saved


def _empty(saved: Saved, values: dict, preset: int | None) -> None:
    """Take the word back that it was held or not; what else is said needs one of the two."""
    said = [n for n in ("day", "present", "committee_met", "grade", "note") if values[n] not in (None, "")]
    if not saved.meeting.is_regular:
        saved.faults["held"] = [_("Take the meeting away by its own button.")]
    elif said or (saved.is_new and values["expected"] != preset):
        saved.faults["held"] = [_("Say whether the meeting was held, or empty the row.")]
    else:
        saved.is_emptied = True


def _fill(saved: Saved, values: dict) -> None:
    meeting = saved.meeting
    meeting.was_held = values["held"]
    meeting.day = values["day"] if meeting.was_held else meeting.month
    for name in ("expected", "present", "committee_met", "grade", "note"):
        setattr(meeting, name, values[name])
    saved.faults |= {
        name: [said] for name, said in disagreements(meeting, today=timezone.localdate()).items()
    }


def disagreements(meeting: Meeting, *, today: date) -> dict[str, str]:
    """Return what of a meeting cannot be, by field."""
    found = {}
    if not meeting.was_held:
        if not meeting.is_regular:
            found["held"] = _("Only of a regular meeting it is recorded that it was not held.")
        for name in ("present", "committee_met", "grade"):
            if getattr(meeting, name) not in (None, ""):
                found[name] = _("A meeting that was not held has nobody present and no grade.")
    elif meeting.day is None:
        found["day"] = _("Enter the day of the meeting.")
    elif meeting.day > today:
        found["day"] = _("That day has not come yet. Enter today or an earlier day.")
    if None not in (meeting.present, meeting.expected) and meeting.present > meeting.expected:
        found["present"] = _("More were present than were expected.")
    return found


def _check(results: list[Saved], fields: CleanFields) -> None:
    wanted = [one for one in results if one.changed and not one.is_emptied and one.is_saved]
    for one in wanted:
        try:
            fields.clean(one.meeting, editable_only=True)
            one.meeting.clean_alone()
        except ValidationError as error:
            one.faults |= {name: list(some) for name, some in error.message_dict.items()}
    _refuse_outside_life([one for one in wanted if one.is_saved and one.meeting.was_held])


def _refuse_outside_life(held: list[Saved]) -> None:
    known = lives(Cell, {one.meeting.cell_id for one in held}) if held else {}
    for one in held:
        day = one.meeting.day
        if day_outside(known[one.meeting.cell_id], day, day):
            one.faults["day"] = [
                _("%(body)s did not exist on %(day)s. Check the day.")
                % {"body": one.meeting.cell, "day": f"{day:%d/%m/%Y}"}
            ]


def _refuse_second_of_a_day(results: list[Saved]) -> None:
    """Two meetings of one kind held on one day are one: those of other months count as well."""
    wanted = [one for one in results if one.changed and not one.is_emptied and one.is_saved]
    wanted = [one for one in wanted if one.meeting.was_held]
    if not wanted:
        return
    there = Meeting.objects.filter(
        cell__in={one.meeting.cell_id for one in wanted},
        day__in={one.meeting.day for one in wanted},
        was_held=True,
    )
    taken = {(cell, kind, day): pk for pk, cell, kind, day in there.values_list("pk", "cell", "kind", "day")}
    for one in wanted:
        meeting = one.meeting
        if taken.get((meeting.cell_id, meeting.kind, meeting.day), meeting.pk) != meeting.pk:
            one.faults["day"] = [_("This meeting of the cell is recorded already.")]


def _write(results: list[Saved]) -> None:
    done = [one for one in results if one.changed and one.is_saved]
    create_many(Meeting, [one.meeting for one in done if one.is_new and not one.is_emptied])
    known = [one.meeting for one in done if not one.is_new and not one.is_emptied]
    for meeting in known:
        meeting.revision += 1
    update_many(Meeting, known, list(WRITTEN))
    if gone := [one.meeting.pk for one in done if one.is_emptied and not one.is_new]:
        delete_many(Meeting.objects.filter(pk__in=gone))


def _name_who_was_first(conflicts: list[Saved]) -> None:
    """Say in each conflict who has changed the row meanwhile, and when."""
    keys = [one.meeting.pk for one in conflicts]
    history = Meeting.history.filter(id__in=keys).select_related("change_set").order_by("history_id")
    latest = {change.id: change for change in history} if keys else {}
    for one in conflicts:
        if (change := latest.get(one.meeting.pk)) is not None:
            one.conflict = who_was_first(change)


@transaction.atomic
def record_meeting(meeting: Meeting) -> Meeting:
    """Record a thematic or extraordinary meeting that was held."""
    lock(cells=[meeting.cell_id])
    meeting.prepare()
    if faults := disagreements(meeting, today=timezone.localdate()):
        raise ValidationError(faults)
    meeting.full_clean()
    meeting.save()
    return meeting
