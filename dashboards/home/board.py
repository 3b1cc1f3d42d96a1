"""The board of a first page: what deserves a look is counted in the same queries as the figures."""

from functools import cached_property

from dashboards.figures.board import Board
from dashboards.figures.counting import sum_of
from dashboards.figures.reasons import Reason, with_reason
from dashboards.figures.sections import CELLS, COMMUNES, HAMLETS, Section
from dashboards.staffing.limits import LimitsOf
from dashboards.staffing.rules import cell_rows, hamlet_rows


class FirstPageBoard(Board):
    """Figures, and beside them seats that deserve a look, what is missing, and why roles are not merged."""

    BESIDE = {
        HAMLETS: ("reason", "long_interim", "head_ends"),
        CELLS: ("secretary_ends",),
        COMMUNES: ("has_hamlets",),
    }

    @cached_property
    def limits(self) -> LimitsOf:
        return LimitsOf(self.frame.unit)

    def rows(self, section: Section):
        if section is HAMLETS:
            return with_reason(hamlet_rows(self.frame, self.limits), self.frame)
        if section is CELLS:
            return cell_rows(self.frame, self.limits)
        return super().rows(section)

    @cached_property
    def reasons(self) -> dict[str, int]:
        """How many hamlets have no merged role by reason, most frequent first."""
        total = sum_of(self.hamlets)
        counts = {reason: total[f"reason_{reason}"] for reason in Reason.values}
        return {reason: n for reason, n in sorted(counts.items(), key=lambda item: -item[1]) if n}

    @cached_property
    def long_interims(self) -> int:
        return sum_of(self.hamlets)["long_interim_True"]

    @cached_property
    def terms_of_heads_that_end(self) -> int:
        return sum_of(self.hamlets)["head_ends_True"]

    @cached_property
    def terms_of_secretaries_that_end(self) -> int:
        return sum_of(self.cells)["secretary_ends_True"]

    @cached_property
    def communes_without_hamlets(self) -> int:
        return sum_of(self.communes)["has_hamlets_False"]

    @cached_property
    def hamlets_uncounted(self) -> int:
        """How many hamlets have no household count."""
        return sum_of(self.hamlets)["uncounted"]

    @cached_property
    def cells_uncounted(self) -> int:
        """How many cells have no member count."""
        return sum_of(self.cells)["uncounted"]
