"""The database itself refuses two rows of one thing on one day, whatever door they come through."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.refusals import sentence_for
from cells.models import CellArea, CellPeriod, UnitPeriod
from evaluations.models import Title, TitleCase
from leaders.models import Office, Tenure
from tests import factories


def _check_now():
    # Deferred constraints are checked at the end of the transaction, or when asked.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _create_and_check(create):
    create()
    _check_now()


def _refused(create):
    """The database refuses, and the sentence is the one of the constraint that SQLite knows too."""
    with pytest.raises(IntegrityError, match="overlap") as refusal, transaction.atomic():
        _create_and_check(create)
    assert sentence_for(refusal.value) in {str(c.violation_error_message) for c in _constraints()}


def _constraints():
    return [
        c for model in (UnitPeriod, CellPeriod, CellArea, Tenure, TitleCase) for c in model._meta.constraints
    ]


def test_two_periods_of_a_unit(commune):
    commune.periods.update(ends_on=date(2019, 12, 31))
    _refused(
        lambda: UnitPeriod.objects.create(
            unit=commune, name="X", kind="xa", code="1", parent=commune.parent, starts_on=date(2019, 6, 1)
        )
    )


def test_two_bearers_of_a_code(commune, neighbour):
    commune.periods.update(ends_on=date(2019, 12, 31))
    code = commune.code
    _refused(lambda: neighbour.periods.update(code=code, ends_on=date(2019, 1, 1)))


def test_two_periods_of_a_cell(commune):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    cell.periods.update(ends_on=date(2019, 12, 31))
    _refused(
        lambda: CellPeriod.objects.create(cell=cell, name="X", commune=commune, starts_on=date(2019, 6, 1))
    )


def test_one_hamlet_covered_twice(commune):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    cell.areas.update(ends_on=date(2019, 12, 31))
    hamlet = cell.areas.get().hamlet
    _refused(lambda: CellArea.objects.create(cell=cell, hamlet=hamlet, starts_on=date(2019, 6, 1)))


@pytest.mark.parametrize("office", [Office.SECRETARY, Office.HAMLET_HEAD, Office.FRONT_HEAD])
def test_two_people_in_one_seat(office):
    first = factories.tenure(office=office)
    Tenure.objects.filter(pk=first.pk).update(ends_on=date(2022, 12, 31))
    second = factories.person(keeper=first.person.keeper)
    _refused(
        lambda: Tenure.objects.create(
            person=second, office=office, cell=first.cell, hamlet=first.hamlet, starts_on=date(2022, 1, 1)
        )
    )


def test_a_title_held_twice_by_one_cell(commune):
    cell, paper = factories.cell(of=factories.hamlet(parent=commune)), factories.decision()

    def hold(first, last):
        return TitleCase.objects.create(
            **{"cell": cell, "title": Title.objects.get(code="TSVMTD"), "state": "revoked"},
            **{"recognised_on": first, "recognition": paper},
            **{"revoked_on": last, "revocation": paper, "revocation_reason": "Không giữ được"},
        )

    hold(date(2020, 1, 1), date(2022, 1, 1))
    hold(date(2022, 1, 1), date(2023, 1, 1))
    _check_now()
    _refused(lambda: hold(date(2019, 1, 1), date(2020, 1, 2)))


def test_neighbouring_days_are_no_overlap(commune):
    commune.periods.update(ends_on=date(2019, 12, 31))
    UnitPeriod.objects.create(
        unit=commune, name="X", kind="xa", code="1", parent=commune.parent, starts_on=date(2020, 1, 1)
    )
    _check_now()
