"""The list of targets of a unit, the page of one target as of a day."""

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cells.kinds import Level
from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.basis import Basis, basis_context, frame_query, kept_query
from dashboards.figures.board import Board
from dashboards.figures.frames import Borders, Frame
from dashboards.overview import basis_of_board
from dashboards.targets.access import Shown, shown_target
from dashboards.targets.breaking_down import parts_on
from dashboards.targets.course import course_of
from dashboards.targets.listing import TargetList
from dashboards.targets.measures import label_of
from dashboards.targets.progress import progress_of
from dashboards.whereabouts import past_of
from dashboards.wording import words_for
from evaluations.models import Target

ROWS_PER_PAGE = 50


def unit_address(unit: Unit | None) -> str:
    return reverse("targets:unit", args=[unit.pk]) if unit else reverse("targets:index")


def crumbs(frame: Frame, *last: str) -> list[tuple[str, str]]:
    """The way to a page: the targets of the unit, then what the page is about."""
    way = [
        (_("Targets of resolutions"), ""),
        (frame.unit_name, unit_address(frame.unit) + frame_query(frame)),
    ]
    return [*way, *((one, "") for one in last)]


@require_safe
def index(request):
    """The targets of the provinces, for those who see the country; everybody else is led to their own unit."""
    scope = scope_of(request.user)
    if scope.everywhere:
        return _list_page(request, None)
    own = Unit.objects.visible_to(request.user).filter(pk__in=scope.units).exclude(level=Level.HAMLET)
    first = own.order_by("closed_on", "sort_key").first()
    if first is None:
        raise Http404
    return redirect(unit_address(first) + kept_query(request))


@require_safe
def unit_page(request, pk):
    return _list_page(request, seen_unit(request.user, pk))


def seen_unit(user, pk: int) -> Unit:
    """Return the unit, and with it whether this user keeps it."""
    units = Unit.objects.visible_to(user).exclude(level=Level.HAMLET)
    kept = Unit.objects.kept_by(user).order_by().filter(pk=OuterRef("pk"))
    return get_object_or_404(units.annotate(is_kept=Exists(kept)), pk=pk)


def _list_page(request, unit: Unit | None):
    found = TargetList(request, unit)
    frame = found.frame
    context = {
        "heading": crumbs(frame)[-1][0],
        "unit": unit,
        "frame": frame,
        "list": found,
        "may_add": unit is not None and unit.is_kept and request.user.has_perm("evaluations.add_target"),
        "breadcrumbs": crumbs(frame),
        **basis_context(request, found.basis if frame.exists else Basis(frame)),
    }
    if frame.exists:
        page = Paginator(found.below, ROWS_PER_PAGE).get_page(request.GET.get("page"))
        measure, standing = found.chosen
        context |= {
            "page": page,
            "measure": measure,
            "standing": standing,
            "export_url": export_address(unit),
        }
    else:
        context |= past_of(frame)
    return render(request, "targets/list.html", context)


def export_address(unit: Unit | None) -> str:
    return reverse("exporting:targets_of", args=[unit.pk]) if unit else reverse("exporting:targets")


@require_safe
def target_page(request, pk):
    """One target as of a day: done, still needed, its course, its parts, what was resolved when."""
    shown = shown_target(request, pk)
    frame, target = shown.frame, shown.target
    context = {
        "heading": label_of(target, words_for(request.user)),
        "shown": shown,
        "target": target,
        "unit": target.unit,
        "frame": frame,
        "may_change": _may_change(request.user, target) and not shown.latest.is_closed,
        "whole": _whole(request, target),
        "breadcrumbs": crumbs(frame, _("Target of the term %(term)s") % {"term": target.term}),
        **basis_context(request, Basis(frame)),
    }
    context |= _counted(shown) if frame.exists else past_of(frame)
    return render(request, "targets/target.html", context)


def _counted(shown: Shown) -> dict:
    board = Board(shown.frame)
    (progress,) = progress_of(board, [shown.target])
    return {
        "heading": progress.label,
        "progress": progress,
        "course": course_of(board, progress),
        "parts": parts_on(board, shown.target),
        **({"basis": basis_of_board(board)} if shown.frame.borders == Borders.NOW else {}),
    }


def _may_change(user, target: Target) -> bool:
    if not user.has_perm("evaluations.change_target"):
        return False
    return Target.objects.kept_by(user).filter(pk=target.pk).exists()


def _whole(request, target: Target) -> dict | None:
    """Return the target that this one is a part of, in its latest edition; a link only where it may be opened."""
    if target.part_of is None:
        return None
    whole = Target.objects.editions_of(target.part_of).select_related("unit").first()
    may_open = Target.objects.visible_to(request.user).filter(pk=whole.pk).exists()
    return {"target": whole, "url": whole.get_absolute_url() + kept_query(request) if may_open else ""}
