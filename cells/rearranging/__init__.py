"""What the lines of a reorganisation do to units and cells on one day.

Everything is loaded once, changed in memory and written in bulk, so that three thousand lines
need as many queries as three. Lines of one day are one change of the map: units are ended, founded
and moved together, whatever the order they stand in; what stands in a unit that ends goes along.
An event entered late is carried through later ones, or refused with what stands in the way.
"""

from collections.abc import Iterable

from cells.fates import Fates
from cells.models import Line
from cells.rearranging.agenda import Agenda
from cells.rearranging.cells import CellChanges
from cells.rearranging.conflicts import check_lines
from cells.rearranging.outcome import Outcome
from cells.rearranging.result import check_result
from cells.rearranging.units import UnitChanges

__all__ = ["Outcome", "rearrange"]


def rearrange(lines: Iterable[Line], fates: Fates) -> Outcome:
    """Carry out the lines of one day, all of them; raise ValidationError with every hindrance.

    Call it inside a transaction: new units are written while it goes.
    """
    agenda = Agenda(list(lines), fates)
    check_lines(agenda)
    UnitChanges(agenda).carry_out()
    CellChanges(agenda).carry_out()
    agenda.lives.save()
    check_result(agenda)
    return agenda.outcome
