"""What points add up to, whatever they are."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.titling.score import Points, Score

tenths = st.integers(0, 200).map(lambda n: Decimal(n) / 10)


@st.composite
def criteria(draw):
    most = draw(st.integers(1, 200).map(lambda n: Decimal(n) / 10))
    within = st.none() | st.integers(0, int(most * 10)).map(lambda n: Decimal(n) / 10)
    return Points("A", most, draw(within), draw(within), draw(within), draw(st.booleans()))


@given(st.lists(criteria(), max_size=12), st.none() | tenths)
@settings(max_examples=60)
def test_sums_are_those_of_what_is_known_and_say_what_is_missing(points, least):
    score = Score(tuple(points), least)
    given_points = [one.appraised for one in points if one.appraised is not None]

    assert (score.appraised is None) == (not given_points)
    assert (score.appraised or 0) == sum(given_points) <= score.most
    assert score.without_appraised == len(points) - len(given_points)
    assert score.falls_short == (
        least is not None and bool(points) and len(given_points) == len(points) and sum(given_points) < least
    )
    assert all(one.appraised < one.least for one in score.below)
    assert bool(score.objections) == bool(score.below or score.without_appraised or score.falls_short)


@given(st.lists(criteria(), min_size=1, max_size=12))
@settings(max_examples=30)
def test_full_points_meet_every_least(points):
    full = Score(
        tuple(Points(one.text, one.most, one.least, one.own, one.most) for one in points),
        sum(one.most for one in points),
    )

    assert full.objections == []


def test_nothing_asked_is_nothing_missing():
    assert Score().objections == []
    assert (Score().own, Score().most) == (None, 0)
