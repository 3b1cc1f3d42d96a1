"""Three workbooks of three offices are read with nothing but their answers to true questions."""

from decimal import Decimal
from pathlib import Path

import pytest

from sheets.cleaning import clean_rows
from sheets.columns import LEAVE_OUT, map_columns, recognise
from sheets.dates import PartialDate
from sheets.reading import read_workbook
from sheets.tables import find_tables
from sheets.totals import compare_totals
from tests.sheets.office_forms import FORMS, HAMLETS, LEVELS, PEOPLE, RATINGS

FOLDER = Path(__file__).parent / "workbooks"
HAMLET_FILE = "danh-sach-ap-chi-bo-chau-thanh-2021.xlsx"
PEOPLE_FILE = "trich-ngang-bi-thu-truong-ap.xlsx"
RATING_FILE = "xep-loai-chi-bo-xa-tam-phuoc-2022.xlsx"


def table_of(name: str):
    workbook = read_workbook((FOLDER / name).read_bytes(), name)
    (table,) = find_tables(workbook.sheets, [head for form in FORMS for head in form.heads])
    return table


@pytest.mark.parametrize(
    ("name", "form", "header", "rows"),
    [
        (HAMLET_FILE, HAMLETS, (7, 8), 17),
        (PEOPLE_FILE, PEOPLE, (7, 8), 15),
        (RATING_FILE, RATINGS, (7, 7), 12),
    ],
)
def test_the_table_and_its_form_are_found(name, form, header, rows):
    table = table_of(name)

    assert (table.header.top, table.header.bottom) == header
    assert len(table.rows) == rows
    assert not table.doubtful
    recognition = recognise(table, FORMS)
    assert recognition.is_sure
    assert recognition.best.form is form


def test_headers_of_two_rows_are_paths():
    assert table_of(HAMLET_FILE).header.labels[-2:] == ("Trong đó / Miễn SH", "Trong đó / Đi làm ăn xa")
    assert table_of(PEOPLE_FILE).header.labels[2:7] == (
        "Ngày, tháng, năm sinh / Nam",
        "Ngày, tháng, năm sinh / Nữ",
        "Ngày vào Đảng",
        "Trình độ / Chuyên môn",
        "Trình độ / LLCT",
    )


def test_communes_are_carried_down_to_their_hamlets():
    table = table_of(HAMLET_FILE)
    mapped = map_columns(table, HAMLETS)
    rows = clean_rows(mapped)

    assert mapped.is_settled
    assert not any(row.faults for row in rows)
    assert [row.line.groups for row in rows] == (
        [("Xã Tam Phước",)] * 4 + [("Xã Hữu Định",)] * 7 + [("Thị trấn Châu Thành",)] * 6
    )
    assert rows[0].values == {
        "hamlet": "Ấp Phước Hậu", "cell": "Chi bộ ấp Phước Hậu", "households": 291, "poor": 11,
        "members": 33, "exempt": 8, "away": 1,
    }  # fmt: skip
    assert [(line.row, line.kind) for line in table.skipped] == [
        (9, "group"), (14, "group"), (22, "group"), (30, "signature"), (31, "signature"),
    ]  # fmt: skip


def test_people_are_read_with_all_their_dates():
    table = table_of(PEOPLE_FILE)
    mapped = map_columns(table, PEOPLE)
    rows = clean_rows(mapped)

    assert mapped.is_settled
    faults = [(str(fault.place), fault.error.code) for row in rows for fault in row.faults]
    assert faults == []
    by_name = {row.values["name"]: row.values for row in rows}
    assert by_name["Huỳnh Thanh Vân"]["born_male"] == PartialDate(1973, 6, 21)
    assert by_name["Phạm Hữu Tuấn"] | {"joined": None} == {
        "name": "Phạm Hữu Tuấn", "born_male": PartialDate(1989), "born_female": None, "joined": None,
        "profession": None, "theory": "Trung cấp", "phone": "0901234567",
        "party_office": "secretary", "hamlet_office": None, "hamlet": "Ấp 6",
    }  # fmt: skip
    assert by_name["Lê Kim Hạnh"]["phone"] == "0273.3822.111"


def test_ratings_are_read_and_the_unsaved_total_is_said_to_be_so():
    table = table_of(RATING_FILE)
    asked = map_columns(table, RATINGS)
    assert [question.label for question in asked.questions] == ["Đề xuất xếp loại"]
    rows = clean_rows(map_columns(table, RATINGS, {asked.questions[0].key: LEAVE_OUT}))

    assert not any(row.faults for row in rows)
    assert {row.values["level"] for row in rows} <= set(LEVELS.names)
    assert rows[8].values["own"] == "done"
    (total,) = compare_totals(table)
    assert (total.line.row, total.stated, total.agrees) == (20, None, None)
    assert total.summed == Decimal(354)
    assert total.rows == tuple(range(8, 20))
    assert set(map(str, table.sheet.unread)) == {"G14", "G16", "C20"}
