"""A workbook is taken in while somebody saves on the page of the review: neither loses what it has written."""

import io
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from openpyxl import load_workbook

from desk.importing import batches
from evaluations.models import CellRating, Level, MemberLevels
from evaluations.review.rows import Entry, mark_of, save_rows
from evaluations.review.workbook import workbook_of
from evaluations.review.workbook_sheets import FIRST, HEADER
from tests import factories
from tests.desk.importing.desk import check, hand_in, told

pytestmark = pytest.mark.committed

# Long enough for the other one to have come to the lock.
A_WHILE = 1.5


def filled(file, user) -> bytes:
    """Return the workbook with a level and a count in its first row."""
    book = load_workbook(io.BytesIO(workbook_of(file, user)))
    sheet = book["Chi bộ"]
    heads = {sheet.cell(HEADER + 1, n).value or sheet.cell(HEADER, n).value: n for n in range(1, 30)}
    sheet.cell(FIRST, heads["Mức tự xếp loại"]).value = "HTXSNV"
    sheet.cell(FIRST, heads["XS"]).value = 5
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("values", "members"), [({"self_level": Level.COMPLETED, "note": "Trên trang"}, None), ({}, {"good": 7})]
)
def test_what_a_page_saves_meanwhile_is_a_conflict_and_is_not_lost(officer, clerk, commune, values, members):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    file = factories.file_of(commune, factories.open_review(by=officer, leaders="none"))
    batch = hand_in(clerk, filled(file, clerk))
    shown = check(batch, clerk)
    assert told(shown) == {}
    saved_but_not_kept = Event()

    def save() -> None:
        try:
            with transaction.atomic():
                row = CellRating.objects.get(cell=cell)
                (saved,) = save_rows(
                    file, [Entry(CellRating, row.pk, mark_of(row, None), values, members)], by=clerk
                )
                assert saved.is_saved
                saved_but_not_kept.set()
                sleep(A_WHILE)
        finally:
            saved_but_not_kept.set()
            connection.close()

    def take_in():
        try:
            saved_but_not_kept.wait()
            return batches.write(batch, seen=batch.revision, by=clerk, fingerprint=shown["fingerprint"])
        except ValidationError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        on_page, by_file = pool.submit(save), pool.submit(take_in)
        on_page.result()
        refusal = by_file.result()

    assert isinstance(refusal, ValidationError)
    row = CellRating.objects.get(cell=cell)
    assert (row.self_level, row.note) == (values.get("self_level", ""), values.get("note", ""))
    assert [one.good for one in MemberLevels.objects.all()] == ([7] if members else [])
    assert list(told(batches.known_check(batch).result)) == [FIRST]
