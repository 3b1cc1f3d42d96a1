"""Where and when something is counted: a unit (or the country), a day, and the borders."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cells.kinds import Level
from cells.models import Unit, UnitPeriod


class Borders(TextChoices):
    THEN = "then", _("in the borders of that day")
    NOW = "now", _("in today's borders")


# Where a row of each section stands: then by the facts of its day, now by the copies of today.
PLACES_THEN = {Level.PROVINCE: "province", Level.DISTRICT: "district", Level.COMMUNE: "commune"}


def places_now(path: str) -> dict[str, str]:
    """Return the columns of today's place, reached over this path to a unit."""
    return {Level.PROVINCE: f"{path}__province", Level.COMMUNE: f"{path}__commune"}


def cells_now(prefix: str = "") -> dict[str, str]:
    """Return the columns of today's place of cells, for rows that lead to them by this prefix."""
    return places_now(f"{prefix}commune") | {Level.PROVINCE: f"{prefix}province"}


def with_places(periods: QuerySet, day: date) -> QuerySet:
    """Return periods of the day with what stands above each, and whether there are districts below."""
    districts = UnitPeriod.objects.on(day).at_level(Level.DISTRICT).filter(province=OuterRef("unit"))
    above = periods.select_related("unit", "province", "district", "commune")
    return above.annotate(has_districts=Exists(districts))


@dataclass(frozen=True)
class Frame:
    """The unit (None: the whole country) and the day that something is counted for.

    Rows are limited to what the user may see; None is for commands run on the server.
    """

    unit: Unit | None
    day: date
    user: object = None
    borders: str = Borders.THEN

    @cached_property
    def period(self) -> UnitPeriod | None:
        """What the unit was called and where it stood on the day; None where it did not exist."""
        if self.unit is None:
            return None
        return with_places(self.unit.periods.on(self.day), self.day).first()

    @classmethod
    def of_period(cls, period: UnitPeriod, day: date, user, borders: str) -> "Frame":
        """Return the frame of a unit whose period of the day is known already, see ``with_places``."""
        frame = cls(period.unit, day, user, borders)
        frame.__dict__["period"] = period
        return frame

    @cached_property
    def is_today(self) -> bool:
        """Whether the day is that of the request; asked once, for the thousands of addresses on a page."""
        return self.day == timezone.localdate()

    @property
    def map(self) -> QuerySet:
        """The periods of units that the borders draw: those of the day, or those that run on."""
        if self.borders == Borders.NOW:
            return UnitPeriod.objects.filter(ends_on__isnull=True)
        return UnitPeriod.objects.on(self.day)

    @cached_property
    def place(self) -> UnitPeriod | None:
        """What the unit is called and where it stands in the borders; None where it is not on the map."""
        if self.unit is None or self.borders == Borders.THEN:
            return self.period
        return self.map.filter(unit=self.unit).select_related("province", "district", "commune").first()

    @property
    def exists(self) -> bool:
        """Whether the unit stands on the day (in today's borders: today)."""
        if self.unit is None:
            return True
        return self.unit.closed_on is None if self.borders == Borders.NOW else self.period is not None

    @cached_property
    def child_level(self) -> str | None:
        """The level of the units one step below, on the day; None below a commune."""
        if self.unit is None:
            return Level.PROVINCE
        if self.unit.level == Level.PROVINCE:
            has_districts = (
                self.borders == Borders.THEN and self.period is not None and self.period.has_districts
            )
            return Level.DISTRICT if has_districts else Level.COMMUNE
        return Level.COMMUNE if self.unit.level == Level.DISTRICT else None

    def whole_on(self, day: date) -> "Frame":
        """Return the frame on another day of which only the whole is wanted: what stood below is not asked."""
        frame = replace(self, day=day)
        frame.__dict__["child_level"] = self.child_level
        return frame

    @property
    def unit_name(self) -> str:
        """What the unit was called on the day, as pages, files and sentences name it."""
        if self.unit is None:
            return gettext("The whole country")
        if self.borders == Borders.NOW or self.period is None:
            return self.unit.full_name
        return self.period.full_name

    @property
    def unit_code(self) -> str:
        if self.unit is None:
            return "VN"
        return self.period.code if self.period else self.unit.code

    def visible(self, queryset: QuerySet, rule: str = "visible_to") -> QuerySet:
        return queryset if self.user is None else getattr(queryset, rule)(self.user)

    def within(self, queryset: QuerySet, places: dict[str, str]) -> QuerySet:
        """Return the rows that stand in the frame's unit."""
        if self.unit is None:
            return queryset
        return queryset.filter(self._in_unit(places))

    def _in_unit(self, places: dict[str, str]) -> Q:
        if self.unit.level not in places:
            return Q(pk__in=[])  # districts are not on today's map
        return Q(**{places[self.unit.level]: self.unit.pk})

    def child_column(self, places: dict[str, str]) -> str:
        """Return the column that says in which unit below a row stands."""
        return places[self.child_level or Level.COMMUNE]

    def children(self) -> QuerySet:
        """Return the periods of the units one step below, as of the frame's borders."""
        day_rows = self.map.at_level(self.child_level)
        if self.unit is not None:
            day_rows = day_rows.under(self.unit)
        return self.visible(day_rows).select_related("unit").order_by("unit__sort_key", "unit_id")
