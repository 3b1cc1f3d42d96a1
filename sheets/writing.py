"""Workbooks out: long tables as xlsx or csv, row by row, in constant memory.

What is written reads back as the same values: ``sheets.reading`` takes off what was put on to
keep text from becoming a formula. Characters that a workbook cannot hold are dropped, line
ends become one, and csv knows text only: days as 03/02/1985, shares as 90,8%.
"""

import codecs
import csv
import io
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import BinaryIO, Literal, TextIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from sheets.formulas import neutralise
from sheets.markup import QUOTED, content_markup, without_hidden
from sheets.numbers import format_share

_FONT_NAME, _FONT_SIZE = "Times New Roman", 13  # the font of administrative papers
_LINE_HEIGHT = 17  # points, of a line in this font
_HIGHEST_ROW = 409  # points, more than which no program shows
_LETTER = 1.15  # the width of a letter of this font, in the units of a column
_A4 = 9
_LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\\/*?:\[\]]")
_NO_ROWS = re.compile(rb"<sheetData ?/>|<sheetData></sheetData>")
_QUICK = 3  # of the nine steps of packing: half the time, a tenth more bytes
_COPIED_AT_ONCE = 64 * 1024
# A list says the same over and over: such values are made into markup once, and texts if they are short.
# Not so true and 1, or one hour of two zones, which are equal and look different.
_ALIKE_WHERE_EQUAL = {int, date, type(None)}
_SHORT, _REMEMBERED = 60, 500


@dataclass(frozen=True)
class Column:
    """A column of a table: ``key`` finds its value in a row, ``kind`` says how it is shown.

    A date may be partial; a percent is a share as a fraction, 0.908, see ``numbers.share``.
    """

    key: str
    header: str
    width: float = 15
    kind: Literal["text", "int", "date", "percent"] = "text"


def write_table(
    out: BinaryIO,
    *,
    columns: Sequence[Column],
    rows: Iterable[Mapping],
    sheet_name: str,
    title_lines: Sequence[str] = (),
    foot_lines: Sequence[str] = (),
    head_left: Sequence[str] = (),
    head_right: Sequence[str] = (),
) -> None:
    """Write an xlsx file of one table, ready to print on A4.

    Above it stand the organisation on the left (``head_left``), the Party's name on the right
    (``head_right``) and the title; below it come the lines of the foot.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as body:
        table = _Table(columns, sheet_name, body)
        for left, right in _side_by_side(head_left, head_right):
            table.add_head(left, right)
        for line in title_lines:
            table.add_title(line)
        table.add_header()
        for row in rows:
            table.add_row(row)
        table.end_body()
        for line in foot_lines:
            table.add_foot(line)
        body.flush()
        _put_together(out, table.frame(), body.buffer)


def write_csv(
    out: BinaryIO, columns: Sequence[Column], rows: Iterable[Mapping], foot_lines: Sequence[str] = ()
) -> None:
    """Write a csv file that Excel opens as UTF-8.

    It begins with its header, as other programs expect; the lines of the foot come behind an
    empty row, as wide as the others, and are known there for notes when it is read.
    """
    writer = csv.writer(codecs.getwriter("utf-8-sig")(out))
    writer.writerow([_csv_text(column.header) for column in columns])
    for row in rows:
        writer.writerow([_csv_text(row[column.key]) for column in columns])
    beside = [""] * (len(columns) - 1)
    for line in ["", *foot_lines] if foot_lines else []:
        writer.writerow([_csv_text(line), *beside])


class _Table:
    """The rows of a sheet as they are written down, one after the other.

    openpyxl makes all of the file but the cells: for these its objects take ten times as long
    as the markup, and a long list is nothing but cells.
    """

    def __init__(self, columns: Sequence[Column], sheet_name: str, body: TextIO):
        self.letters = [get_column_letter(number) for number in range(1, len(columns) + 1)]
        self.columns = columns
        self.keys = [column.key for column in columns]
        self.kinds = [column.kind for column in columns]
        # How many letters stand in a line of each column.
        self.fits = [max(1, int(column.width / _LETTER)) for column in columns]
        self.workbook = Workbook(write_only=True)
        self.sheet = self.workbook.create_sheet(_sheet_name(sheet_name))
        self.styles = _styles(self.sheet)
        self.known = lru_cache(_REMEMBERED)(self._made)
        self.body = body
        self.row_count = 0

    def add_head(self, left: str, right: str) -> None:
        if len(self.columns) == 1:
            self._add([left], ["head"])
            return
        between = len(self.columns) - 2
        self._add([left, *[""] * between, right], [*["head"] * (between + 1), "head_right"])

    def add_title(self, line: str) -> None:
        # Text is centred over the empty cells of its own style that follow it; unlike merged
        # cells these can still be sorted and pasted.
        self._add([line, *[""] * (len(self.columns) - 1)], ["title"] * len(self.columns))

    def add_header(self) -> None:
        # Bold letters are wider, and the words of a heading are long.
        lines = max(
            -(-len(column.header) * 5 // (fits * 4))
            for column, fits in zip(self.columns, self.fits, strict=True)
        )
        self._add([column.header for column in self.columns], ["header"] * len(self.columns), lines)
        self.header_row = self.row_count

    def add_row(self, row: Mapping) -> None:
        values = [row[key] for key in self.keys]
        self._add(values, self.kinds, self._lines(values))

    def _lines(self, values: Iterable) -> int:
        """Return how many lines a row needs: not every program finds out by itself."""
        lines = 1
        for value, fits in zip(values, self.fits, strict=True):
            if isinstance(value, str) and len(value) > fits:
                lines = max(lines, -(-len(value) // fits))
        return lines

    def end_body(self) -> None:
        self.last_row = self.row_count

    def add_foot(self, line: str) -> None:
        self._add([line], ["foot"])

    def frame(self) -> io.BytesIO:
        """Return the whole file, but for its cells."""
        sheet, top = self.sheet, self.header_row
        for letter, column in zip(self.letters, self.columns, strict=True):
            sheet.column_dimensions[letter].width = column.width
        sheet.freeze_panes = f"A{top + 1}"
        sheet.print_title_rows = f"{top}:{top}"
        sheet.auto_filter.ref = f"A{top}:{self.letters[-1]}{self.last_row}"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = _A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        out = io.BytesIO()
        self.workbook.save(out)
        return out

    def _add(self, values: Sequence, kinds: Sequence[str], lines: int = 1) -> None:
        self.row_count += 1
        number = self.row_count
        # A head, title or foot may be shorter than the table, never longer.
        cells = [
            f'<c r="{letter}{number}" {self._content(value, kind)}'
            for letter, value, kind in zip(self.letters, values, kinds, strict=False)
        ]
        height = min(lines * _LINE_HEIGHT, _HIGHEST_ROW)
        self.body.write(f'<row r="{number}" ht="{height}">{"".join(cells)}</row>')

    def _content(self, value, kind: str) -> str:
        own = type(value)
        if own in _ALIKE_WHERE_EQUAL or (own is str and len(value) <= _SHORT):
            return self.known(value, kind)
        return self._made(value, kind)

    def _made(self, value, kind: str) -> str:
        return content_markup(value, kind, self.styles)


def _styles(sheet) -> dict[str, int]:
    """Return the number of each look in the file, the quoted one of it under its name with a quote."""
    line = Side(style="thin", color="808080")
    body = {"border": Border(line, line, line, line)}
    plain = Font(name=_FONT_NAME, size=_FONT_SIZE)
    bold = Font(name=_FONT_NAME, size=_FONT_SIZE, bold=True)
    left = Alignment(vertical="top", wrap_text=True)
    right = Alignment(horizontal="right", vertical="top")
    looks = {
        "head": {"font": bold},
        "head_right": {"font": bold, "alignment": Alignment(horizontal="right")},
        "title": {"font": bold, "alignment": Alignment(horizontal="centerContinuous")},
        "header": {
            "font": bold,
            "fill": PatternFill("solid", fgColor="E6E8EB"),
            "alignment": Alignment(horizontal="center", vertical="center", wrap_text=True),
            **body,
        },
        "foot": {},
        "text": {"alignment": left, "number_format": "@", **body},
        "int": {"alignment": right, "number_format": "#,##0", **body},
        "date": {"alignment": right, "number_format": "DD/MM/YYYY", **body},
        "datetime": {"alignment": right, "number_format": "DD/MM/YYYY HH:MM", **body},
        "percent": {"alignment": right, "number_format": "0.0%", **body},
        "whole_percent": {"alignment": right, "number_format": "0%", **body},
    }
    numbers = {}
    for name, look in looks.items():
        for suffix in ("", QUOTED):
            cell = WriteOnlyCell(sheet)
            for attribute, value in {"font": plain, **look}.items():
                setattr(cell, attribute, value)
            # The mark of Excel's own apostrophe: the cell stays text when somebody edits it.
            cell.quotePrefix = suffix == QUOTED
            numbers[name + suffix] = cell.style_id
    return numbers


def _put_together(out: BinaryIO, frame: io.BytesIO, body: BinaryIO) -> None:
    """Write the file with the rows of ``body`` in the place that the frame has for them."""
    size = body.tell()
    body.seek(0)
    with ZipFile(frame) as parts, ZipFile(out, "w", ZIP_DEFLATED, compresslevel=_QUICK) as archive:
        for name in parts.namelist():
            content = parts.read(name)
            if not name.startswith("xl/worksheets/"):
                archive.writestr(name, content)
                continue
            before, after = _NO_ROWS.split(content)
            part = ZipInfo(name)
            part.compress_type = ZIP_DEFLATED
            part.file_size = size + len(content)  # tells the archive whether it needs its long form
            with archive.open(part, "w") as target:
                target.write(before + b"<sheetData>")
                shutil.copyfileobj(body, target, _COPIED_AT_ONCE)
                target.write(b"</sheetData>" + after)


def _side_by_side(left: Sequence[str], right: Sequence[str]) -> list[tuple[str, str]]:
    height = max(len(left), len(right))
    padded = ([*lines, *[""] * (height - len(lines))] for lines in (left, right))
    return list(zip(*padded, strict=True))


def _sheet_name(name: str) -> str:
    return _NOT_IN_SHEET_NAMES.sub(" ", without_hidden(name)).strip("' ")[:_LONGEST_SHEET_NAME] or "Sheet1"


def _csv_text(value) -> str:
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return format_share(value)
    return "" if value is None else neutralise(without_hidden(str(value)))
