"""How many hamlets more, or fewer, have one person in both seats than at the start of the year."""

from datetime import date, timedelta

from dashboards.figures.merged_years import MergedYears


def last_year_end(day: date) -> date:
    return date(day.year, 1, 1) - timedelta(days=1)


def change_since(years: MergedYears, since: date) -> int | None:
    """Return the change up to the day of the frame; None where nothing was recorded at the start."""
    then, now = years.on(since), years.on(years.frame.day)
    return now.merged - then.merged if then and now else None
