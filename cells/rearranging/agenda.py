"""The lines of one day, read: what ends, who takes it in, what is asked, and what stands in the way."""

from collections import defaultdict
from datetime import date
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cells.dated import ONE_DAY
from cells.fates import Case, CaseKind, Fates, Option
from cells.kinds import KINDS_OF_LEVEL, Level
from cells.lives import Life, Lives
from cells.models import CellArea, CellPeriod, Line, LineKind, Succession, Unit, UnitPeriod
from cells.rearranging.outcome import TAKING_IN, Outcome
from sheets.text import lower_first

WHOLE, PART = Succession.Part.WHOLE, Succession.Part.PART
BRINGING_FORTH = (LineKind.FOUND, LineKind.OPEN, LineKind.CELL_FOUND, LineKind.CELL_JOIN)
STAYS = "stays"
TO_ALL = "all"


class Agenda:
    """What is to be done on the day."""

    def __init__(self, lines: list[Line], fates: Fates):
        self.day, self.lines, self.fates = lines[0].on, lines, fates
        self.hindrances: list[str] = []
        self.sources = {line.pk: list(line.sources.all()) for line in lines}
        self.by_kind = defaultdict(list)
        for line in lines:
            self.by_kind[line.kind].append(line)
        self.ending = self._ending()
        # Where a unit that is moved by a line of its own goes.
        self.moved = {line.unit_id: line for line in self.by_kind[LineKind.MOVE]}
        self.lives = self._load()
        self.outcome = Outcome(self.day, lines, self.lives, made_earlier=self._made_earlier())

    def _made_earlier(self) -> dict:
        """Return what earlier lines of the event brought into being, each with its line."""
        event = self.lines[0].reorganisation_id
        earlier = Line.objects.filter(reorganisation=event, on__lt=self.day, kind__in=BRINGING_FORTH)
        rows = earlier.select_related("unit", "cell")
        return {line.unit or line.cell: line for line in rows if line.unit_id or line.cell_id}

    def stop_if_hindered(self) -> None:
        if self.hindrances:
            raise ValidationError(self.hindrances)

    def hinder(self, sentence: str, **words) -> None:
        """Note what stands in the way; all of it is said at once."""
        text = sentence % words if words else sentence
        if text not in self.hindrances:
            self.hindrances.append(text)

    def _ending(self) -> set[int]:
        """Return the units that end: taken in whole, divided, or closed."""
        taken = {
            source.unit_id
            for kind in TAKING_IN
            for line in self.by_kind[kind]
            for source in self.sources[line.pk]
            if source.part == WHOLE
        }
        return taken | {
            line.unit_id for kind in (LineKind.SPLIT, LineKind.CLOSE) for line in self.by_kind[kind]
        }

    def _load(self) -> Lives:
        """Load what the lines name, what stands in units that end or give, and what covers them."""
        named = {line.unit_id for line in self.lines} | {line.parent_id for line in self.lines}
        named |= {source.unit_id for sources in self.sources.values() for source in sources}
        named.discard(None)
        left = self.ending | {
            s.unit_id for sources in self.sources.values() for s in sources if s.part == PART
        }
        below = self._from_that_day(UnitPeriod).filter(parent__in=left).values_list("unit", flat=True)
        cells = {line.cell_id for line in self.lines}
        cells |= {source.cell_id for sources in self.sources.values() for source in sources}
        standing = self._from_that_day(CellPeriod).filter(commune__in=left)
        covering = self._from_that_day(CellArea).filter(hamlet__in=named)
        cells |= {cell for rows in (standing, covering) for cell in rows.values_list("cell", flat=True)}
        cells.discard(None)
        return Lives(named | set(below), cells)

    def _from_that_day(self, model):
        return model.objects.overlapping(self.day, None)

    def later_end(self, unit: int) -> tuple[date | None, list[int]]:
        """Return the last day of a unit and its heirs, where a later event that is recorded already ended it."""
        life = self.lives.units.get(unit)
        end = life.last_day if life else self._recorded_ends.get(unit)
        if end is None:
            return None, []
        new = [
            s.successor_id
            for s in self.lives.successions
            if s.predecessor_id == unit and s.on == end + ONE_DAY
        ]
        return end, new or self._recorded_heirs[unit, end + ONE_DAY]

    @cached_property
    def _recorded_heirs(self) -> dict[tuple[int, date], list[int]]:
        """Return what became later of everything named, and of what it became: a query a generation."""
        heirs, known, young = defaultdict(list), set(), set(self.lives.units)
        while young:
            known |= young
            rows = Succession.objects.filter(predecessor__in=young, on__gt=self.day)
            young = set()
            for old, new, on in rows.values_list("predecessor", "successor", "on"):
                heirs[old, on].append(new)
                young |= {new} - known
        return heirs

    @cached_property
    def _recorded_ends(self) -> dict[int, date]:
        later = {new for some in self._recorded_heirs.values() for new in some}
        return dict(Unit.objects.filter(pk__in=later, closed_on__isnull=False).values_list("pk", "closed_on"))

    def takers(self, unit: int) -> list[Line]:
        """Return the lines that take the unit, or a part of it, in."""
        return [
            line
            for kind in TAKING_IN
            for line in self.by_kind[kind]
            if any(source.unit_id == unit for source in self.sources[line.pk])
        ]

    def level_of(self, line: Line) -> str:
        """Return the level of the unit the line is to make."""
        sources = self.sources[line.pk]
        if sources:
            return sources[0].unit.level
        fitting = [level for level, kinds in KINDS_OF_LEVEL.items() if line.unit_kind in kinds]
        has_parent = line.parent_id or line.parent_line_id
        return next(
            (level for level in fitting if bool(has_parent) == (level != Level.PROVINCE)), fitting[-1]
        )

    def aim(self, line: Line) -> int | None:
        """Return the unit that the line puts something into."""
        return self.founded_by(line.parent_line_id) if line.parent_line_id else line.parent_id

    def founded_by(self, line: int) -> int | None:
        """Return the unit that this line of the event founds: on this day, or on an earlier one."""
        unit = self.outcome.units.get(line)
        return unit.pk if unit else self._founded_before.get(line)

    @cached_property
    def _founded_before(self) -> dict[int, int]:
        wanted = {line.parent_line_id for line in self.lines} - {None}
        before = Line.objects.filter(pk__in=wanted, on__lt=self.day, unit__isnull=False)
        return dict(before.values_list("pk", "unit")) if wanted else {}

    def take_along(self, life: Life, unit: int, lines: list[Line], field_name: str) -> None:
        """Let what stands in a unit that ends, or gives a part, go where that goes; ask where it may choose."""
        gives = unit in self.outcome.gave
        if not lines:
            self.hinder(
                _("%(unit)s ends, but %(what)s still stands in it. Say where it goes."),
                unit=self.lives.units[unit].thing,
                what=life.thing,
            )
        elif len(lines) == 1 and not gives:
            life.change(self.day, **{field_name: self.outcome.units[lines[0].pk].pk})
        else:
            choice = self.ask(CaseKind.GOES_TO, life.thing, unit, lines, stays=gives)
            if choice != STAYS:
                life.change(self.day, **{field_name: self.outcome.units[line_key(choice)].pk})

    def ask(
        self, kind: str, thing, unit: int, lines: list[Line], *, stays: bool = False, to_all: bool = False
    ) -> str:
        """Ask where something of a divided unit goes: to which line's unit, or nowhere."""
        options = [Option(f"line{line.pk}", str(self.outcome.units[line.pk])) for line in lines]
        if stays:
            label = _("stays with %(unit)s") % {"unit": lower_first(str(self.lives.units[unit].thing))}
            options.insert(0, Option(STAYS, label))
        if to_all:
            options.append(Option(TO_ALL, _("all of them")))
        return self.fates.choose(
            Case(
                kind=kind,
                key=f"{kind}:{self.outcome.known_as(thing)}:unit{unit}",
                subject=thing.choice_label,
                options=tuple(options),
                day=self.day,
                url=thing.get_absolute_url(),
            )
        )


def line_key(choice: str) -> int:
    """Return the line that a choice names."""
    return int(choice.removeprefix("line"))


def said(day: date) -> str:
    return f"{day:%d/%m/%Y}"
