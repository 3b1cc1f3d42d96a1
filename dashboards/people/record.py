"""What is known about one person, as far as the reader may see it: the same for the page and for the paper."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef

from cells.dated import ONE_DAY
from dashboards.rows import PersonRow
from evaluations.models import LeaderRating, TitleCase
from leaders.late import tell_late
from leaders.models import SINGLE_SEATS, Commendation, Office, Participation, Person, Tenure, WayOut
from leaders.models.gone import deaths_of


@dataclass(frozen=True)
class LedTitle:
    """A title that a cell held while the person was its secretary, and the days of both."""

    case: TitleCase
    starts_on: date
    # None: held and led to this day.
    ends_on: date | None

    @property
    def was_won(self) -> bool:
        """Whether the cell was recognised while the person led it."""
        return self.case.recognised_on == self.starts_on


@dataclass
class PersonRecord:
    """One person with all that hangs on the record. Every part is one query."""

    person: Person
    user: object
    day: date

    @cached_property
    def row(self) -> PersonRow:
        return PersonRow(self.person, self.user)

    @cached_property
    def tenures(self) -> list[Tenure]:
        """The seats in the reader's scope, or all of them where the record is kept there; the latest first."""
        in_scope = Exists(Tenure.objects.visible_to(self.user).filter(pk=OuterRef("pk")))
        seats = Tenure.objects.told_to(self.user).filter(person=self.person).annotate(in_scope=in_scope)
        seats = seats.for_list().order_by("office", "pk")
        tenures = sorted(seats, key=lambda seat: seat.known_days, reverse=True)
        tell_late(tenures)
        return tenures

    @property
    def seats(self) -> list[Tenure]:
        """Those of today and those to come."""
        seats = [seat for seat in self.tenures if seat.ends_on is None or seat.ends_on >= self.day]
        return sorted(seats, key=lambda seat: (seat.ends_on or date.max, seat.pk))

    @property
    def open_seats(self) -> list[Tenure]:
        """Those that go on in the reader's scope, where they may be ended."""
        return [seat for seat in self.tenures if seat.ends_on is None and seat.in_scope]

    @property
    def seats_alike(self) -> list[str]:
        """The seats of today that one person hardly holds in two places: two headships, two secretariats."""
        running = [seat for seat in self.seats if seat.holds_on(self.day) and seat.office in SINGLE_SEATS]
        offices = Counter(seat.office for seat in running)
        return [seat.seat_name for seat in running if offices[seat.office] > 1]

    @cached_property
    def died_on(self) -> date | None:
        return deaths_of([self.person.pk]).get(self.person.pk)

    @property
    def ended_by_death(self) -> list[Tenure]:
        return [seat for seat in self.tenures if seat.way_out == WayOut.DIED]

    @cached_property
    def ratings(self) -> list[LeaderRating]:
        """The levels of the years: what a commune has not sent is its own."""
        ratings = LeaderRating.objects.visible_to(self.user).latest_editions().filter(person=self.person)
        return list(ratings.select_related("cycle", "decision", "cell").order_by("-cycle__year", "basis"))

    @cached_property
    def led_titles(self) -> list[LedTitle]:
        """The titles of the cells the person led, for as long as both lasted, the latest first."""
        led = [seat for seat in self.tenures if seat.office == Office.SECRETARY]
        cases = (
            TitleCase.objects.visible_to(self.user)
            .filter(cell__in=[seat.cell_id for seat in led], recognised_on__isnull=False)
            .for_list()
        )
        found = [one for case in cases for seat in led if (one := _held_while_led(case, seat))]
        return sorted(found, key=lambda one: (one.starts_on, one.case.pk), reverse=True)

    @cached_property
    def participations(self) -> list[Participation]:
        taken = Participation.objects.visible_to(self.user).filter(person=self.person)
        return list(taken.select_related("course").order_by("-course__starts_on", "-pk"))

    @cached_property
    def commendations(self) -> list[Commendation]:
        given = Commendation.objects.visible_to(self.user).filter(person=self.person)
        return list(given.select_related("decision").order_by("-year", "-pk"))


def _held_while_led(case: TitleCase, seat: Tenure) -> LedTitle | None:
    """Return what a title and a tenure in one cell have in common, if they share a day."""
    if case.cell_id != seat.cell_id:
        return None
    first, last = seat.known_days
    until = case.revoked_on - ONE_DAY if case.revoked_on else date.max
    starts_on, ends_on = max(case.recognised_on, first), min(until, last)
    return (
        LedTitle(case, starts_on, None if ends_on == date.max else ends_on) if starts_on <= ends_on else None
    )
