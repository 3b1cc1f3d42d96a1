import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from cells.models import UnitPeriod
from dashboards.figures.board import Board
from dashboards.figures.frames import Borders, Frame
from dashboards.targets.measures import figures_of_targets

UNUSABLE = 2


class Command(BaseCommand):
    help = "Print the figures of a unit (by its code on that day) or of the country (VN)."

    def add_arguments(self, parser):
        parser.add_argument("--unit", required=True, metavar="CODE|VN")
        parser.add_argument("--as-of", type=date.fromisoformat, metavar="YYYY-MM-DD", help="default: today")
        parser.add_argument("--borders", choices=Borders.values, default=Borders.THEN)
        parser.add_argument("--json", action="store_true", help="an array, one object per figure")

    def handle(self, *, unit, as_of, borders, **options):
        day = as_of or timezone.localdate()
        frame = Frame(self._unit(unit, day, borders), day, borders=borders)
        board = Board(frame)
        figures = [*board.all_figures(), *figures_of_targets(board)]
        if options["json"]:
            self.stdout.write(json.dumps([f.as_json() for f in figures], ensure_ascii=False, indent=2))
            return
        for figure in figures:
            year = f" ({figure.year})" if figure.year else ""
            remarks = f" – {'; '.join(figure.remarks)}" if figure.remarks else ""
            self.stdout.write(
                f"{figure.label}{year}: {figure.fraction} {figure.percent_sign}{remarks}".rstrip()
            )

    @staticmethod
    def _unit(code: str, day: date, borders: str):
        """Return the unit of this code on the day; today's borders ask for a unit of today."""
        if code.upper() == "VN":
            return None
        bearers = UnitPeriod.objects.filter(code=code).select_related("unit")
        bearers = bearers.filter(ends_on__isnull=True) if borders == Borders.NOW else bearers.on(day)
        found = list(bearers[:2])
        if len(found) != 1:
            raise CommandError(
                _("No unit has the code %(code)s on %(day)s. Check the code and the day.")
                % {"code": code, "day": f"{day:%d/%m/%Y}"}
                if not found
                else _("Several units have the code %(code)s on %(day)s.")
                % {"code": code, "day": f"{day:%d/%m/%Y}"},
                returncode=UNUSABLE,
            )
        return found[0].unit
