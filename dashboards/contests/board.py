"""The board of a term: commune by commune how far congresses and elections are, each with its own denominator."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Count

from cells.kinds import Level
from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.contests.states import (
    IS,
    IS_OF_PAIR,
    PAIRS,
    STATES,
    contests,
    counted,
    flags_of,
    pairs,
    unplanned,
)
from dashboards.figures.kept import Kept
from leaders.models import Contest
from sheets.numbers import format_percent

Kind = Contest.Kind
# Where a contest stands today: its commune, its province.
PLACES = {
    Kind.HEAD_ELECTION: ("hamlet__commune", "hamlet__province"),
    Kind.CONGRESS: ("cell__commune", "cell__province"),
}
# Each body called in the term is in one of these.
CALLED = ("du-kien", "da-to-chuc", "khong-thanh", "to-chuc-lai")


def terms_of(user) -> list[str]:
    """Return the terms of which the person sees anything, the latest first."""
    first, *others = (
        way.values_list("term", flat=True) for way in Contest.objects.each_way("visible_to", user)
    )
    return sorted(first.union(*others), reverse=True)


@dataclass
class Side:
    """The elections or the congresses of one row."""

    kind: str
    counts: Counter = field(default_factory=Counter)

    def of(self, slug: str) -> int:
        return self.counts[slug]

    @property
    def called(self) -> int:
        return sum(self.of(slug) for slug in CALLED)

    @property
    def held(self) -> int:
        return self.of("da-to-chuc")

    @property
    def elected(self) -> int:
        """How many of those held are known to have elected somebody."""
        return self.held - self.of("chua-ghi-nguoi")

    @property
    def percent_elected(self) -> str:
        return format_percent(self.elected, self.called)

    @property
    def failed(self) -> int:
        """How many have failed so far and are not held yet, planned once more or not."""
        return self.of("khong-thanh") + self.of("to-chuc-lai")

    @property
    def percent(self) -> str:
        return format_percent(self.held, self.called)

    @property
    def states(self) -> list[tuple[str, str, int]]:
        return [(slug, label, self.of(slug)) for slug, label in STATES.items()]


@dataclass
class BoardRow:
    """One commune (or province, where the country is looked at); None: what cannot be placed in one of today."""

    unit: Unit | None
    election: Side = field(default_factory=lambda: Side(Kind.HEAD_ELECTION))
    congress: Side = field(default_factory=lambda: Side(Kind.CONGRESS))
    pair: Counter = field(default_factory=Counter)

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.election, self.congress

    @property
    def counted(self) -> tuple[Counter, ...]:
        return self.election.counts, self.congress.counts, self.pair

    @property
    def overdue(self) -> int:
        return sum(side.of("qua-ngay") for side in self.sides)

    @property
    def pairs(self) -> int:
        return self.pair[""]

    @property
    def pair_states(self) -> list[tuple[str, str, int]]:
        return [(slug, label, self.pair[slug]) for slug, label in PAIRS.items()]

    @property
    def one_person(self) -> str:
        """The share of the pairs done in which one person was elected in both."""
        return format_percent(self.pair["mot-nguoi"], self.pair["ca-hai"])


class TermBoard:
    """What somebody sees of a term in an area (None: all of it), in a constant number of queries."""

    def __init__(self, term: str, user, area: Unit | None, today: date):
        self.term, self.user, self.area, self.today = term, user, area, today
        self.kept = Kept(f"elections:{term}:{today}", area is None and scope_of(user).everywhere)

    @property
    def level(self) -> str:
        """Of what a row is: provinces of the country, communes of anything else."""
        return Level.PROVINCE if self.area is None else Level.COMMUNE

    @cached_property
    def rows(self) -> list[BoardRow]:
        found: dict[int | None, BoardRow] = {}
        for kind in (Kind.HEAD_ELECTION, Kind.CONGRESS):
            self._count_contests(kind, found)
            self._count_unplanned(kind, found)
        self._count_pairs(found)
        units = Unit.objects.filter(pk__in=[pk for pk in found if pk]).order_by("sort_key", "pk")
        placed = [(unit, found[unit.pk]) for unit in units]
        for unit, row in placed:
            row.unit = unit
        lost = [found[None]] if None in found else []
        return [*(row for _unit, row in placed), *lost]

    @cached_property
    def total(self) -> BoardRow:
        total = BoardRow(None)
        for row in self.rows:
            for mine, its in zip(total.counted, row.counted, strict=True):
                mine.update(its)
        return total

    @staticmethod
    def _row(found: dict, place: int | None) -> BoardRow:
        return found.setdefault(place, BoardRow(None))

    def within(self, rows, to_commune: str, to_province: str):
        """Return the rows that stand in the area today, reached over these paths."""
        if self.area is None:
            return rows
        return rows.filter(**{to_commune if self.area.level == Level.COMMUNE else to_province: self.area})

    def place(self, to_commune: str, to_province: str) -> str:
        return to_commune if self.level == Level.COMMUNE else to_province

    def _count_contests(self, kind: str, found: dict) -> None:
        rows, place = self._placed(contests(kind, self.term, self.user, self.today), *PLACES[kind])
        for values in self.kept.rows(rows.values(place, *flags_of(IS)).annotate(n=Count("pk"))):
            self._side(self._row(found, values[place]), kind).counts.update(counted(IS, values))

    def _count_unplanned(self, kind: str, found: dict) -> None:
        # The body itself is asked here, not a contest of it.
        paths = (path.partition("__")[2] for path in PLACES[kind])
        rows, place = self._placed(unplanned(kind, self.term, self.user), *paths)
        for key, count in rows.values_list(place).annotate(n=Count("pk")):
            self._side(self._row(found, key), kind).counts["chua-ke-hoach"] = count

    def _count_pairs(self, found: dict) -> None:
        rows, place = self._placed(pairs(self.term, self.user, self.today), "commune", "province")
        for values in self.kept.rows(rows.values(place, "congress_done", "elected").annotate(n=Count("pk"))):
            pair = self._row(found, values[place]).pair
            # Who was elected is said where the election was held alone.
            values["election_done"] = bool(values["elected"])
            pair.update({"": values["n"]} | counted(IS_OF_PAIR, values))

    def _placed(self, rows, *paths: str):
        """Return the rows of the area without an order, and by what they are counted."""
        return self.within(rows, *paths).order_by(), self.place(*paths)

    @staticmethod
    def _side(row: BoardRow, kind: str) -> Side:
        return row.election if kind == Kind.HEAD_ELECTION else row.congress
