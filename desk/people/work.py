"""Long lists of people on paper, written by the worker in the name and with the scope of who asked for them."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from dashboards.exports import Asked
from dashboards.people.paper import PeoplePaper, note_list, paper_of_list
from desk.exporting.keeping import keep
from desk.jobs.progress import Progress
from desk.jobs.work import look_after, start, work
from desk.models import Job

# A Word file of so many lines takes about two seconds.
LONG_LIST = 1000


def start_list(paper_name: str, asked: Asked, *, kind: str) -> Job:
    """Return the work that writes a long list; who asks for the same once more is led to the same work."""
    arguments = {"words": asked.GET.urlencode(), "kind": kind}
    for job in look_after(Job.objects.filter(by=asked.user, work=_PATH).unfinished()):
        if job.is_unfinished and job.arguments == arguments:
            return job
    return start(write_list, title=paper_name, by=asked.user, **arguments)


@contextmanager
def _written(progress: Progress, *, by, words: str, kind: str) -> Iterator:
    progress.report(_("Writing the paper"), 0, 1)
    try:
        paper = paper_of_list(Asked(by, QueryDict(words)))
    except Http404:
        raise ValidationError(
            _("This list cannot be made any more as it was asked for. Open the page and export it again.")
        ) from None
    yield paper, paper.write(kind)


@work(reading=_written)
def write_list(progress: Progress, *, by, words: str, kind: str, read: tuple[PeoplePaper, bytes]) -> str:
    """Keep the file that was written, and note whose records were taken out."""
    paper, content = read
    out = io.BytesIO(content)
    out.seek(0, io.SEEK_END)
    kept = keep(out, paper, by=by, kind=kind, rows=paper.rows)
    note_list(paper, by=by)
    return kept.get_absolute_url()


_PATH = f"{write_list.__module__}.{write_list.__qualname__}"
