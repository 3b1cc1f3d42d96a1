"""Recording the decision of the standing committee, and correcting a level by a later one."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.gzip import gzip_page

from accounts.access import form_page
from evaluations.forms import PaperForm
from evaluations.models import CellRating, LeaderRating, Level, Submission
from evaluations.review.authority import WORK
from evaluations.review.correcting import Correction, may_correct
from evaluations.review.correcting import correct as correct_level
from evaluations.review.deciding import record_decision
from evaluations.review.grid import Row, load
from evaluations.review.required import ratings_of
from evaluations.review.steps import DECIDE, DECIDE_MORE
from evaluations.review.wording import labels_for
from evaluations.views.files import act, as_read, grid_url, taking_part, worked_file
from sheets.text import lower_first, nfc

KINDS = {"chi-bo": CellRating, "nguoi": LeaderRating}
MOST_VOTERS = 999


class DecisionForm(PaperForm):
    voters = forms.IntegerField(
        label=gettext_lazy("votes cast"),
        required=False,
        min_value=1,
        max_value=MOST_VOTERS,
        help_text=gettext_lazy("Only where votes are entered below."),
    )


class CorrectionForm(PaperForm):
    level = forms.ChoiceField(label=gettext_lazy("new level"), choices=[("", "–"), *Level.choices])
    reason = forms.CharField(label=gettext_lazy("reason of the correction"), max_length=500)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    field_order = ("level", "reason", "number", "day", "body", "signer", "revision")


def _committee(file: Submission) -> dict:
    commune = lower_first(str(file.commune))
    return {"body": _("Standing committee of the Party committee of %(commune)s") % {"commune": commune}}


@form_page
@permission_required(WORK, raise_exception=True)
@gzip_page
def decide(request, year: int, pk: int):
    """One form for all: number, day, signer; the exceptions row by row."""
    file = worked_file(request, year, pk)
    if file.state not in DECIDE.sources | DECIDE_MORE.sources:
        messages.error(
            request, _("The decision is recorded after the file was put to the standing committee.")
        )
        return redirect(grid_url(file))
    shown = load(file, request.user)
    rows = [row for row in shown.rows if not (row.rating.not_subject_reason or row.rating.is_decided)]
    form = DecisionForm(request.POST or None, initial=_committee(file))
    faults: list[str] = []
    if form.is_valid():
        try:
            _record(request, file, form, rows)
        except ValidationError as error:
            faults = error.messages
        else:
            messages.success(request, _("The decision is recorded. Now send the file to the province."))
            return redirect(grid_url(file))
    context = {
        "file": file,
        "form": form,
        "faults": faults,
        "rows": [_with_choice(row, request.POST) for row in rows],
        "levels": Level,
        "labels": labels_for(file),
        "revision": request.POST.get("revision") or str(file.revision),
    }
    return render(request, "review/decide.html", context)


def _with_choice(row: Row, posted) -> dict:
    return {
        "row": row,
        "level": posted.get(f"{row.key}-decided", ""),
        "votes": posted.get(f"{row.key}-votes", ""),
        "reason": posted.get(f"{row.key}-reason", row.rating.reason),
    }


def _record(request, file: Submission, form: DecisionForm, rows: list[Row]) -> None:
    exceptions, votes, reasons, faults = {}, {}, {}, []
    for row in rows:
        about = (type(row.rating), row.rating.pk)
        if level := request.POST.get(f"{row.key}-decided", ""):
            exceptions[about] = level
        if reason := nfc(request.POST.get(f"{row.key}-reason", ""))[:500]:
            reasons[about] = reason
        text = request.POST.get(f"{row.key}-votes", "").strip()
        if text.isdecimal() and len(text) < 4:
            votes[about] = int(text)
        elif text:
            faults.append(
                _("%(row)s: “%(value)s” is no number of votes.") % {"row": row.title, "value": text}
            )
    if faults:
        raise ValidationError(faults)
    paper = form.paper(
        voters=form.cleaned_data["voters"], exceptions=exceptions, votes=votes, reasons=reasons
    )
    with act(request, file, _("decision of the standing committee recorded")):
        record_decision(as_read(request, file), paper, by=request.user)


@form_page
def correct(request, year: int, pk: int, kind: str, row: int):
    """Replace a decided level by a new edition with its own decision and reason."""
    if kind not in KINDS:
        raise Http404
    file = taking_part(request, year, pk)
    if not may_correct(request.user, file):
        raise PermissionDenied
    rating = get_object_or_404(ratings_of(file, KINDS[kind]).select_related("decision"), pk=row)
    if not rating.is_decided:
        raise Http404
    about = getattr(rating, "person", None) or rating.cell
    form = CorrectionForm(request.POST or None, initial=_committee(file) | {"revision": rating.revision})
    if form.is_valid() and form.cleaned_data["level"] == rating.decided_level:
        form.add_error("level", _("This is the level that was decided. Choose another one."))
    if form.is_valid():
        rating.revision = form.cleaned_data["revision"]
        told = Correction(form.cleaned_data["level"], form.paper(), form.cleaned_data["reason"])
        try:
            with act(request, file, _("corrected: %(row)s") % {"row": about}):
                correct_level(file, rating, told, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(
                request, _("Corrected: %(row)s. The earlier edition stays readable.") % {"row": about}
            )
            return redirect(grid_url(file))
    return render(
        request, "review/correct.html", {"file": file, "form": form, "rating": rating, "about": about}
    )
