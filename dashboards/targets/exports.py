"""The targets of a unit and of the units below it as they are taken out, laid out as the form by which they come in again."""

from collections.abc import Iterator

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.kinds import Level
from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.exports import Asked, Export, exported, numbered
from dashboards.list_exports import number_column
from dashboards.targets.listing import TargetList
from dashboards.targets.progress import Progress
from dashboards.targets.resource import TargetResource
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
    resource = TargetResource(user=asked.user)
    return Export(
        title=f"{_('Targets of resolutions')} – {found.frame.unit_name}",
        columns=[number_column(), *_columns(resource)],
        rows=numbered(_lines(rows, resource)),
        count=len(rows),
        basis=found.basis,
        filters=_narrowed(found),
    )


def _narrowed(found: TargetList) -> str:
    measure, standing = found.chosen
    words = [dict(found.measures).get(measure, ""), str(dict(found.standings).get(standing, ""))]
    return "; ".join(filter(None, words))


# What is counted, beside what was resolved: the import desk passes over it.
COUNTED = (
    ("goal_words", gettext_lazy("Goal as it is read"), 14),
    ("done", gettext_lazy("Reached, or still there"), 12, "int"),
    ("of_goal", gettext_lazy("Done, of the goal"), 12),
    ("of_base", gettext_lazy("Done, of the base as resolved"), 14),
    ("counted", gettext_lazy("Base as counted"), 12, "int"),
    ("difference", gettext_lazy("Difference"), 12, "int"),
    ("left", gettext_lazy("Still needed, or too many"), 12, "int"),
    ("each_year", gettext_lazy("Needed each year"), 10, "int"),
    ("planned", gettext_lazy("Planned by the latest milestone"), 12, "int"),
    ("standing", gettext_lazy("Against the plan"), 22),
    ("forecast", gettext_lazy("Forecast (by the pace of the last years)"), 12, "int"),
)


def _columns(resource: TargetResource) -> list[Column]:
    *form, revision = resource.layout
    counted = [Column(key, str(header), *layout) for key, header, *layout in COUNTED]
    return [*(column for column in form if column.key != "as_it_is"), *counted, revision]


def _lines(rows: list[Progress], resource: TargetResource) -> Iterator[dict]:
    """Yield each target as the form of the import desk has it, with what is counted beside it."""
    recorded = resource.exported([row.target for row in rows])
    for row, resolved in zip(rows, recorded, strict=True):
        known = row.found.is_known
        yield resolved | {
            "goal_words": row.target.goal_words,
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
        }
