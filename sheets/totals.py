"""The numbers of total and group rows against the sums of the rows they stand for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sheets.errors import SheetError
from sheets.headings import Heading
from sheets.lines import Line
from sheets.numbers import parse_decimal
from sheets.places import Place
from sheets.tables import Table


@dataclass(frozen=True)
class Comparison:
    """One number of a total row. ``stated`` is None where the cell has a formula without a stored value."""

    line: Line
    heading: Heading
    rows: tuple[int, ...]
    stated: Decimal | None
    summed: Decimal

    @property
    def agrees(self) -> bool | None:
        """Say whether the numbers are equal; None where nothing is stated."""
        return None if self.stated is None else self.stated == self.summed


def compare_totals(table: Table, columns: Iterable[int] | None = None) -> list[Comparison]:
    """Compare each total and each group row that has numbers with the rows it covers.

    A total covers the rows of its group, all rows, or those since the total before it; where the
    place alone does not tell, the reading whose sums agree in most columns is taken. ``columns``
    are the ones to add up; by default those whose rows hold nothing but whole numbers.
    """
    wanted = set(_columns_of_counts(table) if columns is None else columns)
    headings = [heading for heading in table.headings if heading.column in wanted]
    sums = _Sums(table, headings)
    return [
        comparison
        for line in table.lines
        if line.kind in ("total", "group")
        for comparison in sums.compared(line)
    ]


def _columns_of_counts(table: Table) -> list[int]:
    order = table.header.order_column
    return [
        heading.column
        for heading in table.headings
        if heading.column != order and _are_counts([line.values[heading.column - 1] for line in table.rows])
    ]


def _are_counts(values: Sequence) -> bool:
    filled = [value for value in values if value is not None]
    return bool(filled) and all(_number(value) is not None for value in filled)


class _Sums:
    def __init__(self, table: Table, headings: list[Heading]):
        self.table, self.headings = table, headings

    def compared(self, line: Line) -> list[Comparison]:
        if not any(self._states(line, heading) for heading in self.headings):
            return []
        readings = [self._reading(line, covered) for covered in self._ways_to_cover(line) if covered]
        if not readings:
            return []
        # The first of equals: the ways stand in the order of their likelihood.
        return max(readings, key=lambda reading: sum(bool(one.agrees) for one in reading))

    def _reading(self, line: Line, covered: Sequence[Line]) -> list[Comparison]:
        rows = tuple(one.row for one in covered)
        return [
            Comparison(
                line, heading, rows, _number(line.values[heading.column - 1]), _sum(covered, heading.column)
            )
            for heading in self.headings
            if self._states(line, heading)
        ]

    def _states(self, line: Line, heading: Heading) -> bool:
        is_unread = Place(line.row, heading.column) in self.table.sheet.unread
        return is_unread or _number(line.values[heading.column - 1]) is not None

    def _ways_to_cover(self, line: Line) -> list[list[Line]]:
        rows = list(self.table.rows)
        if line.kind == "group":
            return [self._of_group(line)]
        in_group = [row for row in rows if line.groups and row.groups[: len(line.groups)] == line.groups]
        in_group = [row for row in in_group if self._group_above(row) == self._group_above(line)]
        since = [row for row in rows if self._total_before(line) < row.row < line.row]
        return [rows, in_group, since] if line.is_grand else [in_group, since, rows]

    def _of_group(self, group: Line) -> list[Line]:
        ends = next(
            (
                line.row
                for line in self.table.lines
                if line.row > group.row
                and (
                    (line.kind == "group" and line.level <= group.level)
                    or (line.kind == "total" and line.is_grand)
                )
            ),
            self.table.lines[-1].row + 1,
        )
        return [row for row in self.table.rows if group.row < row.row < ends]

    def _group_above(self, line: Line) -> int:
        return max(
            (one.row for one in self.table.lines if one.kind == "group" and one.row < line.row), default=0
        )

    def _total_before(self, line: Line) -> int:
        return max(
            (one.row for one in self.table.lines if one.kind == "total" and one.row < line.row), default=0
        )


def _sum(lines: Iterable[Line], column: int) -> Decimal:
    return sum((_number(line.values[column - 1]) or Decimal(0) for line in lines), Decimal(0))


def _number(value) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        return parse_decimal(value)
    except SheetError:
        return None
