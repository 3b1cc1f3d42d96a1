"""Recording the yearly look at one title, and "kept" for all of which nothing was found."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import form_page
from accounts.acts import one_act, saved
from evaluations.models import CaseCheck, TitleCase
from evaluations.titling.checking import (
    CHECK,
    Look,
    findings_of,
    keep_rest,
    record_check,
    to_check,
    without_findings,
)
from evaluations.titling.forms import CheckForm
from evaluations.titling.views.acting import about, kept_case

# So far back a look may be recorded.
YEARS_BACK = 10


def _list_url(year: int) -> str:
    return f"{reverse('titles:checks')}?nam={year}"


@form_page
@permission_required(CHECK, raise_exception=True)
def check(request, pk, year):
    case = kept_case(request, pk)
    today = timezone.localdate()
    if (
        not today.year - YEARS_BACK <= year <= today.year
        or not to_check(request.user, year, today).filter(pk=pk).exists()
    ):
        raise Http404
    recorded = CaseCheck.objects.filter(case=case, year=year).first()
    found = findings_of([case], year, user=request.user, day=today)[case.pk]
    initial = {
        "revision": recorded.revision if recorded else 0,
        "outcome": recorded.outcome
        if recorded
        else CaseCheck.Outcome.AT_RISK
        if found
        else CaseCheck.Outcome.KEPT,
        "remark": recorded.remark if recorded else "",
    }
    form = CheckForm(request.POST or None, initial=initial)
    if form.is_valid():
        look = Look(**form.cleaned_data)
        what = _("check of %(year)d") % {"year": year}
        if saved(request, form, about(case, what), lambda: record_check(case, year, look, by=request.user)):
            messages.success(request, _("The check is recorded: %(cell)s.") % {"cell": case.cell})
            return redirect(_list_url(year))
    context = {"form": form, "case": case, "year": year, "found": found, "recorded": recorded}
    return render(request, "titles/check.html", context)


@form_page
@permission_required(CHECK, raise_exception=True)
def keep_all(request, year):
    """Say of how many "kept" would be recorded, name them, and record it."""
    today = timezone.localdate()
    if not today.year - YEARS_BACK <= year <= today.year:
        raise Http404
    kept = TitleCase.objects.kept_by(request.user)
    held = list(to_check(request.user, year, today).filter(pk__in=kept.values("pk")))
    rest = without_findings(held, year, user=request.user, day=today)
    if request.method == "POST" and rest:
        # Only those that were shown: what has come since is looked at on its own.
        shown = set(request.POST.getlist("case"))
        try:
            with one_act(request, _("Titles kept in %(year)d, nothing was found") % {"year": year}):
                done = keep_rest([case for case in rest if str(case.pk) in shown], year, by=request.user)
        except ValidationError as error:
            for sentence in error.messages:
                messages.error(request, sentence)
        else:
            said = ngettext("%(count)d title is kept.", "%(count)d titles are kept.", len(done))
            messages.success(request, said % {"count": len(done)})
            return redirect(_list_url(year))
    context = {"year": year, "rest": rest, "back": _list_url(year)}
    return render(request, "titles/keep_all.html", context)
