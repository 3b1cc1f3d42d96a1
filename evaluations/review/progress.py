"""How far files are: counts that the province may know before it is told a single level."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluations.models import CellRating, ReviewCycle, Submission

State = Submission.State
# How many days before a deadline the days left are told.
SOON = 7


@dataclass(frozen=True)
class Progress:
    """How many cells of a commune are on the list, subject to rating, entered, decided."""

    cells: int = 0
    subject: int = 0
    entered: int = 0
    decided: int = 0


def progress_by_commune(cycle: ReviewCycle, communes=None) -> dict[int, Progress]:
    """Return how far each commune is: one query, no level."""
    rows = CellRating.objects.filter(cycle=cycle, superseded_on__isnull=True)
    if communes is not None:
        rows = rows.filter(commune__in=communes)
    subject = Q(not_subject_reason="")
    counts = (
        rows.order_by()
        .values_list("commune")
        .annotate(
            cells=Count("pk"),
            subject=Count("pk", filter=subject),
            entered=Count("pk", filter=subject & ~Q(proposed_level="")),
            decided=Count("pk", filter=subject & ~Q(decided_level="")),
        )
    )
    return {commune: Progress(*numbers) for commune, *numbers in counts}


def state_words(file: Submission, progress: Progress) -> str:
    """Return the state as people say it: not begun, being entered (12/22 cells), decided (number …), …"""
    if file.cycle.state == ReviewCycle.State.PREPARING:
        return _("list confirmed") if file.list_confirmed_at else _("list not confirmed yet")
    if file.state == State.ENTERING:
        if not progress.entered:
            return _("not begun")
        return _("being entered (%(entered)d/%(subject)d cells)") % {
            "entered": progress.entered,
            "subject": progress.subject,
        }
    if file.state == State.DECIDED:
        return _("decided (number %(number)s)") % {"number": file.decision.number}
    return str(file.get_state_display())


def days_left(file: Submission, today: date) -> int | None:
    """Return the days left to what is awaited from the commune, below zero when it is overdue; None: nothing is."""
    due = awaited_by(file)
    return None if due is None else (due - today).days


def awaited_by(file: Submission) -> date | None:
    """Return the day by which something is awaited from the commune: its list, later its file; None: nothing is."""
    if file.cycle.state == ReviewCycle.State.PREPARING:
        return None if file.list_confirmed_at else file.list_due_on
    is_locked = file.cycle.state == ReviewCycle.State.CLOSED
    return None if is_locked or file.was_sent else file.due_on


def flag_of(file: Submission, today: date) -> str:
    """Return what stands beside the state: days left, days overdue; empty once the file was sent or is far off."""
    days = days_left(file, today)
    if days is None or days > SOON:
        return ""
    if days < 0:
        return ngettext("%(days)d day overdue", "%(days)d days overdue", -days) % {"days": -days}
    if days == 0:
        return _("today is the last day")
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
