"""What came about on the day of a reorganisation, for those who settle seats, titles, counts and accounts."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from cells.kinds import Level
from cells.lives import Lives
from cells.models import Cell, Line, LineKind, Unit

TAKING_IN = (LineKind.FOUND, LineKind.ABSORB)


@dataclass
class Outcome:
    """What came about on the day."""

    day: date
    lines: list[Line]
    lives: Lives
    # Unit or cell that ended → the lines that took it (or a part of it) in; none where it just ended.
    ended: dict[int, list[Line]] = field(default_factory=dict)
    # Standing unit → lines that took a part of it.
    gave: dict[int, list[Line]] = field(default_factory=dict)
    cells_ended: dict[int, Line | None] = field(default_factory=dict)
    # What each line made, or took others into: a unit or a cell, by the key of the line.
    units: dict[int, Unit] = field(default_factory=dict)
    cells: dict[int, Cell] = field(default_factory=dict)
    # What is new → the line that made it.
    made_by: dict[Unit | Cell, Line] = field(default_factory=dict)
    # The same of earlier days of the event: in a rehearsal that is new as well.
    made_earlier: dict[Unit | Cell, Line] = field(default_factory=dict)

    @cached_property
    def new_units(self) -> set[int]:
        """Return the units that began on the day."""
        made = (LineKind.FOUND, LineKind.OPEN)
        return {self.units[line.pk].pk for line in self.lines if line.kind in made}

    def known_as(self, thing: Unit | Cell) -> str:
        """Return a name for it that is the same in every rehearsal: what is new has no lasting key yet."""
        if line := self.made_by.get(thing) or self.made_earlier.get(thing):
            return f"line{line.pk}"
        return f"{thing._meta.model_name}{thing.pk}"

    def mergers(self) -> Iterator[tuple[Line, Unit, list[int], list[int]]]:
        """Return each hamlet that took others in whole: its line, itself, those that ended, itself if it stood.

        Of commune and province nothing is settled in this way: what is recorded of them are grants.
        """
        for line in self.lines:
            into = self.units.get(line.pk)
            if into is None or into.level != Level.HAMLET or line.kind not in TAKING_IN:
                continue
            wholly = [s.unit_id for s in line.sources.all() if self.ended.get(s.unit_id) == [line]]
            if wholly:
                yield line, into, wholly, [] if into.pk in self.new_units else [into.pk]

    def joins(self) -> Iterator[tuple[Line, Cell, list[int], list[int]]]:
        """Return each cell that others were joined to, in the same way."""
        joined = defaultdict(list)
        for cell, taker in self.cells_ended.items():
            if taker is not None:
                joined[taker.pk].append(cell)
        for line in self.lines:
            if line.pk in joined:
                into = self.cells[line.pk]
                yield line, into, joined[line.pk], [into.pk] if line.cell_id else []

    def heirs(self, unit: int) -> list[Unit]:
        """Return the units that took in one that ended."""
        return [self.units[line.pk] for line in self.ended.get(unit, [])]
