"""What a caller expects in a table: a form with its fields."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from sheets.headings import PATH_SEPARATOR
from sheets.headwords import path_key
from sheets.text import fold, nfc

Kind = Literal[
    "text", "note", "person", "code", "date", "year", "years", "count", "decimal", "yes", "phone", "choice"
]


@dataclass(frozen=True)
class Choices:
    """The values that a cell may mean, each with all its names and short forms.

    ``vague`` are words that may mean several of them: they are asked about, never taken. Two
    values cannot share a name.
    """

    names: Mapping[Hashable, tuple[str, ...]]
    vague: Mapping[str, tuple[Hashable, ...]] = field(default_factory=dict)

    def __post_init__(self):
        for value, names in self.names.items():
            for name in names:
                if self.by_key[fold(name)] != value or fold(name) in self.vague_by_key:
                    raise ValueError(f"“{name}” stands for two choices.")

    @cached_property
    def by_key(self) -> dict[str, Hashable]:
        return {fold(name): value for value, names in self.names.items() for name in names}

    @cached_property
    def vague_by_key(self) -> dict[str, tuple[Hashable, ...]]:
        return {fold(word): tuple(values) for word, values in self.vague.items()}

    def shown(self, values=None) -> str:
        """Return the first name of each value, as a list for a sentence."""
        return ", ".join(
            nfc(names[0]) for value, names in self.names.items() if values is None or value in values
        )


@dataclass(frozen=True)
class Field:
    """One thing that a form tells of each row.

    ``synonyms`` are further headings, those of several rows with a slash: "Trình độ / LLCT".
    ``digits`` gives a code back the zeros that a workbook takes from numbers.
    """

    key: str
    label: str
    synonyms: tuple[str, ...] = ()
    kind: Kind = "text"
    required: bool = False
    choices: Choices | None = None
    digits: int = 0

    def __post_init__(self):
        if (self.kind == "choice") != (self.choices is not None):
            raise ValueError("A choice has choices, and nothing else has.")

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Return its headings in the form in which they are compared."""
        heads = (self.label, *self.synonyms)
        return tuple(dict.fromkeys(path_key(head.split(PATH_SEPARATOR)) for head in heads))


@dataclass(frozen=True)
class Form:
    """A kind of table, by its fields.

    Of each group in ``one_of`` at least one column must be there. ``passed_over`` are headings that
    belong to the form and that nobody needs. ``titles`` are words found above such tables.
    """

    key: str
    label: str
    fields: tuple[Field, ...]
    one_of: tuple[tuple[str, ...], ...] = ()
    passed_over: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    def __post_init__(self):
        owners: dict[str, str] = {}
        for one in self.fields:
            for key in one.keys:
                if owners.setdefault(key, one.key) != one.key:
                    raise ValueError(f"“{key}” is a heading of two fields: {owners[key]}, {one.key}.")
        if unknown := {key for group in self.one_of for key in group} - set(self.by_key):
            raise ValueError(f"There are no such fields: {unknown}.")

    @cached_property
    def by_key(self) -> dict[str, Field]:
        return {one.key: one for one in self.fields}

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """Return all headings, for ``find_tables``."""
        return tuple(head for one in self.fields for head in (one.label, *one.synonyms))

    @cached_property
    def needs(self) -> tuple[tuple[str, ...], ...]:
        """Return groups of fields; of each at least one must have a column."""
        return (*((one.key,) for one in self.fields if one.required), *self.one_of)
