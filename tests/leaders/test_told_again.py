"""Lists that tell again, or better, what is recorded: nobody is in an office twice, and no list is refused for it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cells.models import Decision
from leaders.actions import begin_tenures
from leaders.checks import problems
from leaders.models import Office, Tenure
from leaders.resources import PersonResource
from tests import factories
from tests.lists import counts, faults, headings, sheet
from tests.worlds import kept

PEOPLE = headings(PersonResource)


@kept
def cell(commune):
    return factories.cell(of=factories.hamlet(parent=commune, name="2"), name="Chi bộ ấp 2")


@kept
def person(commune):
    return factories.person(keeper=commune, full_name="Lê Văn Tám")


def row(person, cell, **more) -> dict:
    return {"person": f"N{person.pk}", "full_name": person.full_name, "cell_code": cell.code, **more}


@pytest.mark.parametrize(
    ("office", "word"), [(Office.SECRETARY, "Bí thư"), (Office.DEPUTY_SECRETARY, "Phó bí thư")]
)
@pytest.mark.parametrize(
    "days", [{"starts_on": date(2020, 1, 1)}, {"starts_on": None, "seen_on": date(2021, 1, 1)}]
)
def test_who_is_seen_again_in_office_is_there_once(clerk, cell, person, office, word, days):
    factories.tenure(cell=cell, person=person, office=office, **days)

    result = PersonResource(user=clerk).import_data(
        sheet(PEOPLE, row(person, cell, office=word, seen_on="01/03/2025"))
    )

    assert counts(result) == (0, 0, 1)
    assert Tenure.objects.count() == 1


def test_since_when_somebody_is_in_office_is_said_later(clerk, cell, person):
    factories.tenure(cell=cell, person=person, starts_on=None, seen_on=date(2021, 1, 1))

    result = PersonResource(user=clerk).import_data(
        sheet(PEOPLE, row(person, cell, office="Bí thư", starts_on="05/02/2020"))
    )

    assert counts(result) == (0, 1, 0)
    tenure = Tenure.objects.get()
    assert (tenure.starts_on, tenure.seen_on) == (date(2020, 2, 5), None)


def test_nobody_is_deputy_twice_at_once(cell, person):
    factories.tenure(cell=cell, person=person, office=Office.DEPUTY_SECRETARY)

    with pytest.raises(ValidationError, match="Lê Văn Tám"):
        begin_tenures(
            [Tenure(person=person, cell=cell, office=Office.DEPUTY_SECRETARY, starts_on=date(2022, 1, 1))]
        )


def test_a_tenure_is_not_moved_before_its_cell(clerk, commune, person):
    cell = factories.cell(of=factories.hamlet(parent=commune, name="5", starts_on=date(2015, 1, 1)))
    tenure = factories.tenure(cell=cell, person=person, starts_on=date(2020, 1, 1))

    result = PersonResource(user=clerk).import_data(
        sheet(PEOPLE, row(person, cell, tenure=f"K{tenure.pk}", office="Bí thư", starts_on="01/01/1931"))
    )

    assert PEOPLE["starts_on"] in faults(result)[2]
    assert list(problems()) == []


def test_the_paper_of_a_seat_is_that_of_its_commune(clerk, commune, neighbour, cell):
    """Also for somebody whose record another commune keeps, and also the second time."""
    paper = {
        "decision_number": "1-QĐ/ĐU",
        "decision_day": "05/01/2025",
        "decision_body": "Đảng ủy xã Phú Túc",
    }
    other = factories.cell(of=factories.hamlet(parent=commune, name="3"), name="Chi bộ ấp 3")
    for body, name in ((cell, "Trần Văn Hai"), (other, "Trần Văn Ba")):
        person = factories.person(keeper=neighbour, full_name=name)
        factories.tenure(cell=body, person=person, office=Office.DEPUTY_SECRETARY)
        result = PersonResource(user=clerk).import_data(
            sheet(PEOPLE, row(person, body, office="Bí thư", starts_on="05/01/2025", **paper))
        )
        assert faults(result) == {}

    assert Decision.objects.get(number="1-QĐ/ĐU").unit == commune


def test_who_has_died_leaves_every_office(clerk, commune, neighbour, person):
    """Of a seat elsewhere, which the commune cannot end by its own list, the death is told once as well."""
    cell = factories.cell(of=factories.hamlet(parent=commune, name="6"))
    factories.tenure(
        office=Office.HAMLET_HEAD, hamlet=factories.hamlet(parent=neighbour, name="6"), person=person
    )
    tenure = factories.tenure(cell=cell, person=person)
    end = {"tenure": f"K{tenure.pk}", "office": "Bí thư", "ends_on": "12/03/2025", "way_out": "Từ trần"}

    result = PersonResource(user=clerk).import_data(sheet(PEOPLE, row(person, cell, **end)))
    assert faults(result) == {}
    assert set(Tenure.objects.values_list("ends_on", "way_out")) == {(date(2025, 3, 12), "died")}
    assert list(problems()) == []

    moved = {"tenure": f"K{tenure.pk}", "office": "Bí thư", "ends_on": "14/03/2025"}
    result = PersonResource(user=clerk).import_data(sheet(PEOPLE, row(person, cell, **moved)))
    assert faults(result) == {}
    assert set(Tenure.objects.values_list("ends_on", flat=True)) == {date(2025, 3, 14)}

    Tenure.objects.filter(pk=tenure.pk).update(ends_on=None, way_out="")
    assert any("14/03/2025" in one for one in problems())


@pytest.mark.parametrize("tells_first", [True, False])
def test_a_death_before_another_seat_ended_is_refused_whichever_row_tells_it(
    clerk, commune, cell, person, tells_first
):
    """Also where the row of the other seat changes something else."""
    deputy = factories.tenure(
        office=Office.DEPUTY_HEAD,
        hamlet=factories.hamlet(parent=commune, name="3"),
        person=person,
        ends_on=date(2025, 11, 20),
        way_out="relieved",
    )
    tenure = factories.tenure(cell=cell, person=person)
    end = {"tenure": f"K{tenure.pk}", "office": "Bí thư", "ends_on": "12/03/2025", "way_out": "Từ trần"}
    other = {"person": f"N{person.pk}", "tenure": f"K{deputy.pk}", "office": "Phó trưởng thôn"}
    rows = [row(person, cell, **end), other | {"hamlet_code": deputy.hamlet.code, "term": "2025-2027"}]

    result = PersonResource(user=clerk).import_data(sheet(PEOPLE, *(rows if tells_first else rows[::-1])))

    assert {number: [*said] for number, said in faults(result).items()} == {
        2 if tells_first else 3: [PEOPLE["way_out"]]
    }
    assert list(problems()) == []
