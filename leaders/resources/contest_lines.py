"""The rows of a list of congresses and elections: which contest and which candidate each means."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.sheet_lines import Line
from cells.columns import decision_row
from cells.names import words_of
from cells.resources.bodies import cell_row, commune_row, hamlet_row
from leaders.contests.elected import office_of
from leaders.lookups import is_one_name
from leaders.models import Candidacy, Contest

Kind, Outcome = Contest.Kind, Contest.Outcome
FACTS = ("planned_on", "held_on", "method", "entitled", "present", "ballots", "outcome")
# With the people in one query: a thousand keys of people are more than SQLite takes in one list.
CANDIDACIES = Prefetch("candidacies", Candidacy.objects.select_related("person"))
RESULTS = ("office", "votes", "elected")


class Seats(TextChoices):
    """Whether a result moves the seats; one of a past term, whose seats are entered already, does not."""

    TAKE = "take", _("comes into office on that day")
    RECORD = "record", _("the result is recorded only")


def seats_of(contest: Contest) -> Seats | None:
    """Return whether those elected are in office by it; None where nobody is elected to a known office yet."""
    if not any(one.elected and office_of(one) for one in contest.candidacies.all()):
        return None
    return Seats.TAKE if contest.tenures.all() else Seats.RECORD


def day_of(line: Line) -> date:
    return line["held_on"] or line["planned_on"] or timezone.localdate()


def has_been(contest: Contest | None) -> bool:
    return contest is not None and contest.outcome != Outcome.PLANNED


def meant_by(line: Line, of_term: list[Contest]) -> Contest | None:
    """Return the contest of the body and term that the line means: one that failed is run again."""
    same_day = [c for c in of_term if c.held_on is not None and c.held_on == line["held_on"]]
    by_outcome = {outcome: [c for c in of_term if c.outcome == outcome] for outcome in Outcome}
    if line["outcome"] != Outcome.FAILED:
        others = by_outcome[Outcome.HELD] or by_outcome[Outcome.PLANNED]
    elif line["held_on"] is None:
        others = by_outcome[Outcome.FAILED]
    else:
        others = by_outcome[Outcome.PLANNED]
    # Run again on the same day, the one of this outcome is meant.
    meant = [c for c in same_day if c.outcome == line["outcome"]] or same_day or others
    return meant[0] if len(meant) == 1 else None


def leave_to_the_failed(lines: Iterable[Line]) -> None:
    """What was planned and failed is that attempt; what the file says of another day was held later."""
    failed_on = {
        line.known.pk: line["held_on"]
        for line in lines
        if line.known and line.known.outcome == Outcome.PLANNED and line["outcome"] == Outcome.FAILED
    }
    for line in lines:
        if line.known and line["held_on"] not in (None, failed_on.get(line.known.pk, line["held_on"])):
            line.known = None


def join_silent_rows(lines: list[Line]) -> None:
    """Rows that only name a candidate belong to the contest that the other rows of the file tell about."""
    told: dict[tuple, set] = defaultdict(set)
    new = [line for line in lines if line.known is None]
    for line in new:
        if line.key[3:] != (None, None):
            told[line.key[:3]].add(line.key)
    for line in new:
        keys = told[line.key[:3]]
        if line.key[3:] == (None, None) and len(keys) == 1:
            (line.key,) = keys


def is_election(contest: Contest | None) -> bool:
    return contest is not None and contest.kind == Kind.HEAD_ELECTION


def who_stood(candidacy: Candidacy):
    """Return what tells one candidate of a contest from the others, as ``identity`` does of a line."""
    return candidacy.person_id or words_of(candidacy.name)


def of_name(name: str, known: Iterable[Candidacy]) -> Candidacy | None:
    """Return the recorded candidacy of this name, without a record or with one."""
    alike = [one for one in known if is_one_name(name, one.name or one.person.full_name)]
    return alike[0] if len(alike) == 1 else None


def name_of(line: Line) -> dict:
    if line.who:
        return {"person": line.who.pk, "full_name": line.who.full_name}
    return {"full_name": line.called}


def row_of(contest: Contest, candidacy: Candidacy | None) -> dict:
    body = contest.cell or contest.hamlet
    row = {
        "records": ((Contest, contest.pk),),
        "kind": contest.kind,
        **commune_row(body.commune),
        **(cell_row(contest.cell) if contest.cell_id else hamlet_row(contest.hamlet)),
        "term": contest.term,
        **{name: getattr(contest, name) for name in FACTS},
        **decision_row(contest.decision),
    }
    if candidacy is None:
        return row
    return {
        **row,
        "records": (*row["records"], (Candidacy, candidacy.pk)),
        "person": candidacy.person_id,
        "full_name": candidacy.name or candidacy.person.full_name,
        **{name: getattr(candidacy, name) for name in RESULTS},
        "seats": seats_of(contest) if candidacy.elected else None,
    }
