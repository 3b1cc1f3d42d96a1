"""The two forms by which somebody leaves office: what happened, then how each seat ends."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.guard import GuardedFormMixin
from cells.entry.forms import DayInput, past_day
from leaders.actions import end_tenures
from leaders.entry.forms import DecisionFields, ways_out
from leaders.hand_over import Cause, ended_besides, way_out_of
from leaders.models import Tenure, WayOut


class CauseForm(GuardedFormMixin, DecisionFields):
    """The first step: what happened, when, and by which paper."""

    cause = forms.ChoiceField(
        label=gettext_lazy("what has happened"), choices=Cause.choices, widget=forms.RadioSelect
    )
    last_day = forms.DateField(
        label=gettext_lazy("last day in office"),
        widget=DayInput(),
        validators=[past_day],
        help_text=gettext_lazy("Of a death: the day of the death. A day in the past may be entered."),
    )


class LeaveForm(GuardedFormMixin, DecisionFields):
    """The second step: some or all seats of one person end on one day, each in a way that its office knows."""

    cause = forms.ChoiceField(choices=Cause.choices, required=False, widget=forms.HiddenInput)
    last_day = forms.DateField(
        label=gettext_lazy("last day in office"), widget=DayInput(), validators=[past_day]
    )

    def __init__(self, *args, tenures: list[Tenure], told, **kwargs):
        super().__init__(*args, **kwargs)
        self.tenures, self.told = tenures, told
        for tenure in tenures:
            self.fields[self._name(tenure)] = forms.ChoiceField(
                label=tenure.seat_name,
                required=False,
                choices=[
                    ("", _("stays in office")),
                    *((way.value, way.label) for way in ways_out(tenure.office)),
                ],
            )

    @staticmethod
    def _name(tenure: Tenure) -> str:
        return f"seat_{tenure.pk}"

    def propose(self, cause: str, only: int | None = None) -> None:
        """Preset the way out that the cause means; of one seat alone where only that one was asked for."""
        for tenure in self.tenures:
            if only in (None, tenure.pk) or cause == Cause.DIED:
                self.initial[self._name(tenure)] = way_out_of(cause, tenure.office)

    @property
    def seat_fields(self) -> list:
        return [self[self._name(tenure)] for tenure in self.tenures]

    def leaving(self) -> list[tuple[Tenure, str]]:
        ways = [(tenure, self.cleaned_data.get(self._name(tenure))) for tenure in self.tenures]
        return [(tenure, way) for tenure, way in ways if way]

    def clean(self):
        cleaned = super().clean()
        leaving = self.leaving()
        if not leaving and not self.errors:
            raise ValidationError(_("Choose for at least one office how it ends."))
        if any(way == WayOut.DIED for _tenure, way in leaving):
            for tenure in self.tenures:
                if cleaned.get(self._name(tenure)) != WayOut.DIED:
                    self.add_error(
                        self._name(tenure), _("Who has died leaves every office. Choose the same here.")
                    )
        last_day = cleaned.get("last_day")
        for tenure, _way in leaving:
            first = tenure.starts_on or tenure.seen_on
            if last_day and first and last_day < first:
                self.add_error(
                    "last_day",
                    _("The last day (%(last)s) is before the first (%(first)s).")
                    % {"last": f"{last_day:%d/%m/%Y}", "first": f"{first:%d/%m/%Y}"},
                )
                break
        return cleaned

    def consequences(self) -> list[str]:
        """Return what saving will record, one sentence for each seat, and for what a death ends besides."""
        leaving = self.leaving()
        own = [
            _("%(seat)s: last day %(day)s, %(way)s")
            % {
                "seat": tenure.seat_name,
                "day": f"{self.cleaned_data['last_day']:%d/%m/%Y}",
                "way": WayOut(way).label,
            }
            for tenure, way in leaving
        ]
        if WayOut.DIED not in [way for _tenure, way in leaving]:
            return own
        return own + ended_besides(
            [tenure for tenure, _way in leaving], self.cleaned_data["last_day"], self.told
        )

    def staying(self) -> list[str]:
        """Return the seats that go on."""
        left = {tenure.pk for tenure, _way in self.leaving()}
        return [tenure.seat_name for tenure in self.tenures if tenure.pk not in left]

    def save(self, unit) -> None:
        end_tenures(self.leaving(), last_day=self.cleaned_data["last_day"], decision=self.decision(unit))
