"""The paper a draft rests on: one that is recorded already, or a new one."""

from django.utils.translation import gettext as _

from cells.models import Decision, Unit
from desk.reorganisation.wording import suggested_body
from leaders.entry.forms import DecisionFields
from sheets.text import fold


class PaperFields(DecisionFields):
    """A recorded decision by its number alone, or a new one by number, day and issuing body."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.recorded = user, None
        self.fields["decision_number"].label = _("number of the resolution or decision")
        self.fields["decision_number"].help_text = _(
            "Of a decision that is recorded already, the number is enough."
        )

    def clean(self):
        self._complete_by_number()
        return super().clean()

    def _complete_by_number(self) -> None:
        """Fill in day and body where the number says which decision is meant; ask where it does not."""
        given = {name: self.cleaned_data.get(name) for name in self.DECISION}
        number, day, body = given.values()
        if not number or (day and body) or set(self.DECISION) & set(self.errors):
            return
        rows = Decision.objects.visible_to(self.user).filter(search_key__startswith=fold(number))
        fits = [
            row
            for row in rows.filter(**({"date": day} if day else {}))
            if fold(row.number) == fold(number) and (not body or fold(row.issuing_body) == fold(body))
        ]
        if len(fits) == 1:
            self.recorded = fits[0]
            self.cleaned_data |= {
                "decision_date": fits[0].date,
                "decision_body": fits[0].issuing_body,
            }
        elif fits:
            shown = "; ".join(f"{row.date:%d/%m/%Y}, {row.issuing_body}" for row in fits[:5])
            self.add_error(
                "decision_number",
                _("Several decisions bear this number: %(decisions)s. Enter day and issuing body.")
                % {"decisions": shown},
            )

    def decision(self, unit) -> Decision | None:
        return self.recorded or super().decision(unit)

    def show_decision(self, decision: Decision | None, *, unit: Unit | None, of_party: bool = False) -> None:
        """Begin with this decision; without one the usual issuing body is offered."""
        if decision:
            self.initial |= {
                "decision_number": decision.number,
                "decision_date": decision.date,
                "decision_body": decision.issuing_body,
            }
        elif not self.is_bound:
            self.fields["decision_body"].widget.attrs["placeholder"] = suggested_body(unit, of_party=of_party)
