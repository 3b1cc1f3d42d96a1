"""The steps of a commune's file. Every one is written here, once, and only from where it may be taken.

A step states the revision of the file as the person read it. A double click, a stale page, two people at
once: one of them writes, the others are told what has happened meanwhile.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.changes import acting_user
from accounts.history import CHANGED, create_many, record_many, update_many
from evaluations.models import CellRating, LeaderRating, MemberLevels, ReviewCycle, Step, Submission
from evaluations.review.authority import receives, works_on
from evaluations.review.required import (
    members_of,
    missing_for_putting,
    missing_for_sending,
    ratings_of,
)
from sheets.markup import without_hidden

State = Submission.State
Kind = Step.Kind


@dataclass(frozen=True)
class Act:
    """One step: who may take it, from which states, where it leads, what must be there."""

    kind: str
    may: Callable
    sources: frozenset[str]
    target: str | None = None
    # Returns everything that is missing, all at once.
    missing: Callable[[Submission], list[str]] = lambda file: []
    needs_words: bool = False


def _act(kind, may, sources: Iterable[str], target=None, **options) -> Act:
    return Act(kind, may, frozenset(sources), target, **options)


def _corrected_since(file: Submission) -> list[str]:
    """A decision that was corrected since is no slip of the pen any more."""
    if any(ratings_of(file, model).filter(edition__gt=1).exists() for model in (CellRating, LeaderRating)):
        return [_("A level was corrected by a later decision. The record of the first one stays.")]
    return []


ACTS = {
    act.kind: act
    for act in (
        _act(Kind.CHECKED, works_on, [State.ENTERING], missing=missing_for_putting),
        _act(Kind.PUT, works_on, [State.ENTERING], State.PUT, missing=missing_for_putting),
        _act(Kind.PULLED, works_on, [State.PUT], State.ENTERING),
        _act(Kind.UNDECIDED, works_on, [State.DECIDED], State.PUT, missing=_corrected_since),
        _act(Kind.SENT, works_on, [State.DECIDED, State.RETURNED], State.SENT, missing=missing_for_sending),
        _act(Kind.WITHDRAWN, works_on, [State.SENT], State.DECIDED, needs_words=True),
        _act(Kind.RETURNED, receives, [State.SENT, State.RECEIVED], State.RETURNED, needs_words=True),
        _act(Kind.RECEIVED, receives, [State.SENT], State.RECEIVED),
        _act(Kind.LOCKED, receives, [State.RECEIVED], State.LOCKED),
    )
}
# The decision brings a form of its own (deciding.py); later rows are decided in the state they are in.
DECIDE = _act(Kind.DECIDED, works_on, [State.PUT], State.DECIDED)
DECIDE_MORE = _act(Kind.DECIDED, works_on, [State.DECIDED, State.RETURNED])
# Both sides may write on the thread as long as the file is not closed.
MESSAGE_STATES = frozenset(State) - {State.LOCKED}


@dataclass
class Changes:
    """What a step changes in the file beside its state."""

    values: dict = field(default_factory=dict)
    text: str = ""
    decision: object = None
    cell: object = None
    person: object = None


@transaction.atomic
def take(file: Submission, kind: str, *, by, text: str = "", share_reason: str | None = None) -> Submission:
    """Take a step that needs nothing but perhaps some words; return the file as it is then.

    ``share_reason`` goes with putting the file to the committee: why there are more excellent ones than
    the share allows (it warns and never blocks).

    Raises ValidationError, with every reason, where the step cannot be taken; PermissionDenied where this
    person may not take it.
    """
    act = ACTS[kind]
    values = {}
    if kind == Kind.SENT:
        values["sent_at"] = timezone.now()
    elif kind == Kind.RECEIVED:
        values["received_at"] = timezone.now()
    elif kind == Kind.UNDECIDED:
        values |= {"decision": None, "voters": None}
    if share_reason is not None and kind == Kind.PUT:
        values["share_reason"] = share_reason.strip()
    moved = move(file, act, by=by, changes=Changes(values=values, text=text))
    if kind == Kind.UNDECIDED:
        _empty_decision(moved)
    if kind in (Kind.SENT, Kind.WITHDRAWN):
        _show_or_withhold(moved)
    return moved


def move(file: Submission, act: Act, *, by, changes: Changes) -> Submission:
    """Write the step and its line on the timeline, or refuse. Call it inside a transaction."""
    if not act.may(by, file):
        raise PermissionDenied
    text = changes.text.strip()
    if act.needs_words and not text:
        raise ValidationError(_("Say why, in a sentence."))
    current = (
        Submission.objects.select_for_update(of=("self",)).select_related("cycle", "commune").get(pk=file.pk)
    )
    if current.state not in act.sources or current.revision != file.revision:
        raise ValidationError(told_meanwhile(current, act.kind))
    current.cycle.need_state(current.cycle.State.OPEN)
    if missing := act.missing(current):
        raise ValidationError(missing)
    values = {"state": act.target or current.state, **changes.values}
    return write(current, act.kind, values=values, by=by, changes=changes)


def write(current: Submission, kind: str, *, values: dict, by, changes: Changes) -> Submission:
    """Change the file where it is still as it was read, and put the step on the timeline."""
    as_read = Submission.objects.filter(pk=current.pk, revision=current.revision, state=current.state)
    if not as_read.update(**values, revision=F("revision") + 1):
        raise ValidationError(told_meanwhile(Submission.objects.get(pk=current.pk), kind))
    record_many(Submission.objects.filter(pk=current.pk), CHANGED)
    current.refresh_from_db()
    line = _line(current, kind, by)
    line.text = changes.text.strip()
    line.decision, line.cell, line.person = changes.decision, changes.cell, changes.person
    line.save()
    return current


def write_all(cycle: ReviewCycle, kind: str, *, source: str, target: str, by) -> None:
    """Take a step of the province with all files of a year in one state, in a few queries for all of them."""
    files = list(cycle.submissions.filter(state=source).select_for_update(of=("self",)).order_by("pk"))
    for file in files:
        file.state, file.revision = target, file.revision + 1
    update_many(Submission, files, ["state", "revision"])
    create_many(Step, [_line(file, kind, by) for file in files])


def _line(file: Submission, kind: str, by) -> Step:
    """Return the line on the timeline for a step just taken, with the number it has there, unsaved."""
    who = by if by is not None else acting_user()
    return Step(submission=file, kind=kind, number=file.revision, by=who, by_name=str(who or ""))


def told_meanwhile(file: Submission, wanted: str) -> str:
    """Say what has happened to the file since the page was opened, and who did it."""
    last = file.steps.order_by("number").last()
    if last is None:
        return _("This step cannot be taken now. Open the page again.")
    at = f"{timezone.localtime(last.at):%H:%M %d/%m/%Y}"
    words = {"step": last.get_kind_display(), "who": last.by_name or _("Somebody"), "at": at}
    if last.kind == wanted:
        return _("This step was taken already: %(step)s, %(who)s, %(at)s. Nothing was done twice.") % words
    return (
        _("The file has changed meanwhile: %(step)s, %(who)s, %(at)s. Look at it again, then decide.") % words
    )


def write_message(file: Submission, text: str, *, by) -> Submission:
    """Put a message on the thread of the file, from the commune or from the province."""
    if not (works_on(by, file) or receives(by, file)):
        raise PermissionDenied
    text = without_hidden(text).strip()
    if not text:
        raise ValidationError(_("Say why, in a sentence."))
    with transaction.atomic():
        current = Submission.objects.select_for_update(of=("self",)).get(pk=file.pk)
        if current.state not in MESSAGE_STATES:
            raise ValidationError(_("The figures are locked; nothing is written here any more."))
        return write(current, Kind.MESSAGE, values={}, by=by, changes=Changes(text=text))


def _empty_decision(file: Submission) -> None:
    """Take the decided levels out again: they were recorded in error and nobody else has seen them."""
    for model in (CellRating, LeaderRating):
        keys = list(ratings_of(file, model).filter(decided_on__isnull=False).values_list("pk", flat=True))
        model.objects.filter(pk__in=keys).update(
            decided_level="", decision=None, decided_on=None, votes=None, revision=F("revision") + 1
        )
        record_many(model.objects.filter(pk__in=keys), CHANGED)


def _show_or_withhold(file: Submission) -> None:
    """Renew the copy in the rows of whether the province may see them."""
    for model in (CellRating, LeaderRating, MemberLevels):
        keys = list(_all_rows(file, model).values_list("pk", flat=True))
        model.objects.filter(pk__in=keys).update(withheld=not file.is_with_province)


def _all_rows(file: Submission, model):
    """Return the rows of the file with the editions that were replaced."""
    if model is MemberLevels:
        return members_of(file)
    return model.objects.filter(cycle=file.cycle_id, commune=file.commune_id)
