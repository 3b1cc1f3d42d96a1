"""Stretches of days, first and last included: cut, joined, counted. Knows nothing of seats."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date

from cells.dated import ONE_DAY

Stretch = tuple[date, date]


def common(*stretches: Stretch) -> Stretch | None:
    """Return the days that all of these share, if there are any."""
    firsts, lasts = zip(*stretches, strict=True)
    first, last = max(firsts), min(lasts)
    return (first, last) if first <= last else None


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return the same days as few stretches, in order: what overlaps or adjoins becomes one."""
    found: list[Stretch] = []
    for first, last in sorted(stretches):
        if found and (found[-1][1] == date.max or first <= found[-1][1] + ONE_DAY):
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


class Running:
    """How many of many stretches run on a day, asked for many days."""

    def __init__(self, stretches: Iterable[Stretch]):
        stretches = list(stretches)
        self._firsts = sorted(first for first, _last in stretches)
        self._afters = sorted(last + ONE_DAY for _first, last in stretches if last < date.max)

    def on(self, day: date) -> int:
        return bisect_right(self._firsts, day) - bisect_right(self._afters, day)
