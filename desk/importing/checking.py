"""What would become of the rows of a paper: told by writing them, and taking that back where it is a check.

So a check and the writing itself cannot disagree.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.resources import CHANGED_MEANWHILE, REVISION, SheetResource
from accounts.sheet_lines import CHANGED, NEW, SAME, Fault, Line
from accounts.sheet_results import printed
from desk.importing.papers import ImportForm, Part, Row
from desk.importing.reading import Reading, mend_key, told_at, where_of
from sheets.tables import Table
from sheets.totals import compare_totals

FAULTY, SKIPPED = "faulty", "skipped"
# The weightiest outcome of what a row says to several lists is that of the row.
OUTCOMES = (NEW, CHANGED, SAME)
COUNTED = (NEW, CHANGED, SAME, SKIPPED, FAULTY)


@dataclass
class Outcome:
    """What becomes of one row: ``changes`` are (heading, before, after), ``faults`` are by column."""

    row: Row
    outcome: str = SAME
    name: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    # Of these, what is wrong with a column that the paper lacks.
    shown_elsewhere: list[Fault] = field(default_factory=list)
    # Whether the row does no more than what its office does without anybody's word.
    is_own_step: bool = True

    @property
    def is_good(self) -> bool:
        return not self.faults


@dataclass
class Checked:
    """What becomes of all rows."""

    form: ImportForm
    outcomes: list[Outcome]
    skipped: int
    # Who gets a record by a row about something else.
    new_people: list[str]

    @property
    def counts(self) -> dict[str, int]:
        counts = dict.fromkeys(COUNTED, 0) | {SKIPPED: self.skipped}
        for one in self.outcomes:
            counts[one.outcome] += 1
        return counts

    @property
    def is_good(self) -> bool:
        return all(one.is_good for one in self.outcomes)

    @property
    def holds_only_own_steps(self) -> bool:
        return all(one.is_own_step for one in self.outcomes)

    def fingerprint(self, *, only_good: bool) -> str:
        """Return a mark that is another as soon as anything would be written differently."""
        told = [
            (one.row.number, one.outcome, one.changes)
            for one in self.outcomes
            if one.is_good or not only_good
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


class Refused(Exception):
    """The rows hold faults, so nothing is written."""

    def __init__(self, checked: Checked):
        self.checked = checked
        super().__init__()


def check(reading: Reading, user, report: Callable = lambda *step: None) -> Checked:
    """Say what would become of the rows if this user wrote them now; nothing is kept."""
    with transaction.atomic():
        checked = _pass(reading, reading.rows, user, report)
        transaction.set_rollback(True)
    return checked


@transaction.atomic
def write(
    reading: Reading, user, *, numbers: Iterable[int], report: Callable = lambda *step: None
) -> Checked:
    """Write the rows of these numbers, all or none: raises Refused where one of them has a fault."""
    wanted = set(numbers)
    rows = [row for row in reading.rows if row.number in wanted]
    checked = _pass(reading, rows, user, report)
    if not checked.is_good:
        raise Refused(checked)
    return checked


def _pass(reading: Reading, rows: list[Row], user, report: Callable) -> Checked:
    outcomes = {
        row.number: Outcome(row, faults=list(row.faults.items()), outcome=FAULTY if row.faults else SAME)
        for row in rows
    }
    new_people: list[str] = []
    for number, part in enumerate(reading.form.parts):
        report(_("Checking: %(list)s") % {"list": part.resource.title}, number, len(reading.form.parts))
        good = [row for row in rows if outcomes[row.number].is_good or number == 0]
        new_people += _take(part, good, user, outcomes, reading.mapped.columns)
    return Checked(reading.form, list(outcomes.values()), len(reading.left_out), new_people)


def _take(
    part: Part, rows: list[Row], user, outcomes: dict[int, Outcome], columns: Mapping[str, int]
) -> list[str]:
    """Let the list take what the rows say to it, and note what becomes of each; return who got a record by it."""
    resource = part.resource(user=user)
    lines = []
    for row in rows:
        for values in part.lines_of(row):
            line = Line(row.number, values=dict(values), overrides=row.overrides)
            for key in resource.by_key.keys() & row.faults.keys():
                line.faults[key] = [row.faults[key]]
            # A row that could not be read is looked up all the same, so that all its faults are known.
            if row.faults and not line.faults:
                line.faults[NON_FIELD_ERRORS] = []
            lines.append(line)
    resource.take(lines)
    for line in lines:
        _note(outcomes[line.number], part, resource, line, columns)
    return resource.new_people()


def _note(
    outcome: Outcome, part: Part, resource: SheetResource, line: Line, columns: Mapping[str, int]
) -> None:
    for key, faults in line.faults.items():
        at = "" if key == NON_FIELD_ERRORS else _shown_at(part, key, columns)
        known = {(where, str(fault)) for where, fault in outcome.faults}
        new = [(at, fault) for fault in faults if (at, str(fault)) not in known]
        outcome.faults += new
        if at != key:
            outcome.shown_elsewhere += [fault for _at, fault in new]
    if outcome.faults:
        outcome.outcome = FAULTY
        return
    outcome.outcome = min(outcome.outcome, line.outcome, key=OUTCOMES.index)
    outcome.is_own_step &= line.outcome == SAME or resource.is_own_step(line)
    outcome.name = outcome.name or str(line.obj or "")
    for column in resource.columns:
        if column.key in line.changed:
            before = _printed(resource, column, (line.current or {}).get(column.key))
            after = _printed(resource, column, line.changed[column.key])
            outcome.changes.append((str(column.header), before, after))


def _shown_at(part: Part, key: str, columns: Mapping[str, int]) -> str:
    return key if key in columns else part.at.get(key, key)


def _printed(resource: SheetResource, column, value) -> str:
    return printed(resource.shown(column, value))


# --- For showing ----------------------------------------------------------------------


def as_shown(reading: Reading, checked: Checked) -> dict[str, Any]:
    """Return what a page shows of a check, as JSON."""
    return {
        "counts": checked.counts,
        "new_people": checked.new_people,
        "only_own_steps": checked.holds_only_own_steps,
        "own_steps": sum(one.is_own_step for one in checked.outcomes if one.outcome in (NEW, CHANGED)),
        "fingerprint": checked.fingerprint(only_good=False),
        "fingerprint_of_good": checked.fingerprint(only_good=True),
        "rows": [_row_shown(reading, one) for one in checked.outcomes],
        "groups": _groups(reading, checked),
        "totals": _totals(reading),
        "skipped": [
            {"row": row.number, "why": "left_out", "text": _text_of(reading, row.line)}
            for row in reading.left_out
        ]
        + [
            {"row": line.row, "why": line.kind, "text": line.label or _text_of(reading, line)}
            for line in reading.table.skipped
        ],
    }


def _row_shown(reading: Reading, one: Outcome) -> dict[str, Any]:
    return {
        "row": one.row.number,
        "outcome": one.outcome,
        "name": one.name or _text_of(reading, one.row.line),
        "where": where_of(one.row.line),
        "changes": one.changes,
        "faults": [
            {"column": _column_of(reading, key), "heading": reading.form.heading(key), "said": str(fault)}
            for key, fault in one.faults
        ],
    }


def _column_of(reading: Reading, key: str) -> int | None:
    return reading.mapped.columns.get(key)


def _text_of(reading: Reading, line) -> str:
    """Return the words of a row by which people know it; in a csv file numbers and days are texts too.

    The mark of what is recorded is ours: nobody knows a row by it.
    """
    mark = _column_of(reading, REVISION.key)
    values = (value for column, value in enumerate(line.values, 1) if column != mark)
    words = (value for value in values if isinstance(value, str) and any(map(str.isalpha, value)))
    return " · ".join(map(printed, words))[:120]


def _groups(reading: Reading, checked: Checked) -> list[dict[str, Any]]:
    """Bring together the faults of one column and cause, with the cells that say the same."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for one in checked.outcomes:
        for key, fault in one.faults:
            group = groups.setdefault(
                (key, fault.cause or str(fault)),
                {
                    "key": key,
                    "heading": reading.form.heading(key),
                    "said": str(fault),
                    "cause": fault.cause,
                    "is_conflict": fault.cause == CHANGED_MEANWHILE,
                    "rows": [],
                    "cells": {},
                },
            )
            if one.row.number not in group["rows"]:
                group["rows"].append(one.row.number)
            _add_cell(reading, group, one, key, fault)
    return [{**group, "cells": list(group["cells"].values())} for group in groups.values()]


def _add_cell(reading: Reading, group: dict, one: Outcome, key: str, fault: Fault) -> None:
    is_there, raw = told_at(reading, one.row.line, key)
    if not is_there:
        return
    where = where_of(one.row.line)
    told = {
        "key": mend_key(key, where, raw),
        "raw": printed(raw),
        "where": where,
        "said": str(fault),
        "nearest": list(fault.nearest),
        "labels": dict(fault.labels),
        "is_shown_elsewhere": fault in one.shown_elsewhere,
        "rows": [],
    }
    cell = group["cells"].setdefault(told["key"], told)
    if cell["is_shown_elsewhere"] and not told["is_shown_elsewhere"]:
        # A hamlet that is meant is offered by its name, by which its cell is found as well.
        cell |= told | {"rows": cell["rows"]}
    cell["rows"].append(one.row.number)


def _totals(reading: Reading) -> list[dict[str, Any]]:
    """Compare what was read, as it was mended, with the sheet's own totals rows."""
    return [
        {
            "row": one.line.row,
            "label": one.line.label,
            "heading": one.heading.label,
            "stated": None if one.stated is None else str(one.stated),
            "summed": str(one.summed),
            "agrees": one.agrees,
        }
        for one in compare_totals(_as_read(reading))
    ]


def _as_read(reading: Reading) -> Table:
    """Return the table with its counts as they were read: mended, and empty where that was not possible."""
    counted = {
        key: column
        for key, column in reading.mapped.columns.items()
        if reading.form.by_key[key].kind == "count"
    }
    read = {row.number: row for row in reading.rows}
    lines = []
    for line in reading.table.lines:
        if line.row in read:
            values = list(line.values)
            for key, column in counted.items():
                values[column - 1] = read[line.row][key]
            line = replace(line, values=tuple(values))
        lines.append(line)
    return replace(reading.table, lines=tuple(lines))
