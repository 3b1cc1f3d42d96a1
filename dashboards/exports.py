"""Lists taken out as workbooks: what is seen is what is written, and it is noted who took it."""

from collections.abc import Iterable, Sequence
from datetime import date
from tempfile import SpooledTemporaryFile

from django.http import FileResponse
from django.utils.translation import gettext as _

from accounts.models import ExportLog
from sheets.text import fold
from sheets.writing import Column, write_table

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Larger workbooks are written to the disk, so that memory stays flat.
IN_MEMORY = 2 * 1024 * 1024


def xlsx_response(
    *, user, title: str, columns: Sequence[Column], rows: Iterable[dict], day: date, filters: str = ""
) -> FileResponse:
    """Answer with a workbook of these rows, and note who took how many of them."""
    taken = 0

    def counted():
        nonlocal taken
        for taken, row in enumerate(rows, 1):  # noqa: B007 -- the number is read below
            yield row

    out = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- the response closes it
    lines = [title.upper(), _("As of %(day)s") % {"day": f"{day:%d/%m/%Y}"}]
    if filters:
        lines.append(filters)
    write_table(out, columns=columns, rows=counted(), sheet_name=title, title_lines=lines)
    ExportLog.note(by=user, what=title, filters=filters, rows=taken)
    out.seek(0)
    name = f"{fold(title).replace(' ', '-')}-{day:%Y-%m-%d}.xlsx"
    return FileResponse(out, as_attachment=True, filename=name, content_type=CONTENT_TYPE)
