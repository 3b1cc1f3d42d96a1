"""Reports of wrong figures after a reorganisation: what waits for an answer goes to whoever answers now."""

from accounts.history import update_many
from cells.fates import Fates
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
