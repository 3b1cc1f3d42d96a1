"""Whether what the lines made can stand: what cells cover, and the codes of units."""

from collections import defaultdict

from django.utils.translation import gettext as _

from cells.checks import covered
from cells.models import CellKind, UnitPeriod
from cells.rearranging.agenda import Agenda


def check_result(agenda: Agenda) -> None:
    """Raise ValidationError with every cell that covers nothing and every code borne twice."""
    _check_areas(agenda)
    _check_codes(agenda)
    agenda.stop_if_hindered()


def _check_areas(agenda: Agenda) -> None:
    """A hamlet cell covers a hamlet on every day; a founded one covers only what stands."""
    of_cell = defaultdict(list)
    for cell, of_hamlets in agenda.lives.areas.items():
        of_cell[cell] += [area.days for areas in of_hamlets.values() for area in areas]
    for pk, life in agenda.lives.cells.items():
        if life.thing.kind == CellKind.HAMLET and not all(
            covered(period.days, of_cell[pk]) for period in life
        ):
            agenda.hinder(
                _("%(cell)s would cover no hamlet any more. Dissolve it, join it, or say what it covers."),
                cell=life.thing,
            )


def _check_codes(agenda: Agenda) -> None:
    given = [
        life for life in agenda.lives.units.values() for period in life if period.starts_on == agenda.day
    ]
    codes = {life.on(agenda.day).code for life in given if life.on(agenda.day)}
    bearers = defaultdict(list)
    later = UnitPeriod.objects.overlapping(agenda.day, None).filter(code__in=codes)
    for period in later.select_related("unit"):
        bearers[period.level, period.code].append(period)
    for periods in bearers.values():
        periods.sort(key=lambda period: period.days)
        for one, other in zip(periods, periods[1:], strict=False):
            if one.unit_id != other.unit_id and other.days[0] <= one.days[1]:
                agenda.hinder(
                    _("%(one)s and %(other)s would bear the code %(code)s on one day."),
                    one=one,
                    other=other,
                    code=one.code,
                )
