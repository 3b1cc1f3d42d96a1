"""Figures said to be wrong, on the first pages: what waits for an answer, and what was answered."""

from django.urls import reverse
from django.utils.translation import gettext as _

from cells.kinds import Level
from cells.models import Unit
from dashboards.citing.reports import lately_answered, waiting
from dashboards.home.attention import Count
from dashboards.models import FigureReport


def reports_to_answer(user, unit: Unit | None) -> list[Count]:
    """Return what waits for an answer by whoever keeps the unit; a province also reads what its communes owe."""
    if not user.has_perm("dashboards.change_figurereport"):
        return []
    counted, url = waiting(user, unit), reverse("figures:reports")
    found = [Count(_("figures are said to be wrong and wait for your answer"), counted["own"], url)]
    if unit is None or unit.level == Level.PROVINCE:
        found.append(
            Count(
                _("figures are said to be wrong and wait for an answer of a commune"), counted["below"], url
            )
        )
    return [one for one in found if one.count]


def reports_to_read(user) -> list[FigureReport]:
    """Return the answers the reader got of late."""
    return lately_answered(user)
