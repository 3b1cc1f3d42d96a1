"""Addresses of officers who follow hamlets."""

from django.utils import timezone

from leaders.follow_up.visits import log_visit
from leaders.models import Assignment, Visit
from tests.addresses.statuses import (
    APPLIED,
    BEGUN_WHERE_KEPT,
    BUTTON,
    HIDDEN,
    INSPECTED,
    KEEP,
    LOGIN,
    MOVED,
    OF_PROVINCE_ONLY,
    OK,
    READ,
    READ_HAMLET,
)

# Boards and lists are of communes; who follows single hamlets has a first page and a log.
LISTS = (LOGIN, OK, OK, OK, HIDDEN, OK, OK, HIDDEN)

TABLE = {
    "follow_up_board:board": (LOGIN, OK, OK, OK, MOVED, OK, OK, HIDDEN),
    "follow_up_board:officers": LISTS,
    "follow_up_board:places": LISTS,
    "follow_up_board:visits": LISTS,
    "exporting:follow_up_officers": LISTS,
    "exporting:follow_up_places": LISTS,
    "exporting:follow_up_visits": LISTS,
    "follow_up_board:commune": READ,
    "follow_up_board:officer": READ_HAMLET,
    "follow_up_board:pack": READ_HAMLET,
    "follow_up_board:pack_file": READ_HAMLET,
    "follow_up:assign": BEGUN_WHERE_KEPT,
    "follow_up:assignment_edit": OF_PROVINCE_ONLY,
    "follow_up:hand_over": OF_PROVINCE_ONLY,
    "follow_up:account": APPLIED,
    "follow_up:log": OF_PROVINCE_ONLY,
    "follow_up:visit_edit": OF_PROVINCE_ONLY,
    "follow_up:promise": BUTTON,
    "follow_up:inspection_new": INSPECTED,
    "follow_up:minutes": KEEP,
}
# What the key in an address names, and what else it needs.
OF = {
    "follow_up_board:commune": "commune",
    "follow_up:minutes": "commune",
    **dict.fromkeys(
        (
            *("follow_up_board:officer", "follow_up_board:pack", "follow_up_board:pack_file"),
            *("follow_up:assignment_edit", "follow_up:hand_over", "follow_up:account", "follow_up:log"),
        ),
        "assignment",
    ),
    "follow_up:visit_edit": "visit",
    "follow_up:promise": "visit",
}
MORE = {"follow_up_board:pack_file": {"kind": "docx"}}


def things(here: dict[str, int], clerk, officer) -> dict[str, int]:
    """Return the keys of one of each thing of the commune, by the names in ``OF``."""
    assignment = Assignment.objects.create(
        kind=Assignment.Kind.HAMLET_OFFICER, person_id=here["person"], unit_id=here["hamlet"]
    )
    visit = log_visit(
        Visit(
            assignment=assignment,
            unit_id=here["hamlet"],
            day=timezone.localdate(),
            attended=True,
            promise="Xin ý kiến cấp trên",
            promise_undated=True,
        ),
        by=officer,
    )
    return {"assignment": assignment.pk, "visit": visit.pk}
