"""The titles to be looked at again in a year: what is found about each, and what was recorded."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import batches
from cells.models import Unit
from evaluations.models import CaseCheck, TitleCase
from evaluations.titling.checking import findings_by_cell, to_check

# How many years back a look may still be recorded.
YEARS_BACK = 3
SHOWN = {
    "": _("All titles"),
    "chua-kiem-tra": _("Not looked at yet"),
    "co-van-de": _("Something was found"),
    "khong-van-de": _("Not looked at yet, nothing was found"),
    "giu-vung": _("Kept (title)"),
    "nguy-co": _("At risk (title)"),
}


@dataclass
class YearlyRow:
    """A title that is held, what speaks against it now, and the look of the year and of the year before."""

    key: int
    commune: int
    found: list[str]
    check: CaseCheck | None
    before: CaseCheck | None
    # The title itself, for the rows that are shown (Yearly.with_cases).
    case: TitleCase | None = None

    def is_shown(self, slug: str) -> bool:
        outcome = self.check and self.check.outcome
        return {
            "": True,
            "chua-kiem-tra": self.check is None,
            "co-van-de": bool(self.found),
            "khong-van-de": self.check is None and not self.found,
            "giu-vung": outcome == CaseCheck.Outcome.KEPT,
            "nguy-co": outcome == CaseCheck.Outcome.AT_RISK,
        }[slug]


class Yearly:
    """The titles of one year as somebody may see them; the number of queries does not grow with them."""

    def __init__(self, user, words):
        self.user, self.today = user, timezone.localdate()
        self.year = self._year(words.get("nam", ""))
        slug = words.get("loc", "")
        if slug not in SHOWN:
            raise ValidationError("loc")
        self.slug, self.place = slug, words.get("xa", "")

    def _year(self, text: str) -> int:
        if text not in map(str, self.years):
            return self.today.year
        return int(text)

    @property
    def years(self) -> list[int]:
        return list(range(self.today.year, self.today.year - YEARS_BACK, -1))

    @cached_property
    def all_rows(self) -> list[YearlyRow]:
        # Thousands are counted where some fifty are shown: the titles themselves are loaded for those.
        places = self._cases.values_list("pk", "cell", "cell__commune", "cell__province")
        homes = {cell: province for _key, cell, _commune, province in places}
        found = findings_by_cell(homes, self.year, user=self.user, day=self.today)
        checks = self._checks([key for key, *_place in places])
        return [
            YearlyRow(
                key,
                commune,
                found.get(cell, []),
                checks.get((key, self.year)),
                checks.get((key, self.year - 1)),
            )
            for key, cell, commune, _province in places
        ]

    @property
    def _cases(self):
        return to_check(self.user, self.year, self.today)

    def _checks(self, keys: list[int]) -> dict[tuple[int, int], CaseCheck]:
        """Return what was recorded of these titles in the year and in the one before."""
        looks = CaseCheck.objects.filter(case__in=keys, year__in=[self.year, self.year - 1])
        return {(check.case_id, check.year): check for check in looks.order_by()}

    def with_cases(self, rows: Iterable[YearlyRow]) -> list[YearlyRow]:
        """Load the titles of the rows that are shown."""
        rows = list(rows)
        cases = {}
        for keys in batches([row.key for row in rows]):
            cases |= self._cases.in_bulk(keys)
        for row in rows:
            row.case = cases[row.key]
        return rows

    @property
    def here(self) -> list[YearlyRow]:
        """The rows of the commune that was chosen."""
        return [row for row in self.all_rows if not self.place or str(row.commune) == self.place]

    @cached_property
    def rows(self) -> list[YearlyRow]:
        return [row for row in self.here if row.is_shown(self.slug)]

    @property
    def choices(self) -> list[tuple[str, str, int]]:
        here = self.here
        return [(slug, label, sum(row.is_shown(slug) for row in here)) for slug, label in SHOWN.items()]

    @cached_property
    def communes(self) -> list[Unit]:
        """The communes that have a title to be looked at, in the order of the rows."""
        units = Unit.objects.in_bulk({row.commune for row in self.all_rows})
        return [units[key] for key in dict.fromkeys(row.commune for row in self.all_rows)]

    def in_words(self) -> str:
        parts = [str(SHOWN[self.slug])] if self.slug else []
        return "; ".join([*(str(one) for one in self.communes if str(one.pk) == self.place), *parts])
