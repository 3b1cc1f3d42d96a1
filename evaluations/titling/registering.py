"""Registering cells for a title and a year, many at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cells.models import Cell, Unit
from evaluations.actions import record_title_cases
from evaluations.models import Title, TitleCase
from evaluations.titling.criteria import set_in_force


@dataclass
class Offer:
    """A cell that may be registered, or why it may not: it is on its way already, or holds the title."""

    cell: Cell
    running: TitleCase | None = None


def offers_in(commune: Unit, title: Title, user) -> list[Offer]:
    """Return the cells of a commune that the user keeps, each with the case that it has running."""
    cells = Cell.objects.kept_by(user).standing().filter(commune=commune).in_order()
    cases = TitleCase.objects.running().filter(title=title, cell__commune=commune)
    running = {case.cell_id: case for case in cases}
    return [Offer(cell, running.get(cell.pk)) for cell in cells]


@transaction.atomic
def register(cells: Iterable[Cell], *, title: Title, year: int, day: date) -> list[TitleCase]:
    """Register these cells for the title, by the set of criteria that holds in their province on the day.

    All or none: raises ValidationError with every cell that cannot be registered.
    """
    if day > timezone.localdate():
        raise ValidationError(_("That day has not come yet. Enter today or an earlier day."))
    cells = list(cells)
    # Two who register at once stand in line here; the constraint is the last word.
    list(
        Cell.objects.select_for_update(of=("self",)).filter(pk__in=[cell.pk for cell in cells]).order_by("pk")
    )
    taken = TitleCase.objects.running().filter(title=title, cell__in=cells).select_related("cell__commune")
    if faults := [
        _("%(cell)s is on its way to this title already, or holds it.") % {"cell": case.cell}
        for case in taken
    ]:
        raise ValidationError(faults)
    provinces = {cell.commune.province_id: cell.commune.province for cell in cells}
    sets = {key: set_in_force(title, province, day) for key, province in provinces.items()}
    return record_title_cases(
        TitleCase(
            cell=cell,
            title=title,
            year=year,
            registered_on=day,
            criteria_set=sets[cell.commune.province_id],
        )
        for cell in cells
    )
