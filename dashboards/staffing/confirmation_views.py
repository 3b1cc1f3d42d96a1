"""The monthly word of communes: who gave it, who did not and whom to call, and the months before."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cells.models import Confirmation, Unit
from cells.models.grants import scope_of
from cells.months import month_of, months_back
from dashboards.basis import Basis
from dashboards.exports import Asked, Export, exported, in_batches, numbered
from dashboards.figures.frames import Frame
from dashboards.list_exports import number_column
from dashboards.review.board import contacts_of
from dashboards.staffing.confirming import (
    MONTH,
    MONTHS_BACK,
    communes_of,
    confirmed_within,
    month_asked,
    month_counts,
    words_of,
)
from dashboards.staffing.scopes import own_unit
from dashboards.staffing.views import ROWS_ON_A_PAGE
from sheets.writing import Column

reads_words = permission_required(["cells.view_confirmation", "cells.view_unit"], raise_exception=True)
WHICH = "loc"
SHOWN = {
    "": gettext_lazy("Not confirmed"),
    "da": gettext_lazy("Confirmed"),
    "tat-ca": gettext_lazy("All"),
}


@require_safe
@reads_words
def confirmations(request):
    """The country, for those who see it all; everybody else is led to their own unit."""
    if scope_of(request.user).everywhere:
        return _page(request, None)
    unit = own_unit(request.user)
    if unit is None:
        raise Http404
    return redirect(_url_of(unit))


def _url_of(unit: Unit) -> str:
    return reverse(
        "seats:confirmed_months" if unit.level == "commune" else "seats:confirmations_unit", args=[unit.pk]
    )


@require_safe
@reads_words
def confirmations_unit(request, pk):
    unit = _unit(request.user, pk)
    return redirect(_url_of(unit)) if unit.level == "commune" else _page(request, unit)


def _unit(user, pk: int) -> Unit:
    units = Unit.objects.visible_to(user).exclude(level="hamlet").select_related("province")
    return get_object_or_404(units, pk=pk)


def _page(request, unit: Unit | None):
    frame = Frame(unit, timezone.localdate(), request.user)
    month, warning = month_asked(request.GET.get(MONTH, ""), frame.day)
    if warning:
        messages.warning(request, warning)
    rows, which = _narrowed(request, frame, month)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    counts = month_counts(frame)
    context = {
        "heading": frame.unit_name,
        "frame": frame,
        "month": month,
        "months": counts,
        "this_month": next((one for one in counts if one.month == month), None),
        "within": confirmed_within(frame),
        "page": page,
        "rows": _with_words(page.object_list, request.user),
        "shows_phones": request.user.sees_private_data,
        "shown": [(key, label, key == which) for key, label in SHOWN.items()],
        "which": which,
        "today": frame.day,
        "export_url": reverse(
            f"exporting:{request.resolver_match.url_name}", kwargs=request.resolver_match.kwargs
        ),
    }
    return render(request, "seats/confirmations.html", context)


def _narrowed(asked, frame: Frame, month) -> tuple[QuerySet, str]:
    which = asked.GET.get(WHICH, "")
    if which not in SHOWN:
        raise Http404
    rows = communes_of(frame, month)
    return (rows if which == "tat-ca" else rows.filter(has_word=which == "da")), which


def _with_words(rows, user) -> list:
    """Give the rows of one page their word, and whom to call where the reader may know."""
    rows = list(rows)
    words = words_of(rows)
    contacts = (
        contacts_of({row.unit_id for row in rows}, timezone.localdate()) if user.sees_private_data else {}
    )
    for row in rows:
        row.given = words.get(row.word)
        row.contacts = contacts.get(row.unit_id, [])
    return rows


@exported
def confirmations_export(asked: Asked, pk: int | None = None) -> Export:
    """Describe the communes of a month as a file. No form is about them, so it is for reading alone."""
    for permission in ("cells.view_confirmation", "cells.view_unit"):
        asked.require(permission)
    if pk is None and not scope_of(asked.user).everywhere:
        raise Http404
    frame = Frame(_unit(asked.user, pk) if pk else None, timezone.localdate(), asked.user)
    month, _warning = month_asked(asked.GET.get(MONTH, ""), frame.day)
    rows, which = _narrowed(asked, frame, month)
    called = [Column("who", _("Whom to call"), 24), Column("phone", _("Telephone"), 14)]
    return Export(
        title=_("Confirmations of %(month)s – %(unit)s")
        % {"month": f"{month:%m/%Y}", "unit": frame.unit_name},
        columns=[
            number_column(),
            Column("commune", _("Commune"), 28),
            Column("province", _("Province"), 24),
            Column("confirmed", _("Confirmed on"), 14, "date"),
            Column("note", _("what changed").capitalize(), 40),
            Column("before", _("Month confirmed before"), 14),
            *(called if asked.user.sees_private_data else []),
        ],
        rows=numbered(_line(row) for some in in_batches(rows) for row in _with_words(some, asked.user)),
        count=rows.count(),
        basis=Basis(frame),
        filters=str(SHOWN[which]),
    )


def _line(row) -> dict:
    first = row.contacts[0] if row.contacts else None
    return {
        "commune": row.full_name,
        "province": str(row.unit.province or ""),
        "confirmed": timezone.localdate(row.given.confirmed_at) if row.given else None,
        "note": row.given.note if row.given else "",
        "before": f"{row.month_before:%m/%Y}" if row.month_before else "",
        "who": str(first or ""),
        "phone": first.phone if first else "",
    }


@require_safe
@reads_words
def confirmed_months(request, pk):
    """One commune, month by month."""
    unit = _unit(request.user, pk)
    if unit.level != "commune":
        return redirect(_url_of(unit))
    today = timezone.localdate()
    months = months_back(month_of(today), MONTHS_BACK)
    given = Confirmation.objects.visible_to(request.user).filter(commune=unit, month__gte=months[-1])
    by_month = {one.month: one for one in given.select_related("confirmed_by")}
    is_kept = (
        unit.closed_on is None
        and request.user.has_perm("cells.change_confirmation")
        and Unit.objects.kept_by(request.user).filter(pk=pk).exists()
    )
    context = {
        "unit": unit,
        "rows": [(month, by_month.get(month)) for month in months],
        "is_kept": is_kept,
        "today": today,
    }
    return render(request, "seats/confirmed_months.html", context)
