"""Records of people after a reorganisation: they go where the commune went that kept them."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.history import update_many
from cells.fates import Case, CaseKind, Fates, Option
from cells.models import CellPeriod, Unit, UnitPeriod
from cells.rearranging import Outcome
from leaders.models import Person, PersonRequest, Tenure
from sheets.numbers import format_count
from sheets.text import lower_first


def settle_people(outcome: Outcome, fates: Fates) -> None:
    """Give the records kept by what ended, and the requests that it asked, to its heir.

    Of several heirs the one where somebody holds a seat keeps the record; for the others somebody chooses.
    """
    kept = Person.objects.filter(keeper__in=outcome.ended).select_for_update(of=("self",)).order_by("pk")
    of_unit: dict[int, list[Person]] = defaultdict(list)
    for person in kept:
        of_unit[person.keeper_id].append(person)
    asked: dict[int, list[PersonRequest]] = defaultdict(list)
    requests = PersonRequest.objects.filter(state=PersonRequest.State.OPEN, asked_by__in=outcome.ended)
    for one in requests.select_for_update(of=("self",)).order_by("pk"):
        asked[one.asked_by_id].append(one)
    for unit in sorted(of_unit.keys() | asked.keys()):
        _settle(outcome, fates, unit, of_unit[unit], asked[unit])
    update_many(Person, [one for some in of_unit.values() for one in some], ["keeper"])
    update_many(PersonRequest, [one for some in asked.values() for one in some], ["asked_by"])


def _settle(
    outcome: Outcome, fates: Fates, unit: int, people: list[Person], requests: list[PersonRequest]
) -> None:
    heirs = {heir.pk: heir for heir in outcome.heirs(unit)}
    if len(heirs) < 2:
        # What just ended leaves its records to the province, which gives them to who asks.
        rest = next(iter(heirs.values()), None) or outcome.lives.units[unit].thing.province
        places = {}
    else:
        places = _seats_in(heirs, people, outcome)
        without = [person for person in people if person.pk not in places]
        rest = _chosen(outcome, fates, unit, heirs, without) if without or requests else None
    for person in people:
        person.keeper = _standing(places.get(person.pk) or rest) or person.keeper
    for one in requests:
        one.asked_by = _standing(rest) or one.asked_by


def _seats_in(heirs: dict[int, Unit], people: Iterable[Person], outcome: Outcome) -> dict[int, Unit]:
    """Return in which of these units each of the people holds a seat from the day on."""
    level = next(iter(heirs.values())).level
    seats = Tenure.objects.overlapping(outcome.day, None).filter(person__in=[one.pk for one in people])
    held = list(seats.order_by("-pk").values_list("person", "hamlet", "cell"))
    places = {}
    for model, body, column in ((CellPeriod, "cell", 2), (UnitPeriod, "unit", 1)):
        keys = {row[column] for row in held} - {None}
        standing = model.objects.on(outcome.day).filter(**{f"{body}__in": keys})
        of_body = dict(standing.values_list(body, level))
        places |= {row[0]: heirs[of_body[row[column]]] for row in held if of_body.get(row[column]) in heirs}
    return places


def _chosen(
    outcome: Outcome, fates: Fates, unit: int, heirs: dict[int, Unit], people: list[Person]
) -> Unit | None:
    label = _("are kept by %(unit)s")
    options = [
        Option(outcome.known_as(heir), label % {"unit": lower_first(str(heir))}) for heir in heirs.values()
    ]
    choice = fates.choose(
        Case(
            kind=CaseKind.RECORDS,
            key=f"{CaseKind.RECORDS}:{unit}",
            subject=str(outcome.lives.units[unit].thing),
            detail=_("%(count)s records of people who hold no seat") % {"count": format_count(len(people))},
            options=tuple(options),
            day=outcome.day,
        )
    )
    return next(heir for heir in heirs.values() if outcome.known_as(heir) == choice)


def _standing(unit: Unit | None) -> Unit | None:
    """Return the unit; what has, entered late, ended itself meanwhile keeps no records: its province does."""
    return unit.province if unit is not None and unit.closed_on is not None else unit
