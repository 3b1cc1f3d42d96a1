"""The limits that provinces set, as conditions of rows: each row is judged by those of the province it stands in today."""

from collections import defaultdict
from collections.abc import Callable
from functools import cached_property

from django.db.models import Q

from cells.kinds import Level
from cells.models import Limits, Unit


class LimitsOf:
    """The limits that hold in a unit: its province's, or each province's own in the country. One query."""

    def __init__(self, unit: Unit | None):
        self.unit = unit

    @cached_property
    def one(self) -> Limits | None:
        """The limits of the unit's province; None for the country, where each has its own."""
        if self.unit is None:
            return None
        province = self.unit if self.unit.level == Level.PROVINCE else self.unit.province
        if Unit.limits.is_cached(province):  # the unit was brought together with them
            return getattr(province, "limits", None) or Limits()
        return Limits.objects.of(province)

    def words(self, name: str) -> str:
        """Return the limit as a page says it; nothing where there are several."""
        return "" if self.one is None else str(getattr(self.one, name))

    def condition(self, name: str, province: str, of: Callable[[int], Q]) -> Q:
        """Return the condition ``of(limit)`` with the limit of each row's province, which ``province`` leads to."""
        if self.one is not None:
            return of(getattr(self.one, name))
        own: dict[int, list[int]] = defaultdict(list)
        for limits in self._all:
            own[getattr(limits, name)].append(limits.province_id)
        elsewhere = ~Q(**{f"{province}__in": sum(own.values(), [])}) | Q(**{f"{province}__isnull": True})
        condition = of(getattr(Limits(), name)) & elsewhere if own else of(getattr(Limits(), name))
        for limit, provinces in own.items():
            condition |= of(limit) & Q(**{f"{province}__in": provinces})
        return condition

    @cached_property
    def _all(self) -> list[Limits]:
        return list(Limits.objects.all())
