"""Forms of courses and commendations. They check and translate; what must be true stands in the models."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.guard import GuardedFormMixin
from cells.entry.forms import DayInput, UnitField, past_day
from cells.kinds import Level
from cells.models import Unit
from leaders.models import Commendation, Course
from sheets.text import nfc


class CourseForm(GuardedFormMixin, forms.ModelForm):
    """A course of one of the units that the person keeps."""

    class Meta:
        model = Course
        fields = ["unit", "name", "starts_on", "ends_on", "organiser", "place", "note"]
        field_classes = {"unit": UnitField}
        widgets = {"starts_on": DayInput(), "ends_on": DayInput(), "note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        kept = Unit.objects.kept_by(user).standing().select_related("province")
        kept = kept.filter(level__in=[Level.PROVINCE, Level.COMMUNE])
        if self.instance.pk:
            # A course stays that of its unit: who took part hangs on it.
            del self.fields["unit"]
        else:
            self.fields["unit"].queryset = kept.order_by("-level", "sort_key", "pk")
            first = self.fields["unit"].queryset.first()
            self.initial.setdefault("unit", first and first.pk)

    def clean_name(self) -> str:
        return nfc(self.cleaned_data["name"])


class CommendationForm(GuardedFormMixin, forms.ModelForm):
    """A commendation of one person or cell, with its signed paper."""

    number = forms.CharField(label=gettext_lazy("number of the decision"), max_length=60)
    day = forms.DateField(label=gettext_lazy("day of signing"), widget=DayInput(), validators=[past_day])
    body = forms.CharField(label=gettext_lazy("issuing body"), max_length=200)
    signer = forms.CharField(label=gettext_lazy("signer"), max_length=200, required=False)

    class Meta:
        model = Commendation
        fields = ["form", "year", "merit", "streak_years"]
        help_texts = {
            "streak_years": gettext_lazy(
                "Only of a commendation for years running: how many; the year above is the last of them."
            )
        }

    field_order = ["form", "year", "merit", "streak_years", "number", "day", "body", "signer"]

    def clean_merit(self) -> str:
        return nfc(self.cleaned_data["merit"])

    def clean_streak_years(self) -> int | None:
        years = self.cleaned_data["streak_years"]
        if years is not None and not 2 <= years <= 50:
            raise ValidationError(_("Enter how many years running, from 2 to 50, or leave it empty."))
        return years


class PasteForm(forms.Form):
    """A list of names, one a line."""

    names = forms.CharField(
        label=gettext_lazy("names"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("One name a line; after it, where it helps, the birth date or year."),
    )
