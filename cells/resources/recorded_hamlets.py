"""What is recorded of hamlets and their cells, as lists of them compare it and give it out."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from cells.models import Cell, CellArea, CellPeriod, Unit, UnitPeriod


def rows_of(hamlet: Unit) -> Iterator[dict]:
    """Return a row for each cell that covers the hamlet, or one without a cell, as of its last day."""
    period = max(hamlet.periods.all(), key=lambda p: p.ends_on or date.max)
    last = period.ends_on or date.max
    row = {
        "records": ((Unit, hamlet.pk), (UnitPeriod, period.pk)),
        "hamlet_pk": hamlet.pk,
        "cell_pk": None,
        "commune_code": hamlet.parent.code,
        "commune": str(hamlet.parent),
        "code": hamlet.code,
        "kind": period.kind,
        "name": period.name,
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
        "position": hamlet.position,
    }
    covering = [area.cell for area in hamlet.cell_areas.all() if area.holds_on(last)]
    if not covering:
        yield row
    for cell in sorted(covering, key=lambda cell: (cell.sort_key, cell.pk)):
        now = max(cell.periods.all(), key=lambda p: p.ends_on or date.max)
        yield row | {
            "records": (*row["records"], (Cell, cell.pk), (CellPeriod, now.pk)),
            "cell_pk": cell.pk,
            "cell_code": cell.code,
            "cell": now.name,
            "cell_starts_on": now.starts_on,
            "cell_ends_on": now.ends_on,
        }


def last_periods(periods, key: str) -> dict:
    """Return the last of the periods of each unit or cell; ``key`` names which of the two they are of."""
    last: dict = {}
    for period in periods:
        known = last.get(getattr(period, key))
        if known is None or (period.ends_on or date.max) > (known.ends_on or date.max):
            last[getattr(period, key)] = period
    return last


def first_days(communes: set[int]) -> dict[int, date | None]:
    """Return the first day of each commune, None where it stood before our records."""
    first: dict[int, date | None] = {}
    periods = UnitPeriod.objects.filter(unit__in=communes).by_day()
    for unit, day in periods.values_list("unit", "starts_on"):
        first.setdefault(unit, day)
    return first


def areas_of(hamlets) -> dict[tuple[int, int], list[CellArea]]:
    """Return the days on which cells covered these hamlets, by hamlet and cell."""
    areas: dict[tuple[int, int], list[CellArea]] = defaultdict(list)
    for area in CellArea.objects.filter(hamlet__in=hamlets):
        areas[area.hamlet_id, area.cell_id].append(area)
    return areas
