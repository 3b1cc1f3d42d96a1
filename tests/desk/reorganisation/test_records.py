"""Records of people, and requests for them, go where the commune goes that keeps them."""

import pytest

from accounts.models import Role
from cells.fates import CaseKind
from cells.models import LineKind, Unit
from desk.reorganisation.applying import decide, undo
from desk.reorganisation.rehearsal import rehearse
from leaders.checks import problems
from leaders.models import Office, Person, PersonRequest
from tests import factories
from tests.desk.reorganisation.acting import carry_out, event_of, line
from tests.worlds import kept


@kept
def head(commune):
    hamlet = factories.hamlet(parent=commune, name="2")
    person = factories.person(keeper=commune, full_name="Lê Văn Tám")
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=person)
    return person


@pytest.fixture
def asked(commune):
    return PersonRequest.objects.create(asked_by=commune, full_name="Trần Văn Mười", purpose="bầu cử")


@pytest.fixture
def merger(commune, neighbour, head):
    """Both communes become one."""
    event = event_of(commune.province)
    line(event, LineKind.FOUND, units=[commune, neighbour], name="Phú Long", unit_kind="xa", code="28999")
    return event


def keeper_of(person) -> str:
    return Person.objects.get(pk=person.pk).keeper.name


def test_the_new_commune_keeps_the_records_and_asks_on(commune, head, asked, merger):
    left = factories.person(keeper=commune, full_name="Người thôi chức")

    carry_out(merger)

    new = Unit.objects.get(code="28999")
    clerk = factories.user(role=Role.COMMUNE_STAFF, keeps=[new])
    assert set(Person.objects.kept_by(clerk)) == {head, left}
    asked.refresh_from_db()
    assert asked.asked_by == new
    assert list(problems()) == []


def test_what_is_taken_back_gives_the_records_back(commune, head, asked, merger):
    carry_out(merger)

    undo(merger, seen=merger.revision, by=None, reason="Nhầm")

    assert keeper_of(head) == "Phú Túc"
    asked.refresh_from_db()
    assert asked.asked_by == commune


def test_of_a_divided_commune_the_records_go_with_the_seats_and_for_the_rest_somebody_chooses(
    commune, neighbour, head
):
    left = factories.person(keeper=commune, full_name="Người thôi chức")
    event = event_of(commune.province)
    hamlet = head.tenures.get().hamlet
    parts = [
        line(event, LineKind.FOUND, parts=[commune], name=name, unit_kind="xa", code=code)
        for name, code in (("Phú Một", "28997"), ("Phú Hai", "28998"))
    ]
    line(event, LineKind.SPLIT, unit=commune)
    choices = {
        case.key: next(option.code for option in case.options if str(parts[1].pk) in option.code)
        for case in rehearse(event).open_cases
        if case.kind == CaseKind.RECORDS
    }
    assert len(choices) == 1
    decide(event, choices, seen=event.revision)
    carry_out(event)

    hamlet.refresh_from_db()
    assert keeper_of(head) == hamlet.commune.name
    assert keeper_of(left) == "Phú Hai"
