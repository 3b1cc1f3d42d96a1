from datetime import date
from functools import partial

import pytest

from accounts.models import Role
from cells.actions import NewCell, found_cells
from leaders.models import Office, Person, Tenure
from leaders.resources import PersonResource
from tests import factories, lists
from tests.lists import counts, faults, headings
from tests.worlds import kept

HEADERS = headings(PersonResource)
sheet = partial(lists.sheet, HEADERS)


@kept
def resource(officer):
    return PersonResource(user=officer)


@kept
def hamlet(commune):
    return factories.hamlet(parent=commune, name="Phước Hậu", starts_on=date(2010, 1, 1))


@kept
def cell(hamlet):
    return factories.cell(of=hamlet, name="Chi bộ ấp Phước Hậu")


@kept
def rows(cell):
    person = {"full_name": "Đỗ Minh Đức", "born": "1970", "keeper": "Xã Phú Túc", "membership": "đảng viên"}
    return [
        {**person, "office": "Bí thư chi bộ", "cell": cell.name, "starts_on": "05/01/2020"},
        {**person, "office": "Trưởng ấp", "hamlet": "ấp Phước Hậu", "starts_on": "10/2/2020"},
    ]


def test_one_person_with_two_seats_comes_from_two_rows(resource, rows, cell, hamlet):
    assert counts(resource.import_data(sheet(*rows))) == (2, 0, 0)

    person = Person.objects.get()
    assert (str(person), str(person.born), person.search_key) == ("Đỗ Minh Đức", "1970", "do minh duc")
    seats = set(Tenure.objects.values_list("office", "cell", "hamlet", "starts_on"))
    assert seats == {
        (Office.SECRETARY, cell.pk, None, date(2020, 1, 5)),
        (Office.HAMLET_HEAD, None, hamlet.pk, date(2020, 2, 10)),
    }
    assert {tenure.history.count() for tenure in Tenure.objects.all()} == {1}


def test_a_second_time_and_an_export_change_nothing(resource, rows):
    resource.import_data(sheet(*rows))

    assert counts(resource.import_data(sheet(*rows))) == (0, 0, 2)
    assert counts(resource.import_data(resource.export(Person.objects.all()))) == (0, 0, 2)
    assert Person.objects.get().full_name == "Đỗ Minh Đức"


def test_a_tenure_ends_and_the_next_begins_in_one_file(resource, rows, cell):
    resource.import_data(sheet(*rows))
    held = Tenure.objects.get(cell=cell)
    ended = {
        "tenure": f"K{held.pk}",
        "person": f"N{held.person_id}",
        "full_name": "Đỗ Minh Đức",
        "office": "bí thư",
        "cell": cell.name,
        "ends_on": "30/6/2025",
    }
    begun = {
        "full_name": "Trần Thị Hoa",
        "keeper": "Phú Túc",
        "office": "BTCB",
        "cell_code": cell.code,
        "starts_on": "1/7/2025",
        "decision_number": "12-QĐ/ĐU",
        "decision_day": "30/06/2025",
        "decision_body": "Đảng ủy xã Phú Túc",
    }

    assert counts(resource.import_data(sheet(begun, ended))) == (1, 1, 0)

    held.refresh_from_db()
    assert held.ends_on == date(2025, 6, 30)
    new = Tenure.objects.get(cell=cell, ends_on=None)
    assert (new.person.full_name, new.decision.number) == ("Trần Thị Hoa", "12-QĐ/ĐU")


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"office": "trưởng phòng"}, "office"),
        ({"office": None}, "office"),
        ({"cell": "Chi bộ ấp Phước Hâu xa"}, "cell"),
        ({"cell": None}, "cell"),
        ({"starts_on": "1/2020"}, "starts_on"),
        ({"starts_on": "2/1/2020", "ends_on": "1/1/2020"}, "__all__"),
        ({"born": "5/85"}, "born"),
        ({"term": "20-22"}, "term"),
        ({"way_in": "dân bầu trực tiếp"}, "way_in"),
        ({"keeper": "Giao Long Đông"}, "keeper"),
        ({"phone": "không có"}, "phone"),
        ({"decision_number": "1"}, "decision_day"),
        ({"person": "N999999"}, "person"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(resource, rows, change, column):
    found = faults(resource.import_data(sheet({**rows[0], **change}, rows[1])))

    assert HEADERS.get(column, column) in found[2], found
    assert not Person.objects.exists()
    assert not Tenure.objects.exists()


def test_a_taken_seat_is_refused_with_its_holder(resource, rows, cell):
    factories.tenure(cell=cell, person=factories.person(keeper=cell.commune, full_name="Lê Văn Tám"))

    (sentence,) = faults(resource.import_data(sheet(rows[0])))[2]["__all__"]

    assert "Lê Văn Tám" in sentence


def test_two_people_in_one_seat_of_the_file_are_found(resource, rows):
    other = {**rows[0], "full_name": "Người Khác"}

    assert 3 in faults(resource.import_data(sheet(rows[0], other)))


def test_rows_of_one_person_say_the_same_of_them_or_nothing(resource, rows):
    first, second = {**rows[0], "phone": "0912345678"}, {**rows[1], "profession": "Luật"}
    del second["membership"]

    other = {**second, "phone": "0987654321"}
    assert set(faults(resource.import_data(sheet(first, other)))[3]) == {HEADERS["phone"]}
    assert counts(resource.import_data(sheet(first, second))) == (2, 0, 0)

    person = Person.objects.get()
    assert (person.phone, person.profession, person.membership) == ("0912345678", "Luật", "yes")


def test_a_seat_filled_twice_takes_no_other_row_with_it(resource, rows):
    """What was written with the row that is refused is taken back, and the people of the others made anew."""
    head = {**rows[1], "full_name": "Lê Văn Tám"}
    other = {**rows[0], "full_name": "Người Khác"}

    assert faults(resource.import_data(sheet(rows[0], head, rows[1], other))).keys() == {5, 4}


def test_a_changed_tenure_may_not_run_into_another(resource, cell):
    first = factories.tenure(cell=cell, starts_on=date(2015, 1, 1), ends_on=date(2019, 12, 31))
    factories.tenure(cell=cell, starts_on=date(2020, 1, 1))
    row = {
        "person": first.person_id,
        "full_name": first.person.full_name,
        "tenure": first.pk,
        "office": "bí thư",
        "cell_code": cell.code,
        "ends_on": "01/06/2020",
    }

    assert 2 in faults(resource.import_data(sheet(row)))
    first.refresh_from_db()
    assert first.ends_on == date(2019, 12, 31)


def test_one_name_for_two_people_is_asked_back(resource, rows, commune):
    for born in (1960, 1980):
        factories.person(
            keeper=commune, full_name="Đỗ Minh Đức", born_on=date(born, 1, 1), born_on_precision="year"
        )

    unclear = faults(resource.import_data(sheet({**rows[0], "born": None})))

    assert "N" in unclear[2][HEADERS["full_name"]][0]
    assert counts(resource.import_data(sheet({**rows[0], "born": "1980"}))) == (0, 1, 0)


def test_a_foreign_person_is_not_there(outsider, rows, cell):
    person = factories.person(keeper=cell.commune)
    foreign = PersonResource(user=outsider)

    by_number = faults(foreign.import_data(sheet({"person": person.pk, "full_name": person.full_name})))
    by_cell = faults(foreign.import_data(sheet({**rows[0], "keeper": "Phú Túc", "cell_code": cell.code})))

    assert HEADERS["person"] in by_number[2]
    assert {HEADERS["keeper"], HEADERS["cell_code"]} <= set(by_cell[2])
    assert foreign.export(Person.objects.visible_to(outsider)).lines == []


def test_private_data_of_a_record_kept_elsewhere_is_neither_exported_nor_changed(cell):
    elsewhere = factories.commune()
    person = factories.person(
        keeper=elsewhere, phone="0912 345 678", born_on=date(1980, 1, 2), born_on_precision="day"
    )
    factories.tenure(cell=cell, person=person)
    user = factories.user(role=Role.PROVINCIAL_STAFF, keeps=[cell.commune.province])
    resource = PersonResource(user=user)

    exported = resource.export(Person.objects.visible_to(user))

    assert (exported.lines[0]["born"], exported.lines[0]["phone"]) == (None, None)
    assert counts(resource.import_data(exported)) == (0, 0, 1)
    changed = faults(resource.import_data(sheet({"person": person.pk, "full_name": "Tên khác"})))
    assert HEADERS["full_name"] in changed[2]


@pytest.mark.parametrize("size", [5, 200])
def test_queries_do_not_grow_with_the_rows(resource, commune, size, django_assert_max_num_queries):
    rows = [
        {
            "full_name": f"Nguyễn Văn {factories.spelled(n)}",
            "keeper": "Phú Túc",
            "office": "bí thư",
            "cell": f"Chi bộ {n}",
            "starts_on": "1/1/2020",
        }
        for n in range(size)
    ]
    found_cells(NewCell(commune=commune, name=f"Chi bộ {n}", hamlets=[], kind="office") for n in range(size))

    with django_assert_max_num_queries(45 + size // 10):
        assert counts(resource.import_data(sheet(*rows))) == (size, 0, 0)
    with django_assert_max_num_queries(25):
        assert counts(resource.import_data(sheet(*rows))) == (0, 0, size)


def test_a_birth_date_in_the_future_is_refused_as_on_the_page(resource, rows):
    result = resource.import_data(sheet(rows[0] | {"born": "2099"}))

    assert "Ngày này chưa đến. Kiểm tra lại năm." in str(faults(result))
    assert not Person.objects.exists()


def test_a_number_may_stand_in_the_place_of_the_name(resource, rows, commune):
    twins = [factories.person(keeper=commune, full_name="Đỗ Minh Đức") for _ in range(2)]

    unclear = faults(resource.import_data(sheet({**rows[0], "born": None})))[2][HEADERS["full_name"]][0]
    assert all(f"N{person.pk} " in unclear for person in twins)
    named = {**rows[0], "born": None, "full_name": f"N{twins[1].pk}"}

    assert counts(resource.import_data(sheet(named))) == (0, 1, 0)
    assert Tenure.objects.get().person == twins[1]
    assert Person.objects.get(pk=twins[1].pk).full_name == "Đỗ Minh Đức"


def test_less_of_a_date_takes_nothing_away_and_more_of_it_is_kept(resource, rows, commune):
    born = {"born_on": date(1970, 1, 1), "born_on_precision": "year"}
    person = factories.person(keeper=commune, full_name="Đỗ Minh Đức", **born)

    assert counts(resource.import_data(sheet({**rows[0], "born": "03/02/1970"}))) == (0, 1, 0)
    assert counts(resource.import_data(sheet({**rows[0], "born": "1970"}))) == (0, 0, 1)

    person.refresh_from_db()
    assert str(person.born) == "03/02/1970"


def test_other_marks_are_another_name_and_no_marks_may_be_either(resource, rows, commune):
    factories.person(keeper=commune, full_name="Đỗ Minh Dực")
    factories.person(keeper=commune, full_name="Đỗ Minh Hoa")
    other = {"full_name": "Đỗ Minh Hòa", "keeper": "Phú Túc"}

    assert counts(resource.import_data(sheet(rows[0], other))) == (2, 0, 0)
    unclear = faults(resource.import_data(sheet({**other, "full_name": "DO MINH HOA"})))

    assert HEADERS["full_name"] in unclear[2]
    assert Person.objects.filter(search_key="do minh hoa").count() == 2
