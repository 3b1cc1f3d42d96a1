"""What one line of a draft must say to make sense. Whether it can be done is found by rehearsing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.history import batches
from cells.dated import ONE_DAY
from cells.kinds import KINDS_OF_LEVEL, LEVELS_ABOVE, Level
from cells.models import Cell, CellPeriod, Decision, Line, LineKind, Succession, Unit, UnitPeriod

WHOLE, PART = Succession.Part.WHOLE, Succession.Part.PART
# What lies outside is a slip of the pen, and days of the first and last year have no neighbour.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_LEVEL_OF_KIND = {kind: level for level, kinds in KINDS_OF_LEVEL.items() for kind in kinds}


@dataclass
class DraftLine:
    """One line before it is recorded; what each field means stands at ``Line``.

    ``units`` are the sources with how much of each goes in; of a founded cell they are the
    hamlets it covers.
    """

    kind: str
    on: date
    decision: Decision | None = None
    units: list[tuple[Unit, str]] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    unit: Unit | None = None
    cell: Cell | None = None
    parent: Unit | None = None
    parent_line: Line | None = None
    name: str = ""
    unit_kind: str = ""
    code: str = ""

    @property
    def level(self) -> str | None:
        """The level of what the line is about, as far as it is said."""
        if self.unit is not None:
            return self.unit.level
        if self.units:
            return self.units[0][0].level
        # "thành phố" is a kind of provinces and of districts; only provinces are still founded.
        return Level.PROVINCE if self.unit_kind == "thanh_pho" else _LEVEL_OF_KIND.get(self.unit_kind)

    @property
    def standing_units(self) -> list[Unit]:
        return [unit for unit, _part in self.units] + ([self.unit] if self.unit else [])

    @property
    def standing_cells(self) -> list[Cell]:
        return [*self.cells, *([self.cell] if self.cell else [])]


def day_of_our_time(day: date) -> date:
    """Refuse a day on which nothing of ours can take effect."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(
            _("The day %(day)s cannot be right. Check the year.")
            % {"day": f"{day.day:02}/{day.month:02}/{day.year:04}"}
        )
    return day


def refuse_nonsense(drafts: Iterable[DraftLine]) -> list[dict[str, list[str]]]:
    """Return for each draft what is wrong with it, by field; the number of queries does not grow with them."""
    drafts = list(drafts)
    faults = [_wrong_day(draft) or _faults(draft) for draft in drafts]
    absent = _absent([draft for draft, found in zip(drafts, faults, strict=True) if not found])
    return [found or _not_standing(draft, absent) for draft, found in zip(drafts, faults, strict=True)]


def check_one(draft: DraftLine) -> None:
    """Raise what is wrong with this one draft, each sentence beside its field."""
    (faults,) = refuse_nonsense([draft])
    if faults:
        raise ValidationError(faults)


def _wrong_day(draft: DraftLine) -> dict[str, list[str]]:
    try:
        day_of_our_time(draft.on)
    except ValidationError as error:
        return {"on": error.messages}
    return {}


def _faults(draft: DraftLine) -> dict[str, list[str]]:
    found = defaultdict(list)
    for key, sentence in _RULES[draft.kind](draft):
        found[key].append(sentence)
    return dict(found)


def _sources(draft: DraftLine):
    levels = {unit.level for unit in draft.standing_units}
    if not draft.units:
        yield "units", _("Choose the units that go into it.")
    elif len(levels) > 1:
        yield "units", _("Choose units of one level: hamlets with hamlets, communes with communes.")


def _new_unit(draft: DraftLine):
    if not draft.name:
        yield "name", _("Enter the new name.")
    if not draft.unit_kind:
        yield "unit_kind", _("Choose the kind of the new unit.")
    elif draft.level and draft.unit_kind not in KINDS_OF_LEVEL[draft.level]:
        yield "unit_kind", _("This kind does not fit the level of the unit.")
    if draft.level in (Level.COMMUNE, Level.PROVINCE) and not draft.code:
        yield "code", _("Enter the official code; only hamlets get one of ours.")


def _found(draft: DraftLine):
    yield from _sources(draft)
    if draft.units and not _is_enough(draft):
        yield "units", _("Choose at least two units, or say that only a part goes into it.")
    yield from _new_unit(draft)
    yield from _place(draft, required=False)
    parents = {unit.parent_id for unit, _part in draft.units}
    if len(parents) > 1 and not (draft.parent or draft.parent_line) and draft.level == Level.HAMLET:
        yield "parent", _("The units stand in several communes. Choose where the new one belongs.")


def _is_enough(draft: DraftLine) -> bool:
    return len(draft.units) > 1 or any(part == PART for _unit, part in draft.units)


def _place(draft: DraftLine, *, required: bool):
    if draft.parent and draft.parent_line:
        yield "parent", _("Choose one place, not two.")
    elif draft.parent and draft.level and draft.parent.level not in LEVELS_ABOVE[draft.level]:
        yield "parent", _("Choose a unit one level up.")
    elif required and not (draft.parent or draft.parent_line) and draft.level != Level.PROVINCE:
        yield (
            "parent",
            _("Choose the unit it moves to.")
            if draft.kind != LineKind.OPEN
            else _("Choose the unit it belongs to."),
        )


def _open(draft: DraftLine):
    yield from _new_unit(draft)
    yield from _place(draft, required=True)


def _absorb(draft: DraftLine):
    yield from _unit(draft)
    yield from _sources(draft)
    if draft.unit and any(unit.pk == draft.unit.pk for unit, _part in draft.units):
        yield "units", _("%(unit)s takes the others in; it cannot go into itself.") % {"unit": draft.unit}


def _unit(draft: DraftLine):
    if draft.unit is None:
        yield "unit", _("Choose the unit that the line is about.")


def _rename(draft: DraftLine):
    yield from _unit(draft)
    if not draft.name:
        yield "name", _("Enter the new name.")
    elif draft.unit and draft.unit.name == draft.name:
        yield "name", _("That is its name already.")


def _reclassify(draft: DraftLine):
    yield from _unit(draft)
    if not (draft.unit_kind or draft.code):
        yield "unit_kind", _("Choose the new kind, or enter the new code.")
    elif draft.unit and draft.unit_kind and draft.unit_kind not in KINDS_OF_LEVEL[draft.unit.level]:
        yield "unit_kind", _("This kind does not fit the level of the unit.")


def _move(draft: DraftLine):
    yield from _unit(draft)
    yield from _place(draft, required=True)
    if draft.unit and draft.parent and draft.unit.parent_id == draft.parent.pk:
        yield "parent", _("It stands there already.")


def _cell(draft: DraftLine):
    if draft.cell is None:
        yield "cell", _("Choose the cell that the line is about.")


def _cell_rename(draft: DraftLine):
    yield from _cell(draft)
    if not draft.name:
        yield "name", _("Enter the new name.")
    elif draft.cell and draft.cell.name == draft.name:
        yield "name", _("That is its name already.")


def _cell_move(draft: DraftLine):
    yield from _cell(draft)
    yield from _commune(draft, required=True)
    if draft.cell and draft.parent and draft.cell.commune_id == draft.parent.pk:
        yield "parent", _("It stands there already.")


def _commune(draft: DraftLine, *, required: bool):
    if draft.parent and draft.parent.level != Level.COMMUNE:
        yield "parent", _("A cell stands in a commune. Choose a commune.")
    elif required and not (draft.parent or draft.parent_line):
        yield "parent", _("Choose the unit it moves to.")


def _cell_join(draft: DraftLine):
    if bool(draft.cell) == bool(draft.name):
        yield "cell", _("Choose the cell that takes the others in, or name the new one: one of the two.")
    if len(draft.cells) < (1 if draft.cell else 2):
        yield "cells", _("Choose the cells that end.") if draft.cell else _("Choose at least two cells.")
    if draft.cell and any(cell.pk == draft.cell.pk for cell in draft.cells):
        yield "cells", _("%(unit)s takes the others in; it cannot go into itself.") % {"unit": draft.cell}


def _cell_found(draft: DraftLine):
    if not draft.name:
        yield "name", _("Enter the new name.")
    if any(unit.level != Level.HAMLET for unit, _part in draft.units):
        yield "units", _("A cell covers hamlets. Choose a hamlet.")
    if not draft.units and not (draft.parent or draft.parent_line):
        yield "units", _("Choose the hamlets it covers, or the commune where it stands.")
    yield from _commune(draft, required=False)


_RULES = {
    LineKind.FOUND: _found,
    LineKind.ABSORB: _absorb,
    LineKind.SPLIT: _unit,
    LineKind.RENAME: _rename,
    LineKind.RECLASSIFY: _reclassify,
    LineKind.MOVE: _move,
    LineKind.OPEN: _open,
    LineKind.CLOSE: _unit,
    LineKind.CELL_JOIN: _cell_join,
    LineKind.CELL_FOUND: _cell_found,
    LineKind.CELL_DISSOLVE: _cell,
    LineKind.CELL_RENAME: _cell_rename,
    LineKind.CELL_MOVE: _cell_move,
}


def _absent(drafts: list[DraftLine]) -> set[tuple]:
    """Return which (day, kind of thing, key) does not stand on the day before the line."""
    wanted = defaultdict(set)
    for draft in drafts:
        day = draft.on - ONE_DAY
        wanted[day, UnitPeriod, "unit"] |= {unit.pk for unit in draft.standing_units}
        wanted[day, CellPeriod, "cell"] |= {cell.pk for cell in draft.standing_cells}
    absent = set()
    for (day, periods, key), keys in wanted.items():
        standing = set()
        for some in batches(sorted(keys)):
            rows = periods.objects.on(day).filter(**{f"{key}__in": some})
            standing |= set(rows.values_list(key, flat=True))
        absent |= {(day, key, missing) for missing in keys - standing}
    return absent


def _not_standing(draft: DraftLine, absent: set[tuple]) -> dict[str, list[str]]:
    day = draft.on - ONE_DAY
    things = [
        *[thing for thing in draft.standing_units if (day, "unit", thing.pk) in absent],
        *[thing for thing in draft.standing_cells if (day, "cell", thing.pk) in absent],
    ]
    said = [
        _("%(unit)s does not stand on %(day)s. Check the day.") % {"unit": thing, "day": f"{day:%d/%m/%Y}"}
        for thing in things
    ]
    return {"on": said} if said else {}
