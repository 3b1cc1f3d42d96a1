"""The form of a line, of whatever kind. What a line must say stands in drafting/rules.py."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.guard import GuardedFormMixin
from cells.entry.forms import DayInput
from cells.kinds import KINDS_OF_LEVEL, Level
from cells.models import Decision, Line, LineKind, Reorganisation
from desk.reorganisation.drafting.rules import PART, WHOLE, DraftLine, refuse_nonsense
from desk.reorganisation.forms.papers import PaperFields
from desk.reorganisation.forms.pickers import (
    PickingForm,
    cells_for,
    founding_lines,
    parents_for,
    places_for,
)
from desk.reorganisation.wording import kind_and_name

CREATED_LEVELS = (Level.HAMLET, Level.COMMUNE, Level.PROVINCE)


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
        self.is_of_commune = event.is_of_a_commune
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
        # Whether it must be chosen is said by drafting/rules.py, beside the field.
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
