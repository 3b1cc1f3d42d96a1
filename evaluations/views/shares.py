"""The share of excellent cells beside the grid, and what it would be with some more of them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from evaluations.models import ShareBase, Submission
from evaluations.review.share import Share, shares_of, warning
from sheets.numbers import format_decimal

State = Submission.State
MOST_TRIED = 999


@dataclass(frozen=True)
class Line:
    """One group of like function in a sentence."""

    group: str
    text: str
    over: bool

    @property
    def line(self) -> dict:
        return {"text": self.text, "over": self.over}


@dataclass(frozen=True)
class Panel:
    lines: list[Line]
    warning: str
    # "20% of those rated good or better"
    rule: str


@dataclass(frozen=True)
class Base:
    """One of the three bases: its words, the most there may be as it is and as it would be."""

    label: str
    holds: bool
    now: Share
    then: Share


@dataclass(frozen=True)
class WhatIf:
    """A group with so many of its good cells excellent instead."""

    groups: list[str]
    chosen: int
    count: int
    now: Share
    then: Share
    bases: list[Base]


def shares_shown(file: Submission) -> list[Share]:
    """Return the shares of what is decided, or of what is proposed as long as nothing is."""
    level = "proposed_level" if file.state in (State.ENTERING, State.PUT) else "decided_level"
    return shares_of([file], file.cycle, level=level)[file.commune_id]


def panel_of(shares: list[Share], file: Submission) -> Panel:
    is_proposed = file.state in (State.ENTERING, State.PUT)
    said = (
        _("Proposed HTXSNV: %(excellent)d – at most: %(most)d")
        if is_proposed
        else _("HTXSNV: %(excellent)d – at most: %(most)d")
    )
    lines = [
        Line(share.group, said % {"excellent": share.excellent, "most": share.most}, bool(share.over))
        for share in shares
    ]
    rule = ""
    if shares:
        rule = _("%(percent)s%% %(base)s") % {
            "percent": format_decimal(shares[0].percent),
            "base": ShareBase(shares[0].base).label,
        }
    return Panel(lines, warning(shares), rule)


def what_if_of(request, shares: list[Share]) -> WhatIf | None:
    """Return the chosen group as it would be; ``thu`` says how many more, ``nhom`` which group."""
    if not shares:
        return None
    chosen = _number(request.GET.get("nhom", ""))
    chosen = chosen if 0 <= chosen < len(shares) else 0
    count = max(-MOST_TRIED, min(_number(request.GET.get("thu", "")), MOST_TRIED))
    now = shares[chosen]
    then = now.moved(count)
    bases = [Base(str(base.label), base == now.base, now.by(base), then.by(base)) for base in ShareBase]
    return WhatIf([share.group for share in shares], chosen, count, now, then, bases)


def _number(text: str) -> int:
    digits = text.strip().removeprefix("-")
    return int(text) if digits.isdecimal() and len(digits) < 6 else 0
