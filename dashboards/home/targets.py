"""How far the targets of a resolution are: of the goal, of the base, and beside the planned path."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboards.figures.board import Board
from dashboards.figures.figure import Figure
from dashboards.overview import figure_tile
from evaluations.models import TargetStep


@dataclass
class Progress:
    """One target: its tiles, and whether it keeps to its path."""

    tiles: list[dict]
    pace: str


def progress_of_targets(board: Board) -> list[Progress]:
    """Return the targets in force with what is reached; ``pace`` is empty where no path is planned."""
    by_target: dict[int, list[Figure]] = {}
    for figure in board.target_figures:
        by_target.setdefault(figure.target.pk, []).append(figure)
    if not by_target:
        return []
    planned = _planned(by_target, board.frame.day.year)
    return [
        Progress(
            tiles=[figure_tile(figure) for figure in figures if figure.code != "target_share"],
            pace=_pace(figures[0], planned.get(key)),
        )
        for key, figures in by_target.items()
    ]


def _planned(targets, year: int) -> dict[int, int]:
    """Return what was to be reached by the end of the last full year, by target."""
    steps = TargetStep.objects.filter(target__in=targets, year__lt=year).order_by("year")
    return dict(steps.values_list("target", "planned"))


def _pace(figure: Figure, planned: int | None) -> str:
    if planned is None:
        return ""
    return _("on schedule") if figure.numerator >= planned else _("behind schedule")
