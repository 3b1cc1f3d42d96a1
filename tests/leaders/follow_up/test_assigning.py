"""Assigning, correcting and ending on pages; the officer's account."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from leaders.models import Assignment, Person
from tests import factories
from tests.sending import opened_and_sent
from tests.worlds import kept


@pytest.fixture
def signed_in(client, officer):
    client.force_login(officer)
    return client


def assign_to(client, place, **data):
    data = {"kind": "hamlet_officer", "starts_on": "2026-01-01", **data}
    return opened_and_sent(client, reverse("follow_up:assign") + f"?noi={place.pk}", data)


def test_a_new_officer_follows_several_hamlets(signed_in, commune, hamlets):
    answer = assign_to(
        signed_in,
        commune,
        full_name="Trần Thị Hoa",
        units=[hamlets[0].pk, hamlets[1].pk],
        phone="0912 345 678",
    )

    assert answer.status_code == 302
    person = Person.objects.get(full_name="Trần Thị Hoa")
    assert person.keeper == commune
    assert {one.unit for one in person.assignments.all()} == set(hamlets[:2])
    page = signed_in.get(answer.url).content.decode()
    assert "theo dõi 2 địa bàn từ ngày 01/01/2026" in page
    assert "0912 345 678" in page


def test_somebody_on_record_or_an_organisation_follows(signed_in, commune, hamlets):
    person = factories.person(keeper=commune)

    assign_to(signed_in, commune, person=person.pk, units=[hamlets[0].pk])
    assign_to(signed_in, commune, organisation="Hội Nông dân xã", units=[hamlets[1].pk])

    assert {one.who for one in Assignment.objects.all()} == {str(person), "Hội Nông dân xã"}


def test_communes_are_assigned_below_their_province(signed_in, province, commune, neighbour):
    answer = assign_to(
        signed_in,
        province,
        kind="committee_member",
        full_name="Lê Văn Tám",
        organisation="Ban Dân vận",
        units=[commune.pk, neighbour.pk],
    )

    assert answer.status_code == 302
    assert {one.unit for one in Assignment.objects.filter(kind="committee_member")} == {commune, neighbour}
    assert Person.objects.get(full_name="Lê Văn Tám").keeper == province


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"full_name": "Trần Thị Hoa", "units": []}, "units"),
        ({"units": "first"}, "full_name"),
        ({"full_name": "Trần Thị Hoa", "units": "first", "starts_on": ""}, "starts_on"),
        ({"full_name": "Trần Thị Hoa", "units": "first", "ends_on": "2025-12-31"}, "ends_on"),
        ({"full_name": "Trần Thị Hoa", "units": "first", "kind": "committee_member"}, "kind"),
    ],
)
def test_what_is_missing_is_named(signed_in, commune, hamlets, data, field):
    if data["units"] == "first":
        data = data | {"units": [hamlets[0].pk]}

    answer = assign_to(signed_in, commune, **data)

    assert field in answer.context["form"].errors
    assert not Assignment.objects.exists()


def test_a_new_officer_sent_once_more_is_not_recorded_twice(signed_in, commune, hamlets):
    """Two clicks on the button, or the page sent again by going back, are one act."""
    url = reverse("follow_up:assign") + f"?noi={commune.pk}"
    seen = signed_in.get(url).context["form"]["seen"].value()
    data = {"kind": "hamlet_officer", "starts_on": "2026-01-01", "full_name": "Trần Thị Hoa", "seen": seen}

    first, second = (signed_in.post(url, data | {"units": [hamlets[0].pk]}) for _click in "12")

    assert (first.status_code, second.status_code) == (302, 200)
    assert "sau khi mở trang" in " ".join(second.context["form"].non_field_errors())
    assert Person.objects.filter(full_name="Trần Thị Hoa").count() == Assignment.objects.count() == 1


def test_twice_is_refused_and_nobody_new_is_left_behind(signed_in, commune, hamlets):
    factories.assignment(of=hamlets[0], organisation="Hội Nông dân xã")

    answer = assign_to(
        signed_in, commune, organisation="Hội Nông dân xã", units=[hamlets[0].pk, hamlets[1].pk]
    )

    assert "đã được phân công theo dõi Ấp 1" in answer.content.decode()
    assert Assignment.objects.count() == 1


def test_a_hamlet_is_not_followed_before_it_stood(signed_in, commune):
    young = factories.hamlet(parent=commune, name="8", starts_on=date(2025, 7, 1))

    answer = assign_to(signed_in, commune, full_name="Trần Thị Hoa", units=[young.pk], starts_on="2025-01-01")

    assert answer.status_code == 200
    assert not Person.objects.filter(full_name="Trần Thị Hoa").exists()


def test_hamlets_elsewhere_are_not_offered(signed_in, outsider, commune, hamlets):
    foreign = factories.hamlet(parent=factories.commune(parent=outsider.grants.get().unit))

    answer = assign_to(signed_in, commune, full_name="Trần Thị Hoa", units=[foreign.pk])

    assert "units" in answer.context["form"].errors
    assert signed_in.get(reverse("follow_up:assign") + f"?noi={foreign.parent_id}").status_code == 404


def test_an_assignment_is_ended_on_its_page(signed_in, hamlets):
    one = factories.assignment(of=hamlets[0])
    url = reverse("follow_up:assignment_edit", args=[one.pk])
    seen = signed_in.get(url).context["form"]["seen"].value()

    answer = signed_in.post(url, {"seen": seen, "starts_on": "2020-01-01", "ends_on": "2026-02-28"})

    assert answer.status_code == 302
    one.refresh_from_db()
    assert one.ends_on == date(2026, 2, 28)
    assert "28/02/2026" in signed_in.get(answer.url).content.decode()


def test_two_who_correct_the_same_are_told(signed_in, hamlets):
    one = factories.assignment(of=hamlets[0])
    url = reverse("follow_up:assignment_edit", args=[one.pk])
    seen = signed_in.get(url).context["form"]["seen"].value()
    signed_in.post(url, {"seen": seen, "starts_on": "2020-01-01", "ends_on": "2026-02-28"})

    answer = signed_in.post(url, {"seen": seen, "starts_on": "2020-01-01", "ends_on": ""})

    assert answer.status_code == 200
    one.refresh_from_db()
    assert one.ends_on == date(2026, 2, 28)


# --- the account ----------------------------------------------------------------------------


@kept
def account():
    return factories.user(username="canbo", role=Role.FOLLOW_UP_OFFICER)


def link(client, assignment, login):
    return client.post(reverse("follow_up:account", args=[assignment.pk]), {"login": login})


def test_an_account_is_linked_by_its_login(signed_in, hamlets, account):
    one = factories.assignment(of=hamlets[0])

    assert link(signed_in, one, "canbo").status_code == 302

    assert account.grants.get().unit == hamlets[0]
    link(signed_in, one, "")
    assert not account.grants.on(timezone.localdate()).exists()


@pytest.mark.parametrize("login", ["khong-co", "clerk", "other"])
def test_no_other_account_is_linked(signed_in, clerk, outsider, hamlets, login):
    other = factories.user(username="other", role=Role.FOLLOW_UP_OFFICER)
    other.grants.create(unit=outsider.grants.get().unit, access="read")
    one = factories.assignment(of=hamlets[0])

    answer = link(signed_in, one, login)

    assert answer.status_code == 200
    assert Person.objects.get(pk=one.person_id).account is None


def test_the_account_of_somebody_else_is_not_taken(signed_in, hamlets):
    account, _theirs = factories.follower(hamlets[1])

    assert link(signed_in, factories.assignment(of=hamlets[0]), account.username).status_code == 200


def test_an_organisation_has_no_account(signed_in, hamlets):
    one = factories.assignment(of=hamlets[0], organisation="Hội Nông dân xã")

    assert signed_in.get(reverse("follow_up:account", args=[one.pk])).status_code == 404
