"""Who sits in the sample seats."""

from datetime import date

from desk.samples.names import People
from desk.samples.places import Settlement
from leaders.actions import add_people, begin_tenures
from leaders.models import Office, Person, Tenure, WayIn


def secretary(person: Person, place: Settlement, **fields) -> Tenure:
    return Tenure(
        person=person, office=Office.SECRETARY, cell=place.cell, **{"way_in": WayIn.CONGRESS, **fields}
    )


def head(person: Person, place: Settlement, **fields) -> Tenure:
    return Tenure(
        person=person, office=Office.HAMLET_HEAD, hamlet=place.hamlet, **{"way_in": WayIn.ELECTED, **fields}
    )


def front_head(person: Person, place: Settlement, **fields) -> Tenure:
    return Tenure(person=person, office=Office.FRONT_HEAD, hamlet=place.hamlet, **fields)


def seat_secretary_heads(
    places: list[Settlement], people: People, *, starts_on: date, term: str
) -> list[Person]:
    """Give each hamlet one person who is secretary of its cell and its head, until today."""
    leaders = add_people(people.member(place.home) for place in places)
    # Nobody has entered the later terms; the seats simply run on.
    fields = {"starts_on": starts_on, "term": term, "is_extended": True}
    begin_tenures(
        tenure
        for place, person in zip(places, leaders, strict=True)
        for tenure in (secretary(person, place, **fields), head(person, place, **fields))
    )
    return leaders


def seat_apart(places: list[Settlement], people: People, *, starts_on: date, term: str) -> None:
    """Give each hamlet a secretary and another head, both members."""
    pairs = [(people.member(place.home), people.member(place.home)) for place in places]
    add_people(person for pair in pairs for person in pair)
    fields = {"starts_on": starts_on, "term": term, "is_extended": True}
    begin_tenures(
        tenure
        for place, (one, other) in zip(places, pairs, strict=True)
        for tenure in (secretary(one, place, **fields), head(other, place, **fields))
    )
