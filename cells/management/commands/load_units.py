from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.changes import recording
from cells.loading import load_country, loaded
from sheets.numbers import format_count


class Command(BaseCommand):
    help = "Load the units of the country, before and after 1/7/2025. Safe to run again."

    def handle(self, **options):
        steps = {
            "units": _("units …"),
            "periods": _("names and parents …"),
            "successions": _("successions …"),
            "copies": _("today's places …"),
            "lines": _("lines of the reform …"),
        }
        with recording(reason="load_units"):
            is_new = load_country(lambda step: self.stdout.write(f"  {steps[step]}"))
        if not is_new:
            self.stdout.write(_("The units are there already; nothing was changed."))
        for line in self._lines():
            self.stdout.write(line)

    @staticmethod
    def _lines():
        numbers = {key: format_count(value) for key, value in vars(loaded()).items()}
        yield (
            _(
                "Until 30/6/2025: %(provinces_before)s provinces, %(districts_before)s districts,"
                " %(communes_before)s communes."
            )
            % numbers
        )
        yield _("From 1/7/2025: %(provinces_after)s provinces, %(communes_after)s communes.") % numbers
        yield (
            _(
                "%(communes_going_on)s communes and %(provinces_going_on)s provinces go on;"
                " %(commune_successions)s successions of communes and island districts;"
                " %(provinces_merged)s provinces into %(provinces_founded)s."
            )
            % numbers
        )
