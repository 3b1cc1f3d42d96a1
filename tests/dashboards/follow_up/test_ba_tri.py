"""Ba Tri, 8/3/2019: 129 of 129 hamlets and 24 of 24 communes with officers, from entry to figure.

Once by workbook, where each hamlet has an officer of its own; once on pages. The sample data tell the same
in tests/dashboards/test_scenarios.py.
"""

import json
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from cells.actions import NewUnit, open_units
from dashboards.figures.board import Board
from dashboards.figures.frames import Frame
from dashboards.follow_up.figures import FollowUpBoard
from desk import samples
from desk.importing.forms import FORMS
from leaders.actions import add_people
from leaders.models import Assignment, Person
from tests import factories
from tests.desk.importing.desk import answer, check, hand_in, told, workbook, write
from tests.sending import opened_and_sent

EXPECTED = json.loads((Path(samples.__file__).parent / "data" / "scenarios.json").read_text("utf-8"))[
    "ba_tri_2018"
]["expect"]
DAY = date(2019, 3, 8)
COMMUNES, HAMLETS, OFFICERS = 24, 129, 21
KEYS = ("kind", "full_name", "commune", "hamlet", "starts_on")


@pytest.fixture
def ba_tri(province):
    """A district of 24 communes with 129 hamlets, five or six in each."""
    district = factories.district(parent=province, name="Ba Tri", code="836")
    communes = open_units(
        [
            NewUnit(
                parent=district,
                kind="xa",
                level="commune",
                name=f"An {factories.spelled(n)}",
                code=f"B{n}",
            )
            for n in range(COMMUNES)
        ]
    )
    open_units(
        [
            NewUnit(parent=communes[n % COMMUNES], kind="ap", name=f"{n // COMMUNES + 1}")
            for n in range(HAMLETS)
        ]
    )
    return district, communes


def figures(unit, user) -> dict[str, tuple[int, int]]:
    board = Board(Frame(unit, DAY, user))
    codes = ("hamlets_with_officer", "communes_with_officer")
    return {code: (board.figures[code].numerator, board.figures[code].denominator) for code in codes}


def is_as_printed(unit, user) -> None:
    for code, (numerator, denominator) in figures(unit, user).items():
        assert (numerator, denominator) == (EXPECTED[code]["numerator"], EXPECTED[code]["denominator"])
    board = FollowUpBoard(Frame(unit, DAY, user))
    assert (board.followed, board.hamlets, board.without) == (HAMLETS, HAMLETS, 0)
    assert (board.communes_followed, len(board.communes)) == (COMMUNES, COMMUNES)
    assert board.officers_of_communes == OFFICERS


def test_by_workbook_each_hamlet_with_an_officer_of_its_own(officer, province, ba_tri, client):
    district, communes = ba_tri
    hamlets = [hamlet for commune in communes for hamlet in commune.children.all()]
    names = [f"Trần Văn {factories.spelled(number)}" for number in range(HAMLETS + OFFICERS)]
    add_people(Person(full_name=name, keeper=province) for name in names)
    rows = [
        ("Cán bộ theo dõi ấp", name, f"Xã {hamlet.parent.name}", f"Ấp {hamlet.name}", "01/01/2018")
        for name, hamlet in zip(names, hamlets, strict=False)
    ]
    rows += [
        ("Cấp ủy viên", names[HAMLETS + n % OFFICERS], f"Xã {commune.name}", None, "01/01/2018")
        for n, commune in enumerate(communes)
    ]
    assert figures(district, officer) == {
        "hamlets_with_officer": (0, HAMLETS),
        "communes_with_officer": (0, COMMUNES),
    }

    headings = [FORMS["assignments"].heading(key) for key in KEYS]
    batch = hand_in(officer, workbook(headings, *rows), kind="assignments")
    answer(batch, asked={"starts_on": ""}, columns={})
    shown = check(batch, officer)
    assert told(shown) == {}
    write(batch, officer)

    is_as_printed(district, officer)
    client.force_login(officer)
    page = client.get(reverse("follow_up_board:board") + f"?noi={district.pk}&ngay={DAY}").content.decode()
    assert ">129</a>/" in page
    assert "24/24" in page


def test_on_pages_commune_by_commune(officer, province, ba_tri, client):
    district, communes = ba_tri
    client.force_login(officer)
    address = reverse("follow_up:assign")

    for number, commune in enumerate(communes):
        answer = opened_and_sent(
            client,
            f"{address}?noi={commune.pk}",
            {
                "kind": "hamlet_officer",
                "full_name": f"Trần Văn {factories.spelled(number)}",
                "units": list(commune.children.values_list("pk", flat=True)),
                "starts_on": "2018-01-01",
            },
        )
        assert answer.status_code == 302
    places = {n: [commune.pk for commune in communes[n::OFFICERS]] for n in range(OFFICERS)}
    for number, some in places.items():
        # Communes of a district are assigned one by one or several at a time, below the province.
        person = factories.person(keeper=province, full_name=f"Lê Văn {factories.spelled(number)}")
        answer = opened_and_sent(
            client,
            f"{address}?noi={province.pk}",
            {"kind": "committee_member", "person": person.pk, "units": some, "starts_on": "2018-01-01"},
        )
        assert answer.status_code == 302, answer.context["form"].errors

    is_as_printed(district, officer)
    assert Assignment.objects.filter(kind="hamlet_officer").count() == HAMLETS
