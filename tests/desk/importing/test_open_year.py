"""A year that is open, through the door of workbooks: one rule with the page, and nothing told of what is not sent."""

import io
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Role
from desk.importing import batches
from desk.importing.beside import lists_beside
from desk.importing.views.written import written_things
from desk.models import BatchCheck, ImportBatch
from evaluations.models import CellRating, LeaderRating, Level, MemberLevels, Step, Submission
from evaluations.resources import CellRatingResource, MemberLevelsResource
from evaluations.review.deciding import Paper, record_decision
from evaluations.review.rows import Entry, fill_rest, mark_of, save_rows
from evaluations.review.steps import take
from evaluations.review.workbook import workbook_of
from evaluations.review.workbook_sheets import FIRST, HEADER
from tests import factories
from tests.desk.importing.desk import answer, check, hand_in, told, workbook, write
from tests.worlds import kept

Kind = Step.Kind


@kept
def cells(commune):
    return [factories.cell(of=factories.hamlet(parent=commune, name=f"{n}")) for n in range(1, 4)]


@kept
def secretary(cells):
    return factories.tenure(cell=cells[0]).person


@kept
def file(officer, commune, cells, secretary):
    return factories.file_of(commune, factories.open_review(by=officer))


def filled(data: bytes, sheet: str, *rows: dict) -> bytes:
    """Return the workbook with these cells entered, by their headings, from the first row of the sheet down."""
    book = load_workbook(io.BytesIO(data))
    page = book[sheet]
    places = {
        page.cell(HEADER + 1, n).value or page.cell(HEADER, n).value: n for n in range(1, page.max_column + 1)
    }
    for number, row in enumerate(rows):
        for heading, value in row.items():
            page.cell(FIRST + number, places[heading]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def enter(file, cell, *, by, members=None, **values):
    """Enter something on the page of the review."""
    row = CellRating.objects.get(cycle=file.cycle, cell=cell)
    counts = MemberLevels.objects.filter(cycle=file.cycle, cell=cell).first()
    (saved,) = save_rows(file, [Entry(CellRating, row.pk, mark_of(row, counts), values, members)], by=by)
    assert saved.is_saved, saved.faults


def counts(shown: dict) -> dict[str, int]:
    return {key: count for key, count in shown["counts"].items() if count}


def taken_in(user, data: bytes, **options) -> dict:
    """Hand in, check and write; return what was shown."""
    batch = hand_in(user, data, **options)
    shown = check(batch, user)
    assert told(shown) == {}
    write(batch, user)
    return shown


ROW = {"Mức tự xếp loại": "HTXSNV", "Mức đề xuất": "HTTNV", "Điểm": 88.5, "Bị kỷ luật": "không"}
MORE = {"XS": 3, "T": 12, "HT": 1, "KHT": 0, "Chưa xếp loại": 2, "Ghi chú": "Họp ngày 01/12"}


# --- The commune's own workbook ----------------------------------------------------------


def test_an_untouched_workbook_comes_in_without_a_question_and_without_a_difference(file, clerk, cells):
    enter(file, cells[0], by=clerk, self_level=Level.GOOD, disciplined=False, members={"good": 7})
    data = workbook_of(file, clerk)

    for kind, rows in (("", 3), ("ratings", 3), ("leader_ratings", 1)):
        assert counts(check(hand_in(clerk, data, kind=kind), clerk)) == {"skip": rows}


def test_what_was_filled_in_is_recorded_with_members_and_revisions(file, clerk, cells):
    shown = taken_in(
        clerk, filled(workbook_of(file, clerk), "Chi bộ", ROW | MORE, {"Mức tự xếp loại": "HTNV"})
    )

    assert counts(shown) == {"new": 1, "update": 1, "skip": 1}
    first, second, third = (CellRating.objects.get(cell=cell) for cell in cells)
    assert (first.self_level, first.proposed_level, str(first.points)) == ("EXCELLENT", "GOOD", "88.50")
    assert (first.disciplined, first.tasks_on_time, first.note) == (False, None, "Họp ngày 01/12")
    assert (first.decided_level, first.withheld, first.revision) == ("", True, 2)
    assert (second.self_level, second.proposed_level) == ("COMPLETED", "COMPLETED")
    assert (third.self_level, third.revision) == ("", 1)
    levels = MemberLevels.objects.get()
    assert (levels.cell, levels.excellent, levels.good, levels.not_rated) == (cells[0], 3, 12, 2)
    assert (levels.withheld, levels.revision) == (True, 1)
    taken_in(clerk, filled(workbook_of(file, clerk), "Chi bộ", {"XS": 4}))
    levels.refresh_from_db()
    assert (levels.excellent, levels.revision) == (4, 2)


def test_a_proposal_that_the_file_names_stays_as_it_names_it(file, clerk, cells):
    enter(file, cells[0], by=clerk, self_level=Level.GOOD)
    data = filled(workbook_of(file, clerk), "Chi bộ", {"Mức tự xếp loại": "HTXSNV"})

    taken_in(clerk, data)

    row = CellRating.objects.get(cell=cells[0])
    assert (row.self_level, row.proposed_level) == (Level.EXCELLENT, Level.GOOD)
    assert counts(check(hand_in(clerk, data, kind="ratings"), clerk)) == {"skip": 3}


def test_a_proposal_that_the_file_leaves_open_follows_the_own_level_and_is_shown(file, clerk, cells):
    paper = workbook(["TT", "Chi bộ", "Chi bộ tự xếp loại"], [1, "Ấp 1", "HTNV"])
    batch = hand_in(clerk, paper, kind="ratings")
    answer(batch, asked={"year": str(file.cycle.year)})

    (row,) = check(batch, clerk)["rows"]

    assert [change[0] for change in row["changes"]] == ["Mức tự xếp loại", "Mức đề xuất"]
    write(batch, clerk)
    assert CellRating.objects.get(cell=cells[0]).proposed_level == Level.COMPLETED


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"Mức đề xuất": "KHTNV"}, "cần ghi lý do"),
        ({"Mức tự xếp loại": "HTTNV", "Không thuộc diện xếp loại": "được miễn"}, "không ghi mức"),
        ({"Điểm": 101}, "0 đến 100"),
        ({"Mức đề xuất": "Khá"}, "không phải mức xếp loại"),
    ],
)
def test_what_the_page_refuses_the_workbook_refuses(file, clerk, row, words):
    shown = check(hand_in(clerk, filled(workbook_of(file, clerk), "Chi bộ", row)), clerk)

    assert words in str(told(shown)[FIRST])


def test_a_row_that_was_changed_meanwhile_is_a_conflict_to_decide(file, clerk, cells):
    data = filled(workbook_of(file, clerk), "Chi bộ", ROW, ROW)
    enter(file, cells[0], by=clerk, self_level=Level.COMPLETED)
    batch = hand_in(clerk, data)

    shown = check(batch, clerk)

    assert list(told(shown)) == [FIRST]
    assert "Giữ số nào" in told(shown)[FIRST][0] or "sau khi" in told(shown)[FIRST][0]
    assert shown["groups"][0]["is_conflict"]
    answer(batch, rows={str(FIRST): "file"})
    assert told(check(batch, clerk)) == {}
    write(batch, clerk)
    assert CellRating.objects.get(cell=cells[0]).self_level == Level.EXCELLENT


def test_counts_that_were_changed_meanwhile_are_a_conflict_too(file, clerk, cells):
    data = filled(workbook_of(file, clerk), "Chi bộ", {"XS": 5})
    enter(file, cells[0], by=clerk, members={"excellent": 2})

    shown = check(hand_in(clerk, data), clerk)

    assert shown["groups"][0]["is_conflict"]
    assert MemberLevels.objects.get().excellent == 2


# --- Both lists of the file -------------------------------------------------------------


def test_the_secretaries_are_the_next_thing_after_the_cells(client, file, clerk, secretary):
    data = filled(workbook_of(file, clerk), "Chi bộ", ROW)
    data = filled(data, "Bí thư", {"Mức tự xếp loại": "HTXSNV", "Mức đề xuất": "HTTNV", "Bị kỷ luật": "có"})
    first = hand_in(clerk, data)
    fingerprint = check(first, clerk)["fingerprint"]
    client.force_login(clerk)
    page = client.get(first.get_absolute_url()).content.decode()
    assert "còn có biểu “Bí thư” (1 dòng)" in page
    assert "Nhập biểu “Bí thư”" in page

    response = client.post(
        reverse("importing:write", args=[first.pk]), {"seen": first.revision, "fingerprint": fingerprint}
    )

    second = ImportBatch.objects.get(kind="leader_ratings")
    assert response.url == second.get_absolute_url()
    page = client.get(response.url).content.decode()
    assert "xem lại, rồi ghi" in page
    assert "Đúng file này" not in page
    known = batches.known_check(second)
    client.post(
        reverse("importing:write", args=[second.pk]),
        {"seen": second.revision, "fingerprint": known.result["fingerprint"]},
    )
    row = LeaderRating.objects.get()
    assert (row.self_level, row.proposed_level, row.disciplined) == ("EXCELLENT", "GOOD", True)
    assert (row.withheld, row.revision, row.person) == (True, 2, secretary)


def test_a_list_that_says_nothing_new_is_put_aside_without_a_word_more_than_that(client, file, clerk):
    first = hand_in(clerk, filled(workbook_of(file, clerk), "Chi bộ", ROW))
    fingerprint = check(first, clerk)["fingerprint"]
    client.force_login(clerk)

    response = client.post(
        reverse("importing:write", args=[first.pk]),
        {"seen": first.revision, "fingerprint": fingerprint},
        follow=True,
    )

    assert response.redirect_chain[-1][0] == first.get_absolute_url()
    assert "“Bí thư” trong file này không có nội dung mới" in response.content.decode()
    assert ImportBatch.objects.get(kind="leader_ratings").state == ImportBatch.State.DROPPED


def test_the_other_list_may_be_taken_up_first(client, file, clerk, officer):
    data = filled(workbook_of(file, clerk), "Bí thư", {"Mức tự xếp loại": "HTTNV"})
    first = hand_in(clerk, data)
    check(first, clerk)
    address = reverse("importing:beside", args=[first.pk, "leader_ratings"])
    client.force_login(officer)
    assert client.post(address).status_code == 404
    client.force_login(clerk)
    assert client.post(reverse("importing:beside", args=[first.pk, "people"])).status_code == 404

    response = client.post(address)

    second = ImportBatch.objects.get(kind="leader_ratings")
    assert response.url == second.get_absolute_url()
    assert counts(batches.known_check(second).result) == {"update": 1}
    assert [one.batch for one in lists_beside(first, clerk)] == [second]
    client.post(address)
    assert ImportBatch.objects.filter(kind="leader_ratings").count() == 1


def test_a_shell_takes_in_cells_members_and_secretaries(file, clerk, tmp_path, capsys):
    data = filled(workbook_of(file, clerk), "Chi bộ", ROW | MORE)
    path = tmp_path / "danh-gia.xlsx"
    path.write_bytes(filled(data, "Bí thư", {"Mức tự xếp loại": "HTTNV"}))
    said = ("import_sheet", "ratings", str(path), "--user", "clerk", "--year", str(file.cycle.year), "--json")

    call_command(*said)
    assert not CellRating.objects.exclude(self_level="").exists()
    dry = json.loads(capsys.readouterr().out)
    call_command(*said, "--commit")
    report = json.loads(capsys.readouterr().out)

    assert (dry["state"], dry["beside"][0]["state"]) == ("dropped", "dropped")
    assert (report["state"], report["counts"]["skip"]) == ("done", 2)
    (beside,) = report["beside"]
    assert (beside["kind"], beside["state"], beside["counts"]["update"]) == ("leader_ratings", "done", 1)
    assert CellRating.objects.exclude(self_level="").count() == MemberLevels.objects.count() == 1
    assert LeaderRating.objects.get().self_level == Level.GOOD


def test_a_shell_writes_no_list_of_a_file_of_which_one_is_faulty(file, clerk, tmp_path, capsys):
    data = filled(workbook_of(file, clerk), "Chi bộ", ROW)
    path = tmp_path / "danh-gia.xlsx"
    path.write_bytes(filled(data, "Bí thư", {"Mức đề xuất": "KHTNV"}))

    with pytest.raises(SystemExit) as end:
        call_command("import_sheet", "ratings", str(path), user="clerk", commit=True)

    assert end.value.code == 1
    assert "cần ghi lý do" in capsys.readouterr().out
    assert not CellRating.objects.exclude(self_level="").exists()
    assert set(ImportBatch.objects.values_list("state", flat=True)) == {"dropped"}


def test_a_shell_takes_in_the_levels_of_members_alone(file, clerk, cells, tmp_path):
    path = tmp_path / "dang-vien.xlsx"
    path.write_bytes(
        workbook(["TT", "Mã chi bộ", "Chi bộ", "HTXSNV", "HTTNV"], [1, cells[1].code, cells[1].name, 2, 9])
    )

    call_command(
        "import_sheet", "member_levels", str(path), user="clerk", year=str(file.cycle.year), commit=True
    )

    levels = MemberLevels.objects.get()
    assert (levels.cell, levels.excellent, levels.good, levels.withheld) == (cells[1], 2, 9, True)


# --- The steps of the file ---------------------------------------------------------------


@kept
def entered(file, clerk):
    fill_rest(file, by=clerk)
    rows = LeaderRating.objects.filter(cycle=file.cycle)
    save_rows(
        file,
        [Entry(LeaderRating, row.pk, mark_of(row, None), {"self_level": Level.GOOD}) for row in rows],
        by=clerk,
    )
    file.refresh_from_db()
    return file


def decide(file, clerk):
    put = take(file, Kind.PUT, by=clerk)
    paper = Paper(number="12-QĐ/ĐU", day=file.cycle.roster_day, body="Ban Thường vụ Đảng ủy xã Phú Túc")
    return record_decision(put, paper, by=clerk)


def test_a_file_on_its_way_takes_nothing_and_says_why_once_per_row(entered, clerk):
    data = filled(workbook_of(entered, clerk), "Chi bộ", ROW | MORE)
    put = take(entered, Kind.PUT, by=clerk)

    (sentence,) = told(check(hand_in(clerk, data), clerk))[FIRST]
    assert "trình Ban Thường vụ" in sentence
    take(put, Kind.PULLED, by=clerk)
    assert told(check(hand_in(clerk, data), clerk)) == {}


def test_a_returned_file_is_completed_without_touching_what_was_decided(entered, clerk, officer, cells):
    sent = take(decide(entered, clerk), Kind.SENT, by=clerk)
    take(sent, Kind.RETURNED, by=officer, text="Bổ sung số đảng viên")
    more = {"XS": 2, "T": 9, "Ghi chú": "Đã bổ sung"}
    data = workbook_of(factories.file_of(entered.commune, entered.cycle), clerk)

    taken_in(clerk, filled(data, "Chi bộ", more))
    shown = check(hand_in(clerk, filled(data, "Chi bộ", {"Mức đề xuất": "HTXSNV"})), clerk)

    assert MemberLevels.objects.get().good == 9
    assert CellRating.objects.get(cell=cells[0]).note == "Đã bổ sung"
    assert "quyết định" in str(told(shown)[FIRST])


@pytest.mark.parametrize("who", ["administrator", "neighbour"])
def test_nobody_else_fills_in_a_commune(request, file, clerk, neighbour, who):
    users = {
        "administrator": lambda: factories.user(role=Role.ADMINISTRATOR, keeps=[None]),
        "neighbour": lambda: factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour]),
    }
    user = users[who]()
    data = filled(workbook_of(file, clerk), "Chi bộ", ROW | MORE)

    shown = check(hand_in(user, data, kind="ratings"), user)

    assert FIRST in told(shown)
    assert not CellRating.objects.exclude(self_level="").exists()


def test_a_superuser_takes_no_step_of_a_review_either(file, cells):
    user = factories.user(role=Role.ADMINISTRATOR, is_superuser=True)
    rows = CellRatingResource(user=user).export(CellRating.objects.all())
    headers = list(rows.headers)
    place = headers.index("Mức tự xếp loại")
    changed = [[*row[:place], "HTTNV", *row[place + 1 :]] for row in rows]

    result = CellRatingResource(user=user).import_data(type(rows)(*changed, headers=headers))

    assert len(result.invalid_rows) == 3


def test_what_a_file_has_written_is_not_undone_after_the_file_was_put(file, clerk, cells):
    batch = hand_in(clerk, filled(workbook_of(file, clerk), "Chi bộ", *[ROW | MORE] * 3))
    check(batch, clerk)
    write(batch, clerk)
    people = filled(workbook_of(file, clerk), "Bí thư", {"Mức tự xếp loại": "HTTNV"})
    taken_in(clerk, people, kind="leader_ratings")
    put = take(factories.file_of(file.commune, file.cycle), Kind.PUT, by=clerk)

    with pytest.raises(ValidationError, match="trình Ban Thường vụ"):
        batches.undo(batch, seen=batch.revision, by=clerk, reason="Nhầm")
    assert CellRating.objects.exclude(self_level="").count() == 3

    take(put, Kind.PULLED, by=clerk)
    batches.undo(batch, seen=batch.revision, by=clerk, reason="Nhầm")
    assert not CellRating.objects.exclude(self_level="").exists()
    assert not MemberLevels.objects.exists()


# --- What the province is not told -------------------------------------------------------


SECRET = {"self_level": Level.NOT_COMPLETED, "proposed_level": Level.COMPLETED, "reason": "Bí mật của xã"}
LEAKS = ("KHTNV", "HTNV", "Bí mật của xã", "NOT_COMPLETED", "COMPLETED", "4321")


def everything_told(batch: ImportBatch, user) -> str:
    """Return all that is kept and shown of an import: record, check, pages, the marked file."""
    known = BatchCheck.objects.get(batch=batch)
    return json.dumps([known.result, batch.answers, batch.counts], ensure_ascii=False)


def test_the_province_takes_in_what_the_commune_has_not_begun(file, officer, clerk, cells):
    data = filled(workbook_of(file, clerk), "Chi bộ", ROW | MORE)

    shown = taken_in(officer, data)

    assert counts(shown) == {"new": 1, "skip": 2}
    row = CellRating.objects.get(cell=cells[0])
    assert (row.self_level, row.withheld, MemberLevels.objects.get().withheld) == (
        Level.EXCELLENT,
        True,
        True,
    )
    assert not CellRating.objects.visible_to(officer).exists()
    assert CellRating.objects.visible_to(clerk).count() == 3


def test_the_province_is_told_nothing_of_what_the_commune_has_entered(
    client, file, officer, clerk, cells, tmp_path
):
    data = workbook_of(file, clerk)
    enter(file, cells[0], by=clerk, **SECRET, members={"good": 4321})
    guess = {"Mức tự xếp loại": "HTXSNV", "Mức đề xuất": "HTTNV", "T": 17}
    data = filled(data, "Chi bộ", guess, {"Mức tự xếp loại": "HTTNV"})
    batch = hand_in(officer, data)

    shown = check(batch, officer)

    assert list(told(shown)) == [FIRST]
    assert all("chưa gửi tỉnh" in sentence for sentence in told(shown)[FIRST])
    assert not any(group["is_conflict"] for group in shown["groups"])
    # Not even somebody who insists writes over it.
    answer(batch, rows={str(FIRST): "file"})
    assert list(told(check(batch, officer))) == [FIRST]
    client.force_login(officer)
    page = client.get(batch.get_absolute_url()).content.decode()
    marked = load_workbook(io.BytesIO(client.get(reverse("importing:marked", args=[batch.pk])).content))
    cells_of_it = [
        str(value)
        for sheet in marked.worksheets[:2]
        for row in list(sheet.values)[HEADER + 1 :]
        for value in row
    ]
    for leak in LEAKS:
        assert leak not in everything_told(batch, officer)
        assert leak not in " ".join(cells_of_it)
    assert "Bí mật của xã" not in page
    assert "4321" not in page
    assert str(CellRating.objects.get(cell=cells[0]).self_level) == Level.NOT_COMPLETED


def test_a_shell_tells_the_province_nothing_either(file, officer, clerk, cells, tmp_path, capsys):
    path = tmp_path / "danh-gia.xlsx"
    path.write_bytes(filled(workbook_of(file, clerk), "Chi bộ", {"Mức tự xếp loại": "HTXSNV", "T": 17}))
    enter(file, cells[0], by=clerk, **SECRET, members={"good": 4321})

    with pytest.raises(SystemExit):
        call_command("import_sheet", "ratings", str(path), user="officer", json=True, commit=True)

    out = capsys.readouterr().out
    assert json.loads(out)["faults"]
    assert not [leak for leak in LEAKS if leak in out]


@pytest.mark.parametrize("guess", ["HTXSNV", "KHTNV"])
def test_a_right_guess_looks_like_a_wrong_one(file, officer, clerk, cells, guess):
    """Whoever probes with levels of his own learns nothing: no row of the commune is called unchanged."""
    enter(file, cells[0], by=clerk, **SECRET)
    paper = workbook(["TT", "Chi bộ", "Chi bộ tự xếp loại", "Lý do"], [1, "Ấp 1", guess, "Bí mật của xã"])
    batch = hand_in(officer, paper, kind="ratings")
    answer(batch, asked={"year": str(file.cycle.year), "commune": "Xã Phú Túc"})

    shown = check(batch, officer)

    assert counts(shown) == {"faulty": 1}
    assert [len(faults) for faults in told(shown).values()] == [1]
    assert shown["rows"][0]["changes"] == []


def test_the_province_writes_over_what_it_does_not_see_only_with_the_workbook_of_just_that(
    file, officer, clerk, cells
):
    enter(file, cells[0], by=clerk, **SECRET, members={"good": 4321})
    data = filled(
        workbook_of(file, clerk), "Chi bộ", {"Mức tự xếp loại": "HTTNV", "Mức đề xuất": "HTTNV", "T": 18}
    )
    batch = hand_in(officer, data)

    shown = check(batch, officer)

    assert told(shown) == {}
    (row,) = [row for row in shown["rows"] if row["row"] == FIRST]
    assert ("Mức tự xếp loại", "", "HTTNV") in map(tuple, row["changes"])
    # What stood in the file is told, what is recorded is not: nothing has a value before.
    assert {before for _heading, before, _after in row["changes"]} == {""}
    write(batch, officer)
    assert CellRating.objects.get(cell=cells[0]).self_level == Level.GOOD
    assert MemberLevels.objects.get().good == 18
    # The mark of the file is old now.
    assert list(told(check(hand_in(officer, data, kind="ratings"), officer))) == [FIRST]
    assert not written_things(batch, officer) or "HTTNV" not in str(written_things(batch, officer))


def test_what_was_sent_is_seen_and_closed(entered, clerk, officer):
    data = workbook_of(entered, clerk)
    take(decide(entered, clerk), Kind.SENT, by=clerk)

    shown = check(hand_in(officer, filled(data, "Chi bộ", {"Mức tự xếp loại": "HTXSNV"})), officer)

    assert list(told(shown)) == [FIRST]
    assert "gửi tỉnh" in told(shown)[FIRST][0]


def test_a_commune_does_not_hand_its_own_steps_to_the_province(file, clerk, officer, cells):
    year = file.cycle.year
    rows = [
        ["TT", "Năm", "Chi bộ", "Chi bộ tự xếp loại"],
        [1, year, "Ấp 1", "HTTNV"],
        [2, year - 3, "Ấp 2", "HTTNV"],
    ]
    batch = hand_in(clerk, workbook(*rows), kind="ratings")
    assert told(check(batch, clerk)) == {}
    assert not batches.may_write(clerk, batch)

    with pytest.raises(ValidationError, match="đang mở"):
        batches.submit(batch, seen=batch.revision)

    assert not ImportBatch.objects.visible_to(officer).exists()


def test_levels_of_members_alone_tell_nothing_either(file, officer, clerk, cells):
    enter(file, cells[0], by=clerk, members={"good": 4321})
    resource = MemberLevelsResource(user=officer)
    sheet = workbook(["TT", "Chi bộ", "HTTNV"], [1, "Ấp 1", 4321], [2, "Ấp 2", 5])
    batch = hand_in(officer, sheet, kind="member_levels")
    answer(batch, asked={"year": str(file.cycle.year), "commune": "Xã Phú Túc"})

    shown = check(batch, officer)

    assert counts(shown) == {"new": 1, "faulty": 1}
    assert "4321" not in json.dumps([row["faults"] for row in shown["rows"]])
    assert resource.export(MemberLevels.objects.visible_to(officer)).lines == []


def test_who_is_taken_off_the_list_meanwhile_is_not_on_it(file, clerk, cells):
    data = filled(workbook_of(file, clerk), "Chi bộ", ROW)
    Submission.objects.filter(pk=file.pk).update(revision=9)
    CellRating.objects.filter(cell=cells[0]).delete()

    assert "không có trong danh sách" in str(told(check(hand_in(clerk, data), clerk))).lower()
