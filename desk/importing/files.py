"""Workbooks that the desk gives out: the form to fill in, what is recorded, the file with its faults marked."""

import io
from collections.abc import Iterable
from pathlib import PurePath

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from dashboards.exports import FileKind
from desk.importing import batches
from desk.importing.papers import REMARKS, ImportForm
from desk.models import BatchCheck, ImportBatch
from sheets.returning import Remark, Returned, give_back
from sheets.writing import write_table


def sheet_response(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=FileKind.XLSX.content_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def template_of(form: ImportForm) -> bytes:
    """Return the form with its columns and no rows."""
    own = {column.key for part in form.parts for column in part.resource.columns}
    columns = [column.layout for column in form.columns if column.key in own]
    return _written(form, columns, [])


def filled(form: ImportForm, queryset, user) -> bytes:
    """Return the form with what is recorded; each row knows whether it is changed meanwhile."""
    resource = form.parts[0].resource(user=user)
    return _written(form, resource.layout, resource.exported(queryset))


def _written(form: ImportForm, columns, rows: Iterable[dict]) -> bytes:
    out, title = io.BytesIO(), str(form.label)
    write_table(out, columns=columns, rows=rows, sheet_name=title, title_lines=[title.upper()])
    return out.getvalue()


def marked(batch: ImportBatch, check: BatchCheck, user) -> tuple[str, Returned]:
    """Return the file that came in, with its faults marked, and what it is called."""
    reading = batches.read_batch(batch, user)
    remarks = [
        Remark(row["row"], fault["column"], fault["said"])
        for row in check.result["rows"]
        for fault in row["faults"]
    ]
    returned = give_back(
        batches.content_of(batch),
        reading.workbook,
        reading.table,
        remarks,
        heading=str(REMARKS),
        author=_("Cells and hamlets"),
    )
    return PurePath(batch.file_name).stem + returned.suffix, returned
