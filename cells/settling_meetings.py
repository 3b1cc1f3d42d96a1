"""Meetings after a reorganisation: what was entered of a cell after its end is that of the cell it went into."""

from collections import defaultdict
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.history import delete_many, update_many
from cells.fates import Fates
from cells.models import Cell, Meeting
from cells.rearranging import Outcome

_SUMS = ("expected", "present")
_WRITTEN = ("cell", "day", "was_held", *_SUMS, "committee_met", "grade", "note", "revision")


def settle_meetings(outcome: Outcome, fates: Fates) -> None:
    """Hand on the meetings of after the day; what several cells of one held apart is added up, as their counts are.

    So attendance stays what it was. Refuses meetings of a cell that was dissolved.
    """
    takers = {
        cell: into for _line, into, wholly, standing in outcome.joins() for cell in (*wholly, *standing)
    }
    touched = {*outcome.cells_ended, *takers}
    rows = Meeting.objects.filter(cell__in=touched, day__gte=outcome.day).select_related("cell")
    groups: dict[tuple[Cell, str, date], list[Meeting]] = defaultdict(list)
    faults = []
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        into = takers.get(row.cell_id)
        if into is not None:
            groups[into, row.kind, row.month if row.is_regular else row.day].append(row)
        elif row.was_held:
            words = {"cell": row.cell, "day": f"{row.day:%d/%m/%Y}"}
            faults.append(_("%(cell)s met on %(day)s, after it had ended. Take that back first.") % words)
    if faults:
        raise ValidationError(faults[:20])
    changed, gone = [], []
    for (into, _kind, _when), some in groups.items():
        if any(row.cell_id != into.pk for row in some):
            kept, *others = sorted(some, key=lambda row: row.cell_id != into.pk)
            _add_up(kept, some)
            kept.cell = into
            changed.append(kept)
            gone += [row.pk for row in others]
    if gone:
        delete_many(Meeting.objects.filter(pk__in=gone))
    update_many(Meeting, changed, list(_WRITTEN))


def _add_up(kept: Meeting, rows: list[Meeting]) -> None:
    """Let the first one say what all of them said. Only who knows both numbers is in the sum, as in attendance."""
    held = [row for row in rows if row.was_held] or rows
    known = [row for row in held if None not in (row.expected, row.present)]
    for name, total in [(name, sum(getattr(row, name) for row in known)) for name in _SUMS]:
        setattr(kept, name, total if known else getattr(held[0], name))
    answers = {row.committee_met for row in held}
    grades = {row.grade for row in held}
    notes = dict.fromkeys(row.note for row in rows if row.note)
    kept.was_held, kept.day = held[0].was_held, max(row.day for row in held)
    kept.committee_met = answers.pop() if len(answers) == 1 else None
    kept.grade = grades.pop() if len(grades) == 1 else ""
    kept.note = "; ".join(notes)[: Meeting._meta.get_field("note").max_length]
    kept.revision += 1
