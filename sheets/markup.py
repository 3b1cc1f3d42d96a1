"""The cells of an xlsx sheet, written down one by one."""

import math
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from html import escape

from sheets.dates import PartialDate
from sheets.formulas import neutralise

QUOTED = "'"  # behind the name of a style: the one for text that looks like a formula

_LONGEST_TEXT = 32_767
_LINE_END = re.compile("\r\n?")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Workbooks write odd characters as _x000D_; text that looks so has its first sign escaped.
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

_EPOCH = datetime(1899, 12, 30)
_EPOCH_NUMBER = _EPOCH.toordinal()
_FIRST_YEAR = 1901  # the calendar of workbooks has a day too many in 1900


def cell_markup(place: str, value, kind: str, styles: dict[str, int]) -> str:
    """Return one cell. What does not fit the kind of its column is kept as text."""
    return f'<c r="{place}" {content_markup(value, kind, styles)}'


def content_markup(value, kind: str, styles: dict[str, int]) -> str:
    """Return a cell from its style on: the same wherever it stands."""
    if value is None or value == "":
        return f's="{styles[kind]}"/>'
    if isinstance(value, str):
        return _text(str(value), kind, styles)
    if isinstance(value, PartialDate):
        value = value.first_day if value.precision == "day" else str(value)
    if isinstance(value, date):
        if value.year >= _FIRST_YEAR:
            return _day(value, styles)
        value = f"{value:%d/%m/%Y}"
    if isinstance(value, str) or kind not in {"int", "percent"}:
        return _text(str(value), kind, styles)
    if kind == "percent" and value * 100 == int(value * 100):
        kind = "whole_percent"
    return f's="{styles[kind]}"><v>{_number(value)}</v></c>'


def without_hidden(text: str) -> str:
    """Return the text without the characters that no workbook can hold, and with one kind of line end."""
    return _NOT_IN_XML.sub("", _LINE_END.sub("\n", text))


def _number(value) -> str:
    if not math.isfinite(value):
        raise ValueError("A workbook holds finite numbers only.")
    return f"{value:f}" if isinstance(value, Decimal) else repr(+value)


def _day(value: date, styles: dict[str, int]) -> str:
    if not isinstance(value, datetime):
        return f's="{styles["date"]}"><v>{value.toordinal() - _EPOCH_NUMBER}</v></c>'
    # The hour on the clock is meant, and workbooks know no time zones.
    serial = (value.replace(tzinfo=None) - _EPOCH) / timedelta(days=1)
    return f's="{styles["datetime"]}"><v>{serial!r}</v></c>'


def _text(text: str, kind: str, styles: dict[str, int]) -> str:
    if not text.isprintable():
        text = without_hidden(text)
    style = styles[kind]
    neutral = neutralise(text)
    if neutral != text:
        style = styles[kind + QUOTED]
        # A cell is text by its type, so only text that begins with an apostrophe needs one
        # more: reading takes one off.
        if text.startswith("'"):
            text = neutral
    if "_x" in text:
        text = _LOOKS_ESCAPED.sub("_x005F_", text)
    text = escape(text[:_LONGEST_TEXT], quote=False)
    # Programs drop spaces and line ends at the edges of a text unless they are told to keep them.
    keep = "" if text == text.strip() else ' xml:space="preserve"'
    return f's="{style}" t="inlineStr"><is><t{keep}>{text}</t></is></c>'
