"""What two records cannot both say if they are those of one person."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain

from django.db import models
from django.utils.translation import gettext as _

from cells.dated import Dated
from evaluations.models import LeaderRating
from leaders.models import Assignment, Candidacy, Commendation, Participation, Person, Tenure
from leaders.models.gone import deaths_of


def clashes_between(one: Person, other: Person, *, by) -> list[str]:
    """Return what stands in the way of one record, each in a sentence, all that there is."""
    found = chain(
        _accounts(one, other),
        _seats(one, other, by),
        _after_death(one, other, by),
        _once(LeaderRating, one, other, ("cycle_id", "basis"), _rated_twice, "cycle"),
        _once(Candidacy, one, other, ("contest_id",), _stood_twice, "contest__cell", "contest__hamlet"),
        _once(Participation, one, other, ("course_id",), _taught_twice, "course"),
        _once(Commendation, one, other, ("decision_id",), _commended_twice, "decision"),
        _assignments(one, other),
    )
    return list(dict.fromkeys(found))


def _accounts(one: Person, other: Person) -> Iterator[str]:
    if one.account_id and other.account_id:
        yield _("Each record belongs to an account that signs in. Take one of them from its record first.")


def _both(rows, one: Person, other: Person) -> tuple[list, list]:
    found = list(rows.filter(person__in=[one, other]).order_by("pk"))
    return [row for row in found if row.person_id == one.pk], [
        row for row in found if row.person_id != one.pk
    ]


def _seats(one: Person, other: Person, by) -> Iterator[str]:
    """One person holds an office in a body once on a day."""
    mine, theirs = _both(Tenure.objects.select_related("cell", "hamlet"), one, other)
    seen = _seen_by(by, one, other)
    for seat in mine:
        for twin in theirs:
            if _seat_of(seat) == _seat_of(twin) and _share_a_day(seat.known_days, twin.known_days):
                yield _("Both records hold this office on the same day: %(seat)s. Correct one of them.") % {
                    "seat": _name_of(seat, seen)
                }


def _seen_by(user, one: Person, other: Person) -> set[int]:
    seats = Tenure.objects.visible_to(user).filter(person__in=[one, other])
    return set(seats.values_list("pk", flat=True))


def _name_of(seat: Tenure, seen: set[int]) -> str:
    """Where the reader may not look it is said that there is something, not what."""
    return seat.seat_name if seat.pk in seen else _("an office outside your units")


def _after_death(one: Person, other: Person, by) -> Iterator[str]:
    """Of one person nobody records a death, and a seat that begins after it or runs on."""
    died_on = min(deaths_of([one.pk, other.pk]).values(), default=None)
    if died_on is None:
        return
    seen = _seen_by(by, one, other)
    seats = Tenure.objects.filter(person__in=[one, other]).select_related("cell", "hamlet")
    for seat in seats.order_by("pk"):
        first = seat.starts_on or seat.seen_on
        if first is not None and first > died_on:
            yield _(
                "One record says that the person died on %(day)s, the other has a seat from %(first)s."
            ) % {
                "day": f"{died_on:%d/%m/%Y}",
                "first": f"{first:%d/%m/%Y}",
            }
        elif seat.is_held_after(died_on):
            yield _(
                "One record says that the person died on %(day)s, the other is in office after it: %(seat)s."
                " Correct one of them."
            ) % {
                "day": f"{died_on:%d/%m/%Y}",
                "seat": _name_of(seat, seen),
            }


def _seat_of(seat: Tenure) -> tuple:
    return seat.office, seat.cell_id, seat.hamlet_id


def _days_of(fact: Dated) -> tuple[date, date]:
    return fact.starts_on or date.min, fact.ends_on or date.max


def _share_a_day(mine: tuple, theirs: tuple) -> bool:
    return mine[0] <= theirs[1] and theirs[0] <= mine[1]


def _once(
    model,
    one: Person,
    other: Person,
    same: tuple[str, ...],
    said: Callable[[models.Model], str],
    *loaded: str,
) -> Iterator[str]:
    """Find what a person has once: a level of a year, a candidacy, a place in a course."""
    mine, theirs = _both(model._base_manager.select_related(*loaded), one, other)
    known = {tuple(getattr(row, name) for name in same) for row in theirs}
    for row in mine:
        if tuple(getattr(row, name) for name in same) in known:
            yield said(row)


def _rated_twice(row: LeaderRating) -> str:
    return _(
        "Both records are on the list of ratings of %(year)d (%(basis)s). Take one of them off first."
    ) % {
        "year": row.year,
        "basis": row.get_basis_display(),
    }


def _stood_twice(row: Candidacy) -> str:
    return _("Both records stood in the same congress or election: %(contest)s.") % {"contest": row.contest}


def _taught_twice(row: Participation) -> str:
    return _("Both records took part in the same course: %(course)s.") % {"course": row.course}


def _commended_twice(row: Commendation) -> str:
    return _("Both records are commended by the same decision: %(decision)s.") % {"decision": row.decision}


def _assignments(one: Person, other: Person) -> Iterator[str]:
    mine, theirs = _both(Assignment.objects.select_related("unit"), one, other)
    for assignment in mine:
        for twin in theirs:
            same = (assignment.kind, assignment.unit_id) == (twin.kind, twin.unit_id)
            if same and _share_a_day(_days_of(assignment), _days_of(twin)):
                yield _("Both records follow the same unit on the same day: %(unit)s.") % {
                    "unit": assignment.unit
                }
