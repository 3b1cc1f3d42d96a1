"""Rehearsing and applying as long work, done by the worker while a page shows how far it is."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _

from cells.models import Reorganisation
from desk.jobs.progress import Progress
from desk.jobs.work import start, work
from desk.models import Job
from desk.reorganisation import applying
from desk.reorganisation.events import may_apply, readable_events
from desk.reorganisation.rehearsal import keeping


def start_rehearsal(event: Reorganisation, *, by) -> Job:
    """Rehearse in the background; whoever has begun that already is led to what runs."""
    return _running(rehearse_event, by, event=event.pk) or start(
        rehearse_event, title=_("Rehearsal: %(event)s") % {"event": event}, by=by, event=event.pk
    )


def start_applying(event: Reorganisation, *, seen: int, by) -> Job:
    """Apply in the background; the revision that was read is checked when its turn comes."""
    return _running(apply_event, by, event=event.pk, seen=seen) or start(
        apply_event, title=_("Carrying out: %(event)s") % {"event": event}, by=by, event=event.pk, seen=seen
    )


def start_checking(event: Reorganisation, *, seen: int, by) -> Job:
    """Rehearse in the background, and confirm where nothing is left open."""
    title = _("Check: %(event)s") % {"event": event}
    return _running(check_event, by, event=event.pk, seen=seen) or start(
        check_event, title=title, by=by, event=event.pk, seen=seen
    )


def start_undoing(event: Reorganisation, *, seen: int, by, reason: str) -> Job:
    """Undo in the background."""
    title = _("Undoing: %(event)s") % {"event": event}
    return _running(undo_event, by, event=event.pk, seen=seen, reason=reason) or start(
        undo_event, title=title, by=by, event=event.pk, seen=seen, reason=reason
    )


def _running(function, by, **arguments) -> Job | None:
    path = f"{function.__module__}.{function.__qualname__}"
    return Job.objects.unfinished().filter(by=by, work=path, arguments=arguments).first()


@work
def rehearse_event(progress: Progress, *, by, event: int) -> str:
    """Rehearse the event and keep what it shows."""
    found = readable_events(by).filter(pk=event).first()
    if found is None:
        raise PermissionDenied
    keeping.rehearse_and_keep(found, report=progress.report)
    return reverse("reorganisations:rehearsal", args=[event])


@work
def check_event(progress: Progress, *, by, event: int, seen: int) -> str:
    """Confirm that the event was checked, if its revision is still the one that was read."""
    found = _kept_event(event, by)
    progress.report(_("In progress"))
    applying.check(found, seen=seen)
    return found.get_absolute_url()


@work
def apply_event(progress: Progress, *, by, event: int, seen: int) -> str:
    """Apply the event, if its revision is still the one that was read."""
    found = _kept_event(event, by)
    applying.apply(found, seen=seen, progress=progress)
    return found.get_absolute_url()


@work
def undo_event(progress: Progress, *, by, event: int, seen: int, reason: str) -> str:
    """Undo the event, if its revision is still the one that was read."""
    found = _kept_event(event, by)
    progress.report(_("In progress"))
    applying.undo(found, seen=seen, by=by, reason=reason)
    return found.get_absolute_url()


def _kept_event(pk: int, by) -> Reorganisation:
    found = Reorganisation.objects.kept_by(by).filter(pk=pk).first()
    if found is None or not may_apply(by):
        raise PermissionDenied
    return found
