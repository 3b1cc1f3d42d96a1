"""The list of cells and people with several years running at a level: what it may be narrowed to, its rows, its file."""

from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.conf import settings
from django.db.models import F
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.entry.forms import UnitField
from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.basis import Basis
from dashboards.exports import Asked, Export, exported, numbered
from dashboards.figures.frames import Frame
from dashboards.list_exports import number_column
from dashboards.papers.asking import units_seen
from dashboards.papers.province_figures import proofs_text, years_text
from evaluations.models import Basis as RatedAs
from evaluations.models import Level, ReviewCycle
from evaluations.streaks import Found, Question, Streak, cell_streaks, leader_streaks
from leaders.models import Office, Person
from sheets.writing import Column

CELLS, PEOPLE = "chi-bo", "ca-nhan"
LEVEL_WORDS = {"xs": Level.EXCELLENT, "t": Level.GOOD, "ht": Level.COMPLETED, "kht": Level.NOT_COMPLETED}
BREAKS, SKIPPED, ASKED = "ngat", "bo-qua", "can-xem"
MOST_YEARS = 20
_ENDED = (ReviewCycle.State.RECORDED, ReviewCycle.State.CLOSED)


class StreakFilter(forms.Form):
    """Parameter names are read aloud like addresses."""

    loai = forms.ChoiceField(
        label=gettext_lazy("Of whom"),
        choices=[(CELLS, gettext_lazy("Party cells")), (PEOPLE, gettext_lazy("People"))],
    )
    don_vi = UnitField(Unit.objects.none(), label=gettext_lazy("Unit"), required=False, empty_label=None)
    nam = forms.TypedChoiceField(label=gettext_lazy("Up to the year"), coerce=int)
    so_nam = forms.TypedChoiceField(
        label=gettext_lazy("Years running"),
        coerce=int,
        choices=[
            (3, gettext_lazy("3 or more")),
            (5, gettext_lazy("5 or more")),
            (2, gettext_lazy("2 or more")),
            (1, gettext_lazy("any number")),
            (10, gettext_lazy("10 or more")),
        ],
    )
    muc = forms.ChoiceField(
        label=gettext_lazy("Level"), choices=[(word, level.short) for word, level in LEVEL_WORDS.items()]
    )
    theo = forms.ChoiceField(
        label=gettext_lazy("Rated"), required=False, choices=[("", gettext_lazy("All")), *RatedAs.choices]
    )
    trong = forms.ChoiceField(
        label=gettext_lazy("Years without a level"),
        choices=[
            (BREAKS, gettext_lazy("break the row")),
            (SKIPPED, gettext_lazy("are passed over")),
            (ASKED, gettext_lazy("only where somebody is to decide")),
        ],
    )

    def __init__(self, data, *, user):
        units = self._units(user)
        cycles = ReviewCycle.objects.visible_to(user).order_by("-year")
        states = list(cycles.values_list("year", "state").distinct())
        years = list(dict.fromkeys(year for year, _state in states))
        # A year that is still open is asked about only on purpose.
        ended = next((year for year, state in states if state in _ENDED), None)
        first = units.first()
        usual = {
            "loai": CELLS,
            "don_vi": first.pk if first else "",
            "nam": ended or next(iter(years), ""),
            "so_nam": 3,
            "muc": "xs",
            "trong": BREAKS if settings.STREAK_GAP_BREAKS else SKIPPED,
        }
        super().__init__(usual | {name: value for name, value in data.items() if value})
        self.fields["don_vi"].queryset = units
        self.fields["nam"].choices = [(year, str(year)) for year in years]

    @staticmethod
    def _units(user):
        """Return the units to choose from; the communes of a province only through the province."""
        scope, units = scope_of(user), units_seen(user).select_related("province")
        if scope.everywhere:
            rated = units.filter(pk__in=ReviewCycle.objects.values("province"))
            # What was dissolved stands behind the provinces of today.
            return rated.order_by(F("closed_on").desc(nulls_first=True), "sort_key", "pk")
        if scope.provinces:
            offered = units.filter(closed_on__isnull=True)
            return offered.order_by("-level", "sort_key", "pk")
        return units.filter(pk__in=scope.communes | scope.closed).order_by("sort_key", "pk")

    def in_words(self) -> str:
        """Return the filter for people, as it goes on papers and into the export log."""
        parts = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value not in (None, ""):
                said = str(value) if name == "don_vi" else dict(field.choices).get(value, value)
                parts.append(f"{field.label}: {said}")
        return "; ".join(parts)


@dataclass
class Row:
    """One cell or person with the years that count, in words."""

    streak: Streak
    gap: str

    @property
    def rating(self):
        return self.streak.rating

    @property
    def subject(self):
        return getattr(self.rating, "person", None) or self.rating.cell

    @property
    def office(self) -> str:
        office = getattr(self.rating, "office", "")
        return str(Office(office).label) if office else ""

    @property
    def basis(self) -> str:
        return str(self.rating.get_basis_display()) if hasattr(self.rating, "basis") else ""

    @property
    def years(self) -> str:
        return years_text(self.streak)

    @property
    def proofs(self) -> str:
        return proofs_text(self.streak)


@dataclass
class StreakList:
    """The list that an address asks for."""

    user: object
    filter: StreakFilter

    @classmethod
    def of(cls, asked) -> "StreakList":
        """Return the list; a choice that is not offered is not found."""
        filter_ = StreakFilter(asked.GET, user=asked.user)
        if not filter_.is_valid() and not cls._is_empty(filter_):
            raise Http404
        return cls(asked.user, filter_)

    @staticmethod
    def _is_empty(filter_: StreakFilter) -> bool:
        """Whether there is no year, or no unit, to ask about at all."""
        return not filter_.fields["nam"].choices or not filter_.fields["don_vi"].queryset.exists()

    @property
    def is_of_people(self) -> bool:
        return self.filter.cleaned_data.get("loai") == PEOPLE

    @property
    def unit(self) -> Unit | None:
        return self.filter.cleaned_data.get("don_vi")

    @cached_property
    def found(self) -> Found:
        chosen = self.filter.cleaned_data
        if self.unit is None or not chosen.get("nam"):
            return Found([], [])
        question = Question(
            year=chosen["nam"],
            level=LEVEL_WORDS[chosen["muc"]],
            least=chosen["so_nam"],
            basis=chosen["theo"] if self.is_of_people else "",
            unit=self.unit,
            skips_gaps=chosen["trong"] == SKIPPED,
        )
        asked = leader_streaks if self.is_of_people else cell_streaks
        return asked(question, user=self.user, day=timezone.localdate())

    @property
    def asks(self) -> bool:
        """Whether those are shown about whom somebody is to decide."""
        return self.filter.cleaned_data.get("trong") == ASKED

    @cached_property
    def rows(self) -> list[Row]:
        streaks = self.found.with_gaps if self.asks else self.found.streaks
        return [Row(one, _gap(one)) for one in streaks]


def _gap(one: Streak) -> str:
    if not one.gaps:
        return ""
    years = ", ".join(map(str, one.gaps))
    return _("no level in %(years)s; %(count)d years if passed over") % {
        "years": years,
        "count": one.length_over_gaps,
    }


@exported
def streak_export(asked: Asked) -> Export:
    """Describe the list as a file, like every other list."""
    asked.require("evaluations.view_leaderrating")
    found = StreakList.of(asked)
    people = found.is_of_people
    columns = [
        number_column(),
        Column("subject", _("Full name") if people else _("Party cell"), 28),
        *([Column("office", _("Office"), 20), Column("basis", _("Rated"), 16)] if people else []),
        Column("commune", _("Commune"), 24),
        Column("count", _("Years running"), 10, "int"),
        Column("years", _("Years"), 24),
        Column("proofs", _("Decisions"), 60),
        Column("gap", _("Years without a level"), 28),
    ]
    rows = (
        {
            "subject": str(row.subject),
            "office": row.office,
            "basis": row.basis,
            "commune": str(row.rating.commune),
            "count": row.streak.length,
            "years": row.years,
            "proofs": row.proofs,
            "gap": row.gap,
        }
        for row in found.rows
    )
    return Export(
        title=_("Years running at one level"),
        columns=columns,
        rows=numbered(rows),
        count=len(found.rows),
        basis=Basis(Frame(found.unit, timezone.localdate(), asked.user)),
        filters=found.filter.in_words(),
        people=Person.objects.filter(pk__in=[row.subject.pk for row in found.rows]) if people else None,
    )
