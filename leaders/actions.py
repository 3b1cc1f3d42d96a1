"""Changes to people and seats that touch several rows and happen together, or not at all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.history import batches, create_many, delete_many, update_many
from accounts.validation import clean_many, load_related
from cells.dated import ONE_DAY
from cells.models import Decision
from cells.models.lifetimes import lock_bodies, refuse_outside_life
from leaders.follow_up.grants import follow_grants
from leaders.follow_up.rules import refuse_dead, refuse_twice, refuse_visits_outside
from leaders.locks import lock_assignments, lock_seats
from leaders.models import (
    ONE_HEAD,
    SINGLE_SEATS,
    Assignment,
    Candidacy,
    Contest,
    Person,
    Tenure,
    WayOut,
    two_in_one_seat,
)
from leaders.models.gone import deaths_of, refuse_gone, refuse_gone_holders, refuse_left_running


@transaction.atomic
def add_people(people: Iterable[Person]) -> list[Person]:
    """Add people, their words cleaned and their keys filled."""
    people = list(people)
    load_related(people, "keeper")
    for person in people:
        person.prepare()
    clean_many(people)
    return create_many(Person, people)


@transaction.atomic
def begin_tenures(tenures: Iterable[Tenure]) -> list[Tenure]:
    """Record tenures, past or running; refuse two people in one seat on one day."""
    tenures = list(tenures)
    load_related(tenures, "person", "cell", "hamlet")
    lock_seats(tenures, dying=[one.person_id for one in tenures if one.way_out == WayOut.DIED])
    clean_many(tenures, clean=Tenure.clean_body)
    refuse_outside_life((tenure.body, *tenure.days_in_office) for tenure in tenures if tenure.body)
    refuse_taken_seats(tenures)
    made = create_many(Tenure, tenures)
    dead = refuse_gone_holders(made)
    end_by_death(made)
    refuse_left_running(dead)
    return made


def refuse_taken_seats(tenures: list[Tenure]) -> None:
    """Compare these tenures, new or written already, with each other and with all recorded for their seats."""
    new = [tenure for tenure in tenures if tenure.pk is None]
    recorded: dict[int, Tenure] = {}
    for some in batches([tenure for tenure in tenures if tenure.office in SINGLE_SEATS]):
        same_bodies = Q(cell__in={t.cell_id for t in some} - {None}) | Q(
            hamlet__in={t.hamlet_id for t in some} - {None}
        )
        recorded |= Tenure.objects.filter(same_bodies, office__in=SINGLE_SEATS).for_list().in_bulk()
    faults = [
        other.seat_taken_by(one) if other.pk is None else one.seat_taken_by(other)
        for one, other in two_in_one_seat([*recorded.values(), *new])
        if one in tenures or other in tenures
    ]
    faults += _twins(tenures)
    if faults:
        raise ValidationError(faults)


def _twins(tenures: list[Tenure]) -> Iterator[str]:
    """Say who would be deputy, or member of a committee, twice at once in one body."""
    of_many = [tenure for tenure in tenures if tenure.office not in SINGLE_SEATS]
    held: dict[tuple, list[Tenure]] = defaultdict(list)
    for some in batches(sorted({tenure.person_id for tenure in of_many})):
        for tenure in Tenure.objects.filter(person__in=some).exclude(office__in=SINGLE_SEATS).for_list():
            held[_seat_of_many(tenure)].append(tenure)
    for tenure in of_many:
        first, last = tenure.known_days
        for other in held[_seat_of_many(tenure)]:
            if other != tenure and other.known_days[0] <= last and first <= other.known_days[1]:
                yield tenure.seat_taken_by(other)
        if tenure.pk is None:
            held[_seat_of_many(tenure)].append(tenure)


def _seat_of_many(tenure: Tenure) -> tuple:
    return tenure.office, tenure.person_id, tenure.cell_id, tenure.hamlet_id


@transaction.atomic
def record_contests(contests: Iterable[Contest]) -> list[Contest]:
    """Record congresses of cells and elections of heads, planned or held."""
    contests = list(contests)
    load_related(contests, "cell", "hamlet")
    lock_bodies(contests)
    clean_many(contests)
    refuse_outside_life((c.cell or c.hamlet, c.held_on, c.held_on) for c in contests if c.held_on)
    return create_many(Contest, contests)


@transaction.atomic
def record_candidacies(candidacies: Iterable[Candidacy]) -> list[Candidacy]:
    """Record who stood, with how many votes. Who comes into office by it: leaders/contests/seats.py."""
    candidacies = list(candidacies)
    load_related(candidacies, "contest", "person")
    clean_many(candidacies, clean=Candidacy.clean_body)
    refuse_gone(one.taking for one in candidacies if one.person_id)
    made = create_many(Candidacy, candidacies)
    refuse_several_heads({candidacy.contest_id for candidacy in made})
    return made


@transaction.atomic
def correct_results(candidacies: Iterable[Candidacy]) -> None:
    """Write office, votes, and who was elected, of candidates that are recorded."""
    candidacies = list(candidacies)
    # Who is secretary no longer is written first: a congress has one, even while this is written.
    secretaries = [one for one in candidacies if one.is_elected_secretary]
    others = [one for one in candidacies if not one.is_elected_secretary]
    for some in (others, secretaries):
        update_many(Candidacy, some, ["office", "votes", "elected"])
    refuse_several_heads({candidacy.contest_id for candidacy in candidacies})


def refuse_several_heads(contests: Iterable[int]) -> None:
    """Refuse that an election of a hamlet head has elected several; whoever writes to one waits for the other."""
    for some in batches(sorted(contests)):
        list(Contest.objects.select_for_update().filter(pk__in=some).order_by("pk").values_list("pk"))
        if Candidacy.objects.filter(contest__in=some).elected_beside_another().exists():
            raise ValidationError(ONE_HEAD)


@transaction.atomic
def assign(assignments: Iterable[Assignment]) -> list[Assignment]:
    """Record who follows which units."""
    assignments = list(assignments)
    load_related(assignments, "person", "unit")
    lock_assignments(assignments)
    clean_many(assignments)
    refuse_outside_life((assignment.unit, *assignment.days) for assignment in assignments)
    refuse_twice(assignments)
    refuse_dead(assignments)
    for assignment in assignments:
        assignment.prepare()
    made = create_many(Assignment, assignments)
    follow_grants(assignment.person_id for assignment in made)
    return made


@transaction.atomic
def correct_assignments(assignments: Iterable[Assignment], fields: Iterable[str]) -> None:
    """Write other days or another organisation of assignments that are recorded."""
    assignments = list(assignments)
    load_related(assignments, "person", "unit")
    lock_assignments(assignments)
    clean_many(assignments)
    refuse_outside_life((assignment.unit, *assignment.days) for assignment in assignments)
    refuse_twice(assignments)
    refuse_visits_outside(assignments)
    refuse_dead(assignments)
    for assignment in assignments:
        assignment.prepare()
    update_many(Assignment, assignments, [*fields, "organisation_key"])
    follow_grants(assignment.person_id for assignment in assignments)


@transaction.atomic
def end_tenure(tenure: Tenure, *, last_day: date, way_out: str, decision: Decision | None = None) -> None:
    """Let a tenure that runs end on this day. The decision is that of the end, where there is one."""
    end_tenures([(tenure, way_out)], last_day=last_day, decision=decision)


@transaction.atomic
def end_tenures(
    leaving: Iterable[tuple[Tenure, str]], *, last_day: date, decision: Decision | None = None
) -> None:
    """Let tenures that run end on one day, each in its way; a death ends with them whatever else it ends."""
    leaving = list(leaving)
    lock_seats(
        [tenure for tenure, _way in leaving],
        dying=[tenure.person_id for tenure, way_out in leaving if way_out == WayOut.DIED],
    )
    ended = []
    for tenure, way_out in leaving:
        tenure = _running(tenure)
        tenure.ends_on, tenure.way_out = last_day, way_out
        tenure.decision = decision or tenure.decision
        tenure.full_clean()
        tenure.save()
        ended.append(tenure)
    end_by_death(ended)
    refuse_left_running(tenure.person_id for tenure in ended)


def end_by_death(told: Iterable[Tenure]) -> None:
    """Let whoever has died, as these tenures tell, leave every office on that day and follow nothing after it.

    It belongs into the transaction in which that is told, after ``lock_seats`` or ``lock_what_ends``: most tell of
    nobody's death, and ask nothing then.
    A death is one fact, whoever records it: it ends what the person holds elsewhere too, in the same act.
    """
    deaths = deaths_of(one.person_id for one in told if one.way_out == WayOut.DIED)
    for some in batches(sorted(deaths)):
        seats = Tenure.objects.filter(person__in=some, ends_on__isnull=True).for_list()
        _write_deaths(seats.select_for_update(of=("self",)).order_by("pk"), deaths)
        _end_following(some, deaths)


def _write_deaths(seats: Iterable[Tenure], deaths: dict[int, date]) -> None:
    seats = list(seats)
    for seat in seats:
        seat.ends_on, seat.way_out = deaths[seat.person_id], WayOut.DIED
        seat.full_clean()
    update_many(Tenure, seats, ["ends_on", "way_out"])


def _end_following(people: list[int], deaths: dict[int, date]) -> None:
    rows = Assignment.objects.filter(person__in=people).select_related("person", "unit")
    rows = rows.select_for_update(of=("self",)).order_by("pk")
    rows = [one for one in rows if one.days[1] > deaths[one.person_id]]
    if not rows:
        return
    begun = [one for one in rows if one.days[0] <= deaths[one.person_id]]
    for one in rows:
        one.ends_on = deaths[one.person_id]
    # What was to begin later never does, unless somebody was there already.
    refuse_visits_outside(rows)
    never = [one.pk for one in rows if one not in begun]
    if never:
        delete_many(Assignment.objects.filter(pk__in=never))
    correct_assignments(begun, ["ends_on"])
    follow_grants(people)


@transaction.atomic
def move_death(tenure: Tenure, *, before: date) -> None:
    """Correct the day of a death, which this tenure tells by now, in all else that ended by it.

    Moved to an earlier day, what is followed after it is ended by ``end_by_death``.
    """
    others = Tenure.objects.filter(person=tenure.person_id, way_out=WayOut.DIED, ends_on=before)
    others = others.exclude(pk=tenure.pk).for_list().select_for_update(of=("self",)).order_by("pk")
    _write_deaths(others, {tenure.person_id: tenure.ends_on})
    if tenure.ends_on > before:
        _follow_until(tenure.ends_on, tenure.person_id, before=before)


def _follow_until(died_on: date, person: int, *, before: date) -> None:
    rows = Assignment.objects.filter(person=person, ends_on=before).select_related("person", "unit")
    rows = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for one in rows:
        one.ends_on = died_on
    correct_assignments(rows, ["ends_on"])


def _running(tenure: Tenure) -> Tenure:
    """Return the tenure as it stands now, locked; refuse one that has ended."""
    tenure = Tenure.objects.select_for_update(of=("self",)).get(pk=tenure.pk)
    if tenure.ends_on is not None:
        raise ValidationError(
            _("%(tenure)s has ended on %(day)s already.")
            % {"tenure": tenure, "day": f"{tenure.ends_on:%d/%m/%Y}"}
        )
    return tenure


@transaction.atomic
def replace_holder(
    tenure: Tenure,
    *,
    person: Person,
    on: date,
    way_out: str,
    way_in: str = "",
    last_day: date | None = None,
    term: str = "",
    decision: Decision | None = None,
    contest: Contest | None = None,
) -> Tenure:
    """Give the seat to somebody else from this day on.

    The tenure before ends the day before, unless ``last_day`` says that the seat stood empty.
    """
    new = Tenure(
        person=person,
        office=tenure.office,
        cell=tenure.cell,
        hamlet=tenure.hamlet,
        starts_on=on,
        way_in=way_in,
        term=term,
        decision=decision,
        contest=contest,
    )
    # Both people at once: two who change places elsewhere at the same moment do not wait for each other.
    lock_seats([tenure, new], dying=[tenure.person_id] if way_out == WayOut.DIED else [])
    end_tenure(tenure, last_day=last_day or on - ONE_DAY, way_out=way_out)
    (new,) = begin_tenures([new])
    return new
