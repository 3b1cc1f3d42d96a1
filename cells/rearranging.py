"""What the lines of a reorganisation do to units and cells on one day.

Everything is loaded once, changed in memory and written in bulk, so that three thousand lines
need as many queries as three. Lines of one day are one map-change: units are ended, founded and
moved together, whatever the order they stand in; what stands in a unit that ends goes along.
An event entered late is carried through later ones, or refused with what stands in the way.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.history import create_many
from cells.checks import covered
from cells.codes import next_cell_codes, next_hamlet_codes
from cells.dated import ONE_DAY
from cells.fates import Case, CaseKind, Fates, Option
from cells.kinds import KINDS_OF_LEVEL, Level
from cells.lives import Life, Lives
from cells.models import (
    Cell,
    CellArea,
    CellKind,
    CellPeriod,
    Line,
    LineKind,
    LineSource,
    Succession,
    Unit,
    UnitPeriod,
)
from sheets.text import nfc

WHOLE, PART = Succession.Part.WHOLE, Succession.Part.PART
TAKING_IN = (LineKind.FOUND, LineKind.ABSORB)
STAYS = "stays"
TO_ALL = "all"


@dataclass
class Outcome:
    """What came about on the day, for those who settle seats, titles, counts and accounts."""

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

    @cached_property
    def new_units(self) -> set[int]:
        """Return the units that began on the day."""
        made = (LineKind.FOUND, LineKind.OPEN)
        return {self.units[line.pk].pk for line in self.lines if line.kind in made}

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
        for line in self.lines:
            wholly = [cell for cell, taker in self.cells_ended.items() if taker == line]
            if wholly:
                into = self.cells[line.pk]
                yield line, into, wholly, [into.pk] if line.cell_id else []

    def heirs(self, unit: int) -> list[Unit]:
        """Return the units that took in one that ended."""
        return [self.units[line.pk] for line in self.ended.get(unit, [])]


def rearrange(lines: Iterable[Line], fates: Fates) -> Outcome:
    """Carry out the lines of one day, all of them; raise ValidationError with every hindrance.

    Call it inside a transaction: units are written while it goes.
    """
    lines = list(lines)
    return _Rearrangement(lines[0].on, lines, fates).carry_out()


class _Rearrangement:
    def __init__(self, day: date, lines: list[Line], fates: Fates):
        self.day, self.lines, self.fates = day, lines, fates
        self.hindrances: list[str] = []
        self.sources = {line.pk: list(line.sources.all()) for line in lines}
        self.by_kind = defaultdict(list)
        for line in lines:
            self.by_kind[line.kind].append(line)
        self.ending = self._ending()
        self.outcome = Outcome(day, lines, self._load())
        self.lives = self.outcome.lives
        # Where a unit that is moved by a line of its own goes.
        self.moved = {line.unit_id: line for line in self.by_kind[LineKind.MOVE]}

    def carry_out(self) -> Outcome:
        self._check_lines()
        self._stop_if_hindered()
        self._name_and_class()
        self._found_and_take_in()
        self._stop_if_hindered()
        self._move()
        self._take_along()
        self._end_units()
        self._carry_areas()
        self._change_cells()
        self._let_cells_follow()
        self._stop_if_hindered()
        self.lives.save()
        self._check_result()
        self._stop_if_hindered()
        return self.outcome

    def _stop_if_hindered(self):
        if self.hindrances:
            raise ValidationError(self.hindrances)

    def _hinder(self, sentence: str, **words):
        text = sentence % words if words else sentence
        if text not in self.hindrances:
            self.hindrances.append(text)

    # --- what there is ------------------------------------------------------------------

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
        later = Q(ends_on__isnull=True) | Q(ends_on__gte=self.day)
        below = UnitPeriod.objects.filter(later, parent__in=left).values_list("unit", flat=True)
        cells = {line.cell_id for line in self.lines}
        cells |= {source.cell_id for sources in self.sources.values() for source in sources}
        cells |= set(CellPeriod.objects.filter(later, commune__in=left).values_list("cell", flat=True))
        cells |= set(CellArea.objects.filter(later, hamlet__in=named).values_list("cell", flat=True))
        cells.discard(None)
        return Lives(named | set(below), cells)

    # --- whether the lines can be done ----------------------------------------------------

    def _check_lines(self):
        wholly: dict[int, Line] = {}
        for line in self.lines:
            if line.unit_id and line.kind != LineKind.OPEN:
                self._must_stand(self.lives.units.get(line.unit_id), line.unit)
            if line.cell_id:
                self._must_stand(self.lives.cells.get(line.cell_id), line.cell)
            for source in self.sources[line.pk]:
                known = self.lives.units if source.unit_id else self.lives.cells
                thing = source.unit or source.cell
                self._must_stand(known.get(thing.pk), thing)
                taken_in = line.kind in TAKING_IN and source.part == WHOLE
                if taken_in and wholly.setdefault(thing.pk, line) != line:
                    self._hinder(_("%(unit)s goes wholly into two units. Choose one."), unit=thing)
            self._check_line(line)
        self._check_conflicts(wholly)
        self._check_twice()

    def _must_stand(self, life: Life | None, thing):
        if life is None or life.on(self.day) is None:
            self._hinder(_("%(what)s does not exist on %(day)s."), what=thing, day=_day(self.day))
        elif life.on(self.day - ONE_DAY) is None:
            self._hinder(
                _("%(what)s begins only on %(day)s. Choose a later day."), what=thing, day=_day(self.day)
            )

    def _check_line(self, line: Line):
        sources = self.sources[line.pk]
        wanted = {
            LineKind.FOUND: _("Choose the units that become %(what)s."),
            LineKind.ABSORB: _("Choose the units that go into %(what)s."),
            LineKind.CELL_JOIN: _("Choose the cells that are joined in %(what)s."),
            LineKind.CELL_FOUND: _("%(what)s is a hamlet cell: choose the hamlets it covers."),
        }
        what = line.full_name or line.unit or line.cell
        if line.kind in wanted and not sources:
            self._hinder(wanted[line.kind], what=what)
        if any((s.unit_id or 0) == line.unit_id or (s.cell_id or 0) == line.cell_id for s in sources):
            self._hinder(_("%(what)s cannot go into itself."), what=what)
        if line.kind == LineKind.SPLIT and len(self._takers(line.unit_id)) < 2:
            self._hinder(_("%(what)s is divided: say which units its parts go to, two at least."), what=what)
        if line.kind == LineKind.RECLASSIFY and line.unit_kind:
            self._check_kind(line, self.lives.units[line.unit_id].thing.level)
        if line.kind in TAKING_IN and sources:
            levels = {source.unit.level for source in sources if source.unit_id}
            levels |= {line.unit.level} if line.kind == LineKind.ABSORB else set()
            if len(levels) > 1:
                self._hinder(_("Only units of one level become one: %(what)s."), what=what)
            elif line.kind == LineKind.FOUND:
                self._check_kind(line, *levels)

    def _check_kind(self, line: Line, level: str):
        if line.unit_kind not in KINDS_OF_LEVEL[level]:
            self._hinder(
                _('%(what)s: the kind "%(kind)s" does not fit this level.'),
                what=line.full_name or line.unit,
                kind=line.get_unit_kind_display(),
            )

    def _check_conflicts(self, wholly: dict[int, Line]):
        """A unit that ends takes nothing in and is not renamed; one that is divided goes nowhere whole."""
        for line in self.lines:
            about = line.unit_id if line.kind not in (LineKind.SPLIT, LineKind.CLOSE, LineKind.OPEN) else None
            if about in self.ending:
                self._hinder(
                    _("%(unit)s ends on that day and cannot be changed by another line."), unit=line.unit
                )
            if line.parent_id in self.ending:
                self._hinder(_("%(unit)s ends on that day: nothing can be put into it."), unit=line.parent)
            if line.kind in (LineKind.SPLIT, LineKind.CLOSE) and line.unit_id in wholly:
                self._hinder(_("%(unit)s goes wholly into two units. Choose one."), unit=line.unit)
            if line.kind == LineKind.CLOSE and self._takers(line.unit_id):
                self._hinder(
                    _("%(unit)s is closed although others take it in. Remove one of the two lines."),
                    unit=line.unit,
                )
        ending_cells = {
            source.cell_id for line in self.by_kind[LineKind.CELL_JOIN] for source in self.sources[line.pk]
        } | {line.cell_id for line in self.by_kind[LineKind.CELL_DISSOLVE]}
        for line in self.lines:
            if line.kind != LineKind.CELL_DISSOLVE and line.cell_id in ending_cells:
                self._hinder(
                    _("%(unit)s ends on that day and cannot be changed by another line."), unit=line.cell
                )

    def _check_twice(self):
        """One thing is not changed twice in the same way, and goes into two others only in parts."""
        seen: dict[tuple, Line] = {}
        for line in self.lines:
            for thing in filter(None, (line.unit, line.cell)):
                if line.kind in (LineKind.ABSORB, LineKind.CELL_JOIN, LineKind.OPEN, LineKind.FOUND):
                    continue
                if seen.setdefault((line.kind, type(thing), thing.pk), line) != line:
                    self._hinder(_("Two lines of one day do the same to %(what)s."), what=thing)
        taken: dict[int, Line] = {}
        dissolved = {line.cell_id for line in self.by_kind[LineKind.CELL_DISSOLVE]}
        for line in self.by_kind[LineKind.CELL_JOIN]:
            for source in self.sources[line.pk]:
                if taken.setdefault(source.cell_id, line) != line or source.cell_id in dissolved:
                    self._hinder(_("%(cell)s goes into two cells. Choose one."), cell=source.cell)

    def _takers(self, unit: int) -> list[Line]:
        """Return the lines that take the unit, or a part of it, in."""
        return [
            line
            for kind in TAKING_IN
            for line in self.by_kind[kind]
            if any(source.unit_id == unit for source in self.sources[line.pk])
        ]

    # --- units -----------------------------------------------------------------------------

    def _name_and_class(self):
        for line in self.by_kind[LineKind.RENAME]:
            self.lives.units[line.unit_id].change(self.day, name=nfc(line.name))
        for line in self.by_kind[LineKind.RECLASSIFY]:
            facts = {"kind": line.unit_kind, "code": line.code, "name": nfc(line.name)}
            life = self.lives.units[line.unit_id]
            life.change(self.day, **{name: value for name, value in facts.items() if value})

    def _found_and_take_in(self):
        new = [*self.by_kind[LineKind.FOUND], *self.by_kind[LineKind.OPEN]]
        self._create_units(new)
        for line in self.by_kind[LineKind.ABSORB]:
            self.outcome.units[line.pk] = self.lives.units[line.unit_id].thing
        for line in (*self.by_kind[LineKind.FOUND], *self.by_kind[LineKind.ABSORB]):
            for source in self.sources[line.pk]:
                group = self.outcome.ended if source.unit_id in self.ending else self.outcome.gave
                group.setdefault(source.unit_id, []).append(line)
        for line in (*self.by_kind[LineKind.SPLIT], *self.by_kind[LineKind.CLOSE]):
            self.outcome.ended.setdefault(line.unit_id, [])
        # From the top: where a hamlet stands may depend on what became of its commune.
        for line in sorted(new, key=lambda line: list(Level).index(self._level(line))):
            self._begin_life(line)
        for line in self.by_kind[LineKind.ABSORB]:
            self._fit_into(line)

    def _level(self, line: Line) -> str:
        sources = self.sources[line.pk]
        if sources:
            return sources[0].unit.level
        fitting = [level for level, kinds in KINDS_OF_LEVEL.items() if line.unit_kind in kinds]
        has_parent = line.parent_id or line.parent_line_id
        return next(
            (level for level in fitting if bool(has_parent) == (level != Level.PROVINCE)), fitting[-1]
        )

    def _create_units(self, new: list[Line]):
        codes = iter(
            next_hamlet_codes(sum(self._level(line) == Level.HAMLET and not line.code for line in new))
        )
        units = []
        for line in new:
            level = self._level(line)
            code = line.code or (next(codes) if level == Level.HAMLET else "")
            if not code:
                self._hinder(_("%(what)s needs its official code."), what=line.full_name)
            first = next((source.unit for source in self.sources[line.pk]), None)
            unit = Unit(level=level, position=first.position if first else None)
            unit.copy_names(UnitPeriod(name=nfc(line.name), kind=line.unit_kind, code=code))
            units.append(unit)
        self._stop_if_hindered()
        create_many(Unit, units)
        for line, unit in zip(new, units, strict=True):
            self.outcome.units[line.pk] = unit

    def _begin_life(self, line: Line):
        unit = self.outcome.units[line.pk]
        home, guides = self._home_of(line)
        if home is None and unit.level != Level.PROVINCE:
            self._hinder(_("Say which unit %(what)s belongs to."), what=line.full_name)
            return
        moves, last_day = self._future_of(line, guides)
        days = [self.day, *[day for day, _above in moves]]
        ends = [*[day - ONE_DAY for day in days[1:]], last_day]
        facts = {"unit": unit, "name": unit.name, "kind": unit.kind, "code": unit.code}
        self.lives.begin(
            unit,
            [
                UnitPeriod(parent_id=above, starts_on=first, ends_on=last, **facts)
                for above, first, last in zip([home, *[a for _day, a in moves]], days, ends, strict=True)
            ],
        )

    def _home_of(self, line: Line) -> tuple[int | None, list[LineSource]]:
        """Return the unit above, and the sources whose later moves the new unit shares."""
        sources = self.sources[line.pk]
        homes = {source.pk: self._home_after(source.unit_id) for source in sources}
        if line.parent_line_id:
            return self.outcome.units[line.parent_line_id].pk, []
        common = set(homes.values())
        home = line.parent_id or (common.pop() if len(common) == 1 else None)
        return home, [source for source in sources if homes[source.pk] == home]

    def _home_after(self, unit: int) -> int | None:
        """Return where the unit stands on the day, once all lines are done."""
        if line := self.moved.get(unit):
            return self._aim(line)
        home = self.lives.units[unit].home_on(self.day)
        takers = self.outcome.ended.get(home)
        if takers is None:
            return home
        # Of a divided unit the parts are chosen one by one; what is merged out of it says where.
        return self.outcome.units[takers[0].pk].pk if len(takers) == 1 else None

    def _aim(self, line: Line) -> int:
        return self.outcome.units[line.parent_line_id].pk if line.parent_line_id else line.parent_id

    def _future_of(self, line: Line, guides: list[LineSource]) -> tuple[tuple, date | None]:
        """Return the later moves and the end that the new unit takes over from its sources."""
        futures = {
            source: self._future(source.unit_id)
            for source in self.sources[line.pk]
            if source.unit_id in self.ending
        }
        if not futures:
            return (), None
        first = next(iter(futures.values()))
        if any(future != first for future in futures.values()) or (first != ((), None, ()) and not guides):
            for source, (moves, last_day, _heirs) in futures.items():
                self._hinder_later(source.unit, moves, last_day)
            return (), None
        moves, last_day, heirs = first
        for successor, part in heirs:
            self.lives.succeed(self.outcome.units[line.pk].pk, successor, last_day + ONE_DAY, part)
        return moves, last_day

    def _future(self, unit: int) -> tuple[tuple, date | None, tuple]:
        """Return later moves, last day and what became of the unit, as recorded before this event."""
        life = self.lives.units[unit]
        for period in life.own_changes_after(self.day):
            self._hinder(
                _(
                    "%(unit)s is called %(name)s from %(day)s on: recorded after this event. Take that back first."
                ),
                unit=life.thing,
                name=period.full_name,
                day=_day(period.starts_on),
            )
        heirs = ()
        if life.last_day:
            recorded = self._recorded_successions[unit]
            heirs = tuple(
                sorted((s.successor_id, s.part) for s in recorded if s.on == life.last_day + ONE_DAY)
            )
            self.lives.dropped += [s for s in recorded if s not in self.lives.dropped]
        return life.moves_after(self.day), life.last_day, heirs

    @cached_property
    def _recorded_successions(self) -> dict[int, list[Succession]]:
        rows = defaultdict(list)
        for row in Succession.objects.filter(predecessor__in=self.ending, on__gt=self.day):
            rows[row.predecessor_id].append(row)
        return rows

    def _hinder_later(self, unit, moves: tuple, last_day: date | None):
        for day, _above in moves:
            self._hinder(
                _("%(unit)s moves on %(day)s, recorded after this event and not for all that go together."),
                unit=unit,
                day=_day(day),
            )
        if last_day:
            self._hinder(
                _("%(unit)s ends on %(day)s, recorded after this event and not for all that go together."),
                unit=unit,
                day=_day(last_day),
            )

    def _fit_into(self, line: Line):
        """Refuse where what goes into a standing unit went elsewhere later."""
        aim = self.lives.units[line.unit_id]
        for source in self.sources[line.pk]:
            if source.unit_id not in self.ending:
                continue
            moves, last_day, _heirs = self._future(source.unit_id)
            if (moves and moves != aim.moves_after(self.day)) or (last_day and last_day != aim.last_day):
                self._hinder_later(source.unit, moves, last_day)

    def _move(self):
        for line in self.by_kind[LineKind.MOVE]:
            facts = {
                "parent_id": self._aim(line),
                "name": nfc(line.name),
                "kind": line.unit_kind,
                "code": line.code,
            }
            life = self.lives.units[line.unit_id]
            life.change(self.day, **{name: value for name, value in facts.items() if value})

    def _take_along(self):
        """What stands in a unit that ends goes where that goes; of a divided one each is asked."""
        for unit, lines in (*self.outcome.ended.items(), *self.outcome.gave.items()):
            for life in self._standing_in(unit, self.lives.units):
                if life.thing.pk not in self.ending and life.thing.pk not in self.moved:
                    self._take(life, unit, lines, "parent_id")

    def _standing_in(self, unit: int, lives: dict[int, Life]) -> list[Life]:
        return [lives[pk] for pk in self._under[unit]]

    @cached_property
    def _under(self) -> dict[int, list[int]]:
        under = defaultdict(list)
        for pk, life in self.lives.units.items():
            if (home := life.home_on(self.day)) is not None:
                under[home].append(pk)
        return under

    def _take(self, life: Life, unit: int, lines: list[Line], field_name: str):
        gives = unit in self.outcome.gave
        if not lines:
            self._hinder(
                _("%(unit)s ends, but %(what)s still stands in it. Say where it goes."),
                unit=self.lives.units[unit].thing,
                what=life.thing,
            )
        elif len(lines) == 1 and not gives:
            life.change(self.day, **{field_name: self.outcome.units[lines[0].pk].pk})
        else:
            choice = self._ask(CaseKind.GOES_TO, life.thing, unit, lines, stays=gives)
            if choice != STAYS:
                life.change(self.day, **{field_name: self.outcome.units[_line_key(choice)].pk})

    def _ask(
        self, kind: str, thing, unit: int, lines: list[Line], *, stays: bool = False, to_all: bool = False
    ) -> str:
        """Ask where something of a divided unit goes: to which line's unit, or nowhere."""
        options = [Option(f"line{line.pk}", str(self.outcome.units[line.pk])) for line in lines]
        if stays:
            label = _("stays with %(unit)s") % {"unit": self.lives.units[unit].thing}
            options.insert(0, Option(STAYS, label))
        if to_all:
            options.append(Option(TO_ALL, _("all of them")))
        return self.fates.choose(
            Case(
                kind=kind,
                key=f"{kind}:{thing._meta.model_name}{thing.pk}:unit{unit}",
                subject=thing.choice_label,
                options=tuple(options),
                day=self.day,
                url=thing.get_absolute_url(),
            )
        )

    def _end_units(self):
        yesterday = self.day - ONE_DAY
        for unit, lines in self.outcome.ended.items():
            self.lives.units[unit].end(yesterday)
            part = WHOLE if len(lines) == 1 else PART
            for line in lines:
                self.lives.succeed(unit, self.outcome.units[line.pk].pk, self.day, part, line.reorganisation)
        for unit, lines in self.outcome.gave.items():
            for line in lines:
                self.lives.succeed(unit, self.outcome.units[line.pk].pk, self.day, PART, line.reorganisation)

    # --- cells --------------------------------------------------------------------------------

    def _carry_areas(self):
        """A cell goes on covering what became of its hamlet; of a divided one it is asked what."""
        for cell, hamlet in list(self.lives.areas):
            lines = self.outcome.ended.get(hamlet)
            gave = self.outcome.gave.get(hamlet)
            areas = self.lives.areas[cell, hamlet]
            if (lines is None and not gave) or all(area.days[1] < self.day for area in areas):
                continue
            if gave:
                self._share_area(cell, hamlet, gave)
                continue
            taken = self.lives.uncover(cell, hamlet, self.day)
            for line in self._covering(cell, hamlet, lines):
                for first, last in taken:
                    self.lives.cover(cell, self.outcome.units[line.pk].pk, first, last)

    def _covering(self, cell: int, hamlet: int, lines: list[Line]) -> list[Line]:
        if len(lines) < 2:
            return lines
        choice = self._ask(CaseKind.COVERS, self.lives.cells[cell].thing, hamlet, lines, to_all=True)
        return [line for line in lines if choice in (TO_ALL, f"line{line.pk}")]

    def _share_area(self, cell: int, hamlet: int, lines: list[Line]):
        """The hamlet stands on without a part: the cell stays, goes with the part, or covers both."""
        choice = self._ask(
            CaseKind.COVERS, self.lives.cells[cell].thing, hamlet, lines, stays=True, to_all=True
        )
        if choice == STAYS:
            return
        days = [
            (max(area.days[0], self.day), area.ends_on)
            for area in self.lives.areas[cell, hamlet]
            if area.days[1] >= self.day
        ]
        if choice != TO_ALL:
            self.lives.uncover(cell, hamlet, self.day)
        for line in lines:
            if choice in (TO_ALL, f"line{line.pk}"):
                for first, last in days:
                    self.lives.cover(cell, self.outcome.units[line.pk].pk, first, last)

    def _change_cells(self):
        self._take_cells_along()
        for line in self.by_kind[LineKind.CELL_RENAME]:
            self.lives.cells[line.cell_id].change(self.day, name=nfc(line.name))
        for line in self.by_kind[LineKind.CELL_MOVE]:
            self.lives.cells[line.cell_id].change(self.day, commune_id=self._aim(line))
        self._create_cells([line for line in self.lines if self._founds_a_cell(line)])
        for line in self.by_kind[LineKind.CELL_JOIN]:
            self._join(line)
        for line in self.by_kind[LineKind.CELL_DISSOLVE]:
            self._end_cell(line.cell_id)
            self.outcome.cells_ended[line.cell_id] = None

    def _take_cells_along(self):
        of_commune = defaultdict(list)
        moved = {line.cell_id for line in self.by_kind[LineKind.CELL_MOVE]}
        for pk, life in self.lives.cells.items():
            if pk not in moved:
                of_commune[life.home_on(self.day)].append(life)
        for unit, lines in (*self.outcome.ended.items(), *self.outcome.gave.items()):
            for life in of_commune[unit]:
                goes = self._with_its_hamlets(life)
                if len(lines) > 1 and goes is not None:
                    life.change(self.day, commune_id=goes)
                else:
                    self._take(life, unit, lines, "commune_id")

    def _with_its_hamlets(self, life: Life) -> int | None:
        """Return the one commune all hamlets of the cell stand in, if there is one."""
        areas = self.lives.areas_of_cell(life.thing.pk, self.day)
        hamlets = [self.lives.units.get(area.hamlet_id) for area in areas]
        homes = {hamlet.home_on(self.day) if hamlet else None for hamlet in hamlets}
        return homes.pop() if len(homes) == 1 else None

    @staticmethod
    def _founds_a_cell(line: Line) -> bool:
        return line.kind == LineKind.CELL_FOUND or (line.kind == LineKind.CELL_JOIN and line.cell_id is None)

    def _create_cells(self, new: list[Line]):
        codes = iter(next_cell_codes(len(new)))
        cells = []
        for line in new:
            first = next((s.cell for s in self.sources[line.pk] if s.cell_id), None)
            kind = first.kind if first else CellKind.HAMLET
            cells.append(
                Cell(
                    kind=kind,
                    code=next(codes),
                    name=nfc(line.name),
                    position=first.position if first else None,
                )
            )
        create_many(Cell, cells)
        for line, cell in zip(new, cells, strict=True):
            self.outcome.cells[line.pk] = cell
            self._begin_cell(line, cell)

    def _begin_cell(self, line: Line, cell: Cell):
        homes = {
            (self.lives.cells[s.cell_id] if s.cell_id else self.lives.units[s.unit_id]).home_on(self.day)
            for s in self.sources[line.pk]
        }
        home = self._aim(line) or (homes.pop() if len(homes) == 1 else None)
        if home is None:
            self._hinder(_("Say which unit %(what)s belongs to."), what=cell.name)
            return
        moves, last_day = (), None
        futures = {self._future_of_cell(s.cell_id) for s in self.sources[line.pk] if s.cell_id}
        if len(futures) == 1:
            moves, last_day = futures.pop()
        elif futures:
            self._hinder(
                _("The cells that become %(cell)s went different ways after that day. Take that back first."),
                cell=cell.name,
            )
        days = [self.day, *[day for day, _above in moves]]
        ends = [*[day - ONE_DAY for day in days[1:]], last_day]
        self.lives.begin(
            cell,
            [
                CellPeriod(cell=cell, name=cell.name, commune_id=above, starts_on=first, ends_on=last)
                for above, first, last in zip([home, *[a for _day, a in moves]], days, ends, strict=True)
            ],
        )
        for source in self.sources[line.pk]:
            if source.unit_id:
                self.lives.cover(cell.pk, source.unit_id, self.day, self.lives.units[source.unit_id].last_day)

    def _future_of_cell(self, cell: int) -> tuple[tuple, date | None]:
        life = self.lives.cells[cell]
        for period in life.own_changes_after(self.day):
            self._hinder(
                _(
                    "%(unit)s is called %(name)s from %(day)s on: recorded after this event. Take that back first."
                ),
                unit=life.thing,
                name=period.name,
                day=_day(period.starts_on),
            )
        return life.moves_after(self.day), life.last_day

    def _join(self, line: Line):
        if line.pk not in self.outcome.cells:
            self.outcome.cells[line.pk] = self.lives.cells[line.cell_id].thing
        aim = self.outcome.cells[line.pk]
        if aim.pk not in self.lives.cells:
            return
        for source in self.sources[line.pk]:
            if line.cell_id and self._future_of_cell(source.cell_id) not in (
                ((), None),
                self._future_of_cell(line.cell_id),
            ):
                self._hinder(
                    _("%(cell)s has changes after %(day)s. Take these back first."),
                    cell=source.cell,
                    day=_day(self.day),
                )
            for hamlet, first, last in self._end_cell(source.cell_id):
                self.lives.cover(aim.pk, hamlet, first, last)
            self.outcome.cells_ended[source.cell_id] = line

    def _end_cell(self, cell: int) -> list[tuple[int, date, date | None]]:
        """End a cell and what it covers; return what it covered from the day on."""
        life = self.lives.cells[cell]
        life.end(self.day - ONE_DAY)
        return [
            (hamlet, first, last)
            for owner, hamlet in list(self.lives.areas)
            if owner == cell
            for first, last in self.lives.uncover(cell, hamlet, self.day)
        ]

    def _let_cells_follow(self):
        """A hamlet that came under another commune: does its cell go along, or wait for its own decision?"""
        decided = {
            line.cell_id for line in self.by_kind[LineKind.CELL_MOVE]
        } | self.outcome.cells_ended.keys()
        came = {line.unit_id for line in self.by_kind[LineKind.MOVE]} | {
            u.pk for u in self.outcome.units.values()
        }
        communes = defaultdict(set)
        for (cell, hamlet), areas in self.lives.areas.items():
            if hamlet in came and cell not in decided and any(area.holds_on(self.day) for area in areas):
                communes[cell].add(self.lives.units[hamlet].home_on(self.day))
        names = Unit.objects.in_bulk({home for homes in communes.values() for home in homes})
        for cell, homes in sorted(communes.items()):
            life = self.lives.cells.get(cell)
            if life and life.on(self.day) and life.home_on(self.day) not in homes:
                self._ask_to_follow(life, {self._known_as(pk): names[pk] for pk in sorted(homes)})

    def _ask_to_follow(self, life: Life, homes: dict[str, Unit]):
        label = _("goes along to %(unit)s on that day")
        options = [Option(f"to{known}", label % {"unit": unit}, "follow") for known, unit in homes.items()]
        choice = self.fates.choose(
            Case(
                kind=CaseKind.FOLLOWS,
                key=f"{CaseKind.FOLLOWS}:cell{life.thing.pk}:{self.day:%Y%m%d}",
                subject=life.thing.choice_label,
                options=(*options, Option(STAYS, _("stays for now, until its own decision"))),
                day=self.day,
                url=life.thing.get_absolute_url(),
            )
        )
        if choice != STAYS:
            life.change(self.day, commune_id=homes[choice.removeprefix("to")].pk)

    def _known_as(self, unit: int) -> str:
        """Return a name for the unit that is the same in every rehearsal: a new one has no lasting key yet."""
        lines = {made.pk: line for line, made in self.outcome.units.items()}
        return f"line{lines[unit]}" if unit in self.outcome.new_units else str(unit)

    # --- what came of it ------------------------------------------------------------------------

    def _check_result(self):
        self._check_areas()
        self._check_codes()

    def _check_areas(self):
        """A hamlet cell covers a hamlet on every day; a founded one covers only what stands."""
        of_cell = defaultdict(list)
        for (cell, _hamlet), areas in self.lives.areas.items():
            of_cell[cell] += [area.days for area in areas]
        for pk, life in self.lives.cells.items():
            if life.thing.kind == CellKind.HAMLET and not all(
                covered(period.days, of_cell[pk]) for period in life
            ):
                self._hinder(
                    _(
                        "%(cell)s would cover no hamlet any more. Dissolve it, join it, or say what it covers."
                    ),
                    cell=life.thing,
                )

    def _check_codes(self):
        given = [
            life for life in self.lives.units.values() for period in life if period.starts_on == self.day
        ]
        codes = {life.on(self.day).code for life in given if life.on(self.day)}
        later = Q(ends_on__isnull=True) | Q(ends_on__gte=self.day)
        bearers = defaultdict(list)
        for period in UnitPeriod.objects.filter(later, code__in=codes).select_related("unit"):
            bearers[period.level, period.code].append(period)
        for periods in bearers.values():
            periods.sort(key=lambda period: period.days)
            for one, other in zip(periods, periods[1:], strict=False):
                if one.unit_id != other.unit_id and other.days[0] <= one.days[1]:
                    self._hinder(
                        _("%(one)s and %(other)s would bear the code %(code)s on one day."),
                        one=one,
                        other=other,
                        code=one.code,
                    )


def _line_key(choice: str) -> int:
    return int(choice.removeprefix("line"))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
