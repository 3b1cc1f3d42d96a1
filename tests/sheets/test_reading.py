"""Files that users send: good ones, damaged ones, and ones made to do harm."""

import io
import struct
import time
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook as XlsxFile

from sheets.errors import MESSAGES, SheetError
from sheets.limits import Limits
from sheets.places import Area, Place
from sheets.reading import read_workbook
from tests.sheets.files import (
    FIRST_ROW,
    ODS_CELL,
    SHEET,
    SHEET_END,
    SHEET_START,
    STRONG_LOCK,
    WEAK_LOCK,
    compound,
    number_record,
    ods,
    with_parts,
    with_rows,
    xls,
    xlsx,
)


def refusal(data: bytes, filename="bieu.xlsx", limits=None) -> SheetError:
    with pytest.raises(SheetError) as refused:
        read_workbook(data, filename, limits)
    assert str(refused.value)
    return refused.value


def notices(data: bytes, filename: str) -> list[str]:
    return [notice.code for notice in read_workbook(data, filename).notices]


# Good files


def test_values_come_plain_and_in_place():
    data = xlsx(
        [None, None],
        [None, "Chi bộ ấp 1", 1542, 90.5, True, date(1985, 2, 3), datetime(2022, 8, 10, 14, 5)],
        [None, "   ", None],
    )
    workbook = read_workbook(data, "bieu.xlsx")
    assert workbook.kind == "xlsx"
    assert [sheet.name for sheet in workbook.sheets] == ["Biểu 1"]
    assert workbook.sheets[0].rows == [
        (None,) * 7,
        (None, "Chi bộ ấp 1", 1542, 90.5, True, date(1985, 2, 3), datetime(2022, 8, 10, 14, 5)),
    ]
    assert workbook.notices == []


def test_hidden_sheets_are_read_and_said_to_be_hidden():
    file = XlsxFile()
    file.create_sheet("Danh mục").sheet_state = "hidden"
    out = io.BytesIO()
    file.save(out)
    sheets = read_workbook(out.getvalue(), "bieu.xlsx").sheets
    assert [sheet.is_visible for sheet in sheets] == [True, False]


def test_a_formula_without_a_stored_value_is_empty():
    assert read_workbook(xlsx(["Cộng", "=1+1", 5]), "bieu.xlsx").sheets[0].rows == [("Cộng", None, 5)]


def test_an_ods_file_is_read():
    row = "<table:table-row>" + ODS_CELL.format("") + "</table:table-row>"
    workbook = read_workbook(ods(row), "bieu.ods")
    assert (workbook.kind, workbook.sheets[0].name) == ("ods", "Biểu 1")
    assert workbook.sheets[0].rows == [("Chi bộ",)]


def test_an_old_workbook_is_read():
    workbook = read_workbook(xls(number_record(0, 0, 7), number_record(1, 2, 0.5)), "bieu.xls")
    assert (workbook.kind, workbook.sheets[0].name) == ("xls", "Bieu 1")
    assert workbook.sheets[0].rows == [(7, None, None), (None, None, 0.5)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_file_is_read(delimiter, encoding):
    lines = [["TT", "Chi bộ", "Tỷ lệ"], ["1", "ấp Phước Hậu", "“hai, ba”"], ["2", "khóm 3", "x"]]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    workbook = read_workbook(text.encode(encoding), "bieu.csv")
    assert workbook.kind == "csv"
    assert workbook.sheets[0].rows == [tuple(line) for line in lines]


def test_a_csv_file_of_windows_1258_is_read():
    # This code page writes ấ as â and a mark behind it.
    data = "Nguy\u00ea\u0303n V\u0103n \u00c2\u0301t".encode("cp1258")
    assert read_workbook(data, "bieu.csv").sheets[0].rows == [("Nguyễn Văn Ất",)]


def test_a_decimal_comma_does_not_cut_a_row():
    assert read_workbook(b"a;90,8;b\r\nc;9,5;d\r\n", "x.csv").sheets[0].rows[0] == ("a", "90,8", "b")


def test_a_semicolon_in_every_note_does_not_cut_a_row():
    lines = [("Chi bộ", "Ghi chú"), *[(f"ấp {n}", "một; hai; ba") for n in range(5)]]
    text = "\n".join(",".join(line) for line in lines)
    assert read_workbook(text.encode(), "x.csv").sheets[0].rows == lines


def test_a_title_above_a_csv_table_does_not_hide_its_columns():
    data = "DANH SÁCH, NĂM 2022\na;b;c\n1;2;3\n4;5;6\n".encode()
    assert read_workbook(data, "x.csv").sheets[0].rows[1] == ("a", "b", "c")


@pytest.mark.parametrize(
    ("parts", "filename", "expected"),
    [
        ({}, "bieu.xlsx", []),
        ({}, "bieu.xls", ["wrong_extension"]),
        ({}, "bieu", ["wrong_extension"]),
        ({"xl/vbaProject.bin": b"Sub"}, "bieu.xlsm", ["macros"]),
        ({"xl/externalLinks/externalLink1.xml": "<x/>"}, "bieu.xlsx", ["external_links"]),
    ],
)
def test_what_is_worth_telling_about_a_file_that_is_read(parts, filename, expected):
    assert notices(with_parts(parts), filename) == expected


def test_cells_that_show_an_error_are_named():
    rows = '<row r="3"><c r="B3" t="e"><v>#REF!</v></c><c r="C3"><v>1</v></c><c r="D3" t="e"><v>#N/A</v></c></row>'
    workbook = read_workbook(with_rows(rows), "bieu.xlsx")
    assert workbook.sheets[0].rows[2] == (None, None, 1)
    (notice,) = workbook.notices
    assert (notice.code, notice.params) == ("error_values", {"sheet": "Biểu 1", "cells": "B3, D3"})


# Files that are no use


@pytest.mark.parametrize(
    ("data", "filename", "code"),
    [
        (b"", "bieu.xlsx", "empty_file"),
        (b"", "bieu.csv", "empty_file"),
        (b"hello", "bieu.xlsx", "not_a_workbook"),
        (b"\x89PNG\r\n\x1a\n\0\0", "bieu.csv", "not_a_workbook"),
        (b"%PDF-1.7", "bieu.csv", "not_a_workbook"),
        (b"PK\x05\x06" + bytes(18), "bieu.xlsx", "not_a_workbook"),
        (b"PK\x03\x04 and nothing more", "bieu.xlsx", "damaged_workbook"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "bieu.xls", "unsupported_format"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "bieu.xls", "unsupported_format"),
        (compound({"WordDocument": b"x"}), "bieu.doc", "not_a_workbook"),
        (compound({"EncryptedPackage": b"x"}), "bieu.xlsx", "password_protected"),
        (xls(number_record(0, 0, 7), lock=WEAK_LOCK), "bieu.xls", "password_protected"),
        (xls(number_record(0, 0, 7), lock=STRONG_LOCK), "bieu.xls", "password_protected"),
        (xls(number_record(0, 0, 7))[:1500], "bieu.xls", "damaged_workbook"),
        (ods("", "<manifest:encryption-data/>"), "bieu.ods", "password_protected"),
        (ods("<table:table-row>"), "bieu.ods", "damaged_workbook"),
        (with_rows("<row>"), "bieu.xlsx", "damaged_workbook"),
        (b"a,\x81\xd2\xff\xfe\x9a\x8a", "bieu.csv", "unknown_encoding"),
        (b"\xff\xfea", "bieu.csv", "unknown_encoding"),
        (b'a,"' + b"x" * 200_000, "bieu.csv", "cell_too_long"),
    ],
)
def test_a_useless_file_is_refused_with_its_reason(data, filename, code):
    assert refusal(data, filename).code == code


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_a_truncated_file_is_refused(part):
    data = xlsx(["Chi bộ"] * 20)
    assert refusal(data[: int(len(data) * part)]).code == "damaged_workbook"


def test_a_file_with_one_byte_changed_never_breaks_the_reader():
    data = xlsx(["Chi bộ", 1, 2.5])
    for place in range(0, len(data), 97):
        changed = data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]
        try:
            read_workbook(changed, "bieu.xlsx")
        except SheetError as refused:
            assert refused.code in MESSAGES  # noqa: PT017 - reading may also succeed


def test_another_archive_is_no_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(out.getvalue()).code == "not_a_workbook"


def test_the_binary_form_is_named():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.bin", b"x")
    assert refusal(out.getvalue()).params == {"format": "xlsb"}


# Files made to do harm, or grown by accident


def test_a_million_empty_rows_are_nothing():
    rows = "".join(f'<row r="{row}" s="1" customFormat="1"/>' for row in range(2, 2**20 + 1))
    started = time.process_time()
    assert read_workbook(with_rows(FIRST_ROW + rows), "bieu.xlsx").sheets[0].rows == [(7,)]
    assert time.process_time() - started < 20  # seconds of work, not of waiting; usually under two


def test_blank_styled_cells_reach_nowhere():
    cells = "".join(f'<row r="{row}"><c r="XFD{row}" s="1"/></row>' for row in range(2, 70_000))
    assert read_workbook(with_rows(FIRST_ROW + cells), "bieu.xlsx").sheets[0].rows == [(7,)]


@pytest.mark.parametrize(
    ("xml", "code", "count"),
    [
        ('<row r="1048576"><c r="A1048576"><v>1</v></c></row>', "too_many_rows", 1_048_576),
        ('<row r="2"><c r="XFD2" t="inlineStr"><is><t>x</t></is></c></row>', "too_many_columns", 16_384),
        ('<row r="60000"><c r="GR60000"><f>1+1</f></c></row>', "too_many_cells", 12_000_000),
        ('<x:row r="9000000" xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
         "<x:c><x:v>1</x:v></x:c></x:row>", "too_many_rows", 9_000_000),
    ],
)  # fmt: skip
def test_a_value_far_away_is_refused_before_the_table_is_laid_out(xml, code, count):
    refused = refusal(with_rows(FIRST_ROW + xml))
    assert (refused.code, refused.params["count"]) == (code, count)
    assert refused.params["sheet"] == "Biểu 1"


def test_cells_without_a_place_are_counted():
    limits = Limits(columns=3)
    assert (
        refusal(with_rows("<row>" + "<c><v>1</v></c>" * 4 + "</row>"), limits=limits).code
        == "too_many_columns"
    )
    assert refusal(with_rows("<row><c><v>1</v></c></row>" * 4), limits=Limits(rows=3)).code == "too_many_rows"


def test_a_sheet_that_hides_in_the_part_of_another_thing_is_measured_too():
    links = "xl/_rels/workbook.xml.rels"
    with zipfile.ZipFile(io.BytesIO(xlsx(["Chi bộ"]))) as archive:
        hidden = archive.read(links).replace(b"worksheets/sheet1.xml", b"styles.xml")
    far = SHEET_START + '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>' + SHEET_END
    assert refusal(with_parts({links: hidden, "xl/styles.xml": far})).code == "too_many_rows"


def test_definitions_in_xml_are_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    assert (
        refusal(with_parts({"xl/sharedStrings.xml": f"<?xml version='1.0'?>{bomb}<sst/>"})).code
        == "unsafe_xml"
    )
    assert refusal(with_parts({SHEET: (bomb + "<worksheet/>").encode("utf-16")})).code == "unsafe_xml"


def test_a_file_that_unpacks_to_too_much_is_refused():
    assert refusal(with_rows(" " * 2_000_000)).code == "compressed_too_much"
    assert refusal(with_rows(" " * 2_000_000), limits=Limits(unpacked_mb=1)).code == "unpacked_too_large"


def test_a_false_size_in_the_directory_does_not_help():
    data = with_rows("<row><c><v>1</v></c></row>" * 50_000)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo(SHEET).file_size
    lying = data.replace(struct.pack("<I", size), struct.pack("<I", 1000))
    assert lying != data
    assert refusal(lying).code == "damaged_workbook"


def test_two_parts_of_one_name_are_refused():
    out = io.BytesIO(xlsx(["Chi bộ"]))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, SHEET_START + SHEET_END)
    assert refusal(out.getvalue()).code == "damaged_workbook"


def test_an_archive_within_the_archive_is_not_opened():
    inner = with_rows(" " * 500_000)
    assert read_workbook(with_parts({"xl/embeddings/inner.xlsx": inner}), "bieu.xlsx").sheets[0].rows == [
        ("Chi bộ",)
    ]


def test_many_parts_and_many_sheets_are_refused():
    assert (
        refusal(with_parts({f"xl/media/{n}.png": b"" for n in range(60)}), limits=Limits(parts=50)).code
        == "too_many_parts"
    )
    file = XlsxFile()
    file.create_sheet("2")
    out = io.BytesIO()
    file.save(out)
    assert refusal(out.getvalue(), limits=Limits(sheets=1)).params == {"count": 2, "limit": 1}


def test_a_large_file_is_refused_before_it_is_looked_at():
    refused = refusal(b"PK\x03\x04" + bytes(1024 * 1024), limits=Limits(file_mb=1))
    assert (refused.code, refused.params) == ("file_too_large", {"size": 2, "limit": 1})


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"a\n" * 5, "too_many_rows"), (b"a,b,c,d\n", "too_many_columns"), (b"\n" * 5 + b"a", "too_many_rows")],
)
def test_a_csv_file_has_the_same_limits(data, code):
    assert refusal(data, "x.csv", Limits(rows=4, columns=3)).code == code


def test_an_ods_file_that_repeats_a_filled_cell_is_refused():
    row = '<table:table-row table:number-rows-repeated="1048570">{}</table:table-row>'
    cell = ODS_CELL.format(' table:number-columns-repeated="16384"')
    assert refusal(ods(row.format(cell)), "bieu.ods").code in {"damaged_workbook", "too_heavy"}


def test_an_ods_file_with_an_empty_end_is_read():
    row = "<table:table-row>" + ODS_CELL.format("") + "</table:table-row>"
    empty = (
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert read_workbook(ods(row + empty), "bieu.ods").sheets[0].rows == [("Chi bộ",)]


def test_an_old_workbook_that_needs_too_much_memory_does_no_harm():
    data = xls(number_record(0, 0, 7), number_record(65_535, 60_000, 7))
    assert refusal(data, "bieu.xls", Limits(memory_mb=500)).code in {"too_heavy", "too_many_rows"}


@pytest.mark.soak
def test_one_long_text_shared_by_very_many_cells_does_no_harm():
    text = "x" * 32_000
    strings = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{text}</t></si></sst>'
    )
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 60_000))
    parts = {"xl/sharedStrings.xml": strings, SHEET: SHEET_START + rows + SHEET_END}
    assert refusal(with_parts(parts)).code == "too_heavy"


# What is merged, and what shows no value


def test_merged_cells_are_told_for_xlsx_and_ods_and_xls():
    file = XlsxFile()
    file.active.append(["Trong đó", None, "Ghi chú"])
    file.active.append(["Nam", "Nữ", None])
    file.active.merge_cells("A1:B1")
    file.active.merge_cells("C1:C2")
    out = io.BytesIO()
    file.save(out)
    merged = {Area(1, 1, 1, 2), Area(1, 3, 2, 3)}
    assert set(read_workbook(out.getvalue(), "bieu.xlsx").sheets[0].merged) == merged

    wide = ODS_CELL.format(' table:number-columns-spanned="2"') + "<table:covered-table-cell/>"
    tall = ODS_CELL.format(' table:number-rows-spanned="2"')
    rows = (
        f"<table:table-row>{wide}{tall}</table:table-row>"
        f"<table:table-row>{ODS_CELL.format('') * 2}<table:covered-table-cell/></table:table-row>"
    )
    assert set(read_workbook(ods(rows), "bieu.ods").sheets[0].merged) == merged

    areas = struct.pack("<HHHHH", 1, 0, 1, 0, 2)
    old = xls(number_record(0, 0, 7), number_record(3, 3, 7), (0xE5, areas))
    assert read_workbook(old, "bieu.xls").sheets[0].merged == (Area(1, 1, 2, 3),)


def test_merged_cells_reach_no_further_than_the_sheet():
    merged = SHEET_END.replace(
        "</worksheet>", '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    )
    rows = FIRST_ROW + '<row r="2"><c r="B2"><v>1</v></c></row>'
    data = with_parts({SHEET: SHEET_START + rows + merged})
    assert read_workbook(data, "bieu.xlsx").sheets[0].merged == (Area(1, 1, 2, 2),)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("<f>1+1</f>", "formula_without_value"),
        ("<f>1+1</f><v/>", "formula_without_value"),
        ("<f>1+1</f><v> </v>", "formula_without_value"),
        ("<f>1+1</f><v>0</v>", None),
        ("<v>1</v>", None),
    ],
)
def test_a_formula_without_a_stored_value_is_named(cell, code):
    rows = f'<row r="1"><c r="A1"><v>7</v></c><c r="B1">{cell}</c><c r="C1"><v>5</v></c></row>'
    assert read_workbook(with_rows(rows), "x.xlsx").sheets[0].unread == ({Place(1, 2): code} if code else {})


def test_a_formula_whose_stored_text_is_empty_has_a_value():
    rows = '<row r="1"><c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><v>5</v></c></row>'
    assert read_workbook(with_rows(rows), "x.xlsx").sheets[0].unread == {}


def test_an_error_is_no_value():
    rows = '<row r="3"><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C3"><v>1</v></c></row>'
    assert read_workbook(with_rows(rows), "x.xlsx").sheets[0].unread == {Place(3, 2): "error_value"}


def test_an_ods_file_names_its_cells_without_a_value():
    formula = '<table:table-cell table:formula="of:=1+1"/>'
    error = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" '
        'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
    )
    rows = (
        f'<table:table-row table:number-rows-repeated="2">{ODS_CELL.format("")}</table:table-row>'
        f'<table:table-row><table:table-cell table:number-columns-repeated="3"/>{formula}{error}'
        f"{ODS_CELL.format('')}</table:table-row>"
    ).replace(
        "calcext:",
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" calcext:',
    )
    assert read_workbook(ods(rows), "bieu.ods").sheets[0].unread == {
        Place(3, 4): "formula_without_value", Place(3, 5): "error_value",
    }  # fmt: skip


def test_a_file_full_of_merged_cells_is_read_in_bounded_time():
    areas = '<mergeCell ref="A1:XFD1048576"/>' * 20_000
    end = f"</sheetData><mergeCells>{areas}</mergeCells></worksheet>"
    cells = "".join(
        f'<row r="{row}"><c r="A{row}"><v>1</v></c><c r="Z{row}"><v>1</v></c></row>' for row in range(1, 500)
    )
    sheet = read_workbook(with_parts({SHEET: SHEET_START + cells + end}), "x.xlsx").sheets[0]
    assert sum(area.size for area in sheet.merged) <= Limits().cells
