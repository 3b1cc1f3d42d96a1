"""The columns of a list: how each is headed, how its cells are read, how its values are shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from sheets.dates import PartialDate, parse_date, parse_year
from sheets.numbers import parse_count, parse_decimal
from sheets.text import fold, nfc


def read_text(value) -> str:
    return nfc(str(value))


def read_day(value):
    """Read a date of which the day is known."""
    known = parse_date(value)
    if known.precision != "day":
        raise ValidationError(_("Enter day, month and year, for example 03/02/1985."))
    return known.first_day


def read_yes(value) -> bool:
    word = fold(str(value))
    if word in {"x", "co", "1", "true", "dung"}:
        return True
    if word in {"khong", "0", "false", "sai"}:
        return False
    raise ValidationError(_("Enter x for yes, “không” for no."))


def one_of(words: Callable[[], dict[str, Any]], question: str) -> Callable:
    """Return a reader that takes exactly one of these (folded) words, never a part of one."""

    def read(value):
        known = words()
        key = fold(str(value))
        if key not in known:
            shown = ", ".join(str(getattr(word, "label", word)) for word in dict.fromkeys(known.values()))
            raise ValidationError(question % {"value": nfc(str(value)), "known": shown})
        return known[key]

    return read


def show_plain(value):
    return value


def show_yes(value) -> str:
    return "x" if value else ""


@dataclass(frozen=True)
class SheetColumn:
    """A column: how it is headed, read and shown. ``names`` are the model's fields it stands for."""

    key: str
    header: str
    read: Callable = read_text
    show: Callable = show_plain
    width: float = 16
    kind: str = "text"
    required: bool = False
    names: tuple[str, ...] = ()


def year_column(key: str, header: str, **options) -> SheetColumn:
    return SheetColumn(key, header, read=parse_year, width=8, **options)


def count_column(key: str, header: str, **options) -> SheetColumn:
    return SheetColumn(key, header, read=parse_count, width=8, kind="int", **options)


def decimal_column(key: str, header: str, **options) -> SheetColumn:
    return SheetColumn(key, header, read=parse_decimal, width=8, **options)


def day_column(key: str, header: str, **options) -> SheetColumn:
    return SheetColumn(key, header, read=read_day, width=14, kind="date", **options)


def read_past_date(value) -> PartialDate:
    """Read as much of a date as is known, of something that has happened: no birth lies in the future."""
    known = parse_date(value)
    if known.first_day > timezone.localdate():
        raise ValidationError(_("That day has not come yet. Check the year."))
    return known


def partial_date_column(key: str, header: str, **options) -> SheetColumn:
    """Return a column for a day in the past of which a part may be unknown."""
    return SheetColumn(key, header, read=read_past_date, width=14, kind="date", **options)
