"""A death is told while somebody else writes what it ends, or begins something: one waits for the other.

Neither is broken off, and nothing of who has died runs on.
"""

from datetime import date
from time import sleep

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.changes import recording
from accounts.models import User
from cells.models.lifetimes import lock_bodies
from leaders.actions import assign, begin_tenures, end_tenure
from leaders.checks import problems
from leaders.contests.results import Stood, next_attempt, record_result
from leaders.models import Assignment, Contest, Office, Tenure, WayOut
from leaders.resources import PersonResource
from tests import factories
from tests.admin_forms import filled_in
from tests.lists import counts, headings, sheet
from tests.postgresql.together import at_the_same_time

# Real transactions: two connections must see each other's work.
pytestmark = pytest.mark.committed
# Long enough for the other one to come as far as the first lock.
A_WHILE = 1.5
DIED_ON = date(2024, 6, 1)
EARLIER = date(2024, 5, 1)


@pytest.fixture
def seats(commune):
    """Two seats of one person, who also follows the hamlet of the second."""
    person = factories.person(keeper=commune)
    hamlets = [factories.hamlet(parent=commune, name=name) for name in ("Một", "Hai")]
    factories.assignment(of=hamlets[1], person=person)
    return [factories.tenure(office=Office.HAMLET_HEAD, hamlet=one, person=person) for one in hamlets]


def leaving(seat):
    """Hold the hamlet of the seat, as every page does; then end the seat."""

    def act():
        with transaction.atomic(), recording(reason="test"):
            lock_bodies([seat])
            sleep(A_WHILE)
            end_tenure(seat, last_day=EARLIER, way_out=WayOut.RELIEVED)

    return act


def telling_in_the_administration(officer, row, **fields):
    client = Client()
    client.force_login(officer)
    address = reverse(f"admin:leaders_{row._meta.model_name}_change", args=[row.pk])
    sent = filled_in(client.get(address), **fields)

    def act():
        sleep(A_WHILE / 3)
        return client.post(address, sent).status_code

    return act


def telling_in_a_workbook(officer, seat):
    told = {
        "person": f"N{seat.person_id}",
        "full_name": seat.person.full_name,
        "tenure": f"K{seat.pk}",
        "office": "Trưởng ấp",
        "hamlet": seat.hamlet.name,
        "ends_on": "01/06/2024",
        "way_out": "Từ trần",
    }
    book = sheet(headings(PersonResource), told)

    def act():
        sleep(A_WHILE / 3)
        with transaction.atomic(), recording(reason="test"):
            user = User.objects.get(pk=officer.pk)
            return counts(PersonResource(user=user).import_data(book))

    return act


# The page of the person shows the seat that was left meanwhile, and asks to look again.
@pytest.mark.parametrize(("model", "answer"), [("tenure", 302), ("person", 200)])
def test_who_leaves_one_seat_and_whose_death_the_administration_tells_of_another(
    officer, seats, model, answer
):
    first, second = seats
    row, at = (first, "") if model == "tenure" else (first.person, "tenures-0-")
    fields = {f"{at}ends_on": "01/06/2024", f"{at}way_out": "died"}

    left, status = at_the_same_time(leaving(second), telling_in_the_administration(officer, row, **fields))

    assert (left, status) == (None, answer)
    assert [*problems()] == []


def test_who_leaves_one_seat_and_whose_death_a_workbook_tells_of_another(officer, seats):
    first, second = seats

    left, counted = at_the_same_time(leaving(second), telling_in_a_workbook(officer, first))

    assert (left, counted) == (None, (0, 1, 0))
    assert [*problems()] == []


def test_who_leaves_one_seat_and_whose_death_a_past_seat_tells(commune, seats):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    past = Tenure(
        person=seats[0].person,
        office=Office.SECRETARY,
        cell=cell,
        starts_on=date(2015, 1, 1),
        ends_on=DIED_ON,
        way_out=WayOut.DIED,
    )

    def telling():
        sleep(A_WHILE / 3)
        with transaction.atomic(), recording(reason="test"):
            begin_tenures([past])

    assert at_the_same_time(leaving(seats[1]), telling) == [None, None]
    assert [*problems()] == []


# --- who dies is given something at the same moment -----------------------------------------------


@pytest.fixture
def hamlet(commune):
    """A hamlet in which the person of the seats holds and follows nothing."""
    return factories.hamlet(parent=commune)


def filling(hamlet, person):
    begin_tenures(
        [
            Tenure(
                person=person, office=Office.FRONT_HEAD, hamlet=hamlet, starts_on=EARLIER, way_in="appointed"
            )
        ]
    )


def assigning(hamlet, person):
    assign([Assignment(kind=Assignment.Kind.HAMLET_OFFICER, person=person, unit=hamlet, starts_on=EARLIER)])


def electing(hamlet, person):
    contest = next_attempt(Contest.Kind.HEAD_ELECTION, hamlet, "2024-2026")
    facts = {"outcome": "held", "held_on": EARLIER, "entitled": 20, "present": 20}
    record_result(contest, facts, [Stood(person=person, votes=19, elected=True)], seen=0)


@pytest.mark.parametrize("give", [filling, assigning, electing])
@pytest.mark.parametrize("death_is_first", [True, False])
def test_who_dies_and_is_given_something(seats, hamlet, give, death_is_first):
    person = seats[0].person

    def telling():
        end_tenure(seats[0], last_day=DIED_ON, way_out=WayOut.DIED)

    def giving():
        give(hamlet, person)

    acts = [telling, giving] if death_is_first else [giving, telling]
    outcomes = at_the_same_time(held_open(acts[0]), started_later(acts[1]))

    # Only what is given after the death is told may be refused.
    assert outcomes[0] is None
    assert death_is_first or outcomes[1] is None
    assert [*problems()] == []


def held_open(act):
    def first():
        with transaction.atomic(), recording(reason="test"):
            act()
            sleep(A_WHILE)

    return first


def started_later(act):
    def second():
        sleep(A_WHILE / 3)
        with transaction.atomic(), recording(reason="test"):
            act()

    return second
