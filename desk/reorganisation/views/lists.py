"""Reorganisations that somebody may see: the list, and the page of one event."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cells.models import Line, Reorganisation


@require_safe
@permission_required("cells.view_reorganisation", raise_exception=True)
def event(request, pk):
    events = Reorganisation.objects.visible_to(request.user).select_related("unit", "decision")
    found = get_object_or_404(events, pk=pk)
    lines = Line.objects.filter(reorganisation=found).with_everything()
    return render(request, "reorganisations/event.html", {"event": found, "lines": lines})
