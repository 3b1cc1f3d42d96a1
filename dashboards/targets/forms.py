"""What is asked when a target is set, resolved anew or planned."""

import re
from collections.abc import Callable
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.guard import GuardedFormMixin
from cells.entry.forms import DayInput, past_day
from dashboards.targets.measures import MEASURES, TITLE, has_base, measure_label
from dashboards.targets.pace import even_path, year_end
from dashboards.wording import HamletWords
from evaluations.forms import PaperForm
from evaluations.models import Target, Title
from sheets.numbers import format_count
from sheets.text import nfc

_STEP = "nam_"
# The button that fills in what can be worked out, and saves nothing.
DIVIDE = "chia"
MOST = 2_000_000_000
_LONGEST_TERM = 15
_YEAR = re.compile("[0-9]{4}")


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

    def check_path(self, goal: int) -> None:
        """Refuse a path that falls, or that ends beside the goal."""
        path = sorted(self.path.items())
        for (_before, least), (year, planned) in zip(path, path[1:], strict=False):
            if planned < least:
                fault = _("%(year)s has fewer than the year before. A path does not fall.") % {"year": year}
                self.add_error(f"{_STEP}{year}", fault)
        if path and path[-1][1] != goal:
            year, planned = path[-1]
            self.add_error(
                f"{_STEP}{year}",
                _(
                    "The path ends with %(planned)s, the goal is %(goal)s. Correct the last year or divide anew."
                )
                % {"planned": format_count(planned), "goal": format_count(goal)},
            )


def term_years(term: str) -> tuple[int, int] | None:
    """Return first and last year of a term such as 2020-2025; None for anything else."""
    first, _dash, last = term.strip().replace("–", "-").partition("-")
    # Asked for as it was typed, before any check: "²" is a digit as well, and a number may be endless.
    if not (_YEAR.fullmatch(first.strip()) and _YEAR.fullmatch(last.strip())):
        return None
    years = int(first), int(last)
    return years if 1930 <= years[0] < years[1] <= min(years[0] + _LONGEST_TERM, 2100) else None


class TargetForm(PathMixin, ResolutionForm):
    """A target as its resolution sets it, with the path of its years."""

    term = forms.CharField(
        label=gettext_lazy("term"), max_length=9, help_text=gettext_lazy("For example 2020-2025.")
    )
    figure = forms.ChoiceField(
        label=gettext_lazy("What is counted"),
        help_text=gettext_lazy(
            "Vacant seats, interim heads and the level KHTNV are not on the list: of them there should be fewer,"
            " so nothing is done of a goal. Set a target in what should grow instead. Attendance of meetings"
            " is counted anew each year and is not on it either."
        ),
    )
    title = forms.ModelChoiceField(
        Title.objects.none(),
        label=gettext_lazy("title"),
        required=False,
        help_text=gettext_lazy("Only where cells with a title are counted."),
    )
    goal = forms.IntegerField(label=gettext_lazy("goal"), min_value=1, max_value=MOST)
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
        self.fields["figure"].choices = [
            (code, _("Cells that hold a title") if code == TITLE else measure_label(code, None, words))
            for code in MEASURES
        ]
        titles = Title.objects.order_by("name")
        self.fields["title"].queryset = titles
        years = term_years(self.data.get("term", "")) if self.is_bound else None
        if years:
            self.add_steps(range(years[0], max(self._last_year(years[1]), years[0]) + 1))

    def _last_year(self, last: int) -> int:
        try:
            deadline = date.fromisoformat(self.data.get("deadline", ""))
        except ValueError:
            return last
        return min(deadline.year, last)

    @property
    def what_fields(self):
        return [self[name] for name in self.WHAT]

    def clean_term(self) -> str:
        years = term_years(self.cleaned_data["term"])
        if years is None:
            raise ValidationError(_("A term is two years of four digits, for example 2020-2025."))
        return f"{years[0]}-{years[1]}"

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("figure") == TITLE and not cleaned.get("title"):
            self.add_error("title", _("Choose the title that is counted."))
        if cleaned.get("figure") != TITLE:
            cleaned["title"] = None
        if cleaned.get("base") and not has_base(cleaned.get("figure", TITLE)):
            self.add_error("base", _("This figure is not counted of a number. Leave the base empty."))
        check_base(self, cleaned)
        self._check_deadline(cleaned)
        if cleaned.get("goal") and self.steps_are_given:
            self.check_path(cleaned["goal"])
        return cleaned

    def _check_deadline(self, cleaned) -> None:
        deadline, term = cleaned.get("deadline"), cleaned.get("term")
        if not (deadline and term):
            return
        first, last = term_years(term)
        if not date(first, 1, 1) <= deadline <= year_end(last):
            self.add_error("deadline", _("The deadline lies outside the term %(term)s.") % {"term": term})

    def target(self) -> Target:
        """Return the target as it was entered, not saved yet and without its resolution."""
        values = {name: self.cleaned_data[name] for name in self.WHAT}
        return Target(unit=self.unit, **values)


def check_base(form: forms.Form, cleaned: dict) -> None:
    goal, base = cleaned.get("goal"), cleaned.get("base")
    if goal and base and base < goal:
        form.add_error("base", _("The goal is larger than its base."))


class RenewForm(GuardedFormMixin, PathMixin, ResolutionForm):
    """Another decision about a target: the new goal and base, why, and the path from now on."""

    goal = forms.IntegerField(label=gettext_lazy("new goal"), min_value=1, max_value=MOST)
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
        first = target.starts_on.year if target.starts_on else min(target.path, default=target.due_on.year)
        if self.is_bound:
            self.add_steps(range(first, target.due_on.year + 1))

    @property
    def what_fields(self):
        return [self[name] for name in self.WHAT if name in self.fields]

    def clean(self):
        cleaned = super().clean()
        target = self.target
        check_base(self, cleaned)
        deadline = cleaned.get("deadline")
        if deadline and not (target.starts_on or date.min) <= deadline <= (target.ends_on or date.max):
            fault = _("The deadline lies outside the term %(term)s.") % {"term": target.term}
            self.add_error("deadline", fault)
        if target.resolved_on and cleaned.get("day") and cleaned["day"] < target.resolved_on:
            self.add_error(
                "day",
                _("The new decision is of %(new)s, the one it replaces of %(old)s. Check the day.")
                % {"new": f"{cleaned['day']:%d/%m/%Y}", "old": f"{target.resolved_on:%d/%m/%Y}"},
            )
        if cleaned.get("goal") and self.steps_are_given:
            self.check_path(cleaned["goal"])
        return cleaned

    def proposed(self, years: range) -> dict[int, int]:
        """Leave the years before the decision as planned; from then on equal steps to the new goal."""
        goal, day = self.cleaned_data["goal"], self.cleaned_data["day"]
        kept = {year: min(planned, goal) for year, planned in self.target.path.items() if year < day.year}
        open_years = range(max(day.year, years[0]), years[-1] + 1)
        return kept | even_path(open_years, goal, max(kept.values(), default=0))

    def resolved(self) -> dict:
        """Return what the new edition says, but for its decision."""
        return {
            "goal": self.cleaned_data["goal"],
            "base": self.cleaned_data.get("base"),
            "deadline": self.cleaned_data["deadline"],
            "reason": nfc(self.cleaned_data["reason"]),
        }


class PathForm(GuardedFormMixin, PathMixin):
    """The path of a target that is set already."""

    def __init__(self, *args, target: Target, **kwargs):
        super().__init__(*args, **kwargs)
        self.target = target
        first = target.starts_on.year if target.starts_on else min(target.path, default=target.due_on.year)
        self.add_steps(range(first, target.due_on.year + 1), initial=target.path)

    def clean(self):
        cleaned = super().clean()
        self.check_path(self.target.goal)
        return cleaned

    def proposed(self, years: range) -> dict[int, int]:
        return even_path(years, self.target.goal)
