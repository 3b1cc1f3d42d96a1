"""Saving what a commune enters, row by row, without writing over what a colleague has entered meanwhile."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.guard import who_was_first
from accounts.history import create_many, delete_many, update_many
from accounts.validation import CleanFields
from evaluations.models import CellRating, LeaderRating, Level, MemberLevels, ReviewCycle, Submission
from evaluations.review.authority import need_worker
from evaluations.review.required import ratings_of

State = Submission.State
LEVELS = ("self_level", "proposed_level")
SHARED = (*LEVELS, "points", "disciplined", "not_subject_reason", "reason", "note")
CONDITIONS = ("tasks_on_time", "tasks_above", "tasks_late_within_fifth")
TASKS = ("tasks_assigned", "tasks_done", "tasks_late", "tasks_exceeded")
FIELDS = {CellRating: (*SHARED, *CONDITIONS, *TASKS), LeaderRating: SHARED}
MEMBERS = ("excellent", "good", "completed", "not_completed", "not_rated")
# What a decision closes; the rest of a decided row may be completed when the province asks for it.
CLOSED_BY_DECISION = frozenset({"proposed_level", "not_subject_reason"})


@dataclass(frozen=True)
class Entry:
    """What somebody entered in one row, and the state of the row it was entered on.

    ``values`` are those of the rating, ``members`` the counts of the cell's members; only fields that the
    person could change are named. ``mark`` is that of ``mark_of``.
    """

    model: type
    pk: int
    mark: str
    values: Mapping = field(default_factory=dict)
    members: Mapping | None = None


@dataclass
class Saved:
    """What became of one entry: saved, unchanged, refused with its faults, or in conflict."""

    row: object
    members: MemberLevels | None = None
    changed: bool = False
    conflict: str = ""
    # By field; what belongs to none stands under "".
    faults: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_saved(self) -> bool:
        return not (self.conflict or self.faults)


def mark_of(row, members: MemberLevels | None) -> str:
    """Return the mark of a row as it is read: a write states it and touches nothing when it differs."""
    return f"{row.revision}.{members.revision if members else 0}"


def open_fields(file: Submission, row) -> frozenset[str]:
    """Return the fields of a row that may be entered in the state its file is in."""
    fields = frozenset(FIELDS[type(row)]) | frozenset(MEMBERS if type(row) is CellRating else ())
    if file.state == State.ENTERING:
        return fields
    if file.state == State.RETURNED:
        return fields - CLOSED_BY_DECISION if row.is_decided else fields
    if file.state == State.DECIDED and not row.is_decided:
        return fields
    return frozenset()


def why_closed(file: Submission) -> str:
    """Say why nothing can be entered now, and what to do; empty where something can."""
    if file.cycle.state != ReviewCycle.State.OPEN:
        return file.cycle.not_open
    return {
        State.PUT: _("The file was put to the standing committee. To change it, take it back first."),
        State.DECIDED: _("Decided. To change a level, correct it with a decision."),
        State.SENT: _("Sent to the province. To change it, withdraw it first."),
        State.RECEIVED: _(
            "Received by the province. Ask it to send the file back if something must be changed."
        ),
        State.LOCKED: _("The figures are locked. A level is changed by a correction with its decision."),
    }.get(file.state, "")


def refusal(file: Submission) -> str:
    """Say why a field of a row is closed, where the file as a whole may be open."""
    return why_closed(file) or _("Decided. To change a level, correct it with a decision.")


@transaction.atomic
def save_rows(file: Submission, entries: Iterable[Entry], *, by) -> list[Saved]:
    """Save each row that is still as it was read and without fault; tell of the others why not.

    The number of queries does not depend on the number of rows. Raises PermissionDenied for whoever does
    not work on this file, ValidationError where nothing of it can be entered now.
    """
    need_worker(by, file)
    current = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("cycle__rule_set", "commune")
        .get(pk=file.pk)
    )
    entries = list(entries)
    rows = _rows(current, entries)
    members = _members(current, rows)
    closed = why_closed(current)
    if closed and not any(open_fields(current, row) for row in rows.values()):
        raise ValidationError(closed)
    fields = CleanFields()
    results = []
    for entry in entries:
        row = rows.get((entry.model, entry.pk))
        if row is not None:
            counts = members.get(row.cell_id) if entry.model is CellRating else None
            results.append(_take(current, entry, row, counts, fields))
    _write(results)
    _name_who_was_first([one for one in results if one.conflict])
    return results


def _rows(file: Submission, entries: list[Entry]) -> dict:
    """Return the rows of this file, locked; what belongs to another file is not there."""
    rows = {}
    for model in (CellRating, LeaderRating):
        keys = [entry.pk for entry in entries if entry.model is model]
        if keys:
            found = ratings_of(file, model).filter(pk__in=keys).select_for_update(of=("self",))
            rows |= {(model, row.pk): row for row in found.order_by("pk")}
    for row in rows.values():
        row.cycle, row.commune = file.cycle, file.commune
    return rows


def _members(file: Submission, rows: dict) -> dict[int, MemberLevels]:
    cells = [row.cell_id for (model, _pk), row in rows.items() if model is CellRating]
    if not cells:
        return {}
    found = MemberLevels.objects.filter(cycle=file.cycle_id, cell__in=cells)
    return {one.cell_id: one for one in found.select_for_update(of=("self",)).order_by("pk")}


def _take(file: Submission, entry: Entry, row, members, fields: CleanFields) -> Saved:
    saved = Saved(row, members)
    changes = _changes(row, entry.values)
    counts = _changes(members or MemberLevels(), entry.members or {})
    if not changes and not counts:
        return saved
    if entry.mark != mark_of(row, members):
        saved.conflict = entry.mark
        return saved
    closed = (changes.keys() | counts.keys()) - open_fields(file, row)
    if closed:
        saved.faults[""] = [refusal(file)]
        return saved
    preset_proposal(row, changes)
    for name, value in changes.items():
        setattr(row, name, value)
    if counts:
        saved.members = members or MemberLevels(cell=row.cell, cycle=file.cycle, withheld=row.withheld)
        for name, value in counts.items():
            setattr(saved.members, name, value)
    saved.changed = True
    _check(saved, fields)
    return saved


def _changes(obj, values: Mapping) -> dict:
    return {name: value for name, value in values.items() if getattr(obj, name) != value}


def preset_proposal(row, changes: dict) -> None:
    """The proposal follows the own level until somebody proposes something else."""
    follows = row.proposed_level in ("", row.self_level)
    if "self_level" in changes and "proposed_level" not in changes and follows and not row.is_decided:
        changes["proposed_level"] = changes["self_level"]


def _check(saved: Saved, fields: CleanFields) -> None:
    row = saved.row
    try:
        fields.clean(row, editable_only=True)
        if saved.members is not None:
            fields.clean(saved.members, editable_only=True)
    except ValidationError as error:
        saved.faults = {name: list(ValidationError(some).messages) for name, some in error.error_dict.items()}
    saved.faults |= {name: [said] for name, said in disagreements(row).items()}


def disagreements(row) -> dict[str, str]:
    """Return what of a row that is being entered cannot be, by field."""
    found = {}
    if row.not_subject_reason and (row.self_level or row.proposed_level):
        found["not_subject_reason"] = _(
            "Who is not subject to rating has no level. Leave one of the two empty."
        )
    if row.points is not None and not 0 <= row.points <= 100:
        found["points"] = _("Points lie between 0 and 100.")
    if row.lacks_reason:
        found["reason"] = _("The level KHTNV needs a reason.")
    return found


def _write(results: list[Saved]) -> None:
    done = [one for one in results if one.changed and one.is_saved]
    for model, names in FIELDS.items():
        rows = [one.row for one in done if type(one.row) is model]
        for row in rows:
            row.revision += 1
        update_many(model, rows, [*names, "revision"])
    counted = [one.members for one in done if one.members is not None]
    empty = [one for one in counted if all(getattr(one, name) is None for name in MEMBERS)]
    kept = [one for one in counted if one not in empty]
    create_many(MemberLevels, [one for one in kept if one.pk is None])
    known = [one for one in kept if one.pk is not None and one._state.adding is False]
    for one in known:
        one.revision += 1
    update_many(MemberLevels, known, [*MEMBERS, "revision"])
    if gone := [one.pk for one in empty if one.pk is not None]:
        delete_many(MemberLevels.objects.filter(pk__in=gone))
    for one in done:
        if one.members in empty:
            one.members = None


def _name_who_was_first(conflicts: list[Saved]) -> None:
    """Say in each conflict who has changed the row meanwhile, and when."""
    for model in (CellRating, LeaderRating):
        keys = [one.row.pk for one in conflicts if type(one.row) is model]
        changes = {}
        rows = (
            model.history.filter(id__in=keys).select_related("change_set").order_by("history_id")
            if keys
            else ()
        )
        for change in rows:
            changes[change.id] = change
        for one in conflicts:
            if (change := changes.get(one.row.pk)) is not None and type(one.row) is model:
                one.conflict = who_was_first(change)


def fill_rest(file: Submission, *, by, level: str = Level.GOOD) -> int:
    """Give every cell that has no level yet this one, as its own and as the proposal; return how many."""
    need_worker(by, file)
    rows = ratings_of(file, CellRating).filter(
        self_level="", proposed_level="", not_subject_reason="", decided_on__isnull=True
    )
    with transaction.atomic():
        counts = {
            one.cell_id: one
            for one in MemberLevels.objects.filter(cycle=file.cycle_id, cell__in=rows.values("cell"))
        }
        entries = [
            Entry(
                CellRating,
                row.pk,
                mark_of(row, counts.get(row.cell_id)),
                {"self_level": level, "proposed_level": level},
            )
            for row in rows
        ]
        return sum(one.changed and one.is_saved for one in save_rows(file, entries, by=by)) if entries else 0
