"""What became of units and cells that have ended, and what those that stand came from.

Seen from either side it is a passage: whole or in part, on a day, by a paper. Where the other
side has ended as well, the passage leads on to what stands there today.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef

from cells.models import Cell, Decision, Line, LineKind, LineSource, Succession, Unit


@dataclass(frozen=True)
class Place:
    """A unit or cell, and whether the reader may open its page."""

    thing: Unit | Cell
    may_open: bool


@dataclass(frozen=True)
class Passage(Place):
    """The unit or cell at the other side, and what is known of the way there."""

    on: date
    is_part: bool = False
    decision: Decision | None = None
    # What stands there today, where the other side has ended too.
    now: tuple[Place, ...] = field(default=())


def tell_fates(units: Iterable[Unit], user) -> None:
    """Put what became of them on the units that have ended (``fate``); the others get an empty list.

    The number of queries grows with the longest chain of mergers, not with the units.
    """
    _tell(list(units), _UnitPassages(user))


def tell_fates_of_cells(cells: Iterable[Cell], user) -> None:
    """Put on the cells that have ended which cell took them in (``fate``)."""
    _tell(list(cells), _CellPassages(user))


def origins_of(unit: Unit, user) -> list[Passage]:
    """Return the units that went into this one, whole or in part."""
    return list(_UnitPassages(user).origins(unit))


def origins_of_cell(cell: Cell, user) -> list[Passage]:
    """Return the cells that were joined in this one."""
    return list(_CellPassages(user).origins(cell))


def _tell(things: list, passages: "_UnitPassages | _CellPassages") -> None:
    ended = {thing.pk for thing in things if thing.closed_on}
    onwards: dict[int, list[Passage]] = defaultdict(list)
    asked, asking = set(), ended
    while asking:
        for source, passage in passages.onwards(asking):
            onwards[source].append(passage)
        asked |= asking
        reached = (p.thing for source in asking for p in onwards[source])
        asking = {thing.pk for thing in reached if thing.closed_on} - asked
    for thing in things:
        steps = onwards[thing.pk] if thing.pk in ended else []
        thing.fate = [
            Passage(p.thing, p.may_open, p.on, p.is_part, p.decision, tuple(_ends(p, onwards))) for p in steps
        ]


def _ends(passage: Passage, onwards: dict[int, list[Passage]]) -> list[Place]:
    """Return what stands at the end of every way that leads on from a passage to what has ended."""
    ends: dict[int, Place] = {}
    seen, ways = set(), [passage] if passage.thing.closed_on else []
    while ways:
        way = ways.pop()
        if way.thing.closed_on is None:
            ends[way.thing.pk] = Place(way.thing, way.may_open)
        elif way.thing.pk not in seen:  # a circle leads nowhere
            seen.add(way.thing.pk)
            ways += onwards[way.thing.pk]
    return sorted(ends.values(), key=lambda end: (end.thing.sort_key, end.thing.pk))


def _applied_lines(user):
    """Return the applied lines whose paper this reader may see."""
    return Line.objects.visible_to(user).applied().filter(decision__in=Decision.objects.visible_to(user))


class _UnitPassages:
    """The ways of units: successions, with the paper of the line that tells the same."""

    def __init__(self, user):
        self.user = user

    def _successions(self, side: str):
        may_open = Unit.objects.visible_to(self.user).filter(pk=OuterRef(side))
        return (
            Succession.objects.select_related(side).annotate(may_open=Exists(may_open)).order_by("on", "pk")
        )

    def onwards(self, units: set[int]) -> Iterator[tuple[int, Passage]]:
        rows = list(self._successions("successor").filter(predecessor__in=units))
        papers = self._papers(rows)
        for row in rows:
            yield row.predecessor_id, _passage(row, row.successor, papers)

    def origins(self, unit: Unit) -> Iterator[Passage]:
        rows = list(self._successions("predecessor").filter(successor=unit))
        papers = self._papers(rows)
        for row in rows:
            yield _passage(row, row.predecessor, papers)

    def _papers(self, rows: list[Succession]) -> dict[tuple, Decision]:
        if not any(row.reorganisation_id for row in rows):
            return {}
        sources = LineSource.objects.filter(
            unit__in={row.predecessor_id for row in rows},
            line__unit__in={row.successor_id for row in rows},
            line__in=_applied_lines(self.user),
        )
        return {
            (source.unit_id, source.line.unit_id, source.line.on): source.line.decision
            for source in sources.select_related("line__decision")
        }


def _passage(row: Succession, other: Unit, papers: dict[tuple, Decision]) -> Passage:
    return Passage(
        other,
        row.may_open,
        row.on,
        row.part == Succession.Part.PART,
        papers.get((row.predecessor_id, row.successor_id, row.on)),
    )


class _CellPassages:
    """The ways of cells: the lines that joined them."""

    def __init__(self, user):
        self.user = user

    def _joined(self, other: str):
        joined = LineSource.objects.filter(line__kind=LineKind.CELL_JOIN, line__applied_in__isnull=False)
        may_open = Cell.objects.visible_to(self.user).filter(pk=OuterRef(other))
        return (
            joined.filter(cell__isnull=False, line__cell__isnull=False)
            .select_related("cell", "line__cell", "line__decision")
            .annotate(
                may_open=Exists(may_open),
                shows_paper=Exists(_applied_lines(self.user).filter(pk=OuterRef("line"))),
            )
            .order_by("line__on", "pk")
        )

    def onwards(self, cells: set[int]) -> Iterator[tuple[int, Passage]]:
        for row in self._joined("line__cell").filter(cell__in=cells):
            yield row.cell_id, _join(row, row.line.cell)

    def origins(self, cell: Cell) -> Iterator[Passage]:
        for row in self._joined("cell").filter(line__cell=cell):
            yield _join(row, row.cell)


def _join(row: LineSource, other: Cell) -> Passage:
    return Passage(other, row.may_open, row.line.on, decision=row.line.decision if row.shows_paper else None)
