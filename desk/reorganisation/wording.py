"""A line of a reorganisation as people write it: in one place for pages, prints and exports."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from cells.dated import ONE_DAY
from cells.kinds import KINDS_OF_LEVEL, Level, full_name
from cells.models import Cell, CellPeriod, Decision, Line, LineKind, Succession, Unit, UnitPeriod
from cells.names import written_out
from sheets.text import fold, lower_first


@dataclass
class Then:
    """What units and cells were called, and where they stood, the day before each line.

    A line that is applied has changed names; it still has to say from what to what.
    """

    units: dict[int, list[UnitPeriod]] = field(default_factory=dict)
    cells: dict[int, list[CellPeriod]] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Iterable[Line]) -> "Then":
        """Load it for these lines in two queries; the lines are loaded ``with_everything``."""
        sources = [source for line in lines for source in line.sources.all()]
        return cls.about([*lines, *sources])

    @classmethod
    def about(cls, rows: Iterable) -> "Then":
        """Load it for the units and cells that these rows (lines or their sources) name."""
        units = {row.unit_id for row in rows} - {None}
        cells = {row.cell_id for row in rows} - {None}
        unit_periods = UnitPeriod.objects.filter(unit__in=units).by_day()
        cell_periods = CellPeriod.objects.filter(cell__in=cells).by_day()
        return cls(
            units=_grouped(unit_periods.select_related("parent"), "unit_id"),
            cells=_grouped(cell_periods.select_related("commune"), "cell_id"),
        )

    def unit(self, unit: Unit, line: Line) -> tuple[str, str]:
        """Return the name of the unit and of the place that held it, as they stand inside a sentence."""
        period = _before(self.units.get(unit.pk, ()), line)
        if period is None:
            above = unit.commune if unit.level == Level.HAMLET else None
            return _small(unit), _small(above or "")
        return _small(period), _small(period.parent or "")

    def cell(self, cell: Cell, line: Line) -> tuple[str, str]:
        period = _before(self.cells.get(cell.pk, ()), line)
        if period is None:
            return _small(cell), _small(cell.commune or "")
        return _small(period), _small(period.commune)

    def formerly(self, thing: Unit | Cell, line: Line) -> str:
        """Return where it stood before: that tells two "ấp 1" of one commune apart."""
        periods = (self.units if isinstance(thing, Unit) else self.cells).get(thing.pk, ())
        place = "parent" if isinstance(thing, Unit) else "commune"
        here = _before(periods, line)
        before = [
            getattr(period, place)
            for period in periods
            if here is not None and getattr(period, f"{place}_id") != getattr(here, f"{place}_id")
            if period.days < here.days
        ]
        return _("formerly %(place)s") % {"place": _small(before[-1])} if before and before[-1] else ""


def _grouped(periods, key: str) -> dict[int, list]:
    groups = defaultdict(list)
    for period in periods:
        groups[getattr(period, key)].append(period)
    return groups


def _before(periods, line: Line):
    return next((period for period in periods if period.holds_on(line.on - ONE_DAY)), None)


def _small(name) -> str:
    return lower_first(str(name))


def in_words(line: Line, then: Then | None = None, *, sources: Iterable | None = None) -> str:
    """Say what the line does, without its day and its paper.

    The line is loaded ``with_everything``; of one that is not recorded yet the sources are given.
    """
    rows = line.sources.all() if sources is None else sources
    return _WORDS[line.kind](_Saying(line, then or Then(), list(rows)))


def sentence(line: Line, then: Then | None = None) -> str:
    """Say what the line does, from which day, and on which paper it rests."""
    parts = [in_words(line, then), _("as from %(day)s") % {"day": f"{line.on:%d/%m/%Y}"}]
    if line.decision:
        parts.append(paper(line.decision))
    return " – ".join(parts)


# What a number says about its paper: "12/NQ-HĐND" is a resolution, "345-QĐ/ĐU" a decision.
_PAPERS = {"nq": "Nghị quyết", "qd": "Quyết định", "kl": "Kết luận", "tb": "Thông báo"}


def paper(decision: Decision) -> str:
    """Return the paper as it is cited: "Nghị quyết số 12/NQ-HĐND ngày 20/04/2026 của Hội đồng nhân dân …"."""
    words = fold(decision.number).split()
    kind = next((_PAPERS[word] for word in words if word in _PAPERS), "Văn bản")
    said = {
        "kind": kind,
        "number": decision.number,
        "day": f"{decision.date:%d/%m/%Y}",
        "body": decision.issuing_body,
    }
    return _("%(kind)s No. %(number)s of %(day)s of %(body)s") % said


def suggested_body(unit: Unit | None, *, of_party: bool) -> str:
    """Return who usually decides there: the people's council on hamlets, the Party committee on cells."""
    if unit is None:
        return ""
    place = _small(unit)
    if not of_party:
        return f"Hội đồng nhân dân {place}"
    if unit.level == Level.PROVINCE:
        return f"Ban Thường vụ {'Thành ủy' if unit.kind == 'thanh_pho' else 'Tỉnh ủy'} {unit.name}"
    return f"Đảng ủy {place}"


_KIND_WORDS = sorted(
    ((kind.label, kind) for kinds in KINDS_OF_LEVEL.values() for kind in kinds), key=lambda row: -len(row[0])
)


def kind_and_name(said: str) -> tuple[str, str]:
    """Part "Ấp Hòa Bình" or "KP3" into its kind and its own name; the kind is empty where no word says it."""
    said = written_out(said)
    for word, kind in _KIND_WORDS:
        if said.lower().startswith(f"{word} "):
            return kind, said[len(word) + 1 :]
    return "", said


@dataclass
class _Saying:
    """The parts from which the sentence of one line is put together."""

    line: Line
    then: Then
    rows: list

    def named(self, thing) -> tuple[str, str]:
        told = self.then.unit if isinstance(thing, Unit) else self.then.cell
        return told(thing, self.line)

    def placed(self, *things, parts=()) -> str:
        """Return the things with the place that holds them, said once where it is the same."""
        named = self._told_apart(things)
        names = [
            _("a part of %(unit)s") % {"unit": name} if thing.pk in parts else name
            for thing, (name, _place) in zip(things, named, strict=True)
        ]
        places = list(dict.fromkeys(place for _name, place in named))
        if len(places) == 1:
            return _in_place(", ".join(names), places[0])
        return ", ".join(_in_place(name, place) for name, (_name, place) in zip(names, named, strict=True))

    def _told_apart(self, things) -> list[tuple[str, str]]:
        named = [self.named(thing) for thing in things]
        return [
            (f"{name} {self.then.formerly(thing, self.line)}".strip(), place)
            if named.count((name, place)) > 1
            else (name, place)
            for thing, (name, place) in zip(things, named, strict=True)
        ]

    def name_of(self, thing) -> str:
        return self.named(thing)[0]

    @property
    def sources(self) -> str:
        rows = self.rows
        parts = {row.unit_id for row in rows if row.part == Succession.Part.PART}
        return self.placed(*((row.unit or row.cell) for row in rows), parts=parts)

    @property
    def takes_only_parts(self) -> bool:
        return bool(self.rows) and all(row.part == Succession.Part.PART for row in self.rows)

    @property
    def thing(self) -> str:
        return self.placed(self.line.unit or self.line.cell)

    @property
    def new_name(self) -> str:
        return _small(self.line.full_name)

    @property
    def aim(self) -> str:
        if self.line.parent:
            return _small(self.line.parent)
        return _small(self.line.parent_line.full_name) if self.line.parent_line else ""


def _in_place(name: str, place: str) -> str:
    return f"{name} ({place})" if place else name


def _found(said: _Saying) -> str:
    if not said.rows:
        return _open(said)
    words = {"sources": said.sources, "new": _in_place(said.new_name, said.aim)}
    if said.takes_only_parts:
        return _("Found %(new)s from %(sources)s") % words
    return _("Merge %(sources)s to found %(new)s") % words


def _absorb(said: _Saying) -> str:
    name, place = said.named(said.line.unit)
    elsewhere = {said.named(row.unit)[1] for row in said.rows} != {place}
    unit = _in_place(name, place) if elsewhere else name
    return _("Merge %(sources)s into %(unit)s") % {"sources": said.sources, "unit": unit}


def _split(said: _Saying) -> str:
    return _("%(unit)s ends after it has been divided") % {"unit": said.thing}


def _rename(said: _Saying) -> str:
    line = said.line
    new = _small(full_name(line.unit.kind, line.name) if line.unit else line.name)
    return _("Rename %(old)s to %(new)s") % {"old": said.thing, "new": new}


def _reclassify(said: _Saying) -> str:
    line, told = said.line, []
    if line.unit_kind:
        new = _small(full_name(line.unit_kind, line.unit.name))
        told.append(_("Turn %(unit)s into %(new)s") % {"unit": said.thing, "new": new})
    if line.code:
        words = {"unit": said.thing, "code": line.code}
        told.append(_("New code of %(unit)s: %(code)s") % words)
    return "; ".join(told)


def _move(said: _Saying) -> str:
    return _("Move %(what)s to %(where)s") % {"what": said.thing, "where": said.aim}


def _open(said: _Saying) -> str:
    return _("Open %(new)s") % {"new": _in_place(said.new_name, said.aim)}


def _close(said: _Saying) -> str:
    if said.line.unit and said.line.unit.level == Level.DISTRICT:
        return _("%(unit)s ends") % {"unit": said.thing}
    return _("Close %(unit)s") % {"unit": said.thing}


def _join(said: _Saying) -> str:
    if said.line.cell and not said.line.name:
        return _("Join %(cells)s to %(cell)s") % {
            "cells": said.sources,
            "cell": said.name_of(said.line.cell),
        }
    return _("Join %(cells)s as %(cell)s") % {"cells": said.sources, "cell": _small(said.line.name)}


def _found_cell(said: _Saying) -> str:
    words = {"cell": _in_place(_small(said.line.name), said.aim), "hamlets": said.sources}
    if not said.rows:
        return _("Found %(cell)s") % words
    return _("Found %(cell)s for %(hamlets)s") % words


_WORDS = {
    LineKind.FOUND: _found,
    LineKind.ABSORB: _absorb,
    LineKind.SPLIT: _split,
    LineKind.RENAME: _rename,
    LineKind.RECLASSIFY: _reclassify,
    LineKind.MOVE: _move,
    LineKind.OPEN: _open,
    LineKind.CLOSE: _close,
    LineKind.CELL_JOIN: _join,
    LineKind.CELL_FOUND: _found_cell,
    LineKind.CELL_DISSOLVE: _close,
    LineKind.CELL_RENAME: _rename,
    LineKind.CELL_MOVE: _move,
}
