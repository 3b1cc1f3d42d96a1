"""Forms of the commune's own pages. They check and translate; what must be true stands in the models."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.guard import GuardedFormMixin
from cells.actions import change_cell
from cells.models import Cell, Confirmation, HouseholdCount, MemberCount, Unit
from sheets.text import nfc


class DayInput(forms.DateInput):
    """The browser's own day picker; it wants the day as 2026-11-22."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class _UnitSelect(forms.Select):
    """A list of units, asked for once: Django's asks for it a second time to see whether it begins with none."""

    def use_required_attribute(self, initial):
        return not self.is_hidden and self.choices.field.empty_label is not None


class UnitField(forms.ModelChoiceField):
    """A unit to choose from a list in which names repeat."""

    widget = _UnitSelect

    def label_from_instance(self, unit: Unit) -> str:
        return unit.choice_label


def past_day(day: date) -> date:
    """Refuse a day that has not come yet."""
    if day > timezone.localdate():
        raise ValidationError(_("That day has not come yet. Enter today or an earlier day."))
    return day


class CountForm(GuardedFormMixin, forms.ModelForm):
    """A count as of a day. A day that has a count already gets the new numbers."""

    OF: str

    def __init__(self, *args, of, **kwargs):
        super().__init__(*args, **kwargs)
        self.of = of
        self.fields["day"].widget = DayInput()
        self.fields["day"].validators.append(past_day)

    def clean(self):
        cleaned = super().clean()
        day = cleaned.get("day")
        if day is not None:
            recorded = self._meta.model.objects.filter(day=day, **{self.OF: self.of}).first()
            self.instance = recorded or self._meta.model(**{self.OF: self.of})
        counts = [name for name in self.fields if name not in ("day", "seen")]
        if all(cleaned.get(name) is None for name in counts) and not self.errors:
            raise ValidationError(_("Enter at least one number."))
        return cleaned


class MemberCountForm(CountForm):
    OF = "cell"

    class Meta:
        model = MemberCount
        fields = [
            "day",
            "total",
            "official",
            "probationary",
            "active",
            "exempt",
            "away",
            "women",
            "admitted",
            "residence_linked",
        ]


class HouseholdCountForm(CountForm):
    OF = "hamlet"

    class Meta:
        model = HouseholdCount
        fields = ["day", "households", "people", "poor", "near_poor", "with_member_in_charge"]
        labels = {"people": gettext_lazy("People living here")}


class CellForm(GuardedFormMixin, forms.ModelForm):
    """A cell's own data; a new name holds from a day on, the old one stays for the days before."""

    name = forms.CharField(label=gettext_lazy("name"), max_length=200)
    name_from = forms.DateField(
        label=gettext_lazy("new name from"),
        required=False,
        widget=DayInput(),
        validators=[past_day],
        help_text=gettext_lazy("Only where the name changes: the first day of the new name."),
    )

    class Meta:
        model = Cell
        fields = ["position", "is_grassroots", "parent_organisation", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    field_order = ["name", "name_from", "position", "is_grassroots", "parent_organisation", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.old_name = self.instance.name
        self.initial["name"] = self.old_name

    def clean_name(self) -> str:
        return nfc(self.cleaned_data["name"])

    def clean(self):
        cleaned = super().clean()
        renamed = cleaned.get("name", self.old_name) != self.old_name
        if renamed and not cleaned.get("name_from") and "name_from" not in self.errors:
            self.add_error("name_from", _("Enter the first day on which the new name holds."))
        return cleaned

    def save(self, commit=True):
        cell = super().save(commit=commit)
        if self.cleaned_data["name"] != self.old_name:
            change_cell(cell, on=self.cleaned_data["name_from"], name=self.cleaned_data["name"])
        return cell


class ConfirmationForm(GuardedFormMixin, forms.ModelForm):
    """The commune's word that its records hold this month, or what has changed in it."""

    class Meta:
        model = Confirmation
        fields = ["note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def save(self, *, by):
        confirmation = super().save(commit=False)
        if confirmation.pk is None:
            # What is added to it later does not unsay that it was given before.
            confirmation.confirmed_at, confirmation.confirmed_by = timezone.now(), by
        confirmation.save()
        return confirmation
