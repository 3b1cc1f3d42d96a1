"""What every list may be narrowed to: words, a place on the map of its day or of today, and what to show."""

from dataclasses import replace
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.db.models import F, FilteredRelation, Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from accounts.asked import key_in
from cells.dated import on_day
from cells.kinds import Level, full_name
from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.basis import Basis
from dashboards.figures.frames import PLACES_THEN, Borders, Frame
from dashboards.figures.lists import Part
from sheets.text import fold

# Where a row of a past day stands in the borders of that day: by the period that is joined to it.
PLACES_ON_THE_DAY = {level: f"placed__{place}" for level, place in PLACES_THEN.items()}
_LEVELS = {"tinh": Level.PROVINCE, "huyen": Level.DISTRICT, "xa": Level.COMMUNE}


class PlaceField(forms.ModelChoiceField):
    """A unit to choose, called as it was on the day; names repeat, so with its district of then."""

    def __init__(self, *, label):
        super().__init__(Unit.objects.none(), label=label, required=False, empty_label=_("All"))

    def label_from_instance(self, unit: Unit) -> str:
        if not hasattr(unit, "name_then"):
            return unit.choice_label if unit.closed_on else str(unit)
        if not unit.name_then:
            # Chosen on another day. One of the same name may have stood on this day.
            return unit.choice_label if unit.closed_on else str(_("%(unit)s (today)") % {"unit": unit})
        name = full_name(unit.kind_then, unit.name_then)
        is_district = unit.level == Level.DISTRICT
        return name if is_district or not unit.district_then else f"{name} – {unit.district_then}"


class CheckedFilter(forms.Form):
    """What an address asks a list for."""

    def checked(self):
        """Return the filter itself; a choice that is not offered is not found."""
        if not self.is_valid():
            raise Http404
        return self


class ListFilter(CheckedFilter):
    """Words, province, commune, and what to show, as of a day and in its borders or those of today.

    Parameter names are read aloud like addresses.
    """

    SHOWN: dict = {}
    # What the choices are called of a past day, and those that only today can answer.
    SHOWN_THEN: dict = {"": _("All that stood on that day")}
    ONLY_TODAY: tuple[str, ...] = ()

    q = forms.CharField(label=_("Words of the name"), required=False, max_length=100)
    tinh = PlaceField(label=_("Province"))
    huyen = PlaceField(label=_("District"))
    xa = PlaceField(label=_("Commune"))
    loc = forms.ChoiceField(label=_("Show"), required=False)

    def __init__(self, data, *, frame: Frame, words):
        super().__init__(data)
        self.asked, self.user, self.day, self.words = frame, frame.user, frame.day, words
        shown = self.SHOWN if frame.is_today else self.SHOWN | self.SHOWN_THEN
        self.fields["loc"].choices = [
            (key, label % {"head": words.head})
            for key, label in shown.items()
            if frame.is_today or key not in self.ONLY_TODAY
        ]
        self._offer_places()

    # --- places to choose from ----------------------------------------------------------

    def _offer_places(self):
        scope = scope_of(self.user)
        provinces = self._on_map("tinh", Level.PROVINCE)
        many_provinces = scope.everywhere or len(scope.provinces) > 1
        if self.draws_the_past and not many_provinces:
            many_provinces = provinces.count() > 1
        # 3.321 communes make no list to choose from: first the province, then its communes.
        communes = self._on_map("xa", Level.COMMUNE, ("huyen", "tinh"), needs_one=many_provinces)
        self.fields["tinh"].queryset, self.fields["xa"].queryset = provinces, communes
        if not many_provinces:
            del self.fields["tinh"]
            if not scope.provinces and not self._offers_several(scope, communes):
                del self.fields["xa"]
        self._offer_districts(many_provinces)

    def _offers_several(self, scope, communes) -> bool:
        return communes.count() > 1 if self.draws_the_past else len(scope.communes) > 1

    def _offer_districts(self, many_provinces: bool):
        districts = self._on_map("huyen", Level.DISTRICT, ("tinh",), needs_one=many_provinces)
        self.fields["huyen"].queryset = districts
        asked_for = self._number("huyen") is not None
        if not asked_for and not (self.draws_the_past and districts.exists()):
            del self.fields["huyen"]

    def _on_map(self, name: str, level: str, above: tuple[str, ...] = (), *, needs_one: bool = False):
        """Return the units of a level that the borders draw under the chosen ones; and the one chosen itself.

        That one may stand on another day only: then the page says so, and shows nothing.
        """
        units = Unit.objects.visible_to(self.user).filter(level=level)
        if self.draws_the_past:
            units = with_period_on(units, self.day).annotate(
                kind_then=F("placed__kind"),
                name_then=F("placed__name"),
                district_then=F("placed__district__name"),
            )
            drawn = Q(placed__isnull=False)
        else:
            drawn = Q(closed_on__isnull=True)
            above = [name for name in above if name != "huyen"]  # districts are not on today's map
        upper = next((name for name in above if self._number(name) is not None), None)
        if upper:
            column = f"placed__{_LEVELS[upper]}" if self.draws_the_past else _LEVELS[upper]
            drawn &= Q(**{column: self._number(upper)})
        elif needs_one:
            drawn = Q(pk__in=[])
        if self._number(name) is not None:
            drawn |= Q(pk=self._number(name))
        return units.filter(drawn).order_by("sort_key", "pk")

    def _number(self, name: str) -> int | None:
        return key_in(str(self.data.get(name, "")))

    # --- what was chosen ----------------------------------------------------------------

    def chosen(self, name: str):
        return self.cleaned_data.get(name) or None

    @property
    def draws_the_past(self) -> bool:
        """Whether places are those of a past day; today's copies answer everything else."""
        return not self.asked.is_today and self.asked.borders == Borders.THEN

    @cached_property
    def frame(self) -> Frame:
        return replace(self.asked, unit=self.chosen("xa") or self.chosen("huyen") or self.chosen("tinh"))

    def in_words(self) -> str:
        """Return the filter for people, as it goes on papers and into the export log."""
        parts = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value:
                if isinstance(field, PlaceField):
                    value = field.label_from_instance(value)
                elif hasattr(field, "choices"):
                    value = dict(field.choices).get(value, value)
                parts.append(f"{field.label}: {value}")
        return "; ".join(parts)

    # --- rows ---------------------------------------------------------------------------

    @property
    def shows_left_out(self) -> bool:
        return self.asked.borders == Borders.NOW and self.data.get("phan") == Part.UNPLACED

    def rows(self):
        """Return the rows asked for, in order."""
        return self.in_order(self.left_out() if self.shows_left_out else self.found(self.frame))

    def left_out(self):
        """Return the rows that stand in no commune of today, in the province of the page or in none."""
        wide = replace(self.frame, unit=None)
        return self.found(wide, lacks_commune(self.places, self.frame))

    @cached_property
    def basis(self) -> Basis:
        """Day and borders of the list; today nothing that stands has to be re-placed."""
        if self.asked.borders != Borders.NOW:
            return Basis(self.frame)
        url = f"?{urlencode(self._query() | {'phan': Part.UNPLACED.value})}"
        return Basis.of_rows(self.frame, self.left_out().count(), url)

    def _query(self) -> dict[str, str]:
        return {name: value for name, value in self.data.items() if name != "page"}

    def found(self, frame: Frame, left_out: Q | None = None):
        """Return the rows that stand in the frame's unit, or those that are left out of its borders."""
        raise NotImplementedError

    def _narrowed(self, rows, frame: Frame, left_out: Q | None):
        return frame.within(rows, self.places) if left_out is None else rows.filter(left_out)

    def _standing(self, rows, *, closed: bool = False):
        """Return the rows that stand on the day, or those that ended before it."""
        if self.asked.is_today:
            return rows.filter(closed_on__isnull=not closed)
        if closed:
            last = Q(periods__ends_on=F("closed_on"))
            rows = rows.filter(closed_on__lt=self.day)
            return rows.annotate(placed=FilteredRelation("periods", condition=last))
        return with_period_on(rows, self.day).filter(placed__isnull=False)

    def _matching(self, rows, periods, key: str):
        """Return the rows whose name holds the words: today's, or the one they bore on the day."""
        words = self.cleaned_data["q"]
        if self.asked.is_today or not fold(words):
            return rows.matching(words)
        renamed = periods.on(self.day).visible_to(self.user).exclude(name=F(f"{key}__name"))
        then = [
            row[key]
            for row in renamed.values(key, "name")
            if all(word in fold(row["name"]) for word in fold(words).split())
        ]
        today = rows.model.objects.matching(words).values("pk")
        return rows.filter(Q(pk__in=today) | Q(pk__in=then))


def lacks_commune(places: dict[str, str], frame: Frame) -> Q:
    """Return the condition of rows without a commune of today, and of no other province than the frame's."""
    condition = Q(**{f"{places[Level.COMMUNE]}__isnull": True})
    if frame.unit is not None:
        province = places[Level.PROVINCE]
        condition &= Q(**{province: frame.unit.province_id}) | Q(**{f"{province}__isnull": True})
    return condition


def with_period_on(rows, day: date):
    """Join units or cells with their period of the day, as ``placed``; there is never more than one."""
    return rows.annotate(placed=FilteredRelation("periods", condition=on_day(day, "periods__")))
