"""The page of one commune: every hamlet or cell of it with its contest of the term, in a constant number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Q
from django.utils import timezone

from cells.models import Cell, CellArea, Unit
from leaders.contests.checking import marks
from leaders.contests.doubts import elsewhere
from leaders.models import Candidacy, Contest, ContestOffice, Office, Person, Tenure

Kind, Outcome = Contest.Kind, Contest.Outcome
# Lines for candidates: those that stand open, and those that unfold.
LINES = {Kind.HEAD_ELECTION: (2, 2), Kind.CONGRESS: (2, 5)}
TEXTS = ("planned_on", "held_on", "method", "entitled", "present", "ballots", "outcome")
# What the lines of a congress are most often for.
USUAL_OFFICES = (ContestOffice.SECRETARY, ContestOffice.DEPUTY_SECRETARY)


@dataclass
class Line:
    """One candidate as it stands in the fields of a row."""

    number: int
    who: str = ""
    office: str = ""
    votes: str = ""
    elected: bool = False
    # What the page showed before anybody typed.
    shown: tuple = ()
    faults: dict[str, str] = field(default_factory=dict)
    # Of a name that nobody's record bears: what is asked, whose it may be, and what was answered for which name.
    is_unknown: bool = False
    question: str = ""
    nearest: list[Person] = field(default_factory=list)
    asked: str = ""
    answer: str = ""

    @property
    def is_touched(self) -> bool:
        return (self.who, self.votes, self.elected) != self.shown


@dataclass
class Row:
    """A hamlet or cell with its contest of the term: what can be entered, or what came out."""

    body: Unit | Cell
    kind: str
    term: str
    contest: Contest | None = None
    failed: list[Contest] = field(default_factory=list)
    # Who is in office now; of a cell, whom its hamlets have elected head.
    holder: Person | None = None
    heads: list[Person] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    # What was typed here of a contest that somebody else recorded meanwhile (late.py).
    late: object = None
    # What is rare in what was typed: recorded once it is ticked as meant. And the same of what is recorded.
    doubts: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{'c' if self.kind == Kind.CONGRESS else 'h'}{self.body.pk}"

    @property
    def seen(self) -> int:
        """What a write states that it has read: the revision, or how many attempts there were."""
        return self.contest.revision if self.contest else len(self.failed)

    @property
    def mark(self) -> str:
        """The same as the page sends it back: the first attempt as it was planned is not the next one."""
        return f"{len(self.failed)}.{self.contest.revision if self.contest else 0}"

    @property
    def is_open(self) -> bool:
        """Whether a result is still to be entered."""
        return self.contest is None or self.contest.outcome == Outcome.PLANNED

    @property
    def day(self) -> date | None:
        """The day it was held, or else is planned for."""
        return (self.contest.held_on or self.contest.planned_on) if self.contest else None

    @property
    def is_overdue(self) -> bool:
        """Whether the day it is planned for has gone by without a result."""
        day = self.contest.planned_on if self.contest and self.is_open else None
        return day is not None and day < timezone.localdate()

    @property
    def state(self) -> str:
        """One of: none, planned, failed, again (planned once more), held."""
        if self.contest is None:
            return "failed" if self.failed else "none"
        if self.contest.outcome == Outcome.HELD:
            return "held"
        return "again" if self.failed else "planned"

    @property
    def open_lines(self) -> list[Line]:
        count = LINES[self.kind][0]
        return [line for line in self.lines if line.number < count or line.is_touched or line.faults]

    @property
    def folded_lines(self) -> list[Line]:
        return [line for line in self.lines if line not in self.open_lines]

    @property
    def candidates(self) -> list[Candidacy]:
        return list(self.contest.candidacies.all()) if self.contest else []

    @property
    def marks(self) -> list[str]:
        return [*marks(self.contest, self.candidates), *self.elsewhere] if self.contest else []

    @property
    def is_refused(self) -> bool:
        return bool(self.faults or self.doubts) or any(line.faults for line in self.lines)


@dataclass
class Grid:
    """The rows of one kind in the commune's own order."""

    commune: Unit
    term: str
    kind: str
    rows: list[Row]

    @property
    def is_congress(self) -> bool:
        return self.kind == Kind.CONGRESS

    @property
    def counts(self) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for row in self.rows:
            found[row.state] += 1
        return found

    @property
    def left(self) -> int:
        """How many still wait for a result."""
        return sum(row.is_open for row in self.rows)

    @property
    def overdue(self) -> int:
        return sum(row.is_overdue for row in self.rows)

    @property
    def called(self) -> int:
        """How many are to hold it: those without a plan are counted apart."""
        return sum(row.state != "none" for row in self.rows)


def number_of(person: Person) -> str:
    """Return how a person is named in a field: names repeat, so with the number of the record."""
    return f"{person.full_name} · N{person.pk}"


def load(commune: Unit, term: str, kind: str, user) -> Grid:
    """Return the rows of the commune as they are recorded."""
    by_body = _contests(commune, term, kind, user)
    rows = []
    for body in _bodies(commune, kind, user, by_body):
        contests = by_body.get(body.pk, [])
        # A failed one is followed by the next attempt, if there is one.
        standing = next((one for one in contests if one.outcome != Outcome.FAILED), None)
        failed = [one for one in contests if one.outcome == Outcome.FAILED]
        rows.append(Row(body, kind, term, standing, failed))
    _name_holders(rows, kind, user)
    if kind == Kind.CONGRESS:
        _name_elected_heads(rows, term, user)
    told = elsewhere([row.contest for row in rows if not row.is_open], user)
    for row in rows:
        row.elsewhere = told[row.contest.pk] if row.contest else []
        fill(row)
    return Grid(commune, term, kind, rows)


def _contests(commune: Unit, term: str, kind: str, user) -> dict[int, list[Contest]]:
    body = "cell" if kind == Kind.CONGRESS else "hamlet"
    rows = Contest.objects.visible_to(user).filter(kind=kind, term=term, **{f"{body}__commune": commune})
    found: dict[int, list[Contest]] = defaultdict(list)
    for contest in (
        rows.select_related(body, "decision").prefetch_related("candidacies__person").order_by("pk")
    ):
        found[getattr(contest, f"{body}_id")].append(contest)
    return found


def _bodies(commune: Unit, kind: str, user, called) -> list:
    """Return what stands in the commune today, and what had a contest of the term before it ended."""
    model = Cell if kind == Kind.CONGRESS else Unit
    rows = model.objects.visible_to(user).filter(commune=commune)
    rows = rows.filter(Q(closed_on__isnull=True) | Q(pk__in=list(called)))
    if model is Unit:
        rows = rows.hamlets()
    return [
        row
        for row in rows.order_by(F("position").asc(nulls_last=True), "sort_key", "pk")
        if row.closed_on is None or any(one.outcome != Outcome.PLANNED for one in called[row.pk])
    ]


def _name_holders(rows: list[Row], kind: str, user) -> None:
    body, office = ("cell", Office.SECRETARY) if kind == Kind.CONGRESS else ("hamlet", Office.HAMLET_HEAD)
    seats = (
        Tenure.objects.visible_to(user)
        .on(timezone.localdate())
        .filter(office=office, **{f"{body}__in": [row.body.pk for row in rows]})
    )
    holders = {getattr(seat, f"{body}_id"): seat.person for seat in seats.select_related("person")}
    for row in rows:
        row.holder = holders.get(row.body.pk)


def _name_elected_heads(rows: list[Row], term: str, user) -> None:
    """ "Dân tin – Đảng cử": the households elect first, and the congress knows whom."""
    areas = CellArea.objects.on(timezone.localdate()).filter(cell__in=[row.body.pk for row in rows])
    hamlets: dict[int, list[int]] = defaultdict(list)
    for cell, hamlet in areas.values_list("cell", "hamlet"):
        hamlets[cell].append(hamlet)
    heads = Tenure.objects.visible_to(user).filter(
        office=Office.HAMLET_HEAD,
        contest__term=term,
        ends_on__isnull=True,
        hamlet__in={one for some in hamlets.values() for one in some},
    )
    by_hamlet = {seat.hamlet_id: seat.person for seat in heads.select_related("person")}
    for row in rows:
        row.heads = [by_hamlet[one] for one in hamlets[row.body.pk] if one in by_hamlet]


def fill(row: Row, *, lines: int | None = None) -> None:
    """Put what is recorded into the fields of the row."""
    contest = row.contest
    row.texts = {name: text_of(getattr(contest, name)) if contest else "" for name in TEXTS}
    if contest is None or contest.outcome == Outcome.PLANNED:
        row.texts["outcome"] = ""
    shown = [
        Line(n, _named(one), one.office, text_of(one.votes), bool(one.elected))
        for n, one in enumerate(row.candidates)
    ]
    # Whom the households elected is offered to the congress.
    if not shown and row.is_open and len(row.heads) == 1:
        shown = [Line(0, number_of(row.heads[0]))]
    count = lines or max(sum(LINES[row.kind]), len(shown))
    row.lines = shown + [Line(number) for number in range(len(shown), count)]
    for line in row.lines:
        if row.kind == Kind.CONGRESS and not line.office:
            usual = line.number < len(USUAL_OFFICES) and not row.candidates
            line.office = USUAL_OFFICES[line.number] if usual else ContestOffice.COMMITTEE_MEMBER
        line.shown = (line.who, line.votes, line.elected)


def _named(one: Candidacy) -> str:
    return number_of(one.person) if one.person_id else one.name


def text_of(value) -> str:
    return "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
