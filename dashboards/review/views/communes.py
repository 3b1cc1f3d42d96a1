"""The committees of the communes: levels entered by the province, decided for all at once, corrected."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import form_page
from accounts.changes import ChangeSet, recording
from cells.kinds import province_committee
from dashboards.review.access import reads, receives_reviews, year_of, year_to_run
from dashboards.review.communes import CommuneGrid
from dashboards.review.forms import CorrectCommuneForm, DecideCommunesForm
from dashboards.review.views.board import frame
from dashboards.review.views.opening import carried_out
from evaluations.models import CommuneRating, Level, ReviewCycle
from evaluations.models.ratings import NotSubject
from evaluations.review.authority import runs
from evaluations.review.communes import (
    commune_rows,
    correct_commune,
    decide_communes,
    save_commune_rows,
    share_of_communes,
)


@form_page
@reads
def committees(request, year):
    """The grid of the committees: read by whoever sees the province, filled in by its staff."""
    cycle, cycles = year_of(request, year)
    may_enter = runs(request.user, cycle) and cycle.state == ReviewCycle.State.OPEN
    rows = list(commune_rows(cycle).visible_to(request.user))
    grid = CommuneGrid(rows, cycle.rule_set, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        year_to_run(request, year)
        if _saved(request, cycle, grid):
            return redirect(request.get_full_path())
    context = {
        **frame(request, cycle, cycles),
        "grid": grid,
        "may_enter": may_enter,
        "share": share_of_communes(cycle, rows),
        "levels": list(Level),
        "not_subject": list(NotSubject),
        "undecided": sum(not row.is_decided and not row.not_subject_reason for row in rows),
    }
    return render(request, "review_board/committees.html", context)


def _saved(request, cycle: ReviewCycle, grid: CommuneGrid) -> bool:
    """Save the rows without fault; what is left is shown again with what was entered and why."""
    reason = _("Levels of committees entered")
    try:
        with transaction.atomic(), recording(by=request.user, kind=ChangeSet.Kind.PAGE, reason=reason):
            results = save_commune_rows(cycle, grid.entries(), by=request.user)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return False
    grid.take(results)
    saved = sum(one.changed and one.is_saved for one in results)
    if saved:
        sentence = ngettext("%(count)d row saved.", "%(count)d rows saved.", saved)
        messages.success(request, sentence % {"count": saved})
    if grid.to_look_at:
        sentence = ngettext(
            "%(count)d row is not saved; it says why.",
            "%(count)d rows are not saved; they say why.",
            grid.to_look_at,
        )
        messages.error(request, sentence % {"count": grid.to_look_at})
    elif not saved:
        messages.info(request, _("Nothing was changed."))
    return not grid.to_look_at


def _body(cycle: ReviewCycle) -> str:
    """Return the standing committee that decides: "Ban Thường vụ Tỉnh ủy Vĩnh Long"."""
    return f"Ban Thường vụ {province_committee(cycle.province.kind)} {cycle.province.name}"


def _back(cycle: ReviewCycle, request) -> str:
    kept = f"?tinh={cycle.province_id}" if "tinh" in request.GET else ""
    return reverse("review_board:committees", args=[cycle.year]) + kept


@form_page
@receives_reviews
def decide(request, year):
    """Record one decision for all committees not decided yet, with exceptions."""
    cycle = year_to_run(request, year)
    form = DecideCommunesForm(request.POST or None, cycle=cycle, initial={"body": _body(cycle)})
    if form.is_valid():
        counted = []
        paper = form.paper(exceptions=form.exceptions())
        if carried_out(
            request,
            lambda: counted.append(decide_communes(cycle, paper, by=request.user)),
            reason=_("Decision %(number)s on committees") % {"number": paper.number},
            form=form,
        ):
            sentence = ngettext("%(count)d committee decided.", "%(count)d committees decided.", counted[0])
            messages.success(request, sentence % {"count": counted[0]})
            return redirect(_back(cycle, request))
    context = {
        **frame(request, cycle, year_of(request, year)[1]),
        "form": form,
        "back": _back(cycle, request),
    }
    return render(request, "review_board/decide_committees.html", context)


@form_page
@receives_reviews
def correct(request, year, pk):
    """Correct a decided level by a new decision; the old edition stays."""
    cycle = year_to_run(request, year)
    ratings = CommuneRating.objects.visible_to(request.user).select_related("commune", "decision", "cycle")
    rating = get_object_or_404(
        ratings, pk=pk, cycle=cycle, superseded_on__isnull=True, decided_on__isnull=False
    )
    initial = {"level": rating.decided_level, "revision": rating.revision, "body": _body(cycle)}
    form = CorrectCommuneForm(request.POST or None, initial=initial)
    if form.is_valid():
        values = form.cleaned_data
        rating.revision = values["revision"]
        if carried_out(
            request,
            lambda: correct_commune(
                rating, form.paper(), level=values["level"], reason=values["reason"], by=request.user
            ),
            reason=values["reason"],
            form=form,
        ):
            messages.success(request, _("Corrected. The earlier level stays on record."))
            return redirect(_back(cycle, request))
    context = {
        **frame(request, cycle, year_of(request, year)[1]),
        "form": form,
        "rating": rating,
        "back": _back(cycle, request),
    }
    return render(request, "review_board/correct_committee.html", context)
