"""One sheet of an xlsx file: faulty cells coloured, and a column of remarks at the right end."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sheets.markup import QUOTED, cell_markup
from sheets.places import Place, column_letters
from sheets.splicing import (
    MAIN,
    CannotSplice,
    Element,
    Part,
    local,
    set_attribute,
    without_attribute,
)
from sheets.stretches import Stretches
from sheets.styling import Styles

_WIDTH = 45
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_LAST_COLUMN = 16_384


@dataclass(frozen=True)
class Marks:
    """What is to be seen in the sheet: coloured cells, and texts in one column, by their rows."""

    cells: frozenset[Place]
    column: int
    heading_row: int
    heading: str
    texts: Mapping[int, str]
    # Rows whose old remarks and colours are taken away.
    rows: range = range(0)


@dataclass(frozen=True)
class _Either:
    """The rows of both, without writing down a long range."""

    some: Collection[int]
    others: Collection[int]

    def __contains__(self, row: int) -> bool:
        return row in self.some or row in self.others


@dataclass
class _Row:
    element: Element
    cells: dict[int, Element] = field(default_factory=dict)


def marked_sheet(content: bytes, marks: Marks, styles: Styles) -> Part:
    """Return the part with its edits made; more may be added."""
    sheet = _Sheet(content, marks, styles)
    sheet.edit()
    return sheet.part


class _Sheet:
    def __init__(self, content: bytes, marks: Marks, styles: Styles):
        self.part, self.marks, self.styles = Part(content), marks, styles
        self.rows: dict[int, _Row] = {}
        self.noted_row = self.noted_column = 0
        self.faulty: dict[int, set[int]] = defaultdict(set)
        for place in marks.cells:
            self.faulty[place.row].add(place.column)
        self.to_write = {place.row for place in marks.cells} | set(marks.texts) | {marks.heading_row}
        self.stretches = Stretches(content)
        found, numbers = self.stretches.elements(self._is_wanted, _Either(self.to_write, marks.rows))
        self.numbers = iter(numbers)
        self.outer = [element for element in found if self._note(element)]
        root = self.outer[0]
        self.prefix = root.name.removesuffix("worksheet")
        namespace = root.attributes.get("xmlns:" + self.prefix[:-1] if self.prefix else "xmlns")
        if namespace != MAIN:
            raise CannotSplice("The sheet is written in another dialect.")
        self.data = next(element for element in self.outer if local(element.name) == "sheetData")

    # Which elements matter

    @staticmethod
    def _is_wanted(name: str, attributes: Mapping[str, str], depth: int) -> bool:
        return depth <= 2 or (name, depth) in {("row", 3), ("c", 4), ("col", 3)}

    def _note(self, element: Element) -> bool:
        name = local(element.name)
        if name == "row" and element.depth == 3:
            self.noted_row = next(self.numbers)
            self.noted_column = 0
            self.rows.setdefault(self.noted_row, _Row(element))
            return False
        if name == "c" and element.depth == 4:
            self.noted_column = _column_of(element.attributes.get("r"), self.noted_column + 1)
            self.rows[self.noted_row].cells.setdefault(self.noted_column, element)
            return False
        return True

    # Edits

    def edit(self) -> None:
        touched = self.to_write | {row for row in self.marks.rows if row in self.rows}
        for row in sorted(touched):
            if row in self.rows:
                self._edit_row(row)
            else:
                self._add_row(row)
        self._widen()
        self._extend_dimension(max(touched))

    def _edit_row(self, number: int) -> None:
        row = self.rows[number]
        wanted = self.faulty.get(number, set())
        added: dict[int, bytes] = {}
        for column, cell in row.cells.items():
            if column == self.marks.column:
                self._replace_remark(number, cell)
            else:
                self._colour(cell, is_faulty=column in wanted)
        for column in wanted - set(row.cells):
            look = self.styles.marked(int(row.element.attributes.get("s", 0)))
            added[column] = self._empty_cell(Place(number, column), look)
        if self.marks.column not in row.cells and (remark := self._remark(number)):
            added[self.marks.column] = remark
        self._add_cells(row, added)

    def _colour(self, cell: Element, *, is_faulty: bool) -> None:
        look = int(cell.attributes.get("s", 0))
        if is_faulty:
            look = self.styles.marked(look)
        elif self.styles.is_marked(look):
            look = self.styles.unmarked(look)
        else:
            return
        tag = self.part.start_tag(cell)
        self.part.replace(cell.start, cell.start + len(tag), set_attribute(tag, "s", str(look)))

    def _replace_remark(self, row: int, cell: Element) -> None:
        if remark := self._remark(row):
            self.part.replace(cell.start, cell.end, remark)
        elif row in self.marks.rows:
            self.part.replace(cell.start, cell.end, b"")

    def _add_cells(self, row: _Row, added: Mapping[int, bytes]) -> None:
        if not added:
            return
        element = row.element
        if self.part.is_empty_tag(element):
            self.part.append_to(element, b"".join(markup for _, markup in sorted(added.items())))
            return
        behind = self.part.before_end_tag(element)
        for column, markup in sorted(added.items()):
            later = [cell.start for other, cell in row.cells.items() if other > column]
            self.part.insert(min(later, default=behind), markup)
        tag = self.part.start_tag(element)
        if b"spans" in tag:  # a hint that would no longer be true
            self.part.replace(element.start, element.start + len(tag), without_attribute(tag, "spans"))

    def _add_row(self, number: int) -> None:
        look = self.styles.marked(0)
        columns = self.faulty.get(number, set())
        cells = {column: self._empty_cell(Place(number, column), look) for column in columns}
        if remark := self._remark(number):
            cells[self.marks.column] = remark
        markup = f'<{self.prefix}row r="{number}">'.encode()
        markup += b"".join(cell for _, cell in sorted(cells.items())) + f"</{self.prefix}row>".encode()
        later = self.stretches.start_of_next(number)
        if later is None:
            self.part.append_to(self.data, markup)
        else:
            self.part.insert(later, markup)

    def _remark(self, row: int) -> bytes | None:
        text = self.marks.heading if row == self.marks.heading_row else self.marks.texts.get(row)
        if not text:
            return None
        beside = self._look_beside(row)
        if row == self.marks.heading_row:
            looks = {"text": beside, "text" + QUOTED: beside}
        else:
            looks = {
                "text": self.styles.remark(beside),
                "text" + QUOTED: self.styles.remark(beside, is_quoted=True),
            }
        markup = cell_markup(str(Place(row, self.marks.column)), text, "text", looks)
        return _with_prefix(markup, self.prefix).encode()

    def _look_beside(self, row: int) -> int:
        cells = self.rows[row].cells if row in self.rows else {}
        before = [column for column in cells if column < self.marks.column]
        if not before:
            return 0
        look = int(cells[max(before)].attributes.get("s", 0))
        return look if look < len(self.styles.old) else 0

    def _empty_cell(self, place: Place, look: int) -> bytes:
        return f'<{self.prefix}c r="{place}" s="{look}"/>'.encode()

    def _widen(self) -> None:
        """Give the column of remarks its width, unless the sheet says something about it already."""
        column = self.marks.column
        markup = (
            f'<{self.prefix}col min="{column}" max="{column}" width="{_WIDTH}" customWidth="1"/>'.encode()
        )
        columns = [element for element in self.outer if local(element.name) == "col"]
        if any(int(c.attributes["min"]) <= column <= int(c.attributes["max"]) for c in columns):
            return
        if columns:
            later = [c.start for c in columns if int(c.attributes["min"]) > column]
            self.part.insert(min(later, default=max(c.end for c in columns)), markup)
        else:
            self.part.insert(
                self.data.start, f"<{self.prefix}cols>".encode() + markup + f"</{self.prefix}cols>".encode()
            )

    def _extend_dimension(self, last_row: int) -> None:
        for element in self.outer:
            if local(element.name) == "dimension" and element.depth == 2:
                corners = _PLACE.findall(element.attributes.get("ref", ""))
                if len(corners) != 2:
                    continue
                right = max(_column_of(corners[1][0], 1), self.marks.column)
                bottom = max(int(corners[1][1]), last_row)
                ref = f"{corners[0][0]}{corners[0][1]}:{column_letters(right)}{bottom}"
                tag = self.part.start_tag(element)
                self.part.replace(element.start, element.start + len(tag), set_attribute(tag, "ref", ref))


def _column_of(place: str | None, otherwise: int) -> int:
    if not place:
        return otherwise
    column = 0
    for letter in place.rstrip("0123456789").upper():
        column = column * 26 + ord(letter) - 64
    if not 1 <= column <= _LAST_COLUMN:
        raise CannotSplice("A cell stands outside of the sheet.")
    return column


def _with_prefix(markup: str, prefix: str) -> str:
    return re.sub(r"<(/?)(?=[a-z])", rf"<\g<1>{prefix}", markup) if prefix else markup
