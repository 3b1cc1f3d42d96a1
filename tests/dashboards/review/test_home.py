"""The annual review on the first pages: the province's progress, a commune's one job, nothing for others."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from evaluations.models import Level, Submission
from evaluations.review.communes import CommuneEntry, commune_rows, decide_communes, save_commune_rows
from evaluations.review.deciding import Paper
from evaluations.review.opening import confirm_list, fix_lists
from evaluations.review.steps import take
from tests import factories
from tests.dashboards.review.conftest import YEAR, Kind

HOME = reverse("dashboards:home")


def home(client, user):
    client.force_login(user)
    return client.get(HOME)


def test_the_province_reads_who_is_how_far_and_each_number_is_a_list(
    client, officer, file, neighbour_file, send
):
    send(file, [Level.EXCELLENT, Level.GOOD, Level.GOOD])

    context = home(client, officer).context

    (season,) = context["seasons"]
    assert (season.done.count, season.all, [part.count for part in season.parts]) == (1, 2, [0, 1])
    for part in (season.done, *season.parts):
        assert len(client.get(part.url).context["rows"]) == part.count
    (waiting,) = context["to_deal_with"]
    assert (waiting.count, len(client.get(waiting.url).context["rows"])) == (1, 1)
    over = context["attention"][0]
    assert (over.count, len(client.get(over.url).context["table"].lines)) == (1, 1)


def test_the_late_ones_stand_there_with_the_telephone(client, officer, clerk, file):
    clerk.phone = "0912345678"
    clerk.save()
    Submission.objects.filter(pk=file.pk).update(deadline=timezone.localdate() - timedelta(days=1))

    text = home(client, officer).content.decode()

    assert "tel:0912345678" in text
    assert "Danh sách gọi điện: 1 xã" in text


def test_while_lists_are_looked_through_the_province_reads_who_confirmed(
    client, officer, clerk, commune, prepared
):
    confirm_list(factories.file_of(commune, prepared), by=clerk)

    (season,) = home(client, officer).context["seasons"]

    assert (season.done.count, season.all, [part.count for part in season.parts]) == (1, 2, [1])


def job(client, user):
    (review,) = home(client, user).context["reviews"]
    return review


def test_a_commune_reads_its_one_job_in_every_state(client, officer, clerk, commune, prepared, send, enter):
    due = f"{prepared.deadline:%d/%m}"
    assert "Rà soát danh sách" in job(client, clerk).text
    confirm_list(factories.file_of(commune, prepared), by=clerk)
    assert "đã xác nhận" in job(client, clerk).text
    fix_lists(prepared, by=officer)

    assert (job(client, clerk).text, job(client, clerk).action) == (
        f"Đánh giá, xếp loại năm {YEAR}: 0/3 chi bộ – hạn {due}",
        "Bắt đầu",
    )
    file = enter(factories.file_of(commune, prepared), [Level.GOOD])
    assert (job(client, clerk).text, job(client, clerk).action) == (
        f"Đánh giá, xếp loại năm {YEAR}: 1/3 chi bộ – hạn {due}",
        "Làm tiếp",
    )
    sent = send(file, [Level.GOOD] * 3)
    assert "đã gửi tỉnh" in job(client, clerk).text
    assert not job(client, clerk).is_waiting
    take(sent, Kind.RETURNED, by=officer, text="Bổ sung biên bản kiểm phiếu của chi bộ 2")

    page = home(client, clerk).content.decode()
    assert "Bổ sung biên bản kiểm phiếu của chi bộ 2" in page
    assert client.get(job(client, clerk).url).status_code == 200


def test_a_commune_reads_its_own_level_when_it_is_decided(client, officer, clerk, commune, cycle):
    rows = list(commune_rows(cycle))
    save_commune_rows(
        cycle, [CommuneEntry(row.pk, row.revision, {"self_level": Level.GOOD}) for row in rows], by=officer
    )
    assert job(client, clerk).own_level == ""

    decide_communes(cycle, Paper("123-QĐ/TU", timezone.localdate(), "Ban Thường vụ Tỉnh ủy"), by=officer)

    assert "Đảng ủy xã Phú Túc: HTTNV" in job(client, clerk).own_level


def test_nobody_else_is_told_of_the_season(client, reader, cycle, commune):
    administrator = factories.user(role=Role.ADMINISTRATOR, is_superuser=True)

    for user in (reader, administrator):
        assert "Tiến độ: " not in home(client, user).content.decode()
    assert home(client, reader).context.get("seasons") is None


def test_without_a_review_the_first_pages_are_as_ever(client, officer, clerk, cells):
    assert home(client, officer).context["seasons"] == []
    assert home(client, clerk).context["reviews"] == []


def test_the_season_needs_the_same_queries_for_any_number_of_communes(
    client, officer, province, cycle, queries_of
):
    client.force_login(officer)
    few = queries_of(HOME)
    for _number in range(6):
        Submission.objects.create(
            cycle=cycle,
            commune=factories.commune(parent=province),
            deadline=timezone.localdate() - timedelta(days=9),
        )

    assert queries_of(HOME) == few
