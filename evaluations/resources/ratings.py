"""Ratings of cells: one row for each cell and year."""

from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext_lazy

from accounts.columns import year_column
from accounts.history import batches
from accounts.sheet_lines import Line
from accounts.validation import load_related
from cells.resources.bodies import CELL, cell_row, columns_of_cell, commune_row, drop_place
from evaluations.actions import record_cell_ratings
from evaluations.models import CellRating
from evaluations.resources.rated import RatedResource, level_columns, rating_row, reason_columns


class CellRatingResource(RatedResource):
    model = CellRating
    title = gettext_lazy("Ratings of cells")
    columns = [
        year_column("year", gettext_lazy("Year"), required=True),
        *columns_of_cell(),
        *level_columns("Tự xếp loại", "Chi bộ tự xếp loại", "CB tự XL", "Tự XL", "Chi bộ tự xếp"),
        *reason_columns(),
    ]
    FIELDS = (
        "self_level",
        "proposed_level",
        "decided_level",
        "points",
        "not_subject_reason",
        "reason",
        "note",
    )

    def rows(self, queryset) -> Iterator[dict]:
        # Many ratings share their year, commune and decision: loaded apart, each of those is made once.
        found = queryset.latest_editions().iterator(chunk_size=2000)
        while some := list(islice(found, 2000)):
            load_related(some, "cycle", "commune", "cell", "decision")
            yield from map(self.row, some)

    def row(self, rating: CellRating) -> dict:
        return rating_row(rating, self.FIELDS) | commune_row(rating.commune) | cell_row(rating.cell)

    def find(self, lines: list[Line]) -> list[Line]:
        self.bodies.find((line, CELL, self.years.roster_day(line["year"])) for line in lines)
        for line in lines:
            line.cell = line.body
        return [line for line in lines if line.cell]

    def find_recorded(self, lines: list[Line]) -> None:
        recorded = {}
        years = {line["year"] for line in lines}
        cells = {line.cell.pk: line.cell for line in lines}
        for some in batches(sorted(cells)):
            rows = CellRating.objects.filter(cell__in=some, cycle__year__in=years).latest_editions()
            ratings = list(rows.order_by())
            for rating in ratings:
                rating.cell = cells[rating.cell_id]
            load_related(ratings, "cycle", "commune", "decision")
            recorded |= {(rating.cell_id, rating.cycle.year): rating for rating in ratings}
        for line in lines:
            line.known = recorded.get((line.cell.pk, line["year"]))

    def new(self, line: Line) -> CellRating:
        return CellRating(cell=line.cell, cycle=line.cycle)

    def drop_names(self, line: Line) -> None:
        drop_place(line)

    def identity(self, line: Line):
        return line.cell.pk, line["year"]

    def record(self, cycle, ratings: list[CellRating]) -> None:
        record_cell_ratings(cycle, ratings)
