"""Reading what was typed into the fields of a grid: into values where it can be read, else into a sentence."""

from decimal import Decimal

from django.utils.translation import gettext as _

from sheets.errors import SheetError
from sheets.numbers import format_decimal, parse_count

YES, NO = "1", "0"


class Unreadable(Exception):
    """What was typed cannot be meant; the sentence says why."""


def read_count(text: str) -> int | None:
    if not text:
        return None
    try:
        return parse_count(text)
    except SheetError as error:
        raise Unreadable(
            _("“%(value)s” is no count. Enter a whole number, for example 12.") % {"value": text}
        ) from error


def read_answer(text: str) -> bool | None:
    if text not in ("", YES, NO):
        raise Unreadable(_("Choose yes, no, or leave it open."))
    return {YES: True, NO: False}.get(text)


def text_of(value) -> str:
    """Return a recorded value as it stands in its field."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Decimal):
        return format_decimal(value)
    return str(value)
