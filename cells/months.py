"""Months, each named by its first day: the one way to count them, in sums, grids and addresses alike."""

from collections.abc import Iterator
from datetime import date, timedelta

from cells.dated import ONE_DAY


def month_of(day: date) -> date:
    """Return the month of a day."""
    return day.replace(day=1)


def last_day_of(month: date) -> date:
    """Return the last day of a month."""
    return next_month(month) - ONE_DAY


def next_month(month: date) -> date:
    """Return the month after this one."""
    return month_of(month + timedelta(days=31))


def month_before(month: date) -> date:
    """Return the month before this one."""
    return month_of(month - ONE_DAY)


def months_between(first: date, last: date) -> Iterator[date]:
    """Go through the months from one to another, oldest first; ``last`` may be any day of the last one."""
    month = first
    while month <= last:
        yield month
        month = next_month(month)


def months_back(month: date, count: int) -> list[date]:
    """Return this month and the ones before it, newest first."""
    found = [month]
    while len(found) < count:
        found.append(month_before(found[-1]))
    return found


def read_month(text: str) -> date:
    """Return the month that an address or a field names as 2026-11; ValueError where it names none."""
    return date.fromisoformat(f"{text}-01")
