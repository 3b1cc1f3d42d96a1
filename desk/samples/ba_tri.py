"""Ba Tri, 8/3/2019: 129 cells rated for 2018, 129 officers for hamlets, 21 officers for 24 communes."""

from datetime import date

from cells.kinds import Kind, Level
from cells.models import Decision
from desk.samples.names import People
from desk.samples.places import Settlement, communes_on, evenly, hamlets_of, unit_on
from desk.samples.seats import seat_apart, seat_secretary_heads
from evaluations.actions import record_cell_ratings, record_cycle
from evaluations.models import CellRating
from evaluations.models import Level as Rated
from leaders.actions import add_people, assign
from leaders.models import Assignment

DAY = date(2019, 3, 8)
HAMLETS = 129
LEVELS = {Rated.EXCELLENT: 34, Rated.GOOD: 91, Rated.COMPLETED: 4}
OFFICERS_OF_COMMUNES = 21
SINCE = date(2018, 1, 1)
SUPPORT_ENDED = date(2020, 1, 31)


def places() -> list[Settlement]:
    communes = communes_on(DAY, unit_on(DAY, Level.DISTRICT, "836"))
    return [
        place
        for commune, count in zip(communes, evenly(HAMLETS, len(communes)), strict=True)
        for place in hamlets_of(commune, count, Kind.AP if commune.kind == Kind.XA else Kind.KHU_PHO)
    ]


def fill(settlements: list[Settlement]) -> None:
    people = People(seed=2019)
    apart = settlements[::10]
    seat_secretary_heads(
        [place for place in settlements if place not in apart], people, starts_on=SINCE, term="2017-2020"
    )
    seat_apart(apart, people, starts_on=SINCE, term="2017-2020")
    _rate(settlements, people)
    _assign_officers(settlements, people)


def _rate(settlements: list[Settlement], people: People) -> None:
    province = unit_on(DAY, Level.PROVINCE, "83")
    paper = Decision(
        number="2018-QĐ/MẪU",
        date=date(2019, 1, 15),
        issuing_body="Cơ quan mẫu (dữ liệu mẫu)",
        unit=unit_on(DAY, Level.DISTRICT, "836"),
        subject="Đánh giá, xếp loại chi bộ năm 2018 (mẫu)",
    )
    paper.save()
    levels = [level for level, count in LEVELS.items() for _ in range(count)]
    people.chance.shuffle(levels)
    record_cell_ratings(
        record_cycle(province=province, year=2018),
        [
            CellRating(
                cell=place.cell, self_level=level, proposed_level=level, decided_level=level, decision=paper
            )
            for place, level in zip(settlements, levels, strict=True)
        ],
    )


def _assign_officers(settlements: list[Settlement], people: People) -> None:
    """One officer for each hamlet, until today; the province's officers left with the first merger."""
    for_hamlets = add_people(people.member(place.home) for place in settlements)
    province = settlements[0].home.province
    for_communes = add_people(people.member(province) for _ in range(OFFICERS_OF_COMMUNES))
    communes = list({place.article_home.pk: place.article_home for place in settlements}.values())
    assign(
        Assignment(kind=Assignment.Kind.HAMLET_OFFICER, person=person, unit=place.hamlet, starts_on=SINCE)
        for place, person in zip(settlements, for_hamlets, strict=True)
    )
    assign(
        Assignment(
            kind=Assignment.Kind.COMMITTEE_MEMBER,
            person=for_communes[turn % OFFICERS_OF_COMMUNES],
            organisation="Cán bộ tỉnh (mẫu)",
            unit=commune,
            starts_on=SINCE,
            ends_on=SUPPORT_ENDED,
        )
        for turn, commune in enumerate(communes)
    )
