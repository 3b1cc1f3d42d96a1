"""Which months are asked about: those that are over."""

from datetime import date

from django.utils import timezone

from cells.months import last_day_of, month_before, month_of, months_between


def last_full_month(day: date) -> date:
    """Return the last month that is over with the day; today still runs, also as the last of its month."""
    month = month_of(day)
    return month if day == last_day_of(month) and day < timezone.localdate() else month_before(month)


def full_months(day: date) -> tuple[date, date]:
    """Return the first and the last of the full months of the year up to the day; in January those of the year before."""
    last = last_full_month(day)
    return last.replace(month=1), last


def full_months_of(year: int, day: date) -> list[date]:
    """Return the months of the year that are over on the day."""
    last = min(last_full_month(day), date(year, 12, 1))
    return list(months_between(date(year, 1, 1), last))
