"""Addresses of targets."""

from tests import factories
from tests.addresses.statuses import APPLIED, COUNTRY_ONLY, HIDDEN, LOGIN, MOVED, READ

TABLE = {
    "targets:index": (LOGIN, MOVED, MOVED, MOVED, HIDDEN, MOVED, MOVED, HIDDEN),
    "targets:unit": READ,
    "targets:target": READ,
    # The province sets targets; a commune reads its own, and what is resolved above it.
    "targets:new": APPLIED,
    "targets:renew": APPLIED,
    "targets:path": APPLIED,
    "targets:parts": APPLIED,
    "exporting:targets": COUNTRY_ONLY,
    "exporting:targets_of": READ,
}
# What the key in an address names, and what else it needs.
OF = {
    "targets:unit": "commune",
    "targets:target": "target",
    "targets:new": "commune",
    "targets:renew": "target",
    "targets:path": "target",
    "targets:parts": "target",
    "exporting:targets_of": "commune",
}
MORE = {}


def things(here: dict[str, int], clerk, officer) -> dict[str, int]:
    """Return the keys of one of each thing of the commune, by the names in ``OF``."""
    commune = clerk.grants.get().unit
    return {"target": factories.target(unit=commune, term="2025-2030", goal=2, base=3).pk}
