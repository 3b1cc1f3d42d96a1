"""Last year's printed totals beside what is recorded, commune by commune."""

import json
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import form_page
from cells.models import Unit
from dashboards.basis import Basis
from dashboards.exports import Asked, Export, exported
from desk.importing.first_load import YEARS_BACK
from desk.importing.provinces import LOADS, kept_provinces
from desk.importing.reconciling import Key, Reconciliation, Row, What, field_name, record, signed
from desk.importing.views.first_load import loads, province_or_404
from sheets.writing import Column

FIRST_YEAR = 1990
# What narrows the table, and what it is called in the address.
ONLY_OFF = "khong-khop"


@form_page
@loads
def reconciliation(request, year):
    """Enter what was printed; see line by line whether it agrees with what is recorded."""
    _require_finished(year)
    provinces = kept_provinces(request.user, date(year, 12, 31))
    province = province_or_404(request, provinces)
    context = {
        "year": year,
        "years": range(timezone.localdate().year - YEARS_BACK, timezone.localdate().year),
        "province": province,
        "provinces": provinces,
    }
    if province:
        found = Reconciliation(province, year, request.user)
        typed, errors = {}, {}
        if request.method == "POST":
            saved, typed, errors = _save(request.POST, found)
            if not errors:
                messages.success(request, _saved(saved))
                return redirect(request.get_full_path())
        context |= _table(request, found, typed, errors)
    return render(request, "importing/reconciliation.html", context)


def _require_finished(year: int) -> None:
    """A year that runs has no printed report yet."""
    if not FIRST_YEAR <= year < timezone.localdate().year:
        raise Http404


def _table(request, found: Reconciliation, typed: dict[Key, str], errors: dict[Key, str]) -> dict:
    rows, only_off = found.rows(typed, errors), request.GET.get("loc") == ONLY_OFF
    totals = found.totals(rows)
    seen = {field_name(*key): number for key, number in found.stated.items()}
    return {
        # What has an error stays in sight, whatever the table is narrowed to.
        "rows": [row for row in rows if not only_off or row.is_off or row.has_error],
        "row_count": len(rows),
        "off_count": sum(row.is_off for row in rows),
        "stated_count": sum(any(cell.stated is not None for cell in row.cells) for row in rows),
        "totals": totals,
        "only_off": only_off,
        "seen": json.dumps(seen),
        "error_count": len(errors),
        "basis": Basis(found.frame),
        "export_url": _with_query(request, reverse("importing:reconciliation_export", args=[found.year])),
    }


def _with_query(request, address: str) -> str:
    kept = {name: request.GET[name] for name in ("tinh", "loc") if request.GET.get(name)}
    return f"{address}?{urlencode(kept)}" if kept else address


# --- Saving ---------------------------------------------------------------------------


def _save(sent, found: Reconciliation) -> tuple[int, dict[Key, str], dict[Key, str]]:
    """Save all that was sent, or nothing: return how many, or what was typed and what is wrong with it."""
    with transaction.atomic():
        # Two who save at once stand in line.
        Unit.objects.select_for_update().get(pk=found.province.pk)
        changes, errors = found.read(sent, _seen(sent))
        if not errors:
            record(found.year, changes)
            return len(changes), {}, {}
    typed = {
        (commune.unit_id, what): sent[name]
        for commune in found.communes
        for what in What
        if (name := field_name(commune.unit_id, what)) in sent
    }
    return 0, typed, errors


def _seen(sent) -> dict[str, int]:
    """Return the numbers that the page showed; nothing where that cannot be read."""
    try:
        seen = json.loads(sent.get("seen", "{}"))
    except ValueError:
        return {}
    return seen if isinstance(seen, dict) else {}


def _saved(count: int) -> str:
    if not count:
        return _("Nothing was changed, so nothing was saved.")
    return ngettext("%(count)d number saved.", "%(count)d numbers saved.", count) % {"count": count}


# --- The table as a file --------------------------------------------------------------


@exported
def reconciliation_export(asked: Asked, year: int) -> Export:
    """The same table, with each difference in a column of its own."""
    for permission in LOADS:
        asked.require(permission)
    _require_finished(year)
    province = province_or_404(asked, kept_provinces(asked.user, date(year, 12, 31)))
    if province is None:
        raise Http404
    found = Reconciliation(province, year, asked.user)
    only_off = asked.GET.get("loc") == ONLY_OFF
    rows = [row for row in found.rows() if not only_off or row.is_off]
    title = _("Reconciliation with the printed report of %(year)d – %(province)s") % {
        "year": year,
        "province": (found.frame.place or province).full_name,
    }
    return Export(
        title=title,
        columns=_columns(),
        rows=_records(rows),
        count=len(rows),
        basis=Basis(found.frame),
        filters=_("only the lines that do not agree") if only_off else "",
    )


def _columns() -> list[Column]:
    columns = [Column("commune", _("Commune"), 28), Column("above", _("District"), 22)]
    for what in What:
        label = What(what).label
        columns += [
            Column(f"{what}_stated", _("%(what)s, printed") % {"what": label}, 12, "int"),
            Column(f"{what}_recorded", _("%(what)s, recorded") % {"what": label}, 12, "int"),
            Column(f"{what}_difference", _("%(what)s, difference") % {"what": label}, 10),
        ]
    return [*columns, Column("verdict", _("Result"), 16)]


def _records(rows: list[Row]) -> Iterator[dict]:
    for row in rows:
        record = {"commune": row.name, "above": row.above, "verdict": row.verdict}
        for cell in row.cells:
            record[f"{cell.what}_stated"] = cell.stated
            record[f"{cell.what}_recorded"] = cell.recorded
            record[f"{cell.what}_difference"] = signed(cell.difference) if cell.difference else ""
        yield record
