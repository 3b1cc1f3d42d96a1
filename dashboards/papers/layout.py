"""What a paper looks like, said once for every kind of file: lines of text with fields, tables, signatures.

A field is written ``{{ nam }}``; the line of a table is repeated for each entry of a list of figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

Style = Literal["title", "subtitle", "heading", "centre", "plain", "note", "item"]
Kind = Literal["text", "short", "count", "percent"]


@dataclass(frozen=True)
class Column:
    """A column of a table; ``width`` in centimetres. A percentage is worked out, never kept."""

    field: str
    header: str
    width: float
    kind: Kind = "text"
    group: str = ""
    # Of a percentage: the counts it is made of.
    of: tuple[str, str] = ("", "")

    def in_full(self, header: str) -> str:
        """Return its heading in one line, as it reads: that of its group before its own."""
        return f"{self.group} – {header}" if self.group else header


@dataclass(frozen=True)
class Line:
    """A paragraph."""

    text: str
    style: Style = "plain"


@dataclass(frozen=True)
class Lines:
    """As many paragraphs as the list of figures has texts."""

    field: str
    style: Style = "note"


@dataclass(frozen=True)
class Table:
    """A table with a line for each entry of the list ``rows``, called ``item`` in templates."""

    columns: tuple[Column, ...]
    rows: str = "cac_dong"
    item: str = "dong"
    total: str = ""
    name: str = "Biểu"
    # Numbers the columns (1), (2) …, as summary forms do.
    numbered: bool = False

    @property
    def has_groups(self) -> bool:
        return any(column.group for column in self.columns)

    def groups(self) -> list[tuple[str, list[Column]]]:
        """Return the columns under each heading, in order; a column without one stands alone."""
        found: list[tuple[str, list[Column]]] = []
        for column in self.columns:
            if column.group and found and found[-1][0] == column.group:
                found[-1][1].append(column)
            else:
                found.append((column.group, [column]))
        return found


@dataclass(frozen=True)
class Grid:
    """A table that is the same on every paper, to be filled in by hand."""

    header: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Signatures:
    """Who signs, on the left and on the right; below each name there is room."""

    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True)
class Head:
    """Who writes on the left, the Party on the right, place and day."""

    left: tuple[str, ...] = ("{{ co_quan_tren }}", "{{ co_quan }}")
    shows_number: bool = False


@dataclass(frozen=True)
class Break:
    """The next page."""


@dataclass(frozen=True)
class When:
    """Parts of a paper that are there only where the figure says so."""

    field: str
    blocks: tuple


@dataclass(frozen=True)
class ForEach:
    """The same page again for each entry of a list, called ``item``."""

    rows: str
    item: str
    blocks: tuple


@dataclass(frozen=True)
class Layout:
    blocks: tuple
    # A4 lying on its side, for wide tables.
    is_wide: bool = True
    # Not where every page is a paper of its own.
    numbers_pages: bool = True
    # Where all of it is to stand on one page.
    is_tight: bool = False

    @property
    def text_size(self) -> int:
        """The size of the text in points."""
        return 12 if self.is_wide or self.is_tight else 13

    def tables(self) -> Iterator[Table]:
        yield from _tables(self.blocks)

    @property
    def width(self) -> float:
        """The width of the text in centimetres."""
        return 26.7 if self.is_wide else 16.5


def _tables(blocks: tuple) -> Iterator[Table]:
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, When | ForEach):
            yield from _tables(block.blocks)


def fitted(columns: tuple[Column, ...], width: float) -> tuple[Column, ...]:
    """Return the columns widened or narrowed so that they fill the page."""
    factor = width / sum(column.width for column in columns)
    return tuple(replace(column, width=round(column.width * factor, 3)) for column in columns)
