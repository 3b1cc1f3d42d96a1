"""Which records are set side by side as likely ones of one person, and which are not."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaders.duplicates import NAME_AND_YEAR, TELEPHONE, likely_pairs, with_phone_key
from leaders.models import Person
from sheets.text import fold
from tests import factories


def born(day: date, precision: str = "day") -> dict:
    return {"born_on": day, "born_on_precision": precision}


def pairs() -> dict[tuple[int, int], set[str]]:
    return {(pair.one, pair.other): set(pair.reasons) for pair in likely_pairs(Person.objects.all())}


def test_one_name_and_one_year_are_alike_whatever_the_marks(commune, neighbour):
    one = factories.person(keeper=commune, full_name="Nguyễn Văn Hòa", **born(date(1985, 2, 3)))
    other = factories.person(keeper=neighbour, full_name="NGUYỄN VĂN HOÀ", **born(date(1985, 1, 1), "year"))

    assert pairs() == {(one.pk, other.pk): {NAME_AND_YEAR}}


def test_two_days_that_are_known_and_differ_are_two_people(commune):
    for day in (date(1985, 2, 3), date(1985, 3, 2)):
        factories.person(keeper=commune, full_name="Nguyễn Văn Hòa", **born(day))

    assert pairs() == {}


def test_a_year_that_is_not_known_makes_nobody_alike(commune):
    factories.person(keeper=commune, full_name="Nguyễn Văn Hòa", **born(date(1985, 2, 3)))
    factories.person(keeper=commune, full_name="Nguyễn Văn Hòa")

    assert pairs() == {}


def test_one_telephone_is_one_however_it_is_written(commune):
    one, other, third = (
        factories.person(keeper=commune, phone=phone)
        for phone in ("0912 345 678", "+84 912.345.678", "84912345678")
    )

    assert pairs() == {
        keys: {TELEPHONE} for keys in ((one.pk, other.pk), (one.pk, third.pk), (other.pk, third.pk))
    }


def test_both_reasons_come_first(commune):
    same_phone = [factories.person(keeper=commune, phone="0900 000 001") for _number in range(2)]
    twins = [
        factories.person(
            keeper=commune, full_name="Lê Thị Hoa", phone="0911 222 333", **born(date(1970, 1, 1))
        )
        for _number in range(2)
    ]

    found = likely_pairs(Person.objects.all())

    assert [(pair.one, pair.other) for pair in found] == [
        (twins[0].pk, twins[1].pk),
        (same_phone[0].pk, same_phone[1].pk),
    ]
    assert found[0].reasons == {NAME_AND_YEAR, TELEPHONE}


def test_a_number_that_a_whole_office_shares_does_not_flood_the_page(commune):
    for _number in range(30):
        factories.person(keeper=commune, phone="0277 123 4567")

    assert len(pairs()) == 29


@pytest.mark.parametrize("people", [2, 12])
def test_two_queries_find_them(commune, django_assert_num_queries, people):
    for _number in range(people):
        factories.person(
            keeper=commune, full_name="Lê Thị Hoa", phone="0911 222 333", **born(date(1970, 1, 1))
        )

    with django_assert_num_queries(2):
        likely_pairs(Person.objects.all())


PHONES = st.from_regex(r"(\+84|84|0)?[0-9 .]{8,14}", fullmatch=True)
NAMES = st.sampled_from(["Lê Văn Hòa", "Lê Văn Hoà", "Lê văn Hoa", "Đỗ Thị Uyên", "Đỗ Thị Uyến"])
RECORDS = st.lists(st.tuples(NAMES, st.sampled_from([None, 1970, 1985]), PHONES), min_size=2, max_size=8)


def digits(phone: str) -> str:
    """The same rule, said otherwise."""
    only = "".join(sign for sign in phone if sign.isdigit())
    return "0" + only[2:] if only.startswith("84") and len(only) > 10 else only


def told_alike(mine: tuple, yours: tuple) -> set[str]:
    reasons = set()
    if fold(mine[0]) == fold(yours[0]) and mine[1] is not None and mine[1] == yours[1]:
        reasons.add(NAME_AND_YEAR)
    if digits(mine[2]) and digits(mine[2]) == digits(yours[2]):
        reasons.add(TELEPHONE)
    return reasons


@settings(max_examples=15, deadline=None)
@given(records=RECORDS)
def test_any_records_are_alike_as_a_plain_comparison_says(records):
    home = _home()
    Person.objects.all().delete()
    made = []
    for name, year, phone in records:
        person = Person(full_name=name, phone=phone, keeper=home, membership="unknown")
        if year:
            person.born_on, person.born_on_precision = date(year, 1, 1), "year"
        person.save()
        made.append(person)

    keys = {person.pk: digits(record[2]) for person, record in zip(made, records, strict=True)}
    assert dict(with_phone_key(Person.objects.all()).values_list("pk", "phone_key")) == keys
    expected = {}
    for place, one in enumerate(made):
        for other_place in range(place + 1, len(made)):
            why = told_alike(records[place], records[other_place])
            if why:
                expected[one.pk, made[other_place].pk] = why
    assert pairs() == expected


def _home():
    return factories.Unit.objects.filter(level="commune").first() or factories.commune()
