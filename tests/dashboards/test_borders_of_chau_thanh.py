"""Châu Thành, a district until 2025, in the borders of then and in those of today."""

import re
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Role
from cells.models import UnitPeriod
from dashboards.figures.board import Board
from dashboards.figures.frames import Borders, Frame
from dashboards.targets.measures import figures_of_targets
from tests import factories

pytestmark = pytest.mark.usefixtures("samples")


def years(unit, day=date(2026, 3, 1), borders=Borders.THEN) -> dict[int, tuple[int, int]]:
    trends = Board(Frame(unit, day, borders=borders)).title_trends
    return {year.year: (year.recognised, year.held) for trend in trends for year in trend.years}


@pytest.fixture
def chau_thanh():
    return UnitPeriod.objects.on(date(2022, 8, 10)).get(code="831").unit


@pytest.fixture
def vinh_long():
    return UnitPeriod.objects.get(code="86", level="province", ends_on=None).unit


def test_chau_thanh_reads_28_of_59_in_the_borders_of_then(chau_thanh):
    figures = figures_of_targets(Board(Frame(chau_thanh, date(2022, 8, 10))))

    assert [f.fraction for f in figures if f.code == "title_of_goal"] == ["28/59"]
    assert years(chau_thanh, date(2022, 8, 10)) == {2020: (2, 2), 2021: (12, 14), 2022: (14, 28)}


def test_its_titles_are_in_the_trend_of_vinh_long_in_todays_borders(vinh_long):
    today = years(vinh_long, borders=Borders.NOW)

    assert [today[year] for year in (2020, 2021, 2022, 2023)] == [(2, 2), (12, 14), (14, 28), (0, 28)]
    # In the borders of then Vĩnh Long won none of them, and holds them since it came to be.
    assert years(vinh_long) == {2025: (0, 28), 2026: (0, 28)}


def test_its_cells_stand_under_their_new_communes_in_todays_borders(client, chau_thanh, vinh_long):
    client.force_login(factories.user(role=Role.LEADER, reads=[vinh_long]))
    query = {"ngay": "2022-08-10", "tinh": vinh_long.pk}
    address = reverse("dashboards:cell_list")

    then = client.get(address, {"ngay": "2022-08-10", "huyen": chau_thanh.pk}).context["page"]
    board = Board(Frame(vinh_long, date(2022, 8, 10), borders=Borders.NOW))
    counted = {place: counts["cells"] for place, counts in board.cells.items()}

    assert then.paginator.count == 117
    for commune in UnitPeriod.objects.filter(
        ends_on=None, level="commune", unit__in=[p for p in counted if p]
    ):
        asked = query | {"xa": commune.unit_id, "dia_gioi": "hien-nay"}
        assert client.get(address, asked).context["page"].paginator.count == counted[commune.unit_id]
    in_phu_tuc = client.get(address, query | {"dia_gioi": "hien-nay", "q": "chi bo"}).context["page"]
    assert all(cell.place.startswith(("Xã", "Phường")) for cell in in_phu_tuc.object_list)


def test_towns_called_chau_thanh_are_told_apart_by_their_provinces_of_then(client):
    client.force_login(factories.user(role=Role.LEADER, reads=[None]))

    text = client.get(reverse("dashboards:search"), {"q": "thị trấn châu thành"}).content.decode()

    told = re.findall("– Huyện Châu Thành, (tỉnh [^;<]*);", text)
    assert {"tỉnh Bến Tre", "tỉnh Trà Vinh"} <= set(told)
    assert len(told) == text.count("– Huyện Châu Thành")


def test_a_province_of_today_is_told_apart_from_the_one_of_its_name_then(client, vinh_long):
    client.force_login(factories.user(role=Role.LEADER, reads=[None]))

    page = client.get(reverse("dashboards:cell_list"), {"ngay": "2022-08-10", "tinh": vinh_long.pk})

    labels = [label for _key, label in page.context["filter"].fields["tinh"].choices]
    assert "Tỉnh Vĩnh Long (hiện nay)" in labels
    assert labels.count("Tỉnh Vĩnh Long") == 1
