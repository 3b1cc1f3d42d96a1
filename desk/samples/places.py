"""Sample hamlets with one cell each, opened in the communes of an article's day and moved on to today's."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from cells.actions import NewCell, NewUnit, found_cells, open_units
from cells.dated import ONE_DAY
from cells.kinds import Level, full_name
from cells.models import Cell, Succession, Unit, UnitPeriod


@dataclass(eq=False)
class Settlement:
    """A sample hamlet and its cell, from the commune of the article's day to that of today."""

    article_home: Unit
    kind: str
    name: str = ""
    moves: list[tuple[date, Unit]] = field(default_factory=list)
    hamlet: Unit | None = None
    cell: Cell | None = None

    @property
    def home(self) -> Unit:
        """The commune it stands in after all the moves that are noted."""
        return self.moves[-1][1] if self.moves else self.article_home

    def move(self, day: date, commune: Unit) -> None:
        self.moves.append((day, commune))

    @property
    def cell_name(self) -> str:
        word, _space, rest = full_name(self.kind, self.name).partition(" ")
        return f"Chi bộ {word.lower()} {rest}"


def unit_on(day: date, level: str, code: str) -> Unit:
    """Return the unit that bore the code on the day."""
    return UnitPeriod.objects.on(day).select_related("unit").get(level=level, code=code).unit


def communes_on(day: date, area: Unit) -> list[UnitPeriod]:
    """Return the communes of the area on the day, as they were called then."""
    periods = UnitPeriod.objects.on(day).under(area).at_level(Level.COMMUNE)
    return list(periods.select_related("unit__province").order_by("code"))


def hamlets_of(commune: UnitPeriod, count: int, kind: str) -> Iterator[Settlement]:
    """Make up this many hamlets of a commune, their names to be numbers (see number_names)."""
    for _number in range(count):
        yield Settlement(article_home=commune.unit, kind=kind)


def evenly(total: int, parts: int) -> list[int]:
    """Share out a total as evenly as whole numbers allow; the first get one more."""
    each, left = divmod(total, parts)
    return [each + (index < left) for index in range(parts)]


def follow_reforms(settlements: list[Settlement]) -> None:
    """Note where hamlets and cells went with their communes, reform by reform, until today.

    Which part of a divided commune a made-up hamlet lies in is made up as well: they take turns.
    """
    while closed := [s for s in settlements if s.home.closed_on]:
        day = min(s.home.closed_on for s in closed) + ONE_DAY
        moving = [s for s in closed if s.home.closed_on + ONE_DAY == day]
        successors = _successors({s.home.pk for s in moving}, on=day)
        turns: dict[int, int] = defaultdict(int)
        for settlement in moving:
            choice, old = successors[settlement.home.pk], settlement.home.pk
            settlement.move(day, choice[turns[old] % len(choice)])
            turns[old] += 1


def number_names(settlements: list[Settlement]) -> None:
    """Call those without a name "Ấp 1", "Ấp 2" …, so that no two are called alike in today's commune."""
    numbers: Counter = Counter()
    for settlement in settlements:
        if not settlement.name:
            numbers[settlement.home, settlement.kind] += 1
            settlement.name = str(numbers[settlement.home, settlement.kind])


def _successors(communes: Iterable[int], *, on: date) -> dict[int, list[Unit]]:
    found = defaultdict(list)
    rows = Succession.objects.filter(predecessor__in=communes, on=on).select_related("successor__province")
    for row in rows.order_by("successor__code"):
        found[row.predecessor_id].append(row.successor)
    return found


def open_all(settlements: list[Settlement]) -> None:
    """Open the hamlets and found their cells, all since before our records, with all their moves."""
    hamlets = open_units(
        NewUnit(parent=s.article_home, kind=s.kind, name=s.name, moves=tuple(s.moves)) for s in settlements
    )
    for settlement, hamlet in zip(settlements, hamlets, strict=True):
        settlement.hamlet = hamlet
    cells = found_cells(
        NewCell(commune=s.article_home, name=s.cell_name, hamlets=[s.hamlet], moves=tuple(s.moves))
        for s in settlements
    )
    for settlement, cell in zip(settlements, cells, strict=True):
        settlement.cell = cell
