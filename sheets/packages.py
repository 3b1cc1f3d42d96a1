"""Workbooks that are zip archives: xlsx and ods, checked before any parser sees them.

The parser is given a fresh archive with only those parts that were unpacked and checked
here. So nothing it reads can differ from what was measured: not by a false size in the
directory, not by two entries of one name, not by an archive within the archive.
"""

import io
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

from sheets.errors import Notice, SheetError
from sheets.limits import Extent, Limits
from sheets.places import Place

_MB = 1024 * 1024
_READ_AT_ONCE = 256 * 1024
_TEXT_PARTS = (".xml", ".rels")
# What no reader of values needs; these may be many and large.
_LEFT_OUT = ("xl/externalLinks/", "xl/drawings/", "xl/charts/", "xl/media/", "customXml/")

_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_SHARED_STRINGS = "sharedstrings.xml"  # parsers do not mind capitals
_NAMED_ERRORS = 5
_MOST_UNREAD = 200_000


@dataclass
class Package:
    """The parts of an archive that a parser needs, and what is worth telling about the rest."""

    kind: str
    parts: dict[str, bytes]
    notices: list[Notice] = field(default_factory=list)
    # Whether what the parser will need is known to be within the limits.
    is_measured: bool = False
    # By title of the sheet: the cells that look filled but give no value, and why.
    unread: dict[str, dict[Place, str]] = field(default_factory=dict)

    def repacked(self) -> bytes:
        """Return an archive of the checked parts alone."""
        return packed(self.parts)


def packed(parts: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """Return an archive of these parts alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def open_package(data: bytes, limits: Limits) -> Package:
    """Unpack and check an archive that holds a workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _checked(archive, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise SheetError("damaged_workbook") from None


def open_parts(data: bytes, limits: Limits) -> dict[str, bytes]:
    """Unpack every part of an office file of any kind, within the limits and without definitions in its XML.

    A parser that is given an archive of these parts alone reads nothing that was not measured.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = _entries(archive, limits)
            parts = _unpacked([entry for entry in entries if not entry.is_dir()], archive, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise SheetError("damaged_workbook") from None
    _refuse_unsafe_xml(parts)
    return parts


def _entries(archive: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > limits.parts:
        raise SheetError("too_many_parts", limit=limits.parts)
    if any(entry.flag_bits & 1 for entry in entries):
        raise SheetError("password_protected")
    return entries


def _refuse_unsafe_xml(parts: dict[str, bytes]) -> None:
    for content in parts.values():
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise SheetError("unsafe_xml")


def _checked(archive: zipfile.ZipFile, limits: Limits) -> Package:
    kind = _kind(archive)
    entries = _entries(archive, limits)
    wanted = [entry for entry in entries if _is_wanted(entry.filename)]
    package = Package(kind, _unpacked(wanted, archive, limits), _notices(entries))
    if kind == "ods" and b"encryption-data" in package.parts.get("META-INF/manifest.xml", b""):
        raise SheetError("password_protected")
    _refuse_unsafe_xml(package.parts)
    if kind == "xlsx":
        _measure(package, limits)
    return package


def _measure(package: Package, limits: Limits) -> None:
    """Refuse sheets that reach too far, and note what a reader of the values cannot see."""
    titles = sheet_titles(package.parts)
    shared_strings = longest = 0
    for name, content in package.parts.items():
        # Which parts are sheets is said elsewhere in the archive; every part that may be one counts.
        measure = _Measure(titles.get(name, name))
        measure.read(content, limits)
        shared_strings += measure.shared_strings
        if name.lower().endswith(_SHARED_STRINGS):
            longest = max(map(len, content.split(b"si>")))
        sheet = measure.extent.sheet
        if measure.unread:
            package.unread[sheet] = measure.unread
        errors = [str(place) for place, code in measure.unread.items() if code == "error_value"]
        if errors:
            cells = ", ".join(errors[:_NAMED_ERRORS])
            package.notices.append(Notice("error_values", sheet=sheet, cells=cells))
    # A parser copies a shared string into every cell that refers to it.
    package.is_measured = shared_strings * longest <= limits.unpacked_mb * _MB


def _kind(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "mimetype" in names:
        with archive.open("mimetype") as entry:
            if entry.read(len(_ODS_TYPE)) == _ODS_TYPE and "content.xml" in names:
                return "ods"
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise SheetError("unsupported_format", format="xlsb")
    raise SheetError("not_a_workbook")


def _unpacked(wanted: list[zipfile.ZipInfo], archive, limits: Limits) -> dict[str, bytes]:
    if len({entry.filename for entry in wanted}) < len(wanted):
        raise SheetError("damaged_workbook")
    if sum(entry.file_size for entry in wanted) > limits.unpacked_mb * _MB:
        raise SheetError("unpacked_too_large", limit=limits.unpacked_mb)
    for entry in wanted:
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise SheetError("damaged_workbook")
        if entry.file_size > _MB and entry.file_size > limits.ratio * entry.compress_size:
            raise SheetError("compressed_too_much")
    # Reading stops at the size that the directory states, so the sum above is a true limit.
    return {entry.filename: archive.read(entry) for entry in wanted}


def _is_wanted(name: str) -> bool:
    if name == "mimetype":
        return True
    return name.lower().endswith(_TEXT_PARTS) and not name.startswith(_LEFT_OUT)


def _notices(entries: list[zipfile.ZipInfo]) -> list[Notice]:
    names = [entry.filename for entry in entries]
    notices = []
    if any(name.startswith("xl/externalLinks/") for name in names):
        notices.append(Notice("external_links"))
    if any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in names):
        notices.append(Notice("macros"))
    return notices


def sheet_titles(parts: dict[str, bytes]) -> dict[str, str]:
    """Return the title of each sheet by the name of its part, as far as the archive tells."""
    targets = {
        link.get("Id"): link.get("Target", "")
        for link in attributes_of("Relationship", parts.get("xl/_rels/workbook.xml.rels", b""))
    }
    titles = {}
    for sheet in attributes_of("sheet", parts["xl/workbook.xml"]):
        target = targets.get(sheet.get("r:id"), "")
        name = target[1:] if target.startswith("/") else f"xl/{target}"
        titles[name] = sheet.get("name", name)
    return titles


def attributes_of(element: str, content: bytes) -> list[dict[str, str]]:
    found = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: (
        found.append(attributes) if name.rpartition(":")[2] == element else None
    )
    parser.StartDoctypeDeclHandler = _refuse_definitions
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise SheetError("damaged_workbook") from None
    return found


class _Measure:
    """Walk the elements of a sheet to learn how far its filled cells reach, and which have no value.

    Blank cells and rows, even a million of them, reach nowhere.
    """

    def __init__(self, title: str):
        self.extent = Extent(title)
        self.row = self.column = 0
        self.shared_strings = 0
        self.unread: dict[Place, str] = {}
        self.is_text = False
        self.awaits: Place | None = None  # the formula whose stored number may come next

    def read(self, content: bytes, limits: Limits) -> None:
        self.parser = parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = _refuse_definitions
        try:
            for offset in range(0, len(content), _READ_AT_ONCE):
                parser.Parse(content[offset : offset + _READ_AT_ONCE])
                self.extent.check(limits)
            parser.Parse(b"", True)
        except (expat.ExpatError, ValueError):
            raise SheetError("damaged_workbook") from None
        self.extent.check(limits)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self.awaits:
            self.awaits = self.parser.CharacterDataHandler = None
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            place = attributes.get("r")
            if place:
                self.row, self.column = _row_and_column(place)
            else:
                self.column += 1
            kind = attributes.get("t")
            self.is_text = kind == "str"
            if kind == "s":
                self.shared_strings += 1
            elif kind == "e":
                self._note("error_value")
        elif name in {"v", "is", "f"}:
            self.extent.fill(self.row, self.column)
            if name == "f":
                self._note("formula_without_value")
            elif name == "v" and (self.row, self.column) in self.unread:
                self._value_of_formula()
        elif name == "row":
            place = attributes.get("r")
            self.row, self.column = int(place) if place else self.row + 1, 0

    def _note(self, code: str) -> None:
        self.unread.setdefault(Place(self.row, self.column), code)
        if len(self.unread) > _MOST_UNREAD:
            raise SheetError("too_heavy")

    def _value_of_formula(self) -> None:
        """Take a formula off the list where its value is stored; a stored text may be empty."""
        place = Place(self.row, self.column)
        if self.unread[place] == "error_value":
            return
        if self.is_text:
            del self.unread[place]
        else:
            self.awaits = place
            self.parser.CharacterDataHandler = self._text

    def _text(self, text: str) -> None:
        if text.strip():
            self.unread.pop(self.awaits, None)


def _refuse_definitions(*_doctype) -> None:
    raise SheetError("unsafe_xml")


def _row_and_column(place: str) -> tuple[int, int]:
    letters = place.rstrip("0123456789")
    return int(place[len(letters) :]), _column(letters)


@lru_cache(maxsize=1000)
def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column
