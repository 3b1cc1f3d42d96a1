"""Two who look, merge or assign at the same time: nothing is lost, and one is told of the other."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.changes import recording
from desk.people.merging import merge
from desk.people.requests import assign
from leaders.accesses import note_look
from leaders.models import Access, Commendation, Person, PersonRequest, Tenure
from tests import factories
from tests.postgresql.together import at_the_same_time

# Real transactions: two connections must see each other's work.
pytestmark = pytest.mark.committed


def by(user, act):
    """Do it as somebody, on a connection of their own."""

    def run():
        try:
            with recording(by=user, reason=str(user)), transaction.atomic():
                return act()
        except (ValidationError, IntegrityError, Person.DoesNotExist) as refusal:
            return refusal
        finally:
            connection.close()

    return run


def refused(results: list) -> list:
    return [result for result in results if isinstance(result, Exception)]


def test_of_two_looks_at_a_time_both_are_counted_in_one_line(reader, commune):
    person = factories.person(keeper=commune)

    results = at_the_same_time(*[by(reader, lambda: note_look(reader, [person])) for _number in range(8)])

    assert refused(results) == []
    assert Access.objects.get().count == 8


def test_looks_at_two_records_in_either_order_do_not_wait_for_each_other(reader, commune):
    one, other = (factories.person(keeper=commune) for _number in range(2))

    results = at_the_same_time(
        *[by(reader, lambda both=both: note_look(reader, both)) for both in ([one, other], [other, one]) * 4]
    )

    assert refused(results) == []
    assert set(Access.objects.values_list("count", flat=True)) == {8}


def locked(*keys) -> list[Person]:
    rows = Person.objects.select_for_update(of=("self",)).select_related("keeper").order_by("pk")
    found = {person.pk: person for person in rows.filter(pk__in=keys)}
    if len(found) < len(keys):
        raise Person.DoesNotExist
    return [found[key] for key in keys]


def test_of_two_who_merge_the_same_two_records_one_comes_too_late(officer, commune):
    one, other = (factories.person(keeper=commune) for _number in range(2))
    factories.tenure(person=other)

    results = at_the_same_time(
        by(officer, lambda: merge(*locked(one.pk, other.pk), fields={}, by=officer)),
        by(officer, lambda: merge(*locked(other.pk, one.pk), fields={}, by=officer)),
    )

    assert len(refused(results)) == 1
    assert Tenure.objects.get().person == Person.objects.get()


def test_what_is_recorded_of_a_record_while_it_is_merged_goes_along_or_is_refused(officer, commune):
    one, other = (factories.person(keeper=commune) for _number in range(2))
    decision = factories.decision()

    def commend():
        return Commendation.objects.create(
            person=other, year=2024, form="paper", decision=decision, merit="Tốt"
        )

    results = at_the_same_time(
        by(officer, lambda: merge(*locked(one.pk, other.pk), fields={}, by=officer)), by(officer, commend)
    )

    kept = Commendation.objects.filter(person=one).count()
    assert (kept, len(refused(results))) in [(1, 0), (0, 1)]
    assert not Person.objects.filter(pk=other.pk).exists()


def test_of_two_communes_that_are_given_one_record_the_first_keeps_it(officer, province, neighbour):
    person = factories.person(keeper=neighbour)
    asking = [factories.commune(parent=province) for _number in range(2)]
    requests = [
        PersonRequest.objects.create(asked_by=commune, full_name=person.full_name, purpose="x")
        for commune in asking
    ]

    def give(asked):
        (there,) = locked(person.pk)
        if there.keeper_id != neighbour.pk:
            raise ValidationError("moved")
        assign(asked, there, by=officer)

    results = at_the_same_time(*[by(officer, lambda asked=asked: give(asked)) for asked in requests])

    assert len(refused(results)) == 1
    person.refresh_from_db()
    assert PersonRequest.objects.get(state="assigned").asked_by == person.keeper
