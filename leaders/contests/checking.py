"""What the numbers of a congress or election must agree in, and what deserves a second look."""

from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from leaders.models import ONE_HEAD, Candidacy, Contest, ContestOffice
from sheets.numbers import format_count

# What is wrong, and the field it is told at: of the contest, or (candidate, field).
Fault = tuple[object, str]
Outcome, Kind, Method = Contest.Outcome, Contest.Kind, Contest.Method


def most_votes(contest: Contest) -> int | None:
    """Return how many votes one candidate can have got: one of each ballot, or of each person present."""
    return contest.present if contest.ballots is None else contest.ballots


def won(votes: int, present: int) -> bool:
    """Whether so many votes elect a head: more than half of those present."""
    return votes * 2 > present


def faults(contest: Contest, candidates: Iterable[Candidacy], others: Iterable[Contest] = ()) -> list[Fault]:
    """Return what contradicts itself, or the ``others`` of the same body and term; what is not known does not."""
    candidates = list(candidates)
    found = [*_of_numbers(contest), *order_faults(contest, others)]
    if contest.outcome == Outcome.PLANNED and candidates:
        found.append(
            ("outcome", _("Who stands is recorded only when it has been held, not while it is planned."))
        )
    if contest.outcome != Outcome.HELD:
        found += [
            ((one, "elected"), _("Somebody is elected only where the congress or election was held."))
            for one in candidates
            if one.elected
        ]
    found += _of_votes(contest, candidates)
    found += _of_the_elected(contest, [one for one in candidates if one.elected], candidates)
    return found


def _of_numbers(contest: Contest) -> Iterator[Fault]:
    if contest.outcome != Outcome.PLANNED and contest.held_on is None:
        yield "held_on", _("Enter the day on which it was held.")
    if contest.outcome == Outcome.PLANNED and contest.held_on is not None:
        yield "outcome", _("It was held: choose what came of it, or mark who was elected.")
    if contest.held_on is not None and contest.held_on > timezone.localdate():
        yield "held_on", _("That day has not come yet. Enter today or an earlier day.")
    if None not in (contest.entitled, contest.present) and contest.present > contest.entitled:
        yield "present", _("More were present than were entitled to vote.")
    if contest.method == Method.HANDS and contest.ballots is not None:
        yield "ballots", _("A show of hands has no ballots. Leave this empty, or choose the secret ballot.")
    if None not in (contest.ballots, contest.present) and contest.ballots > contest.present:
        yield "ballots", _("More ballots were collected than people were present.")


def order_faults(contest: Contest, others: Iterable[Contest]) -> Iterator[Fault]:
    """What is run again lies on the day of the attempt that failed, or later."""
    at = "planned_on" if contest.outcome == Outcome.PLANNED else "held_on"
    day = getattr(contest, at)
    if day is None:
        return
    failed = [one.held_on for one in others if one.outcome == Outcome.FAILED]
    if contest.outcome == Outcome.FAILED and contest.pk is not None:
        # Which of several failed attempts came first, their days alone say; the one that was held is the last.
        held = [one.held_on for one in others if one.outcome == Outcome.HELD]
        if held and day > min(held):
            yield (
                at,
                _("It was run again on %(day)s: what failed lies on that day or before.")
                % {"day": f"{min(held):%d/%m/%Y}"},
            )
    elif failed and day < max(failed):
        yield (
            at,
            _("The attempt that failed was on %(day)s: it is run again on that day or later.")
            % {"day": f"{max(failed):%d/%m/%Y}"},
        )


def unnamed(contest: Contest, candidates: Iterable[Candidacy]) -> bool:
    """Whether it is said to have been held, and not who was elected head or secretary."""
    return contest.outcome == Outcome.HELD and not any(
        one.elected for one in _rivals(contest, list(candidates))
    )


def _of_votes(contest: Contest, candidates: list[Candidacy]) -> Iterator[Fault]:
    most = most_votes(contest)
    if most is None:
        return
    for one in candidates:
        if one.votes is not None and one.votes > most:
            yield (
                (one, "votes"),
                _("%(votes)s votes are more than can have been given: %(most)s.")
                % {"votes": format_count(one.votes), "most": format_count(most)},
            )
    # Everybody gives one vote for the one seat; for a committee as many as it has seats.
    rivals = _rivals(contest, candidates)
    votes = sum(one.votes or 0 for one in rivals)
    if len(rivals) > 1 and votes > most:
        yield (
            "present",
            _("The votes add up to %(votes)s, more than can have been given: %(most)s.")
            % {"votes": format_count(votes), "most": format_count(most)},
        )


def _rivals(contest: Contest, candidates: list[Candidacy]) -> list[Candidacy]:
    """Return those who stood for the one seat that is filled by itself."""
    if contest.kind == Kind.HEAD_ELECTION:
        return candidates
    return [one for one in candidates if one.office == ContestOffice.SECRETARY]


def _of_the_elected(
    contest: Contest, elected: list[Candidacy], candidates: list[Candidacy]
) -> Iterator[Fault]:
    rivals = _rivals(contest, candidates)
    winners = [one for one in rivals if one.elected]
    if contest.kind == Kind.HEAD_ELECTION:
        if len(elected) > 1:
            yield from (((one, "elected"), str(ONE_HEAD)) for one in elected)
        for one in elected:
            if None not in (one.votes, contest.present) and not won(one.votes, contest.present):
                yield (
                    (one, "elected"),
                    _(
                        "%(votes)s votes are not more than half of the %(present)s who were present: nobody is elected."
                    )
                    % {"votes": format_count(one.votes), "present": format_count(contest.present)},
                )
    elif len(winners) > 1:
        told = _("A congress elects one secretary. Mark one person, not several.")
        yield from (((one, "elected"), told) for one in winners)
    for winner in winners[:1] if len(winners) == 1 else ():
        ahead = [one for one in rivals if None not in (one.votes, winner.votes) and one.votes > winner.votes]
        for one in ahead:
            yield (
                (winner, "elected"),
                _("%(person)s got more votes. Check who was elected.") % {"person": one.person or one.name},
            )


def marks(contest: Contest, candidates: Iterable[Candidacy]) -> list[str]:
    """Return what may be right and deserves a second look."""
    if contest.outcome == Outcome.PLANNED:
        return []
    candidates = list(candidates)
    found = []
    if None not in (contest.entitled, contest.present) and not won(contest.present, contest.entitled):
        found.append(_("Not more than half of those entitled were present."))
    if unnamed(contest, candidates):
        found.append(_("Nobody is marked as elected."))
    if contest.outcome == Outcome.FAILED and contest.kind == Kind.HEAD_ELECTION and contest.present:
        found += [
            _("%(person)s got more than half of those present, and it is said to have failed.")
            % {"person": one.person or one.name}
            for one in candidates
            if one.votes is not None and won(one.votes, contest.present)
        ]
    found += short_of_votes(contest, candidates)
    missing = [
        str(Contest._meta.get_field(name).verbose_name)
        for name in ("method", "entitled", "present")
        if getattr(contest, name) in (None, "")
    ]
    if missing:
        found.append(_("Not entered: %(fields)s.") % {"fields": ", ".join(missing)})
    return found


def short_of_votes(contest: Contest, candidates: Iterable[Candidacy]) -> list[str]:
    """Return whom a congress elected without more than half of the members called; of those present, if only they
    are known.
    """
    called = contest.present if contest.entitled is None else contest.entitled
    if contest.kind != Kind.CONGRESS or called is None:
        return []
    told = (
        _("%(person)s: %(votes)s votes are not more than half of those present.")
        if contest.entitled is None
        else _("%(person)s: %(votes)s votes are not more than half of the members called.")
    )
    return [
        told % {"person": one.person or one.name, "votes": format_count(one.votes)}
        for one in candidates
        if one.elected and one.votes is not None and not won(one.votes, called)
    ]
