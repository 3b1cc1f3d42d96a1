"""Whoever has died, or has left the Party, takes no later seat – through no door; and who is put in twice is asked about."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from leaders.actions import begin_tenures, end_tenure, record_candidacies
from leaders.contests.results import Refused, Stood, next_attempt, record_result
from leaders.models import Candidacy, Contest, Office, Person, Tenure, WayIn, WayOut
from leaders.models.gone import deaths_of
from tests import factories

DIED_ON = date(2020, 3, 12)
LATER = date(2020, 11, 20)


@pytest.fixture
def dead(cell, leader):
    """Who was secretary until the death."""
    factories.tenure(
        cell=cell, person=leader, starts_on=date(2015, 1, 1), ends_on=DIED_ON, way_out=WayOut.DIED
    )
    return leader


@pytest.fixture
def expelled(commune):
    left = {"left_on": date(2020, 3, 1), "left_on_precision": "month"}
    return factories.person(keeper=commune, full_name="Phan Văn Tám", **left)


def send(client, url, **data):
    mark = client.get(url).context["form"]["seen"].value()
    return client.post(url, {"seen": mark, **data})


def test_the_dead_take_no_later_seat(dead, hamlet, cell):
    with pytest.raises(ValidationError, match="12/03/2020"):
        begin_tenures([Tenure(person=dead, office=Office.HAMLET_HEAD, hamlet=hamlet, starts_on=LATER)])
    with pytest.raises(ValidationError, match="12/03/2020"):
        Tenure(person=dead, office=Office.SECRETARY, cell=cell, starts_on=LATER).full_clean()
    # What lies before the death may still be entered.
    earlier = Tenure(
        person=dead, office=Office.HAMLET_HEAD, hamlet=hamlet, starts_on=date(2016, 1, 1), ends_on=DIED_ON
    )
    assert begin_tenures([earlier])


def test_nobody_dies_before_a_seat_that_begins_later(leader, cell, hamlet):
    head = factories.tenure(
        office=Office.HAMLET_HEAD, hamlet=hamlet, person=leader, starts_on=date(2015, 1, 1)
    )
    factories.tenure(cell=cell, person=leader, starts_on=LATER)
    with pytest.raises(ValidationError, match="20/11/2020"):
        end_tenure(head, last_day=DIED_ON, way_out=WayOut.DIED)


@pytest.mark.parametrize("kind", Contest.Kind.values)
def test_the_dead_stand_in_no_later_contest(dead, cell, hamlet, kind):
    body = cell if kind == Contest.Kind.CONGRESS else hamlet
    contest = next_attempt(kind, body, "2020-2022")
    office = Office.SECRETARY if kind == Contest.Kind.CONGRESS else ""
    facts = {"outcome": "held", "held_on": LATER, "method": "hands", "entitled": 9, "present": 9}

    with pytest.raises(Refused) as refused:
        record_result(contest, facts, [Stood(person=dead, office=office)], seen=0)

    assert "12/03/2020" in refused.value.by_field[0, "who"][0]
    contest.outcome, contest.held_on = Contest.Outcome.HELD, LATER
    contest.save()
    with pytest.raises(ValidationError, match="12/03/2020"):
        record_candidacies([Candidacy(contest=contest, person=dead)])
    with pytest.raises(ValidationError, match="12/03/2020"):
        Candidacy(contest=contest, person=dead).clean()


def test_who_left_the_party_holds_hamlet_seats_only(expelled, cell, hamlet):
    with pytest.raises(ValidationError, match="03/2020"):
        begin_tenures([Tenure(person=expelled, office=Office.SECRETARY, cell=cell, starts_on=LATER)])
    # Of the month alone nobody knows the day.
    assert begin_tenures(
        [Tenure(person=expelled, office=Office.SECRETARY, cell=cell, starts_on=date(2020, 3, 31))]
    )
    assert begin_tenures([Tenure(person=expelled, office=Office.HAMLET_HEAD, hamlet=hamlet, starts_on=LATER)])


def test_a_death_is_corrected_by_correcting_how_the_seat_ended(dead, cell):
    assert deaths_of([dead.pk]) == {dead.pk: DIED_ON}
    dead.tenures.update(way_out=WayOut.HEALTH)
    assert not deaths_of([dead.pk])
    assert Person.objects.alive().filter(pk=dead.pk).exists()
    assert begin_tenures([Tenure(person=dead, office=Office.SECRETARY, cell=cell, starts_on=LATER)])


def test_the_form_offers_no_dead_and_refuses_them(client, clerk, dead, hamlet):
    client.force_login(clerk)
    url = reverse("leaders:fill_hamlet_seat", args=[hamlet.pk, Office.HAMLET_HEAD])

    assert str(dead) not in client.get(url, {"tim": dead.full_name}).content.decode().split("<form")[-1]
    response = send(client, url, person=dead.pk, starts_on=LATER.isoformat(), way_in=WayIn.ELECTED)

    assert "đã từ trần ngày 12/03/2020" in " ".join(response.context["form"].errors["person"])
    assert not Tenure.objects.filter(hamlet=hamlet).exists()


def test_page_and_paper_say_the_day(client, clerk, officer, dead):
    client.force_login(clerk)
    assert "Từ trần ngày 12/03/2020" in client.get(dead.get_absolute_url()).content.decode()
    assert "Từ trần ngày: 12/03/2020" in client.get(reverse("records:paper", args=[dead.pk])).content.decode()
    # The province has a way to correct it.
    client.force_login(officer)
    correct = reverse("admin:leaders_tenure_change", args=[dead.tenures.get().pk])
    assert correct in client.get(dead.get_absolute_url()).content.decode()


# --- two seats alike, and deputies who move up ----------------------------------------------


def test_a_second_headship_is_asked_about(client, clerk, leader, commune, hamlet):
    first = factories.hamlet(parent=commune, name="3")
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=first, person=leader)
    client.force_login(clerk)
    url = reverse("leaders:fill_hamlet_seat", args=[hamlet.pk, Office.HAMLET_HEAD])
    typed = {"person": leader.pk, "starts_on": LATER.isoformat(), "way_in": WayIn.ELECTED}

    asked = send(client, url, **typed).context["form"]
    assert "Trưởng ấp 3" in " ".join(asked.errors["sure"])
    assert not Tenure.objects.filter(hamlet=hamlet).exists()

    send(client, url, **typed, sure="on")
    assert Tenure.objects.filter(hamlet=hamlet, person=leader).exists()
    assert "một người đang giữ cùng lúc" in client.get(leader.get_absolute_url()).content.decode()


@pytest.mark.parametrize("ends", [True, False])
def test_a_deputy_who_becomes_secretary_is_deputy_no_more(client, clerk, leader, cell, ends):
    deputy = factories.tenure(
        office=Office.DEPUTY_SECRETARY, cell=cell, person=leader, starts_on=date(2018, 1, 1)
    )
    factories.tenure(office=Office.COMMITTEE_MEMBER, cell=cell, person=leader)
    client.force_login(clerk)
    url = reverse("leaders:fill_cell_seat", args=[cell.pk, Office.SECRETARY])
    assert client.get(url).context["form"]["ends_deputy"].value() is True
    typed = {"person": leader.pk, "starts_on": LATER.isoformat(), "way_in": WayIn.APPOINTED}

    send(client, url, **typed, **({"ends_deputy": "on"} if ends else {}))

    deputy.refresh_from_db()
    assert deputy.ends_on == (LATER - timedelta(days=1) if ends else None)
    assert Tenure.objects.on(timezone.localdate()).filter(person=leader).count() == (2 if ends else 3)


def test_a_deputy_who_replaces_the_head_is_told_of_first(client, clerk, leader, hamlet):
    holder = factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, starts_on=date(2018, 1, 1))
    deputy = factories.tenure(
        office=Office.DEPUTY_HEAD, hamlet=hamlet, person=leader, starts_on=date(2018, 1, 1)
    )
    client.force_login(clerk)
    url = reverse("leaders:replace", args=[holder.pk])
    typed = {"person": leader.pk, "starts_on": LATER.isoformat(), "way_in": WayIn.ELECTED}
    typed |= {"way_out": WayOut.RELIEVED, "ends_deputy": "on"}

    told = send(client, url, **typed).content.decode()
    assert "Phó trưởng ấp 2: ngày cuối giữ chức 19/11/2020" in told or "19/11/2020" in told
    send(client, url, **typed, confirmed="1")

    deputy.refresh_from_db()
    assert (deputy.ends_on, deputy.way_out) == (date(2020, 11, 19), WayOut.RELIEVED)


def test_who_died_is_replaced_and_leaves_every_other_seat_as_well(
    client, clerk, commune, leader, cell, hamlet
):
    secretary = factories.tenure(cell=cell, person=leader)
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=leader)
    newcomer = factories.person(keeper=commune, full_name="Phan Văn Tám")
    client.force_login(clerk)

    typed = {"person": newcomer.pk, "starts_on": LATER.isoformat(), "way_in": WayIn.APPOINTED}
    url = reverse("leaders:replace", args=[secretary.pk])
    asked = send(client, url, **typed, way_out=WayOut.DIED)
    assert any("Trưởng ấp 2: ngày cuối giữ chức 19/11/2020" in one for one in asked.context["consequences"])
    send(client, url, **typed, way_out=WayOut.DIED, confirmed="1")

    assert Tenure.objects.get(ends_on__isnull=True).person == newcomer
    assert set(leader.tenures.values_list("ends_on", "way_out")) == {(date(2020, 11, 19), WayOut.DIED)}
