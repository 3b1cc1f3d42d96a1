"""Reading what was typed into the grid of a month, and telling apart what its sender did not touch."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from accounts.typed import Unreadable, read_answer, read_count
from cells.meetings.grid import Grid, Row
from cells.meetings.rows import Entry, value_of
from cells.models import Meeting
from sheets.dates import parse_date
from sheets.errors import SheetError
from sheets.text import fold, nfc

Grade = Meeting.Grade
# As offices write them beside the names of the grades.
OTHER_GRADES = {
    Grade.GOOD: ("T",),
    Grade.FAIR: ("K",),
    Grade.AVERAGE: ("TB",),
    Grade.WEAK: ("Yếu",),
}
_DAY = re.compile(r"([0-9]{1,2})(?: ?[/.-] ?([0-9]{1,2}))?")


def grade_names() -> dict[str, str]:
    """Return the grade that each word names exactly, diacritics aside."""
    return {
        fold(word): grade.value
        for grade in Grade
        for word in (grade.value, str(grade.label), *OTHER_GRADES.get(grade, ()))
    }


def read_grade(text: str) -> str:
    if not text or text in Grade.values:
        return text
    try:
        return grade_names()[fold(text)]
    except KeyError:
        choices = ", ".join(str(grade.label) for grade in Grade)
        raise Unreadable(
            _("“%(value)s” is no grade of a meeting. Choose one of: %(choices)s.")
            % {"value": text, "choices": choices}
        ) from None


def read_day(text: str, month: date) -> date | None:
    """Return the day; of a short one ("5", "5/11") month and year are those of the page."""
    if not text:
        return None
    try:
        if found := _DAY.fullmatch(nfc(text)):
            return _nearest(int(found[1]), int(found[2] or month.month), month)
        known = parse_date(text)
        if known.precision != "day":
            raise SheetError("not_a_date", value=text)
    except (ValueError, SheetError):
        raise Unreadable(
            _(
                "“%(value)s” is no day. Enter the day of the month, or day, month and year, for example %(day)s."
            )
            % {"value": text, "day": f"{month.replace(day=5):%d/%m/%Y}"}
        ) from None
    return known.first_day


def _nearest(day: int, number: int, month: date) -> date:
    """Return the day in the year in which it is nearest to the page's month: one of January, on that of December."""
    around = (month.year,) if number == month.month else range(month.year - 1, month.year + 2)
    days = [date(year, number, day) for year in around if day <= monthrange(year, number)[1]]
    return min(days, key=lambda one: abs(one - month.replace(day=15)))


READERS: dict[str, Callable] = {
    "held": read_answer,
    "expected": read_count,
    "present": read_count,
    "committee_met": read_answer,
    "grade": read_grade,
    "note": nfc,
}


def read(name: str, text: str, month: date):
    """Return the value of what was typed into a field, or raise Unreadable."""
    text = text.strip()
    return read_day(text, month) if name == "day" else READERS[name](text)


def entries_of(grid: Grid, posted: Mapping[str, str]) -> list[Entry]:
    """Return an entry for each row of which somebody changed something; what cannot be read is left on the row.

    A fault blocks its own field only. ``posted`` names fields "c12-present", marks "c12-mark"; a row with
    "c12-theirs" takes what a colleague has saved. Rows that nobody may change here are passed over.
    """
    entered = []
    for row in grid.all_rows:
        mark = posted.get(f"{row.key}-mark")
        if mark is None or not row.is_open or posted.get(f"{row.key}-theirs"):
            continue
        values = _values(row, posted, grid.month)
        if values or row.faults:
            entered.append((row, mark, values))
    before = _shown_before([(row, mark) for row, mark, _values in entered if mark != row.mark])
    entries = []
    for row, mark, values in entered:
        shown = before.get(row.key, {})
        touched = {name: value for name, value in values.items() if name not in shown or shown[name] != value}
        if touched:
            row.typed |= {name: posted[f"{row.key}-{name}"] for name in touched}
            about = {"meeting": row.meeting.pk} if row.is_extra else {"cell": row.cell.pk}
            entries.append(Entry(mark, touched, **about))
    return entries


def _values(row: Row, posted: Mapping[str, str], month: date) -> dict:
    """Return what differs from what is recorded; faults stay on the row."""
    values = {}
    for name in row.fields:
        text = posted.get(f"{row.key}-{name}")
        if text is None:
            continue
        try:
            value = read(name, text, month)
        except Unreadable as fault:
            row.faults[name], row.typed[name] = [str(fault)], text
            continue
        if value != row.value(name):
            values[name] = value
    return values


def _shown_before(stale: Iterable[tuple[Row, str]]) -> dict[str, dict]:
    """Return what an older page had shown of rows that were changed since, by key of the row."""
    shown, wanted = {}, {}
    for row, mark in stale:
        pk, _dot, revision = mark.partition(".")
        # Longer numbers than the database knows are no marks of ours.
        if not (pk.isdecimal() and revision.isdecimal() and len(pk) < 19 and len(revision) < 10):
            continue
        if int(pk):
            wanted[int(pk), int(revision)] = row
        else:
            shown[row.key] = {name: value_of(None, name, row.preset) for name in row.fields}
    past = Meeting.history.filter(
        id__in={pk for pk, _r in wanted}, revision__in={revision for _pk, revision in wanted}
    )
    for then in past.order_by("history_id") if wanted else ():
        if (row := wanted.get((then.id, then.revision))) is not None:
            shown[row.key] = {name: value_of(then, name) for name in row.fields}
    return shown
