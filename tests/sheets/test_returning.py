"""The workbook that goes back: coloured cells, remarks, and all else as it was."""

import io
import re
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook as XlsxFile
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from sheets import stretches
from sheets.errors import SheetError
from sheets.limits import Limits
from sheets.reading import read_workbook
from sheets.returning import Remark, give_back
from sheets.styling import MARKED
from sheets.tables import find_tables
from tests.sheets.files import SHEET, number_record, ods, with_parts, with_rows, xls
from tests.sheets.offices import papers

HEADING, AUTHOR = "Nội dung cần sửa", "Phần mềm quản lý chi bộ"
ROWS = [
    ["DANH SÁCH CHI BỘ", None, None],
    ["STT", "Tên chi bộ", "Số đảng viên"],
    [1, "Chi bộ ấp 1", "mười"],
    [2, "Chi bộ ấp 2", None],
    [3, "=1+1", 5],
]


def office_file(**changes) -> XlsxFile:
    file = XlsxFile()
    sheet = file.active
    sheet.title = "Biểu 1"
    for row in ROWS:
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.column_dimensions["B"].width = 33
    sheet.row_dimensions[2].height = 40
    sheet["B3"].font = Font(name="Times New Roman", size=13, bold=True)
    sheet["C3"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet.conditional_formatting.add(
        "C3:C5", CellIsRule("greaterThan", ["9"], fill=PatternFill(bgColor="FFFF0000"))
    )
    choices = DataValidation("list", formula1='"a,b"')
    choices.add("B3:B5")
    sheet.add_data_validation(choices)
    sheet.auto_filter.ref = "A2:C5"
    sheet.freeze_panes = "A3"
    file.create_sheet("Khác")["A1"] = "=SUM(1,2)"
    return file


def saved(file: XlsxFile) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def returned(data: bytes, remarks, filename="bieu.xlsx"):
    workbook = read_workbook(data, filename)
    table = find_tables(workbook.sheets, [])[0]
    return give_back(data, workbook, table, remarks, heading=HEADING, author=AUTHOR)


def opened(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data))


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def is_marked(cell) -> bool:
    return cell.fill.fgColor.rgb == MARKED


FAULTS = [
    Remark(3, 3, "“mười” không phải là số."),
    Remark(4, 3, "Ô trống."),
    Remark(4, None, "Dòng trùng với dòng 3."),
]


def test_faulty_cells_are_coloured_and_commented_and_rows_have_their_remarks():
    back = returned(saved(office_file()), FAULTS)

    assert (back.suffix, back.is_same_file) == (".xlsx", True)
    sheet = opened(back.data)["Biểu 1"]
    assert {cell.coordinate for row in sheet for cell in row if is_marked(cell)} == {"C3", "C4"}
    assert {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment} == {
        "C3": "“mười” không phải là số.", "C4": "Ô trống.",
    }  # fmt: skip
    assert sheet["C3"].comment.author == AUTHOR
    assert [sheet.cell(row, 4).value for row in range(1, 6)] == [
        None, HEADING, "“mười” không phải là số.", "Ô trống.\nDòng trùng với dòng 3.", None,
    ]  # fmt: skip
    assert sheet.column_dimensions["D"].width > 30
    assert sheet["D3"].alignment.wrap_text


def test_all_else_stays_as_it_was():
    data = saved(office_file())
    before, after = parts(data), parts(returned(data, FAULTS).data)

    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"}
    assert set(after) - set(before) == {
        "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml", "xl/worksheets/_rels/sheet1.xml.rels",
    }  # fmt: skip
    old, new = opened(data)["Biểu 1"], opened(returned(data, FAULTS).data)["Biểu 1"]
    for row in old.iter_rows(max_col=3):
        for cell in row:
            twin = new[cell.coordinate]
            assert (twin.value, twin.number_format, repr(twin.font), repr(twin.border)) == (
                cell.value, cell.number_format, repr(cell.font), repr(cell.border),
            )  # fmt: skip
    assert new["B3"].font.b
    assert new.merged_cells.ranges == old.merged_cells.ranges
    assert new.column_dimensions["B"].width == 33
    assert new.row_dimensions[2].height == 40
    assert new.freeze_panes == "A3"
    assert new.auto_filter.ref == "A2:C5"
    for element in (b"<conditionalFormatting", b"<dataValidation ", b"<mergeCell "):
        assert element in after["xl/worksheets/sheet1.xml"]


def test_pictures_lines_charts_and_macros_are_kept():
    extra = {
        "xl/drawings/drawing1.xml": b"<line/>", "xl/media/image1.png": b"\x89PNG", "xl/charts/chart1.xml": b"<c/>",
        "xl/vbaProject.bin": b"macro", "customXml/item1.xml": b"<x/>",
    }  # fmt: skip
    back = returned(with_parts(extra, saved(office_file())), FAULTS, "bieu.xlsm")
    assert back.suffix == ".xlsm"
    assert extra.items() <= parts(back.data).items()


@pytest.mark.parametrize(
    "text", ["=1+1", "+84", "-5", "@SUM(A1)", "\t=1", "=cmd|'/c calc'!A1", "<b>&amp;</b>", "a\x00\x0bb", "'x"]
)
def test_no_remark_becomes_a_formula_or_breaks_the_file(text):
    back = returned(saved(office_file()), [Remark(3, 3, text)])
    sheet = opened(back.data)["Biểu 1"]
    assert sheet["D3"].data_type == "s"
    assert b"<f>" not in re.sub(rb"<c r=\"B5\".*?</c>", b"", parts(back.data)["xl/worksheets/sheet1.xml"])
    shown = text.replace("\x00", "").replace("\x0b", "")
    assert read_workbook(back.data, "x.xlsx").sheets[0].rows[2][3].strip() == shown.strip()
    assert sheet["C3"].comment.text.strip() == shown.strip()


def test_what_comes_back_can_be_returned_again_and_loses_its_old_remarks():
    once = returned(saved(office_file()), FAULTS)
    twice = returned(once.data, [Remark(5, 2, "Không có chi bộ này.")])

    sheet = opened(twice.data)["Biểu 1"]
    assert {cell.coordinate for row in sheet for cell in row if is_marked(cell)} == {"B5"}
    assert {cell.coordinate for row in sheet for cell in row if cell.comment} == {"B5"}
    assert [sheet.cell(row, 4).value for row in range(1, 7)] == [
        None, HEADING, None, None, "Không có chi bộ này.", None,
    ]  # fmt: skip
    assert sheet.max_column == 4
    clean = opened(returned(twice.data, []).data)["Biểu 1"]
    assert not any(is_marked(cell) or cell.comment for row in clean for cell in row)


def test_comments_of_others_stay_and_ours_come_below():
    file = office_file()
    file.active["B3"].comment = Comment("Hỏi lại ấp", "Chị Hoa")
    file.active["C3"].comment = Comment("Xem sổ", "Chị Hoa")
    back = returned(saved(file), FAULTS)

    sheet = opened(back.data)["Biểu 1"]
    assert sheet["B3"].comment.text == "Hỏi lại ấp"
    assert sheet["C3"].comment.text == f"Xem sổ\n{AUTHOR}: “mười” không phải là số."
    assert sheet["C4"].comment.author == AUTHOR
    shapes = next(content for name, content in parts(back.data).items() if name.endswith(".vml"))
    assert len(re.findall(rb"</\w+:shape>", shapes)) == len(re.findall(rb"<\w+:shape ", shapes)) == 3


def test_the_column_of_remarks_keeps_clear_of_what_stands_beside_the_table():
    file = office_file()
    file.active["D4"] = "ngoài bảng"
    file.active["E5"] = "=1+1"
    sheet = opened(returned(saved(file), FAULTS).data)["Biểu 1"]
    assert (sheet["D4"].value, sheet["E5"].value) == ("ngoài bảng", "=1+1")
    assert sheet["F2"].value == HEADING


def test_a_faulty_cell_inside_a_merged_area_is_shown_where_it_can_be_seen():
    file = office_file()
    file.active.merge_cells("B3:B4")
    sheet = opened(returned(saved(file), [Remark(4, 2, "Sai")]).data)["Biểu 1"]
    assert is_marked(sheet["B3"])
    assert sheet["B3"].comment.text == "Sai"
    assert sheet["D4"].value == "Sai"


@pytest.mark.parametrize(
    ("data", "filename"),
    [
        ("STT;Tên chi bộ;Số hộ\n1;Ấp 1;mười\n2;=1+1;5\n".encode(), "bieu.csv"),
        (ods("<table:table-row>" + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
            for text in ("STT", "Tên chi bộ", "Số hộ")) + "</table:table-row><table:table-row>" + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
            for text in ("1", "=1+1", "x")) + "</table:table-row>"), "bieu.ods"),
    ],
)  # fmt: skip
def test_other_formats_come_back_as_xlsx_with_their_values(data, filename):
    before = read_workbook(data, filename)
    back = returned(data, [Remark(2, 3, "Sai số")], filename)

    assert (back.suffix, back.is_same_file) == (".xlsx", False)
    sheet = opened(back.data).active
    assert is_marked(sheet["C2"])
    assert sheet["D2"].value == "Sai số"
    assert all(cell.data_type != "f" for row in sheet for cell in row)
    after = read_workbook(back.data, "x.xlsx").sheets[0].rows
    assert [row[:3] for row in after] == before.sheets[0].rows


def test_an_old_workbook_keeps_its_numbers_and_merged_cells():
    data = xls(*(number_record(row, column, 7 + row) for row in range(2) for column in range(2)))
    workbook = read_workbook(data, "bieu.xls")
    labelled = workbook.sheets[0].rows
    labelled[:0] = [("STT", "Số hộ")]
    table = find_tables(workbook.sheets)[0]
    back = give_back(data, workbook, table, [Remark(2, 2, "Sai")], heading=HEADING, author=AUTHOR)
    assert [row[:2] for row in read_workbook(back.data, "x.xlsx").sheets[0].rows] == [
        ("STT", "Số hộ"),
        (7, 7),
        (8, 8),
    ]


def test_a_sheet_of_a_rare_dialect_comes_back_with_its_values():
    data = saved(office_file())
    content = parts(data)["xl/worksheets/sheet1.xml"].decode()
    declared = b'<?xml version="1.0" encoding="ISO-8859-1"?>'
    ascii_only = content.encode("ascii", "xmlcharrefreplace")
    back = returned(with_parts({"xl/worksheets/sheet1.xml": declared + ascii_only}, data), FAULTS)
    assert back.is_same_file is False
    assert is_marked(opened(back.data)["Biểu 1"]["C3"])


def test_names_with_a_prefix_are_edited_as_they_are_written():
    data = saved(office_file())
    content = parts(data)["xl/worksheets/sheet1.xml"].decode()
    prefixed = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", content).replace("xmlns=", "xmlns:x=")
    back = returned(with_parts({"xl/worksheets/sheet1.xml": prefixed}, data), FAULTS)
    assert back.is_same_file
    sheet = opened(back.data)["Biểu 1"]
    assert is_marked(sheet["C4"])
    assert sheet["D3"].value == "“mười” không phải là số."
    assert sheet["C3"].comment.text == "“mười” không phải là số."


def as_cell(text: str, place: str = "") -> str:
    return f'<c{place and f" r={chr(34)}{place}{chr(34)}"} t="inlineStr"><is><t>{text}</t></is></c>'


HEADER_ROW = f'<row r="1">{as_cell("Tên chi bộ", "A1")}{as_cell("Số đảng viên", "B1")}</row>'
ONE, TWO = as_cell("Một", "A2"), as_cell("Hai", "A3")
# Two rows with their numbers 2 and 3, however that is said; the rest looks like more rows and is none.
STRANGE_ROWS = [
    f"<row>{as_cell('Một')}<c><v>1</v></c></row><row>{as_cell('Hai')}<c><v>2</v></c></row>",
    f"<row spans=\"1:2\" r=\"2\">{ONE}</row><row about='>' r = '3'>{TWO}</row>",
    f'<row r="2">{as_cell("<![CDATA[<row r=9>]]>", "A2")}</row><!-- <row r="3"> --><row r="3">{TWO}</row>',
    f'<row r="2">{ONE}</row><?x <row r="3"/> ?><row r="3">{TWO}</row>',
    f'<row r="2">{ONE}</row><row r="3">{TWO}</row><row r="4"/><row r="5" ht="3"></row><row r="9"/>',
    f'<row r="2">{ONE}</row><row r="4"/><row r="3">{TWO}</row>',
]


@pytest.mark.parametrize("rows", STRANGE_ROWS)
def test_rows_are_found_however_they_are_written(rows):
    data = with_rows(HEADER_ROW + rows)

    back = returned(data, [Remark(3, 1, "Ấp nào?")])

    assert back.is_same_file
    sheet = opened(back.data).active
    assert (sheet["C1"].value, sheet["C2"].value, sheet["C3"].value) == (HEADING, None, "Ấp nào?")
    assert [is_marked(sheet.cell(row, 1)) for row in (2, 3)] == [False, True]
    again = returned(back.data, [Remark(2, 1, "Ấp nào?")])
    sheet = opened(again.data).active
    assert (sheet["C1"].value, sheet["C2"].value, sheet["C3"].value) == (HEADING, "Ấp nào?", None)
    untouched = [row for row in ('<row r="4"/>', '<row r="5" ht="3"></row>', '<row r="9"/>') if row in rows]
    kept = parts(again.data)[SHEET].decode()
    assert [row for row in untouched if row in kept] == untouched


def test_rows_that_nobody_touches_are_not_parsed(monkeypatch):
    blank = "".join(f'<row r="{row}" s="1" customFormat="1"/>' for row in range(4, 50_000))
    rows = STRANGE_ROWS[1] + blank
    data = with_rows(HEADER_ROW + rows)
    parsed = []
    real = stretches.elements
    monkeypatch.setattr(
        stretches, "elements", lambda content, wanted: parsed.append(len(content)) or real(content, wanted)
    )

    back = returned(data, [Remark(3, 1, "Ấp nào?")])

    assert blank in parts(back.data)[SHEET].decode()
    assert max(parsed) < 2000


def test_a_file_too_large_to_unpack_is_refused():
    data = with_parts({"xl/media/a.bin": b"\0" * 3_000_000}, saved(office_file()))
    workbook = read_workbook(data, "x.xlsx")
    with pytest.raises(SheetError) as refused:
        give_back(
            data, workbook, find_tables(workbook.sheets)[0], FAULTS, heading=HEADING, author=AUTHOR,
            limits=Limits(unpacked_mb=1),
        )  # fmt: skip
    assert refused.value.code == "unpacked_too_large"


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(papers(), st.data())
def test_any_office_workbook_comes_back_with_the_same_values(paper, data):
    file = paper.xlsx()
    workbook = read_workbook(file, "bieu.xlsx")
    table = find_tables(workbook.sheets, paper.form.heads)[0]
    rows = data.draw(st.lists(st.sampled_from(table.rows), unique_by=lambda line: line.row, max_size=5))
    columns = [heading.column for heading in table.headings]
    remarks = [Remark(line.row, data.draw(st.sampled_from(columns)), f"Sai {line.row}") for line in rows]

    back = give_back(file, workbook, table, remarks, heading=HEADING, author=AUTHOR)

    assert back.is_same_file
    again = read_workbook(back.data, "bieu.xlsx")
    before, after = ([row[: table.last_column] for row in one.sheets[0].rows] for one in (workbook, again))
    assert after == before
    assert again.sheets[1].rows == workbook.sheets[1].rows
    assert again.sheets[0].merged == workbook.sheets[0].merged
    sheet = opened(back.data)["Biểu 1"]
    assert {cell.row for row in sheet for cell in row if is_marked(cell)} == {
        remark.row for remark in remarks
    }
