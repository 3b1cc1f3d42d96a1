"""A year is opened, its notice copied, its lists fixed, taken back or locked – by those who run it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ChangeSet, Role
from evaluations.models import CellRating, CommuneRating, ReviewCycle, Submission
from evaluations.review.opening import confirm_list
from tests import factories
from tests.dashboards.review.conftest import YEAR, get

TODAY = timezone.localdate()
OPEN = {
    "year": YEAR,
    "list_deadline": TODAY.isoformat(),
    "roster_day": TODAY.isoformat(),
    "deadline": (TODAY + timedelta(days=12)).isoformat(),
    "leaders": "secretaries",
    "group_hamlet": "Chi bộ ấp",
    "group_office": "Chi bộ cơ quan, trường học",
    "group_school": "Chi bộ cơ quan, trường học",
}


def post(client, user, name, *args, status=302, **values):
    client.force_login(user)
    keys = args or ([] if name in ("open", "years") else [YEAR])
    response = client.post(reverse(f"review_board:{name}", args=keys), values)
    assert response.status_code == status, response.content.decode()[:2000]
    return response


def test_a_province_without_a_year_is_led_to_opening_one(client, officer, clerk):
    client.force_login(officer)
    assert reverse("review_board:open") in client.get(reverse("review_board:years")).content.decode()
    client.force_login(clerk)
    assert reverse("review_board:open") not in client.get(reverse("review_board:years")).content.decode()


def test_the_form_suggests_days_and_a_group_for_each_kind(client, officer, cells):
    client.force_login(officer)

    form = client.get(reverse("review_board:open")).context["form"]

    assert form["year"].value() == YEAR
    assert form["group_hamlet"].value() == "Chi bộ ấp"
    assert all(field.value() for field in form.group_fields)
    assert form.initial["list_deadline"] <= form.initial["roster_day"] <= form.initial["deadline"]


def test_a_year_is_opened_with_its_groups_and_leads_to_its_notice(client, officer, province, cells):
    response = post(client, officer, "open", province=province.pk, **OPEN)

    cycle = ReviewCycle.objects.get()
    assert response["Location"] == reverse("review_board:notice", args=[YEAR])
    assert (cycle.state, cycle.province) == ("preparing", province)
    assert dict(cycle.kind_groups.values_list("kind", "name")) == {
        "hamlet": "Chi bộ ấp",
        "office": "Chi bộ cơ quan, trường học",
        "school": "Chi bộ cơ quan, trường học",
    }
    assert ChangeSet.objects.filter(by=officer, reason=f"Mở đợt đánh giá, xếp loại năm {YEAR}").exists()


def test_days_in_the_wrong_order_are_said_beside_their_field(client, officer, province, cells):
    wrong = OPEN | {"deadline": (TODAY - timedelta(days=1)).isoformat()}

    form = post(client, officer, "open", province=province.pk, status=200, **wrong).context["form"]

    assert "deadline" in form.errors
    assert not ReviewCycle.objects.exists()


def test_a_year_cannot_be_opened_twice(client, officer, province, prepared):
    response = post(client, officer, "open", province=province.pk, status=200, **OPEN)

    assert "đã có" in response.content.decode()
    assert ReviewCycle.objects.count() == 1


def test_the_notice_is_plain_text_with_deadlines_and_the_address(client, officer, prepared):
    officer.phone = "0270 382 2222"
    officer.save()

    text = get(client, officer, "notice").context["text"]

    assert f"http://testserver/danh-gia/{YEAR}/" in text
    assert '"Xác nhận danh sách đúng"' in text
    assert f"{prepared.deadline:%d/%m/%Y}" in text
    assert "0270 382 2222" in text
    assert "bạn" not in text


def test_the_lists_are_fixed_after_saying_who_has_not_confirmed(client, officer, clerk, prepared, commune):
    confirm_list(factories.file_of(commune, prepared), by=clerk)

    page = get(client, officer, "fix").content.decode()

    assert "1 xã chưa xác nhận danh sách: Xã Giao Long" in page
    assert not CellRating.objects.exists()
    post(client, officer, "fix")
    assert CellRating.objects.count() == 5
    assert set(CommuneRating.objects.values_list("commune__name", flat=True)) == {"Phú Túc", "Giao Long"}


def test_a_second_click_fixes_nothing_twice_and_says_so(client, officer, prepared):
    post(client, officer, "fix")

    response = client.post(reverse("review_board:fix", args=[YEAR]), follow=True)

    assert CellRating.objects.count() == 5
    assert "đã chuyển" in response.content.decode()


def test_a_year_is_taken_back_only_before_its_lists_are_fixed(client, officer, prepared):
    post(client, officer, "discard")
    assert not ReviewCycle.objects.exists()

    factories.open_review(by=officer)
    post(client, officer, "discard")
    assert ReviewCycle.objects.get().state == "open"


def test_deadlines_change_and_the_roster_day_only_while_lists_are_looked_through(client, officer, prepared):
    later = TODAY + timedelta(days=20)
    post(client, officer, "days", deadline=later.isoformat(), roster_day=TODAY.isoformat())
    prepared.refresh_from_db()
    assert (prepared.deadline, prepared.list_deadline) == (later, None)

    post(client, officer, "fix")
    form = get(client, officer, "days").context["form"]
    assert set(form.fields) == {"deadline"}


def test_the_year_is_locked_when_every_file_is_received(client, officer, cycle):
    page = get(client, officer, "close").content.decode()
    assert "Còn 2 xã chưa được tiếp nhận hồ sơ" in page
    assert '<button class="btn btn-primary"' not in page

    post(client, officer, "close")

    cycle.refresh_from_db()
    assert cycle.state == "open"
    Submission.objects.update(
        state="received", sent_at=timezone.now(), received_at=timezone.now(), decision=factories.decision()
    )
    post(client, officer, "close")
    cycle.refresh_from_db()
    assert cycle.state == "closed"
    assert set(Submission.objects.values_list("state", flat=True)) == {"locked"}


FORMS = ["open", "notice", "days", "fix", "discard", "close", "receive", "decide_committees"]


@pytest.mark.parametrize("name", FORMS)
def test_only_those_who_run_a_review_open_its_forms(client, reader, clerk, outsider, cycle, name):
    administrator = factories.user(role=Role.ADMINISTRATOR, is_superuser=True)
    keys = [] if name == "open" else [YEAR]
    for user, status in ((reader, 403), (clerk, 403), (administrator, 403)):
        client.force_login(user)
        assert client.get(reverse(f"review_board:{name}", args=keys)).status_code == status
    client.force_login(outsider)
    assert client.get(reverse(f"review_board:{name}", args=keys)).status_code == (
        200 if name == "open" else 404
    )


def test_an_officer_who_only_reads_a_province_changes_nothing(client, province, cycle):
    reading = factories.user(role=Role.PROVINCIAL_STAFF, reads=[province])

    for name in ("days", "fix", "close", "receive"):
        post(client, reading, name, status=403)
