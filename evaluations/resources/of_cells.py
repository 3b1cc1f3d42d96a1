"""Lists whose rows are about cells: how a row names its cell and its decision."""

from collections import defaultdict
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, code_column
from accounts.resources import SheetResource
from accounts.sheet_lines import Line
from cells.columns import CELL_HEADS, DECISION_KEYS, commune_columns
from cells.lookups import Decisions, Places, cells_by_code, not_found, your_scope
from cells.models import Unit


def cell_columns() -> list[SheetColumn]:
    return [
        *commune_columns(),
        code_column("cell_code", gettext_lazy("Cell code"), synonyms=("Mã CB",)),
        SheetColumn(
            "cell", gettext_lazy("Party cell"), kind="text", synonyms=CELL_HEADS, width=30, required=True
        ),
    ]


class OfCellResource(SheetResource):
    """Lists whose rows are about a cell, named by code or by commune and name of a day."""

    PLACE_KEYS = ("commune_code", "commune", "cell_code", "cell")

    def start(self, lines: list[Line]) -> None:
        self.places: dict[date, Places] = {}
        self.cells = cells_by_code(self.user, (line["cell_code"] for line in lines))
        self.decisions = Decisions(self.user)
        self.decisions.load(line["decision_day"] for line in lines if line["decision_day"])
        for line in lines:
            line.cell = line.known = line.decision = None

    def find_cells(self, lines: list[Line], day_of) -> None:
        """Find the cell of each line, in the communes of the day the line is about."""
        asked: dict[date, list[tuple[Line, Unit]]] = defaultdict(list)
        for line in lines:
            if line["cell_code"] is not None:
                self._by_code(line)
            elif self.require(line, "cell"):
                commune = self._commune(line, day_of(line))
                if commune is not None:
                    asked[day_of(line)].append((line, commune))
        for day, some in asked.items():
            places = self.places[day]
            places.load_cells(commune for _line, commune in some)
            for line, commune in some:
                self._by_name(line, places.cells_of(commune), commune)

    def _by_code(self, line: Line) -> None:
        line.cell = self.cells.get(line["cell_code"].upper())
        if line.cell is None:
            line.fault("cell_code", not_found(line["cell_code"], where=your_scope()))

    def _commune(self, line: Line, day: date) -> Unit | None:
        if line["commune_code"] is None and line["commune"] is None:
            line.fault("commune", _("Enter the commune, by name or code."))
            return None
        if day not in self.places:
            self.places[day] = Places(self.user, day)
        try:
            return self.places[day].commune(line["commune_code"], line["commune"])
        except ValidationError as error:
            line.fault("commune" if line["commune_code"] is None else "commune_code", error)
            return None

    @staticmethod
    def _by_name(line: Line, names, commune: Unit) -> None:
        try:
            line.cell = names.with_name(line["cell"])
            if line.cell is None:
                raise not_found(line["cell"], where=commune, nearest=names.nearest(line["cell"]))
        except ValidationError as error:
            line.fault("cell", error)

    def find_decision(self, line: Line, unit: Unit | None) -> None:
        if all(line[key] is None for key in DECISION_KEYS):
            return
        if self.require(line, *DECISION_KEYS):
            try:
                line.decision = self.decisions.get(*(line[key] for key in DECISION_KEYS), unit=unit)
            except ValidationError as error:
                line.fault("decision_number", " ".join(error.messages))

    def drop_place(self, line: Line) -> None:
        """The words by which the cell was found are no change of the row."""
        for key in self.PLACE_KEYS:
            line.values.pop(key, None)
