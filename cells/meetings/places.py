"""Which cells a commune answers for in a month: those that stood in it, each where it stood last."""

from datetime import date

from django.db.models import F

from cells.models import Cell, CellPeriod, Unit
from cells.models.meetings import last_day_of


def stood_in(month: date):
    """Return the periods of cells that reach into the month."""
    return CellPeriod.objects.overlapping(month, last_day_of(month))


def cells_of(commune: Unit, month: date, user, *, keys=None) -> list[Cell]:
    """Return the cells that the month of this commune is about and the user sees, called as they were then.

    Of a month before the commune was founded they are those that stand in it today.
    """
    here = stood_in(month).visible_to(user).select_related("cell__commune")
    here = here.filter(commune=commune) if _stood(commune, month) else here.filter(cell__commune=commune)
    if keys is not None:
        here = here.filter(cell__in=keys)
    left = _left_within(month, here)
    cells = []
    for period in here.order_by(
        F("cell__position").asc(nulls_last=True),
        "cell__sort_key",
        "cell",
        F("starts_on").asc(nulls_first=True),
    ):
        if (period.cell_id, period.commune_id) in left:
            continue
        cell = period.cell
        cell.name_then = period.name
        if cells and cells[-1].pk == cell.pk:
            cells[-1] = cell
        else:
            cells.append(cell)
    return cells


def _stood(commune: Unit, month: date) -> bool:
    return commune.periods.overlapping(month, last_day_of(month)).exists()


def _left_within(month: date, here) -> set[tuple[int, int]]:
    """Return the cells that went on to another commune before the month was over, with the one they left."""
    ended = here.filter(ends_on__lt=last_day_of(month)).values_list("cell", "commune", "ends_on")
    ended = {(cell, commune): ends_on for cell, commune, ends_on in ended}
    if not ended:
        return set()
    later = stood_in(month).filter(cell__in={cell for cell, _commune in ended})
    return {
        (cell, left)
        for cell, commune, starts_on in later.values_list("cell", "commune", "starts_on")
        for (one, left), ends_on in ended.items()
        if one == cell and commune != left and starts_on and starts_on > ends_on
    }
