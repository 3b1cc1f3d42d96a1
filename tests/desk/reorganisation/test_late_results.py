"""The result of a congress or election held before its body was merged, recorded after the merger."""

from datetime import timedelta

import pytest

from cells.models import LineKind
from desk.checks import problems
from leaders.contests.results import Stood, record_result
from leaders.models import Contest, Office, Tenure, WayOut
from tests import factories
from tests.desk.reorganisation.acting import DAY, YESTERDAY, carry_out, event_of, line

HELD_ON = DAY - timedelta(days=47)
EVE = HELD_ON - timedelta(days=1)
TERM = "2025-2027"


@pytest.fixture
def merged(commune, two):
    """Hamlets and cells of both became one; of the first cell its congress is still to be recorded."""
    contests = [
        Contest.objects.create(kind=kind, term=TERM, planned_on=HELD_ON, outcome="planned", **body)
        for kind, body in (("congress", {"cell": two[0][1]}), ("head_election", {"hamlet": two[0][0]}))
    ]
    event = event_of(commune)
    line(event, LineKind.FOUND, units=[hamlet for hamlet, *_ in two], name="Hòa Bình", unit_kind="ap")
    line(event, LineKind.CELL_JOIN, cells=[two[0][1]], cell=two[1][1])
    return contests, carry_out(event)


def record(contest, *elected, **facts):
    contest.refresh_from_db()
    facts = {
        "outcome": "held",
        "held_on": HELD_ON,
        "method": "ballot",
        "entitled": 20,
        "present": 20,
        **facts,
    }
    if contest.kind == Contest.Kind.CONGRESS:
        stood = [Stood(person=one, office=office, votes=18, elected=True) for office, one in elected]
    else:
        stood = [Stood(person=one, votes=18, elected=True) for _office, one in elected]
    return record_result(contest, facts, stood, seen=contest.revision)


def seats(office, **body) -> list[tuple]:
    rows = Tenure.objects.of_seat(office, **body).order_by("pk")
    return [(one.person, one.starts_on, one.ends_on, one.way_out) for one in rows]


def test_who_was_elected_again_holds_the_seat_until_the_merger(merged, two):
    (congress, election), _event = merged
    hamlet, cell, secretary = two[0]
    begun = Tenure.objects.get(cell=cell, office="secretary").starts_on

    record(congress, (Office.SECRETARY, secretary))
    record(election, (Office.HAMLET_HEAD, secretary))

    until_then = (secretary, HELD_ON, YESTERDAY, WayOut.MERGED)
    before = (secretary, begun, EVE, WayOut.TERM_ENDED)
    assert seats("secretary", cell=cell) == [before, until_then]
    assert seats("hamlet_head", hamlet=hamlet) == [before, until_then]
    assert list(problems()) == []


def test_who_came_by_the_congress_leaves_with_the_cell_and_a_correction_corrects_it(merged, two, commune):
    (congress, _election), _event = merged
    cell, other = two[0][1], factories.person(keeper=commune, membership="yes")
    third = factories.person(keeper=commune, membership="yes")
    record(congress, (Office.SECRETARY, other))

    record(congress, (Office.SECRETARY, third), (Office.DEPUTY_SECRETARY, other))

    assert seats("secretary", cell=cell)[-1] == (third, HELD_ON, YESTERDAY, WayOut.MERGED)
    assert seats("deputy_secretary", cell=cell) == [(other, HELD_ON, YESTERDAY, WayOut.MERGED)]
    assert list(problems()) == []


def test_a_result_taken_back_leaves_the_seat_as_the_merger_left_it(merged, two, commune):
    (congress, _election), _event = merged
    cell = two[0][1]
    before = seats("secretary", cell=cell)
    record(congress, (Office.SECRETARY, factories.person(keeper=commune, membership="yes")))

    record(congress, outcome="planned", held_on=None, method="", entitled=None, present=None)

    assert seats("secretary", cell=cell) == before
