"""A round of elections and congresses under way in the sample commune: every state of the board is met once."""

from collections.abc import Iterator
from datetime import date, timedelta

from cells.models import Decision, Unit
from desk.samples.names import People
from desk.samples.places import Settlement
from leaders.actions import add_people
from leaders.contests.planning import Plan, carry_out
from leaders.contests.results import Stood, next_attempt, record_result
from leaders.models import Contest, ContestOffice, Office, Person, Tenure

Kind, Method, Outcome = Contest.Kind, Contest.Method, Contest.Outcome
SPREAD = timedelta(days=1)
# How long before today the first election was, and how long after it the first congress.
BEGUN, BETWEEN = timedelta(days=24), timedelta(days=10)
# Of the hamlets in a row: how many are left out of the plan, have elected, have held their congress.
UNPLANNED, ELECTED, CONGRESSES = 1, 9, 5


class Elections:
    """The term that begins this year, hamlet by hamlet."""

    def __init__(self, commune: Unit, places: list[Settlement], day: date):
        self.commune, self.day = commune, day
        self.places = places[UNPLANNED:]
        self.term = f"{day.year}-{day.year + 3}"
        self.people = People(seed=2027)
        self.chance = self.people.chance
        self.first = day - BEGUN

    def run(self) -> None:
        carry_out(self._plan())
        failed, again, won_later, *held = self.places[: ELECTED + 3]
        self._fail(failed)
        self._fail(again)
        next_one = next_attempt(Kind.HEAD_ELECTION, again.hamlet, self.term)
        next_one.planned_on = self.day + timedelta(days=4)
        next_one.save()
        self._fail(won_later)
        self._elect(won_later, self._leader(won_later), self.day - timedelta(days=9))
        for number, place in enumerate(held):
            self._elect(place, self._leader(place), self._election_day(place))
            if number < CONGRESSES:
                self._congress(place, self._leader(place), self._congress_day(place))
        # The congress of one cell elected somebody else than the households.
        (other,) = add_people([self.people.member(self.commune)])
        self._congress(held[CONGRESSES], other, self._congress_day(held[CONGRESSES]))

    def _plan(self) -> Plan:
        return Plan(self.term, list(self._planned()))

    def _planned(self) -> Iterator[Contest]:
        for place in self.places:
            yield Contest(
                kind=Kind.HEAD_ELECTION,
                hamlet=place.hamlet,
                term=self.term,
                planned_on=self._election_day(place),
            )
            yield Contest(
                kind=Kind.CONGRESS, cell=place.cell, term=self.term, planned_on=self._congress_day(place)
            )

    def _election_day(self, place: Settlement) -> date:
        return self.first + SPREAD * self.places.index(place)

    def _congress_day(self, place: Settlement) -> date:
        return self._election_day(place) + BETWEEN

    def _leader(self, place: Settlement) -> Person:
        """Return who leads the hamlet now; households and cell mostly stay with that person."""
        seats = Tenure.objects.filter(ends_on=None, hamlet=place.hamlet, office=Office.HAMLET_HEAD)
        seat = seats.select_related("person").first()
        if seat is not None:
            return seat.person
        (person,) = add_people([self.people.member(self.commune)])
        return person

    def _fail(self, place: Settlement) -> None:
        """The votes are split: nobody gets more than half of those present."""
        rival = str(self.people.anybody(self.commune))
        facts = self._facts(entitled=self.chance.randint(150, 320), day=self._election_day(place))
        stood = [
            Stood(person=self._leader(place), votes=facts["present"] * 45 // 100),
            Stood(name=rival, votes=facts["present"] * 41 // 100),
        ]
        self._record(Kind.HEAD_ELECTION, place, facts | {"outcome": Outcome.FAILED}, stood)

    def _elect(self, place: Settlement, person: Person, day: date) -> None:
        facts = self._facts(entitled=self.chance.randint(150, 320), day=day)
        votes = facts["present"] * self.chance.randint(82, 99) // 100
        self._record(Kind.HEAD_ELECTION, place, facts, [Stood(person=person, votes=votes, elected=True)])

    def _congress(self, place: Settlement, person: Person, day: date) -> None:
        facts = self._facts(entitled=self.chance.randint(14, 40), day=day) | {"method": Method.BALLOT}
        facts["ballots"] = facts["present"]
        votes = facts["present"] - self.chance.randint(0, 2)
        stood = [Stood(person=person, office=ContestOffice.SECRETARY, votes=votes, elected=True)]
        self._record(Kind.CONGRESS, place, facts | {"decision": self._paper()}, stood)

    def _facts(self, *, entitled: int, day: date) -> dict:
        return {
            "held_on": day,
            "method": self.chance.choice((Method.HANDS, Method.BALLOT)),
            "entitled": entitled,
            "present": entitled - entitled // 12,
            "outcome": Outcome.HELD,
        }

    def _paper(self) -> Decision:
        return Decision.objects.recorded(
            "31-QĐ/MẪU", self.day - timedelta(days=2), "Đảng ủy (dữ liệu mẫu)", unit=self.commune
        )

    def _record(self, kind: str, place: Settlement, facts: dict, stood: list[Stood]) -> None:
        body = {"cell": place.cell} if kind == Kind.CONGRESS else {"hamlet": place.hamlet}
        known = Contest.objects.filter(kind=kind, term=self.term, **body)
        contest = known.exclude(outcome=Outcome.FAILED).first()
        seen = contest.revision if contest else known.count()
        record_result(
            contest or next_attempt(kind, next(iter(body.values())), self.term), facts, stood, seen=seen
        )
