"""The lists behind the numbers: officers, hamlets and communes, visits."""

from datetime import date

from django import forms
from django.db.models import Exists, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from cells.models import UnitPeriod
from cells.months import read_month
from dashboards.figures.frames import Frame
from dashboards.follow_up.figures import (
    DAYS_WITHOUT,
    FollowUpBoard,
    hamlets_followed,
    officers_of,
    open_promises,
    visits_in,
)
from dashboards.follow_up.places import PLACE, units_to_choose
from dashboards.list_filter import CheckedFilter
from dashboards.wording import words_for
from leaders.models import Assignment, Visit
from sheets.text import fold


class _Filter(CheckedFilter):
    """What each of the lists may be narrowed to: a place, as of a day."""

    noi = forms.ModelChoiceField(label=_("Place"), queryset=None, required=False, empty_label=None)

    def __init__(self, asked, frame: Frame):
        super().__init__(asked.GET)
        self.asked, self.frame = asked, frame
        units = units_to_choose(asked.user)
        if asked.GET.get(PLACE):
            # A unit that has ended is still looked at on its days.
            units = units | type(frame.unit).objects.visible_to(asked.user).filter(pk=frame.unit.pk)
        place = self.fields["noi"]
        place.queryset = units.order_by("-level", "sort_key", "pk")
        # Read once: the widget begins to read them a second time, to see whether the first one is empty.
        place.choices = list(iter(place.choices))
        self.initial["noi"] = frame.unit.pk

    def in_words(self) -> str:
        shown = []
        for name, value in self.cleaned_data.items():
            if value not in (None, "") and name != "noi":
                choices = dict(getattr(self.fields[name], "choices", ()))
                said = f"{value:%m/%Y}" if isinstance(value, date) else choices.get(value, value)
                shown.append(f"{self.fields[name].label}: {said}")
        return "; ".join(shown)


class OfficerFilter(_Filter):
    SHOWN = {
        "": _("All officers"),
        "thon": _("Who follow %(hamlets)s"),
        "xa": _("Of communes"),
        "qua-nhieu": _("With too many hamlets"),
        "chua-di": _("Without a visit for long"),
    }
    loc = forms.ChoiceField(label=_("Show"), required=False)
    so_ngay = forms.TypedChoiceField(
        label=_("Days without a visit"),
        required=False,
        coerce=int,
        empty_value=DAYS_WITHOUT[0],
        choices=[(days, days) for days in DAYS_WITHOUT],
    )

    def __init__(self, asked, frame: Frame):
        super().__init__(asked, frame)
        words = words_for(asked.user)
        self.fields["loc"].choices = [(code, words.phrase(label)) for code, label in self.SHOWN.items()]


class PlaceFilter(_Filter):
    SHOWN = {
        "": _("All"),
        "co": _("With an officer"),
        "khong": _("Without an officer"),
        "nhieu": _("With several officers"),
    }
    loc = forms.ChoiceField(label=_("Show"), required=False, choices=list(SHOWN.items()))

    def rows(self):
        """Return the hamlets of the day (their periods) that the choice means, with those who follow them."""
        return self._with_followers(self._found())

    def keys(self) -> list[int]:
        """Return the keys of all rows, which count and page are taken from; whom each has is judged once."""
        return list(self._found().values_list("pk", flat=True))

    def of_keys(self, keys: list[int]) -> list[UnitPeriod]:
        """Return the rows of a page of keys."""
        found = self._with_followers(UnitPeriod.objects.all()).in_bulk(keys)
        return [found[key] for key in keys]

    def _found(self):
        rows = hamlets_followed(self.frame)
        shown = self.cleaned_data["loc"]
        # Whether there is any is found without counting them.
        if shown == "co":
            rows = rows.filter(Exists(officers_of(self.frame)))
        elif shown == "khong":
            rows = rows.filter(~Exists(officers_of(self.frame)))
        elif shown == "nhieu":
            rows = rows.filter(officers__gt=1)
        return rows.order_by("commune__sort_key", "commune", "unit__position", "unit__sort_key", "unit")

    def _with_followers(self, rows):
        followers = Assignment.objects.on(self.frame.day).select_related("person").order_by("pk")
        return rows.select_related("unit", "commune").prefetch_related(
            Prefetch("unit__assignments", followers, to_attr="followers")
        )


class MonthField(forms.CharField):
    """A month as 2026-11."""

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_month(text[:7])
        except ValueError:
            raise forms.ValidationError(_("Write the month as 2026-11.")) from None


class VisitFilter(_Filter):
    SHOWN = {
        "": _("All"),
        "co-du": _("Attended, by the officer"),
        "vang": _("Not attended, by the officer"),
        "bb-co": _("Attended, by the minutes"),
        "bb-vang": _("Not attended, by the minutes"),
        "lech": _("Officer and minutes differ"),
        "muon": _("Recorded late"),
        "con-mo": _("Promises still open"),
        "qua-han": _("Promises overdue"),
        "da-xong": _("Promises kept"),
    }
    thang = MonthField(label=_("Month"), required=False, widget=forms.TextInput(attrs={"type": "month"}))
    loai = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *Visit.Kind.choices])
    loc = forms.ChoiceField(label=_("Show"), required=False, choices=list(SHOWN.items()))
    q = forms.CharField(label=_("Words of the name"), required=False, max_length=100)

    def rows(self):
        cleaned = self.cleaned_data
        is_open = cleaned["loc"] in ("con-mo", "qua-han")
        rows = open_promises(self.frame) if is_open else visits_in(self.frame)
        if cleaned["loc"] == "qua-han":
            rows = rows.filter(promise_due__lt=self.frame.day)
        if cleaned["thang"]:
            rows = rows.filter(day__year=cleaned["thang"].year, day__month=cleaned["thang"].month)
        if cleaned["loai"]:
            rows = rows.filter(kind=cleaned["loai"])
        for word in fold(cleaned["q"]).split():
            rows = rows.filter(
                Q(unit__search_key__contains=word) | Q(assignment__person__search_key__contains=word)
            )
        return self._shown(rows, cleaned["loc"]).for_list().order_by("-day", "-pk")

    def _shown(self, rows, shown: str):
        simple = {
            "": {},
            "con-mo": {},
            "qua-han": {},
            "co-du": {"attended": True},
            "vang": {"attended": False},
            "bb-co": {"minutes_attended": True},
            "bb-vang": {"minutes_attended": False},
        }
        if shown in simple:
            return rows.filter(**simple[shown])
        if shown == "muon":
            return rows.late(FollowUpBoard(self.frame).limits.report_days)
        if shown == "da-xong":
            return rows.promising().filter(promise_kept_on__lte=self.frame.day)
        return rows.contradicted()
