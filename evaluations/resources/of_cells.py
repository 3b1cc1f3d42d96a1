"""Lists whose rows are about cells: how a row names its cell and its decision."""

from django.core.exceptions import ValidationError

from accounts.resources import SheetResource
from accounts.sheet_lines import Line
from cells.columns import DECISION_KEYS
from cells.lookups import Decisions
from cells.models import Unit
from cells.resources.bodies import CELL, Bodies, drop_place


class OfCellResource(SheetResource):
    """Lists whose rows are about a cell, named by code or by commune and name of a day."""

    def start(self, lines: list[Line]) -> None:
        self.bodies = Bodies(self.user, lines)
        self.decisions = Decisions(self.user)
        self.decisions.load(line["decision_day"] for line in lines if line["decision_day"])
        for line in lines:
            line.cell = line.known = line.decision = None

    def find_cells(self, lines: list[Line], day_of) -> None:
        """Find the cell of each line, in the communes of the day the line is about."""
        self.bodies.find((line, CELL, day_of(line)) for line in lines)
        for line in lines:
            line.cell = line.body

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
        drop_place(line)
