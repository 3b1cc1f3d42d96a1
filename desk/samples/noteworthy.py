"""Seats that deserve a look, a few of each kind, so that the boards of the province have something to show."""

from collections.abc import Iterator
from datetime import date, timedelta

from accounts.history import update_many
from cells.models import MemberCount
from desk.samples.names import People
from desk.samples.places import Settlement
from desk.samples.seats import front_head, head, secretary
from leaders.actions import add_people, begin_tenures, end_tenure, replace_holder
from leaders.models import Office, Person, Tenure, WayIn, WayOut

_COUNTS = ["total", "official", "probationary", "active", "exempt", "away", "women"]


class Noteworthy:
    """Takes one hamlet after another, each with a seat of both kinds, and changes something in it."""

    def __init__(self, places: list[Settlement], *, day: date):
        self.day = day
        self.people = People(seed=1926)
        self.left = self._with_both_seats(places)

    def _with_both_seats(self, places: list[Settlement]) -> Iterator[tuple[Settlement, Tenure, Tenure]]:
        for place in places:
            running = Tenure.objects.on(self.day).filter(starts_on__lt=self._ago(1000))
            running = running.select_related("person", "cell", "hamlet")
            led = running.filter(cell=place.cell, office=Office.SECRETARY).first()
            headed = running.filter(hamlet=place.hamlet, office=Office.HAMLET_HEAD).first()
            if led and headed:
                yield place, led, headed

    def record(self) -> None:
        """Record two of each kind."""
        for _turn in range(2):
            self._lead_interim_for_long()
            self._let_terms_end_apart()
            self._let_a_term_end_soon()
            self._let_a_term_run_over()
            self._elect_somebody_outside_the_party()
            self._let_the_head_lead_the_front()
            self._leave_the_deputy_in_charge()

    def lose_members(self) -> None:
        """Leave two cells with fewer official members than a cell needs. The members are counted before."""
        counts = [
            count
            for place, _led, _headed in (next(self.left), next(self.left))
            if (count := MemberCount.objects.filter(cell=place.cell).order_by("-day").first())
        ]
        for count in counts:
            count.total, count.official, count.probationary = 3, 2, 1
            count.active, count.exempt, count.away, count.women = 3, 0, 0, 1
        update_many(MemberCount, counts, _COUNTS)

    def _person(self, place: Settlement) -> Person:
        (person,) = add_people([self.people.member(place.home)])
        return person

    def _ago(self, days: int) -> date:
        return self.day - timedelta(days=days)

    def _follow(self, tenure: Tenure, person: Person, **fields) -> Tenure:
        fields = {"on": self._ago(400), "way_out": WayOut.TERM_ENDED, **fields}
        return replace_holder(tenure, person=person, **fields)

    def _lead_interim_for_long(self) -> None:
        place, _led, headed = next(self.left)
        self._follow(
            headed,
            self._person(place),
            on=self._ago(260),
            way_out=WayOut.RELIEVED,
            way_in=WayIn.INTERIM,
        )

    def _term(self, first: int, last: int) -> str:
        return f"{self.day.year + first}-{self.day.year + last}"

    def _let_terms_end_apart(self) -> None:
        """One person in both seats, as secretary for a shorter term than as head."""
        place, led, headed = next(self.left)
        person = self._person(place)
        self._follow(led, person, way_in=WayIn.CONGRESS, term=self._term(-1, 1))
        self._follow(headed, person, way_in=WayIn.ELECTED, term=self._term(-1, 4))

    def _let_a_term_end_soon(self) -> None:
        place, led, headed = next(self.left)
        last_day = self._ago(401)
        end_tenure(led, last_day=last_day, way_out=WayOut.TERM_ENDED)
        end_tenure(headed, last_day=last_day, way_out=WayOut.TERM_ENDED)
        person, days = self._person(place), {"starts_on": self._ago(400)}
        begin_tenures(
            [
                secretary(person, place, **days, ends_on=self.day + timedelta(days=45)),
                head(person, place, **days, ends_on=self.day + timedelta(days=60)),
            ]
        )

    def _let_a_term_run_over(self) -> None:
        place, led, headed = next(self.left)
        person = self._person(place)
        for tenure, way_in in ((led, WayIn.CONGRESS), (headed, WayIn.ELECTED)):
            self._follow(tenure, person, on=self._ago(900), way_in=way_in, term=self._term(-3, -1))

    def _elect_somebody_outside_the_party(self) -> None:
        place, _led, headed = next(self.left)
        (outside,) = add_people([self.people.no_member(place.home)])
        self._follow(headed, outside, way_in=WayIn.ELECTED, term=self._term(-1, 4))

    def _let_the_head_lead_the_front(self) -> None:
        place, _led, headed = next(self.left)
        begin_tenures([front_head(headed.person, place, starts_on=self._ago(500), term=self._term(-1, 4))])

    def _leave_the_deputy_in_charge(self) -> None:
        place, led, _headed = next(self.left)
        deputy = Tenure(
            person=self._person(place),
            office=Office.DEPUTY_SECRETARY,
            cell=place.cell,
            starts_on=self._ago(400),
            way_in=WayIn.CONGRESS,
        )
        begin_tenures([deputy])
        end_tenure(led, last_day=self._ago(30), way_out=WayOut.TRANSFERRED)
