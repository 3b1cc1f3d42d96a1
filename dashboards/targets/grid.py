"""The grid in which a target is broken down to the units below."""

from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.guard import GuardedFormMixin
from dashboards.targets.breaking_down import Row, Sum, in_proportion, sentences_of_a_sum
from dashboards.targets.forms import ResolutionForm
from dashboards.targets.measures import has_base
from dashboards.targets.pace import part_of_falling_path, part_of_path
from dashboards.targets.rules import MOST
from evaluations.models import Target
from evaluations.resolving import Share

_GOAL, _BASE = "so_", "tong_"


class BreakDownForm(GuardedFormMixin, ResolutionForm):
    """The parts of the units below in one grid, with the decision that gives them."""

    reason = forms.CharField(
        label=gettext_lazy("Why parts given before are changed"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    as_it_is = forms.BooleanField(
        label=gettext_lazy("Save although the parts do not come to the goal"), required=False
    )

    def __init__(self, *args, whole: Target, rows: list[Row], **kwargs):
        super().__init__(*args, **kwargs)
        self.whole, self.rows = whole, rows
        self.has_base = has_base(whole.figure)
        has_parts = any(row.part for row in rows)
        # What is shared out on the page, at first or because it was asked for, is given to nobody yet.
        self.is_proposal = not self.is_bound and (not has_parts or bool(kwargs.get("initial")))
        if not any(row.was_given for row in rows):
            del self.fields["reason"]
        weights = {row.key: row.weight for row in rows}
        proposed = {} if has_parts else in_proportion(whole.goal, weights)
        for row in rows:
            goal = row.part.goal if row.part else self._as_given(row, proposed.get(row.key))
            weight = row.part.base if row.part and row.part.base is not None else row.weight
            if row.has_ended:
                # Offered as it should be: taken back, and shared out among the others.
                goal, weight = None, 0
            self._add(_GOAL, row, _("Goal of %(unit)s"), goal)
            self._add(_BASE, row, _("Base of %(unit)s"), weight)

    def _add(self, prefix: str, row: Row, label: str, initial: int | None) -> None:
        self.fields[f"{prefix}{row.key}"] = forms.IntegerField(
            label=label % {"unit": row.period.full_name},
            required=False,
            min_value=0,
            max_value=MOST,
            initial=initial,
        )

    @property
    def lines(self):
        """Each unit with its two fields, as the grid shows them."""
        return [(row, self[f"{_BASE}{row.key}"], self[f"{_GOAL}{row.key}"]) for row in self.rows]

    @property
    def what_fields(self):
        return [self[name] for name in (*self.PAPER, "reason") if name in self.fields]

    def divided(self) -> dict:
        """Return what is on the page, with the goals in proportion to its bases."""
        weights = {row.key: self._posted(f"{_BASE}{row.key}") for row in self.rows}
        shares = in_proportion(self.whole.goal, weights)
        goals = {f"{_GOAL}{row.key}": self._as_given(row, shares[row.key]) for row in self.rows}
        return {name: self.data.get(name) for name in self.fields} | goals

    def _as_given(self, row: Row, goal: int | None) -> int | None:
        """Return the goal of a part; None gives none. Only of what should be fewer may it be none at all."""
        return goal if goal or (self.whole.falls and row.weight) else None

    def _posted(self, name: str) -> int:
        try:
            return max(int(self.data.get(name, "") or 0), 0)
        except ValueError:
            return 0

    @property
    def sum(self) -> Sum:
        return Sum(self._sum_of(_GOAL), self.whole.goal, self.is_proposal)

    @property
    def sum_of_bases(self) -> Sum | None:
        if self.whole.base is None or not self.has_base:
            return None
        return Sum(self._sum_of(_BASE), self.whole.base)

    @cached_property
    def totals(self) -> dict[str, int]:
        """Return what stands under the columns."""
        return {
            "counted": sum(row.found.whole or 0 for row in self.rows),
            "done": sum(row.found.done for row in self.rows if row.found.is_known),
            "base": self._sum_of(_BASE),
            "goal": self._sum_of(_GOAL),
            "given": sum(row.part.goal for row in self.rows if row.part),
        }

    @cached_property
    def bare(self) -> set[int]:
        """The keys of the units in which nothing is counted and to which nothing is given: folded on a telephone."""
        return {
            row.key
            for row in self.rows
            if not row.part
            and not row.found.done
            and self._is_blank(_BASE, row)
            and self._is_blank(_GOAL, row)
        }

    @property
    def for_script(self) -> dict:
        """Return what the page needs to add up what is typed."""
        return {
            "prefix": _GOAL,
            "parts": self.sum.parts,
            "whole": self.whole.goal,
            "sentences": sentences_of_a_sum(),
            "unsaved": _("Not saved yet."),
        }

    def _is_blank(self, prefix: str, row: Row) -> bool:
        return str(self[f"{prefix}{row.key}"].value() or 0).strip() == "0"

    def _sum_of(self, prefix: str) -> int:
        return sum(self._value(f"{prefix}{row.key}") for row in self.rows)

    def _value(self, name: str) -> int:
        if self.is_bound:
            return self._posted(name)
        initial = self.get_initial_for_field(self.fields[name], name)
        return int(initial) if str(initial or "").isdecimal() else 0

    def clean(self):
        cleaned = super().clean()
        if self.has_base:
            for row in self.rows:
                goal, base = cleaned.get(f"{_GOAL}{row.key}"), cleaned.get(f"{_BASE}{row.key}")
                if goal and (base or 0) < goal:
                    self.add_error(f"{_GOAL}{row.key}", _("The goal is larger than its base."))
        if self._changes_parts(cleaned) and not cleaned.get("reason"):
            self.add_error("reason", _("Parts given before are changed. Write why."))
        if not self.errors and self.sum.difference and not cleaned.get("as_it_is"):
            raise ValidationError(
                self.sum.words + " " + _("Correct the goals, or tick that they are saved as they are.")
            )
        return cleaned

    def _changes_parts(self, cleaned) -> bool:
        return any(self._changes(row, cleaned) for row in self.rows if row.was_given)

    def _changes(self, row: Row, cleaned) -> bool:
        goal = self._goal_of(cleaned, row)
        if row.part is None:
            return goal is not None
        return (row.part.goal, row.part.base) != (goal, self._base_of(cleaned, row))

    def _goal_of(self, cleaned, row: Row) -> int | None:
        goal = cleaned.get(f"{_GOAL}{row.key}")
        return goal if self.whole.falls else goal or None

    def _base_of(self, cleaned, row: Row) -> int | None:
        return cleaned.get(f"{_BASE}{row.key}") if self.has_base else None

    def shares(self) -> list[Share]:
        """Return what each unit gets, its path in step with that of the whole."""
        path = self.whole.path
        found = []
        for row in self.rows:
            goal = self._goal_of(self.cleaned_data, row)
            steps = {} if goal is None else self._path_of(row, path, goal)
            found.append(Share(row.period.unit, goal, self._base_of(self.cleaned_data, row), steps))
        return found

    def _path_of(self, row: Row, path: dict[int, int], goal: int) -> dict[int, int]:
        if not self.whole.falls:
            return part_of_path(path, self.whole.goal, goal)
        there = sum(one.found.done for one in self.rows)
        return part_of_falling_path(path, self.whole.goal, goal, row.found.done, there)
