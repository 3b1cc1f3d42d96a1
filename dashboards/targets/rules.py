"""What must be true of a target as it is set, whichever door it comes in by: its page, or a workbook."""

import re
from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from dashboards.targets.measures import has_base
from dashboards.targets.pace import even_path, falling_path, year_end
from evaluations.models import Target
from sheets.numbers import format_count

MOST = 2_000_000_000
_LONGEST_TERM = 15
_YEAR = re.compile("[0-9]{4}")


def term_years(term: str) -> tuple[int, int] | None:
    """Return first and last year of a term such as 2020-2025; None for anything else."""
    first, _dash, last = term.strip().replace("–", "-").partition("-")
    # Asked for as it was typed, before any check: "²" is a digit as well, and a number may be endless.
    if not (_YEAR.fullmatch(first.strip()) and _YEAR.fullmatch(last.strip())):
        return None
    years = int(first), int(last)
    return years if 1930 <= years[0] < years[1] <= min(years[0] + _LONGEST_TERM, 2100) else None


def no_term_words() -> str:
    return _("A term is two years of four digits, for example 2020-2025.")


def faults_of(target: Target) -> dict[str, str]:
    """Return what is wrong with goal, base and deadline, each by its field; what is not filled in is no fault."""
    faults = {}
    if target.goal == 0 and not target.falls:
        faults["goal"] = _("The goal is at least 1.")
    if target.base and not has_base(target.figure):
        faults["base"] = _("This figure is not counted of a number. Leave the base empty.")
    elif target.base is not None and target.goal is not None and target.base < target.goal:
        faults["base"] = _("The goal is larger than its base.")
    first, last = _days_of_term(target)
    if target.deadline and not first <= target.deadline <= last:
        faults["deadline"] = _("The deadline lies outside the term %(term)s.") % {"term": target.term}
    return faults


def _days_of_term(target: Target) -> tuple[date, date]:
    years = term_years(target.term or "")
    first, last = (date(years[0], 1, 1), year_end(years[1])) if years else (date.min, date.max)
    return target.starts_on or first, target.ends_on or last


def years_of(target: Target) -> range:
    """Return the years that the path of a target may have: from the first of its term to that of its deadline."""
    first, last = _days_of_term(target)
    return range(first.year, min(target.deadline or last, last).year + 1)


def steps_to_goal(target: Target, years: range, start: int) -> dict[int, int]:
    """Return a path in equal steps from what was counted before the years to the goal."""
    return (falling_path if target.falls else even_path)(years, target.goal, start)


def path_faults(target: Target, path: Mapping[int, int]) -> dict[int, str]:
    """Return what is wrong with a path, by year: it goes one way, within the term, and ends at the goal."""
    faults, steps = {}, sorted(path.items())
    for (_before, planned_before), (year, planned) in zip(steps, steps[1:], strict=False):
        if target.lacks(planned, planned_before):
            faults[year] = _turned_words(target) % {"year": year}
    for year in path.keys() - set(years_of(target)):
        faults[year] = _("%(year)s lies outside the term %(term)s or after the deadline.") % {
            "year": year,
            "term": target.term,
        }
    if steps and steps[-1][1] != target.goal:
        year, planned = steps[-1]
        faults[year] = _(
            "The path ends with %(planned)s, the goal is %(goal)s. Correct the last year or divide anew."
        ) % {"planned": format_count(planned), "goal": target.goal_words}
    return faults


def _turned_words(target: Target) -> str:
    if target.falls:
        return _("%(year)s has more than the year before. The path of what should be fewer does not rise.")
    return _("%(year)s has fewer than the year before. A path does not fall.")
