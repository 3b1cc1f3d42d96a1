"""A form with what is recorded, to be filled in and sent back; or a paper of the review, to be printed."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import ExportLog, User
from cells.models import Unit
from dashboards.papers.asking import asked_for, units_for
from dashboards.papers.forms import FORMS as PAPERS
from dashboards.papers.making import Paper
from desk.importing import batches
from desk.importing.files import filled
from desk.importing.forms import FORMS
from desk.importing.recorded import recorded

UNUSABLE = 2


class Command(BaseCommand):
    help = (
        "Write a form of the import desk with what is recorded, as an xlsx file that can be sent back, or a"
        " paper of the annual review as docx, xlsx or pdf: the name of the file says which."
    )

    def add_arguments(self, parser):
        parser.add_argument("form", metavar="FORM", help=", ".join([*FORMS, *PAPERS]))
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--year", type=int, metavar="Y", help="for forms of a year, and for papers")
        parser.add_argument("--years", type=int, default=3, metavar="N", help="for lists of N years running")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE")
        parser.add_argument(
            "--user", metavar="NAME", help="in whose scope; a paper is made for the whole country without it"
        )

    def handle(self, *, form, unit, year, years, out, user, **options):
        if form in PAPERS:
            count = _write_paper(form, unit, year, years, out, user)
        elif form in FORMS:
            count = _write_form(form, unit, year, out, user)
        else:
            said = _("There is no form %(form)s. Forms: %(forms)s.")
            raise _unusable(said % {"form": form, "forms": ", ".join([*FORMS, *PAPERS])})
        self.stdout.write(f"{out}: {count}")


def _unusable(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=UNUSABLE)


def _account(name: str | None) -> User:
    by = User.objects.filter(username=name, is_active=True).first()
    if by is None:
        raise _unusable(_("There is no account %(name)s.") % {"name": name or "–"})
    return by


def _one(units, code: str) -> Unit:
    found = list(units.filter(code=code, closed_on=None)[:2]) or list(units.filter(code=code)[:2])
    if len(found) != 1:
        raise _unusable(_("The account sees no unit with the code %(code)s, or several.") % {"code": code})
    return found[0]


def _save(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as error:
        raise _unusable(str(error)) from None


def _write_paper(code: str, unit: str, year: int | None, years: int, out: Path, user: str | None) -> int:
    """Write a paper; whoever runs commands on the server sees what the whole country has sent."""
    by = _account(user) if user else User(username="", is_superuser=True, full_name=_("command"))
    form, kind = PAPERS[code], out.suffix.lower().lstrip(".")
    if kind not in form.kinds:
        said = _("%(form)s is written as %(kinds)s. Name the file accordingly.")
        raise _unusable(said % {"form": code, "kinds": ", ".join(form.kinds)})
    found = _one(units_for(by), unit)
    if found.level not in form.levels:
        fitting = [one.code for one in PAPERS.values() if found.level in one.levels]
        said = _("%(unit)s has no paper %(form)s. Its papers: %(forms)s.")
        raise _unusable(said % {"unit": found, "form": code, "forms": ", ".join(fitting)})
    if year is None:
        raise _unusable(_("Say which year: --year."))
    try:
        asked = asked_for(by, found, year, years=years)
    except Http404:
        asked = None
    if asked is None or asked.is_withheld:
        raise _unusable(
            _("There is nothing of %(unit)s in %(year)s that this account may see.")
            % {"unit": found, "year": year}
        )
    paper = Paper.of(form, asked)
    _save(out, paper.write(kind))
    if by.pk:
        paper.note(by=by, kind=kind)
    else:
        ExportLog.objects.create(
            by_name=str(by), what=paper.name[:200], filters=f"{code}.{kind}", row_count=paper.rows
        )
    return paper.rows


def _write_form(code: str, unit: str, year: int | None, out: Path, user: str | None) -> int:
    by = _account(user)
    chosen = batches.forms_of(by).get(code)
    if chosen is None:
        said = _("This account hands in no form %(kind)s. Its forms: %(forms)s.")
        raise _unusable(said % {"kind": code, "forms": ", ".join(batches.forms_of(by)) or "–"})
    found = list(Unit.objects.visible_to(by).filter(code=unit, closed_on=None)[:2])
    if len(found) != 1:
        raise _unusable(_("The account sees no unit with the code %(code)s, or several.") % {"code": unit})
    rows = recorded(chosen, by, unit=found[0], year=year)
    count = rows.count()
    _save(out, filled(chosen, rows, by))
    ExportLog.note(by=by, what=str(chosen.label), filters=str(found[0]), rows=count)
    chosen.parts[0].resource(user=by).note_taken_out(rows, str(chosen.label))
    return count
