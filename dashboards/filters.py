"""What a list may be narrowed to. Choices are those of the reader's scope; another one is a 404."""

from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.db.models import Count, Exists, OuterRef
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from accounts.roles import COMMUNE_ROLES
from cells.kinds import Level
from cells.models import Cell, CellKind, Grant, Unit, UnitPeriod
from cells.models.grants import scope_of
from dashboards.figures.definitions import DEFINITIONS
from dashboards.figures.frames import Frame
from dashboards.figures.reasons import Reason, with_reason
from dashboards.figures.sections import CELLS, COMMUNES, HAMLETS
from leaders.models import Office, Person, Tenure

CLOSED = "da-ket-thuc"


class ListFilter(forms.Form):
    """Words, province, commune, and what to show. Parameter names are read aloud like addresses."""

    SHOWN: dict = {}

    q = forms.CharField(label=_("Words of the name"), required=False, max_length=100)
    tinh = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Province"), required=False, empty_label=_("All")
    )
    xa = forms.ModelChoiceField(Unit.objects.none(), label=_("Commune"), required=False, empty_label=_("All"))
    loc = forms.ChoiceField(label=_("Show"), required=False)

    def __init__(self, data, *, user, words):
        super().__init__(data)
        self.user, self.words = user, words
        self.fields["loc"].choices = [
            (key, label % {"head": words.head}) for key, label in self.SHOWN.items()
        ]
        self._offer_places()

    def _offer_places(self):
        scope = scope_of(self.user)
        communes = Unit.objects.visible_to(self.user).communes().standing().order_by("sort_key", "pk")
        if scope.everywhere or len(scope.provinces) > 1:
            provinces = Unit.objects.visible_to(self.user).filter(level="province").standing()
            self.fields["tinh"].queryset = provinces.order_by("sort_key", "pk")
            # 3.321 communes make no list to choose from: first the province, then its communes.
            self.fields["xa"].queryset = self._of_chosen_province(communes)
        else:
            del self.fields["tinh"]
            self.fields["xa"].queryset = communes
            if not scope.provinces and len(scope.communes) < 2:
                del self.fields["xa"]

    def _of_chosen_province(self, communes):
        if str(self.data.get("tinh", "")).isdecimal():
            return communes.filter(province=self.data["tinh"])
        if str(self.data.get("xa", "")).isdecimal():
            return communes.filter(pk=self.data["xa"])
        return communes.none()

    def checked(self):
        """Return the filter itself; a choice that is not offered is not found."""
        if not self.is_valid():
            raise Http404
        return self

    def chosen(self, name: str):
        return self.cleaned_data.get(name) or None

    @property
    def frame(self) -> Frame:
        return Frame(unit=self.chosen("xa") or self.chosen("tinh"), day=self.day, user=self.user)

    def on(self, day: date):
        """Fix the day that the list is about."""
        self.day = day
        return self

    def in_words(self) -> str:
        """Return the filter for people, as it goes on papers and into the export log."""
        parts = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value:
                words = (
                    dict(field.choices).get(value, value) if isinstance(value, str) and name != "q" else value
                )
                parts.append(f"{field.label}: {words}")
        return "; ".join(parts)


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

    def rows(self):
        """Return the hamlets asked for, in the order of communes and of their own lists."""
        hamlets = Unit.objects.visible_to(self.user).hamlets().matching(self.cleaned_data["q"])
        shown, reason = self.cleaned_data["loc"], self.cleaned_data["ly_do"]
        hamlets = hamlets.filter(closed_on__isnull=shown != CLOSED)
        if self.frame.unit is not None:
            hamlets = hamlets.filter(**{self.frame.unit.level: self.frame.unit})
        if reason or shown not in ("", CLOSED):
            hamlets = hamlets.filter(pk__in=hamlets_that(shown, self.frame, reason).values("unit"))
        return hamlets.order_by("commune__sort_key", "commune", *hamlets.in_order().query.order_by)


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

    def rows(self):
        """Return the cells asked for, in the order of communes and of their own lists."""
        cells = Cell.objects.visible_to(self.user).matching(self.cleaned_data["q"])
        shown = self.cleaned_data["loc"]
        cells = cells.filter(closed_on__isnull=shown != CLOSED)
        if self.frame.unit is not None:
            level = self.frame.unit.level
            cells = cells.filter(
                **{"commune" if level == "commune" else f"commune__{level}": self.frame.unit}
            )
        if self.cleaned_data["loai"]:
            cells = cells.filter(kind=self.cleaned_data["loai"])
        if shown and shown != CLOSED:
            cells = cells.filter(pk__in=cells_that(shown, self.frame).values("cell"))
        return cells.order_by("commune__sort_key", "commune", *cells.in_order().query.order_by)


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
    SHOWN = {
        "": _("In office today"),
        "hai-noi": _("In one office in two places"),
        "da-thoi": _("No longer in office"),
        "tat-ca": _("All"),
    }
    chuc_vu = forms.ChoiceField(label=_("Office"), required=False, choices=[("", _("All")), *Office.choices])

    def rows(self):
        """Return the people asked for, ordered by given name."""
        people = Person.objects.visible_to(self.user).matching(self.cleaned_data["q"])
        shown, office = self.cleaned_data["loc"], self.cleaned_data["chuc_vu"]
        seats = Tenure.objects.visible_to(self.user)
        if self.frame.unit is not None:
            people = people.filter(**{f"keeper__{self.frame.unit.level}": self.frame.unit})
        if office:
            seats = seats.filter(office=office)
        today = seats.on(self.day)
        if shown == "da-thoi":
            people = people.filter(pk__in=seats.values("person")).exclude(pk__in=today.values("person"))
        elif shown == "hai-noi":
            people = people.filter(pk__in=in_two_places(today))
        elif shown == "" or office:
            people = people.filter(pk__in=today.values("person"))
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

    def rows(self):
        """Return the communes asked for, by name."""
        communes = Unit.objects.visible_to(self.user).communes().standing().matching(self.cleaned_data["q"])
        if self.frame.unit is not None:
            communes = communes.filter(**{self.frame.unit.level: self.frame.unit})
        shown = self.cleaned_data["loc"]
        if shown == "chua-dang-nhap":
            communes = without_sign_in(communes, self.day)
        elif shown:
            communes = communes.filter(pk__in=communes_that(shown, self.frame).values("unit"))
        return communes.order_by("province__sort_key", "sort_key", "pk")


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
