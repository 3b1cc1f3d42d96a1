"""The commune's short drafts: two hamlets that merge, two cells that are joined."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import form_page, get_kept_or_404
from cells.models import CellArea, Unit
from dashboards.rows import with_former_place
from dashboards.wording import words_for, words_of
from desk.reorganisation.forms.proposals import CellJoinForm, MergerForm, cells_of_hamlet, name_for_cell
from desk.reorganisation.views.access import proposes, saved

MOST_COMMUNES = 200


@form_page
@proposes
@transaction.atomic
def merger(request):
    """Draft a merger of hamlets: of the one commune somebody keeps, or of the one the address names."""
    commune = _commune(request)
    if commune is None:
        return _choose_commune(request)
    hamlets = _standing(request).hamlets().filter(commune=commune)
    form = MergerForm(request.POST or None, commune=commune, things=hamlets, initial=_ticked(request))
    if (event := _drafted(request, form)) is not None:
        return redirect(event)
    context = {
        "form": form,
        "commune": commune,
        "title": _merger_title(request),
        "of_cells": False,
        "words": words_of(hamlets),
    }
    return render(request, "reorganisations/proposal.html", context)


@form_page
@proposes
@transaction.atomic
def cell_join(request):
    """Draft the joining of the cells of one hamlet; without one, show the hamlets that have several."""
    if not request.GET.get("thon"):
        return _choose_hamlet(request)
    hamlet = get_kept_or_404(Unit.objects.hamlets().standing(), request.user, pk=_number(request, "thon"))
    cells = cells_of_hamlet(hamlet, request.user)
    if cells.count() < 2:
        raise Http404
    initial = {"name": name_for_cell(hamlet), "things": [cell.pk for cell in cells]}
    form = CellJoinForm(request.POST or None, commune=hamlet.commune, things=cells, initial=initial)
    if (event := _drafted(request, form)) is not None:
        return redirect(event)
    context = {
        "form": form,
        "commune": hamlet.commune,
        "hamlet": hamlet,
        "title": _("Proposal to join cells"),
        "of_cells": True,
    }
    return render(request, "reorganisations/proposal.html", context)


def _merger_title(request) -> str:
    return _("Proposal to merge %(hamlets)s") % {"hamlets": words_for(request.user).hamlet}


def _drafted(request, form):
    """Return the event the form has made, if it was right."""
    made = []
    if form.is_valid() and saved(form, lambda: made.append(form.save())):
        messages.success(request, _("The draft is saved. See what it brings about, then send it."))
        return made[0]
    return None


def _standing(request):
    return Unit.objects.kept_by(request.user).standing()


def _number(request, name: str) -> int:
    """Return a key of the address; anything else is not found."""
    value = request.GET.get(name, "")
    if not (value.isdecimal() and len(value) < 19):
        raise Http404
    return int(value)


def _commune(request) -> Unit | None:
    """Return the commune of the address, else the only one; None where it must be chosen first."""
    if request.GET.get("xa"):
        communes = Unit.objects.communes().standing()
        return get_kept_or_404(communes, request.user, pk=_number(request, "xa"))
    if request.GET.get("thon"):
        hamlets = Unit.objects.hamlets().standing().select_related("commune")
        return get_kept_or_404(hamlets, request.user, pk=_number(request, "thon")).commune
    kept = list(_standing(request).communes()[:2])
    return kept[0] if len(kept) == 1 else None


def _ticked(request) -> dict:
    return {"things": [_number(request, "thon")]} if request.GET.get("thon") else {}


def _choose_commune(request):
    communes = _standing(request).communes()
    if not communes.exists():
        raise Http404
    words = request.GET.get("q", "").strip()[:100]
    found = communes.matching(words).select_related("province").order_by("sort_key", "pk")
    context = {
        "title": _merger_title(request),
        "query": words,
        "communes": found[:MOST_COMMUNES],
        "has_more": found.count() > MOST_COMMUNES,
    }
    return render(request, "reorganisations/choose_commune.html", context)


def _choose_hamlet(request):
    """Show where hamlets were merged and their cells not yet."""
    hamlets = _standing(request).hamlets()
    if not _standing(request).exists():
        raise Http404
    today = CellArea.objects.on(timezone.localdate()).filter(cell__closed_on__isnull=True)
    several = today.order_by().values("hamlet").annotate(n=Count("cell")).filter(n__gt=1).values("hamlet")
    found = with_former_place(hamlets.filter(pk__in=several)).order_by("commune__sort_key", "sort_key", "pk")
    context = {"title": _("Proposal to join cells"), "hamlets": found[:MOST_COMMUNES]}
    return render(request, "reorganisations/choose_hamlet.html", context)
