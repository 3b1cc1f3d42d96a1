"""Correcting what was decided: a new level with its own decision and reason."""

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext_lazy as _

from accounts.admin_base import ChoiceField
from cells.models import Decision
from evaluations.models import CellRating, Level


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
