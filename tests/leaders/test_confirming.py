"""Whoever confirms a month without changes is shown what was recorded in it."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.changes import ChangeSet, recording
from cells.models import Confirmation
from leaders.models import Office, WayIn, WayOut
from tests import factories


@pytest.fixture
def secretary(commune):
    cell = factories.cell(of=factories.hamlet(parent=commune, name="2"), name="Chi bộ ấp 2")
    person = factories.person(keeper=commune, full_name="Lê Thị Hoa")
    with recording(kind=ChangeSet.Kind.PAGE, reason="test"):
        return factories.tenure(cell=cell, person=person, starts_on=date(2026, 1, 5), way_in=WayIn.APPOINTED)


def test_what_was_recorded_stands_beside_the_confirmation(client, clerk, commune, secretary):
    client.force_login(clerk)
    url = reverse("leaders:confirm", args=[commune.pk])

    shown = client.post(url, {"unchanged": "1"}, follow=True)

    assert not Confirmation.objects.exists()
    assert "Trong tháng đã ghi 1 thay đổi về chức vụ" in shown.content.decode()
    assert "Lê Thị Hoa" in shown.content.decode()
    form = shown.context["form"]
    client.post(url, {"seen": form["seen"].value(), "note": form["note"].value()})
    assert "1 thay đổi" in Confirmation.objects.get().note


def test_a_month_in_which_nothing_was_recorded_is_confirmed_at_once(client, clerk, commune, secretary):
    type(secretary).history.update(history_date="2020-01-01T00:00Z")
    # What a workbook has taken in is no change of the month.
    with recording(kind=ChangeSet.Kind.IMPORT, reason="test"):
        factories.tenure(office=Office.DEPUTY_SECRETARY, cell=secretary.cell)
    client.force_login(clerk)

    client.post(reverse("leaders:confirm", args=[commune.pk]), {"unchanged": "1"})

    assert Confirmation.objects.get().note == ""


def test_leaving_once_more_leads_to_who_follows(client, clerk, secretary):
    person = secretary.person
    client.force_login(clerk)
    url = reverse("leaders:leave", args=[person.pk])
    mark = client.get(url).context["form"]["seen"].value()
    typed = {"seen": mark, "last_day": "2026-02-01", f"seat_{secretary.pk}": WayOut.HEALTH, "confirmed": "1"}
    assert client.post(url, typed).status_code == 302

    again = client.post(url, typed, follow=True)

    assert again.redirect_chain == [(reverse("leaders:successors", args=[person.pk]), 302)]
    assert "Đã ghi thôi giữ chức" in again.content.decode()


def test_who_was_appointed_without_a_decision_is_marked(client, clerk, secretary):
    client.force_login(clerk)

    assert "chưa nhập quyết định" in client.get(secretary.person.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("office", "offered"),
    [
        (Office.HAMLET_HEAD, {WayIn.ELECTED, WayIn.INTERIM}),
        (Office.FRONT_HEAD, {WayIn.CONSULTED, WayIn.APPOINTED}),
    ],
)
def test_each_office_has_its_own_ways_in(client, clerk, commune, office, offered):
    hamlet = factories.hamlet(parent=commune, name="3")
    client.force_login(clerk)

    form = client.get(reverse("leaders:fill_hamlet_seat", args=[hamlet.pk, office])).context["form"]

    assert {value for value, _label in form.fields["way_in"].choices} - {""} == offered
