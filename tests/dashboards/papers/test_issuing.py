"""Issuing freezes a paper; what changes later stands beside it."""

import io
import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.history import take_back
from accounts.models import ChangeSet, ExportLog
from dashboards.models import IssuedReport
from dashboards.papers.asking import asked_for
from dashboards.papers.forms import FORMS
from dashboards.papers.issuing import Numbered, issue, mark_of
from desk.models import KeptExport
from evaluations.actions import correct_rating
from evaluations.models import CellRating, Level
from tests import factories
from tests.dashboards.papers.conftest import YEAR
from tests.dashboards.papers.test_text import docx_text, pdf_text
from tests.worlds import kept

DAY = date(2026, 1, 12)


@kept
def issued(asked_of_province):
    return issue(FORMS["tong-hop"], asked_of_province, Numbered("12-BC/BTCTU", DAY))


def correct(cell, by):
    rating = CellRating.objects.get(cell=cell, cycle__year=YEAR, superseded_on=None)
    decision = factories.decision(date=date(2026, 2, 2), unit=cell.commune)
    return correct_rating(rating, level=Level.COMPLETED, decision=decision, reason="Xét lại", by=by)


def test_an_issued_paper_bears_its_number_and_is_no_draft(issued):
    files = {one.kind: bytes(one.content) for one in issued.files.all()}

    assert set(files) == {"docx", "pdf", "xlsx"}
    for text in (pdf_text(files["pdf"]), docx_text(files["docx"])):
        assert "DỰ THẢO" not in text
        assert "Vĩnh Long, ngày 12 tháng 01 năm 2026" in text


def test_a_later_correction_is_shown_beside_and_changes_nothing(client, officer, issued, rated):
    before = json.dumps(issued.figures, sort_keys=True)
    files = {one.kind: bytes(one.content) for one in issued.files.all()}
    correct(rated[0], officer)

    client.force_login(officer)
    page = client.get(issued.get_absolute_url())

    told = [(one.where, one.what, one.then, one.now) for one in page.context["differences"]]
    assert ("Xã Phú Túc", "HTXSNV – SL", "1", "0") in told
    assert ("cộng", "HTNV – SL", "0", "1") in told
    assert all("%" not in what for _where, what, _then, _now in told)
    issued.refresh_from_db()
    assert json.dumps(issued.figures, sort_keys=True) == before
    assert {one.kind: bytes(one.content) for one in issued.files.all()} == files


def test_the_same_figures_are_said_to_be_the_same(client, officer, issued):
    client.force_login(officer)

    assert "Số liệu hiện nay không thay đổi" in client.get(issued.get_absolute_url()).content.decode()


def test_a_kept_file_is_handed_out_as_it_was_and_noted(client, officer, issued, rated):
    correct(rated[0], officer)
    client.force_login(officer)

    answer = client.get(reverse("papers:issued_file", args=[issued.pk, "pdf"]))

    assert answer.content == bytes(issued.files.get(kind="pdf").content)
    log = ExportLog.objects.latest("pk")
    assert (log.by, log.filters, log.row_count) == (officer, "tong-hop.pdf", 1)


def test_a_number_is_given_once(asked_of_province, issued):
    with pytest.raises(ValidationError, match="đã được ban hành theo số này"):
        issue(FORMS["tong-hop"], asked_of_province, Numbered("12-BC/BTCTU", DAY))

    assert IssuedReport.objects.count() == 1


def test_figures_that_changed_meanwhile_are_looked_at_again(officer, asked_of_province, rated):
    mark = mark_of(FORMS["tong-hop"].figures_for(asked_of_province))
    correct(rated[0], officer)

    with pytest.raises(ValidationError, match="Số liệu đã thay đổi"):
        issue(
            FORMS["tong-hop"], asked_for(officer, asked_of_province.unit, YEAR), Numbered("1", DAY), mark=mark
        )


def test_the_mark_does_not_change_from_day_to_day(asked_of_province):
    figures = FORMS["tong-hop"].figures_for(asked_of_province)

    assert mark_of(figures) == mark_of(figures | {"ngay_so_lieu": "01/01/2030", "dia_danh_ngay": "x"})
    assert mark_of(figures) != mark_of(figures | {"cac_dong": []})


def test_a_day_to_come_is_refused(asked_of_province):
    with pytest.raises(ValidationError, match="chưa đến|tương lai|sau hôm nay"):
        issue(FORMS["tong-hop"], asked_of_province, Numbered("1", timezone.localdate() + timedelta(days=1)))


def test_each_office_issues_its_own_papers(clerk, officer, reader, commune, province, rated, person):
    of_commune, of_province = FORMS["danh-sach-xep-loai"], FORMS["tong-hop"]

    issue(of_commune, asked_for(clerk, commune, YEAR), Numbered("1", DAY))
    for user, form, unit in ((officer, of_commune, commune), (reader, of_province, province)):
        with pytest.raises(PermissionDenied):
            issue(form, asked_for(user, unit, YEAR), Numbered("2", DAY))


def test_an_issued_paper_is_not_undone_with_its_change_set(client, officer, province, rated):
    client.force_login(officer)
    client.post(
        reverse("paper_files:issue", args=[province.pk, YEAR, "tong-hop"]),
        {"number": "7-BC/BTCTU", "day": "2026-01-12", "title": "Biểu tổng hợp"},
    )
    report = IssuedReport.objects.get()
    change_set = report.history.get().change_set

    assert change_set.kind == ChangeSet.Kind.PAGE
    with pytest.raises(ValidationError, match="được giữ nguyên"):
        take_back(change_set, by=officer)


def test_a_long_paper_is_issued_by_the_worker(client, officer, province, rated, monkeypatch, work_off):
    monkeypatch.setattr("desk.papers.views.LONG_PAPER_ROWS", 0)
    client.force_login(officer)

    answer = client.post(
        reverse("paper_files:issue", args=[province.pk, YEAR, "tong-hop"]),
        {"number": "7-BC/BTCTU", "day": "2026-01-12", "title": ""},
    )
    assert "/viec/" in answer["Location"]
    assert not IssuedReport.objects.exists()
    work_off()

    assert IssuedReport.objects.get().number == "7-BC/BTCTU"


def test_a_long_paper_is_written_by_the_worker_and_kept(
    client, officer, province, rated, monkeypatch, work_off
):
    monkeypatch.setattr("desk.papers.views.LONG_PAPER_ROWS", 0)
    client.force_login(officer)
    address = reverse("paper_files:file", args=[province.pk, YEAR, "tong-hop", "docx"])

    first, second = client.get(address), client.get(address)
    assert first["Location"] == second["Location"]
    work_off()

    kept = KeptExport.objects.get()
    answer = client.get(reverse("exporting:file", args=[kept.pk]))
    assert "wordprocessingml" in answer["Content-Type"]
    assert "Xã Phú Túc" in docx_text(io.BytesIO(b"".join(answer.streaming_content)).getvalue())
    assert ExportLog.objects.filter(filters="tong-hop.docx").count() == 1


def test_every_download_is_noted(client, clerk, commune, rated):
    client.force_login(clerk)

    client.get(reverse("paper_files:file", args=[commune.pk, YEAR, "danh-sach-trinh", "xlsx"]))

    log = ExportLog.objects.get()
    assert (log.by, log.row_count, log.filters) == (clerk, 5, "danh-sach-trinh.xlsx")
    assert "Danh sách trình Ban Thường vụ" in log.what
