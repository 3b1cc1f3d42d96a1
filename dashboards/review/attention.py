"""What of a year's results deserves a second look, each row with the sentences that say why.

Only rows that the reader may see are looked at: of a file that was not sent nothing is said.
"""

from collections.abc import Callable, Iterable
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.history import batches
from evaluations.models import CellRating, LeaderRating, Level, ReviewCycle
from evaluations.review.marks import marks_of
from leaders.models import Office

_RANK = {level.value: rank for rank, level in enumerate(Level)}
JUMP = 2
# Of so many cells each is asked by itself.
FEW = 500


class Attention:
    """The decided rows of a year that the reader may see, looked through once."""

    def __init__(self, cycle: ReviewCycle, user):
        self.cycle, self.user = cycle, user

    @cached_property
    def cells(self) -> list[CellRating]:
        return list(self._seen(CellRating))

    @cached_property
    def people(self) -> list[LeaderRating]:
        return list(self._seen(LeaderRating).select_related("person"))

    def _seen(self, model):
        rows = model.objects.visible_beside(self.user).latest_editions()
        return rows.filter(cycle=self.cycle).order_by("pk")

    @cached_property
    def last_year(self) -> dict[int, str]:
        return levels_before(self.cycle, self.user, self._by_cell)

    @cached_property
    def _by_cell(self) -> dict[int, CellRating]:
        return {row.cell_id: row for row in self.cells}

    @cached_property
    def _secretaries(self) -> dict[int, list[LeaderRating]]:
        found: dict[int, list[LeaderRating]] = {}
        for row in self.people:
            if row.office == Office.SECRETARY:
                found.setdefault(row.cell_id, []).append(row)
        return found

    def of_cells(self, slug: str) -> dict[int, list[str]]:
        """Return the rows of cells the choice means, by key, with why."""
        _label, remarks = CELLS[slug]
        return self._remarked(self.cells, remarks)

    def of_people(self, slug: str) -> dict[int, list[str]]:
        """Return the rows of people the choice means, by key, with why."""
        _label, remarks = PEOPLE[slug]
        return self._remarked(self.people, remarks)

    def _remarked(self, rows, remarks: Callable) -> dict[int, list[str]]:
        found = {row.pk: remarks(self, row) for row in rows}
        return {key: sentences for key, sentences in found.items() if sentences}

    # --- why a row is named ---------------------------------------------------------------

    def jumped(self, row: CellRating) -> list[str]:
        before = self.last_year.get(row.cell_id, "")
        if not before or not row.decided_level:
            return []
        if abs(_RANK[before] - _RANK[row.decided_level]) < JUMP:
            return []
        return [
            _("last year %(before)s, this year %(now)s")
            % {"before": Level(before).short, "now": Level(row.decided_level).short}
        ]

    def secretary_lower(self, row: CellRating) -> list[str]:
        if row.decided_level != Level.EXCELLENT:
            return []
        found = []
        for one in self._secretaries.get(row.cell_id, ()):
            if one.disciplined:
                found.append(_("secretary %(name)s was disciplined in the year") % {"name": one.person})
            if one.decided_level and one.decided_level != Level.EXCELLENT:
                found.append(
                    _("secretary %(name)s is rated %(level)s")
                    % {"name": one.person, "level": Level(one.decided_level).short}
                )
        return found

    def above_cell(self, row: LeaderRating) -> list[str]:
        cell = self._by_cell.get(row.cell_id)
        if cell is None or not cell.decided_level or not row.decided_level:
            return []
        if _RANK[row.decided_level] >= _RANK[cell.decided_level]:
            return []
        return [
            _("the person %(level)s, the cell %(of_cell)s")
            % {"level": Level(row.decided_level).short, "of_cell": Level(cell.decided_level).short}
        ]

    def marks(self, row) -> list[str]:
        return marks_of(row, self.cycle.rule_set)

    def not_completed(self, row) -> list[str]:
        return [row.reason or _("no reason given")] if row.decided_level == Level.NOT_COMPLETED else []

    def not_subject(self, row) -> list[str]:
        if not row.not_subject_reason:
            return []
        words = [row.get_not_subject_reason_display(), row.reason, row.note]
        return ["; ".join(filter(None, words))]


# What may be looked at, by the words of the address, in the order of the page.
CELLS: dict[str, tuple[str, Callable]] = {
    "nhay-bac": (gettext_lazy("cells two levels or more from last year's"), Attention.jumped),
    "bi-thu-thap-hon": (
        gettext_lazy("excellent cells whose secretary was disciplined or rated lower"),
        Attention.secretary_lower,
    ),
    "khong-khop": (gettext_lazy("cells whose points or conditions disagree with the level"), Attention.marks),
    "khong-hoan-thanh": (gettext_lazy("cells rated KHTNV"), Attention.not_completed),
    "khong-thuoc-dien": (gettext_lazy("cells not subject to rating"), Attention.not_subject),
}
PEOPLE: dict[str, tuple[str, Callable]] = {
    "cao-hon-chi-bo": (gettext_lazy("people rated above their cell"), Attention.above_cell),
    "khong-khop": (gettext_lazy("people whose points disagree with the level"), Attention.marks),
    "khong-hoan-thanh": (gettext_lazy("people rated KHTNV"), Attention.not_completed),
    "khong-thuoc-dien": (gettext_lazy("people not subject to rating"), Attention.not_subject),
}


def levels_before(cycle: ReviewCycle, user, cells: Iterable[int]) -> dict[int, str]:
    """Return the level each of these cells was given in the year before, wherever it stood then.

    The province's own review is asked first, as a whole: of each cell by itself all its years would be read.
    """
    rows = CellRating.objects.visible_beside(user).latest_editions()
    rows = rows.filter(cycle__year=cycle.year - 1).exclude(decided_level="")
    rows = rows.order_by("pk").values_list("cell", "decided_level")
    cells = set(cells)
    found = dict(rows.filter(cycle__province=cycle.province_id)) if len(cells) > FEW else {}
    for some in batches(sorted(cells - found.keys())):
        found |= dict(rows.filter(cell__in=some))
    return found
