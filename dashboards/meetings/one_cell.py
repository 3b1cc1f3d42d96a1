"""What the pages of a cell show of a year of its meetings."""

from django.utils import timezone

from cells.models import Cell, Meeting
from dashboards.meetings.year import CellYear, MeetingYear, months_of


def year_of_cell(one: Cell, user, year: int) -> dict:
    """Return what a page shows of the year of one cell: its sums, its months, its other meetings."""
    found = MeetingYear(user, year, timezone.localdate(), unit=None, cells=[one.pk])
    found.unit = one.commune
    tally = next(
        iter(found.cells),
        CellYear(key=one.pk, commune_key=one.commune_id, limit=found.limits.least_attendance),
    )
    others = Meeting.objects.filter(cell=one, month__year=year).exclude(kind=Meeting.Kind.REGULAR)
    return {
        "meeting_year": year,
        "tally": tally,
        "cell_months": months_of(found).get(one.pk, []),
        "other_meetings": list(others.order_by("day", "pk")),
    }
