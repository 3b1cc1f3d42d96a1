"""The lives of units and cells in memory: their periods and areas, changed there and written in bulk.

One change of one unit and the rearrangement of a province go the same way, so an event entered
late is carried through later ones by one rule: a new value holds until a later event changed
the same thing itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.history import create_many, delete_many, update_many
from accounts.validation import clean_many
from cells.copies import rebuild
from cells.dated import ONE_DAY
from cells.models import Cell, CellArea, CellPeriod, Succession, Unit, UnitPeriod
from cells.models.lifetimes import lock

# What a period says; the ancestors are copies and follow from it.
FACTS = {UnitPeriod: ("name", "kind", "code", "parent_id"), CellPeriod: ("name", "commune_id")}
HOME = {UnitPeriod: "parent_id", CellPeriod: "commune_id"}


@dataclass(frozen=True)
class Overtaken:
    """A move recorded before one of an earlier day: on this day the thing left its former home."""

    thing: Unit | Cell
    day: date
    goes_to: int
    former: int
    home: int


class Life:
    """The periods of one unit or cell, in order."""

    def __init__(self, thing: Unit | Cell, periods: Iterable):
        self.thing = thing
        self.periods = sorted(periods, key=lambda period: period.days)
        self.overtaken: list[Overtaken] = []

    def __iter__(self):
        return iter(self.periods)

    @property
    def last_day(self) -> date | None:
        """The day the life ends; None where it runs on."""
        return self.periods[-1].ends_on

    def on(self, day: date):
        """Return the period of the day, or None."""
        return next((period for period in self.periods if period.holds_on(day)), None)

    def home_on(self, day: date) -> int | None:
        """Return the unit it stands under on the day."""
        period = self.on(day)
        return getattr(period, HOME[type(period)]) if period else None

    def after(self, day: date) -> list:
        """Return the periods that begin after the day."""
        return [period for period in self.periods if period.days[0] > day]

    def moves_after(self, day: date) -> tuple[tuple[date, int], ...]:
        """Return (first day, unit above) for each change of place after the day."""
        moves, home = [], self.home_on(day)
        for period in self.after(day):
            above = getattr(period, HOME[type(period)])
            if above != home:
                moves.append((period.starts_on, above))
                home = above
        return tuple(moves)

    def own_changes_after(self, day: date) -> list:
        """Return the periods after the day that begin with a new name, kind or code."""
        model = type(self.periods[0])
        own = [name for name in FACTS[model] if name != HOME[model]]
        before, changed = self.on(day), []
        for period in self.after(day):
            if any(getattr(period, name) != getattr(before, name) for name in own):
                changed.append(period)
            before = period
        return changed

    def cut(self, on: date):
        """Let a period begin on this day, and return it."""
        period = self._standing(on)
        if period.starts_on == on:
            return period
        second = _copy(period)
        period.ends_on, second.starts_on = on - ONE_DAY, on
        self.periods.insert(self.periods.index(period) + 1, second)
        return second

    def _standing(self, day: date):
        period = self.on(day)
        if period is None:
            raise ValidationError(
                _("%(what)s does not exist on %(day)s.") % {"what": self.thing, "day": f"{day:%d/%m/%Y}"}
            )
        return period

    def change(self, on: date, **facts) -> None:
        """Write the facts from this day on; what a later event changed itself stays as that left it."""
        first = self.cut(on)
        before = {name: getattr(first, name) for name in facts}
        self._note_overtaken(on, facts.get(HOME[type(first)]))
        for period in self.periods[self.periods.index(first) :]:
            facts = {name: value for name, value in facts.items() if getattr(period, name) == before[name]}
            if not facts:
                return
            for name, value in facts.items():
                setattr(period, name, value)

    def _note_overtaken(self, on: date, home: int | None) -> None:
        former = self.home_on(on)
        if home and home != former:
            for day, goes_to in self.moves_after(on)[:1]:
                self.overtaken.append(Overtaken(self.thing, day, goes_to, former, home))

    def change_until(self, last_day: date, **facts) -> None:
        """Record late what was true until this day."""
        period = self._standing(last_day)
        if period.ends_on != last_day:
            self.cut(last_day + ONE_DAY)
        for name, value in facts.items():
            setattr(period, name, value)

    def begin(self, first_day: date) -> None:
        """Record late that it began on this day, within its first period."""
        first = self._standing(first_day)
        if first is not self.periods[0]:
            raise ValidationError(
                _("%(what)s changed before %(day)s.") % {"what": self.thing, "day": f"{first_day:%d/%m/%Y}"}
            )
        first.starts_on = first_day

    def end(self, last_day: date) -> None:
        """End with this day; periods after it, if any, are gone."""
        self._standing(last_day)
        self.periods = [period for period in self.periods if period.days[0] <= last_day]
        self.periods[-1].ends_on = last_day


def _copy(period):
    facts = {f.attname: getattr(period, f.attname) for f in period._meta.concrete_fields if not f.primary_key}
    return type(period)(**facts)


def move_by_move(
    first, starts_on: date | None, ends_on: date | None, moves: Iterable[tuple[date, object]]
) -> Iterator:
    """Return where a life is spent from one day to another, move by move: (unit above, its days)."""
    moves = list(moves)
    starts = [starts_on, *[day for day, _above in moves]]
    ends = [*[day - ONE_DAY for day in starts[1:]], ends_on]
    for above, first_day, last_day in zip(
        [first, *[above for _day, above in moves]], starts, ends, strict=True
    ):
        yield above, {"starts_on": first_day, "ends_on": last_day}


class Lives:
    """Some units and cells with their periods and areas; changed in memory, saved together.

    They are locked first: whoever records something of them meanwhile waits, and then sees what
    became of them.
    """

    def __init__(self, units: Iterable[int] = (), cells: Iterable[int] = ()):
        units, cells = set(units), set(cells)
        lock(units, cells)
        self.units = _load(Unit, UnitPeriod, "unit", units)
        self.cells = _load(Cell, CellPeriod, "cell", cells)
        # By cell, and of each by hamlet.
        self.areas: dict[int, dict[int, list[CellArea]]] = defaultdict(lambda: defaultdict(list))
        for area in CellArea.objects.filter(cell__in=self.cells).order_by("pk"):
            self.areas[area.cell_id][area.hamlet_id].append(area)
        self._found = {row: _values(row) for row in self._rows() if row.pk}
        self.successions: list[Succession] = []
        self.dropped: list[Succession] = []

    def _rows(self) -> Iterator:
        for life in (*self.units.values(), *self.cells.values()):
            yield from life
        for of_hamlets in self.areas.values():
            for areas in of_hamlets.values():
                yield from areas

    def begin(self, thing: Unit | Cell, periods: Iterable) -> Life:
        """Take in a unit or a cell that is new."""
        life = Life(thing, periods)
        (self.units if isinstance(thing, Unit) else self.cells)[thing.pk] = life
        return life

    def areas_of_cell(self, cell: int, day: date) -> list[CellArea]:
        """Return what the cell covers on the day."""
        return [area for areas in self.areas[cell].values() for area in areas if area.holds_on(day)]

    def cover(self, cell: int, hamlet: int, starts_on: date | None, ends_on: date | None) -> None:
        """Let the cell cover the hamlet on these days as well; stretches that touch become one."""
        rows = self.areas[cell][hamlet]
        rows.append(CellArea(cell_id=cell, hamlet_id=hamlet, starts_on=starts_on, ends_on=ends_on))
        rows.sort(key=lambda area: area.days)
        joined: list[CellArea] = []
        for area in rows:
            last = joined[-1] if joined else None
            if last and (last.ends_on is None or area.days[0] <= last.ends_on + ONE_DAY):
                # The row that is recorded already takes in the other.
                kept, other = (last, area) if last.pk or not area.pk else (area, last)
                first, end = min(last.days[0], area.days[0]), max(last.days[1], area.days[1])
                kept.starts_on = None if first == date.min else first
                kept.ends_on = None if end == date.max else end
                joined[-1] = kept
            else:
                joined.append(area)
        self.areas[cell][hamlet] = joined

    def uncover(self, cell: int, hamlet: int, on: date) -> list[tuple[date, date | None]]:
        """End what the cell covers of the hamlet the day before; return the days taken away."""
        taken, kept = [], []
        for area in self.areas[cell].pop(hamlet, []):
            if area.days[1] < on:
                kept.append(area)
                continue
            taken.append((max(area.days[0], on), area.ends_on))
            if area.days[0] < on:
                area.ends_on = on - ONE_DAY
                kept.append(area)
        if kept:
            self.areas[cell][hamlet] = kept
        return taken

    def succeed(self, predecessor: int, successor: int, on: date, part: str, reorganisation=None) -> None:
        self.successions.append(
            Succession(
                predecessor_id=predecessor,
                successor_id=successor,
                on=on,
                part=part,
                reorganisation=reorganisation,
            )
        )

    def save(self) -> None:
        """Write what differs, in as many statements for many rows as for one, and renew the copies."""
        self._refuse_overtaken()
        rows = list(self._rows())
        staying = {row for row in rows if row.pk}
        gone = [row for row in self._found if row not in staying]
        changed = [row for row in staying if self._found[row] != _values(row)]
        new = [row for row in rows if not row.pk]
        self._prepare(new, changed)
        for model in (UnitPeriod, CellPeriod, CellArea):
            _delete(model, _of(model, gone))
            facts = [*FACTS.get(model, ()), "starts_on", "ends_on"]
            update_many(model, _of(model, changed), [name.removesuffix("_id") for name in facts])
            create_many(model, _of(model, new))
        _delete(Succession, self.dropped)
        create_many(Succession, self.successions)
        rebuild(self.units, self.cells)

    def _refuse_overtaken(self) -> None:
        """What went along with a former home would not have gone, had its earlier move been known.

        Unless where it was meanwhile went the same way on that day.
        """
        moves = [move for life in (*self.units.values(), *self.cells.values()) for move in life.overtaken]
        if not moves:
            return
        homes = Unit.objects.in_bulk(
            {key for move in moves for key in (move.goes_to, move.former, move.home)}
        )
        heirs = self._heirs_of({move.home for move in moves})
        faults = [
            _(
                "%(what)s goes to %(new)s on %(day)s, because %(old)s ends then: recorded before. Take that back first."
            )
            % {
                "what": move.thing,
                "new": homes[move.goes_to],
                "day": f"{move.day:%d/%m/%Y}",
                "old": homes[move.former],
            }
            for move in moves
            if self._ends_before(homes[move.former], move.day)
            and not self._goes_the_same_way(homes[move.home], move, heirs[move.home, move.day])
        ]
        if faults:
            raise ValidationError(faults)

    def _heirs_of(self, homes: set[int]) -> dict[tuple[int, date], set[int]]:
        """Return what these units went into, by unit and day: as it is about to be written, or as it is recorded."""
        heirs: dict[tuple[int, date], set[int]] = defaultdict(set)
        recorded = Succession.objects.filter(predecessor__in=homes)
        for home, on, successor in recorded.values_list("predecessor", "on", "successor"):
            heirs[home, on].add(successor)
        new: dict[tuple[int, date], set[int]] = defaultdict(set)
        for one in self.successions:
            new[one.predecessor_id, one.on].add(one.successor_id)
        heirs.update(new)
        return heirs

    def _goes_the_same_way(self, home: Unit, move: Overtaken, heirs: set[int]) -> bool:
        # A district has no heir: its communes stand under the province then.
        return self._ends_before(home, move.day) and (move.goes_to in heirs or not heirs)

    def _ends_before(self, unit: Unit, day: date) -> bool:
        life = self.units.get(unit.pk)
        return (life.last_day if life else unit.closed_on) == day - ONE_DAY

    def _prepare(self, new: list, changed: list) -> None:
        for row in (*new, *changed):
            if isinstance(row, UnitPeriod):
                row.prepare(self.units[row.unit_id].thing.level)
            elif isinstance(row, CellPeriod):
                row.prepare()
        clean_many([*new, *changed], clean=lambda row: None)


def _of(model, rows: list) -> list:
    return sorted((row for row in rows if type(row) is model), key=lambda row: row.pk or 0)


def _delete(model, rows: list) -> None:
    if rows:
        delete_many(model._base_manager.filter(pk__in=[row.pk for row in rows]))


def _load(model, periods, key: str, wanted: set[int]) -> dict[int, Life]:
    things = model.objects.select_related("commune").in_bulk(wanted)
    of_thing = defaultdict(list)
    for period in periods.objects.filter(**{f"{key}__in": things}):
        of_thing[getattr(period, f"{key}_id")].append(period)
    return {pk: Life(thing, of_thing[pk]) for pk, thing in things.items() if of_thing[pk]}


def _values(row) -> tuple:
    return tuple(getattr(row, field.attname) for field in row._meta.concrete_fields)
