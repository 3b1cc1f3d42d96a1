"""Lists of hamlets, cells and people: narrowed, counted, page by page."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboards.basis import basis_context
from dashboards.filters import CellFilter, CommuneFilter, HamletFilter, PersonFilter
from dashboards.list_exports import filtered
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

ROWS_ON_A_PAGE = 50


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
    narrowed = filtered(request, CommuneFilter)
    return _list(request, "dashboards/commune_list.html", narrowed, load_communes, commune_rows)


@require_safe
@permission_required("cells.view_unit", raise_exception=True)
def hamlet_list(request):
    narrowed = filtered(request, HamletFilter)
    return _list(request, "dashboards/hamlet_list.html", narrowed, load_hamlets, hamlet_rows)


@require_safe
@permission_required("cells.view_cell", raise_exception=True)
def cell_list(request):
    narrowed = filtered(request, CellFilter)
    return _list(request, "dashboards/cell_list.html", narrowed, load_cells, cell_rows)


@require_safe
@permission_required("leaders.view_person", raise_exception=True)
def person_list(request):
    narrowed = filtered(request, PersonFilter)
    return _list(request, "dashboards/person_list.html", narrowed, load_people, person_rows)
