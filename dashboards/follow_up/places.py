"""Which unit and day a board or a list of follow-up is about."""

from dataclasses import replace

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.asked import number_in
from cells.kinds import Level
from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.basis import frame_of
from dashboards.figures.frames import PLACES_THEN, Borders, Frame
from leaders.models import Assignment

# The word of the address that names the unit.
PLACE = "noi"


def frame_for(asked) -> Frame:
    """Return the frame of a page: the unit the address names, or the first one of somebody's own.

    Who follows what is told in the borders of the day alone: nobody follows by a map that did not hold yet.
    """
    return replace(frame_of(asked, unit_for(asked)), borders=Borders.THEN)


def unit_for(asked) -> Unit:
    units = Unit.objects.visible_to(asked.user).exclude(level=Level.HAMLET)
    if asked.GET.get(PLACE):
        return get_object_or_404(units, pk=number_in(asked, PLACE))
    scope = scope_of(asked.user)
    own = units.filter(pk__in=scope.provinces | scope.communes)
    if scope.everywhere:
        # Whoever sees the country begins where somebody follows something.
        followed = Assignment.objects.order_by("-pk").values("unit__province")[:1]
        own = units.filter(level=Level.PROVINCE, closed_on__isnull=True)
        unit = own.filter(pk__in=list(followed.values_list("unit__province", flat=True))).first()
        unit = unit or own.order_by("sort_key", "pk").first()
    else:
        # A province before its communes.
        unit = own.order_by("-level", "sort_key", "pk").first()
    if unit is None:
        raise Http404
    return unit


def units_to_choose(user):
    """Return the provinces and communes somebody may look at; of the whole country, its provinces."""
    scope = scope_of(user)
    units = Unit.objects.visible_to(user).standing()
    if scope.everywhere:
        return units.filter(level=Level.PROVINCE).order_by("sort_key", "pk")
    units = units.filter(level__in=[Level.PROVINCE, Level.COMMUNE])
    return units.order_by("-level", "sort_key", "pk")


def standing_in(frame: Frame, level: str):
    """Return the periods of the frame's day of the units of a level that stand in its unit."""
    rows = frame.visible(frame.map.at_level(level))
    return frame.within(rows, PLACES_THEN)
