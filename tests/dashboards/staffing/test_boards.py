"""What the board counts, and that each list holds what was counted."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cells.models import Limits, MemberCount
from dashboards.figures.frames import Frame
from dashboards.staffing.board import SeatBoard
from dashboards.staffing.items import ITEMS
from dashboards.staffing.rules import MostSeatsFirst
from leaders.actions import end_tenure
from leaders.models import Contest, MembershipStatus, Office, WayIn, WayOut
from tests import factories

TODAY = timezone.localdate()


def days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def hamlet(commune):
    return factories.hamlet(parent=commune, name="Phước Hậu")


@pytest.fixture
def cell(hamlet):
    return factories.cell(of=hamlet, name="Chi bộ ấp Phước Hậu")


@pytest.fixture
def leader(commune):
    return factories.person(keeper=commune, full_name="Lê Thị Hoa")


def counts(unit, user, day=None) -> dict[str, int]:
    board = SeatBoard(Frame(unit, day or timezone.localdate(), user))
    return {one.item.slug: one.count for one in board.counted if one.count}


def listed(client, unit, slug, **query) -> list[dict]:
    response = client.get(reverse("seats:list", args=[unit.pk, slug]), query)
    assert response.status_code == 200
    return response.context["records"]


def test_an_empty_commune_has_nothing_to_look_at(commune, clerk):
    assert counts(commune, clerk) == {}


def test_seats_that_nobody_holds(commune, province, clerk, officer, hamlet, cell):
    expected = {"khuyet-bi-thu": 1, "khuyet-truong": 1, "chua-ghi-mat-tran": 1}

    assert counts(commune, clerk) == expected
    assert counts(province, officer) == expected


def test_of_the_front_vacant_is_what_somebody_left_and_nothing_else(client, clerk, commune, hamlet, leader):
    front = factories.tenure(office=Office.FRONT_HEAD, hamlet=hamlet, person=leader)
    assert not {"khuyet-mat-tran", "chua-ghi-mat-tran"} & set(counts(commune, clerk))

    end_tenure(front, last_day=days_ago(3), way_out=WayOut.DIED)

    assert counts(commune, clerk)["khuyet-mat-tran"] == 1
    assert "chua-ghi-mat-tran" not in counts(commune, clerk)
    client.force_login(clerk)
    (row,) = listed(client, commune, "khuyet-mat-tran")
    assert row["person"] == "Lê Thị Hoa"


def test_a_seat_that_may_have_been_held_is_not_vacant(commune, clerk, hamlet, cell):
    factories.tenure(office=Office.FRONT_HEAD, hamlet=hamlet, seen_on=timezone.localdate())

    assert counts(commune, clerk, days_ago(30)) == {"khuyet-bi-thu": 1, "khuyet-truong": 1}


def test_a_vacant_secretary_with_the_last_holder_and_the_deputy_in_charge(
    client, clerk, commune, cell, leader
):
    secretary = factories.tenure(cell=cell, person=leader)
    deputy = factories.tenure(office=Office.DEPUTY_SECRETARY, cell=cell)
    end_tenure(secretary, last_day=date(2026, 3, 18), way_out=WayOut.DIED)
    Contest.objects.create(
        kind="congress", cell=cell, term="2025-2027", planned_on=timezone.localdate() + timedelta(days=9)
    )
    client.force_login(clerk)

    (row,) = listed(client, commune, "khuyet-bi-thu")

    assert (row["person"], row["vacant_from"]) == ("Lê Thị Hoa", date(2026, 3, 19))
    assert row["in_charge"] == str(deputy.person)
    assert "đại hội" in row["note"]
    assert row["act_url"] == reverse("leaders:fill_cell_seat", args=[cell.pk, Office.SECRETARY])


def test_who_may_only_read_is_offered_nothing_to_do(client, reader, commune, hamlet):
    client.force_login(reader)

    (row,) = listed(client, commune, "khuyet-truong")

    assert "act" not in row


def test_an_interim_head_is_long_in_office_by_the_limit_of_the_province(
    client, officer, province, commune, hamlet
):
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, way_in=WayIn.INTERIM, starts_on=days_ago(100))
    assert "lam-thoi-lau" not in counts(commune, officer)

    Limits.objects.create(province=province, interim_days=99)

    assert counts(commune, officer)["lam-thoi-lau"] == 1
    client.force_login(officer)
    (row,) = listed(client, commune, "lam-thoi-lau")
    assert "100 ngày" in row["note"]
    Limits.objects.update(interim_days=100)
    assert "lam-thoi-lau" not in counts(commune, officer)


def test_in_the_country_each_province_has_its_own_limit(province, commune, hamlet):
    elsewhere = factories.hamlet()
    for place in (hamlet, elsewhere):
        factories.tenure(
            office=Office.HAMLET_HEAD, hamlet=place, way_in=WayIn.INTERIM, starts_on=days_ago(100)
        )

    Limits.objects.create(province=province, interim_days=50)

    assert counts(None, None)["lam-thoi-lau"] == 1


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"ends_on": TODAY + timedelta(days=90)}, "sap-het-nhiem-ky"),
        ({"ends_on": TODAY + timedelta(days=91)}, None),
        ({"term": f"{TODAY.year - 3}-{TODAY.year - 1}"}, "qua-nhiem-ky"),
        ({"term": f"{TODAY.year - 3}-{TODAY.year - 1}", "is_extended": True}, None),
        ({"term": f"{TODAY.year}-{TODAY.year + 3}"}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("office", [Office.SECRETARY, Office.HAMLET_HEAD])
def test_terms_that_end(commune, clerk, hamlet, cell, office, fields, expected):
    body = {"cell": cell} if office == Office.SECRETARY else {"hamlet": hamlet}
    factories.tenure(office=office, **body, **fields)

    found = {slug for slug in counts(commune, clerk) if "nhiem-ky" in slug}

    seat = "bi-thu" if office == Office.SECRETARY else "truong"
    assert found == ({f"{seat}-{expected}"} if expected else set())


def test_a_label_ends_with_its_last_year(commune, clerk, hamlet):
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, term="2022-2025")

    assert "truong-sap-het-nhiem-ky" in counts(commune, clerk, date(2025, 10, 2))
    assert "truong-sap-het-nhiem-ky" not in counts(commune, clerk, date(2025, 10, 1))
    assert "truong-qua-nhiem-ky" in counts(commune, clerk, date(2026, 1, 1))


def test_a_head_who_is_no_member_and_one_of_whom_it_is_not_known(commune, clerk, hamlet):
    outside = factories.person(keeper=commune, membership=MembershipStatus.NO)
    unknown = factories.person(keeper=commune, membership=MembershipStatus.UNKNOWN)
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=outside)
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=factories.hamlet(parent=commune), person=unknown)

    assert counts(commune, clerk)["truong-chua-dang-vien"] == 1


def test_a_head_who_leads_the_front_too(commune, clerk, hamlet, leader):
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=leader)
    factories.tenure(office=Office.FRONT_HEAD, hamlet=hamlet, person=leader)

    found = counts(commune, clerk)

    assert (found["truong-kiem-mat-tran"], found["nhieu-chuc"]) == (1, 1)


def test_people_are_counted_once_however_many_seats(client, clerk, commune, hamlet, cell, leader):
    for office, body in (
        (Office.SECRETARY, {"cell": cell}),
        (Office.HAMLET_HEAD, {"hamlet": hamlet}),
        (Office.FRONT_HEAD, {"hamlet": hamlet}),
    ):
        factories.tenure(office=office, person=leader, **body)
    client.force_login(clerk)

    board = SeatBoard(Frame(commune, timezone.localdate(), clerk))
    (row,) = listed(client, commune, "nhieu-chuc")

    assert board.people == (1, 3)
    assert row["seats"] == 3
    assert row["held"].count(";") == 2


def test_people_with_most_seats_come_first_and_by_name_among_them(commune):
    people = [
        factories.person(keeper=commune, full_name=name)
        for name in ("Lê Văn Em", "Lê Văn Anh", "Lê Văn Cảnh", "Lê Văn Bình")
    ]
    found = MostSeatsFirst(Counter(dict(zip([one.pk for one in people], (2, 2, 3, 2), strict=True))))
    order = [people[place].pk for place in (2, 1, 3, 0)]

    assert [row["person"] for row in found] == order
    assert [row["seats"] for row in found] == [3, 2, 2, 2]
    for first, last in ((0, 1), (0, 2), (1, 3), (3, 50), (4, 9)):
        assert [row["person"] for row in found[first:last]] == order[first:last]


def test_cells_with_few_official_members_by_their_latest_count(commune, clerk, province, cell):
    MemberCount.objects.create(cell=cell, day="2026-01-01", total=5, official=5)
    MemberCount.objects.create(cell=cell, day="2026-02-01", total=3, official=2)
    uncounted = factories.cell(of=factories.hamlet(parent=commune))
    MemberCount.objects.create(cell=uncounted, day="2026-01-01", total=2)

    board = SeatBoard(Frame(commune, timezone.localdate(), clerk))

    assert counts(commune, clerk)["it-dang-vien"] == 1
    assert "1 chi bộ" in next(one.note for one in board.counted if one.item.slug == "it-dang-vien")
    assert "it-dang-vien" not in counts(commune, clerk, date(2026, 1, 15))
    Limits.objects.create(province=province, least_official=2)
    assert "it-dang-vien" not in counts(commune, clerk)


def test_what_was_entered_late_says_so(client, clerk, commune, hamlet, settings):
    head = factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet)
    type(hamlet).history.filter(id=hamlet.pk).update(history_date=timezone.now() - timedelta(days=200))
    end_tenure(head, last_day=days_ago(60), way_out=WayOut.DIED)
    client.force_login(clerk)

    (row,) = listed(client, commune, "khuyet-truong")

    assert f"nhập bổ sung ngày {timezone.localdate():%d/%m/%Y}" in row["note"]


@pytest.fixture
def everything(commune, neighbour):
    """In two communes something for each item."""

    def make(times: int):
        for place in (commune, neighbour):
            for _time in range(times):
                hamlets = [factories.hamlet(parent=place) for _n in range(4)]
                cells = [factories.cell(of=hamlet) for hamlet in hamlets]
                leader = factories.person(keeper=place, membership=MembershipStatus.NO)
                last_year = timezone.localdate().year - 1
                factories.tenure(
                    office=Office.HAMLET_HEAD,
                    hamlet=hamlets[0],
                    person=leader,
                    way_in=WayIn.INTERIM,
                    term=f"2020-{last_year}",
                )
                factories.tenure(office=Office.FRONT_HEAD, hamlet=hamlets[0], person=leader)
                left = factories.tenure(office=Office.FRONT_HEAD, hamlet=hamlets[1])
                end_tenure(left, last_day=days_ago(9), way_out=WayOut.DIED)
                factories.tenure(cell=cells[1], way_in=WayIn.APPOINTED, term=f"2020-{last_year}")
                soon = timezone.localdate() + timedelta(days=5)
                factories.tenure(cell=cells[2], ends_on=soon)
                factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlets[2], ends_on=soon)
                gone = factories.tenure(cell=cells[3])
                end_tenure(gone, last_day=days_ago(9), way_out=WayOut.DIED)
                MemberCount.objects.create(cell=cells[0], day="2026-01-01", total=2, official=2)

    return make


def test_each_number_is_that_of_its_list(client, officer, province, everything):
    everything(1)
    client.force_login(officer)
    found = counts(province, officer)

    assert set(found) == {item.slug for item in ITEMS}
    for slug, count in found.items():
        assert len(listed(client, province, slug)) == count, slug


def test_the_rows_below_add_up_to_the_whole(client, officer, province, everything):
    everything(1)
    client.force_login(officer)

    context = client.get(reverse("seats:board_unit", args=[province.pk])).context

    board, rows = context["board"], context["rows"]
    total = [count for _label, count, _url in board.total.cells]
    assert [sum(row.cells[n][1] for row in rows) for n in range(len(total))] == total


def test_a_list_is_taken_out_as_it_is_seen(client, officer, province, everything):
    everything(1)
    client.force_login(officer)

    for item in ITEMS:
        response = client.get(reverse("exporting:seat_list", args=[province.pk, item.slug]), {"tep": "csv"})
        lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
        assert len(lines) >= 3, item.slug


@pytest.mark.parametrize("day", ["", "2026-06-01"])
def test_queries_do_not_grow(client, officer, province, everything, day, django_assert_max_num_queries):
    client.force_login(officer)
    query = {"ngay": day} if day else {}
    everything(1)
    # Two are the session and the user.
    with django_assert_max_num_queries(12 + 2):
        client.get(reverse("seats:board_unit", args=[province.pk]), query)
    everything(3)
    with django_assert_max_num_queries(12 + 2):
        client.get(reverse("seats:board_unit", args=[province.pk]), query)
    # A list asks besides for the last holders, when they were entered, and what the reader may fill.
    for item in ITEMS:
        with django_assert_max_num_queries(16 + 2, info=item.slug):
            client.get(reverse("seats:list", args=[province.pk, item.slug]), query)


def test_a_list_that_is_not_there_is_not_found(client, officer, province):
    client.force_login(officer)

    assert client.get(reverse("seats:list", args=[province.pk, "khong-co"])).status_code == 404
