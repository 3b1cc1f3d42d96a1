"""The overview of a unit as of a day, and the list behind each of its numbers."""

import re
from collections.abc import Sequence
from dataclasses import replace

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.asked import number_in
from cells.kinds import Level
from cells.models import Unit, UnitPeriod
from cells.models.grants import scope_of
from dashboards.basis import Basis, basis_context, frame_of, kept_query, narrowed_url
from dashboards.citing.asked import COMMUNE, ROW, quote_url, report_url
from dashboards.exports import Asked, Export, exported, numbered
from dashboards.figure_exports import columns_of, people_of, rows_of
from dashboards.figures.definitions import DEFINITIONS, TARGET_LABELS
from dashboards.figures.frames import Borders, Frame, with_places
from dashboards.figures.lists import FigureList, Part, commune_today, figure_list, has_years
from dashboards.list_exports import number_column
from dashboards.onepage.addresses import SHEET_KINDS, export_url, sheet_url
from dashboards.overview import unit_url, unplaced_url
from dashboards.overview_page import OverviewPage
from dashboards.tiles import ROLES, chosen_for, known
from dashboards.whereabouts import past_of
from evaluations.models import Target
from sheets.text import lower_first

_YEAR = re.compile(r"(19|20)[0-9]{2}")
ROWS_PER_PAGE = 50


@require_safe
def overview(request):
    """The country, for those who see it all; everybody else is led to their own unit."""
    scope = scope_of(request.user)
    if scope.everywhere:
        return _overview_page(request, frame_of(request), ())
    own = Unit.objects.visible_to(request.user).filter(pk__in=scope.units).exclude(level="hamlet")
    first = own.order_by("closed_on", "sort_key").first()
    if first is None:
        raise Http404
    return redirect(reverse("dashboards:overview_unit", args=[first.pk]) + kept_query(request))


@require_safe
def overview_unit(request, pk):
    frame, chosen = opened(request, pk)
    if frame.unit.level == Level.HAMLET:
        return redirect(frame.unit)
    return _overview_page(request, frame, chosen)


def opened(request, pk: int) -> tuple[Frame, list[str]]:
    """Return the frame of a unit the reader sees, and which figures the province has chosen for the reader's role.

    Where the unit stood on the day one query brings it together with what it was then.
    """
    asked = frame_of(request)
    periods = with_places(UnitPeriod.objects.visible_to(request.user).on(asked.day), asked.day)
    period = periods.annotate(chosen=chosen_for(request.user, "unit__province")).filter(unit=pk).first()
    if period is None:
        units = Unit.objects.visible_to(request.user).select_related("province", "commune")
        unit = get_object_or_404(units.annotate(chosen=chosen_for(request.user, "province")), pk=pk)
        return replace(asked, unit=unit), known(unit.chosen)
    return Frame.of_period(period, asked.day, request.user, asked.borders), known(period.chosen)


def _overview_page(request, frame: Frame, chosen: Sequence[str]):
    context = {"frame": frame, "unit": frame.unit, **past_of(frame)}
    if frame.exists:
        page = OverviewPage(frame, chosen, map_of=request.GET.get("ban-do", ""))
        basis = page.basis
        context |= page.context | {"lists": _lists(frame, page.board.words), **_acts(request, frame)}
    else:
        basis = Basis(frame)
        context["then_url"] = _then_url(frame)
    context |= _surroundings(request, basis)
    return render(request, "dashboards/overview.html", context)


def _acts(request, frame: Frame) -> dict:
    """Return what may be done with the figures of the page: quoted, taken out, arranged."""
    unit = frame.unit
    may_arrange = request.user.has_perm("dashboards.change_tiles") and unit and unit.level == Level.PROVINCE
    role = request.user.role if request.user.role in ROLES else ROLES[0]
    return {
        "quote_url": quote_url(frame) if request.user.has_perm("dashboards.add_quote") else "",
        "sheet_urls": {kind: sheet_url(frame, kind) for kind in SHEET_KINDS},
        "export_url": export_url(frame),
        "arrange_url": reverse("figures:tiles", args=[unit.pk, role]) if may_arrange else "",
    }


def _lists(frame: Frame, words) -> list[tuple[str, str]]:
    names = {
        "hamlet_list": words.hamlet,
        "cell_list": _("Party cells"),
        "person_list": _("Secretaries, %(heads)s") % {"heads": words.head},
    }
    if frame.child_level is not None:
        names["commune_list"] = _("Communes")
    lists = [(lower_first(label), narrowed_url(name, frame)) for name, label in names.items()]
    return [*lists, (lower_first(_("Good practice")), reverse("dashboards:practice_list"))]


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
    records = found.records(page.object_list)
    context = {
        "list": found,
        "page": page,
        "records": records,
        **_cited(request, found, page, records),
        "parts": [
            (part, part.label, part == found.part)
            for part in Part
            if part != Part.UNPLACED or part == found.part
        ],
        "export_url": reverse(f"exporting:{match.url_name}", kwargs=match.kwargs),
        **_surroundings(request, _basis_of_list(found), last=(str(found.label), "")),
    }
    return render(request, "dashboards/figure_rows.html", context)


def _cited(request, found: FigureList, page, records: list[dict]) -> dict:
    """Return where the figure of the list is quoted and reported, and put on each row where it is."""
    key = f"{found.code}:{found.target.pk}" if found.target else found.code
    # A figure that counts nothing has no rows to doubt; that of an earlier year is not the figure of the day.
    if not records or not request.user.has_perm("dashboards.add_figurereport"):
        return {}
    for row, record in zip(page.object_list, records, strict=True):
        name = record[found.columns[0].key]
        said = f"{name}, {found.year}" if found.year else name
        record["report_url"] = report_url(found.frame, key, **{COMMUNE: commune_today(row) or "", ROW: said})
    return {
        "report_url": report_url(found.frame, key),
        "quote_url": "" if found.year else quote_url(found.frame),
        "quote_key": key,
    }


@exported
def figure_export(asked: Asked, code: str, pk: int | None = None) -> Export:
    """Describe the same rows as a file, with day, borders and definition in it."""
    found = _figure_list(asked, code, pk)
    return Export(
        title=f"{found.label} – {Part(found.part).label} – {found.frame.unit_name}",
        columns=[number_column(), *columns_of(found)],
        rows=numbered(rows_of(found)),
        count=found.rows.count(),
        basis=_basis_of_list(found),
        filters=str(found.explanation),
        people=people_of(found),
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
        target = get_object_or_404(targets, pk=number_in(request, "chi-tieu"))
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


def _surroundings(request, basis: Basis, last: tuple[str, str] | None = None) -> dict:
    frame = basis.frame
    return {
        "heading": frame.unit_name,
        "breadcrumbs": _breadcrumbs(request, frame) + ([last] if last else []),
        **basis_context(request, basis),
    }


def _breadcrumbs(request, frame: Frame) -> list[tuple[str, str]]:
    """The way down to the unit in the frame's borders; only units the reader may open are links."""
    everywhere = scope_of(request.user).everywhere
    crumbs = [(_("The whole country"), unit_url(frame, None) if everywhere else "")]
    if frame.unit is None:
        return crumbs
    above = _down_to(frame)
    if not above:
        return [*crumbs, (frame.unit.full_name, "")]
    # The unit itself is known already: only of what stands above it the names of the day are asked.
    others = [unit.pk for unit in above if unit.pk != frame.unit.pk]
    periods = frame.map.visible_to(request.user).filter(unit__in=others)
    names = {frame.unit.pk: frame.unit_name} | {period.unit_id: period.full_name for period in periods}
    return crumbs + [
        (names[unit.pk], unit_url(frame, unit.pk)) if unit.pk in names else (unit.full_name, "")
        for unit in above
    ]


def _down_to(frame: Frame) -> list[Unit]:
    """Return the units from the province down to the frame's own, in its borders; nothing where it does not stand."""
    if not frame.exists:
        return []
    if frame.borders == Borders.NOW:
        steps = [frame.unit.province, frame.unit.commune]
    else:
        steps = [frame.period.province, frame.period.district, frame.period.commune]
    return list(dict.fromkeys(unit for unit in steps if unit))
