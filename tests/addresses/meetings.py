"""Addresses of meetings of cells."""

from datetime import timedelta

from django.utils import timezone

from cells.meetings.rows import record_meeting
from cells.models import Cell, Meeting
from tests.addresses.statuses import BUTTON, FORBIDDEN, HIDDEN, KEEP, LOGIN, MOVED, OK, READ, READ_HAMLET

# The board of a province; whoever works for one commune is led to its own page.
BOARD = (LOGIN, MOVED, OK, OK, HIDDEN, MOVED, OK, HIDDEN)
LISTED = (LOGIN, OK, OK, OK, HIDDEN, OK, OK, HIDDEN)
OF_PROVINCE = (LOGIN, HIDDEN, OK, OK, HIDDEN, HIDDEN, OK, HIDDEN)
# The commune is outside, or it is not kept.
ENTERED = (LOGIN, OK, OK, FORBIDDEN, FORBIDDEN, HIDDEN, HIDDEN, HIDDEN)

TABLE = {
    "meetings:board": BOARD,
    "meetings:cells": LISTED,
    "meetings:cell": READ_HAMLET,
    "meetings:commune": READ,
    "meetings:month": READ,
    "meetings:save": BUTTON,
    "meetings:changes": ENTERED,
    "meetings:add": KEEP,
    "meetings:remove": KEEP,
    "exporting:meetings_board": OF_PROVINCE,
    "exporting:meetings_cells": LISTED,
    "exporting:meetings_month": READ,
}
# What the key in an address names, and what else it needs.
OF = {
    "meetings:cell": "cell",
    "meetings:remove": "meeting",
    **dict.fromkeys(
        (
            *(f"meetings:{name}" for name in ("commune", "month", "save", "changes", "add")),
            "exporting:meetings_month",
        ),
        "commune",
    ),
}
_MONTH = {"year": 2026, "month": 1}
MORE = dict.fromkeys(
    (*(f"meetings:{name}" for name in ("month", "save", "changes", "add")), "exporting:meetings_month"),
    _MONTH,
)


def things(here: dict[str, int], clerk, officer) -> dict[str, int]:
    """Return the keys of one of each thing of the commune, by the names in ``OF``."""
    meeting = record_meeting(
        Meeting(
            cell=Cell.objects.get(pk=here["cell"]),
            kind=Meeting.Kind.THEMATIC,
            day=timezone.localdate() - timedelta(days=1),
        )
    )
    return {"meeting": meeting.pk}
