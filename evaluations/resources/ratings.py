"""Ratings of cells: one row for each cell and year."""

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from functools import cached_property
from itertools import islice

from django.utils.translation import gettext_lazy

from accounts.columns import year_column
from accounts.history import batches
from accounts.sheet_lines import Line
from accounts.validation import load_related
from cells.columns import decision_row
from cells.models import Cell, Decision, Unit
from cells.resources.bodies import cell_row, columns_of_cell, commune_row, drop_place
from evaluations.actions import record_cell_ratings
from evaluations.models import CellRating, ReviewCycle
from evaluations.resources.rated import (
    RatedResource,
    answer_column,
    disciplined_column,
    level_columns,
    own_row,
    rating_row,
    reason_columns,
    year_row,
)

# What a rating refers to and a list says words of.
BESIDE = ("cycle_id", "commune_id", "cell_id", "decision_id")


class CellRatingResource(RatedResource):
    model = CellRating
    title = gettext_lazy("Ratings of cells")
    columns = [
        year_column("year", gettext_lazy("Year"), required=True),
        *columns_of_cell(),
        *level_columns("Tự xếp loại", "Chi bộ tự xếp loại", "CB tự XL", "Tự XL", "Chi bộ tự xếp"),
        answer_column(
            "tasks_on_time",
            gettext_lazy("All tasks on time"),
            synonyms=("100% nhiệm vụ đúng tiến độ", "Nhiệm vụ đúng tiến độ", "Hoàn thành đúng hạn"),
        ),
        answer_column(
            "tasks_above",
            gettext_lazy("Enough tasks above what was asked"),
            synonyms=("30% nhiệm vụ vượt mức", "Nhiệm vụ vượt mức", "Hoàn thành vượt mức"),
        ),
        answer_column(
            "tasks_late_within_fifth",
            gettext_lazy("Late tasks within the limit"),
            synonyms=("Chậm tiến độ không quá 20%", "Nhiệm vụ chậm tiến độ không quá 20%"),
        ),
        disciplined_column(),
        *reason_columns(),
    ]
    FIELDS = (
        "self_level",
        "proposed_level",
        "decided_level",
        "points",
        "tasks_on_time",
        "tasks_above",
        "tasks_late_within_fifth",
        "disciplined",
        "not_subject_reason",
        "reason",
        "note",
    )
    TOLD = FIELDS

    def rows(self, queryset) -> Iterator[dict]:
        # Plain values, and what is said of each year, commune and decision once: five times as quick as objects.
        found = queryset.latest_editions().values_list("pk", *BESIDE, *self.FIELDS, named=True)
        found = found.iterator(chunk_size=2000)
        while some := list(islice(found, 2000)):
            years = _said(_meant(ReviewCycle, some, "cycle_id"), year_row)
            communes = _said(_meant(Unit, some, "commune_id"), commune_row)
            cells = _said(
                _meant(Cell, some, "cell_id").values_list("pk", "code", "name", named=True), cell_row
            )
            decisions = {
                None: decision_row(None),
                **_said(_meant(Decision, some, "decision_id"), decision_row),
            }
            for rating in some:
                yield {
                    **own_row(CellRating, rating, self.FIELDS),
                    **years[rating.cycle_id],
                    **communes[rating.commune_id],
                    **cells[rating.cell_id],
                    **decisions[rating.decision_id],
                }

    def row(self, rating: CellRating) -> dict:
        return rating_row(rating, self.FIELDS) | commune_row(rating.commune) | cell_row(rating.cell)

    def find(self, lines: list[Line]) -> list[Line]:
        self.find_cells(self.bodies, self.years, lines)
        return [line for line in lines if line.cell]

    def find_recorded(self, lines: list[Line], *, locked: bool = False) -> None:
        recorded = {}
        years = {line["year"] for line in lines}
        cells = {line.cell.pk: line.cell for line in lines}
        for some in batches(sorted(cells)):
            rows = CellRating.objects.filter(cell__in=some, cycle__year__in=years).latest_editions()
            rows = rows.select_for_update(of=("self",)).order_by("pk") if locked else rows.order_by()
            ratings = list(rows)
            for rating in ratings:
                rating.cell = cells[rating.cell_id]
            load_related(ratings, "cycle", "commune", "decision")
            recorded |= {(rating.cell_id, rating.cycle.year): rating for rating in ratings}
        for line in lines:
            line.known = recorded.get((line.cell.pk, line["year"]))

    def new(self, line: Line) -> CellRating:
        # A copy takes half the time of a new one, which asks each field for what it is to begin with.
        rating = copy(self._blank)
        rating.cell, rating.cycle = line.cell, line.cycle
        return rating

    @cached_property
    def _blank(self) -> CellRating:
        return CellRating()

    def drop_names(self, line: Line) -> None:
        drop_place(line)

    def identity(self, line: Line):
        return line.cell.pk, line["year"]

    def record(self, cycle, ratings: list[CellRating]) -> None:
        record_cell_ratings(cycle, ratings)


def _meant(model, ratings: list, key: str):
    """Return the rows of the model that the ratings refer to."""
    keys = {getattr(rating, key) for rating in ratings} - {None}
    return model._base_manager.filter(pk__in=keys).order_by()


def _said(rows: Iterable, say: Callable) -> dict:
    """Return what a list says of these rows, by their keys."""
    return {row.pk: say(row) for row in rows}
