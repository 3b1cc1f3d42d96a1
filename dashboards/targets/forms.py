"""What is asked when a target is set, resolved anew or planned."""

from collections.abc import Callable
from copy import copy
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.guard import GuardedFormMixin
from cells.entry.forms import DayInput, past_day
from dashboards.targets.measures import MEASURES, TITLE, has_base, measure_label
from dashboards.targets.pace import year_end
from dashboards.targets.rules import (
    MOST,
    faults_of,
    no_term_words,
    path_faults,
    steps_to_goal,
    term_years,
    years_of,
)
from dashboards.wording import HamletWords
from evaluations.forms import PaperForm
from evaluations.models import FALLING, Target, Title
from sheets.text import nfc, nfc_lines

_STEP = "nam_"
# The button that fills in what can be worked out, and saves nothing.
DIVIDE = "chia"


class ResolutionForm(PaperForm):
    """The paper by which a target is set: its number, its day, who issued it."""

    number = forms.CharField(label=gettext_lazy("number of the resolution"), max_length=60)
    day = forms.DateField(
        label=gettext_lazy("day of the resolution"), widget=DayInput(), validators=[past_day]
    )

    def clean_number(self) -> str:
        return nfc(self.cleaned_data["number"])

    def clean_body(self) -> str:
        return nfc(self.cleaned_data["body"])


class PathMixin(forms.Form):
    """What is planned by the end of each year: proposed in equal steps, then corrected by hand."""

    def add_steps(self, years: range, initial=None) -> None:
        for year in years:
            self.fields[f"{_STEP}{year}"] = forms.IntegerField(
                label=str(year),
                required=False,
                min_value=0,
                max_value=MOST,
                initial=(initial or {}).get(year),
            )

    @property
    def posted_deadline(self) -> date | None:
        """The deadline on the page that was sent, before any check: it says which years have a step."""
        try:
            return date.fromisoformat(self.data.get("deadline", ""))
        except ValueError:
            return None

    @property
    def step_fields(self):
        return [self[name] for name in self.fields if name.startswith(_STEP)]

    @property
    def steps_are_given(self) -> bool:
        """Whether the path was on the page that was sent; the first time it is only proposed."""
        names = [name for name in self.fields if name.startswith(_STEP)]
        return bool(names) and all(name in self.data for name in names) and DIVIDE not in self.data

    def propose(self, propose: Callable[[range], dict[int, int]]) -> None:
        """Fill in the proposed path, so that it is looked at before anything is saved."""
        years = [int(name.removeprefix(_STEP)) for name in self.fields if name.startswith(_STEP)]
        self.data = self.data.copy()
        if years:
            proposed = propose(range(years[0], years[-1] + 1))
            for year in years:
                self.data[f"{_STEP}{year}"] = str(proposed.get(year, ""))

    @property
    def path(self) -> dict[int, int]:
        return {
            int(name.removeprefix(_STEP)): value
            for name, value in self.cleaned_data.items()
            if name.startswith(_STEP) and value is not None
        }

    def check(self, target: Target) -> None:
        """Say what is wrong with the target as it would be, and with its path where that was on the page."""
        for name, said in faults_of(target).items():
            self.add_error(name, said)
        if self.steps_are_given:
            self.check_path(target)

    def check_path(self, target: Target) -> None:
        """Refuse a path that turns back, or that ends beside the goal."""
        for year, said in path_faults(target, self.path).items():
            self.add_error(f"{_STEP}{year}", said)


class TargetForm(PathMixin, ResolutionForm):
    """A target as its resolution sets it, with the path of its years."""

    term = forms.CharField(
        label=gettext_lazy("term"), max_length=9, help_text=gettext_lazy("For example 2020-2025.")
    )
    figure = forms.ChoiceField(
        label=gettext_lazy("What is counted"),
        help_text=gettext_lazy(
            "Attendance of meetings is not on the list: it is a share that begins anew each year,"
            " and comes to no number that a term could ask for."
        ),
    )
    title = forms.ModelChoiceField(
        Title.objects.none(),
        label=gettext_lazy("title"),
        required=False,
        help_text=gettext_lazy("Only where cells with a title are counted."),
    )
    goal = forms.IntegerField(
        label=gettext_lazy("goal"),
        min_value=0,
        max_value=MOST,
        help_text=gettext_lazy(
            "Of what should be fewer: the most there may be; 0 where there should be none."
        ),
    )
    base = forms.IntegerField(
        label=gettext_lazy("base as resolved"),
        required=False,
        min_value=1,
        max_value=MOST,
        help_text=gettext_lazy("Of how many, where the resolution says so. It is never counted anew."),
    )
    deadline = forms.DateField(
        label=gettext_lazy("deadline"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Empty: the last day of the term."),
    )

    WHAT = ("term", "figure", "title", "goal", "base", "deadline")

    def __init__(self, *args, unit, words: HamletWords, **kwargs):
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.fields["figure"].choices = _choices(words)
        titles = Title.objects.order_by("name")
        self.fields["title"].queryset = titles
        years = term_years(self.data.get("term", "")) if self.is_bound else None
        if years:
            last = min(filter(None, [self.posted_deadline, year_end(years[1])])).year
            self.add_steps(range(years[0], max(last, years[0]) + 1))

    @property
    def what_fields(self):
        return [self[name] for name in self.WHAT]

    def clean_term(self) -> str:
        years = term_years(self.cleaned_data["term"])
        if years is None:
            raise ValidationError(no_term_words())
        return f"{years[0]}-{years[1]}"

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("figure") == TITLE and not cleaned.get("title"):
            self.add_error("title", _("Choose the title that is counted."))
        if cleaned.get("figure") != TITLE:
            cleaned["title"] = None
        if not self.errors.keys() & {*self.WHAT}:
            self.check(self.target())
        return cleaned

    def target(self) -> Target:
        """Return the target as it was entered, not saved yet and without its resolution."""
        values = {name: self.cleaned_data[name] for name in self.WHAT}
        return Target(unit=self.unit, **values)


def _choices(words: HamletWords) -> list:
    """Return what may be counted, what should grow apart from what there should be fewer of."""
    labels = {code: measure_label(code, None, words) for code in MEASURES}
    labels[TITLE] = _("Cells that hold a title")
    falling = [(code, labels.pop(code)) for code in MEASURES if code in FALLING]
    return [
        (_("What should grow: at least so many"), list(labels.items())),
        (_("What should be fewer: at most so many"), falling),
    ]


class RenewForm(GuardedFormMixin, PathMixin, ResolutionForm):
    """Another decision about a target: the new goal and base, why, and the path from now on."""

    goal = forms.IntegerField(label=gettext_lazy("new goal"), min_value=0, max_value=MOST)
    base = forms.IntegerField(
        label=gettext_lazy("base as resolved"), required=False, min_value=1, max_value=MOST
    )
    deadline = forms.DateField(
        label=gettext_lazy("deadline"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Empty: the deadline stays."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why goal or base is changed"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    WHAT = ("goal", "base", "deadline", "reason")

    def __init__(self, *args, target: Target, **kwargs):
        super().__init__(*args, **kwargs)
        self.target = target
        self.initial = {"goal": target.goal, "base": target.base, "deadline": target.deadline, **self.initial}
        if not has_base(target.figure):
            del self.fields["base"]
        if self.is_bound:
            until = copy(target)
            until.deadline = self.posted_deadline or target.deadline
            self.add_steps(years_of(until))

    @property
    def what_fields(self):
        return [self[name] for name in self.WHAT if name in self.fields]

    def clean(self):
        cleaned = super().clean()
        try:
            self.target.check_replaced_on(cleaned.get("day") or date.max)
        except ValidationError as error:
            self.add_error("day", error)
        if not self.errors.keys() & {*self.WHAT}:
            self.check(self._renewed())
        return cleaned

    def _renewed(self) -> Target:
        new, said = copy(self.target), self.cleaned_data
        new.goal, new.base = said["goal"], said.get("base")
        new.deadline = said["deadline"] or new.deadline
        return new

    def proposed(self, years: range, before: int) -> dict[int, int]:
        """Leave the years before the decision as planned; from then on equal steps to the new goal."""
        new, day = self._renewed(), self.cleaned_data["day"]
        within = max if new.falls else min
        kept = {year: within(planned, new.goal) for year, planned in new.path.items() if year < day.year}
        start = kept[max(kept)] if kept else before
        return kept | steps_to_goal(new, range(max(day.year, years[0]), years[-1] + 1), start)

    def resolved(self) -> dict:
        """Return what the new edition says, but for its decision."""
        return {
            "goal": self.cleaned_data["goal"],
            "base": self.cleaned_data.get("base"),
            "deadline": self.cleaned_data["deadline"],
            "reason": nfc_lines(self.cleaned_data["reason"]),
        }


class PathForm(GuardedFormMixin, PathMixin):
    """The path of a target that is set already."""

    def __init__(self, *args, target: Target, **kwargs):
        super().__init__(*args, **kwargs)
        self.target = target
        self.add_steps(years_of(target), initial=target.path)

    def clean(self):
        cleaned = super().clean()
        self.check_path(self.target)
        return cleaned
