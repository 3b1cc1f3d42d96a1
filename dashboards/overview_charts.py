"""What the overview draws beside its levels: the merged role over the years, and a map of the units below."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from cells.kinds import Level
from cells.models import UnitPeriod
from dashboards.charts import TrendChart, TrendPoint, TrendSeries, trend
from dashboards.classes import ValueClass, classes_of
from dashboards.dot_maps import DotMap, Spot, dot_map
from dashboards.figures.board import Board
from dashboards.figures.definitions import DEFINITIONS
from dashboards.figures.figure import Figure
from dashboards.figures.frames import Frame
from dashboards.figures.lists import Part
from dashboards.figures.merged_years import MergedYear, MergedYears
from dashboards.figures.sections import COMMUNES, STREAKS
from dashboards.overview import GAPS, list_url, rows_url, unit_url
from dashboards.sparklines import Sparkline, floor_of, sparkline
from sheets.numbers import format_count

# The figure a map shows first.
FIRST_ON_MAP = "merged_role"


# --- the merged role over the years -------------------------------------------------------


@dataclass(frozen=True)
class MergedRow:
    """One year of the table: its numbers, each with the list behind it."""

    year: MergedYear
    merged_url: str
    hamlets_url: str


@dataclass(frozen=True)
class MergedChart:
    chart: TrendChart
    rows: list[MergedRow]


def merged_over_years(years: MergedYears) -> MergedChart | None:
    """Draw in which part of the hamlets one person held both seats at the end of each year."""
    if len(years.whole) < 2:
        return None
    points = tuple(TrendPoint(year.year, year.share, year.percent_sign) for year in years.whole)
    chart = trend("merged-over-years", [TrendSeries("", points)], maximum=100, unit="%")
    return MergedChart(chart, [_merged_row(years.frame, year) for year in years.whole])


def _merged_row(frame: Frame, year: MergedYear) -> MergedRow:
    then = replace(frame, day=year.until)
    return MergedRow(
        year,
        rows_url(then, FIRST_ON_MAP, Part.COUNTED),
        rows_url(then, FIRST_ON_MAP, Part.ALL),
    )


def sparklines(years: MergedYears, children: list[UnitPeriod]) -> dict[int | None, Sparkline | None]:
    """Return the line of each unit below by its key, and under None that of the whole; all on one scale."""
    of_units: dict[int | None, list[MergedYear]] = {
        child.unit_id: years.of(child.unit_id) for child in children
    }
    of_units[None] = years.whole
    floor = floor_of(year.share for found in of_units.values() for year in found)
    return {
        key: sparkline([year.share for year in found], floor=floor, said=_said(found), slots=len(years.days))
        for key, found in of_units.items()
    }


def _said(years: list[MergedYear]) -> str:
    return "; ".join(f"{_day(year.until)}: {year.percent_sign}" for year in years)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


# --- the map of the units below -----------------------------------------------------------


@dataclass(frozen=True)
class MapClass:
    """A class as the legend says it: its number, its values in words, how many units."""

    number: int
    text: str
    count: int


@dataclass(frozen=True)
class MapRow:
    """One unit of the list beside the map."""

    name: str
    url: str
    text: str
    rows_url: str
    number: int | None


@dataclass(frozen=True)
class UnitMap:
    """One figure of every unit below: as dots, as a legend, as a list."""

    figure: Figure
    drawing: DotMap | None
    classes: list[MapClass]
    rows: list[MapRow]
    # Units that lie nowhere, since nobody has said where.
    without_place: list[str]
    choices: list[tuple[str, str]]

    @property
    def nothing_known(self) -> int:
        return sum(row.number is None for row in self.rows)


def unit_map(board: Board, children: list[UnitPeriod], wanted: str) -> UnitMap | None:
    """Put the units below on a map by a figure of the board; by the first one where the word names none."""
    choices = [
        (code, figure.label) for code, figure in board.figures.items() if _is_per_unit(code, board.frame)
    ]
    code = wanted if wanted in dict(choices) else FIRST_ON_MAP
    if not children or code not in board.figures:
        return None
    figures = {key: found[code] for key, found in board.child_figures([code]).items() if code in found}
    known = {
        child.unit_id: figures[child.unit_id]
        for child in children
        if child.unit_id in figures and _has_value(figures[child.unit_id])
    }
    values = {key: _value(figure) for key, figure in known.items()}
    classes = classes_of(list(values.values()))
    numbers = {key: _class_of(value, classes) for key, value in values.items()}
    rows = [_map_row(board.frame, code, child, known, numbers) for child in children]
    spots = [_spot(child, row) for child, row in zip(children, rows, strict=True) if _has_place(child)]
    return UnitMap(
        figure=board.figures[code],
        drawing=dot_map(spots),
        classes=[_map_class(one, known, values) for one in reversed(classes)],
        rows=sorted(rows, key=lambda row: -(row.number or 0)),
        without_place=[child.full_name for child in children if not _has_place(child)],
        choices=choices,
    )


def _is_per_unit(code: str, frame: Frame) -> bool:
    """Whether a figure says something of each unit below: a streak is counted for the whole, a commune is no share."""
    section = DEFINITIONS[code].section
    return section is not STREAKS and not (section is COMMUNES and frame.child_level == Level.COMMUNE)


def _has_value(figure: Figure) -> bool:
    return figure.is_known and figure.denominator != 0


def _value(figure: Figure) -> float:
    """What orders the units: of a share its percent, of what should not be and of an amount how many."""
    if figure.denominator is None or figure.code in GAPS:
        return figure.numerator
    return 100 * figure.numerator / figure.denominator


def _class_of(value: float, classes: list[ValueClass]) -> int:
    return next(one.number for one in classes if one.holds(value))


def _has_place(child: UnitPeriod) -> bool:
    return child.unit.latitude is not None and child.unit.longitude is not None


def _map_row(frame: Frame, code: str, child: UnitPeriod, known: dict, numbers: dict) -> MapRow:
    figure = known.get(child.unit_id)
    return MapRow(
        name=child.full_name,
        url=unit_url(frame, child.unit_id),
        text=_text(figure) if figure else "–",
        rows_url=list_url(figure, Part.COUNTED, child.unit_id) if figure else "",
        number=numbers.get(child.unit_id),
    )


def _text(figure: Figure) -> str:
    if figure.denominator is None:
        return format_count(figure.numerator)
    return f"{figure.fraction} ({figure.percent_sign})"


def _spot(child: UnitPeriod, row: MapRow) -> Spot:
    unit = child.unit
    return Spot(float(unit.latitude), float(unit.longitude), row.number, row.name, row.text, row.url)


def _map_class(one: ValueClass, known: dict[int, Figure], values: dict[int, float]) -> MapClass:
    """Say a class by the values at its two ends, as they are written."""
    low, high = (
        _short(next(known[key] for key, value in values.items() if value == end))
        for end in (one.low, one.high)
    )
    if low == high:
        return MapClass(one.number, low, one.count)
    return MapClass(one.number, _("from %(low)s to %(high)s") % {"low": low, "high": high}, one.count)


def _short(figure: Figure) -> str:
    if figure.denominator is None or figure.code in GAPS:
        return format_count(figure.numerator)
    return figure.percent_sign
