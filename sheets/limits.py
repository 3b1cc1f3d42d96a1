"""How much a workbook may hold, and how far one of its sheets reaches."""

from dataclasses import dataclass

from sheets.errors import SheetError


@dataclass(frozen=True)
class Limits:
    """The most that is read. Far above what a province needs, and below what hurts a server."""

    file_mb: int = 15
    unpacked_mb: int = 200
    ratio: int = 400  # unpacked to packed; a real sheet stays below 50
    parts: int = 2000
    sheets: int = 30
    rows: int = 60_000
    columns: int = 200
    # Parsers keep the whole rectangle in memory, also where it is empty.
    cells: int = 3_000_000
    # For files that are read in a process of their own, see sheets.parsing.
    memory_mb: int = 1500
    seconds: int = 30


@dataclass
class Extent:
    """The last filled row and column of a sheet, counted from 1."""

    sheet: str
    row: int = 0
    column: int = 0

    def fill(self, row: int, column: int) -> None:
        if row > self.row:
            self.row = row
        if column > self.column:
            self.column = column

    def check(self, limits: Limits) -> None:
        """Refuse a sheet that reaches further than the limits."""
        for code, count, limit in (
            ("too_many_rows", self.row, limits.rows),
            ("too_many_columns", self.column, limits.columns),
            ("too_many_cells", self.row * self.column, limits.cells),
        ):
            if count > limit:
                raise SheetError(code, sheet=self.sheet, count=count, limit=limit)
