"""What the check of the whole looks at, from the bottom up."""

from collections.abc import Iterator
from itertools import chain

from cells import checks as places
from dashboards.targets import checks as targets
from evaluations import checks as ratings
from leaders import checks as seats


def problems() -> Iterator[str]:
    """Find what does not agree in all that is recorded."""
    return chain(places.problems(), seats.problems(), ratings.problems(), targets.problems())
