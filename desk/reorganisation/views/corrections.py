"""Putting right what was entered wrongly in an event that has been carried out: an act with a reason."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import form_page
from accounts.guard import Guard
from cells.models import Decision, Line, LineKind, Reorganisation
from desk.reorganisation import correcting
from desk.reorganisation.forms.acts import DayForm, DecisionForm, NameForm
from desk.reorganisation.views.access import applies, event_to_change, saved
from desk.reorganisation.wording import Then, in_words

LINES_ON_A_PAGE = 50
# The others bring no name of their own into being.
NAMING = (
    LineKind.FOUND,
    LineKind.OPEN,
    LineKind.RENAME,
    LineKind.CELL_FOUND,
    LineKind.CELL_JOIN,
    LineKind.CELL_RENAME,
)


@require_safe
@applies
def correct(request, pk):
    """Show the lines that were carried out, each with what can be put right in it."""
    event = event_to_change(request, pk)
    lines = Line.objects.filter(reorganisation=event).applied().with_everything().by_day()
    page = Paginator(lines, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    then = Then.of(shown)
    rows = [(line, in_words(line, then), has_a_name(line)) for line in shown]
    return render(request, "reorganisations/correct.html", {"event": event, "page": page, "rows": rows})


def has_a_name(line: Line) -> bool:
    return line.kind in NAMING and bool(line.name)


def _line_or_404(event, pk: int) -> Line:
    applied = Line.objects.filter(reorganisation=event).applied()
    return get_object_or_404(applied.with_everything(), pk=pk)


def _corrected(request, event: Reorganisation, form, deed: Callable) -> bool:
    """Do it where the form is right; where it is refused, say why beside the form."""
    if not form.is_valid() or not saved(form, lambda: deed(form.cleaned_data)):
        return False
    messages.success(request, _("Corrected. Reason and old entry stay in the history of the event."))
    return True


def _page(request, event: Reorganisation, line: Line, form, heading: str, *, together: int = 0):
    context = {
        "event": event,
        "form": form,
        "heading": heading,
        "said": in_words(line, Then.of([line])),
        "line": line,
        "together": together,
    }
    return render(request, "reorganisations/correct_line.html", context)


@form_page
@applies
@transaction.atomic
def correct_name(request, pk, line):
    event = event_to_change(request, pk)
    line = _line_or_404(event, line)
    if not has_a_name(line):
        raise Http404
    form = NameForm(request.POST or None, guard=Guard(line.history), initial={"name": line.name})

    def deed(given):
        correcting.correct_name(line, name=given["name"], reason=given["reason"])

    if _corrected(request, event, form, deed):
        return redirect("reorganisations:correct", pk)
    return _page(request, event, line, form, _("Correct a name"))


@form_page
@applies
@transaction.atomic
def correct_day(request, pk, line):
    """Put right the day of this line and of all others of the event that took effect with it."""
    event = event_to_change(request, pk)
    line = _line_or_404(event, line)
    form = DayForm(request.POST or None, guard=Guard(line.history), initial={"day": line.on})

    def deed(given):
        correcting.correct_day(event, day=line.on, new_day=given["day"], reason=given["reason"])

    if _corrected(request, event, form, deed):
        return redirect("reorganisations:correct", pk)
    together = event.lines.filter(on=line.on).count()
    return _page(request, event, line, form, _("Correct a day"), together=together)


@form_page
@applies
@transaction.atomic
def correct_decision(request, pk, line):
    event = event_to_change(request, pk)
    line = _line_or_404(event, line)
    form = DecisionForm(
        request.POST or None, line=line, guard=Guard(line.history), initial=_as_recorded(line.decision)
    )

    def deed(given):
        correcting.correct_decision(line, decision=form.decision(), reason=given["reason"])

    if _corrected(request, event, form, deed):
        return redirect("reorganisations:correct", pk)
    return _page(request, event, line, form, _("Correct a decision"))


def _as_recorded(decision: Decision | None) -> dict:
    if decision is None:
        return {}
    return {"number": decision.number, "date": decision.date, "issuing_body": decision.issuing_body}
