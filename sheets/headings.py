"""The header of a table: one to three rows whose cells stand over each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sheets.parsing import Sheet, Value
from sheets.places import Area
from sheets.text import fold, nfc
from sheets.vocabulary import ORDER_HEADS

DEEPEST = 3
_LONGEST_LABEL = 120
_FIRST_YEAR, _LAST_YEAR = 1930, 2100
PATH_SEPARATOR = " / "


@dataclass(frozen=True)
class Heading:
    """What stands over one column, from the top down: ("Trong đó", "Miễn SH")."""

    column: int
    path: tuple[str, ...]

    @property
    def label(self) -> str:
        return PATH_SEPARATOR.join(self.path)

    @property
    def is_order(self) -> bool:
        """Say whether the column counts the rows: STT."""
        return fold(self.label) in ORDER_HEADS


@dataclass(frozen=True)
class Header:
    """The rows of the header and what they say over each column that they name."""

    top: int
    bottom: int
    headings: tuple[Heading, ...]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        return tuple(heading.label for heading in self.headings)

    @property
    def order_column(self) -> int | None:
        return next((heading.column for heading in self.headings if heading.is_order), None)


def header_at(sheet: Sheet, top: int, merged: Mapping[tuple[int, int], Area]) -> Header | None:
    """Return the header whose first row is ``top``, or None if that row cannot be one."""
    band = _Band(sheet, merged, top)
    if not band.may_begin():
        return None
    bottom = top
    while band.goes_on(bottom):
        bottom += 1
    return Header(top, bottom, tuple(band.headings(bottom)))


def is_label(value: Value) -> bool:
    """Say whether the value may stand in a header: a short text, or a year."""
    if isinstance(value, str):
        text = value.strip()
        if text.isdecimal() and len(text) == 4:
            value = int(text)
        else:
            return text in {"%", "#"} or (len(text) <= _LONGEST_LABEL and any(map(str.isalpha, text)))
    return isinstance(value, int) and not isinstance(value, bool) and _FIRST_YEAR <= value <= _LAST_YEAR


class _Band:
    def __init__(self, sheet: Sheet, merged: Mapping[tuple[int, int], Area], top: int):
        self.rows, self.merged, self.top = sheet.rows, merged, top
        self.last = min(top + DEEPEST - 1, len(sheet.rows))

    def may_begin(self) -> bool:
        filled = self._filled(self.top)
        values = [self._value(self.top, column) for column in filled]
        return len(filled) >= 2 and any(isinstance(v, str) for v in values) and all(map(is_label, values))

    def goes_on(self, bottom: int) -> bool:
        """Say whether the row under ``bottom`` still belongs to the header.

        Each of its cells stands under an empty one or is one of several under a wider one. A first
        row of data stands under narrow cells of its own.
        """
        below = bottom + 1
        if below > self.last:
            return False
        if any(
            (area := self._area(bottom, column)) and area.bottom > bottom
            for column in range(1, self._width + 1)
            if self._text(bottom, column)
        ):
            return True
        filled = self._filled(below)
        if not filled or not all(is_label(self._value(below, column)) for column in filled):
            return False
        spans = [self._span_over(bottom, column) for column in filled]
        for span in spans:
            if span and (span[0] == span[1] or spans.count(span) < 2):
                return False
        # A row of text under a header with an empty cell looks the same, but each of its columns is
        # labelled, and it leaves none of them out.
        labelled = sum(1 for column in range(1, self._width + 1) if self._span_over(bottom, column))
        is_merged = any(self._area(bottom, column) for column in filled)
        return len(filled) < labelled or None in spans or is_merged

    def headings(self, bottom: int) -> Iterable[Heading]:
        for column in range(1, self._width + 1):
            path: list[str] = []
            for row in range(self.top, bottom + 1):
                label = self._label_over(row, column, bottom)
                if label and (not path or path[-1] != label):
                    path.append(label)
            if path:
                yield Heading(column, tuple(path))

    def _span_over(self, bottom: int, column: int) -> tuple[int, int] | None:
        """Return the columns of the lowest label over this column, None where nothing stands over it."""
        for row in range(bottom, self.top - 1, -1):
            if area := self._area(row, column):
                if self._text(row, column):
                    return area.left, area.right
            elif (left := self._starts_at(row, column)) is not None:
                return left, self._reach(row, left)
        return None

    def _label_over(self, row: int, column: int, bottom: int) -> str:
        if self._area(row, column) or row == bottom:
            return self._text(row, column)
        left = self._starts_at(row, column)
        return "" if left is None else self._text(row, left)

    def _starts_at(self, row: int, column: int) -> int | None:
        """Return the column of the unmerged label that stands over this one, itself or from the left."""
        left = column
        while left >= 1 and not self._area(row, left) and self._value(row, left) is None:
            left -= 1
        if left < 1 or self._area(row, left) or self._reach(row, left) < column:
            return None
        return left

    def _reach(self, row: int, column: int) -> int:
        """Return the last column that an unmerged label stands over.

        It stands over its own column and the empty ones to its right that have labels below.
        A label with nothing right below it is a narrow one, whatever is empty beside it.
        """
        right = column
        if row < self.last and self._is_covered(row + 1, column):
            while (
                right < self._width
                and not self._text(row, right + 1)
                and not self._hangs_into(row, right + 1)
                and self._is_covered(row + 1, right + 1)
            ):
                right += 1
        return right

    def _is_covered(self, row: int, column: int) -> bool:
        return bool(self._text(row, column)) or self._starts_at(row, column) is not None

    def _hangs_into(self, row: int, column: int) -> bool:
        return row > self.top and bool(self._text(row - 1, column)) and not self._area(row - 1, column)

    @property
    def _width(self) -> int:
        return len(self.rows[0])

    def _filled(self, row: int) -> list[int]:
        return [column for column, value in enumerate(self.rows[row - 1], 1) if value is not None]

    def _value(self, row: int, column: int) -> Value:
        return self.rows[row - 1][column - 1]

    def _text(self, row: int, column: int) -> str:
        """Return what the cell shows: in a merged area that of its first cell."""
        if area := self._area(row, column):
            row, column = area.top, area.left
        value = self._value(row, column)
        return "" if value is None else nfc(str(value))

    def _area(self, row: int, column: int) -> Area | None:
        return self.merged.get((row, column))
