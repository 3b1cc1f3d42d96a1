"""A decided level is corrected by a new decision: the old edition stays as it was decided."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from evaluations.actions import correct_rating
from evaluations.models import CellRating, LeaderRating, ReviewCycle, Step, Submission
from evaluations.review.authority import receives, works_on
from evaluations.review.deciding import Paper, check_day, recorded_paper
from evaluations.review.steps import Changes, write

State = Submission.State
# Until the province has it, and when it asks for more, the commune corrects its own; then the province does.
BY_COMMUNE = frozenset({State.DECIDED, State.RETURNED})
BY_PROVINCE = frozenset({State.RECEIVED, State.LOCKED})


@dataclass(frozen=True)
class Correction:
    """The new level, the paper that decided it, and why."""

    level: str
    paper: Paper
    reason: str


def may_correct(user, file: Submission) -> bool:
    """Whether the person corrects decided levels of this file in the state it is in."""
    if file.state in BY_COMMUNE:
        return works_on(user, file)
    return file.state in BY_PROVINCE and receives(user, file)


@transaction.atomic
def correct(
    file: Submission, rating: CellRating | LeaderRating, correction: Correction, *, by
) -> CellRating | LeaderRating:
    """Make the next edition of a decided level and put it on the timeline; return the new edition.

    The rating must be as the person read it. Raises PermissionDenied for whoever does not correct this
    file in its state, ValidationError where the correction cannot be meant.
    """
    current = Submission.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=file.pk)
    if not may_correct(by, current):
        raise PermissionDenied
    current.cycle.need_state(ReviewCycle.State.OPEN, ReviewCycle.State.CLOSED)
    if not correction.reason.strip():
        raise ValidationError(_("A correction needs its reason."))
    check_day(correction.paper.day)
    decision = recorded_paper(correction.paper, current.commune)
    new = correct_rating(
        rating,
        level=correction.level,
        decision=decision,
        reason=correction.reason.strip(),
        by=by,
        told=_("corrected: %(row)s") % {"row": getattr(rating, "person", None) or rating.cell},
    )
    about = Changes(
        text=correction.reason, decision=decision, cell=rating.cell, person=getattr(rating, "person", None)
    )
    write(current, Step.Kind.CORRECTED, values={}, by=by, changes=about)
    return new
