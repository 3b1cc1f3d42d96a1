"""Workbooks drawn from a model of how offices write are read as they were meant, or something is asked."""

import pytest
from hypothesis import HealthCheck, given, settings

from sheets.cleaning import clean_rows
from sheets.columns import LEAVE_OUT, map_columns, recognise
from sheets.reading import read_workbook
from sheets.tables import find_tables
from sheets.totals import compare_totals
from tests.sheets.office_forms import FORMS
from tests.sheets.offices import Asked, papers

FEW = settings(max_examples=20, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=4000, suppress_health_check=list(HealthCheck))
HEADS = [head for form in FORMS for head in form.heads]


def check(paper, data: bytes, filename: str, *, as_text: bool = False) -> None:
    table = find_tables(read_workbook(data, filename).sheets, HEADS)[0]

    assert (table.header.top, table.header.bottom) == paper.header
    assert table.sheet.is_visible
    recognition = recognise(table, FORMS)
    assert recognition.best.form is paper.form
    asked = map_columns(table, paper.form)
    assert {question.column for question in asked.questions} == paper.unknown, asked.questions
    mapped = map_columns(table, paper.form, {question.key: LEAVE_OUT for question in asked.questions})
    assert mapped.is_settled
    for line in table.lines:
        assert line.kind == paper.kinds.get(line.row, "data") or line.is_doubtful, line
    for _ in range(len(table.lines)):
        if not table.doubtful:
            break
        table = table.with_kinds({line.row: paper.kinds.get(line.row, "data") for line in table.lines})
    mapped = map_columns(table, paper.form, mapped.answers)
    read = clean_rows(mapped)
    found = [
        (
            row.row,
            row.line.groups,
            {**row.values, **{one.field.key: Asked(one.error.code) for one in row.faults}},
        )
        for row in read
    ]
    assert found == paper.meant
    assert all(comparison.agrees for comparison in compare_totals(table))


@FEW
@given(papers())
def test_an_office_workbook_is_read_as_it_was_meant(paper):
    check(paper, paper.xlsx(), "bieu.xlsx")


@FEW
@given(papers(as_csv=True))
def test_an_office_csv_file_is_read_as_it_was_meant(paper):
    check(paper, paper.csv(), "bieu.csv")


@pytest.mark.soak
@MANY
@given(papers())
def test_thousands_of_office_workbooks(paper):
    check(paper, paper.xlsx(), "bieu.xlsx")


@pytest.mark.soak
@MANY
@given(papers(as_csv=True))
def test_thousands_of_office_csv_files(paper):
    check(paper, paper.csv(), "bieu.csv")
