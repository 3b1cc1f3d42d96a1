"""Forms for events and their lines. What a line must say stands in line_rules.py."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.guard import GuardedFormMixin
from cells.entry.forms import DayInput
from cells.kinds import KINDS_OF_LEVEL, Level
from cells.models import Decision, Line, LineKind, Reorganisation, Unit
from desk.reorganisation.line_rules import PART, WHOLE, DraftLine, refuse_nonsense
from desk.reorganisation.pickers import (
    PickingForm,
    cells_for,
    founding_lines,
    parents_for,
    places_for,
)
from desk.reorganisation.wording import kind_and_name, suggested_body
from leaders.entry.forms import DecisionFields
from sheets.text import fold

CREATED_LEVELS = (Level.HAMLET, Level.COMMUNE, Level.PROVINCE)
MOST_PARTS = 20
PARTS_AT_FIRST = 3


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


class EventForm(GuardedFormMixin, PaperFields):
    """What an event is called, where, from which day and by which paper."""

    title = forms.CharField(
        label=gettext_lazy("subject of the reorganisation"),
        max_length=300,
        widget=forms.TextInput(),
        help_text=gettext_lazy("For example: Rearrangement of hamlets of xã Phú Túc in 2026."),
    )
    unit = forms.ModelChoiceField(Unit.objects.none(), label=gettext_lazy("unit"), required=False)
    on = forms.DateField(
        label=gettext_lazy("effective on"),
        widget=DayInput(),
        help_text=gettext_lazy("First day of the new state. Lines may have a day of their own."),
    )
    field_order = ["seen", "title", "unit", "on"]

    def __init__(self, *args, units, country: bool, **kwargs):
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        unit.queryset, unit.required = units, not country
        unit.empty_label = _("The whole country") if country else None


def kind_choices(levels, empty: str) -> list:
    groups = [(level.label, [(kind.value, kind.label) for kind in KINDS_OF_LEVEL[level]]) for level in levels]
    flat = groups[0][1] if len(groups) == 1 else groups
    return [("", empty), *flat]


# The fields of each kind of line, in the order in which people fill them in.
FIELDS = {
    LineKind.FOUND: ("units", "unit_kind", "name", "code", "parent"),
    LineKind.ABSORB: ("units", "unit"),
    LineKind.SPLIT: ("unit",),
    LineKind.RENAME: ("unit", "name"),
    LineKind.RECLASSIFY: ("unit", "unit_kind", "code"),
    LineKind.MOVE: ("unit", "parent"),
    LineKind.OPEN: ("unit_kind", "name", "code", "parent"),
    LineKind.CLOSE: ("unit",),
    LineKind.CELL_JOIN: ("cells", "cell", "name"),
    LineKind.CELL_FOUND: ("name", "units", "parent"),
    LineKind.CELL_DISSOLVE: ("cell",),
    LineKind.CELL_RENAME: ("cell", "name"),
    LineKind.CELL_MOVE: ("cell", "parent"),
}
LABELS = {
    (LineKind.FOUND, "units"): gettext_lazy("units that are merged"),
    (LineKind.ABSORB, "units"): gettext_lazy("units that go into another one"),
    (LineKind.ABSORB, "unit"): gettext_lazy("standing unit that takes them in"),
    (LineKind.SPLIT, "unit"): gettext_lazy("unit that is divided"),
    (LineKind.MOVE, "parent"): gettext_lazy("moves to"),
    (LineKind.CELL_JOIN, "cells"): gettext_lazy("cells that end"),
    (LineKind.CELL_JOIN, "cell"): gettext_lazy("cell that takes them in"),
    (LineKind.CELL_JOIN, "name"): gettext_lazy("or the name of the new cell"),
    (LineKind.CELL_FOUND, "units"): gettext_lazy("hamlets it covers"),
    (LineKind.CELL_FOUND, "name"): gettext_lazy("name of the new cell"),
    (LineKind.CELL_RENAME, "name"): gettext_lazy("new name"),
    (LineKind.CELL_MOVE, "parent"): gettext_lazy("moves to the commune"),
    (LineKind.RECLASSIFY, "unit_kind"): gettext_lazy("new kind"),
    (LineKind.RECLASSIFY, "code"): gettext_lazy("new code"),
}
PLAIN = {
    "units": gettext_lazy("units"),
    "unit": gettext_lazy("unit"),
    "cells": gettext_lazy("Party cells"),
    "cell": gettext_lazy("Party cell"),
    "parent": gettext_lazy("belongs to"),
    "name": gettext_lazy("new name"),
    "unit_kind": gettext_lazy("kind"),
    "code": gettext_lazy("code"),
}
TITLES = {
    LineKind.FOUND: gettext_lazy("Merge units into a new one"),
    LineKind.ABSORB: gettext_lazy("Merge units into a standing one"),
    LineKind.SPLIT: gettext_lazy("Divide a unit"),
    LineKind.RENAME: gettext_lazy("Rename a unit"),
    LineKind.RECLASSIFY: gettext_lazy("Change kind or code of a unit"),
    LineKind.MOVE: gettext_lazy("Move a unit under another one"),
    LineKind.OPEN: gettext_lazy("Open a new unit"),
    LineKind.CLOSE: gettext_lazy("Close a unit"),
    LineKind.CELL_JOIN: gettext_lazy("Join cells"),
    LineKind.CELL_FOUND: gettext_lazy("Found a cell"),
    LineKind.CELL_DISSOLVE: gettext_lazy("Dissolve a cell"),
    LineKind.CELL_RENAME: gettext_lazy("Rename a cell"),
    LineKind.CELL_MOVE: gettext_lazy("Move a cell to another commune"),
}
# What a commune may draft for what it keeps: nothing leaves it.
FOR_COMMUNES = tuple(kind for kind in FIELDS if kind not in (LineKind.MOVE, LineKind.CELL_MOVE))


class LineForm(GuardedFormMixin, PickingForm, PaperFields):
    """One line of one kind; which fields it has is told by ``FIELDS``."""

    on = forms.DateField(
        label=gettext_lazy("effective on"),
        widget=DayInput(),
        help_text=gettext_lazy("First day of the new state."),
    )

    def __init__(self, *args, event: Reorganisation, kind: str, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.event, self.kind = event, LineKind(kind)
        self.is_of_commune = bool(event.unit and event.unit.level == Level.COMMUNE)
        for name in FIELDS[self.kind]:
            getattr(self, f"_add_{name}")(name)
        if self.is_of_commune:
            self._fix_commune()
        self.order_fields(["seen", *FIELDS[self.kind], "on", *self.DECISION, "reason"])

    def _label(self, name: str):
        return LABELS.get((self.kind, name), PLAIN[name])

    def _add_units(self, name):
        rows = places_for(self.event, self.user)
        if self.kind == LineKind.CELL_FOUND:
            rows = rows.hamlets()
        self._add_rows(name, rows, several=True, parts=self.kind in (LineKind.FOUND, LineKind.ABSORB))

    def _add_unit(self, name):
        self._add_rows(name, places_for(self.event, self.user))

    def _add_cells(self, name):
        self._add_rows(name, cells_for(self.event, self.user), several=True)

    def _add_cell(self, name):
        # A joined cell may be a new one instead.
        may_be_none = self.kind == LineKind.CELL_JOIN
        self._add_rows(name, cells_for(self.event, self.user), may_be_none=may_be_none)

    def _add_rows(self, name, rows, **options):
        # Whether it must be chosen is said by line_rules.py, beside the field.
        self.add_picker(
            name, rows, label=self._label(name), required=False, whole_list=self.is_of_commune, **options
        )

    def _add_parent(self, name):
        rows = parents_for(self.event, self.user)
        if self.kind in (LineKind.CELL_FOUND, LineKind.CELL_MOVE):
            rows = rows.communes()
        optional = self.kind in (LineKind.FOUND, LineKind.CELL_FOUND)
        help_text = _("Empty: where they stand now.") if optional else ""
        self.add_picker(
            name, rows, label=self._label(name), required=False, help_text=help_text, may_be_none=True
        )
        lines = founding_lines(self.event)
        if lines.exists():
            self.fields["parent_line"] = forms.ModelChoiceField(
                lines,
                label=gettext_lazy("or to the unit that another line founds"),
                required=False,
                empty_label="–",
            )
            self.fields["parent_line"].label_from_instance = lambda line: line.full_name

    def _add_name(self, name):
        self.fields[name] = forms.CharField(label=self._label(name), max_length=200, required=False)

    def _add_unit_kind(self, name):
        levels = (Level.HAMLET,) if self.is_of_commune else CREATED_LEVELS
        self.fields[name] = forms.ChoiceField(
            label=self._label(name), required=False, choices=kind_choices(levels, _("Choose"))
        )

    def _add_code(self, name):
        self.fields[name] = forms.CharField(
            label=self._label(name),
            required=False,
            max_length=12,
            help_text=_("Official code; hamlets get one of ours."),
        )

    def _fix_commune(self):
        """In a commune's own draft everything stays in the commune, and hamlets get codes of ours."""
        for name in ("parent", "parent_find", "parent_shown", "parent_line", "code"):
            self.fields.pop(name, None)
        self._pickers.pop("parent", None)

    @staticmethod
    def counted(data) -> dict:
        """Return what must be known of a form sent for looking on before its fields can be made."""
        return {}

    @property
    def title(self) -> str:
        return str(TITLES[self.kind])

    @property
    def part_names(self) -> list[str]:
        """The names of the fields that the page shows above day and paper, pickers among them."""
        names = [name for name in FIELDS[self.kind] if name in self.fields]
        return names + (["parent_line"] if "parent_line" in self.fields else [])

    @property
    def parts(self) -> list:
        """Pickers and plain fields in the order to fill them in."""
        return [
            {"picker": self.picker(name)} if name in self._pickers else {"field": self[name]}
            for name in self.part_names
        ]

    @property
    def paper_fields(self) -> list:
        return [self[name] for name in self.DECISION]

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            for name, sentences in self._faults().items():
                for sentence in sentences:
                    self.add_error(name if name in self.fields else None, sentence)
        return cleaned

    def _faults(self) -> dict:
        (faults,) = refuse_nonsense([self.draft(decision=None)])
        return faults

    def draft(self, *, decision: Decision | None) -> DraftLine:
        """Return what was entered, resting on this paper."""
        cleaned = self.cleaned_data
        kind, name = self._kind_and_name()
        parts = set(cleaned.get("units_part") or ())
        parent = cleaned.get("parent")
        if self.is_of_commune and self.kind in (LineKind.OPEN, LineKind.CELL_FOUND):
            parent = self.event.unit
        return DraftLine(
            kind=self.kind,
            on=cleaned["on"],
            decision=decision,
            units=[(unit, PART if unit in parts else WHOLE) for unit in cleaned.get("units") or ()],
            cells=list(cleaned.get("cells") or ()),
            unit=cleaned.get("unit"),
            cell=cleaned.get("cell"),
            parent=parent,
            parent_line=cleaned.get("parent_line"),
            name=name,
            unit_kind=kind,
            code=(cleaned.get("code") or "").strip(),
        )

    def _kind_and_name(self) -> tuple[str, str]:
        """Return kind and name; "Ấp Hòa Bình" typed as the name of a hamlet is understood."""
        kind, name = self.cleaned_data.get("unit_kind") or "", self.cleaned_data.get("name") or ""
        if "unit_kind" in self.fields or self.kind == LineKind.RENAME:
            said_kind, said_name = kind_and_name(name)
            known = kind or (self.cleaned_data["unit"].kind if self.cleaned_data.get("unit") else "")
            if said_kind and said_kind == known:
                name = said_name
            elif said_kind and not kind and self.kind != LineKind.RENAME:
                return said_kind, said_name
        return kind, name

    def drafts(self) -> list[DraftLine]:
        return [self.draft(decision=self.decision(self.event.unit))]

    def show_line(self, line: Line) -> None:
        """Begin with what the line says now."""
        sources = list(line.sources.all())
        self.initial |= {
            "units": [source.unit_id for source in sources if source.unit_id],
            "units_part": [source.unit_id for source in sources if source.part == PART],
            "cells": [source.cell_id for source in sources if source.cell_id],
            "on": line.on,
            **{name: getattr(line, f"{name}_id") for name in ("unit", "cell", "parent", "parent_line")},
            **{name: getattr(line, name) for name in ("name", "unit_kind", "code")},
        }


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
