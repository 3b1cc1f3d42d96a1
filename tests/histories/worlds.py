"""A small world in plain Python: what was true from which day on, and nothing of the product.

Places, cells and people are named by short keys ("c2", "h5"). What changes from day to day is
kept as a list of changes, so that a question about a day is answered by the last change on or
before it: no periods to cut, no copies to keep, nothing that could be entered in the wrong order.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta

ONE_DAY = timedelta(days=1)
EVER, FOREVER = date.min, date.max
LEVELS = ("province", "district", "commune", "hamlet")


@dataclass
class Changes:
    """What one thing was, from day to day."""

    by_day: dict[date, str | None] = field(default_factory=dict)

    def set(self, day: date, value: str | None) -> None:
        self.by_day[day] = value

    def on(self, day: date) -> str | None:
        """Return what it was on the day: the last change on or before it."""
        return self.by_day[max(changed for changed in self.by_day if changed <= day)]

    def last_change(self) -> date:
        return max(self.by_day)


@dataclass
class Life:
    """From the first day to the last, both included."""

    first: date = EVER
    last: date = FOREVER

    def holds_on(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass
class Place(Life):
    key: str = ""
    level: str = ""
    name: Changes = field(default_factory=Changes)
    kind: Changes = field(default_factory=Changes)
    parent: Changes = field(default_factory=Changes)

    def last_change(self) -> date:
        return max(what.last_change() for what in (self.name, self.kind, self.parent))


@dataclass
class PartyCell(Life):
    key: str = ""
    kind: str = ""
    name: Changes = field(default_factory=Changes)
    commune: Changes = field(default_factory=Changes)

    def last_change(self) -> date:
        return max(self.name.last_change(), self.commune.last_change())


@dataclass
class Area(Life):
    cell: str = ""
    hamlet: str = ""


@dataclass(frozen=True)
class Succession:
    old: str
    new: str
    on: date
    part: str


@dataclass(frozen=True)
class Person:
    key: str
    membership: str
    left_on: date | None


@dataclass(frozen=True)
class Tenure:
    """A seat held. The first day is known, or the day somebody was first seen, or neither."""

    person: str
    office: str
    body: str
    starts_on: date | None
    seen_on: date | None
    ends_on: date | None
    interim: bool

    def is_known_to_run_on(self, day: date) -> bool:
        first = self.starts_on or self.seen_on or EVER
        return first <= day <= (self.ends_on or FOREVER)

    def perhaps_ran_on(self, day: date) -> bool:
        """Whether nobody knows: the start is not known, and nobody was seen yet."""
        return self.starts_on is None and self.seen_on is not None and day < self.seen_on


@dataclass(frozen=True)
class Count:
    """Members of a cell or households of a hamlet on a day; None where the number is not known."""

    body: str
    day: date
    number: int | None


@dataclass(frozen=True)
class Edition:
    decided_on: date
    level: str


@dataclass(frozen=True)
class Cycle:
    province: str
    year: int
    roster_day: date


@dataclass(frozen=True)
class CellRating:
    cycle: Cycle
    cell: str
    editions: tuple[Edition, ...]
    subject: bool = True


@dataclass(frozen=True)
class LeaderRating:
    """Rated for a seat in a cell, or (without one) in a commune."""

    cycle: Cycle
    person: str
    cell: str | None
    commune: str | None
    basis: str
    editions: tuple[Edition, ...]


def in_force(editions: tuple[Edition, ...], day: date) -> str:
    """Return the level of the latest decision on or before the day; empty where there is none."""
    decided = [edition.level for edition in editions if edition.decided_on <= day]
    return decided[-1] if decided else ""


@dataclass(frozen=True)
class TitleCase:
    cell: str
    title: str
    recognised_on: date | None
    revoked_on: date | None

    def is_held_on(self, day: date) -> bool:
        return (
            self.recognised_on is not None
            and self.recognised_on <= day
            and (self.revoked_on is None or day < self.revoked_on)
        )


@dataclass(frozen=True)
class Contest:
    kind: str
    body: str
    term: str
    planned_on: date | None
    held_on: date | None
    outcome: str

    @property
    def day(self) -> date | None:
        return self.held_on or self.planned_on

    @property
    def names_the_elected(self) -> bool:
        """Of every other day it is known who was elected."""
        return self.outcome == "held" and self.held_on.day % 2 == 1


@dataclass(frozen=True)
class Assignment:
    kind: str
    unit: str
    starts_on: date | None
    ends_on: date | None

    def holds_on(self, day: date) -> bool:
        return (self.starts_on or EVER) <= day <= (self.ends_on or FOREVER)


@dataclass(frozen=True)
class Confirmation:
    commune: str
    at: datetime


@dataclass(frozen=True)
class Target:
    unit: str
    title: str
    goal: int
    base: int | None
    resolved_on: date | None
    starts_on: date
    ends_on: date

    def is_in_force_on(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on and (self.resolved_on or EVER) <= day


@dataclass
class World:
    """Everything that was ever true."""

    places: dict[str, Place] = field(default_factory=dict)
    cells: dict[str, PartyCell] = field(default_factory=dict)
    areas: list[Area] = field(default_factory=list)
    successions: list[Succession] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    tenures: list[Tenure] = field(default_factory=list)
    member_counts: list[Count] = field(default_factory=list)
    household_counts: list[Count] = field(default_factory=list)
    cycles: list[Cycle] = field(default_factory=list)
    cell_ratings: list[CellRating] = field(default_factory=list)
    leader_ratings: list[LeaderRating] = field(default_factory=list)
    title_cases: list[TitleCase] = field(default_factory=list)
    contests: list[Contest] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    confirmations: list[Confirmation] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    # --- asking -----------------------------------------------------------------------

    def standing(self, level: str, day: date) -> list[Place]:
        return [p for p in self.places.values() if p.level == level and p.holds_on(day)]

    def under(self, key: str, day: date) -> list[Place]:
        """Return the places directly under this one on the day."""
        return [p for p in self.places.values() if p.holds_on(day) and p.parent.on(day) == key]

    def cells_on(self, day: date) -> list[PartyCell]:
        return [cell for cell in self.cells.values() if cell.holds_on(day)]

    def cells_in(self, commune: str, day: date) -> list[PartyCell]:
        return [cell for cell in self.cells_on(day) if cell.commune.on(day) == commune]

    def areas_of(self, hamlet: str, day: date) -> list[Area]:
        return [area for area in self.areas if area.hamlet == hamlet and area.holds_on(day)]

    def hamlets_of(self, cell: str, day: date) -> list[str]:
        return [area.hamlet for area in self.areas if area.cell == cell and area.holds_on(day)]

    def above(self, key: str | None, day: date) -> dict[str, str]:
        """Return the place itself and all above it on the day, by level."""
        found = {}
        while key is not None:
            place = self.places[key]
            found[place.level] = key
            key = place.parent.on(day)
        return found

    def today(self, key: str) -> dict[str, str]:
        """Return today's places, by level, that hold this one or all that came of it.

        What was closed without a successor stands where the place above it stands.
        """
        place = self.places[key]
        if place.last == FOREVER:
            return self.above(key, FOREVER)
        came_of_it = {s.new for s in self.successions if s.old == key}
        if came_of_it:
            return _common([self.today(new) for new in came_of_it])
        parent = place.parent.on(place.last)
        return self.today(parent) if parent else {}

    def days_of_interest(self) -> list[date]:
        """Return every day on which something changes, and the day before."""
        days = {day for day in _days_in(self) if EVER < day < FOREVER}
        return sorted(days | {day - ONE_DAY for day in days})

    # --- changing ---------------------------------------------------------------------

    def open(self, place: Place, *, name: str, kind: str, parent: str | None) -> None:
        self.places[place.key] = place
        for changes, value in ((place.name, name), (place.kind, kind), (place.parent, parent)):
            changes.set(place.first, value)

    def close(self, key: str, day: date) -> None:
        """Let the place stand until the day before."""
        self.places[key].last = day - ONE_DAY

    def found(self, cell: PartyCell, *, name: str, commune: str, hamlets: tuple[str, ...]) -> None:
        self.cells[cell.key] = cell
        cell.name.set(cell.first, name)
        cell.commune.set(cell.first, commune)
        for hamlet in hamlets:
            self.cover(cell.key, hamlet, cell.first)

    def dissolve(self, cell: str, day: date) -> None:
        self.cells[cell].last = day - ONE_DAY
        for area in self.areas:
            if area.cell == cell and area.holds_on(day):
                area.last = day - ONE_DAY

    def cover(self, cell: str, hamlet: str, day: date) -> None:
        if hamlet not in self.hamlets_of(cell, day):
            self.areas.append(Area(day, FOREVER, cell, hamlet))

    def hand_over(self, old: str, news: tuple[str, ...], day: date) -> None:
        """Let the cells that cover the old hamlet cover the new ones instead."""
        for area in self.areas_of(old, day):
            area.last = day - ONE_DAY
            for new in news:
                self.cover(area.cell, new, day)

    def succeed(self, old: str, new: str, day: date, part: str = "whole") -> None:
        self.successions.append(Succession(old, new, day, part))


def _common(places: list[dict[str, str]]) -> dict[str, str]:
    """Keep, of each level, the place that is the same in all."""
    first, *others = places
    return {level: key for level, key in first.items() if all(o.get(level) == key for o in others)}


def _days_in(thing) -> Iterator[date]:
    """Find every day that is written anywhere in it."""
    if isinstance(thing, datetime):
        yield thing.date()
    elif isinstance(thing, date):
        yield thing
    elif isinstance(thing, dict):
        for key, value in thing.items():
            yield from _days_in(key)
            yield from _days_in(value)
    elif isinstance(thing, list | tuple):
        for value in thing:
            yield from _days_in(value)
    elif hasattr(thing, "__dataclass_fields__"):
        for one in fields(thing):
            yield from _days_in(getattr(thing, one.name))
