"""The rows of a file on their way into a list: what each says, which record it means, what is wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from import_export.results import RowResult

NEW, CHANGED, SAME = RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE, RowResult.IMPORT_TYPE_SKIP


class Refusal(ValidationError):
    """A refusal of one cell that knows what it has in common with others, and what may have been meant.

    ``nearest`` are texts that the cell may hold instead, the likeliest first; where these are codes,
    a mapping says what each stands for.
    """

    def __init__(self, message, *, cause: str = "", nearest: Iterable[str] | Mapping[str, str] = ()):
        super().__init__(message)
        self.cause, self.nearest = cause, tuple(nearest)
        self.labels = dict(nearest) if isinstance(nearest, Mapping) else {}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell or a row. Faults of one cause are told together."""

    sentence: str
    cause: str = ""
    nearest: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    def __str__(self):
        return self.sentence


@dataclass(eq=False)
class Line:
    """One row of a file. A row that says several things to one list makes several lines."""

    number: int
    raw: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    # What is recorded now, as it would be exported; None for a new row.
    current: dict[str, Any] | None = None
    obj: Any = None
    # What the file says of the changes that were known when it was made.
    seen: str | None = None
    # Somebody has seen that the record was changed after the file was made, and wants what the file says.
    overrides: bool = False

    def __getitem__(self, key: str):
        return self.values.get(key)

    def fault(self, key: str, said: str | ValidationError) -> None:
        """Note what is wrong with a column of this row (with all of it: ``NON_FIELD_ERRORS``)."""
        if isinstance(said, ValidationError):
            told = [
                getattr(said, name, other) for name, other in (("cause", ""), ("nearest", ()), ("labels", {}))
            ]
            found = [Fault(sentence, *told) for sentence in said.messages]
        else:
            found = [Fault(str(said))]
        self.faults.setdefault(key, []).extend(found)

    @property
    def changed(self) -> dict[str, Any]:
        """The values that differ from what is recorded. What the file leaves empty stays."""
        now = self.current or {}
        return {
            key: value for key, value in self.values.items() if value is not None and value != now.get(key)
        }

    @property
    def outcome(self) -> str:
        if self.current is None:
            return NEW
        return CHANGED if self.changed else SAME
