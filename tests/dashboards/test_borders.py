"""Two borders on lists, exports, pages and trends: re-placed, never counted anew."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Role
from cells.actions import NewUnit, change_cell, change_unit, close_unit, dissolve_cell, open_units, succeed
from dashboards.figures.board import Board
from dashboards.figures.frames import Borders, Frame
from leaders.models import Office
from sheets.reading import read_workbook
from tests import factories
from tests.soaking import soaked
from tests.worlds import kept

THEN, DAY = date(2023, 5, 4), date(2025, 7, 1)
NAMES = ["hamlet", "cell", "person", "commune"]


def list_page(client, name, **query):
    page = client.get(reverse(f"dashboards:{name}_list"), {"ngay": THEN.isoformat(), **query})
    assert page.status_code == 200
    return page


def count(client, name, **query) -> int:
    return list_page(client, name, **query).context["page"].paginator.count


def now(**query):
    return {"dia_gioi": "hien-nay", **query}


def workbook(client, name, **query) -> list[list[str]]:
    response = client.get(reverse(f"exporting:{name}_list"), {"ngay": THEN.isoformat(), **query})
    rows = read_workbook(b"".join(response.streaming_content), "x.xlsx").sheets[0].rows
    return [[str(cell) for cell in row] for row in rows]


def open_commune(province, name):
    (made,) = open_units(
        [NewUnit(parent=province, kind="xa", name=name, code=f"N{name}", level="commune", starts_on=DAY)]
    )
    return made


def seat(hamlet, cell):
    person = factories.tenure(cell=cell).person
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=person)
    return person


@kept
def divided(province):
    """A commune of two hamlets and cells, and one of one each, until the first is divided in 2025.

    One more hamlet of it, with its cell, had ended before: nobody knows which half holds it.
    """
    old = factories.commune(parent=province, name="Cũ")
    other = factories.commune(parent=province, name="Khác")
    left, right = (open_commune(province, name) for name in ("Tả", "Hữu"))
    for name, home, new in (("Một", old, left), ("Hai", old, right), ("Ba", other, None)):
        hamlet = factories.hamlet(parent=home, name=name)
        cell = factories.cell(of=hamlet, name=f"Chi bộ ấp {name}")
        seat(hamlet, cell)
        if new:
            change_unit(hamlet, on=DAY, parent=new)
            change_cell(cell, on=DAY, commune=new)
    gone = factories.hamlet(parent=old, name="Mất")
    lost = factories.cell(of=gone, name="Chi bộ ấp Mất")
    seat(gone, lost)
    for tenure in (*gone.tenures.all(), *lost.tenures.all()):
        tenure.ends_on = date(2023, 12, 31)
        tenure.way_out = "merged"
        tenure.save()
    dissolve_cell(lost, last_day=date(2023, 12, 31))
    close_unit(gone, last_day=date(2023, 12, 31))
    close_unit(old, last_day=date(2025, 6, 30))
    for new in (left, right):
        succeed([old], new, on=DAY, part="part")
    return {"old": old, "other": other, "left": left, "right": right}


@pytest.fixture
def signed_in(client, officer):
    client.force_login(officer)
    return client


@pytest.mark.parametrize("name", ["hamlet", "cell", "person"])
def test_units_now_and_left_out_add_up_to_units_then_in_every_list(signed_in, divided, name):
    then = [count(signed_in, name, xa=divided[key].pk) for key in ("old", "other")]
    today = [count(signed_in, name, xa=divided[key].pk, **now()) for key in ("left", "right", "other")]

    assert then == [3, 1]
    assert today == [1, 1, 1]
    assert count(signed_in, name, phan="chua-xep", **now()) == 1
    assert count(signed_in, name) == count(signed_in, name, **now()) == 4


def test_communes_are_listed_as_they_were_with_what_holds_them_today(signed_in, divided, province):
    assert count(signed_in, "commune") == count(signed_in, "commune", **now()) == 2
    assert count(signed_in, "commune", xa=divided["other"].pk, **now()) == 1
    assert count(signed_in, "commune", xa=divided["left"].pk, **now()) == 0

    (left_out,) = list_page(signed_in, "commune", phan="chua-xep", **now()).context["page"].object_list

    assert (str(left_out), left_out.now_in) == ("Xã Cũ", "không quy đổi được")
    assert (left_out.hamlet_count, left_out.cell_count) == (3, 3)


@pytest.mark.parametrize("name", NAMES)
def test_the_foot_of_a_list_says_day_borders_and_how_many_are_left_out(signed_in, divided, name):
    then = list_page(signed_in, name).content.decode()
    today = list_page(signed_in, name, **now()).content.decode()

    assert "Số liệu tính đến ngày 04/05/2023, theo địa giới tại thời điểm." in then
    assert "theo địa giới hiện nay (quy đổi về đơn vị hiện nay; không quy đổi được: <a" in today
    assert 'phan=chua-xep">1</a>).' in today


@pytest.mark.parametrize("name", NAMES)
def test_the_foot_of_a_workbook_says_the_same(signed_in, divided, name):
    then, today = (workbook(signed_in, name, **query) for query in ({}, now()))

    assert then[-1][0] == "Số liệu tính đến ngày 04/05/2023, theo địa giới tại thời điểm."
    assert today[-1][0] == (
        "Số liệu tính đến ngày 04/05/2023, theo địa giới hiện nay"
        " (quy đổi về đơn vị hiện nay; không quy đổi được: 1)."
    )


@pytest.mark.parametrize("name", ["hamlet", "cell"])
def test_rows_are_exported_under_the_commune_of_the_borders(signed_in, divided, name):
    then, today = (workbook(signed_in, name, **query) for query in ({}, now()))

    assert sorted(row[1] for row in then if row[1].startswith("Xã ")) == ["Xã Cũ"] * 3 + ["Xã Khác"]
    assert sorted(row[1] for row in today if row[1].startswith(("Xã ", "không"))) == [
        "Xã Hữu",
        "Xã Khác",
        "Xã Tả",
        "không quy đổi được",
    ]


def test_what_cannot_be_placed_is_exported_alone_too(signed_in, divided):
    rows = workbook(signed_in, "hamlet", phan="chua-xep", **now())

    assert [row[2] for row in rows if row[1] == "không quy đổi được"] == ["Ấp Mất"]


def test_names_are_those_of_the_day(signed_in, commune):
    hamlet = factories.hamlet(parent=commune, name="Tên Cũ")
    cell = factories.cell(of=hamlet, name="Chi bộ ấp Tên Cũ")
    seat(hamlet, cell)
    change_unit(hamlet, on=date(2024, 1, 1), name="Tên Mới")
    change_unit(commune, on=date(2024, 1, 1), name="Xã Mới")

    for query in ({}, {"q": "ten cu"}, {"q": "ten moi"}):
        text = list_page(signed_in, "hamlet", **query).content.decode()
        assert "Ấp Tên Cũ" in text, query
        assert "Ấp Tên Mới" not in text, query
    assert "Xã Phú Túc" in text
    assert "Trưởng ấp Tên Cũ" in list_page(signed_in, "person").content.decode()
    assert "Ấp Tên Cũ" in list_page(signed_in, "cell").content.decode()
    assert "Ấp Tên Mới" in signed_in.get(reverse("dashboards:hamlet_list")).content.decode()
    behind = reverse("dashboards:figure_rows", args=[commune.pk, "cells"])
    assert "Xã Phú Túc" in signed_in.get(behind, {"ngay": THEN.isoformat()}).content.decode()


def test_who_sat_where_on_a_past_day(signed_in, commune):
    hamlet = factories.hamlet(parent=commune)
    former = factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, ends_on=date(2024, 1, 1)).person
    new = factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, starts_on=date(2024, 1, 2)).person

    then = list_page(signed_in, "hamlet").content.decode()

    assert str(former) in then
    assert str(new) not in then
    people = [str(row.person) for row in list_page(signed_in, "person").context["page"].object_list]
    assert people == [str(former)]


def test_a_seat_that_nobody_knows_of_is_not_called_vacant(signed_in, commune):
    factories.tenure(
        office=Office.HAMLET_HEAD,
        hamlet=factories.hamlet(parent=commune),
        starts_on=None,
        seen_on=date(2024, 1, 1),
    )

    (row,) = list_page(signed_in, "hamlet").context["page"].object_list
    text = list_page(signed_in, "hamlet").content.decode()

    assert row.head_is_unknown
    assert "chưa rõ" in text


def test_a_commune_that_stood_on_another_day_only_is_said_to_and_lists_nothing(signed_in, divided):
    page = list_page(signed_in, "hamlet", xa=divided["left"].pk)

    assert page.context["page"].paginator.count == 0
    assert "Xã Tả không có theo địa giới đang xem" in page.content.decode()
    today = signed_in.get(reverse("dashboards:hamlet_list"), {"xa": divided["old"].pk})
    assert today.context["page"].paginator.count == 0


def test_a_commune_out_of_scope_is_not_found_on_any_day(client, clerk, neighbour, commune):
    client.force_login(factories.user(role=Role.COMMUNE_STAFF, keeps=[commune, factories.commune()]))

    for query in ({}, now()):
        address = reverse("dashboards:hamlet_list")
        asked = {"ngay": THEN.isoformat(), "xa": neighbour.pk, **query}
        assert client.get(address, asked).status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_a_past_day_shows_nothing_of_another_scope(client, outsider, divided, name):
    client.force_login(outsider)

    assert [count(client, name), count(client, name, **now())] == [0, 0]
    assert count(client, name, phan="chua-xep", **now()) == 0


def test_who_sees_a_hamlet_today_sees_where_it_stood(client, divided):
    client.force_login(factories.user(role=Role.COMMUNE_STAFF, keeps=[divided["left"]]))

    (row,) = list_page(client, "hamlet").context["page"].object_list

    assert (str(row.hamlet), row.hamlet.place) == ("Ấp Một", "Xã Cũ")


def test_a_district_of_then_narrows_a_list(signed_in, province):
    district = factories.district(parent=province, name="Châu Thành")
    inside = factories.hamlet(parent=factories.commune(parent=district), name="Trong")
    factories.hamlet(parent=factories.commune(parent=province), name="Ngoài")

    page = list_page(signed_in, "hamlet", huyen=district.pk)

    assert [str(row.hamlet) for row in page.context["page"].object_list] == [str(inside)]
    assert "Huyện Châu Thành" in page.content.decode()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("query", [*soaked("?ngay=2023-05-04"), "?ngay=2023-05-04&dia_gioi=hien-nay"])
def test_a_past_day_needs_the_same_queries_for_any_number_of_rows(
    signed_in, province, queries_of, name, query
):
    url = reverse(f"dashboards:{name}_list") + query
    for _number in range(2):
        hamlet = factories.hamlet(parent=factories.commune(parent=province))
        seat(hamlet, factories.cell(of=hamlet))
    for_two = queries_of(url)
    for _number in range(18):
        hamlet = factories.hamlet(parent=factories.commune(parent=province))
        seat(hamlet, factories.cell(of=hamlet))

    assert queries_of(url) == for_two


def test_menu_filter_and_links_keep_day_and_borders(signed_in, commune):
    query = "?ngay=2023-05-04&amp;dia_gioi=hien-nay"
    for address in (reverse("dashboards:commune_list"), commune.get_absolute_url()):
        text = signed_in.get(address, {"ngay": THEN.isoformat(), **now()}).content.decode()

        for name in ("overview", "hamlet_list", "cell_list", "person_list"):
            assert f'href="{reverse(f"dashboards:{name}")}{query}"' in text
    listed = list_page(signed_in, "commune", **now()).content.decode()
    assert f'href="{commune.get_absolute_url()}{query}"' in listed
    assert '<input type="hidden" name="dia_gioi" value="hien-nay">' in listed


def test_an_impossible_day_is_answered_with_today(signed_in):
    page = signed_in.get(reverse("dashboards:hamlet_list"), {"ngay": "2022-02-30"})

    assert page.context["is_today"]
    assert "hôm nay" in page.content.decode()


def test_the_overview_lists_what_it_leaves_out_of_each_section(signed_in, divided, province):
    address = reverse("dashboards:overview_unit", args=[province.pk])

    page = signed_in.get(address, {"ngay": THEN.isoformat(), **now()})

    left_out = [one.text for one in page.context["basis"].left_out]
    assert left_out == ["1 ấp", "1 chi bộ", "1 xã"]
    for one in page.context["basis"].left_out:
        assert signed_in.get(one.url).context["page"].paginator.count == 1


def test_the_country_lists_what_is_of_no_province(client, admin_of_all, two_provinces):
    client.force_login(admin_of_all)

    page = client.get(reverse("dashboards:overview"), {"ngay": THEN.isoformat(), **now()})

    (hamlets, _communes) = page.context["basis"].left_out
    assert hamlets.text.startswith("1 ")
    assert client.get(hamlets.url).context["page"].paginator.count == 1


@pytest.fixture
def admin_of_all():
    return factories.user(role=Role.LEADER, reads=[None])


@kept
def two_provinces(province):
    """A commune that was divided between two provinces, with a hamlet that had ended before."""
    other = factories.province(name="Đồng Tháp", code="82")
    old = factories.commune(parent=province)
    factories.hamlet(parent=old, ends_on=date(2023, 12, 31))
    parts = [open_commune(home, name) for home, name in ((province, "A"), (other, "B"))]
    close_unit(old, last_day=date(2025, 6, 30))
    for part in parts:
        succeed([old], part, on=DAY, part="part")


def test_a_closed_unit_says_in_todays_borders_where_it_went_and_leads_to_then(signed_in, divided):
    old = divided["old"]

    page = signed_in.get(old.get_absolute_url(), {"ngay": THEN.isoformat(), **now()})

    text = page.content.decode()
    assert "30/06/2025" in text
    assert f'href="{divided["left"].get_absolute_url()}?ngay=2023-05-04&amp;dia_gioi=hien-nay"' in text
    assert f'href="{old.get_absolute_url()}?ngay=2023-05-04"' in text
    then = signed_in.get(old.get_absolute_url(), {"ngay": THEN.isoformat()})
    assert then.context["board"].figures["cells"].numerator == 3


# --- titles over the years -----------------------------------------------------------------


def years(unit, day=date(2026, 3, 1), borders=Borders.THEN) -> dict[int, tuple[int, int]]:
    trends = Board(Frame(unit, day, borders=borders)).title_trends
    return {year.year: (year.recognised, year.held) for trend in trends for year in trend.years}


def test_a_title_is_won_where_the_cell_stood_and_held_where_it_stands(province, divided):
    cell = divided["left"].cells.get()
    factories.title_case(of=cell, recognised_on=date(2024, 3, 2))

    assert years(divided["old"], date(2025, 6, 30)) == {2024: (1, 1), 2025: (0, 1)}
    assert years(divided["left"]) == {2025: (0, 1), 2026: (0, 1)}
    assert years(divided["left"], borders=Borders.NOW) == {2024: (1, 1), 2025: (0, 1), 2026: (0, 1)}
    assert (
        years(province) == years(province, borders=Borders.NOW) == {2024: (1, 1), 2025: (0, 1), 2026: (0, 1)}
    )


def test_a_revoked_title_is_won_but_held_no_more(commune):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    case = factories.title_case(of=cell, recognised_on=date(2023, 3, 2))
    case.state, case.revoked_on = "revoked", date(2025, 2, 1)
    case.revocation, case.revocation_reason = factories.decision(date=date(2025, 2, 1)), "Vi phạm"
    case.save()

    assert years(commune) == {2023: (1, 1), 2024: (0, 1), 2025: (0, 0), 2026: (0, 0)}


def test_the_overview_draws_the_titles_and_tells_them_in_a_table(signed_in, commune):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    factories.title_case(of=cell, recognised_on=date(2023, 3, 2))

    page = signed_in.get(commune.get_absolute_url(), {"ngay": "2024-06-01"})

    (title,) = page.context["title_charts"]
    assert [(year.year, year.is_whole) for year in title.trend.years] == [(2023, True), (2024, False)]
    assert "2024 (đến 01/06/2024)" in page.content.decode()
