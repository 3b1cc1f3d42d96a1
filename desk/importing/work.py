"""Checking, writing and undoing of long files: done by the worker while a page shows how far it is."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from desk.importing import batches
from desk.importing.reading import Reading
from desk.jobs.progress import Progress
from desk.jobs.work import start, work
from desk.models import BatchCheck, ImportBatch, Job

# A file of so many rows is checked, written or undone while the page waits.
QUICK_ROWS = 1500


def is_long(reading: Reading) -> bool:
    return len(reading.rows) > QUICK_ROWS


def was_long(batch: ImportBatch) -> bool:
    return sum(batch.counts.values()) > QUICK_ROWS


def start_check(batch: ImportBatch, *, by) -> Job:
    return _started(check_batch, _("Checking of %(file)s"), batch, by)


def start_writing(batch: ImportBatch, *, seen: int, by, fingerprint: str, only_good: bool) -> Job:
    title = _("Writing of %(file)s")
    return _started(write_batch, title, batch, by, seen=seen, fingerprint=fingerprint, only_good=only_good)


def start_undoing(batch: ImportBatch, *, seen: int, by, reason: str) -> Job:
    return _started(undo_batch, _("Undoing of %(file)s"), batch, by, seen=seen, reason=reason)


def _started(function, title: str, batch: ImportBatch, by, **arguments) -> Job:
    """Queue the work; whoever has begun the same already is led to what runs."""
    arguments["batch"] = batch.pk
    path = f"{function.__module__}.{function.__qualname__}"
    running = Job.objects.unfinished().filter(by=by, work=path, arguments=arguments).first()
    return running or start(function, title=title % {"file": batch}, by=by, **arguments)


@work
def check_batch(progress: Progress, *, by, batch: int) -> str:
    """Check the rows and keep what was found."""
    found = _kept_batch(batch, by)
    progress.report(_("Reading the file"))
    reading = batches.read_batch(found, by)
    if reading.step == "check":
        batches.check(found, reading, by, progress.report)
    return found.get_absolute_url()


@work
def write_batch(progress: Progress, *, by, batch: int, seen: int, fingerprint: str, only_good: bool) -> str:
    """Write what was shown; where that would be something else by now, the page shows what it would be."""
    found = _kept_batch(batch, by)
    progress.report(_("Reading the file"))
    try:
        batches.write(
            found, seen=seen, by=by, fingerprint=fingerprint, only_good=only_good, report=progress.report
        )
    except ValidationError as refusal:
        kept = BatchCheck.objects.filter(batch=found).first()
        if kept is None:
            raise
        # The work has come to an end; what is to be said of it stands on the page of the file.
        kept.result["told"] = refusal.messages
        kept.save()
    return found.get_absolute_url()


@work
def undo_batch(progress: Progress, *, by, batch: int, seen: int, reason: str) -> str:
    """Take back what the batch wrote."""
    found = _kept_batch(batch, by)
    progress.report(_("In progress"))
    batches.undo(found, seen=seen, by=by, reason=reason)
    return found.get_absolute_url()


def _kept_batch(pk: int, by) -> ImportBatch:
    found = ImportBatch.objects.kept_by(by).filter(pk=pk).first()
    if found is None or not by.has_perm(batches.USES):
        raise PermissionDenied
    return found
