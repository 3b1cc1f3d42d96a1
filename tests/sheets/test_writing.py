"""Workbooks that we write: they read back as they were, and no text becomes a formula."""

import csv
import io
import tracemalloc
import zipfile
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets.dates import PartialDate, parse_date
from sheets.formulas import neutralise, restore
from sheets.numbers import share
from sheets.reading import read_workbook
from sheets.writing import Column, write_csv, write_table

TABLE = [
    Column("name", "Chi bộ", 30),
    Column("members", "Số đảng viên", 12, "int"),
    Column("founded", "Ngày thành lập", 14, "date"),
    Column("share", "Tỷ lệ", 10, "percent"),
]
ROW = {"name": "Chi bộ ấp 1", "members": 1542, "founded": date(1985, 2, 3), "share": Decimal("0.908")}

# What a workbook can hold: no control characters, one kind of line end, not only spaces.
cell_text = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=12).filter(
    lambda text: text.strip() or not text
)
risky_text = st.builds(
    str.__add__, st.sampled_from(["=", "+", "-", "@", "'", "'=", "''+", " =", "_x000D_", "＝"]), cell_text
)
rows_of_values = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.one_of(st.none(), cell_text, risky_text),
            "members": st.one_of(st.none(), st.integers(-(10**9), 10**9)),
            "founded": st.one_of(st.none(), st.dates(date(1901, 1, 1), date(2100, 12, 31))),
            "share": st.builds(share, st.integers(0, 300), st.integers(0, 200)),
        }
    ),
    max_size=6,
)


def xlsx(rows, columns=TABLE, **options) -> bytes:
    out = io.BytesIO()
    write_table(out, columns=columns, rows=rows, **{"sheet_name": "Biểu 1", **options})
    return out.getvalue()


def csv_file(rows, columns=TABLE) -> bytes:
    out = io.BytesIO()
    write_csv(out, columns, rows)
    return out.getvalue()


def read(data: bytes, filename: str) -> list[tuple]:
    return read_workbook(data, filename).sheets[0].rows


def without_empty_end(rows: list[tuple]) -> list[tuple]:
    while rows and set(rows[-1]) == {None}:
        rows = rows[:-1]
    return rows


@settings(max_examples=40)
@given(rows_of_values)
def test_a_workbook_reads_back_as_it_was_written(rows):
    back = read(xlsx(rows), "bieu.xlsx")
    expected = [
        (
            row["name"] or None,
            row["members"],
            row["founded"],
            None if row["share"] is None else float(row["share"]),
        )
        for row in rows
    ]
    assert back[0] == tuple(column.header for column in TABLE)
    assert back[1:] == without_empty_end(expected)


@settings(max_examples=40)
@given(
    st.datetimes(datetime(1901, 1, 1), datetime(2100, 12, 31)).map(
        lambda moment: moment.replace(microsecond=0)
    )
)
def test_an_hour_reads_back_to_the_second(moment):
    (back,) = read(xlsx([{**ROW, "founded": moment}]), "bieu.xlsx")[1:]
    assert back[2] == (moment if moment.time() != time.min else moment.date())


@settings(max_examples=40)
@given(rows_of_values)
def test_a_csv_file_reads_back_as_it_was_written(rows):
    columns = TABLE[:2]
    members = ["" if row["members"] is None else str(row["members"]) for row in rows]
    expected = [(row["name"] or None, count or None) for row, count in zip(rows, members, strict=True)]
    assert read(csv_file(rows, columns), "bieu.csv")[1:] == without_empty_end(expected)


@given(st.text())
def test_neutralised_text_is_restored(text):
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "'=1"])
def test_text_that_looks_like_a_formula_stays_text(text):
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx([{**ROW, "name": text}]))).active
    cell = sheet["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix  # so that editing the cell does not make it a formula
    (_, line) = csv.reader(io.StringIO(csv_file([{**ROW, "name": text}]).decode("utf-8-sig")))
    assert line[0].startswith("'")


def test_no_formula_stands_in_any_part_of_the_sheet():
    bad = "=HYPERLINK(1)"
    data = xlsx(
        [{**ROW, "name": bad, "members": bad}],
        columns=[Column("name", bad), Column("members", bad, kind="int")],
        title_lines=[bad], head_left=[bad], head_right=[bad], foot_lines=[bad],
    )  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f" not in content.replace(b"<sheetF", b"")
    assert content.count(bad.encode()) == 8


def test_the_layout_of_a_printed_list():
    data = xlsx(
        [ROW, {**ROW, "share": Decimal(1)}],
        sheet_name="Tháng 10/2026: [ấp]",
        head_left=["TỈNH ỦY VĨNH LONG", "BAN TỔ CHỨC"],
        head_right=["ĐẢNG CỘNG SẢN VIỆT NAM"],
        title_lines=["DANH SÁCH CHI BỘ"],
        foot_lines=["Số liệu tính đến ngày 10/8/2022"],
    )
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet.title == "Tháng 10 2026   ấp"
    assert [cell.value for cell in sheet[1]] == ["TỈNH ỦY VĨNH LONG", None, None, "ĐẢNG CỘNG SẢN VIỆT NAM"]
    assert sheet["A3"].value == "DANH SÁCH CHI BỘ"
    assert [cell.value for cell in sheet[4]] == [column.header for column in TABLE]
    assert sheet["A7"].value == "Số liệu tính đến ngày 10/8/2022"
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:D6"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.column_dimensions["A"].width == 30
    assert {(cell.font.name, cell.font.size) for row in sheet for cell in row if cell.value is not None} == {
        ("Times New Roman", 13)
    }
    assert [cell.number_format for cell in sheet[5]] == ["@", "#,##0", "DD/MM/YYYY", "0.0%"]
    assert sheet["D6"].number_format == "0%"


def test_values_that_do_not_fit_their_column_are_kept_all_the_same():
    rows = [
        {**ROW, "name": 28810, "members": "–", "founded": PartialDate(2007, 10)},
        {**ROW, "name": None, "members": None, "founded": PartialDate(1985)},
        {**ROW, "founded": date(1900, 2, 3)},
        {**ROW, "founded": PartialDate(1985, 2, 3)},
        {**ROW, "founded": datetime(2022, 8, 10, 14, 5, tzinfo=timezone(timedelta(hours=7)))},
    ]
    back = read(xlsx(rows), "bieu.xlsx")[1:]
    assert [line[0] for line in back[:2]] == ["28810", None]
    assert [line[1] for line in back[:2]] == ["–", None]
    assert [line[2] for line in back] == [
        "10/2007", "1985", "03/02/1900", date(1985, 2, 3), datetime(2022, 8, 10, 14, 5),
    ]  # fmt: skip
    assert [str(parse_date(line[2])) for line in back[:4]] == ["10/2007", "1985", "03/02/1900", "03/02/1985"]


def test_csv_is_written_for_people():
    rows = [ROW, {"name": 'a"b\nc', "members": None, "founded": PartialDate(2007, 10), "share": Decimal(1)}]
    data = csv_file(rows)
    assert data.startswith(b"\xef\xbb\xbf")
    assert read(data, "bieu.csv")[1:] == [
        ("Chi bộ ấp 1", "1542", "03/02/1985", "90,8%"),
        ('a"b\nc', None, "10/2007", "100%"),
    ]


def test_what_a_workbook_cannot_hold_is_dropped():
    text = "a\x00\x0b\ud800\uffff\r\nb\rc"
    assert read(xlsx([{**ROW, "name": text}]), "bieu.xlsx")[1][0] == "a\nb\nc"
    assert read(csv_file([{**ROW, "name": text}]), "bieu.csv")[1][0] == "a\nb\nc"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("Infinity")])
def test_a_number_that_no_workbook_holds_is_a_mistake_of_ours(value):
    with pytest.raises(ValueError, match="finite"):
        xlsx([{**ROW, "members": value}])


def test_a_table_without_rows_is_still_a_table():
    assert read(xlsx([]), "bieu.xlsx") == [tuple(column.header for column in TABLE)]


def test_a_table_of_one_column():
    columns, rows = TABLE[:1], [{"name": "Chi bộ ấp 1"}]
    back = read(
        xlsx(rows, columns, head_left=["Trái"], head_right=["Phải"], title_lines=["Tên"]), "bieu.xlsx"
    )
    assert [line[0] for line in back[-3:]] == ["Tên", "Chi bộ", "Chi bộ ấp 1"]


def peak_memory_of(row_count: int, tmp_path) -> int:
    tracemalloc.start()
    with (tmp_path / "long.xlsx").open("wb") as out:
        write_table(
            out, columns=TABLE, rows=({**ROW, "members": n} for n in range(row_count)), sheet_name="x"
        )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_rows(tmp_path):
    few = peak_memory_of(300, tmp_path)
    assert peak_memory_of(3000, tmp_path) < few + 300_000


@pytest.mark.soak
def test_a_hundred_thousand_rows_take_no_more_memory(tmp_path):
    assert peak_memory_of(100_000, tmp_path) < peak_memory_of(300, tmp_path) + 500_000
