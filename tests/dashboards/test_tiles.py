"""The province says which figures each role sees first; the overview and the first pages follow."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Role
from dashboards.figures.definitions import DEFINITIONS
from dashboards.models import Tiles
from dashboards.tiles import USUAL
from tests import factories

HOME = reverse("dashboards:home")


@pytest.fixture(autouse=True)
def _a_hamlet(commune):
    factories.cell(of=factories.hamlet(parent=commune))


def page_of(province, role=Role.LEADER):
    return reverse("figures:tiles", args=[province.pk, role.value])


def arrange(client, user, province, role=Role.LEADER, **places):
    client.force_login(user)
    seen = client.get(page_of(province, role)).context["form"]["seen"].value()
    return client.post(page_of(province, role), {"seen": seen, **places})


def labels(client, user, address, key="tiles"):
    client.force_login(user)
    return [tile["quote_key"] for tile in client.get(address).context[key]]


def overview(unit):
    return reverse("dashboards:overview_unit", args=[unit.pk])


def test_the_overview_of_the_role_shows_the_chosen_figures_in_their_order(
    client, officer, reader, province, commune
):
    arrange(client, officer, province, cells="1", vacant_heads="2", merged_role="3")

    for unit in (province, commune):
        assert labels(client, reader, overview(unit)) == ["cells", "vacant_heads", "merged_role"]
    # Another role sees what it saw.
    assert labels(client, officer, overview(province))[0] == USUAL[0]


def test_two_with_the_same_number_stand_in_the_order_of_the_list(client, officer, province):
    arrange(client, officer, province, vacant_heads="1", merged_role="1", cells="7")

    assert Tiles.objects.get().figures == ["merged_role", "vacant_heads", "cells"]


def test_the_first_page_of_a_leader_follows_and_says_the_merged_role_once(client, officer, reader, province):
    assert labels(client, reader, HOME) == ["vacant_secretaries", "vacant_heads"]

    arrange(client, officer, province, merged_role="1", cells="2", front_merged="3")

    assert labels(client, reader, HOME) == ["cells", "front_merged"]


@pytest.mark.parametrize(("role", "who"), [(Role.PROVINCIAL_STAFF, "officer"), (Role.COMMUNE_STAFF, "clerk")])
def test_first_pages_of_clerks_have_tiles_only_where_the_province_wants_them(
    client, officer, province, request, role, who
):
    user = request.getfixturevalue(who)
    assert labels(client, user, HOME) == []

    arrange(client, officer, province, role=role, **{code: n for n, code in enumerate(USUAL[:6], 1)})

    assert labels(client, user, HOME) == [code for code in USUAL[:4] if code in DEFINITIONS]


def test_the_usual_ones_come_back(client, officer, reader, province):
    arrange(client, officer, province, cells="1")
    client.post(page_of(province), {"usual": "1"})

    assert not Tiles.objects.exists()
    assert labels(client, reader, overview(province))[0] == USUAL[0]


def test_none_at_all_is_refused(client, officer, province):
    response = arrange(client, officer, province)

    assert "Ghi thứ tự cho ít nhất một số liệu" in response.content.decode()
    assert not Tiles.objects.exists()


@pytest.mark.parametrize("place", ["0", "-1", "999", "đầu"])
def test_a_place_is_a_number_of_the_list(client, officer, province, place):
    assert arrange(client, officer, province, cells=place).context["form"].errors["cells"]


def test_of_two_who_arrange_at_once_the_second_is_told(client, officer, province):
    colleague = factories.user(role=Role.PROVINCIAL_STAFF, keeps=[province])
    client.force_login(colleague)
    seen = client.get(page_of(province)).context["form"]["seen"].value()
    arrange(client, officer, province, cells="1")
    client.force_login(colleague)

    response = client.post(page_of(province), {"seen": seen, "members": "1"})

    assert str(officer) in response.content.decode()
    assert Tiles.objects.get().figures == ["cells"]


def test_a_figure_that_is_no_more_is_left_out(client, reader, province):
    Tiles.objects.create(province=province, role=Role.LEADER, figures=["cells", "gone"])

    assert labels(client, reader, overview(province)) == ["cells"]


def test_a_role_that_has_no_tiles_has_no_page(client, officer, province):
    client.force_login(officer)

    assert client.get(reverse("figures:tiles", args=[province.pk, "administrator"])).status_code == 404
    assert client.get(reverse("figures:tiles", args=[province.pk, "nobody"])).status_code == 404


def test_only_the_province_is_led_to_the_page(client, officer, reader, province, commune):
    found = {}
    for user in (officer, reader):
        client.force_login(user)
        found[user] = [
            bool(client.get(overview(unit)).context["arrange_url"]) for unit in (province, commune)
        ]

    assert found == {officer: [True, False], reader: [False, False]}


def test_a_role_has_one_choice_in_a_province(province):
    Tiles.objects.create(province=province, role=Role.LEADER, figures=["cells"])

    with pytest.raises(IntegrityError), transaction.atomic():
        Tiles.objects.create(province=province, role=Role.LEADER, figures=["members"])
