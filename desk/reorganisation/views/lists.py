"""Reorganisations that somebody may see: the list, and the page of one event."""

from itertools import groupby

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cells.models import CELL_KINDS, Cell, Line, Reorganisation, Unit
from cells.models.grants import scope_of
from desk.reorganisation.drafting.seats import chosen_leaders
from desk.reorganisation.events import PROPOSES, may_apply, may_draft, sees_all_of
from desk.reorganisation.forms.filters import EventFilter
from desk.reorganisation.forms.lines import FOR_COMMUNES, TITLES
from desk.reorganisation.timeline import moments
from desk.reorganisation.views.access import reads
from desk.reorganisation.wording import Then, in_words, paper

EVENTS_ON_A_PAGE = 50
LINES_ON_A_PAGE = 100


@require_safe
@reads
def event_list(request):
    narrowed = EventFilter(request.GET, user=request.user)
    scope = scope_of(request.user, keeping=True)
    context = {
        "filter": narrowed,
        "page": Paginator(narrowed.rows(), EVENTS_ON_A_PAGE).get_page(request.GET.get("page")),
        "states": narrowed.states(),
        "may_begin": may_apply(request.user) and bool(scope.everywhere or scope.provinces),
        "may_propose": request.user.has_perm(PROPOSES) and bool(scope.communes),
    }
    return render(request, "reorganisations/event_list.html", context)


@require_safe
@reads
def event(request, pk):
    events = Reorganisation.objects.visible_to(request.user).select_related("unit", "decision")
    found = get_object_or_404(events, pk=pk)
    lines = Line.objects.filter(reorganisation=found).with_everything().by_day()
    if not (tells_all := sees_all_of(request.user, found)):
        lines = lines.exclude(kind__in=CELL_KINDS)
    page = Paginator(lines, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "event": found,
        "page": page,
        "days": _by_day(list(page.object_list), found, request.user, tells_all=tells_all),
        "may_rehearse": tells_all,
        "may_draft": may_draft(request.user, found),
        "may_apply": may_apply(request.user),
        "moments": moments(found),
    }
    if context["may_draft"]:
        context["kinds"] = kinds_offered(found)
    return render(request, "reorganisations/event.html", context)


def _by_day(lines: list[Line], event: Reorganisation, user, *, tells_all: bool) -> list[tuple]:
    """Return (day, lines) with each line in words, and what it changed where the user may see that."""
    then, readable = Then.of(lines), _readable(lines, user)
    leaders = chosen_leaders(event, lines) if tells_all else {}
    for line in lines:
        line.words = in_words(line, then)
        line.paper = paper(line.decision) if line.decision else ""
        line.leader = leaders.get(line.pk, "")
        line.leads_to = readable.get((line.unit_id, line.cell_id)) if line.is_applied else None
    return [(day, list(rows)) for day, rows in groupby(lines, key=lambda line: line.on)]


def _readable(lines: list[Line], user) -> dict[tuple, Unit | Cell]:
    """Return the units and cells of these lines that the user may open, by the line's two keys."""
    units = Unit.objects.visible_to(user).filter(pk__in={line.unit_id for line in lines} - {None})
    cells = Cell.objects.visible_to(user).filter(pk__in={line.cell_id for line in lines} - {None})
    return {(unit.pk, None): unit for unit in units} | {(None, cell.pk): cell for cell in cells}


def kinds_offered(event: Reorganisation) -> dict[str, list]:
    """Return the kinds of lines the event may get: (kind, title), units apart from cells."""
    kinds = FOR_COMMUNES if event.is_of_a_commune else TITLES
    return {
        "units": [(kind, TITLES[kind]) for kind in kinds if kind not in CELL_KINDS],
        "cells": [(kind, TITLES[kind]) for kind in kinds if kind in CELL_KINDS],
    }
