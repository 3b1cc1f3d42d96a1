"""The figure meeting_attendance: which meetings it adds up, where, and the list behind it."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cells.models import Meeting
from dashboards.figures.board import Board
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.lists import Part, figure_list
from tests import factories

DAY = date(2026, 6, 15)
CODE = "meeting_attendance"


@pytest.fixture
def cell(commune):
    return factories.cell(of=factories.hamlet(parent=commune))


def meet(cell, month: date, present: int | None, expected: int | None, **fields) -> Meeting:
    return Meeting.objects.create(
        cell=cell, month=month, present=present, expected=expected, **{"day": month.replace(day=5), **fields}
    )


def figure(unit, day=DAY, **frame):
    return Board(Frame(unit, day, **frame)).figures.get(CODE)


def test_it_adds_up_the_full_months_of_the_year(province, cell):
    meet(cell, date(2025, 12, 1), 1, 20)
    meet(cell, date(2026, 1, 1), 18, 20)
    meet(cell, date(2026, 5, 1), 10, 20)
    meet(cell, date(2026, 6, 1), 2, 20)

    found = figure(province)

    assert (found.numerator, found.denominator, found.percent) == (28, 40, "70")
    assert found.remarks == ("từ tháng 01/2026 đến tháng 05/2026",)
    assert figure(province, date(2026, 6, 30)).fraction == "30/60"
    assert figure(province, date(2026, 1, 15)).fraction == "1/20"


def test_unknown_is_never_counted_as_absent(province, cell):
    meet(cell, date(2026, 1, 1), None, 20)
    meet(cell, date(2026, 2, 1), 7, None)
    meet(cell, date(2026, 3, 1), None, None, day=date(2026, 3, 1), was_held=False)
    meet(cell, date(2026, 4, 1), 9, 20, kind="thematic")

    assert figure(province) is None


def test_a_meeting_counts_where_its_cell_stood_on_its_day(province, commune, neighbour, cell):
    meet(cell, date(2026, 1, 1), 18, 20)
    meet(cell, date(2026, 4, 1), 10, 20)
    period = cell.periods.get()
    period.ends_on = date(2026, 3, 14)
    period.save()
    cell.periods.create(name=period.name, commune=neighbour, starts_on=date(2026, 3, 15))
    type(cell).objects.filter(pk=cell.pk).update(commune=neighbour)

    assert figure(commune).fraction == "18/20"
    assert figure(neighbour).fraction == "10/20"
    assert figure(neighbour, borders=Borders.NOW).fraction == "28/40"


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 20), st.integers(0, 20)), max_size=12))
def test_its_lists_add_up_to_it(province, cell, drawn):
    Meeting.objects.all().delete()
    for month, present, more in {one[0]: one for one in drawn}.values():
        meet(cell, date(2026, month, 1), present, present + more)
    frame = Frame(province, date(2026, 12, 31))
    found = figure(province, date(2026, 12, 31))

    def added(part: str, key: str) -> int:
        listed = figure_list(frame, CODE, part)
        return sum(record[key] for record in listed.records(listed.rows))

    numbers = (found.numerator, found.denominator) if found else (0, 0)
    assert (added(Part.COUNTED, "present"), added(Part.ALL, "expected")) == numbers
    assert added(Part.LEFT, "absent") == numbers[1] - numbers[0]


def test_the_command_and_the_page_show_it(client, officer, province, cell):
    meet(cell, date(2026, 1, 1), 18, 20)
    out = StringIO()
    call_command("figures", "--unit", "86", "--as-of", "2026-06-15", "--json", stdout=out)
    (told,) = [one for one in json.loads(out.getvalue()) if one["code"] == CODE]
    assert (told["numerator"], told["denominator"], told["percent"]) == (18, 20, "90")

    client.force_login(officer)
    page = client.get(reverse("dashboards:figure_rows", args=[province.pk, CODE]), {"ngay": "2026-06-15"})
    assert "05/01/2026" in page.content.decode()


def test_nobody_adds_up_meetings_of_others(province, commune, neighbour, cell):
    meet(cell, date(2026, 1, 1), 18, 20)
    foreign = factories.user(role="commune_staff", keeps=[neighbour])

    assert CODE not in Board(Frame(province, DAY, foreign)).figures
