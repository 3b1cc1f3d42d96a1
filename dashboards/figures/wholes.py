"""Figures of a unit as a whole on several days, all in one query: nothing is asked of what stood below."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Count, DateField, QuerySet, Value

from dashboards.figures.definitions import Definition, Kind
from dashboards.figures.frames import Frame
from dashboards.figures.sections import CELLS, COMMUNES, HAMLETS

# States of a day whose rows are counted. Results are looked for in years and terms; sums add up a column.
_COUNTED_BY_DAY = (HAMLETS, CELLS, COMMUNES)


@dataclass(frozen=True)
class Whole:
    """How many rows are counted, and of how many; None for what is no share."""

    counted: int = 0
    of: int | None = None


def can_be_whole(definition: Definition) -> bool:
    return definition.section in _COUNTED_BY_DAY and not definition.adds_up


def wholes(frame: Frame, wanted: Iterable[tuple[Definition, date]]) -> dict[tuple[str, date], Whole]:
    """Return {(code, day): whole} of figures for which ``can_be_whole`` is true."""
    wanted = dict.fromkeys(wanted)
    if not wanted:
        return {}
    first, *others = (_row(frame.whole_on(day), definition) for definition, day in wanted)
    rows = {
        (row["figure"], row["as_of"]): row for row in (first.union(*others, all=True) if others else first)
    }
    found = {}
    for definition, day in wanted:
        row = rows.get((definition.code, day), {"counted": 0, "whole": 0})
        of = row["whole"] if definition.kind == Kind.SHARE else None
        found[definition.code, day] = Whole(row["counted"], of)
    return found


def _row(frame: Frame, definition: Definition) -> QuerySet:
    """Return one row with the counts, and none where nothing stood."""
    rows = definition.section.rows(frame, only={definition.flag, definition.of_flag}).order_by()
    named = rows.values(figure=Value(definition.code, CharField()), as_of=Value(frame.day, DateField()))
    return named.annotate(
        counted=Count("pk", filter=definition.counted()), whole=Count("pk", filter=definition.of())
    )
