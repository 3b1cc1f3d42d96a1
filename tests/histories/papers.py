"""What a paper with several lines does to a plain world on its day, and what somebody chose for each case.

The lines of one day are one change of the map. They are told here from the top down: provinces
before communes, communes before hamlets, hamlets before cells, so that whatever stands in
something that ends goes along with it, or where it is said to go.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from tests.histories import events as e
from tests.histories.settling import settle
from tests.histories.worlds import LEVELS, ONE_DAY, Area, PartyCell, Place, World

STAYS, ALL = "stays", "all"
WHOLE, PART = "whole", "part"
# What is asked, and the answer: ("covers", "cell7", "h3") → "h9".
Question = tuple
Choose = Callable[[Question, Sequence], object]


@dataclass(frozen=True)
class Rename:
    unit: str
    name: str


@dataclass(frozen=True)
class ChangeKind:
    unit: str
    kind: str


@dataclass(frozen=True)
class Move:
    unit: str
    parent: str


@dataclass(frozen=True)
class Take:
    """A new place, or a standing one, takes in others: wholly, or a part. Without sources it is just opened.

    A new place without a parent stands where those stand that go into it.
    """

    sources: tuple[tuple[str, str], ...]
    level: str
    new: e.New | None = None
    into: str = ""

    @property
    def aim(self) -> str:
        return self.new.key if self.new else self.into


@dataclass(frozen=True)
class Split:
    """A place that gave parts ends."""

    unit: str


@dataclass(frozen=True)
class Close:
    unit: str


@dataclass(frozen=True)
class RenameCell:
    cell: str
    name: str


@dataclass(frozen=True)
class MoveCell:
    cell: str
    commune: str


@dataclass(frozen=True)
class FoundCell:
    cell: str
    name: str
    hamlets: tuple[str, ...]
    commune: str | None = None


@dataclass(frozen=True)
class JoinCells:
    """Cells end in a standing one, or in a new one that has a name."""

    cells: tuple[str, ...]
    into: str
    name: str = ""
    commune: str | None = None


@dataclass(frozen=True)
class DissolveCell:
    cell: str


@dataclass(frozen=True)
class Paper:
    """The lines of a day, carried out together."""

    day: date
    acts: tuple
    choices: dict[Question, object] = field(default_factory=dict)

    def happen(self, world: World, choose: Choose | None = None) -> None:
        """Change the world; choose what becomes of each case, or take what was chosen before."""
        Happening(self, world, choose).tell()

    def of(self, kind: type) -> list:
        return [act for act in self.acts if isinstance(act, kind)]

    def ending(self) -> set[str]:
        """Return the places that end."""
        whole = {unit for take in self.of(Take) for unit, part in take.sources if part == WHOLE}
        return whole | {act.unit for act in self.of((Split, Close))}

    def takers(self) -> dict[str, list[str]]:
        """Return what takes in each place that ends or gives a part."""
        takers = defaultdict(list)
        for take in self.of(Take):
            for unit, _part in take.sources:
                takers[unit].append(take.aim)
        return takers


class Happening:
    """A paper while it happens to a world."""

    def __init__(self, paper: Paper, world: World, choose: Choose | None):
        self.paper, self.world, self.day, self.choose = paper, world, paper.day, choose
        self.ending, self.takers = paper.ending(), paper.takers()
        self.gave = self.takers.keys() - self.ending
        self.left = {**dict.fromkeys(sorted(self.ending), []), **self.takers}
        self.joined: dict[str, str | None] = {}

    def ask(self, question: Question, options: Sequence):
        """Return what is chosen."""
        if self.choose:
            self.paper.choices[question] = self.choose(question, options)
        return self.paper.choices[question]

    def tell(self) -> None:
        for act in self.paper.of(Rename):
            self.world.places[act.unit].name.set(self.day, act.name)
        for act in self.paper.of(ChangeKind):
            self.world.places[act.unit].kind.set(self.day, act.kind)
        for act in self.paper.of(Move):
            self.world.places[act.unit].parent.set(self.day, act.parent)
        for level in LEVELS:
            self._open_and_take_along(level)
        self._carry_areas()
        self._take_cells_along()
        self._change_cells()
        self._let_cells_follow()
        settle(self)
        self._end_places()
        # What began and ended on the day was never there.
        self.world.areas[:] = [area for area in self.world.areas if area.first <= area.last]

    # --- places ---------------------------------------------------------------------------

    def _open_and_take_along(self, level: str):
        for take in self.paper.of(Take):
            if take.new and take.level == level:
                self._open(take)
        moved = {act.unit for act in self.paper.of(Move)}
        opened_in = {take.aim for take in self.paper.of(Take) if take.new and take.new.parent}
        for unit, homes in self.left.items():
            if self.world.places[unit].level == level:
                for place in self.world.under(unit, self.day):
                    if place.key not in moved | opened_in:
                        self._go_along(place.key, place.parent, unit, homes)

    def _open(self, take: Take):
        parents = {self.world.places[unit].parent.on(self.day) for unit, _part in take.sources}
        parent = take.new.parent or (parents.pop() if len(parents) == 1 else None)
        place = Place(first=self.day, key=take.new.key, level=take.level)
        self.world.open(place, name=take.new.name, kind=take.new.kind, parent=parent)

    def _go_along(self, key: str, home, unit: str, homes: list[str]):
        """Go where the unit goes; where there is a choice, as it is chosen."""
        if unit not in self.gave and len(homes) == 1:
            home.set(self.day, homes[0])
        elif key not in self.ending:
            choice = self.ask(("goes_to", key, unit), [*([STAYS] if unit in self.gave else []), *homes])
            if choice != STAYS:
                home.set(self.day, choice)

    def _end_places(self):
        for unit, homes in self.left.items():
            for home in homes:
                part = WHOLE if len(homes) == 1 and unit in self.ending else PART
                self.world.succeed(unit, home, self.day, part)
            if unit in self.ending:
                self.world.close(unit, self.day)

    # --- cells ----------------------------------------------------------------------------

    def _carry_areas(self):
        """A cell covers what became of its hamlet; of several parts, as it is chosen."""
        for unit, homes in self.left.items():
            for area in self.world.areas_of(unit, self.day):
                stays = unit in self.gave
                choice = ALL
                if stays or len(homes) > 1:
                    options = [*([STAYS] if stays else []), *homes, ALL]
                    choice = self.ask(("covers", area.cell, unit), options)
                if not stays or choice not in (STAYS, ALL):
                    self._uncover(area)
                for home in homes:
                    if choice in (home, ALL):
                        self.world.cover(area.cell, home, self.day)

    def _uncover(self, area: Area):
        area.last = self.day - ONE_DAY

    def _take_cells_along(self):
        moved = {act.cell for act in self.paper.of(MoveCell)}
        for unit, homes in self.left.items():
            for cell in self.world.cells_in(unit, self.day):
                if cell.key in moved:
                    continue
                of_hamlets = self._commune_of_hamlets(cell.key)
                possible = {*homes, unit} if unit in self.gave else {*homes}
                if len(homes) > 1 and of_hamlets in possible:
                    cell.commune.set(self.day, of_hamlets)
                else:
                    self._go_along(cell.key, cell.commune, unit, homes)

    def _commune_of_hamlets(self, cell: str) -> str | None:
        """Return the one commune in which all hamlets of a cell stand."""
        homes = {self.world.places[h].parent.on(self.day) for h in self.world.hamlets_of(cell, self.day)}
        return homes.pop() if len(homes) == 1 else None

    def _change_cells(self):
        world, day = self.world, self.day
        for act in self.paper.of(RenameCell):
            world.cells[act.cell].name.set(day, act.name)
        for act in self.paper.of(MoveCell):
            world.cells[act.cell].commune.set(day, act.commune)
        for act in self.paper.of(FoundCell):
            commune = act.commune or world.places[act.hamlets[0]].parent.on(day)
            cell = PartyCell(first=day, key=act.cell, kind="hamlet")
            world.found(cell, name=act.name, commune=commune, hamlets=act.hamlets)
        for act in self.paper.of(JoinCells):
            self._join(act)
        for act in self.paper.of(DissolveCell):
            world.dissolve(act.cell, day)
            self.joined[act.cell] = None

    def _join(self, act: JoinCells):
        world, day = self.world, self.day
        if act.name:
            first = world.cells[act.cells[0]]
            cell = PartyCell(first=day, key=act.into, kind=first.kind)
            world.found(cell, name=act.name, commune=act.commune or first.commune.on(day), hamlets=())
        for cell in act.cells:
            hamlets = world.hamlets_of(cell, day)
            world.dissolve(cell, day)
            for hamlet in hamlets:
                world.cover(act.into, hamlet, day)
            self.joined[cell] = act.into

    def _let_cells_follow(self):
        """A hamlet came under another commune; its cell goes along, or waits for its own decision."""
        came = {act.unit for act in self.paper.of(Move)} | {take.aim for take in self.paper.of(Take)}
        decided = {act.cell for act in self.paper.of(MoveCell)}
        for cell in self.world.cells_on(self.day):
            hamlets = came.intersection(self.world.hamlets_of(cell.key, self.day))
            homes = {self.world.places[hamlet].parent.on(self.day) for hamlet in hamlets}
            if homes and cell.key not in decided and cell.commune.on(self.day) not in homes:
                choice = self.ask(("follows", cell.key), [*sorted(homes), STAYS])
                if choice != STAYS:
                    cell.commune.set(self.day, choice)
