"""The form of an event as a whole."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.guard import GuardedFormMixin
from cells.entry.forms import DayInput
from cells.models import Unit
from desk.reorganisation.drafting.rules import day_of_our_time
from desk.reorganisation.forms.papers import PaperFields


class EventForm(GuardedFormMixin, PaperFields):
    """What an event is called, where, from which day and by which paper."""

    title = forms.CharField(
        label=gettext_lazy("subject of the reorganisation"),
        max_length=300,
        widget=forms.TextInput(),
        help_text=gettext_lazy("For example: Rearrangement of hamlets of xã Phú Túc in 2026."),
    )
    unit = forms.ModelChoiceField(Unit.objects.none(), label=gettext_lazy("unit"), required=False)
    on = forms.DateField(
        label=gettext_lazy("effective on"),
        widget=DayInput(),
        validators=[day_of_our_time],
        help_text=gettext_lazy("First day of the new state. Lines may have a day of their own."),
    )
    field_order = ["seen", "title", "unit", "on"]

    def __init__(self, *args, units, country: bool, **kwargs):
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        unit.queryset, unit.required = units, not country
        unit.empty_label = _("The whole country") if country else None
