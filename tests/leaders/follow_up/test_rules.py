"""Nobody follows one unit twice on one day; stretches of days against a plain model."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from leaders.actions import assign, correct_assignments
from leaders.follow_up.rules import free_stretches, overlap
from leaders.models import Assignment
from tests import factories
from tests.worlds import kept

BEGIN = date(2020, 1, 1)
DAYS = st.integers(0, 12).map(lambda days: BEGIN + timedelta(days=days))
STRETCHES = st.tuples(DAYS, DAYS).map(lambda pair: (min(pair), max(pair)))


def days_of(stretch) -> set[date]:
    first, last = stretch
    return {first + timedelta(days=number) for number in range((last - first).days + 1)}


@given(wanted=STRETCHES, taken=st.lists(STRETCHES, max_size=5))
@settings(max_examples=60, deadline=None)
def test_what_is_left_of_a_stretch_is_what_nobody_has_taken(wanted, taken):
    free = list(free_stretches(wanted, taken))

    expected = days_of(wanted) - {day for one in taken for day in days_of(one)}
    assert sorted(day for one in free for day in days_of(one)) == sorted(expected)
    assert all(not overlap(one, other) for one in free for other in free if one is not other)


@given(one=STRETCHES, other=STRETCHES)
@settings(max_examples=60, deadline=None)
def test_two_stretches_overlap_where_they_share_a_day(one, other):
    assert overlap(one, other) == bool(days_of(one) & days_of(other))


@kept
def work(hamlets):
    return {
        "kind": Assignment.Kind.HAMLET_OFFICER,
        "person": factories.person(keeper=hamlets[0].parent),
        "unit": hamlets[0],
    }


def test_somebody_follows_a_unit_once_on_a_day(work):
    assign([Assignment(**work, starts_on=BEGIN, ends_on=date(2020, 6, 30))])

    with pytest.raises(ValidationError, match="đã được phân công theo dõi Ấp 1"):
        assign([Assignment(**work, starts_on=date(2020, 6, 30))])
    assign([Assignment(**work, starts_on=date(2020, 7, 1))])


def test_two_of_one_list_are_compared_as_well(work):
    with pytest.raises(ValidationError):
        assign([Assignment(**work, starts_on=BEGIN), Assignment(**work, starts_on=date(2021, 1, 1))])

    assert not Assignment.objects.exists()


def test_an_organisation_is_the_same_however_it_is_written(hamlets):
    factories.assignment(of=hamlets[0], organisation="Hội Nông dân xã")

    with pytest.raises(ValidationError):
        factories.assignment(of=hamlets[0], organisation="hội  nông dân XÃ")


def test_several_officers_may_follow_one_hamlet(hamlets):
    factories.assignment(of=hamlets[0])
    factories.assignment(of=hamlets[0])

    assert Assignment.objects.filter(unit=hamlets[0]).count() == 2


def test_two_that_came_together_by_a_merger_may_be_ended(work):
    one, other = Assignment.objects.bulk_create(
        [Assignment(**work, starts_on=BEGIN), Assignment(**work, starts_on=date(2021, 1, 1))]
    )
    one.ends_on = date(2026, 1, 1)

    correct_assignments([one], ["ends_on"])

    assert Assignment.objects.get(pk=one.pk).ends_on == date(2026, 1, 1)


def test_an_assignment_does_not_end_before_a_visit(work):
    (one,) = assign([Assignment(**work, starts_on=BEGIN)])
    factories.visit(under=one, day=date(2024, 5, 5))
    one.ends_on = date(2024, 5, 4)

    with pytest.raises(ValidationError, match="Đã ghi buổi ngày 05/05/2024"):
        correct_assignments([one], ["ends_on"])
    one.ends_on = date(2024, 5, 5)
    correct_assignments([one], ["ends_on"])
