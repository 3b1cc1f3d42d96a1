"""The overview page and the lists behind its numbers."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import ExportLog
from cells.actions import change_unit, close_unit, succeed
from leaders.actions import begin_tenures
from leaders.models import Office, Tenure
from sheets.reading import read_workbook
from tests import factories


def add_hamlet(commune, **fields):
    hamlet = factories.hamlet(parent=commune, **fields)
    cell = factories.cell(of=hamlet)
    person = factories.person(keeper=commune)
    begin_tenures(
        [
            Tenure(person=person, office=Office.SECRETARY, cell=cell, starts_on=date(2020, 1, 1)),
            Tenure(person=person, office=Office.HAMLET_HEAD, hamlet=hamlet, starts_on=date(2020, 1, 1)),
        ]
    )
    return hamlet


def overview(unit):
    return reverse("dashboards:overview_unit", args=[unit.pk])


@pytest.mark.parametrize("communes", [1, 8])
def test_the_page_of_a_province_needs_the_same_queries_for_any_number_of_rows(
    client, officer, province, communes, queries_of
):
    for _ in range(communes):
        commune = factories.commune(parent=province)
        for _ in range(2):
            add_hamlet(commune)
    client.force_login(officer)

    # page: unit with its period and its tiles, what it came from, units below, hamlets, the merged role over the
    # years, cells, communes, results, targets, titles – and once more ratings, as long as nothing is rated
    assert queries_of(overview(province)) == FRAME + 11


# Signing in: session, user, grants; frame: label of the unit, words.
FRAME = 5


@pytest.mark.parametrize("figure", ["merged_role", "member_heads"])
@pytest.mark.parametrize("query", ["", "?ngay=2025-12-31", "?ngay=2025-12-31&dia_gioi=hien-nay"])
def test_twelve_queries_do_for_a_merged_province_with_a_target_and_its_forecast(
    client, officer, province, commune, figure, query, queries_of, time_machine
):
    time_machine.move_to("2026-11-29 08:00+07:00", tick=False)
    cell = add_hamlet(commune).cell_areas.get().cell
    factories.rating(of=cell, cycle=factories.cycle(province=province, year=2024))
    old = factories.province()
    close_unit(old, last_day=date(2025, 6, 30))
    succeed([old], province, on=date(2025, 7, 1))
    planned = factories.target(unit=province, figure=figure, title=None, goal=5, base=9, term="2022-2030")
    planned.steps.create(year=2030, planned=5)
    client.force_login(officer)

    asked = queries_of(overview(province) + query)

    assert client.get(overview(province) + query).context["targets"][0].forecast
    assert asked <= FRAME + 12


def test_twelve_do_for_a_day_before_the_province_stood(client, officer, province, commune, queries_of):
    old = factories.province()
    close_unit(old, last_day=date(2025, 6, 30))
    province.periods.update(starts_on=date(2025, 7, 1))
    succeed([old], province, on=date(2025, 7, 1))
    factories.rating(
        of=add_hamlet(commune).cell_areas.get().cell, cycle=factories.cycle(province=province, year=2021)
    )
    client.force_login(officer)

    assert queries_of(overview(province) + "?ngay=2023-05-04&dia_gioi=hien-nay") <= FRAME + 12


def test_a_clerk_is_led_to_the_own_commune_and_keeps_the_day(client, clerk, commune):
    client.force_login(clerk)

    response = client.get(reverse("dashboards:overview"), {"ngay": "2022-08-10"})

    assert response["Location"] == f"{overview(commune)}?ngay=2022-08-10"


def test_a_commune_shows_its_hamlets_with_who_leads_them(client, clerk, commune):
    add_hamlet(commune, name="Phước Hậu")
    client.force_login(clerk)

    text = client.get(overview(commune)).content.decode()

    assert "Ấp Phước Hậu" in text
    assert "Nguyễn Văn" in text


def test_an_empty_unit_says_what_to_do_next(client, officer, province):
    client.force_login(officer)

    text = client.get(overview(province)).content.decode()

    assert "chưa có dữ liệu" in text
    assert reverse("admin:cells_unit_changelist") in text


@pytest.mark.parametrize("day", ["hôm qua", "2022-02-30", "9999-99-99", "2099-01-01"])
def test_a_day_that_is_none_is_answered_with_today_and_a_word(client, officer, province, day):
    client.force_login(officer)

    response = client.get(overview(province), {"ngay": day})

    assert response.status_code == 200
    assert "hôm nay" in response.content.decode()


def test_a_closed_commune_says_when_it_ended_and_where_it_went(client, officer, province, commune, neighbour):
    hamlet = add_hamlet(commune)
    day = date(2023, 1, 1)
    change_unit(hamlet, on=day, parent=neighbour)
    for cell in commune.cells.all():
        cell.periods.update(ends_on=date(2022, 12, 31))
    close_unit(commune, last_day=date(2022, 12, 31))
    succeed([commune], neighbour, on=day)
    client.force_login(officer)

    today = client.get(overview(commune)).content.decode()
    then = client.get(overview(commune), {"ngay": "2022-12-31"}).content.decode()

    assert "31/12/2022" in today
    assert "xã Giao Long" in today
    assert "1/1" in then.replace("</a>", "").replace("\n", "") or "100%" in then


def test_a_district_that_has_ended_names_where_its_communes_are_today(client, officer, province):
    district = factories.district(parent=province)
    going_on, merged = (factories.commune(parent=district, name=name) for name in ("Tân Lợi", "Phước An"))
    last_day, day = date(2025, 6, 30), date(2025, 7, 1)
    other = factories.commune(parent=province, name="Phú Túc")
    change_unit(going_on, on=day, parent=province)
    close_unit(merged, last_day=last_day)
    succeed([merged], other, on=day)
    close_unit(district, last_day=last_day)
    client.force_login(officer)

    page = client.get(overview(district))

    assert [(place.thing, place.may_open) for place in page.context["heirs"]] == [
        (other, True),
        (going_on, True),
    ]
    assert f'href="{other.get_absolute_url()}"' in page.content.decode()


def test_the_list_behind_a_number_is_exported_and_noted(client, officer, province, commune):
    add_hamlet(commune, name="=1+1")
    client.force_login(officer)
    address = reverse("exporting:figure_rows", args=[province.pk, "merged_role"])

    response = client.get(address, {"ngay": "2022-08-10"})

    rows = read_workbook(b"".join(response.streaming_content), "x.xlsx").sheets[0].rows
    assert any("=1+1" in str(cell) for row in rows for cell in row)
    log = ExportLog.objects.get()
    assert (log.by, log.row_count) == (officer, 1)
    assert any("10/08/2022" in str(cell) for row in rows for cell in row)


def test_each_number_of_the_levels_over_years_opens_its_list(client, officer, province, commune):
    hamlets = [add_hamlet(commune) for _number in range(3)]
    for year, levels in {
        2021: ("EXCELLENT", "GOOD", "GOOD"),
        2022: ("EXCELLENT", "EXCELLENT", "GOOD"),
    }.items():
        cycle = factories.cycle(province=province, year=year)
        for hamlet, level in zip(hamlets, levels, strict=True):
            cell = hamlet.cell_areas.get().cell
            factories.rating(of=cell, cycle=cycle, level=level)
    client.force_login(officer)

    rows = client.get(overview(province)).context["trend_rows"]

    assert [[count for count, _url in row.counts] for row in rows] == [[1, 2, 0, 0, 3], [2, 1, 0, 0, 3]]
    for row in rows:
        for count, url in row.counts:
            page = client.get(url)
            assert page.context["page"].paginator.count == count
            assert {record["year"] for record in page.context["records"]} <= {row.year}
            assert f"năm {row.year}" in page.context["list"].label


@pytest.mark.parametrize("query", [{"phan": "khac"}, {"chi-tieu": "x"}, {"nam": "2022"}])
def test_what_is_no_part_of_a_figure_is_not_found(client, officer, province, query):
    code = "title_of_goal" if "chi-tieu" in query else "merged_role"
    client.force_login(officer)

    assert client.get(reverse("dashboards:figure_rows", args=[province.pk, code]), query).status_code == 404


def test_units_of_which_nothing_is_recorded_are_named_below_the_table(
    client, officer, province, commune, neighbour
):
    add_hamlet(commune)
    client.force_login(officer)

    answer = client.get(overview(province))

    table = answer.context["table"]
    assert [row.name for row in table.rows] == [str(commune)]
    assert [row.name for row in table.without] == [str(neighbour)]
    text = answer.content.decode()
    assert "1/2 đơn vị có số liệu" in text
    folded = text[text.index("1 đơn vị chưa có số liệu") :]
    assert f'<a href="{overview(neighbour)}">{neighbour}</a>' in folded
