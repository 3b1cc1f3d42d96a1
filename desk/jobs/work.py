"""Starting long work, doing it as a whole or not at all, and seeing where it was broken off."""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from accounts.changes import ChangeSet, recording
from accounts.refusals import check_deferred, sentences_for
from desk.jobs.progress import forget, held, is_held
from desk.models import Job

logger = logging.getLogger(__name__)

REFUSALS = (ValidationError, ProtectedError, RestrictedError, IntegrityError)
# The worker takes a job out of the queue a moment before it holds it.
MOMENT = timedelta(minutes=1)


def work(function: Callable | None = None, *, reading: Callable | None = None) -> Callable:
    """Mark a function as long work, which ``start`` accepts and the worker may call.

    It is called as ``function(progress, by=user, **arguments)`` inside one transaction and one
    change set of that user, and returns the address of its result, if it has one. What it refuses
    (ValidationError and the like) is shown to the user; nothing is changed then. It asks again what
    the user may do: that may have changed while the work was waiting.

    ``reading`` is a context manager that is called with the same arguments before the transaction, so that
    on SQLite nobody who writes has to wait for it; what it gives is handed over as ``read``.
    """

    def marked(function: Callable) -> Callable:
        function.is_long_work = True
        function.reading = reading
        return function

    return marked(function) if function else marked


@transaction.atomic
def start(function: Callable, *, title: str, by, **arguments) -> Job:
    """Queue the work and return its job; ``arguments`` must be JSON. Send the user to ``job_url``.

    The queue lies in the same database, so that a job waits exactly if the transaction that asked
    for it is committed, and the worker does not see it before.
    """
    path = f"{function.__module__}.{function.__qualname__}"
    _long_work(path)
    longest = Job._meta.get_field("title").max_length
    job = Job.objects.create(title=title[:longest], by=by, work=path, arguments=arguments)
    _queue(job)
    return job


def _queue(job: Job) -> None:
    job.task = do_job.enqueue(str(job.pk)).id
    job.save(update_fields=["task"])


def _long_work(path: str) -> Callable:
    function = import_string(path)
    if not getattr(function, "is_long_work", False):
        raise TypeError(f"{path} is not marked as long work")
    return function


@task()
def do_job(pk: str) -> None:
    """Do the waiting job. One that somebody else does, or has done, is left alone."""
    job = Job.objects.select_related("by").get(pk=pk)
    with held(job.pk) as progress:
        if progress is None or not _change(job, Job.State.QUEUED, state=Job.State.RUNNING, started_at=_now()):
            return
        try:
            _do(job, progress)
        except REFUSALS as refusal:
            _fail(job, sentences_for(refusal))
        except PermissionDenied as refusal:
            _fail(job, [str(refusal) or _("The account may not do this any more.")])
        except Exception:
            logger.exception("Long work %s failed: %s", job.pk, job.work)
            _fail(
                job,
                [_("A fault of the software. Tell the system administrator this number: %s.") % job.pk],
            )


def _do(job: Job, progress) -> None:
    if job.by and not job.by.is_active:
        raise PermissionDenied
    function = _long_work(job.work)
    with ExitStack() as opened:
        arguments = dict(job.arguments)
        if function.reading:
            arguments["read"] = opened.enter_context(function.reading(progress, by=job.by, **job.arguments))
        _do_in_one_transaction(job, function, progress, arguments)


def _do_in_one_transaction(job: Job, function: Callable, progress, arguments: dict) -> None:
    kind = ChangeSet.Kind.PAGE if job.by else ChangeSet.Kind.COMMAND
    with recording(by=job.by, kind=kind, reason=job.title), transaction.atomic():
        result = function(progress, by=job.by, **arguments)
        check_deferred()
        # In the transaction of the work itself: done is exactly what is committed.
        if not _change(
            job, Job.State.RUNNING, state=Job.State.DONE, finished_at=_now(), result_url=result or ""
        ):
            raise RuntimeError("Somebody else has ended this job")


def _fail(job: Job, sentences: list[str]) -> None:
    _change(job, Job.State.RUNNING, state=Job.State.FAILED, finished_at=_now(), error="\n".join(sentences))


def _change(job: Job, before: str, **fields) -> bool:
    """Write these fields if the job is still in that state; say whether it was."""
    return bool(Job.objects.filter(pk=job.pk, state=before).update(**fields))


def look_after(jobs) -> list[Job]:
    """Return the jobs; those that nobody works at any more are recognised as interrupted."""
    jobs = list(jobs)
    for job in jobs:
        if job.is_unfinished and _is_abandoned(job):
            same = Job.objects.filter(pk=job.pk, state=job.state, started_at=job.started_at)
            same.update(state=Job.State.INTERRUPTED, finished_at=_now())
            job.refresh_from_db()
    return jobs


def _is_abandoned(job: Job) -> bool:
    if is_held(job.pk):
        return False
    return job.state == Job.State.RUNNING or _was_dropped(job)


def _was_dropped(job: Job) -> bool:
    """Whether a worker took the job out of the queue and ended before it began."""
    place = DBTaskResult.objects.filter(pk=job.task).first()
    if place is None:
        return True
    return place.status != TaskResultStatus.READY and place.started_at < _now() - MOMENT


@transaction.atomic
def start_again(job: Job) -> bool:
    """Queue interrupted work once more; of two who ask for it at once only one does."""
    fields = {"state": Job.State.QUEUED, "step": "", "done": 0, "total": 0}
    if not _change(job, Job.State.INTERRUPTED, started_at=None, finished_at=None, **fields):
        return False
    forget([job.pk])
    _queue(job)
    return True


def forget_before(moment: datetime) -> None:
    """Remove the jobs that ended before, and what is left of them in the queue."""
    ended = look_after(Job.objects.filter(asked_at__lt=moment))
    ended = [job.pk for job in ended if not job.is_unfinished]
    Job.objects.filter(pk__in=ended).delete()
    DBTaskResult.objects.filter(enqueued_at__lt=moment).exclude(status=TaskResultStatus.READY).delete()
    transaction.on_commit(lambda: forget(ended))


def _now() -> datetime:
    return timezone.now()
