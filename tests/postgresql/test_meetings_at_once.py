"""One meeting row, two people at the same second: one is saved, the other is told."""

from datetime import date

import pytest

from cells.meetings.rows import NOTHING_YET, Entry, mark_of, save_rows
from cells.models import Cell, Meeting
from leaders.learning.actions import add_participants, commend
from leaders.models import Commendation, Course, Participation
from tests import factories
from tests.postgresql.together import at_the_same_time

pytestmark = pytest.mark.committed

MONTH = date(2026, 3, 1)


def entering(cell, present: int, mark: str):
    def act():
        own = Cell.objects.get(pk=cell.pk)
        values = {"held": True, "day": date(2026, 3, 5), "expected": 20, "present": present}
        (saved,) = save_rows({own.pk: own}, MONTH, [Entry(mark, values, cell=own.pk)])
        return saved

    return act


def test_a_new_row_is_made_once(commune):
    cell = factories.cell(of=factories.hamlet(parent=commune))

    results = at_the_same_time(*[entering(cell, present, NOTHING_YET) for present in (11, 12, 13)])

    assert Meeting.objects.count() == 1
    assert sorted(bool(one.conflict) for one in results) == [False, True, True]
    (saved,) = (one for one in results if not one.conflict)
    assert Meeting.objects.get().present == saved.meeting.present


def test_of_two_changes_of_one_row_one_is_a_conflict(commune):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    entering(cell, 10, NOTHING_YET)()
    mark = mark_of(Meeting.objects.get())

    results = at_the_same_time(*[entering(cell, present, mark) for present in (11, 12)])

    assert sorted(bool(one.conflict) for one in results) == [False, True]
    assert Meeting.objects.get().revision == 2


def test_two_who_add_the_same_participants_add_them_once(commune):
    people = [factories.person(keeper=commune) for _ in range(5)]
    course = Course.objects.create(unit=commune, name="Lớp", starts_on=date(2025, 5, 5))

    at_the_same_time(*[lambda: add_participants(course, people) for _ in range(2)])

    assert Participation.objects.count() == 5


def test_two_who_commend_by_one_decision_commend_once(commune):
    person, decision = factories.person(keeper=commune), factories.decision(unit=commune)

    def act():
        return commend(
            [Commendation(person=person, year=2025, form="paper", merit="Xuất sắc", decision=decision)]
        )

    results = at_the_same_time(act, act)

    assert Commendation.objects.count() == 1
    assert sum(isinstance(result, list) for result in results) == 1
