"""The monitor as a drawing: three lines over the months, with a word at the turn of each year and at the end."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from dashboards.charts import (
    PLOT_BOTTOM,
    PLOT_LEFT,
    PLOT_RIGHT,
    PLOT_TOP,
    Curve,
    Dot,
    Line,
    Tick,
    TrendChart,
)
from dashboards.staffing.monitor import Month
from dashboards.wording import HamletWords
from sheets.numbers import format_percent

_STEPS = (0, 25, 50, 75, 100)


def month_chart(months: Sequence[Month], words: HamletWords) -> TrendChart | None:
    """Draw the share of hamlets in which one person holds both seats, of which interim, and the Front-head model."""
    if len(months) < 2:
        return None
    slot = (PLOT_RIGHT - PLOT_LEFT) / len(months)
    across = [round(PLOT_LEFT + slot * (place + 0.5), 3) for place in range(len(months))]
    series = [
        (_("Secretary and %(head)s") % {"head": words.head}, [month.merged for month in months]),
        (_("Of which interim"), [month.interim for month in months]),
        (_("Secretary and head of the Front committee"), [month.front for month in months]),
    ]
    return TrendChart(
        name="merged-by-month",
        curves=tuple(
            _curve(label, index, counts, months, across) for index, (label, counts) in enumerate(series)
        ),
        columns=(),
        years=tuple(Tick(across[place], str(month.first.year)) for place, month in _marked_years(months)),
        steps=tuple(Tick(_down(step), f"{step}%") for step in _STEPS),
    )


def _marked_years(months: Sequence[Month]):
    """Return the first month of each year with its place."""
    years: dict[int, tuple[int, Month]] = {}
    for place, month in enumerate(months):
        years.setdefault(month.first.year, (place, month))
    return years.values()


def _down(percent: float) -> float:
    return round(PLOT_BOTTOM - (PLOT_BOTTOM - PLOT_TOP) * min(percent, 100) / 100, 2)


def _curve(label: str, index: int, counts: list[int], months: Sequence[Month], across: list[float]) -> Curve:
    points = [
        (x, _down(100 * count / month.hamlets))
        for x, count, month in zip(across, counts, months, strict=True)
        if month.hamlets
    ]
    lines = tuple(Line(*one, *other) for one, other in zip(points, points[1:], strict=False))
    dots = tuple(
        Dot(
            month.first.year,
            x,
            _down(100 * count / month.hamlets),
            format_percent(count, month.hamlets),
            # The first line has its words over it; the others stand in the table.
            _down(100 * count / month.hamlets) - 10 if index == 0 else None,
            when=f"{month.first:%m/%Y}",
        )
        for place, (x, count, month) in enumerate(zip(across, counts, months, strict=True))
        if month.hamlets and (month.last.month == 12 or place in (0, len(months) - 1))
    )
    return Curve(label, index, dots, lines)
