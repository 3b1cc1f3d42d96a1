"""What the page of a month shows: the regular meeting of every cell, and the other meetings, in a few queries."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Max

from accounts.asked import key_in
from cells.meetings.places import cells_of
from cells.meetings.rows import FIELDS, expected_members, is_over, mark_of, value_of
from cells.models import Cell, Meeting, Unit
from cells.months import last_day_of

CHANGE = "cells.change_meeting"


@dataclass
class Row:
    """One line of the grid: a cell's regular meeting, recorded or not, or another meeting of it."""

    cell: Cell
    meeting: Meeting | None = None
    preset: int | None = None
    is_open: bool = False
    is_extra: bool = False
    changed_at: datetime | None = None
    # What was typed and is not saved, by field; why not, by field ("" for the row); whose change was first.
    typed: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    conflict: str = ""

    @property
    def key(self) -> str:
        return f"m{self.meeting.pk}" if self.is_extra else f"c{self.cell.pk}"

    @property
    def mark(self) -> str:
        return mark_of(self.meeting)

    @property
    def fields(self) -> tuple[str, ...]:
        return FIELDS[1:] if self.is_extra else FIELDS

    @property
    def title(self) -> str:
        return str(getattr(self.cell, "name_then", "") or self.cell)

    @property
    def row_faults(self) -> str:
        """What is wrong with the row as a whole."""
        return " ".join(self.faults.get("", ()))

    @property
    def needs_a_look(self) -> bool:
        return bool(self.faults or self.conflict)

    def value(self, name: str):
        return value_of(self.meeting, name, self.preset)


@dataclass
class Grid:
    """The meetings of one commune in one month."""

    commune: Unit
    month: date
    rows: list[Row]
    extra: list[Row]
    # The last change that the page has seen.
    stamp: str = "0"

    @property
    def all_rows(self) -> list[Row]:
        return [*self.rows, *self.extra]

    @property
    def is_open(self) -> bool:
        return any(row.is_open for row in self.rows)

    @property
    def kept_cells(self) -> dict[int, Cell]:
        """The cells whose meetings the person may change, by key."""
        return {row.cell.pk: row.cell for row in self.rows if row.is_open}

    @property
    def entered(self) -> int:
        """Of how many cells it is known whether the regular meeting was held."""
        return sum(row.meeting is not None for row in self.rows)

    def by_key(self) -> dict[str, Row]:
        return {row.key: row for row in self.all_rows}


def load(commune: Unit, month: date, user, *, keys: Collection[str] | None = None) -> Grid:
    """Return the rows of the month (or those named); the number of queries does not depend on how many."""
    wanted = None if keys is None else _cells_named(keys)
    cells = cells_of(commune, month, user, keys=wanted)
    kept = _kept(cells, user) if is_over(month) else set()
    meetings = list(Meeting.objects.filter(cell__in=cells, month=month).order_by("day", "pk"))
    presets = expected_members((cell.pk for cell in cells), last_day_of(month))
    regular = {one.cell_id: one for one in meetings if one.is_regular}
    rows = [Row(c, regular.get(c.pk), presets.get(c.pk), is_open=c.pk in kept) for c in cells]
    by_cell = {cell.pk: cell for cell in cells}
    extra = [
        Row(by_cell[one.cell_id], one, is_open=one.cell_id in kept, is_extra=True)
        for one in meetings
        if not one.is_regular
    ]
    if keys is not None:
        rows, extra = ([row for row in some if row.key in keys] for some in (rows, extra))
    grid = Grid(commune, month, rows, extra)
    grid.stamp = _stamp(grid)
    return grid


def _cells_named(keys: Collection[str]) -> set[int]:
    """Return the cells of which rows are named, those of other meetings by these."""
    named = {kind: {pk for k in keys if k[:1] == kind and (pk := key_in(k[1:])) is not None} for kind in "cm"}
    if named["m"]:
        named["c"] |= set(Meeting.objects.filter(pk__in=named["m"]).values_list("cell", flat=True))
    return named["c"]


def _kept(cells: list[Cell], user) -> set[int]:
    if not user.has_perm(CHANGE):
        return set()
    rows = Cell.objects.kept_by(user).filter(pk__in=[cell.pk for cell in cells])
    return set(rows.order_by().values_list("pk", flat=True))


def _stamp(grid: Grid) -> str:
    """Give each row the hour of its last change; return the last change of all."""
    rows = {row.meeting.pk: row for row in grid.all_rows if row.meeting}
    newest = 0
    history = Meeting.history.filter(cell__in=[row.cell.pk for row in grid.all_rows], month=grid.month)
    changes = history.order_by().values_list("id").annotate(number=Max("history_id"), at=Max("history_date"))
    for pk, number, at in changes:
        newest = max(newest, number)
        if pk in rows:
            rows[pk].changed_at = at
    return str(newest)


def changed_since(commune: Unit, month: date, user, stamp: str) -> tuple[set[str], str]:
    """Return the keys of the rows that were changed after the stamp, and the stamp of now."""
    since = key_in(stamp) or 0
    cells = cells_of(commune, month, user)
    history = Meeting.history.filter(history_id__gt=since, cell__in=[c.pk for c in cells], month=month)
    found: set[str] = set()
    for number, pk, cell, kind in history.order_by("history_id").values_list(
        "history_id", "id", "cell", "kind"
    ):
        since = number
        found.add(f"c{cell}" if kind == Meeting.Kind.REGULAR else f"m{pk}")
    return found, str(since)
