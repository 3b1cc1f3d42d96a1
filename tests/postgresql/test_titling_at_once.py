"""Titles on PostgreSQL: two people take a step, register, enter points or look at a title at the same time."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from cells.models import Cell
from evaluations.models import CaseCheck, CaseCriterion, Title, TitleCase
from evaluations.review.deciding import Paper
from evaluations.titling.appraising import ASSIGNED, rows_of, save_rows
from evaluations.titling.checking import Look, keep_rest, record_check
from evaluations.titling.registering import register
from evaluations.titling.steps import Kind, recognise_many, take
from tests import factories
from tests.postgresql.together import at_the_same_time

pytestmark = pytest.mark.committed

State = TitleCase.State
PAPER = Paper("12-QĐ/TU", date(2026, 6, 1), "Ban Thường vụ Tỉnh ủy")
YEAR = timezone.localdate().year


def appraised(commune, count: int) -> list[TitleCase]:
    return [
        factories.title_case(
            of=cell,
            state=State.APPRAISED,
            registered_on=date(2026, 1, 1),
            appraised_on=date(2026, 2, 1),
            appraisal_team="A",
        )
        for cell in factories.many_cells(commune, count)
    ]


def refused(results) -> int:
    return sum(isinstance(result, ValidationError | IntegrityError) for result in results)


def test_two_decisions_do_not_recognise_one_cell_twice(commune, officer):
    cases = appraised(commune, 6)
    first, second = cases[:4], cases[2:]
    other = Paper("13-QĐ/TU", date(2026, 6, 2), "Ban Thường vụ Tỉnh ủy")

    results = at_the_same_time(
        *[
            lambda some=some, paper=paper: recognise_many({c.pk: c.revision for c in some}, paper, by=officer)
            for some, paper in ((first, PAPER), (second, other))
        ]
    )

    assert refused(results) == 1
    assert TitleCase.objects.filter(state=State.RECOGNISED).count() == 4
    assert set(TitleCase.objects.values_list("revision", flat=True)) == {1, 2}


def test_it_is_appraised_anew_while_it_is_declined(commune, officer, clerk):
    (case,) = appraised(commune, 1)

    results = at_the_same_time(
        *[
            lambda kind=kind, by=by: take(
                TitleCase.objects.get(pk=case.pk), kind, by=by, day=date(2026, 6, 1), text="Vì lý do"
            )
            for kind, by in ((Kind.REOPENED, clerk), (Kind.DECLINED, officer))
        ]
    )

    # One after the other both may be lawful: who declines last declines what is registered again.
    after = TitleCase.objects.get()
    assert after.revision == 1 + 2 - refused(results)
    assert after.state in (State.REGISTERED, State.DECLINED)
    assert after.history.count() == after.revision


def test_two_register_the_same_cells(commune, clerk, officer):
    cells = factories.many_cells(commune, 3)
    title = Title.objects.get(code="TSVMTD")

    def registering():
        rows = Cell.objects.filter(pk__in=[cell.pk for cell in cells]).select_related("commune__province")
        return register(rows, title=title, year=2026, day=date(2026, 1, 1))

    results = at_the_same_time(registering, registering, registering)

    assert refused(results) == 2
    assert TitleCase.objects.count() == 3


def test_two_enter_the_first_points_of_a_criterion(commune, province, clerk, officer):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    case = factories.title_case(of=cell, criteria_set=factories.criteria_set(province=province))
    key = rows_of(case)[0].key

    results = at_the_same_time(
        *[
            lambda points=points, user=user: save_rows(
                case, ASSIGNED, {f"{key}-mark": "0", f"{key}-self_points": points}, user=user
            )
            for points, user in (("5", clerk), ("7", officer))
        ]
    )

    assert sorted(bool(rows[0].conflict) for rows in results) == [False, True]
    assert CaseCriterion.objects.get().revision == 1


def test_one_look_is_recorded_once(commune, clerk, officer):
    cells = factories.many_cells(commune, 4)
    cases = [factories.title_case(of=cell, recognised_on=date(YEAR - 1, 1, 1)) for cell in cells]

    results = at_the_same_time(
        lambda: keep_rest(cases, YEAR, by=clerk),
        lambda: keep_rest(cases, YEAR, by=officer),
        lambda: record_check(cases[0], YEAR, Look("at_risk", "Vắng nhiều"), by=officer),
    )

    assert CaseCheck.objects.count() == 4
    assert refused(results) <= 1
