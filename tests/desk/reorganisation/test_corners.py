"""Lines of one day that meet in one place: each is asked about, told apart, or refused with a sentence."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.changes import recording
from cells.actions import change_unit
from cells.checks import problems
from cells.models import LineKind, Unit, UnitPeriod
from desk.reorganisation.applying import apply, check, decide, undo
from desk.reorganisation.rehearsal import rehearse
from leaders.actions import assign
from leaders.models import Assignment
from tests import factories
from tests.desk.reorganisation.acting import DAY, YESTERDAY, carry_out, choose_first, event_of, line
from tests.desk.reorganisation.tables import tables


def carry_out_checked(event):
    with recording(reason="apply"):
        apply(event, seen=event.revision)
    event.refresh_from_db()


def case_of(event, kind):
    (case,) = (case for case in rehearse(event).cases if case.kind == kind)
    return case


def test_a_cell_whose_hamlet_stands_elsewhere_is_asked_where_it_goes(commune, neighbour, two):
    """Its hamlet moved away before; that its commune is divided does not decide that it follows."""
    (hamlet, cell, _person), _other = two
    change_unit(hamlet, on=YESTERDAY, parent=neighbour)
    event = event_of(commune.parent)
    for name in ("Đông", "Tây"):
        line(event, LineKind.FOUND, parts=[commune], name=name, unit_kind="xa", code=f"C{name}")
    line(event, LineKind.SPLIT, unit=commune)
    line(event, LineKind.RENAME, unit=hamlet, name="Một")

    asked = [case.key for case in rehearse(event).cases if case.kind == "goes_to"]

    assert any(f"cell{cell.pk}:" in key for key in asked)


def test_a_hamlet_founded_in_a_commune_that_gives_a_part_is_asked_about_by_its_line(commune, two):
    event = event_of(commune.parent)
    east = line(event, LineKind.FOUND, parts=[commune], name="Đông", unit_kind="xa", code="C1")
    new = line(event, LineKind.FOUND, units=[h for h, *_ in two], name="Hòa Bình", unit_kind="ap")
    # A unit that is new has another key in every rehearsal.
    key = f"goes_to:line{new.pk}:unit{commune.pk}"
    assert key in [case.key for case in rehearse(event).cases]

    decide(event, {key: f"line{east.pk}"}, seen=event.revision)
    carry_out(event)

    assert UnitPeriod.objects.on(DAY).get(name="Hòa Bình").parent.name == "Đông"
    assert list(problems()) == []


def test_a_hamlet_that_is_put_into_a_commune_that_gives_a_part_stays_there(commune, two):
    event = event_of(commune.parent)
    line(event, LineKind.FOUND, parts=[commune], name="Đông", unit_kind="xa", code="C1")
    new = line(
        event, LineKind.FOUND, units=[h for h, *_ in two], name="Hòa Bình", unit_kind="ap", parent=commune
    )

    assert not [
        case for case in rehearse(event).cases if f"line{new.pk}:" in case.key and case.kind == "goes_to"
    ]


def test_no_cell_is_founded_over_a_hamlet_that_ends_that_day(commune, two):
    event = event_of(commune)
    line(event, LineKind.FOUND, units=[h for h, *_ in two], name="Hòa Bình", unit_kind="ap")
    line(event, LineKind.CELL_FOUND, units=[two[0][0]], name="Chi bộ mới")

    (sentence,) = rehearse(event).problems

    assert str(two[0][0]) in sentence


def test_a_head_does_not_go_on_in_a_seat_that_is_held(commune, two):
    (one, *_), (other, *_) = two
    event = event_of(commune)
    line(event, LineKind.FOUND, parts=[one], name="1A", unit_kind="ap")
    into = line(event, LineKind.ABSORB, parts=[one], unit=other)
    line(event, LineKind.SPLIT, unit=one)
    case = case_of(event, "seat")

    assert not [option for option in case.options if option.code.endswith(f"line{into.pk}")]


def test_followers_of_merged_hamlets_go_on_for_as_long_as_each_was_to(commune, two):
    ends = DAY + timedelta(days=90)
    assign(
        Assignment(kind="hamlet_officer", organisation="Ban Tổ chức", unit=hamlet, ends_on=until)
        for (hamlet, *_), until in zip(two, (ends, None), strict=True)
    )
    event = event_of(commune)
    line(event, LineKind.FOUND, units=[h for h, *_ in two], name="Hòa Bình", unit_kind="ap")

    carry_out(event)

    new = Unit.objects.get(name="Hòa Bình")
    assert Assignment.objects.on(ends + timedelta(days=1)).filter(unit=new).exists()


def test_what_was_made_on_a_day_is_not_ended_on_it(commune, two):
    first = event_of(commune)
    line(first, LineKind.ABSORB, units=[two[0][0]], unit=two[1][0])
    carry_out(first)
    third = factories.hamlet(parent=commune, name="3")
    factories.cell(of=third)
    event = event_of(commune)
    line(event, LineKind.FOUND, units=[two[1][0], third], name="Hòa Bình", unit_kind="ap")

    with pytest.raises(ValidationError, match="Ấp 2"):
        carry_out(event)


@pytest.mark.parametrize("level", ["commune", "province"])
def test_what_stood_in_merged_units_goes_back_when_that_is_undone(commune, neighbour, two, level):
    """Copies of the new unit are on everything below it, and keep nothing from being undone."""
    units = [commune, neighbour] if level == "commune" else [commune.parent, factories.province()]
    kind = "xa" if level == "commune" else "tinh"
    event = event_of(commune.parent)
    line(event, LineKind.FOUND, units=units, name="Phú Long", unit_kind=kind, code="C9")
    choose_first(event)
    check(event, seen=event.revision)
    before = tables()
    carry_out_checked(event)

    undo(event, seen=event.revision, by=None, reason="Nhầm")

    assert tables() == before
    assert list(problems()) == []
