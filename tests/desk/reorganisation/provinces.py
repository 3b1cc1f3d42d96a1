"""A province written in bulk, with everything that is recorded of hamlets and cells, and its rearrangement.

Both are the same every time: a process that is started, killed and started again finds the same rows.
"""

from dataclasses import dataclass, field
from datetime import date

from accounts.history import create_many
from accounts.models import Role, User
from cells.actions import NewCell, NewUnit, found_cells, open_units, record_counts
from cells.kinds import Kind, Level
from cells.models import Cell, Grant, HouseholdCount, LineKind, MemberCount, Reorganisation, Unit
from desk.reorganisation.drafting import add_lines, begin
from desk.reorganisation.drafting.rules import PART, WHOLE, DraftLine
from evaluations.actions import record_cell_ratings, record_cycle, record_leader_ratings, record_title_cases
from evaluations.models import CellRating, LeaderRating, Target, Title, TitleCase
from evaluations.models import Level as Rated
from leaders.actions import add_people, assign, begin_tenures
from leaders.models import Assignment, MembershipStatus, Office, Person, Tenure
from tests import factories
from tests.desk.reorganisation.acting import DAY

HAMLETS_IN_A_COMMUNE = 25
YEARS = (2023, 2024)
LEVELS = (Rated.EXCELLENT, Rated.GOOD, Rated.GOOD, Rated.COMPLETED)
COUNTED_ON = (date(2022, 12, 31), date(2025, 12, 31))


@dataclass
class Province:
    """A province and what stands in it; cells, heads and secretaries in the order of their hamlets."""

    unit: Unit
    communes: list[Unit]
    hamlets: list[Unit]
    cells: list[Cell] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    def pair(self, commune: int, number: int) -> tuple[int, int]:
        """Return the places of two hamlets of a commune that are neighbours."""
        first = commune * HAMLETS_IN_A_COMMUNE + 2 * number
        return first, first + 1

    def at(self, place: int) -> list[int]:
        """Return where the hamlet of this number stands in the list, commune by commune."""
        return list(range(place, len(self.hamlets), HAMLETS_IN_A_COMMUNE))


def write_province(hamlets: int, *, code: str = "86") -> Province:
    """Write a province of so many hamlets: a whole number of communes of 25, two at least."""
    (unit,) = open_units(
        [NewUnit(parent=None, kind=Kind.TINH, level=Level.PROVINCE, name=f"Tỉnh {code}", code=code)]
    )
    communes = open_units(
        NewUnit(parent=unit, kind=Kind.XA, level=Level.COMMUNE, name=f"Xã {n}", code=f"{code}{n:03}")
        for n in range(hamlets // HAMLETS_IN_A_COMMUNE)
    )
    made = open_units(
        NewUnit(parent=commune, kind=Kind.AP, name=f"{n}")
        for commune in communes
        for n in range(1, HAMLETS_IN_A_COMMUNE + 1)
    )
    province = Province(unit, communes, made)
    _write_cells(province)
    _write_seats(province)
    _write_counts(province)
    _write_ratings(province)
    _write_titles(province)
    _write_accounts(province)
    return province


def _write_cells(province: Province) -> None:
    province.cells = found_cells(
        NewCell(commune=hamlet.parent, name=f"Chi bộ {hamlet}", hamlets=[hamlet])
        for hamlet in province.hamlets
    )


def _write_seats(province: Province) -> None:
    """Two people in three lead hamlet and cell; every third hamlet has a head and a secretary of its own."""
    names = [f"Nguyễn Văn {factories.spelled(n)}" for n in range(len(province.hamlets))]
    of_hamlets = list(zip(names, province.hamlets, strict=True))
    province.people = _members(of_hamlets)
    heads = list(province.people)
    own = province.hamlets[::3]
    heads[::3] = _members((f"Trần Thị {factories.spelled(n)}", hamlet) for n, hamlet in enumerate(own))
    since = {"starts_on": date(2022, 3, 1)}
    begin_tenures(
        [
            *_tenures(Office.SECRETARY, province.people, cell=province.cells, starts_on=date(2020, 1, 1)),
            *_tenures(Office.HAMLET_HEAD, heads, hamlet=province.hamlets, **since),
            *_tenures(Office.DEPUTY_SECRETARY, heads[::5], cell=province.cells[::5], **since),
            *_tenures(Office.DEPUTY_HEAD, heads[1::7], hamlet=province.hamlets[::7], **since),
        ]
    )


def _members(of_hamlets) -> list[Person]:
    return add_people(
        Person(full_name=name, keeper=hamlet.parent, membership=MembershipStatus.YES)
        for name, hamlet in of_hamlets
    )


def _tenures(office: str, people, *, starts_on: date, **bodies) -> list[Tenure]:
    ((kind, of),) = bodies.items()
    return [
        Tenure(office=office, person=person, starts_on=starts_on, **{kind: body})
        for person, body in zip(people, of, strict=False)
    ]


def _write_counts(province: Province) -> None:
    for number, day in enumerate(COUNTED_ON):
        record_counts(
            MemberCount(cell=cell, day=day, total=15 + n % 30 + number)
            for n, cell in enumerate(province.cells)
        )
        record_counts(
            HouseholdCount(hamlet=hamlet, day=day, households=180 + n % 300, people=700 + number)
            for n, hamlet in enumerate(province.hamlets)
        )


def _write_ratings(province: Province) -> None:
    paper = factories.decision(number=f"90-QĐ/{province.unit.code}")
    for year in YEARS:
        cycle = record_cycle(province=province.unit, year=year)
        said = {"decision": paper, "decided_on": date(year + 1, 1, 20)}
        levels = [LEVELS[(n + year) % len(LEVELS)] for n in range(len(province.cells))]
        record_cell_ratings(
            cycle,
            [
                CellRating(cell=cell, decided_level=level, **said)
                for cell, level in zip(province.cells, levels, strict=True)
            ],
        )
        record_leader_ratings(
            cycle,
            [
                LeaderRating(person=person, cell=cell, decided_level=level, **said)
                for person, cell, level in zip(province.people, province.cells, levels, strict=True)
            ],
        )


def _write_titles(province: Province) -> None:
    title = Title.objects.get(code="TSVMTD")
    won = date(2024, 6, 30)
    paper = factories.decision(number=f"91-QĐ/{province.unit.code}", date=won)
    record_title_cases(
        [
            TitleCase(
                cell=cell,
                title=title,
                state=TitleCase.State.RECOGNISED,
                recognition=paper,
                recognised_on=won,
            )
            for cell in province.cells[::4]
        ]
    )
    record_title_cases(TitleCase(cell=cell, title=title) for cell in province.cells[1::10])
    for unit in (province.unit, *province.communes[::6]):
        create_many(Target, [Target(unit=unit, title=title, goal=59, base=117, term="2025-2030")])


def _write_accounts(province: Province) -> None:
    clerks = User.objects.bulk_create(
        User(username=f"{commune.code}", full_name=f"Văn thư {commune}", role=Role.COMMUNE_STAFF)
        for commune in province.communes
    )
    create_many(
        Grant, [Grant(user=user, unit=unit) for user, unit in zip(clerks, province.communes, strict=True)]
    )
    # Some clerks keep two hamlets more by name: such a grant goes where the hamlet goes.
    create_many(
        Grant,
        [Grant(user=user, unit=province.hamlets[n * 3]) for n, user in enumerate(clerks)],
    )
    assign(
        Assignment(kind=Assignment.Kind.values[0], person=person, unit=hamlet, starts_on=date(2023, 1, 1))
        for person, hamlet in zip(province.people[3::9], province.hamlets[::9], strict=False)
    )


# --- its rearrangement -------------------------------------------------------------------------


@dataclass
class Plan:
    """How many of each there are; by default what a province of so many hamlets does in one year."""

    mergers: int
    splits: int
    renames: int
    moves: int
    joins: int

    @classmethod
    def of(cls, hamlets: int) -> "Plan":
        """A third of the hamlets two by two; of 3 000 also 50 divided, 100 renamed, 200 moved."""
        return cls(hamlets // 6, hamlets // 60, hamlets // 30, hamlets // 15, hamlets // 24)

    @property
    def lines(self) -> int:
        return self.mergers + 3 * self.splits + self.renames + self.moves + self.joins


def draft(province: Province, plan: Plan | None = None, *, title: str = "Sắp xếp ấp") -> Reorganisation:
    """Draft the whole rearrangement as one event."""
    plan = plan or Plan.of(len(province.hamlets))
    council, party = (
        factories.decision(number=f"{title} {body}", date=date(2026, 4, 20), issuing_body=body)
        for body in ("Hội đồng nhân dân tỉnh", "Tỉnh ủy")
    )
    event = begin(title=title, unit=province.unit, on=DAY, decision=council)
    drafts = [
        *_mergers(province, plan.mergers),
        *_splits(province, plan.splits),
        *_renames(province, plan.renames),
        *_moves(province, plan.moves),
    ]
    joins = _joins(province, plan.joins)
    for line in drafts:
        line.decision = council
    for line in joins:
        line.decision = party
    add_lines(event, [*drafts, *joins])
    event.refresh_from_db()
    return event


def _pairs(province: Province, count: int) -> list[tuple[int, int]]:
    """Return the first pair of every commune, then the second of every commune …"""
    communes = len(province.communes)
    return [province.pair(n % communes, n // communes) for n in range(count)]


def _mergers(province: Province, count: int) -> list[DraftLine]:
    lines = []
    for number, (one, other) in enumerate(_pairs(province, count)):
        pair = [(province.hamlets[place], WHOLE) for place in (one, other)]
        if number % 2:
            lines.append(DraftLine(kind=LineKind.ABSORB, on=DAY, units=pair[:1], unit=pair[1][0]))
        else:
            name = f"Hòa Bình {number}"
            lines.append(DraftLine(kind=LineKind.FOUND, on=DAY, units=pair, name=name, unit_kind=Kind.AP))
    return lines


def _joins(province: Province, count: int) -> list[DraftLine]:
    """The cells of the first merged hamlets: as a new one, or one into the other."""
    lines = []
    for number, (one, other) in enumerate(_pairs(province, count)):
        cells = [province.cells[one], province.cells[other]]
        if number % 3:
            lines.append(DraftLine(kind=LineKind.CELL_JOIN, on=DAY, cells=cells[:1], cell=cells[1]))
        else:
            name = f"Chi bộ Hòa Bình {number}"
            lines.append(DraftLine(kind=LineKind.CELL_JOIN, on=DAY, cells=cells, name=name))
    return lines


def _splits(province: Province, count: int) -> list[DraftLine]:
    lines = []
    for place in province.at(15)[:count]:
        hamlet = province.hamlets[place]
        for letter in "AB":
            lines.append(
                DraftLine(
                    kind=LineKind.FOUND,
                    on=DAY,
                    units=[(hamlet, PART)],
                    name=f"{hamlet.name}{letter}",
                    unit_kind=Kind.AP,
                )
            )
        lines.append(DraftLine(kind=LineKind.SPLIT, on=DAY, unit=hamlet))
    return lines


def _renames(province: Province, count: int) -> list[DraftLine]:
    return [
        DraftLine(kind=LineKind.RENAME, on=DAY, unit=province.hamlets[place], name=f"Tân Lập {place}")
        for place in province.at(16)[:count]
    ]


def _moves(province: Province, count: int) -> list[DraftLine]:
    """Four hamlets of every other commune go to the next one, where one of each name stands already."""
    communes = province.communes
    places = [
        place
        for number in (17, 18, 19, 20)
        for place in province.at(number)
        if place // HAMLETS_IN_A_COMMUNE % 2 == 0
    ]
    return [
        DraftLine(
            kind=LineKind.MOVE,
            on=DAY,
            unit=province.hamlets[place],
            parent=communes[(place // HAMLETS_IN_A_COMMUNE + 1) % len(communes)],
        )
        for place in places[:count]
    ]
