"""What was not sent is not told by the way either: in words on a timeline, reasons of changes, issued papers."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ChangeSet, ExportLog, Role
from dashboards.models import IssuedReport
from evaluations.models import CellRating, LeaderRating, Level, Step
from evaluations.review.correcting import Correction
from evaluations.review.correcting import correct as correct_level
from evaluations.review.deciding import Paper, record_decision
from evaluations.review.rows import fill_rest
from evaluations.review.steps import take
from tests import factories
from tests.worlds import kept

WORDS = "Hạ xuống KHTNV vì mất đoàn kết"


@kept
def file(province, commune, neighbour, officer, clerk):
    for home in (commune, neighbour):
        factories.cell(of=factories.hamlet(parent=home))
    cycle = factories.open_review(by=officer)
    file = factories.file_of(commune, cycle)
    fill_rest(file, by=clerk)
    put = take(file, Step.Kind.PUT, by=clerk)
    return record_decision(put, Paper("9-QĐ/ĐU", timezone.localdate(), "Ban Thường vụ Đảng ủy"), by=clerk)


@kept
def corrected(file, clerk):
    """The commune has corrected one of its levels before it has sent anything."""
    rating = CellRating.objects.get(cycle=file.cycle, commune=file.commune)
    paper = Paper("10-QĐ/ĐU", timezone.localdate(), "Ban Thường vụ Đảng ủy")
    correct_level(file, rating, Correction(Level.NOT_COMPLETED, paper, WORDS), by=clerk)
    file.refresh_from_db()
    return file


@kept
def follower(commune):
    user = factories.user(role=Role.FOLLOW_UP_OFFICER)
    user.grants.create(unit=commune, access="read", source="assignment")
    return user


@kept
def superuser():
    return factories.user(is_superuser=True, is_staff=True)


@pytest.mark.parametrize("who", ["officer", "reader", "superuser", "follower"])
def test_why_a_level_was_corrected_is_the_communes_own_until_it_is_sent(client, request, corrected, who):
    user = request.getfixturevalue(who)
    client.force_login(user)
    step = corrected.steps.get(kind=Step.Kind.CORRECTED)
    year = corrected.cycle.year
    pages = [
        reverse("review:grid", args=[year, corrected.pk]),
        reverse("review_board:file", args=[year, corrected.pk]),
        reverse("admin:evaluations_step_changelist"),
        reverse("admin:evaluations_step_change", args=[step.pk]),
        reverse("admin:evaluations_step_history", args=[step.pk]),
        reverse("admin:accounts_changeset_changelist"),
        reverse("admin:evaluations_cellrating_changelist"),
    ]
    pages += [
        reverse("admin:accounts_changeset_change", args=[pk])
        for pk in ChangeSet.objects.values_list("pk", flat=True)
    ]

    told = [page for page in pages if "mất đoàn kết" in client.get(page).content.decode()]

    assert told == []


def test_why_a_level_was_corrected_is_read_once_it_is_sent(client, corrected, officer, clerk):
    client.force_login(clerk)
    assert (
        WORDS
        in client.get(reverse("review:grid", args=[corrected.cycle.year, corrected.pk])).content.decode()
    )
    take(corrected, Step.Kind.SENT, by=clerk)
    client.force_login(officer)

    page = client.get(reverse("review_board:file", args=[corrected.cycle.year, corrected.pk]))

    assert WORDS in page.content.decode()


def test_the_reason_of_a_change_names_no_level(client, clerk, province, commune, officer):
    factories.cell(of=factories.hamlet(parent=commune))
    file = factories.file_of(commune, factories.open_review(by=officer))
    client.force_login(clerk)

    client.post(reverse("review:fill_rest", args=[file.cycle.year, file.pk]))

    assert CellRating.objects.get().self_level == Level.GOOD
    assert not ChangeSet.objects.filter(reason__contains="HTTNV").exists()


def test_who_only_follows_a_commune_opens_no_paper_it_issued_before_it_sends(client, file, clerk, follower):
    report = _issued(client, clerk, file)
    client.force_login(follower)

    assert client.get(report.get_absolute_url()).status_code == 404
    assert client.get(reverse("papers:issued_file", args=[report.pk, "pdf"])).status_code == 404
    paper = reverse("papers:paper", args=[file.commune_id, file.cycle.year, "danh-sach-trinh"])
    assert client.get(paper).status_code == 404
    take(file, Step.Kind.SENT, by=clerk)
    assert client.get(report.get_absolute_url()).status_code == 200


def _issued(client, clerk, file) -> IssuedReport:
    client.force_login(clerk)
    client.post(
        reverse("paper_files:issue", args=[file.commune_id, file.cycle.year, "danh-sach-trinh"]),
        {"number": "3-DS/BXD", "day": timezone.localdate().isoformat(), "title": ""},
    )
    return IssuedReport.objects.get()


@pytest.mark.parametrize("who", ["officer", "superuser", "administrator"])
def test_a_level_of_a_year_that_runs_by_steps_is_not_touched_in_the_administration(
    client, request, file, clerk, who
):
    user = (
        factories.user(role=Role.ADMINISTRATOR, keeps=[None])
        if who == "administrator"
        else request.getfixturevalue(who)
    )
    take(file, Step.Kind.SENT, by=clerk)
    rating = CellRating.objects.get(cycle=file.cycle, commune=file.commune)
    paper = factories.decision(unit=file.commune, date=timezone.localdate())
    client.force_login(user)

    client.post(
        reverse("admin:evaluations_cellrating_correct", args=[rating.pk]),
        {"level": Level.EXCELLENT, "decision": paper.pk, "reason": "Sửa", "revision": rating.revision},
    )

    assert CellRating.objects.filter(cycle=file.cycle, commune=file.commune).count() == 1


def test_a_row_does_not_come_on_the_list_by_way_of_the_administration(client, file, officer):
    cell = factories.cell(of=factories.hamlet(parent=file.commune))
    client.force_login(officer)

    client.post(
        reverse("admin:evaluations_cellrating_add"),
        {"cycle": file.cycle_id, "cell": cell.pk, "self_level": Level.EXCELLENT, "not_subject_reason": ""},
    )

    assert not CellRating.objects.filter(cell=cell).exists()


@pytest.mark.parametrize("model", [CellRating, LeaderRating])
def test_an_undecided_row_is_neither_decided_nor_taken_away_in_the_administration(
    client, model, province, commune, officer, clerk
):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    factories.tenure(cell=cell)
    cycle = factories.open_review(by=officer)
    row = model.objects.get(cycle=cycle)
    model.objects.filter(pk=row.pk).update(withheld=False)
    paper = factories.decision(unit=commune)
    name = model._meta.model_name
    client.force_login(officer)

    client.post(
        reverse(f"admin:evaluations_{name}_change", args=[row.pk]),
        {
            "cycle": cycle.pk,
            "cell": cell.pk,
            "person": getattr(row, "person_id", ""),
            "basis": getattr(row, "basis", ""),
            "decided_level": Level.EXCELLENT,
            "decision": paper.pk,
        },
    )
    client.post(reverse(f"admin:evaluations_{name}_delete", args=[row.pk]), {"post": "yes"})

    row.refresh_from_db()
    assert row.decided_level == ""


def test_how_a_commune_narrowed_its_own_list_is_not_on_the_administrators_page(client, file, clerk, officer):
    for user in (clerk, officer):
        client.force_login(user)
        address = reverse("exporting:review_results", args=[file.cycle.year])
        assert b"".join(client.get(address, {"muc": Level.GOOD}).streaming_content)
    assert ExportLog.objects.count() == 2
    client.force_login(factories.user(role=Role.ADMINISTRATOR, keeps=[None]))

    page = client.get("/").content.decode()

    assert page.count(ExportLog.objects.first().what) == 2
    assert page.count("HTTNV") == 1
