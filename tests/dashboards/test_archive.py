"""The clerk of a commune that has ended: works for the new one, reads the archive of the old one, changes nothing there."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Role
from cells.actions import change_cell, change_unit, close_unit, succeed
from cells.dated import ONE_DAY
from cells.models import Grant, MemberCount
from leaders.models import Office
from tests import factories
from tests.worlds import kept

HOME = reverse("dashboards:home")
DAY = date(2025, 7, 1)
LAST_DAY = DAY - ONE_DAY


@kept
def old(province):
    """A commune that ended: one hamlet with its cell went to the clerk's new commune, one to a neighbour."""
    return factories.commune(parent=province, name="Tam Phước")


@kept
def places(old, commune, neighbour):
    """Return hamlet and cell that came along, and those that went to the neighbour."""
    moved = []
    for name, home in (("Phước Hậu", commune), ("Phước Thạnh", neighbour)):
        hamlet = factories.hamlet(parent=old, name=name)
        cell = factories.cell(of=hamlet, name=f"Chi bộ ấp {name}")
        MemberCount.objects.create(cell=cell, day=date(2025, 1, 1), total=20)
        factories.tenure(cell=cell, person=factories.person(keeper=old, full_name=f"Bí Thư {name}"))
        change_unit(hamlet, on=DAY, parent=home)
        change_cell(cell, on=DAY, commune=home)
        moved.append((hamlet, cell))
    close_unit(old, last_day=LAST_DAY)
    for home in (commune, neighbour):
        succeed([old], home, on=DAY, part="part")
    return moved


@kept
def clerk(old, places, commune):
    """What a reorganisation gives the clerk of a commune it ends."""
    clerk = factories.user(role=Role.COMMUNE_STAFF)
    Grant.objects.create(user=clerk, unit=old, ends_on=LAST_DAY)
    Grant.objects.create(user=clerk, unit=commune, starts_on=DAY)
    Grant.objects.create(
        user=clerk, unit=old, starts_on=DAY, access=Grant.Access.READ, source=Grant.Source.ARCHIVE
    )
    return clerk


def open_page(client, url, **query) -> str:
    response = client.get(url, query, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_first_page_is_the_new_commune_and_leads_to_the_archive(client, clerk, old, commune):
    client.force_login(clerk)

    response = client.get(HOME)

    assert response.context["unit"] == commune
    assert response.context["is_kept"]
    page = response.content.decode()
    assert "Ấp Phước Hậu" in page
    assert "Phước Thạnh" not in page
    assert f'href="{old.get_absolute_url()}"' in page
    assert "Lưu trữ" in page


@pytest.mark.parametrize("name", ["hamlet_list", "cell_list", "person_list"])
def test_lists_of_today_are_of_the_new_commune_only(client, clerk, name):
    client.force_login(clerk)

    page = open_page(client, reverse(f"dashboards:{name}"))

    assert "Phước Hậu" in page
    assert "Phước Thạnh" not in page


@pytest.mark.parametrize("name", ["hamlet_list", "cell_list", "person_list"])
def test_lists_of_a_past_day_hold_what_stood_in_the_archive_then(client, clerk, name):
    client.force_login(clerk)

    assert "Phước Thạnh" in open_page(client, reverse(f"dashboards:{name}"), ngay=LAST_DAY.isoformat())
    assert "Phước Thạnh" not in open_page(client, reverse(f"dashboards:{name}"), ngay=DAY.isoformat())


def test_the_archive_shows_the_figures_of_its_last_day(client, clerk, old):
    client.force_login(clerk)

    page = open_page(client, old.get_absolute_url(), ngay=LAST_DAY.isoformat())

    assert "Xã Tam Phước hoạt động đến hết ngày 30/06/2025" in page
    assert "Phước Hậu" in page
    assert "Phước Thạnh" in page


def test_the_archive_shows_where_everything_went(client, clerk, old, places):
    client.force_login(clerk)

    page = open_page(client, old.get_absolute_url())

    for hamlet, cell in places:
        assert f'href="{hamlet.get_absolute_url()}"' in page
        assert f'href="{cell.get_absolute_url()}"' in page


@pytest.mark.parametrize("which", [0, 1])
def test_records_of_the_archive_open_and_only_those_of_the_new_commune_have_buttons(
    client, clerk, places, which
):
    client.force_login(clerk)

    for record in places[which]:
        page = open_page(client, record.get_absolute_url())
        assert ("/sua/" in page or "Cập nhật" in page) == (which == 0)
        assert ("Lịch sử thay đổi" in page) == (which == 0)


def test_what_went_to_a_neighbour_cannot_be_changed_by_its_address(client, clerk, places):
    hamlet, cell = places[1]
    client.force_login(clerk)

    for url in (
        reverse("entry:household_count", args=[hamlet.pk]),
        reverse("entry:member_count", args=[cell.pk]),
        reverse("entry:cell_edit", args=[cell.pk]),
        reverse("leaders:fill_hamlet_seat", args=[hamlet.pk, Office.HAMLET_HEAD]),
    ):
        assert client.get(url).status_code == 403
        assert client.post(url, {}).status_code == 403


def test_nothing_of_the_closed_commune_itself_can_be_changed(client, clerk, old):
    client.force_login(clerk)

    assert client.post(reverse("leaders:confirm", args=[old.pk]), {"unchanged": "1"}).status_code == 404


def test_the_neighbour_stays_shut(client, clerk, neighbour):
    there = factories.hamlet(parent=neighbour, name="Láng Giềng")
    client.force_login(clerk)

    assert client.get(neighbour.get_absolute_url()).status_code == 404
    assert client.get(there.get_absolute_url()).status_code == 404


def test_a_clerk_with_nothing_but_an_archive_reads_it(client, old, places):
    reader = factories.user(role=Role.COMMUNE_STAFF)
    Grant.objects.create(user=reader, unit=old, access=Grant.Access.READ, source=Grant.Source.ARCHIVE)
    client.force_login(reader)

    home = open_page(client, HOME)

    assert f'href="{old.get_absolute_url()}"' in home
    page = open_page(client, old.get_absolute_url(), ngay=LAST_DAY.isoformat())
    assert "Phước Thạnh" in page
