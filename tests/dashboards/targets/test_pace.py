"""What is still needed each year, the path and the forecast, against a plain model that steps day by day."""

from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.targets.pace import (
    Forecast,
    Milestone,
    even_path,
    latest_milestone,
    needed_per_year,
    next_milestone,
    pace_begins,
    part_of_path,
    year_end,
    years_to_come,
)

DAYS = st.dates(date(2015, 1, 1), date(2032, 12, 31))
COUNTS = st.integers(0, 5000)
PATHS = st.dictionaries(st.integers(2018, 2030), COUNTS, max_size=8)


def years_by_walking(day: date, due_on: date) -> set[int]:
    """Walk from the day to the deadline and note each year met after that of the day."""
    met = set()
    while day < due_on:
        day += timedelta(days=1)
        met.add(day.year)
    return met


@given(day=DAYS, due_on=DAYS, left=COUNTS)
def test_each_year_still_to_come_brings_its_share_rounded_up(day, due_on, left):
    years = years_by_walking(day, due_on) - {day.year}

    assert set(years_to_come(day, due_on)) == years
    expected = ceil(Fraction(left, len(years))) if years else None
    assert needed_per_year(left, len(years_to_come(day, due_on))) == expected


def test_chau_thanh_needs_eleven_in_each_of_three_years():
    years = years_to_come(date(2022, 8, 10), date(2025, 12, 31))

    assert list(years) == [2023, 2024, 2025]
    assert needed_per_year(31, len(years)) == 11


@pytest.mark.parametrize(("left", "years", "each"), [(0, 3, 0), (1, 3, 1), (31, 1, 31), (31, 0, None)])
def test_what_is_needed_each_year(left, years, each):
    assert needed_per_year(left, years) == each


@given(years=st.integers(1, 15), goal=st.integers(1, 5000), start=COUNTS)
def test_an_even_path_rises_to_the_goal_in_steps_that_differ_by_one(years, goal, start):
    path = even_path(range(2020, 2020 + years), goal, start)

    values = [min(start, goal), *path.values()]
    steps = [after - before for before, after in zip(values, values[1:], strict=False)]
    assert values[-1] == goal
    assert min(steps) >= 0
    assert max(steps) - min(steps) <= 1


@given(goal=st.integers(1, 5000), data=st.data())
def test_a_part_is_as_far_as_the_whole_and_reaches_its_own_goal(goal, data):
    part = data.draw(st.integers(0, goal))
    path = even_path(range(2020, 2026), goal)

    of_part = part_of_path(path, goal, part)

    assert of_part[2025] == part
    assert list(of_part.values()) == sorted(of_part.values())
    for year, planned in path.items():
        assert of_part[year] == floor(Fraction(planned * part, goal))


@given(path=PATHS, day=DAYS, due_on=DAYS, goal=st.integers(1, 5000))
def test_the_latest_milestone_is_the_last_year_that_is_over_and_then_the_goal(path, day, due_on, goal):
    over = [year for year in path if date(year + 1, 1, 1) <= day + timedelta(days=1)]
    expected = Milestone(due_on, goal) if day >= due_on else None
    if expected is None and over:
        expected = Milestone(year_end(max(over)), path[max(over)])

    assert latest_milestone(path, day, due_on, goal) == expected


@given(path=PATHS, day=DAYS, due_on=DAYS)
def test_the_next_milestone_is_not_over_and_not_after_the_deadline(path, day, due_on):
    found = next_milestone(path, day, due_on)

    if found is None:
        assert day >= due_on or all(year_end(year) <= day for year in path)
    else:
        assert day < found.until <= max(due_on, found.until)
        assert found.planned == path[min(year for year in path if year_end(year) > day)]


@given(
    since=DAYS,
    elapsed=st.integers(365, 1400),
    ahead=st.integers(1, 3000),
    before=COUNTS,
    done=COUNTS,
    most=st.none() | COUNTS,
)
def test_a_forecast_goes_on_as_it_went(since, elapsed, ahead, before, done, most):
    day = since + timedelta(days=elapsed)
    forecast = Forecast(since, day, before, done, day + timedelta(days=ahead), most)

    a_day = Fraction(done - before, elapsed)
    expected = max(done + floor(a_day * ahead + Fraction(1, 2)), 0)
    if most is not None:
        expected = min(expected, max(most, done))
    assert forecast.is_possible
    assert forecast.reached == expected
    assert forecast.tenths_per_year == floor(a_day * Fraction(3652425, 1000) + Fraction(1, 2))


def test_the_pace_of_less_than_a_year_is_none():
    day = date(2021, 6, 30)

    assert not Forecast(date(2020, 7, 1), day, 0, 5, date(2025, 12, 31)).is_possible
    assert Forecast(date(2020, 6, 30), day, 0, 5, date(2025, 12, 31)).is_possible
    assert not Forecast(date(2019, 12, 31), day, 0, 5, day).is_possible


@given(day=DAYS, first=st.none() | DAYS, other=st.none() | DAYS)
def test_the_pace_is_that_of_the_last_three_years_of_the_term(day, first, other):
    begins = pace_begins(day, first, other)

    assert begins >= date(day.year - 3, 12, 31)
    assert all(begins >= one for one in (first, other) if one)
    assert begins in {date(day.year - 3, 12, 31), first, other}
