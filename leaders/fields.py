"""A form field for dates of which a part is unknown."""

from django import forms
from django.core.exceptions import ValidationError

from accounts.columns import read_past_date
from accounts.sheet_errors import sentence_of
from sheets.dates import PartialDate
from sheets.errors import SheetError


class PartialDateField(forms.Field):
    """A day, a month with its year, or a year alone: 03/02/1985, 02/1985, 1985."""

    def prepare_value(self, value):
        return str(value) if isinstance(value, PartialDate) else value

    def to_python(self, value) -> PartialDate | None:
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return read_past_date(value)
        except SheetError as error:
            raise ValidationError(sentence_of(error)) from error

    def has_changed(self, initial, data):
        """Compare dates, not their spellings."""
        return super().has_changed(self.to_python(initial), data)
