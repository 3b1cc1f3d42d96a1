"""The monitor against a model that looks at every single day."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.staffing.monitor import AREA, HAMLET, SEAT, SECRETARY, Cause, Held, Monitor, Pair
from dashboards.staffing.stretches import common, joined

SINCE, UNTIL = date(2025, 1, 1), date(2025, 6, 20)
DAYS = [SINCE - timedelta(days=40) + timedelta(days=n) for n in range(230)]


def stretch():
    """Some days: from one on or since ever, to another or without end."""
    return st.tuples(
        st.one_of(st.just(date.min), st.sampled_from(DAYS)),
        st.one_of(st.just(date.max), st.sampled_from(DAYS)),
    ).map(lambda days: (min(days), max(days)))


@st.composite
def pairs(draw, hamlets=3):
    number = draw(st.integers(0, 10**6))
    return Pair(
        hamlet=draw(st.integers(1, hamlets)),
        person=draw(st.integers(1, 3)),
        cell=1,
        seat=Held(
            number, draw(stretch()), way_in=draw(st.sampled_from(["elected", "interim"])), way_out="died"
        ),
        secretary=Held(number + 1, draw(stretch()), way_in="congress", way_out="health"),
        area=draw(stretch()),
    )


places = st.lists(st.tuples(st.integers(1, 3), stretch()).map(lambda one: (one[0], *one[1])), max_size=5)


def counts(places, pairs, hamlet, day, only=lambda pair: True) -> bool:
    """Whether the hamlet counts on the day, looked at alone."""
    return any(one == hamlet and first <= day <= last for one, first, last in places) and any(
        only(pair)
        and pair.hamlet == hamlet
        and all(first <= day <= last for first, last in (pair.seat.days, pair.secretary.days, pair.area))
        for pair in pairs
    )


def stands(places, hamlet, day) -> bool:
    return any(one == hamlet and first <= day <= last for one, first, last in places)


def is_interim(pair) -> bool:
    return pair.seat.way_in == "interim"


def check(places, heads, fronts):
    months = Monitor(places, heads, fronts).months(SINCE, UNTIL)
    every_day = [SINCE + timedelta(days=n) for n in range((UNTIL - SINCE).days + 1)]
    alive = [day for day in every_day if any(stands(places, hamlet, day) for hamlet in (1, 2, 3))]
    if not alive:
        assert months == []
        return
    assert [month.first for month in months] == sorted(
        {day.replace(day=1) for day in every_day if day >= alive[0]}
    )
    for month in months:
        assert [month.hamlets, month.merged, month.interim, month.front] == [
            sum(stands(places, h, month.last) for h in (1, 2, 3)),
            sum(counts(places, heads, h, month.last) for h in (1, 2, 3)),
            sum(counts(places, heads, h, month.last, is_interim) for h in (1, 2, 3)),
            sum(counts(places, fronts, h, month.last) for h in (1, 2, 3)),
        ]
    expected = [
        (day, hamlet, counts(places, heads, hamlet, day))
        for day in every_day
        for hamlet in (1, 2, 3)
        if (day > alive[0] or alive[0] == SINCE)
        and counts(places, heads, hamlet, day) != counts(places, heads, hamlet, day - timedelta(days=1))
    ]
    told = [(change.day, change.hamlet, change.is_gain) for month in months for change in month.changes]
    assert sorted(told) == sorted(expected)
    assert all(change.causes for month in months for change in month.changes)
    for before, month in zip(months, months[1:], strict=False):
        assert month.merged == before.merged + month.gained - month.lost


world = given(places, st.lists(pairs(), max_size=6), st.lists(pairs(), max_size=3))


@world
@settings(max_examples=60, deadline=None)
def test_it_agrees_with_a_look_at_every_day(places, heads, fronts):
    check(places, heads, fronts)


def test_stretches_that_overlap_or_adjoin_become_one():
    day = date(2025, 1, 1)
    assert joined([(day, day), (day + timedelta(days=1), date.max), (date.min, day)]) == [
        (date.min, date.max)
    ]
    assert joined([(day, day), (day + timedelta(days=2), date.max)]) != [(day, date.max)]
    assert common((day, day), (day + timedelta(days=1), date.max)) is None


HEAD = Held(1, (date(2024, 1, 1), date(2025, 3, 18)), way_in="elected", way_out="died")
LED = Held(2, (date(2024, 1, 1), date(2025, 3, 18)), way_in="congress", way_out="died")
EVER = (date.min, date.max)


def test_a_death_is_the_cause_in_both_seats():
    monitor = Monitor([(1, *EVER)], [Pair(1, 7, 1, HEAD, LED, EVER)], [])

    (change,) = monitor.changes(SINCE, UNTIL)

    assert (change.day, change.is_gain) == (date(2025, 3, 19), False)
    assert change.causes == (Cause(SEAT, "died"), Cause(SECRETARY, "died"))


def test_a_follower_without_a_gap_changes_nothing():
    next_head = Held(3, (date(2025, 3, 19), date.max), way_in="interim")
    next_led = Held(4, (date(2025, 3, 19), date.max), way_in="appointed")
    monitor = Monitor(
        [(1, *EVER)], [Pair(1, 7, 1, HEAD, LED, EVER), Pair(1, 8, 1, next_head, next_led, EVER)], []
    )

    assert monitor.changes(SINCE, UNTIL) == []
    assert [month.interim for month in monitor.months(SINCE, UNTIL)] == [0, 0, 1, 1, 1, 1]


def test_a_merger_of_the_hamlet_comes_before_the_seats_that_end_with_it():
    monitor = Monitor([(1, date.min, date(2025, 3, 18))], [Pair(1, 7, 1, HEAD, LED, EVER)], [])

    (change,) = monitor.changes(SINCE, UNTIL)

    assert change.causes == (Cause(HAMLET),)


def test_a_cell_that_no_longer_covers_the_hamlet_is_a_cause():
    running = Held(1, EVER), Held(2, EVER)
    monitor = Monitor([(1, *EVER)], [Pair(1, 7, 1, *running, (date.min, date(2025, 2, 1)))], [])

    (change,) = monitor.changes(SINCE, UNTIL)

    assert change.causes == (Cause(AREA),)
