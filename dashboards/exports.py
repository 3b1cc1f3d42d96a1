"""Lists taken out as files: what is seen is what is written, and it is noted who took it.

A list is described here, by who asks and by the words of the address, and written row by row. Whether
it is written at once or by the worker is none of its business: desk/exporting serves it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, TextChoices
from django.http import QueryDict
from django.utils import timezone

from accounts.models import ExportLog, User
from dashboards.basis import DAY, Basis, frame_of
from dashboards.letterhead import PARTY, head_of, office_of, place_and_day
from leaders.accesses import note_taken_out
from sheets.text import fold
from sheets.writing import Column, write_csv, write_table

# The word of the address that says which kind of file is wanted.
FILE = "tep"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_AT_A_TIME = 500
_LONGEST_NAME = 120


class FileKind(TextChoices):
    XLSX = "xlsx", "Excel (.xlsx)"
    CSV = "csv", ".csv"

    @property
    def content_type(self) -> str:
        return CONTENT_TYPE if self == FileKind.XLSX else "text/csv; charset=utf-8"


@dataclass(frozen=True)
class Asked:
    """Who asks for a list, and by which words of the address; it stands where a request stands on a page."""

    user: User
    GET: QueryDict

    @classmethod
    def of(cls, request) -> "Asked":
        """Return what a page asks for, with its day written out: work may go on after midnight."""
        words = request.GET.copy()
        words[DAY] = frame_of(request).day.isoformat()
        for name in (FILE, "page"):
            words.pop(name, None)
        return cls(request.user, words)

    def require(self, permission: str) -> None:
        if not self.user.has_perm(permission):
            raise PermissionDenied


@dataclass(frozen=True)
class Export:
    """A list as it is taken out: nothing of ``rows`` is read before it is written."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[dict]
    # How many lines the page counts. A line with two cells or seats makes two rows.
    count: int
    basis: Basis
    filters: str = ""
    # Of a list of people: who they are. Those who keep their records are told who took them out.
    people: QuerySet | None = None
    # What is said under the table beside day and borders.
    notes: Sequence[str] = ()

    @property
    def sentences(self) -> list[str]:
        """Return what is said above the table: day and borders, and what it was narrowed to."""
        return [self.basis.day_and_borders, *filter(None, [self.filters])]

    def file_name(self, kind: str) -> str:
        name = fold(self.title).replace(" ", "-")[:_LONGEST_NAME].strip("-")
        return f"{name}-{self.basis.frame.day:%Y-%m-%d}.{kind}"


def exported(describe: Callable) -> Callable:
    """Mark a function that describes an export, so that it may be called by its name.

    It is called as ``describe(asked, **where)``, ``where`` being the numbers and codes of the
    address; it asks for the permission, and raises Http404 outside the scope.
    """
    describe.is_export = True
    return describe


def write(
    export: Export, out: BinaryIO, *, kind: str, by, report: Callable[[int], None] = lambda done: None
) -> int:
    """Write the rows, tell after each how many there are, and return how many were written.

    Day and borders stand over the table, where they are read first, and in its foot, as on the page.
    """
    taken = 0

    def counted() -> Iterator[dict]:
        nonlocal taken
        for taken, row in enumerate(export.rows, 1):
            yield row
            report(taken)

    if kind == FileKind.CSV:
        # Without the head over the table, it still says what it was narrowed to.
        write_csv(out, export.columns, counted(), [f"{export.basis}.", *export.sentences[1:], *export.notes])
    else:
        _write_paper(out, export, counted(), by)
    return taken


def _write_paper(out: BinaryIO, export: Export, rows: Iterable[dict], by) -> None:
    head = head_of(office_of(by))
    write_table(
        out,
        columns=export.columns,
        rows=rows,
        sheet_name=export.title,
        head_left=list(filter(None, [head.above, head.office])),
        head_right=[PARTY, place_and_day(head.place, timezone.localdate())],
        title_lines=["", export.title.upper(), *export.sentences, ""],
        foot_lines=[f"{export.basis}.", *export.notes],
    )


def note(export: Export, *, by, rows: int) -> ExportLog:
    """Note who took how many rows, and whose records were among them."""
    if export.people is not None:
        note_taken_out(by, export.people, export.title)
    return ExportLog.note(by=by, what=export.title, filters="; ".join(export.sentences), rows=rows)


def in_batches(rows: Iterable, size: int = ROWS_AT_A_TIME) -> Iterator[list]:
    """Yield the rows some at a time, so that a long list needs no more memory than a short one."""
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch


def numbered(rows: Iterable[dict]) -> Iterator[dict]:
    for number, row in enumerate(rows, 1):
        yield {"number": number, **row}
