"""An event entered after later ones is carried through them, or refused with what stands in the way."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from cells.actions import change_cell, change_unit
from cells.checks import problems
from cells.models import CellArea, CellPeriod, LineKind, Succession, Unit, UnitPeriod
from desk.reorganisation.rehearsal import rehearse
from evaluations.checks import problems as problems_of_ratings
from leaders.models import Office
from tests import factories
from tests.desk.reorganisation.acting import carry_out, event_of, line
from tests.worlds import kept

EARLY, LATER = date(2023, 1, 1), date(2024, 7, 1)
ONE_DAY = timedelta(days=1)


@kept
def three(commune):
    hamlets = [factories.hamlet(parent=commune, name=name) for name in "123"]
    for hamlet in hamlets:
        factories.cell(of=hamlet)
    return hamlets


def facts() -> tuple:
    """Return what is recorded of places, by name and not by key."""
    periods = UnitPeriod.objects.hamlets().values_list(
        "name", "kind", "parent__name", "starts_on", "ends_on", "commune__name"
    )
    cells = CellPeriod.objects.values_list("name", "commune__name", "starts_on", "ends_on")
    areas = CellArea.objects.values_list("cell__name", "hamlet__name", "starts_on", "ends_on")
    successions = Succession.objects.values_list("predecessor__name", "successor__name", "on", "part")
    return tuple(sorted(rows, key=str) for rows in (periods, cells, areas, successions))


def merge_hamlets(commune, hamlets, on=EARLY):
    event = event_of(commune)
    line(event, LineKind.FOUND, units=hamlets, name="Hòa Bình", unit_kind="ap", on=on)
    return carry_out(event)


def merge_communes(commune, neighbour, on=LATER, **fields):
    event = event_of(neighbour.parent)
    line(
        event,
        LineKind.FOUND,
        units=[commune, neighbour],
        **fields,
        name="Phú Long",
        unit_kind="xa",
        code="28999",
        on=on,
    )
    return carry_out(event)


def in_both_orders(first, second):
    """Carry out two events in order, note the facts, undo nothing: a savepoint takes them away."""
    with transaction.atomic():
        first()
        second()
        in_order = facts()
        transaction.set_rollback(True)
    second()
    first()
    assert facts() == in_order
    assert list(problems()) == []


def test_hamlets_merged_before_their_commune_was(commune, neighbour, three):
    in_both_orders(
        lambda: merge_hamlets(Unit.objects.get(pk=commune.pk), three[:2]),
        lambda: merge_communes(commune, neighbour),
    )

    assert list(
        UnitPeriod.objects.hamlets().filter(name="Hòa Bình").values_list("parent__name", "starts_on")
    ) == [
        ("Phú Túc", EARLY),
        ("Phú Long", LATER),
    ]


def test_a_commune_that_moved_before_it_was_merged(province, commune, neighbour, three):
    district = factories.district(parent=province)

    in_both_orders(
        lambda: change_unit(commune, on=EARLY, parent=district),
        lambda: merge_communes(commune, neighbour, parent=province),
    )


def test_a_hamlet_moved_before_it_was_renamed(commune, neighbour, three):
    def move():
        event = event_of(commune.parent)
        line(event, LineKind.MOVE, unit=three[0], parent=neighbour, on=EARLY)
        carry_out(event)

    in_both_orders(move, lambda: change_unit(three[0], on=LATER, name="Một"))


def test_a_merger_into_a_hamlet_that_was_itself_merged_later(commune, three):
    one, two, third = three

    def absorb():
        event = event_of(commune)
        line(event, LineKind.ABSORB, units=[one], unit=two, on=EARLY)
        carry_out(event)

    def merge_later():
        event = event_of(commune)
        line(event, LineKind.FOUND, units=[two, third], name="Hòa Bình", unit_kind="ap", on=LATER)
        carry_out(event)

    in_both_orders(absorb, merge_later)


def test_two_that_went_into_one_later_were_one_before(commune, three):
    """Entered first: all three became one. Then: two of them had been one for a while."""

    def all_three(sources):
        event = event_of(commune)
        line(event, LineKind.FOUND, units=sources, name="Cả ba", unit_kind="ap", on=LATER)
        carry_out(event)

    all_three(three)
    merge_hamlets(commune, three[:2])

    assert sorted(Succession.objects.values_list("predecessor__name", "successor__name")) == [
        ("1", "Hòa Bình"),
        ("2", "Hòa Bình"),
        ("3", "Cả ba"),
        ("Hòa Bình", "Cả ba"),
    ]
    assert Unit.objects.get(name="Hòa Bình").closed_on == LATER - ONE_DAY
    assert list(problems()) == []


def test_a_cell_that_moved_later_takes_its_new_area_along(commune, neighbour, three):
    cell = three[0].cell_areas.get().cell
    change_cell(cell, on=LATER, commune=neighbour)

    merge_hamlets(commune, three[:2])

    new = Unit.objects.get(name="Hòa Bình")
    assert cell.areas.get(hamlet=new).starts_on == EARLY
    assert list(problems()) == []


def test_what_was_renamed_later_stands_in_the_way(commune, three):
    change_unit(three[0], on=LATER, name="Một")
    event = event_of(commune)
    line(event, LineKind.FOUND, units=three[:2], name="Hòa Bình", unit_kind="ap", on=EARLY)

    (sentence,) = rehearse(event).problems

    assert "Ấp Một" in sentence
    assert "01/07/2024" in sentence


def test_seats_counts_and_ratings_recorded_later_stand_in_the_way(commune, three):
    head = factories.tenure(office=Office.HAMLET_HEAD, hamlet=three[0], starts_on=LATER)
    event = event_of(commune)
    line(event, LineKind.FOUND, units=three[:2], name="Hòa Bình", unit_kind="ap", on=EARLY)

    assert any(str(head.person) in sentence for sentence in rehearse(event).problems)


def test_a_cell_rated_later_is_not_dissolved_before(commune, three):
    cell, other = (hamlet.cell_areas.get().cell for hamlet in three[:2])
    year = factories.cycle(province=commune.parent, year=2024)
    factories.rating(of=cell, cycle=year)
    event = event_of(commune)
    line(event, LineKind.CELL_JOIN, cells=[cell], cell=other, on=EARLY)

    assert any("2024" in sentence for sentence in rehearse(event).problems)


def test_a_rating_is_counted_in_the_commune_its_cell_stood_in_by_then(commune, neighbour, three):
    year = factories.cycle(province=commune.parent, year=2024)
    rating = factories.rating(of=three[0].cell_areas.get().cell, cycle=year)

    merge_communes(commune, neighbour)

    rating.refresh_from_db()
    assert rating.commune.name == "Phú Long"
    assert list(problems_of_ratings()) == []


def test_a_hamlet_that_moved_elsewhere_later_is_not_merged_before(commune, neighbour, three):
    change_unit(three[0], on=LATER, parent=neighbour)
    event = event_of(commune.parent)
    line(event, LineKind.FOUND, units=three[:2], name="Hòa Bình", unit_kind="ap", on=EARLY)

    assert any("01/07/2024" in sentence for sentence in rehearse(event).problems)


def test_nothing_can_be_put_into_what_did_not_exist_yet(commune, three):
    young = factories.hamlet(parent=commune, name="4", starts_on=LATER)
    event = event_of(commune)
    line(event, LineKind.ABSORB, units=[three[0]], unit=young, on=EARLY)

    with pytest.raises(ValidationError, match="01/01/2023"):
        carry_out(event)
