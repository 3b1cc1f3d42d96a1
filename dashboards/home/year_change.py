"""How many hamlets more, or fewer, have one person in both seats than at the start of the year."""

from datetime import date, timedelta

from django.urls import reverse

from dashboards.basis import frame_query
from dashboards.figures.frames import Frame
from dashboards.figures.merged_years import MergedYears
from dashboards.staffing.changes import FROM_YEAR


def last_year_end(day: date) -> date:
    return date(day.year, 1, 1) - timedelta(days=1)


def change_since(years: MergedYears, since: date) -> int | None:
    """Return the change up to the day of the frame; None where nothing was recorded at the start."""
    then, now = years.on(since), years.on(years.frame.day)
    return now.merged - then.merged if then and now else None


def changes_url(frame: Frame) -> str:
    """Return where the hamlets stand that count since and that count no more; the country has them by province."""
    if frame.unit is None:
        return reverse("seats:monitor") + frame_query(frame)
    query = frame_query(frame, **{FROM_YEAR: frame.day.year})
    return reverse("seats:monitor_changes", args=[frame.unit.pk]) + query
