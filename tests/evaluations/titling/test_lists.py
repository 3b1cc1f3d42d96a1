"""Lists of titles do what the pages do, and refuse what they refuse."""

from datetime import date

import pytest
from django.urls import reverse

from evaluations.models import TitleCase
from evaluations.resources import TitleCaseResource
from tests import factories
from tests.lists import counts, faults, headings, sheet
from tests.worlds import kept

TITLES = headings(TitleCaseResource)
PAPER = {
    "decision_number": "12-QĐ/TU",
    "decision_day": "01/03/2022",
    "decision_body": "Ban Thường vụ Tỉnh ủy",
}
State = TitleCase.State


@kept
def cell(commune):
    return factories.cell(of=factories.hamlet(parent=commune, name="2"), name="Chi bộ ấp 2")


def of(cell, **more) -> dict:
    return {"title": "TSVMTD", "cell": cell.name, "cell_code": cell.code, **more}


def test_a_commune_may_name_the_provinces_paper_that_is_recorded_already(clerk, province, cell):
    factories.decision(
        number="12-QĐ/TU", date=date(2022, 3, 1), issuing_body="Ban Thường vụ Tỉnh ủy", unit=province
    )

    result = TitleCaseResource(user=clerk).import_data(
        sheet(TITLES, of(cell, recognised_on="01/03/2022", **PAPER))
    )

    assert faults(result) == {}
    assert TitleCase.objects.get().recognition.unit == province


@pytest.mark.parametrize("changed", [{"year": "2026"}, {"registered_on": "01/01/2019"}])
def test_what_was_decided_is_not_registered_anew(officer, cell, changed):
    factories.title_case(of=cell, year=2021, registered_on=date(2020, 1, 1), recognised_on=date(2021, 3, 1))

    result = TitleCaseResource(user=officer).import_data(sheet(TITLES, of(cell, **changed)))

    assert set(faults(result)[2]) == {TITLES[name] for name in changed}


def test_what_was_appraised_is_recognised_after_it_and_with_a_reason(officer, cell):
    factories.title_case(
        of=cell, state=State.APPRAISED, registered_on=date(2021, 1, 1), appraised_on=date(2022, 6, 1)
    )

    result = TitleCaseResource(user=officer).import_data(sheet(TITLES, of(cell, **PAPER)))

    assert TITLES["recognised_on"] in faults(result)[2]


def test_what_was_declined_goes_out_and_comes_in_without_a_difference(officer, cell):
    factories.title_case(
        of=cell,
        year=2025,
        registered_on=date(2025, 1, 1),
        state=State.DECLINED,
        declined_on=date(2025, 12, 1),
        declined_reason="Thiếu điểm",
    )

    taken_out = TitleCaseResource(user=officer).export(TitleCase.objects.all())

    assert counts(TitleCaseResource(user=officer).import_data(taken_out)) == (0, 0, 1)


def test_no_list_tells_of_a_day_that_has_not_come(officer, cell):
    result = TitleCaseResource(user=officer).import_data(sheet(TITLES, of(cell, registered_on="01/01/2090")))

    assert TITLES["registered_on"] in faults(result)[2]


def test_the_administration_refuses_a_title_held_twice(client, officer, cell):
    factories.title_case(
        of=cell,
        recognised_on=date(2021, 3, 1),
        state=State.REVOKED,
        revoked_on=date(2023, 3, 1),
        revocation_reason="Vi phạm",
        revocation=factories.decision(),
    )
    paper = factories.decision(unit=cell.commune.province)
    client.force_login(officer)

    answer = client.post(
        reverse("admin:evaluations_titlecase_add"),
        {
            "cell": cell.pk,
            "title": TitleCase.objects.get().title_id,
            "recognised_on": "01/01/2022",
            "recognition": paper.pk,
            "change_reason": "Nhập",
        },
    )

    assert answer.status_code == 200
    assert TitleCase.objects.count() == 1


def test_a_cell_that_has_ended_is_registered_for_nothing(officer, commune):
    ended = factories.cell(of=factories.hamlet(parent=commune, name="7", ends_on=date(2020, 12, 31)))

    result = TitleCaseResource(user=officer).import_data(sheet(TITLES, of(ended, registered_on="01/03/2022")))

    assert faults(result)
    assert not TitleCase.objects.exists()
