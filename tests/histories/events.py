"""What may happen to places and cells on a day, and what it makes of a plain world."""

from dataclasses import dataclass
from datetime import date

from tests.histories.worlds import PartyCell, Place, World


@dataclass(frozen=True)
class New:
    """A place that an event opens."""

    key: str
    name: str
    kind: str
    parent: str | None


@dataclass(frozen=True)
class Event:
    day: date

    def happen(self, world: World) -> None:
        raise NotImplementedError

    def _open(self, world: World, new: New, level: str) -> None:
        place = Place(first=self.day, key=new.key, level=level)
        world.open(place, name=new.name, kind=new.kind, parent=new.parent)


@dataclass(frozen=True)
class Rename(Event):
    unit: str
    name: str

    def happen(self, world):
        world.places[self.unit].name.set(self.day, self.name)


@dataclass(frozen=True)
class ChangeKind(Event):
    unit: str
    kind: str

    def happen(self, world):
        world.places[self.unit].kind.set(self.day, self.kind)


@dataclass(frozen=True)
class Move(Event):
    """A hamlet goes to another commune, a commune to another district or province."""

    unit: str
    parent: str

    def happen(self, world):
        world.places[self.unit].parent.set(self.day, self.parent)


@dataclass(frozen=True)
class MergeHamlets(Event):
    """Hamlets become one new hamlet; their cells cover that one from then on."""

    units: tuple[str, ...]
    new: New

    def happen(self, world):
        self._open(world, self.new, "hamlet")
        for unit in self.units:
            world.hand_over(unit, (self.new.key,), self.day)
            world.close(unit, self.day)
            world.succeed(unit, self.new.key, self.day)


@dataclass(frozen=True)
class AbsorbHamlet(Event):
    """A standing hamlet takes another in."""

    unit: str
    into: str

    def happen(self, world):
        world.hand_over(self.unit, (self.into,), self.day)
        world.close(self.unit, self.day)
        world.succeed(self.unit, self.into, self.day)


@dataclass(frozen=True)
class SplitHamlet(Event):
    """A hamlet ends and becomes several; its cells cover all of them at first."""

    unit: str
    news: tuple[New, ...]

    def happen(self, world):
        for new in self.news:
            self._open(world, new, "hamlet")
            world.succeed(self.unit, new.key, self.day, "part")
        world.hand_over(self.unit, tuple(new.key for new in self.news), self.day)
        world.close(self.unit, self.day)


@dataclass(frozen=True)
class GivePart(Event):
    """A hamlet stands on and gives a part to a new one, which no cell covers yet."""

    unit: str
    new: New

    def happen(self, world):
        self._open(world, self.new, "hamlet")
        world.succeed(self.unit, self.new.key, self.day, "part")


@dataclass(frozen=True)
class CloseHamlet(Event):
    """A hamlet ends and nothing comes of it: who lived there has moved away."""

    unit: str
    # Cells that covered nothing else.
    dissolved: tuple[str, ...]

    def happen(self, world):
        for cell in self.dissolved:
            world.dissolve(cell, self.day)
        world.hand_over(self.unit, (), self.day)
        world.close(self.unit, self.day)


@dataclass(frozen=True)
class MergeUnits(Event):
    """Communes, or provinces, become a new one; what stood under them goes along."""

    units: tuple[str, ...]
    new: New
    level: str

    def happen(self, world):
        self._open(world, self.new, self.level)
        for unit in self.units:
            _move_all(world, unit, self.new.key, self.day)
            world.close(unit, self.day)
            world.succeed(unit, self.new.key, self.day)


@dataclass(frozen=True)
class AbsorbCommune(Event):
    """A standing commune takes another in with all that stands under it."""

    unit: str
    into: str

    def happen(self, world):
        _move_all(world, self.unit, self.into, self.day)
        world.close(self.unit, self.day)
        world.succeed(self.unit, self.into, self.day)


@dataclass(frozen=True)
class SplitCommune(Event):
    """A commune ends and becomes two; each hamlet and cell goes to one of them."""

    unit: str
    news: tuple[New, ...]
    # (hamlet or cell, where it goes)
    goes_to: tuple[tuple[str, str], ...]

    def happen(self, world):
        for new in self.news:
            self._open(world, new, "commune")
            world.succeed(self.unit, new.key, self.day, "part")
        for key, home in self.goes_to:
            if key in world.cells:
                world.cells[key].commune.set(self.day, home)
            else:
                world.places[key].parent.set(self.day, home)
        world.close(self.unit, self.day)


@dataclass(frozen=True)
class CloseDistrict(Event):
    """A district ends; its communes stand directly under the province."""

    unit: str
    province: str

    def happen(self, world):
        _move_all(world, self.unit, self.province, self.day)
        world.close(self.unit, self.day)


@dataclass(frozen=True)
class FoundCell(Event):
    cell: str
    name: str
    kind: str
    commune: str
    hamlets: tuple[str, ...]

    def happen(self, world):
        cell = PartyCell(first=self.day, key=self.cell, kind=self.kind)
        world.found(cell, name=self.name, commune=self.commune, hamlets=self.hamlets)


@dataclass(frozen=True)
class JoinCells(Event):
    """A cell is dissolved into another, which covers its hamlets from then on."""

    cell: str
    into: str

    def happen(self, world):
        hamlets = world.hamlets_of(self.cell, self.day)
        world.dissolve(self.cell, self.day)
        for hamlet in hamlets:
            world.cover(self.into, hamlet, self.day)


@dataclass(frozen=True)
class CoverHamlet(Event):
    cell: str
    hamlet: str

    def happen(self, world):
        world.cover(self.cell, self.hamlet, self.day)


@dataclass(frozen=True)
class DissolveCell(Event):
    cell: str

    def happen(self, world):
        world.dissolve(self.cell, self.day)


@dataclass(frozen=True)
class RenameCell(Event):
    cell: str
    name: str

    def happen(self, world):
        world.cells[self.cell].name.set(self.day, self.name)


@dataclass(frozen=True)
class MoveCell(Event):
    cell: str
    commune: str

    def happen(self, world):
        world.cells[self.cell].commune.set(self.day, self.commune)


def _move_all(world: World, old: str, new: str, day: date) -> None:
    """Let everything that stands under the old place stand under the new one."""
    for place in world.under(old, day):
        place.parent.set(day, new)
    for cell in world.cells_in(old, day):
        cell.commune.set(day, new)
