"""The tables of a workbook: where each begins and ends, its columns, its rows, what is skipped."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sheets.headings import Header, Heading, header_at
from sheets.lines import Line, LineKind, is_order_number, read_lines
from sheets.parsing import Sheet, Value
from sheets.places import Area
from sheets.text import fold, nfc
from sheets.vocabulary import COMMON_HEADS, ORDER_HEADS

_ENOUGH = 0.35  # of a score; below it a row of texts is no header
_SURELY_A_HEADER = 0.6
_ROWS_TO_JUDGE = 60
_HIDDEN_IS_WORTH = 0.5
_TITLE_ROWS = 15
_FIRST_ROWS = 100  # further down, a row without known words is not taken for a header


@dataclass(frozen=True)
class Table:
    """A table that was found in a sheet.

    ``score`` (0 to 1) says how surely it is one. ``lines`` are all rows from below the header to
    where the next table begins or the sheet ends, each with its kind.
    """

    sheet: Sheet
    header: Header
    lines: tuple[Line, ...]
    score: float

    @property
    def headings(self) -> tuple[Heading, ...]:
        return self.header.headings

    @cached_property
    def rows(self) -> tuple[Line, ...]:
        """Return the rows of data."""
        return tuple(line for line in self.lines if line.kind == "data")

    @cached_property
    def skipped(self) -> tuple[Line, ...]:
        """Return the rows that hold something and are no data, for the report of what was left out."""
        return tuple(line for line in self.lines if line.kind not in ("data", "blank"))

    @cached_property
    def doubtful(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.is_doubtful)

    @cached_property
    def title_lines(self) -> tuple[str, ...]:
        """Return the texts above the table, from the top down."""
        first = max(0, self.header.top - 1 - _TITLE_ROWS)
        return tuple(
            nfc(value)
            for values in self.sheet.rows[first : self.header.top - 1]
            for value in values
            if isinstance(value, str)
        )

    @cached_property
    def nameless(self) -> tuple[int, ...]:
        """Return the columns that hold data and have no heading."""
        named = {heading.column for heading in self.headings}
        used = {
            column for line in self.rows for column, value in enumerate(line.values, 1) if value is not None
        }
        return tuple(sorted(used - named))

    @property
    def last_column(self) -> int:
        return max([heading.column for heading in self.headings] + list(self.nameless))

    def with_kinds(self, kinds: Mapping[int, LineKind]) -> "Table":
        """Return the table read again with what somebody has said about some of its rows."""
        end = self.lines[-1].row if self.lines else self.header.bottom
        rows = _filled_down(self.sheet, self.header.bottom)
        return replace(self, lines=tuple(read_lines(rows, self.header, end, kinds)))


def find_tables(sheets: Iterable[Sheet], known_heads: Iterable[str] = ()) -> list[Table]:
    """Return every table of the sheets, the likeliest first.

    ``known_heads`` are headings that the caller's forms expect; they help to tell a header from a
    row of data, and are not needed.
    """
    heads = COMMON_HEADS | {fold(part) for head in known_heads for part in head.split("/")}
    found = [table for sheet in sheets for table in _tables_of(sheet, heads)]
    return sorted(found, key=lambda table: (-table.score, -len(table.rows)))


def _tables_of(sheet: Sheet, heads: frozenset[str]) -> Iterator[Table]:
    rows, weight = None, 1.0 if sheet.is_visible else _HIDDEN_IS_WORTH
    headers = _headers(sheet, heads)
    for number, (score, header) in enumerate(headers):
        end = headers[number + 1][1].top - 1 if number + 1 < len(headers) else len(sheet.rows)
        rows = _filled_down(sheet, header.bottom)
        yield Table(sheet, header, tuple(read_lines(rows, header, end)), round(score * weight, 3))


def _headers(sheet: Sheet, heads: frozenset[str]) -> list[tuple[float, Header]]:
    """Return the headers of the sheet from the top down, with their scores."""
    merged = {(row, column): area for area in sheet.merged for row, column in _cells(area)}
    candidates = []
    for top in range(1, len(sheet.rows) + 1):
        header = header_at(sheet, top, merged)
        if header is None or _begins_with_a_title(sheet.rows, header, heads):
            continue
        if top > _FIRST_ROWS and _known_labels(header, heads) < 2:
            continue
        score = _score(sheet.rows, header, heads)
        if score >= _ENOUGH:
            candidates.append((score, header))
    if not candidates:
        return []
    best = max(candidates, key=lambda candidate: (candidate[0], -candidate[1].top))
    # Of those that share a row with it, the one with the most words of a header is meant.
    rivals = [candidate for candidate in candidates if _overlap(candidate[1], best[1])]
    best = max(rivals, key=lambda rival: (_known_labels(rival[1], heads), rival[0], -rival[1].top))
    chosen = [best]
    for score, header in candidates:
        apart = not any(_overlap(header, other) for _, other in chosen)
        order = best[1].order_column
        if order and is_order_number(sheet.rows[header.top - 1][order - 1]):
            continue  # a row of the list, with a number like a year
        if any(header.top == other.bottom + 1 for _, other in chosen):
            continue  # the first row of a list, with words like HTXS: a table without a row is none
        if apart and score >= _SURELY_A_HEADER and not _is_repetition(header, chosen, sheet.rows):
            chosen.append((score, header))
    return sorted(chosen, key=lambda candidate: candidate[1].top)


def _overlap(one: Header, other: Header) -> bool:
    return one.top <= other.bottom and other.top <= one.bottom


def _begins_with_a_title(rows, header: Header, heads: frozenset[str]) -> bool:
    """Say whether the first row is a line of the title right above the header.

    It then seems to be a wide label; but no word of it is known where words below it are, or STT
    would lie under it.
    """
    if header.top == header.bottom:
        return False
    first, *below = (
        any(fold(str(value)) in heads for value in rows[row - 1] if value is not None)
        for row in range(header.top, header.bottom + 1)
    )
    return (any(below) and not first) or any(
        len(heading.path) > 1 and fold(heading.path[-1]) in ORDER_HEADS for heading in header.headings
    )


def _is_repetition(header: Header, chosen: Sequence[tuple[float, Header]], rows) -> bool:
    """Say whether a printed page has begun with the header of the table above once more."""
    above = max((other for _, other in chosen if other.top < header.top), key=_top, default=None)
    if above is None or above.labels != header.labels:
        return False
    order = header.order_column
    first = next((values for values in rows[header.bottom :] if any(v is not None for v in values)), None)
    # A table of its own begins to count again.
    return order is None or first is None or str(first[order - 1]).strip("(). ") not in ("1", "I")


def _top(header: Header) -> int:
    return header.top


def _score(rows: Sequence[tuple[Value, ...]], header: Header, heads: frozenset[str]) -> float:
    """Say how surely these rows are a header: by words known from headers, and by what stands below.

    A header names nearly all columns that are filled below it, each by a name of its own.
    """
    below = [values for values in rows[header.bottom : header.bottom + _ROWS_TO_JUDGE] if _is_filled(values)]
    named = {heading.column for heading in header.headings}
    distinct = len(set(header.labels))
    if distinct < 2 or distinct * 2 <= len(named):
        return 0
    known = _known_labels(header, heads)
    used = _used_columns(below)
    coverage = len(used & named) / len(used) if used else 0
    of_other_kind = sum(1 for column in used & named if _is_figures(below, column))
    score = 0.4 * coverage * min(1, distinct / max(2, len(used)))
    score += 0.3 * min(1, known / 3) + 0.15 * (known / distinct)
    score += 0.15 * min(1, of_other_kind / 2)
    if not below and known < 2:
        return 0
    return min(score, 1)


def _known_labels(header: Header, heads: frozenset[str]) -> int:
    return sum(
        1
        for heading in header.headings
        if any(fold(part) in heads for part in (*heading.path, heading.label))
    )


def _used_columns(below: Sequence[tuple[Value, ...]]) -> set[int]:
    if not below:
        return set()
    counts = [sum(values[column] is not None for values in below) for column in range(len(below[0]))]
    most = max(counts)
    return {column for column, count in enumerate(counts, 1) if count * 4 >= most and count}


def _is_figures(below: Sequence[tuple[Value, ...]], column: int) -> bool:
    values = [values[column - 1] for values in below if values[column - 1] is not None]
    figures = sum(1 for value in values if not isinstance(value, str) or value.strip().isdecimal())
    return figures * 2 > len(values)


def _is_filled(values: tuple[Value, ...]) -> bool:
    return any(value is not None for value in values)


def _cells(area: Area) -> Iterator[tuple[int, int]]:
    for row in range(area.top, area.bottom + 1):
        for column in range(area.left, area.right + 1):
            yield row, column


def _filled_down(sheet: Sheet, header_bottom: int) -> list[tuple[Value, ...]]:
    """Return the rows with what merged cells of several rows say written into each of them.

    Numbers stay where they are: written twice they would be counted twice.
    """
    changed: dict[int, list[Value]] = {}
    for area in sheet.merged:
        value = sheet.rows[area.top - 1][area.left - 1]
        if area.top <= header_bottom or area.top == area.bottom or not _may_be_repeated(value):
            continue
        for row in range(area.top + 1, area.bottom + 1):
            values = changed.setdefault(row, list(sheet.rows[row - 1]))
            values[area.left - 1] = value
    if not changed:
        return sheet.rows
    return [
        tuple(changed[number]) if number in changed else values for number, values in enumerate(sheet.rows, 1)
    ]


def _may_be_repeated(value: Value) -> bool:
    return value is not None and not isinstance(value, int | float)
