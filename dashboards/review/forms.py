"""What the province is asked on the pages of the review: a year, its days, a row for a list, a paper."""

from datetime import date

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cells.entry.forms import DayInput
from cells.models import Cell, CellKind, Unit
from evaluations.forms import PaperForm
from evaluations.models import LeaderRating, Level, ReviewCycle, Submission
from evaluations.models.rules import FIRST_YEAR, LAST_YEAR
from evaluations.review.communes import commune_rows
from evaluations.review.listing import cells_in
from evaluations.review.opening import Plan
from leaders.models import Office, Tenure
from sheets.text import nfc

# The weeks in which communes rate their cells, by day and month: until when the list is confirmed, what day it
# is of, and until when results are sent. Other days are chosen on the page.
LIST_DEADLINE, ROSTER_DAY, DEADLINE = (11, 20), (11, 25), (12, 15)
_GROUP = "group_"
# The choice of those whom no level was given: not subject to rating, or not decided.
WITHOUT = "khong"


def usual_days(year: int, today: date) -> dict[str, date]:
    """Return the days a year is usually opened with; none of them lies in the past."""
    last = date(year, 12, 31)
    return {
        "list_deadline": min(max(date(year, *LIST_DEADLINE), today), last),
        "roster_day": min(max(date(year, *ROSTER_DAY), today), last),
        "deadline": max(date(year, *DEADLINE), today),
    }


class OpenForm(forms.Form):
    """A year to open: its days, whom it rates, which kinds of cells share one limit of excellent ones."""

    province = forms.ModelChoiceField(Unit.objects.none(), label=gettext_lazy("province"))
    year = forms.IntegerField(label=gettext_lazy("year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    list_deadline = forms.DateField(
        label=gettext_lazy("deadline for the list"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Until this day the communes look through their list and confirm it."),
    )
    roster_day = forms.DateField(
        label=gettext_lazy("roster day"),
        widget=DayInput(),
        help_text=gettext_lazy("The day that decides which cells are rated, and in which commune."),
    )
    deadline = forms.DateField(
        label=gettext_lazy("deadline for the results"),
        widget=DayInput(),
        help_text=gettext_lazy(
            "Until this day the communes send their results. A commune may get a day of its own."
        ),
    )
    leaders = forms.ChoiceField(
        label=gettext_lazy("people rated"),
        choices=ReviewCycle.Leaders,
        initial=ReviewCycle.Leaders.SECRETARIES,
    )

    def __init__(self, *args, user, hamlets: str, **kwargs):
        super().__init__(*args, **kwargs)
        provinces = Unit.objects.kept_by(user).filter(level="province", closed_on__isnull=True)
        self.fields["province"].queryset = provinces.order_by("sort_key", "pk")
        today = timezone.localdate()
        self.initial = {"year": today.year, **usual_days(today.year, today), **self.initial}
        if (only := self._only(provinces)) is not None:
            self.fields["province"].widget = forms.HiddenInput()
            self.initial["province"] = only.pk
        for kind in CellKind:
            self.fields[_GROUP + kind.value] = forms.CharField(
                label=kind.label,
                required=False,
                max_length=100,
                initial=_("Cells of %(hamlets)s") % {"hamlets": hamlets}
                if kind == CellKind.HAMLET
                else _("Cells: %(kind)s") % {"kind": kind.label},
            )

    @staticmethod
    def _only(provinces) -> Unit | None:
        found = list(provinces[:2])
        return found[0] if len(found) == 1 else None

    @property
    def day_fields(self):
        names = ("province", "year", "list_deadline", "roster_day", "deadline", "leaders")
        return [self[name] for name in names]

    @property
    def group_fields(self):
        return [self[name] for name in self.fields if name.startswith(_GROUP)]

    def plan(self) -> Plan:
        values = self.cleaned_data
        return Plan(
            year=values["year"],
            roster_day=values["roster_day"],
            deadline=values["deadline"],
            list_deadline=values["list_deadline"],
            leaders=values["leaders"],
            groups={
                name.removeprefix(_GROUP): nfc(values[name])
                for name in self.fields
                if name.startswith(_GROUP) and values[name]
            },
        )


class DaysForm(forms.Form):
    """The days of a year that is running; roster day and deadline of the list before it is fixed."""

    list_deadline = forms.DateField(
        label=gettext_lazy("deadline for the list"), required=False, widget=DayInput()
    )
    roster_day = forms.DateField(label=gettext_lazy("roster day"), widget=DayInput())
    deadline = forms.DateField(label=gettext_lazy("deadline for the results"), widget=DayInput())

    def __init__(self, *args, cycle: ReviewCycle, **kwargs):
        super().__init__(*args, **kwargs)
        if cycle.state != ReviewCycle.State.PREPARING:
            del self.fields["list_deadline"], self.fields["roster_day"]
        self.initial |= {name: getattr(cycle, name) for name in self.fields}


class DeadlineForm(forms.Form):
    """A day of its own for one commune."""

    deadline = forms.DateField(
        label=gettext_lazy("deadline of its own"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Empty: the deadline of the year."),
    )


class PhonesForm(forms.Form):
    """The telephone numbers of those who keep a commune's data."""

    def __init__(self, *args, contacts: list[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.contacts = contacts
        for user in contacts:
            self.fields[f"phone_{user.pk}"] = forms.CharField(
                label=str(user),
                required=False,
                max_length=User._meta.get_field("phone").max_length,
                initial=user.phone,
                validators=[RegexValidator(r"^[0-9+()., /-]*$", _("A telephone number is made of figures."))],
                widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
            )

    def save(self) -> int:
        """Save the numbers that were changed; return how many."""
        changed = [user for user in self.contacts if self.cleaned_data[f"phone_{user.pk}"] != user.phone]
        for user in changed:
            user.phone = self.cleaned_data[f"phone_{user.pk}"]
            user.save(update_fields=["phone", "search_key", "full_name"])
        return len(changed)


class WordsForm(forms.Form):
    """A sentence that says why, or what is asked."""

    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stays on the timeline, where the commune reads it too."),
    )


class AddCellForm(WordsForm):
    """A cell that stood in the commune on the roster day and is not on its list."""

    cell = forms.ModelChoiceField(Cell.objects.none(), label=gettext_lazy("cell"))
    field_order = ["cell", "reason"]

    def __init__(self, *args, file: Submission, **kwargs):
        super().__init__(*args, **kwargs)
        there = file.cycle.cellratings.filter(superseded_on__isnull=True).values("cell")
        self.fields["cell"].queryset = cells_in(file).exclude(pk__in=there)


class _SeatField(forms.ModelChoiceField):
    def label_from_instance(self, seat: Tenure) -> str:
        return f"{seat.person} – {seat.cell}"


class AddPersonForm(WordsForm):
    """Somebody who was secretary in the commune in the year and is not on its list."""

    seat = _SeatField(Tenure.objects.none(), label=gettext_lazy("secretary"))
    field_order = ["seat", "reason"]

    def __init__(self, *args, file: Submission, **kwargs):
        super().__init__(*args, **kwargs)
        there = LeaderRating.objects.filter(cycle=file.cycle, superseded_on__isnull=True)
        seats = Tenure.objects.overlapping(date(file.cycle.year, 1, 1), date(file.cycle.year, 12, 31))
        self.fields["seat"].queryset = (
            seats.filter(office=Office.SECRETARY, cell__in=cells_in(file).values("pk"))
            .exclude(person__in=there.values("person"))
            .select_related("person", "cell")
            .order_by("person__sort_key", "pk")
        )


class DecideCommunesForm(PaperForm):
    """One decision for all committees, and those it decides otherwise than was proposed."""

    def __init__(self, *args, cycle: ReviewCycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = list(commune_rows(cycle).filter(decided_level="", not_subject_reason=""))
        for row in self.rows:
            self.fields[f"level_{row.pk}"] = forms.ChoiceField(
                label=str(row.commune),
                required=False,
                choices=[("", _("as proposed")), *((level.value, level.short) for level in Level)],
            )

    @property
    def exception_fields(self):
        return [(row, self[f"level_{row.pk}"]) for row in self.rows]

    def exceptions(self) -> dict:
        chosen = {row: self.cleaned_data[f"level_{row.pk}"] for row in self.rows}
        return {(type(row), row.pk): level for row, level in chosen.items() if level}


class CorrectCommuneForm(PaperForm):
    """A new level for one committee, with the decision that gives it and the reason."""

    level = forms.ChoiceField(
        label=gettext_lazy("decided level"), choices=[(level.value, level.short) for level in Level]
    )
    reason = forms.CharField(
        label=gettext_lazy("reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ["level", *PaperForm.PAPER, "reason"]


class ResultFilter(forms.Form):
    """What a list of results may be narrowed to. Parameter names are read aloud like addresses."""

    q = forms.CharField(label=gettext_lazy("Words of the name"), required=False, max_length=100)
    xa = forms.ModelChoiceField(
        Unit.objects.none(), label=gettext_lazy("Commune"), required=False, empty_label=gettext_lazy("All")
    )
    muc = forms.ChoiceField(
        label=gettext_lazy("Level"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            *((level.value, level.short) for level in Level),
            (WITHOUT, gettext_lazy("without a level")),
        ],
    )
    loc = forms.ChoiceField(label=gettext_lazy("Show"), required=False)

    def __init__(self, *args, communes, shown, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["xa"].queryset = communes
        self.fields["loc"].choices = [("", _("All whose level is here")), *shown]

    def in_words(self) -> str:
        """Return the filter for people, as it goes on papers and into the export log."""
        parts = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value:
                shown = dict(field.choices).get(value, value) if name in ("muc", "loc") else value
                parts.append(f"{field.label}: {shown}")
        return "; ".join(parts)
