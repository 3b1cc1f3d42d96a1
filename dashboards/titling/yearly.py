"""The titles to be looked at again in a year: what is found about each, and what was recorded."""

from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cells.models import Unit
from evaluations.models import CaseCheck, TitleCase
from evaluations.titling.checking import findings_of, to_check

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

    case: TitleCase
    found: list[str]
    check: CaseCheck | None
    before: CaseCheck | None

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
        cases = list(to_check(self.user, self.year, self.today))
        found = findings_of(cases, self.year, user=self.user, day=self.today)
        checks: dict[tuple[int, int], CaseCheck] = {}
        looks = CaseCheck.objects.filter(case__in=[case.pk for case in cases]).order_by()
        for check in looks.filter(year__in=[self.year, self.year - 1]):
            checks[check.case_id, check.year] = check
        return [
            YearlyRow(
                case, found[case.pk], checks.get((case.pk, self.year)), checks.get((case.pk, self.year - 1))
            )
            for case in cases
        ]

    @property
    def here(self) -> list[YearlyRow]:
        """The rows of the commune that was chosen."""
        return [row for row in self.all_rows if not self.place or str(row.case.cell.commune_id) == self.place]

    @property
    def rows(self) -> list[YearlyRow]:
        return [row for row in self.here if row.is_shown(self.slug)]

    @property
    def choices(self) -> list[tuple[str, str, int]]:
        here = self.here
        return [(slug, label, sum(row.is_shown(slug) for row in here)) for slug, label in SHOWN.items()]

    @property
    def communes(self) -> list[Unit]:
        """The communes that have a title to be looked at, in the order of the rows."""
        return list({row.case.cell.commune_id: row.case.cell.commune for row in self.all_rows}.values())

    def in_words(self) -> str:
        parts = [str(SHOWN[self.slug])] if self.slug else []
        return "; ".join([*(str(one) for one in self.communes if str(one.pk) == self.place), *parts])
