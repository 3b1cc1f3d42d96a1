"""Workbooks out: long tables as xlsx or csv, row by row, in constant memory.

What is written reads back as the same values: ``sheets.reading`` takes off what was put on to
keep text from becoming a formula. Characters that a workbook cannot hold are dropped, line
ends become one, and csv knows text only: days as 03/02/1985, shares as 90,8%.
"""

import codecs
import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO, Literal

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from sheets.dates import PartialDate
from sheets.formulas import neutralise
from sheets.numbers import format_share

_FONT_NAME, _FONT_SIZE = "Times New Roman", 13  # the font of administrative papers
_A4 = 9
_LONGEST_TEXT = 32_767
_LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\\/*?:\[\]]")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_END = re.compile("\r\n?")
# Workbooks write odd characters as _x000D_; text that looks so has its first sign escaped.
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_FIRST_YEAR_OF_EXCEL = 1901  # Excel's calendar has a day too many in 1900


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
    table = _Table(columns, sheet_name)
    head = _side_by_side(head_left, head_right)
    table.lay_out(header_row=len(head) + len(title_lines) + 1)
    for left, right in head:
        table.add_head(left, right)
    for line in title_lines:
        table.add_title(line)
    table.add_header()
    for row in rows:
        table.add_row(row)
    table.end_body()
    for line in foot_lines:
        table.add_foot(line)
    table.workbook.save(out)


def write_csv(out: BinaryIO, columns: Sequence[Column], rows: Iterable[Mapping]) -> None:
    """Write a csv file that Excel opens as UTF-8."""
    writer = csv.writer(codecs.getwriter("utf-8-sig")(out))
    writer.writerow([_csv_text(column.header) for column in columns])
    for row in rows:
        writer.writerow([_csv_text(row[column.key]) for column in columns])


class _Table:
    """A sheet that grows downwards; each row is on its way to the disk when the next begins."""

    def __init__(self, columns: Sequence[Column], sheet_name: str):
        self.columns = columns
        self.workbook = Workbook(write_only=True)
        self.sheet = self.workbook.create_sheet(_sheet_name(sheet_name))
        self.row_count = 0
        self.styles = _styles(self.sheet)

    def lay_out(self, header_row: int) -> None:
        sheet = self.sheet
        self.header_row = header_row
        for number, column in enumerate(self.columns, 1):
            sheet.column_dimensions[get_column_letter(number)].width = column.width
        sheet.freeze_panes = f"A{header_row + 1}"
        sheet.print_title_rows = f"{header_row}:{header_row}"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = _A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def add_head(self, left: str, right: str) -> None:
        between = [None] * (len(self.columns) - 2)
        self._add([self._text(left, "head"), *between, self._text(right, "head_right")])

    def add_title(self, line: str) -> None:
        # Text is centred over the empty cells of its own style that follow it; unlike merged
        # cells these can still be sorted and pasted.
        self._add(self._text(line if number == 0 else "", "title") for number in range(len(self.columns)))

    def add_header(self) -> None:
        self._add(self._text(column.header, "header") for column in self.columns)

    def add_row(self, row: Mapping) -> None:
        self._add(self._cell(row[column.key], column.kind) for column in self.columns)

    def end_body(self) -> None:
        last = f"{get_column_letter(len(self.columns))}{self.row_count}"
        self.sheet.auto_filter.ref = f"A{self.header_row}:{last}"

    def add_foot(self, line: str) -> None:
        self._add([self._text(line, "foot")])

    def _add(self, cells: Iterable[Cell | None]) -> None:
        self.sheet.append(list(cells))
        self.row_count += 1

    def _cell(self, value, kind: str) -> Cell:
        if isinstance(value, PartialDate):
            value = value.first_day if value.precision == "day" else str(value)
        if isinstance(value, date) and value.year < _FIRST_YEAR_OF_EXCEL:
            value = f"{value:%d/%m/%Y}"
        if value is None or isinstance(value, str) or kind == "text":
            return self._text("" if value is None else str(value), kind)
        if isinstance(value, datetime):
            # The hour on the clock is meant, and workbooks know no time zones.
            return self._styled(value.replace(tzinfo=None), "datetime")
        if kind == "percent" and value * 100 == int(value * 100):
            kind = "whole_percent"
        return self._styled(value, kind)

    def _text(self, text: str, style: str) -> Cell:
        text = _xlsx_text(text)
        # The mark of Excel's own apostrophe: the cell stays text when somebody edits it.
        is_quoted = neutralise(text) != text
        cell = self._styled(text or None, f"{style} quoted" if is_quoted else style)
        if text:
            cell.data_type = "s"
        return cell

    def _styled(self, value, style: str) -> Cell:
        cell = WriteOnlyCell(self.sheet, value)
        cell._style = self.styles[style]  # shared by all cells of the style, and never changed
        return cell


def _styles(sheet) -> dict[str, object]:
    """Return each look as openpyxl keeps it, made once instead of once per cell."""
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
    styles = {}
    for name, look in looks.items():
        for quoted in (False, True):
            cell = WriteOnlyCell(sheet)
            for attribute, value in {"font": plain, **look}.items():
                setattr(cell, attribute, value)
            cell.quotePrefix = quoted
            styles[f"{name} quoted" if quoted else name] = cell._style
    return styles


def _side_by_side(left: Sequence[str], right: Sequence[str]) -> list[tuple[str, str]]:
    height = max(len(left), len(right))
    padded = ([*lines, *[""] * (height - len(lines))] for lines in (left, right))
    return list(zip(*padded, strict=True))


def _sheet_name(name: str) -> str:
    return _NOT_IN_SHEET_NAMES.sub(" ", _clean(name)).strip("' ")[:_LONGEST_SHEET_NAME] or "Sheet1"


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", _LINE_END.sub("\n", text))


def _xlsx_text(text: str) -> str:
    text = _clean(text)
    # An xlsx cell is text by its type, so only text that begins with an apostrophe needs one
    # more: reading takes one off.
    if text.startswith("'"):
        text = neutralise(text)
    return _LOOKS_ESCAPED.sub("_x005F_", text)[:_LONGEST_TEXT]


def _csv_text(value) -> str:
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return format_share(value)
    return "" if value is None else neutralise(_clean(str(value)))
