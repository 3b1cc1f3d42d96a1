"""People and the seats they hold, from day to day."""

from leaders.models.assignments import Assignment
from leaders.models.contests import ONE_HEAD, Candidacy, Contest, ContestOffice
from leaders.models.learning import Commendation, Course, Participation
from leaders.models.people import Gender, MembershipStatus, Person, Precision, TheoryLevel
from leaders.models.records import Access, PersonRequest, TwoPeople
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
from leaders.models.visits import Visit

__all__ = [
    "Access",
    "Assignment",
    "Candidacy",
    "Commendation",
    "Contest",
    "ContestOffice",
    "Course",
    "Gender",
    "HAMLET_OFFICES",
    "MembershipStatus",
    "ONE_HEAD",
    "Office",
    "PARTY_OFFICES",
    "Participation",
    "Person",
    "PersonRequest",
    "Precision",
    "SINGLE_SEATS",
    "Tenure",
    "TheoryLevel",
    "TwoPeople",
    "Visit",
    "WayIn",
    "WayOut",
    "two_in_one_seat",
]
