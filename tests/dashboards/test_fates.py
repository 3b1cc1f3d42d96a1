"""Old units and cells stay readable: what became of them, what new ones came from, and by which name they are found."""

import re
from datetime import date

import pytest
from django.urls import reverse

from accounts.changes import current_change_set
from accounts.models import Role
from cells.actions import (
    NewUnit,
    change_cell,
    change_unit,
    close_unit,
    dissolve_cell,
    open_units,
    succeed,
)
from cells.copies import differences
from cells.dated import ONE_DAY
from cells.models import CellArea, Grant, Line, LineKind, LineSource, Reorganisation, Unit
from tests import factories

SEARCH = reverse("dashboards:search")
DAY = date(2024, 6, 1)
REFORM = date(2025, 7, 1)
LAST_DAY = DAY - ONE_DAY


@pytest.fixture
def hamlet(commune):
    return factories.hamlet(parent=commune, name="Phước Hậu")


@pytest.fixture
def gone(commune):
    return factories.hamlet(parent=commune, name="Cũ")


def merge(units, into, *, on=DAY, paper=None, part="whole"):
    """Take the units in, and record the line that says so; what gives its whole ends the day before."""
    if part == "whole":
        for unit in units:
            close_unit(unit, last_day=on - ONE_DAY)
    line = applied_line(LineKind.ABSORB, on, into.commune or into.province, unit=into, decision=paper)
    LineSource.objects.bulk_create([LineSource(line=line, unit=unit, part=part) for unit in units])
    succeed(units, into, on=on, part=part, reorganisation=line.reorganisation)


def join(cells, into, *, on=DAY, paper=None):
    """Join the cells, and record the line that says so."""
    for cell in cells:
        dissolve_cell(cell, last_day=on - ONE_DAY)
    line = applied_line(LineKind.CELL_JOIN, on, into.commune, cell=into, decision=paper)
    LineSource.objects.bulk_create([LineSource(line=line, cell=cell) for cell in cells])


def applied_line(kind, on, where, **facts) -> Line:
    event = Reorganisation.objects.create(title="Sắp xếp", effective_on=on, unit=where, state="applied")
    return Line.objects.create(
        reorganisation=event, kind=kind, on=on, applied_in=current_change_set(), **facts
    )


def read(client, user, record, **query) -> str:
    """Return the words and links of the page, spaces aside."""
    client.force_login(user)
    url = record if isinstance(record, str) else record.get_absolute_url()
    response = client.get(url, query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def without_tags(page: str) -> str:
    text = re.sub(r"<[^>]+>", "", page)
    return re.sub(r"\s+([,;.)])", r"\1", " ".join(text.split())).replace("( ", "(")


def link(record) -> str:
    name = str(record)
    return f'<a href="{record.get_absolute_url()}">{name[:1].lower()}{name[1:]}</a>'


# --- pages -------------------------------------------------------------------------------


def test_a_closed_hamlet_says_into_what_it_went_when_and_by_which_paper(client, clerk, commune, hamlet, gone):
    paper = factories.decision(unit=commune, number="12/NQ-HĐND", date=date(2024, 5, 20))

    merge([gone], hamlet, paper=paper)

    page = read(client, clerk, gone)
    assert link(hamlet) in page
    assert (
        "nhập vào ấp Phước Hậu từ ngày 01/06/2024 (theo văn bản số 12/NQ-HĐND ngày 20/05/2024)"
        in without_tags(page)
    )
    assert link(gone) in read(client, clerk, hamlet)
    assert "Nhập ấp Cũ từ ngày 01/06/2024 (theo văn bản số 12/NQ-HĐND ngày 20/05/2024)" in without_tags(
        read(client, clerk, hamlet)
    )


def test_a_chain_of_mergers_leads_to_what_stands_today(client, clerk, commune, gone, hamlet):
    between = factories.hamlet(parent=commune, name="Giữa")
    merge([gone], between)
    merge([between], hamlet, on=date(2025, 6, 1))

    page = read(client, clerk, gone)

    assert "nhập vào ấp Giữa từ ngày 01/06/2024, nay thuộc ấp Phước Hậu" in without_tags(page)
    assert link(between) in page
    assert link(hamlet) in page


def test_a_circle_of_successions_leads_nowhere(client, commune, gone):
    other = factories.hamlet(parent=commune, name="Khác")
    merge([gone], other)
    succeed([other], gone, on=date(2025, 6, 1))
    close_unit(other, last_day=date(2025, 5, 31))

    everywhere = factories.user(role=Role.LEADER, reads=[None])
    assert "nay thuộc" not in read(client, everywhere, gone)


def test_a_divided_hamlet_names_every_part_and_the_parts_name_it(client, clerk, commune, gone, hamlet):
    other = factories.hamlet(parent=commune, name="Khác")
    close_unit(gone, last_day=LAST_DAY)
    for part in (hamlet, other):
        merge([gone], part, part="part")

    words = without_tags(read(client, clerk, gone))
    assert (
        "một phần đã nhập vào ấp Phước Hậu từ ngày 01/06/2024; một phần đã nhập vào ấp Khác từ ngày 01/06/2024"
        in words
    )
    assert "Nhập một phần ấp Cũ" in without_tags(read(client, clerk, other)).replace("của ", "")


def test_what_lies_outside_the_scope_is_named_without_a_link(client, province, commune, neighbour):
    old, beyond = factories.commune(parent=province, name="Tam Phước"), factories.hamlet(parent=neighbour)
    gone = factories.hamlet(parent=old, name="Ranh")
    paper = factories.decision(unit=neighbour)
    merge([gone], beyond, paper=paper)
    reader = factories.user(role=Role.COMMUNE_STAFF, keeps=[commune])
    close_unit(old, last_day=date(2025, 6, 30))
    Grant.objects.create(user=reader, unit=old, access=Grant.Access.READ, source=Grant.Source.ARCHIVE)

    page = read(client, reader, gone)

    assert f"nhập vào {str(beyond)[:1].lower()}{str(beyond)[1:]}" in without_tags(page)
    assert beyond.get_absolute_url() not in page
    assert paper.number not in page


def test_merged_hamlets_whose_cells_are_not_yet_joined_are_a_legal_state(client, clerk, commune):
    one, two = (factories.hamlet(parent=commune, name=name) for name in ("Một", "Hai"))
    cells = [factories.cell(of=unit) for unit in (one, two)]
    (new,) = open_units([NewUnit(parent=commune, kind="ap", name="Mới", starts_on=DAY)])
    for cell in cells:
        CellArea.objects.filter(cell=cell).update(ends_on=LAST_DAY)
        CellArea.objects.create(cell=cell, hamlet=new, starts_on=DAY)
    merge([one, two], new)

    assert "Ấp đã sáp nhập, chi bộ chưa sắp xếp: 2 chi bộ" in read(client, clerk, new)

    CellArea.objects.filter(cell=cells[1], hamlet=new).update(ends_on=date(2024, 6, 20))
    assert "chưa sắp xếp" not in read(client, clerk, new)


def test_a_joined_cell_says_into_which_and_the_other_what_it_took_in(client, clerk, commune, hamlet, gone):
    stays, ends = factories.cell(of=hamlet), factories.cell(of=gone)
    paper = factories.decision(unit=commune, number="7-QĐ/ĐU", date=date(2024, 5, 21))

    join([ends], stays, paper=paper)

    page = read(client, clerk, ends)
    assert link(stays) in page
    assert (
        "nhập vào chi bộ Ấp Phước Hậu từ ngày 01/06/2024 (theo văn bản số 7-QĐ/ĐU ngày 21/05/2024)"
        in without_tags(page)
    )
    assert link(ends) in read(client, clerk, stays)


def test_a_dissolved_cell_says_when_it_ended(client, clerk, gone):
    cell = factories.cell(of=gone)
    dissolve_cell(cell, last_day=LAST_DAY)

    assert "kết thúc ngày 31/05/2024" in read(client, clerk, cell)


# --- what a commune that has ended left behind -------------------------------------------


@pytest.fixture
def old(province):
    """A commune with three hamlets and their cells, ended on the last day of June 2025."""
    return factories.commune(parent=province, name="Tam Phước")


@pytest.fixture
def left(old, commune, neighbour):
    """Where its hamlets went: two to the first commune, one to the other; one cell was joined later."""
    hamlets = [factories.hamlet(parent=old, name=name) for name in ("Một", "Hai", "Ba")]
    cells = [factories.cell(of=hamlet) for hamlet in hamlets]
    for hamlet, cell, home in zip(hamlets, cells, (commune, commune, neighbour), strict=True):
        change_unit(hamlet, on=REFORM, parent=home)
        change_cell(cell, on=REFORM, commune=home)
    merge([old], commune, on=REFORM, part="part")
    merge([old], neighbour, on=REFORM, part="part")
    close_unit(old, last_day=REFORM - ONE_DAY)
    return hamlets, cells


def test_the_page_of_an_old_commune_shows_where_its_hamlets_and_cells_are(
    client, officer, old, left, commune, neighbour
):
    (one, _two, _three), cells = left
    change_unit(one, on=date(2025, 8, 1), name="Nhất")
    join([cells[1]], cells[0], on=date(2025, 9, 1))

    page = read(client, officer, old)

    words = without_tags(page)
    assert "Xã Phú Túc 2 2" in words
    assert "Xã Giao Long 1 1" in words
    assert "Ấp Một – nay là ấp Nhất, xã Phú Túc" in words
    assert "Ấp Ba – xã Giao Long" in words
    assert "Chi bộ Ấp Hai – đã nhập vào chi bộ Ấp Một từ ngày 01/09/2025" in words
    assert "một phần đã nhập vào xã Phú Túc từ ngày 01/07/2025" in words
    assert (
        "Số liệu tính đến ngày 30/06/2025, theo địa giới hiện nay (quy đổi về đơn vị hiện nay;"
        " không quy đổi được: 0)" in words
    )
    assert link(commune) in page


def test_a_hamlet_that_was_divided_among_communes_is_counted_apart(client, officer, old, commune, neighbour):
    hamlet = factories.hamlet(parent=old, name="Ranh")
    for home in (commune, neighbour):
        merge([hamlet], factories.hamlet(parent=home, name=f"Ranh {home.name}"), on=REFORM, part="part")
    close_unit(hamlet, last_day=REFORM - ONE_DAY)
    close_unit(old, last_day=REFORM - ONE_DAY)

    words = without_tags(read(client, officer, old))

    assert "nhiều xã, phường 1 0" in words
    assert "không quy đổi được: 1)" in words
    assert "Ấp Ranh – một phần đã nhập vào ấp Ranh Phú Túc từ ngày 01/07/2025; một phần đã nhập vào" in words


def test_a_commune_without_recorded_hamlets_says_where_it_went_itself(client, officer, old, commune):
    merge([old], commune, on=REFORM)

    page = read(client, officer, old)

    assert link(commune) in page
    assert "nay thuộc đâu" not in page
    assert link(old) in read(client, officer, commune)


def test_figures_of_a_past_day_stay_and_say_that_the_commune_has_ended(client, officer, old, left):
    words = without_tags(read(client, officer, old, ngay="2025-06-30"))

    assert "Xã Tam Phước hoạt động đến hết ngày 30/06/2025." in words
    assert "một phần đã nhập vào xã Phú Túc từ ngày 01/07/2025" in words


@pytest.mark.parametrize("more", [1, 12])
def test_the_page_of_an_old_commune_needs_the_same_queries_for_any_number_of_hamlets(
    client, officer, old, commune, more, queries_of
):
    hamlets = [factories.hamlet(parent=old) for _number in range(more)]
    for hamlet in hamlets:
        change_cell(factories.cell(of=hamlet), on=REFORM, commune=commune)
        change_unit(hamlet, on=REFORM, parent=commune)
    merge([old], commune, on=REFORM)
    client.force_login(officer)

    assert queries_of(old.get_absolute_url()) == 14


# --- search ------------------------------------------------------------------------------


def found(client, user, words) -> str:
    return without_tags(read(client, user, SEARCH, q=words))


def test_a_hamlet_is_found_by_its_old_name(client, clerk, hamlet):
    change_unit(hamlet, on=DAY, name="Mới")

    words = found(client, clerk, "ap phuoc hau")

    assert "Ấp Phước Hậu – tên cũ đến 31/05/2024, nay là Ấp Mới" in words
    assert "tên cũ" not in found(client, clerk, "mới")


def test_a_commune_is_found_by_its_old_code(client, officer, commune):
    change_unit(commune, on=DAY, code="29999", kind="phuong")

    words = found(client, officer, "28810")

    assert "Xã Phú Túc (mã 28810) – tên cũ đến 31/05/2024, nay là Phường Phú Túc" in words
    assert "tên cũ" not in found(client, officer, "29999")
    assert "Phường Phú Túc (mã 29999)" in found(client, officer, "29999")


def test_a_cell_is_found_by_its_old_name(client, clerk, hamlet):
    cell = factories.cell(of=hamlet, name="Chi bộ ấp 1")
    change_cell(cell, on=DAY, name="Chi bộ ấp Phước Hậu")

    assert "Chi bộ ấp 1 – tên cũ đến 31/05/2024, nay là Chi bộ ấp Phước Hậu" in found(
        client, clerk, "chi bộ ấp 1"
    )


def test_a_name_borne_twice_was_left_on_the_later_day(client, clerk, hamlet):
    for day, name in ((date(2021, 1, 1), "Giữa"), (date(2022, 1, 1), "Phước Hậu"), (DAY, "Mới")):
        change_unit(hamlet, on=day, name=name)

    assert "Ấp Phước Hậu – tên cũ đến 31/05/2024" in found(client, clerk, "phước hậu")


def test_search_says_into_what_a_commune_and_a_cell_went(client, officer, old, commune, gone, hamlet):
    stays, ends = factories.cell(of=hamlet, name="Chi bộ ở lại"), factories.cell(of=gone, name="Chi bộ thôi")
    join([ends], stays)
    merge([old], commune, on=REFORM)

    assert "nhập vào xã Phú Túc từ ngày 01/07/2025" in found(client, officer, "tam phuoc")
    assert "nhập vào chi bộ ở lại từ ngày 01/06/2024" in found(client, officer, "chi bo thoi")


def test_search_needs_the_same_queries_for_one_closed_hamlet_and_for_ten(
    client, clerk, commune, hamlet, queries_of
):
    url = f"{SEARCH}?q=xưa"
    client.force_login(clerk)
    merge([factories.hamlet(parent=commune, name="Xưa 1")], hamlet)
    for_one = queries_of(url)
    merge([factories.hamlet(parent=commune, name=f"Xưa {number}") for number in range(2, 11)], hamlet)

    assert queries_of(url) == for_one


def test_an_old_name_is_found_however_it_came_to_be_recorded(clerk, commune, hamlet):
    change_unit(hamlet, on=DAY, name="Mới")
    change_unit(hamlet, on=date(2020, 1, 1), name="Giữa")

    for words in ("phuoc hau", "giua", "moi"):
        assert list(Unit.objects.visible_to(clerk).matching(words)) == [hamlet]
    assert differences() == []
