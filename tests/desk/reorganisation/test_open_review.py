"""Communes that are merged, and cells that move, while a year is under review: its list stays as it was fixed."""

import re
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Role
from cells.models import LineKind
from dashboards.papers.asking import asked_for
from dashboards.papers.commune_figures import levels_of_cells, to_committee
from dashboards.review.board import ReviewBoard, Total
from evaluations.checks import problems
from evaluations.models import CellRating, Level, MemberLevels, Step
from evaluations.review.opening import close_year, fix_lists
from evaluations.review.progress import awaited_by
from evaluations.review.steps import take
from evaluations.review.workbook import workbook_of
from tests import factories
from tests.desk.importing.desk import check, hand_in, told, write
from tests.desk.importing.test_open_year import counts, filled
from tests.desk.reorganisation.acting import carry_out, event_of, line
from tests.desk.reorganisation.reviewing import (
    MERGED_ON,
    TODAY,
    anew,
    decide,
    fill,
    fixed_cycle,
    merge,
    open_cycle,
    receive,
)


@pytest.fixture(autouse=True)
def _in_season():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def cycle(province, commune, neighbour, officer):
    for home in (commune, neighbour):
        factories.tenure(cell=factories.cell(of=factories.hamlet(parent=home)))
    return fixed_cycle(province, officer)


@pytest.fixture
def moved(cycle, commune, neighbour):
    """A cell that goes to the neighbour with its hamlet, after the roster day."""
    cell = CellRating.objects.get(commune=commune).cell
    event = event_of(commune.parent, effective_on=MERGED_ON)
    line(event, LineKind.MOVE, unit=cell.areas.get().hamlet, parent=neighbour, on=MERGED_ON)
    line(event, LineKind.CELL_MOVE, cell=cell, parent=neighbour, on=MERGED_ON)
    carry_out(event)
    return cell


def test_a_merger_of_communes_leaves_the_fixed_list_and_the_successor_finishes_it(
    cycle, commune, neighbour, clerk, officer
):
    merge(commune, neighbour, MERGED_ON)

    assert neighbour.closed_on is not None
    rows = CellRating.objects.filter(cycle=cycle)
    assert {row.commune for row in rows} == {commune, neighbour}
    file = factories.file_of(neighbour, cycle)
    fresh = anew(clerk)
    fill(file, fresh)
    assert take(file, Step.Kind.PUT, by=fresh).state == "put"
    assert CellRating.objects.visible_to(fresh).filter(commune=neighbour).count() == 1
    assert not CellRating.objects.visible_to(officer).filter(cycle=cycle).exists()
    assert not list(problems())


def test_the_heir_reads_and_issues_the_papers_of_the_file_it_finishes(
    client, cycle, commune, neighbour, clerk
):
    merge(commune, neighbour, MERGED_ON)
    file = fill(factories.file_of(neighbour, cycle), anew(clerk))
    take(file, Step.Kind.PUT, by=anew(clerk))
    client.force_login(clerk)

    grid = client.get(reverse("review:grid", args=[2026, file.pk])).content.decode()
    links = {link for link in re.findall(r'href="(/[^"]+)"', grid) if "/bao-cao/" in link}
    assert len(links) > 10
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)

    issue = reverse("paper_files:issue", args=[neighbour.pk, 2026, "danh-sach-trinh"])
    issued = client.post(issue, {"number": "7-DS/BXD", "day": f"{TODAY:%Y-%m-%d}"}, follow=True)
    assert (issued.status_code, issued.context["report"].unit) == (200, neighbour)
    assert list(client.get(reverse("papers:index")).context["units"]) == [neighbour, commune]


def test_who_kept_the_former_commune_issues_the_papers_of_its_file(client, cycle, commune, neighbour):
    old = factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])
    merge(commune, neighbour, MERGED_ON)
    decide(fill(factories.file_of(neighbour, cycle), anew(old)), anew(old))
    client.force_login(old)

    assert client.get(reverse("papers:year", args=[neighbour.pk, 2026])).context["may_issue"]


def test_a_neighbour_that_took_nothing_over_reads_no_papers_of_a_former_commune(
    client, cycle, commune, neighbour
):
    elsewhere = factories.commune(parent=commune.parent, name="Xã Bên Cạnh")
    merge(commune, neighbour, MERGED_ON)
    client.force_login(factories.user(role=Role.COMMUNE_STAFF, keeps=[elsewhere]))

    assert client.get(reverse("papers:year", args=[neighbour.pk, 2026])).status_code == 404


def test_a_merger_from_before_the_roster_day_waits_until_the_figures_are_locked(cycle, commune, neighbour):
    with pytest.raises(ValidationError, match="đã chốt"):
        merge(commune, neighbour, MERGED_ON - timedelta(days=15))

    neighbour.refresh_from_db()
    assert neighbour.closed_on is None


def test_the_board_tells_the_results_of_last_year_once_after_a_merger(
    cycle, province, commune, neighbour, officer
):
    last = factories.cycle(province=province, year=2025)
    for home in (commune, neighbour):
        factories.rating(of=home.cells.get(), cycle=last, level=Level.GOOD)
    merge(commune, neighbour, MERGED_ON)

    rows = ReviewBoard(cycle, anew(officer), TODAY).rows

    assert {row.file.commune: row.last_year for row in rows} == dict.fromkeys(
        (commune, neighbour), Counter({Level.GOOD: 1})
    )
    assert Total.of(rows).last_year == Counter({Level.GOOD: 2})


def test_a_commune_merged_before_the_roster_day_is_not_waited_for(
    client, province, commune, neighbour, clerk, officer
):
    for home in (commune, neighbour):
        factories.tenure(cell=factories.cell(of=factories.hamlet(parent=home)))
    cycle = open_cycle(province, officer, roster_day=MERGED_ON + timedelta(days=2))
    merge(commune, neighbour, MERGED_ON)
    by, at_the_province = anew(clerk), anew(officer)
    fix_lists(cycle, by=at_the_province)
    with pytest.raises(ValidationError, match="Xã Phú Túc"):
        close_year(cycle, by=at_the_province)
    receive(factories.file_of(commune, cycle), by, at_the_province)
    client.force_login(officer)
    assert not client.get(reverse("review_board:close", args=[2026])).context["hindrance"]

    close_year(cycle, by=at_the_province)

    assert cycle.state == "closed"
    empty = factories.file_of(neighbour, cycle)
    assert awaited_by(empty) is None


# --- A cell that goes to another commune ----------------------------------------------------


def test_a_cell_that_moved_stays_on_the_papers_of_the_commune_that_rates_it(
    cycle, moved, commune, clerk, officer
):
    by = anew(clerk)
    file = fill(factories.file_of(commune, cycle), by)
    (row,) = to_committee(asked_for(by, commune, 2026))["cac_dong"]
    assert (row["chi_bo"], row["de_xuat"], row["dv_t"]) == (moved.name, "HTTNV", 9)

    take(decide(file, by), Step.Kind.SENT, by=by)

    for reader in (by, anew(officer)):
        (row,) = levels_of_cells(asked_for(reader, commune, 2026))["cac_dong"]
        assert (row["quyet_dinh"], row["dv_t"]) == ("HTTNV", 9)
    assert not list(problems())


def test_the_workbook_of_a_commune_comes_in_with_the_cell_that_moved(cycle, moved, commune, clerk):
    by = anew(clerk)
    file = factories.file_of(commune, cycle)
    untouched = check(hand_in(by, workbook_of(file, by)), by)
    assert (told(untouched), counts(untouched)) == ({}, {"skip": 1})

    batch = hand_in(by, filled(workbook_of(file, by), "Chi bộ", {"Mức tự xếp loại": "HTNV", "T": 7}))
    assert told(check(batch, by)) == {}
    write(batch, by)

    assert CellRating.objects.get(cell=moved).self_level == Level.COMPLETED
    assert MemberLevels.objects.get(cell=moved).good == 7
    people = filled(workbook_of(file, by), "Bí thư", {"Mức tự xếp loại": "HTNV"})
    assert told(check(hand_in(by, people, kind="leader_ratings"), by)) == {}


def test_the_commune_a_cell_moved_to_is_told_its_level_once_it_is_sent(
    cycle, moved, commune, neighbour, clerk
):
    by, other = anew(clerk), factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])
    file = fill(factories.file_of(commune, cycle), by)
    for model in (CellRating, MemberLevels):
        assert not model.objects.visible_to(other).filter(cell=moved).exists()
        assert model.objects.counted_for(other).filter(cell=moved).exists()
    changed = filled(workbook_of(file, by), "Chi bộ", {"Mức tự xếp loại": "HTNV"})
    ((said,),) = told(check(hand_in(other, changed), other)).values()
    assert "do xã, phường tự nhập" in said

    take(decide(file, by), Step.Kind.SENT, by=by)

    for model in (CellRating, MemberLevels):
        assert model.objects.visible_to(other).filter(cell=moved).exists()
