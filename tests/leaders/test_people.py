"""Who sees a person, and how much of a date is kept."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from leaders.actions import begin_tenures
from leaders.models import Office, Person, Tenure
from tests import factories


@pytest.fixture
def two_seats(commune, neighbour):
    """A person kept by one commune who heads a hamlet in each of two."""
    person = factories.person(keeper=commune, full_name="Trần Thị Bưởi")
    begin_tenures(
        [
            Tenure(person=person, office=Office.HAMLET_HEAD, hamlet=hamlet, starts_on=date(2022, 1, 1))
            for hamlet in (factories.hamlet(parent=commune), factories.hamlet(parent=neighbour))
        ]
    )
    return person


def test_a_person_with_seats_in_two_communes_is_seen_by_both_and_kept_by_one(two_seats, clerk, neighbour):
    other = factories.user(role="commune_staff", keeps=[neighbour])

    for user in (clerk, other):
        assert two_seats in Person.objects.visible_to(user)
    assert two_seats in Person.objects.kept_by(clerk)
    assert two_seats not in Person.objects.kept_by(other)


def test_each_commune_sees_only_its_own_seat_of_that_person(two_seats, clerk, commune):
    seen = Tenure.objects.visible_to(clerk).filter(person=two_seats)

    assert [tenure.hamlet.parent for tenure in seen] == [commune]


def test_a_former_holder_is_still_seen(clerk, commune):
    elsewhere = factories.commune()
    person = factories.person(keeper=elsewhere)
    hamlet = factories.hamlet(parent=commune)
    begin_tenures(
        [
            Tenure(
                person=person,
                office=Office.HAMLET_HEAD,
                hamlet=hamlet,
                starts_on=date(2015, 1, 1),
                ends_on=date(2017, 12, 31),
            )
        ]
    )

    assert person in Person.objects.visible_to(clerk)


@pytest.mark.parametrize(
    ("day", "precision", "text"),
    [
        (date(1985, 1, 1), "year", "1985"),
        (date(2007, 10, 1), "month", "10/2007"),
        (date(1985, 2, 3), "day", "03/02/1985"),
    ],
)
def test_a_birth_date_prints_as_much_of_it_as_is_known(commune, day, precision, text):
    person = factories.person(keeper=commune, born_on=day, born_on_precision=precision)

    assert str(Person.objects.get(pk=person.pk).born) == text


def test_a_date_without_its_precision_is_refused(commune):
    person = factories.person(keeper=commune)

    with pytest.raises(IntegrityError, match="born_on_has_its_precision"), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(born_on=date(1985, 1, 1))


def test_people_are_ordered_by_given_name_as_vietnamese_lists_are(commune):
    for name in ("Nguyễn Văn Đức", "Lê Thị Dung", "Trần An", "Phạm Văn Ân"):
        factories.person(keeper=commune, full_name=name)

    ordered = Person.objects.order_by("sort_key").values_list("full_name", flat=True)

    assert list(ordered) == ["Trần An", "Phạm Văn Ân", "Lê Thị Dung", "Nguyễn Văn Đức"]


def test_a_second_secretary_is_refused_with_a_sentence_that_names_the_first(commune):
    first = factories.tenure(office=Office.SECRETARY)
    second = Tenure(
        person=factories.person(), office=Office.SECRETARY, cell=first.cell, starts_on=date(2024, 1, 1)
    )

    with pytest.raises(ValidationError, match=first.person.full_name):
        second.full_clean()


def test_an_end_before_the_start_is_refused_with_a_sentence(commune):
    tenure = Tenure(
        person=factories.person(),
        office=Office.SECRETARY,
        cell=factories.cell(),
        starts_on=date(2024, 1, 2),
        ends_on=date(2024, 1, 1),
    )

    with pytest.raises(ValidationError, match="trước ngày"):
        tenure.full_clean()
