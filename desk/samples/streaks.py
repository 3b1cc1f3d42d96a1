"""Secretaries of Vĩnh Long over three years, so that the list of years running has rows and proof."""

from datetime import date

from cells.kinds import Level
from cells.models import Decision
from desk.samples.learning import commend_for_years
from desk.samples.places import Settlement, unit_on
from evaluations.actions import record_cycle, record_leader_ratings
from evaluations.models import Basis, LeaderRating, ReviewCycle
from evaluations.models import Level as Rated
from leaders.models import Office, Person, Tenure

YEARS = (2023, 2024, 2025)
MOST = 40
# Every fifth was excellent in all three years; the others show rows that break.
_PATTERN = (
    (Rated.EXCELLENT, Rated.EXCELLENT, Rated.EXCELLENT),
    (Rated.GOOD, Rated.EXCELLENT, Rated.EXCELLENT),
    (Rated.GOOD, Rated.GOOD, Rated.GOOD),
    (Rated.EXCELLENT, None, Rated.EXCELLENT),
    (Rated.GOOD, Rated.COMPLETED, Rated.GOOD),
)


def rate_secretaries(places: list[Settlement]) -> None:
    """Rate some secretaries of the province in three years, and commend a few of the best."""
    leaders = _leaders(places)
    levels = [_PATTERN[turn % len(_PATTERN)] for turn in range(len(leaders))]
    for number, year in enumerate(YEARS):
        _rate(leaders, [of_person[number] for of_person in levels], year)
    best = [
        tenure.person for tenure, of_person in zip(leaders, levels, strict=True) if of_person == _PATTERN[0]
    ]
    _commend(best[::3], date(2026, 2, 3))


def _leaders(places: list[Settlement]) -> list[Tenure]:
    """Return the secretaries who have been in office in all the years."""
    seats = Tenure.objects.filter(
        cell__in=[place.cell for place in places],
        office=Office.SECRETARY,
        starts_on__lt=date(YEARS[0], 1, 1),
        ends_on=None,
    )
    return list(seats.select_related("person", "cell").order_by("cell__sort_key", "pk")[:MOST])


def _rate(leaders: list[Tenure], levels: list, year: int) -> None:
    province = unit_on(date(year, 12, 31), Level.PROVINCE, "83" if year < 2025 else "86")
    paper = Decision(
        number=f"{year}-QĐ/BT-MẪU",
        date=date(year + 1, 1, 8),
        issuing_body="Cơ quan mẫu (dữ liệu mẫu)",
        unit=province,
        subject=f"Đánh giá, xếp loại bí thư chi bộ năm {year} (mẫu)",
    )
    paper.save()
    cycle = ReviewCycle.objects.filter(province=province, year=year).first()
    record_leader_ratings(
        cycle or record_cycle(province=province, year=year),
        [
            LeaderRating(
                person=tenure.person,
                cell=tenure.cell,
                office=Office.SECRETARY,
                basis=Basis.OFFICE,
                decided_level=level,
                decision=paper,
            )
            for tenure, level in zip(leaders, levels, strict=True)
            if level is not None
        ],
    )


def _commend(people: list[Person], day: date) -> None:
    paper = Decision(
        number="26-QĐ/MẪU",
        date=day,
        issuing_body="Cơ quan mẫu (dữ liệu mẫu)",
        unit=unit_on(day, Level.PROVINCE, "86"),
        subject="Khen thưởng bí thư chi bộ xuất sắc 3 năm liền (mẫu)",
    )
    paper.save()
    commend_for_years(people, year=YEARS[-1], years=len(YEARS), paper=paper)
