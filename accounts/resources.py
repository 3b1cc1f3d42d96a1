"""The base of every list that goes out as a workbook and comes back in.

A resource names its columns, yields the values of its rows (``rows``), finds for each line of a
file the recorded row it means (``look_up``), and writes what is new or changed (``write``). A
line is compared with what would be exported for the row it means, so a file that was exported
changes nothing. An empty cell changes nothing either: what is to be emptied is emptied on a form.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field
from import_export.resources import Resource
from import_export.results import Error, Result, RowResult
from tablib import Dataset

from accounts.columns import SheetColumn
from accounts.history import batches, last_change, latest_changes
from accounts.memory import kept_to_the_end
from accounts.refusals import check_deferred, sentences_for
from accounts.sheet_lines import CHANGED, SAME, Line, Refusal
from accounts.sheet_results import LineResult, printed
from accounts.validation import CleanFields
from sheets.errors import SheetError
from sheets.reading import Workbook
from sheets.text import fold
from sheets.writing import Column

REVISION = SheetColumn("revision", gettext_lazy("Revision (do not change)"), width=14)
CHANGED_MEANWHILE = "changed_meanwhile"
ROWS_AT_A_TIME = 1000
# A header stands within the first rows; above it there may be a title.
HEADER_WITHIN = 15


class SheetResource(Resource):
    """Lists of one form, out and in. Without a user it sees nothing."""

    columns: list[SheetColumn] = []
    title = ""
    model = None
    # The column at which a refusal of the database is shown; without one, the whole row.
    refused_at = NON_FIELD_ERRORS

    def __init__(self, user=None, **kwargs):
        super().__init__(**kwargs)
        self.user = user or AnonymousUser()
        self.by_key = {column.key: column for column in (*self.columns, REVISION)}
        self.fields = {c.key: Field(column_name=str(c.header), attribute=c.key) for c in self.columns}
        # What cells and fields said before: the rows of a file say the same in most columns.
        self._known_cells: dict[tuple, Any] = {}
        self._checks = CleanFields()

    @classmethod
    def get_display_name(cls):
        return cls.title

    def get_user_visible_fields(self):
        return list(self.fields.values())

    # --- What a subclass says -------------------------------------------------------------

    def new_people(self) -> list[str]:
        """Return who got a record by what the rows say, and not by a row of their own."""
        return []

    def rows(self, queryset) -> Iterator[dict]:
        """Yield the values of each row, by key of the column."""
        raise NotImplementedError

    def look_up(self, lines: list[Line]) -> None:
        """Find what the lines mean, in a few queries for the whole file; note faults.

        What several lines refer to and is new, such as a decision, is written here already; it
        stays only when all of the file does.
        """
        raise NotImplementedError

    def identity(self, line: Line):
        """Return what two lines of a file may not share, or None where nothing is known."""
        return

    def write(self, lines: list[Line]) -> None:
        """Write new and changed lines, and set ``obj`` of each."""
        raise NotImplementedError

    def check_written(self, lines: list[Line]) -> None:
        """Note as faults what contradicts other rows; everything is written by now."""

    def is_own_step(self, line: Line) -> bool:
        """Whether the line does no more than whoever keeps the place does day by day, without anybody's word."""
        return False

    # --- Out --------------------------------------------------------------------------

    @property
    def layout(self) -> list[Column]:
        """Return the columns as they are written; the last one tells a row that was changed meanwhile."""
        return [column.layout for column in (*self.columns, REVISION)]

    def exported(self, queryset) -> Iterator[dict]:
        """Yield the rows as they are written, by key of the column, some at a time."""
        rows = self.rows(queryset)
        shows = [(column.key, column.show) for column in self.columns]
        while some := list(islice(rows, ROWS_AT_A_TIME)):
            marks = marks_of(row["records"] for row in some)
            for row, mark in zip(some, marks, strict=True):
                shown = {key: None if (value := row.get(key)) is None else show(value) for key, show in shows}
                shown[REVISION.key] = mark
                yield shown

    def note_taken_out(self, queryset, what: str) -> None:
        """Note what else is to be known of these rows that were taken out, where anything is."""

    def export(self, queryset=None, **kwargs):
        dataset = Dataset(headers=[column.header for column in self.layout])
        dataset.title = str(self.title)
        dataset.layout = self.layout
        dataset.lines = list(self.exported(queryset))
        for line in dataset.lines:
            dataset.append(list(line.values()))
        return dataset

    @staticmethod
    def shown(column: SheetColumn, value):
        return None if value is None else column.show(value)

    # --- In ---------------------------------------------------------------------------

    def import_data(self, dataset, dry_run=False, raise_errors=False, **kwargs) -> Result:
        """Check the whole file, write it, check again; keep nothing when anything is wrong or on a dry run."""
        result = Result()
        result.diff_headers = [str(column.header) for column in self.columns]
        with kept_to_the_end(), transaction.atomic():
            lines = self._import(dataset, result)
            self._report(lines, result)
            if dry_run or result.has_errors() or result.has_validation_errors():
                transaction.set_rollback(True)
        return result

    def _import(self, dataset, result: Result) -> list[Line]:
        try:
            lines = self._lines(dataset)
        except ValidationError as error:
            result.base_errors += [Error(sentence) for sentence in error.messages]
            return []
        result.total_rows = len(lines)
        for line in lines:
            self._read(line)
        self.take(lines)
        return lines

    @kept_to_the_end()
    def take(self, lines: list[Line]) -> None:
        """Find, compare, write and check the lines, whose values are read; note every fault at its line.

        Call it in a transaction that is kept only when no line has a fault: lines without one are
        written all the same, so that all faults of a file are known at once.
        """
        if not lines:
            return
        for line in lines:
            line.seen = line.values.pop(REVISION.key, None)
        self.look_up(lines)
        self._refuse_repetitions(lines)
        self._refuse_what_was_changed_meanwhile(lines)
        wanted = [line for line in lines if not line.faults and line.outcome != SAME]
        self._place(wanted)
        written = [line for line in wanted if not line.faults]
        self.check_written(written)
        self._refuse_outside_scope(written)

    def _lines(self, dataset) -> list[Line]:
        rows = ([dataset.headers] if dataset.headers else []) + list(dataset)
        top, columns = self._header(rows)
        lines = []
        for number, row in enumerate(rows[top + 1 :], top + 2):
            raw = {
                column.key: row[place] for place, column in columns.items() if row[place] not in (None, "")
            }
            if raw:
                lines.append(Line(number, raw))
        if not lines:
            raise ValidationError(_("The table has no rows below its header."))
        return lines

    def _header(self, rows: list) -> tuple[int, dict[int, SheetColumn]]:
        known = {fold(str(column.header)): column for column in (*self.columns, REVISION)}
        headers = [[fold(str(cell or "")) for cell in row] for row in rows[:HEADER_WITHIN]]
        hits = [sum(name in known for name in row) for row in headers]
        top = hits.index(max(hits)) if hits else 0
        required = [column for column in self.columns if column.required]
        found = headers[top] if hits and max(hits) else []
        missing = [str(c.header) for c in required if fold(str(c.header)) not in found]
        if missing:
            raise ValidationError(
                _("The table lacks the columns: %(missing)s. Its columns are: %(all)s.")
                % {"missing": ", ".join(missing), "all": ", ".join(str(c.header) for c in self.columns)}
            )
        strange = [str(rows[top][place]) for place, name in enumerate(found) if name and name not in known]
        if strange:
            raise ValidationError(
                _("These columns are not known here: %(columns)s. Remove them, or correct their headings.")
                % {"columns": ", ".join(strange)}
            )
        twice = {name for name in found if name and found.count(name) > 1}
        if twice:
            raise ValidationError(
                _("These columns stand in the table twice: %(columns)s.")
                % {"columns": ", ".join(str(known[name].header) for name in sorted(twice))}
            )
        return top, {place: known[name] for place, name in enumerate(found) if name}

    def _read(self, line: Line) -> None:
        for key, value in line.raw.items():
            known = key, type(value), value
            if known in self._known_cells:
                line.values[key] = self._known_cells[known]
                continue
            column = self.by_key[key]
            try:
                line.values[key] = self._known_cells[known] = column.read(value)
            except (SheetError, ValidationError) as error:
                line.fault(key, column.refusal(error))

    def _refuse_repetitions(self, lines: list[Line]) -> None:
        first: dict[Any, int] = {}
        for line in lines:
            identity = None if line.faults else self.identity(line)
            if identity is None:
                continue
            if identity in first:
                line.fault(
                    NON_FIELD_ERRORS,
                    _("Row %(row)s is about the same. Leave one of the two.") % {"row": first[identity]},
                )
            first.setdefault(identity, line.number)

    def _refuse_what_was_changed_meanwhile(self, lines: list[Line]) -> None:
        """A row that somebody has changed since the file was made is a conflict to decide, never written over."""
        stated = [
            line
            for line in lines
            if line.seen and not line.faults and not line.overrides and line.outcome == CHANGED
        ]
        recorded = marks_of(line.current["records"] for line in stated)
        for line, now in zip(stated, recorded, strict=True):
            if line.seen != now:
                line.fault(NON_FIELD_ERRORS, _conflict(line))

    def require(self, line: Line, *keys: str) -> bool:
        """Note the columns that a line must fill, and say whether it does."""
        empty = [key for key in keys if line[key] is None and key not in line.faults]
        for key in empty:
            line.fault(key, _("Fill in this column."))
        return not any(key in line.faults for key in keys)

    def clean(self, line: Line, *instances) -> bool:
        """Check the fields of the instances, references aside, and what their ``clean`` says."""
        for instance in instances:
            try:
                self._checks.clean(instance, editable_only=True)
                getattr(instance, "clean_body", instance.clean)()
            except ValidationError as error:
                self.note(line, error)
        return not line.faults

    def note(self, line: Line, error: ValidationError) -> None:
        """Note a refusal of the model at the column that stands for its field."""
        if not hasattr(error, "error_dict"):
            line.fault(NON_FIELD_ERRORS, error)
            return
        places = {name: column.key for column in self.columns for name in (column.key, *column.names)}
        for name, sentences in error.message_dict.items():
            for sentence in sentences:
                line.fault(places.get(name, NON_FIELD_ERRORS), sentence)

    def _place(self, lines: list[Line]) -> None:
        """Write the lines; where the database refuses, halve them until the line is found."""
        if not lines:
            return
        try:
            with transaction.atomic():
                self.write(lines)
                check_deferred()
        except (IntegrityError, ValidationError) as error:
            if len(lines) == 1:
                for sentence in sentences_for(error):
                    lines[0].fault(self.refused_at, sentence)
                return
            middle = len(lines) // 2
            self._place(lines[:middle])
            self._place(lines[middle:])

    def _refuse_outside_scope(self, lines: list[Line]) -> None:
        kept: set[int] = set()
        for some in batches([line.obj.pk for line in lines if line.obj is not None]):
            rows = self.model.objects.kept_by(self.user).filter(pk__in=some).order_by()
            kept |= set(rows.values_list("pk", flat=True))
        for line in lines:
            if line.obj is not None and line.obj.pk not in kept:
                line.fault(NON_FIELD_ERRORS, _("Not found in your scope."))

    # --- Report -----------------------------------------------------------------------

    def _report(self, lines: Iterable[Line], result: Result) -> None:
        for line in lines:
            row = LineResult(self, line)
            if line.faults:
                row.import_type = RowResult.IMPORT_TYPE_INVALID
                row.validation_error = ValidationError(
                    {self._heading(key): list(map(str, faults)) for key, faults in line.faults.items()}
                )
                result.append_invalid_row(line.number, self._raw_by_header(line), row.validation_error)
            else:
                row.import_type = line.outcome
            result.increment_row_result_total(row)
            result.append_row_result(row)

    def _heading(self, key: str) -> str:
        return str(self.by_key[key].header) if key in self.by_key else key

    def _raw_by_header(self, line: Line) -> dict:
        return {str(column.header): line.raw.get(column.key, "") for column in self.columns}

    def differences(self, line: Line) -> list:
        """Return what the row shows in each column: as it is, or before and after."""
        return [self._diff(line, column) for column in self.columns]

    def _diff(self, line: Line, column: SheetColumn):
        now = (line.current or {}).get(column.key)
        before = printed(self.shown(column, now))
        if column.key not in line.changed:
            return before
        after = printed(self.shown(column, line.changed[column.key]))
        return (
            format_html("<del>{}</del> <ins>{}</ins>", before, after)
            if before
            else format_html("<ins>{}</ins>", after)
        )


def marks_of(records: Iterable[Iterable[tuple[type[Model], Any]]]) -> list[str]:
    """Return for each row, given as the records it shows, by what it is known not to have changed since.

    The mark begins with the model that the row is about: by it a file of ours is known (``model_of``).
    """
    records = [list(some) for some in records]
    latest = latest_changes(record for some in records for record in some)
    return [
        ".".join([some[0][0]._meta.model_name, *(str(latest.get(record, 0)) for record in some)])
        if some
        else ""
        for some in records
    ]


def mark_of_nothing(model: type[Model]) -> str:
    """Return the mark of a row of which nothing is recorded yet."""
    return f"{model._meta.model_name}."


def model_of(mark) -> str:
    """Return the name of the model that a row with this mark is about."""
    return str(mark).partition(".")[0]


def _conflict(line: Line) -> Refusal:
    change = last_change(line.current["records"])
    return Refusal(
        _("Row %(row)d was changed by %(who)s at %(time)s after the file was made. Which is to stay?")
        % {
            "row": line.number,
            "who": (change and change.change_set.by_name) or _("somebody"),
            "time": f"{timezone.localtime(change.history_date):%H:%M %d/%m/%Y}" if change else "",
        },
        cause=CHANGED_MEANWHILE,
    )


def dataset_of(workbook: Workbook) -> Dataset:
    """Return the first filled sheet that can be seen, row by row from its first one."""
    for sheet in workbook.sheets:
        if sheet.is_visible and sheet.rows:
            return Dataset(*sheet.rows)
    raise SheetError("empty_file")
