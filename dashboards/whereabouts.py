"""What the page of a unit says of its past: what it came from, what became of it and of what stood in it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property

from cells.kinds import Level
from cells.models import CellPeriod, Succession, Unit, UnitPeriod
from dashboards.basis import Basis
from dashboards.fates import Place, origins_of, tell_fates, tell_fates_of_cells
from dashboards.figures.frames import Borders, Frame


def past_of(frame: Frame) -> dict:
    """Return what the overview of a unit says beside its figures; of one that stands no more, where all went."""
    unit, user = frame.unit, frame.user
    if unit is None:
        return {}
    tell_fates([unit], user)
    past = {"origins": origins_of(unit, user)}
    if unit.closed_on and not frame.exists:
        past["heirs"] = heirs_of(unit, user) if unit.level == Level.DISTRICT else []
        past["whereabouts"] = Whereabouts(unit, user) if unit.level == Level.COMMUNE else None
    return past


def heirs_of(district: Unit, user) -> list[Place]:
    """Return where the communes of a district that has ended are today; it has no successor of its own."""
    below = UnitPeriod.objects.on(district.closed_on).at_level(Level.COMMUNE).under(district).values("unit")
    whole = Unit.objects.filter(pk__in=below).values("commune")
    # What was divided has no one place today: each part is named.
    parts = Succession.objects.filter(predecessor__in=below, predecessor__commune=None).values("successor")
    may_open = Exists(Unit.objects.visible_to(user).filter(pk=OuterRef("pk")))
    heirs = Unit.objects.filter(Q(pk__in=whole) | Q(pk__in=parts)).standing().annotate(may_open=may_open)
    return [Place(unit, unit.may_open) for unit in heirs.order_by("sort_key", "pk")]


@dataclass(frozen=True)
class Follower:
    """A hamlet or cell that stood in the commune on its last day: what it was called, and where it is now."""

    period: UnitPeriod | CellPeriod
    # The commune that holds it today, or all that came of it; None where it was divided among several.
    commune: Place | None

    @property
    def thing(self):
        return self.period.unit if isinstance(self.period, UnitPeriod) else self.period.cell

    @property
    def is_renamed(self) -> bool:
        return str(self.thing) != str(self.period)


class Whereabouts:
    """What stood in a commune on its last day and the reader may see, in the order of then."""

    def __init__(self, commune: Unit, user):
        self.commune, self.user = commune, user
        hamlets, cells = self._hamlets(), self._cells()
        tell_fates([period.unit for period in hamlets], user)
        tell_fates_of_cells([period.cell for period in cells], user)
        homes = {period: period.unit.commune for period in hamlets}
        homes |= {period: period.cell.commune.commune for period in cells}
        places = self._places(homes.values())
        self.hamlets = [Follower(period, places.get(homes[period])) for period in hamlets]
        self.cells = [Follower(period, places.get(homes[period])) for period in cells]

    def _hamlets(self) -> list[UnitPeriod]:
        periods = UnitPeriod.objects.on(self.commune.closed_on).hamlets().filter(parent=self.commune)
        periods = periods.visible_to(self.user).select_related("unit__commune")
        return list(periods.order_by("unit__position", "unit__sort_key", "unit"))

    def _cells(self) -> list[CellPeriod]:
        periods = CellPeriod.objects.on(self.commune.closed_on).filter(commune=self.commune)
        periods = periods.visible_to(self.user).select_related("cell__commune__commune")
        return list(periods.order_by("cell__position", "cell__sort_key", "cell"))

    def _places(self, communes: Iterable[Unit | None]) -> dict[Unit, Place]:
        homes = {home for home in communes if home is not None}
        open_ones = set(
            Unit.objects.visible_to(self.user)
            .filter(pk__in=[home.pk for home in homes])
            .values_list("pk", flat=True)
        )
        return {home: Place(home, home.pk in open_ones) for home in homes}

    @cached_property
    def by_commune(self) -> list[tuple[Place | None, int, int]]:
        """Return each commune of today with how many hamlets and cells went there; the largest share first."""
        hamlets = Counter(one.commune for one in self.hamlets)
        cells = Counter(one.commune for one in self.cells)
        counted = [(place, hamlets[place], cells[place]) for place in hamlets | cells]
        return sorted(counted, key=lambda row: (row[0] is None, -row[1], -row[2], _sort_key(row[0])))

    @property
    def basis(self) -> Basis:
        """What stood there on its last day, in today's borders; what was divided among communes is left out."""
        divided = sum(one.commune is None for one in (*self.hamlets, *self.cells))
        return Basis.of_rows(Frame(self.commune, self.commune.closed_on, self.user, Borders.NOW), divided)


def _sort_key(place: Place | None) -> str:
    return place.thing.sort_key if place else ""
