"""Places and cells: what they are called and where they stand, from day to day."""

from cells.models.cells import Cell, CellArea, CellKind, CellPeriod
from cells.models.counts import Confirmation, HouseholdCount, MemberCount
from cells.models.decisions import Decision
from cells.models.grants import Grant, Scope
from cells.models.limits import Limits
from cells.models.meetings import Meeting
from cells.models.notes import PracticeNote
from cells.models.reorganisations import CELL_KINDS, Fate, Line, LineKind, LineSource, Reorganisation
from cells.models.units import Succession, Unit, UnitPeriod

__all__ = [
    "CELL_KINDS",
    "Cell",
    "CellArea",
    "CellKind",
    "CellPeriod",
    "Confirmation",
    "Decision",
    "Fate",
    "Grant",
    "HouseholdCount",
    "Limits",
    "Line",
    "LineKind",
    "LineSource",
    "Meeting",
    "MemberCount",
    "PracticeNote",
    "Reorganisation",
    "Scope",
    "Succession",
    "Unit",
    "UnitPeriod",
]
