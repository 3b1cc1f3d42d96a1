"""Targets on PostgreSQL: two who decide anew, or break down, at the same second."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from dashboards.targets.checks import problems
from evaluations.models import Target
from evaluations.resolving import Share, break_down, resolve_anew
from tests import factories
from tests.postgresql.together import at_the_same_time

pytestmark = pytest.mark.committed


def test_two_new_editions_at_once_are_one(province):
    target = factories.target(unit=province)
    decision = factories.decision(unit=province, date=date(2023, 3, 1))

    def decide(goal: int) -> Target:
        fresh = Target.objects.get(pk=target.pk)
        return resolve_anew(fresh, {2025: goal}, goal=goal, base=117, decision=decision, reason="Điều chỉnh")

    results = at_the_same_time(lambda: decide(60), lambda: decide(70))

    made = [one for one in results if isinstance(one, Target)]
    assert len(made) == 1
    assert [type(one) for one in results if one not in made] == [ValidationError]
    assert Target.objects.latest_editions().get() == made[0]
    assert Target.objects.count() == 2
    assert made[0].path == {2025: made[0].goal}


def test_two_break_a_target_down_at_once(province):
    whole = factories.target(unit=province, goal=10, base=20)
    communes = [factories.commune(parent=province) for _ in range(5)]
    decision = factories.decision(unit=province, date=date(2021, 3, 1))

    def give(goal: int):
        shares = [Share(commune, goal, 4, {2025: goal}) for commune in communes]
        return break_down(Target.objects.get(pk=whole.pk), shares, decision=decision, reason="Giao")

    results = at_the_same_time(lambda: give(1), lambda: give(2))

    refused = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, IntegrityError | ValidationError) for one in refused)
    goals = Target.objects.parts_of(whole).latest_editions().values_list("goal", flat=True)
    assert len(goals) == 5
    assert len(set(goals)) == 1
    assert not list(problems())


def test_two_replace_the_same_parts_at_once(province):
    whole = factories.target(unit=province, goal=10, base=20)
    communes = [factories.commune(parent=province) for _ in range(5)]
    decision = factories.decision(unit=province, date=date(2021, 3, 1))
    break_down(whole, [Share(one, 2, 4, {}) for one in communes], decision=decision, reason="")

    def change(goal: int):
        shares = [Share(commune, goal, 4, {}) for commune in communes]
        return break_down(Target.objects.get(pk=whole.pk), shares, decision=decision, reason="Giao lại")

    results = at_the_same_time(lambda: change(1), lambda: change(3))

    assert any(not isinstance(one, Exception) for one in results)
    goals = Target.objects.parts_of(whole).latest_editions().values_list("goal", flat=True)
    assert len(goals) == 5
    assert len(set(goals)) == 1
