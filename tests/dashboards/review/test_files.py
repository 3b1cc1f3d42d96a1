"""A commune's file as the province sees it: rows added and taken off with a reason, many received at once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from evaluations.models import CellRating, LeaderRating, Level, RuleSet, Step, Submission
from evaluations.review.steps import take
from tests import factories
from tests.dashboards.review.conftest import YEAR, Kind, get
from tests.dashboards.review.test_opening import post


@pytest.fixture
def sent(file, send):
    return send(file, [Level.EXCELLENT, Level.GOOD, Level.GOOD])


@pytest.fixture
def neighbour_sent(neighbour, neighbour_file, send):
    clerk = factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])
    return send(neighbour_file, [Level.GOOD, Level.GOOD], by=clerk)


def test_what_was_sent_is_shown_with_its_buttons(client, officer, reader, sent):
    page = get(client, officer, "file", YEAR, sent.pk)

    assert [button.kind for button in page.context["buttons"]] == [Kind.RECEIVED, Kind.RETURNED]
    assert "level-EXCELLENT" in page.content.decode()
    assert get(client, reader, "file", YEAR, sent.pk).context["buttons"] == []


def test_a_cell_left_out_is_added_with_a_reason_that_shows(client, officer, file, cells):
    row = CellRating.objects.get(cell=cells[2])
    post(client, officer, "take_off", YEAR, file.pk, "chi-bo", row.pk, reason="Đưa nhầm")
    assert not CellRating.objects.filter(cell=cells[2]).exists()

    post(client, officer, "add", YEAR, file.pk, "chi-bo", cell=cells[2].pk, reason="Sót khi chốt")

    assert CellRating.objects.get(cell=cells[2]).roster_reason == "Sót khi chốt"
    text = get(client, officer, "file", YEAR, file.pk).content.decode()
    assert "Đưa nhầm" in text
    assert "Sót khi chốt" in text


def test_a_secretary_of_the_year_who_is_not_on_the_list_is_added(client, officer, file, cells, commune):
    seat = factories.tenure(cell=cells[1], person=factories.person(keeper=commune))

    post(client, officer, "add", YEAR, file.pk, "nguoi", seat=seat.pk, reason="Nhập bổ sung")

    assert LeaderRating.objects.filter(person=seat.person, roster_reason="Nhập bổ sung").exists()


def test_without_a_reason_the_list_stays(client, officer, file, cells):
    row = CellRating.objects.get(cell=cells[0])

    response = post(client, officer, "take_off", YEAR, file.pk, "chi-bo", row.pk, status=200, reason=" ")

    assert "reason" in response.context["form"].errors
    assert CellRating.objects.filter(pk=row.pk).exists()


def test_what_was_decided_is_not_taken_off(client, officer, sent, cells):
    row = CellRating.objects.get(cell=cells[0])

    response = post(client, officer, "take_off", YEAR, sent.pk, "chi-bo", row.pk, status=200, reason="Nhầm")

    assert "đính chính" in response.content.decode().lower()
    assert CellRating.objects.filter(pk=row.pk).exists()


def test_a_cell_of_another_commune_cannot_be_added(client, officer, file, neighbour_cells):
    response = post(
        client, officer, "add", YEAR, file.pk, "chi-bo", status=200, cell=neighbour_cells[0].pk, reason="Thử"
    )

    assert "cell" in response.context["form"].errors


def test_a_row_of_another_file_is_not_there(client, officer, file, neighbour_cells):
    row = CellRating.objects.get(cell=neighbour_cells[0])

    post(client, officer, "take_off", YEAR, file.pk, "chi-bo", row.pk, status=404, reason="Thử")
    post(client, officer, "take_off", YEAR, file.pk, "khac", row.pk, status=404, reason="Thử")


def test_a_commune_gets_a_day_of_its_own_and_loses_it_again(client, officer, file):
    later = timezone.localdate() + timedelta(days=30)
    post(client, officer, "deadline", YEAR, file.pk, deadline=later.isoformat())
    file.refresh_from_db()
    assert file.due_on == later

    post(client, officer, "deadline", YEAR, file.pk, deadline="")
    file.refresh_from_db()
    assert file.deadline is None
    assert list(file.steps.values_list("kind", flat=True)) == [Kind.LIST_FIXED, Kind.DEADLINE, Kind.DEADLINE]


def test_the_higher_share_is_granted_where_the_rules_know_one(client, officer, file):
    RuleSet.objects.filter(pk=file.cycle.rule_set_id).update(outstanding_share=None)
    post(client, officer, "outstanding", YEAR, file.pk)
    file.refresh_from_db()
    assert not file.is_outstanding

    RuleSet.objects.filter(pk=file.cycle.rule_set_id).update(outstanding_share=25)
    post(client, officer, "outstanding", YEAR, file.pk)
    file.refresh_from_db()
    assert file.is_outstanding


# --- many at once ------------------------------------------------------------------------


def ticked(*files) -> dict:
    return {"file": [file.pk for file in files], **{f"revision_{file.pk}": file.revision for file in files}}


def test_ticked_files_are_received_one_by_one(client, officer, sent, neighbour_sent):
    assert len(get(client, officer, "receive").context["rows"]) == 2

    post(client, officer, "receive", **ticked(sent, neighbour_sent))

    assert set(Submission.objects.values_list("state", flat=True)) == {"received"}
    assert Step.objects.filter(kind=Kind.RECEIVED).count() == 2


def test_a_file_changed_meanwhile_is_told_and_the_others_are_received(
    client, officer, clerk, sent, neighbour_sent
):
    stale = ticked(sent, neighbour_sent)
    again = take(take(sent, Kind.WITHDRAWN, by=clerk, text="Sửa"), Kind.SENT, by=clerk)

    client.force_login(officer)
    page = client.post(reverse("review_board:receive", args=[YEAR]), stale, follow=True).content.decode()

    states = dict(Submission.objects.values_list("commune__name", "state"))
    assert states == {"Phú Túc": "sent", "Giao Long": "received"}
    assert "Đã tiếp nhận 1 hồ sơ" in page
    assert "Xã Phú Túc: " in page
    assert again.state == "sent"


def test_a_second_click_receives_nothing_twice(client, officer, sent):
    chosen = ticked(sent)
    post(client, officer, "receive", **chosen)

    page = client.post(reverse("review_board:receive", args=[YEAR]), chosen, follow=True).content.decode()

    assert Step.objects.filter(kind=Kind.RECEIVED).count() == 1
    assert "không có gì bị làm hai lần" in page


def test_nothing_ticked_is_said(client, officer, sent):
    client.force_login(officer)
    page = client.post(reverse("review_board:receive", args=[YEAR]), follow=True).content.decode()

    assert "Chưa chọn hồ sơ nào" in page


def test_a_file_of_another_province_is_not_received(client, outsider, province, sent):
    client.force_login(outsider)

    assert client.post(reverse("review_board:receive", args=[YEAR]), ticked(sent)).status_code == 404
    sent.refresh_from_db()
    assert sent.state == "sent"


@pytest.mark.parametrize("name", ["deadline", "outstanding"])
def test_only_those_who_run_the_review_grant_anything(client, reader, clerk, outsider, file, name):
    for user, status in ((reader, 403), (clerk, 403), (outsider, 404)):
        post(client, user, name, YEAR, file.pk, status=status)


def test_the_province_puts_in_the_telephone_of_a_commune(client, officer, clerk, file):
    post(client, officer, "phones", YEAR, file.pk, **{f"phone_{clerk.pk}": "0270 382 3333"})
    clerk.refresh_from_db()
    assert clerk.phone == "0270 382 3333"

    response = post(client, officer, "phones", YEAR, file.pk, status=200, **{f"phone_{clerk.pk}": "không có"})
    assert "Số điện thoại chỉ gồm chữ số" in response.content.decode()


def test_only_telephones_of_that_commune_are_put_in(client, officer, reader, file):
    post(client, officer, "phones", YEAR, file.pk, **{f"phone_{reader.pk}": "0270 382 3333"})

    reader.refresh_from_db()
    assert reader.phone == ""
