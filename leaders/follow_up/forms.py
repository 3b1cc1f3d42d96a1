"""Forms about assignments, visits and inspections. What must be true stands in the models, rules and acts."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.guard import GuardedFormMixin
from accounts.models import Role, User
from cells.accounts import accounts_seen_by
from cells.entry.forms import DayInput, past_day
from cells.kinds import Level
from cells.models import Unit
from leaders.actions import assign, correct_assignments
from leaders.entry.forms import PersonFields
from leaders.follow_up.acts import HandOver, Officer, hand_over, plan_hand_over
from leaders.models import Assignment, Visit
from sheets.text import nfc

KINDS_OF_COMMUNES = (Assignment.Kind.COMMITTEE_MEMBER, Assignment.Kind.STANDING_MEMBER)


def kinds_for(level: str) -> list:
    """Return the kinds of work there are for hamlets, or for communes."""
    kinds = [Assignment.Kind.HAMLET_OFFICER] if level == Level.HAMLET else KINDS_OF_COMMUNES
    return [(kind.value, kind.label) for kind in kinds]


class OfficerFields(PersonFields):
    """Somebody who is recorded, a new person, or an organisation that names nobody."""

    organisation = forms.CharField(
        label=gettext_lazy("organisation"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Of the person, or that which follows without naming anybody."),
    )
    PERSON = ("full_name", "gender", "born", "phone")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["membership"]

    def clean(self):
        cleaned = self.cleaned_data
        cleaned.setdefault("membership", "")
        names_nobody = not cleaned.get("person") and not cleaned.get("full_name")
        if cleaned.get("organisation") and names_nobody and "full_name" not in self.errors:
            return cleaned
        return super().clean()

    @property
    def names_a_person(self) -> bool:
        return bool(self.cleaned_data["person"] or self.cleaned_data["full_name"])

    def officer(self, keeper: Unit) -> Officer:
        """Return who was chosen; a new person is recorded in the books of the keeper."""
        organisation = nfc(self.cleaned_data["organisation"])
        if not self.names_a_person:
            return Officer(organisation=organisation)
        return Officer(self.chosen_person(keeper), organisation)


class UnitsField(forms.ModelMultipleChoiceField):
    """Hamlets or communes to tick, each with who follows it now where the page has loaded that."""

    def __init__(self, **kwargs):
        super().__init__(Unit.objects.none(), widget=forms.CheckboxSelectMultiple, **kwargs)

    def label_from_instance(self, unit: Unit) -> str:
        followers = ", ".join(one.who for one in getattr(unit, "followers", ()))
        return _("%(unit)s (now: %(who)s)") % {"unit": unit, "who": followers} if followers else str(unit)


class AssignForm(GuardedFormMixin, OfficerFields):
    """Let an officer follow one unit or many from a day on."""

    kind = forms.ChoiceField(label=gettext_lazy("kind"))
    units = UnitsField(label=gettext_lazy("what they follow"))
    starts_on = forms.DateField(label=gettext_lazy("follows from"), widget=DayInput())
    ends_on = forms.DateField(
        label=gettext_lazy("follows until"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Last day. Empty: running on."),
    )
    reason = forms.CharField(
        label=gettext_lazy("reason, note for the history"), max_length=400, required=False
    )

    def __init__(self, *args, level: str, units, people, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(people, candidates)
        self.fields["kind"].choices = kinds_for(level)
        self.fields["units"].queryset = units
        self.fields["starts_on"].initial = timezone.localdate()

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first day. Check both days."))
        return cleaned

    def save(self, keeper: Unit, *, by_commune: bool) -> list[Assignment]:
        cleaned = self.cleaned_data
        officer = self.officer(keeper)
        said = {name: cleaned[name] for name in ("kind", "starts_on", "ends_on")}
        rows = [officer.assignment(unit=unit, by_commune=by_commune, **said) for unit in cleaned["units"]]
        return assign(rows)


class AssignmentForm(GuardedFormMixin, forms.ModelForm):
    """Correct the days of an assignment, or end it."""

    reason = forms.CharField(
        label=gettext_lazy("reason, note for the history"), max_length=400, required=False
    )

    class Meta:
        model = Assignment
        fields = ["organisation", "starts_on", "ends_on"]
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}

    def save(self):
        correct_assignments([self.instance], self._meta.fields)
        return self.instance


class HandOverForm(OfficerFields):
    """Hand over everything somebody follows to somebody else, from a day on."""

    on = forms.DateField(label=gettext_lazy("the new officer follows from"), widget=DayInput())
    reason = forms.CharField(
        label=gettext_lazy("reason, note for the history"), max_length=400, required=False
    )
    # What the page of consequences has shown.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, assignments, people, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.assignments = assignments
        self.offer(people, candidates)
        self.fields["on"].initial = timezone.localdate()

    def plan(self) -> HandOver:
        """Return what saving would bring about; a new person has no record yet."""
        cleaned = self.cleaned_data
        known = cleaned["person"] or not self.names_a_person
        organisation = nfc(cleaned["organisation"])
        to = (
            Officer(cleaned["person"], organisation)
            if known
            else Officer(organisation=nfc(cleaned["full_name"]))
        )
        return plan_hand_over(self.assignments, to=to, on=cleaned["on"])

    def save(self, keeper: Unit) -> HandOver:
        cleaned = self.cleaned_data
        return hand_over(self.assignments, to=self.officer(keeper), on=cleaned["on"], seen=cleaned["seen"])


class AttendedField(forms.TypedChoiceField):
    """Yes, no, or not known."""

    def __init__(self, **kwargs):
        kwargs.setdefault("choices", [("", "–"), ("1", gettext_lazy("yes")), ("0", gettext_lazy("no"))])
        super().__init__(
            coerce=lambda text: {"1": True, "0": False}[text], empty_value=None, required=False, **kwargs
        )

    def prepare_value(self, value):
        return {True: "1", False: "0", None: ""}.get(value, value)


class _PromiseFields(forms.ModelForm):
    """What was promised, and by when."""

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("promise"):
            for name in ("promise_due", "promise_undated", "promise_kept_on"):
                if cleaned.get(name) and "promise" not in self.errors:
                    self.add_error("promise", _("Write what was promised."))
                    break
        elif "promise_due" not in self.errors and bool(cleaned.get("promise_due")) == bool(
            cleaned.get("promise_undated")
        ):
            self.add_error("promise_due", _("Enter by when it was promised, or tick that no day was named."))
        return cleaned


class LogForm(_PromiseFields):
    """A visit in two taps and a sentence: today is set, and the button says whether the officer attended."""

    attended = AttendedField(label=gettext_lazy("attended the cell meeting"))

    class Meta:
        model = Visit
        fields = ["unit", "day", "remark", "attended", "promise", "promise_due", "promise_undated"]
        widgets = {
            "day": DayInput(),
            "promise_due": DayInput(),
            "remark": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].empty_label = None
        self.fields["day"].validators.append(past_day)


class VisitForm(GuardedFormMixin, _PromiseFields):
    """Correct what was told of a visit."""

    attended = AttendedField(label=gettext_lazy("attended the cell meeting"), widget=forms.RadioSelect)

    class Meta:
        model = Visit
        fields = ["day", "attended", "remark", "promise", "promise_due", "promise_undated", "promise_kept_on"]
        widgets = {name: DayInput() for name in ("day", "promise_due", "promise_kept_on")} | {
            "remark": forms.Textarea(attrs={"rows": 3})
        }


_MENDED = {
    "promise": gettext_lazy("what is to be mended"),
    "promise_due": gettext_lazy("to be mended by"),
    "promise_kept_on": gettext_lazy("mended on"),
}


class InspectionFields(_PromiseFields):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in _MENDED.items():
            if name in self.fields:
                self.fields[name].label = label
        self.fields["team"].required = True
        self.fields["day"].validators.append(past_day)


class InspectionForm(GuardedFormMixin, InspectionFields):
    """An inspection of one unit or several."""

    units = UnitsField(label=gettext_lazy("inspected units"))
    field_order = ["team", "day", "units"]

    class Meta:
        model = Visit
        fields = ["team", "day", "remark", "conclusion", "promise", "promise_due", "promise_undated"]
        widgets = {
            "day": DayInput(),
            "promise_due": DayInput(),
            "remark": forms.Textarea(attrs={"rows": 3}),
            "conclusion": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units
        self.instance.kind = Visit.Kind.INSPECTION

    def _get_validation_exclusions(self):
        # The unit comes with each row; see record_inspection().
        return super()._get_validation_exclusions() | {"unit"}


class InspectionEditForm(GuardedFormMixin, InspectionFields):
    class Meta(InspectionForm.Meta):
        fields = [*InspectionForm.Meta.fields, "promise_kept_on"]
        widgets = InspectionForm.Meta.widgets | {"promise_kept_on": DayInput()}


class AccountForm(forms.Form):
    """With which account an officer signs in, by its login: nobody leafs through the accounts of others."""

    login = forms.CharField(
        label=gettext_lazy("login of the account"),
        max_length=150,
        required=False,
        help_text=gettext_lazy(
            "An account with the role of a follow-up officer, made by the system administrator. Empty: the officer"
            " has no account, and staff record the visits."
        ),
    )

    def __init__(self, *args, person, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.person, self.user = person, user
        self.account = person.account
        self.initial["login"] = person.account.username if person.account else ""

    def clean_login(self):
        login = self.cleaned_data["login"]
        self.account = None
        if not login:
            return login
        account = User.objects.filter(
            username=login, role=Role.FOLLOW_UP_OFFICER, is_active=True, is_superuser=False
        ).first()
        if account is None or not self._may_link(account):
            raise ValidationError(
                _("There is no account of a follow-up officer called %(login)s that may be linked here.")
                % {"login": login}
            )
        self.account = account
        return login

    def _may_link(self, account: User) -> bool:
        """Whether it is nobody else's, and reads nothing that the user does not keep."""
        other = getattr(account, "person", None)
        if other is not None and other != self.person:
            return False
        return not account.grants.exists() or accounts_seen_by(self.user).filter(pk=account.pk).exists()
