"""What an office file of a stranger may hold that its text does not show: macros, ways out, endless sheets.

Parts are judged by what stands in them, not by what they are called: an office program finds them by what
other parts say of them.
"""

from collections.abc import Mapping
from xml.parsers import expat

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sheets.errors import SheetError
from sheets.limits import Extent, Limits
from sheets.packages import attributes_of

# What Word fetches from elsewhere, or runs, when somebody opens the paper.
_FETCHES = ("DDEAUTO", "DDE", "INCLUDETEXT", "INCLUDEPICTURE", "LINK", "IMPORT", "MACROBUTTON")
# What a program goes through place by place, however far it reaches.
_AREAS = frozenset({"mergeCell", "hyperlink"})


def refuse_dangers(parts: Mapping[str, bytes], limits: Limits) -> None:
    """Refuse macros, embedded objects, whatever leads out of the file, and sheets that reach too far.

    Raises ValidationError, or SheetError where a part cannot be read.
    """
    _refuse_other_files(parts)
    for name, content in parts.items():
        if name.lower().endswith(".rels"):
            _refuse_ways_out(content)
        else:
            _refuse_what_runs(name, content, limits)


def _refuse_other_files(parts: Mapping[str, bytes]) -> None:
    types = parts.get("[Content_Types].xml", b"")
    names = [name.lower() for name in parts]
    if b"macroenabled" in types.lower() or any(name.endswith(".bin") for name in names):
        raise ValidationError(
            _("The file holds macros or controls. Save it without them and choose it again.")
        )
    if any("/embeddings/" in name or "/activex/" in name or "/externallinks/" in name for name in names):
        raise ValidationError(_("The file holds other files. Take them out and choose it again."))


def _refuse_ways_out(content: bytes) -> None:
    for link in attributes_of("Relationship", content):
        if link.get("TargetMode", "").strip().lower() == "external":
            raise ValidationError(
                _("The file leads to another place: %(target)s. Take the link out and choose it again.")
                % {"target": link.get("Target", "")[:100]}
            )
        if link.get("Type", "").endswith(("/aFChunk", "/oleObject", "/subDocument", "/frame")):
            raise ValidationError(_("The file holds other files. Take them out and choose it again."))


def _refuse_what_runs(name: str, content: bytes, limits: Limits) -> None:
    look = _Look(name, limits)
    try:
        look.read(content)
    except (expat.ExpatError, ValueError):
        # A picture is no XML, and no program reads it as such before it has failed here.
        if name.lower().endswith(".xml") or look.has_begun:
            raise SheetError("damaged_workbook") from None
    words = "".join(look.codes).upper().replace('"', " ").split()
    if any(word.startswith(_FETCHES) for word in words):
        raise ValidationError(
            _("The file has a field that fetches something from elsewhere. Take it out and choose it again.")
        )


class _Look:
    """Walk the elements of a part: the codes of its fields, and how far its cells and areas reach."""

    def __init__(self, name: str, limits: Limits):
        self.limits = limits
        self.extent = Extent(name)
        self.row = self.column = self.cells = 0
        self.codes: list[str] = []
        self.has_begun = self.in_code = False

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _refuse_definitions
        parser.Parse(content, True)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.has_begun = True
        name = name.rpartition(":")[2]
        if name == "instrText":
            self.in_code = True
        elif name == "fldSimple":
            self.codes += [f" {value} " for key, value in attributes.items() if key.endswith("instr")]
        elif name == "row":
            self.row, self.column = int(attributes.get("r") or self.row + 1), 0
            self._reaches(self.row, 1)
        elif name == "c":
            place = attributes.get("r")
            self.row, self.column = _place(place) if place else (self.row, self.column + 1)
            self._reaches(self.row, self.column)
        elif name in _AREAS:
            for corner in attributes.get("ref", "").replace("$", "").split(":"):
                if corner:
                    self._reaches(*_place(corner))

    def _end(self, name: str) -> None:
        self.in_code = self.in_code and not name.endswith("instrText")
        if name.rpartition(":")[2] == "p":
            self.codes.append(" ")

    def _text(self, text: str) -> None:
        if self.in_code:
            self.codes.append(text)

    def _reaches(self, row: int, column: int) -> None:
        self.extent.fill(row, column)
        self.extent.check(self.limits)
        self.cells += 1
        if self.cells > self.limits.cells:
            raise SheetError("too_heavy")


def _refuse_definitions(*_doctype) -> None:
    raise SheetError("unsafe_xml")


def _place(text: str) -> tuple[int, int]:
    """Return the row and the column of a place in a sheet; ValueError where it is none."""
    letters = text.rstrip("0123456789")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(text[len(letters) :]), column
