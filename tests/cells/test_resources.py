from datetime import date
from functools import partial

import pytest
from tablib import Dataset

from accounts.models import Role
from cells.checks import problems
from cells.copies import differences
from cells.models import Cell, CellArea, Unit, UnitPeriod
from cells.resources import HamletResource
from tests import factories, lists
from tests.lists import counts, faults, headings

HEADERS = headings(HamletResource)
sheet = partial(lists.sheet, HEADERS)


@pytest.fixture
def resource(officer):
    return HamletResource(user=officer)


NEW = {
    "commune": "Phú Túc",
    "kind": "ấp",
    "name": "Phước Hậu",
    "starts_on": "01/07/2025",
    "cell": "Chi bộ ấp Phước Hậu",
}


def test_a_new_hamlet_comes_with_its_period_its_cell_and_the_area(resource, commune):
    assert counts(resource.import_data(sheet(NEW))) == (1, 0, 0)

    hamlet = Unit.objects.get(level="hamlet")
    cell = Cell.objects.get()
    assert (hamlet.full_name, hamlet.parent, hamlet.code) == ("Ấp Phước Hậu", commune, "T0000001")
    assert (cell.name, cell.commune, cell.code) == ("Chi bộ ấp Phước Hậu", commune, "C0000001")
    assert list(CellArea.objects.values_list("cell", "hamlet", "starts_on")) == [
        (cell.pk, hamlet.pk, date(2025, 7, 1))
    ]
    assert list(problems()) == []


def test_what_is_new_stands_as_long_as_its_commune_where_no_day_is_given(resource, province):
    factories.commune(parent=province, name="Mới Lập", starts_on=date(2025, 7, 1))
    row = {"commune": "Mới Lập", "kind": "ấp", "name": "Một", "cell": "Chi bộ ấp Một"}

    assert counts(resource.import_data(sheet(row))) == (1, 0, 0)

    assert Unit.objects.get(level="hamlet").periods.get().starts_on == date(2025, 7, 1)
    assert CellArea.objects.get().starts_on == date(2025, 7, 1)
    assert list(problems()) == []


def test_a_second_time_changes_nothing(resource, commune):
    resource.import_data(sheet(NEW))

    assert counts(resource.import_data(sheet(NEW))) == (0, 0, 1)
    assert counts(
        resource.import_data(sheet({**NEW, "name": "ấp phuoc hau", "cell": "CHI BO AP PHUOC HAU"}))
    ) == (0, 0, 1)
    assert Unit.objects.get(level="hamlet").name == "Phước Hậu"


@pytest.mark.parametrize(
    "written",
    [
        {"name": "Ấp Phước Hậu", "cell": "CB ấp Phước Hậu"},
        {"name": "PHUOC HAU", "cell": "Ấp Phước Hậu"},
        {"name": "T0000001", "cell": "C0000001"},
    ],
)
def test_what_is_recorded_is_found_by_short_forms_and_codes(resource, commune, written):
    resource.import_data(sheet(NEW))

    assert counts(resource.import_data(sheet({**NEW, **written}))) == (0, 0, 1)
    assert Cell.objects.get().name == NEW["cell"]


def test_what_differs_in_its_marks_alone_is_asked_about_and_not_made_twice(resource, commune):
    resource.import_data(sheet(NEW))
    misspelled = {**NEW, "name": "Phước Hầu", "cell": "Chi bộ ấp Phước Hầu"}

    found = faults(resource.import_data(sheet(misspelled)))

    assert set(found[2]) == {HEADERS["name"], HEADERS["cell"]}
    assert "Phước Hậu" in found[2][HEADERS["name"]][0]
    assert Unit.objects.hamlets().count() == 1


def test_a_dry_run_writes_nothing(resource, commune):
    result = resource.import_data(sheet(NEW), dry_run=True)

    assert counts(result) == (1, 0, 0)
    assert not Cell.objects.exists()
    assert not Unit.objects.hamlets().exists()


def test_what_was_exported_changes_nothing(resource, commune, neighbour):
    one = factories.hamlet(parent=commune, name="=1+1", starts_on=date(2020, 1, 1), position=3)
    other = factories.hamlet(parent=neighbour, name="2", ends_on=date(2024, 12, 31))
    factories.cell(of=one)
    factories.cell(of=one, name="Chi bộ thứ hai")
    factories.cell(of=other, hamlets=[other, factories.hamlet(parent=commune)], name="Chi bộ ghép")

    exported = resource.export(Unit.objects.all())

    assert len(exported.lines) == 4
    assert counts(resource.import_data(exported)) == (0, 0, 4)


def test_names_kinds_and_positions_are_corrected_by_code(resource, commune):
    hamlet = factories.hamlet(parent=commune, name="Phuoc Hau")
    cell = factories.cell(of=hamlet, name="CB 1")
    row = {
        "code": hamlet.code,
        "kind": "khóm",
        "name": "Phước Hậu",
        "position": 4,
        "cell_code": cell.code,
        "cell": "Chi bộ 1",
    }

    assert counts(resource.import_data(sheet(row))) == (0, 1, 0)

    hamlet.refresh_from_db()
    cell.refresh_from_db()
    assert (str(hamlet), hamlet.position, cell.name) == ("Khóm Phước Hậu", 4, "Chi bộ 1")
    assert hamlet.periods.get().history.count() == 2
    assert differences() == []


def test_a_cell_may_come_to_cover_a_second_hamlet(resource, commune):
    first, second = (
        factories.hamlet(parent=commune),
        factories.hamlet(parent=commune, starts_on=date(2024, 5, 1)),
    )
    cell = factories.cell(of=first)
    row = {"code": second.code, "kind": "ấp", "name": second.name, "cell_code": cell.code, "cell": cell.name}

    assert counts(resource.import_data(sheet(row))) == (0, 1, 0)

    assert CellArea.objects.get(hamlet=second).starts_on == date(2024, 5, 1)
    assert list(problems()) == []


def test_one_new_cell_over_two_hamlets(resource, commune):
    rows = [{**NEW, "name": name, "cell": "Chi bộ ghép"} for name in ("1", "2")]

    assert counts(resource.import_data(sheet(*rows))) == (2, 0, 0)

    assert Cell.objects.get().areas.count() == 2


def test_every_fault_is_named_by_row_and_column_and_nothing_is_written(resource, commune):
    rows = [
        NEW,
        {**NEW, "commune": "Phú Tuc"},
        {**NEW, "commune": "Phú Tức Đông"},
        {**NEW, "kind": "làng mạc"},
        {**NEW, "starts_on": "31/02/2025"},
        {**NEW, "code": "T9999999"},
        {**NEW, "name": "Sau", "cell": "Sau", "ends_on": "01/01/2025"},
    ]

    found = faults(resource.import_data(sheet(*rows)))

    assert "Dòng 2" in found[3]["__all__"][0] or "2" in found[3]["__all__"][0]
    assert set(found) == {3, 4, 5, 6, 7, 8}
    assert HEADERS["commune"] in found[4]
    assert HEADERS["kind"] in found[5]
    assert HEADERS["starts_on"] in found[6]
    assert HEADERS["code"] in found[7]
    assert not Unit.objects.hamlets().exists()
    late = faults(resource.import_data(sheet(NEW, rows[-1])))
    assert set(late) == {3}
    assert not Unit.objects.hamlets().exists()


def test_days_of_what_is_recorded_are_not_changed_by_a_file(resource, commune):
    hamlet = factories.hamlet(parent=commune, starts_on=date(2020, 1, 1))
    row = {"code": hamlet.code, "kind": "ấp", "name": hamlet.name, "starts_on": "01/01/2021"}

    assert HEADERS["starts_on"] in faults(resource.import_data(sheet(row)))[2]
    assert UnitPeriod.objects.get(unit=hamlet).starts_on == date(2020, 1, 1)


def test_a_name_that_several_bear_is_asked_back(resource, commune):
    for _ in range(2):
        factories.hamlet(parent=commune, name="1")
    factories.commune(parent=commune.parent, name="Phú Túc", code="99999")

    twice = faults(
        resource.import_data(
            sheet({**NEW, "commune_code": "28810", "commune": None, "name": "1", "cell": None})
        )
    )
    same = faults(resource.import_data(sheet(NEW)))

    assert HEADERS["name"] in twice[2]
    assert "28810" in same[2][HEADERS["commune"]][0]
    assert "99999" in same[2][HEADERS["commune"]][0]


def test_a_code_and_a_name_that_disagree_are_refused(resource, commune, neighbour):
    row = {**NEW, "commune_code": "28810", "commune": "Giao Long"}

    assert HEADERS["commune_code"] in faults(resource.import_data(sheet(row)))[2]


def test_a_foreign_place_is_not_there(outsider, commune):
    hamlet = factories.hamlet(parent=commune)
    cell = factories.cell(of=hamlet)
    foreign = HamletResource(user=outsider)

    by_name = faults(foreign.import_data(sheet(NEW)))
    by_code = faults(
        foreign.import_data(
            sheet({"code": hamlet.code, "kind": "ấp", "name": hamlet.name, "cell_code": cell.code})
        )
    )

    assert HEADERS["commune"] in by_name[2]
    assert set(by_code[2]) == {HEADERS["code"], HEADERS["cell_code"]}
    assert foreign.export(Unit.objects.visible_to(outsider)).lines == []


def test_who_only_reads_imports_nothing(commune, province):
    reader = factories.user(role=Role.PROVINCIAL_STAFF, reads=[province])

    assert HEADERS["commune"] in faults(HamletResource(user=reader).import_data(sheet(NEW)))[2]


def test_columns_that_are_missing_unknown_or_double_stop_the_file(resource, commune):
    good = sheet(NEW)
    for headers, word in (
        ([HEADERS["commune"]], HEADERS["kind"]),
        ([*good.headers, "Ghi gì đó"], "Ghi gì đó"),
        ([*good.headers, good.headers[0]], good.headers[0]),
    ):
        result = resource.import_data(Dataset(["x"] * len(headers), headers=headers))
        assert word in str(result.base_errors[0].error)


def test_a_title_above_the_table_is_no_header(resource, commune):
    rows = sheet(NEW)
    titled = Dataset(*[["ĐẢNG CỘNG SẢN VIỆT NAM"] + [None] * 4, [None] * 5, rows.headers, rows[0]])

    result = resource.import_data(titled)

    assert counts(result) == (1, 0, 0)


@pytest.mark.parametrize("size", [5, 200])
def test_queries_do_not_grow_with_the_rows(resource, commune, size, django_assert_max_num_queries):
    rows = [{**NEW, "name": f"Ấp số {n}", "cell": f"Chi bộ {n}"} for n in range(size)]

    # SQLite takes a thousand values a statement, so long lists go in several.
    with django_assert_max_num_queries(70 + size // 10):
        assert counts(resource.import_data(sheet(*rows))) == (size, 0, 0)
    with django_assert_max_num_queries(20):
        assert counts(resource.import_data(sheet(*rows))) == (0, 0, size)


def test_more_hamlets_go_out_than_sqlite_takes_keys_in_one_question(resource, commune):
    factories.many_cells(commune, 1001)

    rows = list(resource.rows(Unit.objects.hamlets()))

    assert len(rows) == len({row["cell_code"] for row in rows}) == 1001
