"""Whoever has died takes no later seat and stands in no later contest; whoever left the Party, no later Party one.

The day of a death is not kept twice: it is the last day of the seats that ended by it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Min
from django.utils.translation import gettext as _

from accounts.history import batches
from leaders.models.people import DIED, Person


@dataclass(frozen=True)
class Taking:
    """Somebody takes a seat, or stands for one, on a day."""

    person: Person
    day: date | None
    is_party: bool


def _seats():
    return Person._meta.get_field("tenures").related_model.objects


def deaths_of(people: Iterable[int | None]) -> dict[int, date]:
    """Return on which day those of these people died whose seats say so."""
    found: dict[int, date] = {}
    for some in batches(sorted(set(people) - {None})):
        found |= dict(_ended_by_death(some).values_list("person").annotate(Min("ends_on")))
    return found


def seats_that_tell_deaths(people: Iterable[int | None]) -> dict[int, tuple[int, date]]:
    """Return by its key each seat of these people that ended by death: whose it was, and the day."""
    found: dict[int, tuple[int, date]] = {}
    for some in batches(sorted(set(people) - {None})):
        found |= {
            pk: (person, day)
            for pk, person, day in _ended_by_death(some).values_list("pk", "person", "ends_on")
        }
    return found


def _ended_by_death(people: list[int]):
    return _seats().filter(person__in=people, way_out=DIED, ends_on__isnull=False).order_by()


def gone_before(
    takings: Iterable[Taking], deaths: dict[int, date] | None = None
) -> Iterator[tuple[Taking, str]]:
    """Find who takes something after having died, or a Party seat after having left the Party, and say so.

    ``deaths`` are those of these people where they are known already.
    """
    takings = [one for one in takings if one.day is not None]
    if deaths is None:
        deaths = deaths_of(one.person.pk for one in takings)
    for one in takings:
        words = {"person": one.person, "first": f"{one.day:%d/%m/%Y}"}
        died_on = deaths.get(one.person.pk)
        if died_on is not None and one.day > died_on:
            words["day"] = f"{died_on:%d/%m/%Y}"
            yield (
                one,
                _(
                    "%(person)s died on %(day)s: no seat and no candidacy begins on %(first)s."
                    " If the death was recorded by mistake, the province corrects it first."
                )
                % words,
            )
        elif one.is_party and _has_left(one.person, one.day):
            words["day"] = one.person.left
            yield one, _("%(person)s left the Party (%(day)s): no Party office begins on %(first)s.") % words


def _has_left(person: Person, day: date) -> bool:
    """Whether the membership had ended before the day, as far as that is known; who was admitted again is in it."""
    if person.left is None or (person.admitted_on and person.admitted_on > person.left_on):
        return False
    return person.left.last_day < day


def left_running(people: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Find seats that run on past the day on which their holder died: who has died leaves every office."""
    deaths = deaths_of(people)
    for some in batches(sorted(deaths)):
        for seat in (
            _seats().filter(person__in=some).select_related("person", "cell", "hamlet").order_by("pk")
        ):
            died_on = deaths[seat.person_id]
            if seat.is_held_after(died_on):
                words = {"seat": seat.seat_name, "person": seat.person, "day": f"{died_on:%d/%m/%Y}"}
                yield (
                    seat.person_id,
                    _("%(seat)s: %(person)s died on %(day)s and is in office after it.") % words,
                )


def refuse_left_running(people: Iterable[int]) -> None:
    """Raise ValidationError with a sentence for each seat that runs on past the death of its holder."""
    if faults := [sentence for _person, sentence in left_running(people)]:
        raise ValidationError(faults)


def refuse_gone(takings: Iterable[Taking], deaths: dict[int, date] | None = None) -> None:
    """Raise ValidationError with a sentence for each who is gone before."""
    if faults := [sentence for _one, sentence in gone_before(takings, deaths)]:
        raise ValidationError(list(dict.fromkeys(faults)))


def refuse_gone_holders(tenures: Iterable) -> list[int]:
    """Refuse tenures that begin after their holder is gone, and deaths before a seat that begins later.

    Returns who of the holders has died.
    """
    tenures = list(tenures)
    dead = deaths_of(one.person_id for one in tenures)
    refuse_gone((one.taking for one in tenures), dead)
    deaths = {one.person_id: one for one in tenures if one.way_out == DIED and one.ends_on}
    faults = []
    for some in batches(sorted(deaths)):
        for later in (
            _seats()
            .filter(person__in=some)
            .select_related("person")
            .exclude(pk__in=[one.pk for one in tenures if one.pk])
        ):
            died, first = deaths[later.person_id], later.taking.day
            if first is not None and first > died.ends_on:
                faults.append(
                    _(
                        "%(person)s comes into another seat on %(first)s, after the day of the death (%(day)s)."
                    )
                    % {"person": died.person, "first": f"{first:%d/%m/%Y}", "day": f"{died.ends_on:%d/%m/%Y}"}
                )
    if faults:
        raise ValidationError(faults)
    return sorted(dead)
