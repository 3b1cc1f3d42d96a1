"""Changes to places and cells that touch several rows and happen together, or not at all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.history import create_many
from accounts.validation import clean_many, load_related
from cells.codes import next_cell_codes, next_hamlet_codes
from cells.copies import rebuild, rebuild_cells
from cells.dated import ONE_DAY
from cells.kinds import Level
from cells.models import (
    Cell,
    CellArea,
    CellKind,
    CellPeriod,
    HouseholdCount,
    MemberCount,
    Reorganisation,
    Succession,
    Unit,
    UnitPeriod,
)
from sheets.text import nfc


@dataclass
class NewUnit:
    """A unit to be opened: what it is called, where it stands, from when to when."""

    parent: Unit | None
    kind: str
    name: str
    level: str = Level.HAMLET
    code: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    position: int | None = None
    # Where it stood later, when a past is entered: (first day, unit above), in order.
    moves: tuple[tuple[date, Unit], ...] = ()


@transaction.atomic
def open_units(news: Iterable[NewUnit]) -> list[Unit]:
    """Open units with their periods; hamlets without a code get one of ours."""
    news = list(news)
    codes = iter(next_hamlet_codes(sum(not new.code for new in news)))
    units, lives = [], []
    for new in news:
        code = new.code or next(codes)
        life = [
            UnitPeriod(name=nfc(new.name), kind=new.kind, code=code, level=new.level, parent=parent, **days)
            for parent, days in _homes(new, new.parent)
        ]
        unit = Unit(level=new.level, position=new.position)
        unit.copy_names(life[-1])
        units.append(unit)
        lives.append(life)
    create_many(Unit, units)
    for unit, life in zip(units, lives, strict=True):
        for period in life:
            period.unit = unit
    create_many(UnitPeriod, [period for life in lives for period in life])
    rebuild(unit.pk for unit in units)
    return _fresh(Unit, units)


def _homes(new, first: Unit | None) -> Iterator[tuple[Unit | None, dict]]:
    """Return where the new one stood from one day to another, move by move."""
    days = [day for day, _above in new.moves]
    starts, ends = [new.starts_on, *days], [*[day - ONE_DAY for day in days], new.ends_on]
    for above, starts_on, ends_on in zip([first, *[u for _day, u in new.moves]], starts, ends, strict=True):
        yield above, {"starts_on": starts_on, "ends_on": ends_on}


@dataclass
class NewCell:
    """A cell to be founded: its name, its commune, the hamlets it covers."""

    commune: Unit
    name: str
    hamlets: list[Unit]
    kind: str = CellKind.HAMLET
    code: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    position: int | None = None
    # Where it stood later, when a past is entered: (first day, commune), in order.
    moves: tuple[tuple[date, Unit], ...] = ()


@transaction.atomic
def found_cells(news: Iterable[NewCell]) -> list[Cell]:
    """Found cells with their periods and area; those without a code get one of ours."""
    news = list(news)
    for new in news:
        if new.kind == CellKind.HAMLET and not new.hamlets:
            raise ValidationError(
                _("%(cell)s is a hamlet cell: choose the hamlets it covers.") % {"cell": new.name}
            )
    codes = iter(next_cell_codes(sum(not new.code for new in news)))
    cells = [
        Cell(kind=new.kind, code=new.code or next(codes), name=nfc(new.name), position=new.position)
        for new in news
    ]
    create_many(Cell, cells)
    create_many(
        CellPeriod,
        [
            CellPeriod(cell=cell, name=cell.name, commune=commune, **days)
            for cell, new in zip(cells, news, strict=True)
            for commune, days in _homes(new, new.commune)
        ],
    )
    create_many(
        CellArea,
        [
            CellArea(cell=cell, hamlet=hamlet, starts_on=new.starts_on, ends_on=new.ends_on)
            for cell, new in zip(cells, news, strict=True)
            for hamlet in new.hamlets
        ],
    )
    rebuild_cells([cell.pk for cell in cells])
    return _fresh(Cell, cells)


def _fresh(model, rows: list) -> list:
    """Return the rows as they are now, copies included, in the same order."""
    by_key = model.objects.in_bulk([row.pk for row in rows])
    return [by_key[row.pk] for row in rows]


@transaction.atomic
def change_unit(unit: Unit, *, on: date, **facts) -> None:
    """Rename, re-code, re-kind or move a unit from this day on.

    Entered after later changes, the new value is carried through the later periods up to the
    next one that changed the same thing.
    """
    _change(unit.periods, facts, on=on, what=unit)
    rebuild([unit.pk])


@transaction.atomic
def change_cell(cell: Cell, *, on: date, **facts) -> None:
    """Rename a cell or move it to another commune from this day on (see change_unit)."""
    _change(cell.periods, facts, on=on, what=cell)
    rebuild_cells([cell.pk])


def _change(periods, facts: dict, *, on: date, what) -> None:
    period = periods.on(on).select_for_update().first()
    if period is None:
        raise _not_there(what, on)
    if period.starts_on != on:
        period = _cut(period, on)
    for later in _carried([period, *periods.filter(starts_on__gt=on).by_day()], facts):
        later.full_clean(
            exclude=["level", "province", "district", "commune"] if hasattr(later, "level") else None
        )
        later.save()


def _carried(periods: list, facts: dict) -> Iterator:
    """Write the facts into the first period and those after it; give back what changed.

    What a later event changed itself stays as that event left it.
    """
    before = {name: getattr(periods[0], name) for name in facts}
    for period in periods:
        facts = {name: value for name, value in facts.items() if getattr(period, name) == before[name]}
        if not facts:
            return
        for name, value in facts.items():
            setattr(period, name, value)
        yield period


def _not_there(what, day: date) -> ValidationError:
    return ValidationError(
        _("%(what)s does not exist on %(day)s.") % {"what": what, "day": f"{day:%d/%m/%Y}"}
    )


@transaction.atomic
def change_unit_until(unit: Unit, *, last_day: date, **facts) -> None:
    """Record late what a unit was called, or where it stood, until this day."""
    period = unit.periods.on(last_day).select_for_update().first()
    if period is None:
        raise _not_there(unit, last_day)
    if period.ends_on != last_day:
        _cut(period, last_day + ONE_DAY)
    for name, value in facts.items():
        setattr(period, name, value)
    period.full_clean(exclude=["level", "province", "district", "commune"])
    period.save()
    rebuild([unit.pk])


@transaction.atomic
def begin_unit(unit: Unit, *, first_day: date) -> None:
    """Record late that a unit's life began on this day; refused where something stood under it before."""
    first = unit.periods.select_for_update().by_day().first()
    if not first.holds_on(first_day):
        raise _not_there(unit, first_day)
    first.starts_on = first_day
    first.full_clean(exclude=["level", "province", "district", "commune"])
    first.save()
    rebuild([unit.pk])


def _cut(period, on: date):
    """End the period the day before, and return its second half, saved."""
    second = type(period).objects.get(pk=period.pk)
    period.ends_on = on - ONE_DAY
    period.save()
    second.pk, second.starts_on, second._state.adding = None, on, True
    second.save()
    return second


@transaction.atomic
def close_unit(unit: Unit, *, last_day: date) -> None:
    """End a unit's life; refused while something stands under it after that day."""
    _refuse_what_stands_under(unit, last_day)
    _close(unit.periods, last_day=last_day, what=unit)
    rebuild([unit.pk])


def _refuse_what_stands_under(unit: Unit, last_day: date) -> None:
    after = last_day + ONE_DAY
    standing = [
        *UnitPeriod.objects.filter(parent=unit).overlapping(after, None)[:5],
        *CellPeriod.objects.filter(commune=unit).overlapping(after, None)[:5],
        *CellArea.objects.filter(hamlet=unit).overlapping(after, None)[:5],
    ]
    if standing:
        raise ValidationError(
            _("%(unit)s cannot be closed: %(what)s still stand under it. Move or close them first.")
            % {"unit": unit, "what": ", ".join(str(row) for row in standing)}
        )


@transaction.atomic
def dissolve_cell(cell: Cell, *, last_day: date) -> None:
    """End a cell's life, and what it covers."""
    _close(cell.periods, last_day=last_day, what=cell)
    for area in cell.areas.overlapping(last_day + ONE_DAY, None):
        area.ends_on = last_day
        area.full_clean()
        area.save()
    rebuild_cells([cell.pk])


def _close(periods, *, last_day: date, what) -> None:
    last = periods.by_day().last()
    if last is None or (last.starts_on and last.starts_on > last_day):
        raise ValidationError(
            _("%(what)s has changes after %(day)s. Take these back first.")
            % {"what": what, "day": f"{last_day:%d/%m/%Y}"}
        )
    last.ends_on = last_day
    last.save()


@transaction.atomic
def succeed(
    predecessors: Iterable[Unit],
    successor: Unit,
    *,
    on: date,
    part: str = Succession.Part.WHOLE,
    reorganisation: Reorganisation | None = None,
) -> None:
    """Record that these units went into the successor on this day."""
    predecessors = list(predecessors)
    create_many(
        Succession,
        [
            Succession(predecessor=unit, successor=successor, on=on, part=part, reorganisation=reorganisation)
            for unit in predecessors
        ],
    )
    rebuild([unit.pk for unit in predecessors])


@transaction.atomic
def cover(cell: Cell, hamlet: Unit, *, on: date) -> CellArea:
    """Let the cell cover the hamlet from this day on."""
    area = CellArea(cell=cell, hamlet=hamlet, starts_on=on)
    area.full_clean()
    area.save()
    return area


@transaction.atomic
def record_counts(counts: Iterable[MemberCount] | Iterable[HouseholdCount]) -> list:
    """Record how many members cells had, or how many households hamlets had, on a day."""
    counts = list(counts)
    if not counts:
        return []
    load_related(counts, "cell" if isinstance(counts[0], MemberCount) else "hamlet")
    clean_many(counts)
    return create_many(type(counts[0]), counts)
