"""The facts of places and cells as tables, with keys instead of row numbers: as recorded, and as they must be."""

from datetime import date

from cells.models import CellArea, CellPeriod, Succession, UnitPeriod
from leaders.models import Tenure
from tests.histories.entering import Entered
from tests.histories.worlds import EVER, FOREVER, ONE_DAY, World

ABOVE = ("province", "district", "commune")
Row = tuple


def recorded(entered: Entered) -> dict[str, list[Row]]:
    """Return what stands in the database. Neighbouring days on which all is the same are one row."""
    units = {unit.pk: key for key, unit in entered.units.items()}
    cells = {cell.pk: key for key, cell in entered.cells.items()}

    def place(row) -> tuple:
        return tuple(units.get(getattr(row, f"{level}_id", None)) for level in ABOVE)

    return {
        "units": _joined(
            (units[p.unit_id], *p.days, p.name, p.kind, units.get(p.parent_id), *place(p))
            for p in UnitPeriod.objects.filter(unit__in=units)
        ),
        "cells": _joined(
            (cells[p.cell_id], *p.days, p.name, *place(p)) for p in CellPeriod.objects.filter(cell__in=cells)
        ),
        "areas": _joined(
            (f"{cells[a.cell_id]} {units[a.hamlet_id]}", *a.days)
            for a in CellArea.objects.filter(cell__in=cells)
        ),
        "successions": sorted(
            (units[s.predecessor_id], units[s.successor_id], s.on, s.part)
            for s in Succession.objects.filter(predecessor__in=units)
        ),
    }


def expected(world: World) -> dict[str, list[Row]]:
    """Return what a plain world says must stand there."""
    days = sorted(_days_of_change(world))

    def day_by_day(key: str, life, row_on) -> list[Row]:
        """One row from each day on which anything changes anywhere; those alike are joined after."""
        starts = [life.first, *(day for day in days if life.first < day <= life.last)]
        ends = [*(day - ONE_DAY for day in starts[1:]), life.last]
        return [(key, start, end, *row_on(start)) for start, end in zip(starts, ends, strict=True)]

    def unit_on(place):
        def row(day: date) -> Row:
            above = world.above(place.key, day)
            levels = (above.get(level) for level in ABOVE)
            return place.name.on(day), place.kind.on(day), place.parent.on(day), *levels

        return row

    def cell_on(cell):
        def row(day: date) -> Row:
            above = world.above(cell.commune.on(day), day)
            return cell.name.on(day), *(above.get(level) for level in ABOVE)

        return row

    return {
        "units": _joined(row for p in world.places.values() for row in day_by_day(p.key, p, unit_on(p))),
        "cells": _joined(row for c in world.cells.values() for row in day_by_day(c.key, c, cell_on(c))),
        "areas": _joined((f"{a.cell} {a.hamlet}", a.first, a.last) for a in world.areas),
        "successions": sorted((s.old, s.new, s.on, s.part) for s in world.successions),
    }


def _days_of_change(world: World) -> set[date]:
    places, cells = world.places.values(), world.cells.values()
    changes = [what for p in places for what in (p.name, p.kind, p.parent)]
    changes += [what for c in cells for what in (c.name, c.commune)]
    return {day for what in changes for day in what.by_day if EVER < day < FOREVER}


def _joined(rows) -> list[Row]:
    """Sort rows of (key, first day, last day, …) and join neighbours that say the same."""
    joined: list[Row] = []
    for row in sorted(rows, key=lambda row: row[:2]):
        key, first, last, *rest = row
        if joined and _goes_on(joined[-1], (key, first, last, *rest)):
            first = joined.pop()[1]
        joined.append((key, first, last, *rest))
    return joined


def _goes_on(before: Row, row: Row) -> bool:
    adjacent = before[2] < FOREVER and before[2] + ONE_DAY == row[1]
    return adjacent and (before[0], *before[3:]) == (row[0], *row[3:])


def recorded_tenures(entered: Entered) -> list[Row]:
    """Return who held which seat from when to when, as it stands in the database."""
    bodies = {("unit", unit.pk): key for key, unit in entered.units.items()}
    bodies |= {("cell", cell.pk): key for key, cell in entered.cells.items()}
    people = {person.pk: key for key, person in entered.people.items()}
    return sorted(
        (
            (
                bodies["cell" if t.cell_id else "unit", t.cell_id or t.hamlet_id],
                t.office,
                people[t.person_id],
                t.starts_on,
                t.seen_on,
                t.ends_on,
                t.way_in == "interim",
            )
            for t in Tenure.objects.filter(person__in=people)
        ),
        key=str,
    )


def tenures_of(world: World) -> list[Row]:
    """Return the same as a plain world says it."""
    return sorted(
        ((t.body, t.office, t.person, t.starts_on, t.seen_on, t.ends_on, t.interim) for t in world.tenures),
        key=str,
    )
