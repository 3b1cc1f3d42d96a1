from datetime import date

import pytest
from tablib import Dataset

from accounts.changes import recording
from cells.actions import NewCell, NewUnit, found_cells, open_units
from cells.models import HouseholdCount, MemberCount
from cells.resources import HouseholdCountResource, MemberCountResource
from tests import factories
from tests.lists import counts, faults, headings, sheet

MEMBERS = headings(MemberCountResource)
HOUSEHOLDS = headings(HouseholdCountResource)
DAY = date(2025, 12, 31)


@pytest.fixture
def hamlet(commune):
    return factories.hamlet(parent=commune, name="Phước Hậu")


@pytest.fixture
def cell(hamlet):
    return factories.cell(of=hamlet, name="Chi bộ ấp Phước Hậu")


@pytest.fixture
def members(officer):
    return MemberCountResource(user=officer)


@pytest.fixture
def households(officer):
    return HouseholdCountResource(user=officer)


@pytest.fixture
def row(cell):
    return {
        "day": "31/12/2025",
        "commune": "Phú Túc",
        "cell": "CB ấp Phước Hậu",
        "total": 43,
        "exempt": 16,
        "away": 10,
    }


@pytest.fixture
def homes(hamlet):
    return {
        "day": "31/12/2025",
        "commune": "Xã Phú Túc",
        "hamlet": "Phước Hậu",
        "households": "1.468",
        "poor": 7,
        "near_poor": 3,
    }


def test_a_count_comes_with_what_follows_from_it(members, row, cell):
    assert counts(members.import_data(sheet(MEMBERS, row))) == (1, 0, 0)

    count = MemberCount.objects.get()
    assert (count.cell, count.day, count.total, count.active, count.official) == (cell, DAY, 43, 17, None)
    assert count.history.count() == 1


def test_a_second_time_and_an_export_change_nothing(members, row):
    members.import_data(sheet(MEMBERS, row))

    assert counts(members.import_data(sheet(MEMBERS, row))) == (0, 0, 1)
    assert counts(members.import_data(members.export(MemberCount.objects.all()))) == (0, 0, 1)
    assert MemberCount.objects.get().history.count() == 1


def test_another_count_of_the_same_day_is_a_change_of_it(members, row):
    members.import_data(sheet(MEMBERS, row))

    # Nobody wrote the 17 who take part: they follow from the row, and so do the 19.
    assert counts(members.import_data(sheet(MEMBERS, {**row, "total": 45}))) == (0, 1, 0)
    assert counts(members.import_data(sheet(MEMBERS, {**row, "day": "30/11/2025"}))) == (1, 0, 0)

    count = MemberCount.objects.get(day=DAY)
    assert (count.total, count.active, count.exempt) == (45, 19, 16)


def test_what_the_file_does_not_say_stays_and_must_still_fit(members, row):
    members.import_data(sheet(MEMBERS, {**row, "official": 40, "women": 20}))
    alone = {"day": row["day"], "commune": "28810", "cell": row["cell"]}

    said = faults(members.import_data(sheet(MEMBERS, {**alone, "total": 44})))[2][MEMBERS["total"]]
    assert [sentence[:35] for sentence in said] == [
        "Tổng đảng viên 44 khác với 40 + 3 =",
        "Tổng đảng viên 44 khác với 17 + 16 ",
    ]
    assert counts(members.import_data(sheet(MEMBERS, {**alone, "women": 21}))) == (0, 1, 0)

    count = MemberCount.objects.get()
    assert (count.total, count.official, count.probationary, count.women) == (43, 40, 3, 21)


def test_households_come_change_and_stay(households, homes, hamlet):
    assert counts(households.import_data(sheet(HOUSEHOLDS, homes))) == (1, 0, 0)
    assert counts(households.import_data(sheet(HOUSEHOLDS, homes))) == (0, 0, 1)
    exported = households.export(HouseholdCount.objects.all())
    assert exported.lines[0]["hamlet"] == "Ấp Phước Hậu"
    assert counts(households.import_data(exported)) == (0, 0, 1)
    assert counts(households.import_data(sheet(HOUSEHOLDS, {**homes, "poor": 0}))) == (0, 1, 0)

    count = HouseholdCount.objects.get()
    assert (count.hamlet, count.households, count.poor, count.people) == (hamlet, 1468, 0, None)


def test_every_fault_is_named_by_row_and_column_and_nothing_is_written(members, row):
    rows = [
        row,
        {**row, "total": 44},
        {**row, "total": "ba chục"},
        {**row, "day": "2025"},
        {**row, "day": "01/01/2099"},
        {**row, "day": None},
        {**row, "commune": "Giao Long Đông"},
        {**row, "commune": None},
        {**row, "cell": "Chi bộ ấp Phước Hâu"},
        {**row, "day": "1/1/2025", "total": None, "exempt": None, "away": None},
        {**row, "day": "2/1/2025", "active": 1},
    ]

    found = faults(members.import_data(sheet(MEMBERS, *rows)))

    assert list(found) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    assert "2" in found[3]["__all__"][0]
    wanted = ["total", "day", "day", "day", "commune", "commune", "cell", "total", "total"]
    assert [list(found[number]) for number in range(4, 13)] == [[MEMBERS[key]] for key in wanted]
    assert "Chi bộ ấp Phước Hậu" in found[10][MEMBERS["cell"]][0]
    assert not MemberCount.objects.exists()


def test_what_the_database_refuses_is_named_at_its_row(members, households, row, homes):
    other = {**row, "day": "1/1/2025"}

    assert list(faults(members.import_data(sheet(MEMBERS, other, {**row, "women": 44})))) == [3]
    assert list(faults(households.import_data(sheet(HOUSEHOLDS, {**homes, "poor": 2000})))) == [2]
    assert not MemberCount.objects.exists()


def test_a_count_lies_within_the_life_of_its_cell(members, commune, row):
    young = factories.cell(
        of=factories.hamlet(parent=commune, starts_on=date(2025, 7, 1)), starts_on=date(2025, 7, 1)
    )
    late = {**row, "cell_code": young.code, "day": "30/06/2025"}

    assert 2 in faults(members.import_data(sheet(MEMBERS, late)))
    assert counts(members.import_data(sheet(MEMBERS, {**late, "day": "01/07/2025"}))) == (1, 0, 0)


def test_a_foreign_body_is_not_there(outsider, row, homes, cell, hamlet):
    MemberCount.objects.create(cell=cell, day=DAY, total=1)
    members, households = MemberCountResource(user=outsider), HouseholdCountResource(user=outsider)

    by_name = faults(members.import_data(sheet(MEMBERS, row)))
    by_code = faults(members.import_data(sheet(MEMBERS, {**row, "cell_code": cell.code})))
    of_hamlet = faults(households.import_data(sheet(HOUSEHOLDS, {**homes, "hamlet_code": hamlet.code})))

    assert list(by_name[2]) == [MEMBERS["commune"]]
    assert list(by_code[2]) == [MEMBERS["cell_code"]]
    assert list(of_hamlet[2]) == [HOUSEHOLDS["hamlet_code"]]
    assert members.export(MemberCount.objects.visible_to(outsider)).lines == []


def test_a_count_that_was_changed_after_the_file_was_made_is_a_conflict(members, row, officer):
    members.import_data(sheet(MEMBERS, row))
    exported = members.export(MemberCount.objects.all())
    with recording(by=officer, reason="thử"):
        MemberCount.objects.get().save()
    place = list(exported.headers).index(MEMBERS["women"])
    changed = Dataset(
        *[[*line[:place], 9, *line[place + 1 :]] for line in exported], headers=exported.headers
    )

    assert "Dòng 2" in faults(members.import_data(changed))[2]["__all__"][0]
    assert MemberCount.objects.get().women is None


@pytest.mark.parametrize("size", [5, 200])
def test_queries_do_not_grow_with_the_rows(members, commune, row, size, django_assert_max_num_queries):
    found_cells(
        NewCell(commune=commune, name=f"Chi bộ số {n}", hamlets=[], kind="office") for n in range(size)
    )
    rows = [{**row, "cell": f"CB số {n}", "day": date(2025, 1, 1 + n % 28)} for n in range(size)]

    with django_assert_max_num_queries(25 + size // 10):
        assert counts(members.import_data(sheet(MEMBERS, *rows))) == (size, 0, 0)
    with django_assert_max_num_queries(10):
        assert counts(members.import_data(sheet(MEMBERS, *rows))) == (0, 0, size)
    with django_assert_max_num_queries(25 + size // 10):
        changed = [{**one, "total": 50} for one in rows]
        assert counts(members.import_data(sheet(MEMBERS, *changed))) == (0, size, 0)


@pytest.mark.parametrize("size", [5, 200])
def test_queries_do_not_grow_with_the_hamlets(
    households, commune, homes, size, django_assert_max_num_queries
):
    open_units(NewUnit(parent=commune, kind="ap", name=f"Số {n}") for n in range(size))
    rows = [{**homes, "hamlet": f"ấp Số {n}"} for n in range(size)]

    with django_assert_max_num_queries(25 + size // 10):
        assert counts(households.import_data(sheet(HOUSEHOLDS, *rows))) == (size, 0, 0)
    with django_assert_max_num_queries(10):
        assert counts(households.import_data(sheet(HOUSEHOLDS, *rows))) == (0, 0, size)
