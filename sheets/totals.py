"""The numbers of total and group rows against the sums of the rows they stand for."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from sheets.errors import SheetError
from sheets.headings import Heading
from sheets.lines import Line
from sheets.numbers import parse_count, parse_decimal
from sheets.places import Place
from sheets.tables import Table
from sheets.text import fold, says_nothing
from sheets.vocabulary import NEVER_ADDED


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
    are the ones to add up: best those that a form knows as counts; by default those whose rows hold
    nothing but whole numbers and whose headings do not speak of shares, years, days or numbers of
    telephones and papers.
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
        if heading.column != order
        and not _is_never_added(heading.label)
        and _are_counts([line.values[heading.column - 1] for line in table.rows])
    ]


def _is_never_added(label: str) -> bool:
    return "%" in label or bool(NEVER_ADDED.search(fold(label)))


def _are_counts(values: Sequence) -> bool:
    numbers = [_number(value) for value in values if not says_nothing(value)]
    return bool(numbers) and all(number is not None and number == int(number) for number in numbers)


class _Sums:
    def __init__(self, table: Table, headings: list[Heading]):
        self.table, self.headings = table, headings
        self.row_numbers = [line.row for line in table.rows]
        # By row: the groups that are open there, the total above it, and where a group ends.
        self.groups_above: dict[int, list[int]] = {}
        self.total_above: dict[int, int] = {}
        self.group_ends: dict[int, int] = {}
        self._walk()

    def _walk(self) -> None:
        total = 0
        open_groups: list[Line] = []
        for line in self.table.lines:
            self.total_above[line.row] = total
            self.groups_above[line.row] = [group.row for group in open_groups] if line.kind == "total" else []
            if line.kind == "group":
                while open_groups and open_groups[-1].level >= line.level:
                    self.group_ends[open_groups.pop().row] = line.row
                open_groups.append(line)
            elif line.kind == "total":
                total = line.row
                if line.is_grand:
                    self.group_ends |= {one.row: line.row for one in open_groups}
                    open_groups = []

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
        if line.kind == "group":
            return [self._between(line.row, self.group_ends.get(line.row))]
        # The rows of the group that the total closes or of a wider one, those since the total before
        # it, or all.
        in_groups = [self._between(group, line.row) for group in reversed(self.groups_above[line.row])]
        since = self._between(self.total_above[line.row], line.row)
        rows = list(self.table.rows)
        return [rows, *in_groups, since] if line.is_grand else [*in_groups, since, rows]

    def _between(self, above: int, below: int | None) -> list[Line]:
        """Return the rows of data below one row and above another, or down to the end."""
        first = bisect_right(self.row_numbers, above)
        last = len(self.row_numbers) if below is None else bisect_left(self.row_numbers, below)
        return list(self.table.rows[first:last])


def _sum(lines: Iterable[Line], column: int) -> Decimal:
    return sum((_number(line.values[column - 1]) or Decimal(0) for line in lines), Decimal(0))


def _number(value) -> Decimal | None:
    """Return the number that a cell holds, whole or not, and None for anything else."""
    if value is None or isinstance(value, bool):
        return None
    for parse in (parse_count, parse_decimal):
        with suppress(SheetError):
            return Decimal(parse(value))
    return None
