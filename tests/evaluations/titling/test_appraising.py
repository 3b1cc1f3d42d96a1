"""The grid of criteria: what is typed is saved row by row, what cannot be is said, nobody is written over."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluations.models import CaseCriterion, TitleCase
from evaluations.titling.appraising import APPRAISED, ASSIGNED, rows_of, save_rows
from tests import factories


@pytest.fixture
def case(commune, province):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    return factories.title_case(of=cell, criteria_set=factories.criteria_set(province=province))


def typed(case, number: int = 0, mark: int = 0, **values) -> dict[str, str]:
    key = rows_of(case)[number].key
    return {f"{key}-mark": str(mark), **{f"{key}-{name}": value for name, value in values.items()}}


def test_rows_are_made_with_the_first_entry(case, clerk):
    assert not CaseCriterion.objects.exists()
    person = factories.person(keeper=case.cell.commune)

    save_rows(
        case,
        ASSIGNED,
        typed(case, in_charge_id=str(person.pk), organisation="Hội Nông dân", self_points="8,5"),
        user=clerk,
    )

    row = CaseCriterion.objects.get()
    assert (row.in_charge, row.organisation, row.self_points) == (person, "Hội Nông dân", Decimal("8.5"))
    assert row.history.count() == 1


@pytest.mark.parametrize("text", ["10,1", "-1", "tám", "8,55", "1e9"])
def test_points_that_cannot_be_are_refused_and_stay_typed(case, clerk, text):
    first, second = save_rows(
        case,
        APPRAISED,
        typed(case, appraised_points=text) | typed(case, 1, appraised_points="20"),
        user=clerk,
    )

    assert first.faults["appraised_points"]
    assert first.text("appraised_points") == text
    assert second.is_saved
    assert CaseCriterion.objects.get().appraised_points == 20


def test_a_row_changed_meanwhile_is_told_and_not_written_over(case, clerk, officer):
    save_rows(case, ASSIGNED, typed(case, self_points="5"), user=officer)

    (row, _other) = save_rows(case, ASSIGNED, typed(case, mark=0, self_points="7"), user=clerk)

    assert row.conflict
    assert row.text("self_points") == "7"
    assert CaseCriterion.objects.get().self_points == 5
    (row, _other) = save_rows(case, ASSIGNED, typed(case, mark=1, self_points="7"), user=clerk)
    assert row.is_saved
    assert CaseCriterion.objects.get().revision == 2


def test_what_is_not_touched_is_not_saved(case, clerk):
    save_rows(case, ASSIGNED, typed(case, self_points="5"), user=clerk)

    save_rows(case, ASSIGNED, typed(case, mark=0, self_points="5"), user=clerk)

    assert CaseCriterion.objects.get().revision == 1


def test_nobody_out_of_sight_is_put_in_charge(case, clerk):
    stranger = factories.person(keeper=factories.commune())

    (row, _other) = save_rows(case, ASSIGNED, typed(case, in_charge_id=str(stranger.pk)), user=clerk)

    assert row.faults["in_charge_id"]
    assert not CaseCriterion.objects.exists()


def test_points_are_closed_by_the_appraisal_and_everything_by_the_end(case, clerk):
    TitleCase.objects.update(state=TitleCase.State.APPRAISED)
    with pytest.raises(ValidationError):
        save_rows(case, APPRAISED, typed(case, appraised_points="5"), user=clerk)
    save_rows(case, ASSIGNED, typed(case, organisation="Mặt trận", self_points="5"), user=clerk)
    assert CaseCriterion.objects.get().self_points is None
    TitleCase.objects.update(
        state=TitleCase.State.DECLINED, declined_on="2026-01-01", declined_reason="Vì lý do"
    )
    with pytest.raises(ValidationError):
        save_rows(case, ASSIGNED, typed(case, organisation="Đoàn"), user=clerk)


@given(text=st.text(alphabet="0123456789,.- e", max_size=7))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_is_typed_points_stay_within_the_criterion(case, clerk, text):
    row = save_rows(
        case, APPRAISED, typed(case, mark=rows_of(case)[0].mark, appraised_points=text), user=clerk
    )[0]

    points = CaseCriterion.objects.filter(case=case).values_list("appraised_points", flat=True).first()
    assert points is None or 0 <= points <= 10
    assert (
        row.is_saved or row.faults or row.text("appraised_points").strip() in ("", text.strip(), str(points))
    )


@pytest.mark.parametrize("count", [2, 30])
def test_queries_do_not_grow_with_the_criteria(
    commune, province, clerk, count, django_assert_max_num_queries
):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    criteria = factories.criteria_set(province=province, points=(10,) * count)
    case = factories.title_case(of=cell, criteria_set=criteria)
    posted = {}
    for number in range(count):
        posted |= typed(case, number, self_points="5")

    with django_assert_max_num_queries(12):
        save_rows(case, ASSIGNED, posted, user=clerk)

    assert CaseCriterion.objects.count() == count
