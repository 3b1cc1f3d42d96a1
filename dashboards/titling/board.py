"""The board of titles: for each commune (or province) how many cases are in which state, as of a day."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Case, Count, IntegerField, Sum, Value, When
from django.utils.translation import gettext_lazy as _

from cells.kinds import Level
from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.basis import frame_query, page_address
from dashboards.titling.cases import AT_RISK, NOT_CHECKED, STATES, CaseFilter, at_risk, not_checked

# The word of the address that shows places without any case too.
EMPTY = "ca_don_vi_trong"
COLUMNS = {
    "da-dang-ky": _("Registered (title)"),
    "da-tham-dinh": _("Appraised"),
    "dang-giu": _("Holding the title"),
    AT_RISK: _("of these at risk"),
    NOT_CHECKED: _("of these not looked at this year"),
    "thu-hoi": _("Revoked (title)"),
    "khong-cong-nhan": _("Not recognised (title)"),
}


@dataclass
class BoardRow:
    """One commune or province, and how many cases of it each column counts."""

    label: str
    key: int | None = None
    counts: Counter = field(default_factory=Counter)
    urls: dict[str, str] = field(default_factory=dict)

    @property
    def cells(self) -> list[tuple[str, str, int, str]]:
        """Return for each column its slug, heading, number and the list behind it."""
        return [(slug, label, self.counts[slug], self.urls.get(slug, "")) for slug, label in COLUMNS.items()]


class TitleBoard:
    """What a filter finds, counted. The numbers and the lists behind them are the same rows."""

    def __init__(self, narrowed: CaseFilter):
        self.filter, self.frame, self.user = narrowed, narrowed.frame, narrowed.user

    @cached_property
    def level(self) -> str:
        """Communes, or provinces where somebody looks at several and chose none."""
        scope = scope_of(self.user)
        several = scope.everywhere or len(scope.provinces) > 1
        return Level.PROVINCE if several and self.frame.unit is None else Level.COMMUNE

    @cached_property
    def counted(self) -> dict[int | None, Counter]:
        day, place = self.filter.day, self.filter.places[self.level]
        # What had not begun is left out below: judged first, it is judged of all cases of the country.
        found = self.filter.cases(self.frame).order_by()
        rows = (
            found.annotate(risk=_one_if(at_risk(day)), unseen=_one_if(not_checked(day)))
            .values(place, "state_then")
            .annotate(n=Count("pk"), risk_n=Sum("risk"), unseen_n=Sum("unseen"))
        )
        slugs = {state: slug for slug, state in STATES.items()}
        counted: dict[int | None, Counter] = {}
        for row in rows:
            if row["state_then"] is None:
                continue
            counts = counted.setdefault(row[place], Counter())
            counts[slugs[row["state_then"]]] += row["n"]
            counts[AT_RISK] += row["risk_n"]
            counts[NOT_CHECKED] += row["unseen_n"]
        return counted

    @cached_property
    def rows(self) -> list[BoardRow]:
        """Every unit of the level that the frame draws, with and without cases."""
        return [self._row(label, key) for key, label in self._units()]

    @property
    def shows_all(self) -> bool:
        return self.filter.data.get(EMPTY) == "1"

    @property
    def shown(self) -> list[BoardRow]:
        """The rows of the page: those with cases, and the empty ones where they were asked for."""
        return self.rows if self.shows_all else [row for row in self.rows if row.counts]

    @property
    def without_cases(self) -> int:
        return len(self.rows) - self.with_cases

    @cached_property
    def total(self) -> BoardRow:
        counts = sum((row.counts for row in self.rows), Counter())
        urls = {slug: self._url(slug, self.frame.unit) for slug in COLUMNS}
        return BoardRow(str(_("Total")), counts=counts, urls=urls)

    @cached_property
    def with_cases(self) -> int:
        return sum(bool(row.counts) for row in self.rows)

    def _units(self) -> Iterator[tuple[int, str]]:
        if self.frame.is_today:
            units = Unit.objects.visible_to(self.user).filter(level=self.level, closed_on__isnull=True)
            if self.frame.unit is not None:
                units = units.filter(**{self.frame.unit.level: self.frame.unit.pk})
            yield from ((unit.pk, str(unit)) for unit in units.order_by("sort_key", "pk"))
            return
        drawn = self.frame.map.at_level(self.level)
        if self.frame.unit is not None:
            here = self.frame.unit
            drawn = drawn.filter(unit=here) if here.level == self.level else drawn.under(here)
        for period in self.frame.visible(drawn).select_related("unit").order_by("unit__sort_key", "unit_id"):
            yield period.unit_id, period.full_name

    def _row(self, label: str, key: int) -> BoardRow:
        urls = {slug: self._url(slug, key) for slug in COLUMNS}
        return BoardRow(label, key, self.counted.get(key, Counter()), urls)

    def _url(self, slug: str, unit) -> str:
        query = {name: value for name, value in self.filter.data.items() if name in ("danh_hieu", "nam", "q")}
        query = {name: value for name, value in query.items() if value} | {"loc": slug}
        key = getattr(unit, "pk", unit)
        if key is not None:
            query[_PLACE.get(getattr(unit, "level", self.level), "xa")] = key
        if self.level == Level.COMMUNE and self.frame.unit is not None and key is not None:
            # The list offers communes of the province that was chosen.
            query |= {"tinh": self.filter.data["tinh"]} if self.filter.data.get("tinh") else {}
        return page_address("titles:list") + frame_query(self.frame, **query)


_PLACE = {Level.PROVINCE: "tinh", Level.DISTRICT: "huyen", Level.COMMUNE: "xa"}


def _one_if(condition) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())
