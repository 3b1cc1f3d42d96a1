"""What of a year's results deserves a second look, each row with the sentences that say why.

Only rows that the reader may see are looked at: of a file that was not sent nothing is said.
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.history import batches
from evaluations.models import CellRating, LeaderRating, Level, ReviewCycle
from evaluations.models.ratings import NotSubject
from evaluations.review.marks import marks_of
from leaders.models import Office, Person

_RANK = {level.value: rank for rank, level in enumerate(Level)}
JUMP = 2
# What is looked at of each row, of that of a cell, and of that of somebody in office.
_OF_BOTH = (
    "pk",
    "cell_id",
    "decided_level",
    "proposed_level",
    "not_subject_reason",
    "reason",
    "note",
    "points",
    "disciplined",
)
_OF_CELLS = (
    "tasks_on_time",
    "tasks_above",
    "tasks_late_within_fifth",
    "tasks_assigned",
    "tasks_late",
    "tasks_exceeded",
)
_OF_PEOPLE = ("office", "person__full_name", "person__is_synthetic")
# Of so many cells each is asked by itself.
FEW = 500


class Attention:
    """The decided rows of a year that the reader may see, looked through once."""

    def __init__(self, cycle: ReviewCycle, user):
        self.cycle, self.user = cycle, user

    @cached_property
    def cells(self) -> list:
        return self._seen(CellRating, *_OF_CELLS)

    @cached_property
    def people(self) -> list:
        return self._seen(LeaderRating, *_OF_PEOPLE)

    def _seen(self, model, *names: str) -> list:
        """Return what is looked at of each row, by its names: thousands of rows are looked through for a few."""
        rows = model.objects.visible_beside(self.user).latest_editions()
        rows = rows.filter(cycle=self.cycle).order_by("pk")
        return list(rows.values_list(*_OF_BOTH, *names, named=True))

    @cached_property
    def last_year(self) -> dict[int, str]:
        return levels_before(self.cycle, self.user, self._by_cell)

    @cached_property
    def _by_cell(self) -> dict[int, Any]:
        return {row.cell_id: row for row in self.cells}

    @cached_property
    def _secretaries_below(self) -> dict[int, list]:
        """The secretaries, by cell, who were disciplined in the year or are not excellent themselves."""
        found: dict[int, list] = {}
        for row in self.people:
            is_lower = row.decided_level and row.decided_level != Level.EXCELLENT
            if row.office == Office.SECRETARY and (row.disciplined or is_lower):
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

    def jumped(self, row) -> list[str]:
        before = self.last_year.get(row.cell_id, "")
        if not before or not row.decided_level:
            return []
        if abs(_RANK[before] - _RANK[row.decided_level]) < JUMP:
            return []
        return [
            _("last year %(before)s, this year %(now)s")
            % {"before": Level(before).short, "now": Level(row.decided_level).short}
        ]

    def secretary_lower(self, row) -> list[str]:
        if row.decided_level != Level.EXCELLENT:
            return []
        found = []
        for one in self._secretaries_below.get(row.cell_id, ()):
            name = Person(full_name=one.person__full_name, is_synthetic=one.person__is_synthetic)
            if one.disciplined:
                found.append(_("secretary %(name)s was disciplined in the year") % {"name": name})
            if one.decided_level and one.decided_level != Level.EXCELLENT:
                found.append(
                    _("secretary %(name)s is rated %(level)s")
                    % {"name": name, "level": Level(one.decided_level).short}
                )
        return found

    def above_cell(self, row) -> list[str]:
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
        words = [str(NotSubject(row.not_subject_reason).label), row.reason, row.note]
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
