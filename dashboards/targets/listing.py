"""The targets of a unit, those of the units below it, and what was resolved above it."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Q, prefetch_related_objects

from cells.kinds import Level
from cells.models import Unit
from dashboards.basis import Basis, frame_of, frame_query
from dashboards.figures.board import Board
from dashboards.figures.frames import Borders
from dashboards.overview import basis_of_board
from dashboards.targets.measures import Counted, counted, counted_figures, label_of, targets_of
from dashboards.targets.progress import Progress, Standing, progress_below, progress_of
from evaluations.models import Target

# What the address may narrow the table to.
MEASURE, STANDING = "chi_so", "muc"
MOST_ENDED = 50


@dataclass(frozen=True)
class Above:
    """A target of a unit above, as it was resolved, and what this unit adds to it."""

    target: Target
    label: str
    found: Counted
    may_open: bool


@dataclass(frozen=True)
class Ended:
    """A target whose term, or whose unit, has ended before the day."""

    target: Target
    label: str
    url: str


class TargetList:
    """What the list of a unit (None: the country) shows, as of the day and in the borders of the address."""

    def __init__(self, asked, unit: Unit | None):
        self.asked = asked
        self.frame = frame_of(asked, unit)

    @cached_property
    def board(self) -> Board:
        """What these targets count; in today's borders all, to say of each kind what stands in none of the units."""
        if self.frame.borders == Borders.NOW:
            return Board(self.frame)
        targets = [*self._own_targets, *self._targets_below, *self._targets_above]
        return Board(self.frame, only=counted_figures(targets))

    @cached_property
    def _own_targets(self) -> list[Target]:
        return list(targets_of(self.frame))

    @cached_property
    def own(self) -> list[Progress]:
        # Communes are not counted here; who confirmed is said on the first page and the overview.
        return progress_of(self.board, self._own_targets)

    @cached_property
    def _targets_below(self) -> list[Target]:
        if self.frame.child_level is None:
            return []
        rows = Target.objects.visible_to(self.asked.user).in_force_on(self.frame.day)
        rows = rows.filter(unit__in=self.frame.children().order_by().values("unit"))
        rows = rows.for_list().order_by("figure", "title", "unit__sort_key", "unit_id", "pk")
        return list(rows)

    @cached_property
    def all_below(self) -> list[Progress]:
        """The targets of the units one step below, in the order of these."""
        targets = self._targets_below
        if not targets:
            return []
        # The own ones first: the day of their pace is counted along with what is counted for these.
        _own = self.own
        prefetch_related_objects(targets, "steps")
        return progress_below(self.board, targets, self.board.words)

    @cached_property
    def below(self) -> list[Progress]:
        """Those of them that the address asks for."""
        measure, standing = self.chosen
        return [
            row
            for row in self.all_below
            if (not measure or measure_key(row.target) == measure)
            and (not standing or row.standing == standing)
        ]

    @property
    def chosen(self) -> tuple[str, str]:
        return self.asked.GET.get(MEASURE, ""), self.asked.GET.get(STANDING, "")

    @cached_property
    def measures(self) -> list[tuple[str, str]]:
        """What is counted by the targets below, to choose from."""
        return list({measure_key(row.target): row.label for row in self.all_below}.items())

    @property
    def standings(self) -> list[tuple[str, str]]:
        found = {row.standing for row in self.all_below}
        return [(one.value, one.label) for one in Standing if one in found]

    @cached_property
    def _targets_above(self) -> list[Target]:
        place = self.frame.place
        if place is None or place.level == Level.PROVINCE:
            return []
        units = {place.province_id, place.district_id} - {self.frame.unit.pk, None}
        targets = Target.objects.told_to(units).in_force_on(self.frame.day)
        return list(targets.for_list().order_by("unit__level", "pk"))

    @cached_property
    def above(self) -> list[Above]:
        """What was resolved for the units above, and how much of what counts there is counted here."""
        targets = self._targets_above
        if not targets:
            return []
        seen = Target.objects.visible_to(self.asked.user).filter(pk__in=[one.pk for one in targets])
        may_open = set(seen.values_list("pk", flat=True))
        return [
            Above(one, label_of(one, self.board.words), counted(self.board, one), one.pk in may_open)
            for one in targets
        ]

    @cached_property
    def ended(self) -> list[Ended]:
        """Targets of earlier terms, and of units that stand no more; each leads to its last day."""
        frame, unit = self.frame, self.frame.unit
        over = Q(ends_on__lt=frame.day) | Q(unit__closed_on__lt=frame.day)
        here = Q(unit__level=Level.PROVINCE)
        if unit is not None:
            here = Q(unit=unit) | Q(**{f"unit__{unit.level}": unit}) if unit.level in _TODAY else Q(unit=unit)
        rows = Target.objects.visible_to(self.asked.user).latest_editions().filter(over & here)
        rows = rows.filter(part_of__isnull=True).for_list().order_by("-ends_on", "unit__sort_key", "pk")
        words = self.board.words if (rows := list(rows[:MOST_ENDED])) else None
        return [Ended(row, label_of(row, words), self._last_url(row)) for row in rows]

    def _last_url(self, target: Target) -> str:
        last = min(filter(None, [target.unit.closed_on, target.ends_on]))
        return target.get_absolute_url() + frame_query(replace(self.frame, day=last, borders=Borders.THEN))

    @property
    def basis(self) -> Basis:
        """Day and borders; in those of today also what stands in none of the units below."""
        return basis_of_board(self.board) if self.frame.borders == Borders.NOW else Basis(self.frame)


# Levels of which a unit keeps a copy of today's: see cells/models/units.py.
_TODAY = (Level.PROVINCE, Level.COMMUNE)


def measure_key(target: Target) -> str:
    return f"{target.figure}-{target.title_id}" if target.title_id else target.figure
