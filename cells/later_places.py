"""Where a commune of a past day went: what stood in it then goes along, unless its ways part."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from cells.models import Succession, Unit

# Longer chains than reforms there ever were.
_MOST_STEPS = 10


class LaterPlaces:
    """The successions of closed communes, looked up once for all of them."""

    def __init__(self, communes: Iterable[Unit]):
        self.ways: dict[int, list[tuple[date, Unit]]] = defaultdict(list)
        self._load({unit.pk for unit in communes if unit.closed_on is not None})

    def _load(self, keys: set[int]) -> None:
        known: set[int] = set()
        for _step in range(_MOST_STEPS):
            if not keys:
                return
            known |= keys
            found = Succession.objects.filter(predecessor__in=keys).select_related("successor__province")
            ahead = set()
            for one in found.order_by("on", "pk"):
                self.ways[one.predecessor_id].append((one.on, one.successor))
                if one.successor.closed_on is not None:
                    ahead.add(one.successor_id)
            keys = ahead - known

    def choices(self, commune: Unit) -> list[Unit]:
        """Return the communes that this one was divided among, in no case fewer than it went into."""
        return [successor for _on, successor in self.ways.get(commune.pk, ())]

    def moves(self, commune: Unit, chosen: Unit | None = None) -> tuple[tuple[date, Unit], ...] | None:
        """Return the later places of what stood in the commune, (first day, unit above) in order.

        ``chosen`` is the one that is meant where it was divided; without it the answer is None.
        """
        moves: list[tuple[date, Unit]] = []
        here = commune
        while ways := self.ways.get(here.pk):
            if len(ways) > 1:
                ways = [way for way in ways if way[1] == chosen]
            if len(ways) != 1 or len(moves) > _MOST_STEPS:
                return None
            moves.append(ways[0])
            here = ways[0][1]
        return tuple(moves)
