"""Lists taken out as workbooks: what is seen is what is written, and it is noted who took it."""

from collections.abc import Iterable, Sequence
from tempfile import SpooledTemporaryFile

from django.http import FileResponse

from accounts.models import ExportLog
from dashboards.basis import Basis
from sheets.text import fold
from sheets.writing import Column, write_table

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Larger workbooks are written to the disk, so that memory stays flat.
IN_MEMORY = 2 * 1024 * 1024


def xlsx_response(
    *, user, title: str, columns: Sequence[Column], rows: Iterable[dict], basis: Basis, filters: str = ""
) -> FileResponse:
    """Answer with a workbook of these rows, and note who took how many of them.

    Day and borders stand over the table, where they are read first, and in its foot, as on the page.
    """
    taken = 0

    def counted():
        nonlocal taken
        for taken, row in enumerate(rows, 1):  # noqa: B007 -- the number is read below
            yield row

    out = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- the response closes it
    lines = [title.upper(), basis.day_and_borders, *filter(None, [filters])]
    write_table(
        out, columns=columns, rows=counted(), sheet_name=title, title_lines=lines, foot_lines=[f"{basis}."]
    )
    ExportLog.note(by=user, what=title, filters="; ".join(lines[1:]), rows=taken)
    out.seek(0)
    name = f"{fold(title).replace(' ', '-')}-{basis.frame.day:%Y-%m-%d}.xlsx"
    return FileResponse(out, as_attachment=True, filename=name, content_type=CONTENT_TYPE)
