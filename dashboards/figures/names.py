"""What places and cells were called on a day: rows carry the names of today, a page of another day says those of then."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from cells.models import CellPeriod, UnitPeriod


def periods_of(wanted: Iterable[tuple[int | None, date]]) -> dict[tuple[int | None, date], UnitPeriod]:
    """Return the period of each unit (by key) on its day; one query for all of them."""
    days: dict[int, set[date]] = defaultdict(set)
    for unit, day in wanted:
        if unit:
            days[unit].add(day)
    return {
        (period.unit_id, day): period
        for period in UnitPeriod.objects.filter(unit__in=days)
        for day in days[period.unit_id]
        if period.holds_on(day)
    }


def unit_names(wanted: Iterable[tuple[int | None, date]]) -> dict[tuple[int | None, date], str]:
    """Return what each unit (by key) was called on its day."""
    return {place: period.full_name for place, period in periods_of(wanted).items()}


def call_as_on(day: date, *, units: Iterable = (), cells: Iterable = ()) -> None:
    """Give loaded units and cells the names they bore on the day; they are for showing, never for saving.

    What did not stand on the day keeps its own name.
    """
    for things, periods, key in (
        (list(units), UnitPeriod.objects.on(day), "unit_id"),
        (list(cells), CellPeriod.objects.on(day), "cell_id"),
    ):
        if not things:
            continue
        named = {getattr(p, key): p for p in periods.filter(**{f"{key}__in": {one.pk for one in things}})}
        for one in things:
            if one.pk in named:
                one.copy_names(named[one.pk])
