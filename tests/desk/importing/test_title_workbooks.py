"""Workbooks of titles: a commune registers itself, what was decided is confirmed, no step is passed over."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from desk.importing import batches
from evaluations.models import TitleCase
from tests import factories
from tests.desk.importing.desk import answer, check, hand_in, told, workbook, write

HEAD = ["TT", "Danh hiệu", "Chi bộ", "Đăng ký cho năm", "Ngày đăng ký", "Ngày công nhận"]
DECISION = {
    "decision_number": "12-QĐ/TU",
    "decision_day": "15/12/2021",
    "decision_body": "Ban Thường vụ Tỉnh ủy",
}


@pytest.fixture
def cells(commune):
    return [
        factories.cell(of=factories.hamlet(parent=commune, name=name), name=f"Chi bộ ấp {name}")
        for name in ("1", "2")
    ]


def registering(cells) -> bytes:
    return workbook(
        HEAD, *[[n, "TSVMTD", cell.name, 2026, "01/02/2026", None] for n, cell in enumerate(cells, 1)]
    )


def recognising(cells, day="15/12/2021") -> bytes:
    return workbook(HEAD, *[[n, "TSVMTD", cell.name, None, None, day] for n, cell in enumerate(cells, 1)])


def test_a_commune_registers_its_cells_by_workbook(cells, clerk, province):
    criteria = factories.criteria_set(province=province)
    batch = hand_in(clerk, registering(cells), kind="titles")

    assert told(check(batch, clerk)) == {}
    assert batches.may_write(clerk, batch)
    write(batch, clerk)

    found = TitleCase.objects.all()
    assert {(case.state, case.year, case.criteria_set) for case in found} == {("registered", 2026, criteria)}


def test_a_commune_only_proposes_what_was_decided(cells, clerk, officer):
    batch = hand_in(clerk, recognising(cells), kind="titles")
    answer(batch, asked=DECISION)
    assert told(check(batch, clerk)) == {}
    assert not batches.may_write(clerk, batch)
    with pytest.raises(PermissionDenied):
        write(batch, clerk)

    batches.submit(batch, seen=batch.revision)
    write(batch, officer)

    held = TitleCase.objects.held_on(date(2021, 12, 15))
    assert held.count() == 2


def test_a_file_of_both_is_taken_apart_first(cells, clerk):
    rows = [
        [1, "TSVMTD", cells[0].name, 2026, "01/02/2026", None],
        [2, "TSVMTD", cells[1].name, None, None, "15/12/2021"],
    ]
    batch = hand_in(clerk, workbook(HEAD, *rows), kind="titles")
    answer(batch, asked=DECISION)
    check(batch, clerk)

    with pytest.raises(ValidationError, match="Tách thành file riêng"):
        batches.submit(batch, seen=batch.revision)


def test_a_registered_cell_is_not_recognised_past_its_appraisal(cells, officer):
    case = factories.title_case(of=cells[0], registered_on=date(2021, 2, 1))
    batch = hand_in(officer, recognising(cells[:1]), kind="titles")
    answer(batch, asked={**DECISION, "commune": "Xã Phú Túc"})

    said = told(check(batch, officer))

    assert "thẩm định" in " ".join(said[2])
    case.refresh_from_db()
    assert case.state == "registered"


def test_appraised_cells_are_recognised_by_the_file_of_the_decision(cells, officer):
    case = factories.title_case(
        of=cells[0], state="appraised", registered_on=date(2021, 2, 1), appraised_on=date(2021, 12, 1)
    )
    batch = hand_in(officer, recognising(cells[:1]), kind="titles")
    answer(batch, asked={**DECISION, "commune": "Xã Phú Túc"})
    assert told(check(batch, officer)) == {}
    write(batch, officer)

    case.refresh_from_db()
    assert (case.state, case.revision, case.recognition.number) == ("recognised", 2, "12-QĐ/TU")
