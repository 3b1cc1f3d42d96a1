"""Values by their kinds: read as they are meant, or refused with a code and a sentence."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets.cleaning import clean, clean_rows
from sheets.columns import map_columns
from sheets.dates import PartialDate
from sheets.errors import SheetError
from sheets.forms import Field, Form
from sheets.parsing import Sheet
from sheets.places import Place
from sheets.tables import find_tables
from tests.sheets.office_forms import LEVELS

KINDS = ("text", "note", "person", "code", "date", "year", "years", "count", "decimal", "yes", "phone")


def of_kind(kind: str, **options) -> Field:
    return Field("f", "F", kind=kind, choices=LEVELS if kind == "choice" else None, **options)


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        ("text", "  Chi bộ\u00a0 ấp\n2 ", "Chi bộ ấp 2"),
        ("text", 3, "3"),
        ("text", 3.5, "3,5"),
        ("note", date(2022, 2, 3), "03/02/2022"),
        ("note", '"', '"'),
        ("person", "Đ/c Nguyễn Văn A", "Nguyễn Văn A"),
        ("person", "đ/c: Nguyễn Văn A", "Nguyễn Văn A"),
        ("person", "Đồng chí Nguyễn Văn A", "Nguyễn Văn A"),
        ("person", "Ông Nguyễn Văn A", "Nguyễn Văn A"),
        ("person", "Ông: Lê A", "Lê A"),
        ("person", "Bà Trần Thị B", "Trần Thị B"),
        ("person", "Ông/Bà Trần Thị B", "Trần Thị B"),
        ("person", "Ông Ích Khiêm", "Ông Ích Khiêm"),
        ("person", "Y Bham M'gar", "Y Bham M'gar"),
        ("code", "00123", "00123"),
        ("code", 28810, "28810"),
        ("date", "03-02-1985", PartialDate(1985, 2, 3)),
        ("date", "10/2007", PartialDate(2007, 10)),
        ("date", 1989, PartialDate(1989)),
        ("year", "2022", 2022),
        ("years", "2019-2021", (2019, 2021)),
        ("count", "1.542", 1542),
        ("count", 0, 0),
        ("decimal", "90,8", Decimal("90.8")),
        ("yes", "x", True), ("yes", "X", True), ("yes", "có", True), ("yes", "✓", True), ("yes", 1, True),
        ("yes", True, True), ("yes", "không", False), ("yes", 0, False), ("yes", None, False), ("yes", "-", False),
        ("phone", 912345678, "0912345678"),
        ("phone", "912345678", "0912345678"),
        ("phone", 2733822111, "02733822111"),
        ("phone", "0901 234 567", "0901 234 567"),
        ("phone", "0273.3822.111", "0273.3822.111"),
        ("phone", "(0273) 3822-111", "02733822111"),
        ("phone", "+84 912 345 678", "0912345678"),
        ("phone", 84912345678, "0912345678"),
        ("choice", "HTXSNV", "excellent"),
        ("choice", " hoàn thành tốt ", "good"),
        ("choice", "hoan thanh nhiem vu", "done"),
    ],
)  # fmt: skip
def test_a_value_is_read_as_it_is_meant(kind, value, read):
    assert clean(value, of_kind(kind)) == read


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("text", date(2026, 12, 12), "turned_into_date"),
        ("choice", date(2026, 12, 12), "turned_into_date"),
        ("text", "-nt-", "ditto"), ("choice", '"', "ditto"), ("date", "như trên", "ditto"),
        ("person", "Nguyễn Văn 2", "not_a_name"), ("person", 12, "not_a_name"), ("person", "x", "not_a_name"),
        ("code", 1.5, "not_a_code"), ("code", True, "not_a_code"), ("code", -3, "not_a_code"),
        ("date", "19/5", "year_missing"), ("date", "31/02/1985", "no_such_day"), ("date", True, "not_a_date"),
        ("year", "201-2021", "not_a_year"),
        ("count", "1,542", "ambiguous_count"), ("count", 1.5, "not_a_count"), ("count", date(2022, 1, 1), "not_a_count"),
        ("decimal", "1.542", "ambiguous_number"), ("decimal", time(1), "not_a_number"),
        ("yes", "tốt", "not_a_mark"), ("yes", 2, "not_a_mark"), ("yes", 1.0, "not_a_mark"),
        ("phone", "3822111", "not_a_phone"), ("phone", "không có", "not_a_phone"), ("phone", 3.5, "not_a_phone"),
        ("phone", "0912345678; 0987654321", "several_phones"), ("phone", "0912345678/0987654321", "several_phones"),
        ("choice", "Hoàn thành", "vague_choice"), ("choice", "HT", "vague_choice"),
        ("choice", "Khá", "not_a_choice"), ("choice", "Hoàn thành tốt nhiệm v", "not_a_choice"), ("choice", 3, "not_a_choice"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_reason(kind, value, code):
    with pytest.raises(SheetError) as refused:
        clean(value, of_kind(kind))
    assert refused.value.code == code
    assert str(refused.value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [None, "", " ", "-", "–", "...", "…", "/"])
def test_an_empty_cell_is_nothing_unless_it_is_needed(kind, value):
    assert clean(value, of_kind(kind)) in (None, False)
    with pytest.raises(SheetError) as refused:
        clean(value, of_kind(kind, required=True))
    assert refused.value.code == "blank"


def test_a_code_gets_its_zeros_back_from_a_number_and_not_from_text():
    assert clean(123, of_kind("code", digits=5)) == "00123"
    assert clean("00123", of_kind("code", digits=5)) == "00123"
    for value in ("123", 123456):
        with pytest.raises(SheetError, match="5 digits"):
            clean(value, of_kind("code", digits=5))


def test_the_sentence_about_a_vague_word_names_what_it_may_mean_in_full():
    with pytest.raises(SheetError) as refused:
        clean("HT", of_kind("choice"))
    assert str(refused.value) == (
        "“HT” can mean several things. Choose one of: Hoàn thành xuất sắc nhiệm vụ, Hoàn thành tốt nhiệm vụ, "
        "Hoàn thành nhiệm vụ."
    )


anything = st.one_of(
    st.none(), st.text(max_size=15), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(),
    st.times(), st.timedeltas(), st.text("0123456789+-./ x", max_size=14),
)  # fmt: skip


@given(anything)
def test_anything_is_read_or_refused(value):
    for kind in (*KINDS, "choice"):
        with suppress(SheetError):  # no other error may come out
            clean(value, of_kind(kind))


@given(st.integers(100_000_000, 999_999_999))
def test_a_telephone_number_of_a_numeric_cell_is_the_one_that_was_typed(number):
    assert clean(number, of_kind("phone")) == clean(f"0{number}", of_kind("phone")) == f"0{number}"


def test_every_fault_of_a_row_is_told_with_its_cell():
    form = Form(
        "f", "F", (of_kind("text"), Field("n", "Số hộ", kind="count"), Field("d", "Ngày sinh", kind="date"))
    )
    sheet = Sheet(
        "Biểu",
        [("STT", "F", "Số hộ", "Ngày sinh"), (1, "a", "b", "19/5"), (2, None, None, None), (3, "c", 5, 1980)],
        unread={Place(3, 3): "formula_without_value", Place(3, 4): "error_value"},
    )
    (table,) = find_tables([sheet], form.heads)
    rows = clean_rows(map_columns(table, form))

    faults = [(str(fault.place), fault.field.key, fault.error.code) for row in rows for fault in row.faults]
    assert faults == [
        ("C2", "n", "not_a_count"), ("D2", "d", "year_missing"),
        ("C3", "n", "formula_without_value"), ("D3", "d", "error_value"),
    ]  # fmt: skip
    assert [row.values for row in rows] == [
        {"f": "a"}, {"f": None}, {"f": "c", "n": 5, "d": PartialDate(1980)},
    ]  # fmt: skip
    assert [row.row for row in rows] == [2, 3, 4]


def test_hours_are_text_and_no_numbers():
    assert clean(timedelta(hours=1), of_kind("text")) == "1:00:00"
    assert clean(datetime(1985, 2, 3, 7), of_kind("date")) == PartialDate(1985, 2, 3)
