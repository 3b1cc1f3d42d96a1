"""Edits in the bytes of an XML part: everything that is not edited stays as it is, to the byte."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from sheets.errors import SheetError

_TAG = re.compile(rb"<[^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*>")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass(slots=True)
class Element:
    """An element and where it stands; ``end`` is behind its end tag."""

    name: str
    attributes: Mapping[str, str]
    start: int
    depth: int
    end: int = 0


@dataclass
class Part:
    """The bytes of a part with the edits that are to be made."""

    content: bytes
    edits: list[tuple[int, int, bytes]] = field(default_factory=list)

    def __post_init__(self):
        declared = _DECLARED.match(self.content)
        if self.content.startswith((b"\xff\xfe", b"\xfe\xff")) or (
            declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")
        ):
            raise CannotSplice("The part is not in UTF-8.")

    def insert(self, at: int, markup: bytes) -> None:
        self.edits.append((at, at, markup))

    def replace(self, start: int, end: int, markup: bytes) -> None:
        self.edits.append((start, end, markup))

    def start_tag(self, element: Element) -> bytes:
        return self.content[element.start : self.behind_start_tag(element)]

    def behind_start_tag(self, element: Element) -> int:
        match = _TAG.match(self.content, element.start)
        if not match:
            raise CannotSplice("A tag has no end.")
        return match.end()

    def before_end_tag(self, element: Element) -> int:
        """Return where the content of an element ends, which must not be one written as ``<a/>``."""
        return self.content.rindex(b"<", element.start, element.end)

    def is_empty_tag(self, element: Element) -> bool:
        return self.start_tag(element).endswith(b"/>")

    def raw(self, element: Element) -> bytes:
        return self.content[element.start : element.end]

    def append_to(self, element: Element, markup: bytes) -> None:
        """Put markup at the end of what an element holds."""
        if not self.is_empty_tag(element):
            self.insert(self.before_end_tag(element), markup)
            return
        tag = self.start_tag(element)
        opened = tag[:-2].rstrip() + b">" + markup + f"</{element.name}>".encode()
        self.replace(element.start, element.end, opened)

    def spliced(self) -> bytes:
        pieces, behind = [], 0
        for start, end, markup in sorted(self.edits, key=lambda edit: (edit[0], edit[1])):
            if start < behind:
                raise CannotSplice("Two edits meet.")
            pieces += [self.content[behind:start], markup]
            behind = end
        return b"".join([*pieces, self.content[behind:]])


class CannotSplice(Exception):
    """A part is built in a way that is not edited here; its values can be written anew instead."""


def local(name: str) -> str:
    return name.rpartition(":")[2]


def set_attribute(tag: bytes, name: str, value: str) -> bytes:
    """Return a start tag with this attribute changed or added."""
    attribute = f' {name}="{value}"'.encode()
    changed, count = re.subn(rf"\s{name}\s*=\s*(?:\"[^\"]*\"|'[^']*')".encode(), attribute, tag, count=1)
    if count:
        return changed
    close = b"/>" if tag.endswith(b"/>") else b">"
    return tag[: -len(close)].rstrip() + attribute + close


def without_attribute(tag: bytes, name: str) -> bytes:
    return re.sub(rf"\s{name}\s*=\s*(?:\"[^\"]*\"|'[^']*')".encode(), b"", tag, count=1)


def elements(content: bytes, is_wanted: Callable[[str, Mapping[str, str], int], bool]) -> list[Element]:
    """Return the wanted elements in the order in which they begin; the root has depth 1.

    ``is_wanted`` is asked for every element with its local name, attributes and depth.
    """
    found: list[Element] = []
    open_elements: list[Element | None] = []
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        depth = len(open_elements) + 1
        element = None
        if is_wanted(local(name), attributes, depth):
            element = Element(name, attributes, parser.CurrentByteIndex, depth)
            found.append(element)
        open_elements.append(element)

    def end(_name: str) -> None:
        if element := open_elements.pop():
            tag = _TAG.match(content, element.start)
            if tag and tag[0].endswith(b"/>"):
                element.end = tag.end()
            else:
                element.end = content.index(b">", parser.CurrentByteIndex) + 1

    def refuse(*_definition) -> None:
        raise SheetError("unsafe_xml")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError):
        raise SheetError("damaged_workbook") from None
    return found


def children(found: Iterable[Element], parent: Element) -> list[Element]:
    return [
        element
        for element in found
        if element.depth == parent.depth + 1 and parent.start < element.start < parent.end
    ]
