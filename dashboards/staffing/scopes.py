"""Which unit a page about seats is for: the one it names, the reader's own, or the country."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.basis import frame_of, kept_query
from dashboards.figures.frames import Frame


def own_unit(user) -> Unit | None:
    """Return the unit somebody works for: a province before its communes; hamlets have no board."""
    own = Unit.objects.visible_to(user).filter(pk__in=scope_of(user).units).exclude(level="hamlet")
    return own.order_by("closed_on", "sort_key", "pk").first()


def to_own_unit(request, name: str):
    """Lead to the page of the reader's own unit."""
    unit = own_unit(request.user)
    if unit is None:
        raise Http404
    return redirect(reverse(name, args=[unit.pk]) + kept_query(request))


def frame_for(asked, pk: int | None) -> Frame:
    """Return the frame of the unit, as of the day the address asks for; the country is for who sees it all."""
    if pk is None:
        if not scope_of(asked.user).everywhere:
            raise Http404
        return frame_of(asked)
    units = Unit.objects.visible_to(asked.user).exclude(level="hamlet").select_related("province")
    return frame_of(asked, get_object_or_404(units, pk=pk))
