"""Reading what was typed into the grid: into values where it can be read, into faults where it cannot.

A page that is sent whole names every field it shows. What its sender did not touch is told apart by
what the page had shown, so that an old page writes over nobody.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.typed import Unreadable, read_answer, read_count
from evaluations.models import MemberLevels
from evaluations.models.ratings import NotSubject
from evaluations.reading import LEVELS, SENTENCES
from evaluations.review.grid import Grid, Row
from evaluations.review.rows import CONDITIONS, MEMBERS, TASKS, Entry
from evaluations.review.rows import LEVELS as LEVEL_FIELDS
from sheets.errors import SheetError
from sheets.numbers import parse_decimal
from sheets.text import fold, nfc


def read_level(text: str) -> str:
    """Return the level a text names exactly: its code, its short form or its full name."""
    if not text or text in LEVELS.names:
        return text
    key = fold(text)
    if key in LEVELS.vague_by_key:
        raise Unreadable(SENTENCES["vague_choice"] % {"value": text})
    if key not in LEVELS.by_key:
        raise Unreadable(SENTENCES["not_a_choice"] % {"value": text})
    return LEVELS.by_key[key]


def _read_points(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        return parse_decimal(text)
    except SheetError as error:
        raise Unreadable(
            _("“%(value)s” is no number of points. Enter a number from 0 to 100, for example 92,5.")
            % {"value": text}
        ) from error


def _read_not_subject(text: str) -> str:
    if text and text not in NotSubject.values:
        raise Unreadable(_("Choose one of the reasons of the list."))
    return text


READERS: dict[str, Callable] = {
    **dict.fromkeys(LEVEL_FIELDS, read_level),
    **dict.fromkeys((*MEMBERS, *TASKS), read_count),
    **dict.fromkeys((*CONDITIONS, "disciplined"), read_answer),
    "points": _read_points,
    "not_subject_reason": _read_not_subject,
    "reason": nfc,
    "note": nfc,
}


def entries_of(grid: Grid, posted: Mapping[str, str]) -> list[Entry]:
    """Return an entry for each row of which somebody changed something; what cannot be read is left on the row.

    A fault blocks its own field only. ``posted`` names fields "c12-self_level", marks "c12-mark"; a row
    with "c12-theirs" takes what a colleague has saved.
    """
    entered = []
    for row in grid.rows:
        mark = posted.get(f"{row.key}-mark")
        if mark is None or posted.get(f"{row.key}-theirs"):
            continue
        values = _values(row, posted)
        if values or row.faults:
            entered.append((row, mark, values))
    before = _shown_before(grid, [(row, mark) for row, mark, _values in entered if mark != row.mark])
    entries = []
    for row, mark, values in entered:
        shown = before.get(row.key, {})
        touched = {name: value for name, value in values.items() if name not in shown or shown[name] != value}
        if touched:
            row.typed |= {name: posted[f"{row.key}-{name}"] for name in touched}
            entries.append(_entry(row, mark, touched))
    return entries


def _values(row: Row, posted: Mapping[str, str]) -> dict:
    """Return what differs from what is recorded; faults stay on the row."""
    values = {}
    for name in row.fields:
        text = posted.get(f"{row.key}-{name}")
        if text is None:
            continue
        text = text.strip()
        try:
            value = READERS[name](text)
        except Unreadable as fault:
            row.faults[name], row.typed[name] = [str(fault)], text
            continue
        if value != row.value(name):
            values[name] = value
    return values


def _entry(row: Row, mark: str, values: dict) -> Entry:
    members = {name: value for name, value in values.items() if name in MEMBERS}
    own = {name: value for name, value in values.items() if name not in MEMBERS}
    return Entry(type(row.rating), row.rating.pk, mark, own, members if row.is_cell else None)


def _shown_before(grid: Grid, stale: Iterable[tuple[Row, str]]) -> dict[str, dict]:
    """Return what an older page had shown of rows that were changed since, by key of the row."""
    stale = [(row, *_revisions(mark)) for row, mark in stale]
    if not stale:
        return {}
    shown: dict[str, dict] = {row.key: {} for row, _rating, _counts in stale}
    for model in {type(row.rating) for row, _rating, _counts in stale}:
        wanted = {(row.rating.pk, rating): row for row, rating, _c in stale if type(row.rating) is model}
        past = model.history.filter(
            id__in=[pk for pk, _r in wanted], revision__in={revision for _pk, revision in wanted}
        )
        for then in past.order_by("history_id"):
            if (row := wanted.get((then.id, then.revision))) is not None:
                shown[row.key] |= {name: getattr(then, name) for name in row.fields if name not in MEMBERS}
    cells = {(row.rating.cell_id, counts): row for row, _r, counts in stale if row.is_cell}
    for (_cell, counts), row in cells.items():
        if not counts:
            shown[row.key] |= dict.fromkeys(MEMBERS)
    past = MemberLevels.history.filter(
        cycle=grid.file.cycle_id,
        cell__in=[cell for cell, _c in cells],
        revision__in={c for _cell, c in cells},
    )
    for then in past.order_by("history_id") if cells else ():
        if (row := cells.get((then.cell_id, then.revision))) is not None:
            shown[row.key] |= {name: getattr(then, name) for name in MEMBERS}
    return shown


def _revisions(mark: str) -> tuple[int, int]:
    """Return the revisions a mark names; (0, 0), which never was one, where it names none."""
    rating, _dot, counts = mark.partition(".")
    if not (rating.isdecimal() and counts.isdecimal() and len(mark) < 24):
        return 0, 0
    return int(rating), int(counts)
