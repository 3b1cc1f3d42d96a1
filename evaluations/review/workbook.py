"""The workbook of one commune's review: what its page shows, to be filled in anywhere and handed in again.

Every row carries its key and the mark of what it was made of, so that a row that was changed meanwhile is a
conflict to decide. What cannot be entered now is locked; the lock keeps from slips and has no password.
"""

import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from accounts.columns import SheetColumn
from accounts.resources import REVISION, mark_of_nothing, marks_of
from cells.kinds import commune_board
from evaluations.models import CellRating, LeaderRating, Level, MemberLevels, ReviewCycle, Submission
from evaluations.models.ratings import SHORT_FORMS, NotSubject
from evaluations.reading import FULL_NAMES
from evaluations.resources.leaders import LeaderRatingResource
from evaluations.resources.members import columns_beside_levels, joined_marks
from evaluations.resources.ratings import CellRatingResource
from evaluations.review.authority import filled_in_by
from evaluations.review.grid import Row, load
from evaluations.review.required import members_of, ratings_of
from evaluations.review.rows import CONDITIONS, LEVELS, MEMBERS, open_fields
from sheets.markup import without_hidden
from sheets.text import lower_first

FONT, SIZE = "Times New Roman", 12
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"
HEADER = 7  # the first of the two rows of the header
FIRST = HEADER + 2
A4 = 9
LONGEST = 500
_LINE = Side(style="thin", color="808080")
_BOX = Border(_LINE, _LINE, _LINE, _LINE)
_GREY = PatternFill("solid", fgColor="E6E8EB")
_LOCKED = PatternFill("solid", fgColor="F3F4F5")
_MISSING = PatternFill("solid", bgColor="FDE9C4")
# What somebody reads beside a row; whatever else there is, is entered.
_GIVEN = ("order", "year", "cell_code", "cell", "person", "full_name", "basis", "last_level", REVISION.key)
_HIDDEN = ("year", "cell_code", REVISION.key)
_WIDTHS = {
    "order": 5,
    "cell": 30,
    "full_name": 26,
    "basis": 14,
    "last_level": 11,
    "points": 8,
    "not_subject_reason": 18,
    "reason": 30,
    "note": 24,
    **dict.fromkeys(LEVELS, 12),
    **dict.fromkeys(MEMBERS, 7),
}


@dataclass(frozen=True)
class Column:
    """A column of the workbook: ``head`` stands over it, over that, where several share one, ``above``."""

    key: str
    head: str
    above: str = ""
    show: object = str

    @property
    def width(self) -> float:
        return _WIDTHS.get(self.key, 12)

    @property
    def is_entered(self) -> bool:
        return self.key not in _GIVEN


def workbook_of(file: Submission, user) -> bytes:
    """Return the workbook of the file as it is now, for somebody who may see what its rows say."""
    # Read before the rows: what is changed in between shows as a conflict, and is never written over.
    marks = _marks(file)
    grid = load(file, user)
    may_fill = file.cycle.state == ReviewCycle.State.OPEN and file.pk in filled_in_by(user, [file])
    for row in grid.rows:
        row.open = open_fields(file, row.rating) if may_fill else frozenset()
    cells, people = [row for row in grid.rows if row.is_cell], grid.people
    made = Workbook()
    made.remove(made.active)
    _List(file, made.create_sheet(_("Cells of the commune")), _cell_columns(file)).write(
        _("Review of the cells in %(year)s"), cells, marks
    )
    if people:
        _List(file, made.create_sheet(_("Secretaries")), _person_columns(file)).write(
            _("Review of the secretaries in %(year)s"), people, marks
        )
    _write_guide(made.create_sheet(_("Guide")), file)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def row_count(file: Submission) -> int:
    """Return how many rows the workbook has."""
    return sum(ratings_of(file, model).count() for model in (CellRating, LeaderRating))


def file_name(file: Submission) -> str:
    """Return "Danh-gia-chi-bo-2026-xa-Phu-Tuc.xlsx": letters that every mail and every disk takes."""
    words = f"Đánh giá chi bộ {file.cycle.year} {lower_first(str(file.commune))}".replace("đ", "d").replace(
        "Đ", "D"
    )
    plain = unicodedata.normalize("NFD", words).encode("ascii", "ignore").decode()
    kept = "".join(letter if letter.isalnum() else " " for letter in plain)
    return "-".join(kept.split()) + ".xlsx"


def _marks(file: Submission) -> dict[tuple[type, int], str]:
    """Return the mark of every row of the file, that of a cell's members joined to it."""
    people = list(ratings_of(file, LeaderRating).values_list("pk", flat=True))
    cells = dict(ratings_of(file, CellRating).values_list("pk", "cell"))
    levels = dict(members_of(file).values_list("cell", "pk"))
    of_levels = dict(zip(levels, marks_of([(MemberLevels, pk)] for pk in levels.values()), strict=True))
    none = mark_of_nothing(MemberLevels)
    return {
        (LeaderRating, pk): mark
        for pk, mark in zip(people, marks_of([(LeaderRating, pk)] for pk in people), strict=True)
    } | {
        (CellRating, pk): joined_marks(mark, of_levels.get(cells[pk], none))
        for pk, mark in zip(cells, marks_of([(CellRating, pk)] for pk in cells), strict=True)
    }


# --- Columns --------------------------------------------------------------------------


def _of(columns: Iterable[SheetColumn], *keys: str) -> list[Column]:
    by_key = {column.key: column for column in columns}
    return [Column(key, str(by_key[key].header), show=by_key[key].show) for key in keys]


def _cell_columns(file: Submission) -> list[Column]:
    own, rules = CellRatingResource.columns, file.cycle.rule_set
    beside = {column.key: str(column.header).split(" / ") for column in columns_beside_levels()}
    return [
        Column("order", _("No.")),
        *_of(own, "cell"),
        Column("last_level", _("Level of last year")),
        *_of(own, *LEVELS),
        *(_of(own, "points") if rules.uses_points else ()),
        *(_of(own, *CONDITIONS, "disciplined") if rules.uses_conditions else ()),
        *(Column(key, beside[key][1], beside[key][0], show=int) for key in MEMBERS),
        *_of(own, "not_subject_reason", "reason", "note", "cell_code", "year"),
        Column(REVISION.key, str(REVISION.header)),
    ]


def _person_columns(file: Submission) -> list[Column]:
    own, rules = LeaderRatingResource.columns, file.cycle.rule_set
    return [
        Column("order", _("No.")),
        *_of(own, "person", "full_name", "cell", "basis"),
        Column("last_level", _("Level of last year")),
        *_of(own, *LEVELS),
        *(_of(own, "points") if rules.uses_points else ()),
        *(_of(own, "disciplined") if rules.uses_conditions else ()),
        *_of(own, "not_subject_reason", "reason", "note", "cell_code", "year"),
        Column(REVISION.key, str(REVISION.header)),
    ]


def _value(row: Row, key: str, order: int, mark: str):
    rating = row.rating
    given = {
        "order": lambda: order,
        "year": lambda: rating.cycle.year,
        "cell": lambda: rating.cell and rating.cell.name,
        "cell_code": lambda: rating.cell and rating.cell.code,
        "person": lambda: rating.person_id,
        "full_name": lambda: rating.person.full_name,
        "basis": lambda: rating.basis,
        "last_level": lambda: SHORT_FORMS.get(row.last_level),
        REVISION.key: lambda: mark,
    }
    return given[key]() if key in given else row.value(key)


# --- A list ---------------------------------------------------------------------------


class _List:
    """One sheet: title block, header of two rows, rows, drop-downs, locks, print setup."""

    def __init__(self, file: Submission, sheet: Worksheet, columns: Sequence[Column]):
        self.file, self.sheet, self.columns = file, sheet, columns
        self.letters = {column.key: get_column_letter(n) for n, column in enumerate(columns, 1)}
        self.shown = [column for column in columns if column.key not in _HIDDEN]

    def write(self, title: str, rows: list[Row], marks: dict) -> None:
        self.last = FIRST + len(rows) - 1
        self._write_head(title % {"year": self.file.cycle.year})
        self._write_header()
        for number, row in enumerate(rows, 1):
            self._write_row(number, row, marks[type(row.rating), row.rating.pk])
        self._help_entering()
        self._protect()
        self._prepare_printing()

    def _write_head(self, title: str) -> None:
        commune, width = self.file.commune, len(self.shown)
        half = max(1, width // 2)
        self._say(1, 1, half, f"Đảng ủy {commune}".upper(), bold=True)
        self._say(2, 1, half, commune_board(commune.kind).upper(), bold=True)
        self._say(1, half + 1, width, PARTY, bold=True)
        self._say(4, 1, width, title.upper(), bold=True, size=14)
        self._say(5, 1, width, self._how_to(), wrap=True)
        self.sheet.row_dimensions[5].height = 34

    def _how_to(self) -> str:
        due = self.file.due_on
        words = _(
            "Enter in the white cells only; choose levels from the list. An empty cell changes nothing. Send the file"
            " back on the page “Import from Excel”."
        )
        return f"{words} {_('Deadline: %(day)s.') % {'day': f'{due:%d/%m/%Y}'}}" if due else words

    def _say(self, row: int, first: int, last: int, text: str, *, bold=False, size=SIZE, wrap=False) -> None:
        cell = self.sheet.cell(row, first, without_hidden(text))
        cell.font = Font(name=FONT, size=size, bold=bold, italic=wrap)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=wrap)
        if last > first:
            self.sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)

    def _write_header(self) -> None:
        for number, column in enumerate(self.columns, 1):
            for row in (HEADER, HEADER + 1):
                cell = self.sheet.cell(row, number)
                cell.font = Font(name=FONT, size=SIZE, bold=True)
                cell.fill, cell.border = _GREY, _BOX
                cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            self.sheet.cell(HEADER, number).value = column.above or column.head
            if column.above:
                self.sheet.cell(HEADER + 1, number).value = column.head
            else:
                self.sheet.merge_cells(
                    start_row=HEADER, end_row=HEADER + 1, start_column=number, end_column=number
                )
            letter = self.letters[column.key]
            self.sheet.column_dimensions[letter].width = column.width
            self.sheet.column_dimensions[letter].hidden = column.key in _HIDDEN
        grouped = [number for number, column in enumerate(self.columns, 1) if column.above]
        if grouped:
            self.sheet.merge_cells(
                start_row=HEADER, end_row=HEADER, start_column=grouped[0], end_column=grouped[-1]
            )
        self.sheet.row_dimensions[HEADER].height = 34
        self.sheet.row_dimensions[HEADER + 1].height = 34

    def _write_row(self, number: int, row: Row, mark: str) -> None:
        for place, column in enumerate(self.columns, 1):
            cell = self.sheet.cell(FIRST + number - 1, place)
            value = _value(row, column.key, number, mark)
            if value not in ("", None):
                _put(cell, value if column.key in ("order", "last_level") else column.show(value))
            is_open = column.is_entered and column.key in row.open
            cell.font = Font(name=FONT, size=SIZE)
            cell.border = _BOX
            cell.protection = Protection(locked=not is_open)
            cell.alignment = Alignment(horizontal=_side(column.key), vertical="top", wrap_text=True)
            if not is_open:
                cell.fill = _LOCKED
            if column.key == "points":
                cell.number_format = "0.##"
            elif column.key in MEMBERS:
                cell.number_format = "0"
            elif column.is_entered:
                cell.number_format = "@"

    def _help_entering(self) -> None:
        for key in self.letters:
            if (rule := _rule(key)) is not None:
                rule.showErrorMessage = rule.allow_blank = True
                rule.errorTitle = _("Please check")
                self.sheet.add_data_validation(rule)
                rule.add(self._range(key))
        proposed, away = self.letters["proposed_level"], self.letters["not_subject_reason"]
        formula = f'AND(${proposed}{FIRST}="",${away}{FIRST}="")'
        self.sheet.conditional_formatting.add(
            self._range("proposed_level"), FormulaRule(formula=[formula], fill=_MISSING)
        )

    def _range(self, key: str) -> str:
        return f"{self.letters[key]}{FIRST}:{self.letters[key]}{self.last}"

    def _protect(self) -> None:
        protection = self.sheet.protection
        protection.sheet = True
        # Widths and heights are everybody's own affair.
        protection.formatColumns = protection.formatRows = protection.formatCells = False

    def _prepare_printing(self) -> None:
        sheet = self.sheet
        # What says which row it is stays in sight.
        beside = "full_name" if "full_name" in self.letters else "cell"
        after = get_column_letter(list(self.letters).index(beside) + 2)
        sheet.freeze_panes = f"{after}{FIRST}"
        sheet.print_title_rows = f"{HEADER}:{HEADER + 1}"
        sheet.print_area = f"A1:{self.letters[self.shown[-1].key]}{self.last}"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = A4
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddFooter.center.text = "&P/&N"


def _put(cell, value) -> None:
    """Write a value; text that looks like a formula stays text."""
    cell.value = without_hidden(value) if isinstance(value, str) else value
    if cell.data_type == "f":
        cell.data_type, cell.quotePrefix = "s", True


def _side(key: str) -> str:
    if key in ("cell", "full_name", "reason", "note"):
        return "left"
    return "right" if key in ("points", *MEMBERS) else "center"


def _rule(key: str) -> DataValidation | None:
    """Return what a cell of this column takes."""
    if key in LEVELS:
        rule = _one_of(SHORT_FORMS[level] for level in Level)
        rule.error = _("Choose one of the four levels: HTXSNV, HTTNV, HTNV, KHTNV.")
    elif key in (*CONDITIONS, "disciplined"):
        rule = _one_of([_("yes"), _("no")])
        rule.error = _("Choose yes or no, or leave it empty.")
    elif key == "not_subject_reason":
        rule = _one_of(str(reason.label) for reason in NotSubject)
        rule.error = _("Choose one of the reasons of the list.")
    elif key == "points":
        rule = DataValidation(type="decimal", operator="between", formula1="0", formula2="100")
        rule.error = _("Points lie between 0 and 100.")
    elif key in MEMBERS:
        rule = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0")
        rule.error = _("Enter a whole number.")
    elif key in ("reason", "note"):
        rule = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(LONGEST))
        rule.error = _("At most %(count)d characters.") % {"count": LONGEST}
    else:
        return None
    return rule


def _one_of(words: Iterable[str]) -> DataValidation:
    return DataValidation(type="list", formula1=f'"{",".join(words)}"')


# --- The guide ------------------------------------------------------------------------


def _write_guide(sheet: Worksheet, file: Submission) -> None:
    sheet.column_dimensions["A"].width = 110
    lines = [
        (_("How to fill in this workbook").upper(), True),
        *((sentence, False) for sentence in _guide(file)),
        (_("The four levels").upper(), True),
        *((f"{SHORT_FORMS[level]}: {FULL_NAMES[level]}", False) for level in Level),
    ]
    for number, (text, is_bold) in enumerate(lines, 1):
        cell = sheet.cell(number, 1, text)
        cell.font = Font(name=FONT, size=SIZE, bold=is_bold)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.protection.sheet = True
    sheet.page_setup.paperSize = A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0


def _guide(file: Submission) -> list[str]:
    rules = file.cycle.rule_set
    words = {"above": rules.above_percent, "late": rules.late_percent}
    said = [
        _("1. Enter in the white cells of the sheets; the grey ones are locked. Do not add or delete rows."),
        _("2. Choose levels, yes or no, and reasons from the list of the cell."),
        _("3. Where only the own level is entered, the proposed level follows it."),
        _("4. Members are entered as numbers, without names."),
        _("5. The level KHTNV needs its reason."),
        _(
            "6. An empty cell changes nothing. What is to be taken out again is taken out on the page of the review."
        ),
        _(
            "7. Hand the file in on the page “Import from Excel”. It is recognised by itself; every change is shown"
            " before it is written. Rows that were changed meanwhile are shown, and somebody decides which is to stay."
        ),
        _(
            "8. The decided level is recorded on the page of the review, with the decision of the standing committee."
        ),
    ]
    if rules.uses_conditions:
        said.append(
            _(
                "9. “Enough tasks above what was asked” means at least %(above)d%% of the tasks; “late tasks within"
                " the limit” means at most %(late)d%%."
            )
            % words
        )
    return said
