"""Forms of the pages about records of people."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.guard import GuardedFormMixin
from accounts.sure import SureMixin
from cells.models import Unit
from dashboards.rows import PersonRow
from leaders.models import Person, PersonRequest
from sheets.text import fold, lower_first, nfc

_OLDEST = 110


class AskForm(forms.ModelForm):
    """What a commune writes about somebody whose record it needs."""

    class Meta:
        model = PersonRequest
        fields = ["full_name", "birth_year", "came_from", "purpose"]
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "birth_year": gettext_lazy("Four digits, for example 1985."),
            "came_from": gettext_lazy("Commune or cell where the person was before."),
            "purpose": gettext_lazy("For example: elected secretary of the cell of ấp 3."),
        }

    def clean_full_name(self) -> str:
        return nfc(self.cleaned_data["full_name"]).strip()

    def clean_birth_year(self) -> int | None:
        year, now = self.cleaned_data["birth_year"], timezone.localdate().year
        if year is not None and not now - _OLDEST <= year <= now:
            raise ValidationError(_("Enter the year of birth with four digits, for example 1985."))
        return year

    def clean(self):
        cleaned = super().clean()
        waiting = PersonRequest.objects.filter(
            asked_by=self.instance.asked_by_id, state=PersonRequest.State.OPEN
        )
        name, year = cleaned.get("full_name"), cleaned.get("birth_year")
        if name and any(
            fold(one.full_name) == fold(name) and year in (None, one.birth_year) for one in waiting
        ):
            raise ValidationError(
                _("You have asked for %(person)s already; the province has not answered yet.")
                % {"person": name}
            )
        return cleaned


class AssignForm(GuardedFormMixin, SureMixin, forms.Form):
    """Which of the records is meant. A choice names the keeper too: it is void when the record has moved."""

    person = forms.ChoiceField(
        label=gettext_lazy("who is meant"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose the record that is meant."),
            "invalid_choice": gettext_lazy(
                "This record has changed since the page was opened. Choose again."
            ),
        },
    )

    field_order = ["person", "sure"]

    def __init__(self, *args, rows: list[PersonRow], to: Unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.to, self.rows = to, {row.person.pk: row for row in rows}
        self.people = {_mark(row.person): row.person for row in rows}
        self.fields["person"].choices = [(_mark(row.person), _told(row)) for row in rows]

    def clean_person(self) -> Person:
        return self.people[self.cleaned_data["person"]]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("person"):
            self._ask_about_seats_elsewhere(cleaned["person"])
        return cleaned

    def _ask_about_seats_elsewhere(self, person: Person) -> None:
        """Whose record goes to one commune while seats run on in another is seldom meant."""
        held = [
            f"{seat.seat_name} ({seat.body.commune})"
            for seat in self.rows[person.pk].seats
            if seat.body.commune_id != self.to.pk
        ]
        if held:
            self.ask_if_sure(
                _(
                    "%(person)s holds seats outside %(commune)s that go on: %(seats)s. End them first where they"
                    " are over, or tick if the record is to go all the same."
                )
                % {"person": person, "commune": lower_first(str(self.to)), "seats": "; ".join(held)}
            )


def _mark(person: Person) -> str:
    return f"{person.pk}-{person.keeper_id}"


def _told(row: PersonRow) -> str:
    """Return what tells this one from others of the name."""
    seats = "; ".join(seat.seat_name for seat in row.seats)
    parts = (str(row.person), str(row.born or ""), seats, str(row.person.keeper))
    return " – ".join(filter(None, parts))


class DeclineForm(GuardedFormMixin, forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("why the record is not assigned"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
