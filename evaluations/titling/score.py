"""What the points of a case add up to, and what is missing before it can be recognised.

Nothing here forbids anything: who recognises a title decides on paper, and the software says what speaks
against it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from evaluations.models import CaseCriterion, Criterion, TitleCase
from sheets.numbers import format_decimal


@dataclass(frozen=True)
class Points:
    """One criterion of a case: what it may bring, what it must, and what it was given."""

    text: str
    most: Decimal
    least: Decimal | None = None
    own: Decimal | None = None
    appraised: Decimal | None = None
    has_somebody: bool = False

    @property
    def is_below(self) -> bool:
        return self.least is not None and self.appraised is not None and self.appraised < self.least


@dataclass(frozen=True)
class Score:
    """The points of one case together."""

    points: tuple[Points, ...] = ()
    least: Decimal | None = None

    @property
    def most(self) -> Decimal:
        return sum((one.most for one in self.points), Decimal(0))

    @property
    def own(self) -> Decimal | None:
        return _sum(one.own for one in self.points)

    @property
    def appraised(self) -> Decimal | None:
        return _sum(one.appraised for one in self.points)

    @property
    def without_own(self) -> int:
        return sum(one.own is None for one in self.points)

    @property
    def without_appraised(self) -> int:
        return sum(one.appraised is None for one in self.points)

    @property
    def without_somebody(self) -> int:
        return sum(not one.has_somebody for one in self.points)

    @property
    def below(self) -> list[Points]:
        return [one for one in self.points if one.is_below]

    @property
    def falls_short(self) -> bool:
        """Whether all criteria were appraised and the sum is less than the set asks for."""
        if self.least is None or not self.points or self.without_appraised:
            return False
        return self.appraised < self.least

    @property
    def objections(self) -> list[str]:
        """Return what speaks against recognising the title, in sentences."""
        said = [
            _("“%(criterion)s”: %(points)s points, the least is %(least)s.")
            % {
                "criterion": one.text,
                "points": format_decimal(one.appraised),
                "least": format_decimal(one.least),
            }
            for one in self.below
        ]
        if self.without_appraised:
            said.append(_("%(count)d criteria have no points yet.") % {"count": self.without_appraised})
        if self.falls_short:
            said.append(
                _("The sum is %(points)s points, the least is %(least)s.")
                % {"points": format_decimal(self.appraised), "least": format_decimal(self.least)}
            )
        return said


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def scores_of(cases: Iterable[TitleCase]) -> dict[int, Score]:
    """Return the score of each case, in two queries for all of them; without a set of criteria it is empty."""
    cases = list(cases)
    asked: dict[int, list[Criterion]] = defaultdict(list)
    sets = {case.criteria_set_id for case in cases if case.criteria_set_id}
    criteria = Criterion.objects.filter(criteria_set__in=sets).select_related("criteria_set")
    for criterion in criteria if sets else ():
        asked[criterion.criteria_set_id].append(criterion)
    with_sets = [case.pk for case in cases if case.criteria_set_id]
    entered = CaseCriterion.objects.filter(case__in=with_sets).order_by()
    rows = {(row.case_id, row.criterion_id): row for row in (entered if sets else ())}
    return {case.pk: score_of(case, asked[case.criteria_set_id], rows) for case in cases}


def score_of(case: TitleCase, criteria: list[Criterion], rows: dict[tuple[int, int], CaseCriterion]) -> Score:
    """Return the score of one case from its criteria and what was entered for them."""
    points = []
    for criterion in criteria:
        row = rows.get((case.pk, criterion.pk))
        points.append(
            Points(
                text=criterion.text,
                most=criterion.points,
                least=criterion.least_points,
                own=row and row.self_points,
                appraised=row and row.appraised_points,
                has_somebody=bool(row and (row.in_charge_id or row.organisation)),
            )
        )
    return Score(tuple(points), criteria[0].criteria_set.least_points if criteria else None)
