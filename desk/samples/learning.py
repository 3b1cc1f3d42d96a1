"""Courses of the samples with who took part, and the commendations that an article tells of."""

from datetime import date
from random import Random

from accounts.history import create_many
from cells.models import Decision, Unit
from leaders.learning.actions import add_participants, commend
from leaders.models import Commendation, Course, Office, Person, Tenure

NOT_COMPLETED, NOT_KNOWN = 0.04, 0.08


def hold_course(unit: Unit, name: str, people: list[Person], *, starts_on: date, ends_on: date) -> None:
    """Record a course with these participants; nearly all of them completed it."""
    chance = Random(starts_on.toordinal())  # noqa: S311 - nothing secret hangs on it
    course = Course(
        unit=unit,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        organiser="Trường Chính trị tỉnh (dữ liệu mẫu)",
        place="Hội trường tỉnh (mẫu)",
    )
    create_many(Course, [course])
    groups: dict[bool | None, list[Person]] = {True: [], False: [], None: []}
    for person in people:
        luck = chance.random()
        groups[False if luck < NOT_COMPLETED else None if luck < NOT_COMPLETED + NOT_KNOWN else True].append(
            person
        )
    for completed, some in groups.items():
        add_participants(course, some, completed=completed)


def train_this_year(province: Unit, *, today: date) -> None:
    """Two of three secretaries of the province went to a course in spring; the others wait for the next one."""
    seats = Tenure.objects.on(today).filter(office=Office.SECRETARY, cell__province=province)
    people = list(Person.objects.filter(pk__in=seats.values("person")).order_by("sort_key", "pk"))
    year = today.year if today.month > 4 else today.year - 1
    hold_course(
        province,
        f"Bồi dưỡng nghiệp vụ công tác đảng cho bí thư chi bộ năm {year} (mẫu)",
        [person for place, person in enumerate(people) if place % 3],
        starts_on=date(year, 4, 13),
        ends_on=date(year, 4, 15),
    )


def commend_for_years(people: list[Person], *, year: int, years: int, paper: Decision) -> None:
    """Record the commendations of people for years running at the highest level."""
    commend(
        Commendation(
            person=person,
            year=year,
            form=Commendation.Form.DIPLOMA,
            decision=paper,
            merit=f"{years} năm liền ({year - years + 1}–{year}) được xếp loại HTXSNV (mẫu)",
            streak_years=years,
        )
        for person in people
    )
