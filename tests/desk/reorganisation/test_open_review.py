"""Communes that are merged while a year is under review: its list stays as it was fixed."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from cells.models import LineKind
from evaluations.checks import problems
from evaluations.models import CellRating, LeaderRating, Level, Step
from evaluations.review.opening import Plan, fix_lists, open_year
from evaluations.review.rows import Entry, mark_of, save_rows
from evaluations.review.steps import take
from tests import factories
from tests.desk.reorganisation.acting import carry_out, event_of, line

ROSTER_DAY, MERGED_ON, TODAY = date(2026, 11, 20), date(2026, 11, 25), date(2026, 11, 29)


@pytest.fixture(autouse=True)
def _in_season():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def cycle(province, commune, neighbour, officer):
    for home in (commune, neighbour):
        factories.tenure(cell=factories.cell(of=factories.hamlet(parent=home)))
    cycle = open_year(
        province, Plan(year=2026, roster_day=ROSTER_DAY, deadline=date(2026, 12, 10)), by=officer
    )
    fix_lists(cycle, by=officer)
    return cycle


def merge(commune, neighbour, on):
    """The commune takes its neighbour in."""
    event = event_of(commune.parent, effective_on=on)
    line(event, LineKind.ABSORB, units=[neighbour], unit=commune, on=on)
    carry_out(event)
    commune.refresh_from_db()
    neighbour.refresh_from_db()


def test_a_merger_of_communes_leaves_the_fixed_list_and_the_successor_finishes_it(
    cycle, commune, neighbour, clerk, officer
):
    merge(commune, neighbour, MERGED_ON)

    assert neighbour.closed_on is not None
    rows = CellRating.objects.filter(cycle=cycle)
    assert {row.commune for row in rows} == {commune, neighbour}
    file = factories.file_of(neighbour, cycle)
    entries = [
        Entry(model, row.pk, mark_of(row, None), {"self_level": Level.GOOD})
        for model in (CellRating, LeaderRating)
        for row in model.objects.filter(cycle=cycle, commune=neighbour)
    ]
    fresh = type(clerk).objects.get(pk=clerk.pk)
    assert all(saved.is_saved for saved in save_rows(file, entries, by=fresh))
    assert take(file, Step.Kind.PUT, by=fresh).state == "put"
    assert CellRating.objects.visible_to(fresh).filter(commune=neighbour).count() == 1
    assert not CellRating.objects.visible_to(officer).filter(cycle=cycle).exists()
    assert not list(problems())


def test_a_merger_from_before_the_roster_day_waits_until_the_figures_are_locked(cycle, commune, neighbour):
    with pytest.raises(ValidationError, match="đã chốt"):
        merge(commune, neighbour, date(2026, 11, 10))

    neighbour.refresh_from_db()
    assert neighbour.closed_on is None
