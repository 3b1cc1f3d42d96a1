"""Where one person will cease to hold both seats because one term ends before the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from dashboards.staffing.monitor import Held, Pair
from leaders.models.terms import last_year_of

# A congress and an election within a month of each other are one round.
TOGETHER = timedelta(days=31)


class Basis(TextChoices):
    """What the end of a term is known by."""

    RECORDED = "recorded", _("last day recorded")
    PLANNED = "planned", _("congress or election planned")
    TERM = "term", _("last year of the term")
    EXTENDED = "extended", _("extended, no end known")
    UNKNOWN = "unknown", _("term not recorded")


@dataclass(frozen=True)
class End:
    """When a term is expected to end, and what that is known by."""

    basis: str
    day: date | None = None


def expected_end(held: Held, planned_on: date | None = None) -> End:
    """Return when the seat is expected to pass on: what is recorded before what is planned, then the label."""
    if held.days[1] < date.max:
        return End(Basis.RECORDED, held.days[1])
    if planned_on is not None:
        return End(Basis.PLANNED, planned_on)
    if held.is_extended:
        return End(Basis.EXTENDED)
    if held.term:
        return End(Basis.TERM, date(last_year_of(held.term), 12, 31))
    return End(Basis.UNKNOWN)


@dataclass(frozen=True)
class Break:
    """A hamlet in which one person holds both seats, and one of them ends first."""

    pair: Pair
    head: End
    secretary: End

    @property
    def day(self) -> date:
        """The earlier of the two ends."""
        return min(end.day for end in (self.head, self.secretary) if end.day)

    @property
    def head_is_first(self) -> bool:
        return self.head.day == self.day


def breaks(
    pairs: Iterable[Pair], elections: Mapping[int, date], congresses: Mapping[int, date]
) -> tuple[list[Break], int]:
    """Return where the two ends lie apart, the earliest first, and of how many pairs one end is not known at all."""
    found, unknown = [], 0
    for pair in pairs:
        head = expected_end(pair.seat, elections.get(pair.hamlet))
        secretary = expected_end(pair.secretary, congresses.get(pair.cell))
        if Basis.UNKNOWN in (head.basis, secretary.basis):
            unknown += 1
        elif head.day and secretary.day:
            if abs(head.day - secretary.day) > TOGETHER:
                found.append(Break(pair, head, secretary))
        elif head.day or secretary.day:
            found.append(Break(pair, head, secretary))
    return sorted(found, key=lambda one: (one.day, one.pair.hamlet)), unknown
