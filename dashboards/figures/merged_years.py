"""The merged role over the years: as it stood at the end of each, and on the day of the frame."""

from collections import defaultdict
from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.conf import settings
from django.db.models import Case, CharField, Count, F, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Concat

from cells.dated import on_day, overlapping
from cells.models import UnitPeriod
from dashboards.figures.frames import Frame
from dashboards.figures.kept import Kept
from dashboards.figures.sections import HAMLETS
from leaders.models import Office, Tenure, WayIn
from leaders.models.tenures import known_to_run_on
from sheets.numbers import format_percent

YEARS = 6


@dataclass(frozen=True)
class MergedYear:
    """In how many hamlets one person held both seats on the last day counted of a year, of how many."""

    until: date
    merged: int
    hamlets: int

    @property
    def year(self) -> int:
        return self.until.year

    @property
    def share(self) -> float | None:
        """In percent; None where no hamlet stood."""
        return 100 * self.merged / self.hamlets if self.hamlets else None

    @property
    def percent_sign(self) -> str:
        return format_percent(self.merged, self.hamlets)

    @property
    def is_whole(self) -> bool:
        """Whether the year had come to its end."""
        return self.until == date(self.year, 12, 31)


_HEAD = "unit__tenures__"
_STANDING = "standing"


def _heads_between(first: date, last: date) -> Q:
    """Return the condition of hamlets (as periods) joined to each head who was there between these days."""
    heads = Q(**{f"{_HEAD}office": Office.HAMLET_HEAD}) & overlapping(first, last, _HEAD)
    if not settings.INTERIM_COUNTS:
        heads &= Q(**{f"{_HEAD}way_in__in": ["", *(way for way in WayIn.values if way != WayIn.INTERIM)]})
    return heads


def _secretary_on(days: list[date]) -> Subquery:
    """Return "1" or "0" for each day: whether the head was also secretary of a cell that covered the hamlet.

    One look-up for each head, of few tables: joined to everything else it would take PostgreSQL longer to plan
    for a commune than to read. It begins with the person, who has few seats; the hamlet is compared after.
    """
    secretaries = Tenure.objects.filter(office=Office.SECRETARY, person=OuterRef(f"{_HEAD}person"))
    covers = Q(cell__areas__hamlet=OuterRef("unit"))
    on_days = [
        Max(
            Case(
                When(covers & known_to_run_on(day) & on_day(day, "cell__areas__"), then=Value("1")),
                default=Value("0"),
            )
        )
        for day in days
    ]
    return Subquery(secretaries.order_by().values("office").annotate(days=Concat(*on_days)).values("days"))


def _counts(conditions: dict[str, Q]) -> dict[str, Count]:
    return {name: Count("pk", filter=condition) for name, condition in conditions.items()}


class MergedYears:
    """One query for the frame's unit and every unit below it; on each day it says what the figure of the day says.

    Each day is counted in the borders of that day, or all in those of today, as the frame asks. ``also`` are days
    that somebody else asks for: those named before the query is made are counted in it.
    """

    def __init__(self, frame: Frame, kept: Kept, also: Set[date] = frozenset()):
        self.frame, self.kept, self.also = frame, kept, also
        last = frame.day.year
        self.days = [min(date(year, 12, 31), frame.day) for year in range(last - YEARS + 1, last + 1)]

    @cached_property
    def _counted_days(self) -> list[date]:
        return [*self.days, *sorted(self.also - set(self.days))]

    @cached_property
    def _rows(self) -> list[dict]:
        frame, places, days = self.frame, HAMLETS.places(self.frame), self._counted_days
        first, last = min(days), max(days)
        periods = UnitPeriod.objects.hamlets().filter(overlapping(first, last))
        periods = frame.within(frame.visible(periods), places).order_by()
        place = frame.child_column(places)
        stands = {f"on_{number}": on_day(day) for number, day in enumerate(days)}
        leads = {f"on_{number}": on_day(day) & known_to_run_on(day, _HEAD) for number, day in enumerate(days)}
        heads = periods.filter(_heads_between(first, last))
        standing = periods.values(place_key=F(place), secretary=Value(_STANDING, CharField()))
        both = heads.values(place_key=F(place), secretary=_secretary_on(days))
        return self.kept.rows(
            standing.annotate(**_counts(stands)).union(both.annotate(**_counts(leads)), all=True)
        )

    @cached_property
    def _by_place(self) -> dict[int | None, dict[str, int]]:
        """Return {unit below: {"of_0": hamlets on the first day, "merged_0": …}}."""
        found: dict[int | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in self._rows:
            counts = found[row["place_key"]]
            for number in range(len(self._counted_days)):
                if row["secretary"] == _STANDING:
                    counts[f"of_{number}"] += row[f"on_{number}"]
                elif row["secretary"] and row["secretary"][number] == "1":
                    counts[f"merged_{number}"] += row[f"on_{number}"]
        return found

    def of(self, place: int | None) -> list[MergedYear]:
        """Return the years of a unit below, from the first in which the role was merged anywhere in it."""
        row = self._by_place.get(place)
        return self._years(row) if row else []

    @cached_property
    def whole(self) -> list[MergedYear]:
        """Return the years of the frame's unit."""
        total: dict[str, int] = defaultdict(int)
        for row in self._by_place.values():
            for key, value in row.items():
                total[key] += value
        return self._years(total) if total else []

    def merged_on(self, day: date) -> int | None:
        """Return in how many hamlets the role was merged on one of the days; None for a day that is not counted."""
        if day not in self._counted_days:
            return None
        return sum(row[f"merged_{self._counted_days.index(day)}"] for row in self._by_place.values())

    def on(self, day: date) -> MergedYear | None:
        """Return what stood on one of the days; None where nothing had been recorded by then."""
        return next((year for year in self.whole if year.until == day), None)

    def _years(self, row: dict) -> list[MergedYear]:
        years = [
            MergedYear(day, row[f"merged_{number}"], row[f"of_{number}"])
            for number, day in enumerate(self.days)
        ]
        # Before the first seats were recorded nothing is known, which is not nothing merged.
        begun = next((number for number, year in enumerate(years) if year.merged), len(years) - 1)
        return [year for year in years[begun:] if year.hamlets]
