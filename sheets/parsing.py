"""The parser of workbooks, in this process or in one of its own.

How much memory an old .xls or an .ods file asks for cannot be told beforehand, and a parser
that runs out of memory takes its process along. So those are read in a child process with
limits of its own, run as ``python -m sheets.parsing``: the file comes in on standard input,
the sheets go out as JSON. (Windows and macOS hold it to its time only.)
"""

import io
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine
from python_calamine import SheetTypeEnum, SheetVisibleEnum

from sheets.errors import SheetError
from sheets.formulas import restore
from sheets.limits import Extent, Limits
from sheets.places import Area, Place, within

try:
    import resource
except ImportError:  # Windows
    resource = None

Value = str | int | float | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True)
class Sheet:
    """One sheet: rows of equal length from cell A1 on, so row ``n`` of it is ``rows[n - 1]``.

    An empty cell is None, also one that holds nothing but spaces. Empty rows and columns
    behind the last filled ones are left out. ``merged`` are the merged areas (csv has
    none). ``unread`` has the cells that look filled but gave no value, with the code of the reason:
    ``formula_without_value`` or ``error_value`` (xlsx and ods; in xls files an
    error such as #REF! is read as an empty cell).
    """

    name: str
    rows: list[tuple[Value, ...]]
    is_visible: bool = True
    merged: tuple[Area, ...] = ()
    unread: Mapping[Place, str] = field(default_factory=dict)


def parse(data: bytes, limits: Limits) -> list[Sheet]:
    """Read the sheets in this process; the data must have been measured before."""
    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as workbook:
            return _sheets(workbook, limits)
    except (python_calamine.CalamineError, python_calamine.WorksheetNotFound, OSError, ValueError):
        raise SheetError("damaged_workbook") from None
    except BaseException as error:
        # A panic of the parser, which is no Exception and cannot be imported.
        if type(error).__name__ == "PanicException":
            raise SheetError("damaged_workbook") from None
        raise


def parse_apart(data: bytes, limits: Limits) -> list[Sheet]:
    """Read the sheets in a process of its own, which may fail without harm."""
    command = [sys.executable, "-m", "sheets.parsing", json.dumps(asdict(limits))]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, nothing of the file in the command
            command,
            input=data,
            capture_output=True,
            timeout=limits.seconds,
            cwd=Path(__file__).parent.parent,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise SheetError("too_heavy") from None
    answer = json.loads(done.stdout, object_hook=_decoded)
    if "code" in answer:
        raise SheetError(answer["code"], **answer["params"])
    return [
        Sheet(name, [tuple(row) for row in rows], seen, tuple(Area(*edges) for edges in merged))
        for name, rows, seen, merged in answer["sheets"]
    ]


def rectangle(rows, sheet: str, limits: Limits) -> list[tuple[Value, ...]]:
    """Return the rows as tuples of one length, without the empty end, and within the limits."""
    kept: list[list[Value]] = []
    extent = Extent(sheet)
    for number, row in enumerate(rows, 1):
        values = [_plain(value) for value in row]
        while values and values[-1] is None:
            values.pop()
        if values:
            extent.fill(number, len(values))
            extent.check(limits)
            kept.extend([] for _ in range(number - 1 - len(kept)))
            kept.append(values)
    return [tuple(row + [None] * (extent.column - len(row))) for row in kept]


def _sheets(workbook, limits: Limits) -> list[Sheet]:
    metadata = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    if len(metadata) > limits.sheets:
        raise SheetError("too_many_sheets", count=len(metadata), limit=limits.sheets)
    return [_sheet(workbook.get_sheet_by_name(sheet.name), sheet, limits) for sheet in metadata]


def _sheet(found, metadata, limits: Limits) -> Sheet:
    Extent(metadata.name, found.total_height, found.total_width).check(limits)
    rows = rectangle(found.to_python(skip_empty_area=False), metadata.name, limits)
    # The parser counts from 0.
    merged = (
        Area(top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in found.merged_cell_ranges or ()
    )
    return Sheet(
        metadata.name,
        rows,
        metadata.visible == SheetVisibleEnum.Visible,
        within(merged, len(rows), len(rows[0]) if rows else 0, limits.cells),
    )


def _plain(value) -> Value:
    if isinstance(value, str):
        return restore(value) if value.strip() else None
    # Workbooks know one kind of number and one kind of day.
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date()
    return value


_ENCODED = {
    datetime: lambda moment: {"datetime": moment.isoformat()},
    date: lambda day: {"date": day.isoformat()},
    time: lambda hour: {"time": hour.isoformat()},
    timedelta: lambda span: {"seconds": span.total_seconds()},
}


def _encoded(value):
    return _ENCODED[type(value)](value)


def _decoded(item: dict):
    match item:
        case {"datetime": text}:
            return datetime.fromisoformat(text)
        case {"date": text}:
            return date.fromisoformat(text)
        case {"time": text}:
            return time.fromisoformat(text)
        case {"seconds": seconds}:
            return timedelta(seconds=seconds)
        case _:
            return item


def _main() -> None:
    limits = Limits(**json.loads(sys.argv[1]))
    if resource:
        memory = limits.memory_mb * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        sheets = parse(sys.stdin.buffer.read(), limits)
        answer = {"sheets": [(sheet.name, sheet.rows, sheet.is_visible, sheet.merged) for sheet in sheets]}
    except SheetError as error:
        answer = {"code": error.code, "params": error.params}
    json.dump(answer, sys.stdout, default=_encoded)


if __name__ == "__main__":
    _main()
