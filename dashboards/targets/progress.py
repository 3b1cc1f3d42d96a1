"""How far a target is: everything its page and its tile say, as of a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from django.db.models import prefetch_related_objects
from django.urls import reverse

from cells.kinds import Level
from dashboards.basis import frame_query
from dashboards.citing.asked import key_of, report_url
from dashboards.figures.board import Board
from dashboards.figures.definitions import DEFINITIONS
from dashboards.figures.figure import Figure
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.lists import Part
from dashboards.figures.wholes import Whole, can_be_whole, wholes
from dashboards.overview import confirmed_words, list_url
from dashboards.targets.measures import (
    TITLE,
    Counted,
    as_figures,
    as_known,
    counted,
    counted_below,
    explanation_of,
    label_of,
    nothing_counted,
    targets_of,
)
from dashboards.targets.pace import (
    ONE_DAY,
    Forecast,
    Milestone,
    latest_milestone,
    needed_per_year,
    next_milestone,
    pace_begins,
    years_to_come,
)
from dashboards.targets.words import ProgressWords, Standing
from dashboards.wording import HamletWords
from evaluations.models import Target


@dataclass(frozen=True)
class Progress(ProgressWords):
    """One target as of a day: what is done, what is still needed, and how it goes."""

    target: Target
    frame: Frame
    label: str
    found: Counted
    # Whether the unit stood by the day: before that it could be neither late nor on schedule.
    is_founded: bool = True
    forecast: Forecast | None = None
    path: Mapping[int, int] = field(default_factory=dict)

    explanation: str = ""
    # How many communes stand behind what is counted.
    confirmed: str = ""

    # --- what is done -------------------------------------------------------------------

    @cached_property
    def figures(self) -> dict[str, Figure]:
        made = as_figures(self.target, self.found, self.frame, self.label)
        return dict(zip(("goal", "base", "share"), made, strict=False))

    @property
    def of_goal(self) -> Figure:
        return self.figures["goal"]

    @property
    def of_base(self) -> Figure | None:
        """What is done of the base as resolved; None where the resolution names none."""
        return self.figures.get("base")

    @property
    def goal_of_base(self) -> Figure | None:
        return self.figures.get("share")

    @property
    def done(self) -> int:
        return self.found.done

    @property
    def day(self) -> date:
        return self.frame.day

    @property
    def base_difference(self) -> int | None:
        """How many more (or fewer) are counted than the resolution names; None where one is not known."""
        if self.target.base is None or self.found.whole is None:
            return None
        return self.found.whole - self.target.base

    # --- what is still needed -------------------------------------------------------------

    @property
    def still_needed(self) -> int:
        return self.target.lacks(self.done, self.target.goal)

    @property
    def passed_by(self) -> int:
        """By how much what is done goes beyond the goal: the goal falls short of it."""
        return self.target.lacks(self.target.goal, self.done)

    @property
    def years_left(self) -> range:
        return years_to_come(self.day, self.target.due_on)

    @property
    def needed_per_year(self) -> int | None:
        return needed_per_year(self.still_needed, len(self.years_left))

    @property
    def is_due(self) -> bool:
        """Whether the deadline is over; the day itself is still left to whoever looks at it today."""
        due_on = self.target.due_on
        return self.day > due_on or (self.day == due_on and not self.frame.is_today)

    # --- how it goes ----------------------------------------------------------------------

    @property
    def milestone(self) -> Milestone | None:
        return latest_milestone(self.path, self.day, self.target.due_on, self.target.goal)

    @property
    def next_milestone(self) -> Milestone | None:
        return next_milestone(self.path, self.day, self.target.due_on)

    @property
    def standing(self) -> Standing:
        if not self.is_founded:
            return Standing.NOT_FOUNDED
        if not self.found.is_known:
            return Standing.UNKNOWN
        if not self.still_needed:
            return Standing.PASSED if self.passed_by else Standing.REACHED
        if self.is_due:
            return Standing.MISSED
        if self.milestone is None:
            return Standing.OPEN if self.path else Standing.WITHOUT_PATH
        return Standing.BEHIND if self.target.lacks(self.done, self.milestone.planned) else Standing.ON_PATH

    @property
    def needs_attention(self) -> bool:
        return self.standing in (Standing.BEHIND, Standing.MISSED)

    # --- where it is shown and listed ---------------------------------------------------------

    @property
    def url(self) -> str:
        return reverse("targets:target", args=[self.target.pk]) + frame_query(self.frame)

    @property
    def report_url(self) -> str:
        """Where it is said that what is counted is wrong."""
        return report_url(self.frame, self.quote_key)

    @property
    def quote_key(self) -> str:
        return key_of(self.of_goal)

    @property
    def done_url(self) -> str:
        return list_url(self.of_goal, Part.COUNTED)

    @property
    def counted_url(self) -> str:
        """The rows that the base is counted from; none for an amount."""
        return list_url(self.of_goal, Part.ALL) if self.found.whole is not None else ""

    @property
    def left_url(self) -> str:
        """The rows that do not count yet, or that should be fewer; none for an amount."""
        part = Part.COUNTED if self.target.falls else Part.LEFT
        return list_url(self.of_goal, part) if self.found.whole is not None else ""


MERGED_ROLE = "merged_role"


class Past:
    """Counts of earlier days, each section of a day asked for once."""

    def __init__(self, board: Board):
        self.board = board
        self._boards: dict[date, Board] = {board.frame.day: board}
        self._wholes: dict[tuple[str, date], Whole] = {}

    def ask_for(self, wanted: Iterable[tuple[Target, date]]) -> None:
        """Ask in one query for what the board has not counted beside; the rest is asked when it is needed."""
        figures = [
            (DEFINITIONS[target.figure], day)
            for target, day in wanted
            if target.figure in DEFINITIONS and self._beside(target, day) is None
        ]
        self._wholes |= wholes(self.board.frame, [one for one in figures if can_be_whole(one[0])])

    def done_on(self, target: Target, day: date) -> Counted:
        """Return what was counted towards the target on an earlier day."""
        known = self._beside(target, day)
        if known is not None:
            return Counted(known)
        if whole := self._wholes.get((target.figure, day)):
            return as_known(target, Counted(whole.counted, whole.of))
        if day not in self._boards:
            self._boards[day] = Board(self.board.frame.whole_on(day))
        return counted(self._boards[day], target)

    def _beside(self, target: Target, day: date) -> int | None:
        """Return what the board has counted of that day beside its own; None where it has not."""
        if target.figure == TITLE:
            return self.board.titles_held_on(day, target.title_id)
        return self.board.merged_years.merged_on(day) if target.figure == MERGED_ROLE else None

    def forecasts(self, founds: Mapping[Target, Counted]) -> dict[Target, Forecast]:
        """Return what the pace of the last years makes of the deadline, where something is to be forecast."""
        begun = {}
        for target, found in founds.items():
            since = pace_day(self.board.frame, target)
            forecast = Forecast(since, self.board.frame.day, 0, found.done, target.due_on, found.whole)
            if found.is_known and target.lacks(found.done, target.goal) and forecast.is_possible:
                begun[target] = forecast
        self.ask_for((target, forecast.since) for target, forecast in begun.items())
        before = {target: self.done_on(target, forecast.since) for target, forecast in begun.items()}
        return {
            target: replace(forecast, before=before[target].done)
            for target, forecast in begun.items()
            if before[target].is_known
        }


def pace_day(frame: Frame, target: Target) -> date:
    """Return the day from which the pace towards the target is taken."""
    before_term = target.starts_on - ONE_DAY if target.starts_on else None
    return pace_begins(frame.day, before_term, began_on(frame, target))


def began_on(frame: Frame, target: Target) -> date | None:
    """Return since when there is something to count in the unit of a target; None: since before our records."""
    # In today's borders the rows are placed where a unit of today stands, also of the years before it.
    return getattr(target, "unit_began", None) if frame.borders == Borders.THEN else None


def progress_of_targets(board: Board) -> list[Progress]:
    """Return the unit's own targets in force, with what is reached and forecast, and who stands behind it."""
    made = progress_of(board, targets_of(board.frame))
    unit = board.frame.unit
    if not made or (unit is not None and unit.level == Level.COMMUNE):
        return made
    confirmed = confirmed_words(board.figures["communes_confirmed"])
    return [replace(one, confirmed=confirmed) for one in made]


def progress_of(board: Board, targets: Iterable[Target]) -> list[Progress]:
    """Return how far these targets of the board's unit are."""
    targets = list(targets)
    prefetch_related_objects(targets, "steps")
    board.count_also_on(pace_day(board.frame, target) for target in targets)
    founds = {target: counted(board, target) for target in targets}
    forecasts = Past(board).forecasts(founds)
    made = []
    for target, found in founds.items():
        words = HamletWords() if target.title else board.words
        said = {"label": label_of(target, words), "explanation": explanation_of(target, words)}
        forecast = forecasts.get(target)
        made.append(Progress(target, board.frame, found=found, forecast=forecast, path=target.path, **said))
    return made


def progress_below(board: Board, targets: Iterable[Target], words: HamletWords) -> list[Progress]:
    """Return how far targets of units below are, from the counts of the board; without a forecast."""
    groups: dict[tuple, dict] = {}
    made = []
    for target in targets:
        measure = target.figure, target.title_id
        if measure not in groups:
            groups[measure] = counted_below(board, target)
        found = groups[measure].get(target.unit_id) or nothing_counted(target)
        began, last = began_on(board.frame, target), target.unit.closed_on
        is_founded = began is None or began <= board.frame.day
        if not is_founded or (last and last < board.frame.day):
            found = replace(found, is_known=False)
        frame = replace(board.frame, unit=target.unit)
        made.append(Progress(target, frame, label_of(target, words), found, is_founded, path=target.path))
    return made
