"""Sheets as a plain xlsx file of their values, for what cannot be given back as it was."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from openpyxl import Workbook as XlsxFile
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from sheets.formulas import neutralise
from sheets.markup import without_hidden
from sheets.parsing import Sheet, Value
from sheets.places import Area, Place

_FONT = Font(name="Times New Roman", size=13)
_BOLD = Font(name="Times New Roman", size=13, bold=True)
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_ROWS_TO_MEASURE = 200
_NARROWEST, _WIDEST = 8, 50
_LONGEST_TEXT = 32_767
_FIRST_YEAR = 1901  # the calendar of workbooks has a day too many in 1900


def write_values(sheets: Sequence[Sheet], header_ends: Mapping[str, int]) -> bytes:
    """Return an xlsx file of the values; by title of the sheet, the rows down to the header are bold."""
    workbook = XlsxFile(write_only=True)
    for sheet in sheets:
        _write_sheet(workbook, sheet, header_ends.get(sheet.name, 0))
    out = io.BytesIO()
    workbook.save(out)
    return _with_merged(out, [sheet.merged for sheet in sheets])


def _write_sheet(workbook: XlsxFile, sheet: Sheet, header_end: int) -> None:
    written = workbook.create_sheet()
    written.title = _title(sheet.name)
    written.sheet_state = "visible" if sheet.is_visible else "hidden"
    for column, width in enumerate(_widths(sheet), 1):
        written.column_dimensions[get_column_letter(column)].width = width
    for number, values in enumerate(sheet.rows, 1):
        written.append(_cell(written, value, is_head=number <= header_end) for value in values)


def _cell(written, value: Value, *, is_head: bool):
    cell = WriteOnlyCell(written)
    cell.font = _BOLD if is_head else _FONT
    cell.alignment = _CENTRED if is_head else _WRAPPED
    if isinstance(value, str) or (isinstance(value, date) and value.year < _FIRST_YEAR):
        _write_text(cell, value if isinstance(value, str) else f"{value:%d/%m/%Y}")
    elif value is not None:
        cell.value = value
        if isinstance(value, datetime):
            cell.number_format = "DD/MM/YYYY HH:MM"
        elif isinstance(value, date):
            cell.number_format = "DD/MM/YYYY"
    return cell


def _write_text(cell, text: str) -> None:
    text = without_hidden(text)
    neutral = neutralise(text)
    cell.quotePrefix = neutral != text
    # Reading takes one apostrophe off such a text.
    cell.value = (neutral if text.startswith("'") else text)[:_LONGEST_TEXT]
    cell.data_type = "s"  # never a formula, whatever it begins with


def _widths(sheet: Sheet) -> list[int]:
    rows = sheet.rows[:_ROWS_TO_MEASURE]
    single = {Place(area.top, area.left) for area in sheet.merged}
    widths = [_NARROWEST] * (len(rows[0]) if rows else 0)
    for number, values in enumerate(rows, 1):
        filled = [column for column, value in enumerate(values) if value is not None]
        for column in filled:
            # A title stands over many columns and says nothing about the width of one.
            if len(filled) > 2 and Place(number, column + 1) not in single:
                widths[column] = max(widths[column], min(_WIDEST, len(str(values[column])) + 2))
    return widths


def _title(name: str) -> str:
    return without_hidden(name)[:31] or "Sheet1"


def _with_merged(file: io.BytesIO, merged: Sequence[Sequence[Area]]) -> bytes:
    """Return the file with its merged cells, which a file written row by row does not get otherwise."""
    out = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = source.read(name)
            for number, areas in enumerate(merged, 1):
                if areas and name == f"xl/worksheets/sheet{number}.xml":
                    content = content.replace(b"</sheetData>", b"</sheetData>" + _merge_cells(areas), 1)
            archive.writestr(name, content)
    return out.getvalue()


def _merge_cells(areas: Sequence[Area]) -> bytes:
    refs = "".join(
        f'<mergeCell ref="{Place(area.top, area.left)}:{Place(area.bottom, area.right)}"/>' for area in areas
    )
    return f'<mergeCells count="{len(areas)}">{refs}</mergeCells>'.encode()
