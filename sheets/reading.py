"""Workbooks in: any file a user may send, as sheets of plain values, or a reason why not.

What a file is, is told by its content. Its name only decides whether plain text was meant
to be a table. Macros are never run, references to other files never followed; a formula
counts as the value that was stored with it; where there is none it is empty and named in
``Sheet.unread``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from sheets.delimited import decode, parse_delimited
from sheets.errors import Notice, SheetError
from sheets.limits import Limits
from sheets.opendocument import layouts
from sheets.packages import open_package
from sheets.parsing import Sheet, parse, parse_apart
from sheets.places import within

_MB = 1024 * 1024
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")  # .xls, but also .doc, and xlsx with a password
# A locked .xls file has the record FILEPASS right behind its first one, or behind WRITEPROTECT.
# The parser takes such a file for damaged, or, with the weak lock of old days, for numbers.
_LOCKED = re.compile(
    rb"\x09\x08(?:\x10\x00\x00\x06\x05\x00.{12}|\x08\x00\x00\x05\x05\x00.{4})(?:\x86\x00\x00\x00)?\x2f\x00",
    re.DOTALL,
)

_EXTENSIONS = {
    "xlsx": {".xlsx", ".xlsm", ".xltx", ".xltm"},
    "xls": {".xls", ".xlt"},
    "ods": {".ods"},
    "csv": {".csv", ".tsv", ".txt"},
}


@dataclass(frozen=True)
class Workbook:
    """What a file holds, and what is worth telling about how it was read."""

    kind: str
    sheets: list[Sheet]
    notices: list[Notice] = field(default_factory=list)


def read_workbook(data: bytes, filename: str, limits: Limits | None = None) -> Workbook:
    """Read an xlsx, xls, ods or csv file, or raise SheetError with the reason why not."""
    limits = limits or Limits()
    if not data:
        raise SheetError("empty_file")
    if len(data) > limits.file_mb * _MB:
        raise SheetError("file_too_large", size=-(-len(data) // _MB), limit=limits.file_mb)
    suffix = PurePath(filename).suffix.lower()
    workbook = _read(data, filename, suffix, limits)
    if suffix not in _EXTENSIONS[workbook.kind]:
        workbook.notices.append(Notice("wrong_extension", format=workbook.kind))
    return workbook


def _read(data: bytes, filename: str, suffix: str, limits: Limits) -> Workbook:
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        return _read_package(data, limits)
    if data.startswith(_COMPOUND):
        return _read_compound(data, limits)
    return _read_text(data, filename, suffix, limits)


def _read_package(data: bytes, limits: Limits) -> Workbook:
    package = open_package(data, limits)
    read = parse if package.is_measured else parse_apart
    sheets = read(package.repacked(), limits)
    if package.kind == "ods":
        sheets = list(_with_layouts(sheets, package.parts["content.xml"], limits))
    else:
        sheets = [replace(sheet, unread=package.unread.get(sheet.name, {})) for sheet in sheets]
    return Workbook(package.kind, sheets, package.notices)


def _with_layouts(sheets: list[Sheet], content: bytes, limits: Limits) -> Iterator[Sheet]:
    """Add what the parser does not tell of an ods file."""
    for sheet, layout in zip(sheets, layouts(content), strict=False):
        width = len(sheet.rows[0]) if sheet.rows else 0
        merged = within(layout.merged, len(sheet.rows), width, limits.cells)
        yield replace(sheet, merged=merged, unread=layout.unread)


def _read_compound(data: bytes, limits: Limits) -> Workbook:
    if _has_stream(data, "EncryptedPackage") or _LOCKED.search(data):
        raise SheetError("password_protected")
    if not (_has_stream(data, "Workbook") or _has_stream(data, "Book")):
        raise SheetError("not_a_workbook")
    notices = [Notice("macros")] if _has_stream(data, "_VBA_PROJECT") else []
    return Workbook("xls", parse_apart(data, limits), notices)


def _has_stream(data: bytes, name: str) -> bool:
    # An entry of the directory: the name padded with zeros to 64 bytes, then its length.
    encoded = name.encode("utf-16-le")
    return encoded.ljust(64, b"\0") + (len(encoded) + 2).to_bytes(2, "little") in data


def _read_text(data: bytes, filename: str, suffix: str, limits: Limits) -> Workbook:
    start = data[:2000].lower()
    if b"<html" in start or b"<table" in start:
        raise SheetError("unsupported_format", format="HTML")
    if start.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<?xml"):
        raise SheetError("unsupported_format", format="XML")
    if suffix not in _EXTENSIONS["csv"]:
        raise SheetError("not_a_workbook")
    text = decode(data)
    if "\0" in text or start.startswith(b"%pdf"):
        raise SheetError("not_a_workbook")
    return Workbook("csv", [parse_delimited(text, PurePath(filename).stem, limits)])
