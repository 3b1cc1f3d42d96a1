"""Recording what came out of a congress or election, and correcting it: facts, candidates and seats in one act."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import delete_many
from accounts.refusals import check_deferred
from cells.models import Cell, Unit
from cells.models.lifetimes import lock_bodies, refuse_outside_life
from leaders.contests.checking import faults, order_faults, unnamed
from leaders.contests.elected import office_of
from leaders.contests.seats import Moves, take_office
from leaders.models import Candidacy, Contest, Person
from leaders.models.gone import gone_before
from sheets.text import fold

FACTS = ("planned_on", "held_on", "method", "entitled", "present", "ballots", "outcome", "decision", "note")


@dataclass(frozen=True)
class Stood:
    """Somebody who stood, as it was entered: a person, or a name where there is no record."""

    person: Person | None = None
    name: str = ""
    office: str = ""
    votes: int | None = None
    elected: bool = False

    @property
    def key(self):
        return self.person.pk if self.person else fold(self.name)


class Refused(ValidationError):
    """What was entered contradicts itself: sentences by field, or by (number of the candidate, field)."""

    def __init__(self, by_field: Mapping[object, list[str]]):
        self.by_field = by_field
        super().__init__([sentence for some in by_field.values() for sentence in some])


class Conflict(ValidationError):
    """Somebody has changed the same contest since it was read."""


@transaction.atomic
def record_result(contest: Contest, facts: Mapping, stood: Iterable[Stood], *, seen: int) -> Contest:
    """Record or correct a result; those elected come into office, those before them leave.

    ``contest`` may be new: the first of its term, or the one that is run again. ``seen`` is the revision that was
    read; ``moves`` of what is returned says what became of the seats. Raises Conflict, Refused, or ValidationError with what stands in the way.
    """
    contest = _as_it_stands(contest, seen)
    stood = list(stood)
    _refuse_twice(stood)
    known = list(contest.candidacies.select_related("person")) if contest.pk else []
    moves_seats = not is_recorded_only(contest)
    was_unnamed = unnamed(contest, known)
    for name, value in facts.items():
        setattr(contest, name, value)
    candidates = [_candidacy(one, contest, known) for one in stood]
    _refuse_faults(contest, candidates, may_be_unnamed=was_unnamed)
    if contest.held_on:
        refuse_outside_life([(contest.cell or contest.hamlet, contest.held_on, contest.held_on)])
    if contest.pk:
        contest.revision += 1
    contest.clean_fields(exclude=["cell", "hamlet", "decision"])
    contest.save()
    _write_candidates(contest, candidates, known)
    contest.moves = take_office([contest]) if moves_seats else Moves()
    check_deferred()
    return contest


def is_recorded_only(contest: Contest) -> bool:
    """Whether the result, as it is recorded, moved no seats: one of a past term, whose seats are entered otherwise."""
    if contest.pk is None or contest.outcome != Contest.Outcome.HELD or contest.tenures.exists():
        return False
    # To an office that is not known nobody comes: what a later row says of it moves the seats.
    return any(office_of(one) for one in contest.candidacies.filter(elected=True))


def _as_it_stands(contest: Contest, seen: int) -> Contest:
    """Return the contest locked after its body, unless somebody was quicker."""
    lock_bodies([contest])
    if contest.pk is None:
        others = attempts(contest)
        if others.exclude(outcome=Contest.Outcome.FAILED).exists() or others.count() != seen:
            raise Conflict(told_who_was_first(others.order_by("-pk").first()))
        return contest
    now = (
        Contest.objects.select_for_update(of=("self",))
        .select_related("cell", "hamlet")
        .filter(pk=contest.pk)
        .first()
    )
    if now is None:
        raise Conflict(_("This was taken out of the plan meanwhile. Open the page again."))
    if now.revision != seen:
        raise Conflict(told_who_was_first(now))
    return now


def attempts(contest: Contest):
    """Return all contests of the body and term."""
    return Contest.objects.filter(
        kind=contest.kind, cell=contest.cell, hamlet=contest.hamlet, term=contest.term
    )


def attempts_beside(contests: Iterable[Contest]) -> dict[int | None, list[Contest]]:
    """Return the other contests of the same body and term, by the key of each."""
    contests = list(contests)
    bodies = [{getattr(one, name) for one in contests} - {None} for name in ("cell_id", "hamlet_id")]
    of_term: dict[tuple, list[Contest]] = defaultdict(list)
    for one in Contest.objects.filter(Q(cell__in=bodies[0]) | Q(hamlet__in=bodies[1])).order_by("pk"):
        of_term[one.cell_id, one.hamlet_id, one.term].append(one)
    return {
        one.pk: [other for other in of_term[one.cell_id, one.hamlet_id, one.term] if other.pk != one.pk]
        for one in contests
    }


def told_who_was_first(contest: Contest | None) -> str:
    change = contest and contest.history.select_related("change_set").order_by("history_id").last()
    if not change:
        return _("This was changed meanwhile. Open the page again.")
    return _("%(who)s recorded this at %(time)s, after it was opened here. Which values are to stay?") % {
        "who": change.change_set.by_name or _("Somebody"),
        "time": f"{timezone.localtime(change.history_date):%H:%M %d/%m/%Y}",
    }


def _refuse_twice(stood: list[Stood]) -> None:
    seen: set = set()
    for number, one in enumerate(stood):
        if one.key in seen:
            raise Refused({(number, "who"): [_("This person is among the candidates already.")]})
        seen.add(one.key)


def _candidacy(one: Stood, contest: Contest, known: list[Candidacy]) -> Candidacy:
    """Return the candidacy as it was entered: the recorded one of that person or name, or a new one."""
    for candidacy in known:
        if (candidacy.person_id or fold(candidacy.name)) == one.key:
            break
    else:
        candidacy = Candidacy(person=one.person, name="" if one.person else one.name)
    candidacy.contest = contest
    candidacy.office = one.office if contest.kind == Contest.Kind.CONGRESS else ""
    candidacy.votes, candidacy.elected = one.votes, one.elected
    return candidacy


def _refuse_faults(contest: Contest, candidates: list[Candidacy], *, may_be_unnamed: bool) -> None:
    by_field: dict[object, list[str]] = {}
    # Of past terms files may know no more than that it was held: that may be corrected as it is.
    if unnamed(contest, candidates) and not may_be_unnamed:
        by_field["outcome"] = [_("Mark who was elected, or choose “failed”.")]
    for at, sentence in faults(contest, candidates, attempts_beside([contest])[contest.pk]):
        if isinstance(at, tuple):
            at = (candidates.index(at[0]), at[1])
        by_field.setdefault(at, []).append(sentence)
    takings = {one.taking: number for number, one in enumerate(candidates) if one.person_id}
    for taking, sentence in gone_before(takings):
        by_field.setdefault((takings[taking], "who"), []).append(sentence)
    for number, one in enumerate(candidates):
        try:
            one.clean_fields(exclude=["contest", "person"])
        except ValidationError as error:
            by_field.setdefault((number, "who"), []).extend(error.messages)
        if one.elected and contest.kind == Contest.Kind.CONGRESS and not one.office:
            by_field.setdefault((number, "office"), []).append(_("Choose what the person was elected to."))
    if by_field:
        raise Refused(by_field)


def _write_candidates(contest: Contest, candidates: list[Candidacy], known: list[Candidacy]) -> None:
    gone = [one.pk for one in known if one not in candidates]
    if gone:
        delete_many(Candidacy.objects.filter(pk__in=gone))
    # Who is secretary no longer is written first: a congress has one at any time.
    for one in sorted(candidates, key=attrgetter("is_elected_secretary")):
        one.contest = contest
        one.save()


@transaction.atomic
def postpone(contest: Contest, day: date | None, *, seen: int) -> Contest:
    """Plan a contest for another day; nothing else of it changes."""
    contest = _as_it_stands(contest, seen)
    if contest.outcome != Contest.Outcome.PLANNED:
        raise Conflict(told_who_was_first(contest))
    contest.planned_on = day
    if out_of_order := dict(order_faults(contest, attempts_beside([contest])[contest.pk])):
        raise Refused({at: [sentence] for at, sentence in out_of_order.items()})
    if contest.pk:
        contest.revision += 1
    contest.save()
    return contest


@transaction.atomic
def drop_plan(contest: Contest, *, seen: int) -> None:
    """Take a planned contest out of the plan; what has been held is corrected, not taken out."""
    contest = _as_it_stands(contest, seen)
    if contest.outcome != Contest.Outcome.PLANNED:
        raise ValidationError(_("It has been held. Correct the result instead."))
    delete_many(Contest.objects.filter(pk=contest.pk))


def next_attempt(kind: str, body: Cell | Unit, term: str) -> Contest:
    """Return a new contest of the body, not yet written: the first of the term, or one that is run again."""
    return Contest(kind=kind, term=term, **{"cell" if isinstance(body, Cell) else "hamlet": body})
