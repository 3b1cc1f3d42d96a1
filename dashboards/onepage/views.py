"""The sheet of an overview as a file, and the figures of every unit below as a workbook."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import ExportLog
from cells.kinds import Level
from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.basis import frame_of
from dashboards.exports import Asked, Export, exported
from dashboards.figures.board import Board
from dashboards.home.board import FirstPageBoard
from dashboards.onepage.addresses import SHEET_KINDS
from dashboards.onepage.sheet import sheet_of
from dashboards.onepage.table import columns_of, explanations, rows_of
from dashboards.overview_page import OverviewPage
from dashboards.tiles import chosen_of


@require_safe
def sheet(request, kind, pk=None):
    """Hand out the overview on one sheet; who took it is noted as of any list."""
    page = _page(request, pk, FirstPageBoard)
    if kind not in SHEET_KINDS:
        raise Http404
    made = sheet_of(page, page.frame.unit_name, now=timezone.localtime())
    content = made.write(kind)
    filters = "; ".join([str(page.basis), kind])
    ExportLog.note(by=request.user, what=made.title, filters=filters, rows=len(made.content["tiles"]))
    # A picture is looked at in the browser, and kept from there.
    disposition = content_disposition_header(kind != "png", f"{made.file_name}.{kind}")
    return HttpResponse(content, content_type=SHEET_KINDS[kind], headers={"Content-Disposition": disposition})


@exported
def overview_export(asked: Asked, pk: int | None = None) -> Export:
    """Describe every figure of the unit and of each unit below as a file."""
    page = _page(asked, pk)
    rows = rows_of(page)
    return Export(
        title=_("Overview – %(unit)s") % {"unit": page.frame.unit_name},
        columns=columns_of(page),
        rows=rows,
        count=len(rows),
        basis=page.basis,
        notes=explanations(page),
    )


def _page(request, pk: int | None, board: type[Board] = Board) -> OverviewPage:
    if pk is None:
        if not scope_of(request.user).everywhere:
            raise Http404
        frame, chosen = frame_of(request), []
    else:
        units = Unit.objects.visible_to(request.user).exclude(level=Level.HAMLET)
        unit = get_object_or_404(units, pk=pk)
        frame, chosen = frame_of(request, unit), chosen_of(request.user, unit.province_id)
    if not frame.exists:
        raise Http404
    return OverviewPage(frame, chosen, board=board(frame))
