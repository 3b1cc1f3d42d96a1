"""The board of seats and the lists behind its numbers."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cells.models.grants import scope_of
from dashboards.basis import Basis, basis_context
from dashboards.exports import Asked, Export, exported, in_batches, numbered
from dashboards.figures.frames import Borders
from dashboards.list_exports import number_column
from dashboards.staffing.board import SeatBoard, board_url
from dashboards.staffing.confirming import confirmed_within
from dashboards.staffing.items import BY_SLUG
from dashboards.staffing.lists import SeatList, seat_list
from dashboards.staffing.scopes import frame_for, to_own_unit
from sheets.writing import Column

ROWS_ON_A_PAGE = 50
reads_seats = permission_required(["leaders.view_tenure", "cells.view_unit"], raise_exception=True)


@require_safe
@reads_seats
def board(request):
    """The country, for those who see it all; everybody else is led to their own unit."""
    if scope_of(request.user).everywhere:
        return _board_page(request, None)
    return to_own_unit(request, "seats:board_unit")


@require_safe
@reads_seats
def board_unit(request, pk):
    return _board_page(request, pk)


def _board_page(request, pk: int | None):
    frame = frame_for(request, pk)
    seats = SeatBoard(frame)
    children = list(frame.children()) if frame.child_level else []
    context = {
        "heading": frame.unit_name,
        "frame": frame,
        "board": seats,
        "rows": seats.rows(children),
        "unit_count": len(children),
        "confirmed": confirmed_within(frame),
        **basis_context(request, seats.basis),
    }
    return render(request, "seats/board.html", context)


@require_safe
@reads_seats
def item_list(request, slug, pk=None):
    """The rows behind one number of the board."""
    found, match = _found(request, slug, pk), request.resolver_match
    page = Paginator(found.paged, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    records = found.records(page.object_list)
    context = {
        "list": found,
        "page": page,
        "records": records,
        "columns": [*found.columns, *_acts(records)],
        "heading": found.frame.unit_name,
        "board_url": board_url(found.frame),
        "export_url": reverse(f"exporting:seat_{match.url_name}", kwargs=match.kwargs),
        **basis_context(request, _basis(found)),
    }
    return render(request, "seats/list.html", context)


def _acts(records: list[dict]) -> list[Column]:
    """Return the column of what the reader may do, where there is anything."""
    return [Column("act", _("To do"))] if any("act" in record for record in records) else []


@exported
def item_export(asked: Asked, slug: str, pk: int | None = None) -> Export:
    """Describe the same rows as a file. No form is about them, so it is for reading alone."""
    for permission in ("leaders.view_tenure", "cells.view_unit"):
        asked.require(permission)
    found = _found(asked, slug, pk)
    rows = (record for some in in_batches(found.one_by_one()) for record in found.records(some))
    return Export(
        title=f"{found.label} – {found.frame.unit_name}",
        columns=[number_column(), *found.columns],
        rows=numbered(rows),
        count=found.count,
        basis=_basis(found),
        filters=found.explanation,
        people=found.people,
    )


def _found(asked, slug: str, pk: int | None) -> SeatList:
    if slug not in BY_SLUG:
        raise Http404
    return seat_list(frame_for(asked, pk), slug)


def _basis(found: SeatList) -> Basis:
    if found.frame.borders != Borders.NOW or found.left_out is None:
        return Basis(found.frame)
    return Basis.of_rows(found.frame, found.left_out.count())
