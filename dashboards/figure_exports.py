"""The list behind a number as it is taken out: its rows, each with what the form of the import desk knows it by."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cells.models import Cell, Meeting, Unit
from cells.resources import HamletResource, MemberCountResource
from dashboards.exports import in_batches
from dashboards.figures.lists import FigureList
from dashboards.figures.proof import officers_named
from dashboards.figures.sections import (
    CELLS,
    COMMUNES,
    CONGRESSES,
    ELECTIONS,
    HAMLETS,
    MEETINGS,
    RATINGS,
    STREAKS,
)
from dashboards.form_rows import REVISION_COLUMN, FormRows, marks, revision_column
from dashboards.list_exports import beside, recorded_cells, recorded_hamlets
from dashboards.rows import people_of_cells, people_of_hamlets
from evaluations.models import CellRating
from evaluations.resources import CellRatingResource
from leaders.models import Contest, Person
from leaders.resources import PersonResource
from sheets.writing import Column

BATCH = 1000


def columns_of(found: FigureList) -> list[Column]:
    return _LAID_OUT[found.section][0](found)


def rows_of(found: FigureList) -> Iterator[dict]:
    lines = _LAID_OUT[found.section][1]
    for rows in in_batches(found.rows.iterator(chunk_size=BATCH), BATCH):
        yield from lines(found, rows, found.records(rows))


def people_of(found: FigureList) -> QuerySet | None:
    """Return whose records the list takes out: who leads a hamlet or cell, who follows it, who was rated."""
    rows, day = found.rows.order_by(), found.frame.day
    if found.section is STREAKS:
        return Person.objects.filter(pk__in=rows.values("person"))
    if found.section is CELLS:
        return people_of_cells(Cell.objects.filter(pk__in=rows.values("cell")), day=day)
    if found.section not in (HAMLETS, COMMUNES):
        return None
    flag, units = found.definition.flag, rows.values("unit")
    named = Q(pk__in=officers_named(found.section, flag, units, found.frame))
    if found.section is HAMLETS:
        hamlets = Unit.objects.filter(pk__in=units)
        named |= Q(pk__in=people_of_hamlets(hamlets, day=day, user=found.frame.user).values("pk"))
    return Person.objects.filter(named)


def _other_columns(found: FigureList, *left_out: str) -> list[Column]:
    """Return the columns of the page but for those that the form has as well."""
    return [column for column in found.columns if column.key not in left_out]


# --- Hamlets and communes -----------------------------------------------------------------

_HAMLET_KEYS = ("commune_code", "commune", "code", "kind", "name", "cell_code", "cell")


def _hamlet_form(found: FigureList) -> FormRows:
    return FormRows(HamletResource, found.frame.user, _HAMLET_KEYS)


def _hamlet_columns(found: FigureList) -> list[Column]:
    then = [Column("then_in", _("Commune on that day"), 22), Column("then", _("Hamlet on that day"), 24)]
    return [
        *([] if found.frame.is_today else then),
        *_hamlet_form(found).columns(*_HAMLET_KEYS),
        *_other_columns(found, "hamlet", "commune", "households"),
        # A form would take it for a count of the day of the file.
        Column("households", _("Households on record"), 12, "int"),
        revision_column(),
    ]


def _hamlet_lines(found: FigureList, rows: list, records: list[dict]) -> Iterator[dict]:
    recorded = recorded_hamlets(_hamlet_form(found), [row.unit_id for row in rows], found.frame.user)
    for row, record in zip(rows, records, strict=True):
        seen = {key: value for key, value in record.items() if key not in ("hamlet", "commune")}
        seen |= {"then_in": record["commune"], "then": record["hamlet"]}
        yield from beside(recorded[row.unit_id], seen, once=("households",))


def _commune_columns(found: FigureList) -> list[Column]:
    return [Column("code", _("Commune code"), 12), *found.columns]


def _commune_lines(found: FigureList, rows: list, records: list[dict]) -> Iterator[dict]:
    for row, record in zip(rows, records, strict=True):
        yield record | {"code": row.code}


# --- Cells --------------------------------------------------------------------------------


def _cell_columns(found: FigureList) -> list[Column]:
    form = FormRows(MemberCountResource, found.frame.user, ())
    return [
        *form.columns(*(["commune_code"] if found.frame.is_today else []), "commune", "cell_code", "cell"),
        # The page calls it "Địa bàn", which forms read as the place of the row.
        Column("hamlets", _("Covers the hamlets"), 30),
        *_other_columns(found, "cell", "commune", "hamlets", "members"),
        *form.columns("total", "day"),
        revision_column(),
    ]


def _cell_lines(found: FigureList, rows: list, records: list[dict]) -> Iterator[dict]:
    recorded = recorded_cells([row.cell_id for row in rows], found.frame.day)
    for row, record in zip(rows, records, strict=True):
        yield recorded[row.cell_id] | record


# --- Ratings ------------------------------------------------------------------------------

_RATING_KEYS = (
    "year",
    "commune_code",
    "commune",
    "cell_code",
    "cell",
    "decided_level",
    "not_subject_reason",
    "reason",
    "note",
    "decision_number",
    "decision_day",
    "decision_body",
)


def _rating_form(found: FigureList) -> FormRows:
    return FormRows(CellRatingResource, found.frame.user, _RATING_KEYS)


def _rating_columns(found: FigureList) -> list[Column]:
    then = [Column("then", _("Level on that day"), 14), Column("then_by", _("Decision on that day"), 28)]
    return [
        *_rating_form(found).columns(*_RATING_KEYS),
        *([] if found.frame.is_today else then),
        revision_column(),
    ]


def _rating_lines(found: FigureList, rows: list, records: list[dict]) -> Iterator[dict]:
    """Yield the ratings as they are recorded; one that was corrected since is told by its cell and year alone."""
    form = _rating_form(found)
    ratings = found.frame.visible(CellRating.objects.filter(pk__in=[row.pk for row in rows]))
    latest = set(ratings.latest_editions().values_list("pk", flat=True))
    recorded = {
        (one["cell_code"], one["year"]): one
        for some in form.by("cell_code", ratings).values()
        for one in some
    }
    for row, record in zip(rows, records, strict=True):
        names = {key: record[key] for key in ("year", "commune", "cell")}
        key = (row.cell.code, row.cycle.year)
        said = recorded[key] if row.pk in latest else form.blank() | {"cell_code": row.cell.code}
        if found.frame.is_today:
            said = said | {"decided_level": record["level"]}
        yield said | names | {"then": record["level"], "then_by": record["decision"]}


# --- People rated, congresses and elections -----------------------------------------------


def _streak_columns(found: FigureList) -> list[Column]:
    form = FormRows(PersonResource, found.frame.user, ())
    return [
        *form.columns("person", "full_name"),
        # Not the commune that keeps the record, which the form would read there.
        Column("counted_in", _("Counted in"), 24),
        *_other_columns(found, "person", "commune"),
        revision_column(),
    ]


def _streak_lines(found: FigureList, rows: list, records: list[dict]) -> Iterator[dict]:
    known = marks(Person, [row.person_id for row in rows])
    for row, record, mark in zip(rows, records, known, strict=True):
        person = {"person": f"N{row.person_id}", "full_name": row.person.full_name, REVISION_COLUMN: mark}
        yield record | person | {"counted_in": record["commune"]}


def _contest_columns(found: FigureList) -> list[Column]:
    code = _("Cell code") if found.section is CONGRESSES else _("Hamlet code")
    return [
        *(column for column in found.columns if column.key == "commune"),
        Column("code", code, 12),
        *_other_columns(found, "commune"),
        revision_column(),
    ]


def _contest_lines(found: FigureList, rows: list, records: list[dict]) -> Iterator[dict]:
    for row, record, mark in zip(rows, records, marks(Contest, [row.pk for row in rows]), strict=True):
        body = row.cell or row.hamlet
        yield record | {"code": body.code, REVISION_COLUMN: mark}


def _meeting_columns(found: FigureList) -> list[Column]:
    return [
        *(column for column in found.columns if column.key == "commune"),
        Column("cell_code", _("Cell code"), 12),
        *_other_columns(found, "commune", "absent"),
        revision_column(),
    ]


def _meeting_lines(found: FigureList, rows: list, records: list[dict]) -> Iterator[dict]:
    known = marks(Meeting, [row.pk for row in rows])
    for row, record, mark in zip(rows, records, known, strict=True):
        yield record | {"cell_code": row.cell.code, REVISION_COLUMN: mark}


_LAID_OUT: dict = {
    HAMLETS: (_hamlet_columns, _hamlet_lines),
    COMMUNES: (_commune_columns, _commune_lines),
    CELLS: (_cell_columns, _cell_lines),
    RATINGS: (_rating_columns, _rating_lines),
    STREAKS: (_streak_columns, _streak_lines),
    CONGRESSES: (_contest_columns, _contest_lines),
    MEETINGS: (_meeting_columns, _meeting_lines),
    ELECTIONS: (_contest_columns, _contest_lines),
}
