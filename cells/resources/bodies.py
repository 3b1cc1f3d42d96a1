"""How the rows of a list name the cell or the hamlet they are about."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, code_column
from accounts.sheet_lines import Line
from cells.columns import CELL_HEADS, HAMLET_HEADS, commune_columns
from cells.lookups import Places, PlacesOfDays, cells_by_code, hamlets_by_code, not_found, your_scope
from cells.models import Cell, Unit

CELL, HAMLET = "cell", "hamlet"
COMMUNE_KEYS = ("commune_code", "commune")
CELL_KEYS, HAMLET_KEYS = ("cell_code", "cell"), ("hamlet_code", "hamlet")


def cell_columns(**options) -> list[SheetColumn]:
    """Return the columns that name a cell of the row's commune."""
    return [
        code_column("cell_code", gettext_lazy("Cell code"), synonyms=("Mã CB",)),
        SheetColumn(
            "cell", gettext_lazy("Party cell"), kind="text", synonyms=CELL_HEADS, width=30, **options
        ),
    ]


def hamlet_columns(**options) -> list[SheetColumn]:
    """Return the columns that name a hamlet of the row's commune."""
    return [
        code_column(
            "hamlet_code", gettext_lazy("Hamlet code"), synonyms=("Mã ấp", "Mã thôn", "Mã tổ dân phố")
        ),
        SheetColumn(
            "hamlet", gettext_lazy("Hamlet"), kind="text", synonyms=HAMLET_HEADS, width=26, **options
        ),
    ]


def columns_of_cell() -> list[SheetColumn]:
    """Return the columns of a list of which each row is about one cell."""
    return [*commune_columns(), *cell_columns(required=True)]


def columns_of_hamlet() -> list[SheetColumn]:
    """Return the columns of a list of which each row is about one hamlet."""
    return [*commune_columns(), *hamlet_columns(required=True)]


class Bodies:
    """The cells and hamlets that lines name: by code, or by commune and name of the day a line is about.

    What a line means is set as its ``body``, and its commune, where that was asked for, as ``commune``.
    """

    def __init__(self, user, lines: Iterable[Line]):
        self.user = user
        self.by_code: dict[str, dict[str, Cell | Unit]] = {
            CELL: cells_by_code(user, (line["cell_code"] for line in lines)),
            HAMLET: hamlets_by_code(user, (line["hamlet_code"] for line in lines)),
        }
        for line in lines:
            line.body = line.commune = None

    def find(self, asked: Iterable[tuple[Line, str, date]]) -> None:
        """Find the body of each line, given with what it names (CELL or HAMLET) and its day; note faults."""
        by_name = []
        for line, kind, day in asked:
            if line[f"{kind}_code"] is not None:
                self._by_code(line, kind)
            elif line[kind] is not None:
                by_name.append((line, kind, day))
            elif not {kind, f"{kind}_code"} & line.faults.keys():
                line.fault(kind, _("Fill in this column."))
        places = self.find_communes((line, day) for line, _kind, day in by_name)
        self._load(places, by_name)
        for line, kind, day in by_name:
            if line.commune is not None:
                self._by_name(line, kind, places.on(day))

    def _by_code(self, line: Line, kind: str) -> None:
        line.body = self.by_code[kind].get(line[f"{kind}_code"].upper())
        if line.body is None:
            line.fault(f"{kind}_code", not_found(line[f"{kind}_code"], where=your_scope()))

    def find_communes(self, asked: Iterable[tuple[Line, date]]) -> PlacesOfDays:
        """Set the commune that each line names as of its day; note faults."""
        asked = list(asked)
        places = PlacesOfDays(self.user, (day for _line, day in asked))
        for line, day in asked:
            self._find_commune(line, places.on(day))
        return places

    @staticmethod
    def _find_commune(line: Line, places: Places) -> None:
        if all(line[key] is None for key in COMMUNE_KEYS):
            if not line.faults.keys() & set(COMMUNE_KEYS):
                line.fault("commune", _("Enter the commune, by name or code."))
            return
        try:
            line.commune = places.commune(line["commune_code"], line["commune"])
        except ValidationError as error:
            line.fault("commune" if line["commune_code"] is None else "commune_code", error)

    @staticmethod
    def _load(places: PlacesOfDays, by_name: list[tuple[Line, str, date]]) -> None:
        communes: dict[tuple[str, date], list[Unit]] = defaultdict(list)
        for line, kind, day in by_name:
            if line.commune is not None:
                communes[kind, day].append(line.commune)
        for kind, load in ((CELL, places.load_cells), (HAMLET, places.load_hamlets)):
            if of_kind := [unit for (one, _day), some in communes.items() if one == kind for unit in some]:
                load(of_kind)
        for (kind, day), some in communes.items():
            there = places.on(day)
            (there.load_cells if kind == CELL else there.load_hamlets)(some)

    @staticmethod
    def _by_name(line: Line, kind: str, places: Places) -> None:
        names = places.cells_of(line.commune) if kind == CELL else places.hamlets_of(line.commune)
        try:
            line.body = names.with_name(line[kind])
            if line.body is None:
                raise not_found(line[kind], where=line.commune, nearest=names.nearest(line[kind]))
        except ValidationError as error:
            line.fault(kind, error)


def drop_place(line: Line, *keys: str) -> None:
    """The words by which a place was found are no change of the row."""
    for key in (*COMMUNE_KEYS, *CELL_KEYS, *HAMLET_KEYS, *keys):
        line.values.pop(key, None)


def commune_row(commune: Unit | None) -> dict:
    """Return what a list says of the commune of a row."""
    return {"commune_code": commune and commune.code, "commune": commune and str(commune)}


def cell_row(cell: Cell | None) -> dict:
    return {"cell_code": cell and cell.code, "cell": cell and cell.name}


def hamlet_row(hamlet: Unit | None) -> dict:
    return {"hamlet_code": hamlet and hamlet.code, "hamlet": hamlet and str(hamlet)}
