"""The Excel templates that are shipped, made from the layouts: a sheet for each table of a paper."""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dashboards.letterhead import PARTY
from dashboards.papers.excel import PERCENT, widths_of
from dashboards.papers.layout import Head, Layout, Line, Lines, Signatures, Table, When
from dashboards.papers.pdf import REFERENCE
from dashboards.papers.setting import header_rows

FONT = "Times New Roman"
_SIDE = Side(style="thin", color="000000")
_BOX = Border(_SIDE, _SIDE, _SIDE, _SIDE)
_ALIGN = {"text": "left", "short": "center", "count": "right", "percent": "right"}
_FORMATS = {"text": "@", "short": "@", "count": "#,##0", "percent": PERCENT}
_A4 = 9
# Points: of headings in one row, of each of two, and of the row that numbers the columns.
_ONE_ROW, _OF_TWO_ROWS, _NUMBERS = 48, 34, 16
# style: alignment, size, bold, italic
_STYLES = {
    "title": ("center", 14, True, False),
    "subtitle": ("center", 13, True, False),
    "centre": ("center", 12, False, True),
    "heading": ("left", 12, True, False),
    "note": ("left", 11, False, True),
    "plain": ("left", 12, False, False),
    "item": ("left", 12, False, True),
}


def excel_template(layout: Layout) -> bytes:
    """Return the template of a paper as a workbook."""
    book = Workbook()
    book.remove(book.active)
    tables = list(layout.tables())
    for table in tables:
        sheet = book.create_sheet(table.name)
        _Builder(sheet, layout, table, is_first=table is tables[0]).build()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Builder:
    """One sheet: what stands above and below the table is the same as on the Word paper."""

    def __init__(self, sheet: Worksheet, layout: Layout, table: Table, *, is_first: bool):
        self.sheet, self.layout, self.table, self.is_first = sheet, layout, table, is_first
        self.columns = len(table.columns)
        self.row = 0

    def build(self) -> None:
        self._set_page()
        for block in self.layout.blocks:
            self._add(block)

    def _set_page(self):
        sheet = self.sheet
        for number, width in enumerate(widths_of(self.table.columns), 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.page_setup.orientation = "landscape" if self.layout.is_wide else "portrait"
        sheet.page_setup.paperSize = _A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddHeader.center.text = "&P"
        sheet.oddFooter.center.text = REFERENCE
        # The first page bears no number.
        sheet.HeaderFooter.differentFirst = True
        sheet.firstFooter.center.text = REFERENCE
        sheet.sheet_view.showGridLines = False
        margins = sheet.page_margins
        margins.left = margins.right = 0.5
        margins.top, margins.bottom, margins.header, margins.footer = 0.6, 0.7, 0.3, 0.3

    def _add(self, block):
        if isinstance(block, When):
            for one in block.blocks:
                self._add(one)
        elif isinstance(block, Head):
            self._head(block)
        elif isinstance(block, Table):
            if block is self.table:
                self._table()
        elif isinstance(block, Signatures):
            self._signatures(block)
        elif isinstance(block, Line) and (block.style != "heading"):
            self._across(block.text, block.style)
        elif isinstance(block, Lines) and (self.is_first or block.field == "ghi_chu"):
            self._across(f"{{{{ {block.field} }}}}", block.style)

    def _head(self, block: Head):
        self._across("{{ du_thao }}", "heading", alignment="right")
        for index, (left, right) in enumerate(
            [(block.left[0], PARTY), (block.left[1], "{{ dia_danh_ngay }}"), ("{{ bieu_so }}", "")]
        ):
            self.row += 1
            half = max(1, self.columns * 2 // 5)
            self._cell(1, left, ("center", 12, index == 1, False), span=(1, half))
            self._cell(half + 1, right, ("center", 12, index == 0, index == 1), span=(half + 1, self.columns))
        self.row += 1

    def _across(self, text: str, style: str, *, alignment: str = ""):
        self.row += 1
        look = _STYLES[style]
        self._cell(1, text, (alignment or look[0], *look[1:]), span=(1, self.columns))

    def _signatures(self, block: Signatures):
        self.row += 1
        half = self.columns // 2
        for left, right in zip(*_alike(block.left, block.right), strict=True):
            self.row += 1
            self._cell(1, left, ("center", 12, True, False), span=(1, half))
            self._cell(half + 1, right, ("center", 12, True, False), span=(half + 1, self.columns))

    def _table(self):
        first = self.row + 1
        taken: dict[tuple[int, int], bool] = {}
        for cells in header_rows(self.table):
            self.row += 1
            column, waiting = 1, list(cells)
            while column <= self.columns:
                if (self.row, column) in taken or not waiting:
                    column += 1
                    continue
                heading = waiting.pop(0)
                self._heading(column, heading, taken)
                column += heading.columns
            self.sheet.row_dimensions[self.row].height = self._header_height(cells)
        self.sheet.print_title_rows = f"{first}:{self.row}"
        self.sheet.freeze_panes = f"A{self.row + 1}"
        self._fields(self.table.item, bold=False)
        if self.table.total:
            self._fields(self.table.total, bold=True)
        self.row += 1

    def _header_height(self, cells) -> int:
        if cells[0].text == "(1)":
            return _NUMBERS
        return _OF_TWO_ROWS if self.table.has_groups else _ONE_ROW

    def _heading(self, column: int, heading, taken: dict):
        last_row, last_column = self.row + heading.rows - 1, column + heading.columns - 1
        for row in range(self.row, last_row + 1):
            for number in range(column, last_column + 1):
                taken[row, number] = True
                self.sheet.cell(row, number).border = _BOX
        cell = self.sheet.cell(self.row, column, heading.text)
        cell.font = Font(name=FONT, size=11, bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        if (last_row, last_column) != (self.row, column):
            self.sheet.merge_cells(
                start_row=self.row, start_column=column, end_row=last_row, end_column=last_column
            )

    def _fields(self, item: str, *, bold: bool):
        self.row += 1
        for number, column in enumerate(self.table.columns, 1):
            cell = self.sheet.cell(self.row, number, f"{{{{ {item}.{column.field} }}}}")
            cell.font = Font(name=FONT, size=11, bold=bold)
            cell.alignment = Alignment(horizontal=_ALIGN[column.kind], vertical="top", wrap_text=True)
            cell.number_format = _FORMATS[column.kind]
            if column.field == "tt":
                cell.number_format = "0"
            cell.border = _BOX

    def _cell(self, column: int, text: str, look: tuple, *, span: tuple[int, int]):
        alignment, size, bold, italic = look
        cell = self.sheet.cell(self.row, column, text)
        cell.font = Font(name=FONT, size=size, bold=bold, italic=italic)
        cell.alignment = Alignment(horizontal=alignment, vertical="center", wrap_text=True)
        if span[0] < span[1]:
            self.sheet.merge_cells(
                start_row=self.row, start_column=span[0], end_row=self.row, end_column=span[1]
            )


def _alike(*sides: tuple[str, ...]) -> list[list[str]]:
    most = max(len(side) for side in sides)
    return [[*side, *[""] * (most - len(side))] for side in sides]
