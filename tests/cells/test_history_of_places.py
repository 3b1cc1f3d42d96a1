"""The hard cases of places: what was true on a day stays true, whatever happens later."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Role
from cells.actions import (
    NewCell,
    NewUnit,
    change_cell,
    change_unit,
    close_unit,
    cover,
    dissolve_cell,
    found_cells,
    open_units,
    succeed,
)
from cells.checks import problems
from cells.models import Cell, CellPeriod, Unit, UnitPeriod
from tests import factories

ONE_DAY = timedelta(days=1)


def test_first_and_last_day_count(commune):
    factories.hamlet(parent=commune, starts_on=date(2000, 1, 1), ends_on=date(2009, 12, 31))

    standing = [
        UnitPeriod.objects.on(day).hamlets().exists()
        for day in (date(1999, 12, 31), date(2000, 1, 1), date(2009, 12, 31), date(2010, 1, 1))
    ]

    assert standing == [False, True, True, False]


def test_a_rename_leaves_the_past_as_it_was(commune):
    hamlet = factories.hamlet(parent=commune, name="1")

    change_unit(hamlet, on=date(2022, 5, 1), name="Phước Hậu")

    names = [
        UnitPeriod.objects.on(day).get(unit=hamlet).name for day in (date(2022, 4, 30), date(2022, 5, 1))
    ]
    assert names == ["1", "Phước Hậu"]
    hamlet.refresh_from_db()
    assert hamlet.full_name == "Ấp Phước Hậu"
    assert list(problems()) == []


def test_an_event_entered_after_a_later_one_is_carried_through_it(commune, neighbour):
    hamlet = factories.hamlet(parent=commune, name="1")
    change_unit(hamlet, on=date(2024, 1, 1), name="Một")

    change_unit(hamlet, on=date(2023, 1, 1), parent=neighbour, name="Số 1")

    rows = hamlet.periods.by_day().values_list("name", "parent__name", "starts_on")
    assert list(rows) == [
        ("1", "Phú Túc", None),
        ("Số 1", "Giao Long", date(2023, 1, 1)),
        ("Một", "Giao Long", date(2024, 1, 1)),
    ]
    assert list(problems()) == []


def test_late_entry_gives_the_same_rows_as_entry_in_order(commune, neighbour):
    in_order, late = factories.hamlet(parent=commune, name="1"), factories.hamlet(parent=commune, name="1")
    change_unit(in_order, on=date(2023, 1, 1), parent=neighbour)
    change_unit(in_order, on=date(2024, 1, 1), name="Một")
    change_unit(late, on=date(2024, 1, 1), name="Một")
    change_unit(late, on=date(2023, 1, 1), parent=neighbour)

    def facts(unit):
        return list(unit.periods.by_day().values_list("name", "parent", "starts_on", "ends_on", "commune"))

    assert facts(in_order) == facts(late)


def test_a_merger_followed_by_a_split_is_three_maps(commune):
    one, two = (factories.hamlet(parent=commune, name=name) for name in "12")
    merged_on, split_on = date(2023, 1, 1), date(2024, 1, 1)
    (merged,) = open_units([NewUnit(parent=commune, kind="ap", name="Hòa", starts_on=merged_on)])
    for unit in (one, two):
        close_unit(unit, last_day=merged_on - ONE_DAY)
    succeed([one, two], merged, on=merged_on)
    left, right = open_units(
        [NewUnit(parent=commune, kind="ap", name=f"Hòa {n}", starts_on=split_on) for n in (1, 2)]
    )
    close_unit(merged, last_day=split_on - ONE_DAY)
    succeed([merged], left, on=split_on, part="part")
    succeed([merged], right, on=split_on, part="part")

    def standing(day):
        return set(UnitPeriod.objects.on(day).hamlets().values_list("name", flat=True))

    assert standing(date(2022, 12, 31)) == {"1", "2"}
    assert standing(date(2023, 6, 1)) == {"Hòa"}
    assert standing(date(2024, 1, 1)) == {"Hòa 1", "Hòa 2"}
    assert list(problems()) == []
    one.refresh_from_db()
    assert one.commune == commune


def test_a_commune_that_moves_takes_its_hamlets_and_cells_along_from_that_day(province):
    old, new = (factories.district(parent=province) for _ in range(2))
    commune = factories.commune(parent=old)
    hamlet = factories.hamlet(parent=commune)
    cell = factories.cell(of=hamlet)
    day = date(2019, 5, 1)

    change_unit(commune, on=day, parent=new)

    for model, row in ((UnitPeriod, {"unit": hamlet}), (CellPeriod, {"cell": cell})):
        assert model.objects.on(day - ONE_DAY).get(**row).district == old
        assert model.objects.on(day).get(**row).district == new
    assert list(problems()) == []


def test_a_unit_cannot_stand_under_one_that_does_not_exist_yet(province):
    young = factories.commune(parent=province, starts_on=date(2020, 1, 1))

    with pytest.raises(ValidationError, match="không hoạt động"):
        factories.hamlet(parent=young, starts_on=date(2019, 1, 1))


def test_a_unit_is_not_closed_while_something_stands_under_it(commune):
    factories.hamlet(parent=commune, name="Phước Hậu")

    with pytest.raises(ValidationError, match="Phước Hậu"):
        close_unit(commune, last_day=date(2024, 12, 31))


def test_a_unit_may_end_on_the_day_its_commune_moves(province, commune):
    hamlet, day = factories.hamlet(parent=commune), date(2025, 7, 1)
    change_unit(commune, on=day, parent=factories.province())

    close_unit(hamlet, last_day=day - ONE_DAY)

    assert [period.province for period in hamlet.periods.all()] == [province]
    assert list(problems()) == []


def test_a_unit_does_not_end_before_a_change_of_its_own(commune, neighbour):
    hamlet, day = factories.hamlet(parent=commune), date(2025, 7, 1)
    change_unit(hamlet, on=day, parent=neighbour)

    with pytest.raises(ValidationError):
        close_unit(hamlet, last_day=day - ONE_DAY)


def test_two_open_periods_of_one_unit_are_refused(commune):
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitPeriod.objects.create(
            unit=commune,
            name="Khác",
            kind="xa",
            code="99999",
            parent=commune.parent,
            starts_on=date(2020, 1, 1),
        )


def test_overlapping_periods_are_refused_with_a_sentence(commune):
    change_unit(commune, on=date(2020, 1, 1), name="Mới")
    period = UnitPeriod(
        unit=commune,
        name="X",
        kind="xa",
        code="1",
        parent=commune.parent,
        starts_on=date(2019, 6, 1),
        ends_on=date(2019, 7, 1),
    )

    with pytest.raises(ValidationError, match="ngày"):
        period.full_clean()


def test_a_hamlet_cell_without_a_hamlet_is_refused(commune):
    with pytest.raises(ValidationError, match="Chi bộ ấp 1"):
        found_cells([NewCell(commune=commune, name="Chi bộ ấp 1", hamlets=[])])


def test_no_cell_covers_a_hamlet_that_is_gone(commune):
    gone = factories.hamlet(parent=commune, ends_on=date(2024, 12, 31))
    standing = factories.cell(of=factories.hamlet(parent=commune), commune=commune)

    with pytest.raises(ValidationError):
        factories.cell(of=gone, commune=commune, ends_on=None)
    with pytest.raises(ValidationError):
        cover(standing, gone, on=date(2025, 1, 1))

    assert list(problems()) == []


def test_two_communes_of_one_name_in_one_district_are_two_units(province):
    """Names are no identity: old Kiên Giang had Thạnh Lộc twice, and a xã and a thị trấn share names often."""
    district = factories.district(parent=province)
    one, other = (factories.commune(parent=district, name="Thạnh Lộc") for _ in range(2))
    factories.hamlet(parent=one, name="1")
    factories.hamlet(parent=other, name="1")

    assert one.full_name == other.full_name
    assert set(Unit.objects.communes().matching("thanh loc")) == {one, other}
    for commune in (one, other):
        assert UnitPeriod.objects.on(date(2024, 1, 1)).hamlets().under(commune).count() == 1


def test_a_cell_that_moves_is_counted_where_it_stood(commune, neighbour):
    cell = factories.cell(of=factories.hamlet(parent=commune))

    change_cell(cell, on=date(2023, 1, 1), commune=neighbour)

    assert CellPeriod.objects.on(date(2022, 12, 31)).under(commune).get().cell == cell
    assert CellPeriod.objects.on(date(2023, 1, 1)).under(neighbour).get().cell == cell
    cell.refresh_from_db()
    assert cell.commune == neighbour


def test_a_dissolved_cell_covers_nothing_any_more(commune):
    cell = factories.cell(of=factories.hamlet(parent=commune))

    dissolve_cell(cell, last_day=date(2023, 12, 31))

    assert not cell.areas.on(date(2024, 1, 1)).exists()
    cell.refresh_from_db()
    assert cell.closed_on == date(2023, 12, 31)
    assert list(problems()) == []


def test_the_clerk_of_a_closed_commune_reads_its_archive_and_keeps_the_new_one(province, commune, neighbour):
    hamlet = factories.hamlet(parent=commune)
    cell = factories.cell(of=hamlet)
    other = factories.hamlet(parent=neighbour)
    day = date(2025, 7, 1)
    new, elsewhere = (factories.commune(parent=province, starts_on=day) for _ in range(2))
    change_unit(hamlet, on=day, parent=new)
    change_cell(cell, on=day, commune=new)
    change_unit(other, on=day, parent=elsewhere)
    for old, successor in ((commune, new), (neighbour, elsewhere)):
        close_unit(old, last_day=day - ONE_DAY)
        succeed([old], successor, on=day)
    clerk = factories.user(role=Role.COMMUNE_STAFF, keeps=[new])
    clerk.grants.create(unit=Unit.objects.get(pk=commune.pk), access="read", source="archive")

    assert set(Unit.objects.visible_to(clerk)) == {new, commune, hamlet}
    assert set(Unit.objects.kept_by(clerk)) == {new, hamlet}
    assert set(Cell.objects.visible_to(clerk)) == {cell}


def test_a_cell_that_ended_stands_in_the_province_that_took_over_its_commune(commune):
    """Nothing is written of the cell any more, yet whoever keeps the new province sees it with its past."""
    cell = factories.cell(of=factories.hamlet(parent=commune))
    last_day, day = date(2023, 12, 31), date(2025, 7, 1)
    dissolve_cell(cell, last_day=last_day)
    close_unit(cell.areas.get().hamlet, last_day=last_day)
    successor = factories.commune(parent=commune.parent, starts_on=day)
    close_unit(commune, last_day=day - ONE_DAY)
    succeed([commune], successor, on=day)
    new = factories.province(starts_on=day)

    change_unit(successor, on=day + ONE_DAY, parent=new)

    cell.refresh_from_db()
    assert cell.province == new
    assert Cell.objects.visible_to(factories.user(keeps=[new])).get() == cell
    assert list(problems()) == []


def test_check_data_finds_a_cell_in_the_wrong_province(commune):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    Cell.objects.filter(pk=cell.pk).update(province=factories.province())

    (found,) = problems()
    assert cell.name in found


def test_whoever_has_no_grant_sees_nothing(commune):
    factories.cell(of=factories.hamlet(parent=commune))
    nobody = factories.user()

    assert not Unit.objects.visible_to(nobody).exists()
    assert not Cell.objects.visible_to(nobody).exists()
    assert not UnitPeriod.objects.visible_to(nobody).exists()


def test_a_unit_that_gave_a_part_may_stand_on(commune):
    divided, new = (factories.hamlet(parent=commune, starts_on=day) for day in (None, date(2024, 1, 1)))

    succeed([divided], new, on=date(2024, 1, 1), part="part")

    assert list(problems()) == []


def test_check_data_finds_a_unit_that_was_taken_in_whole_and_yet_stands_on(commune):
    gone, new = (factories.hamlet(parent=commune) for _number in range(2))

    succeed([gone], new, on=date(2024, 1, 1))

    (found,) = problems()
    assert str(gone) in found


@pytest.fixture
def gone_with_the_commune(commune, neighbour):
    """A hamlet and a cell that stood in a commune until it became another one in 2021."""
    hamlet, other = (factories.hamlet(parent=commune) for _number in range(2))
    cell = factories.cell(of=other)
    heir = factories.commune(parent=commune.province, name="Phú Túc mới", starts_on=date(2021, 4, 5))
    for unit in (hamlet, other):
        change_unit(unit, on=date(2021, 4, 5), parent=heir)
    change_cell(cell, on=date(2021, 4, 5), commune=heir)
    close_unit(commune, last_day=date(2021, 4, 4))
    succeed([commune], heir, on=date(2021, 4, 5))
    return hamlet, cell, heir


def test_what_left_a_commune_before_it_ended_did_not_go_with_it(gone_with_the_commune, neighbour):
    hamlet, cell, _heir = gone_with_the_commune

    with pytest.raises(ValidationError, match="đã ghi trước"):
        change_unit(hamlet, on=date(2020, 3, 1), parent=neighbour)
    with pytest.raises(ValidationError, match="đã ghi trước"):
        change_cell(cell, on=date(2020, 3, 1), commune=neighbour)


def test_what_left_a_commune_late_goes_on_where_both_became_one(gone_with_the_commune, neighbour):
    hamlet, _cell, heir = gone_with_the_commune
    close_unit(neighbour, last_day=date(2021, 4, 4))
    succeed([neighbour], heir, on=date(2021, 4, 5))

    change_unit(hamlet, on=date(2020, 3, 1), parent=neighbour)

    assert list(hamlet.periods.by_day().values_list("parent__name", flat=True)) == [
        *("Phú Túc", "Giao Long", "Phú Túc mới"),
    ]
    assert list(problems()) == []


def test_a_commune_changes_its_district_late_though_all_districts_ended_since(province):
    first, second = (factories.district(parent=province, name=name) for name in ("Châu Thành", "Giồng Trôm"))
    commune = factories.commune(parent=first)
    change_unit(commune, on=date(2025, 7, 1), parent=province)
    for district in (first, second):
        close_unit(district, last_day=date(2025, 6, 30))

    change_unit(commune, on=date(2020, 3, 1), parent=second)

    homes = commune.periods.by_day().values_list("parent__name", flat=True)
    assert list(homes) == ["Châu Thành", "Giồng Trôm", "Vĩnh Long"]


def test_check_data_finds_a_unit_that_ended_before_it_was_taken_in(commune):
    gone, new = (factories.hamlet(parent=commune) for _number in range(2))
    close_unit(gone, last_day=date(2023, 1, 1))

    succeed([gone], new, on=date(2024, 1, 1))

    (found,) = problems()
    assert str(gone) in found


def test_check_data_finds_a_stale_copy_and_a_hole(commune):
    hamlet = factories.hamlet(parent=commune)
    Unit.objects.filter(pk=hamlet.pk).update(name="Sai")
    UnitPeriod.objects.filter(unit=hamlet).update(ends_on=date(2020, 1, 1))
    UnitPeriod.objects.create(
        unit=hamlet, name="1", kind="ap", code=hamlet.code, parent=commune, starts_on=date(2020, 2, 1)
    )

    found = "\n".join(problems())

    assert "Sai" in found or str(hamlet.pk) in found
    assert len(found.splitlines()) >= 2
