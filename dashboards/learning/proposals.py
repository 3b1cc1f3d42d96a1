"""Proposals to commend who was excellent years running: the streak list, who is ticked of it, what is recorded.

Only what is decided and may be seen counts: the list is that of ``evaluations.streaks``, made anew when the
commendations are recorded.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cells.models import Cell, Unit
from dashboards.papers.streak_list import PEOPLE, Row, StreakList
from evaluations.models import Basis as RatedAs
from evaluations.models import Level
from leaders.learning.actions import commend
from leaders.models import Commendation, Person

USUAL = {"loai": PEOPLE, "theo": RatedAs.OFFICE.value, "so_nam": "3", "muc": "xs"}


@dataclass
class Proposed:
    """One row of the list: what is proposed, for what, and whether it was commended for some of it already."""

    row: Row
    is_kept: bool
    # Earlier commendations for years running of which some are years of this row.
    already: list[Commendation] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{'p' if isinstance(self.row.subject, Person) else 'c'}{self.row.subject.pk}"

    @property
    def level(self) -> str:
        return Level(self.row.rating.decided_level).short

    @property
    def first_year(self) -> int:
        return self.row.streak.first_year


class Proposal:
    """The streak list of an address as a proposal of its reader."""

    def __init__(self, request):
        self.user = request.user
        self.asked = _Asked(request.user, USUAL | {key: value for key, value in request.GET.items() if value})
        self.list = StreakList.of(self.asked)

    @property
    def unit(self) -> Unit | None:
        return self.list.unit

    @property
    def year(self) -> int | None:
        return self.list.filter.cleaned_data.get("nam")

    @property
    def years(self) -> int:
        return self.list.filter.cleaned_data.get("so_nam") or 3

    @property
    def merit(self) -> str:
        """Return for what they are commended, as a first proposal of the words."""
        if not self.year:
            return ""
        level = dict(self.list.filter.fields["muc"].choices)[self.list.filter.cleaned_data["muc"]]
        return _("%(count)d years running %(level)s (%(first)d–%(last)d)") % {
            "count": self.years,
            "level": level,
            "first": self.year - self.years + 1,
            "last": self.year,
        }

    @cached_property
    def rows(self) -> list[Proposed]:
        """Each person or cell once, even where several of its levels make a row."""
        rows = {}
        for row in self.list.rows:
            rows.setdefault(row.subject.pk, row)
        kept = self._kept(rows)
        earlier = self._earlier(rows)
        return [
            Proposed(row, pk in kept, self._overlapping(row, earlier.get(pk, []))) for pk, row in rows.items()
        ]

    @property
    def _model(self) -> type[Person] | type[Cell]:
        return Person if self.list.is_of_people else Cell

    def _kept(self, keys: Iterable[int]) -> set[int]:
        if not self.user.has_perm("leaders.add_commendation"):
            return set()
        rows = self._model.objects.kept_by(self.user).filter(pk__in=list(keys))
        return set(rows.order_by().values_list("pk", flat=True))

    def _earlier(self, keys: Iterable[int]) -> dict[int, list[Commendation]]:
        name = "person" if self.list.is_of_people else "cell"
        given = Commendation.objects.visible_beside(self.user).filter(
            streak_years__isnull=False, **{f"{name}__in": list(keys)}
        )
        found: dict[int, list[Commendation]] = {}
        for one in given.select_related("decision").order_by("-year", "pk"):
            found.setdefault(getattr(one, f"{name}_id"), []).append(one)
        return found

    @staticmethod
    def _overlapping(row: Row, earlier: list[Commendation]) -> list[Commendation]:
        years = {proof.year for proof in row.streak.years}
        return [one for one in earlier if years & set(range(one.year - one.streak_years + 1, one.year + 1))]

    def ticked(self, keys: Iterable[str]) -> list[Proposed]:
        """Return the rows that were ticked; refuse what is no longer on the list or is not the reader's."""
        by_key = {one.key: one for one in self.rows}
        wanted = list(dict.fromkeys(keys))
        if gone := [key for key in wanted if key not in by_key]:
            raise ValidationError(
                _("%(count)d of those ticked are no longer on the list. Look at it again.")
                % {"count": len(gone)}
            )
        rows = [by_key[key] for key in wanted]
        if foreign := [str(one.row.subject) for one in rows if not one.is_kept]:
            raise ValidationError(_("Not in your keeping: %(names)s.") % {"names": ", ".join(foreign[:5])})
        return rows

    def record(self, rows: Iterable[Proposed], *, decision, form: str, merit: str) -> list[Commendation]:
        """Record the commendations of all in one act; each for the years asked for, up to the year of the list."""
        of_people = self.list.is_of_people
        return commend(
            Commendation(
                person=one.row.subject if of_people else None,
                cell=None if of_people else one.row.subject,
                year=self.year,
                form=form,
                decision=decision,
                merit=merit,
                streak_years=self.years,
            )
            for one in rows
        )


@dataclass(frozen=True)
class _Asked:
    """Who asks, by which words of the address; what is usual stands in for those left out."""

    user: object
    GET: dict
