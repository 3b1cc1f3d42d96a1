"""Facts about seats that were recorded well after their day: derived from the history of recording, never stored."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from cells.models import Cell, Unit
from leaders.models import Tenure

# A commune confirms its records once a month: what is a month old when it is entered was not in them.
LATE_AFTER = timedelta(days=30)


def tell_late(tenures: Iterable[Tenure]) -> None:
    """Give each tenure ``late_start`` and ``late_end``: the day its first and last day were entered, where late."""
    tenures = list(tenures)
    late = entered_late({tenure.pk for tenure in tenures})
    for tenure in tenures:
        tenure.late_start, tenure.late_end = late.get(tenure.pk, (None, None))


def entered_late(keys: set[int]) -> dict[int, tuple[date | None, date | None]]:
    """Return on which day first and last day of each tenure got the value they have now, where that was late.

    One query, however many there are. What happened before the site knew the hamlet or the cell was taken in
    with it and is not late.
    """
    if not keys:
        return {}
    rows = Tenure.history.filter(id__in=keys).order_by("history_id")
    rows = rows.annotate(known=Coalesce(_known_since(Cell, "cell"), _known_since(Unit, "hamlet")))
    found: dict[int, dict] = {}
    for key, at, starts_on, ends_on, known in rows.values_list(
        "id", "history_date", "starts_on", "ends_on", "known"
    ):
        told = found.setdefault(key, {"start": (None, None), "end": (None, None)})
        told["known"] = known and timezone.localdate(known)
        for name, value in (("start", starts_on), ("end", ends_on)):
            if value != told[name][0] or told[name][1] is None:
                told[name] = value, timezone.localdate(at)
    return {
        key: tuple(_late(*told[name], told["known"]) for name in ("start", "end"))
        for key, told in found.items()
    }


def _late(day: date | None, entered: date | None, known: date | None) -> date | None:
    if None in (day, entered, known) or day < known or entered - day <= LATE_AFTER:
        return None
    return entered


def _known_since(model, column: str) -> Subquery:
    """Return when the cell or hamlet of a row was first recorded."""
    rows = model.history.filter(id=OuterRef(column)).order_by("history_date")
    return Subquery(rows.values("history_date")[:1])
