"""What is done with a file: written, sent to the province, taken back, given back, dropped, undone."""

from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.access import form_page
from accounts.sheet_lines import CHANGED, NEW
from desk.importing import batches
from desk.importing.checking import FAULTY
from desk.importing.views.access import batch_or_404, done, seen_revision, uses
from desk.importing.views.beside import after_writing
from desk.importing.views.written import standing_in_the_way
from desk.importing.work import start_undoing, start_writing, was_long
from desk.models import ImportBatch

State = ImportBatch.State


class ReasonForm(forms.Form):
    """Why something is undone."""

    reason = forms.CharField(label=gettext_lazy("reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


class RemarkForm(forms.Form):
    """What the commune has to complete."""

    remark = forms.CharField(
        label=gettext_lazy("what is to be completed"), max_length=500, widget=forms.Textarea({"rows": 3})
    )


def ask(request, batch: ImportBatch, *, states, heading: str, text: str, **more):
    """Show the question before an act; where the state of the file forbids it, that instead."""
    if batch.shown_state not in states:
        messages.error(
            request,
            _("The file is in the state “%(state)s”; this act is not possible now.")
            % {"state": State(batch.shown_state).label},
        )
        return redirect(batch)
    context = {"batch": batch, "heading": heading, "text": text, "form": None, "fields": {}, **more}
    return render(request, "importing/ask.html", context)


@form_page
@uses
def write(request, pk):
    """Write all rows; or, after a question, only those without faults."""
    batch = batch_or_404(request, pk)
    if not batches.may_write(request.user, batch):
        raise PermissionDenied
    known = batches.known_check(batch)
    only_good = bool(known and known.result["counts"][FAULTY])
    if request.method == "POST":
        # Who confirms only the good rows has been shown the question; the button for all has no faults.
        if only_good and "only_good" not in request.POST:
            return redirect("importing:write", pk)
        if _write(request, batch, only_good="only_good" in request.POST):
            long = batch.long_job
            return redirect("jobs:job", long.pk) if long else after_writing(request, batch)
        return redirect(batch)
    if known is None:
        return redirect(batch)
    return _ask_before_writing(request, batch, known.result, only_good=only_good)


def _write(request, batch: ImportBatch, *, only_good: bool) -> bool:
    batch.long_job = None
    arguments = {"fingerprint": request.POST.get("fingerprint", ""), "only_good": only_good}

    def deed(seen: int) -> None:
        if was_long(batch):
            batch.long_job = start_writing(batch, seen=seen, by=request.user, **arguments)
        else:
            batches.write(batch, seen=seen, by=request.user, **arguments)
            messages.success(request, _("Written."))

    return done(request, batch, deed)


def _ask_before_writing(request, batch: ImportBatch, result: dict, *, only_good: bool):
    counts = result["counts"]
    count, left = counts[NEW] + counts[CHANGED], counts[FAULTY]
    mark = "fingerprint_of_good" if only_good else "fingerprint"
    heading = ngettext("Write %(count)d row", "Write %(count)d rows", count) % {"count": count}
    text = _("The rows are recorded at once; they can be undone while nothing later depends on them.")
    if only_good:
        heading = ngettext("Write only %(count)d good row", "Write only %(count)d good rows", count) % {
            "count": count
        }
        text = ngettext(
            "%(count)d row with faults is not written. Correct it in the file and send the file again: what is"
            " recorded already is then unchanged.",
            "%(count)d rows with faults are not written. Correct them in the file and send the file again: what is"
            " recorded already is then unchanged.",
            left,
        ) % {"count": left}
    fields = {"fingerprint": result[mark]} | ({"only_good": "1"} if only_good else {})
    return ask(
        request,
        batch,
        states={State.OPEN, State.SUBMITTED},
        heading=heading,
        text=text,
        fields=fields,
        action_label=heading,
    )


@require_POST
@uses
def submit(request, pk):
    """Send the file to the province, which confirms it."""
    batch = batch_or_404(request, pk)
    if done(request, batch, partial(batches.submit, batch)):
        messages.success(
            request, _("Sent. The province confirms the file, or gives it back to be completed.")
        )
    return redirect(batch)


@require_POST
@uses
def withdraw(request, pk):
    """Take a file back that the province has not confirmed yet."""
    batch = batch_or_404(request, pk)
    if done(request, batch, partial(batches.withdraw, batch)):
        messages.success(request, _("Taken back. The file can be worked at again."))
    return redirect(batch)


@form_page
@uses
def send_back(request, pk):
    """Give a file back to its commune, with what is to be completed."""
    batch = batch_or_404(request, pk)
    if not batches.may_write(request.user, batch):
        raise PermissionDenied
    form = RemarkForm(request.POST or None)
    if form.is_valid():
        deed = partial(batches.send_back, batch, remark=form.cleaned_data["remark"])
        if done(request, batch, deed, form):
            messages.success(
                request, _("Given back. The commune reads on the page of the file what to complete.")
            )
            return redirect(batch)
    return ask(
        request,
        batch,
        states={State.SUBMITTED},
        heading=_("Give back to be completed"),
        text=_("The commune can work at the file again, and sends it again afterwards."),
        form=form,
        action_label=_("Give back to be completed"),
    )


@form_page
@uses
def drop(request, pk):
    """Put a file aside that will not be written."""
    batch = batch_or_404(request, pk)
    if request.method == "POST" and done(request, batch, partial(batches.drop, batch)):
        messages.success(request, _("The file was put aside. Nothing of it was written."))
        return redirect("importing:desk")
    return ask(
        request,
        batch,
        states={State.OPEN},
        heading=_("Put this file aside"),
        text=_("Nothing of it is written, and the file itself is not kept. It stays on the list of imports."),
        action_label=_("Put this file aside"),
    )


@form_page
@uses
def undo(request, pk):
    """Take back what the file has written, while nothing later depends on it."""
    batch = batch_or_404(request, pk)
    if batch.shown_state == State.DONE and not batches.may_undo(request.user, batch):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if batch.shown_state == State.DONE and form.is_valid():
        reason = form.cleaned_data["reason"]
        if was_long(batch) and seen_revision(request) == batch.revision:
            job = start_undoing(batch, seen=batch.revision, by=request.user, reason=reason)
            return redirect("jobs:job", job.pk)
        if done(request, batch, partial(batches.undo, batch, by=request.user, reason=reason), form):
            messages.success(request, _("Undone: every row is again as it was before."))
            return redirect(batch)
    # Who has just been refused reads why in the form.
    in_the_way = (
        [] if form.is_bound or batch.shown_state != State.DONE else standing_in_the_way(batch, request.user)
    )
    return ask(
        request,
        batch,
        states={State.DONE},
        in_the_way=in_the_way,
        heading=_("Undo this import"),
        text=_("Everything this file has written is taken back, as long as nothing later depends on it."),
        form=form,
        action_label=_("Undo"),
    )
