"""How the workbook of a review looks: title block, header of two rows, drop-downs, locks, print setup, guide."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet

from accounts.columns import as_is
from accounts.resources import REVISION
from cells.kinds import commune_board
from evaluations.models import Level, Submission
from evaluations.models.ratings import SHORT_FORMS, NotSubject
from evaluations.reading import FULL_NAMES
from evaluations.review.rows import CONDITIONS, LEVELS, MEMBERS
from sheets.markup import without_hidden

FONT, SIZE = "Times New Roman", 12
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"
HEADER = 7  # the first of the two rows of the header
FIRST = HEADER + 2
A4 = 9
LONGEST = 500
GUIDE_WIDTH, LETTERS_IN_A_LINE, LINE = 78, 90, 17
_LINE = Side(style="thin", color="808080")
_BOX = Border(_LINE, _LINE, _LINE, _LINE)
_GREY = PatternFill("solid", fgColor="E6E8EB")
_LOCKED = PatternFill("solid", fgColor="F3F4F5")
_MISSING = PatternFill("solid", bgColor="FDE9C4")
_HIDDEN = ("year", "cell_code", REVISION.key)
_WIDTHS = {
    "order": 5,
    "cell": 28,
    "full_name": 26,
    "basis": 14,
    "last_level": 11,
    "points": 7,
    "not_subject_reason": 15,
    "reason": 24,
    "note": 18,
    **dict.fromkeys(LEVELS, 11),
    **dict.fromkeys(CONDITIONS, 12),
    **dict.fromkeys(MEMBERS, 6),
    "not_rated": 8,
}


@dataclass(frozen=True)
class Column:
    """A column of the workbook: ``head`` stands over it, over that, where several share one, ``above``."""

    key: str
    head: str
    above: str = ""
    show: Callable = as_is

    @property
    def width(self) -> float:
        return _WIDTHS.get(self.key, 12)


@dataclass(frozen=True)
class FilledLine:
    """What a row shows, by column, and which of its cells are open to be entered."""

    values: Mapping
    open: frozenset[str]


class ListSheet:
    """One sheet: title block, header of two rows, rows, drop-downs, locks, print setup."""

    def __init__(self, file: Submission, sheet: Worksheet, columns: Sequence[Column]):
        self.file, self.sheet, self.columns = file, sheet, columns
        self.letters = {column.key: get_column_letter(n) for n, column in enumerate(columns, 1)}
        self.shown = [column for column in columns if column.key not in _HIDDEN]

    def write(self, title: str, lines: Sequence[FilledLine]) -> None:
        self.last = FIRST + len(lines) - 1
        self._write_head(title % {"year": self.file.cycle.year})
        self._write_header()
        for row, line in enumerate(lines, FIRST):
            self._write_line(row, line)
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
        self.sheet.row_dimensions[HEADER].height = 40
        self.sheet.row_dimensions[HEADER + 1].height = 40

    def _write_line(self, row: int, line: FilledLine) -> None:
        for place, column in enumerate(self.columns, 1):
            cell = self.sheet.cell(row, place)
            _put(cell, line.values[column.key])
            is_open = column.key in line.open
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
            elif is_open:
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
        sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6)
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


def write_guide(sheet: Worksheet, file: Submission) -> None:
    sheet.column_dimensions["A"].width = GUIDE_WIDTH
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
        # Not every program finds out by itself how many lines a text takes.
        sheet.row_dimensions[number].height = LINE * -(-len(text) // LETTERS_IN_A_LINE)
    sheet.protection.sheet = True
    sheet.page_setup.paperSize = A4
    sheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.5, bottom=0.5)


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
