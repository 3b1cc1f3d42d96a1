"""What the first page of each role says about reorganisations."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from cells.models import LineKind, Reorganisation
from tests import factories
from tests.desk.reorganisation.acting import event_of, line

HOME = reverse("dashboards:home")
State = Reorganisation.State
TODAY = timezone.localdate()


def page(client, user):
    client.force_login(user)
    return client.get(HOME)


def in_state(commune, state: str, **fields):
    return event_of(commune, title=f"Đợt {state}", state=state, **fields)


def test_a_province_counts_what_it_has_to_check_and_to_carry_out(client, officer, commune):
    in_state(commune, State.SUBMITTED)
    in_state(commune, State.SUBMITTED)
    in_state(commune, State.CHECKED)
    in_state(commune, State.DRAFT)
    in_state(factories.commune(), State.SUBMITTED)  # of another province

    counts = page(client, officer).context["to_deal_with"]

    assert [one.count for one in counts] == [2, 1]
    for one in counts:
        assert client.get(one.url).context["page"].paginator.count == one.count


def test_a_province_without_drafts_is_told_nothing(client, officer, commune):
    response = page(client, officer)

    assert response.context["to_deal_with"] == []
    assert "Chờ xử lý" not in response.content.decode()


def test_a_commune_reads_in_full_what_the_province_asks(client, clerk, commune, neighbour):
    word = "Bổ sung nghị quyết.\nGhi rõ ngày có hiệu lực."
    event = in_state(commune, State.DRAFT, remark=word)
    in_state(neighbour, State.DRAFT, remark="Của xã khác")

    text = page(client, clerk).content.decode()

    assert "Bổ sung nghị quyết.<br>Ghi rõ ngày có hiệu lực." in text
    assert event.get_absolute_url() in text
    assert "Của xã khác" not in text


@pytest.fixture
def administrator():
    return factories.user(role=Role.ADMINISTRATOR, keeps=[None])


def test_an_administrator_sees_what_waits_for_its_day_and_what_for_a_person(client, administrator, commune):
    hamlet = factories.hamlet(parent=commune)
    events = {
        days: in_state(commune, State.WAITING, effective_on=TODAY + timedelta(days=days)) for days in (-1, 9)
    }
    for event in events.values():
        line(event, LineKind.RENAME, unit=hamlet, name="Mới", on=event.effective_on)
    stopped = in_state(commune, State.SUBMITTED, remark="Tác động đã khác.")
    in_state(commune, State.SUBMITTED)

    response = page(client, administrator)

    assert [row.event for row in response.context["waiting_for_a_day"]] == [events[9]]
    assert {row.event for row in response.context["waiting_for_somebody"]} == {events[-1], stopped}
    assert "Tác động đã khác." in response.content.decode()


def test_the_first_pages_need_the_same_queries_for_any_number_of_events(client, officer, clerk, commune):
    def queries(user) -> int:
        client.force_login(user)
        with CaptureQueriesContext(connection) as captured:
            client.get(HOME)
        return len(captured)

    before = [queries(user) for user in (officer, clerk)]
    for _number in range(6):
        in_state(commune, State.SUBMITTED)
        in_state(commune, State.DRAFT, remark="Bổ sung")

    assert [queries(user) for user in (officer, clerk)] == before
