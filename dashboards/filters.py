"""What a list may be narrowed to. Choices are those of the reader's scope; another one is a 404."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from accounts.roles import COMMUNE_ROLES
from cells.dated import on_day
from cells.kinds import Level, full_name
from cells.models import Cell, CellKind, CellPeriod, Grant, Unit, UnitPeriod
from cells.models.grants import scope_of
from dashboards.basis import Basis
from dashboards.figures.definitions import DEFINITIONS
from dashboards.figures.frames import PLACES_THEN, Borders, Frame, places_now
from dashboards.figures.lists import Part
from dashboards.figures.reasons import Reason, with_reason
from dashboards.figures.sections import CELLS, COMMUNES, HAMLETS
from leaders.models import Office, Person, Tenure
from leaders.models.tenures import known_to_have_begun_by
from sheets.text import fold

CLOSED = "da-ket-thuc"
# Where a row stands: on a past day by the period that is joined to it, else by the copies of today.
_PLACES_THEN = {level: f"placed__{place}" for level, place in PLACES_THEN.items()}
_HAMLETS_TODAY = {Level.PROVINCE: "province", Level.COMMUNE: "commune"}
_CELLS_TODAY = {Level.PROVINCE: "commune__province", Level.COMMUNE: "commune"}
_CELLS_NOW = places_now("commune")
_KEPT_TODAY = places_now("keeper")
_LEVELS = {"tinh": Level.PROVINCE, "huyen": Level.DISTRICT, "xa": Level.COMMUNE}


class PlaceField(forms.ModelChoiceField):
    """A unit to choose, called as it was on the day; names repeat, so with its district of then."""

    def __init__(self, *, label):
        super().__init__(Unit.objects.none(), label=label, required=False, empty_label=_("All"))

    def label_from_instance(self, unit: Unit) -> str:
        if not getattr(unit, "name_then", None):
            return unit.choice_label if unit.closed_on else str(unit)
        name = full_name(unit.kind_then, unit.name_then)
        is_district = unit.level == Level.DISTRICT
        return name if is_district or not unit.district_then else f"{name} – {unit.district_then}"


class ListFilter(forms.Form):
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
        text = str(self.data.get(name, ""))
        return int(text) if text.isdecimal() else None

    # --- what was chosen ----------------------------------------------------------------

    def checked(self):
        """Return the filter itself; a choice that is not offered is not found."""
        if not self.is_valid():
            raise Http404
        return self

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
                elif name != "q":
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


class HamletFilter(ListFilter):
    SHOWN = {
        "": _("All that stand today"),
        "khuyet-truong": _("Without a %(head)s"),
        "lam-thoi": _("With an interim %(head)s"),
        "lam-thoi-lau": _("With an interim %(head)s for long"),
        "chua-kiem": _("Secretary is not %(head)s"),
        "chua-co-so-ho": _("Without a household count"),
        CLOSED: _("Merged or closed"),
    }
    ly_do = forms.ChoiceField(
        label=_("Why two people"), required=False, choices=[("", _("All")), *Reason.choices]
    )

    @property
    def places(self) -> dict[str, str]:
        return _PLACES_THEN if self.draws_the_past else _HAMLETS_TODAY

    def found(self, frame: Frame, left_out: Q | None = None):
        shown, reason = self.cleaned_data["loc"], self.cleaned_data["ly_do"]
        hamlets = Unit.objects.visible_to(self.user).hamlets()
        hamlets = self._matching(hamlets, UnitPeriod.objects.hamlets(), "unit")
        hamlets = self._standing(hamlets, closed=shown == CLOSED)
        if reason or shown not in ("", CLOSED):
            hamlets = hamlets.filter(pk__in=hamlets_that(shown, frame, reason).values("unit"))
        return self._narrowed(hamlets, frame, left_out)

    def in_order(self, hamlets):
        """Order by commune and by the commune's own list; of a past day with the commune of then."""
        if not self.asked.is_today:
            hamlets = hamlets.annotate(then_in=F("placed__commune"))
        place = self.places[Level.COMMUNE]
        return hamlets.order_by(f"{place}__sort_key", place, *hamlets.in_order().query.order_by)


def hamlets_that(shown: str, frame: Frame, reason: str = ""):
    """Return the frame's hamlets (their periods) that the choice means, by the rules of the figures."""
    rows = HAMLETS.rows(frame).order_by()
    if reason:
        rows = with_reason(rows, frame).filter(reason=reason)
    if shown == "khuyet-truong":
        rows = rows.filter(DEFINITIONS["vacant_heads"].counted())
    elif shown == "lam-thoi":
        rows = rows.filter(DEFINITIONS["interim_heads"].counted())
    elif shown == "lam-thoi-lau":
        long_ago = frame.day - timedelta(days=settings.LONG_INTERIM_DAYS)
        rows = rows.filter(DEFINITIONS["interim_heads"].counted(), head__starts_on__lt=long_ago)
    elif shown == "chua-kiem":
        rows = rows.filter(merged=False)
    elif shown == "chua-co-so-ho":
        rows = rows.filter(households__isnull=True)
    return rows


class CellFilter(ListFilter):
    SHOWN = {
        "": _("All that stand today"),
        "khuyet-bi-thu": _("Without a cell secretary"),
        "khac-nguoi": _("Secretary is not %(head)s"),
        "chua-co-so-lieu": _("Without a member count"),
        CLOSED: _("Merged or closed"),
    }
    loai = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *CellKind.choices])

    @property
    def places(self) -> dict[str, str]:
        if self.draws_the_past:
            return _PLACES_THEN
        # What stands today stands in a commune of today: one step less to look it up.
        return _CELLS_TODAY if self.asked.is_today else _CELLS_NOW

    def found(self, frame: Frame, left_out: Q | None = None):
        shown = self.cleaned_data["loc"]
        cells = self._matching(Cell.objects.visible_to(self.user), CellPeriod.objects, "cell")
        cells = self._standing(cells, closed=shown == CLOSED)
        if self.cleaned_data["loai"]:
            cells = cells.filter(kind=self.cleaned_data["loai"])
        if shown and shown != CLOSED:
            cells = cells.filter(pk__in=cells_that(shown, frame).values("cell"))
        return self._narrowed(cells, frame, left_out)

    def in_order(self, cells):
        """Order by commune and by the commune's own list; of a past day with the commune of then."""
        if not self.asked.is_today:
            cells = cells.select_related("commune__commune").annotate(then_in=F("placed__commune"))
        place = self.places[Level.COMMUNE]
        return cells.order_by(f"{place}__sort_key", place, *cells.in_order().query.order_by)


def cells_that(shown: str, frame: Frame):
    """Return the frame's cells (their periods) that the choice means, by the rules of the figures."""
    rows = CELLS.rows(frame).order_by()
    if shown == "khuyet-bi-thu":
        rows = rows.filter(DEFINITIONS["vacant_secretaries"].counted())
    elif shown == "khac-nguoi":
        merged_cells = DEFINITIONS["merged_cells"]
        rows = rows.filter(merged_cells.of()).exclude(merged_cells.counted())
    elif shown == "chua-co-so-lieu":
        rows = rows.filter(members__isnull=True)
    return rows


class PersonFilter(ListFilter):
    SHOWN_THEN = {"": _("In office on that day")}
    SHOWN = {
        "": _("In office today"),
        "hai-noi": _("In one office in two places"),
        "da-thoi": _("No longer in office"),
        "tat-ca": _("All"),
    }
    chuc_vu = forms.ChoiceField(label=_("Office"), required=False, choices=[("", _("All")), *Office.choices])

    places = _HAMLETS_TODAY

    def found(self, frame: Frame, left_out: Q | None = None):
        people = Person.objects.visible_to(self.user).matching(self.cleaned_data["q"])
        shown, office = self.cleaned_data["loc"], self.cleaned_data["chuc_vu"]
        seats = Tenure.objects.visible_to(self.user)
        if office:
            seats = seats.filter(office=office)
        if self.asked.is_today:
            people = frame.within(people, _KEPT_TODAY) if left_out is None else people.none()
        else:
            seats = seats.filter(known_to_have_begun_by(self.day))
        here = seats
        if not self.asked.is_today and (left_out is not None or frame.unit is not None):
            here = seats.filter(self._in_place(frame, left_out is not None))
        held, held_here = seats.on(self.day), here.on(self.day)
        if shown == "da-thoi":
            people = people.filter(pk__in=here.values("person")).exclude(pk__in=held.values("person"))
        elif shown == "hai-noi":
            people = people.filter(pk__in=in_two_places(held))
            people = people.filter(pk__in=held_here.values("person")) if here is not seats else people
        elif shown == "" or office:
            people = people.filter(pk__in=held_here.values("person"))
        elif not self.asked.is_today:
            people = people.filter(pk__in=here.values("person"))
        return people

    def _in_place(self, frame: Frame, left_out: bool) -> Q:
        """Return the condition of seats whose cell or hamlet stands there.

        Today the keeper of the record says where somebody belongs. A record has no past: on
        another day people belong where their seats are, in each place where they hold one.
        """
        bodies = {}
        for section, key in ((CELLS, "cell"), (HAMLETS, "unit")):
            periods = CellPeriod.objects if key == "cell" else UnitPeriod.objects.hamlets()
            places = section.places(frame)
            placed = periods.on(self.day)
            placed = (
                placed.filter(lacks_commune(places, self.frame)) if left_out else frame.within(placed, places)
            )
            bodies[key] = placed.values(key)
        return Q(cell__in=bodies["cell"]) | Q(hamlet__in=bodies["unit"])

    def in_order(self, people):
        """Order by given name."""
        return people.order_by("sort_key", "pk")


def in_two_places(seats):
    """Return the keys of people who hold one office in two bodies at a time."""
    return (
        seats.order_by().values("person", "office").annotate(n=Count("pk")).filter(n__gt=1).values("person")
    )


class CommuneFilter(ListFilter):
    SHOWN = {
        "": _("All that stand today"),
        "chua-co-thon": _("Without hamlets"),
        "chua-xac-nhan": _("Not confirmed within 30 days"),
        "chua-dang-nhap": _("Nobody has signed in yet"),
    }

    ONLY_TODAY = ("chua-dang-nhap",)

    @property
    def places(self) -> dict[str, str]:
        return _PLACES_THEN if self.draws_the_past else _HAMLETS_TODAY

    def found(self, frame: Frame, left_out: Q | None = None):
        communes = Unit.objects.visible_to(self.user).communes()
        communes = self._matching(communes, UnitPeriod.objects.at_level(Level.COMMUNE), "unit")
        communes = self._standing(communes)
        shown = self.cleaned_data["loc"]
        if shown == "chua-dang-nhap":
            communes = without_sign_in(communes, self.day)
        elif shown:
            communes = communes.filter(pk__in=communes_that(shown, frame).values("unit"))
        return self._narrowed(communes, frame, left_out)

    def in_order(self, communes):
        """Order by province and name; of a past day with what they belonged to then."""
        if not self.asked.is_today:
            communes = communes.select_related("commune").annotate(then_in=F("placed__parent"))
        return communes.order_by(f"{self.places[Level.PROVINCE]}__sort_key", "sort_key", "pk")


def communes_that(shown: str, frame: Frame):
    """Return the frame's communes (their periods) that the choice means."""
    rows = COMMUNES.rows(frame).order_by()
    if shown == "chua-co-thon":
        hamlets = UnitPeriod.objects.on(frame.day).at_level(Level.HAMLET).filter(commune=OuterRef("unit"))
        rows = rows.filter(~Exists(hamlets))
    elif shown == "chua-xac-nhan":
        rows = rows.exclude(DEFINITIONS["communes_confirmed"].counted())
    return rows


def without_sign_in(communes, day: date):
    """Return the communes that have accounts, none of which has ever been used."""
    staff = Grant.objects.on(day).filter(
        unit=OuterRef("pk"), user__role__in=COMMUNE_ROLES, user__is_active=True
    )
    return communes.filter(Exists(staff), ~Exists(staff.filter(user__last_login__isnull=False)))
