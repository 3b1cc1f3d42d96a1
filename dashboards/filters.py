"""The lists of hamlets, cells, people and communes: what each may be narrowed to, and its rows."""

from datetime import date

from django import forms
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.roles import COMMUNE_ROLES
from cells.kinds import Level
from cells.models import Cell, CellKind, CellPeriod, Grant, Unit, UnitPeriod
from dashboards.figures.definitions import DEFINITIONS
from dashboards.figures.frames import Frame, cells_now, places_now
from dashboards.figures.reasons import Reason, reason_in_words, with_reason
from dashboards.figures.sections import CELLS, COMMUNES, HAMLETS
from dashboards.list_filter import PLACES_ON_THE_DAY, ListFilter, lacks_commune
from dashboards.staffing.limits import LimitsOf
from dashboards.staffing.rules import long_interim
from leaders.models import Office, Person, Tenure
from leaders.models.tenures import known_to_have_begun_by

CLOSED = "da-ket-thuc"
# Where a row stands today, by the copies of today.
_HAMLETS_TODAY = {Level.PROVINCE: "province", Level.COMMUNE: "commune"}
_CELLS_TODAY = {Level.PROVINCE: "province", Level.COMMUNE: "commune"}
_CELLS_NOW = cells_now()
_KEPT_TODAY = places_now("keeper")


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
    ly_do = forms.ChoiceField(label=_("Why two people"), required=False)

    def __init__(self, data, *, frame: Frame, words):
        super().__init__(data, frame=frame, words=words)
        reasons = [(code, reason_in_words(code, words)) for code in Reason.values]
        self.fields["ly_do"].choices = [("", _("All")), *reasons]

    @property
    def places(self) -> dict[str, str]:
        return PLACES_ON_THE_DAY if self.draws_the_past else _HAMLETS_TODAY

    def found(self, frame: Frame, left_out: Q | None = None):
        shown, reason = self.cleaned_data["loc"], self.cleaned_data["ly_do"]
        hamlets = Unit.objects.visible_on(self.user, self.day).hamlets()
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
        rows = rows.filter(long_interim(frame, LimitsOf(frame.unit)))
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
            return PLACES_ON_THE_DAY
        # What stands today stands in a commune of today: one step less to look it up.
        return _CELLS_TODAY if self.asked.is_today else _CELLS_NOW

    def found(self, frame: Frame, left_out: Q | None = None):
        shown = self.cleaned_data["loc"]
        cells = self._matching(Cell.objects.visible_on(self.user, self.day), CellPeriod.objects, "cell")
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
    chuc_vu = forms.ChoiceField(label=_("Office"), required=False)

    places = _HAMLETS_TODAY

    def __init__(self, data, *, frame: Frame, words):
        super().__init__(data, frame=frame, words=words)
        of_hamlets = {Office.HAMLET_HEAD: words.head, Office.DEPUTY_HEAD: words.deputy_head}
        offices = [(office, capfirst(of_hamlets.get(office, label))) for office, label in Office.choices]
        self.fields["chuc_vu"].choices = [("", _("All")), *offices]

    def found(self, frame: Frame, left_out: Q | None = None):
        people = Person.objects.visible_on(self.user, self.day).matching(self.cleaned_data["q"])
        shown, office = self.cleaned_data["loc"], self.cleaned_data["chuc_vu"]
        seats = Tenure.objects.visible_on(self.user, self.day)
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
        return PLACES_ON_THE_DAY if self.draws_the_past else _HAMLETS_TODAY

    def found(self, frame: Frame, left_out: Q | None = None):
        communes = Unit.objects.visible_on(self.user, self.day).communes()
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
        rows = rows.filter(has_hamlets=False)
    elif shown == "chua-xac-nhan":
        rows = rows.exclude(DEFINITIONS["communes_confirmed"].counted())
    return rows


def without_sign_in(communes, day: date):
    """Return the communes that have accounts, none of which has ever been used."""
    staff = Grant.objects.on(day).filter(
        unit=OuterRef("pk"), user__role__in=COMMUNE_ROLES, user__is_active=True
    )
    return communes.filter(Exists(staff), ~Exists(staff.filter(user__last_login__isnull=False)))
