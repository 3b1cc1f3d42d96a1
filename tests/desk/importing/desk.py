"""What somebody does at the import desk, in as many words: hand in, answer, check, write."""

import io
from pathlib import Path

from openpyxl import Workbook

from desk.importing import batches
from desk.models import ImportBatch

WORKBOOKS = Path(__file__).parent.parent.parent / "sheets" / "workbooks"


def workbook(*rows, sheet: str = "Biểu") -> bytes:
    """Return an xlsx file with these rows."""
    file = Workbook()
    file.active.title = sheet
    for row in rows:
        file.active.append(row)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def hand_in(user, data: bytes, name: str = "bieu.xlsx", *, kind: str = "") -> ImportBatch:
    return batches.receive(user, name=name, data=data, kind=kind)


def office_file(user, name: str) -> ImportBatch:
    return hand_in(user, (WORKBOOKS / name).read_bytes(), name)


def answer(batch: ImportBatch, **answers) -> None:
    batches.answer(batch, seen=batch.revision, **answers)


def check(batch: ImportBatch, user) -> dict:
    """Return what the page shows once nothing is left to ask."""
    reading = batches.read_batch(batch, user)
    assert reading.step == "check", (reading.step, reading.asks, reading.mapped and reading.mapped.questions)
    return batches.check(batch, reading, user).result


def write(batch: ImportBatch, user, *, only_good: bool = False) -> None:
    shown = batches.known_check(batch).result
    mark = shown["fingerprint_of_good" if only_good else "fingerprint"]
    batches.write(batch, seen=batch.revision, by=user, fingerprint=mark, only_good=only_good)


def told(shown: dict) -> dict[int, list[str]]:
    """Return what is wrong, by row."""
    return {row["row"]: [fault["said"] for fault in row["faults"]] for row in shown["rows"] if row["faults"]}
