"""The lines of an event whose facts were recorded first: loaded from a list, or entered with the past.

An event that people draft has its lines first, and the facts follow from them. Here it is the
other way round, so that every event can be read, searched and linked in one way.
"""

from collections import defaultdict
from collections.abc import Iterator

from accounts.changes import ChangeSet, current_change_set
from accounts.history import create_many
from cells.dated import ONE_DAY
from cells.kinds import Level
from cells.models import Decision, Line, LineKind, LineSource, Reorganisation, Succession, UnitPeriod

# A hamlet follows its commune: that is no change of its own.
LEVELS = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)
FACTS = ("parent_id", "name", "kind", "code")


def write_lines(
    event: Reorganisation,
    *,
    in_change_set: ChangeSet | None = None,
    papers: dict[str, Decision] | None = None,
) -> int:
    """Write what an applied event did on its day to communes and the units above them, line by line.

    ``in_change_set`` is where the facts were written, if not just now; ``papers`` gives by
    level the decision that lines about such units rest on. Returns the number of lines.
    """
    told = _Told(event)
    lines = list(told.lines())
    change_set, papers = in_change_set or current_change_set(), papers or {}
    for position, (line, level, _sources) in enumerate(lines, start=1):
        line.reorganisation, line.on, line.position = event, event.effective_on, position
        line.decision, line.applied_in = papers.get(level), change_set
    create_many(Line, [line for line, _level, _sources in lines])
    create_many(
        LineSource,
        [
            LineSource(line=line, unit_id=row.predecessor_id, part=row.part)
            for line, _level, sources in lines
            for row in sources
        ],
    )
    return len(lines)


class _Told:
    """What changed from the day before the event to its day, in the unit it is about."""

    def __init__(self, event: Reorganisation):
        periods = UnitPeriod.objects.filter(level__in=LEVELS).select_related("unit")
        if event.unit_id:
            periods = periods.under(event.unit)
        self.before = _by_unit(periods.on(event.effective_on - ONE_DAY))
        self.after = _by_unit(periods.on(event.effective_on))
        self.origins, self.fates = defaultdict(list), defaultdict(list)
        for row in Succession.objects.filter(reorganisation=event).order_by("pk"):
            self.origins[row.successor_id].append(row)
            self.fates[row.predecessor_id].append(row)

    def lines(self) -> Iterator[tuple[Line, str, list[Succession]]]:
        """Give each line with the level it is about and what goes into it, from the province down."""
        for level in LEVELS:
            for unit, period in self.after.items():
                if period.level == level and (line := self._of_what_stands(unit, period)):
                    yield line, level, self.origins[unit]
            for unit, period in self.before.items():
                if period.level == level and (line := self._of_what_ended(unit, period)):
                    yield line, level, []

    def _of_what_stands(self, unit: int, now: UnitPeriod) -> Line | None:
        was = self.before.get(unit)
        if was is None:
            # What came from nothing was opened; what came from others was founded.
            kind = LineKind.FOUND if self.origins[unit] else LineKind.OPEN
            return Line(
                kind=kind,
                unit=now.unit,
                parent_id=now.parent_id,
                name=now.name,
                unit_kind=now.kind,
                code=now.code,
            )
        if self.origins[unit]:
            return Line(kind=LineKind.ABSORB, unit=now.unit)
        return _of_what_changed(was, now)

    def _of_what_ended(self, unit: int, was: UnitPeriod) -> Line | None:
        if unit in self.after:
            return None
        if not self.fates[unit]:
            return Line(kind=LineKind.CLOSE, unit=was.unit)
        if any(row.part == Succession.Part.PART for row in self.fates[unit]):
            return Line(kind=LineKind.SPLIT, unit=was.unit)
        return None  # the line of what it went into tells


def _of_what_changed(was: UnitPeriod, now: UnitPeriod) -> Line | None:
    """Return the line of a unit that goes on; the gravest change gives it its kind."""
    changed = {name: getattr(now, name) for name in FACTS if getattr(now, name) != getattr(was, name)}
    if not changed:
        return None
    kind = (
        LineKind.MOVE
        if "parent_id" in changed
        else LineKind.RENAME
        if "name" in changed
        else LineKind.RECLASSIFY
    )
    if "kind" in changed:
        changed["unit_kind"] = changed.pop("kind")
    return Line(kind=kind, unit=now.unit, **changed)


def _by_unit(periods) -> dict[int, UnitPeriod]:
    return {period.unit_id: period for period in periods.order_by("level", "code", "pk")}
