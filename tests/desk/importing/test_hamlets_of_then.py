"""A workbook of a district of then goes in, in the borders of the whole country: its communes are gone today."""

from datetime import date

import pytest

from accounts.models import Role
from cells.checks import problems
from cells.models import Cell, HouseholdCount, MemberCount, Unit, UnitPeriod
from desk.importing import batches
from desk.importing.reading import mend_key
from tests import factories
from tests.desk.importing.desk import answer, check, office_file, told, write

HAMLET_FILE = "danh-sach-ap-chi-bo-chau-thanh-2021.xlsx"
TOWN = mend_key("commune", "Thị trấn Châu Thành", "Thị trấn Châu Thành")


@pytest.fixture
def board(country):
    """Keeps the data of Vĩnh Long, into which Bến Tre with its district Châu Thành went."""
    return factories.user(role=Role.PROVINCIAL_STAFF, keeps=[Unit.objects.standing().get(code="86")])


def test_hamlets_of_communes_of_then_go_where_these_went(board):
    batch = office_file(board, HAMLET_FILE)
    reading = batches.read_batch(batch, board)
    assert (reading.step, [ask.key for ask in reading.asks]) == ("asked", ["day"])
    assert reading.asks[0].guess(reading.table) == "31/12/2021"
    answer(batch, asked={"day": "31/12/2021"})
    shown = check(batch, board)
    # Trà Vinh had a town of that name too, and both are of Vĩnh Long today.
    (two,) = shown["groups"]
    assert (two["heading"], len(two["rows"])) == ("Xã, phường", 6)
    answer(batch, mends={two["cells"][0]["key"]: {"to": "28810"}})

    shown = check(batch, board)

    assert told(shown) == {}
    assert shown["counts"] == {"new": 17, "update": 0, "skip": 0, "skipped": 0, "faulty": 0}
    write(batch, board)
    assert Unit.objects.hamlets().count() == Cell.objects.count() == 17
    hamlet = UnitPeriod.objects.on(date(2021, 12, 31)).get(name="Phước Hậu", level="hamlet")
    assert (hamlet.full_name, str(hamlet.parent), hamlet.unit.parent.closed_on) == (
        "Ấp Phước Hậu",
        "Xã Tam Phước",
        None,
    )
    count = MemberCount.objects.get(cell__name="Chi bộ ấp Phước Hậu")
    assert (count.day, count.total, count.exempt, count.away, count.active) == (
        date(2021, 12, 31),
        33,
        8,
        1,
        24,
    )
    assert HouseholdCount.objects.get(hamlet=hamlet.unit).poor == 11
    assert list(problems()) == []


def test_the_same_hamlets_a_second_time_are_no_change(board):
    for _time in range(2):
        batch = office_file(board, HAMLET_FILE)
        answer(batch, asked={"day": "31/12/2021"}, mends={TOWN: {"to": "28810"}})
        shown = check(batch, board)
        if shown["counts"]["new"]:
            write(batch, board)

    assert told(shown) == {}
    assert shown["counts"] == {"new": 0, "update": 0, "skip": 17, "skipped": 0, "faulty": 0}
