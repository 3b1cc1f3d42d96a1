"""Everything the overview of a unit shows; its page, its sheet of paper and its file read the same."""

from collections.abc import Sequence
from functools import cached_property

from cells.models import UnitPeriod
from dashboards.basis import Basis
from dashboards.figures.board import Board
from dashboards.figures.frames import Frame
from dashboards.figures.lists import hamlets_of
from dashboards.overview import (
    OverviewTable,
    basis_of_board,
    figure_tile,
    levels_by_child,
    levels_of_unit,
    levels_over_years,
    results_of,
    table_of_levels,
    titles_over_years,
)
from dashboards.overview_charts import merged_over_years, sparklines, unit_map
from dashboards.targets.course import course_of
from dashboards.targets.progress import Progress, progress_of_targets
from dashboards.tiles import USUAL, shown

LEVEL_TILES = ("rated", "level_excellent", "level_good", "level_completed", "level_not_completed")


class OverviewPage:
    """The figures of a unit on a day; each kind of question is asked once, however many units are below."""

    def __init__(
        self, frame: Frame, chosen: Sequence[str] = (), *, map_of: str = "", board: Board | None = None
    ):
        self.frame, self.chosen, self.map_of = frame, chosen or USUAL, map_of
        self.board = board or Board(frame)
        self.years = self.board.merged_years

    @cached_property
    def basis(self) -> Basis:
        return basis_of_board(self.board)

    @cached_property
    def children(self) -> list[UnitPeriod]:
        return list(self.frame.children()) if self.frame.child_level else []

    @property
    def is_empty(self) -> bool:
        return not (self.board.hamlets or self.board.cells or self.board.ratings)

    def _tiles(self, figures) -> list[dict]:
        return [figure_tile(figure, self.board.figures["communes_confirmed"]) for figure in figures]

    @cached_property
    def targets(self) -> list[Progress]:
        return progress_of_targets(self.board)

    @property
    def drawn_targets(self) -> list[Progress]:
        """Return the first target whose years the board has counted already; every other one is drawn on its page."""
        return [one for one in self.targets if one.target.title_id and one.found.is_known][:1]

    @property
    def context(self) -> dict:
        board, children, frame = self.board, self.children, self.frame
        # Asked first: the day of their pace is counted along with the years of the merged role.
        targets = self.targets
        lines = sparklines(self.years, children) if children else {}
        return {
            "board": board,
            "tiles": self._tiles(shown(board.figures, self.chosen)),
            "level_tiles": [
                figure_tile(one) | {"confirmed": results_of(board)}
                for one in shown(board.figures, LEVEL_TILES)
            ],
            "level_bar": levels_of_unit(board),
            "targets": targets,
            "courses": [(target, course_of(board, target)) for target in self.drawn_targets],
            "table": OverviewTable(board, children, lines),
            "hamlets": hamlets_of(frame) if frame.child_level is None else None,
            "level_chart": levels_by_child(board, children),
            "trend_chart": levels_over_years(board),
            "trend_rows": table_of_levels(board),
            "title_charts": titles_over_years(board),
            "merged_chart": merged_over_years(self.years),
            "map": unit_map(board, children, self.map_of),
            "level_basis": basis_of_board(board, "rated"),
            "title_basis": basis_of_board(board, "titles"),
            "merged_basis": basis_of_board(board, "merged_role"),
            "is_empty": self.is_empty,
        }
