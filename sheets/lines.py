"""What each row below a header is: data, a group, a total, a signature, …, and why."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sheets.headings import Header
from sheets.parsing import Value
from sheets.text import fold, nfc
from sheets.vocabulary import IS_GRAND_TOTAL, IS_NOTE, IS_SIGNATURE, IS_TOTAL, STARTS_WITH_UNIT

LineKind = Literal["data", "group", "total", "numbering", "blank", "repeated_header", "note", "signature"]
LINE_KINDS: tuple[LineKind, ...] = LineKind.__args__

_ROMAN = re.compile(r"(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})")
_MARKER = re.compile(r"([IVX]+|[A-ZĐ])\s*[.):–-]\s*(?=\S)")
_LETTER = re.compile(r"[A-ZĐ]")
_ORDER_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*\.?")
_COLUMN_NUMBER = re.compile(r"\(?\s*([0-9]+)\s*\)?\s*(?:=.*)?")
_COLUMN_LETTER = re.compile(r"\(?\s*([A-E])\s*\)?")
_FIRST_LETTER = re.compile(r"[^\W\d_]")
_LONGEST_GROUP = 100


@dataclass(frozen=True)
class Line:
    """One row below the header.

    ``why`` is the code of what told its kind. ``groups`` are the texts of the group rows above a
    row of data, the widest first, as they are written. ``is_doubtful`` asks the caller to let
    somebody confirm the kind. ``label`` is the text of a group, total, note or signature.
    """

    row: int
    kind: LineKind
    why: str = ""
    values: tuple[Value, ...] = ()
    label: str = ""
    groups: tuple[str, ...] = ()
    level: int = 0
    is_doubtful: bool = False
    is_grand: bool = False


def read_lines(
    rows: Sequence[tuple[Value, ...]],
    header: Header,
    end: int,
    known: Mapping[int, LineKind] | None = None,
) -> list[Line]:
    """Return the lines from below the header to row ``end``; ``known`` are kinds that somebody has stated."""
    return _Reader(rows, header, end, known or {}).lines()


class _Reader:
    def __init__(self, rows, header: Header, end: int, known: Mapping[int, LineKind]):
        self.rows, self.header, self.end, self.known = rows, header, end, known
        self.columns = [heading.column for heading in header.headings]
        self.order = self._order_that_is_filled(header.order_column)
        self.first_filled = next((row for row in self._range() if self._values(row)), end + 1)
        self.first_signature = next((row for row in self._range() if self._is_signature(row)), end + 1)
        self.body_ends = self._last_row_of_the_table()
        self.signature = next(
            (row for row in range(self.body_ends + 1, end + 1) if self._is_signature(row)), end + 1
        )
        # Where every row has a Roman number, these count the rows and not the groups.
        self.has_groups = any(
            self._values(row) and not self._marker_and_text(self.rows[row - 1])[0] and not self._total(row)
            for row in range(self.first_filled, self.body_ends + 1)
        )

    def lines(self) -> list[Line]:
        found = [self._stated(row) if row in self.known else self._judged(row) for row in self._range()]
        return list(_with_groups(found))

    def _range(self) -> range:
        return range(self.header.bottom + 1, self.end + 1)

    def _order_that_is_filled(self, order: int | None) -> int | None:
        """Return the column STT, unless nobody has filled it in."""
        if order and any(is_order_number(self.rows[row - 1][order - 1]) for row in self._range()):
            return order
        return None

    # One row

    def _stated(self, row: int) -> Line:
        values, kind = self.rows[row - 1], self.known[row]
        label = "" if kind == "data" else self._label(values)
        level = 1
        if kind == "group":
            marker, label = self._marker_and_text(values)
            level = _level(marker)
        grand = kind == "total" and bool(IS_GRAND_TOTAL.fullmatch(fold(label)))
        return Line(row, kind, "stated", values, label, level=level, is_grand=grand)

    def _judged(self, row: int) -> Line:
        values = self.rows[row - 1]
        if not self._values(row):
            return Line(row, "blank", "no_value", values)
        if self._is_numbering(row):
            return Line(row, "numbering", "counts_the_columns", values)
        if self._repeats_header(row):
            return Line(row, "repeated_header", "same_as_header", values, self._label(values))
        if row > self.body_ends:
            return self._below_the_table(row)
        return self._total(row) or self._group(row) or self._note(row) or Line(row, "data", values=values)

    def _is_numbering(self, row: int) -> bool:
        """Say whether the row counts the columns: (1) (2) (3), A B 1 2, 1 2 3=1+2."""
        if row != self.first_filled:
            return False
        cells = [nfc(str(value)) for column in self.columns if (value := self.rows[row - 1][column - 1])]
        if len(cells) < 2 or len(cells) * 2 < len(self.columns):
            return False
        letters = 0
        while letters < len(cells) and (match := _COLUMN_LETTER.fullmatch(cells[letters])):
            if match[1] != "ABCDE"[letters]:
                return False
            letters += 1
        numbers = [_COLUMN_NUMBER.fullmatch(cell) for cell in cells[letters:]]
        if not numbers or not all(numbers):
            return False
        counted = [int(match[1]) for match in numbers]
        return counted == list(range(counted[0], counted[0] + len(counted))) and counted[0] in (
            1,
            letters + 1,
        )

    def _repeats_header(self, row: int) -> bool:
        """Say whether a page break has brought the first or last row of the header again."""
        if self._order_number(row):
            return False
        mine = self._folded(row)
        return len(mine) >= 2 and any(
            mine == self._folded(above) for above in range(self.header.top, self.header.bottom + 1)
        )

    def _total(self, row: int) -> Line | None:
        values = self.rows[row - 1]
        label = self._label(values)
        key = _total_key(label)
        if not key:
            return None
        # A place may be called so; with a number of its own it is one of the list.
        if self._order_number(row) and " " in key and not IS_GRAND_TOTAL.fullmatch(key):
            return None
        return Line(row, "total", "says_total", values, label, is_grand=bool(IS_GRAND_TOTAL.fullmatch(key)))

    def _group(self, row: int) -> Line | None:
        values = self.rows[row - 1]
        marker, text = self._marker_and_text(values)
        if not text or len(text) > _LONGEST_GROUP or row == self.body_ends:
            return None
        if self._is_counted_below(row):
            name = next((v for v in values[self.order :] if isinstance(v, str)), None)
            return Line(row, "group", "counted_below", values, nfc(name), level=2) if name else None
        if marker and self._order_number(row):
            return None
        if marker:
            return (
                Line(row, "group", "marker", values, text, level=_level(marker)) if self.has_groups else None
            )
        texts = [value for value in values if isinstance(value, str)]
        place = self._first_text_column(values)
        alone = len(texts) == 1 and not self._order_number(row) and self._holds_only_counts_beside(row)
        if not alone or place not in self.columns[:3] or IS_NOTE.fullmatch(fold(text)):
            return None
        if STARTS_WITH_UNIT.fullmatch(fold(text)):
            return Line(row, "group", "unit_word", values, text, level=2)
        if any(value is not None and not isinstance(value, str) for value in values):
            return None
        if self.order is None and len(self.columns) < 3:
            return None
        if self._counting_starts_below(row):
            return Line(row, "group", "counting_starts_again", values, text, level=2)
        return Line(row, "group", "stands_alone", values, text, level=2, is_doubtful=True)

    def _holds_only_counts_beside(self, row: int) -> bool:
        """Say whether what stands beside the text of a group row could be the sums of its rows."""
        return all(value is None or isinstance(value, str | int) for value in self.rows[row - 1]) and (
            self.order is not None or sum(value is not None for value in self.rows[row - 1]) == 1
        )

    def _note(self, row: int) -> Line | None:
        values = self.rows[row - 1]
        filled = [value for value in values if value is not None]
        if len(filled) == 1 and isinstance(filled[0], str):
            text = nfc(filled[0])
            if IS_NOTE.fullmatch(fold(text)) or text.startswith(("*", "(*")) or len(text) > _LONGEST_GROUP:
                return Line(row, "note", "says_note", values, text)
        return None

    def _below_the_table(self, row: int) -> Line:
        values = self.rows[row - 1]
        label = " ".join(nfc(value) for value in values if isinstance(value, str))
        if row >= self.signature:
            why = "signature_words" if self._is_signature(row) else "below_signature"
            return Line(row, "signature", why, values, label)
        # Without numbers of rows, a name under a gap may be one more row of the list.
        is_doubtful = self.order is None and not self._note(row) and len(label) <= _LONGEST_GROUP
        return Line(row, "note", "below_table", values, label, is_doubtful=is_doubtful)

    # The end of the table

    def _last_row_of_the_table(self) -> int:
        """Return the last row that belongs to the list; below it come notes and signatures."""
        body = range(self.end, self.header.bottom, -1)
        surely = next((row for row in body if self._is_surely_of_the_list(row)), self.header.bottom)
        after = range(surely + 1, self.end + 1)
        signature = next((row for row in after if self._is_signature(row)), self.end + 1)
        # Between the two only lines that stand right below each other go on with the list.
        weak = range(signature - 1, surely, -1)
        return next((row for row in weak if self._may_be_of_the_list(row)), surely)

    def _is_surely_of_the_list(self, row: int) -> bool:
        if row in self.known:
            return self.known[row] in ("data", "group", "total")
        values = [self.rows[row - 1][column - 1] for column in self.columns]
        filled = [value for value in values if value is not None]
        if not filled or self._is_signature(row):
            return False
        if self._order_number(row) or _total_key(self._label(self.rows[row - 1])):
            return True
        # Two names under two posts fill half of a narrow table.
        return len(filled) * 2 >= len(self.columns) and (len(filled) > 2 or row < self.first_signature)

    def _may_be_of_the_list(self, row: int) -> bool:
        values = self._values(row)
        if row in self.known or not values or self._note(row):
            return False
        if self.order is not None:
            return len(values) > 2 or any(not isinstance(value, str) for value in values)
        # Without numbers of rows: what stands right below the row before it.
        return bool(self._values(row - 1))

    # What a row says

    def _label(self, values: tuple[Value, ...]) -> str:
        return next((nfc(value) for value in values if isinstance(value, str)), "")

    def _first_text_column(self, values: tuple[Value, ...]) -> int:
        return next((number for number, value in enumerate(values, 1) if isinstance(value, str)), 0)

    def _marker_and_text(self, values: tuple[Value, ...]) -> tuple[str, str]:
        """Return the Roman number or letter of a group row, and the text that follows it."""
        texts = [nfc(value) for value in values if isinstance(value, str)]
        if not texts:
            return "", ""
        first = texts[0].rstrip(".):")
        if len(texts) == 2 and (_ROMAN.fullmatch(first) or _LETTER.fullmatch(first)):
            at_order = self.order in (None, self._first_text_column(values))
            return (first, texts[1]) if at_order else ("", texts[0])
        if len(texts) == 1 and (match := _MARKER.match(texts[0])):
            return match[1], texts[0][match.end() :]
        return "", texts[0]

    def _order_number(self, row: int) -> bool:
        if self.order is None:
            return False
        return is_order_number(self.rows[row - 1][self.order - 1])

    def _counting_starts_below(self, row: int) -> bool:
        if self.order is None:
            return False
        below = next((below for below in range(row + 1, self.body_ends + 1) if self._values(below)), None)
        return below is not None and str(self.rows[below - 1][self.order - 1]).rstrip(".") == "1"

    def _is_counted_below(self, row: int) -> bool:
        """Say whether the rows below count on within this one: 1, then 1.1 and 1.2."""
        if not self._order_number(row):
            return False
        below = next((below for below in range(row + 1, self.body_ends + 1) if self._values(below)), None)
        mine, its = (
            "" if one is None else str(self.rows[one - 1][self.order - 1]).strip().rstrip(".")
            for one in (row, below)
        )
        return its == f"{mine}.1"

    def _values(self, row: int) -> list[Value]:
        return [value for value in self.rows[row - 1] if value is not None]

    def _is_signature(self, row: int) -> bool:
        """Say whether all that stands in the row is of a signature; a post alone may be a member's."""
        values = self._values(row)
        return bool(values) and all(isinstance(v, str) and IS_SIGNATURE.fullmatch(fold(v)) for v in values)

    def _folded(self, row: int) -> list[str]:
        return [fold(str(value)) for value in self._values(row)]


def is_order_number(value: Value) -> bool:
    """Say whether the value counts a row: 3, "3.", "1.2"."""
    if isinstance(value, str):
        return bool(_ORDER_NUMBER.fullmatch(nfc(value)))
    return isinstance(value, int | float) and not isinstance(value, bool)


def _total_key(label: str) -> str:
    """Return the folded label of a total row, and nothing for any other."""
    # Nearly all labels are told by their first letter, without the work of folding them.
    first = _FIRST_LETTER.search(label)
    if not first or first[0] not in "CTct":
        return ""
    key = fold(label)
    return key if IS_TOTAL.fullmatch(key) else ""


def _level(marker: str) -> int:
    """Return how deep a group lies: letters stand over Roman numbers, those over bare names."""
    return 1 if _ROMAN.fullmatch(marker) else 0


def _with_groups(lines: list[Line]) -> Iterator[Line]:
    """Give each row the groups above it; a group ends the ones as deep as itself."""
    open_groups: list[tuple[int, str]] = []
    for line in lines:
        if line.kind == "group":
            open_groups = [group for group in open_groups if group[0] < line.level]
            yield _under(line, open_groups)
            open_groups.append((line.level, line.label))
        elif line.kind in ("data", "total"):
            yield _under(line, open_groups)
        else:
            yield line


def _under(line: Line, open_groups: list[tuple[int, str]]) -> Line:
    return Line(**{**vars(line), "groups": tuple(label for _, label in open_groups)})
