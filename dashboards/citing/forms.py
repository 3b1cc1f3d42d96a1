"""What is asked of somebody who says that a figure is wrong, and of the clerk who answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.guard import GuardedFormMixin
from cells.models import Unit
from dashboards.citing.reports import LONGEST, clerk_of
from sheets.text import nfc_lines


class ReportForm(forms.Form):
    """What is wrong, and whose clerk is told."""

    text = forms.CharField(
        label=_("what is wrong"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say what is wrong.")},
    )
    to = forms.TypedChoiceField(label=_("who is told"), coerce=int)

    field_order = ["to", "text"]

    def __init__(self, *args, units: list[Unit], **kwargs):
        super().__init__(*args, **kwargs)
        self.units = {unit.pk: unit for unit in units}
        self.fields["to"].choices = [(unit.pk, clerk_of(unit)) for unit in units]
        if len(units) == 1:
            self.fields["to"].widget = forms.HiddenInput()
            self.initial["to"] = units[0].pk

    def clean_text(self) -> str:
        return nfc_lines(self.cleaned_data["text"])

    @property
    def addressee(self) -> Unit:
        return self.units[self.cleaned_data["to"]]


class AnswerForm(GuardedFormMixin, forms.Form):
    answer = forms.CharField(
        label=_("answer"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was wrong and is corrected, or why the figure is right."),
        error_messages={"required": _("Write the answer.")},
    )

    def clean_answer(self) -> str:
        return nfc_lines(self.cleaned_data["answer"])


class CodeForm(forms.Form):
    """The code of a quoted figure, as somebody reads it from a paper."""

    ma = forms.CharField(label=_("code of a quoted figure"), max_length=20)
