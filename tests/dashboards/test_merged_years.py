"""The merged role over the years is, on each of its days, the figure of that day."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from cells.actions import change_unit
from dashboards.figures.board import Board
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.kept import Kept
from dashboards.figures.merged_years import MergedYears
from leaders.models import Office, WayIn
from tests import factories

DAY = date(2026, 11, 22)


def merged(commune, since, until=None, **fields):
    """A hamlet whose secretary is its head for these days."""
    hamlet = factories.hamlet(parent=commune)
    person = factories.person(keeper=commune)
    ends = {"ends_on": until, "way_out": "term_ended"} if until else {}
    factories.tenure(cell=factories.cell(of=hamlet), person=person, starts_on=since, **ends)
    factories.tenure(
        office=Office.HAMLET_HEAD, hamlet=hamlet, person=person, starts_on=since, **ends, **fields
    )
    return hamlet


@pytest.fixture
def past(province, commune, neighbour):
    merged(commune, date(2022, 3, 1))
    merged(commune, date(2022, 3, 1), date(2024, 6, 30))
    merged(neighbour, date(2024, 1, 1), way_in=WayIn.INTERIM)
    moved = merged(neighbour, date(2023, 1, 1))
    change_unit(moved, on=date(2025, 7, 1), parent=commune)
    return Frame(province, DAY, None)


@pytest.mark.parametrize("borders", [Borders.THEN, Borders.NOW])
@pytest.mark.parametrize("place", ["province", "commune", "neighbour"])
def test_each_year_says_what_the_figure_of_its_day_says(past, request, borders, place):
    frame = replace(past, unit=request.getfixturevalue(place), borders=borders)

    years = MergedYears(frame, Kept.of(frame)).whole

    assert years
    for year in years:
        figure = Board(replace(frame, day=year.until)).figures["merged_role"]
        assert (year.merged, year.hamlets) == (figure.numerator, figure.denominator)


@pytest.mark.parametrize("borders", [Borders.THEN, Borders.NOW])
def test_each_unit_below_has_the_years_of_its_own_board(past, commune, neighbour, borders):
    frame = replace(past, borders=borders)
    below = MergedYears(frame, Kept.of(frame))

    for unit in (commune, neighbour):
        assert below.of(unit.pk) == MergedYears(replace(frame, unit=unit), Kept.of(frame)).whole


def test_years_before_anything_was_recorded_are_left_out_and_the_last_is_the_day_itself(past):
    years = MergedYears(past, Kept.of(past)).whole

    assert [year.until for year in years] == [
        date(2022, 12, 31),
        date(2023, 12, 31),
        date(2024, 12, 31),
        date(2025, 12, 31),
        DAY,
    ]
    assert [year.is_whole for year in years] == [True, True, True, True, False]


def test_one_query_for_any_number_of_units(past, django_assert_num_queries):
    years = MergedYears(past, Kept.of(past))
    assert past.child_level == "commune"  # asked once for the page

    with django_assert_num_queries(1):
        assert years.whole
        years.of(past.unit.pk)


def test_the_overview_shows_them_as_chart_table_and_line(client, officer, past, province, time_machine):
    time_machine.move_to("2026-11-22 15:20+07:00", tick=False)
    client.force_login(officer)

    page = client.get(reverse("dashboards:overview_unit", args=[province.pk]))

    text = page.content.decode()
    rows = page.context["merged_chart"].rows
    assert [row.year.merged for row in rows] == [2, 3, 3, 3, 3]
    assert "sparkline" in text
    for row in rows:
        for url, count in ((row.merged_url, row.year.merged), (row.hamlets_url, row.year.hamlets)):
            assert client.get(url).context["page"].paginator.count == count


def test_a_leader_reads_a_fall_since_the_new_year(client, reader, commune, time_machine):
    time_machine.move_to("2026-11-22 15:20+07:00", tick=False)
    merged(commune, date(2022, 1, 1))
    merged(commune, date(2022, 1, 1), date(2026, 3, 31))
    client.force_login(reader)

    context = client.get(reverse("dashboards:home")).context

    assert context["change"] == -1
    assert "giảm 1" in context["concerns"][0].text


def test_without_a_record_at_the_new_year_no_change_is_claimed(client, reader, commune, time_machine):
    time_machine.move_to("2026-11-22 15:20+07:00", tick=False)
    merged(commune, date(2026, 5, 1))
    client.force_login(reader)

    page = client.get(reverse("dashboards:home"))

    assert page.context["change"] is None
    assert "chưa có số liệu" in page.content.decode()
