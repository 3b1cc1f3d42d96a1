"""What must be true of places and cells as a whole; each finding is one sentence."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from cells.copies import differences
from cells.dated import ONE_DAY
from cells.models import (
    Cell,
    CellArea,
    CellKind,
    CellPeriod,
    HouseholdCount,
    Meeting,
    MemberCount,
    Succession,
    Unit,
    UnitPeriod,
)
from cells.models.lifetimes import lives, reaching_out


def problems() -> Iterator[str]:
    """Find overlaps, holes, stale copies, broken successions and hamlet cells without a hamlet."""
    yield from differences()
    yield from _chains(UnitPeriod, "unit_id")
    yield from _chains(CellPeriod, "cell_id")
    yield from _shared_codes()
    yield from _without_period()
    yield from _successions()
    yield from _areas()
    for model in (MemberCount, HouseholdCount, Meeting):
        yield from reaching_out(model.objects.all())


def _chains(model, key: str) -> Iterator[str]:
    """Every day of a life has exactly one period."""
    before = None
    for row in model.objects.order_by(key, F("starts_on").asc(nulls_first=True)).iterator():
        if before is not None and getattr(before, key) == getattr(row, key):
            first, last_before = row.days[0], before.days[1]
            if first <= last_before:
                yield _("Periods share days: %(row)s (%(key)s)") % {"row": row, "key": row.pk}
            elif last_before + ONE_DAY != first:
                yield _("Days without a period before: %(row)s (%(key)s)") % {"row": row, "key": row.pk}
        before = row


def _shared_codes() -> Iterator[str]:
    before = None
    for row in UnitPeriod.objects.order_by("level", "code", F("starts_on").asc(nulls_first=True)).iterator():
        same = before is not None and (before.level, before.code) == (row.level, row.code)
        if same and before.unit_id != row.unit_id and row.days[0] <= before.days[1]:
            yield _("Two units bear the code %(code)s on one day: %(one)s, %(other)s") % {
                "code": row.code,
                "one": before,
                "other": row,
            }
        before = row


def _without_period() -> Iterator[str]:
    for unit in Unit.objects.filter(periods__isnull=True):
        yield _("Unit without any period: %s") % unit
    for cell in Cell.objects.filter(periods__isnull=True):
        yield _("Cell without any period: %s") % cell


def _successions() -> Iterator[str]:
    """A predecessor ends the day before, or stands on if it gave a part; a successor begins or stands."""
    ended = {
        (unit, last + ONE_DAY)
        for unit, last in UnitPeriod.objects.filter(ends_on__isnull=False).values_list("unit", "ends_on")
    }
    standing = UnitPeriod.objects.on(OuterRef("on"))
    rows = Succession.objects.annotate(
        stands=Exists(standing.filter(unit=OuterRef("successor"))),
        goes_on=Exists(standing.filter(unit=OuterRef("predecessor"))),
    ).select_related("predecessor", "successor")
    for row in rows.iterator(chunk_size=2000):
        if row.goes_on:
            if row.part == Succession.Part.WHOLE:
                yield _("The predecessor went into it whole, and yet stands on: %s") % row
        elif (row.predecessor_id, row.on) not in ended:
            yield _("The predecessor has no period that ends the day before: %s") % row
        if not row.stands:
            yield _("The successor does not stand on that day: %s") % row


def _areas() -> Iterator[str]:
    """A hamlet cell covers a hamlet on every day of its life, and only hamlets that exist."""
    areas: dict[int, list[tuple[date, date]]] = {}
    for row in CellArea.objects.all().iterator():
        areas.setdefault(row.cell_id, []).append(row.days)
    hamlet_periods = CellPeriod.objects.filter(cell__kind=CellKind.HAMLET).select_related("cell")
    for period in hamlet_periods.iterator(chunk_size=2000):
        if not covered(period.days, areas.get(period.cell_id, [])):
            yield _("Hamlet cell without a hamlet on some days: %s") % period
    yield from areas_without_hamlet(CellArea.objects.all())


def areas_without_hamlet(areas: QuerySet) -> Iterator[str]:
    """Find cells that cover a hamlet before it is there or after it is gone."""
    of_hamlets = lives(Unit, areas.order_by().values("hamlet"))
    for row in areas.select_related("cell", "hamlet").iterator(chunk_size=2000):
        first, last = row.days
        life = of_hamlets.get(row.hamlet_id)
        if life is None or first < life[0] or last > life[1]:
            yield _("A cell covers a hamlet on days on which that does not exist: %s") % row


def lacks_a_hamlet(cell: Cell) -> bool:
    """Say whether a hamlet cell covers no hamlet on some day of its life."""
    if cell.kind != CellKind.HAMLET:
        return False
    areas = [area.days for area in cell.areas.all()]
    return not all(covered(period.days, areas) for period in cell.periods.all())


def covered(wanted: tuple[date, date], stretches: list[tuple[date, date]]) -> bool:
    first, last = wanted
    for start, end in sorted(stretches):
        if start > first:
            return False
        if end >= first:
            if end >= last:
                return True
            first = end + ONE_DAY
    return False
