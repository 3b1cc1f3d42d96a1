"""Forms on people: a date of which only a part is known is entered in one box."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.admin_base import ReasonedForm
from accounts.sheet_errors import sentence_of
from leaders.models import Person
from sheets.dates import PartialDate, parse_date
from sheets.errors import SheetError


class PartialDateField(forms.Field):
    """A day, a month or a year: "03/02/1985", "10/2007", "1985"."""

    def __init__(self, **kwargs):
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "vTextField", "maxlength": 30}))
        kwargs.setdefault("help_text", _("Day, month or year as far as known: 03/02/1985, 10/2007 or 1985."))
        super().__init__(**kwargs)

    def prepare_value(self, value):
        return str(value) if isinstance(value, PartialDate) else value

    def to_python(self, value) -> PartialDate | None:
        if value in self.empty_values:
            return None
        try:
            return parse_date(value)
        except SheetError as error:
            raise ValidationError(sentence_of(error)) from error

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial) or "", data)


class PersonForm(ReasonedForm):
    """A person, with each date and its precision in one box."""

    DATES = ("born", "admitted", "official", "left")

    born = PartialDateField(label=_("Birth date"))
    admitted = PartialDateField(label=_("Admitted to the Party"))
    official = PartialDateField(label=_("Official member since"))
    left = PartialDateField(label=_("Left the Party"))

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
