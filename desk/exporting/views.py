"""Exports at once, long ones by the worker, and the page of a finished file."""

from collections.abc import Callable
from tempfile import SpooledTemporaryFile

from django.conf import settings
from django.http import FileResponse, Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from dashboards.exports import FILE, Asked, Export, FileKind, note, write
from dashboards.papers.forms import CONTENT_TYPES
from desk.exporting.keeping import kept_for, kept_until
from desk.exporting.work import start_export

# Larger files are written to the disk, so that memory stays flat.
IN_MEMORY = 2 * 1024 * 1024


def export_view(describe: Callable):
    """Return the page that hands out what the function describes (see ``dashboards.exports.exported``)."""

    @require_safe
    def view(request, **where):
        return serve(request, describe, **where)

    return view


def serve(request, describe: Callable, **where):
    """Answer with the file; a long one is written by the worker, whose page leads to it."""
    kind = request.GET.get(FILE, FileKind.XLSX)
    if kind not in FileKind.values:
        raise Http404
    asked = Asked.of(request)
    export = describe(asked, **where)
    if export.count > settings.LONG_EXPORT_ROWS:
        return redirect("jobs:job", start_export(describe, export, asked, kind=kind, where=where).pk)
    return _file_of(export, kind, request.user)


def _file_of(export: Export, kind: str, user) -> FileResponse:
    out = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- the response closes it
    note(export, by=user, rows=write(export, out, kind=kind, by=user))
    out.seek(0)
    return FileResponse(
        out,
        as_attachment=True,
        filename=export.file_name(kind),
        content_type=FileKind(kind).content_type,
    )


@require_safe
def kept_page(request, pk):
    """Show that the file is finished, until when it can be fetched, and the link to it."""
    kept = get_object_or_404(kept_for(request.user), pk=pk)
    return render(request, "desk/export.html", {"kept": kept, "until": kept_until(kept)})


@require_safe
def kept_file(request, pk):
    kept = get_object_or_404(kept_for(request.user), pk=pk)
    kind = kept.file_name.rpartition(".")[2]
    return StreamingHttpResponse(
        kept.pieces(),
        content_type=CONTENT_TYPES.get(kind) or FileKind(kind).content_type,
        headers={
            "Content-Length": str(kept.size),
            "Content-Disposition": content_disposition_header(True, kept.file_name),
        },
    )
