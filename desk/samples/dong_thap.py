"""Đồng Tháp, 15/3/2022: 698 of 698 secretaries are heads, 104 of them excellent three years running."""

from datetime import date

from cells.kinds import Kind, Level
from cells.models import Decision
from desk.samples.learning import commend_for_years
from desk.samples.names import People
from desk.samples.places import Settlement, communes_on, evenly, hamlets_of, unit_on
from desk.samples.seats import seat_secretary_heads
from evaluations.actions import record_cycle, record_leader_ratings
from evaluations.models import Basis, LeaderRating
from evaluations.models import Level as Rated
from leaders.models import Office, Person

DAY = date(2022, 3, 15)
HAMLETS = 698
YEARS = (2019, 2020, 2021)
EXCELLENT_THREE_YEARS = 104

# What the others got in the three years; None is a year without a rating.
_OTHERS = (
    (Rated.GOOD, Rated.GOOD, Rated.GOOD),
    (Rated.EXCELLENT, Rated.GOOD, Rated.EXCELLENT),
    (Rated.GOOD, Rated.EXCELLENT, Rated.EXCELLENT),
    (Rated.GOOD, Rated.GOOD, Rated.COMPLETED),
    (Rated.EXCELLENT, None, Rated.EXCELLENT),
    (Rated.GOOD, Rated.GOOD, Rated.GOOD),
    (None, Rated.GOOD, Rated.EXCELLENT),
)


def places() -> list[Settlement]:
    communes = communes_on(DAY, unit_on(DAY, Level.PROVINCE, "87"))
    return [
        place
        for commune, count in zip(communes, evenly(HAMLETS, len(communes)), strict=True)
        for place in hamlets_of(commune, count, Kind.AP if commune.kind == Kind.XA else Kind.KHOM)
    ]


def fill(settlements: list[Settlement]) -> None:
    people = People(seed=2022)
    leaders = seat_secretary_heads(settlements, people, starts_on=date(2018, 1, 1), term="2017-2020")
    excellent = set(people.chance.sample(range(HAMLETS), EXCELLENT_THREE_YEARS))
    levels = [
        (Rated.EXCELLENT,) * len(YEARS) if index in excellent else people.chance.choice(_OTHERS)
        for index in range(HAMLETS)
    ]
    for number, year in enumerate(YEARS):
        _rate(settlements, leaders, [of_person[number] for of_person in levels], year)
    paper = Decision(
        number="15-QĐ/MẪU",
        date=DAY,
        issuing_body="Cơ quan mẫu (dữ liệu mẫu)",
        unit=unit_on(DAY, Level.PROVINCE, "87"),
        subject="Biểu dương bí thư chi bộ đồng thời là trưởng ấp, khóm xuất sắc 3 năm liền (mẫu)",
    )
    paper.save()
    commend_for_years(
        [leaders[place] for place in sorted(excellent)], year=YEARS[-1], years=len(YEARS), paper=paper
    )


def _rate(settlements: list[Settlement], leaders: list[Person], levels: list, year: int) -> None:
    province = unit_on(DAY, Level.PROVINCE, "87")
    paper = Decision(
        number=f"{year}-QĐ/MẪU",
        date=date(year + 1, 1, 15),
        issuing_body="Cơ quan mẫu (dữ liệu mẫu)",
        unit=province,
        subject=f"Đánh giá, xếp loại bí thư chi bộ đồng thời là trưởng ấp, khóm năm {year} (mẫu)",
    )
    paper.save()
    record_leader_ratings(
        record_cycle(province=province, year=year),
        [
            LeaderRating(
                person=person,
                cell=place.cell,
                office=Office.SECRETARY,
                basis=Basis.OFFICE,
                decided_level=level,
                decision=paper,
            )
            for place, person, level in zip(settlements, leaders, levels, strict=True)
            if level is not None
        ],
    )
