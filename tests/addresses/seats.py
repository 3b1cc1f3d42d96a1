"""Addresses of hand-overs, vacancies and the monthly word."""

from tests.addresses.statuses import (
    FORBIDDEN,
    HIDDEN,
    LOGIN,
    OK,
)

# Whoever keeps seats somewhere finds a list, be it an empty one.
KEEPERS = (LOGIN, OK, OK, FORBIDDEN, FORBIDDEN, OK, OK, OK)
# What became of the seats of somebody who left; the page of the reader's own people.
SUCCESSORS = (LOGIN, OK, OK, FORBIDDEN, FORBIDDEN, HIDDEN, HIDDEN, HIDDEN)

TABLE = {
    "leaders:hand_over": KEEPERS,
    "leaders:successors": SUCCESSORS,
}
# What the key in an address names, and what else it needs.
OF = {
    "leaders:successors": "person",
}
MORE = {}


def things(here: dict[str, int], clerk, officer) -> dict[str, int]:
    """Return the keys of one of each thing of the commune, by the names in ``OF``."""
    return {}
