"""The steps of an event: sent, checked, decided, applied, waited for, undone.

Every step states the revision that was read; of two people at the same time one wins and the
other is told. Applying is one transaction under a lock.
"""

import hashlib
import json
from collections.abc import Container, Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.changes import ChangeSet, acting_user, give_reason, recording
from accounts.history import create_many, delete_many, rows_of, take_back, update_many
from accounts.refusals import sentences_for
from cells.copies import rebuild
from cells.models import CellPeriod, Fate, Line, Reorganisation, UnitPeriod
from dashboards.citing.settling import return_reports
from desk.jobs.progress import Progress
from desk.reorganisation.rehearsal import (
    carry_out,
    due,
    hold_lock,
    missing,
    rehearse,
    rolled_back,
    strays,
    waiting_lines,
)
from desk.reorganisation.rehearsal.findings import Rehearsal, Step
from desk.reorganisation.rehearsal.keeping import forget, keep_done
from evaluations.models import CellRating, LeaderRating
from evaluations.review.withholding import renew_withheld

State = Reorganisation.State
# How many open cases a refusal names.
NAMED = 10


# --- state ------------------------------------------------------------------------------------


@transaction.atomic
def submit(event: Reorganisation, *, seen: int) -> None:
    """The commune hands its draft to the province."""
    lines = waiting_lines(event)
    _refuse(strays(event, lines) or missing(event, lines))
    _step(event, State.SUBMITTED, {State.DRAFT}, seen=seen, remark="")


@transaction.atomic
def send_back(event: Reorganisation, *, seen: int, remark: str) -> None:
    """The province asks the commune to complete its draft, and says what."""
    if not remark.strip():
        raise ValidationError(_("Say what is to be completed."))
    _step(event, State.DRAFT, {State.SUBMITTED}, seen=seen, remark=remark.strip())


@transaction.atomic
def check(event: Reorganisation, *, seen: int) -> None:
    """Confirm that the rehearsal was read; refused while a case is open or something stands in the way."""
    _refuse_open(rehearse(event))
    _step(event, State.CHECKED, {State.DRAFT, State.SUBMITTED}, seen=seen, remark="")


@transaction.atomic
def reopen(event: Reorganisation, *, seen: int) -> None:
    """Let an event that is not applied be changed again."""
    if event.lines.applied().exists():
        raise ValidationError(_("A part of it is applied. Undo that first."))
    _step(event, State.DRAFT, {State.CHECKED, State.WAITING, State.UNDONE}, seen=seen, foreseen={})


def _step(event: Reorganisation, to: str, allowed: set[str], *, seen: int, **facts) -> None:
    """Go on, if the event is still as it was read."""
    _refuse_unless_in(allowed, event)
    if not event.step_to(to, seen=seen, **facts):
        raise ValidationError(who_was_first(event))


def _refuse_unless_in(states: Container[str], event: Reorganisation) -> None:
    if event.state not in states:
        raise ValidationError(
            _('"%(event)s" is now: %(state)s. Open it again.')
            % {"event": event, "state": event.get_state_display()}
        )


def who_was_first(event: Reorganisation) -> str:
    """Say who changed the event after it was read."""
    last = event.history.select_related("change_set").order_by("-history_id").first()
    at = timezone.localtime(last.history_date)
    return _(
        "%(who)s changed this at %(time)s, after the page was opened. Nothing was done. Open it again and look."
    ) % {"who": last.change_set.by_name or _("Somebody"), "time": f"{at:%H:%M %d/%m/%Y}"}


def _refuse(problems: list[str]) -> None:
    if problems:
        raise ValidationError(problems)


def _refuse_open(rehearsal: Rehearsal) -> None:
    cases = rehearsal.open_cases
    names = [f"{case.subject} ({case.detail})" if case.detail else case.subject for case in cases[:NAMED]]
    problems = list(rehearsal.problems)
    if cases:
        more = " …" if len(cases) > NAMED else ""
        problems.append(
            _("%(count)d cases are still to be decided: %(names)s")
            % {"count": len(cases), "names": "; ".join(names)}
            + more
        )
    _refuse(problems)


# --- fates --------------------------------------------------------------------------------------


@transaction.atomic
def decide(event: Reorganisation, choices: Mapping[str, str], *, seen: int) -> None:
    """Record what becomes of these cases; an empty choice opens a case again."""
    _refuse_unless_in(Reorganisation.OPEN, event)
    known = {fate.key: fate for fate in event.fates.filter(key__in=choices)}
    removed = [known[key].pk for key, choice in choices.items() if key in known and not choice]
    changed = [
        known[key]
        for key, choice in choices.items()
        if key in known and choice != known[key].choice and choice
    ]
    new = [
        Fate(reorganisation=event, key=key, choice=choice)
        for key, choice in choices.items()
        if choice and key not in known
    ]
    if not (removed or changed or new):
        return
    # What was checked was checked with other fates.
    to = State.SUBMITTED if event.state == State.CHECKED and event.is_of_a_commune else event.state
    to = State.DRAFT if to == State.CHECKED else to
    if not event.step_to(to, seen=seen):
        raise ValidationError(who_was_first(event))
    for fate in changed:
        fate.choice = choices[fate.key]
    if removed:
        delete_many(Fate.objects.filter(pk__in=removed))
    update_many(Fate, changed, ["choice"])
    create_many(Fate, new)


# --- applying ---------------------------------------------------------------------------------------


@transaction.atomic
def apply(event: Reorganisation, *, seen: int, progress: Progress | None = None) -> Rehearsal:
    """Carry out the lines whose day has come; the others wait for theirs.

    Refused while a case is open, something stands in the way, or somebody was quicker.
    """
    hold_lock()
    event.refresh_from_db()
    if event.revision != seen:
        raise ValidationError(who_was_first(event))
    _refuse_unless_in({State.CHECKED, State.WAITING}, event)
    lines = waiting_lines(event)
    _refuse(strays(event, lines) or missing(event, lines))
    ready = due(lines, timezone.localdate())
    done = Rehearsal()
    if ready:
        _carry_out_for_good(event, ready, done, progress or Progress())
    later = rehearse(event) if len(ready) < len(lines) else Rehearsal()
    _refuse_open(later)
    _step(
        event,
        State.WAITING if later.steps else State.APPLIED,
        {State.CHECKED, State.WAITING},
        seen=seen,
        foreseen={f"{step.day}": digest(step) for step in later.steps},
    )
    if ready:
        keep_done(event, done)
    return done


def _carry_out_for_good(
    event: Reorganisation, lines: list[Line], done: Rehearsal, progress: Progress
) -> None:
    """Carry the lines out in a change set of their own, so that it can be taken back by itself."""
    reason = _("Carried out: %(event)s") % {"event": event}
    with recording(by=acting_user(), kind=ChangeSet.Kind.REORGANISATION, reason=reason) as here:
        carry_out(event, lines, done, report=progress.report)
        _refuse_open(done)
        for line in lines:
            line.applied_in = here.change_set
        update_many(Line, lines, ["applied_in"])


def digest(step: Step) -> str:
    """Return a mark of everything a person decided on; counts may change meanwhile, cases may not."""
    cases = sorted(
        [case.key, case.chosen.code if case.chosen else "", *[option.code for option in case.options]]
        for finding in step.findings
        for case in finding.cases
    )
    units = [row for finding in step.findings if finding.code == "units" for row in finding.rows]
    rows = sorted([row["before"], row["after"]] for row in units)
    return hashlib.sha256(json.dumps([cases, rows]).encode()).hexdigest()


# --- waiting ------------------------------------------------------------------------------------------


def apply_waiting() -> None:
    """Carry out what has waited for its day; what shows another picture by now waits for a person."""
    today = timezone.localdate()
    for event in Reorganisation.objects.filter(state=State.WAITING, lines__in=_due_lines(today)).distinct():
        with recording(
            kind=ChangeSet.Kind.COMMAND, reason=_("Its day has come: %(event)s") % {"event": event}
        ):
            _apply_or_ask(event, today)


def _due_lines(today: date):
    return Line.objects.waiting().filter(on__lte=today)


@transaction.atomic
def _apply_or_ask(event: Reorganisation, today: date) -> None:
    hold_lock()
    event.refresh_from_db()
    if event.state != State.WAITING:
        return
    foreseen = event.foreseen
    try:
        with transaction.atomic():
            done = apply(event, seen=event.revision)
            _refuse(
                [_changed_since(step) for step in done.steps if foreseen.get(f"{step.day}") != digest(step)]
            )
    except (ValidationError, IntegrityError) as refusal:
        event.refresh_from_db()
        event.step_to(State.SUBMITTED, seen=event.revision, remark="\n".join(sentences_for(refusal)))


def _changed_since(step: Step) -> str:
    return _(
        "What happens on %(day)s is no longer what was checked. Look at the rehearsal again and carry it out."
    ) % {"day": f"{step.day:%d/%m/%Y}"}


# --- undoing ------------------------------------------------------------------------------------------


def hindrances(event: Reorganisation) -> list[str]:
    """Return what later depends on the event; nothing where it can be undone."""
    try:
        with rolled_back(reason=str(event)):
            _take_back(event, reason=str(event))
    except (ValidationError, IntegrityError) as refusal:
        return sentences_for(refusal)
    return []


@transaction.atomic
def undo(event: Reorganisation, *, seen: int, by, reason: str) -> int:
    """Take back everything the event did; refused, with a list, while something later depends on it.

    Returns the number of rows that were taken back.
    """
    if not reason.strip():
        raise ValidationError(_("Say why it is undone."))
    hold_lock()
    event.refresh_from_db()
    if event.revision != seen or event.state not in (State.APPLIED, State.WAITING):
        raise ValidationError(who_was_first(event))
    give_reason(reason.strip())
    count = _take_back(event, reason=reason, by=by)
    Reorganisation.objects.filter(pk=event.pk).update(revision=seen)
    event.refresh_from_db()
    _step(event, State.UNDONE, {event.state}, seen=seen, foreseen={})
    forget(event)
    return count


def _take_back(event: Reorganisation, *, reason: str, by=None) -> int:
    """Take back the change sets of the event, the last one first, and renew the copies."""
    _refuse(beyond_undoing(event))
    change_sets = change_sets_of(event)
    touched = [_touched(change_set) for change_set in change_sets]
    return_reports(change_sets)
    count = sum(take_back(change_set, by=by, reason=reason) for change_set in change_sets)
    units, cells = (set().union(*keys) for keys in zip(*touched, strict=True))
    rebuild(units, cells)
    # Whether a file was sent is a copy that leaves no history; it may have been sent since.
    for model in (CellRating, LeaderRating):
        written = model.history.filter(change_set__in=change_sets).values("id")
        renew_withheld(model.objects.filter(pk__in=written))
    return count


def beyond_undoing(event: Reorganisation) -> list[str]:
    """Return why the event cannot be undone whatever depends on it: known at once, without trying."""
    change_sets = change_sets_of(event)
    if not change_sets:
        return [_("Nothing of it is applied.")]
    if any(change_set.kind != ChangeSet.Kind.REORGANISATION for change_set in change_sets):
        return [_("It was recorded together with other data and cannot be undone by itself.")]
    return []


def change_sets_of(event: Reorganisation) -> list[ChangeSet]:
    """Return what the event did, and what corrected it: the last one first, without what was taken back."""
    written = Line.history.filter(reorganisation=event.pk, applied_in__isnull=False).values("change_set")
    standing = ChangeSet.objects.filter(takes_back__isnull=True, taken_back_by__isnull=True)
    return list(standing.filter(pk__in=written).order_by("-pk"))


def corrections_of(event: Reorganisation) -> list[ChangeSet]:
    """Return what put entries of the event right after it was carried out; undoing takes that back too."""
    carried_out = set(event.lines.applied().values_list("applied_in", flat=True))
    return [change_set for change_set in change_sets_of(event) if change_set.pk not in carried_out]


def _touched(change_set: ChangeSet) -> tuple[set[int], set[int]]:
    """Return the units and cells whose periods the change set wrote."""
    rows = rows_of(change_set)
    return (
        set(UnitPeriod.history.filter(change_set=change_set).values_list("unit", flat=True))
        if UnitPeriod in rows
        else set(),
        set(CellPeriod.history.filter(change_set=change_set).values_list("cell", flat=True))
        if CellPeriod in rows
        else set(),
    )
