"""The first load of a province, step by step, and its dress rehearsal."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cells.models import Unit
from desk.importing import batches
from desk.importing.dress_rehearsal import (
    in_work,
    is_long,
    is_ready,
    of_province,
    ready,
    rehearse_and_keep,
    start_rehearsal,
)
from desk.importing.first_load import Load, StepTold, told
from desk.importing.forms import FORMS
from desk.importing.provinces import LOADS, kept_provinces
from desk.models import ImportBatch, KeptLoadRehearsal

# The field of a file that is to be rehearsed; its key needs no more digits than this.
FILE, LONGEST_KEY = "tep", 12
RESULT = "ket-qua"

loads = permission_required(LOADS, raise_exception=True)


def province_or_404(request, provinces) -> Unit | None:
    """Return the province of the address, or the only one; None where one is to be chosen, 404 without any."""
    key = request.GET.get("tinh", "")
    if key:
        found = provinces.filter(pk=int(key)).first() if is_key(key) else None
        if found is None:
            raise Http404
        return found
    first = list(provinces[:2])
    if not first:
        raise Http404
    return first[0] if len(first) == 1 else None


def is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < LONGEST_KEY


@require_safe
@loads
def first_load(request):
    """The order of files, what is in, what is missing, and what the last rehearsal showed."""
    provinces = kept_provinces(request.user)
    province = province_or_404(request, provinces)
    context = {"province": province, "provinces": provinces}
    if province:
        load = Load(province, request.user)
        steps = told(load, batches.forms_of(request.user))
        _add_files(steps, request.user, province)
        context |= {
            "steps": steps,
            "has_ready": any(batch.is_ready for step in steps for batch in step.batches),
            "kept": _kept(request.user, province),
            "year": load.years[0],
        }
    return render(request, "importing/first_load.html", context)


def _add_files(steps: list[StepTold], user, province: Unit) -> None:
    """Put the files in work at their steps, with whether they can be rehearsed, and count those written."""
    written = ImportBatch.objects.visible_to(user).filter(of_province(province), state=ImportBatch.State.DONE)
    counts = dict(written.order_by().values_list("kind").annotate(Count("pk")))
    files: dict[str, list[ImportBatch]] = {}
    for batch in in_work(user, province).order_by("pk"):
        batch.is_ready = is_ready(batch) and batches.may_write(user, batch)
        files.setdefault(batch.kind, []).append(batch)
    for one in steps:
        one.batches = [batch for kind in one.step.kinds for batch in files.get(kind, [])]
        one.written = sum(counts.get(kind, 0) for kind in one.step.kinds)


def _kept(user, province: Unit) -> KeptLoadRehearsal | None:
    kept = KeptLoadRehearsal.objects.filter(by=user, province=province).first()
    for file in kept.result["files"] if kept else ():
        file["form"] = FORMS[file["kind"]].label if file["kind"] in FORMS else ""
    return kept


@require_POST
@loads
def rehearse(request):
    """Rehearse the chosen files: many rows in the background, few at once."""
    province = province_or_404(request, kept_provinces(request.user))
    if province is None:
        raise Http404
    keys = {int(key) for key in request.POST.getlist(FILE) if is_key(key)}
    chosen = ready(request.user, province, keys)
    back = reverse("importing:first_load") + f"?tinh={province.pk}"
    if not chosen or len(chosen) != len(keys):
        messages.warning(
            request,
            _("Somebody has worked on one of the files meanwhile. Choose them again.")
            if keys
            else _("Tick the files that are to be rehearsed."),
        )
        return redirect(back)
    if is_long(chosen):
        return redirect("jobs:job", start_rehearsal(request.user, province, chosen).pk)
    rehearse_and_keep(request.user, province, chosen)
    return redirect(f"{back}#{RESULT}")
