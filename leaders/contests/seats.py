"""Who comes into office by a congress or election, and who leaves: worked out anew from what is recorded.

Recording, correcting and taking back a result are one act: what the contest brought about before is lifted in
memory, what it says now is put in its place, and the difference is written. Nothing is written while anything
that came later stands in the way.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.history import batches, delete_many, update_many
from accounts.validation import load_related
from cells.dated import ONE_DAY
from cells.models.lifetimes import lock_bodies, refuse_outside_life
from leaders.actions import begin_tenures
from leaders.contests.elected import elected_by, give_records, know_members, office_of
from leaders.locks import lock_people
from leaders.models import (
    SINGLE_SEATS,
    Candidacy,
    Contest,
    Office,
    Person,
    Tenure,
    WayIn,
    WayOut,
    two_in_one_seat,
)
from leaders.models.gone import refuse_gone_holders, refuse_left_running, seats_that_tell_deaths

FIELDS = (
    "person",
    "starts_on",
    "seen_on",
    "ends_on",
    "way_in",
    "way_out",
    "term",
    "decision",
    "contest",
    "ended_by",
)
WAY_IN = {Contest.Kind.CONGRESS: WayIn.CONGRESS, Contest.Kind.HEAD_ELECTION: WayIn.ELECTED}


@dataclass
class Moves:
    """What became of the seats: tenures that begin, that are written differently, that are taken out."""

    begun: list[Tenure] = field(default_factory=list)
    changed: list[Tenure] = field(default_factory=list)
    removed: list[Tenure] = field(default_factory=list)
    # Who got a record by it.
    new_people: list[Person] = field(default_factory=list)

    def sentences(self) -> list[str]:
        """Say of each seat who holds it from when, or until when, and who is not recorded in it any more."""
        told = [_("%(seat)s: %(person)s is not recorded any more") % _words(one) for one in self.removed]
        for one in (*self.changed, *self.begun):
            if one.ends_on is None:
                told.append(
                    _("%(seat)s: %(person)s, in office from %(first)s") % _words(one, self.new_people)
                )
            else:
                told.append(_("%(seat)s: %(person)s, last day %(last)s") % _words(one, self.new_people))
        return told


def _words(tenure: Tenure, new_people: Collection[Person] = ()) -> dict:
    first, person = tenure.starts_on or tenure.seen_on, tenure.person
    if person in new_people:
        person = _("%(person)s (new record)") % {"person": person}
    return {
        "seat": tenure.seat_name,
        "person": person,
        "first": f"{first:%d/%m/%Y}" if first else "…",
        "last": f"{tenure.ends_on:%d/%m/%Y}" if tenure.ends_on else "…",
    }


@transaction.atomic
def take_office(contests: Iterable[Contest]) -> Moves:
    """Let those whom these contests elected come into office on the day, and whoever was there before leave.

    Raises ValidationError with the list of what stands in the way.
    """
    contests = list(contests)
    load_related(contests, "cell", "hamlet", "decision")
    lock_bodies(contests)
    elected = elected_by(contests)
    new_people = give_records(elected)
    _lock_people(contests, elected)
    know_members(elected)
    seats = _tenures_of(contests)
    plan = _Plan(_Deaths(elected, seats))
    # Of one body the earlier goes first: the later one ends what it began.
    for contest in sorted(contests, key=lambda one: (one.held_on or date.max, one.pk)):
        plan.apply(contest, elected[contest.pk], seats[contest.cell_id, contest.hamlet_id])
    plan.refuse_two_in_one_seat(seats.values())
    if plan.obstacles:
        raise ValidationError(list(dict.fromkeys(plan.obstacles)))
    moves = plan.write(seats.values())
    moves.new_people = new_people
    return moves


def _lock_people(contests: list[Contest], elected: dict[int, list[Candidacy]]) -> None:
    """Lock whoever may come into office, or be let run on: a death that is told meanwhile is seen, or sees this."""
    ended = Tenure.objects.filter(ended_by__in=contests).values_list("person", flat=True)
    lock_people(chain(ended, (one.person_id for some in elected.values() for one in some)))


def _tenures_of(contests: list[Contest]) -> dict[tuple, list[Tenure]]:
    """Return all tenures of the offices that these bodies elect, by body, locked."""
    found: dict[tuple, list[Tenure]] = defaultdict(list)
    cells, hamlets = ({getattr(one, name) for one in contests} - {None} for name in ("cell_id", "hamlet_id"))
    for keys, condition in (
        (cells, lambda some: Q(cell__in=some)),
        (hamlets, lambda some: Q(hamlet__in=some, office__in=[Office.HAMLET_HEAD, Office.DEPUTY_HEAD])),
    ):
        for some in batches(sorted(keys)):
            rows = Tenure.objects.filter(condition(some)).select_related("person", "cell", "hamlet")
            for tenure in rows.select_for_update(of=("self",)).order_by("pk"):
                tenure.before = _state(tenure)
                found[tenure.cell_id, tenure.hamlet_id].append(tenure)
    return found


def _state(tenure: Tenure) -> tuple:
    return tuple(getattr(tenure, Tenure._meta.get_field(name).attname) for name in FIELDS)


class _Deaths:
    """Who of those elected, and of those who held the seats of these bodies, has died, and of whom others tell it."""

    def __init__(self, elected: dict[int, list[Candidacy]], seats: dict[tuple, list[Tenure]]):
        there = [tenure for some in seats.values() for tenure in some]
        people = {one.person_id for some in (*elected.values(), there) for one in some}
        told = seats_that_tell_deaths(people)
        here = {tenure.pk for tenure in there}
        self.days = dict(told.values())
        self.told_elsewhere = {person for pk, (person, _day) in told.items() if pk not in here}

    def is_told_beside(self, tenure: Tenure, seats: list[Tenure]) -> bool:
        """Whether the death that ended this seat stays known when the seat is written otherwise."""
        others = (one for one in seats if one is not tenure and one.person_id == tenure.person_id)
        return tenure.person_id in self.told_elsewhere or any(one.way_out == WayOut.DIED for one in others)


class _Plan:
    """What becomes of the seats, worked out in memory, and what stands in the way."""

    def __init__(self, deaths: _Deaths):
        self.deaths = deaths
        self.obstacles: list[str] = []
        self.removed: list[Tenure] = []

    # --- One contest ------------------------------------------------------------------

    def apply(self, contest: Contest, elected: list[Candidacy], seats: list[Tenure]) -> None:
        self._lift(contest, seats)
        mine = [tenure for tenure in seats if tenure.contest_id == contest.pk]
        matched = self._matched(contest, elected, mine, seats)
        for tenure in mine:
            if tenure not in matched.values():
                self._remove(tenure, seats)
        for (office, person), tenure in matched.items():
            if tenure is None:
                tenure = self._new(contest, office, seats)
            self._fill(tenure, contest, person)
        if elected:
            self._end_others(contest, seats, {one.person_id for one in elected})
            self._end_with_the_committee(contest, seats)

    def _lift(self, contest: Contest, seats: list[Tenure]) -> None:
        """Let those whom this contest ended run on again, if nobody has said otherwise since."""
        begun = {tenure.starts_on for tenure in seats if tenure.contest_id == contest.pk}
        for tenure in seats:
            if tenure.ended_by_id != contest.pk:
                continue
            is_as_left = tenure.way_out == WayOut.TERM_ENDED and tenure.ends_on + ONE_DAY in begun
            if begun and not is_as_left:
                self._stands_in_the_way(tenure)
            tenure.ends_on, tenure.way_out, tenure.ended_by = None, "", None
            self._end_as_known(tenure)

    def _matched(self, contest, elected, mine: list[Tenure], seats: list[Tenure]) -> dict:
        """Return for each office and person elected the tenure that is recorded of it already, or None."""
        free = list(mine)
        matched: dict[tuple[str, Person], Tenure | None] = {}
        for one in elected:
            seat = (office_of(one), one.person)
            same = [t for t in free if t.office == seat[0] and t.person_id == one.person_id]
            matched[seat] = same[0] if same else None
            free = [tenure for tenure in free if tenure not in same[:1]]
        for seat, tenure in matched.items():
            if tenure is not None:
                continue
            # The seat of one: another person was elected than was recorded. A list of many changes by its names.
            others = [t for t in free if t.office == seat[0] and seat[0] in SINGLE_SEATS]
            known = [t for t in seats if t.contest_id is None and _is_told_by(t, contest, *seat)]
            if known:
                matched[seat] = known[0]
            elif others:
                matched[seat] = others[0]
                free.remove(others[0])
                if not self._runs_on(others[0], seats):
                    self._stands_in_the_way(others[0])
        return matched

    def _remove(self, tenure: Tenure, seats: list[Tenure]) -> None:
        if not self._runs_on(tenure, seats):
            self._stands_in_the_way(tenure)
        seats.remove(tenure)
        self.removed.append(tenure)

    def _new(self, contest: Contest, office: str, seats: list[Tenure]) -> Tenure:
        tenure = Tenure(office=office, cell=contest.cell, hamlet=contest.hamlet)
        tenure.before = None
        seats.append(tenure)
        return tenure

    def _fill(self, tenure: Tenure, contest: Contest, person: Person) -> None:
        day = contest.held_on
        if tenure.person_id != person.pk and tenure.way_out == WayOut.DIED:
            # It ended by the death of somebody else, who was not elected after all.
            tenure.ends_on, tenure.way_out = None, ""
        if tenure.ends_on is not None and tenure.ends_on < day:
            self.obstacles.append(
                _("%(seat)s: %(person)s left office on %(day)s, before the day that is entered.")
                % {"seat": tenure.seat_name, "person": tenure.person, "day": f"{tenure.ends_on:%d/%m/%Y}"}
            )
            return
        tenure.person, tenure.starts_on, tenure.seen_on = person, day, None
        tenure.way_in, tenure.term = WAY_IN[contest.kind], contest.term
        tenure.decision, tenure.contest = contest.decision or tenure.decision, contest
        if tenure.ends_on is None:
            self._end_as_known(tenure)

    def _end_others(self, contest: Contest, seats: list[Tenure], elected: set[int]) -> None:
        """Whoever was in office leaves the day before: a congress ends the whole committee.

        Of the deputies of a head, whom nobody elects, only the one who is head now is no deputy any more.
        """
        day = contest.held_on
        for tenure in seats:
            if tenure.office == Office.DEPUTY_HEAD and tenure.person_id not in elected:
                continue
            first, last = tenure.known_days
            # Whose end is recorded, or who came later, is left: two in one seat are refused in the end.
            if tenure.contest_id != contest.pk and first < day <= last and self._runs_on(tenure, seats):
                tenure.ends_on, tenure.way_out, tenure.ended_by = day - ONE_DAY, WayOut.TERM_ENDED, contest

    def _end_with_the_committee(self, contest: Contest, seats: list[Tenure]) -> None:
        """Entered late: the next congress has ended the whole committee, so also whom this one elected to it."""
        later = [
            tenure
            for tenure in seats
            if tenure.contest_id not in (None, contest.pk) and tenure.known_days[0] > contest.held_on
        ]
        if not later:
            return
        next_one = min(later, key=lambda tenure: tenure.known_days[0])
        day = next_one.known_days[0]
        for tenure in seats:
            # Two in one seat are refused in the end: who of them is to stay somebody has to say.
            if tenure.contest_id != contest.pk or tenure.office in SINGLE_SEATS:
                continue
            if day <= tenure.known_days[1] and self._runs_on(tenure, seats):
                tenure.ends_on, tenure.way_out, tenure.ended_by = (
                    day - ONE_DAY,
                    WayOut.TERM_ENDED,
                    next_one.contest,
                )

    def _runs_on(self, tenure: Tenure, seats: list[Tenure]) -> bool:
        """Whether nothing ended it but what ends every seat: the end of its cell or hamlet, a death told beside it."""
        if tenure.ends_on is None:
            return True
        if tenure.way_out == WayOut.DIED:
            return self.deaths.is_told_beside(tenure, seats)
        return tenure.way_out == WayOut.MERGED and tenure.ends_on == tenure.body.closed_on

    def _end_as_known(self, tenure: Tenure) -> None:
        """Entered late: no seat goes on beyond its cell or hamlet, and none beyond the life of its holder."""
        first, last = tenure.known_days
        if tenure.body.closed_on is not None:
            last = tenure.body.closed_on
            tenure.ends_on, tenure.way_out = last, WayOut.MERGED
        died_on = self.deaths.days.get(tenure.person_id)
        if died_on is not None and first <= died_on < last:
            tenure.ends_on, tenure.way_out = died_on, WayOut.DIED

    def _stands_in_the_way(self, tenure: Tenure) -> None:
        said = _words(tenure)
        if tenure.way_out:
            said["last"] += f" ({WayOut(tenure.way_out).label})"
        self.obstacles.append(
            _("%(seat)s: %(person)s is recorded from %(first)s to %(last)s. Correct that first.") % said
        )

    # --- All of them ------------------------------------------------------------------

    def refuse_two_in_one_seat(self, bodies: Iterable[list[Tenure]]) -> None:
        if self.obstacles:
            return
        for one, other in two_in_one_seat([tenure for seats in bodies for tenure in seats]):
            # What was recorded by itself stands in the way of what the contest brings.
            other = one if other.contest_id and not one.contest_id else other
            self._stands_in_the_way(other)

    def write(self, bodies: Iterable[list[Tenure]]) -> Moves:
        rows = [tenure for seats in bodies for tenure in seats]
        changed = [t for t in rows if t.before is not None and t.before != _state(t)]
        new = [tenure for tenure in rows if tenure.before is None]
        refuse_outside_life((tenure.body, *tenure.days_in_office) for tenure in changed)
        for some in batches([tenure.pk for tenure in self.removed if tenure.before is not None]):
            delete_many(Tenure.objects.filter(pk__in=some))
        # Those who leave go first: a seat is never held by two, not even while this is written.
        for some in ([t for t in changed if t.ends_on], [t for t in changed if not t.ends_on]):
            update_many(Tenure, some, list(FIELDS))
        refuse_left_running(refuse_gone_holders(changed))
        return Moves(begin_tenures(new), changed, self.removed)


def _is_told_by(tenure: Tenure, contest: Contest, office: str, person: Person) -> bool:
    """Whether a tenure that was entered by itself is the one this contest began: same person, same day."""
    if tenure.office != office or tenure.person_id != person.pk:
        return False
    if tenure.starts_on is not None:
        return tenure.starts_on == contest.held_on
    return tenure.seen_on is not None and tenure.seen_on >= contest.held_on
