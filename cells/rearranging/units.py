"""Units founded, taken in, divided, renamed, moved and closed, and what stands in them."""

from collections import defaultdict
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from accounts.history import create_many
from cells.codes import next_hamlet_codes
from cells.dated import ONE_DAY
from cells.kinds import Level
from cells.lives import Life, move_by_move
from cells.models import Line, LineKind, LineSource, Succession, Unit, UnitPeriod
from cells.rearranging.agenda import PART, WHOLE, Agenda, said
from sheets.text import nfc


class UnitChanges:
    """What the lines do to units."""

    def __init__(self, agenda: Agenda):
        self.agenda = agenda
        self.day, self.lives, self.outcome = agenda.day, agenda.lives, agenda.outcome

    def carry_out(self) -> None:
        """Do it; raise ValidationError with what stands in the way."""
        self._name_and_class()
        self._found_and_take_in()
        self.agenda.stop_if_hindered()
        self._move()
        self._take_along()
        self._end_units()

    def _name_and_class(self):
        for line in self.agenda.by_kind[LineKind.RENAME]:
            self.lives.units[line.unit_id].change(self.day, name=nfc(line.name))
        for line in self.agenda.by_kind[LineKind.RECLASSIFY]:
            facts = {"kind": line.unit_kind, "code": line.code, "name": nfc(line.name)}
            life = self.lives.units[line.unit_id]
            life.change(self.day, **{name: value for name, value in facts.items() if value})

    def _found_and_take_in(self):
        new = [*self.agenda.by_kind[LineKind.FOUND], *self.agenda.by_kind[LineKind.OPEN]]
        self._create_units(new)
        for line in self.agenda.by_kind[LineKind.ABSORB]:
            self.outcome.units[line.pk] = self.lives.units[line.unit_id].thing
        for line in (*self.agenda.by_kind[LineKind.FOUND], *self.agenda.by_kind[LineKind.ABSORB]):
            for source in self.agenda.sources[line.pk]:
                group = self.outcome.ended if source.unit_id in self.agenda.ending else self.outcome.gave
                group.setdefault(source.unit_id, []).append(line)
        for line in (*self.agenda.by_kind[LineKind.SPLIT], *self.agenda.by_kind[LineKind.CLOSE]):
            self.outcome.ended.setdefault(line.unit_id, [])
        # From the top: where a hamlet stands may depend on what became of its commune.
        for line in sorted(new, key=lambda line: list(Level).index(self.agenda.level_of(line))):
            self._begin_life(line)
        for line in self.agenda.by_kind[LineKind.ABSORB]:
            self._fit_into(line)

    def _create_units(self, new: list[Line]):
        codes = iter(
            next_hamlet_codes(
                sum(self.agenda.level_of(line) == Level.HAMLET and not line.code for line in new)
            )
        )
        units = []
        for line in new:
            level = self.agenda.level_of(line)
            code = line.code or (next(codes) if level == Level.HAMLET else "")
            if not code:
                self.agenda.hinder(_("%(what)s needs its official code."), what=line.full_name)
            first = next((source.unit for source in self.agenda.sources[line.pk]), None)
            unit = Unit(level=level, position=first.position if first else None)
            unit.copy_names(UnitPeriod(name=nfc(line.name), kind=line.unit_kind, code=code))
            units.append(unit)
        self.agenda.stop_if_hindered()
        create_many(Unit, units)
        for line, unit in zip(new, units, strict=True):
            self.outcome.units[line.pk] = unit
            self.outcome.made_by[unit] = line

    def _begin_life(self, line: Line):
        unit = self.outcome.units[line.pk]
        home, guides = self._home_of(line)
        if home is None and unit.level != Level.PROVINCE:
            self.agenda.hinder(_("Say which unit %(what)s belongs to."), what=line.full_name)
            return
        moves, last_day = self._future_of(line, guides)
        facts = {"unit": unit, "name": unit.name, "kind": unit.kind, "code": unit.code}
        self.lives.begin(
            unit,
            [
                UnitPeriod(parent_id=above, **days, **facts)
                for above, days in move_by_move(home, self.day, last_day, moves)
            ],
        )

    def _home_of(self, line: Line) -> tuple[int | None, list[LineSource]]:
        """Return the unit above, and the sources whose later moves the new unit shares."""
        sources = self.agenda.sources[line.pk]
        homes = {source.pk: self._home_after(source.unit_id) for source in sources}
        if line.parent_line_id:
            return self.agenda.founded_by(line.parent_line_id), []
        common = set(homes.values())
        home = line.parent_id or (common.pop() if len(common) == 1 else None)
        return home, [source for source in sources if homes[source.pk] == home]

    def _home_after(self, unit: int) -> int | None:
        """Return where the unit stands on the day, once all lines are done."""
        if line := self.agenda.moved.get(unit):
            return self.agenda.aim(line)
        home = self.lives.units[unit].home_on(self.day)
        takers = self.outcome.ended.get(home)
        if takers is None:
            return home
        # Of a divided unit the parts are chosen one by one; what is merged out of it says where.
        return self.outcome.units[takers[0].pk].pk if len(takers) == 1 else None

    def _future_of(self, line: Line, guides: list[LineSource]) -> tuple[tuple, date | None]:
        """Return the later moves and the end that the new unit takes over from its sources."""
        futures = {
            source: self._future(source.unit_id)
            for source in self.agenda.sources[line.pk]
            if source.unit_id in self.agenda.ending
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
            self.agenda.hinder(
                _(
                    "%(unit)s is called %(name)s from %(day)s on: recorded after this event. Take that back first."
                ),
                unit=life.thing,
                name=period.full_name,
                day=said(period.starts_on),
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
        for row in Succession.objects.filter(predecessor__in=self.agenda.ending, on__gt=self.day):
            rows[row.predecessor_id].append(row)
        return rows

    def _hinder_later(self, unit, moves: tuple, last_day: date | None):
        for day, _above in moves:
            self.agenda.hinder(
                _("%(unit)s moves on %(day)s, recorded after this event and not for all that go together."),
                unit=unit,
                day=said(day),
            )
        if last_day:
            self.agenda.hinder(
                _("%(unit)s ends on %(day)s, recorded after this event and not for all that go together."),
                unit=unit,
                day=said(last_day),
            )

    def _fit_into(self, line: Line):
        """Refuse where what goes into a standing unit went elsewhere later."""
        aim = self.lives.units[line.unit_id]
        for source in self.agenda.sources[line.pk]:
            if source.unit_id not in self.agenda.ending:
                continue
            moves, last_day, _heirs = self._future(source.unit_id)
            if (moves and moves != aim.moves_after(self.day)) or (last_day and last_day != aim.last_day):
                self._hinder_later(source.unit, moves, last_day)

    def _move(self):
        for line in self.agenda.by_kind[LineKind.MOVE]:
            facts = {
                "parent_id": self.agenda.aim(line),
                "name": nfc(line.name),
                "kind": line.unit_kind,
                "code": line.code,
            }
            life = self.lives.units[line.unit_id]
            life.change(self.day, **{name: value for name, value in facts.items() if value})

    def _take_along(self):
        """What stands in a unit that ends goes where that goes; of a divided one each is asked."""
        decided = self.agenda.ending | self.agenda.moved.keys() | self._put_somewhere()
        for unit, lines in (*self.outcome.ended.items(), *self.outcome.gave.items()):
            for life in self._standing_in(unit, self.lives.units):
                if life.thing.pk not in decided:
                    self.agenda.take_along(life, unit, lines, "parent_id")

    def _put_somewhere(self) -> set[int]:
        """Return the new units whose line says where they stand."""
        made = self.outcome.made_by.items()
        return {unit.pk for unit, line in made if line.parent_id or line.parent_line_id}

    def _standing_in(self, unit: int, lives: dict[int, Life]) -> list[Life]:
        return [lives[pk] for pk in self._under[unit]]

    @cached_property
    def _under(self) -> dict[int, list[int]]:
        under = defaultdict(list)
        for pk, life in self.lives.units.items():
            if (home := life.home_on(self.day)) is not None:
                under[home].append(pk)
        return under

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
