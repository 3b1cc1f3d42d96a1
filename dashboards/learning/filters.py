"""What the lists of training and commendations may be narrowed to."""

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cells.entry.forms import UnitField
from cells.kinds import Level
from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.list_filter import CheckedFilter
from dashboards.wording import words_for
from leaders.models import Commendation, Office

SEATS = {
    "bi-thu": (Office.SECRETARY,),
    "truong": (Office.HAMLET_HEAD,),
}
YEARS_OFFERED = 12
# More keys are not named one by one.
MOST_KEYS = 10_000


def units_offered(user):
    """Return the units to choose from; the communes of a province only for whoever sees it alone."""
    scope, units = scope_of(user), Unit.objects.visible_to(user).standing().select_related("province")
    if scope.everywhere or len(scope.provinces) > 1:
        return units.filter(level=Level.PROVINCE).order_by("sort_key", "pk")
    if scope.provinces:
        return units.filter(level__in=[Level.PROVINCE, Level.COMMUNE]).order_by("-level", "sort_key", "pk")
    return units.filter(pk__in=scope.communes).order_by("sort_key", "pk")


def within(unit: Unit | None, *paths: str) -> Q:
    """Return the condition that one of these ways to a unit leads into the chosen one; all, where none is chosen."""
    if unit is None:
        return Q()
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{path}__{unit.level}": unit.pk}) | Q(**{path: unit.pk})
    return condition


class LearningFilter(CheckedFilter):
    """Parameter names are read aloud like addresses."""

    q = forms.CharField(label=_("Words of the name"), required=False, max_length=100)
    don_vi = UnitField(Unit.objects.none(), label=_("Unit"), required=False, empty_label=_("All"))

    def __init__(self, data, *, user):
        super().__init__(data)
        self.user = user
        self.fields["don_vi"].queryset = units_offered(user)

    @property
    def unit(self) -> Unit | None:
        return self.cleaned_data["don_vi"]

    def in_words(self) -> str:
        """Return the filter for people, as it goes on papers and into the export log."""
        parts = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value not in (None, ""):
                choices = dict(getattr(field, "choices", ())) if name not in ("q", "don_vi") else {}
                parts.append(f"{field.label}: {choices.get(value, value)}")
        return "; ".join(parts)


def _years() -> list[tuple[str, str]]:
    this_year = timezone.localdate().year
    return [(str(year), str(year)) for year in range(this_year, this_year - YEARS_OFFERED, -1)]


class CourseFilter(LearningFilter):
    nam = forms.ChoiceField(label=_("Year"), required=False)

    def __init__(self, data, *, user):
        super().__init__(data, user=user)
        self.fields["nam"].choices = [("", _("All")), *_years()]


class NeverFilter(LearningFilter):
    chuc_vu = forms.ChoiceField(label=_("Office"), required=False)
    tu_nam = forms.ChoiceField(label=_("Without a completed course since"), required=False)

    def __init__(self, data, *, user):
        super().__init__(data, user=user)
        head = words_for(user).head
        self.fields["chuc_vu"].choices = [
            ("", _("Secretaries and %(heads)s") % {"heads": head}),
            ("bi-thu", _("Secretaries")),
            ("truong", capfirst(head)),
        ]
        self.fields["tu_nam"].choices = [("", _("ever")), *_years()]

    @property
    def offices(self) -> tuple[str, ...]:
        chosen = self.cleaned_data["chuc_vu"]
        return SEATS[chosen] if chosen else tuple(office for some in SEATS.values() for office in some)

    @property
    def since(self) -> int | None:
        return int(self.cleaned_data["tu_nam"]) if self.cleaned_data["tu_nam"] else None


class CommendationFilter(LearningFilter):
    loai = forms.ChoiceField(
        label=_("Of whom"),
        required=False,
        choices=[("", _("All")), ("ca-nhan", _("Individuals")), ("chi-bo", _("Party cells"))],
    )
    nam = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    hinh_thuc = forms.ChoiceField(
        label=_("Form of commendation"), required=False, choices=[("", _("All")), *Commendation.Form.choices]
    )
    nhieu_nam = forms.ChoiceField(
        label=_("For years running"),
        required=False,
        choices=[("", _("All")), ("co", _("only for years running"))],
    )

    def __init__(self, data, *, user):
        super().__init__(data, user=user)
        self.seen, years = _seen_with_years(user)
        self.fields["nam"].choices = [("", _("All")), *((year, str(year)) for year in years)]


def _seen_with_years(user) -> tuple[QuerySet, list[int]]:
    """Return the commendations somebody sees and their years, the latest first.

    Of a province they are found once, by their keys: what is seen is asked of all the country's, and takes longest.
    """
    seen = Commendation.objects.visible_to(user)
    if not scope_of(user).everywhere:
        years = dict(seen.order_by().values_list("pk", "year")[: MOST_KEYS + 1])
        if len(years) <= MOST_KEYS:
            return Commendation.objects.filter(pk__in=list(years)), sorted(set(years.values()), reverse=True)
    return seen, list(seen.order_by("-year").values_list("year", flat=True).distinct())
