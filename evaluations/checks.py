"""What must be true of ratings as a whole; each finding is one sentence."""

from collections.abc import Iterator
from itertools import groupby

from django.utils.translation import gettext as _

from cells.models import UnitPeriod
from evaluations.models import CellRating, LeaderRating


def problems() -> Iterator[str]:
    """Find stale places and editions that do not follow one another."""
    yield from _editions(CellRating, ("cycle_id", "cell_id"))
    yield from _editions(LeaderRating, ("cycle_id", "person_id", "basis"))
    yield from _places(CellRating)
    yield from _places(LeaderRating)


def _editions(model, key: tuple[str, ...]) -> Iterator[str]:
    rows = model.objects.exclude(edition=1, superseded_on__isnull=True).order_by(*key, "edition")
    for _key, editions in groupby(rows.iterator(), key=lambda row: tuple(getattr(row, name) for name in key)):
        editions = list(editions)
        follow = [row.decided_on for row in editions[1:]] + [None]
        if [row.superseded_on for row in editions] != follow:
            yield _("Editions do not follow one another: %s") % editions[0]


def _places(model) -> Iterator[str]:
    """The units above the commune are those of the roster day."""
    above: dict[tuple, tuple] = {}
    rows = model.objects.select_related("cycle").only(
        "commune", "district", "province", "cycle__roster_day"
    )
    for row in rows.iterator(chunk_size=2000):
        key = (row.commune_id, row.cycle.roster_day)
        if key not in above:
            above[key] = place_on(*key)
        if (row.province_id, row.district_id) != above[key]:
            yield _("Copy of the place on the roster day is stale: %s") % row.pk


def place_on(commune: int, day) -> tuple[int | None, int | None]:
    """Return (province, district) of the commune on the day."""
    place = UnitPeriod.objects.filter(unit=commune).on(day).values_list("province", "district").first()
    return place or (None, None)


