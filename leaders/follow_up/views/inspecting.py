"""Inspections: a team looks into one unit or several, concludes, and says what is to be mended by when."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import form_page
from accounts.asked import number_in
from accounts.guard import Guard
from cells.kinds import Level
from cells.models import Unit
from cells.models.grants import scope_of
from cells.models.lifetimes import lock
from leaders.entry.acts import saved
from leaders.follow_up.forms import InspectionForm
from leaders.follow_up.views.visiting import inspects
from leaders.follow_up.visits import record_inspection
from leaders.models import Visit


@form_page
@transaction.atomic
def inspection_new(request):
    """Record an inspection of hamlets of a commune, or of the commune itself."""
    if not inspects(request.user):
        raise PermissionDenied
    scope = scope_of(request.user, keeping=True)
    if scope.is_empty:
        raise Http404
    kept = Unit.objects.kept_by(request.user).standing()
    place = None
    if (asked := number_in(request, "noi")) is not None:
        place = get_object_or_404(kept.filter(level__in=[Level.COMMUNE, Level.PROVINCE]), pk=asked)
    if place is None or place.level == Level.PROVINCE:
        communes = kept.communes().filter(province=place) if place else kept.communes()
        if scope.everywhere and place is None:
            communes = kept.filter(level=Level.PROVINCE)
        elif place is None and communes.count() == 1:
            return redirect(f"{reverse('follow_up:inspection_new')}?noi={communes.get().pk}")
        context = {"communes": communes.order_by("sort_key", "pk"), "choose": True}
        return render(request, "follow_up/inspection_form.html", context)
    units = kept.filter(pk=place.pk) | kept.filter(parent=place, level=Level.HAMLET)
    if request.method == "POST":
        # Who sends the same once more stands in line and is told.
        lock(units=units.values_list("pk", flat=True))
    recorded = Visit.history.filter(kind=Visit.Kind.INSPECTION, unit__in=units.values("pk"))
    form = InspectionForm(
        request.POST or None,
        units=units.order_by("level", "position", "sort_key", "pk"),
        guard=Guard(recorded),
        initial={"day": timezone.localdate()},
    )
    if form.is_valid():
        fields = {name: form.cleaned_data[name] for name in form.Meta.fields}
        units = list(form.cleaned_data["units"])
        reason = _("Inspection by %(team)s in %(place)s") % {"team": fields["team"], "place": place}
        if saved(request, form, reason, lambda: record_inspection(units, by=request.user, **fields)):
            said = ngettext(
                "Inspection of %(count)d unit recorded.",
                "Inspection of %(count)d units recorded.",
                len(units),
            )
            messages.success(request, said % {"count": len(units)})
            return redirect(f"{reverse('follow_up_board:visits')}?loai=inspection&noi={place.pk}")
    context = {"form": form, "place": place}
    return render(request, "follow_up/inspection_form.html", context)
