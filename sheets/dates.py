"""Dates and years as people write them in Vietnamese workbooks.

What is not certain is refused with a code, never guessed: a day lost is asked for again,
a wrong one stays.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from sheets.errors import SheetError
from sheets.text import nfc, required_text

FIRST_YEAR, LAST_YEAR = 1930, 2100  # of what the Party's records tell
_FIRST_BIRTH_YEAR = 1900

# Day 0 of Excel's calendar, which holds from March 1900 on.
_EXCEL_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL = (date(FIRST_YEAR, 1, 1) - _EXCEL_EPOCH).days
_LAST_SERIAL = (date(LAST_YEAR, 12, 31) - _EXCEL_EPOCH).days

_DASHES = str.maketrans("‐‑‒–—−", "------")
_TWO_DIGITS = r"([0-9]{1,2})"
_SEPARATOR = r" ?[/.-] ?"
_YEAR = re.compile(r"(?:năm )?([0-9]{4})")
_MONTH_YEAR = re.compile(
    rf"(?:tháng )?{_TWO_DIGITS}(?:{_SEPARATOR}|,? năm )([0-9]{{4}})",
)
_DAY_MONTH_YEAR = re.compile(rf"(?:ngày )?{_TWO_DIGITS}{_SEPARATOR}{_TWO_DIGITS}{_SEPARATOR}([0-9]{{4}})")
_IN_WORDS = re.compile(rf"(?:ngày )?{_TWO_DIGITS} tháng {_TWO_DIGITS},? năm ([0-9]{{4}})")
_ISO = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})(?:[-/]([0-9]{1,2}))?(?:[t ][0-9:.]+)?")
_SHORT_YEAR = re.compile(
    rf"(?:ngày )?{_TWO_DIGITS}(?:{_SEPARATOR}| tháng ){_TWO_DIGITS}(?:{_SEPARATOR}|,? năm )[0-9]{{2}}"
)
_DAY_MONTH = re.compile(rf"(?:ngày )?{_TWO_DIGITS}(?:{_SEPARATOR}| tháng ){_TWO_DIGITS}")
_YEARS = re.compile(r"(?:năm )?([0-9]{4})(?: ?- ?| đến )([0-9]{4})")


@dataclass(frozen=True)
class PartialDate:
    """A day of which the day, or the day and the month, may be unknown."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self):
        if self.month is None and self.day is not None:
            raise ValueError("A day needs its month.")
        if self.month is not None and not 1 <= self.month <= 12:
            raise ValueError("There is no such month.")
        if self.day is not None and not 1 <= self.day <= monthrange(self.year, self.month)[1]:
            raise ValueError("There is no such day.")

    @property
    def precision(self) -> str:
        """Say what is known: "year", "month" or "day"."""
        if self.day is not None:
            return "day"
        return "year" if self.month is None else "month"

    @property
    def first_day(self) -> date:
        """Return the first day that it may mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        """Return the last day that it may mean."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def __str__(self) -> str:
        parts = [f"{part:02}" for part in (self.day, self.month) if part is not None]
        return "/".join([*parts, f"{self.year:04}"])


def parse_date(value) -> PartialDate:
    """Read a date of any habit: a date, an Excel serial number, figures or words."""
    if isinstance(value, PartialDate):
        return value
    if isinstance(value, date):
        return _within(value, value.year, value.month, value.day)
    if isinstance(value, int | float):
        return _from_number(value)
    return _from_text(value)


def parse_year(value) -> int:
    """Read a year of four digits, from ``FIRST_YEAR`` to ``LAST_YEAR``."""
    text = _clean(value)
    if isinstance(value, float) and value.is_integer():
        text = str(int(value))
    match = _YEAR.fullmatch(text)
    if not match or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        raise SheetError("not_a_year", value=text)
    return int(match[1])


def parse_years(value) -> tuple[int, int]:
    """Read a stretch of years such as "2019-2021"; one year is its own first and last."""
    text = _clean(value)
    match = _YEARS.fullmatch(text)
    if not match:
        year = parse_year(value)
        return year, year
    try:
        first, last = parse_year(match[1]), parse_year(match[2])
    except SheetError:
        raise SheetError("not_a_year", value=text) from None
    if first > last:
        raise SheetError("years_out_of_order", value=text)
    return first, last


def _clean(value) -> str:
    return required_text(value).translate(_DASHES).lower()


def _from_number(value: float) -> PartialDate:
    if not isinstance(value, bool):
        if value == value // 1 and _FIRST_BIRTH_YEAR <= value <= LAST_YEAR:
            return PartialDate(int(value))
        # The part behind the point is the hour.
        if _FIRST_SERIAL <= value < _LAST_SERIAL + 1:
            day = _EXCEL_EPOCH + timedelta(days=int(value))
            return PartialDate(day.year, day.month, day.day)
    raise SheetError("not_a_date", value=value)


def _from_text(value) -> PartialDate:
    text = _clean(value)
    if match := _DAY_MONTH_YEAR.fullmatch(text) or _IN_WORDS.fullmatch(text):
        day, month, year = match.groups()
        return _within(value, year, month, day)
    if match := _MONTH_YEAR.fullmatch(text):
        return _within(value, match[2], match[1])
    if match := _ISO.fullmatch(text):
        return _within(value, *match.groups())
    if match := _YEAR.fullmatch(text):
        return _within(value, match[1])
    raise SheetError(_what_is_wrong(text), value=nfc(str(value)))


def _what_is_wrong(text: str) -> str:
    if _SHORT_YEAR.fullmatch(text):
        return "year_needs_four_digits"
    match = _DAY_MONTH.fullmatch(text)
    if not match:
        return "not_a_date"
    # In "5/85" the second figure can only be a year cut short.
    return "year_missing" if int(match[2]) <= 12 else "year_needs_four_digits"


def _within(value, year, month=None, day=None) -> PartialDate:
    known = [None if part is None else int(part) for part in (year, month, day)]
    if not _FIRST_BIRTH_YEAR <= known[0] <= LAST_YEAR:
        raise SheetError("not_a_date", value=_shown(value))
    try:
        return PartialDate(*known)
    except ValueError:
        raise SheetError("no_such_day", value=_shown(value)) from None


def _shown(value) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return nfc(str(value))
