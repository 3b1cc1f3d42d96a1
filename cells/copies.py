"""The stored copies of places, rebuilt from the facts by this module and nowhere else.

The facts are the periods (name, kind, code, parent from–to) and the successions. The copies
are the ancestors on each period, and today's name, parents and last day on units and cells.
``rebuild()`` brings them up to date, ``differences()`` only says what it would change;
``manage.py check_data`` compares the two for the whole database.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.history import create_many, update_many, write_fields
from cells.dated import ONE_DAY
from cells.kinds import Level
from cells.models import Cell, CellPeriod, Succession, Unit, UnitPeriod

ANCESTORS = ("province_id", "district_id", "commune_id")
TODAY = (
    "code",
    "kind",
    "name",
    "parent_id",
    "province_id",
    "commune_id",
    "closed_on",
    "search_key",
    "sort_key",
)
CELL_TODAY = ("name", "province_id", "commune_id", "closed_on", "search_key", "sort_key")


@transaction.atomic
def rebuild(units: Iterable[int] | None = None, cells: Iterable[int] = ()) -> int:
    """Bring the copies up to date for these units and cells, and all that hangs on them; all when None.

    Refuses where a unit stands, on some day, under one that does not exist on that day.
    Returns the number of rows written.
    """
    placing = _Placing(units, cells=cells)
    if placing.holes:
        raise ValidationError([str(hole) for hole in placing.holes[:20]])
    placing.save()
    today = _Today(placing.touched_units, placing.touched_cells)
    today.save()
    return len(placing.replaced) + len(placing.pieces) + len(today.units) + len(today.cells)


def rebuild_cells(cells: Iterable[int]) -> int:
    """Bring the copies of these cells up to date."""
    return rebuild((), cells)


def differences() -> list[str]:
    """Return a sentence for every copy that does not follow from the facts."""
    placing = _Placing(None)
    found = [str(hole) for hole in placing.holes]
    found += [_("Copy of ancestors is stale: %s") % _named(row) for row in placing.replaced]
    found += [_("Period must be split where a unit above moves: %s") % _named(row) for row in placing.pieces]
    today = _Today(None, None)
    found += [_("Copy of today's place is stale: %s") % _named(row) for row in (*today.units, *today.cells)]
    return found


def _named(row) -> str:
    return f"{row._meta.verbose_name} {row.pk or ''} {row}".strip()


@dataclass(frozen=True)
class Stretch:
    """Days on which a unit (or cell) had the same ancestors."""

    first: date
    last: date
    province: int | None = None
    district: int | None = None
    commune: int | None = None

    @property
    def ancestors(self) -> tuple:
        return (self.province, self.district, self.commune)


@dataclass(frozen=True)
class Hole:
    """A unit or cell stands under a unit that does not exist on some of these days."""

    row: object
    above: int

    def __str__(self):
        return _("%(unit)s stands under %(above)s on days on which that does not exist.") % {
            "unit": self.row,
            "above": Unit.objects.get(pk=self.above),
        }


class _Placing:
    """The ancestors of periods, level by level from the top, split where they change."""

    def __init__(self, units: Iterable[int] | None, cells: Iterable[int] = ()):
        self.replaced, self.pieces, self.holes = [], [], []
        self.everything = units is None
        self.touched_units = None if self.everything else set(units)
        self.touched_cells = None if self.everything else set(cells)
        self.stretches: dict[int, list[Stretch]] = defaultdict(list)
        # Where the units touched stand: what lies above the highest of them is asked nothing.
        self.levels = {} if self.everything else _levels_of(self.touched_units)
        for level in Level:
            self._place_level(level)
        self._place_cells()

    def _place_level(self, level: str):
        periods = UnitPeriod.objects.at_level(level).select_related("unit").order_by("unit", "pk")
        if not self.everything:
            touched = self._touched_at(level)
            if not touched:
                return
            periods = periods.filter(unit__in=touched)
        periods = list(periods)
        self._know({p.parent_id for p in periods if p.parent_id})
        for period in periods:
            above = self._above(period, period.parent_id)
            pieces = _joined(_with_self(stretch, level, period.unit_id) for stretch in above)
            self.stretches[period.unit_id] += pieces
            self._compare(period, pieces, ANCESTORS)

    def _touched_at(self, level: str) -> set[int]:
        """Return the units of a level that are placed anew: those named, and those below others that are."""
        named = self.levels.get(level, set())
        higher = list(Level)[: list(Level).index(Level(level))]
        above = set().union(*(self.levels.get(other, set()) for other in higher))
        if above:
            below = UnitPeriod.objects.at_level(level).filter(parent__in=above)
            named = named | set(below.values_list("unit", flat=True))
            self.touched_units |= named
            self.levels[level] = named
        return named

    def _place_cells(self):
        periods = CellPeriod.objects.select_related("cell").order_by("cell", "pk")
        if not self.everything:
            if communes := self.levels.get(Level.COMMUNE):
                below = CellPeriod.objects.filter(commune__in=communes)
                self.touched_cells |= set(below.values_list("cell", flat=True))
            if not self.touched_cells:
                return
            periods = periods.filter(cell__in=self.touched_cells)
        periods = list(periods)
        self._know({p.commune_id for p in periods})
        for period in periods:
            self._compare(period, _joined(self._above(period, period.commune_id)), ANCESTORS[:2])

    def _know(self, units: set[int]):
        """Load the stored stretches of units above that are not being placed anew."""
        missing = units - self.stretches.keys()
        for period in UnitPeriod.objects.filter(unit__in=missing) if missing else ():
            self.stretches[period.unit_id].append(
                Stretch(*period.days, period.province_id, period.district_id, period.commune_id)
            )

    def _above(self, period, parent: int | None) -> list[Stretch]:
        """Return the stretches of the parent, cut to the days of the period; note what is missing."""
        first, last = period.days
        if parent is None:
            return [Stretch(first, last)]
        cut = [
            Stretch(max(first, s.first), min(last, s.last), *s.ancestors)
            for s in sorted(self.stretches[parent], key=lambda s: s.first)
            if s.first <= last and s.last >= first
        ]
        gapless = all(b.first - a.last == ONE_DAY for a, b in zip(cut, cut[1:], strict=False))
        if not cut or cut[0].first != first or cut[-1].last != last or not gapless:
            self.holes.append(Hole(period, parent))
        return cut or [Stretch(first, last)]

    def _compare(self, period, pieces: list[Stretch], fields: tuple[str, ...]):
        head, *tail = pieces
        wanted = dict(zip(fields, head.ancestors, strict=False))
        first, last = _stored_days(head)
        if (period.starts_on, period.ends_on) != (first, last) or any(
            getattr(period, name) != value for name, value in wanted.items()
        ):
            period.is_cut = (period.starts_on, period.ends_on) != (first, last)
            period.starts_on, period.ends_on = first, last
            _set(period, wanted)
            self.replaced.append(period)
        for piece in tail:
            self.pieces.append(self._piece_of(period, piece, fields))

    @staticmethod
    def _piece_of(period, piece: Stretch, fields):
        facts = {
            f.attname: getattr(period, f.attname) for f in period._meta.concrete_fields if not f.primary_key
        }
        new = type(period)(**facts)
        new.starts_on, new.ends_on = _stored_days(piece)
        _set(new, dict(zip(fields, piece.ancestors, strict=False)))
        return new

    def save(self):
        for model, fields in ((UnitPeriod, ANCESTORS), (CellPeriod, ANCESTORS[:2])):
            names = [name.removesuffix("_id") for name in fields]
            rows = [row for row in self.replaced if isinstance(row, model)]
            cut = [row for row in rows if row.is_cut]
            # A copy is no fact and leaves no history; a period that was cut is one.
            update_many(model, cut, ["starts_on", "ends_on", *names])
            write_fields(model, [row for row in rows if not row.is_cut], names)
            create_many(model, [row for row in self.pieces if isinstance(row, model)])


def _levels_of(units: set[int]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for pk, level in Unit.objects.filter(pk__in=units).values_list("pk", "level") if units else ():
        found.setdefault(level, set()).add(pk)
    return found


def _stored_days(stretch: Stretch) -> tuple[date | None, date | None]:
    return (
        None if stretch.first == date.min else stretch.first,
        None if stretch.last == date.max else stretch.last,
    )


def _with_self(stretch: Stretch, level: str, unit: int) -> Stretch:
    place = {"province": stretch.province, "district": stretch.district, "commune": stretch.commune}
    if level in place:
        place[level] = unit
    return Stretch(stretch.first, stretch.last, **place)


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Join neighbours with the same ancestors."""
    joined: list[Stretch] = []
    for stretch in stretches:
        if joined and joined[-1].ancestors == stretch.ancestors:
            stretch = Stretch(joined.pop().first, stretch.last, *stretch.ancestors)
        joined.append(stretch)
    return joined


def _set(row, values: dict) -> bool:
    changed = any(getattr(row, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(row, name, value)
    return changed


class _Today:
    """Today's (or the last) name and place of units and cells.

    A closed unit counts as standing where all that came of it stands; where that lies in
    different communes or provinces, in none of them.
    """

    def __init__(self, units: set[int] | None, cells: set[int] | None):
        self.places: dict[int, tuple[int | None, int | None]] = {}
        chosen = (
            Unit.objects.all() if units is None else Unit.objects.filter(pk__in=self._with_forebears(units))
        )
        self.all_units = {unit.pk: unit for unit in chosen}
        self.lives = _lives(
            UnitPeriod.objects.filter(unit__in=chosen) if units is not None else UnitPeriod.objects
        )
        self.successors = defaultdict(set)
        successions = Succession.objects.all()
        if units is not None:
            successions = successions.filter(predecessor__in=self.all_units)
        for old, new in successions.values_list("predecessor", "successor") if self.all_units else ():
            self.successors[old].add(new)
        self.places |= self._stored_places()
        self.units = [unit for unit in self.all_units.values() if self._renew(unit)]
        self.cells = self._renewed_cells(cells)

    def _renewed_cells(self, cells: set[int] | None) -> list[Cell]:
        chosen, periods = Cell.objects.all(), CellPeriod.objects.all()
        if cells is not None:
            # A cell that ended goes with its commune, wherever that counts as standing now.
            moved = {unit.pk for unit in self.units if unit.level == Level.COMMUNE}
            below = Cell.objects.filter(commune__in=moved).values_list("pk", flat=True) if moved else ()
            wanted = cells.union(below)
            if not wanted:
                return []
            chosen, periods = chosen.filter(pk__in=wanted), periods.filter(cell__in=wanted)
        lives = _lives(periods, key="cell_id")
        provinces = self._provinces_of({life[0].commune_id for life in lives.values()})
        return [
            cell for cell in chosen if cell.pk in lives and self._renew_cell(cell, lives[cell.pk], provinces)
        ]

    def _provinces_of(self, communes: set[int]) -> dict[int, int | None]:
        """Return the province that each commune stands in today: as renewed, or as stored."""
        stored = Unit.objects.filter(pk__in=communes - self.all_units.keys())
        known = {pk: unit.province_id for pk, unit in self.all_units.items() if pk in communes}
        return known | dict(stored.values_list("pk", "province"))

    @staticmethod
    def _with_forebears(units: set[int]) -> set[int]:
        """Add the closed units whose place follows from these."""
        known, new = set(units), set(units)
        while new:
            before = set(Succession.objects.filter(successor__in=new).values_list("predecessor", flat=True))
            under = set(
                Unit.objects.filter(parent__in=new, closed_on__isnull=False).values_list("pk", flat=True)
            )
            new = (before | under) - known
            known |= new
        return known

    def _stored_places(self) -> dict[int, tuple[int | None, int | None]]:
        """Return where those stand that closed units lead to and that are not renewed themselves."""
        closed = {pk for pk, life in self.lives.items() if life[0].ends_on is not None}
        leads_to = {other for pk in closed for other in (*self.successors[pk], self.lives[pk][0].parent_id)}
        outside = leads_to - self.all_units.keys() - {None}
        if not outside:
            return {}
        rows = Unit.objects.filter(pk__in=outside).values_list("pk", "province", "commune")
        return {pk: (province, commune) for pk, province, commune in rows}

    def _renew(self, unit: Unit) -> bool:
        if unit.pk not in self.lives:
            return False
        period, *earlier = self.lives[unit.pk]
        before = [getattr(unit, name) for name in TODAY]
        unit.copy_names(period, earlier)
        unit.parent_id, unit.closed_on = period.parent_id, period.ends_on
        unit.province_id, unit.commune_id = self._place(unit.pk)
        return before != [getattr(unit, name) for name in TODAY]

    def _place(self, unit: int) -> tuple[int | None, int | None]:
        """Return (province, commune) that holds the unit today, or all that came of it."""
        if unit not in self.places:
            self.places[unit] = (None, None)  # a circle of successions leads nowhere
            self.places[unit] = self._find_place(unit)
        return self.places[unit]

    def _find_place(self, unit: int) -> tuple[int | None, int | None]:
        period = self.lives[unit][0] if unit in self.lives else None
        if period is None:
            return None, None
        if period.ends_on is None:
            return period.province_id, period.commune_id
        if self.successors[unit]:
            return _common(self._place(other) for other in sorted(self.successors[unit]))
        if period.parent_id is None:
            return None, None
        return self._place(period.parent_id)

    @staticmethod
    def _renew_cell(cell: Cell, life: list[CellPeriod], provinces: dict[int, int | None]) -> bool:
        period, *earlier = life
        before = [getattr(cell, name) for name in CELL_TODAY]
        cell.copy_names(period, earlier)
        cell.province_id, cell.closed_on = provinces[period.commune_id], period.ends_on
        return before != [getattr(cell, name) for name in CELL_TODAY]

    def save(self):
        for model, rows, fields in ((Unit, self.units, TODAY), (Cell, self.cells, CELL_TODAY)):
            names = [name.removesuffix("_id") for name in fields]
            write_fields(model, rows, names)


def _lives(periods, key: str = "unit_id") -> dict[int, list]:
    """Return the periods of each unit or cell, the last one first."""
    lives = defaultdict(list)
    for period in periods.all():
        lives[getattr(period, key)].append(period)
    for life in lives.values():
        life.sort(key=lambda period: period.days, reverse=True)
    return dict(lives)


def _common(places: Iterable[tuple]) -> tuple:
    provinces, communes = (set(column) for column in zip(*places, strict=True))
    return (
        provinces.pop() if len(provinces) == 1 else None,
        communes.pop() if len(communes) == 1 else None,
    )
