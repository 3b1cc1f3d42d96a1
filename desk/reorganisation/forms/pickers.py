"""Choosing units and cells out of thousands: a few letters, a list to tick, and no script needed.

The form is sent to look on as often as one likes; what was ticked stays at the head of the list.
"""

from dataclasses import dataclass, field

from django import forms
from django.db.models import F, Q

from cells.kinds import KINDS_OF_LEVEL, Level
from cells.models import Cell, Line, Reorganisation, Unit
from cells.models.reorganisations import NEW_UNIT
from dashboards.rows import with_former_place, with_place
from dashboards.wording import named
from sheets.text import fold, lower_first

MOST_SHOWN = 30
# So many are looked through for the best ones.
MOST_LOOKED_AT = 300
# A commune's own list is short enough to be shown whole.
SHORT_LIST = 80


def places_for(event: Reorganisation, user):
    """Return the units that lines of this event may be about, for this user."""
    units = Unit.objects.kept_by(user).exclude(level=Level.DISTRICT)
    if event.unit is None:
        return units
    if event.is_of_a_commune:
        return units.filter(level=Level.HAMLET, commune=event.unit)
    return units.filter(province=event.unit).exclude(pk=event.unit_id)


def cells_for(event: Reorganisation, user):
    """Return the cells that lines of this event may be about, for this user."""
    cells = Cell.objects.kept_by(user)
    if event.unit is None:
        return cells
    if event.is_of_a_commune:
        return cells.filter(commune=event.unit)
    return cells.filter(province=event.unit)


def parents_for(event: Reorganisation, user):
    """Return the units under which something may be put."""
    units = Unit.objects.kept_by(user).filter(level__in=[Level.PROVINCE, Level.COMMUNE])
    if event.unit is None:
        return units
    return units.filter(Q(province=event.unit) | Q(pk=event.unit_id))


def founding_lines(event: Reorganisation):
    """Return the event's lines that found a commune or a province, for others to go under."""
    kinds = [*KINDS_OF_LEVEL[Level.PROVINCE], *KINDS_OF_LEVEL[Level.COMMUNE]]
    return Line.objects.filter(reorganisation=event, unit_kind__in=kinds, kind__in=NEW_UNIT)


@dataclass
class Choice:
    """One row of a picker."""

    pk: int
    label: str
    place: str
    code: str
    ended: object = None
    is_chosen: bool = False
    is_part: bool = False


@dataclass
class Picker:
    """What the page shows of one choice: what is chosen, what was looked for, what was found."""

    name: str
    label: str
    help_text: str
    several: bool
    may_be_none: bool
    query: str
    errors: list
    chosen: list[Choice] = field(default_factory=list)
    found: list[Choice] = field(default_factory=list)
    has_more: bool = False
    shows_parts: bool = False
    is_whole_list: bool = False

    @property
    def choices(self) -> list[Choice]:
        return [*self.chosen, *self.found]

    @property
    def found_nothing(self) -> bool:
        return bool(self.query) and not self.found and not self.is_whole_list


class PickingForm(forms.Form):
    """A form with pickers. ``data`` with a search in it is shown again, not saved: see ``looked_on``."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._pickers: dict[str, dict] = {}

    def add_picker(
        self,
        name: str,
        rows,
        *,
        label,
        several: bool = False,
        required: bool = True,
        help_text="",
        parts: bool = False,
        whole_list: bool = False,
        may_be_none: bool = False,
    ) -> None:
        """Let some of these units or cells be chosen, or one.

        ``parts`` asks whether only a part goes; ``may_be_none`` lets one choice be taken back.
        """
        field_class = forms.ModelMultipleChoiceField if several else forms.ModelChoiceField
        self.fields[name] = field_class(rows, label=label, required=required, help_text=help_text)
        self.fields[f"{name}_find"] = forms.CharField(required=False, max_length=100)
        self.fields[f"{name}_shown"] = forms.CharField(required=False, max_length=100)
        if parts:
            self.fields[f"{name}_part"] = forms.ModelMultipleChoiceField(rows, required=False)
        self._pickers[name] = {
            "rows": rows,
            "several": several,
            "parts": parts,
            "whole_list": whole_list,
            "may_be_none": may_be_none,
        }

    @classmethod
    def looked_on(cls, data) -> bool:
        """Whether the sender wants to see other choices first: a search was typed or asked for."""
        if "find" in data:
            return True
        return any(
            value.strip() != data.get(f"{name.removesuffix('_find')}_shown", "").strip()
            for name, value in data.items()
            if name.endswith("_find")
        )

    def keep(self, data) -> None:
        """Show what was sent as it stands, without checking it, for looking on."""
        for name, form_field in self.fields.items():
            many = isinstance(form_field, forms.ModelMultipleChoiceField)
            self.initial[name] = data.getlist(name) if many else data.get(name, "")
            if isinstance(form_field, forms.BooleanField):
                self.initial[name] = name in data

    def picker(self, name: str) -> Picker:
        """Return the picker with its rows loaded: two queries."""
        made = self._pickers[name]
        query = str(self._value(f"{name}_find") or "").strip()
        parts = set(_keys(self._value(f"{name}_part"))) if made["parts"] else set()
        keys = _keys(self._value(name))
        rows = _told_apart(made["rows"])
        chosen = {row.pk: row for row in rows.filter(pk__in=keys)} if keys else {}
        found = _found(rows.exclude(pk__in=keys), query, whole_list=made["whole_list"])
        return Picker(
            name=name,
            label=self.fields[name].label,
            help_text=self.fields[name].help_text,
            several=made["several"],
            may_be_none=made["may_be_none"],
            query=query,
            errors=list(self.errors.get(name, [])) if self.is_bound else [],
            chosen=[
                _choice(chosen[key], is_chosen=True, is_part=key in parts) for key in keys if key in chosen
            ],
            found=[_choice(row) for row in found[: MOST_SHOWN if query else SHORT_LIST]],
            has_more=bool(query) and len(found) > MOST_SHOWN,
            shows_parts=made["parts"],
            is_whole_list=made["whole_list"] and not query,
        )

    def _value(self, name: str):
        if not self.is_bound:
            return self.get_initial_for_field(self.fields[name], name)
        if isinstance(self.fields[name], forms.ModelMultipleChoiceField):
            return self.data.getlist(self.add_prefix(name))
        return self.data.get(self.add_prefix(name))


def _keys(value) -> list[int]:
    """Return the keys in what a browser or an initial gave; anything else is no choice."""
    values = value if isinstance(value, list | tuple | set) else [value]
    plain = [getattr(one, "pk", one) for one in values]
    numbers = [int(one) for one in plain if one is not None and str(one).isdecimal() and len(str(one)) < 19]
    return list(dict.fromkeys(numbers))


def _found(rows, query: str, *, whole_list: bool) -> list:
    if not query:
        return list(rows.standing().in_order()[:SHORT_LIST]) if whole_list else []
    words = fold(query).split()
    if not words:
        return []
    for word in words:
        rows = rows.filter(Q(search_key__contains=word) | Q(commune__search_key__contains=word))
    some = list(rows.order_by(F("closed_on").desc(nulls_first=True), "sort_key", "pk")[:MOST_LOOKED_AT])
    # A letter may begin a word, but "1" is not "10": a number is looked for as a whole.
    numbers = {word for word in words if word.isdecimal()}
    fitting = [row for row in some if numbers <= _words(row)]
    return sorted(fitting, key=lambda row: _distance(row, words))


def _distance(row, words: list[str]) -> tuple:
    """What stands comes first; then what is called so itself, before what lies in a place of that name."""
    called_so = all(word in fold(str(row)) for word in words)
    return row.closed_on is not None, not called_so, not set(words) <= _words(row)


def _words(row) -> set[str]:
    return set(fold(f"{row} {_place(row)} {row.code}").split())


def _told_apart(rows):
    """Load what tells a unit or cell from others of its name: its place, and where it stood before."""
    return with_place(rows) if rows.model is Cell else with_former_place(rows)


def _place(row) -> str:
    if row.commune is None or (isinstance(row, Unit) and row.level != Level.HAMLET):
        return ""
    return lower_first(str(row.commune))


def _choice(row, **facts) -> Choice:
    return Choice(pk=row.pk, label=named(row), place=_place(row), code=row.code, ended=row.closed_on, **facts)
