"""Forms of titles. They check and translate; what must be true stands in the models and the steps."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.guard import GuardedFormMixin
from cells.entry.forms import DayInput, past_day
from cells.models import Unit
from evaluations.forms import PaperForm
from evaluations.models import CaseCheck, CriteriaSet, Title, TitleCase
from sheets.text import nfc_lines

FIRST_YEAR, LAST_YEAR = 2000, 2100
MONTHS_BACK = 24


def year_field(label) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=FIRST_YEAR, max_value=LAST_YEAR)


class ReadForm(forms.Form):
    """A form that states the revision of what it was shown about."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class RegisterForm(forms.Form):
    title = forms.ModelChoiceField(
        Title.objects.all(), label=gettext_lazy("title"), empty_label=gettext_lazy("Choose")
    )
    year = year_field(gettext_lazy("registered for the year"))
    day = forms.DateField(label=gettext_lazy("registered on"), widget=DayInput(), validators=[past_day])


class CaseForm(ReadForm, forms.ModelForm):
    """Plan, pilot, what was learned, note; the criteria as long as nothing was entered for them."""

    class Meta:
        model = TitleCase
        fields = ["year", "criteria_set", "keep_plan", "is_pilot", "learned", "note"]
        widgets = {name: forms.Textarea(attrs={"rows": 5}) for name in ("keep_plan", "learned", "note")}

    def __init__(self, *args, sets, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["criteria_set"].queryset = sets
        self.initial["revision"] = self.instance.revision

    def clean_year(self) -> int | None:
        year = self.cleaned_data["year"]
        if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValidationError(_("A year has four digits, for example 2026."))
        return year

    @property
    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class AppraisalForm(ReadForm):
    """Who was there, what they say of the whole, and when it was."""

    day = forms.DateField(
        label=gettext_lazy("appraised on"), widget=DayInput(), validators=[past_day], required=False
    )
    team = forms.CharField(
        label=gettext_lazy("appraisal team"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Who was there, one line each: name, office."),
    )
    remark = forms.CharField(
        label=gettext_lazy("remark of the appraisal"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_team(self) -> str:
        return nfc_lines(self.cleaned_data["team"])

    def clean_remark(self) -> str:
        return nfc_lines(self.cleaned_data["remark"])


class WhyForm(ReadForm):
    """A step that needs words alone."""

    reason = forms.CharField(
        label=gettext_lazy("reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReasonForm(WhyForm):
    """A step that needs a day and words."""

    day = forms.DateField(label=gettext_lazy("day"), widget=DayInput(), validators=[past_day])
    field_order = ("day", "reason", "revision")


class RevokeForm(PaperForm, ReadForm):
    """The decision that revokes a title, or that is corrected, and why."""

    reason = forms.CharField(
        label=gettext_lazy("reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("reason", *PaperForm.PAPER, "revision")


class MonthForm(GuardedFormMixin, forms.Form):
    """A line about one month; a month that has one already gets the new words."""

    month = forms.TypedChoiceField(label=gettext_lazy("month"), coerce=date.fromisoformat)
    line = forms.CharField(
        label=gettext_lazy("how it goes"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [(day.isoformat(), f"{day:%m/%Y}") for day in months_back()]


def months_back() -> list[date]:
    """Return the first days of this month and the two years before it."""
    today = timezone.localdate()
    numbers = range(today.year * 12 + today.month - 1, today.year * 12 + today.month - 1 - MONTHS_BACK, -1)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


class CheckForm(ReadForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("outcome"), choices=CaseCheck.Outcome, widget=forms.RadioSelect
    )
    remark = forms.CharField(
        label=gettext_lazy("remark"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_remark(self) -> str:
        return nfc_lines(self.cleaned_data["remark"])


class CopySetForm(forms.Form):
    """A set of criteria of one's own, copied from an example or from one that runs."""

    province = forms.ModelChoiceField(Unit.objects.none(), label=gettext_lazy("province or city"))
    name = forms.CharField(label=gettext_lazy("name"), max_length=200)
    legal_basis = forms.CharField(label=gettext_lazy("legal basis"), max_length=500, required=False)
    starts_on = forms.DateField(label=gettext_lazy("holds from"), widget=DayInput())

    def __init__(self, *args, provinces, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["province"].queryset = provinces


class SetForm(GuardedFormMixin, forms.ModelForm):
    """Name and least points of a set; its criteria are rows beside it."""

    class Meta:
        model = CriteriaSet
        fields = ["name", "legal_basis", "least_points", "starts_on", "ends_on"]
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}
