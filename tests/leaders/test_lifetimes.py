"""Nothing is recorded of a hamlet or a cell on days on which it does not exist."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cells import checks as places
from cells.actions import close_unit, dissolve_cell, record_counts
from cells.models import HouseholdCount, MemberCount
from leaders import checks as seats
from leaders.actions import begin_tenures, record_contests
from leaders.models import Contest, Office, Tenure
from tests import factories

FIRST, LAST = date(2022, 1, 1), date(2024, 6, 30)
BEFORE, AFTER = date(2021, 12, 31), date(2024, 7, 1)


@pytest.fixture
def hamlet(commune):
    """A hamlet that stood for some years."""
    made = factories.hamlet(parent=commune, name="1", starts_on=FIRST)
    close_unit(made, last_day=LAST)
    return made


@pytest.fixture
def cell(commune):
    made = factories.cell(commune=commune, starts_on=FIRST)
    dissolve_cell(made, last_day=LAST)
    return made


def head(hamlet, **days) -> Tenure:
    return Tenure(person=factories.person(), office=Office.HAMLET_HEAD, hamlet=hamlet, **days)


def secretary(cell, **days) -> Tenure:
    return Tenure(person=factories.person(), office=Office.SECRETARY, cell=cell, **days)


@pytest.mark.parametrize(
    ("days", "wrong_day"),
    [
        ({"starts_on": FIRST, "ends_on": LAST}, None),
        ({"ends_on": LAST}, None),
        ({"seen_on": FIRST, "ends_on": LAST}, None),
        ({"starts_on": BEFORE, "ends_on": LAST}, BEFORE),
        ({"seen_on": BEFORE, "ends_on": LAST}, BEFORE),
        ({"ends_on": BEFORE}, BEFORE),
        ({"starts_on": FIRST, "ends_on": AFTER}, AFTER),
        ({"starts_on": FIRST}, AFTER),
        ({"starts_on": date(2025, 1, 1)}, date(2025, 1, 1)),
    ],
)
def test_a_tenure_lies_within_the_life_of_its_body(hamlet, cell, days, wrong_day):
    for tenure in (head(hamlet, **days), secretary(cell, **days)):
        if wrong_day is None:
            begin_tenures([tenure])
            continue
        said = f"Ngày {wrong_day:%d/%m/%Y} không có {tenure.body}."
        for record in (lambda: begin_tenures([tenure]), tenure.full_clean):  # noqa: B023
            with pytest.raises(ValidationError) as refused:
                record()
            assert said in " ".join(refused.value.messages)

    assert [*places.problems(), *seats.problems()] == []


@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_a_count_is_of_a_day_of_the_life(hamlet, cell, day):
    counts = [
        HouseholdCount(hamlet=hamlet, day=day, households=90),
        MemberCount(cell=cell, day=day, total=20),
    ]
    for count in counts:
        with pytest.raises(ValidationError, match=f"{day:%d/%m/%Y}"):
            record_counts([count])
        with pytest.raises(ValidationError, match=f"{day:%d/%m/%Y}"):
            count.full_clean()


def test_a_congress_is_held_while_its_cell_exists(cell):
    held = {"kind": "congress", "term": "2022-2025", "outcome": "held"}
    with pytest.raises(ValidationError, match="01/07/2024"):
        record_contests([Contest(cell=cell, held_on=AFTER, **held)])

    record_contests([Contest(cell=cell, held_on=LAST, **held)])


def test_what_got_in_another_way_is_found_by_the_check(hamlet, cell):
    head(hamlet, starts_on=FIRST).save()
    secretary(cell, starts_on=BEFORE, ends_on=LAST).save()
    MemberCount(cell=cell, day=AFTER, total=20).save()
    HouseholdCount(hamlet=hamlet, day=LAST, households=90).save()

    (of_places,), of_seats = list(places.problems()), list(seats.problems())

    assert "01/07/2024" in of_places
    assert len(of_seats) == 2
    assert ["01/07/2024" in of_seats[1], "31/12/2021" in of_seats[0]].count(True) in (0, 2)


def test_counts_of_a_hundred_bodies_need_as_many_queries_as_of_one(commune, django_assert_max_num_queries):
    hamlets = [factories.hamlet(parent=commune) for _ in range(20)]

    with django_assert_max_num_queries(9):
        record_counts(HouseholdCount(hamlet=hamlet, day=LAST, households=90) for hamlet in hamlets)
