"""Workbooks drawn from a model of how offices write: what the desk records is what they mean, or it asks.

``tests.sheets.offices`` draws the papers and knows what each cell means. Here they go through the desk: whatever
is asked is answered with what the paper means, the good rows are written, and the records are compared.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cells.kinds import Kind
from cells.models import Cell, CellPeriod, HouseholdCount, MemberCount, Unit, UnitPeriod
from desk.importing import batches
from desk.importing.reading import name_of
from desk.models import ImportBatch
from evaluations.models import CellRating, Level
from leaders.models import SINGLE_SEATS, MembershipStatus, Person, Tenure, TheoryLevel
from sheets.columns import LEAVE_OUT
from sheets.dates import PartialDate
from tests import factories
from tests.desk.importing.desk import answer, check, hand_in, told, workbook, write
from tests.sheets.office_forms import HAMLETS, PEOPLE, RATINGS
from tests.sheets.offices import COMMUNES, MEANT_BY, PLACES, Asked, Paper, cell_of, papers

UNHURRIED = {
    "deadline": None,
    "report_multiple_bugs": False,
    "suppress_health_check": list(HealthCheck),
    # Each try goes through the whole desk: a paper that fails is shown as it was drawn.
    "phases": (Phase.explicit, Phase.reuse, Phase.generate),
}
FEW = settings(max_examples=3, **UNHURRIED)
MANY = settings(max_examples=1500, **UNHURRIED)

DAY = "31/12/2021"
# What a paper does not say, by what is asked for.
SAID = {
    "commune": COMMUNES[0],
    "keeper": COMMUNES[0],
    "day": DAY,
    "year": "2022",
    "decision_number": "15-QĐ/ĐU",
    "decision_day": "15/12/2022",
    "decision_body": "Đảng ủy",
    "starts_on": "",
    "seen_on": DAY,
    "term": "",
}
# What the desk calls the columns that a paper of this form may hold.
KEYS = {
    "hamlets": {"hamlet": "name", "members": "total"},
    "people": {"name": "full_name", "joined": "admitted", "theory": "theory_level"},
    "ratings": {"own": "self_level", "level": "decided_level", "members": LEAVE_OUT},
}
LEVELS = {
    "excellent": Level.EXCELLENT,
    "good": Level.GOOD,
    "done": Level.COMPLETED,
    "failed": Level.NOT_COMPLETED,
}
# A hamlet with two cells of one name, and one that is not there, nor its cell.
TWICE, NOWHERE = (COMMUNES[0], PLACES[0]), (COMMUNES[1], PLACES[1])


@dataclass
class Meant:
    """A row as its office means it."""

    row: int
    commune: str
    values: dict
    said: list[str]  # what is wrong, as the desk says

    def __getitem__(self, key: str):
        """Return what is meant; a place by its full name, however it is written."""
        value = self.values.get(key)
        return MEANT_BY.get(value, value) if isinstance(value, str) else value

    @property
    def is_doubtful(self) -> bool:
        return any(isinstance(value, Asked) for value in self.values.values())


def files(form) -> st.SearchStrategy:
    """Return papers of a form with the file that an office makes of them."""
    books = papers(form).map(lambda paper: (paper, paper.xlsx(), "bieu.xlsx"))
    texts = papers(form, as_csv=True).map(lambda paper: (paper, paper.csv(), "bieu.csv"))
    return st.one_of(books, texts)


def answer_all(batch: ImportBatch, user, paper: Paper) -> None:
    """Answer as somebody does who has the paper before them, until nothing is asked."""
    for _turn in range(30):
        reading = batches.read_batch(batch, user)
        match reading.step:
            case "table":
                (meant,) = (table for table in reading.tables if table.header.top == paper.header[0])
                answer(batch, table=name_of(meant))
            case "form":
                answer(batch, kind=paper.form.key)
            case "columns":
                keys = dict(_keys_by_column(paper))
                answer(
                    batch,
                    columns={one.key: keys.get(one.column, LEAVE_OUT) for one in reading.mapped.questions},
                )
            case "lines":
                answer(
                    batch,
                    kinds={
                        str(line.row): paper.kinds.get(line.row, "data") for line in reading.table.doubtful
                    },
                )
            case "asked":
                assert reading.wrong == {}
                answer(batch, asked={ask.key: SAID[ask.key] for ask in reading.asks})
            case "check":
                return
            case other:
                raise AssertionError(other)
    raise AssertionError("It asks without end.")


def _keys_by_column(paper: Paper) -> Iterator[tuple[int, str]]:
    names = KEYS[paper.form.key]
    for column, key in paper.fields.items():
        yield column, names.get(key, key)


def through_the_desk(user, file) -> tuple[list[Meant], list[Meant]]:
    """Take the file in, write its good rows, and return which rows were written and which were not."""
    paper, data, name = file
    batch = hand_in(user, data, name)
    answer_all(batch, user, paper)
    shown = check(batch, user)
    faulty = told(shown)
    meant = [
        Meant(row, (*groups, COMMUNES[0])[0], values, faulty.get(row, []))
        for row, groups, values in paper.meant
    ]
    assert [row["row"] for row in shown["rows"]] == [one.row for one in meant]
    assert batch.kind == paper.form.key
    write(batch, user, only_good=bool(faulty))
    return [one for one in meant if one.row not in faulty], [one for one in meant if one.row in faulty]


def repeated(rows: list[Meant], *keys: str) -> set[int]:
    """Return the rows that say the same of their commune as another does: which of them is meant?"""
    said = Counter((one.commune, key, str(one[key])) for one in rows for key in keys)
    return {one.row for one in rows for key in keys if said[one.commune, key, str(one[key])] > 1}


def check_faulty(faulty: list[Meant], written: list[Meant], *, excused: set[int], contradicts) -> None:
    """No doubtful row is written, and no other row is refused without a reason."""
    assert [one for one in written if one.is_doubtful or contradicts(one)] == []
    assert [
        one for one in faulty if not one.is_doubtful and not contradicts(one) and one.row not in excused
    ] == []


@pytest.fixture
def user(province):
    """Keeps a province with the communes of the papers."""
    for number, full in enumerate(COMMUNES):
        kind = {"Xã": "xa", "Phường": "phuong", "Thị trấn": "thi_tran"}
        word = next(word for word in kind if full.startswith(word))
        factories.commune(
            parent=province, kind=kind[word], name=full.removeprefix(word + " "), code=f"2880{number}"
        )
    return factories.user(keeps=[province])


@pytest.fixture
def with_cells(user):
    """In each commune the cells that the papers name; in one of them not all, in one too many."""
    for commune in Unit.objects.filter(level="commune"):
        for place in PLACES:
            if (str(commune), place) == NOWHERE:
                continue
            word, _space, name = place.removeprefix("Khu ").partition(" ")
            kind = Kind.AP if word == "Ấp" else Kind.KHU_PHO
            hamlet = factories.hamlet(parent=commune, kind=kind, name=name)
            for _time in range(1 + ((str(commune), place) == TWICE)):
                factories.cell(of=hamlet, name=cell_of(place))
    return user


# --- hamlets with their cells and counts ----------------------------------------------


def counts_contradict(one: Meant) -> bool:
    households, poor, total, *parts = (
        _number(one[key]) for key in ("households", "poor", "members", "exempt", "away")
    )
    known = sum(part for part in parts if part is not None)
    return (None not in (households, poor) and poor > households) or (total is not None and known > total)


def _number(value) -> int | None:
    return None if isinstance(value, Asked) else value


def hamlets_are_recorded_as_meant(user, file) -> None:
    written, faulty = through_the_desk(user, file)
    excused = repeated(written + faulty, "hamlet", "cell")
    check_faulty(faulty, written, excused=excused, contradicts=counts_contradict)
    assert {(str(p.parent), p.full_name.casefold()) for p in UnitPeriod.objects.hamlets()} == {
        (one.commune, one["hamlet"].casefold()) for one in written
    }
    assert {(str(p.commune), p.name.casefold()) for p in CellPeriod.objects.all()} == {
        (one.commune, one["cell"].casefold()) for one in written
    }
    keys = ("members", "exempt", "away")
    assert Counter(
        (str(c.cell.commune), c.cell.name.casefold(), c.day, c.total, c.exempt, c.away)
        for c in MemberCount.objects.all()
    ) == _counted(written, "cell", keys)
    assert Counter(
        (str(c.hamlet.parent), str(c.hamlet).casefold(), c.day, c.households, c.poor)
        for c in HouseholdCount.objects.all()
    ) == _counted(written, "hamlet", ("households", "poor"))


def _counted(rows: list[Meant], body: str, keys: tuple[str, ...]) -> Counter:
    return Counter(
        (one.commune, one[body].casefold(), date(2021, 12, 31), *(one[key] for key in keys))
        for one in rows
        if any(one[key] is not None for key in keys)
    )


# --- people ---------------------------------------------------------------------------


def person_contradicts(one: Meant) -> bool:
    """Two birth dates; a place and nothing held there, a seat and no place, or not one place of that name."""
    if one["born_male"] is not None and one["born_female"] is not None:
        return True
    if not one["party_office"] and not one["hamlet_office"]:
        return bool(one["hamlet"] or one["cell"])
    return any(not _is_one_place(one.commune, *seat) for seat in seats_of(one))


def seats_of(one: Meant) -> list[tuple[str, str | None]]:
    """Return the offices with where they are held: those of the Party in the cell, or that of the hamlet named."""
    hamlet = one["hamlet"]
    held = [
        (one["party_office"], one["cell"] or (hamlet and cell_of(hamlet))),
        (one["hamlet_office"], hamlet),
    ]
    return [(office, body) for office, body in held if office]


def _is_one_place(commune: str, office: str, body: str | None) -> bool:
    missing = {NOWHERE[1], cell_of(NOWHERE[1])} if commune == NOWHERE[0] else set()
    doubled = {cell_of(TWICE[1])} if commune == TWICE[0] else set()
    return body is not None and body not in missing | doubled


def _share_a_seat(rows: list[Meant]) -> set[int]:
    """Return the rows whose seat, which one person holds at a time, another row fills as well."""
    held = [
        (one.row, (one.commune, *seat))
        for one in rows
        if not one.is_doubtful
        for seat in seats_of(one)
        if seat[0] in SINGLE_SEATS
    ]
    bearers = Counter(seat for _row, seat in held)
    return {row for row, seat in held if bearers[seat] > 1}


def people_are_recorded_as_meant(user, file) -> None:
    written, faulty = through_the_desk(user, file)
    excused = repeated(written + faulty, "name") | _share_a_seat(written + faulty)
    excused |= {one.row for one in faulty if _joined_too_young(one)}
    check_faulty(faulty, written, excused=excused, contradicts=person_contradicts)
    recorded = Counter(
        (
            str(one.keeper),
            one.full_name,
            one.gender,
            one.partial_date("born"),
            one.partial_date("admitted"),
            one.profession,
            one.theory_level,
            one.phone,
            one.membership,
        )
        for one in Person.objects.all()
    )
    assert recorded == people_meant(written)
    assert Counter(
        (str(t.person.keeper), t.person.full_name, t.office, str(t.body), t.starts_on, t.seen_on, t.ends_on)
        for t in Tenure.objects.all()
    ) == Counter(
        (one.commune, one["name"], *seat, None, date(2021, 12, 31), None)
        for one in written
        for seat in seats_of(one)
    )


def people_meant(rows: list[Meant]) -> Counter:
    """Return the people of these rows; rows of one name and birth date are one person with several seats."""
    people: dict[tuple, tuple] = {}
    for row in map(_person, rows):
        key = row[:2] + row[3:4]
        known = people.get(key, row)
        people[key] = tuple(
            other if mine in ("", None, MembershipStatus.UNKNOWN) else mine
            for mine, other in zip(known, row, strict=True)
        )
    return Counter(people.values())


def _person(one: Meant) -> tuple:
    gender = "male" if one["born_male"] else "female" if one["born_female"] else ""
    return (
        one.commune,
        one["name"],
        gender,
        one["born"] or one["born_male"] or one["born_female"],
        one["joined"],
        one["profession"] or "",
        TheoryLevel.INTERMEDIATE if one["theory"] else "",
        one["phone"] or "",
        MembershipStatus.YES if one["party_office"] else MembershipStatus.UNKNOWN,
    )


def _joined_too_young(one: Meant) -> bool:
    born = one["born"] or one["born_male"] or one["born_female"]
    joined = one["joined"]
    both = isinstance(born, PartialDate) and isinstance(joined, PartialDate)
    return both and joined.year - born.year <= 18


# --- ratings --------------------------------------------------------------------------


def rating_contradicts(one: Meant) -> bool:
    places = [(commune, cell_of(place)) for commune, place in (TWICE, NOWHERE)]
    return one["level"] == "failed" or (one.commune, one["cell"]) in places


def ratings_are_recorded_as_meant(user, file) -> None:
    written, faulty = through_the_desk(user, file)
    for one in written + faulty:
        one.values.pop("members", None)  # nobody takes that in with the ratings
    check_faulty(faulty, written, excused=repeated(written + faulty, "cell"), contradicts=rating_contradicts)
    recorded = Counter(
        (
            str(one.commune),
            one.cell.name,
            one.cycle.year,
            one.self_level,
            one.decided_level,
            one.points,
            one.decision.number,
        )
        for one in CellRating.objects.select_related("commune", "cell", "cycle", "decision")
    )
    assert recorded == Counter(
        (
            one.commune,
            one["cell"],
            2022,
            LEVELS.get(one["own"], ""),
            LEVELS[one["level"]],
            one["points"],
            "15-QĐ/ĐU",
        )
        for one in written
    )
    assert Cell.objects.count() == len(PLACES) * len(COMMUNES)


def tried(act, user, file) -> None:
    """Do this with the file, and leave nothing of it."""
    with transaction.atomic():
        act(user, file)
        transaction.set_rollback(True)


@FEW
@given(file=files(HAMLETS))
def test_hamlets_of_an_office_are_recorded_as_meant(user, file):
    tried(hamlets_are_recorded_as_meant, user, file)


@FEW
@given(file=files(PEOPLE))
def test_people_of_an_office_are_recorded_as_meant(with_cells, file):
    tried(people_are_recorded_as_meant, with_cells, file)


@FEW
@given(file=files(RATINGS))
def test_ratings_of_an_office_are_recorded_as_meant(with_cells, file):
    tried(ratings_are_recorded_as_meant, with_cells, file)


@pytest.mark.soak
@MANY
@given(file=files(HAMLETS))
def test_hamlets_of_very_many_offices(user, file):
    tried(hamlets_are_recorded_as_meant, user, file)


@pytest.mark.soak
@MANY
@given(file=files(PEOPLE))
def test_people_of_very_many_offices(with_cells, file):
    tried(people_are_recorded_as_meant, with_cells, file)


@pytest.mark.soak
@MANY
@given(file=files(RATINGS))
def test_ratings_of_very_many_offices(with_cells, file):
    tried(ratings_are_recorded_as_meant, with_cells, file)


def test_a_cell_that_cannot_be_read_is_told_once(user):
    batch = hand_in(
        user, workbook(["TT", "Chi bộ", "Nhiệm kỳ", "Ngày tổ chức"], [1, "Ấp 2", "20-22", "1/2/2020"])
    )
    answer(
        batch, kind="contests", asked={"kind": "Đại hội chi bộ", "commune": COMMUNES[0], "term": "2020-2022"}
    )

    said = told(check(batch, user))[2]

    assert len([one for one in said if "Cần nhập cột này" in one]) == 0
    assert len([one for one in said if "20-22" in one]) == 1
