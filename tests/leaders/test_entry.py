from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from cells.models import Decision
from leaders.models import Office, Person, Tenure, WayIn, WayOut
from tests import factories
from tests.worlds import kept


@kept
def hamlet(commune):
    return factories.hamlet(parent=commune, name="Phước Hậu")


@kept
def cell(hamlet):
    return factories.cell(of=hamlet, name="Chi bộ ấp Phước Hậu")


@kept
def leader(commune):
    return factories.person(keeper=commune, full_name="Lê Thị Hoa")


@kept
def secretary(cell, leader):
    return factories.tenure(cell=cell, person=leader)


@kept
def head(hamlet, leader):
    return factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=leader)


@kept
def newcomer(commune):
    return factories.person(keeper=commune, full_name="Phan Văn Tám")


@kept
def next_door(neighbour):
    """Keeps the data of the neighbouring commune."""
    return factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])


@kept
def archivist(commune):
    """May read the commune, with the role of somebody who keeps one."""
    return factories.user(role=Role.COMMUNE_STAFF, reads=[commune])


@kept
def addresses(cell, hamlet, secretary, head, leader):
    return {
        "cell_seat": reverse("leaders:fill_cell_seat", args=[cell.pk, Office.DEPUTY_SECRETARY]),
        "hamlet_seat": reverse("leaders:fill_hamlet_seat", args=[hamlet.pk, Office.FRONT_HEAD]),
        "replace": reverse("leaders:replace", args=[secretary.pk]),
        "leave": reverse("leaders:leave", args=[leader.pk]),
        "person": reverse("leaders:person_edit", args=[leader.pk]),
    }


def seen(client, url) -> str:
    """Open the form and return the mark it carries."""
    response = client.get(url)
    assert response.status_code == 200
    return response.context["form"]["seen"].value()


def send(client, url, **data):
    """Open the form and send it."""
    return client.post(url, {"seen": seen(client, url), **data})


@pytest.mark.parametrize("page", ["cell_seat", "hamlet_seat", "replace", "leave", "person"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        (None, 302),
        ("clerk", 200),
        ("officer", 200),
        ("reader", 403),
        ("archivist", 403),
        ("next_door", 404),
        ("outsider", 404),
    ],
)
def test_who_may_open_a_form(client, request, addresses, page, who, status):
    if who:
        client.force_login(request.getfixturevalue(who))

    assert client.get(addresses[page]).status_code == status
    assert client.post(addresses[page]).status_code == status


@pytest.mark.parametrize("page", ["cell_seat", "hamlet_seat", "replace", "leave", "person"])
def test_forms_know_no_other_method(client, clerk, addresses, page):
    client.force_login(clerk)

    assert client.delete(addresses[page]).status_code == 405


def test_addresses_speak_vietnamese(cell):
    url = reverse("leaders:fill_cell_seat", args=[cell.pk, Office.SECRETARY])

    assert url == f"/chi-bo/{cell.pk}/chuc-vu/bi-thu/"


def test_office_of_a_hamlet_is_not_found_in_a_cell(client, clerk, cell):
    client.force_login(clerk)

    assert (
        client.get(reverse("leaders:fill_cell_seat", args=[cell.pk, Office.HAMLET_HEAD])).status_code == 404
    )


# --- putting somebody in -----------------------------------------------------------------


def test_somebody_recorded_takes_a_vacant_seat(client, clerk, cell, newcomer):
    client.force_login(clerk)
    url = reverse("leaders:fill_cell_seat", args=[cell.pk, Office.SECRETARY])

    response = send(client, url, person=newcomer.pk, starts_on="2026-01-05", way_in=WayIn.APPOINTED)

    assert response.status_code == 302
    tenure = Tenure.objects.get()
    assert (tenure.person, tenure.cell, tenure.office) == (newcomer, cell, Office.SECRETARY)
    assert tenure.history.get().change_set.by == clerk
    assert "Ghi người giữ chức" in tenure.history.get().change_set.reason


def test_new_person_is_recorded_with_the_seat_in_the_communes_books(client, clerk, hamlet, commune):
    client.force_login(clerk)
    url = reverse("leaders:fill_hamlet_seat", args=[hamlet.pk, Office.HAMLET_HEAD])

    send(
        client,
        url,
        full_name="  Đỗ   Văn Mới ",
        born="1985",
        membership="no",
        starts_on="2026-01-05",
        way_in=WayIn.INTERIM,
    )

    person = Person.objects.get()
    assert (person.full_name, person.keeper, str(person.born)) == ("Đỗ Văn Mới", commune, "1985")
    assert person.tenures.get().is_interim


def test_decision_is_recorded_once_and_found_again(client, clerk, cell, hamlet, newcomer):
    client.force_login(clerk)
    paper = {"decision_number": "12-QĐ/ĐU", "decision_date": "2026-01-02", "decision_body": "Đảng ủy xã"}
    for url, way_in in [
        (reverse("leaders:fill_cell_seat", args=[cell.pk, Office.SECRETARY]), WayIn.APPOINTED),
        (reverse("leaders:fill_hamlet_seat", args=[hamlet.pk, Office.HAMLET_HEAD]), WayIn.ELECTED),
    ]:
        send(client, url, person=newcomer.pk, starts_on="2026-01-05", way_in=way_in, **paper)

    decision = Decision.objects.get()
    assert set(decision.tenures.values_list("office", flat=True)) == {Office.SECRETARY, Office.HAMLET_HEAD}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"starts_on": ""}, "starts_on"),
        ({"starts_on": "2999-01-01"}, "starts_on"),
        ({"starts_on": "1990-01-01"}, "starts_on"),
        ({"way_in": ""}, "way_in"),
        ({"way_in": WayIn.ELECTED}, "way_in"),
        ({"born": "1985-13"}, "born"),
        ({"term": "201-2021"}, "term"),
        ({"decision_number": "12-QĐ/ĐU"}, "decision_date"),
        ({"phone": "không có"}, "phone"),
    ],
)
def test_wrong_entries_are_refused_beside_the_field(client, clerk, hamlet, data, field):
    cell = factories.cell(of=hamlet, starts_on=date(2000, 1, 1))
    client.force_login(clerk)
    url = reverse("leaders:fill_cell_seat", args=[cell.pk, Office.SECRETARY])
    right = {"full_name": "Đỗ Văn Mới", "starts_on": "2026-01-05", "way_in": WayIn.APPOINTED}

    response = send(client, url, **{**right, **data})

    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not Tenure.objects.exists()
    assert not Person.objects.exists()


def test_second_secretary_is_refused_by_name_and_nothing_is_saved(client, clerk, cell, secretary):
    client.force_login(clerk)
    url = reverse("leaders:fill_cell_seat", args=[cell.pk, Office.SECRETARY])

    response = send(client, url, full_name="Đỗ Văn Mới", starts_on="2026-01-05", way_in=WayIn.APPOINTED)

    assert "Lê Thị Hoa" in response.context["form"].non_field_errors()[0]
    assert Person.objects.count() == Tenure.objects.count() == 1


def test_person_of_another_scope_cannot_be_chosen(client, clerk, cell):
    stranger = factories.person()
    client.force_login(clerk)
    url = reverse("leaders:fill_cell_seat", args=[cell.pk, Office.SECRETARY])

    response = send(client, url, person=stranger.pk, starts_on="2026-01-05", way_in=WayIn.APPOINTED)

    assert "person" in response.context["form"].errors


def test_picker_offers_neighbours_in_office_and_finds_by_name_within_the_scope(
    client, clerk, cell, head, newcomer
):
    factories.person(full_name="Phan Văn Tám Xa")
    client.force_login(clerk)
    url = reverse("leaders:fill_cell_seat", args=[cell.pk, Office.SECRETARY])

    def offered(**query):
        choices = client.get(url, query).context["form"].fields["person"].choices
        return [label for key, label in choices if key]

    assert offered() == ["Lê Thị Hoa – Trưởng ấp Phước Hậu"]
    assert offered(tim="tam") == ["Phan Văn Tám"]


def test_head_who_is_also_front_head_is_pointed_out(client, clerk, hamlet, head, leader):
    client.force_login(clerk)
    url = reverse("leaders:fill_hamlet_seat", args=[hamlet.pk, Office.FRONT_HEAD])

    response = client.post(
        url,
        {
            "seen": seen(client, url),
            "person": leader.pk,
            "starts_on": "2026-01-05",
            "way_in": WayIn.CONSULTED,
        },
        follow=True,
    )

    assert [message.level_tag for message in response.context["messages"]] == ["success", "warning"]


def test_stale_form_puts_nobody_in(client, clerk, officer, hamlet, newcomer):
    client.force_login(clerk)
    url = reverse("leaders:fill_hamlet_seat", args=[hamlet.pk, Office.DEPUTY_HEAD])
    stale = seen(client, url)
    data = {"person": newcomer.pk, "starts_on": "2026-01-05", "way_in": WayIn.APPOINTED}
    client.force_login(officer)
    send(client, url, **data)
    client.force_login(clerk)

    response = client.post(url, {"seen": stale, **data})

    assert str(officer) in response.context["form"].non_field_errors()[0]
    assert Tenure.objects.count() == 1


# --- replacing ---------------------------------------------------------------------------


def test_replacing_ends_one_tenure_and_begins_the_next_without_a_gap(client, clerk, secretary, newcomer):
    client.force_login(clerk)

    send(
        client,
        reverse("leaders:replace", args=[secretary.pk]),
        confirmed="1",
        way_out=WayOut.TRANSFERRED,
        person=newcomer.pk,
        starts_on="2026-03-10",
        way_in=WayIn.APPOINTED,
    )

    secretary.refresh_from_db()
    assert (secretary.ends_on, secretary.way_out) == (date(2026, 3, 9), WayOut.TRANSFERRED)
    assert Tenure.objects.on(date(2026, 3, 10)).get().person == newcomer


def test_seat_may_have_stood_empty_in_between(client, clerk, secretary, newcomer):
    client.force_login(clerk)

    send(
        client,
        reverse("leaders:replace", args=[secretary.pk]),
        confirmed="1",
        way_out=WayOut.DIED,
        last_day="2026-01-31",
        person=newcomer.pk,
        starts_on="2026-03-10",
        way_in=WayIn.APPOINTED,
    )

    assert not Tenure.objects.on(date(2026, 2, 15)).exists()


def test_nobody_replaces_himself(client, clerk, secretary, leader):
    client.force_login(clerk)

    response = send(
        client,
        reverse("leaders:replace", args=[secretary.pk]),
        confirmed="1",
        way_out=WayOut.TERM_ENDED,
        person=leader.pk,
        starts_on="2026-03-10",
        way_in=WayIn.APPOINTED,
    )

    assert "person" in response.context["form"].errors
    secretary.refresh_from_db()
    assert secretary.ends_on is None


def test_replacement_before_the_holder_began_is_refused_whole(client, clerk, secretary):
    client.force_login(clerk)

    response = send(
        client,
        reverse("leaders:replace", args=[secretary.pk]),
        confirmed="1",
        way_out=WayOut.TRANSFERRED,
        full_name="Đỗ Văn Mới",
        starts_on="2019-01-01",
        way_in=WayIn.APPOINTED,
    )

    assert response.status_code == 200
    assert response.context["form"].non_field_errors()
    secretary.refresh_from_db()
    assert secretary.ends_on is None
    assert Person.objects.count() == 1


def test_ended_tenure_is_not_replaced_again(client, clerk, cell):
    ended = factories.tenure(cell=cell, ends_on=date(2025, 1, 1))
    client.force_login(clerk)

    assert client.get(reverse("leaders:replace", args=[ended.pk])).status_code == 404


def test_replacing_asks_before_it_acts(client, clerk, secretary, newcomer):
    client.force_login(clerk)

    response = send(
        client,
        reverse("leaders:replace", args=[secretary.pk]),
        way_out=WayOut.TRANSFERRED,
        person=newcomer.pk,
        starts_on="2026-03-10",
        way_in=WayIn.APPOINTED,
    )

    first, second = response.context["consequences"]
    assert ("Lê Thị Hoa" in first, "09/03/2026" in first) == (True, True)
    assert ("Phan Văn Tám" in second, "10/03/2026" in second) == (True, True)
    secretary.refresh_from_db()
    assert secretary.ends_on is None


# --- leaving -----------------------------------------------------------------------------


def test_death_ends_every_seat_after_the_question(client, clerk, secretary, head, leader):
    client.force_login(clerk)
    url = reverse("leaders:leave", args=[leader.pk])
    data = {
        "last_day": "2026-03-10",
        f"seat_{secretary.pk}": WayOut.DIED,
        f"seat_{head.pk}": WayOut.DIED,
    }

    asked = send(client, url, **data)

    assert len(asked.context["consequences"]) == 2
    assert Tenure.objects.filter(ends_on__isnull=True).count() == 2

    response = send(client, url, confirmed="1", **data)

    assert response.status_code == 302
    assert set(Tenure.objects.values_list("ends_on", "way_out")) == {(date(2026, 3, 10), WayOut.DIED)}
    assert len({tenure.history.first().change_set_id for tenure in leader.tenures.all()}) == 1


def test_who_has_died_leaves_every_seat(client, clerk, secretary, head, leader):
    client.force_login(clerk)

    response = send(
        client,
        reverse("leaders:leave", args=[leader.pk]),
        last_day="2026-03-10",
        confirmed="1",
        **{f"seat_{secretary.pk}": WayOut.DIED},
    )

    assert f"seat_{head.pk}" in response.context["form"].errors
    assert not Tenure.objects.filter(ends_on__isnull=False).exists()


def test_one_seat_may_end_while_the_other_goes_on(client, clerk, secretary, head, leader):
    client.force_login(clerk)

    send(
        client,
        reverse("leaders:leave", args=[leader.pk]),
        last_day="2026-03-10",
        confirmed="1",
        **{f"seat_{head.pk}": WayOut.RELIEVED},
    )

    head.refresh_from_db()
    secretary.refresh_from_db()
    assert (head.way_out, secretary.ends_on) == (WayOut.RELIEVED, None)


@pytest.mark.parametrize("last_day", ["2019-12-31", str(timezone.localdate() + timedelta(days=2)), ""])
def test_wrong_last_days_are_refused(client, clerk, secretary, leader, last_day):
    client.force_login(clerk)

    response = send(
        client,
        reverse("leaders:leave", args=[leader.pk]),
        last_day=last_day,
        confirmed="1",
        **{f"seat_{secretary.pk}": WayOut.HEALTH},
    )

    assert "last_day" in response.context["form"].errors
    secretary.refresh_from_db()
    assert secretary.ends_on is None


def test_way_out_of_the_other_list_is_not_offered(client, clerk, head, leader):
    client.force_login(clerk)

    response = send(
        client,
        reverse("leaders:leave", args=[leader.pk]),
        last_day="2026-03-10",
        confirmed="1",
        **{f"seat_{head.pk}": WayOut.MOVED_CELL},
    )

    assert f"seat_{head.pk}" in response.context["form"].errors


def test_seats_of_another_commune_are_left_alone(client, clerk, secretary, leader, neighbour):
    elsewhere = factories.tenure(cell=factories.cell(of=factories.hamlet(parent=neighbour)), person=leader)
    client.force_login(clerk)

    response = send(
        client, reverse("leaders:leave", args=[leader.pk]), first="1", cause="resigned", last_day="2026-03-10"
    )

    form = response.context["form"]
    assert form.tenures == [secretary]
    assert f"seat_{elsewhere.pk}" not in form.fields


# --- the person --------------------------------------------------------------------------


def test_personal_data_is_changed_with_partial_dates(client, clerk, leader):
    client.force_login(clerk)

    send(
        client,
        reverse("leaders:person_edit", args=[leader.pk]),
        full_name="Lê Thị Hoa",
        born="02/1985",
        admitted="2010",
        membership="yes",
        phone="0912 345 678",
    )

    leader.refresh_from_db()
    assert (str(leader.born), str(leader.admitted), leader.phone) == ("02/1985", "2010", "0912 345 678")


def test_ethnicity_is_asked_only_where_the_province_has_decided_so(client, clerk, leader, settings):
    url = reverse("leaders:person_edit", args=[leader.pk])
    client.force_login(clerk)

    assert "ethnicity" not in client.get(url).context["form"].fields
    settings.KEEP_ETHNICITY = True
    assert "ethnicity" in client.get(url).context["form"].fields


def test_official_before_admitted_is_refused(client, clerk, leader):
    client.force_login(clerk)

    response = send(
        client,
        reverse("leaders:person_edit", args=[leader.pk]),
        full_name="Lê Thị Hoa",
        membership="yes",
        admitted="10/10/2010",
        official="09/10/2009",
    )

    assert "official" in response.context["form"].errors


def test_stale_personal_data_overwrites_nothing(client, clerk, officer, leader):
    url = reverse("leaders:person_edit", args=[leader.pk])
    client.force_login(clerk)
    stale = seen(client, url)
    client.force_login(officer)
    send(client, url, full_name="Lê Thị Hoa", membership="yes", phone="0911 111 111")
    client.force_login(clerk)

    client.post(url, {"seen": stale, "full_name": "Lê Thị Hoa", "membership": "yes", "phone": "0922 222 222"})

    leader.refresh_from_db()
    assert leader.phone == "0911 111 111"


def test_changing_something_after_the_question_loses_nothing(client, clerk, secretary):
    client.force_login(clerk)
    data = {
        "way_out": WayOut.DIED,
        "full_name": "Trần Thị Bưởi",
        "born": "1979",
        "starts_on": "2026-03-10",
        "way_in": WayIn.APPOINTED,
    }

    response = send(client, reverse("leaders:replace", args=[secretary.pk]), change="1", **data)

    form = response.context["form"]
    assert {name: form[name].value() for name in data} == data
    assert not form.errors
    assert Tenure.objects.get().ends_on is None


def test_new_secretary_is_taken_to_be_a_party_member(client, clerk, cell, hamlet):
    client.force_login(clerk)

    party = client.get(reverse("leaders:fill_cell_seat", args=[cell.pk, Office.SECRETARY]))
    village = client.get(reverse("leaders:fill_hamlet_seat", args=[hamlet.pk, Office.HAMLET_HEAD]))

    assert party.context["form"]["membership"].value() == "yes"
    assert village.context["form"]["membership"].value() == "unknown"
