"""A result entered late, or corrected, of people who have died since: their seats end on that day."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from leaders.actions import end_tenure
from leaders.checks import problems
from leaders.contests.results import Stood, next_attempt, record_result
from leaders.models import Contest, Office, WayOut
from tests import factories

DAY = date(2025, 1, 12)
EVE = date(2025, 1, 11)
DIED_ON = date(2025, 9, 12)
HELD, FAILED = Contest.Outcome.HELD, Contest.Outcome.FAILED


@pytest.fixture
def head(hamlet, leader):
    """The seat in the hamlet, which tells the death of the leader."""
    return factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=leader)


@pytest.fixture
def secretary(cell, leader):
    return factories.tenure(cell=cell, person=leader)


@pytest.fixture
def successor(commune):
    return factories.person(keeper=commune, full_name="Đỗ Minh Đức")


def dies(seat) -> None:
    end_tenure(seat, last_day=DIED_ON, way_out=WayOut.DIED)


def elected(person, office=Office.SECRETARY) -> Stood:
    return Stood(person=person, office=office, votes=18, elected=True)


def record(contest, *stood, outcome=HELD) -> Contest:
    facts = {"outcome": outcome, "held_on": DAY, "method": "ballot", "entitled": 20, "present": 20}
    return record_result(contest, facts, stood, seen=contest.revision)


def record_congress(cell, *stood) -> Contest:
    contest = next_attempt(Contest.Kind.CONGRESS, cell, "2025-2027")
    contest.save()
    return record(contest, *stood)


def ends_of(person, office) -> list:
    return [*person.tenures.filter(office=office).order_by("starts_on").values_list("ends_on", "way_out")]


def test_who_was_elected_and_has_died_since_leaves_on_that_day(cell, head, leader, successor):
    dies(head)

    contest = record_congress(cell, elected(successor), elected(leader, Office.COMMITTEE_MEMBER))

    assert ends_of(leader, Office.COMMITTEE_MEMBER) == [(DIED_ON, WayOut.DIED)]
    assert [*problems()] == []
    record(contest, Stood(person=successor, office=Office.SECRETARY, votes=9), outcome=FAILED)
    assert ends_of(leader, Office.COMMITTEE_MEMBER) == []


def test_whose_seat_runs_on_after_a_correction_and_has_died_since_leaves_on_that_day(
    cell, head, secretary, leader, successor
):
    contest = record_congress(cell, elected(successor))
    dies(head)

    contest = record(contest, Stood(person=successor, office=Office.SECRETARY, votes=9), outcome=FAILED)

    assert ends_of(leader, Office.SECRETARY) == [(DIED_ON, WayOut.DIED)]
    assert [*problems()] == []
    # Corrected once more, it is as it was.
    record(contest, elected(successor))
    assert ends_of(leader, Office.SECRETARY) == [(EVE, WayOut.TERM_ENDED)]
    assert [*problems()] == []


def test_another_was_elected_than_who_has_died_since(cell, head, leader, successor):
    contest = record_congress(cell, elected(leader))
    dies(head)

    record(contest, elected(successor))

    assert ends_of(leader, Office.SECRETARY) == []
    assert ends_of(successor, Office.SECRETARY) == [(None, "")]


def test_who_was_elected_anew_has_died_in_the_new_seat(cell, secretary, leader):
    dies(secretary)

    contest = record_congress(cell, elected(leader))

    assert ends_of(leader, Office.SECRETARY) == [(EVE, WayOut.TERM_ENDED), (DIED_ON, WayOut.DIED)]
    assert [*problems()] == []
    # That the result is corrected does not take with it that the leader has died.
    record(contest, Stood(person=leader, office=Office.SECRETARY, votes=9), outcome=FAILED)
    assert ends_of(leader, Office.SECRETARY) == [(DIED_ON, WayOut.DIED)]
    assert [*problems()] == []


def test_that_somebody_has_died_is_not_lost_with_the_only_seat_that_tells_it(cell, leader, successor):
    contest = record_congress(cell, elected(leader))
    dies(leader.tenures.get())

    with pytest.raises(ValidationError, match="12/09/2025"):
        record(contest, elected(successor))

    assert ends_of(leader, Office.SECRETARY) == [(DIED_ON, WayOut.DIED)]


def test_who_had_died_before_the_congress_was_not_ended_by_it(cell, head, leader, successor):
    factories.tenure(office=Office.COMMITTEE_MEMBER, cell=cell, person=leader)
    end_tenure(head, last_day=date(2024, 3, 1), way_out=WayOut.DIED)

    record_congress(cell, elected(successor))

    assert ends_of(leader, Office.COMMITTEE_MEMBER) == [(date(2024, 3, 1), WayOut.DIED)]
