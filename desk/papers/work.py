"""Long papers, written by the worker in the name and with the scope of who asked for them."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from cells.models import Unit
from dashboards.papers.asking import Asked, asked_for, units_for
from dashboards.papers.forms import FORMS, Form
from dashboards.papers.issuing import Numbered, issue
from dashboards.papers.making import Paper
from desk.exporting.keeping import keep
from desk.jobs.progress import Progress
from desk.jobs.work import look_after, start, work
from desk.models import Job

# Measured: a file of 1 000 rows takes 0.4 to 0.7 seconds, of 3 000 rows 1.3 to 2.9; issuing makes three files.
LONG_PAPER_ROWS = 1000


def start_paper(form: Form, asked: Asked, *, kind: str) -> Job:
    """Return the work that writes a long paper; who asks for the same once more is led to the same work."""
    arguments = {"form": form.code, "kind": kind, **_where(asked)}
    for job in look_after(Job.objects.filter(by=asked.user, work=_PATH).unfinished()):
        if job.is_unfinished and job.arguments == arguments:
            return job
    return start(write_paper, title=f"{form.label} – {asked.unit}", by=asked.user, **arguments)


def start_issuing(form: Form, asked: Asked, numbered: Numbered, *, mark: str) -> Job:
    """Return the work that issues a long paper."""
    arguments = {
        "form": form.code,
        "mark": mark,
        "number": numbered.number,
        "day": numbered.day.isoformat(),
        "heading": numbered.title,
        **_where(asked),
    }
    return start(issue_paper, title=f"{form.label} – {asked.unit}", by=asked.user, **arguments)


def _where(asked: Asked) -> dict:
    return {"unit": asked.unit.pk, "year": asked.year, "years": asked.years}


def _asked(by, unit: int, year: int, years: int) -> Asked:
    try:
        asked = asked_for(by, units_for(by).get(pk=unit), year, years=years)
        if asked.is_withheld:
            raise Http404
        return asked
    except (Http404, Unit.DoesNotExist):
        raise ValidationError(
            _("This paper cannot be made any more as it was asked for. Open its page and ask again.")
        ) from None


@contextmanager
def _written(progress: Progress, *, by, form: str, kind: str, unit: int, year: int, years: int) -> Iterator:
    paper = Paper.of(FORMS[form], _asked(by, unit, year, years))
    progress.report(_("Writing the paper"), 0, 1)
    yield paper, paper.write(kind)


@work(reading=_written)
def write_paper(progress: Progress, *, by, kind: str, read: tuple, **_asked_for) -> str:
    """Keep the file that was written, and note who took it."""
    paper, content = read
    out = io.BytesIO(content)
    out.seek(0, io.SEEK_END)
    kept = keep(out, paper, by=by, kind=kind, rows=paper.rows)
    paper.note(by=by, kind=kind)
    return kept.get_absolute_url()


@work
def issue_paper(
    progress: Progress,
    *,
    by,
    form: str,
    mark: str,
    number: str,
    day: str,
    heading: str,
    unit: int,
    year: int,
    years: int,
) -> str:
    """Issue a long paper, all its files with it."""
    progress.report(_("Writing the paper"), 0, 1)
    numbered = Numbered(number, date.fromisoformat(day), heading)
    report = issue(FORMS[form], _asked(by, unit, year, years), numbered, mark=mark)
    return report.get_absolute_url()


_PATH = f"{write_paper.__module__}.{write_paper.__qualname__}"
