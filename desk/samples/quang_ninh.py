"""Quảng Ninh, 5/2/2020: all 1 542 cells have held their congress, and elected the head of their hamlet."""

from datetime import date, timedelta

from cells.kinds import Kind, Level
from desk.samples.names import People
from desk.samples.places import Settlement, communes_on, evenly, hamlets_of, unit_on
from desk.samples.seats import head, secretary
from leaders.actions import add_people, begin_tenures, record_contests
from leaders.models import Contest

DAY = date(2020, 2, 5)
HAMLETS = 1542
TERM = "2020-2022"
FIRST_ELECTION, FIRST_CONGRESS = date(2019, 11, 17), date(2019, 12, 15)
CONGRESS_DAYS = (DAY - FIRST_CONGRESS).days
# The word for a hamlet differs from district to district.
_IN_COMMUNES = (Kind.THON, Kind.THON, Kind.BAN)
_IN_WARDS = (Kind.KHU, Kind.KHU, Kind.KHU_PHO)


def places() -> list[Settlement]:
    communes = communes_on(DAY, unit_on(DAY, Level.PROVINCE, "22"))
    return [
        place
        for turn, (commune, count) in enumerate(zip(communes, evenly(HAMLETS, len(communes)), strict=True))
        for place in hamlets_of(
            commune, count, (_IN_COMMUNES if commune.kind == Kind.XA else _IN_WARDS)[turn % 3]
        )
    ]


def fill(settlements: list[Settlement]) -> None:
    """The households elect the head first, then the congress elects that person secretary."""
    people = People(seed=2020)
    leaders = add_people(people.member(place.home) for place in settlements)
    elections = record_contests(
        _held(
            Contest.Kind.HEAD_ELECTION,
            FIRST_ELECTION + timedelta(days=7 * people.chance.randint(0, 3)),
            people.chance.choice((Contest.Method.HANDS, Contest.Method.BALLOT)),
            people.chance.randint(80, 260),
            hamlet=place.hamlet,
        )
        for place in settlements
    )
    congresses = record_contests(
        _held(
            Contest.Kind.CONGRESS,
            FIRST_CONGRESS + timedelta(days=people.chance.randint(0, CONGRESS_DAYS)),
            Contest.Method.BALLOT,
            people.chance.randint(12, 60),
            cell=place.cell,
        )
        for place in settlements
    )
    begin_tenures(
        tenure
        for place, person, election, congress in zip(settlements, leaders, elections, congresses, strict=True)
        for tenure in (
            head(person, place, starts_on=election.held_on, contest=election, term=TERM, is_extended=True),
            secretary(
                person, place, starts_on=congress.held_on, contest=congress, term=TERM, is_extended=True
            ),
        )
    )


def _held(kind: str, day: date, method: str, entitled: int, **body) -> Contest:
    return Contest(
        kind=kind,
        term=TERM,
        planned_on=day,
        held_on=day,
        method=method,
        entitled=entitled,
        present=entitled - entitled // 12,
        outcome=Contest.Outcome.HELD,
        **body,
    )
