"""A line so small that it fits into a row of a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 96, 24
EDGE = 4.0


@dataclass(frozen=True)
class Sparkline:
    """The points of a line in pixels, written as a drawing wants them, and in words what it shows.

    All of it is text: a template takes longest over numbers.
    """

    points: str
    last_x: str
    last_y: str
    said: str
    width: str = str(WIDTH)
    height: str = str(HEIGHT)


def floor_of(values: Iterable[float]) -> int:
    """Return the whole ten at or below the lowest percent, where all lines of a table begin; 90 at most."""
    return min(int(min(values, default=0) // 10 * 10), 90)


def sparkline(values: Sequence[float], *, floor: float, said: str, slots: int) -> Sparkline | None:
    """Draw percents of the last years; all lines of a table have the same scale and as many slots.

    A line of fewer values ends where the others end. One value alone is a dot.
    """
    if not values:
        return None
    step = (WIDTH - 2 * EDGE) / max(slots - 1, 1)
    begin = WIDTH - EDGE - step * (len(values) - 1)
    rise = (HEIGHT - 2 * EDGE) / ((100 - floor) or 1)
    places = [
        (f"{begin + step * number:.1f}", f"{HEIGHT - EDGE - (value - floor) * rise:.1f}")
        for number, value in enumerate(values)
    ]
    return Sparkline(" ".join(f"{x},{y}" for x, y in places), *places[-1], said)
