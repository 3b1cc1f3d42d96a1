"""Steps, decision, correction and list on the commune's pages, by the same plain forms everybody has."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from evaluations.models import CellRating, LeaderRating, Level, Step, Submission
from evaluations.review.rows import Entry, fill_rest, mark_of, save_rows
from evaluations.review.steps import take
from tests import factories
from tests.worlds import kept

State, Kind = Submission.State, Step.Kind


@kept
def cells(commune):
    return [factories.cell(of=factories.hamlet(parent=commune, name=f"{n}")) for n in range(1, 4)]


@kept
def file(officer, cells, commune):
    return factories.file_of(commune, factories.open_review(by=officer))


@kept
def entered(file, clerk):
    fill_rest(file, by=clerk)
    return file


@kept
def put(entered, clerk):
    return take(entered, Kind.PUT, by=clerk)


@kept
def row(file):
    return CellRating.objects.filter(cycle=file.cycle).order_by("pk").first()


def url(name, file, *more):
    return reverse(f"review:{name}", args=[file.cycle.year, file.pk, *more])


def post(client, user, name, file, *more, **fields):
    client.force_login(user)
    file.refresh_from_db()
    return client.post(url(name, file, *more), {"revision": file.revision, **fields}, follow=True)


def step(client, user, file, kind, **fields):
    return post(client, user, "step", file, kind=kind, **fields).content.decode()


def paper(**fields):
    today = timezone.localdate()
    return {"number": "12-QĐ/ĐU", "day": f"{today:%Y-%m-%d}", "body": "Ban Thường vụ Đảng ủy xã", **fields}


def state(file):
    file.refresh_from_db()
    return file.state


def test_a_clerk_alone_goes_all_the_way_and_the_province_receives_and_locks(
    client, clerk, officer, entered, row
):
    step(client, clerk, entered, "checked")
    step(client, clerk, entered, "put")
    assert state(entered) == State.PUT
    exception = {f"c{row.pk}-decided": "COMPLETED", f"c{row.pk}-reason": "Còn nợ nhiệm vụ"}
    post(client, clerk, "decide", entered, signer="Nguyễn Văn A", **paper(), **exception)
    assert state(entered) == State.DECIDED
    step(client, clerk, entered, "sent", confirmed="1")
    assert state(entered) == State.SENT
    step(client, officer, entered, "received", confirmed="1")
    html = step(client, officer, entered, "locked", confirmed="1")

    assert state(entered) == State.LOCKED
    assert "Đã khóa số liệu" in html
    row.refresh_from_db()
    assert (row.decided_level, row.reason) == (Level.COMPLETED, "Còn nợ nhiệm vụ")
    assert (entered.decision.number, entered.decision.signer) == ("12-QĐ/ĐU", "Nguyễn Văn A")
    kinds = list(entered.steps.order_by("number").values_list("kind", flat=True))
    assert kinds == ["fixed", "checked", "put", "decided", "sent", "received", "locked"]
    assert [entered.steps.get(kind="sent").by, entered.steps.get(kind="locked").by] == [clerk, officer]


@pytest.mark.parametrize("kind", ["sent", "undecided"])
def test_what_has_consequences_is_asked_first(client, clerk, put, kind):
    post(client, clerk, "decide", put, **paper())

    html = step(client, clerk, put, kind)

    assert state(put) == State.DECIDED
    assert 'name="confirmed"' in html


def test_withdrawing_needs_its_reason(client, clerk, put):
    post(client, clerk, "decide", put, **paper())
    step(client, clerk, put, "sent", confirmed="1")

    refused = step(client, clerk, put, "withdrawn", confirmed="1", text="  ")
    assert state(put) == State.SENT
    assert 'aria-invalid="true"' in refused
    step(client, clerk, put, "withdrawn", confirmed="1", text="Ghi nhầm mức của một chi bộ")

    assert state(put) == State.DECIDED
    assert put.steps.get(kind="withdrawn").text == "Ghi nhầm mức của một chi bộ"


def test_a_double_click_takes_one_step_and_says_so(client, clerk, entered):
    client.force_login(clerk)
    fields = {"kind": "put", "revision": entered.revision}

    client.post(url("step", entered), fields)
    html = client.post(url("step", entered), fields, follow=True).content.decode()

    assert entered.steps.filter(kind="put").count() == 1
    assert "đã được thực hiện" in html


def test_each_side_takes_its_own_steps_only(client, clerk, officer, put):
    assert post(client, officer, "step", put, kind="pulled").status_code == 403
    assert post(client, clerk, "step", put, kind="received").status_code == 403
    assert post(client, clerk, "step", put, kind="fixed").status_code == 404
    assert state(put) == State.PUT


def test_more_than_the_share_asks_for_a_reason_and_does_not_block(client, clerk, file):
    fill_rest(file, by=clerk, level=Level.EXCELLENT)

    asked = step(client, clerk, file, "put")
    assert state(file) == State.ENTERING
    assert "Vẫn trình được" in asked or "vẫn trình được" in asked.lower()
    step(client, clerk, file, "put", confirmed="1", share_reason="Đơn vị dẫn đầu phong trào")

    assert state(file) == State.PUT
    assert file.share_reason == "Đơn vị dẫn đầu phong trào"


def test_after_a_step_one_goes_on_where_the_button_stood_and_nowhere_else(client, clerk, officer, put):
    post(client, clerk, "decide", put, **paper())
    take(Submission.objects.get(pk=put.pk), Kind.SENT, by=clerk)
    client.force_login(officer)
    fields = {"kind": "received", "confirmed": "1", "revision": Submission.objects.get(pk=put.pk).revision}

    abroad = client.post(url("step", put), fields | {"next": "https://elsewhere.example/"})
    assert abroad.url == url("grid", put)
    home = client.post(url("step", put), fields | {"next": "/bang/"})
    assert home.url == "/bang/"


def test_messages_of_both_sides_stand_on_the_timeline(client, clerk, officer, file):
    post(client, officer, "message", file, text="Đề nghị gửi trước thứ Sáu")
    html = post(client, clerk, "message", file, text="Xã đã rõ").content.decode()

    assert "Đề nghị gửi trước thứ Sáu" in html
    assert "Xã đã rõ" in html
    empty = post(client, clerk, "message", file, text=" ").content.decode()
    assert "Ghi lý do" in empty
    assert file.steps.filter(kind="message").count() == 2


# --- the decision ------------------------------------------------------------------------


def test_a_decision_before_the_committee_had_it_is_not_recorded(client, clerk, entered):
    html = post(client, clerk, "decide", entered, **paper()).content.decode()

    assert state(entered) == State.ENTERING
    assert "Chỉ ghi quyết định sau khi đã trình" in html


def test_faults_of_a_decision_are_told_together_and_what_was_typed_stays(client, clerk, put, row):
    fields = {f"c{row.pk}-decided": "NOT_COMPLETED", f"c{row.pk}-votes": "9"}

    html = post(client, clerk, "decide", put, **paper(voters=""), **fields).content.decode()

    assert state(put) == State.PUT
    assert "Mức KHTNV cần ghi lý do" in html
    assert '<option value="NOT_COMPLETED" selected' in html
    assert 'value="9"' in html
    assert 'value="12-QĐ/ĐU"' in html
    not_a_number = post(client, clerk, "decide", put, **paper(voters="11"), **{f"c{row.pk}-votes": "chín"})
    assert "không phải là số phiếu" in not_a_number.content.decode()


def test_votes_are_recorded_where_they_are_given(client, clerk, put, row):
    post(client, clerk, "decide", put, **paper(voters="11"), **{f"c{row.pk}-votes": "9"})

    row.refresh_from_db()
    put.refresh_from_db()
    assert (row.votes, put.voters) == (9, 11)


def test_a_decision_of_tomorrow_is_not_recorded(client, clerk, put):
    tomorrow = timezone.localdate() + timedelta(days=1)

    post(client, clerk, "decide", put, **paper(day=f"{tomorrow:%Y-%m-%d}"))

    assert state(put) == State.PUT


# --- correcting --------------------------------------------------------------------------


@pytest.fixture
def decided(client, clerk, put):
    post(client, clerk, "decide", put, **paper())
    put.refresh_from_db()
    return put


def correction(row, **fields):
    row.refresh_from_db()
    told = {"level": "COMPLETED", "reason": "Tính lại số nhiệm vụ chậm", "revision": row.revision}
    return paper(number="15-QĐ/ĐU") | told | fields


def correct(client, user, file, row, **fields):
    client.force_login(user)
    return client.post(url("correct", file, "chi-bo", row.pk), correction(row, **fields), follow=True)


def test_a_correction_is_a_new_edition_with_its_decision_and_a_line_on_the_timeline(
    client, clerk, decided, row
):
    html = correct(client, clerk, decided, row).content.decode()

    row.refresh_from_db()
    new = CellRating.objects.get(cell=row.cell, cycle=row.cycle, superseded_on=None)
    assert (row.decided_level, row.edition) == (Level.GOOD, 1)
    assert (new.decided_level, new.edition, str(new.decision.number)) == (Level.COMPLETED, 2, "15-QĐ/ĐU")
    assert new.withheld
    told = decided.steps.get(kind="corrected")
    assert (told.by, told.cell, told.text) == (clerk, row.cell, "Tính lại số nhiệm vụ chậm")
    assert "đính chính lần 1" in html


def test_the_commune_corrects_until_it_has_sent_the_province_when_it_has_received(
    client, clerk, officer, decided, row
):
    assert correct(client, officer, decided, row).status_code == 403
    sent = take(decided, Kind.SENT, by=clerk)
    assert correct(client, clerk, sent, row).status_code == 403
    assert correct(client, officer, sent, row).status_code == 403
    received = take(sent, Kind.RECEIVED, by=officer)
    assert correct(client, clerk, received, row).status_code == 403
    assert correct(client, officer, received, row).status_code == 200

    assert CellRating.objects.get(cell=row.cell, cycle=row.cycle, superseded_on=None).edition == 2


def test_a_correction_of_an_older_page_is_refused(client, clerk, decided, row):
    html = correct(client, clerk, decided, row, revision=row.revision - 1).content.decode()

    assert not CellRating.objects.filter(edition=2).exists()
    assert "note-error" in html


def test_the_same_level_is_no_correction(client, clerk, decided, row):
    html = correct(client, clerk, decided, row, level="GOOD").content.decode()

    assert "Chọn mức khác" in html
    assert not CellRating.objects.filter(edition=2).exists()


def test_an_older_decision_corrects_nothing(client, clerk, decided, row):
    early = timezone.localdate() - timedelta(days=40)

    correct(client, clerk, decided, row, day=f"{early:%Y-%m-%d}")

    assert not CellRating.objects.filter(edition=2).exists()


def test_what_was_corrected_is_told_to_nobody_else_before_it_is_sent(client, clerk, officer, decided, row):
    correct(client, clerk, decided, row, reason="HTNV vì chậm nhiệm vụ")
    client.force_login(officer)

    html = client.get(url("grid", decided)).content.decode()

    assert "Đính chính" in html
    assert "HTNV" not in html


def test_what_is_not_decided_or_not_there_is_not_corrected(client, clerk, file, row, cells):
    client.force_login(clerk)

    assert client.get(url("correct", file, "chi-bo", row.pk)).status_code == 403
    decided_elsewhere = LeaderRating.objects.count() + 999
    assert client.get(url("correct", file, "gi-do", row.pk)).status_code == 404
    assert client.get(url("correct", file, "nguoi", decided_elsewhere)).status_code == 403


# --- the list ----------------------------------------------------------------------------


@kept
def preparing(officer, cells, commune):
    factories.tenure(cell=cells[0], person=factories.person(keeper=commune, full_name="Trần Thị Bưởi"))
    return factories.file_of(commune, factories.prepared_review(by=officer))


def test_the_clerk_looks_through_the_list_and_confirms_it(client, clerk, preparing, cells):
    client.force_login(clerk)
    html = client.get(url("list", preparing)).content.decode()
    assert "3 chi bộ được xếp loại" in html
    assert html.count("Trần Thị Bưởi") == 2
    assert "khuyết" in html
    assert reverse("entry:cell_edit", args=[cells[0].pk]) in html

    html = client.post(url("list", preparing), follow=True).content.decode()

    preparing.refresh_from_db()
    assert preparing.list_confirmed_by == clerk
    assert "với 3 chi bộ" in html
    assert "đã thay đổi" not in html


def test_a_list_that_changed_after_it_was_confirmed_says_so(client, clerk, preparing, commune):
    client.force_login(clerk)
    client.post(url("list", preparing))
    factories.cell(commune=commune)

    assert "hiện có 4 chi bộ" in client.get(url("list", preparing)).content.decode()


def test_the_province_reads_the_list_and_does_not_confirm_it(client, officer, reader, preparing):
    for user in (officer, reader):
        client.force_login(user)
        html = client.get(url("list", preparing)).content.decode()
        assert "Xác nhận danh sách đúng" not in html
        assert client.post(url("list", preparing)).status_code == 403


def test_a_fixed_list_is_not_confirmed_again(client, clerk, file):
    client.force_login(clerk)
    assert client.get(url("list", file)).url == url("grid", file)

    html = client.post(url("list", file), follow=True).content.decode()

    assert "note-error" in html
    assert not file.steps.filter(kind="confirmed").exists()


def test_before_the_list_is_fixed_the_page_leads_to_it(client, clerk, preparing):
    client.force_login(clerk)

    assert url("list", preparing) in client.get(url("grid", preparing)).content.decode()


def test_who_keeps_two_communes_works_on_each_file(client, officer, cells, commune, neighbour):
    factories.cell(of=factories.hamlet(parent=neighbour))
    cycle = factories.open_review(by=officer)
    both = factories.user(username="both", role=Role.COMMUNE_LEAD, keeps=[commune, neighbour])
    client.force_login(both)

    for home in (commune, neighbour):
        file = factories.file_of(home, cycle)
        row = CellRating.objects.filter(cycle=cycle, commune=home).first()
        client.post(
            url("save", file), {f"c{row.pk}-mark": mark_of(row, None), f"c{row.pk}-self_level": "GOOD"}
        )
        row.refresh_from_db()
        assert row.self_level == Level.GOOD


def test_marks_of_a_page_are_only_marks(client, clerk, file, row):
    save_rows(file, [Entry(CellRating, row.pk, mark_of(row, None), {"note": "Có"})], by=clerk)
    client.force_login(clerk)

    for mark in ("", "x.y", "99", "1.", "-1.0", "9" * 30 + ".0", "²."):
        client.post(url("save", file), {f"c{row.pk}-mark": mark, f"c{row.pk}-note": "Khác"})

    row.refresh_from_db()
    assert row.note == "Có"
