"""Planning a term for an area: an election of each head, a congress of each cell, on one day or spread over days."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, TextChoices
from django.utils.translation import gettext_lazy as _

from cells.kinds import Level
from cells.models import Cell, CellKind, Unit
from cells.models.lifetimes import lock_bodies
from leaders.actions import record_contests
from leaders.models import Contest

Kind = Contest.Kind


class Spread(TextChoices):
    """How the bodies of an area are shared out over the days of a calendar."""

    COMMON = "common", _("all on the first day")
    BY_COMMUNE = "by_commune", _("each commune on a day of its own, spread from the first to the last day")
    BY_BODY = "by_body", _("in each commune spread from the first to the last day")


@dataclass(frozen=True)
class Calendar:
    """The days of one kind of contest."""

    kind: str
    first: date
    last: date
    spread: str = Spread.COMMON

    def day(self, place: int, count: int) -> date:
        """Return the day of the place-th of so many, shared out evenly."""
        if self.spread == Spread.COMMON or count < 2:
            return self.first
        return self.first + timedelta(days=(self.last - self.first).days * place // (count - 1))


@dataclass
class Plan:
    """What would be planned, and what is left out because it has a contest of the term already."""

    term: str
    new: list[Contest] = field(default_factory=list)
    there: dict[str, int] = field(default_factory=dict)

    def of(self, kind: str) -> list[Contest]:
        return [contest for contest in self.new if contest.kind == kind]

    def days(self, kind: str) -> list[tuple[date, int]]:
        """Return how many fall on each day."""
        found: dict[date, int] = {}
        for contest in self.of(kind):
            found[contest.planned_on] = found.get(contest.planned_on, 0) + 1
        return sorted(found.items())


def draw_up(area: Unit, term: str, calendars: Iterable[Calendar], *, every_cell: bool = False) -> Plan:
    """Say what would be planned in a province or commune; nothing is written."""
    plan = Plan(term)
    for calendar in calendars:
        bodies = bodies_of(area, calendar.kind, every_cell=every_cell)
        body = "cell" if calendar.kind == Kind.CONGRESS else "hamlet"
        called = set(
            Contest.objects.filter(kind=calendar.kind, term=term, **{f"{body}__in": bodies}).values_list(
                body, flat=True
            )
        )
        by_commune: dict[int, list] = {}
        for one in bodies:
            by_commune.setdefault(one.commune_id, []).append(one)
        plan.there[calendar.kind] = sum(one.pk in called for some in by_commune.values() for one in some)
        for turn, some in enumerate(by_commune.values()):
            for place, one in enumerate(some):
                if one.pk in called:
                    continue
                by_commune_turn = calendar.spread == Spread.BY_COMMUNE
                day = (
                    calendar.day(turn, len(by_commune)) if by_commune_turn else calendar.day(place, len(some))
                )
                plan.new.append(Contest(kind=calendar.kind, term=term, planned_on=day, **{body: one}))
    return plan


def bodies_of(area: Unit, kind: str, *, every_cell: bool = False):
    """Return the cells or hamlets that stand in the area today, commune by commune, in the communes' own order."""
    inside = {"commune": area} if area.level == Level.COMMUNE else {"province": area}
    if kind == Kind.HEAD_ELECTION:
        rows = Unit.objects.hamlets().standing().filter(**inside)
    else:
        rows = Cell.objects.standing().filter(**inside)
        if not every_cell:
            rows = rows.filter(kind=CellKind.HAMLET)
    own_order = F("position").asc(nulls_last=True)
    return rows.select_related("commune").order_by(
        "commune__sort_key", "commune_id", own_order, "sort_key", "pk"
    )


@transaction.atomic
def carry_out(plan: Plan) -> int:
    """Write the plan; what somebody else has planned meanwhile is left as it is. Return how many were written."""
    lock_bodies(plan.new)
    there = set(Contest.objects.filter(term=plan.term).values_list("kind", "cell", "hamlet"))
    new = [one for one in plan.new if (one.kind, one.cell_id, one.hamlet_id) not in there]
    return len(record_contests(new))
