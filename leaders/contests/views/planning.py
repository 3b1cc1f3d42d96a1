"""The plan of a term: drawn up for a province or a commune, looked at, then written."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import form_page
from accounts.acts import one_act
from accounts.asked import number_in
from accounts.refusals import sentences_for
from cells.kinds import Level
from cells.models import Unit
from cells.models.grants import scope_of
from leaders.contests.forms import PlanForm
from leaders.contests.planning import Plan, carry_out, draw_up
from leaders.contests.views.access import grid_url, records
from leaders.models import Contest

MOST_DAYS = 12


@form_page
@records
def plan(request):
    """First what would be planned, on which days, for how many; then it is written."""
    areas = _areas(request.user)
    if not areas.exists():
        raise Http404
    form = PlanForm(request.POST or None, areas=areas, initial=_initial(request, areas))
    if form.is_valid() and "change" not in request.POST:
        drawn = draw_up(
            form.cleaned_data["area"],
            form.cleaned_data["term"],
            form.calendars(),
            every_cell=form.cleaned_data["every_cell"],
        )
        if "confirmed" in request.POST and (answer := _written(request, form, drawn)) is not None:
            return answer
        if "confirmed" not in request.POST:
            return _question(request, form, drawn)
    return render(request, "contests/plan.html", {"form": form})


def _areas(user):
    """Return the provinces and communes whose data the person keeps, provinces first."""
    # Whoever keeps the country plans province by province.
    levels = [Level.PROVINCE] if scope_of(user, keeping=True).everywhere else [Level.PROVINCE, Level.COMMUNE]
    kept = Unit.objects.kept_by(user).standing().filter(level__in=levels)
    return kept.order_by("-level", "sort_key", "pk")


def _initial(request, areas) -> dict:
    wanted = number_in(request, "don_vi")
    area = areas.filter(pk=wanted).first() if wanted is not None else None
    return {"area": area or areas.first(), "term": request.GET.get("nhiem_ky", "")[:9]}


def _question(request, form: PlanForm, drawn: Plan):
    calendars = []
    for kind in Contest.Kind:
        if kind in drawn.there:
            days = drawn.days(kind)
            calendars.append(
                {
                    "is_election": kind == Contest.Kind.HEAD_ELECTION,
                    "new": len(drawn.of(kind)),
                    "there": drawn.there[kind],
                    "days": days[:MOST_DAYS],
                    "more": max(0, len(days) - MOST_DAYS),
                }
            )
    context = {"form": form, "calendars": calendars, "count": len(drawn.new)}
    return render(request, "contests/plan_confirm.html", context)


def _written(request, form: PlanForm, drawn: Plan):
    area, term = form.cleaned_data["area"], form.cleaned_data["term"]
    reason = _("Plan of the term %(term)s: %(area)s") % {"term": term, "area": area}
    try:
        with one_act(request, reason):
            count = carry_out(drawn)
    except ValidationError as error:
        for sentence in sentences_for(error):
            form.add_error(None, sentence)
        return None
    if count:
        messages.success(request, ngettext("%(n)d is planned.", "%(n)d are planned.", count) % {"n": count})
    else:
        messages.info(request, _("Everything here is planned for this term already."))
    if area.level == Level.COMMUNE:
        return redirect(grid_url(term, area, form.calendars()[0].kind))
    return redirect(reverse("elections_board:board", args=[term]) + f"?don_vi={area.pk}")
