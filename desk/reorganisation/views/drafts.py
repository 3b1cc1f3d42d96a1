"""Drafting: events, their lines, and taking either back. Who may: ``kept_by``, the role, and the state."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import form_page, get_kept_or_404
from accounts.guard import Guard, GuardedFormMixin
from cells.kinds import Level
from cells.models import CELL_KINDS, Line, Reorganisation, Unit
from cells.models.grants import scope_of
from desk.reorganisation.drafting import (
    add_lines,
    begin,
    change_event,
    change_line,
    discard,
    remove_line,
)
from desk.reorganisation.events import may_draft
from desk.reorganisation.forms.divisions import form_for
from desk.reorganisation.forms.events import EventForm
from desk.reorganisation.forms.lines import FOR_COMMUNES
from desk.reorganisation.views.access import applies, drafts, event_to_change, saved
from desk.reorganisation.wording import Then, in_words


class Closed(Exception):
    """The event may not be changed by this person in its present state."""


def guard_of(event: Reorganisation) -> Guard:
    """Every change of an event or its lines leaves a row in the event's history."""
    return Guard(Reorganisation.history.filter(id=event.pk))


def draft_or_404(request, pk) -> Reorganisation:
    """Return the event for changing: 404 and 403 as everywhere, Closed where its state forbids it."""
    event = event_to_change(request, pk)
    if not may_draft(request.user, event):
        raise Closed(event)
    return event


def on_drafts(view):
    """Lead back to the event, with a sentence, where it can no longer be changed."""

    def guarded(request, *args, **kwargs):
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except Closed as closed:
            (event,) = closed.args
            messages.error(
                request,
                _("“%(title)s” is %(state)s; its lines can no longer be changed.")
                % {"title": event, "state": event.get_state_display().lower()},
            )
            return redirect(event)

    return form_page(drafts(guarded))


# --- the event ---------------------------------------------------------------------------


@form_page
@applies
@transaction.atomic
def event_new(request):
    """Begin an event for a province, a commune or (where all is kept) the country."""
    scope = scope_of(request.user, keeping=True)
    units = _units_of_events(request.user, everywhere=scope.everywhere)
    if not units.exists():
        raise Http404
    form = EventForm(
        request.POST or None,
        user=request.user,
        units=units,
        country=scope.everywhere,
        guard=Guard(),
        initial={"unit": None if scope.everywhere else units.first()},
    )
    if form.is_valid():
        begun = []

        def save():
            cleaned = form.cleaned_data
            begun.append(
                begin(
                    title=cleaned["title"],
                    unit=cleaned["unit"],
                    on=cleaned["on"],
                    decision=form.decision(cleaned["unit"]),
                )
            )

        if saved(form, save):
            messages.success(request, _("The draft is begun. Now add what is to change."))
            return redirect(begun[0])
    return render(request, "reorganisations/event_form.html", _event_context(form, event=None))


def _units_of_events(user, *, everywhere: bool):
    kept = Unit.objects.kept_by(user).standing()
    levels = [Level.PROVINCE] if everywhere else [Level.PROVINCE, Level.COMMUNE]
    # "province" comes after "commune": the province stands first.
    return kept.filter(level__in=levels).order_by("-level", "sort_key", "pk")


def _event_context(form, *, event) -> dict:
    shown = [form[name] for name in ("title", "unit", "on") if name in form.fields]
    return {
        "form": form,
        "event": event,
        "fields": shown,
        "paper_fields": [form[name] for name in form.DECISION],
    }


@on_drafts
def event_edit(request, pk):
    event = draft_or_404(request, pk)
    form = EventForm(
        request.POST or None,
        user=request.user,
        units=Unit.objects.none(),
        country=True,
        guard=guard_of(event),
        initial={"title": event.title, "on": event.effective_on},
    )
    # Where an event takes place is settled when it is begun: its lines depend on it.
    del form.fields["unit"]
    form.show_decision(event.decision, unit=event.unit)
    if form.is_valid():

        def save():
            cleaned = form.cleaned_data
            decision = form.decision(event.unit)
            change_event(event, title=cleaned["title"], on=cleaned["on"], decision=decision)

        if saved(form, save):
            messages.success(request, _("Saved."))
            return redirect(event)
    return render(request, "reorganisations/event_form.html", _event_context(form, event=event))


@on_drafts
def event_discard(request, pk):
    """Take away a draft that came to nothing."""
    event = draft_or_404(request, pk)
    form = GuardedFormMixin(request.POST or None, guard=guard_of(event))
    if form.is_valid() and saved(form, lambda: discard(event)):
        messages.success(request, _("The draft is discarded. Its history is kept."))
        return redirect("reorganisations:list")
    context = {
        "form": form,
        "title": _("Discard the draft"),
        "heading": _("Discard the draft “%(title)s”?") % {"title": event},
        "text": _("The draft with all its lines disappears from the list. No unit, cell or figure changes."),
        "action_label": _("Discard the draft"),
        "cancel_url": event.get_absolute_url(),
    }
    return render(request, "reorganisations/confirm.html", context)


# --- lines -------------------------------------------------------------------------------


@on_drafts
def line_add(request, pk, kind):
    """Add one change to the event; a division makes a line for each part."""
    event = draft_or_404(request, pk)
    if event.is_of_a_commune and kind not in FOR_COMMUNES:
        raise Http404
    form = _line_form(request, event, kind, initial=_as_the_line_before(event))
    if form.is_valid() and saved(form, lambda: add_lines(event, form.drafts())):
        messages.success(request, _("Added."))
        if "again" in request.POST:
            return redirect("reorganisations:line_add", event.pk, kind)
        return redirect(event)
    return render(request, "reorganisations/line_form.html", _line_context(form, event))


@on_drafts
def line_edit(request, pk):
    line = _line_or_404(request, pk)
    event = draft_or_404(request, line.reorganisation_id)
    line.reorganisation = event
    form = _line_form(request, event, line.kind, line=line)
    if form.is_valid() and saved(form, lambda: change_line(line, *form.drafts())):
        messages.success(request, _("Saved."))
        return redirect(event)
    return render(request, "reorganisations/line_form.html", _line_context(form, event, line=line))


@on_drafts
def line_remove(request, pk):
    line = _line_or_404(request, pk)
    event = draft_or_404(request, line.reorganisation_id)
    line.reorganisation = event
    form = GuardedFormMixin(request.POST or None, guard=guard_of(event))
    if form.is_valid() and saved(form, lambda: remove_line(line)):
        messages.success(request, _("The line is removed from the draft."))
        return redirect(event)
    context = {
        "form": form,
        "title": _("Remove a line"),
        "heading": _("Remove this line from the draft?"),
        "text": in_words(line, Then.of([line])),
        "action_label": _("Remove the line"),
        "cancel_url": event.get_absolute_url(),
    }
    return render(request, "reorganisations/confirm.html", context)


def _line_or_404(request, pk) -> Line:
    return get_kept_or_404(Line.objects.with_everything(), request.user, pk=pk)


def _as_the_line_before(event: Reorganisation) -> dict:
    """Return day and paper of the last line, else of the event: most lines share them."""
    last = event.lines.select_related("decision").order_by("position", "pk").last()
    return {
        "on": last.on if last else event.effective_on,
        "paper": last.decision if last else event.decision,
        "of_cells": last.is_about_cells if last else None,
    }


def _line_form(request, event, kind, *, initial=None, line=None):
    """Return the form as it was sent, as it was sent for looking on, or as it begins."""
    form_class = form_for(kind, line=line)
    given = {"event": event, "kind": kind, "user": request.user, "guard": guard_of(event)}
    if request.method == "POST":
        if not form_class.looked_on(request.POST):
            return form_class(request.POST, **given)
        form = form_class(initial=form_class.counted(request.POST), **given)
        form.show_decision(None, unit=event.unit, of_party=kind in CELL_KINDS)
        form.keep(request.POST)
        return form
    initial = initial or {}
    form = form_class(initial={"on": initial.get("on")}, **given)
    of_party = kind in CELL_KINDS
    if line is not None:
        form.show_line(line)
        form.show_decision(line.decision, unit=event.unit, of_party=of_party)
    else:
        # Cells are joined by a paper of their own, not by that of the hamlets.
        fits = initial["of_cells"] in (None, of_party)
        form.show_decision(initial["paper"] if fits else None, unit=event.unit, of_party=of_party)
    return form


def _line_context(form, event, *, line=None) -> dict:
    return {
        "form": form,
        "event": event,
        "line": line,
        "title": form.title,
        "is_split": hasattr(form, "new_parts"),
    }
