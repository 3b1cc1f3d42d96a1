import re
from datetime import date

import pytest
from django.urls import reverse

from accounts.changes import ChangeSet, recording
from accounts.history import take_back
from accounts.models import Role
from cells.actions import change_unit, close_unit, succeed
from cells.models import CellArea, Grant, MemberCount, Unit
from leaders.models import Office, WayIn
from tests import factories
from tests.worlds import kept

SEARCH = reverse("dashboards:search")


@kept
def hamlet(commune):
    return factories.hamlet(parent=commune, name="Phước Hậu")


@kept
def cell(hamlet):
    return factories.cell(of=hamlet, name="Chi bộ ấp Phước Hậu")


@kept
def leader(commune, cell, hamlet):
    person = factories.person(
        keeper=commune,
        full_name="Lê Thị Hoa",
        phone="0912 345 678",
        born_on=date(1985, 1, 1),
        born_on_precision="year",
    )
    factories.tenure(cell=cell, person=person)
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=person)
    return person


def text(client, user, record) -> str:
    client.force_login(user)
    response = client.get(record.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("record", ["hamlet", "cell", "leader"])
@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 302), ("clerk", 200), ("officer", 200), ("reader", 200), ("outsider", 404), ("next_door", 404)],
)
def test_who_may_open_a_record(client, request, leader, record, who, status):
    if who:
        client.force_login(request.getfixturevalue(who))

    assert client.get(request.getfixturevalue(record).get_absolute_url()).status_code == status


@kept
def next_door(neighbour):
    """Keeps the data of the neighbouring commune."""
    return factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])


@pytest.mark.parametrize("record", ["hamlet", "cell", "leader"])
def test_records_are_for_reading(client, request, clerk, leader, record):
    client.force_login(clerk)

    assert client.post(request.getfixturevalue(record).get_absolute_url()).status_code == 405


@pytest.mark.parametrize("record", ["hamlet", "cell", "leader"])
def test_buttons_and_history_are_for_those_who_keep_the_record(
    client, request, clerk, reader, leader, record
):
    record = request.getfixturevalue(record)

    assert "Lịch sử thay đổi" in text(client, clerk, record)
    assert "Lịch sử thay đổi" not in text(client, reader, record)
    assert "/sua/" not in text(client, reader, record)


def test_hamlet_names_its_head_by_its_kind(client, clerk, hamlet):
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, way_in=WayIn.INTERIM)

    page = text(client, clerk, hamlet)

    assert "Trưởng ấp" in page
    assert "lâm thời" in page


def test_empty_expected_seats_are_vacant_others_are_not(client, clerk, hamlet, cell):
    client.force_login(clerk)

    seats = client.get(hamlet.get_absolute_url()).context["seats"]

    assert {seat.office for seat in seats if seat.is_vacant} == {Office.HAMLET_HEAD, Office.FRONT_HEAD}


def test_seat_is_not_called_vacant_while_nobody_knows(client, clerk, hamlet):
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, seen_on=date(2999, 1, 1))
    client.force_login(clerk)

    head = client.get(hamlet.get_absolute_url()).context["seats"][0]

    assert head.is_unknown
    assert not head.is_vacant


def test_closed_hamlet_says_what_became_of_it_and_the_other_what_it_took_in(client, clerk, commune, hamlet):
    gone = factories.hamlet(parent=commune, name="Cũ")
    close_unit(gone, last_day=date(2024, 5, 31))
    succeed([gone], hamlet, on=date(2024, 6, 1))

    assert "từ ngày 01/06/2024" in text(client, clerk, gone)
    assert "ấp Cũ" in text(client, clerk, hamlet)


def test_earlier_name_is_shown_with_its_days(client, clerk, hamlet):
    change_unit(hamlet, on=date(2024, 6, 1), name="Phước Hậu A")

    page = text(client, clerk, hamlet)

    assert "Ấp Phước Hậu A" in page
    assert "đến 31/05/2024" in page


def test_cell_of_another_commune_is_not_named(client, next_door, neighbour, commune, hamlet):
    beside = factories.hamlet(parent=neighbour, name="Bên cạnh")
    joint = factories.cell(of=hamlet, name="Chi bộ ghép", hamlets=[hamlet, beside])
    factories.tenure(cell=joint, person=factories.person(full_name="Trần Văn Ghép"))

    page = text(client, next_door, beside)

    assert "Chi bộ ghép" not in page
    assert "Trần Văn Ghép" not in page


def test_cell_shows_counts_ratings_and_titles(client, clerk, province, cell):
    MemberCount.objects.create(cell=cell, day=date(2022, 6, 30), total=43, active=17, exempt=16, away=10)
    factories.rating(of=cell, cycle=factories.cycle(province=province, year=2021), level="EXCELLENT")
    factories.title_case(of=cell, recognised_on=date(2021, 12, 10))

    page = text(client, clerk, cell)

    for shown in ("43", "30/06/2022", "level-EXCELLENT", "10/12/2021"):
        assert shown in page


def test_partial_birth_date_is_shown_as_far_as_it_is_known(client, clerk, leader):
    page = text(client, clerk, leader)

    assert re.search(r"<dd>\s*1985\s*</dd>", page)
    assert "01/01/1985" not in page


@pytest.mark.parametrize("who", ["reader", "seat_only"])
def test_private_data_is_not_for_everybody(client, request, leader, who):
    page = text(client, request.getfixturevalue(who), leader)

    assert "0912 345 678" not in page
    assert "1985" not in page


@kept
def seat_only(neighbour, leader):
    """Keeps a commune in which the person holds a seat, but not the person's record."""
    factories.tenure(cell=factories.cell(of=factories.hamlet(parent=neighbour)), person=leader)
    return factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])


def test_history_says_who_when_and_why_with_names(client, clerk, officer, cell, leader):
    other = factories.person(keeper=cell.commune, full_name="Phan Văn Tám")
    with recording(by=officer, kind=ChangeSet.Kind.PAGE, reason="Đính chính theo biên bản"):
        tenure = cell.tenures.get()
        tenure.person = other
        tenure.save()

    client.force_login(clerk)
    newest = client.get(cell.get_absolute_url()).context["changes"][0]

    assert (newest.by, newest.reason) == (str(officer), "Đính chính theo biên bản")
    assert [(f.before, f.after) for f in newest.fields] == [("Lê Thị Hoa", "Phan Văn Tám")]


def test_history_calls_an_office_by_the_word_of_its_hamlet(client, clerk, hamlet, leader):
    client.force_login(clerk)

    changes = client.get(hamlet.get_absolute_url()).context["changes"]

    said = {f.after for change in changes for f in change.fields if f.label == "chức vụ"}
    assert said == {"Trưởng ấp"}


def test_history_names_a_hamlet_that_was_undone(client, clerk, commune, cell):
    with recording(reason="Sáp nhập") as merger:
        merged = factories.hamlet(parent=commune, name="Hòa Bình")
        CellArea.objects.create(cell=cell, hamlet=merged)
    take_back(merger.change_set, by=None, reason="Nhầm")

    client.force_login(clerk)
    changes = client.get(cell.get_absolute_url()).context["changes"]

    assert "Ấp Hòa Bình (đã hoàn tác)" in {f.after for change in changes for f in change.fields}


def test_history_of_a_person_stays_silent_on_seats_elsewhere(client, clerk, leader, neighbour):
    elsewhere = factories.cell(of=factories.hamlet(parent=neighbour), name="Chi bộ Láng Giềng")
    factories.tenure(cell=elsewhere, person=leader)

    client.force_login(clerk)
    changes = client.get(leader.get_absolute_url()).context["changes"]

    assert not any("Láng Giềng" in field.after for change in changes for field in change.fields)


def test_history_needs_the_same_queries_for_one_change_and_for_thirty(client, clerk, cell, queries_of):
    client.force_login(clerk)
    cell.save()
    for_one = queries_of(cell.get_absolute_url())
    for number in range(29):
        cell.note = str(number)
        cell.save()

    assert queries_of(cell.get_absolute_url()) == for_one


def test_archive_is_read_only(client, commune, hamlet, cell):
    reader = factories.user(role=Role.COMMUNE_STAFF)
    Grant.objects.create(user=reader, unit=commune, access=Grant.Access.READ, source=Grant.Source.ARCHIVE)

    assert "Lịch sử thay đổi" not in text(client, reader, hamlet)


# --- search ------------------------------------------------------------------------------


def found(client, user, words) -> list[str]:
    client.force_login(user)
    response = client.get(SEARCH, {"q": words})
    assert response.status_code == 200
    return [str(row) for finding in response.context["findings"] for row in finding.rows]


@pytest.mark.parametrize("words", ["phuoc hau", "Phước Hậu", "PHUOC"])
def test_search_finds_hamlets_and_cells(client, clerk, cell, words):
    assert found(client, clerk, words) == ["Ấp Phước Hậu", "Chi bộ ấp Phước Hậu"]


def test_search_finds_communes_and_people(client, officer, leader):
    assert found(client, officer, "phu tuc") == ["Xã Phú Túc"]
    assert found(client, officer, "hoa le") == ["Lê Thị Hoa"]


def test_search_stays_in_scope(client, next_door, outsider, leader):
    assert found(client, next_door, "phuoc hau") == []
    assert found(client, outsider, "hoa") == []


def test_signs_alone_find_nothing(client, officer, leader):
    client.force_login(officer)

    assert "findings" not in client.get(SEARCH, {"q": "%%%"}).context


def test_search_says_what_became_of_a_closed_hamlet_and_names_what_stands_first(
    client, clerk, commune, hamlet
):
    gone = factories.hamlet(parent=commune, name="Phước An")
    close_unit(gone, last_day=date(2024, 5, 31))
    succeed([gone], hamlet, on=date(2024, 6, 1))

    assert found(client, clerk, "phuoc") == ["Ấp Phước Hậu", "Ấp Phước An"]
    assert "từ ngày 01/06/2024" in client.get(SEARCH, {"q": "phuoc"}).content.decode()


def test_search_shows_twenty_and_leads_to_all_the_closed_ones_too(client, clerk, commune, hamlet):
    hamlets = [factories.hamlet(parent=commune, name=f"Phước {number}") for number in range(60)]
    close_unit(hamlets[0], last_day=date(2024, 5, 31))
    succeed([hamlets[0]], hamlet, on=date(2024, 6, 1))
    all_url = f"{SEARCH}?q=phuoc&loai=thon"

    assert len(found(client, clerk, "phuoc")) == 20
    assert "?q=phuoc&amp;loai=thon" in client.get(SEARCH, {"q": "phuoc"}).content.decode()
    pages = [client.get(f"{all_url}&page={number}") for number in (1, 2)]
    shown = [row for page in pages for row in page.context["findings"][0].rows]
    assert len(set(shown)) == len(shown) == 61
    assert shown[-1] == hamlets[0]
    assert "từ ngày 01/06/2024" in pages[1].content.decode()


def test_a_kind_that_is_not_known_is_not_found(client, clerk, hamlet):
    client.force_login(clerk)

    assert client.get(SEARCH, {"q": "phuoc", "loai": "xe"}).status_code == 404


def test_what_is_called_so_comes_before_what_only_holds_the_letters(client, officer, province):
    for name in ("Bình Khánh", "Khánh Bình An", "An Khánh Trung", "An Khánh"):
        factories.commune(parent=province, name=name)
    gone = Unit.objects.get(name="An Khánh")
    close_unit(gone, last_day=date(2024, 11, 30))

    assert found(client, officer, "an khánh") == [
        "Xã An Khánh Trung",
        "Xã An Khánh",
        "Xã Khánh Bình An",
        "Xã Bình Khánh",
    ]


def test_search_needs_the_same_queries_for_one_row_and_for_twenty(client, clerk, commune, queries_of):
    url = f"{SEARCH}?q=phuoc"
    factories.tenure(cell=factories.cell(of=factories.hamlet(parent=commune, name="Phước 0")))
    client.force_login(clerk)
    for_one = queries_of(url)
    for number in range(1, 20):
        factories.hamlet(parent=commune, name=f"Phước {number}")

    assert queries_of(url) == for_one


@pytest.mark.parametrize("record", ["cell", "leader"])
def test_records_need_the_same_queries_for_one_year_and_for_eight(
    client, request, clerk, province, cell, leader, record, queries_of
):
    def rate(year):
        cycle = factories.cycle(province=province, year=year)
        factories.rating(of=cell, cycle=cycle)
        factories.leader_rating(of=leader, cell=cell, cycle=cycle)

    client.force_login(clerk)
    url = request.getfixturevalue(record).get_absolute_url()
    rate(2018)
    for_one = queries_of(url)
    for year in range(2019, 2026):
        rate(year)

    assert queries_of(url) == for_one


def test_scan_of_a_decision_is_offered_where_there_is_one(client, clerk, province, commune, cell):
    paper = factories.decision(unit=commune, file="decisions/2021/12.pdf")
    factories.rating(of=cell, cycle=factories.cycle(province=province), decision=paper)

    assert reverse("cells:decision_file", args=[paper.pk]) in text(client, clerk, cell)


def test_person_who_left_leads_to_both_seats_until_somebody_follows(client, clerk, cell, hamlet, leader):
    leader.tenures.update(ends_on=date(2026, 3, 9), way_out="died")
    client.force_login(clerk)
    to_cell = reverse("leaders:fill_cell_seat", args=[cell.pk, Office.SECRETARY])
    to_hamlet = reverse("leaders:fill_hamlet_seat", args=[hamlet.pk, Office.HAMLET_HEAD])

    page = client.get(leader.get_absolute_url()).content.decode()
    assert to_cell in page
    assert to_hamlet in page

    factories.tenure(cell=cell, person=factories.person(keeper=cell.commune), starts_on=date(2026, 3, 10))
    page = client.get(leader.get_absolute_url()).content.decode()
    assert to_cell not in page
    assert to_hamlet in page


def test_who_only_reads_is_not_asked_to_fill_a_seat(client, reader, leader):
    leader.tenures.update(ends_on=date(2026, 3, 9), way_out="died")
    client.force_login(reader)

    assert not client.get(leader.get_absolute_url()).context["vacant_seats"]
