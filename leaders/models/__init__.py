"""People and the seats they hold, from day to day."""

from leaders.models.assignments import Assignment
from leaders.models.contests import ONE_HEAD, Candidacy, Contest
from leaders.models.people import Gender, MembershipStatus, Person, Precision, TheoryLevel
from leaders.models.tenures import (
    HAMLET_OFFICES,
    PARTY_OFFICES,
    SINGLE_SEATS,
    Office,
    Tenure,
    WayIn,
    WayOut,
    two_in_one_seat,
)

__all__ = [
    "HAMLET_OFFICES",
    "PARTY_OFFICES",
    "SINGLE_SEATS",
    "Assignment",
    "ONE_HEAD",
    "Candidacy",
    "Contest",
    "Gender",
    "MembershipStatus",
    "Office",
    "Person",
    "Precision",
    "Tenure",
    "TheoryLevel",
    "WayIn",
    "WayOut",
    "two_in_one_seat",
]
