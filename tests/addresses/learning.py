"""Addresses of training and commendations."""

from datetime import date

from cells.models import Decision, Unit
from leaders.learning.actions import add_participants, commend
from leaders.models import Commendation, Course, Person
from tests.addresses.statuses import (
    BUTTON,
    EVERYBODY,
    HANDED_IN,
    HIDDEN,
    KEEP,
    LOGIN,
    OK,
    PROPOSED_FOR_CELLS,
    READ_HAMLET,
)

# A course of a commune is seen by whoever sees the commune.
OF_COMMUNE = (LOGIN, OK, OK, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN)

TABLE = {
    **dict.fromkeys(
        (
            *(f"learning:{name}" for name in ("courses", "never", "commendations", "proposal")),
            *(f"exporting:{name}" for name in ("courses", "never_trained", "commendations")),
        ),
        EVERYBODY,
    ),
    "learning:course": OF_COMMUNE,
    "exporting:participants": OF_COMMUNE,
    "learning:course_new": PROPOSED_FOR_CELLS,
    "learning:record": BUTTON,
    "learning:course_edit": KEEP,
    "learning:tick": KEEP,
    "learning:paste": KEEP,
    "learning:results": KEEP,
    "learning:commendation": READ_HAMLET,
    "learning:commendation_new": HANDED_IN,
    "learning:commendation_edit": KEEP,
    "learning:commendation_remove": KEEP,
}
# What the key in an address names, and what else it needs.
OF = {
    **dict.fromkeys(
        (
            *(f"learning:{name}" for name in ("course", "course_edit", "tick", "paste", "results")),
            "exporting:participants",
        ),
        "course",
    ),
    **dict.fromkeys(
        (f"learning:{name}" for name in ("commendation", "commendation_edit", "commendation_remove")),
        "commendation",
    ),
}
MORE = {}


def things(here: dict[str, int], clerk, officer) -> dict[str, int]:
    """Return the keys of one of each thing of the commune, by the names in ``OF``."""
    person, unit = Person.objects.get(pk=here["person"]), Unit.objects.get(pk=here["commune"])
    course = Course.objects.create(unit=unit, name="Bồi dưỡng bí thư chi bộ", starts_on=date(2025, 5, 5))
    add_participants(course, [person])
    (commendation,) = commend(
        [
            Commendation(
                person=person,
                year=2025,
                form=Commendation.Form.PAPER,
                merit="Hoàn thành xuất sắc nhiệm vụ",
                decision=Decision.objects.get(pk=here["decision"]),
            )
        ]
    )
    return {"course": course.pk, "commendation": commendation.pk}
