"""Forms that ask once more before something unusual, which may be right, is saved."""

from django import forms
from django.utils.translation import gettext_lazy


class SureMixin(forms.Form):
    """The tick appears together with the question it answers."""

    sure = forms.BooleanField(
        label=gettext_lazy("Yes, this is meant"), required=False, widget=forms.HiddenInput
    )

    def ask_if_sure(self, question: str) -> None:
        # Once ticked it stays to be seen: what was answered may have been changed since.
        self.fields["sure"].widget = forms.CheckboxInput()
        if not self.cleaned_data.get("sure"):
            self.add_error("sure", question)
