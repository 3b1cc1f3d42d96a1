"""A form field for dates of which a part is unknown."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.sheet_errors import sentence_of
from sheets.dates import PartialDate, parse_date
from sheets.errors import SheetError


class PartialDateField(forms.Field):
    """A day, a month with its year, or a year alone: 03/02/1985, 02/1985, 1985."""

    def prepare_value(self, value):
        return str(value) if isinstance(value, PartialDate) else value

    def to_python(self, value) -> PartialDate | None:
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            day = parse_date(value)
        except SheetError as error:
            raise ValidationError(sentence_of(error)) from error
        if day.first_day > timezone.localdate():
            raise ValidationError(_("That day has not come yet. Check the year."))
        return day

    def has_changed(self, initial, data):
        """Compare dates, not their spellings."""
        return super().has_changed(self.to_python(initial), data)
