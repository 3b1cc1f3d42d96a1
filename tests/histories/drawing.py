"""Random histories of papers: what stood and was recorded at first, then papers, and records between them.

Everything made here can be carried out: no two lines of a paper are at odds, and a paper touches
only what has stood unchanged since before its day.
"""

import copy
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, timedelta

from hypothesis import strategies as st

from tests.histories import events as e
from tests.histories import papers as p
from tests.histories import worlds as w
from tests.histories.making import (
    FIRST_DAY,
    KINDS,
    Dice,
    _beginning,
    _new,
    _quiet,
    _quiet_cells,
    _record,
    _who_may_sit,
)
from tests.histories.papers import PART, WHOLE, Paper
from tests.histories.worlds import ONE_DAY, World

FACTS = ("places", "cells", "areas", "successions")


@dataclass
class PaperHistory:
    """What stood at the beginning, papers and records in turn, and all that was true in the end."""

    beginning: World
    steps: list[Paper | World]
    world: World

    @property
    def papers(self) -> list[Paper]:
        return [step for step in self.steps if isinstance(step, Paper)]

    def _repr_pretty_(self, printer, cycle):
        first = [*self.beginning.places.values(), *self.beginning.cells.values(), *self.beginning.areas]
        told = [line for step in self.steps for line in _told(step)]
        printer.text("\n".join(map(str, [*first, *told])))


def _told(step: Paper | World) -> list:
    if isinstance(step, Paper):
        return [step.day, *step.acts, *step.choices.items()]
    return [row for part in fields(step) if part.name not in FACTS for row in getattr(step, part.name)]


@st.composite
def paper_histories(draw, *, most_papers: int = 3, meanwhile: bool = True):
    """Draw papers, each with one line to several, and records before and (if wanted) between them."""
    dice = Dice(draw)
    world = _beginning(dice)
    beginning = copy.deepcopy(world)
    steps = [_recorded(world, lambda: _record(dice, world, last=FIRST_DAY - ONE_DAY, years=(2019,)))]
    day = FIRST_DAY
    for _ in range(dice.between(1, most_papers)):
        paper = Drawing(dice, world, day).paper()
        if paper.acts:
            paper.happen(world, lambda _question, options: dice.pick(options))
            steps.append(paper)
        pause = dice.pick((0, 1, 30, 200))
        if meanwhile and pause > 1:
            last = day + timedelta(days=pause - 1)
            steps.append(_recorded(world, lambda: _record_new(dice, world, day, last)))  # noqa: B023 (called at once)
        day += timedelta(days=pause)
    return PaperHistory(beginning, steps, world)


def _recorded(world: World, record: Callable[[], None]) -> World:
    """Return what is recorded meanwhile, as a world of records only."""
    names = [part.name for part in fields(World) if part.name not in (*FACTS, "people")]
    before = {name: len(getattr(world, name)) for name in names}
    known = set(world.people)
    record()
    new = {name: list(getattr(world, name)[before[name] :]) for name in names}
    return World(people={key: one for key, one in world.people.items() if key not in known}, **new)


def _record_new(dice: Dice, world: World, first: date, last: date) -> None:
    """Fill some vacant seats, count and recognise, in the days from a paper to the next."""
    hamlets = world.standing("hamlet", first)
    for body in (*hamlets, *world.cells_on(first)):
        if not dice.once_in(2):
            continue
        is_cell = body.key in world.cells
        office = "secretary" if is_cell else dice.pick(("hamlet_head", "front_head"))
        if not any(t.body == body.key and t.office == office and not t.ends_on for t in world.tenures):
            person = dice.pick(_who_may_sit(world, office))
            world.tenures.append(w.Tenure(person, office, body.key, last, None, None, False))
        counts = world.member_counts if is_cell else world.household_counts
        if (body.key, last) not in {(count.body, count.day) for count in counts}:
            counts.append(w.Count(body.key, last, dice.pick((5, 9, None))))
        if is_cell and not any(case.cell == body.key for case in world.title_cases):
            world.title_cases.append(w.TitleCase(body.key, "TSVMTD", dice.pick((last, None)), None))


class Drawing:
    """A paper while it is drawn: which places and cells its lines name already."""

    def __init__(self, dice: Dice, world: World, day: date):
        self.dice, self.world, self.day = dice, world, day
        self.acts: list = []
        self.taken: set[str] = set()
        self.ending: set[str] = set()
        self.divided: set[str] = set()
        # New places: something may be put into them at once.
        self.opened: dict[str, list[str]] = defaultdict(list)

    def paper(self) -> Paper:
        """Draw a few lines: first what happens to large places, then to small ones, then to cells."""
        kinds = sorted({self.dice.between(0, len(LINES) - 1) for _ in range(self.dice.between(1, 5))})
        for kind in kinds:
            LINES[kind](self)
        return Paper(self.day, tuple(self.acts))

    # --- what there is to choose from -------------------------------------------------------

    def free(self, level: str) -> list[str]:
        return [key for key in _quiet(self.world, level, self.day) if key not in self.taken]

    def free_cells(self) -> list[str]:
        return [key for key in _quiet_cells(self.world, self.day) if key not in self.taken]

    def take(self, things: list[str], count: int = 1) -> list[str]:
        """Pick so many different ones and take them, or none."""
        if len(things) < count:
            return []
        picked = []
        for _ in range(count):
            picked.append(self.dice.pick([thing for thing in things if thing not in picked]))
        self.taken |= set(picked)
        return picked

    def home(self, level: str) -> str:
        """Pick where something of this level may be put on the day."""
        above = {"hamlet": ["commune"], "commune": ["province", "district"], "district": ["province"]}[level]
        standing = [place.key for name in above for place in self.world.standing(name, self.day)]
        opened = [key for name in above for key in self.opened[name]]
        return self.dice.pick([*(key for key in standing if key not in self.ending), *opened])

    def draw_new(self, level: str, parent: str | None) -> e.New:
        made = _new(self.dice, level, parent)
        self.opened[level].append(made.key)
        return made

    def new(self, level: str, units: list[str]) -> e.New:
        """Draw a new place, where its sources stand or elsewhere."""
        if level == "province":
            return self.draw_new(level, None)
        homes = {self.world.places[unit].parent.on(self.day) for unit in units}
        plain = len(homes) == 1 and not homes & self.divided
        moved = {act.unit for act in self.acts if isinstance(act, p.Move)}
        parent = None if plain and not moved & set(units) and self.dice.once_in(2) else self.home(level)
        return self.draw_new(level, parent)

    # --- lines about places -----------------------------------------------------------------

    def merge(self, level: str):
        units = self.take(self.free(level), self.dice.pick((2, 2, 3)))
        if units:
            self.ending |= set(units)
            sources = tuple((unit, WHOLE) for unit in units)
            self.acts.append(p.Take(sources, level, new=self.new(level, units)))

    def absorb(self, level: str):
        units = self.take(self.free(level), 2)
        if units:
            unit, into = units
            part = self.dice.pick((WHOLE, WHOLE, PART))
            if part == WHOLE:
                self.ending.add(unit)
            self.acts.append(p.Take(((unit, part),), level, into=into))

    def divide(self, level: str):
        """Divide a place among new ones and standing ones; it ends, or stands on."""
        units = self.take(self.free(level), 1)
        if not units:
            return
        (unit,) = units
        count = self.dice.pick((2, 2, 1, 3))
        if count > 1 and self.dice.once_in(2):
            self.ending.add(unit)
            self.acts.append(p.Split(unit))
        self.divided.add(unit)
        for _ in range(count):
            into = self.take(self.free(level)) if self.dice.once_in(4) else []
            if into:
                self.acts.append(p.Take(((unit, PART),), level, into=into[0]))
            else:
                new = self.draw_new(level, self.home(level))
                self.acts.append(p.Take(((unit, PART),), level, new=new))

    def open(self, level: str):
        self.acts.append(p.Take((), level, new=self.draw_new(level, self.home(level))))

    def move(self, level: str):
        units = self.take(self.free(level))
        if units:
            home = self.home(level)
            if home != self.world.places[units[0]].parent.on(self.day):
                self.acts.append(p.Move(units[0], home))

    def rename(self):
        known = {act.unit for act in self.acts if isinstance(act, p.Rename)} | self.ending
        units = [key for level in w.LEVELS for key in _quiet(self.world, level, self.day) if key not in known]
        if units:
            self.acts.append(p.Rename(self.dice.pick(units), f"Tên {self.dice.key('n')}"))

    def change_kind(self):
        known = {act.unit for act in self.acts if isinstance(act, p.ChangeKind)} | self.ending
        levels = ("commune", "hamlet")
        units = [key for level in levels for key in _quiet(self.world, level, self.day) if key not in known]
        if units:
            place = self.world.places[self.dice.pick(units)]
            others = [kind for kind in KINDS[place.level] if kind != place.kind.on(self.day)]
            self.acts.append(p.ChangeKind(place.key, self.dice.pick(others)))

    def close_hamlet(self):
        units = self.take(self.free("hamlet"))
        closed = {act.unit for act in self.acts if isinstance(act, p.Close)} | set(units)
        alone = [
            area.cell
            for unit in units
            for area in self.world.areas_of(unit, self.day)
            if set(self.world.hamlets_of(area.cell, self.day)) <= closed
        ]
        if units and set(alone) <= set(self.free_cells()):
            self.taken |= set(alone)
            self.ending |= set(units)
            self.acts += [p.Close(*units), *(p.DissolveCell(cell) for cell in alone)]

    def close_district(self):
        """A district ends; its communes are put under the province."""
        for unit in self.take(self.free("district")):
            below = [place.key for place in self.world.under(unit, self.day)]
            named = self.taken.intersection(below)
            province = self.world.places[unit].parent.on(self.day)
            if not named and province not in self.ending and unit not in self.homes_named():
                self.taken |= set(below)
                self.ending.add(unit)
                self.acts += [p.Close(unit), *(p.Move(key, province) for key in below)]

    def homes_named(self) -> list[str | None]:
        takes = [act for act in self.acts if isinstance(act, p.Take) and act.new]
        return [act.new.parent for act in takes] + [a.parent for a in self.acts if isinstance(a, p.Move)]

    # --- lines about cells ------------------------------------------------------------------

    def rename_cell(self):
        for cell in self.take(self.free_cells()):
            self.acts.append(p.RenameCell(cell, f"Chi bộ {self.dice.key('n')}"))

    def move_cell(self):
        for cell in self.take(self.free_cells()):
            home = self.home("hamlet")
            if home != self.world.cells[cell].commune.on(self.day):
                self.acts.append(p.MoveCell(cell, home))

    def found_cell(self):
        standing = [p.key for p in self.world.standing("hamlet", self.day)]
        hamlets = [
            key for key in standing if key not in self.ending and self.world.places[key].first < self.day
        ]
        if hamlets:
            covered = tuple(sorted({self.dice.pick(hamlets) for _ in range(2)}))
            plain = len(covered) == 1 and self.dice.once_in(2)
            home = None if plain else self.home("hamlet")
            key = self.dice.key("cell")
            self.acts.append(p.FoundCell(key, f"Chi bộ {key}", covered, home))

    def join_cells(self):
        cells = [key for key in self.free_cells() if self.world.cells[key].kind == "hamlet"]
        cells = self.take(cells, self.dice.pick((2, 3)))
        if not cells:
            return
        if self.dice.once_in(2):
            self.acts.append(p.JoinCells(tuple(cells[1:]), cells[0]))
        else:
            key = self.dice.key("cell")
            self.acts.append(p.JoinCells(tuple(cells), key, f"Chi bộ {key}", self.home("hamlet")))

    def dissolve_cell(self):
        for cell in self.take(self.free_cells()):
            self.acts.append(p.DissolveCell(cell))


# From large to small: what stands in something that ends is known by then.
LINES = [
    lambda drawing: drawing.merge("province"),
    Drawing.close_district,
    lambda drawing: drawing.merge("commune"),
    lambda drawing: drawing.absorb("commune"),
    lambda drawing: drawing.divide("commune"),
    lambda drawing: drawing.open("commune"),
    lambda drawing: drawing.move("commune"),
    lambda drawing: drawing.merge("hamlet"),
    lambda drawing: drawing.absorb("hamlet"),
    lambda drawing: drawing.divide("hamlet"),
    lambda drawing: drawing.open("hamlet"),
    lambda drawing: drawing.move("hamlet"),
    Drawing.close_hamlet,
    Drawing.rename,
    Drawing.change_kind,
    Drawing.found_cell,
    Drawing.join_cells,
    Drawing.move_cell,
    Drawing.rename_cell,
    Drawing.dissolve_cell,
]
