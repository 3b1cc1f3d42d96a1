"""Lists of hamlets, cells and people: narrowed, counted, page by page, and as workbooks."""

from itertools import islice

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboards.basis import basis_context, frame_of
from dashboards.exports import xlsx_response
from dashboards.filters import CellFilter, CommuneFilter, HamletFilter, PersonFilter
from dashboards.rows import (
    cell_rows,
    commune_rows,
    hamlet_rows,
    load_cells,
    load_communes,
    load_hamlets,
    load_people,
    person_rows,
)
from dashboards.wording import words_for
from sheets.writing import Column

ROWS_ON_A_PAGE = 50
ROWS_AT_A_TIME = 500


def _filtered(request, filter_class):
    """Return the checked filter of the address, as of its day and in its borders."""
    return filter_class(request.GET, frame=frame_of(request), words=words_for(request.user)).checked()


def _page(request, rows):
    return Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))


def _list(request, template: str, narrowed, load, lines):
    page = _page(request, narrowed.rows())
    page.object_list = lines(load(page.object_list, day=narrowed.day, user=request.user), narrowed.frame)
    context = {"page": page, "filter": narrowed, **basis_context(request, narrowed.basis)}
    return render(request, template, context)


@require_safe
@permission_required("cells.view_unit", raise_exception=True)
def commune_list(request):
    narrowed = _filtered(request, CommuneFilter)
    return _list(request, "dashboards/commune_list.html", narrowed, load_communes, commune_rows)


@require_safe
@permission_required("cells.view_unit", raise_exception=True)
def hamlet_list(request):
    narrowed = _filtered(request, HamletFilter)
    return _list(request, "dashboards/hamlet_list.html", narrowed, load_hamlets, hamlet_rows)


@require_safe
@permission_required("cells.view_cell", raise_exception=True)
def cell_list(request):
    narrowed = _filtered(request, CellFilter)
    return _list(request, "dashboards/cell_list.html", narrowed, load_cells, cell_rows)


@require_safe
@permission_required("leaders.view_person", raise_exception=True)
def person_list(request):
    narrowed = _filtered(request, PersonFilter)
    return _list(request, "dashboards/person_list.html", narrowed, load_people, person_rows)


def _lines(narrowed, load, lines):
    """Yield the lines of an export in batches, so that a long list needs no more memory than a short one."""
    loaded = load(narrowed.rows(), day=narrowed.day, user=narrowed.user)
    rows = loaded.iterator(chunk_size=ROWS_AT_A_TIME)
    while batch := list(islice(rows, ROWS_AT_A_TIME)):
        yield from lines(batch, narrowed.frame)


def _numbered(rows, as_cells):
    for number, row in enumerate(rows, 1):
        yield {"number": number, **as_cells(row)}


def _names(seats) -> str:
    return "; ".join(str(seat.person) for seat in seats)


@require_safe
@permission_required("cells.view_unit", raise_exception=True)
def hamlet_export(request):
    narrowed = _filtered(request, HamletFilter)

    def as_cells(row):
        hamlet = row.hamlet
        return {
            "commune": hamlet.place,
            "code": hamlet.code,
            "hamlet": str(hamlet),
            "cells": "; ".join(str(area.cell) for area in row.areas if area.may_open),
            "secretary": _names(row.secretaries),
            "head": _names(row.heads),
            "interim": _("interim") if any(seat.is_interim for seat in row.heads) else "",
            "front": _names(row.front_heads),
            "households": hamlet.households,
            "closed": hamlet.closed_on,
        }

    columns = [
        Column("number", _("No."), 6, "int"),
        Column("commune", _("Commune"), 24),
        Column("code", _("Code"), 12),
        Column("hamlet", _("Hamlet"), 26),
        Column("cells", _("Party cell"), 30),
        Column("secretary", _("Cell secretary"), 28),
        Column("head", narrowed.words.head.capitalize(), 28),
        Column("interim", _("Way in"), 12),
        Column("front", _("Head of the Front committee"), 28),
        Column("households", _("Households"), 12, "int"),
        Column("closed", _("Last day"), 14, "date"),
    ]
    return xlsx_response(
        user=request.user,
        title=_("List of %(hamlets)s") % {"hamlets": narrowed.words.hamlet},
        columns=columns,
        rows=_numbered(_lines(narrowed, load_hamlets, hamlet_rows), as_cells),
        basis=narrowed.basis,
        filters=narrowed.in_words(),
    )


@require_safe
@permission_required("cells.view_cell", raise_exception=True)
def cell_export(request):
    narrowed = _filtered(request, CellFilter)

    def as_cells(cell):
        return {
            "commune": cell.place,
            "code": cell.code,
            "cell": str(cell),
            "kind": cell.get_kind_display(),
            "hamlets": "; ".join(str(area.hamlet) for area in cell.areas_today),
            "secretary": _names(cell.secretaries),
            "members": cell.members,
            "counted": cell.counted_on,
            "closed": cell.closed_on,
        }

    columns = [
        Column("number", _("No."), 6, "int"),
        Column("commune", _("Commune"), 24),
        Column("code", _("Code"), 12),
        Column("cell", _("Party cell"), 32),
        Column("kind", _("Kind"), 16),
        Column("hamlets", _("Covers"), 32),
        Column("secretary", _("Cell secretary"), 28),
        Column("members", _("Party members"), 12, "int"),
        Column("counted", _("Counted on"), 14, "date"),
        Column("closed", _("Last day"), 14, "date"),
    ]
    return xlsx_response(
        user=request.user,
        title=_("List of Party cells"),
        columns=columns,
        rows=_numbered(_lines(narrowed, load_cells, cell_rows), as_cells),
        basis=narrowed.basis,
        filters=narrowed.in_words(),
    )


@require_safe
@permission_required("leaders.view_person", raise_exception=True)
def person_export(request):
    narrowed = _filtered(request, PersonFilter)

    def as_cells(row):
        person = row.person
        return {
            "name": str(person),
            "born": row.born,
            "gender": person.get_gender_display(),
            "membership": person.get_membership_display(),
            "seats": "; ".join(seat.seat_name for seat in row.seats),
            "phone": row.phone,
            "keeper": str(person.keeper),
        }

    columns = [
        Column("number", _("No."), 6, "int"),
        Column("name", _("Full name"), 28),
        Column("born", _("Birth date"), 14, "date"),
        Column("gender", _("Gender"), 10),
        Column("membership", _("Party member"), 18),
        Column("seats", _("Seats today") if narrowed.frame.is_today else _("Seats on that day"), 48),
        Column("phone", _("Telephone"), 16),
        Column("keeper", _("Record kept by"), 24),
    ]
    return xlsx_response(
        user=request.user,
        title=_("List of secretaries, %(heads)s") % {"heads": narrowed.words.head},
        columns=columns,
        rows=_numbered(_lines(narrowed, load_people, person_rows), as_cells),
        basis=narrowed.basis,
        filters=narrowed.in_words(),
    )


@require_safe
@permission_required("cells.view_unit", raise_exception=True)
def commune_export(request):
    narrowed = _filtered(request, CommuneFilter)
    is_placed_anew = narrowed.basis.is_now and not narrowed.frame.is_today

    def as_cells(commune):
        return {
            "code": commune.code,
            "commune": str(commune),
            "now_in": commune.now_in if is_placed_anew else "",
            "above": commune.above,
            "hamlets": commune.hamlet_count,
            "cells": commune.cell_count,
            "confirmed": commune.confirmed_at and timezone.localdate(commune.confirmed_at),
        }

    columns = [
        Column("number", _("No."), 6, "int"),
        Column("code", _("Code"), 12),
        Column("commune", _("Commune"), 28),
        *([Column("now_in", _("Today in"), 28)] if is_placed_anew else []),
        Column("above", _("Province") if narrowed.basis.is_now else _("Belongs to"), 28),
        Column("hamlets", narrowed.words.hamlet.capitalize(), 12, "int"),
        Column("cells", _("Party cells"), 12, "int"),
        Column("confirmed", _("Last confirmed"), 16, "date"),
    ]
    return xlsx_response(
        user=request.user,
        title=_("List of communes"),
        columns=columns,
        rows=_numbered(_lines(narrowed, load_communes, commune_rows), as_cells),
        basis=narrowed.basis,
        filters=narrowed.in_words(),
    )
