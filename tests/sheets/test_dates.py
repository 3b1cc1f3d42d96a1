"""Dates and years of every written habit."""

from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets.dates import PartialDate, parse_date, parse_year, parse_years
from sheets.errors import SheetError

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
WAYS_TO_WRITE_A_DAY = [
    "{0:%d/%m/%Y}",
    "{0.day}/{0.month}/{0.year}",
    "{0:%d-%m-%Y}",
    "{0.day}-{0.month}-{0.year}",
    "{0:%d.%m.%Y}",
    "{0:%d / %m / %Y}",
    " {0:%d/%m/%Y}\u00a0",
    "{0:%d–%m–%Y}",
    "{0:%Y-%m-%d}",
    "{0:%Y-%m-%d} 00:00:00",
    "ngày {0:%d} tháng {0:%m} năm {0:%Y}",
    "Ngày {0.day} tháng {0.month} năm {0.year}",
    "ngày {0:%d/%m/%Y}",
    "{0:%d} tháng {0:%m}, năm {0:%Y}",
]
WAYS_TO_WRITE_A_MONTH = [
    "{0:%m/%Y}",
    "{0:%m-%Y}",
    "{0.month}/{0.year}",
    "{0.month}.{0.year}",
    "{0:%Y-%m}",
    "tháng {0:%m} năm {0:%Y}",
    "Tháng {0.month}/{0.year}",
]


def code_of(parse, value) -> str:
    with pytest.raises(SheetError) as refused:
        parse(value)
    assert str(refused.value)  # every code has its sentence, and the sentence its parameters
    return refused.value.code


@given(days, st.sampled_from(WAYS_TO_WRITE_A_DAY))
def test_a_day_is_read_however_it_is_written(day, way):
    read = parse_date(way.format(day))
    assert (read.first_day, read.precision) == (day, "day")


@given(days, st.sampled_from(WAYS_TO_WRITE_A_MONTH))
def test_a_month_is_kept_as_a_month(day, way):
    read = parse_date(way.format(day))
    assert (read.first_day, read.precision) == (day.replace(day=1), "month")


@given(st.integers(1900, 2100))
def test_a_year_alone_is_kept_as_a_year(year):
    for value in (year, float(year), str(year), f"năm {year}"):
        assert parse_date(value) == PartialDate(year)


@given(days)
def test_what_is_printed_can_be_read(day):
    for known in (PartialDate(day.year), PartialDate(day.year, day.month), parse_date(day)):
        assert parse_date(str(known)) == known
        assert parse_date(known) is known


@given(st.dates(date(1930, 1, 1), date(2100, 12, 31)), st.floats(0, 0.999))
def test_the_serial_number_of_a_workbook_is_a_day(day, hour):
    serial = (day - date(1899, 12, 30)) / timedelta(days=1)
    assert parse_date(int(serial)).first_day == day
    assert parse_date(serial + hour).first_day == day


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 12, 31)))
def test_the_hour_of_a_day_is_left_out(moment):
    assert parse_date(moment).first_day == moment.date()


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        (PartialDate(1985), "1985"),
        (PartialDate(2007, 10), "10/2007"),
        (PartialDate(1985, 2, 3), "03/02/1985"),
    ],
)
def test_a_partial_date_prints_what_is_known(known, shown):
    assert str(known) == shown


@pytest.mark.parametrize("parts", [(1985, None, 3), (1985, 13), (1985, 0), (1985, 2, 29), (1985, 2, 0)])
def test_a_partial_date_is_a_day_of_the_calendar(parts):
    with pytest.raises(ValueError, match="day|month"):
        PartialDate(*parts)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("03/02/85", "year_needs_four_digits"),
        ("ngày 3 tháng 2 năm 85", "year_needs_four_digits"),
        ("5/85", "year_needs_four_digits"),
        ("19/5", "year_missing"),
        ("ngày 19 tháng 5", "year_missing"),
        ("10/07", "year_missing"),
        ("201-2021", "not_a_date"),
        ("2019-2021", "not_a_date"),
        ("31/02/1985", "no_such_day"),
        ("29/02/2023", "no_such_day"),
        ("02/13/1985", "no_such_day"),
        ("00/00/1985", "no_such_day"),
        ("13/2007", "no_such_day"),
        ("03/02/0985", "not_a_date"),
        ("tháng 2 ngày 3 năm 1985", "not_a_date"),
        ("không rõ", "not_a_date"),
        (date(1500, 1, 1), "not_a_date"),
        (3, "not_a_date"),
        (10.2007, "not_a_date"),
        (10**9, "not_a_date"),
        (True, "not_a_date"),
        (float("nan"), "not_a_date"),
        (float("inf"), "not_a_date"),
        (None, "blank"),
        ("  ", "blank"),
    ],
)
def test_what_is_no_certain_date_is_refused(value, code):
    assert code_of(parse_date, value) == code


@given(st.one_of(st.text(max_size=20), st.text("0123456789/-. ", max_size=12), st.floats(), st.integers()))
def test_anything_is_read_or_refused(value):
    for parse in (parse_date, parse_year, parse_years):
        with suppress(SheetError):  # no other error may come out
            parse(value)


@given(st.integers(1930, 2100))
def test_years(year):
    assert parse_year(year) == parse_year(f" {year} ") == parse_year(float(year)) == year


@pytest.mark.parametrize("value", ["201-2021", "20", "2019-2021", 1929, 2101, 2019.5, True, "02019"])
def test_what_is_no_year_is_refused(value):
    assert code_of(parse_year, value) == "not_a_year"


def test_the_sentence_says_what_is_wrong_and_what_to_do():
    with pytest.raises(SheetError) as refused:
        parse_years("201-2021")
    assert str(refused.value) == (
        "“201-2021” is not a year. Enter a year of four digits, for example 2019-2021."
    )


@pytest.mark.parametrize("text", ["2019-2021", "2019 – 2021", "năm 2019 đến 2021"])
def test_a_stretch_of_years(text):
    assert parse_years(text) == (2019, 2021)


def test_one_year_is_a_stretch_of_its_own():
    assert parse_years(2020) == parse_years("2020") == (2020, 2020)


@pytest.mark.parametrize(
    ("value", "code"),
    [("201-2021", "not_a_year"), ("1800-2021", "not_a_year"), ("2019-21", "not_a_year"),
     ("2021-2019", "years_out_of_order"), ("", "blank")],
)  # fmt: skip
def test_what_is_no_stretch_of_years_is_refused(value, code):
    assert code_of(parse_years, value) == code
