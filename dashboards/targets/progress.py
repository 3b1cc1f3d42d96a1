"""How far a target is: everything its page and its tile say, as of a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import TextChoices, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboards.basis import frame_query
from dashboards.citing.asked import key_of, report_url
from dashboards.figures.board import Board
from dashboards.figures.figure import Figure
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.lists import Part
from dashboards.overview import list_url
from dashboards.targets.measures import (
    TITLE,
    Counted,
    as_figures,
    counted,
    counted_below,
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
from dashboards.wording import HamletWords
from evaluations.models import Target
from sheets.numbers import format_count, format_decimal, format_percent


class Standing(TextChoices):
    """Where a target stands against its goal, its path and its deadline."""

    PASSED = "vuot", gettext_lazy("goal passed")
    REACHED = "dat", gettext_lazy("goal reached")
    ON_PATH = "dung", gettext_lazy("on schedule")
    BEHIND = "cham", gettext_lazy("behind schedule")
    MISSED = "khong-dat", gettext_lazy("deadline over, goal not reached")
    OPEN = "chua-den", gettext_lazy("no milestone yet")
    WITHOUT_PATH = "khong-lo-trinh", gettext_lazy("no path planned")
    UNKNOWN = "chua-biet", gettext_lazy("not known")


@dataclass(frozen=True)
class Progress:
    """One target as of a day: what is done, what is still needed, and how it goes."""

    target: Target
    frame: Frame
    label: str
    found: Counted
    forecast: Forecast | None = None
    path: Mapping[int, int] = field(default_factory=dict)

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
        return max(self.target.goal - self.done, 0)

    @property
    def passed_by(self) -> int:
        return max(self.done - self.target.goal, 0)

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
        return Standing.ON_PATH if self.done >= self.milestone.planned else Standing.BEHIND

    @property
    def needs_attention(self) -> bool:
        return self.standing in (Standing.BEHIND, Standing.MISSED)

    # --- in words ---------------------------------------------------------------------------

    @property
    def standing_words(self) -> str:
        if self.standing == Standing.PASSED:
            return _("goal passed by %(count)s") % {"count": format_count(self.passed_by)}
        return str(self.standing.label)

    @property
    def needed_words(self) -> str:
        """Say how many are to go, and how many in each year that is left; empty where the goal is reached."""
        if not self.still_needed or not self.found.is_known:
            return ""
        to_go = _("%(count)s to go") % {"count": format_count(self.still_needed)}
        if self.is_due:
            return _("%(count)s short of the goal") % {"count": format_count(self.still_needed)}
        if self.needed_per_year is None:
            until = _("by %(day)s") % {"day": f"{self.target.due_on:%d/%m/%Y}"}
            return f"{to_go}, {until}"
        each = _("each year needs %(count)s") % {"count": format_count(self.needed_per_year)}
        return f"{to_go}, {each} ({self.years_words})"

    @property
    def years_words(self) -> str:
        """The years that are left: "3 years: 2023, 2024, 2025"."""
        years = self.years_left
        if not years:
            return ""
        sentence = ngettext("%(count)d year: %(years)s", "%(count)d years: %(years)s", len(years))
        return sentence % {"count": len(years), "years": _years(years)}

    @property
    def base_words(self) -> str:
        """Say what the base is by the resolution and by count, and how far these differ."""
        if self.target.base is None:
            return ""
        resolved = _("as resolved %(count)s") % {"count": format_count(self.target.base)}
        if self.found.whole is None:
            return resolved
        counted_now = _("as counted %(count)s") % {"count": format_count(self.found.whole)}
        return f"{resolved}, {counted_now} ({self.difference_words})"

    @property
    def difference_words(self) -> str:
        difference = self.base_difference
        if difference is None:
            return ""
        if not difference:
            return _("the same")
        if difference > 0:
            return _("%(count)s more") % {"count": format_count(difference)}
        return _("%(count)s fewer") % {"count": format_count(-difference)}

    @property
    def milestone_words(self) -> str:
        """Say what was planned by the latest milestone, and how far what is done differs from it."""
        if self.milestone is None or not self.found.is_known:
            return ""
        planned = _("%(count)s planned by %(day)s") % {
            "count": format_count(self.milestone.planned),
            "day": f"{self.milestone.until:%d/%m/%Y}",
        }
        return f"{planned}: {signed_words(self.done - self.milestone.planned)}"

    @property
    def next_words(self) -> str:
        following = self.next_milestone
        if following is None or not self.still_needed or not self.found.is_known:
            return ""
        return _("%(count)s planned by %(day)s: %(left)s to go") % {
            "count": format_count(following.planned),
            "day": f"{following.until:%d/%m/%Y}",
            "left": format_count(max(following.planned - self.done, 0)),
        }

    @property
    def forecast_words(self) -> str:
        """The forecast in short, named as one; empty for a target that is reached or cannot be forecast."""
        if self.forecast is None:
            return ""
        reached = self.forecast.reached
        short = self.target.goal - reached
        verdict = (
            _("enough") if short <= 0 else _("%(count)s short of the goal") % {"count": format_count(short)}
        )
        return _("Forecast by %(day)s: %(count)s, %(verdict)s") % {
            "day": f"{self.forecast.due_on:%d/%m/%Y}",
            "count": format_count(reached),
            "verdict": verdict,
        }

    @property
    def pace_words(self) -> str:
        """How the forecast is worked out."""
        if self.forecast is None:
            return ""
        said = self.forecast
        return _(
            "A forecast, no plan: from %(since)s to %(day)s it went from %(before)s to %(done)s, %(pace)s a year;"
            " at this pace until %(due)s, rounded."
        ) % {
            "since": f"{said.since:%d/%m/%Y}",
            "day": f"{said.day:%d/%m/%Y}",
            "before": format_count(said.before),
            "done": format_count(said.done),
            "pace": format_decimal(Decimal(said.tenths_per_year) / 10),
            "due": f"{said.due_on:%d/%m/%Y}",
        }

    @property
    def percent_of_goal(self) -> str:
        return format_percent(self.done, self.target.goal) if self.found.is_known else "–"

    @property
    def percent_of_base(self) -> str:
        return format_percent(self.done, self.target.base) if self.of_base and self.found.is_known else ""

    @property
    def percent_asked(self) -> str:
        return format_percent(self.target.goal, self.target.base) if self.target.base else ""

    @property
    def sentence(self) -> str:
        """All of it in one line, for paper and for being read aloud."""
        if not self.found.is_known:
            return f"{self.label}: {self.standing_words}"
        said = f"{self.label}: {self.of_goal.fraction} ({self.percent_of_goal}), {self.standing_words}"
        of_base = f"{self.of_base.fraction} ({self.percent_of_base})" if self.of_base else ""
        return "; ".join(filter(None, [said, of_base, self.needed_words, self.forecast_words]))

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
        """The rows that do not count yet; none for an amount."""
        return list_url(self.of_goal, Part.LEFT) if self.found.whole is not None else ""


def _years(years: range) -> str:
    return ", ".join(map(str, years)) if len(years) <= 3 else f"{years[0]}–{years[-1]}"


def signed_words(difference: int) -> str:
    """Say how far what is done is beyond, or behind, what was planned."""
    if not difference:
        return _("exactly that")
    if difference > 0:
        return _("%(count)s more") % {"count": format_count(difference)}
    return _("%(count)s fewer") % {"count": format_count(-difference)}


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
        if day not in self._boards:
            self._boards[day] = Board(replace(self.board.frame, day=day))
        return counted(self._boards[day], target)

    def forecast(self, target: Target, found: Counted) -> Forecast | None:
        """Return what the pace of the last years makes of the deadline; None where nothing is to be forecast."""
        frame = self.board.frame
        if not found.is_known or found.done >= target.goal:
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
    """Return the unit's own targets in force, with what is reached and forecast."""
    return progress_of(board, targets_of(board.frame))


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
        made.append(Progress(target, board.frame, label, found, past.forecast(target, found), target.path))
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
