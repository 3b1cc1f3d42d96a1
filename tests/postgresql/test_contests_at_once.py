"""Two people record the same congress or election at the same moment: one is recorded, the other is told."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from leaders.actions import replace_holder
from leaders.checks import problems
from leaders.contests.planning import Calendar, carry_out, draw_up
from leaders.contests.results import Stood, next_attempt, record_result
from leaders.models import Contest, Office, Tenure
from tests import factories
from tests.postgresql.together import at_the_same_time

# Real transactions: two connections must see each other's work.
pytestmark = pytest.mark.committed

TERM, DAY = "2025-2027", date(2025, 1, 12)
ELECTION = Contest.Kind.HEAD_ELECTION


@pytest.fixture
def hamlet(commune):
    return factories.hamlet(parent=commune)


def record(contest, person, *, seen, outcome="held"):
    stood = [Stood(person=person, votes=70 if outcome == "held" else 10, elected=outcome == "held")]
    facts = {"outcome": outcome, "held_on": DAY, "present": 100}
    return lambda: record_result(contest, facts, stood, seen=seen)


def test_two_people_record_one_election(commune, hamlet):
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet)
    (contest,) = _planned(commune)
    people = [factories.person(keeper=commune) for _ in range(2)]

    results = at_the_same_time(
        *[record(Contest.objects.get(pk=contest.pk), person, seen=1) for person in people]
    )

    assert sum(isinstance(result, ValidationError) for result in results) == 1
    (kept,) = [result for result in results if isinstance(result, Contest)]
    (head,) = Tenure.objects.filter(hamlet=hamlet, ends_on=None)
    assert kept.candidacies.get().person == head.person
    assert Contest.objects.get().revision == 2
    assert not list(problems())


def test_two_people_run_one_election_again(commune, hamlet):
    (contest,) = _planned(commune)
    record(contest, factories.person(keeper=commune), seen=1, outcome="failed")()
    people = [factories.person(keeper=commune) for _ in range(2)]

    results = at_the_same_time(*[record(next_attempt(ELECTION, hamlet, TERM), one, seen=1) for one in people])

    assert sum(isinstance(result, ValidationError) for result in results) == 1
    assert Contest.objects.filter(outcome="held").count() == 1
    assert Tenure.objects.filter(ends_on=None).count() == 1


def test_a_handover_at_the_moment_of_the_election_leaves_one_head(commune, hamlet):
    tenure = factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet)
    (contest,) = _planned(commune)
    people = [factories.person(keeper=commune) for _ in range(2)]

    at_the_same_time(
        record(contest, people[0], seen=1),
        lambda: replace_holder(
            tenure, person=people[1], on=date(2024, 6, 1), way_out="relieved", way_in="interim"
        ),
    )

    assert Tenure.objects.filter(hamlet=hamlet, ends_on=None).count() == 1
    assert not list(problems())


def test_two_people_write_one_plan(commune, hamlet):
    plans = [draw_up(commune, TERM, [Calendar(ELECTION, DAY, DAY)]) for _ in range(2)]

    counts = at_the_same_time(*[lambda plan=plan: carry_out(plan) for plan in plans])

    assert Contest.objects.count() == 1
    assert 1 in counts


def _planned(commune) -> list[Contest]:
    carry_out(draw_up(commune, TERM, [Calendar(ELECTION, DAY, DAY)]))
    return list(Contest.objects.all())
