"""Reorganisations from draft to undone, as the functions behind the pages do them."""

import pytest
from django.core.exceptions import ValidationError

from accounts.changes import recording
from cells.checks import problems
from cells.models import Cell, CellPeriod, LineKind, Reorganisation, Unit, UnitPeriod
from desk.reorganisation.applying import apply, check, decide, hindrances, undo
from desk.reorganisation.rehearsal import rehearse
from leaders.models import Office, Tenure
from tests import factories
from tests.desk.reorganisation.acting import DAY, YESTERDAY, carry_out, choose_first, event_of, line
from tests.desk.reorganisation.tables import tables


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


# --- kinds of lines ---------------------------------------------------------------------------


def standing(day=DAY) -> dict[str, str]:
    """Return the hamlets of the day and where they stand."""
    rows = UnitPeriod.objects.on(day).hamlets().select_related("parent")
    return {row.full_name: row.parent.name for row in rows}


def covered_by(hamlet, day=DAY) -> set[str]:
    return set(hamlet.cell_areas.on(day).values_list("cell__name", flat=True))


def test_a_hamlet_is_taken_into_a_standing_one(commune, two):
    (one, *_rest), (other, _cell, stays) = two
    event = event_of(commune)
    line(event, LineKind.ABSORB, units=[one], unit=other)

    carry_out(event)

    assert standing() == {"Ấp 2": "Phú Túc"}
    assert covered_by(other) == {"Chi bộ Ấp 1", "Chi bộ Ấp 2"}
    assert Tenure.objects.on(DAY).get(hamlet=other).person == stays
    assert one.successions.get().successor == other
    assert list(problems()) == []


def test_a_hamlet_is_divided_into_two_and_its_cell_covers_both(commune, two):
    (one, cell, person), _other = two
    event = event_of(commune)
    left, right = (
        line(event, LineKind.FOUND, parts=[one], name=name, unit_kind="ap") for name in ("1A", "1B")
    )
    line(event, LineKind.SPLIT, unit=one)
    cases = {case.kind: case for case in rehearse(event).open_cases}
    assert f"đ/c {person} tiếp tục ở ấp 1B" in [option.label for option in cases["seat"].options]
    choices = {cases["covers"].key: "all", cases["seat"].key: f"stay:line{right.pk}"}
    decide(event, choices, seen=event.revision)

    carry_out(event)

    assert standing() == {"Ấp 1A": "Phú Túc", "Ấp 1B": "Phú Túc", "Ấp 2": "Phú Túc"}
    left.refresh_from_db()
    right.refresh_from_db()
    assert set(cell.areas.on(DAY).values_list("hamlet", flat=True)) == {left.unit_id, right.unit_id}
    assert Tenure.objects.on(DAY).get(hamlet=right.unit).person == person
    assert not Tenure.objects.on(DAY).filter(hamlet=left.unit).exists()
    assert {s.part for s in one.successions.all()} == {"part"}
    assert list(problems()) == []


def test_a_part_goes_into_a_new_hamlet_and_the_old_one_stands_on(commune, two):
    one, cell, person = two[0]
    event = event_of(commune)
    line(event, LineKind.FOUND, parts=[one], name="3", unit_kind="ap")

    carry_out(event)

    assert standing() == {"Ấp 1": "Phú Túc", "Ấp 2": "Phú Túc", "Ấp 3": "Phú Túc"}
    assert Tenure.objects.on(DAY).get(hamlet=one).person == person
    assert list(problems()) == []


def test_hamlets_are_renamed_reclassified_and_moved_in_one_event(commune, neighbour, two):
    one, other = two[0][0], two[1][0]
    event = event_of(commune.parent)
    line(event, LineKind.RENAME, unit=one, name="Quới Hòa")
    line(event, LineKind.RECLASSIFY, unit=one, unit_kind="khu_pho")
    line(event, LineKind.MOVE, unit=other, parent=neighbour)

    carry_out(event)

    assert standing() == {"Khu phố Quới Hòa": "Phú Túc", "Ấp 2": "Giao Long"}
    assert standing(YESTERDAY) == {"Ấp 1": "Phú Túc", "Ấp 2": "Phú Túc"}
    assert list(problems()) == []


def test_the_cell_of_a_moved_hamlet_follows_or_waits_as_chosen(commune, neighbour, two):
    event = event_of(commune.parent)
    for hamlet, _cell, _person in two:
        line(event, LineKind.MOVE, unit=hamlet, parent=neighbour)
    first, second = (case for case in rehearse(event).open_cases if case.kind == "follows")
    decide(event, {first.key: f"to{neighbour.pk}", second.key: "stays"}, seen=event.revision)

    carry_out(event)

    homes = CellPeriod.objects.on(DAY).order_by("cell").values_list("commune__name", flat=True)
    assert list(homes) == ["Giao Long", "Phú Túc"]
    assert list(problems()) == []


def test_hamlets_open_and_close(commune, two):
    hamlet = factories.hamlet(parent=commune, name="Bãi bồi")
    event = event_of(commune)
    line(event, LineKind.CLOSE, unit=hamlet)
    line(event, LineKind.OPEN, parent=commune, name="Tái định cư", unit_kind="ap")

    carry_out(event)

    assert standing() == {"Ấp 1": "Phú Túc", "Ấp 2": "Phú Túc", "Ấp Tái định cư": "Phú Túc"}
    assert list(problems()) == []


def test_a_hamlet_whose_cell_covers_nothing_else_is_not_closed(commune, two):
    event = event_of(commune)
    line(event, LineKind.CLOSE, unit=two[0][0])

    assert any("Chi bộ Ấp 1" in sentence for sentence in rehearse(event).problems)


def test_cells_join_a_standing_one_which_covers_what_they_covered(commune, two):
    (one, first, _person), (_other, second, secretary) = two
    event = event_of(commune)
    line(event, LineKind.CELL_JOIN, cells=[first], cell=second)

    carry_out(event)

    assert covered_by(one) == {"Chi bộ Ấp 2"}
    assert covered_by(one, YESTERDAY) == {"Chi bộ Ấp 1"}
    first.refresh_from_db()
    assert first.closed_on == YESTERDAY
    assert Tenure.objects.on(DAY).get(cell=second).person == secretary
    assert list(problems()) == []


def test_cells_become_a_new_one_whose_secretary_is_chosen(commune, two):
    (_one, first, person), (_other, second, _secretary) = two
    event = event_of(commune)
    line(event, LineKind.CELL_JOIN, cells=[first, second], name="Chi bộ ấp Hòa Bình")

    carry_out(event)

    new = Cell.objects.standing().get()
    assert new.name == "Chi bộ ấp Hòa Bình"
    assert new.areas.on(DAY).count() == 2
    tenure = Tenure.objects.on(DAY).get(cell=new)
    assert (tenure.person, tenure.way_in) == (person, "appointed")
    assert list(problems()) == []


def test_cells_are_founded_dissolved_renamed_and_moved(commune, neighbour, two):
    hamlet = factories.hamlet(parent=commune, name="3")
    (_one, first, _p), (_other, second, _s) = two
    office = factories.cell(commune=commune, name="Chi bộ cơ quan")
    event = event_of(commune.parent)
    line(event, LineKind.CELL_FOUND, units=[hamlet], name="Chi bộ ấp 3")
    line(event, LineKind.CELL_DISSOLVE, cell=first)
    line(event, LineKind.CELL_RENAME, cell=second, name="Chi bộ Hòa Bình")
    line(event, LineKind.CELL_MOVE, cell=office, parent=neighbour)

    carry_out(event)

    names = CellPeriod.objects.on(DAY).values_list("name", "commune__name")
    assert set(names) == {
        ("Chi bộ ấp 3", "Phú Túc"),
        ("Chi bộ Hòa Bình", "Phú Túc"),
        ("Chi bộ cơ quan", "Giao Long"),
    }
    assert not Tenure.objects.on(DAY).filter(cell=first).exists()
    assert list(problems()) == []


def test_two_communes_become_one_and_everything_in_them_goes_along(province, commune, neighbour, two):
    office = factories.cell(commune=neighbour, name="Chi bộ cơ quan")
    event = event_of(province)
    line(event, LineKind.FOUND, units=[commune, neighbour], name="Phú Long", unit_kind="xa", code="28999")

    carry_out(event)

    assert standing() == {"Ấp 1": "Phú Long", "Ấp 2": "Phú Long"}
    assert set(CellPeriod.objects.on(DAY).values_list("commune__name", flat=True)) == {"Phú Long"}
    office.refresh_from_db()
    assert office.commune.name == "Phú Long"
    assert list(problems()) == []


def test_communes_and_their_hamlets_merge_on_one_day(province, commune, neighbour, two):
    three = factories.hamlet(parent=neighbour, name="3")
    event = event_of(province)
    line(event, LineKind.FOUND, units=[two[0][0], three], name="Hòa Bình", unit_kind="ap")
    line(event, LineKind.FOUND, units=[commune, neighbour], name="Phú Long", unit_kind="xa", code="28999")

    carry_out(event)

    assert standing() == {"Ấp Hòa Bình": "Phú Long", "Ấp 2": "Phú Long"}
    assert list(problems()) == []


def test_a_divided_commune_asks_where_each_hamlet_goes(province, commune, two):
    event = event_of(province)
    left, right = (
        line(event, LineKind.FOUND, parts=[commune], name=name, unit_kind="xa", code=code)
        for name, code in (("Phú Đông", "28991"), ("Phú Tây", "28992"))
    )
    line(event, LineKind.SPLIT, unit=commune)
    cases = [case for case in rehearse(event).open_cases if case.kind == "goes_to"]
    assert len(cases) == 2  # the cells go with their hamlets
    decide(
        event, {c.key: f"line{p.pk}" for c, p in zip(cases, (left, right), strict=True)}, seen=event.revision
    )

    carry_out(event)

    assert standing() == {"Ấp 1": "Phú Đông", "Ấp 2": "Phú Tây"}
    assert sorted(CellPeriod.objects.on(DAY).values_list("name", "commune__name")) == [
        ("Chi bộ Ấp 1", "Phú Đông"),
        ("Chi bộ Ấp 2", "Phú Tây"),
    ]
    assert list(problems()) == []


def test_a_hamlet_moves_into_a_commune_founded_in_the_same_event(province, commune, two):
    event = event_of(province)
    opened = line(event, LineKind.OPEN, parent=province, name="Cồn Mới", unit_kind="xa", code="28993")
    line(event, LineKind.MOVE, unit=two[0][0], parent_line=opened)

    carry_out(event)

    assert standing() == {"Ấp 1": "Cồn Mới", "Ấp 2": "Phú Túc"}
    assert list(problems()) == []


def test_provinces_merge(province, commune):
    other = factories.province(name="Bến Tre", code="83")
    event = event_of(None)
    line(event, LineKind.FOUND, units=[province, other], name="Cửu Long", unit_kind="tinh", code="99")

    carry_out(event)

    commune.refresh_from_db()
    assert commune.province.name == "Cửu Long"
    assert list(problems()) == []
