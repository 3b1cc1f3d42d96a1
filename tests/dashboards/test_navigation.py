import pytest
from django.urls import reverse

from accounts.models import Role
from cells.kinds import Kind
from dashboards.navigation import site_frame
from dashboards.wording import HamletWords
from tests import factories

HOME = reverse("dashboards:home")


@pytest.fixture
def hamlet(commune):
    return factories.hamlet(parent=commune, kind=Kind.KHOM)


@pytest.fixture
def follower(hamlet):
    return factories.user(role=Role.FOLLOW_UP_OFFICER, reads=[hamlet])


@pytest.fixture
def administrator():
    return factories.user(role=Role.ADMINISTRATOR)


@pytest.mark.parametrize("who", ["officer", "clerk", "reader", "follower", "administrator"])
def test_every_entry_of_the_menu_opens(client, request, hamlet, who):
    client.force_login(request.getfixturevalue(who))

    menu = client.get(HOME).context["menu"]

    assert [entry.label for entry in menu if entry.current] == ["Công việc cần làm"]
    for entry in menu:
        assert client.get(entry.url, follow=True).status_code == 200


def test_only_staff_find_the_administration(client, officer, clerk, hamlet):
    client.force_login(officer)
    assert "Quản trị hệ thống" in [entry.label for entry in client.get(HOME).context["menu"]]

    client.force_login(clerk)
    assert "Quản trị hệ thống" not in [entry.label for entry in client.get(HOME).context["menu"]]


def test_menu_speaks_of_the_hamlets_by_their_kind(client, clerk, hamlet):
    client.force_login(clerk)

    labels = [entry.label for entry in client.get(HOME).context["menu"]]

    assert "Khóm" in labels
    assert "Bí thư, trưởng khóm" in labels


def test_unit_of_the_reader_stands_beside_the_name(client, clerk, commune, neighbour):
    client.force_login(clerk)
    assert str(client.get(HOME).context["unit_label"]) == "Xã Phú Túc"

    client.force_login(factories.user(role=Role.COMMUNE_STAFF, keeps=[commune, neighbour]))
    assert str(client.get(HOME).context["unit_label"]) == "Xã Giao Long và 1 đơn vị khác"


def test_frame_asks_nothing_of_the_database_until_a_page_prints_it(rf, officer, django_assert_num_queries):
    request = rf.get(HOME)
    request.user = officer

    with django_assert_num_queries(0):
        site_frame(request)


@pytest.mark.parametrize(
    ("kinds", "head"),
    [
        ((), "trưởng thôn, tổ dân phố"),
        ((Kind.AP, Kind.KHOM), "trưởng ấp, khóm"),
        ((Kind.THON, Kind.TO_DAN_PHO), "trưởng thôn, tổ trưởng tổ dân phố"),
    ],
)
def test_head_is_called_after_the_hamlets(kinds, head):
    assert HamletWords(kinds).head == head
