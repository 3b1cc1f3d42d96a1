from datetime import date

import pytest
from django.urls import reverse

from accounts.models import ExportLog, Role
from cells.actions import close_unit, dissolve_cell, succeed
from cells.models import HouseholdCount, Limits, MemberCount
from leaders.models import Office, WayIn
from sheets.reading import read_workbook
from tests import factories
from tests.worlds import kept

LISTS = [
    "dashboards:hamlet_list",
    "dashboards:cell_list",
    "dashboards:person_list",
    "dashboards:commune_list",
]
EXPORTS = ["exporting:hamlet_list", "exporting:cell_list", "exporting:person_list"]
HAMLETS, CELLS, PEOPLE, COMMUNES = map(reverse, LISTS)


def rows(client, user, url, **query):
    client.force_login(user)
    response = client.get(url, query)
    assert response.status_code == 200
    return list(response.context["page"].object_list)


def names(client, user, url, **query):
    """Return what the rows of the list are called."""
    return [
        str(getattr(row, "hamlet", None) or getattr(row, "person", row))
        for row in rows(client, user, url, **query)
    ]


@kept
def hamlet(commune):
    return factories.hamlet(parent=commune, name="Phước Hậu")


@kept
def cell(hamlet):
    return factories.cell(of=hamlet, name="Chi bộ ấp Phước Hậu")


@kept
def leader(commune, cell, hamlet):
    """Secretary and head in one person, with a telephone."""
    person = factories.person(keeper=commune, full_name="Lê Thị Hoa", phone="0912 345 678")
    factories.tenure(cell=cell, person=person)
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=person)
    return person


@pytest.mark.parametrize("name", [*LISTS, *EXPORTS])
@pytest.mark.parametrize(
    ("who", "status"), [(None, 302), ("clerk", 200), ("officer", 200), ("reader", 200), ("outsider", 200)]
)
def test_who_may_open_a_list(client, request, leader, name, who, status):
    if who:
        client.force_login(request.getfixturevalue(who))

    response = client.get(reverse(name))

    assert response.status_code == status
    _read(response)


@pytest.mark.parametrize("name", [*LISTS, *EXPORTS])
def test_lists_are_for_reading(client, officer, name):
    client.force_login(officer)

    assert client.post(reverse(name)).status_code == 405


@pytest.mark.parametrize("url", [HAMLETS, CELLS, PEOPLE])
def test_lists_show_nothing_of_another_scope(client, outsider, leader, url):
    assert rows(client, outsider, url) == []


@pytest.mark.parametrize("url", [HAMLETS, CELLS, PEOPLE])
@pytest.mark.parametrize("words", ["phuoc hau", "PHƯỚC", "hoa"])
def test_search_needs_no_diacritics(client, clerk, leader, url, words):
    found = names(client, clerk, url, q=words)

    assert bool(found) == ((words == "hoa") == (url == PEOPLE))


def test_hamlets_come_in_natural_order(client, clerk, commune):
    for name in ("10", "2", "1"):
        factories.hamlet(parent=commune, name=name)

    assert names(client, clerk, HAMLETS) == ["Ấp 1", "Ấp 2", "Ấp 10"]


def test_the_communes_own_order_comes_first(client, clerk, commune):
    factories.hamlet(parent=commune, name="1", position=2)
    factories.hamlet(parent=commune, name="2", position=1)

    assert names(client, clerk, HAMLETS) == ["Ấp 2", "Ấp 1"]


def test_commune_of_another_scope_is_not_found_as_a_filter(client, neighbour, commune):
    clerk = factories.user(role=Role.COMMUNE_STAFF, keeps=[commune, factories.commune()])
    client.force_login(clerk)
    assert client.get(HAMLETS, {"xa": neighbour.pk}).status_code == 404
    assert client.get(HAMLETS, {"xa": commune.pk}).status_code == 200


def test_province_filters_by_commune(client, officer, hamlet, neighbour):
    factories.hamlet(parent=neighbour, name="Láng Giềng")

    assert names(client, officer, HAMLETS, xa=neighbour.pk) == ["Ấp Láng Giềng"]


def test_country_is_filtered_by_province_first(client, hamlet, province):
    everywhere = factories.user(role=Role.LEADER, reads=[None])
    factories.hamlet(name="Nơi khác")

    assert names(client, everywhere, HAMLETS, tinh=province.pk) == ["Ấp Phước Hậu"]
    assert len(names(client, everywhere, HAMLETS)) == 2


@pytest.mark.parametrize("choice", ["khuyet-bi-thu", "khac-nguoi", "chua-co-so-lieu"])
def test_cells_by_what_is_missing(client, clerk, leader, cell, commune, choice):
    other = factories.cell(of=factories.hamlet(parent=commune), name="Chi bộ ấp 9")
    MemberCount.objects.create(cell=cell, day="2026-01-01", total=9)

    assert names(client, clerk, CELLS, loc=choice) == [str(other)]


def test_hamlets_by_what_is_missing(client, clerk, leader, hamlet, commune):
    other = factories.hamlet(parent=commune, name="9")
    HouseholdCount.objects.create(hamlet=hamlet, day="2026-01-01", households=9)

    for choice in ("khuyet-truong", "chua-kiem", "chua-co-so-ho"):
        assert names(client, clerk, HAMLETS, loc=choice) == [str(other)], choice
    assert names(client, clerk, HAMLETS, ly_do="no_cell") == [str(other)]


def test_interim_heads_and_those_interim_for_long(client, clerk, hamlet, province):
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, way_in=WayIn.INTERIM)

    assert names(client, clerk, HAMLETS, loc="lam-thoi") == ["Ấp Phước Hậu"]
    assert names(client, clerk, HAMLETS, loc="lam-thoi-lau") == ["Ấp Phước Hậu"]
    Limits.objects.create(province=province, interim_days=3650)
    assert names(client, clerk, HAMLETS, loc="lam-thoi-lau") == []


def test_closed_hamlet_says_what_became_of_it(client, clerk, commune, hamlet):
    gone = factories.hamlet(parent=commune, name="Cũ")
    close_unit(gone, last_day=date(2024, 5, 31))
    succeed([gone], hamlet, on=date(2024, 6, 1))
    client.force_login(clerk)

    assert names(client, clerk, HAMLETS) == ["Ấp Phước Hậu"]
    content = client.get(HAMLETS, {"loc": "da-ket-thuc"}).content.decode()
    assert "Ấp Cũ" in content
    assert "từ ngày 01/06/2024" in content


def test_dissolved_cell_is_listed_apart(client, clerk, cell):
    dissolve_cell(cell, last_day=date(2024, 5, 31))

    assert names(client, clerk, CELLS) == []
    assert names(client, clerk, CELLS, loc="da-ket-thuc") == [str(cell)]


def test_people_in_one_office_in_two_places(client, officer, leader, neighbour):
    factories.tenure(cell=factories.cell(of=factories.hamlet(parent=neighbour)), person=leader)
    factories.tenure(cell=factories.cell(of=factories.hamlet(parent=neighbour)))

    assert names(client, officer, PEOPLE, loc="hai-noi") == [str(leader)]


def test_person_no_longer_in_office(client, clerk, leader, cell):
    former = factories.tenure(
        cell=factories.cell(of=cell.areas.get().hamlet), ends_on=date(2024, 5, 31)
    ).person

    assert names(client, clerk, PEOPLE) == [str(leader)]
    assert names(client, clerk, PEOPLE, loc="da-thoi") == [str(former)]
    assert len(names(client, clerk, PEOPLE, loc="tat-ca")) == 2


@pytest.mark.parametrize(("who", "sees"), [("clerk", True), ("officer", True), ("reader", False)])
def test_telephone_is_for_the_keeper_and_the_province(client, request, leader, who, sees):
    client.force_login(request.getfixturevalue(who))

    assert ("0912 345 678" in client.get(PEOPLE).content.decode()) == sees
    assert (b"0912 345 678" in _cells_of(client, "exporting:person_list")) == sees


def test_clerk_where_somebody_only_holds_a_seat_sees_no_telephone(client, leader, neighbour):
    factories.tenure(cell=factories.cell(of=factories.hamlet(parent=neighbour)), person=leader)
    client.force_login(factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour]))

    content = client.get(PEOPLE).content.decode()

    assert "Lê Thị Hoa" in content
    assert "0912 345 678" not in content
    assert "Phước Hậu" not in content


@pytest.mark.parametrize("url", [HAMLETS, CELLS, PEOPLE, COMMUNES])
def test_lists_need_the_same_queries_for_one_row_and_for_thirty(client, officer, province, url, queries_of):
    _seated(province, 1)
    client.force_login(officer)
    for_one = queries_of(url)
    _seated(province, 29)

    assert queries_of(url) == for_one
    assert len(client.get(url).context["page"]) == 30


def _seated(province, count):
    for _number in range(count):
        hamlet = factories.hamlet(parent=factories.commune(parent=province))
        person = factories.tenure(cell=factories.cell(of=hamlet)).person
        factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=person)


def test_fifty_on_a_page(client, clerk, commune):
    for _number in range(51):
        factories.hamlet(parent=commune)

    assert len(rows(client, clerk, HAMLETS)) == 50
    assert len(rows(client, clerk, HAMLETS, page=2)) == 1


def test_export_takes_the_filtered_rows_and_is_noted(client, clerk, leader, commune):
    factories.hamlet(parent=commune, name="Khác")
    client.force_login(clerk)

    content = _cells_of(client, "exporting:hamlet_list", q="phuoc")

    assert "Phước Hậu".encode() in content
    assert "Khác".encode() not in content
    log = ExportLog.objects.get()
    assert (log.by, log.row_count) == (clerk, 1)
    assert "phuoc" in log.filters


def _cells_of(client, name: str, **query) -> bytes:
    """Return the text of all cells of the exported workbook."""
    response = client.get(reverse(name), query)
    workbook = read_workbook(_read(response), "list.xlsx")
    return "\n".join(str(cell) for sheet in workbook.sheets for row in sheet.rows for cell in row).encode()


def _read(response) -> bytes:
    """Return the body; a file is closed when it has been read to its end."""
    return b"".join(response.streaming_content) if response.streaming else response.content
