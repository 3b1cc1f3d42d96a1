"""Remarks that pop up at their cells: the two parts of an xlsx file in which they are kept."""

import re
from collections.abc import Mapping
from html import escape

from sheets.markup import without_hidden
from sheets.places import Place
from sheets.splicing import MAIN, CannotSplice, Part, children, elements, local

_NO_COMMENTS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{MAIN}">'
    "<authors></authors><commentList></commentList></comments>"
).encode()
_NO_SHAPES = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    b'<o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
)
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = re.compile(rb"<(?P<prefix>\w+):shape\s.*?</(?P=prefix):shape>", re.DOTALL)
_DECLARED = re.compile(
    rb"xmlns:(\w+)\s*=\s*[\"']urn:schemas-microsoft-com:(?:office:)?(vml|office|excel)[\"']"
)
_SHAPE_NUMBER = re.compile(rb"_x0000_s([0-9]+)")
_END_OF_SHAPES = re.compile(rb"</(?:\w+:)?xml>\s*$")
_FIRST_SHAPE = 1025


def with_comments(content: bytes | None, texts: Mapping[Place, str], author: str) -> tuple[bytes, set[Place]]:
    """Return the part of comments with these texts, and the cells whose old comments of ours are gone.

    A comment that somebody else has written stays, and the text is put below it.
    """
    part = Part(content or _NO_COMMENTS)
    found = elements(part.content, lambda name, _attributes, depth: depth <= 4 or name == "t")
    root = found[0]
    prefix = root.name.removesuffix("comments")
    outer = {local(element.name): element for element in found if element.depth == 2}
    if local(root.name) != "comments" or not set(outer) >= {"authors", "commentList"}:
        raise CannotSplice("The comments are written in another dialect.")
    authors = [_text(part, element) for element in children(found, outer["authors"])]
    ours = {str(number) for number, name in enumerate(authors) if name == author}
    taken, gone = set(), set()
    for comment in children(found, outer["commentList"]):
        place = _place(comment.attributes.get("ref", ""))
        if comment.attributes.get("authorId") in ours:
            part.replace(comment.start, comment.end, b"")
            gone.add(place)
        elif place in texts:
            text = next(one for one in children(found, comment) if local(one.name) == "text")
            part.append_to(text, _run(f"\n{author}: {texts[place]}", prefix))
            taken.add(place)
    if not ours:
        part.append_to(
            outer["authors"], f"<{prefix}author>{escape(author, quote=False)}</{prefix}author>".encode()
        )
    number = min(map(int, ours), default=len(authors))
    part.append_to(
        outer["commentList"],
        b"".join(
            f'<{prefix}comment ref="{place}" authorId="{number}"><{prefix}text>'.encode()
            + _run(text, prefix)
            + f"</{prefix}text></{prefix}comment>".encode()
            for place, text in sorted(texts.items())
            if place not in taken
        ),
    )
    return part.spliced(), gone


def with_shapes(content: bytes | None, texts: Mapping[Place, str], gone: set[Place]) -> bytes:
    """Return the drawing with a box for each comment, and without those of comments that are gone.

    These drawings are not always XML, so they are edited as text.
    """
    content = content or _NO_SHAPES
    end = _END_OF_SHAPES.search(content)
    prefixes = {meaning.decode(): prefix.decode() for prefix, meaning in _DECLARED.findall(content)}
    if not end or set(prefixes) != {"vml", "office", "excel"}:
        raise CannotSplice("The boxes of the comments are written in another dialect.")
    content, tail = content[: end.start()], content[end.start() :]
    kept = _SHAPE.sub(lambda match: b"" if _cell_of(match[0]) in gone else match[0], content)
    drawn = {_cell_of(match[0]) for match in _SHAPE.finditer(kept)}
    first = max(map(int, _SHAPE_NUMBER.findall(content)), default=_FIRST_SHAPE - 1) + 1
    boxes = "".join(
        _box(number, place, text)
        for number, (place, text) in enumerate(sorted(texts.items()), first)
        if place not in drawn
    )
    shape_type = "" if b'id="_x0000_t202"' in content else _SHAPE_TYPE
    return kept + _with_prefixes(shape_type + boxes, prefixes).encode() + tail


def _with_prefixes(markup: str, prefixes: Mapping[str, str]) -> str:
    """Return markup of ours, written with v, o and x, in the prefixes of the file."""
    names = {"v": prefixes["vml"], "o": prefixes["office"], "x": prefixes["excel"]}
    return re.sub(r"(?<=[</ ])([vox]):(?=[a-zA-Z])", lambda match: f"{names[match[1]]}:", markup)


def _text(part: Part, element) -> str:
    inner = part.content[part.behind_start_tag(element) : element.end]
    return inner[: inner.rfind(b"<")].decode().replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _run(text: str, prefix: str) -> bytes:
    text = escape(without_hidden(text), quote=False)
    return f'<{prefix}r><{prefix}t xml:space="preserve">{text}</{prefix}t></{prefix}r>'.encode()


def _place(ref: str) -> Place:
    letters = ref.rstrip("0123456789")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    digits = ref[len(letters) :]
    return Place(int(digits) if digits else 0, column)


def _cell_of(shape: bytes) -> Place | None:
    row, column = (re.search(rb"<\w+:%s>\s*([0-9]+)\s*</" % name, shape) for name in (b"Row", b"Column"))
    return Place(int(row[1]) + 1, int(column[1]) + 1) if row and column else None


def _box(number: int, place: Place, text: str) -> str:
    lines = sum(len(line) // 38 + 1 for line in text.splitlines())
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;'
        f'margin-top:2pt;width:220pt;height:{16 * lines + 12}pt;z-index:1;visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
        f"<x:Row>{place.row - 1}</x:Row><x:Column>{place.column - 1}</x:Column></x:ClientData></v:shape>"
    )
