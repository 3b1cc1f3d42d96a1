"""Forms about congresses and elections: the plan of a term, the paper that approves results, one correction."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.entry.forms import DayInput
from cells.models import Unit
from leaders.contests.planning import Calendar, Spread
from leaders.entry.forms import DecisionFields
from leaders.models import Contest
from leaders.models.terms import validate_term

Kind = Contest.Kind


class PaperForm(DecisionFields):
    """The paper that approves what is recorded now, where there is one; without a reason of its own."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("reason", None)

    @property
    def paper_fields(self) -> list:
        return [self[name] for name in self.DECISION]


def _day(label) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=DayInput())


class PlanForm(forms.Form):
    """For a term and an area: the days of the elections and those of the congresses."""

    area = forms.ModelChoiceField(Unit.objects.none(), label=gettext_lazy("plan for"))
    term = forms.CharField(
        label=gettext_lazy("term"), max_length=9, help_text=gettext_lazy("For example 2025-2027.")
    )
    election_first = _day(gettext_lazy("elections of heads: (first) day"))
    election_last = _day(gettext_lazy("elections of heads: last day"))
    congress_first = _day(gettext_lazy("cell congresses: (first) day"))
    congress_last = _day(gettext_lazy("cell congresses: last day"))
    spread = forms.ChoiceField(label=gettext_lazy("share out the days"), choices=Spread.choices)
    every_cell = forms.BooleanField(
        label=gettext_lazy("Congresses of all cells, not of hamlet cells alone"), required=False
    )
    people_first = forms.BooleanField(
        label=gettext_lazy("“The people trust, the Party elects”: every election before every congress"),
        required=False,
    )
    CALENDARS = (("election", Kind.HEAD_ELECTION), ("congress", Kind.CONGRESS))

    def __init__(self, *args, areas, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas
        self.fields["area"].label_from_instance = str

    def clean_term(self) -> str:
        term = self.cleaned_data["term"].replace("–", "-").replace(" ", "")
        validate_term(term)
        return term

    def clean(self):
        cleaned = super().clean()
        for name, _kind in self.CALENDARS:
            first, last = cleaned.get(f"{name}_first"), cleaned.get(f"{name}_last")
            if last and not first:
                self.add_error(f"{name}_first", _("Enter the first day too."))
            if first and last and last < first:
                self.add_error(f"{name}_last", _("The last day is before the first day. Check both days."))
            if first and not last and cleaned.get("spread") != Spread.COMMON:
                self.add_error(f"{name}_last", _("Enter the last day of the stretch to be shared out."))
        if not (cleaned.get("election_first") or cleaned.get("congress_first")) and not self.errors:
            raise ValidationError(_("Enter the day of the elections, of the congresses, or both."))
        self._refuse_congress_before_election(cleaned)
        return cleaned

    def _refuse_congress_before_election(self, cleaned: dict) -> None:
        elections = cleaned.get("election_last") or cleaned.get("election_first")
        congresses = cleaned.get("congress_first")
        if cleaned.get("people_first") and elections and congresses and congresses <= elections:
            self.add_error(
                "congress_first",
                _("The congresses begin on %(congress)s, not after the last election of %(election)s.")
                % {"congress": f"{congresses:%d/%m/%Y}", "election": f"{elections:%d/%m/%Y}"},
            )

    def calendars(self) -> list[Calendar]:
        cleaned = self.cleaned_data
        return [
            Calendar(
                kind,
                cleaned[f"{name}_first"],
                cleaned[f"{name}_last"] or cleaned[f"{name}_first"],
                cleaned["spread"],
            )
            for name, kind in self.CALENDARS
            if cleaned[f"{name}_first"]
        ]
