"""What is done with an event: sent, given back, checked, carried out, undone, opened again."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import form_page
from cells.models import Line, Reorganisation
from desk.reorganisation import applying
from desk.reorganisation.acts import ACTS, label_of
from desk.reorganisation.forms.acts import ReasonForm, RemarkForm
from desk.reorganisation.rehearsal import keeping
from desk.reorganisation.views.access import applies, drafts, event_to_change, seen_revision, stale
from desk.reorganisation.wording import Then, in_words
from desk.reorganisation.work import start_applying, start_checking, start_undoing

State = Reorganisation.State
# So many lines are named on the page that asks; the page of the event shows all.
LINES_NAMED = 20


def act(request, event: Reorganisation, deed: Callable, form=None) -> bool:
    """Do the deed (called with ``seen``) unless somebody changed the event meanwhile; say why it was not done."""
    refusal = stale(request, event)
    if not refusal:
        try:
            with transaction.atomic():
                deed(seen=seen_revision(request))
        except ValidationError as error:
            return _refused(request, error.messages, form)
        event.refresh_from_db()
        return True
    return _refused(request, [refusal], form)


def _refused(request, sentences: list[str], form) -> bool:
    for sentence in sentences:
        if form is None:
            messages.error(request, sentence)
        else:
            form.add_error(None, sentence)
    return False


def ask(request, event: Reorganisation, name: str, *, template: str = "ask", hindrances=(), **texts):
    """Show the question before an act; where something stands in its way, that instead of the button."""
    chosen = ACTS[name]
    if event.state not in chosen.states:
        sentence = _("The event is in the state “%(state)s”; this act is not possible now.")
        hindrances = [sentence % {"state": event.get_state_display()}]
    # The revision as it is now: a second try after a refusal is a decision.
    context = {
        "event": event,
        "label": label_of(chosen, event),
        "hindrances": hindrances,
        "form": None,
        **texts,
    }
    return render(request, f"reorganisations/{template}.html", context)


@form_page
@drafts
@transaction.atomic
def submit(request, pk):
    """Send a commune's draft to the province."""
    event = event_to_change(request, pk)
    if request.method == "POST" and act(request, event, partial(applying.submit, event)):
        messages.success(request, _("Sent. The province checks the draft and carries it out."))
        return redirect(event)
    text = _("Afterwards the draft can be changed again only when the province gives it back.")
    return ask(request, event, "submit", text=text)


@form_page
@applies
@transaction.atomic
def send_back(request, pk):
    """Give a draft back to its commune, with what is to be completed."""
    event = event_to_change(request, pk)
    form = RemarkForm(request.POST or None)
    if form.is_valid():
        deed = partial(applying.send_back, event, remark=form.cleaned_data["remark"])
        if act(request, event, deed, form):
            messages.success(request, _("Given back. The commune reads on its first page what to complete."))
            return redirect(event)
    text = _("The commune can change the draft again, and sends it again afterwards.")
    return ask(request, event, "send_back", text=text, form=form)


@form_page
@applies
@transaction.atomic
def check(request, pk):
    """Confirm that somebody has read the rehearsal and chosen every fate."""
    event = event_to_change(request, pk)
    if request.method == "POST":
        if keeping.is_long(event) and not stale(request, event):
            job = start_checking(event, seen=event.revision, by=request.user)
            return redirect("jobs:job", job.pk)
        if act(request, event, partial(applying.check, event)):
            messages.success(request, _("Confirmed. The event can be carried out."))
            return redirect(event)
        return redirect("reorganisations:rehearsal", pk)
    text = _("The rehearsal has been read, and what is to become of each case has been chosen.")
    return ask(request, event, "check", text=text, hindrances=_why_not_ready(event))


def _why_not_ready(event: Reorganisation) -> list[str]:
    """Say what the rehearsal that is shown leaves open."""
    said = keeping.kept(event)
    if said is None:
        return []
    left = len(said.open_cases)
    if not left:
        return said.problems
    sentence = ngettext(
        "%(count)d case is left to choose. Choose on the page of the rehearsal.",
        "%(count)d cases are left to choose. Choose on the page of the rehearsal.",
        left,
    )
    return [*said.problems, sentence % {"count": left}]


@form_page
@applies
@transaction.atomic
def apply(request, pk):
    """Carry out what is due; what lies in the future waits for its day."""
    event = event_to_change(request, pk)
    if request.method == "POST":
        if keeping.is_long(event) and not stale(request, event):
            job = start_applying(event, seen=event.revision, by=request.user)
            return redirect("jobs:job", job.pk)
        if act(request, event, partial(applying.apply, event)):
            messages.success(request, _carried_out(event))
            return redirect(event)
    return ask(
        request,
        event,
        "apply",
        template="apply",
        hindrances=_why_not_ready(event),
        due=_lines(event, on__lte=timezone.localdate()),
        later=_lines(event, on__gt=timezone.localdate()),
        said=keeping.kept(event),
    )


def _carried_out(event: Reorganisation) -> str:
    if event.state == State.WAITING and not event.lines.filter(applied_in__isnull=False).exists():
        return _("Nothing is due today. The event is carried out on its day.")
    if event.state == State.WAITING:
        return _("What is due has been carried out. What lies in the future is carried out on its day.")
    return _("Carried out.")


def _lines(event: Reorganisation, **due) -> dict:
    """Return the lines that are due (or not yet): how many, the first of them in words, and their days."""
    lines = Line.objects.filter(reorganisation=event, **due).waiting().by_day()
    first = list(lines.with_everything()[:LINES_NAMED])
    then = Then.of(first)
    return {
        "count": lines.count(),
        "first": [(line.on, in_words(line, then)) for line in first],
        "days": list(lines.order_by("on").values_list("on", flat=True).distinct()),
    }


@form_page
@applies
@transaction.atomic
def undo(request, pk):
    """Take back everything the event did, while nothing later depends on it."""
    event = event_to_change(request, pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if keeping.was_long(event) and not stale(request, event):
            job = start_undoing(event, seen=event.revision, by=request.user, reason=reason)
            return redirect("jobs:job", job.pk)
        if act(request, event, partial(applying.undo, event, by=request.user, reason=reason), form):
            messages.success(request, _("Undone: every row is again as it was before."))
            return redirect(event)
    return ask(
        request,
        event,
        "undo",
        template="undo",
        form=form,
        # Of a long event the worker finds out, and says the same.
        hindrances=applying.beyond_undoing(event) if keeping.was_long(event) else applying.hindrances(event),
        lines=event.lines.applied().count(),
        corrections=len(applying.corrections_of(event)),
    )


@form_page
@applies
@transaction.atomic
def reopen(request, pk):
    """Make a draft again of an event that was checked, waits or was undone."""
    event = event_to_change(request, pk)
    if request.method == "POST" and act(request, event, partial(applying.reopen, event)):
        messages.success(request, _("The event is a draft again."))
        return redirect(event)
    text = _("The event becomes a draft again. It has to be checked anew before it is carried out.")
    return ask(request, event, "reopen", text=text)
