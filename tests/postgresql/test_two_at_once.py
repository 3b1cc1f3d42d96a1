"""Two people at the same row at the same time: one effect, and the other is told."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from cells.actions import NewUnit, open_units
from cells.models import Unit
from evaluations.actions import correct_rating
from evaluations.models import CellRating, Level
from leaders.actions import begin_tenures
from leaders.models import Office, Tenure
from tests import factories
from tests.postgresql.together import at_the_same_time

# Real transactions: two connections must see each other's work.
pytestmark = pytest.mark.committed


def test_two_secretaries_of_one_cell(commune):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    people = [factories.person(keeper=commune) for _ in range(2)]

    results = at_the_same_time(
        *[
            lambda person=person: begin_tenures(
                [Tenure(person=person, office=Office.SECRETARY, cell=cell, starts_on=date(2024, 1, 1))]
            )
            for person in people
        ]
    )

    assert Tenure.objects.filter(cell=cell).count() == 1
    assert sum(isinstance(result, (ValidationError, IntegrityError)) for result in results) == 1


def test_two_corrections_of_one_rating(commune):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    year = factories.cycle(province=commune.parent, year=2021)
    rating = factories.rating(of=cell, cycle=year, level=Level.GOOD)
    papers = [factories.decision(date=date(2022, 5, day)) for day in (1, 2)]
    officer = factories.user(keeps=[commune.parent])

    results = at_the_same_time(
        *[
            lambda paper=paper: correct_rating(
                CellRating.objects.get(pk=rating.pk),
                level=Level.EXCELLENT,
                decision=paper,
                reason="Đính chính",
                by=officer,
            )
            for paper in papers
        ]
    )

    assert sorted(CellRating.objects.values_list("edition", flat=True)) == [1, 2]
    assert sum(isinstance(result, (ValidationError, IntegrityError)) for result in results) == 1


def test_many_hamlets_get_codes_of_their_own(commune):
    results = at_the_same_time(
        *[lambda: open_units([NewUnit(parent=commune, kind="ap", name="Mới")]) for _ in range(6)]
    )

    assert all(isinstance(result, list) for result in results)
    codes = Unit.objects.hamlets().values_list("code", flat=True)
    assert len(set(codes)) == len(codes) == 6
