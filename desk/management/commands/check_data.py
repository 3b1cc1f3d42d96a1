from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from desk.checks import problems


class Command(BaseCommand):
    help = "Rebuild every stored copy, compare, and look for overlaps, holes and broken successions."

    def handle(self, **options):
        found = 0
        for problem in problems():
            self.stdout.write(self.style.ERROR(f"- {problem}"))
            found += 1
        if found:
            raise CommandError(_("%(count)d findings.") % {"count": found})
        self.stdout.write(_("Everything agrees."))
