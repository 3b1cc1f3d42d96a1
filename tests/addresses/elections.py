"""Addresses of congresses and elections."""

from datetime import date

from cells.models import Unit
from leaders.contests.results import Stood, next_attempt, record_result
from leaders.models import Contest
from tests.addresses.statuses import (
    BUTTON,
    HIDDEN,
    KEEP,
    LOGIN,
    MOVED,
    OK,
    PROPOSED_FOR_CELLS,
    READ,
    READ_HAMLET,
)

TERM = "2025-2027"
# Whoever sees something of a term is led to it; others are told that there is none.
LED = (LOGIN, MOVED, MOVED, MOVED, HIDDEN, OK, OK, HIDDEN)
# Whoever looks after one commune has one page for it.
BOARD = (LOGIN, MOVED, OK, OK, HIDDEN, MOVED, OK, HIDDEN)
LISTED = (LOGIN, OK, OK, OK, HIDDEN, OK, OK, HIDDEN)
TABLE = {
    "elections_board:latest": LED,
    "elections_board:board": BOARD,
    "elections_board:contests": LISTED,
    "elections_board:pairs": LISTED,
    "exporting:elections_board": LISTED,
    "exporting:elections_contests": LISTED,
    "exporting:elections_pairs": LISTED,
    "elections:plan": PROPOSED_FOR_CELLS,
    "elections:grid": READ,
    "elections:save": BUTTON,
    "elections:contest": READ_HAMLET,
    "elections:correct": KEEP,
    "elections:drop": KEEP,
}
# What the key in an address names, and what else it needs.
OF = {
    "elections:grid": "commune",
    "elections:save": "commune",
    "elections:contest": "held_election",
    "elections:correct": "held_election",
    "elections:drop": "planned_election",
}
_OF_TERM = {"term": TERM}
MORE = {
    **dict.fromkeys(
        (name for name in TABLE if name.startswith(("elections_board:", "exporting:"))), _OF_TERM
    ),
    "elections_board:latest": {},
    "elections:grid": {**_OF_TERM, "kind": Contest.Kind.CONGRESS},
    "elections:save": {**_OF_TERM, "kind": Contest.Kind.CONGRESS},
}


def things(here: dict[str, int], clerk, officer) -> dict[str, int]:
    """Return the keys of one of each thing of the commune, by the names in ``OF``."""
    hamlet = Unit.objects.get(pk=here["hamlet"])
    facts = {"outcome": Contest.Outcome.FAILED, "held_on": date(2025, 1, 12), "present": 80, "entitled": 100}
    failed = record_result(
        next_attempt(Contest.Kind.HEAD_ELECTION, hamlet, TERM),
        facts,
        [Stood(name="Lý Văn Sang", votes=30)],
        seen=0,
    )
    again = next_attempt(Contest.Kind.HEAD_ELECTION, hamlet, TERM)
    again.save()
    return {"held_election": failed.pk, "planned_election": again.pk}
