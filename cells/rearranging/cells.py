"""Cells joined, founded, dissolved, renamed and moved, and what they cover and where they stand."""

from collections import defaultdict
from datetime import date

from django.utils.translation import gettext as _

from accounts.history import create_many
from cells.codes import next_cell_codes
from cells.dated import ONE_DAY
from cells.fates import Case, CaseKind, Option
from cells.lives import Life, move_by_move
from cells.models import Cell, CellKind, CellPeriod, Line, LineKind, Unit
from cells.rearranging.agenda import STAYS, TO_ALL, Agenda, said
from sheets.text import lower_first, nfc


class CellChanges:
    """What the lines do to cells, and what becomes of cells whose hamlets or commune changed."""

    def __init__(self, agenda: Agenda):
        self.agenda = agenda
        self.day, self.lives, self.outcome = agenda.day, agenda.lives, agenda.outcome

    def carry_out(self) -> None:
        """Do it; raise ValidationError with what stands in the way."""
        self._carry_areas()
        self._change_cells()
        self._let_cells_follow()
        self.agenda.stop_if_hindered()

    def _carry_areas(self):
        """A cell goes on covering what became of its hamlet; of a divided one it is asked what."""
        covered = [(cell, hamlet) for cell, areas in self.lives.areas.items() for hamlet in areas]
        for cell, hamlet in covered:
            lines = self.outcome.ended.get(hamlet)
            gave = self.outcome.gave.get(hamlet)
            areas = self.lives.areas[cell][hamlet]
            if (lines is None and not gave) or all(area.days[1] < self.day for area in areas):
                continue
            if gave:
                self._share_area(cell, hamlet, gave)
                continue
            taken = self.lives.uncover(cell, hamlet, self.day)
            for line in self._covering(cell, hamlet, lines):
                for first, last in taken:
                    self._cover(cell, self.outcome.units[line.pk].pk, first, last)

    def _covering(self, cell: int, hamlet: int, lines: list[Line]) -> list[Line]:
        if len(lines) < 2:
            return lines
        choice = self.agenda.ask(CaseKind.COVERS, self.lives.cells[cell].thing, hamlet, lines, to_all=True)
        return [line for line in lines if choice in (TO_ALL, f"line{line.pk}")]

    def _share_area(self, cell: int, hamlet: int, lines: list[Line]):
        """The hamlet stands on without a part: the cell stays, goes with the part, or covers both."""
        choice = self.agenda.ask(
            CaseKind.COVERS, self.lives.cells[cell].thing, hamlet, lines, stays=True, to_all=True
        )
        if choice == STAYS:
            return
        days = [
            (max(area.days[0], self.day), area.ends_on)
            for area in self.lives.areas[cell][hamlet]
            if area.days[1] >= self.day
        ]
        if choice != TO_ALL:
            self.lives.uncover(cell, hamlet, self.day)
        for line in lines:
            if choice in (TO_ALL, f"line{line.pk}"):
                for first, last in days:
                    self._cover(cell, self.outcome.units[line.pk].pk, first, last)

    def _cover(self, cell: int, unit: int, first: date, last: date | None):
        """Let the cell cover the unit, and what that became by later events recorded already."""
        end, heirs = self.agenda.later_end(unit)
        if end is None or (last is not None and last <= end):
            self.lives.cover(cell, unit, first, last)
            return
        self.lives.cover(cell, unit, first, end)
        if len(heirs) > 1:
            self.agenda.hinder(
                _(
                    "What %(cell)s covers was divided on %(day)s, recorded after this event. Take that back first."
                ),
                cell=self.lives.cells[cell].thing,
                day=said(end + ONE_DAY),
            )
        elif heirs:
            self._cover(cell, heirs[0], end + ONE_DAY, last)

    def _change_cells(self):
        self._take_cells_along()
        for line in self.agenda.by_kind[LineKind.CELL_RENAME]:
            self.lives.cells[line.cell_id].change(self.day, name=nfc(line.name))
        for line in self.agenda.by_kind[LineKind.CELL_MOVE]:
            self.lives.cells[line.cell_id].change(self.day, commune_id=self.agenda.aim(line))
        self._create_cells([line for line in self.agenda.lines if self._founds_a_cell(line)])
        for line in self.agenda.by_kind[LineKind.CELL_JOIN]:
            self._join(line)
        for line in self.agenda.by_kind[LineKind.CELL_DISSOLVE]:
            self._end_cell(line.cell_id)
            self.outcome.cells_ended[line.cell_id] = None

    def _take_cells_along(self):
        of_commune = defaultdict(list)
        moved = {line.cell_id for line in self.agenda.by_kind[LineKind.CELL_MOVE]}
        for pk, life in self.lives.cells.items():
            if pk not in moved:
                of_commune[life.home_on(self.day)].append(life)
        for unit, lines in (*self.outcome.ended.items(), *self.outcome.gave.items()):
            parts = {self.outcome.units[line.pk].pk for line in lines} | {unit}
            for life in of_commune[unit]:
                goes = self._with_its_hamlets(life)
                # A cell whose hamlets stand elsewhere altogether waits for its own decision.
                if len(lines) > 1 and goes in parts:
                    life.change(self.day, commune_id=goes)
                else:
                    self.agenda.take_along(life, unit, lines, "commune_id")

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
            first = next((s.cell for s in self.agenda.sources[line.pk] if s.cell_id), None)
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
            self.outcome.made_by[cell] = line
            self._begin_cell(line, cell)

    def _begin_cell(self, line: Line, cell: Cell):
        homes = {
            (self.lives.cells[s.cell_id] if s.cell_id else self.lives.units[s.unit_id]).home_on(self.day)
            for s in self.agenda.sources[line.pk]
        }
        home = self.agenda.aim(line) or (homes.pop() if len(homes) == 1 else None)
        if home is None:
            self.agenda.hinder(_("Say which unit %(what)s belongs to."), what=cell.name)
            return
        moves, last_day = (), None
        futures = {self._future_of_cell(s.cell_id) for s in self.agenda.sources[line.pk] if s.cell_id}
        if len(futures) == 1:
            moves, last_day = futures.pop()
        elif futures:
            self.agenda.hinder(
                _("The cells that become %(cell)s went different ways after that day. Take that back first."),
                cell=cell.name,
            )
        self.lives.begin(
            cell,
            [
                CellPeriod(cell=cell, name=cell.name, commune_id=above, **days)
                for above, days in move_by_move(home, self.day, last_day, moves)
            ],
        )
        for source in self.agenda.sources[line.pk]:
            if source.unit_id:
                self.lives.cover(cell.pk, source.unit_id, self.day, self.lives.units[source.unit_id].last_day)

    def _future_of_cell(self, cell: int) -> tuple[tuple, date | None]:
        life = self.lives.cells[cell]
        for period in life.own_changes_after(self.day):
            self.agenda.hinder(
                _(
                    "%(unit)s is called %(name)s from %(day)s on: recorded after this event. Take that back first."
                ),
                unit=life.thing,
                name=period.name,
                day=said(period.starts_on),
            )
        return life.moves_after(self.day), life.last_day

    def _join(self, line: Line):
        if line.pk not in self.outcome.cells:
            self.outcome.cells[line.pk] = self.lives.cells[line.cell_id].thing
        aim = self.outcome.cells[line.pk]
        if aim.pk not in self.lives.cells:
            return
        for source in self.agenda.sources[line.pk]:
            if line.cell_id and self._future_of_cell(source.cell_id) not in (
                ((), None),
                self._future_of_cell(line.cell_id),
            ):
                self.agenda.hinder(
                    _("%(cell)s has changes after %(day)s. Take these back first."),
                    cell=source.cell,
                    day=said(self.day),
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
            for hamlet in list(self.lives.areas[cell])
            for first, last in self.lives.uncover(cell, hamlet, self.day)
        ]

    def _let_cells_follow(self):
        """A hamlet that came under another commune: does its cell go along, or wait for its own decision?"""
        decided = {
            line.cell_id for line in self.agenda.by_kind[LineKind.CELL_MOVE]
        } | self.outcome.cells_ended.keys()
        came = {line.unit_id for line in self.agenda.by_kind[LineKind.MOVE]} | {
            u.pk for u in self.outcome.units.values()
        }
        communes = defaultdict(set)
        for cell, of_hamlets in self.lives.areas.items():
            for hamlet, areas in of_hamlets.items() if cell not in decided else ():
                if hamlet in came and any(area.holds_on(self.day) for area in areas):
                    communes[cell].add(self.lives.units[hamlet].home_on(self.day))
        names = Unit.objects.in_bulk({home for homes in communes.values() for home in homes})
        for cell, homes in sorted(communes.items()):
            life = self.lives.cells.get(cell)
            if life and life.on(self.day) and life.home_on(self.day) not in homes:
                self._ask_to_follow(life, [names[pk] for pk in sorted(homes)])

    def _ask_to_follow(self, life: Life, communes: list[Unit]):
        homes = {self.outcome.known_as(unit).removeprefix("unit"): unit for unit in communes}
        label = _("goes along to %(unit)s on that day")
        options = [
            Option(f"to{known}", label % {"unit": lower_first(str(unit))}, "follow")
            for known, unit in homes.items()
        ]
        choice = self.agenda.fates.choose(
            Case(
                kind=CaseKind.FOLLOWS,
                key=f"{CaseKind.FOLLOWS}:{self.outcome.known_as(life.thing)}:{self.day:%Y%m%d}",
                subject=life.thing.choice_label,
                options=(*options, Option(STAYS, _("stays for now, until its own decision"))),
                day=self.day,
                url=life.thing.get_absolute_url(),
            )
        )
        if choice != STAYS:
            life.change(self.day, commune_id=homes[choice.removeprefix("to")].pk)
