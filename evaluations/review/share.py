"""The share of excellent cells: how many there may be of a group, by the base and rounding of the rules.

It warns and asks for a reason; it never blocks. Above the commune the shares of communes are added up.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from django.db.models import Count
from django.utils.translation import gettext as _

from cells.models.cells import CellKind
from evaluations.models import CellRating, Level, ReviewCycle, Rounding, RuleSet, ShareBase, Submission
from sheets.numbers import format_decimal

_ROUNDINGS = {Rounding.DOWN: ROUND_FLOOR, Rounding.HALF_UP: ROUND_HALF_UP, Rounding.UP: ROUND_CEILING}
_IN_BASE = {
    ShareBase.OF_GOOD: (Level.GOOD,),
    ShareBase.OF_GOOD_OR_BETTER: (Level.EXCELLENT, Level.GOOD),
    ShareBase.OF_ALL_RATED: tuple(Level),
}


@dataclass(frozen=True)
class Share:
    """The excellent cells of one group beside the most there may be."""

    group: str
    percent: Decimal
    base: str
    rounding: str
    levels: Counter

    @property
    def excellent(self) -> int:
        return self.levels[Level.EXCELLENT]

    @property
    def counted(self) -> int:
        """How many cells the share is taken of."""
        return sum(self.levels[level] for level in _IN_BASE[self.base])

    @property
    def most(self) -> int:
        """The greatest number of excellent cells that is within the share."""
        exact = self.percent * self.counted / 100
        return int(exact.to_integral_value(_ROUNDINGS[self.rounding]))

    @property
    def over(self) -> int:
        """By how many the excellent cells exceed the share; 0 where they do not."""
        return max(0, self.excellent - self.most)

    def by(self, base: str) -> "Share":
        """Return the same group judged by another base."""
        return replace(self, base=base)

    def moved(self, count: int) -> "Share":
        """Return the group as it would be with so many of the good ones excellent (or back, below zero)."""
        count = max(-self.excellent, min(count, self.levels[Level.GOOD]))
        levels = self.levels + Counter()
        levels[Level.EXCELLENT] += count
        levels[Level.GOOD] -= count
        return replace(self, levels=levels)


@dataclass(frozen=True)
class SharesTogether:
    """The shares of several groups or communes, added up: each is judged by itself."""

    shares: tuple[Share, ...]

    @property
    def excellent(self) -> int:
        return sum(share.excellent for share in self.shares)

    @property
    def most(self) -> int:
        return sum(share.most for share in self.shares)

    @property
    def over(self) -> int:
        """By how many the groups that exceed their share do so; room in one makes up for nothing in another."""
        return sum(share.over for share in self.shares)


def percent_of(file: Submission, rules: RuleSet) -> Decimal:
    """Return the share that holds for a commune: outstanding units may have a higher one."""
    return (
        rules.outstanding_share if file.is_outstanding and rules.outstanding_share else rules.excellent_share
    )


def group_names(cycle: ReviewCycle) -> dict[str, str]:
    """Return the group of like function of every kind of cell."""
    named = dict(cycle.kind_groups.values_list("kind", "name"))
    return {kind: named.get(kind) or str(CellKind(kind).label) for kind in CellKind.values}


def shares_of(
    files: Iterable[Submission], cycle: ReviewCycle, *, level: str = "proposed_level", rows=None
) -> dict[int, list[Share]]:
    """Return the shares of the files' communes, by commune: one query for the levels, one for the groups.

    ``level`` is the level that is counted, proposed or decided; ``rows`` the ratings somebody may see
    (all of the year where left out). Groups without a cell are not named.
    """
    rows = CellRating.objects.filter(cycle=cycle) if rows is None else rows
    files = {file.commune_id: file for file in files}
    names, rules = group_names(cycle), cycle.rule_set
    found: dict[tuple[int, str], Counter] = {}
    counts = (
        rows.filter(superseded_on__isnull=True, not_subject_reason="", commune__in=list(files))
        .order_by()
        .values_list("commune", "cell__kind", level)
        .annotate(n=Count("pk"))
    )
    for commune, kind, value, count in counts:
        found.setdefault((commune, names[kind]), Counter())[value] += count
    shares: dict[int, list[Share]] = {commune: [] for commune in files}
    for (commune, group), levels in sorted(
        found.items(), key=lambda one: (one[0][0], _rank(one[0][1], names))
    ):
        percent = percent_of(files[commune], rules)
        shares[commune].append(Share(group, percent, rules.share_base, rules.share_rounding, levels))
    return shares


def _rank(group: str, names: dict[str, str]) -> int:
    return list(names.values()).index(group)


def warning(shares: Iterable[Share]) -> str:
    """Return the sentence that asks for a reason; empty where no group exceeds its share."""
    parts = [
        _("%(group)s: %(excellent)d excellent, at most %(most)d (%(percent)s%% %(base)s)")
        % {
            "group": share.group,
            "excellent": share.excellent,
            "most": share.most,
            "percent": format_decimal(share.percent),
            "base": ShareBase(share.base).label,
        }
        for share in shares
        if share.over
    ]
    if not parts:
        return ""
    return _("More than the share: %(groups)s. It may be put all the same; please give the reason.") % {
        "groups": "; ".join(parts)
    }
