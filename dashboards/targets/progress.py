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
from dashboards.figures.figure import Figure
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.lists import Part
from dashboards.overview import confirmed_words, list_url
from dashboards.targets.measures import (
    TITLE,
    Counted,
    as_figures,
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
    year_end,
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

    def done_on(self, target: Target, day: date) -> Counted:
        """Return what was counted towards the target on an earlier day."""
        if target.figure == TITLE and day == year_end(day.year):
            held = self.board.titles_held_at_end_of(day.year, target.title_id)
            if held is not None:
                return Counted(held)
        # The board counts the merged role at the end of each of the last years anyhow.
        merged = self.board.merged_years.merged_on(day) if target.figure == MERGED_ROLE else None
        if merged is not None:
            return Counted(merged)
        if day not in self._boards:
            self._boards[day] = Board(self.board.frame.whole_on(day))
        return counted(self._boards[day], target)

    def forecast(self, target: Target, found: Counted) -> Forecast | None:
        """Return what the pace of the last years makes of the deadline; None where nothing is to be forecast."""
        frame = self.board.frame
        if not found.is_known or not target.lacks(found.done, target.goal):
            return None
        # In today's borders the rows are placed where a unit of today stands, also of the years before it.
        began = getattr(target, "unit_began", None) if frame.borders == Borders.THEN else None
        before_term = target.starts_on - ONE_DAY if target.starts_on else None
        since = pace_begins(frame.day, before_term, began)
        forecast = Forecast(since, frame.day, 0, found.done, target.due_on, found.whole)
        if not forecast.is_possible:
            return None
        before = self.done_on(target, since)
        return replace(forecast, before=before.done) if before.is_known else None


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
    past = Past(board)
    made = []
    for target in targets:
        found = counted(board, target)
        words = HamletWords() if target.title else board.words
        label = label_of(target, words)
        forecast, said = past.forecast(target, found), explanation_of(target, words)
        made.append(Progress(target, board.frame, label, found, forecast, target.path, said))
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
        if target.unit.closed_on and target.unit.closed_on < board.frame.day:
            found = replace(found, is_known=False)
        frame = replace(board.frame, unit=target.unit)
        made.append(Progress(target, frame, label_of(target, words), found, path=target.path))
    return made
