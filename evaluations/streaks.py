"""Years running at one level, of a cell or a person, each year with the decision that proves it.

A person stays the same whatever becomes of the units; a cell that took another in carries on its own years. A
cell that was founded by joining others has the years in which all of these held the level. A year without a
level is a gap: by default it breaks the row, but it is shown, and a person may decide that it does not.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.history import batches
from cells.models import Cell, CellPeriod, Decision, LineKind, LineSource, Unit
from evaluations.models import CellRating, LeaderRating, Level, ReviewCycle


@dataclass(frozen=True)
class Proof:
    """One year of a streak: what proves it, and which cells it was won by where these were joined later."""

    year: int
    decisions: tuple[Decision, ...]


@dataclass(frozen=True)
class Streak:
    """The years running up to the one asked about, oldest first."""

    rating: CellRating | LeaderRating
    years: tuple[Proof, ...]
    # Years without a level: passed over, or (where they break the row) what stands behind its beginning.
    gaps: tuple[int, ...] = ()
    # How many years it would be if the gaps were passed over.
    length_over_gaps: int = 0

    @property
    def length(self) -> int:
        return len(self.years)

    @property
    def first_year(self) -> int:
        return self.years[0].year


@dataclass(frozen=True)
class Question:
    """Which streaks are asked for."""

    year: int
    level: str = Level.EXCELLENT
    least: int = 3
    basis: str = ""
    unit: Unit | None = None
    # None: as the province has set it.
    skips_gaps: bool | None = None

    @property
    def passes_gaps(self) -> bool:
        return not settings.STREAK_GAP_BREAKS if self.skips_gaps is None else self.skips_gaps


@dataclass(frozen=True)
class Found:
    """The streaks that are long enough, and those that are only if a gap is passed over."""

    streaks: list[Streak]
    with_gaps: list[Streak]


def cell_streaks(question: Question, *, user, day: date) -> Found:
    """Return the cells with so many years running, as the decisions stood on the day."""
    rows = _last_year(CellRating, question, user, day)
    keys = rows.order_by("commune__sort_key", "commune", "cell__sort_key", "pk").values_list("pk", "cell")
    return _found(list(keys), _History(CellRating, "cell", user, day), question)


def leader_streaks(question: Question, *, user, day: date) -> Found:
    """Return the people with so many years running on one basis, as the decisions stood on the day."""
    rows = _last_year(LeaderRating, question, user, day).order_by(
        "commune__sort_key", "commune", "person__sort_key", "pk"
    )
    keys: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for pk, person, basis in rows.values_list("pk", "person", "basis"):
        keys[basis].append((pk, person))
    found = [
        _found(keys[basis], _History(LeaderRating, "person", user, day, basis), question)
        for basis in sorted(keys)
    ]
    return Found(
        [one for some in found for one in some.streaks], [one for some in found for one in some.with_gaps]
    )


def _last_year(model, question: Question, user, day: date) -> QuerySet:
    # Named one by one: joined, PostgreSQL reads the ratings of all years for those of one.
    cycles = list(ReviewCycle.objects.filter(year=question.year).values_list("pk", flat=True))
    given = model.objects.in_force_on(day).filter(cycle__in=cycles, decided_level=question.level)
    if question.basis:
        given = given.filter(basis=question.basis)
    if question.unit is None:
        return given.visible_to(user)
    return given.visible_beside(user).filter(_belongs_to(question.unit))


def _belongs_to(unit: Unit) -> Q:
    """A result belongs to the unit that held it then, and is looked for where its cell stands today."""
    placed = Q(**{unit.level: unit})
    today = {"province": "province", "commune": "commune__commune"}.get(unit.level)
    if today is None:
        return placed
    # Looked up first: joined, PostgreSQL reads the cells of all ratings of the year.
    cells = Cell.objects.filter(**{today: unit})
    return placed | Q(cell__in=cells.order_by().values("pk"))


class _History:
    """The levels of all years of some cells or people, in a few queries for all of them."""

    def __init__(self, model, subject: str, user, day: date, basis: str = ""):
        self.model, self.subject = model, subject
        # People stay the same, and were found by what is seen of them; founders of a cell may stand elsewhere.
        rows = model.objects
        rows = rows.visible_of_seen(user) if subject == "person" else rows.visible_beside(user)
        self.rows = rows.in_force_on(day)
        if basis:
            self.rows = self.rows.filter(basis=basis)
        self.levels: dict[int, dict[int, tuple[str, int]]] = defaultdict(dict)
        # The cells that were joined to found a cell, and the day.
        self.founded_by: dict[int, tuple[date, list[int]]] = {}

    def load(self, keys: Iterable[int], year: int) -> None:
        wanted = set(keys)
        while wanted:
            for some in batches(sorted(wanted)):
                rows = self.rows.filter(**{f"{self.subject}__in": some, "cycle__year__lte": year}).order_by()
                for key, when, *given in rows.values_list(
                    self.subject, "cycle__year", "decided_level", "decision"
                ):
                    self.levels[key][when] = tuple(given)
            wanted = self._founders(wanted) if self.subject == "cell" else set()

    def _founders(self, cells: set[int]) -> set[int]:
        """Remember by which cells these were founded, and return those that are new."""
        first = CellPeriod.objects.filter(cell=OuterRef("line__cell")).order_by("starts_on")
        new = set()
        for some in batches(sorted(cells)):
            joined = (
                LineSource.objects.filter(
                    line__kind=LineKind.CELL_JOIN,
                    line__applied_in__isnull=False,
                    line__cell__in=some,
                    cell__isnull=False,
                )
                .annotate(founded_on=Subquery(first.values("starts_on")[:1]))
                .order_by("pk")
            )
            for taker, source, on, founded_on in joined.values_list(
                "line__cell", "cell", "line__on", "founded_on"
            ):
                if founded_on == on and source != taker:
                    self.founded_by.setdefault(taker, (on, []))[1].append(source)
                    new.add(source)
        return new - self.levels.keys()

    def level(self, key: int, year: int) -> tuple[str, tuple[int, ...]] | None:
        """Return the level of a year with its decisions; None where there was none."""
        if own := self.levels[key].get(year):
            return own[0], (own[1],)
        on, sources = self.founded_by.get(key, (None, []))
        if not sources or year > on.year:
            return None
        parts = [self.level(source, year) for source in sources]
        if None in parts or len({part[0] for part in parts}) > 1:
            return None
        return parts[0][0], tuple(decision for part in parts for decision in part[1])

    def first_year(self, key: int) -> int:
        """Return the first year there is anything to know of."""
        years = list(self.levels[key])
        years += [self.first_year(source) for source in self.founded_by.get(key, (None, []))[1]]
        return min(years, default=9999)


def _found(keys: list[tuple[int, int]], history: _History, question: Question) -> Found:
    """Return the streaks that end with these ratings, each given with whose it is; only those kept are loaded."""
    history.load([subject for _pk, subject in keys], question.year)
    runs = [(pk, *_runs(history, subject, question)) for pk, subject in keys]
    kept = [one for one in runs if max(len(one[1]), len(one[2])) >= question.least]
    ratings = _ratings(history, [one[0] for one in kept])
    kept = [(ratings[pk], *run) for pk, *run in kept]
    decisions = _decisions(kept)
    streaks = [_streak(one, decisions, question) for one in kept]
    return Found(
        [one for one in streaks if one.length >= question.least],
        [one for one in streaks if one.length < question.least],
    )


def _runs(history: _History, key: int, question: Question) -> tuple[list, list, list]:
    """Return the years running up to the first gap, the years passing over all gaps, and the gaps."""
    unbroken, over_gaps, gaps, waiting = [], [], [], []
    for year in range(question.year, history.first_year(key) - 1, -1):
        given = history.level(key, year)
        if given is None:
            waiting.append(year)
        elif given[0] != question.level:
            break
        else:
            gaps += waiting
            waiting = []
            over_gaps.append((year, given[1]))
            if not gaps:
                unbroken.append((year, given[1]))
    return unbroken, over_gaps, gaps


def _ratings(history: _History, keys: list[int]) -> dict:
    rows = history.model.objects.select_related(*{history.subject, "cell"}, "commune").order_by()
    found = {}
    for some in batches(keys):
        found |= rows.in_bulk(some)
    return found


def _decisions(runs: list) -> dict[int, Decision]:
    keys = sorted({pk for one in runs for _year, pks in one[2] for pk in pks})
    found = {}
    for some in batches(keys):
        found |= Decision.objects.in_bulk(some)
    return found


def _streak(run: tuple, decisions: dict[int, Decision], question: Question) -> Streak:
    row, unbroken, over_gaps, gaps = run
    years = over_gaps if question.passes_gaps else unbroken
    proofs = tuple(
        Proof(year, tuple(decisions[pk] for pk in dict.fromkeys(pks))) for year, pks in reversed(years)
    )
    return Streak(row, proofs, tuple(sorted(gaps)), len(over_gaps))
