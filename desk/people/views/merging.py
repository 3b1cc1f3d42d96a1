"""Records that may be those of one person, side by side; merging two of them, and the way back."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import form_page, get_kept_or_404, locked
from accounts.acts import one_act
from accounts.changes import ChangeSet
from accounts.guard import Guard
from accounts.refusals import sentences_for
from cells.models.lifetimes import lock_bodies
from dashboards.rows import PersonRow, load_people
from desk.people.clashes import clashes_between
from desk.people.merge_form import MergeForm
from desk.people.merging import Merging, described, hanging_on, in_the_way, merge, mergings, undo
from leaders.accesses import note_look
from leaders.duplicates import Pair, likely_pairs
from leaders.models import Person, Tenure, TwoPeople

MERGE = "leaders.merge_people"
merges_people = permission_required(MERGE, raise_exception=True)
PAIRS_ON_A_PAGE = 25
# By the words of the address: the pairs said to be two people.
APART = "hai-nguoi"
LATEST_SHOWN = 20


@dataclass(frozen=True)
class PairRow:
    """A line of the page: two records with their seats, and why they are set side by side."""

    pair: Pair
    one: PersonRow
    other: PersonRow
    # Where somebody has said that these are two people.
    apart: TwoPeople | None = None


@require_safe
@merges_people
def duplicates(request):
    """Show the pairs among the records the reader keeps, or those said to be two people; what was merged lately."""
    said = {(row.one_id, row.other_id): row for row in TwoPeople.objects.kept_by(request.user)}
    shows_apart = request.GET.get("loc") == APART
    if shows_apart:
        pairs = [Pair(*keys, frozenset()) for keys in said]
    else:
        found = likely_pairs(Person.objects.kept_by(request.user))
        pairs = [pair for pair in found if (pair.one, pair.other) not in said]
    page = Paginator(pairs, PAIRS_ON_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = _rows(list(page.object_list), said, request.user)
    context = {
        "page": page,
        "latest": described(list(mergings(request.user)[:LATEST_SHOWN])),
        "shows_apart": shows_apart,
        "apart_count": len(said),
    }
    return render(request, "people/duplicates.html", context)


def _rows(pairs: list[Pair], said: dict[tuple[int, int], TwoPeople], user) -> list[PairRow]:
    keys = {key for pair in pairs for key in (pair.one, pair.other)}
    people = load_people(Person.objects.filter(pk__in=keys), day=timezone.localdate(), user=user)
    rows = {person.pk: PersonRow(person, user) for person in people}
    return [
        PairRow(pair, rows[pair.one], rows[pair.other], said.get((pair.one, pair.other))) for pair in pairs
    ]


@require_POST
@merges_people
def set_apart(request, pk, other):
    """Say that two records are those of two people: they are not set side by side again."""
    one, younger = (
        get_kept_or_404(Person.objects.all(), request.user, pk=key) for key in sorted((pk, other))
    )
    reason = _("%(one)s and %(other)s are two people") % {
        "one": f"{one} (N{one.pk})",
        "other": f"{younger} (N{younger.pk})",
    }
    try:
        with one_act(request, reason):
            pair = TwoPeople(one=one, other=younger, said_by=str(request.user))
            pair.full_clean()
            pair.save()
    except (ValidationError, IntegrityError) as error:
        messages.info(request, " ".join(sentences_for(error)))
    else:
        messages.success(request, f"{reason}.")
    return redirect("records:duplicates")


@require_POST
@merges_people
def set_together(request, pk):
    """Take back that two records are those of two people."""
    pair = get_kept_or_404(TwoPeople.objects.select_related("one", "other"), request.user, pk=pk)
    reason = _("%(one)s and %(other)s may be one person after all") % {"one": pair.one, "other": pair.other}
    with one_act(request, reason):
        pair.delete()
    messages.success(request, f"{reason}.")
    return redirect(f"{reverse('records:duplicates')}?loc={APART}")


@form_page
@merges_people
@transaction.atomic
def merge_two(request, pk, other):
    """Set two records side by side, and let the first take over the second."""
    if pk == other:
        raise Http404
    if request.method == "POST":
        # Hamlets and cells before people, as whoever fills their seats locks them.
        lock_bodies(
            Tenure.objects.filter(person__in=Person.objects.kept_by(request.user).filter(pk__in=[pk, other]))
        )
    people = locked(request, Person.objects.select_related("keeper", "account").order_by("pk"))
    # Both in one order, so that two who merge the same two stand in line.
    found = {key: get_kept_or_404(people, request.user, pk=key) for key in sorted((pk, other))}
    kept, merged = found[pk], found[other]
    guard = Guard(Person.history.filter(id=pk), Person.history.filter(id=other))
    form = MergeForm(request.POST or None, kept=kept, other=merged, guard=guard)
    if form.is_valid() and (change_set := _merged(request, form)):
        return redirect("records:merged", change_set.pk)
    context = {
        "form": form,
        "kept": kept,
        "other": merged,
        "clashes": clashes_between(kept, merged, by=request.user),
        "hanging": [
            (label, told[kept.pk], told[merged.pk])
            for label, told in hanging_on([kept, merged], request.user)
        ],
    }
    if request.method == "GET":
        note_look(request.user, found.values())
    return render(request, "people/merge.html", context)


def _merged(request, form: MergeForm) -> ChangeSet | None:
    """Merge, or say beside the form why not."""
    try:
        change_set = merge(form.kept, form.other, fields=form.chosen_fields(), by=request.user)
    except (ValidationError, IntegrityError) as error:
        for sentence in sentences_for(error):
            form.add_error(None, sentence)
        return None
    messages.success(request, _("Merged. Everything that hung on either record hangs on this one now."))
    return change_set


def _merging_or_404(request, pk: int) -> Merging:
    change_set = get_object_or_404(mergings(request.user), pk=pk)
    (merging,) = described([change_set])
    return merging


@require_safe
@merges_people
def merged(request, pk):
    """Show what a merging did."""
    return render(request, "people/merged.html", {"merging": _merging_or_404(request, pk)})


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=400)


@form_page
@merges_people
@permission_required("accounts.take_back", raise_exception=True)
def undo_merge(request, pk):
    """Ask why, then put both records where they were."""
    merging = _merging_or_404(request, pk)
    if merging.is_undone:
        return redirect("records:merged", pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and _undone(request, merging, form):
        return redirect("records:merged", pk)
    context = {
        "merging": merging,
        "form": form,
        # Who has just been refused reads why in the form.
        "in_the_way": [] if form.is_bound else in_the_way(merging),
    }
    return render(request, "people/undo_merge.html", context)


def _undone(request, merging: Merging, form: ReasonForm) -> bool:
    try:
        undo(merging, by=request.user, reason=form.cleaned_data["reason"])
    except (ValidationError, IntegrityError) as error:
        for sentence in sentences_for(error):
            form.add_error(None, sentence)
        return False
    messages.success(request, _("Undone: both records are again as they were before."))
    return True
