"""Courses of the samples with who took part, and the commendations that an article tells of."""

from datetime import date
from random import Random

from accounts.history import create_many
from cells.models import Decision, Unit
from leaders.learning.actions import add_participants, commend
from leaders.models import Commendation, Course, Person

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
