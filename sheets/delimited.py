"""Text files with one row a line: csv with commas, semicolons or tabs."""

import codecs
import csv
import io
import unicodedata
from itertools import islice
from statistics import median

from sheets.errors import SheetError
from sheets.limits import Limits
from sheets.parsing import Sheet, rectangle

_LINES_TO_JUDGE = 50
_DELIMITERS = ",;\t"


def decode(data: bytes) -> str:
    """Return the text of the file: UTF-8, UTF-16 with its mark, or Windows-1258."""
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        if is_utf16:
            raise SheetError("unknown_encoding") from None
    try:
        # Windows-1258 has no ế, only ê and a mark behind it: they are joined here.
        return unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError:
        raise SheetError("unknown_encoding") from None


def parse_delimited(text: str, name: str, limits: Limits) -> Sheet:
    """Return the rows of the text as one sheet. All its values are text."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        return Sheet(name, rectangle(reader, name, limits))
    except csv.Error:
        raise SheetError("cell_too_long", row=reader.line_num) from None


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts every one of the first lines, or most of them, into the most columns."""
    return max(_DELIMITERS, key=lambda delimiter: _fit(text, delimiter))


def _fit(text: str, delimiter: str) -> tuple[int, float]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        widths = [len(row) for row in islice(reader, _LINES_TO_JUDGE) if row]
    except csv.Error:  # a cell without end
        return 0, 0
    # A delimiter is in every line that a program has written, a comma or semicolon of the text
    # only in some; a title above the table has neither, so then most lines decide.
    return (min(widths), median(widths)) if widths else (0, 0)
