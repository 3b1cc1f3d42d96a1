"""Forms that do not write over what somebody else has changed since they were shown."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _


class Guard:
    """The last recorded change of the rows that a form is about.

    The form carries its mark; a form with an older mark was shown before that change. The view
    locks the row the others hang on first, so that nothing slips in between.
    """

    def __init__(self, *histories):
        self.changes = [
            history.select_related("change_set").order_by("-history_id").first() for history in histories
        ]

    @property
    def mark(self) -> str:
        return "-".join(str(change.history_id if change else 0) for change in self.changes)

    def refusal(self) -> str:
        """Say who changed what when, and what to do now."""
        newest = max(filter(None, self.changes), key=lambda change: change.history_date)
        at = timezone.localtime(newest.history_date)
        return _(
            "%(who)s changed this at %(time)s, after the page was opened. Nothing was saved. Compare with what is"
            " recorded now, then save again."
        ) % {"who": newest.change_set.by_name or _("Somebody"), "time": f"{at:%H:%M %d/%m/%Y}"}


def who_was_first(change) -> str:
    """Say who changed a row of a grid after it was opened, by the last record of its history."""
    return _("%(who)s changed this row at %(time)s, after it was opened here. Which values are to stay?") % {
        "who": change.change_set.by_name or _("Somebody"),
        "time": f"{timezone.localtime(change.history_date):%H:%M}",
    }


class GuardedFormMixin(forms.Form):
    """Refuses to save when the rows were changed since the form was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, guard: Guard, **kwargs):
        super().__init__(*args, **kwargs)
        self.guard = guard
        self.initial["seen"] = guard.mark

    def clean(self):
        cleaned = super().clean()
        if self.cleaned_data.get("seen") != self.guard.mark:
            # What comes back names the new state, so that a second try is a decision.
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.guard.mark
            raise ValidationError(
                self.guard.refusal() if any(self.guard.changes) else _("Open this page again.")
            )
        return cleaned
