"""Places and cells: what they are called and where they stand, from day to day."""

from cells.models.cells import Cell, CellArea, CellKind, CellPeriod
from cells.models.counts import Confirmation, HouseholdCount, MemberCount
from cells.models.decisions import Decision, Reorganisation
from cells.models.grants import Grant, Scope
from cells.models.units import Succession, Unit, UnitPeriod

__all__ = [
    "Cell",
    "CellArea",
    "CellKind",
    "CellPeriod",
    "Confirmation",
    "Decision",
    "Grant",
    "HouseholdCount",
    "MemberCount",
    "Reorganisation",
    "Scope",
    "Succession",
    "Unit",
    "UnitPeriod",
]
