"""What the desk knows of a form: its columns, what it asks, and which lists its rows go into."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn
from accounts.resources import REVISION, SheetResource
from accounts.sheet_lines import Fault
from sheets.forms import Form
from sheets.lines import Line as SheetLine
from sheets.tables import Table

# Over the column of remarks in a file that goes back.
REMARKS = gettext_lazy("Remarks of the check")


@dataclass
class Row:
    """One row of a paper: what it says by column, what the answers add, and what could not be read."""

    line: SheetLine
    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    # Somebody has decided that what the file says goes before what was changed meanwhile.
    overrides: bool = False

    @property
    def number(self) -> int:
        return self.line.row

    def __getitem__(self, key: str):
        return self.values.get(key)

    def whole(self) -> list[dict[str, Any]]:
        """Return all that the row says, as the one line of a list whose columns are those of the paper."""
        return [dict(self.values)]

    def only(self, *keys: str) -> dict[str, Any]:
        """Return what the row says in these columns."""
        return {key: self.values[key] for key in keys if self.values.get(key) is not None}


@dataclass(frozen=True)
class Ask:
    """Something that is asked once per file, where the sheet does not say it.

    The answer fills the column ``key`` of each row without one. ``guess`` reads a proposal off the table.
    Rows for which ``concerns`` is false need no answer; ``unless`` are columns that say the same.
    ``options`` returns what a user may choose from, each as what is filled in and what is read of it.
    """

    key: str
    guess: Callable[[Table], str] = lambda table: ""
    unless: tuple[str, ...] = ()
    concerns: Callable[[Row], bool] = lambda row: True
    is_optional: bool = False
    help_text: str = ""
    options: Callable[[Any], list[tuple[str, str]]] | None = None

    def is_open_for(self, row: Row) -> bool:
        said = any(key in row.faults or row[key] is not None for key in (self.key, *self.unless))
        return not said and self.concerns(row)


@dataclass(frozen=True)
class Part:
    """What the rows say to one list: the values of the lines that a row makes, by column of the list.

    ``at`` names the column of the paper at which a fault of the list's column is shown, where the paper lacks
    that one.
    """

    resource: type[SheetResource]
    lines_of: Callable[[Row], list[dict[str, Any]]]
    at: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportForm:
    """A kind of paper that the desk understands.

    Of each group in ``needs`` one column must be there. ``passed_over`` are headings that belong to
    it and that nobody takes in. Who lacks ``permission`` proposes; the province confirms.
    """

    key: str
    label: str
    columns: tuple[SheetColumn, ...]
    parts: tuple[Part, ...]
    permission: str
    asks: tuple[Ask, ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    passed_over: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    may_propose: bool = True
    # While a review is open a commune fills in its own steps without the province.
    has_own_steps: bool = False
    # Other lists of ours that come in by this form; that of its first part always does.
    own_lists: tuple[type[SheetResource], ...] = ()
    # The column into which goes the commune that group rows name.
    commune_key: str = "commune"
    # What empty cells take from the rows above; called with all rows in their order, whatever is left out.
    fill_down: Callable[[list[Row]], None] = lambda rows: None
    # Notes at a row, as faults, what its cells say against each other.
    look_over: Callable[[Row], None] = lambda row: None
    # A text alone in a row is one more row of the list in these columns, not the name of a group.
    lone_keys: tuple[str, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, SheetColumn]:
        return {column.key: column for column in (*self.columns, REVISION)}

    @cached_property
    def form(self) -> Form:
        """Return the form as the package ``sheets`` knows it."""
        fields = tuple(column.field for column in self.by_key.values())
        # What we have written beside the rows of a file that went back says nothing to us.
        passed_over = (*map(str, self.passed_over), str(REMARKS))
        return Form(self.key, str(self.label), fields, self.needs, passed_over, self.titles)

    @property
    def models(self) -> set[str]:
        """Return the names of the models whose lists, taken out by us, are files of this form."""
        return {one.model._meta.model_name for one in (self.parts[0].resource, *self.own_lists)}

    def heading(self, key: str) -> str:
        return str(self.by_key[key].header) if key in self.by_key else ""
