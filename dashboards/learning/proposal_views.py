"""The page of a proposal: the streak list with its proof, ticked, and one form that records all commendations."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from accounts.acts import one_act
from accounts.refusals import sentences_for
from dashboards.learning.commendation_views import paper_of
from dashboards.learning.proposals import Proposal
from evaluations.forms import PaperForm
from evaluations.review.deciding import check_day, recorded_paper
from leaders.learning.actions import deciding_unit
from leaders.models import Commendation
from sheets.text import nfc


class CommendAllForm(PaperForm):
    """The signed paper by which all that are ticked are commended."""

    form = forms.ChoiceField(label=gettext_lazy("form of commendation"), choices=Commendation.Form.choices)
    merit = forms.CharField(label=gettext_lazy("for what"), max_length=500)

    field_order = ("form", "merit", "number", "day", "body", "signer")


@require_safe
@permission_required(["leaders.view_commendation", "evaluations.view_leaderrating"], raise_exception=True)
@gzip_page
def proposal(request):
    """Show who was excellent years running, each with the proof."""
    found = Proposal(request)
    initial = {"merit": found.merit, "day": timezone.localdate(), "form": Commendation.Form.PAPER}
    return _page(request, found, CommendAllForm(initial=initial))


@require_POST
@permission_required(["leaders.add_commendation", "evaluations.view_leaderrating"], raise_exception=True)
@transaction.atomic
def record(request):
    """Record the commendations of those ticked in one act."""
    found = Proposal(request)
    form = CommendAllForm(request.POST)
    if form.is_valid() and (made := _recorded(request, found, form)):
        said = ngettext("%(n)d commendation was recorded.", "%(n)d commendations were recorded.", len(made))
        messages.success(request, said % {"n": len(made)})
        return redirect(_list_url(found))
    return _page(request, found, form)


def _page(request, found: Proposal, form: CommendAllForm):
    context = {
        "proposal": found,
        "filter": found.list.filter,
        "form": form,
        "is_posted": request.method == "POST",
        "ticked": set(request.POST.getlist("chon")),
        "may_record": any(one.is_kept for one in found.rows),
        "commended": sum(bool(one.already) for one in found.rows),
        "paper_url": _paper_url(found),
        "tab": "proposal",
    }
    return render(request, "learning/proposal.html", context)


def _recorded(request, found: Proposal, form: CommendAllForm) -> list[Commendation]:
    said = form.cleaned_data
    try:
        check_day(said["day"])
        rows = found.ticked(request.POST.getlist("chon"))
        if not rows:
            raise ValidationError(_("Tick at least one row of the list."))
        unit = deciding_unit(request.user, found.unit)
        with one_act(request, nfc(said["merit"])):
            decision = recorded_paper(paper_of(form), unit)
            return found.record(rows, decision=decision, form=said["form"], merit=nfc(said["merit"]))
    except (ValidationError, IntegrityError) as error:
        form.add_error(None, sentences_for(error))
        return []


def _list_url(found: Proposal) -> str:
    of = "ca-nhan" if found.list.is_of_people else "chi-bo"
    return f"{reverse('learning:commendations')}?loai={of}&nam={found.year}&nhieu_nam=co"


def _paper_url(found: Proposal) -> str:
    if found.unit is None or not found.year:
        return ""
    address = reverse("papers:paper", args=[found.unit.pk, found.year, "xuat-sac-nhieu-nam"])
    return f"{address}?so_nam={found.years}"
