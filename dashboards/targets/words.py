"""How far a target is, in words: of what should grow, and of what there should be fewer of."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

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
    NOT_FOUNDED = "chua-lap", gettext_lazy("not founded yet on this day")


@dataclass(frozen=True)
class Sentences:
    """What is said differently of targets that should grow and of those that should fall."""

    counted: str
    of_goal: str
    of_base: str
    of_the_base: str
    to_go: str
    still_needed: str
    each_year: str
    short: str
    next: str


GROWING = Sentences(
    counted=gettext_lazy("Reached"),
    of_goal=gettext_lazy("Done, of the goal"),
    of_base=gettext_lazy("Done, of the base as resolved"),
    of_the_base=gettext_lazy(
        "Of the base: done %(done)s (%(percent)s), asked for %(asked)s (%(asked_percent)s)"
    ),
    to_go=gettext_lazy("%(count)s to go"),
    still_needed=gettext_lazy("Still needed"),
    each_year=gettext_lazy("each year needs %(count)s"),
    short=gettext_lazy("%(count)s short of the goal"),
    next=gettext_lazy("%(count)s planned by %(day)s: %(left)s to go"),
)
FALLING = Sentences(
    counted=gettext_lazy("Still there"),
    of_goal=gettext_lazy("Still there"),
    of_base=gettext_lazy("Still there, of the base as resolved"),
    of_the_base=gettext_lazy(
        "Of the base: %(done)s left (%(percent)s), at most %(asked)s (%(asked_percent)s) asked for"
    ),
    to_go=gettext_lazy("%(count)s too many still"),
    still_needed=gettext_lazy("Too many still"),
    each_year=gettext_lazy("each year %(count)s fewer"),
    short=gettext_lazy("%(count)s over the goal"),
    next=gettext_lazy("%(count)s planned by %(day)s: %(left)s too many still"),
)


class ProgressWords:
    """The sentences of a target's page and tile; what they tell is worked out by Progress."""

    @property
    def sentences(self) -> Sentences:
        return FALLING if self.target.falls else GROWING

    @property
    def standing_words(self) -> str:
        if self.target.falls and self.standing in (Standing.PASSED, Standing.REACHED):
            return self._fallen_words
        if self.standing == Standing.PASSED:
            return _("goal passed by %(count)s") % {"count": format_count(self.passed_by)}
        return str(self.standing.label)

    @property
    def _fallen_words(self) -> str:
        if self.standing == Standing.PASSED:
            said = _("goal passed: %(done)s left, %(goal)s asked for")
            return said % {"done": format_count(self.done), "goal": self.target.goal_words}
        return _("goal reached: %(goal)s") % {"goal": self.target.goal_words}

    @property
    def needed_words(self) -> str:
        """Say how many are to go, and how many in each year that is left; empty where the goal is reached."""
        if not self.still_needed or not self.found.is_known:
            return ""
        said, count = self.sentences, {"count": format_count(self.still_needed)}
        if self.is_due:
            return said.short % count
        to_go = said.to_go % count
        if self.needed_per_year is None:
            until = _("by %(day)s") % {"day": f"{self.target.due_on:%d/%m/%Y}"}
            return f"{to_go}, {until}"
        return f"{to_go}, {self.each_year_words}"

    @property
    def each_year_words(self) -> str:
        """Say how many each year needs, and which years these are; empty where none is left."""
        if self.needed_per_year is None:
            return ""
        each = self.sentences.each_year % {"count": format_count(self.needed_per_year)}
        return f"{each} ({self.years_words})"

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
    def of_base_words(self) -> str:
        """Say how many of the base are done and how many are asked for; empty where the resolution names none."""
        if not self.of_base:
            return ""
        return self.sentences.of_the_base % {
            "done": self.of_base.fraction,
            "percent": self.percent_of_base,
            "asked": self.goal_of_base.fraction,
            "asked_percent": self.percent_asked,
        }

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
            "count": self.target.planned_words(self.milestone.planned),
            "day": f"{self.milestone.until:%d/%m/%Y}",
        }
        return f"{planned}: {signed_words(self.done - self.milestone.planned)}"

    @property
    def next_words(self) -> str:
        following = self.next_milestone
        if following is None or not self.still_needed or not self.found.is_known:
            return ""
        return self.sentences.next % {
            "count": self.target.planned_words(following.planned),
            "day": f"{following.until:%d/%m/%Y}",
            "left": format_count(self.target.lacks(self.done, following.planned)),
        }

    @property
    def forecast_words(self) -> str:
        """The forecast in short, named as one; empty for a target that is reached or cannot be forecast."""
        if self.forecast is None:
            return ""
        reached = self.forecast.reached
        short = self.target.lacks(reached, self.target.goal)
        verdict = self.sentences.short % {"count": format_count(short)} if short else _("enough")
        return _("Forecast by %(day)s: %(count)s, %(verdict)s") % {
            "day": f"{self.forecast.due_on:%d/%m/%Y}",
            "count": format_count(reached),
            "verdict": verdict,
        }

    @property
    def forecast_difference_words(self) -> str:
        """How far the forecast lies beyond, or behind, the goal."""
        return signed_words(self.forecast.reached - self.target.goal) if self.forecast else ""

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
            "pace": _pace_words(said.tenths_per_year),
            "due": f"{said.due_on:%d/%m/%Y}",
        }

    @property
    def percent_of_goal(self) -> str:
        """How much of the goal is done; of what should be fewer nothing is done, it is so many."""
        if self.target.falls:
            return ""
        return format_percent(self.done, self.target.goal) if self.found.is_known else "–"

    @property
    def done_words(self) -> str:
        """What is done as one number is read: "28/59 (47,5%)", or "8 (goal: at most 5)"."""
        if self.target.falls:
            said = _("%(count)s (goal: %(goal)s)")
            return said % {"count": format_count(self.done), "goal": self.target.goal_words}
        return f"{self.of_goal.fraction} ({self.percent_of_goal})"

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
        said = f"{self.label}: {self.done_words}, {self.standing_words}"
        of_base = f"{self.of_base.fraction} ({self.percent_of_base})" if self.of_base else ""
        return "; ".join(filter(None, [said, of_base, self.needed_words, self.forecast_words]))


def _pace_words(tenths: int) -> str:
    if not tenths:
        return _("steady")
    count = {"count": format_decimal(Decimal(abs(tenths)) / 10)}
    return _("up %(count)s") % count if tenths > 0 else _("down %(count)s") % count


def _years(years: range) -> str:
    return ", ".join(map(str, years)) if len(years) <= 3 else f"{years[0]}–{years[-1]}"


def signed_words(difference: int) -> str:
    """Say how far what is done is beyond, or behind, what was planned."""
    if not difference:
        return _("exactly that")
    if difference > 0:
        return _("%(count)s more") % {"count": format_count(difference)}
    return _("%(count)s fewer") % {"count": format_count(-difference)}
