"""The decision of the standing committee, recorded: number, day, signer for all, exceptions one by one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import update_many
from cells.models import Decision, Unit
from evaluations.models import CellRating, LeaderRating, Level, Submission
from evaluations.review.required import ratings_of, subject
from evaluations.review.steps import DECIDE, DECIDE_MORE, Changes, move

# A level, a number of votes or a reason for one row: by model and key of the rating.
ByRow = Mapping[tuple[type, int], str | int]


@dataclass(frozen=True)
class Paper:
    """The signed paper, and what the committee decided differently from what was proposed."""

    number: str
    day: date
    body: str
    signer: str = ""
    voters: int | None = None
    exceptions: ByRow = field(default_factory=dict)
    votes: ByRow = field(default_factory=dict)
    # Why a row was decided as it was, where the row did not say so before.
    reasons: ByRow = field(default_factory=dict)


@transaction.atomic
def record_decision(file: Submission, paper: Paper, *, by) -> Submission:
    """Record what the standing committee decided on every row that has no decision yet.

    A row takes the level that was proposed, or the one named as an exception. Raises ValidationError with
    every row that cannot be decided; then nothing is recorded.
    """
    check_day(paper.day)
    decision = recorded_paper(paper, file.commune)
    is_first = file.state in DECIDE.sources
    values = {"decision": decision, "voters": paper.voters} if is_first else {}
    moved = move(file, DECIDE if is_first else DECIDE_MORE, by=by, changes=Changes(values, decision=decision))
    decided = {model: _decided(moved, model, paper, decision) for model in (CellRating, LeaderRating)}
    if not is_first and not any(decided.values()):
        raise ValidationError(_("Everything on the list has been decided already."))
    for model, rows in decided.items():
        update_many(model, rows, ["decided_level", "decision", "decided_on", "votes", "reason", "revision"])
    return moved


def recorded_paper(paper: Paper, unit: Unit) -> Decision:
    """Return the record of the signed paper, with its signer."""
    decision = Decision.objects.recorded(paper.number, paper.day, paper.body, unit=unit)
    if paper.signer and decision.signer != paper.signer:
        decision.signer = paper.signer
        decision.save()
    return decision


def check_day(day: date) -> None:
    """Refuse a paper that cannot have been signed yet."""
    if day > timezone.localdate():
        raise ValidationError(_("The day of signing lies in the future. Check the day."))


def _decided(file: Submission, model, paper: Paper, decision: Decision) -> list:
    rows = list(subject(ratings_of(file, model)).filter(decided_level=""))
    faults = []
    for row in rows:
        row.decided_level = paper.exceptions.get((model, row.pk)) or row.proposed_level
        row.decision, row.decided_on = decision, decision.date
        row.votes = paper.votes.get((model, row.pk))
        row.reason = paper.reasons.get((model, row.pk)) or row.reason
        row.revision += 1
        faults += [f"{getattr(row, 'person', None) or row.cell}: {fault}" for fault in faults_of(row, paper)]
    if faults:
        raise ValidationError(faults)
    return rows


def faults_of(row, paper: Paper) -> list[str]:
    """Return why a row cannot be decided by this paper."""
    faults = []
    if row.decided_level not in Level.values:
        faults.append(_("Choose one of the four levels: HTXSNV, HTTNV, HTNV, KHTNV."))
    if row.lacks_reason:
        faults.append(_("The level KHTNV needs a reason."))
    if row.votes is not None and paper.voters is None:
        faults.append(_("Enter how many votes were cast at all."))
    elif row.votes is not None and row.votes > paper.voters:
        faults.append(
            _("%(votes)d votes for it, but only %(voters)d were cast. Check the minutes of the count.")
            % {"votes": row.votes, "voters": paper.voters}
        )
    return faults
