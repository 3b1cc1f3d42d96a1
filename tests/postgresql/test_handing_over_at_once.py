"""Two hand over the same hamlets, or log the same visit, at the same time: one effect, and the other is told."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from leaders.actions import assign
from leaders.follow_up.acts import Officer, hand_over, plan_hand_over
from leaders.follow_up.visits import log_visit
from leaders.models import Assignment, Visit
from tests import factories
from tests.postgresql.together import at_the_same_time

# Real transactions: two connections must see each other's work.
pytestmark = pytest.mark.committed
ON = date(2026, 3, 1)


def test_two_hand_overs_of_one_officer(commune):
    person = factories.person(keeper=commune)
    for name in ("1", "2", "3"):
        factories.assignment(of=factories.hamlet(parent=commune, name=name), person=person)
    successors = [factories.person(keeper=commune) for _ in range(2)]

    def act(successor):
        work = Assignment.objects.filter(person=person)
        seen = "-".join(str(pk) for pk in sorted(work.values_list("pk", flat=True)))
        return hand_over(work, to=Officer(successor), on=ON, seen=seen)

    results = at_the_same_time(*[lambda successor=successor: act(successor) for successor in successors])

    assert sum(isinstance(result, ValidationError) for result in results) == 1
    assert Assignment.objects.on(ON).count() == 3
    assert len(set(Assignment.objects.on(ON).values_list("person", flat=True))) == 1


def test_the_same_officer_is_assigned_twice(commune):
    hamlet, person = factories.hamlet(parent=commune), factories.person(keeper=commune)

    results = at_the_same_time(
        *[
            lambda: assign([Assignment(kind="hamlet_officer", person=person, unit=hamlet, starts_on=ON)])
            for _ in range(2)
        ]
    )

    assert sum(isinstance(result, ValidationError) for result in results) == 1
    assert Assignment.objects.count() == 1


def test_two_units_given_to_one_account(commune):
    account, _first = factories.follower(factories.hamlet(parent=commune, name="1"))
    hamlets = [factories.hamlet(parent=commune, name=name) for name in ("2", "3")]

    at_the_same_time(
        *[
            lambda hamlet=hamlet: assign(
                [Assignment(kind="hamlet_officer", person=account.person, unit=hamlet, starts_on=ON)]
            )
            for hamlet in hamlets
        ]
    )

    assert account.grants.on(timezone.localdate()).count() == 3


def test_the_same_visit_is_sent_twice(commune):
    account, assignment = factories.follower(factories.hamlet(parent=commune))

    results = at_the_same_time(
        *[
            lambda: log_visit(
                Visit(assignment=assignment, unit=assignment.unit, day=timezone.localdate(), attended=True),
                by=account,
            )
            for _ in range(2)
        ]
    )

    assert sum(isinstance(result, (ValidationError, IntegrityError)) for result in results) == 1
    assert Visit.objects.count() == 1


def test_the_plan_that_was_shown_is_the_one_that_is_done(commune):
    person = factories.person(keeper=commune)
    factories.assignment(of=factories.hamlet(parent=commune, name="1"), person=person)
    work = Assignment.objects.filter(person=person)
    to = Officer(organisation="Hội Nông dân xã")
    seen = plan_hand_over(work, to=to, on=ON).mark
    factories.assignment(of=factories.hamlet(parent=commune, name="2"), person=person)

    with pytest.raises(ValidationError):
        hand_over(work.all(), to=to, on=ON, seen=seen)
