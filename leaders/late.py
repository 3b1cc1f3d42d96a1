"""Facts about seats that were recorded well after their day: derived from the history of recording, never stored."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Min
from django.utils import timezone

from cells.models import Cell, Unit
from leaders.models import Tenure

# A commune confirms its records once a month: what is a month old when it is entered was not in them.
LATE_AFTER = timedelta(days=30)


def tell_late(tenures: Iterable[Tenure]) -> None:
    """Give each tenure ``late_start`` and ``late_end``: the day its first and last day were entered, where late.

    Three queries, however many there are. What happened before the site knew the hamlet or the cell was
    taken in with it and is not late.
    """
    tenures = list(tenures)
    for tenure in tenures:
        tenure.late_start = tenure.late_end = None
    if not tenures:
        return
    entered = _entered({tenure.pk for tenure in tenures})
    cells = _known_since(Cell, {tenure.cell_id for tenure in tenures} - {None})
    hamlets = _known_since(Unit, {tenure.hamlet_id for tenure in tenures} - {None})
    for tenure in tenures:
        known = cells.get(tenure.cell_id) or hamlets.get(tenure.hamlet_id)
        start, end = entered.get(tenure.pk, (None, None))
        tenure.late_start = _late(tenure.starts_on, start, known)
        tenure.late_end = _late(tenure.ends_on, end, known)


def _late(day: date | None, entered: date | None, known: date | None) -> date | None:
    if None in (day, entered, known) or day < known or entered - day <= LATE_AFTER:
        return None
    return entered


def _entered(keys: set[int]) -> dict[int, tuple[date | None, date | None]]:
    """Return on which day first and last day of each tenure got the value they have now."""
    rows = Tenure.history.filter(id__in=keys).order_by("history_id")
    found: dict[int, dict] = {}
    for key, at, starts_on, ends_on in rows.values_list("id", "history_date", "starts_on", "ends_on"):
        told = found.setdefault(key, {"start": (None, None), "end": (None, None)})
        for name, value in (("start", starts_on), ("end", ends_on)):
            if value != told[name][0] or told[name][1] is None:
                told[name] = value, timezone.localdate(at)
    return {key: (told["start"][1], told["end"][1]) for key, told in found.items()}


def _known_since(model, keys: set[int]) -> dict[int, date]:
    """Return on which day each of these was first recorded."""
    if not keys:
        return {}
    rows = model.history.filter(id__in=keys).order_by().values("id").annotate(first=Min("history_date"))
    return {row["id"]: timezone.localdate(row["first"]) for row in rows}
