"""A goal is shared out by the largest remainder: the sum is exact, and nobody is far from the quota."""

from fractions import Fraction
from math import ceil, floor

from hypothesis import given
from hypothesis import strategies as st

from dashboards.targets.breaking_down import Sum, in_proportion

WEIGHTS = st.dictionaries(st.integers(1, 500), st.integers(0, 400), min_size=1, max_size=40)


@given(goal=st.integers(0, 5000), weights=WEIGHTS)
def test_the_parts_come_to_the_goal(goal, weights):
    shares = in_proportion(goal, weights)

    assert shares.keys() == weights.keys()
    assert sum(shares.values()) == (goal if any(weights.values()) else 0)


@given(goal=st.integers(0, 5000), weights=WEIGHTS)
def test_each_part_is_its_quota_rounded_down_or_up(goal, weights):
    total = sum(weights.values())

    for key, share in in_proportion(goal, weights).items():
        quota = Fraction(goal * weights[key], total) if total else 0
        assert floor(quota) <= share <= ceil(quota)


@given(weights=WEIGHTS, data=st.data())
def test_no_part_is_larger_than_its_base_as_long_as_the_goal_is_not(weights, data):
    goal = data.draw(st.integers(0, sum(weights.values())))

    assert all(share <= weights[key] for key, share in in_proportion(goal, weights).items())


@given(goal=st.integers(0, 5000), weights=WEIGHTS)
def test_who_has_more_gets_no_less(goal, weights):
    shares = in_proportion(goal, weights)

    for one, weight in weights.items():
        assert all(shares[one] >= shares[other] for other, less in weights.items() if less < weight)


def test_59_of_117_cells_in_three_communes():
    assert in_proportion(59, {"a": 60, "b": 40, "c": 17}) == {"a": 30, "b": 20, "c": 9}


def test_the_sum_says_what_is_given_to_nobody_and_what_is_too_much():
    assert Sum(59, 59).words == "Các phần cộng lại khớp chỉ tiêu: 59/59."
    assert "còn 2 chưa giao" in Sum(57, 59).words
    assert "thừa 3" in Sum(62, 59).words
