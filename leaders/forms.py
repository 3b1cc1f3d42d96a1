"""Forms on people: a date of which only a part is known is entered in one box."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.admin_base import ReasonedForm
from leaders.fields import PartialDateField
from leaders.models import Person


def _partial_date(label) -> PartialDateField:
    return PartialDateField(
        label=label,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField", "maxlength": 30}),
        help_text=_("Day, month or year as far as known: 03/02/1985, 10/2007 or 1985."),
    )


class PersonForm(ReasonedForm):
    """A person, with each date and its precision in one box."""

    DATES = ("born", "admitted", "official", "left")

    born = _partial_date(_("Birth date"))
    admitted = _partial_date(_("Admitted to the Party"))
    official = _partial_date(_("Official member since"))
    left = _partial_date(_("Left the Party"))

    class Meta:
        model = Person
        exclude = [
            f"{name}_on{part}"
            for name in ("born", "admitted", "official", "left")
            for part in ("", "_precision")
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.DATES:
            if name in self.fields:
                self.initial[name] = self.instance.partial_date(name)

    def _post_clean(self):
        for name in self.DATES:
            if name in self.cleaned_data:
                self.instance.set_partial_date(name, self.cleaned_data[name])
        super()._post_clean()
