"""Many hamlets and cells move on one day; what was before our records is entered late."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cells import checks
from cells.actions import begin_unit, change_unit, change_unit_until, move_cells, move_units
from cells.models import CellPeriod, UnitPeriod
from tests import factories

pytestmark = pytest.mark.django_db

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


def test_a_hamlet_moves_and_keeps_its_past(old, new):
    hamlet = factories.hamlet(parent=old)

    move_units({hamlet: new}, on=DAY)

    hamlet.refresh_from_db()
    assert homes(hamlet) == [(old.pk, None, DAY_BEFORE), (new.pk, DAY, None)]
    assert (hamlet.parent, hamlet.commune) == (new, new)
    assert UnitPeriod.objects.on(DAY).get(unit=hamlet).commune == new
    assert list(checks.problems()) == []


def test_a_cell_moves_and_keeps_its_past(old, new):
    cell = factories.cell(of=factories.hamlet(parent=old))

    move_cells({cell: new}, on=DAY)

    cell.refresh_from_db()
    assert homes(cell) == [(old.pk, None, DAY_BEFORE), (new.pk, DAY, None)]
    assert cell.commune == new
    assert list(checks.problems()) == []


def test_a_move_on_the_first_day_leaves_no_empty_stretch(old, new):
    hamlet = factories.hamlet(parent=old, starts_on=DAY)

    move_units({hamlet: new}, on=DAY)

    assert homes(hamlet) == [(new.pk, DAY, None)]


def test_a_move_entered_after_a_later_one_is_carried_up_to_it(old, new, province):
    last = factories.commune(parent=province)
    moved_later, renamed_later = (factories.hamlet(parent=old) for _ in range(2))
    move_units({moved_later: last}, on=date(2025, 7, 1))
    change_unit(renamed_later, on=date(2025, 7, 1), name="Tên mới")

    move_units({moved_later: new, renamed_later: new}, on=DAY)

    assert [home for home, *_days in homes(moved_later)] == [old.pk, new.pk, last.pk]
    assert [home for home, *_days in homes(renamed_later)] == [old.pk, new.pk, new.pk]
    assert list(checks.problems()) == []


def test_the_number_of_queries_does_not_grow(old, new, django_assert_max_num_queries):
    cells = [factories.cell(of=factories.hamlet(parent=old)) for _ in range(12)]

    with django_assert_max_num_queries(45):
        move_units({cell.areas.get().hamlet: new for cell in cells[:1]}, on=DAY)
    with django_assert_max_num_queries(45 + 11):  # each hamlet is asked for above
        move_units({cell.areas.get().hamlet: new for cell in cells[1:]}, on=DAY)
    with django_assert_max_num_queries(25):
        move_cells(dict.fromkeys(cells, new), on=DAY)

    assert CellPeriod.objects.on(DAY).filter(commune=new).count() == 12


def test_what_does_not_exist_does_not_move(old, new):
    hamlet = factories.hamlet(parent=old, starts_on=date(2025, 1, 1))

    with pytest.raises(ValidationError, match="01/12/2024"):
        move_units({hamlet: new}, on=DAY)

    assert homes(hamlet) == [(old.pk, date(2025, 1, 1), None)]


def test_nothing_moves_to_a_commune_that_is_not_there_yet(old, province):
    young = factories.commune(parent=province, starts_on=date(2025, 7, 1))

    with pytest.raises(ValidationError):
        move_units({factories.hamlet(parent=old): young}, on=DAY)


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
