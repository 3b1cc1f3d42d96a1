"""Sets of criteria of a province: which one holds, copying one from a day on, writing its criteria."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.history import create_many, delete_many
from accounts.validation import clean_many
from cells.dated import ONE_DAY
from cells.models import Unit
from evaluations.models import CriteriaSet, Criterion, Title


@dataclass(frozen=True)
class Wanted:
    """A criterion as somebody wants it."""

    text: str
    points: Decimal
    group: str = ""
    least_points: Decimal | None = None


def set_in_force(title: Title, province: Unit, day: date) -> CriteriaSet | None:
    """Return the province's own set for the title on the day; an example is never in force."""
    return CriteriaSet.objects.filter(title=title, province=province).on(day).by_day().last()


@transaction.atomic
def copy_set(
    source: CriteriaSet, province: Unit, *, name: str, legal_basis: str, starts_on: date
) -> CriteriaSet:
    """Copy a set into the province from a day on; the one that runs there ends the day before."""
    Unit.objects.select_for_update(of=("self",)).get(pk=province.pk)
    others = CriteriaSet.objects.filter(title=source.title_id, province=province)
    later = others.filter(starts_on__gte=starts_on).order_by("starts_on").first()
    if later is not None:
        raise ValidationError(
            _("“%(set)s” begins on %(day)s. A new set begins after it.")
            % {"set": later, "day": f"{later.starts_on:%d/%m/%Y}"}
        )
    for running in others.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)):
        running.ends_on = starts_on - ONE_DAY
        running.save()
    new = CriteriaSet(
        title=source.title,
        province=province,
        name=name,
        legal_basis=legal_basis,
        least_points=source.least_points,
        starts_on=starts_on,
    )
    new.full_clean()
    new.save()
    write_criteria(
        new, [Wanted(one.text, one.points, one.group, one.least_points) for one in source.criteria.all()]
    )
    return new


def is_used(criteria_set: CriteriaSet) -> bool:
    return criteria_set.cases.exists()


def refuse_least_beyond_reach(criteria_set: CriteriaSet, points: Iterable[Decimal]) -> None:
    """Refuse least points that nobody could reach with the points of all criteria."""
    if criteria_set.least_points is not None and criteria_set.least_points > sum(points):
        raise ValidationError(_("The least points are more than all criteria bring together."))


@transaction.atomic
def write_criteria(criteria_set: CriteriaSet, wanted: Iterable[Wanted]) -> None:
    """Put these criteria in the place of those of the set, in this order; refused where cases go by it."""
    current = CriteriaSet.objects.select_for_update(of=("self",)).get(pk=criteria_set.pk)
    if is_used(current):
        raise ValidationError(
            _("Cells are registered by this set. Copy it into a new one that begins on a later day.")
        )
    wanted = list(wanted)
    refuse_least_beyond_reach(current, (one.points for one in wanted))
    rows = [
        Criterion(
            criteria_set=current,
            position=number,
            group=one.group,
            text=one.text,
            points=one.points,
            least_points=one.least_points,
        )
        for number, one in enumerate(wanted, 1)
    ]
    clean_many(rows)
    delete_many(current.criteria.all())
    create_many(Criterion, rows)
