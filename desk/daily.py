"""What waits for its day: once a day, by the timer, the start of the site or the first request."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from desk.exporting.keeping import clear_exports
from desk.jobs.progress import Progress
from desk.jobs.work import forget_before, start, work
from desk.models import BatchCheck, BatchFile, DailyRun, ImportBatch, Job
from desk.reorganisation.applying import apply_waiting


class Due(NamedTuple):
    """One thing that is looked after every day: the words for people, and the function.

    The function runs in a transaction of its own, finds out by itself what is due, and may run
    again on the same day without doing anything twice. What it raises is shown to administrators.
    """

    title: str | Promise
    do: Callable[[], None]

    @property
    def name(self) -> str:
        return f"{self.do.__module__}.{self.do.__qualname__}"


def clear_jobs() -> None:
    """Forget finished work, and what is left of it in the queue, after ``KEEP_JOBS_DAYS``."""
    before = timezone.now() - timedelta(days=settings.KEEP_JOBS_DAYS)
    forget_before(before)
    DailyRun.objects.filter(begun_at__lt=before).delete()


def clear_sessions() -> None:
    """Forget the sessions that have ended."""
    call_command("clearsessions")


def clear_import_files() -> None:
    """Forget the files of imports that have ended, and what their check showed, after ``KEEP_IMPORT_FILES_DAYS``."""
    before = timezone.now() - timedelta(days=settings.KEEP_IMPORT_FILES_DAYS)
    ended = ImportBatch.objects.ended().filter(made_at__lt=before)
    BatchFile.objects.filter(batch__in=ended).delete()
    BatchCheck.objects.filter(batch__in=ended).delete()


DUE: tuple[Due, ...] = (
    Due(gettext_lazy("Reorganisations whose day has come"), apply_waiting),
    Due(gettext_lazy("Clearing of finished long work"), clear_jobs),
    Due(gettext_lazy("Clearing of ended sessions"), clear_sessions),
    Due(gettext_lazy("Clearing of files of imports"), clear_import_files),
    Due(gettext_lazy("Clearing of exports that were to be fetched"), clear_exports),
)


@transaction.atomic
def begin_day(day: date, *, again: bool = False) -> list[Job]:
    """Queue what is due, unless that was done for this day already; return what was queued."""
    _row, is_first = DailyRun.objects.get_or_create(day=day)
    if not (is_first or again):
        return []
    return [start(do_due, title=str(due.title), by=None, name=due.name) for due in DUE]


@work
def do_due(progress: Progress, *, by, name: str) -> None:
    """Do one thing that is due. One that is no longer in the list has nothing to do."""
    for due in DUE:
        if due.name == name:
            due.do()
