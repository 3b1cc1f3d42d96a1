"""Numbers as they are written in Vietnam: 1.542 with a point for thousands, 90,8 with a comma.

No binary fraction takes part, so what is shown is what a hand calculation gives.
"""

import math
import re
from decimal import Decimal

from sheets.errors import SheetError
from sheets.text import required_text

NOTHING_TO_DIVIDE = "–"

_MOST_DIGITS = 15  # what a workbook keeps of a number
_PLAIN = re.compile(r"([0-9]+)(?:\.0)?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?: [0-9]{3})+)")
_TWO_READINGS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")

_DECIMAL = re.compile(
    r"-?(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+)(?:,[0-9]+)?"
)
_DECIMAL_POINT = re.compile(r"-?[0-9]+\.[0-9]+")
# One group of three after one separator: a thousand, or a part of one?
_DECIMAL_TWO_READINGS = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")


def parse_count(value) -> int:
    """Read a whole number that is not negative: 1542, 1542.0, "1.542", "1 542"."""
    if isinstance(value, int | float | Decimal):
        return _whole(value)
    text = required_text(value)
    if _TWO_READINGS.fullmatch(text):
        raise SheetError("ambiguous_count", value=text)
    if match := _PLAIN.fullmatch(text):
        digits = match[1]
    elif _GROUPED.fullmatch(text):
        digits = text.replace(".", "").replace(" ", "")
    else:
        raise SheetError("not_a_count", value=text)
    if len(digits.lstrip("0")) > _MOST_DIGITS:
        raise SheetError("not_a_count", value=text)
    return int(digits)


def parse_decimal(value) -> Decimal:
    """Read a number with a decimal comma or point, and refuse one that has two readings."""
    if isinstance(value, int | float | Decimal):
        return _finite(value)
    text = required_text(value)
    if _DECIMAL_TWO_READINGS.fullmatch(text):
        raise SheetError("ambiguous_number", value=text)
    if _DECIMAL_POINT.fullmatch(text):
        return Decimal(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text.replace(".", "").replace(" ", "").replace(",", "."))
    raise SheetError("not_a_number", value=text)


def format_count(count: int) -> str:
    """Write 1542 as "1.542"."""
    return f"{count:,}".replace(",", ".")


def format_decimal(number: Decimal | None) -> str:
    """Write 87.50 as "87,5" and 100.00 as "100"; nothing for no number."""
    return "" if number is None else f"{number.normalize():f}".replace(".", ",")


def share(numerator: int, denominator: int) -> Decimal | None:
    """Return the share as a fraction with three places, or None where there is nothing to divide.

    Half a step is rounded up, but never up to the whole or down to nothing: 1 is all or
    more, 0 is none.
    """
    if numerator < 0 or denominator < 0:
        raise ValueError("A share is made of counts.")
    if denominator == 0:
        return None
    thousandths = (2000 * numerator + denominator) // (2 * denominator)
    if 0 < numerator < denominator:
        thousandths = min(max(thousandths, 1), 999)
    return Decimal(thousandths).scaleb(-3)


def percent(numerator: int, denominator: int) -> str | None:
    """Return the percentage without its sign, as "47,5" or "100"; None for 0 of 0."""
    part = share(numerator, denominator)
    return None if part is None else _percent(part)


def format_percent(numerator: int, denominator: int) -> str:
    """Return the percentage as people read it: "90,8%", "100%", "–"."""
    part = share(numerator, denominator)
    return NOTHING_TO_DIVIDE if part is None else format_share(part)


def format_share(part: Decimal) -> str:
    """Write the fraction 0.908 as "90,8%"."""
    return f"{_percent(part)}%"


def _percent(part: Decimal) -> str:
    return f"{part * 100:.1f}".removesuffix(".0").replace(".", ",")


def _whole(value: float | Decimal) -> int:
    if isinstance(value, bool) or not math.isfinite(value):
        raise SheetError("not_a_count", value=value)
    if value < 0 or value != int(value) or value >= 10**_MOST_DIGITS:
        raise SheetError("not_a_count", value=value)
    return int(value)


def _finite(value: float | Decimal) -> Decimal:
    if isinstance(value, bool) or not math.isfinite(value):
        raise SheetError("not_a_number", value=value)
    # Through its shortest writing: 90.8 is meant, not the binary fraction next to it.
    return Decimal(str(value))
