"""What was entered about titles in one act is taken back in one act, and comes back as it was."""

from datetime import date

from accounts.changes import recording
from accounts.history import take_back
from evaluations.models import CaseCheck, CaseCriterion, CaseMonth, CriteriaSet, Criterion, TitleCase
from evaluations.review.deciding import Paper
from evaluations.titling.keeping import write_month
from evaluations.titling.steps import Kind, take
from tests import factories

STEPS = ("state", "declined_on", "declined_reason", "revision")


def test_everything_of_a_case_goes_with_its_change_set(commune, province):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    before = CriteriaSet.objects.count(), Criterion.objects.count()
    with recording(reason="một lần") as here:
        criteria = factories.criteria_set(province=province)
        case = factories.title_case(of=cell, criteria_set=criteria, recognised_on=date(2021, 1, 1))
        case.criteria.create(criterion=criteria.criteria.first(), self_points=1)
        write_month(case, date(2026, 1, 1), "Đủ kỳ")
        case.checks.create(year=2022, outcome="kept", checked_on=date(2022, 12, 1))

    take_back(here.change_set)

    assert not any(model.objects.exists() for model in (TitleCase, CaseCriterion, CaseMonth, CaseCheck))
    assert (CriteriaSet.objects.count(), Criterion.objects.count()) == before


def test_a_step_taken_in_error_is_taken_back(officer, commune):
    case = factories.title_case(of=factories.cell(of=factories.hamlet(parent=commune)))
    was = TitleCase.objects.values(*STEPS).get()
    with recording(reason="nhầm") as here:
        take(case, Kind.DECLINED, by=officer, day=date(2026, 6, 1), text="Nhầm chi bộ")

    take_back(here.change_set)

    assert TitleCase.objects.values(*STEPS).get() == was


def test_a_decision_that_was_recorded_in_error_is_taken_back(officer, commune):
    case = factories.title_case(
        of=factories.cell(of=factories.hamlet(parent=commune)), recognised_on=date(2021, 1, 1)
    )
    with recording(reason="nhầm") as here:
        paper = Paper("1-QĐ/TU", date(2026, 1, 1), "Ban Thường vụ Tỉnh ủy")
        take(case, Kind.REVOKED, by=officer, day=paper.day, text="Nhầm", paper=paper)

    take_back(here.change_set)

    assert TitleCase.objects.get().state == TitleCase.State.RECOGNISED
