"""A long list, written by the worker in the name and with the scope of who asked for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile

from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from dashboards.exports import Asked, Export, note, write
from desk.exporting.keeping import keep
from desk.jobs.progress import Progress
from desk.jobs.work import look_after, start, work
from desk.models import Job


def start_export(describe: Callable, export: Export, asked: Asked, *, kind: str, where: dict) -> Job:
    """Return the work that writes the list; who asks for the same once more is led to the same work."""
    arguments = {
        "describe": f"{describe.__module__}.{describe.__qualname__}",
        "words": asked.GET.urlencode(),
        "where": where,
        "kind": kind,
    }
    unfinished = Job.objects.filter(by=asked.user, work=_PATH).unfinished()
    for job in look_after(unfinished):
        if job.is_unfinished and job.arguments == arguments:
            return job
    return start(write_export, title=export.title, by=asked.user, **arguments)


@contextmanager
def _written(progress: Progress, *, by, describe: str, words: str, where: dict, kind: str) -> Iterator:
    """Write the list as it is seen now into a file of its own; give that, the list and its number of rows."""
    export = _described(describe, Asked(by, QueryDict(words)), where)

    def report(done: int) -> None:
        # A line of the page may make two rows of the file.
        progress.report(_("Writing the rows"), min(done, export.count), export.count)

    with TemporaryFile() as out:
        yield out, export, write(export, out, kind=kind, by=by, report=report)


@work(reading=_written)
def write_export(progress: Progress, *, by, kind: str, read: tuple, **_asked) -> str:
    """Keep the file that was written, and note the export."""
    out, export, rows = read
    kept = keep(out, export, by=by, kind=kind, rows=rows)
    note(export, by=by, rows=rows)
    return kept.get_absolute_url()


_PATH = f"{write_export.__module__}.{write_export.__qualname__}"


def _described(path: str, asked: Asked, where: dict) -> Export:
    describe = import_string(path)
    if not getattr(describe, "is_export", False):
        raise TypeError(f"{path} describes no export")
    try:
        return describe(asked, **where)
    except Http404:
        raise ValidationError(
            _("This list cannot be made any more as it was asked for. Open the page and export it again.")
        ) from None
