"""An event carried out: for good, or to be rolled back. Both are the same code, so they cannot disagree."""

from collections.abc import Callable, Iterable
from contextlib import contextmanager
from datetime import date
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.changes import ChangeSet, recording
from accounts.history import update_many
from accounts.refusals import check_deferred, sentences_for
from cells.fates import Fates
from cells.models import Line, Reorganisation
from cells.rearranging import Outcome, rearrange
from cells.settling import settle_counts, settle_grants
from cells.settling_meetings import settle_meetings
from dashboards.citing.settling import settle_reports
from desk.reorganisation.rehearsal.effects import findings_of
from desk.reorganisation.rehearsal.findings import Rehearsal, Step
from evaluations.settling import settle_ratings, settle_titles
from leaders.settling import settle_assignments, settle_tenures
from leaders.settling_people import settle_people

Report = Callable[[str, int, int], None]
SETTLING = (
    (gettext_lazy("seats"), settle_tenures),
    (gettext_lazy("records of people"), settle_people),
    (gettext_lazy("follow-up officers"), settle_assignments),
    (gettext_lazy("titles"), settle_titles),
    (gettext_lazy("ratings"), settle_ratings),
    (gettext_lazy("counts"), settle_counts),
    (gettext_lazy("meetings"), settle_meetings),
    (gettext_lazy("accounts"), settle_grants),
    (gettext_lazy("reported figures"), settle_reports),
)


class _RollBack(Exception):
    """Raised to leave no trace of a trial."""


@contextmanager
def rolled_back(*, reason: str):
    """Let the block do what it likes, and take all of it back; what it refuses is raised to the caller."""
    try:
        with transaction.atomic(), recording(kind=ChangeSet.Kind.PAGE, reason=reason):
            yield
            raise _RollBack
    except _RollBack:
        pass


def rehearse(event: Reorganisation, *, report: Report = lambda *progress: None) -> Rehearsal:
    """Carry out every line that is not applied yet, say what that brings about, and roll it back."""
    lines = waiting_lines(event)
    elsewhere = strays(event, lines)
    rehearsal = Rehearsal(problems=elsewhere or missing(event, lines))
    if elsewhere or not lines:
        return rehearsal
    try:
        with rolled_back(reason=str(event)):
            hold_lock()
            carry_out(event, lines, rehearsal, report=report)
    except (ValidationError, IntegrityError) as refusal:
        rehearsal.problems += sentences_for(refusal)
    return rehearsal


def hold_lock() -> None:
    """Let one reorganisation at a time be carried out or rehearsed; SQLite's writers stand in line anyway.

    Two of them write in orders of their own, and each could wait for what the other holds.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reorganisations'))")


def waiting_lines(event: Reorganisation) -> list[Line]:
    """Return the lines not applied yet, by day."""
    return list(event.lines.waiting().with_everything().by_day())


def missing(event: Reorganisation, lines: Iterable[Line]) -> list[str]:
    """Return what must be completed before the event can be carried out."""
    lines = list(lines)
    if not lines:
        return [_("Nothing is to be changed yet. Add a line first.")]
    without = [line for line in lines if line.decision_id is None]
    if without:
        return [
            _("%(count)d lines have no decision: number, day and issuing body. First: %(line)s.")
            % {"count": len(without), "line": without[0]}
        ]
    return []


def strays(event: Reorganisation, lines: Iterable[Line]) -> list[str]:
    """Return the units and cells that a commune's draft names although they stand elsewhere by now.

    What comes of them is none of the commune's business, so nothing of it is rehearsed.
    """
    if not event.is_of_a_commune or event.unit.closed_on is not None:
        return []  # what stood in a commune that has ended stands elsewhere anyway
    named = [
        thing
        for line in lines
        for thing in (line.unit, line.cell, *[s.unit or s.cell for s in line.sources.all()])
        if thing is not None and event.unit_id not in (thing.commune_id, thing.pk)
    ]
    return [
        _("%(what)s no longer belongs to %(commune)s. Take the line out.")
        % {"what": thing, "commune": event.unit}
        for thing in dict.fromkeys(named)
    ]


def carry_out(
    event: Reorganisation, lines: list[Line], rehearsal: Rehearsal, *, report: Report = lambda *progress: None
) -> None:
    """Carry the lines out day by day, into the rehearsal that is handed in.

    Raises ValidationError with what stands in the way; whoever calls holds the transaction.
    """
    decided = dict(event.fates.values_list("key", "choice"))
    days = [(day, list(some)) for day, some in groupby(lines, key=lambda line: line.on)]
    total = len(days) * (len(SETTLING) + 2)
    for number, (day, some) in enumerate(days):
        done = number * (len(SETTLING) + 2)
        fates = Fates(decided)
        # Kept even where a hindrance follows: what is to be chosen is known by then.
        step = Step(day, some, [])
        rehearsal.steps.append(step)
        report(_("units and cells"), done, total)
        outcome = rearrange(some, fates)
        for turn, (name, settle) in enumerate(SETTLING, 1):
            report(str(name), done + turn, total)
            settle(outcome, fates)
        _close_lines(some, outcome)
        report(_("what that brings about"), done + len(SETTLING) + 1, total)
        step.findings = findings_of(outcome, fates)
        check_deferred()


def _close_lines(lines: list[Line], outcome: Outcome) -> None:
    """Note in each line what it made, so that the record leads there."""
    for line in lines:
        line.unit = outcome.units.get(line.pk, line.unit)
        line.cell = outcome.cells.get(line.pk, line.cell)
    update_many(Line, lines, ["unit", "cell"])


def due(lines: Iterable[Line], today: date) -> list[Line]:
    """Return the lines whose day has come."""
    return [line for line in lines if line.on <= today]
