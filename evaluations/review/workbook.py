"""The workbook of one commune's review: what its page shows, to be filled in anywhere and handed in again.

Every row carries its key and the mark of what it was made of, so that a row that was changed meanwhile is a
conflict to decide. What cannot be entered now is locked; the lock keeps from slips and has no password.
"""

import io
import unicodedata
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from openpyxl import Workbook

from accounts.columns import SheetColumn
from accounts.resources import REVISION, mark_of_nothing, marks_of
from evaluations.models import CellRating, LeaderRating, MemberLevels, ReviewCycle, Submission
from evaluations.models.ratings import SHORT_FORMS
from evaluations.resources.leaders import LeaderRatingResource
from evaluations.resources.members import columns_beside_levels, joined_marks
from evaluations.resources.ratings import CellRatingResource
from evaluations.review.authority import filled_in_by
from evaluations.review.grid import Row, load
from evaluations.review.required import members_of, ratings_of
from evaluations.review.rows import CONDITIONS, LEVELS, MEMBERS, open_fields
from evaluations.review.workbook_sheets import Column, FilledLine, ListSheet, write_guide
from leaders.models import Person
from sheets.text import lower_first


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
    sheet = ListSheet(file, made.create_sheet(_("Cells of the commune")), _cell_columns(file))
    sheet.write(_("Review of the cells in %(year)s"), _lines(sheet.columns, cells, marks))
    if people:
        sheet = ListSheet(file, made.create_sheet(_("Secretaries")), _person_columns(file))
        sheet.write(_("Review of the secretaries in %(year)s"), _lines(sheet.columns, people, marks))
    write_guide(made.create_sheet(_("Guide")), file)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def row_count(file: Submission) -> int:
    """Return how many rows the workbook has."""
    return sum(ratings_of(file, model).count() for model in (CellRating, LeaderRating))


def people_in(file: Submission) -> QuerySet:
    """Return who is named in the workbook."""
    return Person.objects.filter(pk__in=ratings_of(file, LeaderRating).values("person"))


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


def _lines(columns: Iterable[Column], rows: Iterable[Row], marks: dict) -> list[FilledLine]:
    """Return what each row shows by column, and which of its cells are open."""
    return [
        FilledLine(
            {
                column.key: _value(row, column, order, marks[type(row.rating), row.rating.pk])
                for column in columns
            },
            row.open,
        )
        for order, row in enumerate(rows, 1)
    ]


def _value(row: Row, column: Column, order: int, mark: str):
    value = _recorded(row, column.key, order, mark)
    return None if value in ("", None) else column.show(value)


def _recorded(row: Row, key: str, order: int, mark: str):
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
