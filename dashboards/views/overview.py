"""The overview of a unit as of a day, and the list behind each of its numbers."""

import re

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.basis import Basis, basis_context, frame_of, kept_query, narrowed_url
from dashboards.exports import Asked, Export, exported, numbered
from dashboards.figure_exports import columns_of, rows_of
from dashboards.figures.board import Board
from dashboards.figures.definitions import DEFINITIONS, TARGET_LABELS
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.lists import FigureList, Part, figure_list, hamlets_of, has_years
from dashboards.list_exports import number_column
from dashboards.overview import (
    OverviewTable,
    basis_of_board,
    figure_tile,
    levels_by_child,
    levels_of_unit,
    levels_over_years,
    table_of_levels,
    titles_over_years,
    unit_url,
    unplaced_url,
)
from dashboards.whereabouts import past_of
from evaluations.models import Target
from sheets.text import lower_first

_YEAR = re.compile(r"(19|20)[0-9]{2}")
ROWS_PER_PAGE = 50
LEVEL_TILES = ("rated", "level_excellent", "level_good", "level_completed", "level_not_completed")
TILES = (
    "merged_role",
    "merged_cells",
    "member_heads",
    "front_merged",
    "vacant_secretaries",
    "vacant_heads",
    "congress_held",
    "head_elected",
    "hamlets_with_officer",
    "communes_with_officer",
    "communes_confirmed",
    "excellent_streak",
    "posts_saved",
    "cells",
    "members",
    "households",
)


@require_safe
def overview(request):
    """The country, for those who see it all; everybody else is led to their own unit."""
    scope = scope_of(request.user)
    if scope.everywhere:
        return _overview_page(request, None)
    own = Unit.objects.visible_to(request.user).filter(pk__in=scope.units).exclude(level="hamlet")
    first = own.order_by("closed_on", "sort_key").first()
    if first is None:
        raise Http404
    return redirect(reverse("dashboards:overview_unit", args=[first.pk]) + kept_query(request))


@require_safe
def overview_unit(request, pk):
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    if unit.level == "hamlet":
        return redirect(unit)
    return _overview_page(request, unit)


def _overview_page(request, unit: Unit | None):
    frame = frame_of(request, unit)
    context = {"frame": frame, "unit": unit, **past_of(frame)}
    if frame.exists:
        board = Board(frame)
        basis = basis_of_board(board)
        children = list(frame.children()) if frame.child_level else []
        figures = board.figures
        context |= {
            "board": board,
            "tiles": [figure_tile(figures[code]) for code in TILES if code in figures],
            "level_tiles": [figure_tile(figures[code]) for code in LEVEL_TILES if code in figures],
            "level_bar": levels_of_unit(board),
            "target_tiles": [figure_tile(figure) for figure in board.target_figures],
            "table": OverviewTable(board, children),
            "hamlets": hamlets_of(frame) if frame.child_level is None else None,
            "level_chart": levels_by_child(board, children),
            "trend_chart": levels_over_years(board),
            "trend_rows": table_of_levels(board),
            "lists": _lists(frame, board.words),
            "title_charts": titles_over_years(board),
            "level_basis": basis_of_board(board, "rated"),
            "title_basis": basis_of_board(board, "titles"),
            "is_empty": not (board.hamlets or board.cells or board.ratings),
        }
    else:
        basis = Basis(frame)
        context["then_url"] = _then_url(frame)
    context |= _surroundings(request, basis)
    return render(request, "dashboards/overview.html", context)


def _lists(frame: Frame, words) -> list[tuple[str, str]]:
    names = {
        "hamlet_list": words.hamlet,
        "cell_list": _("Party cells"),
        "person_list": _("Secretaries, %(heads)s") % {"heads": words.head},
    }
    if frame.child_level is not None:
        names["commune_list"] = _("Communes")
    return [(lower_first(label), narrowed_url(name, frame)) for name, label in names.items()]


def _then_url(frame: Frame) -> str:
    """Return where a unit that stands no more is shown as it was on the day; nothing where it did not stand."""
    if frame.borders != Borders.NOW or frame.period is None:
        return ""
    return unit_url(Frame(frame.unit, frame.day), frame.unit.pk)


@require_safe
def figure_rows(request, code, pk=None):
    """The rows a number counts, the rows it is counted of, or those left."""
    found, match = _figure_list(request, code, pk), request.resolver_match
    page = Paginator(found.rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "list": found,
        "page": page,
        "records": found.records(page.object_list),
        "parts": [
            (part, part.label, part == found.part)
            for part in Part
            if part != Part.UNPLACED or part == found.part
        ],
        "export_url": reverse(f"exporting:{match.url_name}", kwargs=match.kwargs),
        **_surroundings(request, _basis_of_list(found), last=(str(found.label), "")),
    }
    return render(request, "dashboards/figure_rows.html", context)


@exported
def figure_export(asked: Asked, code: str, pk: int | None = None) -> Export:
    """Describe the same rows as a file, with day, borders and definition in it."""
    found = _figure_list(asked, code, pk)
    return Export(
        title=f"{found.label} – {Part(found.part).label} – {_name(found.frame)}",
        columns=[number_column(), *columns_of(found)],
        rows=numbered(rows_of(found)),
        count=found.rows.count(),
        basis=_basis_of_list(found),
        filters=str(found.explanation),
    )


def _basis_of_list(found: FigureList) -> Basis:
    if found.frame.borders != Borders.NOW:
        return Basis(found.frame)
    return Basis.of_rows(
        found.frame,
        found.left_out.count(),
        unplaced_url(found.frame, found.code, found.target, found.year),
    )


def _figure_list(request, code: str, pk: int | None) -> FigureList:
    if code not in DEFINITIONS and code not in TARGET_LABELS:
        raise Http404
    unit = None
    if pk is not None:
        unit = get_object_or_404(Unit.objects.visible_to(request.user).exclude(level="hamlet"), pk=pk)
    elif not scope_of(request.user).everywhere:
        raise Http404
    part = request.GET.get("phan", Part.COUNTED)
    if part not in Part.values:
        raise Http404
    target = None
    if code in TARGET_LABELS:
        targets = Target.objects.visible_to(request.user).select_related("title")
        key = request.GET.get("chi-tieu", "")
        target = get_object_or_404(targets, pk=int(key) if key.isdecimal() else 0)
    return figure_list(frame_of(request, unit), code, part, target, _year(request, code))


def _year(request, code: str) -> int | None:
    """Return the year the address asks for; a figure that has no years has no list of one."""
    text = request.GET.get("nam", "")
    if not text:
        return None
    if not has_years(code) or not _YEAR.fullmatch(text):
        raise Http404
    return int(text)


# --- what surrounds every page -----------------------------------------------------------


def _name(frame: Frame) -> str:
    if frame.unit is None:
        return _("The whole country")
    return frame.place.full_name if frame.place else frame.unit.full_name


def _surroundings(request, basis: Basis, last: tuple[str, str] | None = None) -> dict:
    frame = basis.frame
    return {
        "heading": _name(frame),
        "breadcrumbs": _breadcrumbs(request, frame) + ([last] if last else []),
        **basis_context(request, basis),
    }


def _breadcrumbs(request, frame: Frame) -> list[tuple[str, str]]:
    """The way down to the unit in the frame's borders; only units the reader may open are links."""
    everywhere = scope_of(request.user).everywhere
    crumbs = [(_("The whole country"), unit_url(frame, None) if everywhere else "")]
    if frame.unit is None:
        return crumbs
    place = frame.place
    if place is None:
        return [*crumbs, (frame.unit.full_name, "")]
    above = [unit for unit in (place.province, place.district, place.commune) if unit]
    periods = frame.map.visible_to(request.user).filter(unit__in=above)
    names = {period.unit_id: period.full_name for period in periods}
    return crumbs + [
        (names[unit.pk], unit_url(frame, unit.pk)) if unit.pk in names else (unit.full_name, "")
        for unit in above
    ]
