"""By which of its names somebody found a unit or cell: the one of today, or an earlier one."""

from django.db.models import prefetch_related_objects

from cells.models import CellPeriod, UnitPeriod
from sheets.text import fold


def recall(found: list, text: str) -> None:
    """Put on each of these units or cells the last period with the name or code asked for (``former``).

    Nothing, where that is its name of today, or its last one.
    """
    words = fold(text).split()
    prefetch_related_objects(found, "periods")
    for thing in found:
        life = sorted(thing.periods.all(), key=lambda period: period.days, reverse=True)
        called = next((period for period in life if _bears(period, words)), None)
        thing.former = called if called and _called(called) != _called(life[0]) else None


def _called(period: UnitPeriod | CellPeriod) -> tuple[str, str]:
    """Return name and official code; a cell keeps its code for life."""
    return str(period), getattr(period, "code", "")


def _bears(period: UnitPeriod | CellPeriod, words: list[str]) -> bool:
    """Say whether every word begins a word of the name, or the code of then."""
    own = [word for text in _called(period) for word in fold(text).split()]
    return all(any(one.startswith(word) for one in own) for word in words)
