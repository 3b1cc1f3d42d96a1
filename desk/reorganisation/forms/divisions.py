"""The form of a division: what goes where, a line for each part."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.kinds import Level
from cells.models import Line, LineKind
from desk.reorganisation.drafting.rules import PART, DraftLine, refuse_nonsense
from desk.reorganisation.forms.lines import CREATED_LEVELS, LineForm, kind_choices
from desk.reorganisation.forms.pickers import places_for
from desk.reorganisation.wording import kind_and_name

MOST_PARTS = 20
PARTS_AT_FIRST = 3


class SplitForm(LineForm):
    """A unit is divided: new ones, and standing ones that take a part; one line for each."""

    ends = forms.TypedChoiceField(
        label=gettext_lazy("after it has been divided"),
        choices=[
            ("yes", gettext_lazy("the divided unit ends")),
            ("no", gettext_lazy("it goes on with what is left")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    parts_count = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=1, max_value=MOST_PARTS
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_picker(
            "takers",
            places_for(self.event, self.user),
            label=gettext_lazy("standing units that take a part"),
            several=True,
            required=False,
            whole_list=self.is_of_commune,
        )
        levels = (Level.HAMLET,) if self.is_of_commune else CREATED_LEVELS
        self.count = self._how_many()
        for number in range(self.count):
            self.fields[f"part_kind_{number}"] = forms.ChoiceField(
                label=_("kind"), required=False, choices=kind_choices(levels, "–")
            )
            self.fields[f"part_name_{number}"] = forms.CharField(
                label=_("name of new unit %(number)d") % {"number": number + 1},
                required=False,
                max_length=200,
            )
            if not self.is_of_commune:
                self.fields[f"part_code_{number}"] = forms.CharField(
                    label=_("code"), required=False, max_length=12
                )
        self.initial["parts_count"] = self.count

    @classmethod
    def looked_on(cls, data) -> bool:
        return "more_parts" in data or super().looked_on(data)

    @staticmethod
    def counted(data) -> dict:
        asked = data.get("parts_count", "")
        count = int(asked) if asked.isdecimal() and len(asked) < 3 else PARTS_AT_FIRST
        return {"parts_count": str(count + (PARTS_AT_FIRST if "more_parts" in data else 0))}

    def keep(self, data) -> None:
        super().keep(data)
        self.initial["parts_count"] = self.count

    def _how_many(self) -> int:
        asked = str(
            self.data.get("parts_count", "") if self.is_bound else self.initial.get("parts_count", "")
        )
        count = int(asked) if asked.isdecimal() and len(asked) < 3 else PARTS_AT_FIRST
        return max(1, min(count, MOST_PARTS))

    PART = ("part_kind", "part_name", "part_code")

    @property
    def new_parts(self) -> list[list]:
        """The fields of each new unit, a row for each."""
        return [
            [self[f"{name}_{number}"] for name in self.PART if f"{name}_{number}" in self.fields]
            for number in range(self.count)
        ]

    @property
    def part_names(self) -> list[str]:
        return ["unit", "takers"]

    def _faults(self) -> dict:
        cleaned = self.cleaned_data
        drafts = self._drafts(decision=None)
        found = [faults for faults in refuse_nonsense(drafts) if faults]
        if found:
            return _as_parts(found[0])
        if len(self._parts()) + len(cleaned["takers"]) < (2 if cleaned["ends"] else 1):
            return {
                "takers": [_("Name at least two parts.") if cleaned["ends"] else _("Name at least one part.")]
            }
        return {}

    def _parts(self) -> list[dict[str, str]]:
        """Return each new unit; it is of the kind of the divided one where none is chosen."""
        parts = []
        for number in range(self.count):
            chosen, said, code = (self.cleaned_data.get(f"{name}_{number}") or "" for name in self.PART)
            if said:
                kind, name = kind_and_name(said)
                known = chosen or kind or self.cleaned_data["unit"].kind
                parts.append({"unit_kind": known, "name": name if kind == known else said, "code": code})
        return parts

    def _drafts(self, *, decision) -> list[DraftLine]:
        unit, on = self.cleaned_data.get("unit"), self.cleaned_data["on"]
        if unit is None:
            return [DraftLine(kind=LineKind.SPLIT, on=on)]
        given = {"on": on, "decision": decision, "units": [(unit, PART)]}
        drafts = [DraftLine(kind=LineKind.FOUND, **part, **given) for part in self._parts()]
        drafts += [
            DraftLine(kind=LineKind.ABSORB, unit=taker, **given) for taker in self.cleaned_data["takers"]
        ]
        if self.cleaned_data["ends"]:
            drafts.append(DraftLine(kind=LineKind.SPLIT, on=on, decision=decision, unit=unit))
        return drafts

    def drafts(self) -> list[DraftLine]:
        return self._drafts(decision=self.decision(self.event.unit))


def _as_parts(faults: dict) -> dict:
    """Say beside the fields of this form what is wrong with one of its lines."""
    return {("takers" if name == "units" else name): said for name, said in faults.items()}


def form_for(kind: str, *, line: Line | None = None):
    """Return the form of the kind; a split that is recorded already is changed line by line."""
    return SplitForm if kind == LineKind.SPLIT and line is None else LineForm
