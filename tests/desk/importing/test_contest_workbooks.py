"""A plan goes out as a workbook, is filled in, and comes back with the results: those elected are in office by it."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from desk.importing import batches
from desk.importing.files import filled
from desk.importing.forms import FORMS
from leaders.contests.planning import Calendar, carry_out, draw_up
from leaders.models import Contest, Office, Person, Tenure
from leaders.resources.contest_lines import Seats
from tests import factories
from tests.desk.importing.desk import answer, check, hand_in, told, workbook, write

TERM = "2025-2027"
ELECTED_ON, HELD_ON = date(2025, 1, 12), date(2025, 2, 9)
HAMLETS = 3


@pytest.fixture
def home(commune):
    for name in "123"[:HAMLETS]:
        hamlet = factories.hamlet(parent=commune, name=name)
        cell = factories.cell(of=hamlet, name=f"Chi bộ ấp {name}")
        leader = factories.person(keeper=commune)
        factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=leader)
        factories.tenure(cell=cell, person=leader)
    calendars = [
        Calendar(Contest.Kind.HEAD_ELECTION, ELECTED_ON, ELECTED_ON),
        Calendar(Contest.Kind.CONGRESS, HELD_ON, HELD_ON),
    ]
    carry_out(draw_up(commune, TERM, calendars))
    return commune


def taken_out(user) -> bytes:
    return filled(FORMS["contests"], Contest.objects.kept_by(user).order_by("kind", "pk"), user)


def fill_in(data: bytes, names: list[str], *, present: int | str = 50) -> bytes:
    """Let each hamlet elect the person of its line, and its cell the same one secretary."""
    book = load_workbook(io.BytesIO(data))
    sheet = book.active
    top = next(row for row in sheet.iter_rows() if any(cell.value == "Nhiệm kỳ" for cell in row))
    columns = {str(cell.value): cell.column for cell in top}
    rows = [row[0].row for row in sheet.iter_rows(min_row=top[0].row + 1)]
    votes = present - 2 if isinstance(present, int) else None
    for number, row in enumerate(rows):
        is_election = sheet.cell(row, columns["Mã chi bộ"]).value is None
        values = {
            "Ngày tổ chức": ELECTED_ON if is_election else HELD_ON,
            "Hình thức bầu": "Bỏ phiếu kín",
            "Số có mặt": present,
            "Họ và tên": names[number % len(names)],
            "Số phiếu": votes,
            "Trúng cử": "x",
        }
        for heading, value in values.items():
            sheet.cell(row, columns[heading], value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


ANSWERS = {
    "office": "Bí thư chi bộ",
    "decision_number": "15-QĐ/ĐU",
    "decision_day": "20/02/2025",
    "decision_body": "Đảng ủy xã Phú Túc",
    "seats": str(Seats.TAKE.label),
}


@pytest.mark.parametrize("who", ["clerk", "officer"])
def test_a_plan_comes_back_with_its_results_and_moves_the_seats(request, who, home):
    user = request.getfixturevalue(who)
    names = ["Cao Thị Hạnh", "Lý Văn Sang", "Võ Minh Trí"]
    people = Person.objects.count()
    batch = hand_in(user, fill_in(taken_out(user), names))
    assert [ask.key for ask in batches.read_batch(batch, user).asks] == list(ANSWERS)
    answer(batch, asked=ANSWERS)

    shown = check(batch, user)
    assert told(shown) == {}
    assert shown["counts"]["update"] == 2 * HAMLETS
    # Whoever would get a record by it is told before it is written.
    assert set(shown["new_people"]) == set(names)
    assert len(shown["new_people"]) == HAMLETS
    assert not Tenure.objects.exclude(contest=None).exists()
    write(batch, user)

    assert Contest.objects.filter(outcome="held").count() == 2 * HAMLETS
    running = Tenure.objects.filter(ends_on=None)
    # One person in both seats of each hamlet, recorded once, without a word about it in the file.
    assert Person.objects.count() == people + HAMLETS
    assert {one.person.full_name for one in running} == set(names)
    assert running.count() == 2 * HAMLETS
    assert {str(one.decision) for one in running} == {"15-QĐ/ĐU ngày 20/02/2025"}
    ended = Tenure.objects.exclude(ended_by=None).values_list("office", "ends_on").distinct()
    assert set(ended) == {("hamlet_head", date(2025, 1, 11)), ("secretary", date(2025, 2, 8))}


def test_what_was_recorded_goes_out_and_comes_in_without_a_difference(officer, home):
    batch = hand_in(officer, fill_in(taken_out(officer), ["Cao Thị Hạnh", "Lý Văn Sang", "Võ Minh Trí"]))
    answer(batch, asked=ANSWERS)
    check(batch, officer)
    write(batch, officer)

    again = hand_in(officer, taken_out(officer))

    counts = check(again, officer)["counts"]
    assert counts["skip"] == 2 * HAMLETS
    assert sum(count for key, count in counts.items() if key != "skip") == 0


def test_an_import_is_taken_back_with_its_seats(officer, home):
    before = set(Tenure.objects.values_list("person", "office", "ends_on"))
    batch = hand_in(officer, fill_in(taken_out(officer), ["Cao Thị Hạnh", "Lý Văn Sang", "Võ Minh Trí"]))
    answer(batch, asked=ANSWERS)
    check(batch, officer)
    write(batch, officer)

    batches.undo(batch, seen=batch.revision, by=officer, reason="Nhầm file")

    assert set(Tenure.objects.values_list("person", "office", "ends_on")) == before
    assert set(Contest.objects.values_list("outcome", flat=True)) == {"planned"}


def test_an_import_of_contests_that_were_not_planned_is_taken_back_too(officer, home):
    Contest.objects.all().delete()
    before = set(Tenure.objects.values_list("person", "office", "ends_on"))
    rows = [
        ["Ấp", "Nhiệm kỳ", "Ngày bầu", "Có mặt", "Họ và tên", "Số phiếu", "Trúng cử"],
        ["Ấp 1", TERM, "12/01/2025", 80, "Cao Thị Hạnh", 60, "x"],
    ]
    batch = hand_in(officer, workbook(*rows), kind="contests")
    answer(batch, asked=ANSWERS | {"kind": "Bầu trưởng thôn", "commune": "Xã Phú Túc"})
    assert told(check(batch, officer)) == {}
    write(batch, officer)
    assert Tenure.objects.exclude(contest=None).exists()

    batches.undo(batch, seen=batch.revision, by=officer, reason="Nhầm file")

    assert not Contest.objects.exists()
    assert set(Tenure.objects.values_list("person", "office", "ends_on")) == before


def test_a_head_without_more_than_half_is_told_at_the_row(clerk, home):
    rows = [
        ["Chi bộ, thôn", "Ấp", "Nhiệm kỳ", "Ngày bầu", "Có mặt", "Họ và tên", "Số phiếu", "Trúng cử"],
        ["", "Ấp 1", TERM, "12/01/2025", 80, "Cao Thị Hạnh", 40, "x"],
        ["", "Ấp 2", TERM, "12/01/2025", 80, "Lý Văn Sang", 41, "x"],
    ]
    batch = hand_in(clerk, workbook(*[row[1:] for row in rows]), kind="contests")
    asked = {"kind": "Bầu trưởng thôn", "commune": "Xã Phú Túc", "seats": str(Seats.TAKE.label)}
    answer(batch, asked=asked | dict.fromkeys(("decision_number", "decision_day", "decision_body"), ""))

    said = told(check(batch, clerk))

    assert list(said) == [2]
    assert "40" in said[2][0]


def test_results_of_a_past_term_may_be_recorded_alone(officer, home):
    before = set(Tenure.objects.values_list("pk", "ends_on", "contest"))
    batch = hand_in(officer, fill_in(taken_out(officer), ["Cao Thị Hạnh", "Lý Văn Sang", "Võ Minh Trí"]))
    answer(batch, asked=ANSWERS | {"seats": str(Seats.RECORD.label)})
    check(batch, officer)
    write(batch, officer)

    assert Contest.objects.filter(outcome="held").count() == 2 * HAMLETS
    assert set(Tenure.objects.values_list("pk", "ends_on", "contest")) == before


def test_a_row_with_a_fault_is_named_by_its_words_and_not_by_its_mark(clerk, home):
    batch = hand_in(clerk, fill_in(taken_out(clerk), ["Cao Thị Hạnh"], present="năm chục"))
    answer(batch, asked=ANSWERS)

    rows = check(batch, clerk)["rows"]

    assert all("ấp" in row["name"].lower() for row in rows)
    assert not [row["name"] for row in rows if "contest." in row["name"]]
