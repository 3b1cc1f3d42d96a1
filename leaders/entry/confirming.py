"""A commune confirms its month: beside what has been recorded of its seats since the first of it."""

from datetime import date, datetime, time

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import form_page, get_kept_or_404, locked
from accounts.changes import ChangeSet
from accounts.guard import Guard
from cells.entry.forms import ConfirmationForm
from cells.models import Confirmation, Unit
from leaders.contests.seats import Moves
from leaders.models import Tenure

BY_HAND = (ChangeSet.Kind.PAGE, ChangeSet.Kind.ADMIN)
MOST_SHOWN = 15


@form_page
@permission_required("cells.change_confirmation", raise_exception=True)
@transaction.atomic
def confirm(request, pk):
    """Take the commune's word for this month; a second word replaces the first, which stays in the history."""
    communes = locked(request, Unit.objects.communes().standing())
    commune = get_kept_or_404(communes, request.user, pk=pk)
    month = timezone.localdate().replace(day=1)
    recorded = Confirmation.objects.filter(commune=commune, month=month).first()
    changes = _seats_recorded(commune, month)
    if request.method == "POST" and "unchanged" in request.POST:
        if recorded is None and changes:
            messages.warning(request, _("Changes were recorded in this month. Look at them, then confirm."))
            return redirect("leaders:confirm", pk)
        return _confirm_unchanged(request, commune, month, recorded)
    guard = Guard(Confirmation.history.filter(commune=commune, month=month))
    confirmation = recorded or Confirmation(commune=commune, month=month)
    initial = {"note": _told(len(changes))} if changes and recorded is None else {}
    form = ConfirmationForm(request.POST or None, instance=confirmation, guard=guard, initial=initial)
    if form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("Confirmed for month %(month)s.") % {"month": f"{month:%m/%Y}"})
        return redirect("dashboards:home")
    context = {
        "form": form,
        "commune": commune,
        "month": month,
        "recorded": recorded,
        "count": len(changes),
        "told": _told(len(changes)),
        "changes": Moves(begun=changes[:MOST_SHOWN]).sentences(),
    }
    return render(request, "entry/confirm.html", context)


def _told(count: int) -> str:
    said = ngettext(
        "%(count)s change of seats was recorded in this month",
        "%(count)s changes of seats were recorded in this month",
        count,
    )
    return said % {"count": count}


def _seats_recorded(commune: Unit, month: date) -> list[Tenure]:
    """Return the seats of the commune that somebody changed by hand since the first of the month.

    What was taken in as a whole, by a workbook, says how things stand and is no change of the month.
    """
    since = timezone.make_aware(datetime.combine(month, time.min))
    rows = Tenure.history.filter(history_date__gte=since, change_set__kind__in=BY_HAND).values("id")
    here = Q(cell__commune=commune) | Q(hamlet__commune=commune)
    return list(Tenure.objects.filter(here, pk__in=rows).for_list().order_by("-pk"))


def _confirm_unchanged(request, commune, month, recorded):
    """The one button of the first page. What a colleague has confirmed meanwhile stays as it is."""
    if recorded is None:
        Confirmation.objects.create(
            commune=commune, month=month, confirmed_at=timezone.now(), confirmed_by=request.user
        )
        messages.success(request, _("Confirmed for month %(month)s.") % {"month": f"{month:%m/%Y}"})
    else:
        messages.info(request, _("This month has been confirmed already."))
    return redirect("dashboards:home")
