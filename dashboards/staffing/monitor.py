"""One person in two seats, from day to day: computed in memory from stretches of days, month by month.

The rule is that of the figures (``merged_role``, ``front_merged``): on a day a hamlet counts where the holder of
its seat is secretary of a cell that covers it. Here the same is asked of all days at once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from cells.dated import ONE_DAY
from cells.months import last_day_of, month_of, months_between
from dashboards.staffing.stretches import Running, Stretch, common, joined


# Tens of thousands are made for a province, so they are as light as they can be.
@dataclass(slots=True)
class Held:
    """A seat as the monitor needs it: its days, how it was come by and left, and what is known of its term."""

    key: int
    days: Stretch
    way_in: str = ""
    way_out: str = ""
    term: str = ""
    is_extended: bool = False


@dataclass(slots=True)
class Pair:
    """One person in a seat of a hamlet who is also secretary of a cell that covers it, at least by name."""

    hamlet: int
    person: int
    cell: int
    seat: Held
    secretary: Held
    area: Stretch
    # The days on which all three hold; None where there are none.
    days: Stretch | None = field(init=False)

    def __post_init__(self):
        self.days = common(self.seat.days, self.secretary.days, self.area)


@dataclass(frozen=True)
class Cause:
    """Why a hamlet began or ceased to count: through which seat, in which way; neither where the hamlet moved."""

    seat: str = ""
    way: str = ""


SEAT, SECRETARY, AREA, HAMLET = "seat", "secretary", "area", "hamlet"


@dataclass(frozen=True)
class Change:
    """A hamlet that counts from this day on, or counts no more."""

    hamlet: int
    day: date
    is_gain: bool
    causes: tuple[Cause, ...]
    # The pairs that begin, or the last ones before.
    pairs: tuple[Pair, ...] = field(compare=False, default=())


@dataclass(frozen=True)
class Month:
    """What was true on the last day of a month (or of as much of it as has come), and what changed in it."""

    first: date
    last: date
    hamlets: int
    merged: int
    interim: int
    front: int
    changes: tuple[Change, ...] = ()

    @property
    def gained(self) -> int:
        return sum(change.is_gain for change in self.changes)

    @property
    def lost(self) -> int:
        return len(self.changes) - self.gained

    def causes(self, *, gains: bool) -> Counter:
        """Count the changes of one direction by what is named first."""
        return Counter(change.causes[0] for change in self.changes if change.is_gain == gains)


class Monitor:
    """Where hamlets stand in a unit, and who holds two seats in them.

    ``places`` are (hamlet, first day, last day) in the unit; ``heads`` and ``fronts`` are pairs.
    """

    def __init__(
        self, places: Iterable[tuple[int, date, date]], heads: Iterable[Pair], fronts: Iterable[Pair]
    ):
        of_hamlet: dict[int, list[Stretch]] = defaultdict(list)
        for hamlet, first, last in places:
            of_hamlet[hamlet].append((first, last))
        self.places = {hamlet: joined(days) for hamlet, days in of_hamlet.items()}
        self.pairs: dict[int, list[Pair]] = defaultdict(list)
        for pair in heads:
            if pair.days and pair.hamlet in self.places:
                self.pairs[pair.hamlet].append(pair)
        self.fronts = self._states(fronts)
        self.states = self._states(pair for pairs in self.pairs.values() for pair in pairs)

    def _states(self, pairs: Iterable[Pair]) -> dict[int, list[Stretch]]:
        """Return of each hamlet the days on which it counts: held by one person, and standing in the unit."""
        found: dict[int, list[Stretch]] = defaultdict(list)
        for pair in pairs:
            for place in self.places.get(pair.hamlet, ()):
                if pair.days and (days := common(pair.days, place)):
                    found[pair.hamlet].append(days)
        return {hamlet: joined(days) for hamlet, days in found.items()}

    def on(self, day: date) -> list[Pair]:
        """Return the pairs that count on the day."""
        return [
            pair
            for hamlet, pairs in self.pairs.items()
            if any(first <= day <= last for first, last in self.places[hamlet])
            for pair in pairs
            if pair.days[0] <= day <= pair.days[1]
        ]

    def first_day(self, since: date) -> date | None:
        """Return the first day from this one on, on which any hamlet stands in the unit."""
        return min(
            (max(first, since) for days in self.places.values() for first, last in days if last >= since),
            default=None,
        )

    # --- changes ------------------------------------------------------------------------

    def changes(self, since: date, until: date) -> list[Change]:
        """Return what changed after the first of these days, up to and on the last one."""
        found = [
            change
            for hamlet, states in self.states.items()
            for first, last in states
            for change in self._edges(hamlet, first, last, since, until)
        ]
        return sorted(found, key=lambda change: (change.day, change.is_gain, change.hamlet))

    def _edges(self, hamlet: int, first: date, last: date, since: date, until: date):
        if since < first <= until:
            begun = tuple(pair for pair in self.pairs[hamlet] if pair.days[0] <= first <= pair.days[1])
            yield Change(hamlet, first, True, self._causes(hamlet, begun, first, begins=True), begun)
        if last < date.max and since < last + ONE_DAY <= until:
            ended = tuple(pair for pair in self.pairs[hamlet] if pair.days[0] <= last <= pair.days[1])
            yield Change(
                hamlet, last + ONE_DAY, False, self._causes(hamlet, ended, last, begins=False), ended
            )

    def _causes(self, hamlet: int, pairs: tuple[Pair, ...], day: date, *, begins: bool) -> tuple[Cause, ...]:
        edge = 0 if begins else 1
        if any(place[edge] == day for place in self.places[hamlet]):
            return (Cause(HAMLET),)
        causes = {}
        for pair in pairs:
            for name, held in ((SEAT, pair.seat), (SECRETARY, pair.secretary)):
                if held.days[edge] == day:
                    causes[Cause(name, held.way_in if begins else held.way_out)] = None
            if pair.area[edge] == day:
                causes[Cause(AREA)] = None
        # Something begins or ends on that day, or the state would not.
        return tuple(causes)

    # --- months -------------------------------------------------------------------------

    def months(self, since: date, until: date) -> list[Month]:
        """Return a point for each month, oldest first, from the first day on which the unit has hamlets."""
        start = self.first_day(since)
        if start is None or start > until:
            return []
        standing = Running(days for places in self.places.values() for days in places)
        merged = Running(days for states in self.states.values() for days in states)
        front = Running(days for states in self.fronts.values() for days in states)
        interim = Running(
            days
            for states in self._states(
                pair for pairs in self.pairs.values() for pair in pairs if pair.seat.way_in == "interim"
            ).values()
            for days in states
        )
        # What is there on the first day is where the count begins, not a gain.
        before = start if start > since else since - ONE_DAY
        by_month: dict[tuple[int, int], list[Change]] = defaultdict(list)
        for change in self.changes(before, until):
            by_month[change.day.year, change.day.month].append(change)
        return [
            Month(
                first,
                last,
                standing.on(last),
                merged.on(last),
                interim.on(last),
                front.on(last),
                tuple(by_month[first.year, first.month]),
            )
            for first, last in _months(start, until)
        ]


def _months(since: date, until: date) -> list[tuple[date, date]]:
    """Return first and last day of each month that has days between these two."""
    return [(month, min(last_day_of(month), until)) for month in months_between(month_of(since), until)]
