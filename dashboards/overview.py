"""What the overview shows of a board: tiles, the table of units below, two charts."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cells.kinds import Level
from cells.models import UnitPeriod
from dashboards.basis import Basis, LeftOut, frame_query, page_address
from dashboards.charts import (
    ChartLevel,
    StackedChart,
    TrendChart,
    TrendPoint,
    TrendSeries,
    stacked_levels,
    trend,
)
from dashboards.citing.asked import key_of, report_url
from dashboards.figures.board import Board
from dashboards.figures.definitions import DEFINITIONS
from dashboards.figures.figure import Figure, LevelYear, TitleTrend
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.lists import Part
from dashboards.figures.sections import LEVEL_CODES
from dashboards.sparklines import Sparkline
from evaluations.models import Target
from evaluations.models.ratings import SHORT_FORMS
from sheets.numbers import format_count, format_percent

LEVELS = [
    ChartLevel("EXCELLENT", SHORT_FORMS["EXCELLENT"], "XS"),
    ChartLevel("GOOD", SHORT_FORMS["GOOD"], "T"),
    ChartLevel("COMPLETED", SHORT_FORMS["COMPLETED"], "HT"),
    ChartLevel("NOT_COMPLETED", SHORT_FORMS["NOT_COMPLETED"], "KHT", hatched=True),
]
SHARE_COLUMNS = ("merged_role", "member_heads", "vacant_heads", "vacant_secretaries", "rated")
AMOUNT_COLUMNS = ("cells", "members")
# What should not be: read as "how many", not as a percentage.
GAPS = ("vacant_heads", "vacant_secretaries")
# A country has more units below than a chart can show one bar each for on a telephone.
MOST_BARS = 40


def unit_url(frame: Frame, unit: int | None) -> str:
    name, args = ("dashboards:overview_unit", [unit]) if unit else ("dashboards:overview", [])
    return page_address(name, *args) + frame_query(frame)


def list_url(figure: Figure, part: str, unit: int | None = None) -> str:
    """Return the address of the list behind a part of a figure (of a unit below, where given)."""
    return rows_url(figure.frame, figure.code, part, figure.target, unit)


def unplaced_url(frame: Frame, code: str, target: Target | None = None, year: int | None = None) -> str:
    """Return the address of the rows of a figure that stand in no unit of today."""
    return rows_url(frame, code, Part.UNPLACED, target, year=year)


def rows_url(
    frame: Frame,
    code: str,
    part: str,
    target: Target | None = None,
    unit: int | None = None,
    year: int | None = None,
) -> str:
    pk = unit or (frame.unit.pk if frame.unit else None)
    more = {} if part == Part.COUNTED else {"phan": part}
    if target:
        more["chi-tieu"] = target.pk
    if year:
        more["nam"] = year
    name, args = ("dashboards:figure_rows", [pk, code]) if pk else ("dashboards:figure_rows_country", [code])
    return page_address(name, *args) + frame_query(frame, **more)


def basis_of_board(board: Board, *sections: str) -> Basis:
    """Return day and borders of an overview, and what stands in none of its units below, each with its list.

    A chart says so of its own section alone.
    """
    words = {
        "merged_role": board.words.hamlet,
        "cells": _("cells"),
        "communes_confirmed": _("communes"),
        "rated": _("ratings"),
        "congress_held": _("congresses"),
        "head_elected": _("elections"),
        "meeting_attendance": _("members expected at meetings"),
        "excellent_streak": _("people rated excellent three years running"),
        "titles": _("titles"),
    }
    return Basis(
        board.frame,
        [
            LeftOut(
                f"{format_count(count)} {words[code]}",
                unplaced_url(board.frame, code) if code in DEFINITIONS else "",
            )
            for code, count in board.left_out.items()
            if not sections or code in sections
        ],
        board.kept,
    )


def figure_tile(figure: Figure, confirmed: Figure | None = None) -> dict:
    """Return a figure as _tile.html shows it; where given, with how many communes stand behind it."""
    counted_url = list_url(figure, Part.COUNTED)
    tile = {
        "label": figure.label,
        "value": _headline(figure),
        "day": figure.frame.day,
        "year": figure.year,
        "url": counted_url,
        "definition": figure.explanation,
        "note": "; ".join(figure.remarks),
        "borders": Borders(figure.frame.borders).label if figure.frame.borders == Borders.NOW else "",
        "report_url": report_url(figure.frame, key_of(figure)) if figure.is_known else "",
        "quote_key": key_of(figure) if figure.is_known else "",
        "confirmed": _confirmed(figure, confirmed),
    }
    if figure.denominator is not None:
        tile |= {
            "numerator": figure.numerator,
            "denominator": figure.denominator,
            "numerator_url": counted_url,
            "denominator_url": list_url(figure, Part.ALL),
        }
    return tile


def _confirmed(figure: Figure, confirmed: Figure | None) -> str:
    """Say how many communes stand behind a figure; a result of a year is sent and received, not confirmed."""
    if confirmed is None or figure.year or figure.code == confirmed.code:
        return ""
    return confirmed_words(confirmed)


def confirmed_words(confirmed: Figure) -> str:
    """Say how many communes have confirmed; nothing of a commune, which is one itself."""
    unit = confirmed.frame.unit
    if unit is not None and unit.level == Level.COMMUNE:
        return ""
    return _("%(fraction)s communes have confirmed within 30 days") % {"fraction": confirmed.fraction}


def results_of(board: Board) -> str:
    """Say of how many communes the levels of the year count; only where the units below are communes."""
    if board.frame.child_level != Level.COMMUNE or not board.rating_year:
        return ""
    sent = sum(bool(place and counts["rated"]) for place, counts in board.ratings.items())
    communes = board.figures["communes_confirmed"].denominator
    return _("Levels of %(sent)s of %(communes)s communes, received and decided") % {
        "sent": format_count(sent),
        "communes": format_count(communes),
    }


def _headline(figure: Figure) -> str:
    """The one number of a tile: of a gap how many, of anything else which part."""
    if not figure.is_known:
        return "–"
    if figure.code in GAPS:
        return format_count(figure.numerator)
    return figure.percent_sign or figure.fraction


@dataclass(frozen=True)
class TableCell:
    """One figure of the table: its numbers, each with the list behind it, and how it sorts."""

    label: SafeString
    # In the writing of the page, which the sorting script reads; empty is nothing, and stands last.
    key: str = ""
    text: str = "–"
    url: str = ""
    base: str = ""
    base_url: str = ""
    percent: str = ""

    @property
    def html(self) -> str:
        """The cell of the table, put together here: a template takes ten times as long, and there are over a thousand."""
        numbers = (
            [(self.url, self.text), (self.base_url, self.base)] if self.base else [(self.url, self.text)]
        )
        # The numbers of a country are long: a line may end between the two.
        places = "/<wbr>".join(_NUMBER if url else "{}" for url, _text in numbers)
        percent = " ({})" if self.percent else ""
        return format_html(
            f'<td class="num{{}}" data-label="{{}}" data-value="{{}}"><span>{places}{percent}</span></td>',
            "" if self.url or self.text != "–" else " is-none",
            self.label,
            self.key,
            *(part for number in numbers for part in number if part),
            *([self.percent] if percent else []),
        )


_NUMBER = '<a href="{}">{}</a>'


@dataclass(frozen=True)
class TableRow:
    name: str
    url: str
    cells: list[TableCell]
    # The merged role over the last years.
    line: Sparkline | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether there is no number in it: nothing is recorded of the unit."""
        return self.line is None and not any(cell.url for cell in self.cells)


class OverviewTable:
    """The same figures for each unit below, and for the whole."""

    def __init__(
        self,
        board: Board,
        children: list[UnitPeriod],
        lines: Mapping[int | None, Sparkline | None] = MappingProxyType({}),
    ):
        self.board = board
        self.frame = board.frame
        self.has_lines = any(lines.values())
        self.codes = [
            c for c in (*AMOUNT_COLUMNS[:1], *SHARE_COLUMNS, *AMOUNT_COLUMNS[1:]) if c in board.figures
        ]
        self.codes += [code for code in LEVEL_CODES.values() if code in board.figures]
        # Safe to be written: it stands in every cell of a column.
        self._labels = {code: escape(board.figures[code].label) for code in self.codes}
        by_child = board.child_figures(self.codes)
        rows = [
            TableRow(
                child.full_name,
                unit_url(self.frame, child.unit_id),
                self._cells(by_child[child.unit_id], child),
                lines.get(child.unit_id),
            )
            for child in children
        ]
        self.rows = [row for row in rows if not row.says_nothing]
        # Named below the table, not in it: in a province that has just begun they are most of it.
        self.without = [row for row in rows if row.says_nothing]
        # What stands in no unit of this level: only in today's borders, where a place was divided.
        outside = by_child.get(None)
        self.outside = TableRow(_("Cannot be placed"), "", self._cells(outside, None)) if outside else None
        self.total = TableRow(_("Total"), "", self._cells(board.figures, None, total=True), lines.get(None))

    @property
    def unit_count(self) -> int:
        return len(self.rows) + len(self.without)

    @property
    def headers(self) -> list[str]:
        return [self.board.figures[code].label for code in self.codes]

    def _cells(self, figures: dict[str, Figure], child: UnitPeriod | None, *, total=False) -> list[TableCell]:
        return [self._cell(code, figures.get(code), child, total) for code in self.codes]

    def _cell(self, code: str, figure: Figure | None, child, total: bool) -> TableCell:
        label = self._labels[code]
        if figure is None or figure.denominator == 0 or not figure.is_known:
            return TableCell(label)
        placed = child is not None or total
        unit = child.unit_id if child else None
        key = figure.numerator if figure.denominator is None else figure.numerator / figure.denominator
        # The levels of a row share one base, which stands beside them as the cells rated.
        has_base = figure.denominator is not None and code not in LEVEL_CODES.values()
        return TableCell(
            label,
            key=f"{key:.6f}".replace(".", ","),
            text=format_count(figure.numerator),
            url=list_url(figure, Part.COUNTED if placed else Part.UNPLACED, unit),
            base=format_count(figure.denominator) if has_base else "",
            base_url=list_url(figure, Part.ALL, unit) if has_base and placed else "",
            percent=figure.percent_sign,
        )


def levels_by_child(board: Board, children: list[UnitPeriod]) -> StackedChart | None:
    """Draw the levels of the year for each unit below that was rated."""
    rows = [
        (child.full_name, _levels(board.ratings[child.unit_id]), unit_url(board.frame, child.unit_id))
        for child in children
        if child.unit_id in board.ratings and board.ratings[child.unit_id]["rated"]
    ]
    return stacked_levels("levels", LEVELS, rows[:MOST_BARS]) if rows else None


def levels_of_unit(board: Board) -> StackedChart | None:
    """Draw the levels of the year for the unit as a whole."""
    if not board.level_years:
        return None
    counts = board.level_years[-1].counts
    return stacked_levels("unit-levels", LEVELS, [("", [counts.get(level.key, 0) for level in LEVELS], "")])


def _levels(counts) -> list[int]:
    return [counts[LEVEL_CODES[level.key]] for level in LEVELS]


def levels_over_years(board: Board) -> TrendChart | None:
    """Draw the share of each level over the years."""
    if len(board.level_years) < 2:
        return None
    series = [
        TrendSeries(
            level.code,
            tuple(
                TrendPoint(
                    year.year,
                    100 * year.counts.get(level.key, 0) / year.rated,
                    format_percent(year.counts.get(level.key, 0), year.rated),
                )
                for year in board.level_years
            ),
        )
        for level in LEVELS
    ]
    return trend("levels-over-years", series, maximum=100, unit="%")


@dataclass(frozen=True)
class YearRow:
    """The levels of one year as a table shows them: (how many, address of the list) for each, and for all."""

    year: int
    counts: list[tuple[int, str]]


def table_of_levels(board: Board) -> list[YearRow]:
    """Return the levels of each year, oldest first, each number with the list behind it."""
    return [_year_row(board.frame, year) for year in board.level_years]


def _year_row(frame: Frame, year: LevelYear) -> YearRow:
    counts = {LEVEL_CODES[level.key]: year.counts.get(level.key, 0) for level in LEVELS} | {
        "rated": year.rated
    }
    return YearRow(
        year.year,
        [(count, rows_url(frame, code, Part.COUNTED, year=year.year)) for code, count in counts.items()],
    )


@dataclass(frozen=True)
class TitleChart:
    """A title over the years: the drawing, and the figures of its table."""

    trend: TitleTrend
    chart: TrendChart


def titles_over_years(board: Board) -> list[TitleChart]:
    """Draw for each title how many cells won it in each year, and how many held it at the end."""
    return [TitleChart(one, _title_chart(one)) for one in board.title_trends]


def _title_chart(title: TitleTrend) -> TrendChart:
    counted = {
        _("held at the end of the year"): [(year.year, year.held) for year in title.years],
        _("recognised in the year"): [(year.year, year.recognised) for year in title.years],
    }
    series = [
        TrendSeries(label, tuple(TrendPoint(year, count, format_count(count)) for year, count in points))
        for label, points in counted.items()
    ]
    return trend(f"title-{title.key}", series)
