"""Meetings of the sample cells of the province in the year up to today: most held, some not, some not entered."""

from datetime import date, timedelta
from random import Random

from accounts.history import create_many
from cells.meetings.months import full_months_of, last_full_month
from cells.meetings.rows import expected_members
from cells.models import CellPeriod, Meeting
from cells.months import last_day_of
from desk.samples.places import Settlement

Grade = Meeting.Grade
GRADES = (Grade.GOOD,) * 11 + (Grade.FAIR,) * 7 + (Grade.AVERAGE,) * 2
WITHOUT, NOT_ENTERED = 0.02, 0.05


def hold_meetings(places: list[Settlement], *, today: date) -> None:
    """Record the regular meetings of the months that are over, and a thematic one each quarter here and there."""
    chance = Random(2026)  # noqa: S311 - nothing secret hangs on it
    cells = [place.cell for place in places]
    expected = expected_members((cell.pk for cell in cells), today)
    standing = {
        period.cell_id: period for period in CellPeriod.objects.filter(cell__in=cells, ends_on__isnull=True)
    }
    months = full_months_of(last_full_month(today).year, today)
    rows = []
    for cell in cells:
        # Each cell has its own habit of coming.
        usual = chance.choice((0.8, 0.88, 0.92, 0.95))
        for month in months:
            if standing[cell.pk].holds_on(month):
                rows += _month(cell, month, expected.get(cell.pk), usual, chance)
    create_many(Meeting, rows)


def _month(cell, month: date, expected: int | None, usual: float, chance: Random) -> list[Meeting]:
    luck = chance.random()
    if luck < NOT_ENTERED:
        return []
    if luck < NOT_ENTERED + WITHOUT:
        return [Meeting(cell=cell, month=month, day=month, was_held=False, note="Mưa lũ (mẫu)")]
    rows = [
        _held(
            cell,
            month,
            Meeting.Kind.REGULAR,
            month + timedelta(days=chance.randint(2, 5)),
            expected,
            usual,
            chance,
        )
    ]
    if month.month % 3 == 0 and chance.random() < 0.6:
        day = last_day_of(month) - timedelta(days=chance.randint(3, 8))
        rows.append(_held(cell, month, Meeting.Kind.THEMATIC, day, expected, usual, chance))
    return rows


def _held(
    cell, month: date, kind: str, day: date, expected: int | None, usual: float, chance: Random
) -> Meeting:
    present = None
    if expected is not None:
        present = max(0, min(expected, round(expected * usual) + chance.randint(-1, 1)))
    return Meeting(
        cell=cell,
        kind=kind,
        month=month,
        day=day,
        expected=expected,
        present=present,
        committee_met=chance.random() < 0.9,
        grade=chance.choice(GRADES),
    )
