"""Reports of wrong figures after a reorganisation: what waits for an answer goes to whoever answers now.

When it is undone, what was said of a unit that goes is said of what was there before.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Q

from accounts.changes import ChangeSet
from accounts.history import CREATED, update_many
from cells.fates import Fates
from cells.models import Succession, Unit
from cells.rearranging import Outcome
from dashboards.models import FigureReport


def settle_reports(outcome: Outcome, fates: Fates) -> None:
    """Address open reports to the heir of the unit, or, of several or none, to its province."""
    rows = FigureReport.objects.filter(answer="", addressed_to__in=outcome.ended)
    rows = list(rows.select_related("addressed_to__province").select_for_update(of=("self",)).order_by("pk"))
    for row in rows:
        heirs = outcome.heirs(row.addressed_to_id)
        row.addressed_to = heirs[0] if len(heirs) == 1 else row.addressed_to.province
    update_many(FigureReport, rows, ["addressed_to"])


def return_reports(undone: Iterable[ChangeSet]) -> None:
    """Let reports about units that these change sets began be about what stood there before, with its clerk.

    That is the predecessor, or, of several or none, the province. What the change sets themselves handed on comes
    back with them.
    """
    units = set(Unit.history.filter(change_set__in=undone, history_type=CREATED).values_list("id", flat=True))
    handed_on = FigureReport.history.filter(change_set__in=undone).values("id")
    rows = FigureReport.objects.filter(Q(unit__in=units) | Q(addressed_to__in=units))
    rows = list(rows.exclude(pk__in=handed_on).select_for_update(of=("self",)).order_by("pk"))
    if not rows:
        return
    before = _stood_before(units)
    for row in rows:
        row.unit_id = before.get(row.unit_id, row.unit_id)
        row.addressed_to_id = before.get(row.addressed_to_id, row.addressed_to_id)
    update_many(FigureReport, rows, ["unit", "addressed_to"])


def _stood_before(units: Collection[int]) -> dict[int, int]:
    """Return what stood in the place of each unit before it, by keys."""
    predecessors: dict[int, list[int]] = defaultdict(list)
    origins = Succession.objects.filter(successor__in=units).order_by("on", "pk")
    for predecessor, successor in origins.values_list("predecessor", "successor"):
        predecessors[successor].append(predecessor)
    before = {}
    for unit, province in Unit.objects.filter(pk__in=units).values_list("pk", "province"):
        came_from = predecessors[unit]
        # A province that goes as well leaves those that were there.
        likely = [*(came_from if len(came_from) == 1 else ()), province, *came_from]
        if found := [key for key in likely if key is not None and key not in units]:
            before[unit] = found[0]
    return before
