"""What papers say where cells moved after the roster day, and where a commune had none left before it."""

from datetime import date

import pytest
import time_machine

from accounts.models import Role
from cells.models import LineKind
from dashboards.papers.asking import asked_for
from dashboards.papers.commune_figures import self_rating
from dashboards.papers.paragraphs import paragraph
from dashboards.papers.province_figures import communes_of, summary
from evaluations.models import Level
from evaluations.review.opening import fix_lists
from tests import factories
from tests.desk.reorganisation.acting import carry_out, event_of, line
from tests.desk.reorganisation.reviewing import (
    MERGED_ON,
    TODAY,
    anew,
    decide,
    fill,
    fixed_cycle,
    lock,
    open_cycle,
)


@pytest.fixture(autouse=True)
def _in_season():
    with time_machine.travel(TODAY, tick=False):
        yield


def move(cell, into, on):
    event = event_of(into.parent, effective_on=on)
    line(event, LineKind.MOVE, unit=cell.areas.get().hamlet, parent=into, on=on)
    line(event, LineKind.CELL_MOVE, cell=cell, parent=into, on=on)
    carry_out(event)


def cell_with_secretary(commune):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    factories.tenure(cell=cell)
    return cell


@pytest.fixture
def moved(province, commune, neighbour, officer):
    """One of two cells, both good the year before, goes to the neighbour after the lists were fixed."""
    goes, _stays = (cell_with_secretary(commune) for _number in range(2))
    cell_with_secretary(neighbour)
    last = factories.cycle(province=province, year=2025)
    for cell in commune.cells.all():
        factories.rating(of=cell, cycle=last, level=Level.GOOD)
    cycle = fixed_cycle(province, officer)
    move(goes, neighbour, MERGED_ON)
    return cycle


def test_the_year_before_is_compared_of_all_cells_of_the_file(moved, commune, clerk):
    decide(fill(factories.file_of(commune, moved), anew(clerk)), anew(clerk))

    said = paragraph(asked_for(anew(clerk), commune, 2026))

    assert "hoàn thành tốt nhiệm vụ 2 chi bộ (100%)" in said
    assert "tăng" not in said


def test_the_form_names_the_secretary_of_a_cell_that_moved(moved, commune, clerk):
    rows = self_rating(asked_for(anew(clerk), commune, 2026))["cac_chi_bo"]

    assert len(rows) == 2
    assert not [row["bi_thu"] for row in rows if "…" in row["bi_thu"]]


def test_a_commune_without_a_cell_on_the_roster_day_is_not_told_to_owe_its_file(
    province, commune, neighbour, clerk, officer
):
    for home in (commune, neighbour):
        cell_with_secretary(home)
    empty = factories.commune(parent=province, name="Trống", code="28999")
    last = cell_with_secretary(empty)
    cycle = open_cycle(province, officer)
    move(last, neighbour, date(2026, 11, 5))
    assert len(communes_of(asked_for(anew(officer), province, 2026)).names) == 3
    fix_lists(cycle, by=anew(officer))
    other = factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])
    files = [factories.file_of(home, cycle) for home in (commune, neighbour)]
    lock(cycle, zip(files, (clerk, other), strict=True), anew(officer))

    asked = asked_for(anew(officer), province, 2026)

    assert communes_of(asked).words == "Số liệu của 2/2 xã đã gửi"
    assert "Chưa gửi" not in " ".join(summary(asked)["ghi_chu"])
