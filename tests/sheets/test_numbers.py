"""Numbers written the Vietnamese way, and percentages that never say more than is true."""

from contextlib import suppress
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sheets.errors import SheetError
from sheets.numbers import (
    format_count,
    format_percent,
    format_share,
    parse_count,
    parse_decimal,
    percent,
    share,
)

counts = st.integers(0, 10**9)


def code_of(parse, value) -> str:
    with pytest.raises(SheetError) as refused:
        parse(value)
    assert str(refused.value)
    return refused.value.code


@given(counts)
def test_a_count_is_read_however_it_is_written(count):
    written = format_count(count)
    for value in (count, float(count), Decimal(count), str(count), f"{count}.0", written):
        assert parse_count(value) == count
    assert parse_count(written.replace(".", " ")) == parse_count(written.replace(".", "\u00a0")) == count


def test_thousands_have_points():
    assert [format_count(count) for count in (0, 999, 1542, -1542, 1234567)] == [
        "0", "999", "1.542", "-1.542", "1.234.567",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("1,542", "ambiguous_count"),
        ("1.5", "not_a_count"),
        ("0.542", "not_a_count"),
        ("1.54", "not_a_count"),
        ("12.34.567", "not_a_count"),
        ("1.234 567", "not_a_count"),
        ("-3", "not_a_count"),
        ("1e3", "not_a_count"),
        ("²", "not_a_count"),
        ("٣", "not_a_count"),
        ("9" * 5000, "not_a_count"),
        (-1, "not_a_count"),
        (1.542, "not_a_count"),
        (1e300, "not_a_count"),
        (float("nan"), "not_a_count"),
        (float("inf"), "not_a_count"),
        (True, "not_a_count"),
        (None, "blank"),
    ],
)
def test_what_is_no_certain_count_is_refused(value, code):
    assert code_of(parse_count, value) == code


@pytest.mark.parametrize(
    ("value", "number"),
    [("90,8", "90.8"), ("90.8", "90.8"), (90.8, "90.8"), ("1.234,5", "1234.5"), ("1 234,5", "1234.5"),
     ("0,542", "0.542"), ("-3,25", "-3.25"), ("1542", "1542"), ("1.234.567", "1234567"), (7, "7")],
)  # fmt: skip
def test_decimals(value, number):
    assert parse_decimal(value) == Decimal(number)


@pytest.mark.parametrize(
    ("value", "code"),
    [("1.542", "ambiguous_number"), ("1,542", "ambiguous_number"), ("1,234.5", "not_a_number"),
     ("90,8%", "not_a_number"), ("1e5", "not_a_number"), (float("nan"), "not_a_number"),
     (True, "not_a_number"), ("", "blank")],
)  # fmt: skip
def test_what_is_no_certain_decimal_is_refused(value, code):
    assert code_of(parse_decimal, value) == code


@given(st.one_of(st.text(max_size=12), st.text("0123456789., -", max_size=10), st.floats(), st.integers()))
def test_anything_is_read_or_refused(value):
    for parse in (parse_count, parse_decimal):
        with suppress(SheetError):  # no other error may come out
            parse(value)


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (28, 59, "47,5%"),
        (28, 117, "23,9%"),
        (79, 87, "90,8%"),
        (85, 87, "97,7%"),
        (698, 698, "100%"),
        (65, 59, "110,2%"),
        (9, 10, "90%"),
        (1, 2000, "0,1%"),  # half a step goes up
        (1, 100_000, "0,1%"),
        (99_999, 100_000, "99,9%"),
        (0, 5, "0%"),
        (0, 0, "–"),
        (3, 0, "–"),
    ],
)
def test_percentages(numerator, denominator, shown):
    assert format_percent(numerator, denominator) == shown
    assert percent(numerator, denominator) == (None if shown == "–" else shown.removesuffix("%"))


@given(counts, st.integers(1, 10**9))
def test_a_share_is_rounded_half_up_and_never_overstated(numerator, denominator):
    part = share(numerator, denominator)
    assert (part == 0) == (numerator == 0)
    assert part < 1 or numerator >= denominator
    assert abs(Fraction(part) - Fraction(numerator, denominator)) < Fraction(1, 1000)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_equals_that_of_decimal_arithmetic(numerator, denominator):
    exact = Fraction(numerator, denominator)
    assume(Fraction(1, 2000) <= exact < Fraction(1999, 2000))
    by_hand = (Decimal(numerator) / Decimal(denominator)).quantize(Decimal("0.001"), ROUND_HALF_UP)
    assert share(numerator, denominator) == by_hand
    assert format_share(by_hand) == format_percent(numerator, denominator)


@pytest.mark.parametrize("pair", [(-1, 5), (1, -5)])
def test_a_share_is_made_of_counts(pair):
    with pytest.raises(ValueError, match="counts"):
        share(*pair)
