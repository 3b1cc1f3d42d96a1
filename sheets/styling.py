"""Looks added to the styles of a workbook: an old look coloured or uncoloured, and one for remarks."""

import re

from sheets.splicing import CannotSplice, Element, Part, children, elements, local, set_attribute

# A light orange that offices hardly use themselves: a cell that has it was coloured here.
MARKED = "FFFFD9B3"

_PLACES = {"fills", "cellXfs"}


class Styles:
    """The part ``styles.xml`` with looks added as they are asked for."""

    def __init__(self, content: bytes):
        self.part = Part(content)
        found = elements(content, lambda name, _attributes, depth: depth <= 3 or name in {"fgColor"})
        by_name = {local(element.name): element for element in found if element.depth == 2}
        if not set(by_name) >= _PLACES:
            raise CannotSplice("The workbook has no styles.")
        self.fills, self.looks = by_name["fills"], by_name["cellXfs"]
        self.prefix = self.looks.name.removesuffix("cellXfs")
        self.old = [self.part.raw(look) for look in children(found, self.looks)]
        self.old_fills = [self.part.raw(fill) for fill in children(found, self.fills)]
        self.new: list[bytes] = []
        self.numbers: dict[tuple, int] = {}
        self.marked_fill = next(
            (number for number, fill in enumerate(self.old_fills) if MARKED.encode() in fill),
            len(self.old_fills),
        )

    def marked(self, look: int) -> int:
        """Return the look with the colour of a faulty cell."""
        return self._with_fill(look, self.marked_fill)

    def unmarked(self, look: int) -> int:
        """Return a look that was coloured here without its colour."""
        return self._with_fill(look, 0)

    def is_marked(self, look: int) -> bool:
        return (
            look < len(self.old)
            and self.marked_fill < len(self.old_fills)
            and self._number(look, "fillId") == self.marked_fill
        )

    def remark(self, beside: int, *, is_quoted: bool = False) -> int:
        """Return a look for a remark: text, wrapped, with the font and border of the cell beside it."""
        font, border = self._number(beside, "fontId"), self._number(beside, "borderId")
        quoted = ' quotePrefix="1"' if is_quoted else ""
        markup = (
            f'<{self.prefix}xf numFmtId="49" fontId="{font}" fillId="0" borderId="{border}" xfId="0"{quoted} '
            'applyNumberFormat="1" applyFont="1" applyBorder="1" applyAlignment="1">'
            f'<{self.prefix}alignment vertical="top" wrapText="1"/></{self.prefix}xf>'
        )
        return self._add(markup.encode())

    def spliced(self) -> bytes:
        fill = (
            f'<{self.prefix}fill><{self.prefix}patternFill patternType="solid">'
            f'<{self.prefix}fgColor rgb="{MARKED}"/><{self.prefix}bgColor indexed="64"/>'
            f"</{self.prefix}patternFill></{self.prefix}fill>"
        )
        if self.marked_fill == len(self.old_fills):
            self._append(self.fills, fill.encode(), self.marked_fill + 1)
        if self.new:
            self._append(self.looks, b"".join(self.new), len(self.old) + len(self.new))
        return self.part.spliced()

    def _append(self, element: Element, markup: bytes, count: int) -> None:
        tag_end = self.part.behind_start_tag(element)
        tag = set_attribute(self.part.start_tag(element), "count", str(count))
        if self.part.is_empty_tag(element):
            raise CannotSplice("The workbook has no looks.")
        self.part.replace(element.start, tag_end, tag)
        self.part.append_to(element, markup)

    def _with_fill(self, look: int, fill: int) -> int:
        raw = self.old[look]
        tag_end = raw.index(b">") + 1
        tag = set_attribute(set_attribute(raw[:tag_end], "fillId", str(fill)), "applyFill", "1")
        return self._add(tag + raw[tag_end:])

    def _add(self, markup: bytes) -> int:
        if markup not in self.numbers:
            self.numbers[markup] = len(self.old) + len(self.new)
            self.new.append(markup)
        return self.numbers[markup]

    def _number(self, look: int, attribute: str) -> int:
        if look >= len(self.old):
            return 0
        tag = self.old[look][: self.old[look].index(b">")]
        match = re.search(rf"\s{attribute}\s*=\s*[\"']([0-9]+)".encode(), tag)
        return int(match[1]) if match else 0
