"""Which cells a commune answers for in a month: those that stood in it, each where it stood last."""

from datetime import date

from django.db.models import F, Q

from cells.models import Cell, CellPeriod, Unit
from cells.months import last_day_of


def stood_in(month: date):
    """Return the periods of cells that reach into the month."""
    return CellPeriod.objects.overlapping(month, last_day_of(month))


def cells_of(commune: Unit, month: date, user, *, keys=None) -> list[Cell]:
    """Return the cells that the month of this commune is about and the user sees, called as they were then.

    Besides those that stood in it, they are those that stand in it today and came from a commune that stands no
    more: nobody else enters their months of before. Of a month before the commune was founded they are all
    that stand in it today.
    """
    here = stood_in(month).filter(commune=commune).values("cell")
    found = _last_places(month, user, Q(cell__in=here) | Q(cell__commune=commune), keys)
    stood = any(period.commune_id == commune.pk for period in found)
    stood = stood or commune.periods.overlapping(month, last_day_of(month)).exists()
    return [
        _called_as_then(period)
        for period in found
        if period.commune_id == commune.pk
        or (period.cell.commune_id == commune.pk and (period.commune.closed_on or not stood))
    ]


def _last_places(month: date, user, condition: Q, keys) -> list[CellPeriod]:
    """Return the period in which each cell stood last within the month, in the commune's own order."""
    rows = stood_in(month).visible_to(user).filter(condition).select_related("cell__commune", "commune")
    if keys is not None:
        rows = rows.filter(cell__in=keys)
    in_order = rows.order_by(
        F("cell__position").asc(nulls_last=True),
        "cell__sort_key",
        "cell",
        F("starts_on").asc(nulls_first=True),
    )
    return list({period.cell_id: period for period in in_order}.values())


def _called_as_then(period: CellPeriod) -> Cell:
    period.cell.name_then = period.name
    return period.cell
