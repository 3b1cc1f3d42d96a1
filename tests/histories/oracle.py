"""Every figure counted by hand: loops over the dated facts of a plain world.

Written from the definitions of the design (what is counted, of which, on which day it is placed),
not from the queries of the product. A *state* stands where the hamlet or cell stands on the day
asked for; a *result* where its cell, hamlet or person stood on the day of the result itself. In
today's borders the same rows are only put into today's units.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.histories.worlds import Life, World, in_force

NOW = "now"
CONFIRMED_WITHIN = timedelta(days=30)
LEVEL_FIGURES = {
    "level_excellent": "EXCELLENT",
    "level_good": "GOOD",
    "level_completed": "COMPLETED",
    "level_not_completed": "NOT_COMPLETED",
}
# Share: (numerator, denominator); amount: (number, None).
Pair = tuple[int, int | None]


@dataclass
class Row:
    """One thing that is counted: where it stands, and what is true of it."""

    place: dict[str, str]
    facts: set[str] = field(default_factory=set)
    number: int | None = None
    year: int = 0
    term: str = ""
    day: date | None = None
    titles: set[str] = field(default_factory=set)

    def stands_in(self, unit: str | None) -> bool:
        return unit is None or unit in self.place.values()


class Oracle:
    """The rows of a world on a day, in the borders of then or now."""

    def __init__(self, world: World, day: date, borders: str):
        self.world, self.day, self.borders = world, day, borders
        self.tenures = [t for t in world.tenures if t.is_known_to_run_on(day)]
        self.hamlets = [self._hamlet(place.key) for place in world.standing("hamlet", day)]
        self.cells = [self._cell(cell.key) for cell in world.cells_on(day)]
        self.communes = [self._commune(place.key) for place in world.standing("commune", day)]
        self.ratings = [row for rating in world.cell_ratings if (row := self._rating(rating))]
        self.leaders = [row for rating in world.leader_ratings if (row := self._leader(rating))]
        self.contests = {
            kind: [self._contest(c) for c in world.contests if c.kind == kind and self._was_called(c)]
            for kind in ("congress", "head_election")
        }

    # --- rows ---------------------------------------------------------------------------

    def _placed(self, unit: str, day: date) -> dict[str, str]:
        """Return the units, by level, in which something in this unit on this day is counted."""
        if self.borders == NOW:
            place = self.world.today(unit)
            return {level: key for level, key in place.items() if level in ("province", "commune")}
        return self.world.above(unit, day)

    def _cell_placed(self, key: str, day: date) -> dict[str, str]:
        cell = self.world.cells[key]
        return self._placed(cell.commune.on(cell.last if self.borders == NOW else day), day)

    def _holders(self, office: str, body: str) -> list:
        return [t for t in self.tenures if t.office == office and t.body == body]

    def _is_vacant(self, office: str, body: str) -> bool:
        """Whether the seat is known to be empty: not known is not empty."""
        return not self._holders(office, body) and not any(
            t.perhaps_ran_on(self.day) for t in self.world.tenures if t.office == office and t.body == body
        )

    def _secretaries_there(self, hamlet: str) -> set[str]:
        cells = {area.cell for area in self.world.areas_of(hamlet, self.day)}
        return {t.person for cell in cells for t in self._holders("secretary", cell)}

    def _is_member(self, key: str) -> bool:
        person = self.world.people[key]
        return person.membership == "yes" and (person.left_on is None or self.day < person.left_on)

    def _hamlet(self, key: str) -> Row:
        heads = self._holders("hamlet_head", key)
        fronts = self._holders("front_head", key)
        secretaries = self._secretaries_there(key)
        facts = {
            "merged_role": any(head.person in secretaries for head in heads),
            "posts_saved": any(head.person in secretaries for head in heads),
            "member_heads": any(self._is_member(head.person) for head in heads),
            "front_merged": any(front.person in secretaries for front in fronts),
            "vacant_heads": self._is_vacant("hamlet_head", key),
            "interim_heads": any(head.interim for head in heads),
            "hamlets_with_officer": self._has_officer(key, {"hamlet_officer"}),
        }
        households = _latest(self.world.household_counts, key, self.day)
        return Row(self._placed(key, self.day), _true(facts), households)

    def _cell(self, key: str) -> Row:
        secretaries = {t.person for t in self._holders("secretary", key)}
        heads = {
            t.person
            for hamlet in self.world.hamlets_of(key, self.day)
            for t in self._holders("hamlet_head", hamlet)
        }
        of_hamlets = self.world.cells[key].kind == "hamlet"
        facts = {
            "of_hamlets": of_hamlets,
            "merged_cells": of_hamlets and bool(secretaries & heads),
            "vacant_secretaries": of_hamlets and self._is_vacant("secretary", key),
        }
        titles = {
            case.title for case in self.world.title_cases if case.cell == key and case.is_held_on(self.day)
        }
        members = _latest(self.world.member_counts, key, self.day)
        return Row(self._cell_placed(key, self.day), _true(facts), members, titles=titles)

    def _commune(self, key: str) -> Row:
        confirmed = any(
            c.commune == key and self.day - CONFIRMED_WITHIN < c.at.date() <= self.day
            for c in self.world.confirmations
        )
        facts = {
            "communes_confirmed": confirmed,
            "communes_with_officer": self._has_officer(key, {"committee_member", "standing_member"}),
        }
        return Row(self._placed(key, self.day), _true(facts))

    def _has_officer(self, unit: str, kinds: set[str]) -> bool:
        return any(
            a.unit == unit and a.kind in kinds and a.holds_on(self.day) for a in self.world.assignments
        )

    def _rating(self, rating) -> Row | None:
        """A cell of the roster, with the level in force; before the roster day only what was decided."""
        level, roster_day = in_force(rating.editions, self.day), rating.cycle.roster_day
        if not level and self.day < roster_day:
            return None
        facts = {"subject": rating.subject, "rated": bool(level)}
        facts |= {code: level == wanted for code, wanted in LEVEL_FIGURES.items()}
        return Row(self._cell_placed(rating.cell, roster_day), _true(facts), year=rating.cycle.year)

    def _leader(self, rating) -> Row | None:
        """A person rated in office: excellent this year, and in the two years before."""
        if rating.basis != "office" or not in_force(rating.editions, self.day):
            return None
        years = {
            other.cycle.year
            for other in self.world.leader_ratings
            if other.person == rating.person
            and other.basis == "office"
            and in_force(other.editions, self.day) == "EXCELLENT"
        }
        year, roster_day = rating.cycle.year, rating.cycle.roster_day
        commune = rating.commune or self.world.cells[rating.cell].commune.on(roster_day)
        facts = {"excellent_streak": {year, year - 1, year - 2} <= years}
        return Row(self._placed(commune, roster_day), _true(facts), year=year)

    def _was_called(self, contest) -> bool:
        """A contest counts from the day it is planned for; a failed one until another attempt is there."""
        if contest.day is None or not self._body(contest).holds_on(self._looked_for_on(contest)):
            return False
        if contest.outcome != "failed":
            return True
        others = [
            one
            for one in self.world.contests
            if (one.kind, one.body, one.term) == (contest.kind, contest.body, contest.term)
        ]
        # Of several that failed the last one stands for the body.
        return others[-1] is contest and all(one.outcome == "failed" for one in others)

    def _contest(self, contest) -> Row:
        placed = self._cell_placed if contest.kind == "congress" else self._placed
        held = contest.outcome == "held" and contest.held_on <= self.day
        facts = {"held": held and (contest.kind == "congress" or contest.names_the_elected)}
        place = placed(contest.body, self._looked_for_on(contest))
        return Row(place, _true(facts), term=contest.term, day=contest.day)

    def _looked_for_on(self, contest) -> date:
        """What is not held by the day asked for counts where its body stands then, if it stands at all."""
        return min(contest.day, self.day)

    def _body(self, contest) -> Life:
        bodies = self.world.cells if contest.kind == "congress" else self.world.places
        return bodies[contest.body]

    # --- counting -------------------------------------------------------------------------

    def figures(self, unit: str | None) -> dict[str, Pair]:
        """Return every figure of a unit (None: of all) by code; those without any result are left out."""
        return self._count(lambda row: row.stands_in(unit), self.results_of(unit))

    def below(self, unit: str | None, level: str) -> dict[str | None, dict[str, Pair]]:
        """Return the figures of the rows in each unit of this level below; None: lies in none of them."""
        keys = {row.place.get(level) for row in self._all_rows() if row.stands_in(unit)}
        results = self.results_of(unit)
        return {
            key: self._count(
                lambda row, key=key: row.stands_in(unit) and row.place.get(level) == key, results
            )
            for key in keys
        }

    def _all_rows(self) -> Iterable[Row]:
        return [*self.hamlets, *self.cells, *self.communes, *self.ratings, *sum(self.contests.values(), [])]

    def results_of(self, unit: str | None) -> dict[str, int | str | None]:
        """Return which year and which terms a unit shows: the latest decided, the latest begun."""
        years = [row.year for row in self.ratings if row.stands_in(unit) and "rated" in row.facts]
        rated = [row.year for row in self.leaders if row.stands_in(unit)]
        terms = {
            kind: [row.term for row in rows if row.stands_in(unit) and row.day <= self.day]
            for kind, rows in self.contests.items()
        }
        return {
            "year": max(years, default=None),
            "streak_year": max(rated, default=None),
            **{kind: max(begun, default=None) for kind, begun in terms.items()},
        }

    def _count(self, stands: Callable[[Row], bool], results: dict) -> dict[str, Pair]:
        hamlets, cells, communes, ratings, leaders = (
            [row for row in rows if stands(row)]
            for rows in (self.hamlets, self.cells, self.communes, self.ratings, self.leaders)
        )
        of_hamlets = [row for row in cells if "of_hamlets" in row.facts]
        found = {
            code: _share(hamlets, code)
            for code in (
                "merged_role",
                "member_heads",
                "front_merged",
                "vacant_heads",
                "hamlets_with_officer",
                "interim_heads",
            )
        }
        found["posts_saved"] = _share(hamlets, "posts_saved")[0], None
        found["households"] = _sum(hamlets), None
        found |= {code: _share(of_hamlets, code) for code in ("merged_cells", "vacant_secretaries")}
        found["cells"] = len(cells), None
        found["members"] = _sum(cells), None
        found |= {code: _share(communes, code) for code in ("communes_confirmed", "communes_with_officer")}
        if results["year"]:
            of_year = [row for row in ratings if row.year == results["year"]]
            rated = [row for row in of_year if "rated" in row.facts]
            found["rated"] = len(rated), sum("subject" in row.facts for row in of_year)
            found |= {code: _share(rated, code) for code in LEVEL_FIGURES}
        for kind, code in (("congress", "congress_held"), ("head_election", "head_elected")):
            if results[kind]:
                of_term = [row for row in self.contests[kind] if stands(row) and row.term == results[kind]]
                found[code] = _share(of_term, "held")
        if results["streak_year"]:
            of_year = [row for row in leaders if row.year == results["streak_year"]]
            found["excellent_streak"] = _share(of_year, "excellent_streak")[0], None
        return found

    def targets(self, unit: str | None) -> dict[tuple[str, str, int], Pair]:
        """Return the figures of the unit's own targets in force, by code, title and goal."""
        found = {}
        for target in self.world.targets:
            if target.unit != unit or not target.is_in_force_on(self.day):
                continue
            held = sum(row.stands_in(unit) and target.title in row.titles for row in self.cells)
            key = (target.title, target.goal)
            found["title_of_goal", *key] = held, target.goal
            if target.base:
                found["title_of_base", *key] = held, target.base
                found["target_share", *key] = target.goal, target.base
        return found


def _true(facts: dict[str, bool]) -> set[str]:
    return {name for name, value in facts.items() if value}


def _share(rows: list[Row], fact: str) -> tuple[int, int]:
    return sum(fact in row.facts for row in rows), len(rows)


def _sum(rows: list[Row]) -> int:
    return sum(row.number or 0 for row in rows)


def _latest(counts: list, body: str, day: date) -> int | None:
    """Return the latest known number on or before the day."""
    known = {c.day: c.number for c in counts if c.body == body and c.day <= day and c.number is not None}
    return known[max(known)] if known else None
