"""What fields of a meeting are called, and what a row of the grid says of itself."""

from datetime import date

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.typed import text_of
from cells.meetings.grid import Grid, Row
from cells.models import Meeting


def labels() -> dict[str, str]:
    return {
        "held": _("Regular meeting"),
        "day": _("Day of the meeting"),
        "expected": _("Expected to come"),
        "present": _("Present there"),
        "committee_met": _("Committee met before"),
        "grade": _("Grade of the meeting"),
        "note": _("Note"),
    }


def held_words() -> dict[str, str]:
    """Return what it is called that a meeting was held or not, by what stands in the field."""
    return {"": "–", "1": _("was held"), "0": _("was not held")}


def field_text(value) -> str:
    """Return a recorded value as it stands in its field."""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else text_of(value)


def said(name: str, value) -> str:
    """Return a value in words."""
    text = field_text(value)
    if name == "held":
        return held_words()[text] if text else ""
    if name == "committee_met":
        return "" if value is None else _("yes") if value else _("no")
    if name == "grade":
        return str(Meeting.Grade(value).label) if value in Meeting.Grade.values else ""
    return text


def row_state(row: Row) -> tuple[str, str]:
    """Return the state of a row, for the style sheet and in words."""
    if row.needs_a_look:
        return "look", capfirst(_("to be looked at"))
    if row.meeting is None or row.changed_at is None:
        return "new", capfirst(_("not entered"))
    at = timezone.localtime(row.changed_at)
    is_today = at.date() == timezone.localdate()
    time = f"{at:%H:%M}" if is_today else f"{at:%d/%m/%Y}"
    return "saved", capfirst(_("saved %(time)s") % {"time": time})


def state_words(grid: Grid) -> str:
    """Say of how many cells it is known whether the month's meeting was held."""
    return _("%(entered)d/%(cells)d cells entered") % {"entered": grid.entered, "cells": len(grid.rows)}
