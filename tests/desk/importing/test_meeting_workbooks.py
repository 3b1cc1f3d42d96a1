"""Meetings by workbook: the one of a month that we give out, and those that offices write themselves."""

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from cells.models import Meeting, MemberCount
from tests import factories
from tests.desk.importing.desk import answer, check, hand_in, told, workbook, write

MONTH = date(2026, 3, 1)


@pytest.fixture
def cells(commune):
    made = [factories.cell(of=factories.hamlet(parent=commune, name=name)) for name in ("1", "2", "3")]
    for cell in made:
        MemberCount.objects.create(cell=cell, day=date(2026, 1, 1), active=20)
    return made


def taken_out(client, user, commune) -> bytes:
    client.force_login(user)
    response = client.get(reverse("exporting:meetings_month", args=[commune.pk, 2026, 3]))
    return b"".join(response.streaming_content)


def filled_in(data: bytes, *rows: dict) -> bytes:
    """Return the workbook with these values by heading, one dictionary for each row in order."""
    book = load_workbook(io.BytesIO(data))
    sheet = book.active
    top = next(row for row in sheet.iter_rows() if any(cell.value == "Chi bộ" for cell in row))
    columns = {cell.value: cell.column for cell in top}
    for number, values in enumerate(rows, top[0].row + 1):
        for heading, value in values.items():
            sheet.cell(number, columns[heading]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_workbook_of_a_month_comes_back_filled_in(client, clerk, commune, cells):
    data = filled_in(
        taken_out(client, clerk, commune),
        {
            "Sinh hoạt định kỳ": "đã họp",
            "Ngày họp": date(2026, 3, 5),
            "Có mặt": 18,
            "Chất lượng buổi sinh hoạt": "Tốt",
        },
        {"Sinh hoạt định kỳ": "không họp", "Ghi chú": "Mưa lũ"},
    )
    batch = hand_in(clerk, data)
    result = check(batch, clerk)
    assert batch.kind == "meetings"
    assert told(result) == {}

    write(batch, clerk)

    first, second = Meeting.objects.order_by("cell__sort_key")
    assert (first.cell, first.expected, first.present, first.grade) == (cells[0], 20, 18, "good")
    assert (second.was_held, second.day, second.note) == (False, MONTH, "Mưa lũ")


def test_what_was_taken_out_comes_in_without_a_difference(client, clerk, commune, cells):
    Meeting.objects.create(
        cell=cells[0], month=MONTH, day=date(2026, 3, 5), expected=20, present=18, committee_met=False
    )
    Meeting.objects.create(cell=cells[1], month=MONTH, day=MONTH, was_held=False)
    Meeting.objects.create(cell=cells[1], month=MONTH, day=date(2026, 3, 20), kind="thematic", present=11)
    before = list(Meeting.objects.values())

    batch = hand_in(clerk, taken_out(client, clerk, commune))
    result = check(batch, clerk)

    assert told(result) == {}
    assert {row["outcome"] for row in result["rows"]} <= {"skip"}
    assert list(Meeting.objects.values()) == before


def test_none_was_held_in_a_month_on_whose_first_day_the_one_before_was_held(client, clerk, commune, cells):
    Meeting.objects.create(cell=cells[0], month=date(2026, 2, 1), day=MONTH, expected=20, present=18)
    data = filled_in(taken_out(client, clerk, commune), {"Sinh hoạt định kỳ": "không họp"})

    batch = hand_in(clerk, data)
    assert told(check(batch, clerk)) == {}
    write(batch, clerk)

    assert Meeting.objects.get(month=MONTH).was_held is False


def test_a_row_changed_meanwhile_is_a_conflict(client, clerk, commune, cells):
    made = Meeting.objects.create(cell=cells[0], month=MONTH, day=date(2026, 3, 5), expected=20, present=18)
    data = filled_in(taken_out(client, clerk, commune), {"Có mặt": 15})
    made.present = 17
    made.save()

    result = check(hand_in(clerk, data), clerk)

    assert any("đã được" in said for some in told(result).values() for said in some)
    assert Meeting.objects.get().present == 17


def test_the_list_of_an_office_is_asked_for_its_month_and_commune(clerk, commune, cells):
    data = workbook(
        ["SINH HOẠT CHI BỘ THÁNG 3 NĂM 2026"],
        ["ĐẢNG ỦY XÃ PHÚ TÚC"],
        ["TT", "Chi bộ", "Ngày họp", "Phải dự", "Có mặt", "Chất lượng"],
        [1, "Chi bộ ấp 1", "05/03/2026", 20, 18, "Khá"],
        [2, "Chi bộ ấp 2", "06/03/2026", 20, 25, "Khá"],
        [3, "Chi bộ ấp 3", "06/03/2026", 20, 20, "Xuất sắc"],
    )
    batch = hand_in(clerk, data)
    answer(batch, asked={"month": "3/2026", "commune": "Xã Phú Túc"})

    faults = told(check(batch, clerk))

    assert set(faults) == {5, 6}
    assert "lớn hơn số phải dự" in faults[5][0]


def test_meetings_of_a_neighbour_are_not_found(clerk, neighbour):
    factories.cell(of=factories.hamlet(parent=neighbour, name="9"))
    data = workbook(
        ["Tháng", "Xã", "Chi bộ", "Ngày họp", "Phải dự", "Có mặt"],
        ["03/2026", "Xã Giao Long", "Chi bộ ấp 9", "05/03/2026", 20, 18],
    )

    assert told(check(hand_in(clerk, data, kind="meetings"), clerk))
