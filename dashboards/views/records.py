"""Everything that is recorded about one hamlet, one cell."""

from django.contrib.auth.decorators import permission_required
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cells.meetings.months import last_full_month
from cells.models import Cell, CellArea, CellPeriod, HouseholdCount, MemberCount, Unit, UnitPeriod
from dashboards.fates import Passage, origins_of, origins_of_cell, tell_fates, tell_fates_of_cells
from dashboards.histories import changes_of
from dashboards.meetings.one_cell import year_of_cell
from dashboards.rows import HamletRow, load_cells, load_hamlets
from dashboards.seats import seats_of_cell, seats_of_hamlet
from leaders.late import tell_late
from leaders.models import Tenure

COUNTS_SHOWN = 6


def _may_change(request, queryset, pk, permission: str) -> bool:
    return request.user.has_perm(permission) and queryset.kept_by(request.user).filter(pk=pk).exists()


@require_safe
@permission_required("cells.view_unit", raise_exception=True)
def hamlet(request, pk):
    today = timezone.localdate()
    hamlets = load_hamlets(Unit.objects.visible_to(request.user).hamlets(), day=today, user=request.user)
    unit = get_object_or_404(hamlets, pk=pk)
    tell_fates([unit], request.user)
    row, origins = HamletRow(unit), origins_of(unit, request.user)
    seats = Tenure.objects.filter(hamlet=unit).select_related("person", "decision")
    tell_late(seats)
    is_kept = unit.closed_on is None and _may_change(request, Unit.objects, pk, "leaders.change_tenure")
    context = {
        "unit": unit,
        "row": row,
        "awaits_arrangement": _awaits_arrangement(row, origins),
        "seats": seats_of_hamlet(unit, seats, today),
        "former_seats": [seat for seat in seats if seat.ends_on and seat.ends_on < today],
        "periods": unit.periods.select_related("parent").by_day().reverse(),
        "origins": origins,
        "counts": unit.household_counts.order_by("-day")[:COUNTS_SHOWN],
        "followers": unit.assignments.on(today).select_related("person"),
        "is_kept": is_kept,
        "practice": unit.practice_notes.select_related("written_by"),
        "tells_practice": is_kept and request.user.has_perm("cells.add_practicenote"),
        "changes": _hamlet_changes(request.user, unit) if is_kept else None,
        "day": today,
    }
    return render(request, "dashboards/hamlet.html", context)


def _awaits_arrangement(row: HamletRow, origins: list[Passage]) -> bool:
    """Say whether hamlets were merged and their cells are not yet: each kept its own, which is lawful."""
    came_along = {passage.on for passage in origins} & {area.starts_on for area in row.areas}
    return len(row.areas) > 1 and bool(came_along)


def _hamlet_changes(user, unit: Unit):
    return changes_of(
        [
            Unit.history.filter(id=unit.pk),
            UnitPeriod.history.filter(unit=unit),
            HouseholdCount.history.filter(hamlet=unit),
            Tenure.history.filter(hamlet=unit),
            # A joint cell may be kept by another commune.
            CellArea.history.filter(hamlet=unit, cell__in=Cell.objects.visible_to(user)),
        ]
    )


@require_safe
@permission_required("cells.view_cell", raise_exception=True)
def cell(request, pk):
    today = timezone.localdate()
    cells = load_cells(Cell.objects.visible_to(request.user), day=today, user=request.user)
    one = get_object_or_404(cells, pk=pk)
    tell_fates_of_cells([one], request.user)
    seats = Tenure.objects.filter(cell=one).select_related("person", "decision")
    tell_late(seats)
    is_kept = one.closed_on is None and _may_change(request, Cell.objects, pk, "cells.change_cell")
    visible_hamlets = Unit.objects.visible_to(request.user).filter(pk=OuterRef("hamlet"))
    ratings = (
        one.ratings.visible_to(request.user)
        .latest_editions()
        .select_related("cycle__rule_set", "decision")
        .order_by("-cycle__year")
    )
    context = {
        "cell": one,
        "seats": seats_of_cell(one, seats, today),
        "former_seats": [seat for seat in seats if seat.ends_on and seat.ends_on < today],
        "periods": one.periods.select_related("commune").by_day().reverse(),
        "origins": origins_of_cell(one, request.user),
        "areas": one.areas.select_related("hamlet").annotate(may_open=Exists(visible_hamlets)).by_day(),
        "counts": one.member_counts.order_by("-day")[:COUNTS_SHOWN],
        "ratings": ratings,
        "commendations": one.commendations.visible_to(request.user).select_related("decision"),
        **year_of_cell(one, request.user, last_full_month(today).year),
        "titles": one.title_cases.select_related("title", "recognition", "revocation"),
        "is_kept": is_kept,
        "changes": _cell_changes(one) if is_kept else None,
        "shared_hamlet": _shared_hamlet(one, today) if is_kept else None,
        "day": today,
    }
    return render(request, "dashboards/cell.html", context)


def _shared_hamlet(one: Cell, today):
    """Return the key of a hamlet that another cell covers as well: there cells wait to be arranged."""
    here = CellArea.objects.on(today).filter(cell=one).values("hamlet")
    others = CellArea.objects.on(today).filter(hamlet__in=here, cell__commune=one.commune).exclude(cell=one)
    return others.values_list("hamlet", flat=True).order_by("hamlet").first()


def _cell_changes(one: Cell):
    return changes_of(
        [
            Cell.history.filter(id=one.pk),
            CellPeriod.history.filter(cell=one),
            CellArea.history.filter(cell=one),
            MemberCount.history.filter(cell=one),
            Tenure.history.filter(cell=one),
        ]
    )
