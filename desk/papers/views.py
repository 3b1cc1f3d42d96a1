"""A paper as a file, and the page on which it is issued under a number."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.changes import ChangeSet, recording
from accounts.refusals import sentences_for
from dashboards.papers.asking import Asked
from dashboards.papers.forms import Form
from dashboards.papers.issuing import ISSUE, Numbered, issue, mark_of, may_issue
from dashboards.papers.making import Paper
from dashboards.papers.views import READ, asked_of, file_response
from desk.papers.work import LONG_PAPER_ROWS, start_issuing, start_paper
from sheets.text import nfc


@require_safe
@permission_required(READ, raise_exception=True)
def paper_file(request, pk, year, form, kind):
    """Answer with the paper; a long one is written by the worker, whose page leads to it."""
    form, asked = asked_of(request, pk, year, form)
    if kind not in form.kinds:
        raise Http404
    paper = Paper.of(form, asked)
    if paper.weight > LONG_PAPER_ROWS:
        return redirect("jobs:job", start_paper(form, asked, kind=kind).pk)
    content = paper.write(kind)
    paper.note(by=request.user, kind=kind)
    return file_response(content, kind, paper.file_name(kind))


class IssueForm(forms.Form):
    """What the signed paper bears. The mark says which figures were looked at."""

    number = forms.CharField(
        label=gettext_lazy("number"),
        max_length=60,
        help_text=gettext_lazy("As on the paper, for example 12-BC/BTCTU."),
    )
    day = forms.DateField(label=gettext_lazy("day of signing"))
    title = forms.CharField(label=gettext_lazy("name of the paper"), max_length=300, required=False)
    mark = forms.CharField(widget=forms.HiddenInput, required=False)

    def numbered(self) -> Numbered:
        said = self.cleaned_data
        return Numbered(nfc(said["number"]).strip(), said["day"], nfc(said["title"]))


@permission_required(ISSUE, raise_exception=True)
def issue_page(request, pk, year, form):
    """Ask for number and day, then freeze the paper as it was looked at."""
    form, asked = asked_of(request, pk, year, form)
    if not form.is_issued:
        raise Http404
    if not may_issue(asked):
        raise PermissionDenied
    if request.method == "POST":
        asked_form = IssueForm(request.POST)
        if asked_form.is_valid():
            answer = _issue(request, form, asked, asked_form)
            if answer is not None:
                return answer
    else:
        paper = Paper.of(form, asked)
        initial = {
            "day": timezone.localdate(),
            "title": f"{form.title} năm {asked.year}",
            "mark": mark_of(paper.figures),
        }
        asked_form = IssueForm(initial=initial)
    context = {"form": asked_form, "paper_form": form, "asked": asked, "unit": asked.unit}
    return render(request, "papers/issue.html", context, status=422 if asked_form.errors else 200)


def _issue(request, form: Form, asked: Asked, asked_form: IssueForm):
    """Issue the paper, or let the worker do it where it is long; None where it was refused."""
    numbered, mark = asked_form.numbered(), asked_form.cleaned_data["mark"]
    if Paper.of(form, asked).weight > LONG_PAPER_ROWS:
        return redirect("jobs:job", start_issuing(form, asked, numbered, mark=mark).pk)
    reason = _("Issued: %(paper)s, number %(number)s") % {"paper": form.label, "number": numbered.number}
    try:
        with recording(by=request.user, kind=ChangeSet.Kind.PAGE, reason=reason), transaction.atomic():
            report = issue(form, asked, numbered, mark=mark)
    except (ValidationError, IntegrityError) as error:
        for sentence in sentences_for(error):
            asked_form.add_error(None, sentence)
        return None
    return redirect(report)
