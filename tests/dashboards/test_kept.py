"""Counts of the whole country are kept for some minutes: said on the page, and of nothing below the country."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from dashboards.figures import kept
from dashboards.figures.board import Board
from dashboards.figures.frames import Frame
from leaders.models import Contest
from tests import factories

TERM = "2025-2027"
COUNTRY = reverse("dashboards:overview")


@pytest.fixture(autouse=True)
def long(monkeypatch, db):
    """Everything takes long here."""
    monkeypatch.setattr(kept, "LONG", -1)
    caches[kept.CACHE].clear()


@pytest.fixture
def reader(db):
    return factories.user(role=Role.LEADER, reads=[None])


def called(commune) -> Contest:
    return Contest.objects.create(
        kind=Contest.Kind.HEAD_ELECTION, hamlet=factories.hamlet(parent=commune), term=TERM
    )


def hamlets_in(board: Board) -> int:
    return sum(counts["kind_ap"] for counts in board.hamlets.values())


def hamlets_of(page) -> int:
    return hamlets_in(page.context["board"])


def test_the_country_is_counted_once_and_the_page_says_when(client, reader, commune, time_machine):
    time_machine.move_to("2026-11-29 08:05+07:00", tick=False)
    factories.hamlet(parent=commune)
    client.force_login(reader)

    first = client.get(COUNTRY)
    factories.hamlet(parent=commune)
    time_machine.shift(timedelta(minutes=9))
    client.force_login(reader)
    second = client.get(COUNTRY)

    assert (hamlets_of(first), hamlets_of(second)) == (1, 1)
    said = "số liệu cả nước tính lúc 08:05 29/11/2026, sau 10 phút mới tính lại"
    assert said not in first.text
    assert said in second.text


def test_after_ten_minutes_it_is_counted_anew(client, reader, commune, time_machine):
    time_machine.move_to("2026-11-29 08:05+07:00", tick=False)
    factories.hamlet(parent=commune)
    client.force_login(reader)
    client.get(COUNTRY)
    factories.hamlet(parent=commune)

    time_machine.shift(timedelta(minutes=11))
    client.force_login(reader)

    assert hamlets_of(client.get(COUNTRY)) == 2


def test_other_questions_asked_meanwhile_keep_no_count_longer(reader, commune, time_machine):
    time_machine.move_to("2026-11-29 08:05+07:00", tick=False)
    factories.hamlet(parent=commune)

    def asked():
        return Board(Frame(None, timezone.localdate(), reader))

    hamlets_in(asked())
    factories.hamlet(parent=commune)
    time_machine.shift(timedelta(minutes=9))
    assert asked().cells == {}
    time_machine.shift(timedelta(minutes=2))

    assert hamlets_in(asked()) == 2


def test_a_province_is_counted_each_time(client, officer, province, commune):
    page = reverse("dashboards:overview_unit", args=[province.pk])
    factories.hamlet(parent=commune)
    client.force_login(officer)
    client.get(page)
    factories.hamlet(parent=commune)

    assert hamlets_of(client.get(page)) == 2


def test_another_day_is_another_question(reader, commune):
    today = timezone.localdate()
    factories.hamlet(parent=commune, starts_on=today)

    days = (today, today - timedelta(days=1), today)
    assert [hamlets_in(Board(Frame(None, day, reader))) for day in days] == [1, 0, 1]


def test_who_sees_less_is_not_told_what_was_counted_for_who_sees_all(reader, commune):
    factories.hamlet(parent=commune)
    clerk = factories.user(role=Role.COMMUNE_STAFF, keeps=[factories.commune()])

    day = timezone.localdate()
    assert [hamlets_in(Board(Frame(None, day, user))) for user in (reader, clerk)] == [1, 0]


def test_a_command_counts_for_itself(reader, commune):
    day = timezone.localdate()
    factories.hamlet(parent=commune)
    hamlets_in(Board(Frame(None, day, reader)))
    factories.hamlet(parent=commune)

    assert hamlets_in(Board(Frame(None, day))) == 2


def test_what_is_counted_quickly_is_not_kept(monkeypatch, client, reader, commune):
    monkeypatch.setattr(kept, "LONG", 3600)
    factories.hamlet(parent=commune)
    client.force_login(reader)
    client.get(COUNTRY)
    factories.hamlet(parent=commune)

    assert hamlets_of(client.get(COUNTRY)) == 2


def test_the_board_of_a_term_keeps_its_counts_for_the_country_too(client, reader, commune, time_machine):
    time_machine.move_to("2026-11-29 08:05+07:00", tick=False)
    called(commune)
    page = reverse("elections_board:board", args=[TERM])
    client.force_login(reader)

    first = client.get(page)
    called(commune)
    second = client.get(page)

    assert [page.context["total"].election.called for page in (first, second)] == [1, 1]
    assert "Số liệu cả nước tính lúc 08:05 29/11/2026" in second.text
