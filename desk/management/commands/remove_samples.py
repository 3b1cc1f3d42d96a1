from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from desk.samples.loading import remove
from sheets.numbers import format_count


class Command(BaseCommand):
    help = "Take the sample data back; refused, with a list, while other data depends on it."

    def add_arguments(self, parser):
        parser.add_argument(
            "--even-if-edited",
            action="store_true",
            help="take sample rows away although somebody has edited them since",
        )

    def handle(self, *, even_if_edited, **options):
        try:
            count = remove(even_if_edited=even_if_edited)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        if count:
            self.stdout.write(_("%(count)s rows of sample data removed.") % {"count": format_count(count)})
            if settings.SECOND_FACTOR == "off":
                # Off was right for printed passwords; these are gone with the samples.
                self.stdout.write(
                    _("Before real work begins: set SECOND_FACTOR=required in .env and start the site again.")
                )
        else:
            self.stdout.write(_("There is no sample data."))
