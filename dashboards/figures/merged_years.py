"""The merged role over the years: as it stood at the end of each, and on the day of the frame."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db.models import Count, F

from cells.dated import on_day, overlapping
from cells.models import UnitPeriod
from dashboards.figures.frames import Frame
from dashboards.figures.sections import HAMLETS, merged_on
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


class MergedYears:
    """One query for the frame's unit and every unit below it, by the condition that the figure counts by.

    Each day is counted in the borders of that day, or all in those of today, as the frame asks.
    """

    def __init__(self, frame: Frame):
        self.frame = frame
        last = frame.day.year
        self.days = [min(date(year, 12, 31), frame.day) for year in range(last - YEARS + 1, last + 1)]

    @cached_property
    def _rows(self) -> list[dict]:
        frame, places = self.frame, HAMLETS.places(self.frame)
        counts = {}
        for number, day in enumerate(self.days):
            stands = on_day(day)
            counts[f"of_{number}"] = Count("pk", filter=stands)
            counts[f"merged_{number}"] = Count("pk", filter=stands & merged_on(replace(frame, day=day)))
        periods = UnitPeriod.objects.hamlets().filter(overlapping(self.days[0], self.days[-1]))
        periods = frame.within(frame.visible(periods), places).order_by()
        return list(periods.values(place_key=F(frame.child_column(places))).annotate(**counts))

    @cached_property
    def _by_place(self) -> dict[int | None, dict]:
        return {row["place_key"]: row for row in self._rows}

    def of(self, place: int | None) -> list[MergedYear]:
        """Return the years of a unit below, from the first in which the role was merged anywhere in it."""
        row = self._by_place.get(place)
        return self._years(row) if row else []

    @cached_property
    def whole(self) -> list[MergedYear]:
        """Return the years of the frame's unit."""
        total: dict[str, int] = defaultdict(int)
        for row in self._rows:
            for key, value in row.items():
                if key != "place_key":
                    total[key] += value
        return self._years(total) if total else []

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
