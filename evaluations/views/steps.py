"""Taking the steps of a file, and writing on its thread: for both sides of it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from evaluations.models import Step, Submission
from evaluations.review.buttons import ASKED
from evaluations.review.required import missing_for_putting
from evaluations.review.share import shares_of, warning
from evaluations.review.steps import ACTS, take, write_message
from evaluations.review.wording import step_done, step_label, step_question
from evaluations.views.files import act, as_read, grid_url, say_why, taking_part

Kind = Step.Kind


class WordsForm(forms.Form):
    """Why a step is taken; the commune or the province reads it."""

    text = forms.CharField(
        label=gettext_lazy("reason, in a sentence"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AskingForm(WordsForm):
    """What the province asks the commune to complete; it stands at the top of the commune's page."""

    text = forms.CharField(
        label=gettext_lazy("what is to be completed"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class ShareForm(forms.Form):
    """Why more cells are proposed as excellent than the share allows; it may stay empty."""

    share_reason = forms.CharField(
        label=gettext_lazy("reason for more than the share"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_POST
def step(request, year: int, pk: int):
    """Take one step of the file; where it has consequences, say them first."""
    file = taking_part(request, year, pk)
    kind = request.POST.get("kind", "")
    if kind not in ACTS:
        raise Http404
    if not ACTS[kind].may(request.user, file):
        raise PermissionDenied
    next_url = _next(request, file)
    over = _over_the_share(file) if kind == Kind.PUT else ""
    form = _form_of(request, kind, over)
    is_answered = "confirmed" in request.POST
    if (kind in ASKED or over) and not (is_answered and (form is None or form.is_valid())):
        return _question(request, file, kind, form, next_url, over)
    given = form.cleaned_data if form else {}
    try:
        with act(request, file, step_label(kind, file)):
            take(as_read(request, file), kind, by=request.user, **given)
    except ValidationError as error:
        if kind in (Kind.CHECKED, Kind.PUT) and missing_for_putting(file):
            return redirect(f"{grid_url(file)}?kiem-tra=1#kiem-tra")
        say_why(request, error)
    else:
        messages.success(request, step_done(kind))
    return redirect(next_url)


def _over_the_share(file: Submission) -> str:
    return warning(shares_of([file], file.cycle)[file.commune_id])


def _form_of(request, kind: str, over: str) -> forms.Form | None:
    sent = request.POST if "confirmed" in request.POST else None
    if ACTS[kind].needs_words:
        return (AskingForm if kind == Kind.RETURNED else WordsForm)(sent)
    return ShareForm(sent) if over else None


def _question(request, file: Submission, kind: str, form, next_url: str, over: str):
    if isinstance(form, ShareForm) and not form.is_bound:
        form.initial["share_reason"] = file.share_reason
    context = {
        "file": file,
        "kind": kind,
        "heading": step_label(kind, file),
        "text": over or step_question(kind, file),
        "form": form,
        "revision": request.POST.get("revision", ""),
        "next": next_url,
    }
    return render(request, "review/confirm.html", context)


def _next(request, file: Submission) -> str:
    """Return where to go on: the page the button stood on, if it is one of ours."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and is_ours else grid_url(file)


@require_POST
def message(request, year: int, pk: int):
    """Put a message on the thread of the file."""
    file = taking_part(request, year, pk)
    try:
        with act(request, file, _("message")):
            write_message(file, request.POST.get("text", "")[:2000], by=request.user)
    except ValidationError as error:
        say_why(request, error)
    else:
        messages.success(request, _("The message was sent."))
    return redirect(f"{_next(request, file)}")
