"""The grid of committees as it is posted: plain fields, one row each, with the revision it was read at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from accounts.asked import revision_in
from evaluations.models import CommuneRating, Level, RuleSet
from evaluations.models.ratings import NotSubject
from evaluations.review.communes import FIELDS, CommuneEntry, SavedCommune
from evaluations.review.marks import marks_of
from sheets.errors import SheetError
from sheets.numbers import format_decimal, parse_decimal
from sheets.text import nfc

LEVELS = ("self_level", "proposed_level")


@dataclass
class CommuneRow:
    """A row of the grid: what is recorded, what was entered and could not be saved, and why not."""

    rating: CommuneRating
    entered: dict[str, str] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    # Where what is recorded disagrees with the rules: told, never in the way.
    marks: list[str] = field(default_factory=list)

    def _shown(self, name: str) -> str:
        if name in self.entered:
            return self.entered[name]
        if name == "not_subject_reason" and self.is_proposed_as_dissolved:
            return NotSubject.DISSOLVED
        value = getattr(self.rating, name)
        if name == "points":
            return format_decimal(value)
        return value

    @property
    def is_proposed_as_dissolved(self) -> bool:
        """Whether the commune ended by that year and nothing is recorded of its committee; a proposal until saved."""
        rating, closed_on = self.rating, self.rating.commune.closed_on
        recorded = rating.self_level or rating.proposed_level or rating.decided_level
        has_ended = closed_on is not None and closed_on.year <= rating.cycle.year
        return has_ended and not (recorded or rating.not_subject_reason)

    @property
    def values(self) -> dict[str, str]:
        """What stands in the fields, as text."""
        return {name: self._shown(name) for name in FIELDS}

    @property
    def recorded(self) -> str:
        """What is recorded, beside what was entered in vain."""
        levels = [Level(value).short for value in (getattr(self.rating, name) for name in LEVELS) if value]
        return ", ".join(levels) or self.rating.get_not_subject_reason_display() or "–"


class CommuneGrid:
    """The rows of the grid, and what somebody posted for them."""

    def __init__(self, ratings: Iterable[CommuneRating], rules: RuleSet, posted: Mapping | None = None):
        self.rows = [CommuneRow(rating, marks=marks_of(rating, rules)) for rating in ratings]
        self.posted = posted

    def entries(self) -> list[CommuneEntry]:
        """Return what was entered; a row with a value that cannot be read says so and is left out."""
        entries = []
        for row in self.rows:
            entered = self._entered(row)
            if entered:
                row.entered = entered
                values = self._read(row)
                if not row.sentences:
                    entries.append(CommuneEntry(row.rating.pk, self._revision(row), values))
        return entries

    def _entered(self, row: CommuneRow) -> dict[str, str]:
        names = {name: f"{name}_{row.rating.pk}" for name in FIELDS}
        return {name: nfc(self.posted[key]) for name, key in names.items() if key in self.posted}

    def _revision(self, row: CommuneRow) -> int:
        text = self.posted.get(f"revision_{row.rating.pk}", "")
        return revision_in(text)

    @staticmethod
    def _read(row: CommuneRow) -> dict:
        values = dict(row.entered)
        for name in LEVELS:
            if values.get(name, "") not in ("", *Level.values):
                row.sentences.append(_("Choose one of the four levels: HTXSNV, HTTNV, HTNV, KHTNV."))
        if "points" in values:
            try:
                values["points"] = parse_decimal(values["points"]) if values["points"].strip() else None
            except SheetError:
                row.sentences.append(_("Points are a number between 0 and 100, for example 92,5."))
        return values

    def take(self, results: Iterable[SavedCommune]) -> None:
        """Keep of each row what became of it."""
        by_key = {row.rating.pk: row for row in self.rows}
        for one in results:
            row = by_key[one.row.pk]
            if one.is_saved:
                row.rating, row.entered = one.row, {}
            else:
                row.sentences = (
                    [one.conflict] if one.conflict else [s for some in one.faults.values() for s in some]
                )
                if one.conflict:
                    row.rating = one.row
        for row in self.rows:
            if not row.sentences:
                row.entered = {}

    @property
    def to_look_at(self) -> int:
        """How many rows were not saved."""
        return sum(bool(row.sentences) for row in self.rows)
