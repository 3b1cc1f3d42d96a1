"""A form with what is recorded, to be filled in and sent back."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import ExportLog, User
from cells.models import Unit
from desk.importing import batches
from desk.importing.files import filled
from desk.importing.forms import FORMS
from desk.importing.recorded import recorded

UNUSABLE = 2


class Command(BaseCommand):
    help = "Write a form of the import desk with what is recorded, as an xlsx file that can be sent back."

    def add_arguments(self, parser):
        parser.add_argument("form", metavar="FORM", help=", ".join(FORMS))
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--year", type=int, metavar="Y", help="for forms of a year")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE")
        parser.add_argument("--user", required=True, metavar="NAME", help="in whose scope")

    def handle(self, *, form, unit, year, out, user, **options):
        by = User.objects.filter(username=user, is_active=True).first()
        if by is None:
            raise CommandError(_("There is no account %(name)s.") % {"name": user}, returncode=UNUSABLE)
        chosen = batches.forms_of(by).get(form)
        if chosen is None:
            said = _("This account hands in no form %(kind)s. Its forms: %(forms)s.")
            forms = ", ".join(batches.forms_of(by)) or "–"
            raise CommandError(said % {"kind": form, "forms": forms}, returncode=UNUSABLE)
        found = list(Unit.objects.visible_to(by).filter(code=unit, closed_on=None)[:2])
        if len(found) != 1:
            said = _("The account sees no unit with the code %(code)s, or several.")
            raise CommandError(said % {"code": unit}, returncode=UNUSABLE)
        rows = recorded(chosen, by, unit=found[0], year=year)
        count = rows.count()
        try:
            out.write_bytes(filled(chosen, rows, by))
        except OSError as error:
            raise CommandError(str(error), returncode=UNUSABLE) from None
        ExportLog.note(by=by, what=str(chosen.label), filters=str(found[0]), rows=count)
        self.stdout.write(f"{out}: {count}")
