"""Coordinates of the drawings. Knows nothing of units or ratings: counts and words in, places out.

Across the page everything is a percent of the width, so that a drawing fits any screen while its letters keep their
size; down the page everything is in pixels.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from sheets.numbers import format_count

LABEL_LINE = 20
BAR_HEIGHT = 22
ROW_GAP = 12

# The widths a bar has at least, in pixels, on a telephone and elsewhere; and what a bold letter of 12 px takes.
NARROW_BAR, WIDE_BAR = 290, 640
LETTER = 8.2

PLOT_LEFT, PLOT_RIGHT = 8.0, 98.0
PLOT_TOP, PLOT_BOTTOM = 24.0, 204.0
TREND_HEIGHT = 246


@dataclass(frozen=True)
class ChartLevel:
    """One kind of segment: its class in the style sheet, its short code, and a shorter one for narrow places."""

    key: str
    code: str
    brief: str = ""
    hatched: bool = False


@dataclass(frozen=True)
class Segment:
    level: ChartLevel
    count: int
    x: float
    width: float
    text_wide: str
    text_narrow: str

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 3)


@dataclass(frozen=True)
class Bar:
    label: str
    url: str
    total: int
    top: float
    bar_top: float
    segments: tuple[Segment, ...]
    bar_height: float = BAR_HEIGHT

    @property
    def label_y(self) -> float:
        return self.top + LABEL_LINE - 6

    @property
    def bar_middle(self) -> float:
        return self.bar_top + self.bar_height / 2


@dataclass(frozen=True)
class StackedChart:
    name: str
    levels: tuple[ChartLevel, ...]
    rows: tuple[Bar, ...]
    height: float


def stacked_levels(
    name: str, levels: Sequence[ChartLevel], rows: Iterable[tuple[str, Sequence[int], str]]
) -> StackedChart:
    """Draw one bar per row (label, counts in the order of the levels, address or ""), each as wide as the page.

    The name makes ids in the page and is unique there. A row without a label is the bar alone.
    """
    bars, top = [], 0.0
    for label, counts, url in rows:
        bar_top = top + (LABEL_LINE if label else 0)
        bars.append(Bar(label, url, sum(counts), top, bar_top, _segments(levels, counts)))
        top = bar_top + BAR_HEIGHT + ROW_GAP
    return StackedChart(name, tuple(levels), tuple(bars), max(top - ROW_GAP, 0))


def _segments(levels, counts) -> tuple[Segment, ...]:
    total = sum(counts)
    segments, before = [], 0
    for level, count in zip(levels, counts, strict=True):
        # Both edges are rounded, not the widths: so neighbours touch and the last one ends at 100.
        x = round(100 * before / total, 3) if total else 0.0
        end = round(100 * (before + count) / total, 3) if total else 0.0
        width = round(end - x, 3)
        wide, narrow = (_fitting(level, count, width * bar / 100) for bar in (WIDE_BAR, NARROW_BAR))
        segments.append(Segment(level, count, x, width, wide, narrow))
        before += count
    return tuple(segments)


def _fitting(level: ChartLevel, count: int, pixels: float) -> str:
    """The longest word that fits inside a segment, or none."""
    number = format_count(count)
    words = [f"{level.code} {number}", f"{level.brief} {number}" if level.brief else "", number]
    return next((word for word in words if word and len(word) * LETTER <= pixels), "")


@dataclass(frozen=True)
class TrendPoint:
    """A value with its year; None where nothing is known, which leaves a gap and is not zero."""

    year: int
    value: float | None
    text: str = ""


@dataclass(frozen=True)
class TrendSeries:
    label: str
    points: tuple[TrendPoint, ...]


@dataclass(frozen=True)
class Dot:
    year: int
    x: float
    y: float
    text: str
    text_y: float | None
    # What the point is called where a year alone does not say which one it is.
    when: str = ""


@dataclass(frozen=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Curve:
    label: str
    index: int
    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Column:
    year: int
    x: float
    y: float
    width: float
    height: float
    middle: float
    text: str
    text_y: float


@dataclass(frozen=True)
class Tick:
    place: float
    text: str


@dataclass(frozen=True)
class TrendChart:
    name: str
    curves: tuple[Curve, ...]
    columns: tuple[Column, ...]
    years: tuple[Tick, ...]
    steps: tuple[Tick, ...]
    top: float = PLOT_TOP
    bottom: float = PLOT_BOTTOM
    height: float = TREND_HEIGHT

    @property
    def is_crowded(self) -> bool:
        """Whether a telephone has no room for the words of every year."""
        return len(self.years) > 5

    @property
    def description(self) -> str:
        """Say every value with its line and its year, for whoever does not see the drawing."""
        said = [
            (curve.label, [(dot.when or dot.year, dot.text) for dot in curve.dots]) for curve in self.curves
        ]
        said.append(("", [(column.year, column.text) for column in self.columns]))
        sentences = (
            (label, ", ".join(f"{when}: {text}" for when, text in points if text)) for label, points in said
        )
        return ". ".join(": ".join(filter(None, one)) for one in sentences if one[1])

    @property
    def years_y(self) -> float:
        # Below the words that stand under a line that runs along the bottom.
        return self.bottom + 34


def trend(
    name: str,
    series: Sequence[TrendSeries],
    *,
    columns: TrendSeries | None = None,
    maximum: float | None = None,
    unit: str = "",
) -> TrendChart:
    """Draw one line per series over the years, in front of columns where a series is given for them.

    The maximum is 100 for percents; without one the scale ends at a round number above the highest value.
    """
    everything = [*series, columns] if columns else list(series)
    years = sorted({point.year for one in everything for point in one.points})
    values = [point.value for one in everything for point in one.points if point.value is not None]
    step, count = (maximum / 4, 4) if maximum else _round_steps(max(values, default=0))
    top_value = step * count
    slot = (PLOT_RIGHT - PLOT_LEFT) / max(len(years), 1)
    across = {year: round(PLOT_LEFT + slot * (i + 0.5), 3) for i, year in enumerate(years)}

    def down(value: float) -> float:
        share = min(max(value / top_value, 0), 1)
        return round(PLOT_BOTTOM - (PLOT_BOTTOM - PLOT_TOP) * share, 2)

    return TrendChart(
        name=name,
        curves=tuple(_curve(one, index, series, across, down) for index, one in enumerate(series)),
        columns=_columns(columns, across, down, slot) if columns else (),
        years=tuple(Tick(across[year], str(year)) for year in years),
        steps=tuple(Tick(down(step * i), f"{_plain(step * i)}{unit}") for i in range(count + 1)),
    )


def _curve(series, index, everybody, across, down) -> Curve:
    dots, lines, previous = [], [], None
    for point in sorted(series.points, key=lambda p: p.year):
        if point.value is None:
            previous = None
            continue
        y = down(point.value)
        dot = Dot(point.year, across[point.year], y, point.text, _text_y(point, y, index, everybody))
        if previous:
            lines.append(Line(previous.x, previous.y, dot.x, dot.y))
        dots.append(dot)
        previous = dot
    return Curve(series.label, index, tuple(dots), tuple(lines))


def _text_y(point, y, index, everybody) -> float | None:
    """Words stand over the highest line and under the lowest, so that lines do not write into each other.

    A point without words gives way to all that have some.
    """
    if not point.text:
        return None
    others = [
        (other.value, -place)
        for place, one in enumerate(everybody)
        for other in one.points
        if place != index and other.year == point.year and other.value is not None and other.text
    ]
    if all(other < (point.value, -index) for other in others):
        return y - 10
    if all(other > (point.value, -index) for other in others):
        return y + 20
    return None


def _columns(series, across, down, slot) -> tuple[Column, ...]:
    width = round(slot * 0.5, 3)
    return tuple(
        Column(
            year=point.year,
            x=round(across[point.year] - width / 2, 3),
            y=down(point.value),
            width=width,
            height=round(PLOT_BOTTOM - down(point.value), 2),
            middle=across[point.year],
            text=point.text,
            text_y=down(point.value) - 6,
        )
        for point in series.points
        if point.value is not None
    )


def _round_steps(value: float) -> tuple[int, int]:
    """Return a step of 1, 2, 5, 10, 20, 50 …, and how many of them end just above the value: three to five."""
    step = 1
    while step * 5 < value:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return step, max(ceil(value / step), 3)


def _plain(number: float) -> str:
    return f"{number:g}".replace(".", ",")
