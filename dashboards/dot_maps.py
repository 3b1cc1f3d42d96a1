"""Coordinates of a map of dots. Knows nothing of units: places and classes in, percents of the drawing out.

Across and down everything is a percent, so that a map fits any screen while its dots keep their size. The shape of
the drawing is one of three, which the style sheet knows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians

# How many times as wide as high; the style sheet has a class for each.
SHAPES = {"tall": 1 / 2, "square": 1.0, "wide": 2.0}
# Room for the dots along the edge, in percent of each side.
MARGIN = 6.0
# In pixels, by class; the smallest is for what has no value.
RADII = (5, 6, 8, 10, 12)


@dataclass(frozen=True)
class Spot:
    """Something to be drawn: where it lies, and into which class it falls (None: no value)."""

    latitude: float
    longitude: float
    number: int | None
    label: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class MapDot:
    x: float
    y: float
    radius: int
    spot: Spot


@dataclass(frozen=True)
class DotMap:
    shape: str
    dots: tuple[MapDot, ...]


def dot_map(spots: Iterable[Spot]) -> DotMap | None:
    """Draw the spots in the shape that fits them best, north above; None where there are none."""
    spots = list(spots)
    if not spots:
        return None
    middle = sum(spot.latitude for spot in spots) / len(spots)
    # A degree of longitude is shorter the farther it lies from the equator.
    across = [spot.longitude * cos(radians(middle)) for spot in spots]
    down = [-spot.latitude for spot in spots]
    width, height = _extent(across), _extent(down)
    shape = min(SHAPES, key=lambda name: _needed(width, height, SHAPES[name]))
    scale = max(width / SHAPES[shape], height) or 1.0
    xs = _placed(across, scale * SHAPES[shape])
    ys = _placed(down, scale)
    dots = [MapDot(x, y, RADII[spot.number or 0], spot) for x, y, spot in zip(xs, ys, spots, strict=True)]
    # Small ones are drawn last, so that none disappears under a larger one.
    return DotMap(shape, tuple(sorted(dots, key=lambda dot: -dot.radius)))


def _extent(values: Sequence[float]) -> float:
    return max(values) - min(values)


def _needed(width: float, height: float, shape: float) -> float:
    """How much of the drawing would stay empty: its area against that of what is drawn."""
    side = max(width / shape, height)
    return side * side * shape


def _placed(values: Sequence[float], extent: float) -> list[float]:
    """Return the places in percent, the values in the middle of the extent."""
    start = min(values) - (extent - _extent(values)) / 2
    return [round(MARGIN + (100 - 2 * MARGIN) * (value - start) / extent, 2) for value in values]
