"""One box for everything: communes, hamlets, cells, people, without diacritics."""

from dataclasses import dataclass

from django.contrib.auth.decorators import permission_required
from django.db.models import F, prefetch_related_objects
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cells.kinds import Level
from cells.models import Cell, Unit
from dashboards.fates import tell_fates, tell_fates_of_cells
from dashboards.former_names import recall
from dashboards.rows import load_people, with_former_place, with_place
from leaders.models import Person
from sheets.text import fold

MOST_FOUND = 20


@dataclass
class Finding:
    """What was found of one kind, and where the rest is listed."""

    kind: str
    heading: str
    rows: list
    has_more: bool
    all_url: str = ""


def _first(kind: str, heading: str, rows, all_url: str = "") -> Finding:
    found = list(rows[: MOST_FOUND + 1])
    return Finding(kind, heading, found[:MOST_FOUND], len(found) > MOST_FOUND, all_url)


@require_safe
@permission_required(["cells.view_unit", "leaders.view_person"], raise_exception=True)
def search(request):
    """Show the first of each kind, by any name they ever had; what is closed says what became of it."""
    text = request.GET.get("q", "").strip()[:100]
    context = {"q": text}
    # Signs alone would match everything.
    if fold(text):
        context["findings"] = _find(request.user, text)
        # Who types digits may be looking for a code.
        context["shows_codes"] = any(char.isdigit() for char in text)
        context["found_any"] = any(finding.rows for finding in context["findings"])
    return render(request, "dashboards/search.html", context)


def _find(user, text: str) -> list[Finding]:
    # What stands comes before what is closed.
    standing_first = (F("closed_on").desc(nulls_first=True), "sort_key", "pk")
    units = with_former_place(Unit.objects.visible_to(user).matching(text)).order_by(*standing_first)
    cells = with_place(Cell.objects.visible_to(user).matching(text)).order_by(*standing_first)
    people = load_people(Person.objects.visible_to(user).matching(text), day=timezone.localdate(), user=user)
    query = f"?{urlencode({'q': text})}"
    findings = [
        _first("unit", _("Provinces, districts, communes"), units.exclude(level="hamlet")),
        _first("unit", _("Hamlets"), units.hamlets(), reverse("dashboards:hamlet_list") + query),
        _first("cell", _("Party cells"), cells, reverse("dashboards:cell_list") + query),
        _first(
            "person",
            _("People"),
            people.order_by("sort_key", "pk"),
            reverse("dashboards:person_list") + query,
        ),
    ]
    _tell(findings, user, text)
    return findings


def _tell(findings: list[Finding], user, text: str) -> None:
    """Say of what was found which former name was meant, and what became of it."""
    units = [row for finding in findings if finding.kind == "unit" for row in finding.rows]
    cells = [row for finding in findings if finding.kind == "cell" for row in finding.rows]
    recall(units, text)
    recall(cells, text)
    _tell_provinces([unit for unit in units if unit.level == Level.COMMUNE])
    tell_fates(units, user)
    tell_fates_of_cells(cells, user)


def _tell_provinces(communes: list[Unit]) -> None:
    """Put on each commune that stood in a district the province of then: many a province had a Châu Thành.

    Their periods are loaded by ``recall``.
    """
    last = [max(commune.periods.all(), key=lambda period: period.days) for commune in communes]
    prefetch_related_objects(last, "province")
    for commune, period in zip(communes, last, strict=True):
        commune.province_then = period.province if period.district_id else None
