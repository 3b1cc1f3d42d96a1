"""The course of a target over its years: planned and done at the end of each, as a table and as a drawing."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from dashboards.charts import TrendChart, TrendPoint, TrendSeries, trend
from dashboards.figures.board import Board
from dashboards.figures.lists import Part
from dashboards.overview import list_url
from dashboards.targets.pace import year_end
from dashboards.targets.progress import Past, Progress, began_on
from dashboards.targets.words import signed_words
from sheets.numbers import format_count


@dataclass(frozen=True)
class YearOfCourse:
    """One year of a target: what was planned by its end, and what is done by then or by the day."""

    year: int
    planned: int | None
    # None: the year has not come, or nothing is known of its end.
    done: int | None
    # The day the count is of, where the year is still running on the day of the page.
    so_far: date | None = None
    # The rows that were counted then.
    url: str = ""
    # What the running year still needs to reach what is planned for its end.
    left: int | None = None

    @property
    def difference(self) -> int | None:
        if self.planned is None or self.done is None or self.so_far:
            return None
        return self.done - self.planned

    @property
    def difference_words(self) -> str:
        return "" if self.difference is None else signed_words(self.difference)


@dataclass(frozen=True)
class Course:
    """The years of a target with what was planned and done, and the drawing of the same figures."""

    years: list[YearOfCourse]
    chart: TrendChart | None


def course_of(board: Board, progress: Progress) -> Course:
    """Return the years of the target's term, each past one counted as of its last day."""
    years = _years(board, progress)
    return Course(years, _chart(progress, years))


def _years(board: Board, progress: Progress) -> list[YearOfCourse]:
    target, day = progress.target, progress.day
    first = target.starts_on.year if target.starts_on else min(progress.path, default=day.year)
    last = max(target.due_on.year, *progress.path) if progress.path else target.due_on.year
    past = Past(board)
    # Before the unit stood there is nothing to count, which is not zero.
    began = began_on(board.frame, target)
    made = []
    for year in range(first, last + 1):
        end = year_end(year)
        so_far = day if year == day.year and day < end else None
        done = None
        if so_far or end == day:
            done = progress.done if progress.found.is_known else None
        elif end < day and (began is None or began <= end):
            before = past.done_on(target, end)
            done = before.done if before.is_known else None
        url = "" if done is None else _rows_url(progress, so_far or end)
        planned = progress.path.get(year)
        is_open = so_far and planned is not None and done is not None
        left = target.lacks(done, planned) if is_open else None
        made.append(YearOfCourse(year, planned, done, so_far, url, left))
    return made


def _rows_url(progress: Progress, day: date) -> str:
    figure = progress.of_goal
    return list_url(replace(figure, frame=replace(figure.frame, day=day)), Part.COUNTED)


def _chart(progress: Progress, years: list[YearOfCourse]) -> TrendChart | None:
    if len(years) < 2:
        return None
    series = [
        _series(str(progress.sentences.counted), [(one.year, one.done) for one in years]),
        _series(_("Planned"), [(one.year, one.planned) for one in years]),
    ]
    if progress.forecast and progress.forecast.due_on.year > progress.day.year:
        said = progress.forecast
        points = [(said.day.year, said.done), (said.due_on.year, said.reached)]
        begun, reached = _series(_("Forecast"), points).points
        # The forecast begins where the line of what is done ends; the number stands there already.
        series.append(TrendSeries(_("Forecast"), (replace(begun, text=""), reached)))
    if not any(point.value is not None for one in series for point in one.points):
        return None
    return trend("target-course", series)


def _series(label: str, values: list[tuple[int, int | None]]) -> TrendSeries:
    points = (TrendPoint(year, count, "" if count is None else format_count(count)) for year, count in values)
    return TrendSeries(label, tuple(points))
