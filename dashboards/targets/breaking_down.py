"""A target broken down to the units below: in proportion to the base, or by hand, the sum checked."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from django.db.models import F, prefetch_related_objects
from django.utils.translation import gettext as _

from cells.models import UnitPeriod
from dashboards.figures.board import Board
from dashboards.targets.measures import Counted, counted_below, nothing_counted
from dashboards.targets.progress import Progress, progress_below
from evaluations.models import Target
from sheets.numbers import format_count

Key = TypeVar("Key", bound=Hashable)


def in_proportion(goal: int, weights: Mapping[Key, int]) -> dict[Key, int]:
    """Share the goal out in proportion to the weights, by the largest remainder: the sum is the goal.

    Nobody gets more than the weight as long as the goal is no larger than all weights together.
    """
    total = sum(weights.values())
    if not total:
        return dict.fromkeys(weights, 0)
    shares = {key: goal * weight // total for key, weight in weights.items()}
    left = goal - sum(shares.values())
    # Equal remainders go to the larger weight, then to who stands first.
    by_remainder = sorted(weights, key=lambda key: (-(goal * weights[key] % total), -weights[key]))
    for key in by_remainder[:left]:
        shares[key] += 1
    return shares


@dataclass(frozen=True)
class Row:
    """One unit below that may get a part: what is counted there, and the part it has."""

    period: UnitPeriod
    found: Counted
    part: Target | None
    # Whether it had a part at any time, also one that was taken back.
    was_given: bool = False
    # Whether it was merged or closed, and keeps a part that reaches nothing any more.
    has_ended: bool = False

    @property
    def key(self) -> int:
        return self.period.unit_id

    @property
    def weight(self) -> int:
        """What the goal is shared out by: the base as counted, of an amount what is counted itself."""
        return self.found.done if self.found.whole is None else self.found.whole


def rows_below(board: Board, whole: Target) -> list[Row]:
    """Return the units one step below on the board's day, in their order; last, those that have ended and keep a part.

    What is given to a unit that was merged reaches nothing any more: it is taken back here, and given to the heir.
    """
    if board.frame.child_level is None or not board.frame.exists:
        return []
    found = counted_below(board, whole)
    editions = list(Target.objects.parts_of(whole))
    parts = {part.unit_id: part for part in editions if not part.is_closed}
    given = {part.unit_id for part in editions}
    rows = [
        Row(
            child,
            found.get(child.unit_id) or nothing_counted(whole),
            parts.pop(child.unit_id, None),
            child.unit_id in given,
        )
        for child in board.frame.children()
    ]
    ended = UnitPeriod.objects.filter(unit__in=parts, unit__closed_on=F("ends_on")).select_related("unit")
    return rows + [
        Row(last, nothing_counted(whole), parts[last.unit_id], was_given=True, has_ended=True)
        for last in ended.order_by("unit__sort_key", "unit_id")
    ]


def sentences_of_a_sum() -> dict[str, str]:
    """Return what is said of parts that come to the whole, to less, to more; also to the script of the grid."""
    return {
        "fits": _("The parts add up: %(parts)s of %(whole)s."),
        "short": _("The parts come to %(parts)s of %(whole)s: %(count)s are given to nobody yet."),
        "over": _("The parts come to %(parts)s of %(whole)s: %(count)s too many."),
    }


@dataclass(frozen=True)
class Sum:
    """What the parts come to, beside what was resolved for the whole."""

    parts: int
    whole: int
    # Whether it is what the page proposes: nothing of it is given yet.
    is_proposed: bool = False

    @property
    def difference(self) -> int:
        return self.parts - self.whole

    @property
    def words(self) -> str:
        said = {
            "parts": format_count(self.parts),
            "whole": format_count(self.whole),
            "count": format_count(abs(self.difference)),
        }
        if self.is_proposed and not self.difference:
            return _("Shared out in proportion, not saved: %(parts)s of %(whole)s.") % said
        state = "fits" if not self.difference else "short" if self.difference < 0 else "over"
        return sentences_of_a_sum()[state] % said


@dataclass(frozen=True)
class Parts:
    """The parts of a target in force on a day, with what is done in each, the most to do first."""

    whole: Target
    rows: list[Progress]

    @cached_property
    def goals(self) -> Sum:
        return Sum(sum(row.target.goal for row in self.rows), self.whole.goal)

    @cached_property
    def bases(self) -> Sum | None:
        """The bases of the parts beside that of the whole; None where these are not resolved."""
        if self.whole.base is None or any(row.target.base is None for row in self.rows):
            return None
        return Sum(sum(row.target.base for row in self.rows), self.whole.base)

    @property
    def done(self) -> int:
        return sum(row.done for row in self.rows)

    @property
    def still_needed(self) -> int:
        return sum(row.still_needed for row in self.rows if row.found.is_known)

    @property
    def not_founded(self) -> int:
        """How many of the units were not there yet: what counts for them later stood elsewhere, and is in no part."""
        return sum(not row.is_founded for row in self.rows)

    @property
    def of_older_edition(self) -> bool:
        """Whether the whole was resolved anew since its parts were given."""
        return any(row.target.part_of_id != self.whole.pk for row in self.rows)


def parts_on(board: Board, whole: Target) -> Parts:
    """Return the parts of a target that are in force on the board's day and may be seen."""
    frame = board.frame
    parts = frame.visible(Target.objects.parts_of(whole).in_force_on(frame.day)).with_life()
    parts = list(parts.select_related("unit", "title").order_by("unit__sort_key", "unit_id", "pk"))
    prefetch_related_objects(parts, "steps")
    rows = progress_below(board, parts, board.words) if parts else []
    return Parts(whole, sorted(rows, key=lambda row: -row.still_needed))
