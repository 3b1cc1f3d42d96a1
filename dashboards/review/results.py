"""The results of a year as lists: all cells or people whose level the reader may see, or those to look at again."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F
from django.http import Http404

from cells.models import Cell, Unit
from dashboards.review.attention import CELLS, PEOPLE, Attention, levels_before
from dashboards.review.forms import WITHOUT, ResultFilter
from evaluations.models import CellRating, LeaderRating, ReviewCycle
from leaders.models import Person
from sheets.numbers import format_decimal


@dataclass
class ResultRow:
    """One rating with what is said beside it."""

    rating: CellRating | LeaderRating
    remarks: list[str]
    last_year: str = ""

    @property
    def points(self) -> str:
        return format_decimal(self.rating.points)


class Results:
    """A list of ratings narrowed by the words of the address."""

    MODEL = CellRating
    SHOWN = CELLS

    def __init__(self, asked, cycle: ReviewCycle):
        self.cycle, self.user = cycle, asked.user
        shown = [(slug, label) for slug, (label, _why) in self.SHOWN.items()]
        self.filter = ResultFilter(asked.GET, communes=self._communes(), shown=shown)
        if not self.filter.is_valid():
            raise Http404

    def _communes(self):
        """Return the communes to choose from: those with a result the reader may see."""
        rated = self._seen().order_by().values("commune")
        return Unit.objects.filter(pk__in=rated).order_by("sort_key", "pk")

    def _seen(self):
        return self.MODEL.objects.visible_beside(self.user).latest_editions().filter(cycle=self.cycle)

    @property
    def shown(self) -> str:
        return self.filter.cleaned_data["loc"]

    @cached_property
    def remarks(self) -> dict[int, list[str]]:
        """Why each row is named, where the list is of those to look at again."""
        return self._remarks(Attention(self.cycle, self.user)) if self.shown else {}

    def _remarks(self, attention: Attention) -> dict[int, list[str]]:
        return attention.of_cells(self.shown)

    def rows(self):
        """Return the ratings, by commune and in its own order."""
        chosen = self.filter.cleaned_data
        rows = self._seen()
        if self.shown:
            rows = rows.filter(pk__in=list(self.remarks))
        if chosen["xa"]:
            rows = rows.filter(commune=chosen["xa"])
        if chosen["muc"]:
            rows = rows.filter(decided_level="" if chosen["muc"] == WITHOUT else chosen["muc"])
        if chosen["q"]:
            rows = self._matching(rows, chosen["q"])
        return self._loaded(rows)

    def _matching(self, rows, words: str):
        return rows.filter(cell__in=Cell.objects.matching(words).values("pk"))

    def _loaded(self, rows):
        order = ("commune__sort_key", "commune", F("cell__position").asc(nulls_last=True), "cell__sort_key")
        return rows.select_related("cell", "commune", "decision", "cycle").order_by(*order, "pk")

    def of_page(self, keys: list[int]) -> list[ResultRow]:
        """Return the rows of these keys, which were found among ``rows``, as a page shows them."""
        return self.lines(self._loaded(self.MODEL.objects.filter(pk__in=keys)))

    def lines(self, rows: Iterable) -> list[ResultRow]:
        """Return some of the rows with what is said beside them."""
        rows = list(rows)
        before = levels_before(self.cycle, self.user, [row.cell_id for row in rows])
        return [ResultRow(row, self.remarks.get(row.pk, []), before.get(row.cell_id, "")) for row in rows]


class PeopleResults(Results):
    """The same of people; nothing stands beside them from the year before."""

    MODEL = LeaderRating
    SHOWN = PEOPLE

    def _remarks(self, attention: Attention) -> dict[int, list[str]]:
        return attention.of_people(self.shown)

    def _matching(self, rows, words: str):
        return rows.filter(person__in=Person.objects.matching(words).values("pk"))

    def _loaded(self, rows):
        order = ("commune__sort_key", "commune", "person__sort_key", "pk")
        return rows.select_related("person", "cell", "commune", "decision", "cycle").order_by(*order)

    def lines(self, rows: Iterable) -> list[ResultRow]:
        return [ResultRow(row, self.remarks.get(row.pk, [])) for row in rows]
