"""Where cells and communes stood on the roster day: this decides where a rating is counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.history import batches
from cells.models import CellPeriod, UnitPeriod
from evaluations.models import CellRating, LeaderRating, ReviewCycle
from evaluations.naming import named


@dataclass(frozen=True)
class Place:
    """A commune with the units above it on one day."""

    commune: int
    district: int | None
    province: int | None


def places_of_cells(cells: Iterable[int], day: date) -> dict[int, Place]:
    """Return where these cells stood on the day; a cell that did not exist is not in it."""
    return {
        cell: Place(*place)
        for some in batches(sorted(set(cells)))
        for cell, *place in CellPeriod.objects.on(day)
        .filter(cell__in=some)
        .values_list("cell", "commune", "district", "province")
    }


def places_of_communes(communes: Iterable[int], day: date) -> dict[int, Place]:
    """Return the units above these communes on the day."""
    return {
        commune: Place(commune, *above)
        for some in batches(sorted(set(communes)))
        for commune, *above in UnitPeriod.objects.on(day)
        .filter(unit__in=some)
        .values_list("unit", "district", "province")
    }


def place(cycle: ReviewCycle, ratings: Iterable[CellRating | LeaderRating]) -> None:
    """Put each rating into the commune in which its cell stood on the roster day.

    A person rated without a cell is counted in the commune that the row names.
    """
    ratings = list(ratings)
    by_cell = places_of_cells((r.cell_id for r in ratings if r.cell_id), cycle.roster_day)
    by_commune = places_of_communes(
        (r.commune_id for r in ratings if not r.cell_id and r.commune_id), cycle.roster_day
    )
    lost = []
    for rating in ratings:
        found = by_cell.get(rating.cell_id) if rating.cell_id else by_commune.get(rating.commune_id)
        if found is None:
            lost.append(rating)
            continue
        rating.commune_id, rating.district_id, rating.province_id = (
            found.commune,
            found.district,
            found.province,
        )
    if lost:
        raise ValidationError(
            _("On the roster day %(day)s there was no such cell or commune: %(names)s.")
            % {
                "day": f"{cycle.roster_day:%d/%m/%Y}",
                "names": named([str(r.cell or r) for r in lost], most=5),
            }
        )
