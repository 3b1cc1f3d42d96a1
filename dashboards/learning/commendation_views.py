"""Commendations: the list, one of them, and recording one for a person or a cell."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import form_page, get_kept_or_404, locked
from accounts.acts import one_act
from accounts.asked import number_in
from accounts.guard import Guard
from accounts.history import delete_many
from accounts.refusals import sentences_for
from cells.models import Cell, Unit
from dashboards.key_pages import KeyPages
from dashboards.learning.filters import CommendationFilter
from dashboards.learning.lists import commendations, in_list_order
from evaluations.review.deciding import Paper, recorded_paper
from leaders.learning.actions import commend, deciding_unit
from leaders.learning.forms import CommendationForm
from leaders.models import Commendation, Person
from sheets.text import nfc

READ = "leaders.view_commendation"
MOST_OFFERED = 20
sees = permission_required(READ, raise_exception=True)
changes = permission_required("leaders.change_commendation", raise_exception=True)


@require_safe
@sees
def commendation_list(request):
    narrowed = CommendationFilter(request.GET, user=request.user).checked()
    page = KeyPages(commendations(narrowed)).get_page(request.GET.get("page"))
    page.object_list = in_list_order(Commendation.objects.filter(pk__in=page.object_list))
    context = {"filter": narrowed, "page": page, "tab": "commendations"}
    return render(request, "learning/commendations.html", context)


@require_safe
@sees
def commendation(request, pk: int):
    rows = Commendation.objects.select_related("person__keeper", "cell__commune", "decision")
    one = get_object_or_404(rows.visible_to(request.user), pk=pk)
    is_kept = Commendation.objects.kept_by(request.user).filter(pk=pk).exists()
    context = {"one": one, "subject": one.person or one.cell, "is_kept": is_kept}
    return render(request, "learning/commendation.html", context)


@form_page
@permission_required("leaders.add_commendation", raise_exception=True)
@transaction.atomic
def commendation_new(request):
    """Record a commendation of the person or cell that the address names; let one be looked for otherwise."""
    subject = _subject(request)
    if subject is None:
        return _look_for_subject(request)
    unit = deciding_unit(request.user, _home_of(subject))
    today = timezone.localdate()
    form = CommendationForm(request.POST or None, guard=Guard(), initial={"year": today.year, "day": today})
    if form.is_valid() and _recorded(request, form, subject, unit):
        messages.success(request, _("Recorded: %(what)s.") % {"what": f"{subject} {form.instance.year}"})
        return redirect(subject)
    return render(request, "learning/commendation_form.html", {"form": form, "subject": subject})


def _subject(request) -> Person | Cell | None:
    for name, rows in (
        ("nguoi", Person.objects.select_related("keeper__province")),
        ("chi_bo", Cell.objects.select_related("commune__province")),
    ):
        if (key := number_in(request, name)) is not None:
            return get_kept_or_404(rows, request.user, pk=key)
    return None


def _look_for_subject(request):
    words = request.GET.get("tim", "").strip()[:100]
    people, cells = [], []
    if words:
        kept = Person.objects.kept_by(request.user).matching(words).select_related("keeper")
        people = kept.order_by("sort_key", "pk")[:MOST_OFFERED]
        standing = Cell.objects.kept_by(request.user).standing().matching(words).select_related("commune")
        cells = standing.order_by("sort_key", "pk")[:MOST_OFFERED]
    context = {"words_asked": words, "people": people, "found_cells": cells, "tab": "commendations"}
    return render(request, "learning/choose_subject.html", context)


def paper_of(form) -> Paper:
    said = form.cleaned_data
    return Paper(said["number"], said["day"], said["body"], nfc(said["signer"]))


def _recorded(request, form: CommendationForm, subject, unit: Unit | None) -> bool:
    one = form.save(commit=False)
    one.person, one.cell = (subject, None) if isinstance(subject, Person) else (None, subject)
    try:
        with one_act(request, _("Commendation of %(who)s") % {"who": subject}):
            one.decision = recorded_paper(paper_of(form), unit)
            commend([one])
    except (ValidationError, IntegrityError) as error:
        form.add_error(None, sentences_for(error))
        return False
    return True


@form_page
@changes
@transaction.atomic
def commendation_edit(request, pk: int):
    rows = Commendation.objects.select_related("person__keeper", "cell__commune", "decision__unit")
    one = get_kept_or_404(locked(request, rows), request.user, pk=pk)
    paper = one.decision
    form = CommendationForm(
        request.POST or None,
        instance=one,
        guard=Guard(Commendation.history.filter(id=pk)),
        initial={
            "number": paper.number,
            "day": paper.date,
            "body": paper.issuing_body,
            "signer": paper.signer,
        },
    )
    if form.is_valid() and _changed(request, form):
        messages.success(request, _("Saved: %(what)s.") % {"what": one})
        return redirect("learning:commendation", pk)
    return render(
        request,
        "learning/commendation_form.html",
        {"form": form, "subject": one.person or one.cell, "one": one},
    )


def _home_of(subject: Person | Cell) -> Unit | None:
    return subject.keeper if isinstance(subject, Person) else subject.commune


def _changed(request, form: CommendationForm) -> bool:
    one = form.save(commit=False)
    try:
        with one_act(request, _("Commendation of %(who)s") % {"who": one.person or one.cell}):
            one.decision = recorded_paper(paper_of(form), one.decision.unit)
            one.full_clean()
            one.save()
    except (ValidationError, IntegrityError) as error:
        form.add_error(None, sentences_for(error))
        return False
    return True


@form_page
@permission_required(["leaders.change_commendation", "accounts.take_back"], raise_exception=True)
@transaction.atomic
def commendation_remove(request, pk: int):
    """Take away a commendation that was recorded in error."""
    rows = Commendation.objects.select_related("person", "cell", "decision")
    one = get_kept_or_404(locked(request, rows), request.user, pk=pk)
    if request.method == "POST":
        with one_act(request, _("Recorded in error: %(what)s") % {"what": one}):
            delete_many(Commendation.objects.filter(pk=pk))
        messages.success(request, _("Taken away: %(what)s.") % {"what": one})
        return redirect("learning:commendations")
    return render(request, "learning/commendation_remove.html", {"one": one})
