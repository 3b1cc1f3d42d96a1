"""A sheet of very many rows: what nobody touches is passed over, and only the rest is parsed.

A row costs the parser ten times what it costs to find where it begins. Workbooks with a million blank rows
are common enough: somebody has formatted whole columns.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping

from sheets.errors import SheetError
from sheets.splicing import CannotSplice, Element, elements

_REST_OF_TAG = rb"((?=[\s/>])[^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*)>"
# What may hold a "<" that begins no element.
_ASIDE = rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|"
_DATA = re.compile(_ASIDE + rb"<((?:[\w.-]+:)?)sheetData" + _REST_OF_TAG, re.DOTALL)
_NUMBER = re.compile(rb"\sr\s*=\s*[\"'](\d{1,7})[\"']")


class Stretches:
    """The bytes of a sheet by its rows: their numbers, and where each begins."""

    def __init__(self, content: bytes):
        self.content = content
        prefix, self.begin, self.end = _data_of(content)
        self.numbers, self.starts = array("L"), array("Q")
        number = 0
        for row in self._rows(prefix).finditer(content, self.begin, self.end):
            if row[1] is not None:
                number = int(row[1])
            elif row[2] is not None:
                told = _NUMBER.search(row[2])
                number = int(told[1]) if told else number + 1
            else:
                continue
            self.numbers.append(number)
            self.starts.append(row.start())

    def _rows(self, prefix: bytes) -> re.Pattern:
        """Return what finds the rows: their numbers, or else the rest of their tags."""
        row = rb"<" + re.escape(prefix) + rb"row(?:\s+r=\"(\d{1,7})\"|" + _REST_OF_TAG + rb")"
        # Where nothing can hold a "<" by itself, the rows are found at twice the speed.
        has_asides = any(self.content.find(mark, self.begin, self.end) >= 0 for mark in (b"<!", b"<?"))
        return re.compile(_ASIDE + row if has_asides else row, re.DOTALL)

    def start_of_next(self, number: int) -> int | None:
        """Return where the first of the later rows begins."""
        later = (start for other, start in zip(self.numbers, self.starts, strict=True) if other > number)
        return min(later, default=None)

    def elements(self, is_wanted: Callable, rows: Collection[int]) -> tuple[list[Element], list[int]]:
        """Return the wanted elements of these rows and of what stands around all rows, and the rows' numbers."""
        kept = [place for place, number in enumerate(self.numbers) if number in rows]
        starts = [*self.starts, self.end]
        first = starts[0]
        spans = [(0, first), *((starts[p], starts[p + 1]) for p in kept), (self.end, len(self.content))]
        return _parsed(self.content, spans, is_wanted), [self.numbers[place] for place in kept]


def outer_elements(content: bytes) -> list[Element]:
    """Return the root and its children; what stands in the rows is not looked at."""
    _prefix, begin, end = _data_of(content)
    return _parsed(content, [(0, begin), (end, len(content))], lambda _name, _attributes, depth: depth <= 2)


def _data_of(content: bytes) -> tuple[bytes, int, int]:
    """Return the prefix of the names in a sheet, and where its rows begin and end."""
    data = next((found for found in _DATA.finditer(content) if found[2] is not None), None)
    if data is None:
        raise CannotSplice("The sheet has no rows.")
    end = content.rfind(b"</" + data[1] + b"sheetData")
    return data[1], data.end(), max(end, data.end())


def _parsed(
    content: bytes,
    spans: list[tuple[int, int]],
    is_wanted: Callable[[str, Mapping[str, str], int], bool],
) -> list[Element]:
    """Return the elements of these spans of the content, at their places in all of it."""
    places, length = [], 0
    for start, end in spans:
        places.append(length)
        length += end - start
    try:
        found = elements(b"".join(content[start:end] for start, end in spans), is_wanted)
    except SheetError as error:
        # All of it has been read as a workbook: what is cut in the wrong place was not written as others do.
        raise CannotSplice("The rows cannot be told apart.") from error

    def placed(offset: int) -> int:
        span = bisect_right(places, offset) - 1
        return spans[span][0] + offset - places[span]

    for element in found:
        element.start, element.end = placed(element.start), placed(element.end - 1) + 1
    return found
