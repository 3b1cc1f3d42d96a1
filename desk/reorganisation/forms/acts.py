"""What an act on an event asks: a reason, a word to the commune, what is put right."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.guard import GuardedFormMixin
from cells.entry.forms import DayInput, past_day
from cells.models import Decision, Line
from desk.reorganisation.drafting.rules import day_of_our_time
from sheets.text import nfc


class RemarkForm(forms.Form):
    remark = forms.CharField(
        label=_("what the commune is asked to complete"),
        help_text=_("The commune reads it in full on its first page."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("reason"), max_length=400, help_text=_("It stays in the history of the event.")
    )


class CorrectionForm(GuardedFormMixin, ReasonForm):
    """Something put right in a line; of two people who do it at once the second is told."""


class NameForm(CorrectionForm):
    name = forms.CharField(
        label=_("right name"), max_length=200, help_text=_("Of a unit: without the word for its kind.")
    )
    field_order = ["name", "reason"]

    def clean_name(self):
        return nfc(self.cleaned_data["name"])


class DayForm(CorrectionForm):
    day = forms.DateField(
        label=_("right day"),
        widget=DayInput(),
        validators=[day_of_our_time],
        help_text=_("First day of the new state."),
    )
    field_order = ["day", "reason"]


class DecisionForm(CorrectionForm):
    """The paper as it should have been recorded; the wrong one is left as it is."""

    number = forms.CharField(
        label=_("decision number"), max_length=60, help_text=_("As on the paper, for example 12-QĐ/ĐU.")
    )
    date = forms.DateField(label=_("day of signing"), widget=DayInput(), validators=[past_day])
    issuing_body = forms.CharField(label=_("issuing body"), max_length=200)
    field_order = ["number", "date", "issuing_body", "reason"]

    def __init__(self, *args, line: Line, **kwargs):
        super().__init__(*args, **kwargs)
        self.line = line

    def decision(self) -> Decision:
        """Return the decision as recorded, or record it."""
        named = {
            "number": nfc(self.cleaned_data["number"]),
            "date": self.cleaned_data["date"],
            "issuing_body": nfc(self.cleaned_data["issuing_body"]),
            "unit": self.line.decision.unit if self.line.decision else self.line.reorganisation.unit,
        }
        decision = Decision.objects.filter(**named).first()
        if decision is None:
            decision = Decision(**named)
            decision.full_clean()
            decision.save()
        return decision
