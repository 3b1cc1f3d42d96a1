"""People with their tenures, congresses and elections, follow-up, courses and commendations, as lists out and in."""

from leaders.resources.assignments import AssignmentResource
from leaders.resources.commendations import CommendationResource
from leaders.resources.contests import ContestResource
from leaders.resources.participations import ParticipationResource
from leaders.resources.people import PersonResource

__all__ = [
    "AssignmentResource",
    "CommendationResource",
    "ContestResource",
    "ParticipationResource",
    "PersonResource",
]
