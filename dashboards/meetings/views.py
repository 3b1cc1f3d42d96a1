"""Pages of a year of meetings: the board of a province, its cells, a commune month by month, one cell."""

from dataclasses import dataclass

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.asked import number_in
from cells.access import seen_commune
from cells.kinds import Level
from cells.meetings.months import last_full_month
from cells.models import Cell, Meeting, Unit
from cells.models.grants import scope_of
from dashboards.basis import Basis
from dashboards.figures.frames import Borders, Frame
from dashboards.meetings.one_cell import year_of_cell
from dashboards.meetings.year import CellYear, MeetingYear, months_of

READ = "cells.view_meeting"
ROWS_ON_A_PAGE = 50
YEARS_BACK = 5
sees = permission_required(READ, raise_exception=True)
# What the list of cells may be narrowed to, by the words of the address.
SHOWN = {
    "duoi-ty-le": (_("Under the attendance asked for"), lambda one: one.is_under),
    "khong-hop": (_("Months known to be without a meeting"), lambda one: bool(one.not_held)),
    "chua-nhap": (_("Months of which nothing is entered"), lambda one: bool(one.nothing)),
}


@dataclass
class Asked:
    """The year and the unit of an address, among those that somebody may see."""

    year: int
    years: list[int]
    unit: Unit | None
    units: list[Unit]

    @classmethod
    def of(cls, asked) -> "Asked":
        today = timezone.localdate()
        latest = last_full_month(today).year
        years = list(range(today.year, today.year - YEARS_BACK - 1, -1))
        year = number_in(asked, "nam") or latest
        if year not in years:
            raise Http404
        units = cls._units(asked.user)
        chosen = number_in(asked, "tinh") or number_in(asked, "xa")
        if chosen is not None:
            unit = get_object_or_404(
                Unit.objects.visible_to(asked.user).filter(level__in=[Level.PROVINCE, Level.COMMUNE]),
                pk=chosen,
            )
        else:
            unit = units[0] if len(units) == 1 else None
        return cls(year, years, unit, units)

    @staticmethod
    def _units(user) -> list[Unit]:
        """Return the provinces that somebody looks at, or the communes of whoever looks at single ones."""
        scope, units = scope_of(user), Unit.objects.visible_to(user).standing()
        if scope.everywhere or scope.provinces:
            return list(units.filter(level=Level.PROVINCE).order_by("sort_key", "pk"))
        if scope.communes:
            return list(units.filter(pk__in=scope.communes).order_by("sort_key", "pk"))
        raise Http404

    def meetings(self, user) -> MeetingYear:
        return MeetingYear(user, self.year, timezone.localdate(), unit=self.unit)

    def basis(self, user) -> Basis:
        """Cells are counted where they stand today."""
        return Basis(Frame(self.unit, timezone.localdate(), user, Borders.NOW))


@require_safe
@sees
def board(request):
    """Every commune of a province: attendance, cells under the limit, months without a meeting, grades."""
    asked = Asked.of(request)
    if asked.unit is not None and asked.unit.level == Level.COMMUNE:
        return redirect("meetings:commune", asked.unit.pk)
    if asked.unit is None:
        return render(request, "meetings/choose_unit.html", {"asked": asked})
    context = {
        "asked": asked,
        "year": asked.meetings(request.user),
        "basis": asked.basis(request.user),
        "today": timezone.localdate(),
        "grades": [grade.label for grade in Meeting.Grade],
    }
    return render(request, "meetings/board.html", context)


def narrowed_cells(asked_by) -> tuple[Asked, MeetingYear, str, list[CellYear]]:
    """Return the cells that an address asks for."""
    asked = Asked.of(asked_by)
    if asked.unit is None:
        raise Http404
    slug = asked_by.GET.get("loc", "")
    if slug and slug not in SHOWN:
        raise Http404
    year = asked.meetings(asked_by.user)
    rows = [one for one in year.cells if not slug or SHOWN[slug][1](one)]
    return asked, year, slug, rows


@require_safe
@sees
def cells(request):
    """The cells of a province or commune with their attendance; the list behind the numbers of the board."""
    asked, year, slug, rows = narrowed_cells(request)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = year.named(page.object_list)
    context = {
        "asked": asked,
        "year": year,
        "slug": slug,
        "choices": [(key, label) for key, (label, _test) in SHOWN.items()],
        "page": page,
        "basis": asked.basis(request.user),
        "grades": [grade.label for grade in Meeting.Grade],
    }
    return render(request, "meetings/cells.html", context)


@require_safe
@sees
def commune(request, pk: int):
    """The cells of one commune, month by month."""
    unit = seen_commune(request, pk)
    asked = Asked.of(request)
    asked.unit = unit
    year = asked.meetings(request.user)
    by_cell = months_of(year)
    context = {
        "asked": asked,
        "commune": unit,
        "year": year,
        "rows": [(one, by_cell[one.key]) for one in year.named(year.cells)],
        "months": [one.month.month for one in next(iter(by_cell.values()), [])],
        "this_month": timezone.localdate(),
        "basis": asked.basis(request.user),
    }
    return render(request, "meetings/commune.html", context)


@require_safe
@sees
def cell(request, pk: int):
    """The meetings of one cell in a year, other ones included."""
    one = get_object_or_404(Cell.objects.visible_to(request.user).select_related("commune"), pk=pk)
    today = timezone.localdate()
    years = list(range(today.year, today.year - YEARS_BACK - 1, -1))
    year = number_in(request, "nam") or last_full_month(today).year
    if year not in years:
        raise Http404
    context = {"cell": one, "years": years, **year_of_cell(one, request.user, year)}
    return render(request, "meetings/cell.html", context)
