"""Where things stand in a sheet: rows and columns counted from 1, as people see them."""

from collections.abc import Iterable
from typing import NamedTuple


class Place(NamedTuple):
    """One cell."""

    row: int
    column: int

    def __str__(self) -> str:
        return f"{column_letters(self.column)}{self.row}"


class Area(NamedTuple):
    """A rectangle of cells, its edges included."""

    top: int
    left: int
    bottom: int
    right: int

    def __contains__(self, place) -> bool:
        row, column = place
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    @property
    def size(self) -> int:
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


def column_letters(column: int) -> str:
    """Return the letters above a column: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def within(areas: Iterable[Area], height: int, width: int, most_cells: int) -> tuple[Area, ...]:
    """Return the areas as far as they lie in a sheet of this size; not more cells than ``most_cells``.

    Whoever looks at each cell of each area has bounded work, also where a file states a thousand
    areas that each cover everything.
    """
    kept, cells = [], 0
    for top, left, bottom, right in areas:
        area = Area(top, left, min(bottom, height), min(right, width))
        if area.top > area.bottom or area.left > area.right or area.size < 2:
            continue
        cells += area.size
        if cells > most_cells:
            break
        kept.append(area)
    return tuple(kept)
