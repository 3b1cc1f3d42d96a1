"""Changes to places and cells that touch several rows and happen together, or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.history import create_many
from accounts.validation import clean_many, load_related
from cells.checks import areas_without_hamlet
from cells.codes import next_cell_codes, next_hamlet_codes
from cells.copies import rebuild, rebuild_cells
from cells.dated import ONE_DAY
from cells.kinds import Level
from cells.lives import Life, Lives, move_by_move
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
from cells.models.lifetimes import lock_bodies, refuse_outside_life
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
            for parent, days in move_by_move(new.parent, new.starts_on, new.ends_on, new.moves)
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
            for commune, days in move_by_move(new.commune, new.starts_on, new.ends_on, new.moves)
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
    keys = [cell.pk for cell in cells]
    refuse_areas_without_hamlet(CellArea.objects.filter(cell__in=keys))
    rebuild_cells(keys)
    return _fresh(Cell, cells)


def refuse_areas_without_hamlet(areas: QuerySet) -> None:
    """Raise ValidationError where a cell covers a hamlet before it is there or after it is gone."""
    if faults := list(areas_without_hamlet(areas)):
        raise ValidationError(faults)


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
    lives = Lives(units=[unit.pk])
    lives.units[unit.pk].change(on, **_by_key(facts))
    lives.save()


@transaction.atomic
def change_cell(cell: Cell, *, on: date, **facts) -> None:
    """Rename a cell or move it to another commune from this day on (see change_unit)."""
    lives = Lives(cells=[cell.pk])
    lives.cells[cell.pk].change(on, **_by_key(facts))
    lives.save()


@transaction.atomic
def change_unit_until(unit: Unit, *, last_day: date, **facts) -> None:
    """Record late what a unit was called, or where it stood, until this day."""
    lives = Lives(units=[unit.pk])
    lives.units[unit.pk].change_until(last_day, **_by_key(facts))
    lives.save()


def _by_key(facts: dict) -> dict:
    """Name units by their keys, as periods in memory do."""
    return {
        f"{n}_id" if isinstance(v, Unit) else n: v.pk if isinstance(v, Unit) else v for n, v in facts.items()
    }


@transaction.atomic
def begin_unit(unit: Unit, *, first_day: date) -> None:
    """Record late that a unit's life began on this day; refused where something stood under it before."""
    lives = Lives(units=[unit.pk])
    lives.units[unit.pk].begin(first_day)
    lives.save()


@transaction.atomic
def close_unit(unit: Unit, *, last_day: date) -> None:
    """End a unit's life; refused while something stands under it after that day."""
    refuse_what_stands_under(unit, last_day)
    lives = Lives(units=[unit.pk])
    _end(lives.units[unit.pk], last_day)
    lives.save()


def refuse_what_stands_under(unit: Unit, last_day: date) -> None:
    """Raise ValidationError where something stands under the unit, or covers it, after that day."""
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
    lives = Lives(cells=[cell.pk])
    _end(lives.cells[cell.pk], last_day)
    for hamlet in list(lives.areas[cell.pk]):
        lives.uncover(cell.pk, hamlet, last_day + ONE_DAY)
    lives.save()


def _end(life: Life, last_day: date) -> None:
    # Where only a place above moved later, nothing of its own is lost.
    changed = life.on(last_day) and (life.own_changes_after(last_day) or life.moves_after(last_day))
    if changed:
        raise ValidationError(
            _("%(what)s has changes after %(day)s. Take these back first.")
            % {"what": life.thing, "day": f"{last_day:%d/%m/%Y}"}
        )
    life.end(last_day)


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
    """Let the cell cover the hamlet from this day on, as long as the cell stands."""
    last_day = cell.periods.by_day().last().ends_on
    area = CellArea(cell=cell, hamlet=hamlet, starts_on=on, ends_on=last_day)
    area.full_clean()
    area.save()
    refuse_areas_without_hamlet(CellArea.objects.filter(pk=area.pk))
    return area


@transaction.atomic
def record_counts(counts: Iterable[MemberCount] | Iterable[HouseholdCount]) -> list:
    """Record how many members cells had, or how many households hamlets had, on a day."""
    counts = list(counts)
    if not counts:
        return []
    body = "cell" if isinstance(counts[0], MemberCount) else "hamlet"
    load_related(counts, body)
    lock_bodies(counts)
    clean_many(counts, clean=type(counts[0]).clean_alone)
    refuse_outside_life((getattr(count, body), count.day, count.day) for count in counts)
    return create_many(type(counts[0]), counts)
