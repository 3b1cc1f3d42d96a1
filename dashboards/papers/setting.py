"""A layout filled in with figures: the plain blocks that the PDF writer and the page of a paper show."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dashboards.letterhead import PARTY
from dashboards.papers.layout import (
    Break,
    ForEach,
    Grid,
    Head,
    Layout,
    Line,
    Lines,
    Signatures,
    Table,
    When,
)
from dashboards.papers.values import filled, shown_figures


@dataclass(frozen=True)
class HeaderCell:
    text: str
    columns: int = 1
    rows: int = 1


@dataclass
class Block:
    """One part of a paper in words. ``kind`` says which of the fields it has."""

    kind: str
    text: str = ""
    style: str = ""
    left: list[str] = field(default_factory=list)
    right: list[str] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    header: list[list[HeaderCell]] = field(default_factory=list)
    # What each column is headed by, in one line: where there is no room for a table, each row is a card.
    headings: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    total: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[list[tuple[str, bool, str]]]:
        """Return the rows of a table, each text with whether it is a figure and its heading; the last may be the total."""
        rows = [*self.rows, *([self.total] if self.total else [])]
        return [
            [
                (text, kind in ("count", "percent"), heading)
                for text, kind, heading in zip(row, self.kinds, self.headings, strict=True)
            ]
            for row in rows
        ]


def set_out(layout: Layout, figures: Mapping) -> list[Block]:
    """Return the blocks of a paper with these figures."""
    return list(_blocks(layout.blocks, shown_figures(figures, list(layout.tables()))))


def _blocks(blocks: tuple, texts: Mapping) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, When):
            if texts.get(block.field):
                yield from _blocks(block.blocks, texts)
        elif isinstance(block, ForEach):
            entries = texts.get(block.rows, [])
            for number, entry in enumerate(entries):
                if number:
                    yield Block("break")
                yield from _blocks(block.blocks, {**texts, block.item: entry})
        elif isinstance(block, Lines):
            for text in texts.get(block.field, []):
                yield Block("line", text=text, style=block.style)
        else:
            yield _SINGLE[type(block)](block, texts)


def _line(block: Line, texts: Mapping) -> Block:
    return Block("line", text=filled(block.text, texts), style=block.style)


def _head(block: Head, texts: Mapping) -> Block:
    left = [filled(text, texts) for text in block.left]
    number = (
        [f"Số {texts['so_ky_hieu']}"]
        if block.shows_number
        else [one for one in (texts.get("bieu_so", ""),) if one]
    )
    right = [PARTY, texts["dia_danh_ngay"]]
    return Block("head", left=[*left, *number], right=right, text=texts.get("du_thao", ""))


def _signatures(block: Signatures, texts: Mapping) -> Block:
    sides = ([filled(text, texts) for text in side] for side in (block.left, block.right))
    return Block("signatures", **dict(zip(("left", "right"), sides, strict=True)))


def _grid(block: Grid, texts: Mapping) -> Block:
    return Block(
        "table",
        widths=list(block.widths),
        style="open",
        # The first column numbers the rows, the second says what they are about, where there are words at all.
        kinds=[
            "text" if number == 1 and block.rows[0][1] else "short" for number in range(len(block.widths))
        ],
        header=[[HeaderCell(filled(text, texts)) for text in block.header]],
        headings=[filled(text, texts) for text in block.header],
        rows=[[filled(text, texts) for text in row] for row in block.rows],
    )


def _table(block: Table, texts: Mapping) -> Block:
    rows = [[row[column.field] for column in block.columns] for row in texts.get(block.rows, [])]
    total = texts.get(block.total, {}) if block.total else {}
    return Block(
        "table",
        widths=[column.width for column in block.columns],
        kinds=[column.kind for column in block.columns],
        header=header_rows(block, lambda text: filled(text, texts)),
        headings=[column.in_full(filled(column.header, texts)) for column in block.columns],
        rows=rows,
        total=[total.get(column.field, "") for column in block.columns] if total else [],
    )


def header_rows(table: Table, said=lambda text: text) -> list[list[HeaderCell]]:
    """Return the one or two rows of headings, and the row that numbers the columns."""
    depth = 2 if table.has_groups else 1
    rows: list[list[HeaderCell]] = [[] for _ in range(depth)]
    for group, columns in table.groups():
        if group:
            rows[0].append(HeaderCell(group, columns=len(columns)))
            rows[1] += [HeaderCell(said(column.header)) for column in columns]
        else:
            rows[0] += [HeaderCell(said(column.header), rows=depth) for column in columns]
    if table.numbered:
        rows.append([HeaderCell(f"({number})") for number in range(1, len(table.columns) + 1)])
    return rows


def _break(_block: Break, _texts: Mapping) -> Block:
    return Block("break")


_SINGLE = {Line: _line, Head: _head, Signatures: _signatures, Grid: _grid, Table: _table, Break: _break}
