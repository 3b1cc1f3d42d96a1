"""Whoever ends, merges or corrects something waits for who fills a seat or hands over: neither is broken off."""

from datetime import date
from time import sleep

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.changes import recording
from cells.models.lifetimes import lock, lock_bodies
from leaders.actions import begin_tenures, replace_holder
from leaders.locks import lock_people
from leaders.models import Assignment, Office, Tenure, WayOut
from tests import factories
from tests.postgresql.together import at_the_same_time

# Real transactions: two connections must see each other's work.
pytestmark = pytest.mark.committed
# Long enough for the other one to come as far as the first lock.
A_WHILE = 1.5


@pytest.fixture
def cell(commune):
    return factories.cell(of=factories.hamlet(parent=commune))


def filling_a_second_seat(person, cell):
    """Hold the cell, as everybody does who fills its seats; then write a seat of the person."""

    def act():
        with transaction.atomic(), recording(reason="test"):
            seat = Tenure(
                person=person,
                office=Office.COMMITTEE_MEMBER,
                cell=cell,
                starts_on=date(2024, 5, 1),
                way_in="congress",
            )
            lock_bodies([seat])
            sleep(A_WHILE)
            begin_tenures([seat])

    return act


def sending(user, address: str, data: dict):
    def act():
        sleep(A_WHILE / 3)
        client = Client()
        client.force_login(user)
        return client.post(address, data).status_code

    return act


def seen(user, address: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(address).context["form"]["seen"].value()


def test_who_leaves_and_who_fills(commune, clerk, cell):
    seat = factories.tenure(cell=cell, person=factories.person(keeper=commune))
    person, address = seat.person, reverse("leaders:leave", args=[seat.person_id])
    fields = {
        "last_day": "2024-06-01",
        f"seat_{seat.pk}": WayOut.TERM_ENDED.value,
        "seen": seen(clerk, address),
        "confirmed": "1",
    }

    filled, status = at_the_same_time(filling_a_second_seat(person, cell), sending(clerk, address, fields))

    # What was filled meanwhile is told to who leaves.
    assert (filled, status) == (None, 200)
    assert person.tenures.count() == 2


def test_who_merges_and_who_fills(commune, officer, cell):
    person = factories.tenure(cell=cell, person=factories.person(keeper=commune)).person
    other = factories.person(keeper=commune)
    page = Client()
    page.force_login(officer)
    address = reverse("records:merge", args=[other.pk, person.pk])
    form = page.get(address).context["form"]
    fields = {name: form[name].value() or "" for name in form.fields}

    filled, status = at_the_same_time(filling_a_second_seat(person, cell), sending(officer, address, fields))

    assert filled is None
    assert status in (200, 302)


def test_who_corrects_an_assignment_and_who_hands_it_over(commune, officer):
    one = factories.assignment(of=factories.hamlet(parent=commune))

    def handing_over():
        with transaction.atomic():
            lock(units=[one.unit_id])
            sleep(A_WHILE)
            list(Assignment.objects.select_for_update().filter(pk=one.pk))

    address = reverse("follow_up:assignment_edit", args=[one.pk])
    fields = {"starts_on": "2024-01-01", "organisation": one.organisation, "seen": seen(officer, address)}

    assert at_the_same_time(handing_over, sending(officer, address, fields)) == [None, 302]


def test_who_replaces_somebody_and_who_writes_of_both(commune, cell):
    newcomer, holder = factories.person(keeper=commune), factories.person(keeper=commune)
    seat = factories.tenure(cell=cell, person=holder)

    def writing_of_both():
        with transaction.atomic():
            lock_people([newcomer.pk])
            sleep(A_WHILE)
            lock_people([holder.pk])

    def replacing():
        sleep(A_WHILE / 3)
        with transaction.atomic(), recording(reason="test"):
            replace_holder(seat, person=newcomer, on=date(2024, 6, 1), way_out=WayOut.TERM_ENDED)

    assert at_the_same_time(writing_of_both, replacing) == [None, None]
    assert newcomer.tenures.count() == 1
