"""From a file and what was answered to the rows of a paper, step by step until something must be asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError

from accounts.resources import REVISION, model_of
from accounts.sheet_errors import sentence_of
from accounts.sheet_lines import Fault
from desk.importing.papers import Ask, ImportForm, Row
from sheets.columns import Mapped, Recognition, map_columns, recognise
from sheets.errors import SheetError
from sheets.legacy import Suspicion, converted, suspect
from sheets.lines import Line as SheetLine
from sheets.places import Place
from sheets.reading import Workbook
from sheets.tables import Table, find_tables
from sheets.text import fold, says_nothing

UNICODE = "unicode"
LEAVE_EMPTY, LEAVE_OUT_ROW, TAKE_FILE = "empty", "skip", "file"
# Of two tables that look like one as much as this, somebody has to say which is meant.
_SURELY = 0.15


@dataclass(frozen=True)
class Answers:
    """What somebody has said about a file, as it is kept with its batch."""

    kept: Mapping[str, Any] = field(default_factory=dict)

    @property
    def letters(self) -> str:
        return self.kept.get("letters", "")

    @property
    def table(self) -> str:
        return self.kept.get("table", "")

    @property
    def columns(self) -> dict[str, str]:
        return self.kept.get("columns", {})

    @property
    def asked(self) -> dict[str, str]:
        return self.kept.get("asked", {})

    @property
    def mends(self) -> dict[str, dict]:
        return self.kept.get("mends", {})

    @cached_property
    def kinds(self) -> dict[int, str]:
        return {int(row): kind for row, kind in self.kept.get("kinds", {}).items()}

    @cached_property
    def rows(self) -> dict[int, str]:
        """Return what is done with single rows: left out, or taken although they were changed meanwhile."""
        return {int(row): what for row, what in self.kept.get("rows", {}).items()}


def mend_key(column: str, where: str, raw) -> str:
    """Return the name of all cells of one column that say the same about the same place."""
    return f"{column}|{fold(where)}|{fold(str(raw))}"


@dataclass
class Reading:
    """How far a file could be read, and what has to be asked before it can be checked."""

    workbook: Workbook
    form: ImportForm | None = None
    suspicion: Suspicion | None = None
    tables: list[Table] = field(default_factory=list)
    table: Table | None = None
    # The lists of a workbook that we have written, each with its form, in the order of their sheets.
    own: list[tuple[Table, ImportForm]] = field(default_factory=list)
    recognition: Recognition | None = None
    mapped: Mapped | None = None
    rows: list[Row] = field(default_factory=list)
    left_out: list[Row] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    # Answers that cannot be used, by the key of what was asked.
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def lists_beside(self) -> list[tuple[Table, ImportForm]]:
        """Return the other lists of a workbook of ours, where this one is of ours as well."""
        if self.form is None or self.form.key not in {form.key for _table, form in self.own}:
            return []
        return [(table, form) for table, form in self.own if form.key != self.form.key]

    @property
    def step(self) -> str:
        """Return what is to be asked next, "check" where nothing is."""
        if self.suspicion:
            return "letters"
        if self.table is None:
            return "table" if self.tables else "nothing"
        if self.form is None:
            return "form"
        if not self.mapped.is_settled:
            return "columns"
        if self.table.doubtful:
            return "lines"
        return "asked" if self.asks or self.wrong else "check"


def name_of(table: Table) -> str:
    """Return what an answer calls the table."""
    return f"{table.sheet.name}!{table.header.top}"


def read(
    workbook: Workbook,
    forms: Mapping[str, ImportForm],
    *,
    kind: str,
    answers: Answers,
    remembered: Mapping[str, Mapping[str, str]] | None = None,
) -> Reading:
    """Read as far as the answers go. ``remembered`` are earlier answers about columns, by form."""
    reading = Reading(workbook)
    sheets = _in_unicode(reading, answers)
    if reading.suspicion:
        return reading
    reading.tables = find_tables(sheets, [head for form in forms.values() for head in form.form.heads])
    reading.own = _lists_of_our_own(reading, forms)
    reading.table = _chosen_table(reading, kind, answers)
    if reading.table is None:
        return reading
    reading.table = reading.table.with_kinds(answers.kinds) if answers.kinds else reading.table
    reading.recognition = recognise(reading.table, [form.form for form in forms.values()])
    reading.form = (
        forms.get(kind) or _of_our_own(reading.table, forms) or _recognised(reading.recognition, forms)
    )
    if reading.form is None:
        return reading
    known = dict((remembered or {}).get(reading.form.key, {}))
    reading.mapped = map_columns(reading.table, reading.form.form, known | answers.columns)
    if lone := _lone_rows(reading):
        reading.table = reading.table.with_kinds(lone | answers.kinds)
        reading.mapped = map_columns(reading.table, reading.form.form, known | answers.columns)
    if reading.mapped.is_settled:
        _fill_rows(reading, answers)
    return reading


def _in_unicode(reading: Reading, answers: Answers) -> list:
    sheets = reading.workbook.sheets
    if answers.letters == UNICODE:
        return sheets
    if answers.letters:
        return [converted(sheet, answers.letters) for sheet in sheets]
    reading.suspicion = next(filter(None, map(suspect, sheets)), None)
    return sheets


def _lists_of_our_own(reading: Reading, forms: Mapping[str, ImportForm]) -> list[tuple[Table, ImportForm]]:
    order = {id(sheet): place for place, sheet in enumerate(reading.workbook.sheets)}
    tables = sorted(
        (table for table in reading.tables if table.rows), key=lambda one: order.get(id(one.sheet), 0)
    )
    found = [(table, form) for table in tables if (form := _of_our_own(table, forms)) is not None]
    # Where two sheets hold the same list, somebody has to say which is meant.
    keys = [form.key for _table, form in found]
    return [(table, form) for table, form in found if keys.count(form.key) == 1]


def _chosen_table(reading: Reading, kind: str, answers: Answers) -> Table | None:
    for table in reading.tables:
        if name_of(table) == answers.table:
            return table
    if own := [table for table, form in reading.own if form.key == kind] or [
        one for one, _form in reading.own
    ]:
        return own[0]
    filled = [table for table in reading.tables if table.rows] or reading.tables
    if len(filled) > 1 and filled[0].score - filled[1].score < _SURELY:
        return None
    return filled[0] if filled else None


def _of_our_own(table: Table, forms: Mapping[str, ImportForm]) -> ImportForm | None:
    """Return the form of a list that we have written: its revisions name what its rows are about."""
    heading = fold(str(REVISION.header))
    column = next((one.column for one in table.headings if fold(one.label) == heading), None)
    if column is None:
        return None
    marks = (line.values[column - 1] for line in table.rows)
    model = model_of(next((mark for mark in marks if mark), ""))
    return next((form for form in forms.values() if model in form.models), None)


def _recognised(recognition: Recognition, forms: Mapping[str, ImportForm]) -> ImportForm | None:
    return forms[recognition.best.form.key] if recognition.is_sure else None


_LOOKS_LIKE_A_GROUP = ("stands_alone", "unit_word")
_AREAS = (
    "xa ",
    "phuong ",
    "thi tran ",
    "dac khu ",
    "huyen ",
    "quan ",
    "thi xa ",
    "thanh pho ",
    "tinh ",
    "dang bo ",
    "dang uy ",
)


def _lone_rows(reading: Reading) -> dict[int, str]:
    """Return the rows that look like the name of a group and are of the list in a form of this kind."""
    columns = {reading.mapped.columns.get(key) for key in reading.form.lone_keys}
    found = {}
    for line in reading.table.lines if columns else ():
        if line.kind == "group" and line.why in _LOOKS_LIKE_A_GROUP:
            places = {place for place, value in enumerate(line.values, 1) if value is not None}
            if places <= columns and not fold(line.label).startswith(_AREAS):
                found[line.row] = "data"
    return found


# --- Rows -----------------------------------------------------------------------------


def _fill_rows(reading: Reading, answers: Answers) -> None:
    rows = [_row(reading, line, answers) for line in reading.table.rows]
    reading.form.fill_down(rows)
    for row in rows:
        reading.form.look_over(row)
    away = {number for number, what in answers.rows.items() if what == LEAVE_OUT_ROW}
    away |= _mended_away(rows, reading, answers)
    reading.left_out = [row for row in rows if row.number in away]
    reading.rows = [row for row in rows if row.number not in away]
    for ask in reading.form.asks:
        _answer(reading, ask, answers)


def _row(reading: Reading, line: SheetLine, answers: Answers) -> Row:
    row = Row(line, overrides=answers.rows.get(line.row) == TAKE_FILE)
    for key, column in reading.mapped.columns.items():
        value = line.values[column - 1]
        mend = answers.mends.get(mend_key(key, where_of(line), value), {})
        if LEAVE_EMPTY in mend:
            continue
        _read_cell(reading, row, key, column, mend.get("to", value), is_mended="to" in mend)
    _read_commune_above(reading, row, answers)
    return row


def _read_commune_above(reading: Reading, row: Row, answers: Answers) -> None:
    """Take the commune from the group rows, where the row itself says none."""
    key, commune = reading.form.commune_key, _commune_above(row.line)
    if commune and row[key] is None and key not in row.faults:
        mend = answers.mends.get(mend_key(key, where_of(row.line), commune), {})
        row.values[key] = mend.get("to", commune)


def told_at(reading: Reading, line: SheetLine, key: str) -> tuple[bool, Any]:
    """Return whether a row has a place for the column, and what stands there.

    For the commune that may be a group row above.
    """
    column = reading.mapped.columns.get(key)
    value = None if column is None else line.values[column - 1]
    if value is None and key == reading.form.commune_key and (commune := _commune_above(line)):
        return True, commune
    return column is not None, value


def where_of(line: SheetLine) -> str:
    return " / ".join(line.groups)


def _mended_away(rows: Iterable[Row], reading: Reading, answers: Answers) -> set[int]:
    """Return the rows that were left out together, because of what one of their cells says."""
    dropped = {key for key, mend in answers.mends.items() if LEAVE_OUT_ROW in mend}
    if not dropped:
        return set()
    return {
        row.number
        for row in rows
        for key in {*reading.mapped.columns, reading.form.commune_key}
        if mend_key(key, where_of(row.line), told_at(reading, row.line, key)[1]) in dropped
    }


def _read_cell(reading: Reading, row: Row, key: str, column: int, value, *, is_mended: bool) -> None:
    by = reading.form.by_key[key]
    unread = reading.table.sheet.unread.get(Place(row.number, column))
    try:
        if unread and not is_mended:
            raise SheetError(unread)
        row.values[key] = by.read(value)
    except (SheetError, ValidationError) as error:
        row.faults[key] = Fault(by.refusal(error), cause=getattr(error, "code", "") or "")


_COMMUNE_WORDS = ("xa ", "phuong ", "thi tran ", "dac khu ")
_COMMITTEE_WORDS = ("Đảng bộ ", "Đảng ủy ", "Đảng uỷ ", "ĐB ", "ĐU ")


def _commune_above(line: SheetLine) -> str:
    """Return the commune that the group rows above name, "" where they name none."""
    for group in reversed(line.groups):
        name = group
        for word in _COMMITTEE_WORDS:
            if name.lower().startswith(word.lower()):
                name = name[len(word) :]
        if fold(name).startswith(_COMMUNE_WORDS):
            return name.strip()
    return ""


# --- What the sheet does not say ------------------------------------------------------


def _answer(reading: Reading, ask: Ask, answers: Answers) -> None:
    """Fill what was answered into the rows that lack it, or note that it is still to be asked."""
    lacking = [row for row in reading.rows if ask.is_open_for(row)]
    said = answers.asked.get(ask.key)
    if not lacking:
        return
    if said is None or (says_nothing(said) and not ask.is_optional):
        reading.asks.append(ask)
        return
    column = reading.form.by_key[ask.key]
    try:
        value = column.read(said)
    except (SheetError, ValidationError) as error:
        reading.asks.append(ask)
        reading.wrong[ask.key] = column.refusal(error)
        return
    for row in lacking:
        row.values[ask.key] = value


def notices(reading: Reading) -> list[str]:
    """Return what is worth telling about how the file was read."""
    return [sentence_of(notice) for notice in reading.workbook.notices]
