"""What a decision is asked for: the signed paper, and a new level where one is corrected."""

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext_lazy as _

from accounts.admin_base import ChoiceField
from cells.entry.forms import DayInput
from cells.models import Decision
from evaluations.models import CellRating, Level
from evaluations.review.deciding import Paper
from sheets.text import nfc


class PaperForm(forms.Form):
    """The signed paper of a standing committee: number, day, who issued and who signed it."""

    number = forms.CharField(label=_("number of the decision"), max_length=60)
    day = forms.DateField(label=_("day of signing"), widget=DayInput())
    body = forms.CharField(label=_("issuing body"), max_length=200)
    signer = forms.CharField(label=_("signer"), max_length=200, required=False)

    PAPER = ("number", "day", "body", "signer")

    @property
    def paper_fields(self):
        return [self[name] for name in self.PAPER]

    def paper(self, **more) -> Paper:
        """Return the paper as it was entered, with what else is said of it."""
        said = {name: self.cleaned_data[name] for name in self.PAPER}
        return Paper(**said | {"signer": nfc(said["signer"])}, **more)


class CorrectionForm(forms.Form):
    """What a correction needs: the new level, the decision, the reason, and the revision that was read."""

    level = forms.ChoiceField(label=_("Decided level"), choices=Level)
    decision = ChoiceField(label=_("New decision"), queryset=Decision.objects.none())
    reason = forms.CharField(label=_("Reason"), max_length=500)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, user, site, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decision"].queryset = Decision.objects.visible_to(user)
        self.fields["decision"].widget = AutocompleteSelect(CellRating._meta.get_field("decision"), site)
        self.fields["decision"].widget.choices = self.fields["decision"].choices
