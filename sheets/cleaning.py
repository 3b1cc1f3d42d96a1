"""The values of a table by the kinds of a form's fields; what cannot be read is a fault with its cell."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from sheets.columns import Mapped
from sheets.dates import parse_date, parse_year, parse_years
from sheets.errors import SheetError
from sheets.forms import Field
from sheets.lines import Line
from sheets.numbers import parse_count, parse_decimal
from sheets.parsing import Value
from sheets.places import Place
from sheets.text import fold, nfc, required_text, says_nothing

_DITTO = frozenset({'"', "''", "”", "“", "„", "〃", "nt", "-nt-", "nt-", "- nt -", "như trên", "-như trên-"})

_YES = frozenset({"x", "co", "1", "true", "dung", "yes"})
_NO = frozenset({"khong", "0", "false", "sai", "no"})
_TICKS = frozenset("✓✔√☑×✗✘☒")  # some people cross, some tick

_ADDRESS = re.compile(
    r"(?:(?:đ/c|đc|đồng chí|ông/bà|ông \(bà\)|bà|anh|chị|cô|chú)[.:]?(?:\s+|(?<=[.:]))|(?:đ/c|ông/bà)\s*)+",
    re.IGNORECASE,
)
_OLD_MAN = re.compile(r"ông[.:]?\s+(?=(\S+)\s+\S)", re.IGNORECASE)
# "Ông" is a surname too (Ông Ích Khiêm): it is taken off only where a surname follows.
_SURNAMES = (
    "nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trương đoàn lâm mai trịnh đào "
    "cao tô tăng hà lương châu thái tạ phùng quách la kim thạch sơn danh lưu triệu nghiêm vương từ hứa tôn diệp "
    "đồng lữ ninh khưu trà mạc vi nông thân doãn chu giang bạch"
)
_NO_NAME = re.compile(r"[0-9@#%*=<>{}\[\]\\|]")

_PHONE_PARTS = re.compile(r"[;,\n]|\s/\s|(?<=[0-9]{4})/(?=[0-9])")
_PHONE_SIGNS = re.compile(r"[\s.()\-‐‑‒–]")
_PHONE = re.compile(r"0[0-9]{9,10}")
_HOTLINE = re.compile(r"1[89]00[0-9]{4,6}")
_PHONE_AS_WRITTEN = re.compile(r"[0-9 .]+")


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be used: where it stands, which field it was to be, and why not."""

    place: Place
    field: Field
    error: SheetError


@dataclass(frozen=True)
class CleanRow:
    """The values of one row by field; those with a fault are left out of ``values``."""

    line: Line
    values: Mapping[str, Any]
    faults: tuple[Fault, ...] = field(default=())

    @property
    def row(self) -> int:
        return self.line.row


def clean_rows(mapped: Mapped) -> list[CleanRow]:
    """Read every row of data, and collect every fault."""
    return [_clean_row(mapped, line) for line in mapped.table.rows]


def clean(value: Value, by: Field) -> Any:
    """Return the value as its kind, None for an empty cell (False for a mark), or raise SheetError."""
    if says_nothing(value):
        if by.required:
            raise SheetError("blank")
        return False if by.kind == "yes" else None
    if isinstance(value, str) and value.strip().casefold() in _DITTO and by.kind != "note":
        raise SheetError("ditto", value=value.strip())
    return _READERS[by.kind](value, by)


def _clean_row(mapped: Mapped, line: Line) -> CleanRow:
    values, faults = {}, []
    for key, column in mapped.columns.items():
        by, place = mapped.form.by_key[key], Place(line.row, column)
        try:
            if place in mapped.table.sheet.unread:
                raise SheetError(mapped.table.sheet.unread[place])
            values[key] = clean(line.values[column - 1], by)
        except SheetError as error:
            faults.append(Fault(place, by, error))
    return CleanRow(line, values, tuple(faults))


def _text(value: Value, _by: Field) -> str:
    # "12/12" and "3-4" become days as soon as somebody types them into a workbook.
    if isinstance(value, date):
        raise SheetError("turned_into_date", value=f"{value:%d/%m/%Y}")
    return _note(value, _by)


def _note(value: Value, _by: Field) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        return f"{Decimal(str(value)):f}".replace(".", ",")
    if isinstance(value, time | timedelta):
        return str(value)
    return required_text(value)


def _person(value: Value, by: Field) -> str:
    if not isinstance(value, str):
        raise SheetError("not_a_name", value=_note(value, by))
    return parse_name(value)


def parse_name(value: str) -> str:
    """Read the name of a person without "Đ/c", "Ông", "Bà" before it."""
    name = nfc(value)
    if match := _ADDRESS.match(name):
        name = name[match.end() :]
    if (match := _OLD_MAN.match(name)) and f" {match[1].casefold()} " in f" {_SURNAMES} ":
        name = name[match.end() :]
    name = name.strip(" .,:;-")
    if len(name) < 2 or _NO_NAME.search(name):
        raise SheetError("not_a_name", value=nfc(value))
    return name


def _code(value: Value, by: Field) -> str:
    """Read a code as text; a number gets its zeros back where the field says how many digits it has."""
    if isinstance(value, bool | float | date | time | timedelta):
        raise SheetError("not_a_code", value=_note(value, by))
    text = str(value) if isinstance(value, int) else required_text(value)
    if isinstance(value, int) and value < 0:
        raise SheetError("not_a_code", value=text)
    if by.digits and text.isdecimal():
        text = text.zfill(by.digits) if isinstance(value, int) else text
        if len(text) != by.digits:
            raise SheetError("wrong_number_of_digits", value=text, digits=by.digits)
    return text


def _count(value: Value, by: Field) -> int:
    if isinstance(value, date | time | timedelta):
        raise SheetError("not_a_count", value=_note(value, by))
    return parse_count(value)


def _decimal(value: Value, by: Field) -> Decimal:
    if isinstance(value, date | time | timedelta):
        raise SheetError("not_a_number", value=_note(value, by))
    return parse_decimal(value)


def _yes(value: Value, _by: Field) -> bool:
    text = nfc(str(value))
    if isinstance(value, float):
        raise SheetError("not_a_mark", value=text)
    if fold(text) in _YES or text in _TICKS:
        return True
    if fold(text) in _NO:
        return False
    raise SheetError("not_a_mark", value=text)


def _phone(value: Value, by: Field) -> str:
    """Read a telephone number as it is written; one that was typed as a number gets its zero back."""
    if isinstance(value, bool | float | date | time | timedelta):
        raise SheetError("not_a_phone", value=_note(value, by))
    text = nfc(str(value))
    parts = [part for part in _PHONE_PARTS.split(str(value)) if part.strip()]
    if len(parts) > 1:
        raise SheetError("several_phones", value=text)
    digits = _PHONE_SIGNS.sub("", text)
    if _PHONE.fullmatch(digits) or _HOTLINE.fullmatch(digits):
        return text if _PHONE_AS_WRITTEN.fullmatch(text) else digits
    if digits.startswith(("+84", "84")) and len(digits) > 10:
        digits = f"0{digits.removeprefix('+').removeprefix('84').removeprefix('0')}"
    elif len(digits) in (9, 10) and not digits.startswith("0"):
        digits = f"0{digits}"
    if not _PHONE.fullmatch(digits):
        raise SheetError("not_a_phone", value=text)
    return digits


def _choice(value: Value, by: Field):
    """Return what the cell names exactly; a word that may mean several is asked about."""
    if isinstance(value, date):
        raise SheetError("turned_into_date", value=f"{value:%d/%m/%Y}")
    text = _note(value, by)
    key = fold(text)
    if key in by.choices.by_key:
        return by.choices.by_key[key]
    if key in by.choices.vague_by_key:
        meant = by.choices.shown(by.choices.vague_by_key[key])
        raise SheetError("vague_choice", value=text, choices=meant)
    raise SheetError("not_a_choice", value=text, choices=by.choices.shown())


_READERS: dict[str, Callable[[Value, Field], Any]] = {
    "text": _text,
    "note": _note,
    "person": _person,
    "code": _code,
    "date": lambda value, _by: parse_date(value),
    "year": lambda value, _by: parse_year(value),
    "years": lambda value, _by: parse_years(value),
    "count": _count,
    "decimal": _decimal,
    "yes": _yes,
    "phone": _phone,
    "choice": _choice,
}
