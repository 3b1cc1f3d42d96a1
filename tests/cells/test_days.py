"""Property tests of the day rule: what the database answers is what plain Python answers."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from cells.actions import change_unit
from cells.checks import problems
from cells.dated import overlapping
from cells.models import Grant, UnitPeriod
from leaders.models import Office, Tenure
from tests import factories

FIRST = date(2020, 2, 26)  # a leap day lies inside
DAYS = [FIRST + timedelta(days=n) for n in range(8)]
# Rows made once serve all examples of a test.
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)

days = st.sampled_from(DAYS)
maybe_days = st.none() | days


def stretches():
    edges = [None, *DAYS[::2]]
    return [(a, b) for a in edges for b in edges if a is None or b is None or a <= b]


def covers(first, last, day) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


@pytest.fixture
def grants():
    user = User.objects.create(username="x", full_name="X")
    rows = [Grant(user=user, starts_on=first, ends_on=last) for first, last in stretches()]
    return Grant.objects.bulk_create(rows)


@SHARED
@given(day=days)
def test_on_a_day_are_the_rows_that_cover_it(grants, day):
    expected = {g.pk for g in grants if covers(g.starts_on, g.ends_on, day)}

    assert set(Grant.objects.on(day).values_list("pk", flat=True)) == expected
    assert {g.pk for g in grants if g.holds_on(day)} == expected


@SHARED
@given(first=maybe_days, last=maybe_days)
def test_overlapping_rows_are_those_that_share_a_day(grants, first, last):
    if first and last and first > last:
        first, last = last, first
    wide = [FIRST + timedelta(days=n) for n in range(-2, 11)]

    expected = {
        g.pk
        for g in grants
        if any(covers(g.starts_on, g.ends_on, day) and covers(first, last, day) for day in wide)
    }

    assert set(Grant.objects.filter(overlapping(first, last)).values_list("pk", flat=True)) == expected


@SHARED
@given(
    one=st.tuples(maybe_days, maybe_days, maybe_days),
    other=st.tuples(maybe_days, maybe_days, maybe_days),
)
def test_two_tenures_of_one_seat_are_refused_exactly_when_they_are_known_to_share_a_day(seat, one, other):
    hamlet, people = seat

    def tenure(person, stretch):
        first, last, seen = stretch
        if first and last and first > last:
            first, last = last, first
        seen = None if first or (seen and last and seen > last) else seen
        return Tenure(
            person=person,
            office=Office.HAMLET_HEAD,
            hamlet=hamlet,
            starts_on=first,
            ends_on=last,
            seen_on=seen,
        )

    Tenure.objects.filter(hamlet=hamlet).delete()
    standing, new = tenure(people[0], one), tenure(people[1], other)
    standing.save()
    wide = [FIRST + timedelta(days=n) for n in range(-2, 11)]
    share_a_day = any(
        covers(standing.starts_on or standing.seen_on, standing.ends_on, day)
        and covers(new.starts_on or new.seen_on, new.ends_on, day)
        for day in wide
    )

    refused = False
    try:
        new.clean()
    except ValidationError:
        refused = True

    assert refused is share_a_day


@pytest.fixture
def seat(commune):
    return factories.hamlet(parent=commune), [factories.person(keeper=commune) for _ in range(2)]


EVENT_DAYS = [date(2020, month, 1) for month in range(1, 9)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=12)
@given(
    events=st.permutations(list(enumerate(EVENT_DAYS))).flatmap(
        lambda e: st.integers(1, 6).map(lambda n: e[:n])
    )
)
def test_events_entered_in_any_order_leave_one_period_a_day_and_the_same_facts(commune, events):
    late, in_order = (factories.hamlet(parent=commune, name="gốc") for _ in range(2))
    for number, day in events:
        change_unit(late, on=day, name=f"tên {number}")
    for number, day in sorted(events, key=lambda event: event[1]):
        change_unit(in_order, on=day, name=f"tên {number}")

    def facts(unit):
        return list(unit.periods.by_day().values_list("name", "starts_on", "ends_on", "parent", "commune"))

    assert facts(late) == facts(in_order)
    for day in EVENT_DAYS:
        assert UnitPeriod.objects.on(day).filter(unit=late).count() == 1
    assert list(problems()) == []
