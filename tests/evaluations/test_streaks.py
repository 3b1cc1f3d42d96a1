"""Years running at a level: by person and by cell, through mergers, with gaps shown."""

from datetime import date

import pytest

from cells.models import Cell, LineKind
from evaluations.actions import correct_rating
from evaluations.models import Basis, CellRating, Level
from evaluations.streaks import Question, cell_streaks, leader_streaks
from tests import factories
from tests.desk.reorganisation.acting import carry_out, event_of, line

DAY = date(2026, 6, 1)
X, T = Level.EXCELLENT, Level.GOOD


@pytest.fixture
def years(province):
    return {year: factories.cycle(province=province, year=year) for year in range(2019, 2024)}


def rate(cell, years, *levels, first=2019):
    for year, level in zip(range(first, 2024), levels, strict=False):
        if level:
            factories.rating(of=cell, cycle=years[year], level=level)


def rate_person(person, cell, years, *levels, basis=Basis.OFFICE):
    for year, level in zip(range(2019, 2024), levels, strict=False):
        if level:
            factories.leader_rating(of=person, cell=cell, cycle=years[year], level=level, basis=basis)


def cells_found(user, **asked):
    return cell_streaks(Question(**{"year": 2023, **asked}), user=user, day=DAY)


def told(found):
    return [(str(one.rating.cell), [proof.year for proof in one.years]) for one in found.streaks]


def test_a_cell_with_three_years_running_is_found_with_its_decisions(officer, commune, years):
    cell = factories.cell(of=factories.hamlet(parent=commune, name="ấp 1"), name="Chi bộ ấp 1")
    rate(cell, years, T, T, X, X, X)

    found = cells_found(officer)

    assert told(found) == [("Chi bộ ấp 1", [2021, 2022, 2023])]
    assert all(len(proof.decisions) == 1 for proof in found.streaks[0].years)


def test_two_years_are_not_three(officer, commune, years):
    rate(factories.cell(of=factories.hamlet(parent=commune)), years, X, X, T, X, X)

    assert told(cells_found(officer)) == []
    assert len(told(cells_found(officer, least=2))) == 1


def test_another_level_is_counted_alike(officer, commune, years):
    rate(factories.cell(of=factories.hamlet(parent=commune)), years, T, T, T, T, T)

    (one,) = cells_found(officer, level=T, least=5).streaks
    assert one.length == 5


def test_a_gap_breaks_the_row_and_is_shown(officer, commune, years):
    cell = factories.cell(of=factories.hamlet(parent=commune), name="Chi bộ A")
    rate(cell, years, X, X, None, X, X)

    found = cells_found(officer)

    assert found.streaks == []
    (one,) = found.with_gaps
    assert (one.gaps, one.length, one.length_over_gaps) == ((2021,), 2, 4)


def test_somebody_may_decide_that_a_gap_is_passed_over(officer, commune, years, settings):
    rate(factories.cell(of=factories.hamlet(parent=commune), name="Chi bộ A"), years, X, X, None, X, X)

    assert told(cells_found(officer, skips_gaps=True)) == [("Chi bộ A", [2019, 2020, 2022, 2023])]
    settings.STREAK_GAP_BREAKS = False
    assert told(cells_found(officer)) == [("Chi bộ A", [2019, 2020, 2022, 2023])]


def test_a_level_that_was_corrected_counts_as_corrected(officer, commune, years):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    rate(cell, years, X, X, X, X, X)
    correct_rating(
        CellRating.objects.get(cell=cell, cycle=years[2022]),
        level=T,
        decision=factories.decision(date=date(2024, 1, 1)),
        reason="Xét lại",
        by=officer,
    )

    assert told(cells_found(officer)) == []
    assert len(cell_streaks(Question(year=2023), user=officer, day=date(2023, 12, 31)).streaks) == 1


def test_the_bases_of_people_are_kept_apart(officer, commune, years):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    person = factories.person(keeper=commune)
    rate_person(person, cell, years, None, None, X, X, X)
    rate_person(person, cell, years, None, None, X, T, X, basis=Basis.MEMBER)

    def found(basis):
        return leader_streaks(Question(year=2023, basis=basis), user=officer, day=DAY).streaks

    assert [one.rating.basis for one in found("")] == [Basis.OFFICE]
    assert found(Basis.MEMBER) == []


def test_a_person_keeps_the_years_in_another_commune(officer, commune, neighbour, years):
    person = factories.person(keeper=commune)
    here = factories.cell(of=factories.hamlet(parent=commune))
    there = factories.cell(of=factories.hamlet(parent=neighbour))
    for year, cell in ((2021, there), (2022, there), (2023, here)):
        factories.leader_rating(of=person, cell=cell, cycle=years[year], level=X)

    (one,) = leader_streaks(Question(year=2023, unit=commune), user=officer, day=DAY).streaks
    assert [proof.year for proof in one.years] == [2021, 2022, 2023]


def test_nobody_sees_the_years_of_another_province(outsider, commune, years):
    rate(factories.cell(of=factories.hamlet(parent=commune)), years, X, X, X, X, X)

    assert cells_found(outsider).streaks == []


# --- Through mergers ------------------------------------------------------------------------


@pytest.fixture
def two_cells(commune):
    """Two cells with their secretaries, to be joined on 1/5/2026."""
    made = []
    for name in "12":
        cell = factories.cell(of=factories.hamlet(parent=commune, name=name), name=f"Chi bộ ấp {name}")
        factories.tenure(cell=cell)
        made.append(cell)
    return made


def join(commune, cells, **into):
    event = event_of(commune)
    line(event, LineKind.CELL_JOIN, cells=cells, **into)
    carry_out(event)


def rate_2026(province, cell):
    cycle = factories.cycle(province=province, year=2026, roster_day=date(2026, 5, 15))
    factories.rating(of=cell, cycle=cycle, level=X)


def test_a_cell_founded_by_joining_excellent_cells_carries_on_their_years(
    officer, province, commune, two_cells
):
    for year in (2024, 2025):
        cycle = factories.cycle(province=province, year=year)
        for cell in two_cells:
            factories.rating(of=cell, cycle=cycle, level=X)
    join(commune, two_cells, name="Chi bộ ấp Hòa Bình")
    rate_2026(province, Cell.objects.standing().get())

    (one,) = cells_found(officer, year=2026).streaks

    assert [(proof.year, len(proof.decisions)) for proof in one.years] == [(2024, 2), (2025, 2), (2026, 1)]


def test_a_cell_founded_by_joining_has_no_year_in_which_one_of_them_was_not_excellent(
    officer, province, commune, two_cells
):
    for year, level in ((2024, X), (2025, T)):
        cycle = factories.cycle(province=province, year=year)
        factories.rating(of=two_cells[0], cycle=cycle, level=X)
        factories.rating(of=two_cells[1], cycle=cycle, level=level)
    join(commune, two_cells, name="Chi bộ ấp Hòa Bình")
    rate_2026(province, Cell.objects.standing().get())

    assert cells_found(officer, year=2026, least=2).streaks == []


def test_a_cell_that_took_another_in_carries_on_its_own_years(officer, province, commune, two_cells):
    ends, stays = two_cells
    for year in (2024, 2025):
        cycle = factories.cycle(province=province, year=year)
        factories.rating(of=ends, cycle=cycle, level=T)
        factories.rating(of=stays, cycle=cycle, level=X)
    join(commune, [ends], cell=stays)
    rate_2026(province, stays)

    (one,) = cells_found(officer, year=2026).streaks
    assert [proof.year for proof in one.years] == [2024, 2025, 2026]
