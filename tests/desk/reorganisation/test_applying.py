"""Reorganisations from draft to undone, as the functions behind the pages do them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.changes import recording
from cells.checks import problems
from cells.models import Cell, CellPeriod, Line, LineKind, LineSource, Reorganisation, Unit, UnitPeriod
from desk.reorganisation.applying import apply, check, decide, hindrances, undo
from desk.reorganisation.rehearsal import rehearse
from leaders.models import Office, Tenure
from tests import factories
from tests.desk.reorganisation.tables import tables

DAY = date(2026, 5, 1)
YESTERDAY = DAY - timedelta(days=1)


def event_of(commune, **fields) -> Reorganisation:
    fields = {"title": "Sáp nhập ấp", "effective_on": DAY, "unit": commune, **fields}
    return Reorganisation.objects.create(**fields)


def line(event, kind, *, units=(), cells=(), parts=(), **fields) -> Line:
    fields = {"on": DAY, "decision": factories.decision(), "reorganisation": event, **fields}
    made = Line.objects.create(kind=kind, **fields)
    for unit in units:
        LineSource.objects.create(line=made, unit=unit)
    for unit in parts:
        LineSource.objects.create(line=made, unit=unit, part="part")
    for cell in cells:
        LineSource.objects.create(line=made, cell=cell)
    return made


def choose_first(event) -> None:
    """Take the first option of every open case."""
    event.refresh_from_db()
    decide(event, {c.key: c.options[0].code for c in rehearse(event).open_cases}, seen=event.revision)
    event.refresh_from_db()


def carry_out(event):
    """Decide everything, check and apply, as a person would who reads nothing."""
    choose_first(event)
    check(event, seen=event.revision)
    with recording(reason="apply"):
        apply(event, seen=event.revision)
    event.refresh_from_db()
    return event


@pytest.fixture
def two(commune):
    """Two hamlets of one commune, each with its cell, its secretary-head and its counts."""
    made = []
    for name in "12":
        hamlet = factories.hamlet(parent=commune, name=name)
        cell = factories.cell(of=hamlet)
        person = factories.person(keeper=commune)
        factories.tenure(cell=cell, person=person)
        factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=person)
        made.append((hamlet, cell, person))
    return made


def test_two_hamlets_become_one_and_their_cells_cover_it(commune, two):
    (one, first_cell, person), (other, second_cell, _second) = two
    event = event_of(commune)
    line(event, LineKind.FOUND, units=[one, other], name="Hòa Bình", unit_kind="ap")

    carry_out(event)

    assert event.state == Reorganisation.State.APPLIED
    new = Unit.objects.standing().hamlets().get()
    assert new.full_name == "Ấp Hòa Bình"
    assert new.parent == commune
    assert set(new.cell_areas.on(DAY).values_list("cell", flat=True)) == {first_cell.pk, second_cell.pk}
    assert set(UnitPeriod.objects.on(YESTERDAY).hamlets().values_list("name", flat=True)) == {"1", "2"}
    head = Tenure.objects.on(DAY).get(hamlet=new)
    assert (head.person, head.way_in) == (person, "interim")
    assert Tenure.objects.on(YESTERDAY).filter(office=Office.HAMLET_HEAD).count() == 2
    assert list(problems()) == []


def test_nothing_is_written_by_a_rehearsal(commune, two):
    event = event_of(commune)
    line(event, LineKind.FOUND, units=[two[0][0], two[1][0]], name="Hòa Bình", unit_kind="ap")
    before = tables()

    found = rehearse(event)

    assert {case.kind for case in found.open_cases} == {"cells_meet", "seat"}
    assert tables() == before


def test_an_open_case_keeps_an_event_from_being_checked_or_applied(commune, two):
    event = event_of(commune)
    line(event, LineKind.FOUND, units=[two[0][0], two[1][0]], name="Hòa Bình", unit_kind="ap")

    with pytest.raises(ValidationError, match="2 "):
        check(event, seen=event.revision)


def test_undo_restores_every_row(commune, two):
    event = event_of(commune)
    line(event, LineKind.FOUND, units=[two[0][0], two[1][0]], name="Hòa Bình", unit_kind="ap")
    choose_first(event)
    check(event, seen=event.revision)
    before = tables()
    with recording(reason="apply"):
        apply(event, seen=event.revision)
    event.refresh_from_db()
    assert tables() != before
    assert hindrances(event) == []

    undo(event, seen=event.revision, by=None, reason="Nhầm ngày")

    assert tables() == before
    assert list(problems()) == []
