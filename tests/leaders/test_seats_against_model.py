"""Elections, congresses, corrections, hand-overs, deaths and mergers at random, against a plain model of seats.

The model is lists of who held which seat from when to when, and knows nothing of the product. What it refuses
must be refused, what it allows must leave the same seats; never are two in one seat, and a merged role is always
two tenures of one person.
"""

import copy
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.changes import recording
from cells.models import Cell, LineKind, Unit
from dashboards.figures.frames import Frame
from dashboards.figures.sections import HAMLETS
from leaders.actions import begin_tenures, end_tenure, replace_holder
from leaders.checks import problems
from leaders.contests.results import Stood, next_attempt, record_result
from leaders.models import Contest, Office, Tenure, WayIn, WayOut
from tests import factories
from tests.desk.reorganisation.acting import carry_out, event_of, line

ONE_DAY = timedelta(days=1)
FIRST = date(2020, 1, 1)
FOREVER = date.max
HEAD, SECRETARY = "hamlet_head", "secretary"
PEOPLE = 4


class Refused(Exception):
    """The model says that this cannot be."""


@dataclass(eq=False)
class Held:
    """Somebody held the seat from the first day to the last."""

    person: int
    first: date
    last: date | None = None
    way_out: str = ""
    contest: int | None = None
    ended_by: int | None = None

    @property
    def until(self) -> date:
        return self.last or FOREVER


@dataclass
class Voted:
    seat: tuple[str, str]
    day: date
    person: int
    is_won: bool


@dataclass
class Model:
    """Who held which seat – ("hamlet_head", "h1"), ("secretary", "c1") – and which hamlet was covered by which cell."""

    seats: dict[tuple[str, str], list[Held]] = field(default_factory=dict)
    lives: dict[str, list[date]] = field(default_factory=dict)
    areas: list[list] = field(default_factory=list)
    contests: list[Voted] = field(default_factory=list)
    dead: set[int] = field(default_factory=set)

    def open_body(self, key: str, first: date = date.min) -> None:
        self.lives[key] = [first, FOREVER]
        self.seats[HEAD if key[0] == "h" else SECRETARY, key] = []

    def standing(self, kind: str) -> list[str]:
        return [key for key, (_first, last) in self.lives.items() if key[0] == kind and last == FOREVER]

    def running(self, seat) -> Held | None:
        return next((held for held in self.seats[seat] if held.last is None), None)

    def last_day(self) -> date:
        days = [
            day for seat in self.seats.values() for held in seat for day in (held.first, held.last) if day
        ]
        opened = [first for first, _last in self.lives.values()]
        return max([FIRST, *days, *opened, *(one.day for one in self.contests)])

    def check(self, seat) -> None:
        """Nobody sits in a seat that another holds, or in a body that is not there."""
        first, last = self.lives[seat[1]]
        held = sorted(self.seats[seat], key=lambda one: one.first)
        if any(one.first < first or one.until > last or one.until < one.first for one in held):
            raise Refused
        if any(other.first <= one.until for one, other in zip(held, held[1:], strict=False)):
            raise Refused
        deaths = self.deaths()
        if any(one.person in deaths and one.until > deaths[one.person] for one in held):
            raise Refused

    # --- What happens -------------------------------------------------------------------

    def vote(self, number: int) -> None:
        """Let the seats follow what the vote of this number says."""
        voted = self.contests[number]
        first, last = self.lives[voted.seat[1]]
        if not first <= voted.day <= last:
            raise Refused
        seat, deaths = self.seats[voted.seat], self.deaths()
        mine = next((held for held in seat if held.contest == number), None)
        for held in seat:
            if held.ended_by == number:
                if mine and (held.way_out != "term_ended" or held.last + ONE_DAY != mine.first):
                    raise Refused
                held.last, held.way_out, held.ended_by = None, "", None
                self._end_as_known(held, last, deaths)
        if not voted.is_won:
            self._drop(seat, mine, last)
            return self.check(voted.seat)
        if mine is None or mine.person != voted.person:
            mine = self._taken(seat, mine, voted, last)
        if mine.until < voted.day:
            raise Refused
        mine.first, mine.contest = voted.day, number
        if mine.last is None:
            self._end_as_known(mine, last, deaths)
        for held in seat:
            if held is not mine and held.first < voted.day <= held.until and self._runs_on(held, last):
                held.last, held.way_out, held.ended_by = voted.day - ONE_DAY, "term_ended", number
        return self.check(voted.seat)

    def deaths(self) -> dict[int, date]:
        """Return on which day somebody died, as the seats tell it that ended by it."""
        told = [held for seat in self.seats.values() for held in seat if held.way_out == "died"]
        return {one.person: min(held.last for held in told if held.person == one.person) for one in told}

    def _runs_on(self, held: Held, end: date) -> bool:
        """Nothing ended it but what ends every seat: the end of its body, or a death that another seat tells too."""
        if held.way_out == "died":
            others = (one for seat in self.seats.values() for one in seat if one is not held)
            return any(one.person == held.person and one.way_out == "died" for one in others)
        return held.last is None or (held.way_out == "merged" and held.last == end)

    @staticmethod
    def _end_as_known(held: Held, end: date, deaths: dict[int, date]) -> None:
        """Entered late: no seat goes on beyond its body, nor beyond the life of its holder."""
        if end != FOREVER:
            held.last, held.way_out = end, "merged"
        died_on = deaths.get(held.person)
        if died_on is not None and held.first <= died_on < held.until:
            held.last, held.way_out = died_on, "died"

    def _drop(self, seat: list[Held], mine: Held | None, end: date) -> None:
        if mine is not None:
            if not self._runs_on(mine, end):
                raise Refused
            seat.remove(mine)

    def _taken(self, seat: list[Held], mine: Held | None, voted: Voted, end: date) -> Held:
        told = [h for h in seat if h.contest is None and (h.person, h.first) == (voted.person, voted.day)]
        if told:
            self._drop(seat, mine, end)
            return told[0]
        if mine is None:
            seat.append(Held(voted.person, voted.day))
            return seat[-1]
        if not self._runs_on(mine, end):
            raise Refused
        if mine.way_out == "died":
            mine.last, mine.way_out = None, ""
        mine.person = voted.person
        return mine

    def hand_over(self, seat, person: int, day: date) -> None:
        held = self.running(seat)
        held.last, held.way_out = day - ONE_DAY, "term_ended"
        self.seats[seat].append(Held(person, day))
        self.check(seat)

    def appoint(self, seat, person: int, day: date) -> None:
        self.seats[seat].append(Held(person, day))
        self.check(seat)

    def die(self, person: int, day: date) -> None:
        for seat, held in self.seats.items():
            for one in held:
                if one.person == person and one.last is None:
                    one.last, one.way_out = day, "died"
            self.check(seat)
        self.dead.add(person)

    def merge(self, one: str, other: str, into: str, day: date) -> None:
        """Two hamlets become a new one, which the head of the first that has one leads for the time being."""
        self.open_body(into, day)
        leaders = [held for held in (self.running((HEAD, one)), self.running((HEAD, other))) if held]
        for key in (one, other):
            self._end((HEAD, key), day)
        if leaders:
            self.seats[HEAD, into].append(Held(leaders[0].person, day))
        for area in [area for area in self.areas if area[1] in (one, other) and area[3] == FOREVER]:
            area[3] = day - ONE_DAY
            self._cover(area[0], into, day)

    def join(self, cell: str, into: str, day: date) -> None:
        """A cell goes into another; its secretary goes on there where that one has none."""
        leader, incumbent = self.running((SECRETARY, cell)), self.running((SECRETARY, into))
        self._end((SECRETARY, cell), day)
        if leader and not incumbent:
            self.seats[SECRETARY, into].append(Held(leader.person, day))
        for area in [area for area in self.areas if area[0] == cell and area[3] == FOREVER]:
            area[3] = day - ONE_DAY
            self._cover(into, area[1], day)

    def _end(self, seat, day: date) -> None:
        held = self.running(seat)
        if held:
            held.last, held.way_out = day - ONE_DAY, "merged"
        self.lives[seat[1]][1] = day - ONE_DAY

    def _cover(self, cell: str, hamlet: str, day: date) -> None:
        if not any(area[:2] == [cell, hamlet] and area[3] == FOREVER for area in self.areas):
            self.areas.append([cell, hamlet, day, FOREVER])

    # --- What is asked ------------------------------------------------------------------

    def merged_on(self, day: date) -> set[str]:
        """Return the hamlets whose head is secretary of a cell there: two seats of one person on the day."""
        return {
            hamlet
            for cell, hamlet, first, last in self.areas
            if first <= day <= last and self._holders(HEAD, hamlet, day) & self._holders(SECRETARY, cell, day)
        }

    def _holders(self, office: str, body: str, day: date) -> set[int]:
        return {held.person for held in self.seats[office, body] if held.first <= day <= held.until}


class Played:
    """The same in the product."""

    def __init__(self):
        self.commune = factories.commune()
        self.people = [factories.person(keeper=self.commune) for _ in range(PEOPLE)]
        self.bodies: dict[str, Unit | Cell] = {}
        self.contests: list[Contest] = []

    def open(self, model: Model) -> None:
        for number in "123":
            hamlet = factories.hamlet(parent=self.commune, name=number)
            self.bodies |= {f"h{number}": hamlet, f"c{number}": factories.cell(of=hamlet)}
            model.open_body(f"h{number}")
            model.open_body(f"c{number}")
            model.areas.append([f"c{number}", f"h{number}", date.min, FOREVER])

    def place(self, seat) -> dict:
        return {"cell" if seat[0] == SECRETARY else "hamlet": self.bodies[seat[1]]}

    def running(self, seat) -> Tenure:
        return Tenure.objects.get(office=seat[0], ends_on=None, **self.place(seat))

    def vote(self, number: int, voted: Voted) -> None:
        if number == len(self.contests):
            kind = Contest.Kind.CONGRESS if voted.seat[0] == SECRETARY else Contest.Kind.HEAD_ELECTION
            # Each has a term of its own: what is run again in one term is told elsewhere.
            term = f"{1950 + number}-{1951 + number}"
            # A page finds the body as it stands by now.
            self.bodies[voted.seat[1]].refresh_from_db()
            contest, seen = next_attempt(kind, self.bodies[voted.seat[1]], term), 0
        else:
            contest = self.contests[number]
            seen = contest.revision
        facts = {"held_on": voted.day, "present": 50, "outcome": "held" if voted.is_won else "failed"}
        office = "secretary" if voted.seat[0] == SECRETARY else ""
        stood = Stood(self.people[voted.person], "", office, 40 if voted.is_won else 9, voted.is_won)
        made = record_result(contest, facts, [stood], seen=seen)
        self.contests[number:] = [made, *self.contests[number + 1 :]]

    def hand_over(self, seat, person: int, day: date) -> None:
        replace_holder(self.running(seat), person=self.people[person], on=day, way_out=WayOut.TERM_ENDED)

    def appoint(self, seat, person: int, day: date) -> None:
        way = WayIn.APPOINTED if seat[0] == SECRETARY else WayIn.INTERIM
        begin_tenures(
            [
                Tenure(
                    person=self.people[person], office=seat[0], starts_on=day, way_in=way, **self.place(seat)
                )
            ]
        )

    def die(self, person: int, day: date) -> None:
        # One of them is told of; the others end by it.
        for tenure in Tenure.objects.filter(person=self.people[person], ends_on=None)[:1]:
            end_tenure(tenure, last_day=day, way_out=WayOut.DIED)

    def merge(self, one: str, other: str, into: str, day: date) -> None:
        event = event_of(self.commune, effective_on=day)
        units = [self.bodies[one], self.bodies[other]]
        line(event, LineKind.FOUND, units=units, name=f"Mới {into[1:]}", unit_kind="ap", on=day)
        carry_out(event)
        self.bodies[into] = Unit.objects.get(name=f"Mới {into[1:]}")

    def join(self, cell: str, into: str, day: date) -> None:
        event = event_of(self.commune, effective_on=day)
        line(event, LineKind.CELL_JOIN, cells=[self.bodies[cell]], cell=self.bodies[into], on=day)
        carry_out(event)

    def seats(self) -> dict[tuple[str, str], set]:
        keys = {(type(body), body.pk): key for key, body in self.bodies.items()}
        people = {person.pk: number for number, person in enumerate(self.people)}
        found: dict[tuple[str, str], set] = {}
        for tenure in Tenure.objects.filter(office__in=[Office.SECRETARY, Office.HAMLET_HEAD]):
            body = (Cell, tenure.cell_id) if tenure.cell_id else (Unit, tenure.hamlet_id)
            held = (people[tenure.person_id], tenure.starts_on, tenure.ends_on, tenure.way_out)
            found.setdefault((tenure.office, keys[body]), set()).add(held)
        return found

    def merged_on(self, day: date) -> set[str]:
        keys = {body.pk: key for key, body in self.bodies.items() if key[0] == "h"}
        rows = HAMLETS.rows(Frame(self.commune, day)).filter(merged=True)
        return {keys[pk] for pk in rows.values_list("unit", flat=True)}


# --- Playing ------------------------------------------------------------------------------

# What happens, where, by whom, how many days after the last thing – or before it, entered late.
ACTS = ("vote", "vote", "vote", "correct", "correct", "hand_over", "appoint", "die", "merge", "join")
steps = st.tuples(
    st.sampled_from(ACTS),
    st.integers(0, 11),
    st.integers(0, PEOPLE - 1),
    st.integers(-20, 60),
    st.sampled_from((True, True, True, False)),
)


def play(story) -> None:
    model, played = Model(), Played()
    played.open(model)
    for step in story:
        act = _act(model, *step)
        if act is None:
            continue
        name, *how = act
        after = copy.deepcopy(model)
        try:
            _in_model(after, name, how)
            is_allowed = True
        except Refused:
            is_allowed = False
        is_done = _done(played, name, how)
        assert is_done == is_allowed, act
        model = after if is_allowed else model
        _agree(model, played, how)


def _act(model: Model, kind: str, where: int, who: int, later: int, is_won: bool):
    """Return what happens in the state that the story has reached; None where nothing can."""
    day = model.last_day() + timedelta(days=later)
    seats = sorted(model.seats)
    seat = seats[where % len(seats)]
    if who in model.dead:
        return None
    if kind == "vote":
        return kind, len(model.contests), Voted(seat, day, who, is_won)
    if kind == "correct":
        if not model.contests:
            return None
        number = where % len(model.contests)
        was = model.contests[number]
        day = was.day + timedelta(days=later % 5)
        return "vote", number, Voted(was.seat, day, who if later % 2 else was.person, is_won)
    if kind in ("hand_over", "appoint"):
        running = model.running(seat)
        if (running is not None) != (kind == "hand_over"):
            return None
        return kind, seat, who, day
    if kind == "die":
        return kind, who, day
    day = model.last_day() + timedelta(days=abs(later) + 1)
    return _merger(model, kind, where, day)


def _merger(model: Model, kind: str, where: int, day: date):
    if kind == "merge":
        hamlets = model.standing("h")
        if len(hamlets) < 2:
            return None
        one = hamlets.pop(where % len(hamlets))
        return kind, one, hamlets[where % len(hamlets)], f"h{len(model.lives)}", day
    # Cells of one hamlet go together, some time after the hamlets did.
    beside = [
        (one[0], other[0])
        for one in model.areas
        for other in model.areas
        if one[1] == other[1] and one[0] != other[0] and one[3] == other[3] == FOREVER
    ]
    return (kind, *beside[where % len(beside)], day) if beside else None


def _in_model(model: Model, name: str, how: list) -> None:
    if name == "vote":
        number, voted = how
        model.contests[number:] = [voted, *model.contests[number + 1 :]]
        model.vote(number)
    else:
        getattr(model, name)(*how)


def _done(played: Played, name: str, how: list) -> bool:
    try:
        with transaction.atomic(), recording(reason=name):
            getattr(played, name)(*how)
    except (ValidationError, IntegrityError):
        if name == "vote" and how[0] < len(played.contests):
            played.contests[how[0]].refresh_from_db()
        return False
    return True


def _agree(model: Model, played: Played, how: list) -> None:
    expected = {
        seat: {(held.person, held.first, held.last, held.way_out) for held in some}
        for seat, some in model.seats.items()
        if some
    }
    assert played.seats() == expected
    assert not list(problems())
    last = model.last_day()
    for day in {last, last - ONE_DAY, last - timedelta(days=15)}:
        assert played.merged_on(day) == model.merged_on(day), day


# A story is read as it is: making it shorter takes minutes, for each step is a real one.
UNHURRIED = {
    "deadline": None,
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
}


def play_for_a_while(story) -> None:
    with transaction.atomic():
        play(story)
        transaction.set_rollback(True)


@settings(max_examples=4, **UNHURRIED)
@given(story=st.lists(steps, min_size=4, max_size=10))
def test_seats_are_those_of_the_model(story):
    play_for_a_while(story)


@pytest.mark.soak
@settings(max_examples=3000, **UNHURRIED)
@given(story=st.lists(steps, min_size=6, max_size=25))
def test_seats_are_those_of_the_model_in_long_stories(story):
    play_for_a_while(story)
