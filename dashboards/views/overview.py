"""The overview of a unit as of a day, and the list behind each of its numbers."""

from datetime import date, timedelta
from itertools import islice

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cells.kinds import Level
from cells.models import Succession, Unit, UnitPeriod
from cells.models.grants import scope_of
from dashboards.exports import xlsx_response
from dashboards.figures.board import Board
from dashboards.figures.definitions import DEFINITIONS, TARGET_LABELS
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.lists import FigureList, Part, figure_list, hamlets_of
from dashboards.overview import OverviewTable, figure_tile, levels_by_child, levels_of_unit, levels_over_years
from evaluations.models import Target

ROWS_PER_PAGE = 50
EXPORT_BATCH = 1000
BORDERS = {"thoi-diem": Borders.THEN, "hien-nay": Borders.NOW}
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
    return redirect(_with_query(reverse("dashboards:overview_unit", args=[first.pk]), request))


@require_safe
def overview_unit(request, pk):
    unit = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    if unit.level == "hamlet":
        return redirect(unit)
    return _overview_page(request, unit)


def _overview_page(request, unit: Unit | None):
    frame = _frame(request, unit)
    context = {"frame": frame, "unit": unit, **_surroundings(request, frame)}
    if frame.exists:
        board = Board(frame)
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
            "is_empty": not (board.hamlets or board.cells or board.ratings),
        }
    else:
        context["successions"] = Succession.objects.filter(predecessor=unit).select_related("successor")
        context["origins"] = Succession.objects.filter(successor=unit).select_related("predecessor")
        context["heirs"] = _heirs(unit, request.user)
    return render(request, "dashboards/overview.html", context)


def _heirs(district: Unit, user):
    """Return where the communes of a district that has ended are today; it has no successor of its own."""
    if district.level != Level.DISTRICT or district.closed_on is None:
        return Unit.objects.none()
    below = UnitPeriod.objects.on(district.closed_on).at_level(Level.COMMUNE).under(district).values("unit")
    whole = Unit.objects.filter(pk__in=below).values("commune")
    # What was divided has no one place today: each part is named.
    parts = Succession.objects.filter(predecessor__in=below, predecessor__commune=None).values("successor")
    heirs = Unit.objects.visible_to(user).filter(Q(pk__in=whole) | Q(pk__in=parts))
    return heirs.standing().order_by("sort_key", "pk")


@require_safe
def figure_rows(request, code, pk=None):
    """The rows a number counts, the rows it is counted of, or those left."""
    found = _figure_list(request, code, pk)
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
        "export_url": _export_url(request),
        **_surroundings(request, found.frame, last=(str(found.label), "")),
    }
    return render(request, "dashboards/figure_rows.html", context)


@require_safe
def figure_rows_export(request, code, pk=None):
    """The same rows as a workbook, with day, borders and definition in it; the export is logged."""
    found = _figure_list(request, code, pk)
    borders = str(Borders(found.frame.borders).label)
    return xlsx_response(
        user=request.user,
        title=f"{found.label} – {Part(found.part).label} – {_frame_name(found.frame)}",
        columns=found.columns,
        rows=_exported(found),
        day=found.frame.day,
        filters=f"{borders}. {found.explanation}",
    )


def _export_url(request) -> str:
    """The address of the same list as a workbook: same day, borders and part, all pages of it."""
    match = request.resolver_match
    query = request.GET.copy()
    query.pop("page", None)
    address = reverse(f"{match.view_name}_export", kwargs=match.kwargs)
    return f"{address}?{query.urlencode()}" if query else address


def _exported(found: FigureList):
    """Yield the rows in batches, so that a long list needs no more memory than a short one."""
    rows = found.rows.iterator(chunk_size=EXPORT_BATCH)
    while batch := list(islice(rows, EXPORT_BATCH)):
        yield from found.records(batch)


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
    return figure_list(_frame(request, unit), code, part, target)


# --- the frame of a request --------------------------------------------------------------


def _frame(request, unit: Unit | None) -> Frame:
    borders = BORDERS.get(request.GET.get("dia_gioi", ""), Borders.THEN)
    return Frame(unit, _day(request), request.user, borders)


def _day(request) -> date:
    """Return the day of the address; today, with a word about it, where that is no day."""
    today = timezone.localdate()
    text = request.GET.get("ngay", "")
    if not text:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        messages.warning(request, _('"%(text)s" is not a day. Shown as of today.') % {"text": text[:20]})
        return today
    if day > today:
        messages.warning(request, _("That day has not come yet. Shown as of today."))
        return today
    return day


def _frame_name(frame: Frame) -> str:
    if frame.unit is None:
        return _("The whole country")
    return frame.period.full_name if frame.period else frame.unit.full_name


def _surroundings(request, frame: Frame, last: tuple[str, str] | None = None) -> dict:
    today = timezone.localdate()
    return {
        "heading": _frame_name(frame),
        "breadcrumbs": _breadcrumbs(request, frame) + ([last] if last else []),
        "day": frame.day,
        "today": today,
        "last_year_end": date(today.year, 1, 1) - timedelta(days=1),
        "borders_label": Borders(frame.borders).label,
        "is_now": frame.borders == Borders.NOW,
    }


def _breadcrumbs(request, frame: Frame) -> list[tuple[str, str]]:
    """The way down to the unit as it was on the day; only units the reader may open are links."""
    everywhere = scope_of(request.user).everywhere
    crumbs = [(_("The whole country"), _address(request, None) if everywhere else "")]
    if frame.unit is None:
        return crumbs
    if frame.period is None:
        return [*crumbs, (frame.unit.full_name, "")]
    above = [unit for unit in (frame.period.province, frame.period.district, frame.period.commune) if unit]
    periods = UnitPeriod.objects.on(frame.day).visible_to(request.user).filter(unit__in=above)
    names = {period.unit_id: period.full_name for period in periods}
    return crumbs + [
        (names[unit.pk], _address(request, unit.pk)) if unit.pk in names else (unit.full_name, "")
        for unit in above
    ]


def _address(request, pk: int | None) -> str:
    address = reverse("dashboards:overview_unit", args=[pk]) if pk else reverse("dashboards:overview")
    return _with_query(address, request)


def _with_query(address: str, request) -> str:
    """Keep day and borders of the present address."""
    kept = request.GET.copy()
    for name in list(kept):
        if name not in ("ngay", "dia_gioi"):
            del kept[name]
    return f"{address}?{kept.urlencode()}" if kept else address
