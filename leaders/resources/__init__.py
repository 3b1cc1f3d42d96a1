"""People with their tenures, congresses and elections, and follow-up assignments, as lists out and in."""

from leaders.resources.assignments import AssignmentResource
from leaders.resources.contests import ContestResource
from leaders.resources.people import PersonResource

__all__ = ["AssignmentResource", "ContestResource", "PersonResource"]
