"""Pages of meetings: the grid of a month, the year of a commune, the board of a province."""

import json
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from cells.copies import rebuild_cells
from cells.meetings.months import full_months_of
from cells.meetings.places import cells_of
from cells.models import Limits, LineKind, Meeting, MemberCount
from dashboards.meetings.year import MeetingYear
from tests import factories
from tests.desk.reorganisation.acting import carry_out, event_of, line

YEAR = 2026
MONTH = date(YEAR, 3, 1)


@pytest.fixture
def cell(commune):
    made = factories.cell(of=factories.hamlet(parent=commune, name="Quới Hòa"))
    MemberCount.objects.create(cell=made, day=date(YEAR, 1, 1), active=20)
    return made


def address(name: str, commune, month: date = MONTH) -> str:
    return reverse(f"meetings:{name}", args=[commune.pk, month.year, month.month])


def meeting(
    cell, month: date = MONTH, present: int | None = 18, expected: int | None = 20, **fields
) -> Meeting:
    fields = {"day": month.replace(day=5), "grade": "good", **fields}
    return Meeting.objects.create(cell=cell, month=month, present=present, expected=expected, **fields)


def test_a_clerk_enters_a_month_without_a_script(client, clerk, commune, cell):
    client.force_login(clerk)
    page = client.get(address("month", commune)).content.decode()
    assert f'name="c{cell.pk}-expected" value="20"' in page
    key = f"c{cell.pk}"
    sent = {
        f"{key}-mark": "0.0",
        f"{key}-held": "1",
        f"{key}-day": "5",
        f"{key}-present": "18",
        f"{key}-expected": "20",
    }

    response = client.post(address("save", commune), sent, follow=True)

    assert "Đã lưu 1 dòng" in response.content.decode()
    (made,) = Meeting.objects.all()
    assert (made.day, made.expected, made.present) == (date(YEAR, 3, 5), 20, 18)
    assert made.history.get().change_set.by == clerk


def test_what_is_refused_comes_back_as_it_was_typed(client, clerk, commune, cell):
    client.force_login(clerk)
    key = f"c{cell.pk}"

    sent = {f"{key}-mark": "0.0", f"{key}-held": "1", f"{key}-day": "5", f"{key}-present": "hai mươi"}
    page = client.post(address("save", commune), sent).content.decode()

    assert 'value="hai mươi"' in page
    assert "không phải là số" in page or "là số" in page
    assert Meeting.objects.get().present is None  # a fault blocks its own field only


def test_a_conflict_is_shown_with_both_values(client, clerk, commune, cell):
    client.force_login(clerk)
    meeting(cell, present=17)
    key = f"c{cell.pk}"

    sent = {f"{key}-mark": "0.0", f"{key}-day": "5", f"{key}-present": "19"}
    page = client.post(address("save", commune), sent).content.decode()

    assert Meeting.objects.get().present == 17
    assert "Có mặt: " in page
    assert f"{key}-theirs" in page


def test_the_script_is_answered_row_by_row(client, clerk, commune, cell):
    client.force_login(clerk)
    key = f"c{cell.pk}"
    sent = {
        "user": clerk.pk,
        f"{key}-mark": "0.0",
        f"{key}-present": "18",
        f"{key}-day": "5",
        f"{key}-grade": "Khá",
    }

    answer = client.post(address("save", commune), sent, headers={"X-Requested-With": "fetch"}).json()

    row = answer["rows"][key]
    assert row["values"]["held"] == "1"
    assert row["values"]["expected"] == "20"
    assert row["values"]["grade"] == "fair"
    assert row["mark"].endswith(".1")
    assert answer["state"] == "đã nhập 1/1 chi bộ"
    told = client.get(address("changes", commune), {"since": "0"}).json()
    assert list(told["rows"]) == [key]
    assert client.get(address("changes", commune), {"since": told["stamp"]}).json().keys() == {
        "stamp",
        "revision",
    }


def test_the_script_does_not_save_in_a_wrong_name(client, clerk, officer, commune, cell):
    client.force_login(clerk)

    response = client.post(
        address("save", commune),
        {"user": officer.pk, f"c{cell.pk}-mark": "0.0"},
        headers={"X-Requested-With": "fetch"},
    )

    assert response.status_code == 403


def test_a_reader_sees_the_month_and_enters_nothing(client, reader, commune, cell):
    client.force_login(reader)

    page = client.get(address("month", commune)).content.decode()

    assert "<select" not in page.partition("<main")[2]
    sent = {f"c{cell.pk}-mark": "0.0", f"c{cell.pk}-held": "1", f"c{cell.pk}-day": "5"}
    assert client.post(address("save", commune), sent).status_code == 403
    assert not Meeting.objects.exists()


def test_an_officer_keeps_the_meetings_of_every_commune(client, officer, commune, cell):
    client.force_login(officer)

    client.post(address("save", commune), {f"c{cell.pk}-mark": "0.0", f"c{cell.pk}-held": "0"})

    assert not Meeting.objects.get().was_held


def test_a_neighbour_changes_nothing_even_by_name(client, neighbour, commune, cell):
    foreign = factories.user(role="commune_staff", keeps=[neighbour])
    client.force_login(foreign)
    factories.cell(of=factories.hamlet(parent=neighbour))

    sent = {f"c{cell.pk}-mark": "0.0", f"c{cell.pk}-held": "0"}
    assert client.post(address("save", commune), sent).status_code == 404
    assert client.post(address("save", neighbour), sent).status_code == 403
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("path", ["2026/13/", "1890/1/", "2099/1/"])
def test_an_impossible_month_is_not_found(client, clerk, commune, path):
    client.force_login(clerk)

    assert client.get(f"/sinh-hoat/{commune.pk}/{path}").status_code == 404


def test_a_thematic_meeting_is_added_and_taken_away(client, clerk, commune, cell):
    client.force_login(clerk)
    fields = {
        "cell": cell.pk,
        "kind": "thematic",
        "day": f"{YEAR}-03-20",
        "expected": 20,
        "present": 19,
        "committee_met": "unknown",
        "grade": "",
        "note": "",
    }

    client.post(address("add", commune), fields)
    made = Meeting.objects.get()
    page = client.get(address("month", commune)).content.decode()
    assert "sinh hoạt chuyên đề" in page
    assert client.get(reverse("meetings:remove", args=[made.pk])).status_code == 200
    client.post(reverse("meetings:remove", args=[made.pk]))

    assert not Meeting.objects.exists()


def test_a_thematic_meeting_lies_in_the_month_of_its_page(client, clerk, commune, cell):
    client.force_login(clerk)

    page = client.post(address("add", commune), {"cell": cell.pk, "kind": "thematic", "day": f"{YEAR}-04-20"})

    assert "không thuộc tháng 03/2026" in page.content.decode()
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("cells", [2, 40])
def test_the_grid_needs_the_same_queries_for_any_number(
    client, clerk, commune, cells, django_assert_max_num_queries
):
    for one in factories.many_cells(commune, cells):
        meeting(one)
    client.force_login(clerk)

    with django_assert_max_num_queries(12):
        page = client.get(address("month", commune))

    assert len(page.context["grid"].rows) == cells


def test_unknown_is_never_counted_as_absent(officer, commune, cell):
    meeting(cell, date(YEAR, 1, 1), present=10)
    meeting(cell, date(YEAR, 2, 1), present=None)
    meeting(cell, date(YEAR, 3, 1), present=5, expected=None)
    Meeting.objects.create(cell=cell, month=date(YEAR, 4, 1), day=date(YEAR, 4, 1), was_held=False)

    (one,) = MeetingYear(officer, YEAR, date(YEAR, 6, 15), unit=commune).cells

    assert (one.present, one.expected, one.rate) == (10, 20, "50%")
    assert (one.held, one.not_held, one.nothing) == (3, 1, 1)


def test_the_province_sets_what_is_too_few(officer, province, commune, cell):
    meeting(cell, present=17)
    year = lambda: MeetingYear(officer, YEAR, date(YEAR, 6, 15), unit=commune).cells[0]  # noqa: E731

    assert not year().is_under
    Limits.objects.create(province=province, least_attendance=86)
    assert year().is_under


def test_months_before_a_cell_was_founded_are_not_missing(officer, commune):
    hamlet = factories.hamlet(parent=commune, starts_on=date(YEAR, 2, 10))
    young = factories.cell(of=hamlet)
    meeting(young, date(YEAR, 2, 1), day=date(YEAR, 2, 20))
    meeting(young, date(YEAR, 3, 1))

    (one,) = MeetingYear(officer, YEAR, date(YEAR, 5, 15), unit=commune).cells

    assert (one.held, one.nothing) == (2, 1)  # April


@pytest.mark.parametrize("cells", [2, 30])
def test_the_board_needs_the_same_queries_for_any_number(
    client, officer, province, commune, neighbour, cells, django_assert_max_num_queries
):
    for home in (commune, neighbour):
        for one in factories.many_cells(home, cells):
            meeting(one, full_months_of(timezone.localdate().year, timezone.localdate())[0])
    client.force_login(officer)

    with django_assert_max_num_queries(12):
        page = client.get(reverse("meetings:board"))

    assert page.context["year"].total.cells == 2 * cells


def test_the_numbers_of_the_board_are_those_of_its_lists(client, officer, commune, cell):
    first = full_months_of(timezone.localdate().year, timezone.localdate())[0]
    meeting(cell, first, present=5)
    client.force_login(officer)
    page = client.get(reverse("meetings:board"))
    assert '<td class="num" data-label="Tốt">1</td>' in page.content.decode()
    board = page.context["year"]
    for slug, count in (
        ("duoi-ty-le", board.total.under),
        ("khong-hop", board.total.cells_without),
        ("chua-nhap", board.total.cells_unknown),
    ):
        page = client.get(reverse("meetings:cells"), {"loc": slug}).context["page"]
        assert page.paginator.count == count


def test_the_year_of_a_commune_and_of_a_cell_show_each_month(client, clerk, commune, cell):
    meeting(cell, present=18)
    Meeting.objects.create(cell=cell, month=date(YEAR, 2, 1), day=date(YEAR, 2, 1), was_held=False)
    client.force_login(clerk)

    of_commune = client.get(reverse("meetings:commune", args=[commune.pk]), {"nam": YEAR}).content.decode()
    of_cell = client.get(reverse("meetings:cell", args=[cell.pk]), {"nam": YEAR}).content.decode()

    assert "18/20" in of_commune
    assert "không họp" in of_commune
    assert "05/03/2026" in of_cell


def test_the_data_of_the_script_says_every_label(client, clerk, commune, cell):
    client.force_login(clerk)

    page = client.get(address("month", commune))

    data = page.context["script_data"]
    assert json.loads(json.dumps(data))["answers"]["held"]["khong hop"] == "0"
    assert data["names"]["trung binh"] == "average"


def test_months_before_a_commune_was_taken_in_are_entered_where_its_cells_stand(
    client, clerk, officer, province, commune, neighbour
):
    came = factories.cell(of=factories.hamlet(parent=neighbour, name="Quới Hòa"))
    event = event_of(province, title="Sáp nhập xã")
    line(event, LineKind.ABSORB, units=[neighbour], unit=commune)
    carry_out(event)
    client.force_login(clerk)
    key = f"c{came.pk}"
    asked = [
        row.key for row in client.get(address("month", commune)).context["grid"].rows if row.meeting is None
    ]

    sent = {f"{key}-mark": "0.0", f"{key}-held": "1", f"{key}-day": "5", f"{key}-present": "18"}
    client.post(address("save", commune), sent)

    assert asked == [key]
    assert Meeting.objects.get().cell == came
    (year,) = MeetingYear(clerk, YEAR, timezone.localdate(), unit=commune).cells
    assert (year.key, year.held) == (came.pk, 1)
    # Who looks at the former commune sees its month as it was.
    assert cells_of(neighbour, MONTH, officer) == [came]


def test_the_month_of_a_cell_that_moved_stays_with_its_commune_of_then(clerk, officer, commune, neighbour):
    moved = factories.cell(commune=neighbour, kind="school")
    moved.periods.update(ends_on=date(YEAR, 3, 31))
    moved.periods.create(name="Trường", commune=commune, starts_on=date(YEAR, 4, 1))
    rebuild_cells([moved.pk])

    assert cells_of(commune, MONTH, clerk) == []
    assert cells_of(neighbour, MONTH, officer) == [moved]


def test_the_button_says_what_it_is_for_to_who_enters_meetings(client, clerk, reader, commune, cell):
    month = f"tháng {timezone.localdate():%m/%Y}"
    shown = {}
    for user in (clerk, reader):
        client.force_login(user)
        shown[user] = client.get(reverse("meetings:commune", args=[commune.pk])).content.decode()

    assert f"Nhập {month}</a>" in shown[clerk]
    assert f"Nhập {month}" not in shown[reader]
