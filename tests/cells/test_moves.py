"""A past is entered at once: moves, earlier names, first days."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cells import checks
from cells.actions import NewUnit, begin_unit, change_unit_until, open_units
from cells.models import UnitPeriod
from tests import factories

DAY = date(2024, 12, 1)
DAY_BEFORE = date(2024, 11, 30)


@pytest.fixture
def province():
    return factories.province()


@pytest.fixture
def old(province):
    return factories.commune(parent=province)


@pytest.fixture
def new(province):
    return factories.commune(parent=province)


def homes(row) -> list[tuple]:
    """Where a hamlet or a cell stood, from–to."""
    field = "parent" if hasattr(row, "level") else "commune"
    return list(row.periods.by_day().values_list(field, "starts_on", "ends_on"))


def test_a_life_is_entered_with_its_moves(old, new, province):
    hamlet = factories.hamlet(parent=old, starts_on=date(2020, 1, 1), moves=((DAY, new),))
    cell = factories.cell(of=hamlet, commune=old, starts_on=date(2020, 1, 1), moves=((DAY, new),))

    for row in (hamlet, cell):
        assert homes(row) == [(old.pk, date(2020, 1, 1), DAY_BEFORE), (new.pk, DAY, None)]
        assert row.commune == new
    assert UnitPeriod.objects.on(DAY).get(unit=hamlet).commune == new
    assert list(checks.problems()) == []


def test_a_life_follows_its_commune_through_its_end(province, new):
    closed = factories.commune(parent=province, ends_on=DAY_BEFORE)

    hamlet = factories.hamlet(parent=closed, moves=((DAY, new),))

    assert hamlet.closed_on is None
    assert list(checks.problems()) == []


def test_no_life_goes_on_under_a_closed_commune(province):
    closed = factories.commune(parent=province, ends_on=DAY_BEFORE)

    with pytest.raises(ValidationError):
        factories.hamlet(parent=closed)


def test_nothing_moves_to_a_commune_that_is_not_there_yet(old, province):
    young = factories.commune(parent=province, starts_on=date(2025, 7, 1))

    with pytest.raises(ValidationError):
        factories.hamlet(parent=old, moves=((DAY, young),))


@pytest.mark.parametrize("rows", [1, 20])
def test_opening_needs_the_same_queries_for_any_number(old, new, rows, django_assert_max_num_queries):
    news = [NewUnit(parent=old, kind="ap", name=str(n), moves=((DAY, new),)) for n in range(rows)]

    with django_assert_max_num_queries(32):
        open_units(news)


def test_an_earlier_name_is_entered_late(old):
    change_unit_until(old, last_day=DAY_BEFORE, name="Qưới Sơn", kind="xa")

    before, after = old.periods.by_day()
    assert (before.name, before.ends_on) == ("Qưới Sơn", DAY_BEFORE)
    assert (after.name, after.starts_on) == (old.name, DAY)
    old.refresh_from_db()
    assert old.name == after.name


def test_a_life_that_began_later_is_entered_late(old):
    begin_unit(old, first_day=DAY)

    assert not UnitPeriod.objects.on(DAY_BEFORE).filter(unit=old).exists()
    assert UnitPeriod.objects.on(DAY).filter(unit=old).exists()


def test_no_life_begins_after_something_stood_under_it(old):
    factories.hamlet(parent=old)

    with pytest.raises(ValidationError):
        begin_unit(old, first_day=DAY)

    assert UnitPeriod.objects.on(DAY_BEFORE).filter(unit=old).exists()
