"""Forms for seats and people. What must be true stands in the models and in leaders/actions.py."""

from datetime import date

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.guard import GuardedFormMixin
from accounts.sure import SureMixin
from cells.dated import ONE_DAY
from cells.entry.forms import DayInput, past_day
from cells.models import Decision
from leaders.actions import add_people, begin_tenures, end_tenure, replace_holder
from leaders.fields import PartialDateField
from leaders.hand_over import DEPUTY_OF, Cause, ended_besides, way_out_of
from leaders.models import (
    PARTY_OFFICES,
    SINGLE_SEATS,
    Gender,
    MembershipStatus,
    Person,
    Tenure,
    WayIn,
    WayOut,
)
from leaders.models.gone import Taking, gone_before
from leaders.models.tenures import HAMLET_WAYS_OUT, PARTY_WAYS_OUT, WAYS_IN
from leaders.models.terms import validate_term
from sheets.text import nfc


def _choices(ways, empty) -> list:
    return [("", empty), *((way.value, way.label) for way in ways)]


def ways_out(office: str) -> tuple:
    return PARTY_WAYS_OUT if office in PARTY_OFFICES else HAMLET_WAYS_OUT


class DecisionFields(forms.Form):
    """Number, day and issuing body of the paper, where there is one: all three or none."""

    decision_number = forms.CharField(label=gettext_lazy("decision number"), max_length=60, required=False)
    decision_date = forms.DateField(
        label=gettext_lazy("day of signing"), required=False, widget=DayInput(), validators=[past_day]
    )
    decision_body = forms.CharField(label=gettext_lazy("issuing body"), max_length=200, required=False)
    reason = forms.CharField(
        label=gettext_lazy("reason, note for the history"), max_length=400, required=False
    )
    DECISION = ("decision_number", "decision_date", "decision_body")

    def clean(self):
        cleaned = super().clean()
        given = [name for name in self.DECISION if cleaned.get(name)]
        for name in self.DECISION:
            if given and name not in given and name not in self.errors:
                self.add_error(
                    name, _("A decision is named by number, day and issuing body. Enter all three.")
                )
        return cleaned

    def decision(self, unit) -> Decision | None:
        """Return the decision as recorded, or record it; None where none was named."""
        number, day, body = (self.cleaned_data[name] for name in self.DECISION)
        if not number:
            return None
        return Decision.objects.recorded(number, day, body, unit=unit)


class PersonFields(forms.Form):
    """Somebody who is recorded already, or a new person."""

    person = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("who"), required=False, widget=forms.RadioSelect
    )
    full_name = forms.CharField(label=gettext_lazy("full name"), max_length=120, required=False)
    gender = forms.ChoiceField(
        label=gettext_lazy("gender"), required=False, choices=[("", "–"), *Gender.choices]
    )
    born = PartialDateField(
        label=gettext_lazy("birth date"),
        required=False,
        help_text=gettext_lazy("03/02/1985; the year alone where no more is known."),
    )
    membership = forms.ChoiceField(
        label=gettext_lazy("Party member"),
        choices=MembershipStatus.choices,
        initial=MembershipStatus.UNKNOWN,
        required=False,
    )
    phone = forms.CharField(
        label=gettext_lazy("telephone"),
        required=False,
        max_length=20,
        validators=Person._meta.get_field("phone").validators,
    )
    NEW_PERSON = ("full_name", "gender", "born", "membership", "phone")

    def offer(self, people, candidates) -> None:
        """Let one of these people be chosen; only the candidates are shown."""
        self.fields["person"].queryset = people
        shown = [(person.pk, _candidate(person)) for person in candidates]
        self.fields["person"].choices = [*shown, ("", _("A new person (enter below)"))]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("person") and cleaned.get("full_name"):
            raise ValidationError(_("Either choose somebody from the list or enter a new person, not both."))
        if not cleaned.get("person") and not cleaned.get("full_name") and "full_name" not in self.errors:
            self.add_error(
                "full_name", _("Choose somebody from the list, or enter the full name of a new person.")
            )
        return cleaned

    def chosen_person(self, keeper) -> Person:
        """Return the chosen person, or record the new one in the books of the keeper."""
        cleaned = self.cleaned_data
        if cleaned["person"]:
            return cleaned["person"]
        new = Person(
            full_name=cleaned["full_name"],
            gender=cleaned["gender"],
            membership=cleaned["membership"] or MembershipStatus.UNKNOWN,
            phone=cleaned["phone"],
            keeper=keeper,
        )
        new.set_partial_date("born", cleaned["born"])
        (person,) = add_people([new])
        return person


def _candidate(person: Person) -> str:
    """Return the name with the seats of today: two people may bear one name."""
    seats = "; ".join(seat.seat_name for seat in person.seats_today)
    return f"{person} – {seats}" if seats else str(person)


class FillSeatForm(GuardedFormMixin, SureMixin, PersonFields, DecisionFields):
    """Put somebody into a seat from a day on.

    ``seats`` are those the user may be told of: one person seldom holds the same seat in two places.
    """

    starts_on = forms.DateField(
        label=gettext_lazy("in office from"), widget=DayInput(), validators=[past_day]
    )
    way_in = forms.ChoiceField(label=gettext_lazy("way in"))
    term = forms.CharField(
        label=gettext_lazy("term"),
        required=False,
        max_length=9,
        validators=[validate_term],
        help_text=gettext_lazy("For example 2020-2022."),
    )
    ends_deputy = forms.BooleanField(
        label=gettext_lazy(
            "whoever is deputy here and comes into this seat is deputy until the day before only"
        ),
        required=False,
        initial=True,
    )

    def __init__(self, *args, office: str, body, people, candidates, seats, **kwargs):
        super().__init__(*args, **kwargs)
        self.office, self.body, self.seats = office, body, seats
        self.deputies = list(self._deputies())
        if not self.deputies:
            del self.fields["ends_deputy"]
        self.fields["way_in"].choices = _choices(WAYS_IN[office], _("Choose"))
        if office in PARTY_OFFICES:
            self.fields["membership"].initial = MembershipStatus.YES
        self.offer(people, candidates)

    def clean_starts_on(self):
        day = self.cleaned_data["starts_on"]
        if not self.body.periods.on(day).exists():
            raise ValidationError(
                _("%(body)s did not exist on %(day)s. Check the day.")
                % {"body": self.body, "day": f"{day:%d/%m/%Y}"}
            )
        return day

    def clean(self):
        cleaned = super().clean()
        person, day = cleaned.get("person"), cleaned.get("starts_on")
        if person and day:
            self._ask_about_second_seat(person, day)
            for _one, sentence in gone_before([Taking(person, day, self.office in PARTY_OFFICES)]):
                self.add_error("person", sentence)
        return cleaned

    def _deputies(self):
        if self.office not in DEPUTY_OF:
            return Tenure.objects.none()
        deputies = Tenure.objects.filter(
            office=DEPUTY_OF[self.office], ends_on__isnull=True, **self._body_columns()
        )
        return deputies.select_related("person", "cell", "hamlet").order_by("pk")

    def _ask_about_second_seat(self, person: Person, day: date) -> None:
        if self.office not in SINGLE_SEATS:
            return
        held = self.seats.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), person=person)
        held = held.filter(office=self.office).exclude(**self._body_columns())
        names = [seat.seat_name for seat in held.select_related("cell", "hamlet").order_by("pk")]
        if names:
            self.ask_if_sure(
                _(
                    "%(person)s is recorded in this office elsewhere: %(seats)s. Tick if one person holds both."
                )
                % {"person": person, "seats": "; ".join(names)}
            )

    def deputy_leaving(self) -> list[Tenure]:
        """Return the seat as deputy that ends because the deputy moves up."""
        person, last_day = self.cleaned_data["person"], self.cleaned_data["starts_on"] - ONE_DAY
        if person is None or not self.cleaned_data.get("ends_deputy"):
            return []
        mine = [one for one in self.deputies if one.person_id == person.pk]
        return [one for one in mine if one.known_days[0] <= last_day]

    def told_of_deputy(self) -> list[str]:
        return [
            _("%(seat)s: last day %(day)s, %(way)s")
            % {
                "seat": one.seat_name,
                "day": f"{self.cleaned_data['starts_on'] - ONE_DAY:%d/%m/%Y}",
                "way": WayOut(way_out_of(Cause.RESIGNED, one.office)).label,
            }
            for one in self.deputy_leaving()
        ]

    def _end_deputy(self) -> None:
        for one in self.deputy_leaving():
            last_day = self.cleaned_data["starts_on"] - ONE_DAY
            end_tenure(one, last_day=last_day, way_out=way_out_of(Cause.RESIGNED, one.office))

    def _body_columns(self) -> dict:
        return {"cell" if self.office in PARTY_OFFICES else "hamlet": self.body}

    def save(self) -> Tenure:
        cleaned = self.cleaned_data
        self._end_deputy()
        (tenure,) = begin_tenures(
            [
                Tenure(
                    person=self.chosen_person(self.body.commune),
                    office=self.office,
                    starts_on=cleaned["starts_on"],
                    way_in=cleaned["way_in"],
                    term=cleaned["term"],
                    decision=self.decision(self.body.commune),
                    **self._body_columns(),
                )
            ]
        )
        return tenure


class ReplaceForm(FillSeatForm):
    """Let the holder leave and somebody else follow."""

    way_out = forms.ChoiceField(label=gettext_lazy("way out of the former holder"))
    last_day = forms.DateField(
        label=gettext_lazy("last day of the former holder"),
        required=False,
        widget=DayInput(),
        validators=[past_day],
        help_text=gettext_lazy("Empty: the day before the new holder begins."),
    )

    def __init__(self, *args, tenure: Tenure, **kwargs):
        super().__init__(*args, office=tenure.office, body=tenure.body, **kwargs)
        self.tenure = tenure
        self.fields["way_out"].choices = _choices(ways_out(tenure.office), _("Choose"))

    def clean(self):
        cleaned = super().clean()
        starts_on, last_day = cleaned.get("starts_on"), cleaned.get("last_day")
        if starts_on and last_day and last_day >= starts_on:
            self.add_error("last_day", _("The former holder leaves before the new one begins."))
        if cleaned.get("person") and cleaned["person"].pk == self.tenure.person_id:
            self.add_error(
                "person", _("%(person)s holds this seat already.") % {"person": self.tenure.person}
            )
        return cleaned

    def save(self) -> Tenure:
        cleaned = self.cleaned_data
        self._end_deputy()
        return replace_holder(
            self.tenure,
            person=self.chosen_person(self.body.commune),
            on=cleaned["starts_on"],
            way_out=cleaned["way_out"],
            way_in=cleaned["way_in"],
            last_day=cleaned["last_day"],
            term=cleaned["term"],
            decision=self.decision(self.body.commune),
        )

    def consequences(self) -> list[str]:
        """Return what saving will record: who leaves when, and who follows."""
        cleaned = self.cleaned_data
        last_day = cleaned["last_day"] or cleaned["starts_on"] - ONE_DAY
        return [
            _("%(person)s: last day %(day)s, %(way)s")
            % {
                "person": self.tenure.person,
                "day": f"{last_day:%d/%m/%Y}",
                "way": WayOut(cleaned["way_out"]).label,
            },
            *(
                ended_besides([self.tenure], last_day, self.seats)
                if cleaned["way_out"] == WayOut.DIED
                else ()
            ),
            _("%(person)s: in office from %(day)s, %(way)s")
            % {
                "person": cleaned["person"] or nfc(cleaned["full_name"]),
                "day": f"{cleaned['starts_on']:%d/%m/%Y}",
                "way": WayIn(cleaned["way_in"]).label,
            },
            *self.told_of_deputy(),
        ]


class PersonForm(GuardedFormMixin, forms.ModelForm):
    """What is kept about a person. Dates may be known in part."""

    PARTIAL = ("born", "admitted", "official", "left")

    born = PartialDateField(label=gettext_lazy("birth date"), required=False)
    admitted = PartialDateField(label=gettext_lazy("admitted to the Party"), required=False)
    official = PartialDateField(label=gettext_lazy("official member since"), required=False)
    left = PartialDateField(label=gettext_lazy("left the Party"), required=False)

    class Meta:
        model = Person
        fields = [
            "full_name",
            "gender",
            "phone",
            "ethnicity",
            "education",
            "profession",
            "theory_level",
            "membership",
            "note",
        ]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    field_order = ["full_name", "gender", "born", "phone", "membership", "admitted", "official", "left"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not settings.KEEP_ETHNICITY:
            del self.fields["ethnicity"]
        for name in self.PARTIAL:
            self.initial[name] = self.instance.partial_date(name)

    def clean(self):
        cleaned = super().clean()
        for name in self.PARTIAL:
            if name not in self.errors:
                self.instance.set_partial_date(name, cleaned.get(name))
        admitted, official = cleaned.get("admitted"), cleaned.get("official")
        if admitted and official and official.first_day < admitted.first_day and official.precision == "day":
            self.add_error("official", _("The person became an official member before being admitted."))
        return cleaned
