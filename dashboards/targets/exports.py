"""The targets of a unit and of the units below it as they are taken out."""

from collections.abc import Iterator

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from cells.kinds import Level
from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.exports import Asked, Export, exported, numbered
from dashboards.list_exports import number_column
from dashboards.targets.listing import TargetList
from dashboards.targets.progress import Progress
from sheets.writing import Column


@exported
def targets_export(asked: Asked, pk: int | None = None) -> Export:
    """Describe the targets of a unit (or of the country) with what is reached, as the page shows them."""
    asked.require("evaluations.view_target")
    if pk is None and not scope_of(asked.user).everywhere:
        raise Http404
    unit = None
    if pk is not None:
        units = Unit.objects.visible_to(asked.user).exclude(level=Level.HAMLET)
        unit = get_object_or_404(units, pk=pk)
    found = TargetList(asked, unit)
    if not found.frame.exists:
        raise Http404
    rows = [*found.own, *found.below]
    return Export(
        title=f"{_('Targets of resolutions')} – {found.frame.unit_name}",
        columns=[number_column(), *_columns()],
        rows=numbered(_lines(rows)),
        count=len(rows),
        basis=found.basis,
        filters=_narrowed(found),
    )


def _narrowed(found: TargetList) -> str:
    measure, standing = found.chosen
    words = [dict(found.measures).get(measure, ""), str(dict(found.standings).get(standing, ""))]
    return "; ".join(filter(None, words))


def _columns() -> list[Column]:
    return [
        Column("code", _("Code of the unit"), 10),
        Column("unit", _("Unit"), 26),
        Column("what", _("Target"), 40),
        Column("term", _("Term"), 12),
        Column("goal", _("Goal"), 10, "int"),
        Column("base", _("Base as resolved"), 12, "int"),
        Column("done", _("Reached"), 10, "int"),
        Column("of_goal", _("Done, of the goal"), 12),
        Column("of_base", _("Done, of the base as resolved"), 14),
        Column("counted", _("Base as counted"), 12, "int"),
        Column("difference", _("Difference"), 12, "int"),
        Column("left", _("Still needed"), 10, "int"),
        Column("each_year", _("Needed each year"), 10, "int"),
        Column("planned", _("Planned by the latest milestone"), 12, "int"),
        Column("standing", _("Against the plan"), 22),
        Column("forecast", _("Forecast (by the pace of the last years)"), 12, "int"),
        Column("deadline", _("Deadline"), 12, "date"),
        Column("resolution", _("Resolution"), 34),
        Column("edition", _("Edition"), 8, "int"),
    ]


def _lines(rows: list[Progress]) -> Iterator[dict]:
    for row in rows:
        target, known = row.target, row.found.is_known
        yield {
            "code": target.unit.code,
            "unit": target.unit.full_name,
            "what": row.label,
            "term": target.term,
            "goal": target.goal,
            "base": target.base,
            "done": row.done if known else None,
            "of_goal": row.percent_of_goal,
            "of_base": row.percent_of_base,
            "counted": row.found.whole,
            "difference": row.base_difference,
            "left": row.still_needed if known else None,
            "each_year": row.needed_per_year if known and row.still_needed else None,
            "planned": row.milestone.planned if row.milestone else None,
            "standing": row.standing_words,
            "forecast": row.forecast.reached if row.forecast else None,
            "deadline": target.due_on,
            "resolution": str(target.resolution or ""),
            "edition": target.edition,
        }
