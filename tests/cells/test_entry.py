from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.changes import ChangeSet
from accounts.models import Role
from cells.models import Confirmation, HouseholdCount, MemberCount
from tests import factories

TODAY = timezone.localdate


@pytest.fixture
def hamlet(commune):
    return factories.hamlet(parent=commune, name="Phước Hậu")


@pytest.fixture
def cell(hamlet):
    return factories.cell(of=hamlet, name="Chi bộ ấp Phước Hậu")


@pytest.fixture
def next_door(neighbour):
    """Keeps the data of the neighbouring commune."""
    return factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])


@pytest.fixture
def archivist(commune):
    """May read the commune, with the role of somebody who keeps one."""
    return factories.user(role=Role.COMMUNE_STAFF, reads=[commune])


@pytest.fixture
def addresses(cell, hamlet, commune):
    return {
        "members": reverse("entry:member_count", args=[cell.pk]),
        "households": reverse("entry:household_count", args=[hamlet.pk]),
        "cell": reverse("entry:cell_edit", args=[cell.pk]),
        "confirm": reverse("leaders:confirm", args=[commune.pk]),
    }


def seen(client, url) -> str:
    """Open the form and return the mark it carries."""
    response = client.get(url)
    assert response.status_code == 200
    return response.context["form"]["seen"].value()


def send(client, url, **data):
    """Open the form and send it."""
    return client.post(url, {"seen": seen(client, url), **data})


@pytest.mark.parametrize("page", ["members", "households", "cell", "confirm"])
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


@pytest.mark.parametrize("page", ["members", "households", "cell", "confirm"])
def test_forms_know_no_other_method(client, clerk, addresses, page):
    client.force_login(clerk)

    assert client.delete(addresses[page]).status_code == 405


def test_member_count_is_saved_with_the_missing_part_and_its_author(client, clerk, addresses, cell):
    client.force_login(clerk)

    response = send(client, addresses["members"], day="2026-06-30", total="43", active="17", exempt="16")

    assert response.status_code == 302
    count = MemberCount.objects.get()
    assert (count.cell, count.day, count.away, count.official) == (cell, date(2026, 6, 30), 10, None)
    change = count.history.get().change_set
    assert (change.by, change.kind) == (clerk, ChangeSet.Kind.PAGE)


def test_second_count_of_a_day_changes_the_first(client, clerk, addresses):
    client.force_login(clerk)
    send(client, addresses["members"], day="2026-06-30", total="43")
    send(client, addresses["members"], day="2026-06-30", total="44")

    assert MemberCount.objects.get().total == 44


def test_form_starts_from_the_latest_count_as_of_today(client, clerk, addresses, cell):
    MemberCount.objects.create(cell=cell, day=date(2026, 1, 1), total=43)
    client.force_login(clerk)

    initial = client.get(addresses["members"]).context["form"].initial

    assert (initial["day"], initial["total"]) == (TODAY(), 43)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"total": "43", "active": "17", "exempt": "16", "away": "9"}, "Tổng"),
        ({"total": "-1"}, "0"),
        ({}, "ít nhất một"),
        ({"total": "43", "day": ""}, "Chưa nhập"),
        ({"total": "10", "women": "11"}, "nữ"),
    ],
)
def test_wrong_member_counts_are_refused_with_a_sentence(client, clerk, addresses, data, sentence):
    client.force_login(clerk)

    response = send(client, addresses["members"], **{"day": "2026-06-30", **data})

    assert response.status_code == 200
    errors = " ".join(
        str(error) for messages in response.context["form"].errors.values() for error in messages
    )
    assert sentence in errors
    assert not MemberCount.objects.exists()


def test_count_of_a_day_to_come_is_refused(client, clerk, addresses):
    client.force_login(clerk)

    response = send(client, addresses["members"], day=TODAY() + timedelta(days=1), total="43")

    assert "day" in response.context["form"].errors
    assert not MemberCount.objects.exists()


def test_stale_form_overwrites_nothing_and_names_who_was_quicker(client, clerk, officer, addresses, cell):
    client.force_login(clerk)
    stale = seen(client, addresses["members"])
    client.force_login(officer)
    send(client, addresses["members"], day="2026-06-30", total="50")
    client.force_login(clerk)

    response = client.post(addresses["members"], {"seen": stale, "day": "2026-06-30", "total": "43"})

    assert str(officer) in response.context["form"].non_field_errors()[0]
    assert MemberCount.objects.get().total == 50
    # The page now carries the new state: sending it again is a decision.
    again = response.context["form"]["seen"].value()
    client.post(addresses["members"], {"seen": again, "day": "2026-06-30", "total": "43"})
    assert MemberCount.objects.get().total == 43


def test_form_without_a_mark_saves_nothing(client, clerk, addresses):
    client.force_login(clerk)

    client.post(addresses["members"], {"day": "2026-06-30", "total": "43"})

    assert not MemberCount.objects.exists()


def test_household_count_is_saved(client, clerk, addresses, hamlet):
    client.force_login(clerk)

    send(client, addresses["households"], day="2026-06-30", households="468", poor="7", near_poor="3")

    count = HouseholdCount.objects.get()
    assert (count.hamlet, count.households, count.poor, count.people) == (hamlet, 468, 7, None)


def test_more_poor_households_than_households_are_refused(client, clerk, addresses):
    client.force_login(clerk)

    response = send(client, addresses["households"], day="2026-06-30", households="4", poor="7")

    assert response.status_code == 200
    assert not HouseholdCount.objects.exists()


def test_new_name_of_a_cell_holds_from_its_day(client, clerk, addresses, cell):
    client.force_login(clerk)

    send(client, addresses["cell"], name="Chi bộ ấp Phước Hậu A", name_from="2026-06-01", position="3")

    cell.refresh_from_db()
    assert (cell.name, cell.position) == ("Chi bộ ấp Phước Hậu A", 3)
    assert cell.periods.on(date(2026, 5, 31)).get().name == "Chi bộ ấp Phước Hậu"


def test_new_name_needs_its_day(client, clerk, addresses, cell):
    client.force_login(clerk)

    response = send(client, addresses["cell"], name="Tên khác", position="3")

    assert "name_from" in response.context["form"].errors
    cell.refresh_from_db()
    assert cell.position is None


def test_new_name_before_the_cell_existed_is_refused_and_saves_nothing(client, clerk, addresses, hamlet):
    young = factories.cell(of=hamlet, name="Chi bộ trẻ", starts_on=date(2025, 1, 1))
    client.force_login(clerk)

    response = send(
        client,
        reverse("entry:cell_edit", args=[young.pk]),
        name="Tên khác",
        name_from="2020-01-01",
        position="3",
    )

    assert response.context["form"].non_field_errors()
    young.refresh_from_db()
    assert (young.name, young.position) == ("Chi bộ trẻ", None)


def test_one_button_confirms_the_month(client, clerk, addresses, commune):
    client.force_login(clerk)

    response = client.post(addresses["confirm"], {"unchanged": "1"})

    assert response.status_code == 302
    word = Confirmation.objects.get()
    assert (word.commune, word.month, word.confirmed_by, word.note) == (
        commune,
        TODAY().replace(day=1),
        clerk,
        "",
    )


def test_second_press_changes_nothing(client, clerk, officer, addresses):
    client.force_login(clerk)
    client.post(addresses["confirm"], {"unchanged": "1"})
    client.force_login(officer)
    client.post(addresses["confirm"], {"unchanged": "1"})

    assert Confirmation.objects.get().confirmed_by == clerk


def test_confirmation_with_a_note_replaces_the_first_word(client, clerk, addresses):
    client.force_login(clerk)
    client.post(addresses["confirm"], {"unchanged": "1"})
    send(client, addresses["confirm"], note="Thay bí thư chi bộ ấp 2")

    word = Confirmation.objects.get()
    assert word.note == "Thay bí thư chi bộ ấp 2"
    assert word.history.count() == 2
