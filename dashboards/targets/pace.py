"""What is still needed and how fast it comes: plain numbers and days, nothing of units or figures.

A year still to come is a calendar year after that of the day, up to the year of the deadline. The year
of the day is running and not counted: what comes in it shortens what is still needed at its end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

# The pace is that of so many last years; over less than one year there is none.
YEARS_OF_PACE = 3
LEAST_DAYS = 365
# In ten thousandths of a day.
_DAYS_OF_A_YEAR = 3652425
ONE_DAY = timedelta(days=1)


def year_end(year: int) -> date:
    return date(year, 12, 31)


def years_to_come(day: date, due_on: date) -> range:
    """Return the years in which what is still needed has to come."""
    return range(day.year + 1, due_on.year + 1)


def needed_per_year(still_needed: int, years: int) -> int | None:
    """Return how many each year has to bring, rounded up; None where no year is left."""
    return -(-still_needed // years) if years else None


def even_path(years: range, goal: int, start: int = 0) -> dict[int, int]:
    """Return a path from what is done to the goal in equal steps; the last year reaches the goal."""
    rise, count = max(goal - start, 0), len(years)
    return {year: min(start, goal) + rise * place // count for place, year in enumerate(years, 1)}


def falling_path(years: range, goal: int, start: int = 0) -> dict[int, int]:
    """Return the same for what is to become fewer: from what there is down to the most there may be."""
    fall, count = max(start - goal, 0), len(years)
    return {year: max(start, goal) - fall * place // count for place, year in enumerate(years, 1)}


def part_of_path(path: Mapping[int, int], whole: int, part: int) -> dict[int, int]:
    """Return the path of a part: as far at the end of each year as the whole is on its own."""
    return {year: min(planned * part // whole, part) for year, planned in path.items()}


def part_of_falling_path(
    path: Mapping[int, int], whole: int, part: int, start: int, of_all: int
) -> dict[int, int]:
    """Return the path of a part that is to fall: of what the whole is still over its goal, its share, rounded up.

    Its share is what is there now of what there is in all parts; where there is none, its goal holds at once.
    """
    return {
        year: part + -(-max(planned - whole, 0) * start // of_all) if of_all else part
        for year, planned in path.items()
    }


@dataclass(frozen=True)
class Milestone:
    """What was to be reached by the end of a year that is over, or by the deadline."""

    until: date
    planned: int


def latest_milestone(path: Mapping[int, int], day: date, due_on: date, goal: int) -> Milestone | None:
    """Return the latest milestone that has come; None where none has, or none is planned."""
    if day >= due_on:
        return Milestone(due_on, goal)
    over = [year for year in path if year_end(year) <= day]
    return Milestone(year_end(max(over)), path[max(over)]) if over else None


def next_milestone(path: Mapping[int, int], day: date, due_on: date) -> Milestone | None:
    """Return the milestone that comes next."""
    to_come = [year for year in path if year_end(year) > day]
    if not to_come or day >= due_on:
        return None
    return Milestone(min(year_end(min(to_come)), due_on), path[min(to_come)])


def pace_begins(day: date, *first_days: date | None) -> date:
    """Return the day from which the pace is taken: the end of the third year back.

    It is never before the day before the target's term began, nor before the unit stood.
    """
    return max([year_end(day.year - YEARS_OF_PACE), *(first for first in first_days if first)])


@dataclass(frozen=True)
class Forecast:
    """What is reached on the deadline if it goes on as from ``since`` to ``day``: a forecast, no plan."""

    since: date
    day: date
    before: int
    done: int
    due_on: date
    # A share cannot count more than there are.
    most: int | None = None

    @property
    def is_possible(self) -> bool:
        return (self.day - self.since).days >= LEAST_DAYS and self.day < self.due_on

    @property
    def reached(self) -> int:
        """What is done, and what comes by the deadline at that pace, rounded half up.

        Days are counted and years differ by one: rounded down, seven a year would make 27 in four of them.
        """
        elapsed, left = (self.day - self.since).days, (self.due_on - self.day).days
        reached = max(self.done + (2 * (self.done - self.before) * left + elapsed) // (2 * elapsed), 0)
        return reached if self.most is None else min(reached, max(self.most, self.done))

    @property
    def tenths_per_year(self) -> int:
        """The pace: a year's worth in tenths, rounded half up, so that no binary fraction takes part."""
        days, rise = (self.day - self.since).days, self.done - self.before
        return (2 * rise * _DAYS_OF_A_YEAR + 1000 * days) // (2000 * days)
