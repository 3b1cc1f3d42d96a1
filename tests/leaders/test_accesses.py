"""The log of who looked at whose record: one line for a reader, a record, a kind and a day."""

from datetime import timedelta

from django.utils import timezone

from leaders.accesses import note_look, note_taken_out
from leaders.models import Access, Person
from tests import factories


def test_looking_again_is_counted_and_needs_one_statement(reader, commune, django_assert_num_queries):
    people = [factories.person(keeper=commune) for _number in range(2)]
    for _time in range(3):
        with django_assert_num_queries(1):
            note_look(reader, people)

    assert sorted(Access.objects.values_list("person", "count", "kind", "by_name")) == sorted(
        (person.pk, 3, "opened", str(reader)) for person in people
    )


def test_each_kind_each_reader_and_each_day_has_its_line(reader, clerk, commune):
    person = factories.person(keeper=commune)
    note_look(reader, [person])
    Access.objects.update(day=timezone.localdate() - timedelta(days=1))
    note_look(reader, [person])
    note_look(reader, [person], Access.Kind.PRINTED)
    note_look(clerk, [person])

    assert Access.objects.count() == 4
    assert set(Access.objects.values_list("count", flat=True)) == {1}


def test_the_last_look_says_its_hour(reader, commune):
    person = factories.person(keeper=commune)
    note_look(reader, [person])
    Access.objects.update(last_at=timezone.now() - timedelta(hours=5))

    note_look(reader, [person])

    assert timezone.now() - Access.objects.get().last_at < timedelta(minutes=1)


def test_a_list_is_told_to_each_commune_with_the_number_of_its_people(officer, commune, neighbour):
    for keeper in (commune, commune, neighbour):
        factories.person(keeper=keeper)

    note_taken_out(officer, Person.objects.all(), "Danh sách")

    assert sorted(Access.objects.values_list("keeper", "count", "what", "person")) == sorted(
        [(commune.pk, 2, "Danh sách", None), (neighbour.pk, 1, "Danh sách", None)]
    )


def test_nobody_in_the_list_is_nobody_told(officer):
    note_taken_out(officer, Person.objects.none(), "Danh sách")

    assert not Access.objects.exists()
