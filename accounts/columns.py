"""The columns of a list: how each is headed, how its cells are read, how its values are shown.

A column is a field of ``sheets`` (its heading with its synonyms, its kind) with what only we know: the
day that must be whole, the widths, the model's fields. The administration and the import desk
read by the same columns.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.sheet_errors import sentence_of
from sheets.cleaning import clean
from sheets.dates import PartialDate, parse_date
from sheets.errors import SheetError
from sheets.forms import Choices, Field, Kind
from sheets.text import says_nothing
from sheets.writing import Column


def as_is(value):
    return value


def whole_day(value: PartialDate):
    """Return the day of a date of which the day is known."""
    if value.precision != "day":
        raise ValidationError(_("Enter day, month and year, for example 03/02/1985."))
    return value.first_day


def in_the_past(value: PartialDate) -> PartialDate:
    """Return as much of a date as is known, of something that has happened: no birth lies in the future."""
    if value.first_day > timezone.localdate():
        raise ValidationError(_("That day has not come yet. Check the year."))
    return value


def read_past_date(value) -> PartialDate:
    return in_the_past(parse_date(value))


def read_day(value):
    """Read a date of which the day is known."""
    return whole_day(parse_date(value))


def show_yes(value) -> str:
    return "x" if value else ""


@dataclass(frozen=True)
class SheetColumn:
    """A column: how it is headed, read and shown.

    ``synonyms`` are further headings that offices write over it, ``choices`` a function that returns
    what may stand in it (labels follow the language). ``then`` is what a value of its kind still has to
    pass. ``sentences`` say in own words what the package has a general sentence for, by its code.
    ``names`` are the model's fields that the column stands for.
    """

    key: str
    header: str
    kind: Kind = "note"
    synonyms: tuple[str, ...] = ()
    choices: Callable[[], Choices] | None = None
    digits: int = 0
    then: Callable = as_is
    show: Callable = as_is
    width: float = 16
    shown_as: str = "text"
    required: bool = False
    names: tuple[str, ...] = ()
    sentences: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @cached_property
    def field(self) -> Field:
        """Return the column as the package ``sheets`` knows it."""
        choices = self.choices() if self.choices else None
        kind = "choice" if choices else self.kind
        return Field(self.key, str(self.header), self.synonyms, kind, False, choices, self.digits)

    def read(self, value):
        """Return the value that a cell holds, None where it says nothing, or raise SheetError, ValidationError."""
        # An empty mark is no answer here: what is to be taken away is taken away on a form.
        return None if says_nothing(value) else self.then(clean(value, self.field))

    def refusal(self, error: SheetError | ValidationError) -> str:
        """Return what to say of a cell that could not be read."""
        if isinstance(error, ValidationError):
            return " ".join(error.messages)
        own = self.sentences.get(error.code)
        return str(own) % error.params if own else sentence_of(error)

    @property
    def layout(self) -> Column:
        """Return the column as it is written into a workbook."""
        return Column(self.key, str(self.header), self.width, self.shown_as)


NOT_ON_THE_LIST = gettext_lazy("“%(value)s” is not on the list. Choose one of: %(choices)s.")


def code_column(key: str, header: str, **options) -> SheetColumn:
    return SheetColumn(key, header, kind="code", **{"width": 12, **options})


def year_column(key: str, header: str, **options) -> SheetColumn:
    return SheetColumn(key, header, kind="year", width=8, **options)


def count_column(key: str, header: str, **options) -> SheetColumn:
    return SheetColumn(key, header, kind="count", width=8, shown_as="int", **options)


def decimal_column(key: str, header: str, **options) -> SheetColumn:
    return SheetColumn(key, header, kind="decimal", width=8, **options)


def yes_column(key: str, header: str, **options) -> SheetColumn:
    return SheetColumn(key, header, kind="yes", show=show_yes, width=10, **options)


def day_column(key: str, header: str, **options) -> SheetColumn:
    options.setdefault("then", whole_day)
    return SheetColumn(key, header, kind="date", width=14, shown_as="date", **options)


def past_day_column(key: str, header: str, **options) -> SheetColumn:
    """Return a column for a day on which something has happened: none that has not come yet."""
    return day_column(key, header, **options | {"then": lambda value: whole_day(in_the_past(value))})


def partial_date_column(key: str, header: str, **options) -> SheetColumn:
    """Return a column for a day in the past of which a part may be unknown."""
    return SheetColumn(key, header, kind="date", then=in_the_past, width=14, shown_as="date", **options)


def choice_column(key: str, header: str, choices: Callable[[], Choices], **options) -> SheetColumn:
    options.setdefault("sentences", {"not_a_choice": NOT_ON_THE_LIST})
    return SheetColumn(key, header, choices=choices, **options)


def labels_of(enumeration, others: Mapping[Any, tuple[str, ...]] | None = None) -> Callable[[], Choices]:
    """Return the choices of an enumeration by their labels, and by other words for some of them."""

    def made() -> Choices:
        more = others or {}
        return Choices({one: (str(one.label), *more.get(one, ())) for one in enumeration})

    return made
