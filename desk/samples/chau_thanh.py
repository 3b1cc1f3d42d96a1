"""Châu Thành (Bến Tre), 10/8/2022: 28 of a target of 59 cells, of 117, hold the title; cell Phước Hậu."""

from datetime import date

from accounts.history import create_many
from cells.actions import record_counts
from cells.kinds import Kind, Level
from cells.models import Decision, HouseholdCount, MemberCount, Unit
from desk.samples.names import People
from desk.samples.places import Settlement, communes_on, evenly, hamlets_of, unit_on
from desk.samples.seats import seat_apart, seat_secretary_heads
from desk.samples.titles import KEEP_PLAN, LEARNED, TEAM, give_points, set_criteria, write_months
from evaluations.actions import record_title_cases
from evaluations.models import Target, TargetStep, Title, TitleCase

DAY = date(2022, 8, 10)
# The last day of the province the district lay in.
LAST_DAY = date(2025, 6, 30)
HAMLETS, GOAL = 117, 59
RECOGNISED = {date(2020, 12, 15): 2, date(2021, 12, 10): 12, date(2022, 7, 28): 14}
REGISTERED, APPRAISED = 5, 3
PATH = {2020: 3, 2021: 15, 2022: 30, 2023: 40, 2024: 50, 2025: GOAL}
TAM_PHUOC, PHUOC_HAU = "28831", "Phước Hậu"


def places() -> list[Settlement]:
    communes = communes_on(DAY, unit_on(DAY, Level.DISTRICT, "831"))
    settlements = [
        place
        for commune, count in zip(communes, evenly(HAMLETS, len(communes)), strict=True)
        for place in hamlets_of(commune, count, Kind.AP if commune.kind == Kind.XA else Kind.KHU_PHO)
    ]
    tam_phuoc = unit_on(DAY, Level.COMMUNE, TAM_PHUOC)
    next(place for place in settlements if place.home == tam_phuoc).name = PHUOC_HAU
    return settlements


def fill(settlements: list[Settlement]) -> None:
    people = People(seed=2023)
    apart = settlements[3::9]
    seat_secretary_heads(
        [place for place in settlements if place not in apart],
        people,
        starts_on=date(2020, 4, 1),
        term="2020-2022",
    )
    seat_apart(apart, people, starts_on=date(2020, 4, 1), term="2020-2022")
    district = unit_on(DAY, Level.DISTRICT, "831")
    phuoc_hau = next(place for place in settlements if place.name == PHUOC_HAU)
    title = Title.objects.get(code="TSVMTD")
    _set_target(district, title)
    _recognise(settlements, phuoc_hau, district, title)
    _count(phuoc_hau)


def _paper(unit: Unit, day: date, number: str, subject: str) -> Decision:
    paper = Decision(
        number=number, date=day, issuing_body="Cơ quan mẫu (dữ liệu mẫu)", unit=unit, subject=subject
    )
    paper.save()
    return paper


def _set_target(district: Unit, title: Title) -> None:
    resolution = _paper(
        district, date(2020, 8, 10), "01-NQ/MẪU", "Chỉ tiêu chi bộ trong sạch, vững mạnh toàn diện (mẫu)"
    )
    target = Target(
        unit=district, term="2020-2025", title=title, goal=GOAL, base=HAMLETS, resolution=resolution
    )
    target.full_clean()
    target.save()
    create_many(TargetStep, [TargetStep(target=target, year=y, planned=n) for y, n in PATH.items()])


def _recognise(settlements: list[Settlement], phuoc_hau: Settlement, district: Unit, title: Title) -> None:
    """Phước Hậu, a pilot cell, is among the twelve of 2021."""
    waiting = [place for place in settlements[::3] if place is not phuoc_hau]
    sets = set_criteria(unit_on(DAY, Level.PROVINCE, "83"), starts_on=date(2020, 1, 1), ends_on=LAST_DAY)
    asked = {"criteria_set": sets[title.code]}
    as_pilot = {"is_pilot": True, "keep_plan": KEEP_PLAN, "learned": LEARNED, "appraisal_team": TEAM}
    cases = []
    for day, count in RECOGNISED.items():
        paper = _paper(
            district,
            day,
            f"{day.year}-QĐ/MẪU",
            f"Công nhận chi bộ trong sạch, vững mạnh toàn diện {day.year} (mẫu)",
        )
        for turn in range(count):
            place = phuoc_hau if turn == 0 and day.year == 2021 else waiting.pop(0)
            cases.append(
                TitleCase(
                    cell=place.cell,
                    title=title,
                    state=TitleCase.State.RECOGNISED,
                    registered_on=date(day.year, 2, 10),
                    appraised_on=date(day.year, day.month - 1, 20),
                    recognised_on=day,
                    recognition=paper,
                    year=day.year,
                    **asked,
                    **(as_pilot if place is phuoc_hau else {}),
                )
            )
    open_cases = [place for place in settlements[1::3] if place is not phuoc_hau][: REGISTERED + APPRAISED]
    cases += [
        TitleCase(
            cell=place.cell,
            title=title,
            state=TitleCase.State.APPRAISED if turn < APPRAISED else TitleCase.State.REGISTERED,
            registered_on=date(2022, 2, 10),
            appraised_on=date(2022, 8, 1) if turn < APPRAISED else None,
            year=2022,
            **asked,
        )
        for turn, place in enumerate(open_cases)
    ]
    pilot = next(case for case in record_title_cases(cases) if case.is_pilot)
    give_points(pilot, appraised=True)
    write_months(pilot, [date(2022, 6, 1), date(2022, 7, 1)])


def _count(phuoc_hau: Settlement) -> None:
    record_counts(
        [MemberCount(cell=phuoc_hau.cell, day=date(2022, 6, 30), total=43, active=17, exempt=16, away=10)]
    )
    record_counts(
        [HouseholdCount(hamlet=phuoc_hau.hamlet, day=date(2022, 6, 30), households=468, poor=7, near_poor=3)]
    )
