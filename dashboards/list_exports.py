"""The lists of hamlets, cells, people and communes as they are taken out: all that the page shows, page after page.

Each is laid out as a form of the import desk with what the page shows beside it, so it can be corrected
in the file and taken in again. Columns that a form does not know are for reading.
"""

from collections.abc import Callable, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from cells.models import Cell, MemberCount, Unit
from cells.resources import HamletResource, MemberCountResource
from dashboards.basis import frame_of
from dashboards.exports import ROWS_AT_A_TIME, Asked, Export, exported, in_batches, numbered
from dashboards.filters import CellFilter, CommuneFilter, HamletFilter, PersonFilter
from dashboards.form_rows import REVISION_COLUMN, FormRows, marks, revision_column
from dashboards.list_filter import ListFilter
from dashboards.rows import (
    HamletRow,
    PersonRow,
    cell_rows,
    commune_rows,
    hamlet_rows,
    load_cells,
    load_communes,
    load_hamlets,
    load_people,
    people_of_cells,
    people_of_hamlets,
    person_rows,
)
from dashboards.wording import words_for
from leaders.models import Person
from leaders.resources import PersonResource
from sheets.writing import Column

NUMBER = "number"


def filtered(asked, filter_class) -> ListFilter:
    """Return the checked filter of the address, as of its day and in its borders."""
    return filter_class(asked.GET, frame=frame_of(asked), words=words_for(asked.user)).checked()


def number_column() -> Column:
    return Column(NUMBER, _("No."), 6, "int")


def _batches(narrowed: ListFilter, load: Callable) -> Iterator[list]:
    loaded = load(narrowed.rows(), day=narrowed.day, user=narrowed.user)
    return in_batches(loaded.iterator(chunk_size=ROWS_AT_A_TIME))


def _export(narrowed: ListFilter, title: str, columns: list[Column], rows: Iterator[dict], **more) -> Export:
    return Export(
        title=title,
        columns=[number_column(), *columns],
        rows=numbered(rows),
        count=narrowed.rows().count(),
        basis=narrowed.basis,
        filters=narrowed.in_words(),
        **more,
    )


def names_of(seats) -> str:
    return "; ".join(str(seat.person) for seat in seats)


# --- Hamlets ------------------------------------------------------------------------------

HAMLET_KEYS = ("commune_code", "commune", "code", "kind", "name", "ends_on", "cell_code", "cell")
_OF_CELL = ("cell_code", "cell")


@exported
def hamlet_export(asked: Asked) -> Export:
    asked.require("cells.view_unit")
    narrowed = filtered(asked, HamletFilter)
    form = FormRows(HamletResource, asked.user, HAMLET_KEYS)
    columns = [
        *hamlet_columns(form, then=not narrowed.frame.is_today),
        Column("secretary", _("Cell secretary"), 26),
        Column("head", narrowed.words.head.capitalize(), 26),
        Column("interim", _("Interim"), 10),
        Column("front", _("Head of the Front committee"), 26),
        # A form would take it for a count of the day of the file.
        Column("households", _("Households on record"), 12, "int"),
        *form.columns("ends_on"),
        revision_column(),
    ]
    title = _("List of %(hamlets)s") % {"hamlets": narrowed.words.hamlet}
    people = people_of_hamlets(narrowed.rows(), day=narrowed.day, user=narrowed.user)
    return _export(narrowed, title, columns, _hamlet_lines(narrowed, form), people=people)


def hamlet_columns(form: FormRows, *, then: bool) -> list[Column]:
    """Return the columns that name a hamlet and its cells; of a past day with the names of then before them."""
    return [
        *(
            [
                Column("then_in", _("Commune on that day"), 22),
                Column("then", _("Hamlet on that day"), 24),
                Column("then_cells", _("Party cell on that day"), 28),
            ]
            if then
            else []
        ),
        *form.columns("commune_code", "commune", "code", "kind", "name", "cell_code", "cell"),
    ]


def _hamlet_lines(narrowed: ListFilter, form: FormRows) -> Iterator[dict]:
    for hamlets in _batches(narrowed, load_hamlets):
        recorded = recorded_hamlets(form, [hamlet.pk for hamlet in hamlets], narrowed.user)
        for row in hamlet_rows(hamlets, narrowed.frame):
            yield from beside(recorded[row.hamlet.pk], _seen_of_hamlet(row), once=("households",))


def _seen_of_hamlet(row: HamletRow) -> dict:
    knows = row.knows_secretaries
    return {
        "then_in": row.hamlet.place,
        "then": str(row.hamlet),
        "then_cells": "; ".join(str(area.cell) for area in row.areas if area.may_open),
        "secretary": names_of(row.secretaries) if knows else "",
        "head": names_of(row.heads),
        "interim": _("interim") if any(seat.is_interim for seat in row.heads) else "",
        "front": names_of(row.front_heads),
        "households": row.hamlet.households,
    }


def recorded_hamlets(form: FormRows, keys: list[int], user) -> dict[int, list[dict]]:
    """Return what the form of hamlets says of each: a row for each cell that the reader may see, or one."""
    units = Unit.objects.filter(pk__in=keys)
    by_code = form.by("code", units)
    codes = {row["cell_code"] for rows in by_code.values() for row in rows}
    seen = set(Cell.objects.visible_to(user).filter(code__in=codes).values_list("code", flat=True))
    return {key: _rows_of_seen_cells(by_code[code], seen) for key, code in units.values_list("pk", "code")}


def _rows_of_seen_cells(rows: list[dict], seen: set[str]) -> list[dict]:
    return [row for row in rows if row["cell_code"] in seen] or [rows[0] | dict.fromkeys(_OF_CELL)]


def beside(rows: list[dict], seen: dict, *, once: tuple[str, ...] = ()) -> Iterator[dict]:
    """Yield the rows of one line of the page with what is seen beside them; what is added up stands once."""
    for number, row in enumerate(rows):
        yield row | seen | (dict.fromkeys(once) if number else {})


# --- Cells --------------------------------------------------------------------------------


@exported
def cell_export(asked: Asked) -> Export:
    asked.require("cells.view_cell")
    narrowed = filtered(asked, CellFilter)
    form = FormRows(MemberCountResource, asked.user, ())
    columns = [
        # The code of today would stand beside a name of then.
        *form.columns(*(["commune_code"] if narrowed.frame.is_today else []), "commune", "cell_code", "cell"),
        Column("kind", _("Kind of cell"), 14),
        Column("hamlets", _("Covers the hamlets"), 30),
        Column("secretary", _("Cell secretary"), 26),
        *form.columns("total", "day"),
        Column("closed", _("Last day"), 12, "date"),
        revision_column(),
    ]
    people = people_of_cells(narrowed.rows(), day=narrowed.day)
    return _export(narrowed, _("List of Party cells"), columns, _cell_lines(narrowed), people=people)


def _cell_lines(narrowed: ListFilter) -> Iterator[dict]:
    for cells in _batches(narrowed, load_cells):
        recorded = recorded_cells([cell.pk for cell in cells], narrowed.day)
        for cell in cell_rows(cells, narrowed.frame):
            yield recorded[cell.pk] | {
                "commune": cell.place,
                "cell": str(cell),
                "kind": cell.get_kind_display(),
                "hamlets": "; ".join(str(area.hamlet) for area in cell.areas_today),
                "secretary": names_of(cell.secretaries),
                "closed": cell.closed_on,
            }


def recorded_cells(keys: list[int], day) -> dict[int, dict]:
    """Return how the form of member counts names each cell, and its latest count up to the day."""
    latest: dict[int, MemberCount] = {}
    for count in MemberCount.objects.filter(cell__in=keys, day__lte=day).order_by("day"):
        latest[count.cell_id] = count
    counts = [latest.get(key) for key in keys]
    cells = Cell.objects.select_related("commune").in_bulk(keys)
    found = {}
    for key, count, mark in zip(keys, counts, marks(MemberCount, [c and c.pk for c in counts]), strict=True):
        commune = cells[key].commune
        found[key] = {
            "commune_code": commune and commune.code,
            "cell_code": cells[key].code,
            "total": count and count.total,
            "day": count and count.day,
            REVISION_COLUMN: mark,
        }
    return found


# --- People -------------------------------------------------------------------------------

PERSON_KEYS = ("person", "full_name", "born", "gender", "membership", "phone", "keeper_code", "keeper")
SEAT_KEYS = ("tenure", "office", "cell_code", "cell", "hamlet_code", "hamlet", "starts_on")


@exported
def person_export(asked: Asked) -> Export:
    asked.require("leaders.view_person")
    narrowed = filtered(asked, PersonFilter)
    form = FormRows(PersonResource, asked.user, (*PERSON_KEYS, *SEAT_KEYS))
    then = not narrowed.frame.is_today
    columns = [
        *form.columns("person", "full_name", "born", "gender", "membership"),
        *form.columns("office"),
        *([Column("then", _("Seats on that day"), 40)] if then else []),
        *form.columns("cell_code", "cell", "hamlet_code", "hamlet", "starts_on"),
        *form.columns("phone", "keeper_code", "keeper", "tenure"),
        revision_column(),
    ]
    title = _("List of secretaries, %(heads)s") % {"heads": narrowed.words.head}
    return _export(narrowed, title, columns, _person_lines(narrowed, form), people=narrowed.rows())


def _person_lines(narrowed: ListFilter, form: FormRows) -> Iterator[dict]:
    for people in _batches(narrowed, load_people):
        recorded = form.by("person", Person.objects.filter(pk__in=[one.pk for one in people]))
        for row in person_rows(people, narrowed.frame):
            yield from _seats_of(row, recorded[f"N{row.person.pk}"])


def _seats_of(row: PersonRow, recorded: list[dict]) -> Iterator[dict]:
    """Yield a row for each seat that the page shows, or one without a seat."""
    held = {f"K{seat.pk}": seat.seat_name for seat in row.seats}
    shown = [one for one in recorded if one["tenure"] in held]
    for one in shown:
        yield one | {"then": held[one["tenure"]]}
    if not shown:
        # The mark of a row begins with that of the person.
        mark = recorded[0][REVISION_COLUMN].split(".")[0]
        yield recorded[0] | dict.fromkeys(SEAT_KEYS) | {REVISION_COLUMN: mark, "then": ""}


# --- Communes -----------------------------------------------------------------------------


@exported
def commune_export(asked: Asked) -> Export:
    """Describe the list of communes. No form is about communes themselves, so it is for reading alone."""
    asked.require("cells.view_unit")
    narrowed = filtered(asked, CommuneFilter)
    is_placed_anew = narrowed.basis.is_now and not narrowed.frame.is_today
    columns = [
        Column("code", _("Commune code"), 12),
        Column("commune", _("Commune"), 28),
        *([Column("now_in", _("Today in"), 28)] if is_placed_anew else []),
        Column("above", _("Province") if narrowed.basis.is_now else _("Belongs to"), 28),
        Column("hamlets", narrowed.words.hamlet.capitalize(), 12, "int"),
        Column("cells", _("Party cells"), 12, "int"),
        Column("confirmed", _("Last confirmed"), 16, "date"),
    ]
    return _export(narrowed, _("List of communes"), columns, _commune_lines(narrowed))


def _commune_lines(narrowed: ListFilter) -> Iterator[dict]:
    for communes in _batches(narrowed, load_communes):
        for commune in commune_rows(communes, narrowed.frame):
            yield {
                "code": commune.code,
                "commune": str(commune),
                "now_in": getattr(commune, "now_in", ""),
                "above": commune.above,
                "hamlets": commune.hamlet_count,
                "cells": commune.cell_count,
                "confirmed": commune.confirmed_at and timezone.localdate(commune.confirmed_at),
            }
