"""Addresses of targets."""

TABLE = {}
# What the key in an address names, and what else it needs.
OF = {}
MORE = {}


def things(here: dict[str, int], clerk, officer) -> dict[str, int]:
    """Return the keys of one of each thing of the commune, by the names in ``OF``."""
    return {}
