"""Files made to do harm, handed in on the page: a plain sentence each, or what they hold, and nothing written."""

import io
import sys
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from cells.models import Unit
from desk.importing import batches
from desk.importing.files import filled, marked
from desk.importing.forms import FORMS
from desk.models import BatchFile, ImportBatch
from leaders.models import Person, Tenure
from sheets.parsing import resource
from tests import factories
from tests.desk.importing.desk import answer, check, hand_in, told, workbook, write
from tests.sheets.files import (
    SHEET,
    SHEET_END,
    SHEET_START,
    STRONG_LOCK,
    compound,
    number_record,
    ods,
    with_parts,
    with_rows,
    xls,
)
from tests.soaking import soaked

HEADER = ["TT", "Họ và tên", "Chức vụ Đảng", "Ấp", "Chuyên môn"]
PEOPLE = (
    ["DANH SÁCH TRÍCH NGANG BÍ THƯ"],
    HEADER,
    [1, "Nguyễn Văn An", "Bí thư", "Phước Hậu", "Luật"],
    [2, "Trần Thị Bình", "Phó bí thư", "Phước Hậu", None],
)
# What a hostile file may cost, in times of what a usual one costs, and in memory over it.
TIMES, MEGABYTES = 40, 600


def usual() -> bytes:
    return workbook(*PEOPLE)


def rows_as_xml(rows) -> str:
    cell = '<c r="{}{}" t="inlineStr"><is><t>{}</t></is></c>'
    return "".join(
        f'<row r="{number}">'
        + "".join(
            cell.format(letter, number, value) for letter, value in zip("ABCDE", row, strict=False) if value
        )
        + "</row>"
        for number, row in enumerate(rows, 1)
    )


def blank_rows() -> bytes:
    blank = "".join(f'<row r="{row}" s="1" customFormat="1"/>' for row in range(5, 2**20 + 1))
    return with_rows(rows_as_xml(PEOPLE) + blank)


def wide_row() -> bytes:
    return with_rows('<row r="1">' + "<c><v>1</v></c>" * 2**14 + "</row>")


def xml_bomb() -> bytes:
    names = "abcdefghij"
    entities = "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip(names, names[1:], strict=False)
    )
    bomb = f"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a \"ha\">{entities}]><sst>&j;</sst>"
    return with_parts({"xl/sharedStrings.xml": bomb}, usual())


def file_of_system() -> bytes:
    """A part that asks for a file of the server."""
    outside = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><sst>&a;</sst>"
    return with_parts({"xl/sharedStrings.xml": outside}, usual())


def repeated_cells() -> bytes:
    row = '<table:table-row table:number-rows-repeated="1048570">{}</table:table-row>'
    cell = (
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell>"
    )
    return ods(row.format(cell))


def linked() -> bytes:
    return with_parts({"xl/externalLinks/externalLink1.xml": "<x/>"}, usual())


def with_macros() -> bytes:
    return with_parts({"xl/vbaProject.bin": b"Sub"}, usual())


# By what they are: the file, its name, and words of the sentence that refuses it.
REFUSED = {
    "zip bomb": (lambda: with_rows(" " * 60_000_000), "bieu.xlsx", "nén"),
    "XML bomb": (xml_bomb, "bieu.xlsx", "không được mở"),
    "file of the server": (file_of_system, "bieu.xlsx", "không được mở"),
    "row at the end": (
        lambda: with_rows('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        "bieu.xlsx",
        "đến dòng 1048576",
    ),
    "16 384 columns": (wide_row, "bieu.xlsx", "cột thứ 16384"),
    "cells repeated a thousand million times": (repeated_cells, "bieu.ods", ""),
    "truncated": (lambda: usual()[:-400], "bieu.xlsx", "hỏng"),
    "truncated in the middle": (lambda: usual()[:2000], "bieu.xlsx", "hỏng"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0", "bieu.xlsx", "không phải"),
    "program": (lambda: b"MZ\x90\0" + bytes(300), "bieu.xlsx", "không phải"),
    "web page": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", "bieu.xls", ".xlsx"),
    "password": (lambda: compound({"EncryptedPackage": b"x"}), "bieu.xlsx", "mật khẩu"),
    "password of old": (lambda: xls(number_record(0, 0, 7), lock=STRONG_LOCK), "bieu.xls", "mật khẩu"),
    "empty": (lambda: b"", "bieu.xlsx", "không có nội dung"),
    "empty text": (lambda: b"", "bieu.csv", "không có nội dung"),
}
BLANK = "2^20 blank rows"
READ = {
    BLANK: (blank_rows, "bieu.xlsx"),
    "external links": (linked, "bieu.xlsx"),
    "macros": (with_macros, "bieu.xlsm"),
    "wrong extension": (usual, "bieu.csv"),
    "no extension": (usual, "bieu"),
    "name that runs backwards": (usual, "bieu\u202excod.xlsx"),
    "name that climbs": (usual, "../../../etc/bieu.xlsx"),
    "name that is a formula": (usual, "=cmd|' /C calc'!A0.xlsx"),
    "very long name": (usual, "b" * 400 + ".xlsx"),
    "name of markup": (usual, "<script>alert(1)</script>.xlsx"),
}


@pytest.fixture
def hamlet(commune):
    found = factories.hamlet(parent=commune, name="Phước Hậu")
    factories.cell(of=found, name="Chi bộ ấp Phước Hậu")
    return found


@pytest.fixture
def desk(client, clerk, hamlet):
    client.force_login(clerk)
    return client


def drop(desk, data: bytes, name: str):
    return desk.post(
        reverse("importing:desk"), {"file": SimpleUploadedFile(name, data), "kind": ""}, follow=True
    )


def facts() -> list[int]:
    return [model._base_manager.count() for model in (Person, Tenure, Unit)]


def seconds_of_work() -> float:
    """Return what this process and those that it has started have worked."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN) if resource else None
    return time.process_time() + (used.ru_utime + used.ru_stime if used else 0)


def peak() -> float:
    """Return the most memory that this process has ever had, in megabytes."""
    if resource is None:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def in_bounds(desk, data: bytes, name: str):
    """Hand the file in, and hold it to what a usual one costs."""
    begun = seconds_of_work()
    assert drop(desk, usual(), "danh-sach.xlsx").status_code == 200
    cost, before = seconds_of_work() - begun, peak()
    ImportBatch.objects.all().delete()
    begun = seconds_of_work()

    answered = drop(desk, data, name)

    assert seconds_of_work() - begun < TIMES * max(cost, 0.5)
    assert peak() - before < MEGABYTES
    return answered


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_is_no_use_gets_one_plain_sentence(desk, what):
    make, name, words = REFUSED[what]
    before = facts()

    answered = in_bounds(desk, make(), name)

    assert answered.status_code == 200
    (sentence,) = answered.context["form"].errors["file"]
    assert words in sentence
    assert set(sentence) & set("ạảãàáệểếậấộốợớừứịỏ"), sentence
    assert (ImportBatch.objects.count(), BatchFile.objects.count(), facts()) == (0, 0, before)


# A million blank rows are read in tests/sheets/test_reading.py every time.
@pytest.mark.parametrize("what", [*soaked(BLANK), *(one for one in READ if one != BLANK)])
def test_a_strange_file_is_read_as_what_it_holds(desk, clerk, what):
    make, name = READ[what]
    before = facts()

    answered = in_bounds(desk, make(), name)

    assert answered.status_code == 200
    assert "<script>alert" not in answered.content.decode()
    batch = ImportBatch.objects.get()
    assert "/" not in batch.file_name
    reading = batches.read_batch(batch, clerk)
    assert (reading.form.key, reading.step, len(reading.rows)) == ("people", "asked", 2)
    assert facts() == before


# How it is checked no longer knows what was strange in a name.
CHECKED = ["macros", "name of markup"]


@pytest.mark.parametrize("what", [*CHECKED, *soaked(*(one for one in READ if one not in CHECKED))])
def test_a_strange_file_is_checked_and_marked_like_any_other(desk, clerk, what):
    make, name = READ[what]
    batch = hand_in(clerk, make(), name)
    answer(batch, asked={"starts_on": "1/2/2022", "term": ""})

    assert told(check(batch, clerk)) == {}

    assert desk.get(batch.get_absolute_url()).status_code == 200
    assert desk.get(reverse("importing:marked", args=[batch.pk])).status_code == 200


# --- Text that a spreadsheet would run ------------------------------------------------

FORMULAS = [
    "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "＝1+1",
]


def as_text(rows) -> bytes:
    """Return a file in which each of these texts is a text, whatever it begins with."""
    file = load_workbook(io.BytesIO(workbook(*PEOPLE[:2])))
    for number, row in enumerate(rows, 3):
        for column, value in enumerate(row, 1):
            cell = file.active.cell(number, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def formulas_in(data: bytes) -> list[str]:
    """Return the cells that a spreadsheet works out, or would once somebody has touched them."""
    book = load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    return [
        cell.coordinate
        for cell in cells
        if cell.data_type == "f"
        or (
            isinstance(cell.value, str)
            and cell.value.lstrip()[:1] in tuple("=+-@＝")
            and not cell.quotePrefix
        )
    ]


def people_with(*texts: str) -> list[list]:
    return [
        [number, f"Nguyễn Văn {factories.spelled(number)}", "Chi ủy viên", "Phước Hậu", text]
        for number, text in enumerate(texts, 1)
    ]


def test_a_text_like_a_formula_goes_in_and_out_as_text(clerk, officer, hamlet):
    batch = hand_in(clerk, as_text(people_with(*FORMULAS)))
    answer(batch, asked={"starts_on": "1/2/2022", "term": ""})
    assert told(check(batch, clerk)) == {}

    write(batch, clerk)

    kept = set(Person.objects.values_list("profession", flat=True))
    assert kept == {text.strip() for text in FORMULAS}
    assert formulas_in(filled(FORMS["people"], Person.objects.all(), clerk)) == []


def test_a_fault_at_a_text_like_a_formula_comes_back_as_text(clerk, hamlet):
    rows = [[1, text, "Chi ủy viên", "Phước Hậu", "Luật"] for text in FORMULAS]
    batch = hand_in(clerk, as_text(rows))
    answer(batch, asked={"starts_on": "1/2/2022", "term": ""})
    shown = check(batch, clerk)
    assert len(told(shown)) == len(FORMULAS)

    _name, returned = marked(batch, batches.known_check(batch), clerk)

    book = load_workbook(io.BytesIO(returned.data))
    assert not [cell.coordinate for row in book.active.iter_rows() for cell in row if cell.data_type == "f"]
    assert Person.objects.count() == 0


def test_a_formula_that_is_one_is_taken_for_its_stored_value_or_not_at_all(clerk, hamlet):
    cell = '<c r="E{}" t="str"><f>cmd|" /C calc"!A0</f>{}</c>'
    rows = rows_as_xml(PEOPLE).split("</row>")
    rows[2] += cell.format(3, "<v>Kế toán</v>")
    rows[3] += cell.format(4, "")
    rows[2] = rows[2].replace(
        rows[2][rows[2].index('<c r="E3" t="inlineStr"') : rows[2].index('<c r="E3" t="str"')], ""
    )
    batch = hand_in(clerk, with_parts({SHEET: SHEET_START + "</row>".join(rows) + SHEET_END}))
    answer(batch, asked={"starts_on": "1/2/2022", "term": ""})

    shown = check(batch, clerk)

    assert list(told(shown)) == [4]
    write(batch, clerk, only_good=True)
    assert Person.objects.get().profession == "Kế toán"


@pytest.mark.parametrize("name", ["Nguyễn\u202e Văn An", "\u200fNguyễn Văn An\u200e", "Nguyễn\u200b Văn\ufeff An", "Nguyễn_x0007_ Văn An"])  # fmt: skip
def test_characters_that_nobody_sees_are_no_part_of_a_name(clerk, hamlet, name):
    batch = hand_in(clerk, as_text([[1, name, "Bí thư", "Phước\u202e Hậu", "Luật\u2066 sư"]]))
    answer(batch, asked={"starts_on": "1/2/2022", "term": ""})

    assert told(check(batch, clerk)) == {}

    write(batch, clerk)
    person = Person.objects.get()
    assert (person.full_name, person.profession) == ("Nguyễn Văn An", "Luật sư")
