"""Papers as workbooks: a template, shipped or the province's own, filled in with the figures.

A row with ``{{ dong.… }}`` is repeated for each line of the list, one with a list of texts for each text. A
cell that is nothing but a field holds the figure itself, so that it can be calculated with.
"""

import io
import re
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from decimal import Decimal

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dashboards.papers.layout import Column, Layout, Table
from dashboards.papers.values import share_in, shown, shown_figures
from sheets.formulas import neutralise

FIELD = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)(?:\.([a-z][a-z0-9_]*))?\s*\}\}")
PERCENT, WHOLE_PERCENT = "0.0%", "0%"
_LINE_HEIGHT, _HIGHEST_ROW = 16, 409  # points
_LETTERS = 1.2  # of a line, for each unit of a column's width


def write_excel(layout: Layout, figures: Mapping, *, template: bytes) -> bytes:
    """Return the template filled in."""
    book = load_workbook(io.BytesIO(template))
    filling = Filling(layout, figures)
    for sheet in list(book.worksheets):
        if filling.is_left_out(sheet):
            book.remove(sheet)
        else:
            filling.fill(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass(frozen=True)
class _Line:
    """A row of the template, and what it is filled in with."""

    number: int
    row: Mapping | None = None
    text: str | None = None


class Filling:
    """What the fields of a template stand for."""

    def __init__(self, layout: Layout, figures: Mapping):
        self.figures = figures
        tables = list(layout.tables())
        self.texts = shown_figures(figures, tables)
        self.by_item = {table.item: table for table in tables}
        self.totals = {table.total: table for table in tables if table.total}

    def is_left_out(self, sheet: Worksheet) -> bool:
        """A sheet of a list that this paper does not have (a year that rates no people) is left out."""
        items = {
            first for row in sheet.iter_rows() for cell in row for first, _second in fields_of(cell.value)
        }
        tables = [self.by_item[item] for item in items & self.by_item.keys()]
        return (
            bool(tables)
            and sheet is not sheet.parent.worksheets[0]
            and not any(self.figures.get(table.rows) for table in tables)
        )

    def fill(self, sheet: Worksheet) -> None:
        lines = list(self._lines(sheet))
        source = [[_Kept.of(cell) for cell in row] for row in sheet.iter_rows()]
        heights = {number: sheet.row_dimensions[number].height for number in range(1, len(source) + 1)}
        merged = [str(area) for area in sheet.merged_cells.ranges]
        spans = _spans(merged, len(source))
        for area in merged:
            sheet.unmerge_cells(area)
        placed: dict[int, list[int]] = {}
        for target, line in enumerate(lines, 1):
            placed.setdefault(line.number, []).append(target)
            for kept in source[line.number - 1]:
                self._write(sheet.cell(target, kept.column), kept, line)
            sheet.row_dimensions[target].height = heights[line.number] or self._height(
                sheet, target, spans[line.number]
            )
        for target in range(len(lines) + 1, len(source) + 1):
            for cell in sheet[target]:
                cell.value = None
                cell.style = "Normal"
        _merge_again(sheet, merged, placed)

    @staticmethod
    def _height(sheet: Worksheet, row: int, spans: Mapping[int, int]) -> float:
        """Return the height that a row needs: not every program finds out by itself."""
        lines = 1
        for cell in sheet[row]:
            if isinstance(cell.value, str) and cell.value:
                columns = range(cell.column, spans.get(cell.column, cell.column) + 1)
                width = sum(sheet.column_dimensions[get_column_letter(one)].width for one in columns)
                lines = max(lines, -(-len(cell.value) // max(1, int(width * _LETTERS))))
        return min(lines * _LINE_HEIGHT, _HIGHEST_ROW)

    def _lines(self, sheet: Worksheet) -> Iterable[_Line]:
        for number, row in enumerate(sheet.iter_rows(), 1):
            names = {name for cell in row for name in fields_of(cell.value)}
            item = next((first for first, second in names if second and first in self.by_item), None)
            texts = next((first for first, second in names if not second and self._is_list(first)), None)
            if item:
                rows = self.figures.get(self.by_item[item].rows) or []
                yield from (_Line(number, row=one) for one in rows)
            elif texts:
                yield from (_Line(number, text=one) for one in self.texts[texts])
            else:
                yield _Line(number)

    def _is_list(self, name: str) -> bool:
        return isinstance(self.texts.get(name), list)

    def _write(self, cell: Cell, kept: "_Kept", line: _Line) -> None:
        cell._style = copy(kept.style)
        value = kept.value
        names = list(fields_of(value))
        if len(names) == 1 and FIELD.fullmatch(value.strip()):
            value = self._figure(*names[0], line)
        elif names:
            value = FIELD.sub(lambda match: str(self._text(match[1], match[2], line)), value)
        if isinstance(value, str):
            value = neutralise(value) if names else value
        if isinstance(value, Decimal) and cell.number_format == PERCENT and value * 100 % 1 == 0:
            cell.number_format = WHOLE_PERCENT
        cell.value = value
        if isinstance(value, str) and cell.data_type == "f":
            cell.data_type = "s"

    def _figure(self, first: str, second: str, line: _Line):
        """Return what a cell holds that is nothing but one field: a number where it is one."""
        if not second:
            return self._text(first, second, line)
        table, row = self._row(first, line)
        column = next((one for one in table.columns if one.field == second), None) if table else None
        if column is not None and column.kind == "percent":
            return share_in(row, column)
        value = row.get(second)
        return value if isinstance(value, int) and not isinstance(value, bool) else shown(value)

    def _row(self, name: str, line: _Line) -> tuple[Table | None, Mapping]:
        if name in self.by_item:
            return self.by_item[name], line.row or {}
        return self.totals.get(name), self.figures.get(name) or {}

    def _text(self, first: str, second: str, line: _Line) -> str:
        if second:
            value = self._figure(first, second, line)
            return "" if value is None else str(value)
        if self._is_list(first):
            return line.text or ""
        return str(self.texts.get(first, ""))


@dataclass(frozen=True)
class _Kept:
    """A cell of the template, before anything is written over it."""

    column: int
    value: object
    style: object

    @classmethod
    def of(cls, cell) -> "_Kept":
        return cls(cell.column, cell.value, copy(cell._style))


def fields_of(value) -> list[tuple[str, str]]:
    """Return the fields in a cell of a template, as ("dong", "chi_bo") or ("nam", "")."""
    return [(match[1], match[2] or "") for match in FIELD.finditer(value)] if isinstance(value, str) else []


def _merge_again(sheet: Worksheet, areas: list[str], placed: Mapping[int, list[int]]) -> None:
    """Merge what the template merges where it has come to stand; of a repeated row each of its copies."""
    for area in areas:
        (first_column, first_row), (last_column, last_row) = _corners(area)
        letters = get_column_letter(first_column), get_column_letter(last_column)
        starts, ends = placed.get(first_row, []), placed.get(last_row, [])
        pairs = (
            zip(starts, starts, strict=True)
            if first_row == last_row
            else zip(starts[:1], ends[-1:], strict=False)
        )
        for top, bottom in pairs:
            sheet.merge_cells(f"{letters[0]}{top}:{letters[1]}{bottom}")


def _spans(areas: list[str], rows: int) -> dict[int, dict[int, int]]:
    """Return for each row which cell reaches to which column, where cells of one row are merged."""
    spans: dict[int, dict[int, int]] = {number: {} for number in range(1, rows + 1)}
    for area in areas:
        (first_column, first_row), (last_column, last_row) = _corners(area)
        if first_row == last_row:
            spans[first_row][first_column] = last_column
    return spans


def _corners(area: str) -> tuple[tuple[int, int], tuple[int, int]]:
    from_, _, to = area.partition(":")
    return _place(from_), _place(to or from_)


def _place(text: str) -> tuple[int, int]:
    letters = text.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column, int(text[len(letters) :])


def widths_of(columns: tuple[Column, ...]) -> list[float]:
    """Return the widths in the units of a workbook: a centimetre is about five letters."""
    return [max(4.5, column.width * 4.6) for column in columns]
