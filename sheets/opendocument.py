"""What the parser does not tell of an ods file: merged cells, and cells that show no value."""

from dataclasses import dataclass, field
from xml.parsers import expat

from sheets.errors import SheetError
from sheets.places import Area, Place

_MOST = 200_000  # of merged areas, or of cells without a value
_ROWS = {"table-row"}
_CELLS = {"table-cell", "covered-table-cell"}


@dataclass
class Layout:
    """The merged areas of one sheet, and its cells without a value with the reason."""

    merged: list[Area] = field(default_factory=list)
    unread: dict[Place, str] = field(default_factory=dict)


def layouts(content: bytes) -> list[Layout]:
    """Return the layout of each sheet of ``content.xml``, in their order."""
    walk = _Walk()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = walk.start, walk.end
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError):
        raise SheetError("damaged_workbook") from None
    return walk.found


class _Walk:
    def __init__(self):
        self.found: list[Layout] = []
        self.depth = 0  # of tables: one may stand inside a cell of another
        self.row = self.column = 0
        self.repeated_rows = 1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "table":
            self.depth += 1
            if self.depth == 1:
                self.found.append(Layout())
                self.row = 0
        if self.depth != 1:
            return
        if name in _ROWS:
            self.row += 1
            self.column = 0
            self.repeated_rows = _number(attributes, "table:number-rows-repeated")
        elif name in _CELLS:
            self.column += 1
            self._note(attributes)
            self.column += _number(attributes, "table:number-columns-repeated") - 1

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "table":
            self.depth -= 1
        elif name in _ROWS and self.depth == 1:
            self.row += self.repeated_rows - 1

    def _note(self, attributes: dict[str, str]) -> None:
        layout, place = self.found[-1], Place(self.row, self.column)
        height = _number(attributes, "table:number-rows-spanned")
        width = _number(attributes, "table:number-columns-spanned")
        if height * width > 1:
            layout.merged.append(Area(*place, self.row + height - 1, self.column + width - 1))
        if attributes.get("calcext:value-type") == "error":
            layout.unread[place] = "error_value"
        elif "table:formula" in attributes and "office:value-type" not in attributes:
            layout.unread[place] = "formula_without_value"
        if len(layout.merged) > _MOST or len(layout.unread) > _MOST:
            raise SheetError("too_heavy")


def _number(attributes: dict[str, str], name: str) -> int:
    return max(1, int(attributes.get(name, "1")))


def _refuse(*_definition) -> None:
    raise SheetError("unsafe_xml")
