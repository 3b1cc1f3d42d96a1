"""One congress or election: what is recorded of it, its correction, and taking a plan out again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import form_page, get_kept_or_404
from accounts.acts import one_act
from accounts.asked import revision_in
from accounts.refusals import sentences_for
from leaders.contests.checking import marks
from leaders.contests.doubts import doubts, elsewhere
from leaders.contests.forms import PaperForm
from leaders.contests.grid import LINES, Row, fill
from leaders.contests.late import paper_of
from leaders.contests.posted import Entry, Names, ask, take, tell, texts_of
from leaders.contests.results import Conflict, Refused, drop_plan, record_result
from leaders.contests.views.access import commune_of, contests_of, grid_url, keeps, reads, records
from leaders.contests.views.grid import people_of
from leaders.models import Contest, ContestOffice, Tenure

MORE_LINES = 3


@require_safe
@reads
def contest(request, pk: int):
    found = get_object_or_404(contests_of(request.user), pk=pk)
    commune = commune_of(found)
    attempts = contests_of(request.user).filter(
        kind=found.kind, cell=found.cell_id, hamlet=found.hamlet_id, term=found.term
    )
    context = {
        "contest": found,
        "body": found.cell or found.hamlet,
        "commune": commune,
        "candidates": found.candidacies.all(),
        "marks": marks(found, found.candidacies.all()) + elsewhere([found], request.user)[found.pk],
        "begun": found.tenures.select_related("person", "cell", "hamlet").order_by("pk"),
        "ended": found.ended_tenures.select_related("person", "cell", "hamlet").order_by("pk"),
        "attempts": [one for one in attempts.order_by("held_on", "pk") if one.pk != found.pk],
        "changes": found.history.select_related("change_set").order_by("-history_id")[:10],
        "may_record": keeps(request.user, commune),
    }
    return render(request, "contests/contest.html", context)


@form_page
@records
@transaction.atomic
def correct(request, pk: int):
    """Correct a result: first what becomes of the seats by it, then the deed."""
    found = get_kept_or_404(contests_of(request.user), request.user, pk=pk)
    if found.outcome == Contest.Outcome.PLANNED:
        return redirect(grid_url(found.term, commune_of(found), found.kind))
    row = _row_of(found)
    paper = PaperForm(request.POST or None, initial=paper_of(found))
    note = request.POST.get("note", found.note)[:500].strip()
    if request.method == "POST":
        # Read before the paper is judged: a refusal keeps all that was typed.
        entry = _entry(request, row, paper, note)
        if paper.is_valid() and entry is not None:
            is_meant = "confirmed" in request.POST and "change" not in request.POST
            told = _corrected(request, entry, paper, note, keep=is_meant)
            if told is not None and is_meant:
                messages.success(
                    request, " ".join([_("The correction is recorded."), *(f"{one}." for one in told)])
                )
                return redirect("elections:contest", pk)
            if told is not None and "change" not in request.POST:
                return _question(request, found, told)
    context = {
        "contest": found,
        "body": row.body,
        "commune": commune_of(found),
        "row": row,
        "paper": paper,
        "note": note,
        "people": people_of(commune_of(found), request.user),
        "methods": Contest.Method.choices,
        "offices": ContestOffice.choices,
        "outcomes": [(one.value, one.label) for one in (Contest.Outcome.HELD, Contest.Outcome.FAILED)],
        "today": timezone.localdate(),
    }
    return render(request, "contests/correct.html", context)


def _row_of(found: Contest) -> Row:
    row = Row(found.cell or found.hamlet, found.kind, found.term, found)
    fill(row, lines=max(len(row.candidates) + MORE_LINES, sum(LINES[row.kind])))
    return row


def _entry(request, row: Row, paper: PaperForm, note: str) -> Entry | None:
    names = Names(request.user, row.body.commune, texts_of([row.key], request.POST), [row.contest])
    entry = take(row, request.POST, names)
    other_paper = paper.has_changed() or note != row.contest.note
    if entry is None and not row.is_refused and not other_paper:
        row.faults["row"] = _("Nothing had been changed.")
    if entry is None and not row.is_refused and other_paper:
        # Only the paper or the note is another one: everything else stays as it was read.
        entry = take(row, request.POST, names, always=True)
    return entry


def _corrected(request, entry: Entry, paper: PaperForm, note: str, *, keep: bool) -> list[str] | None:
    """Record the correction, or only try; return what becomes of the seats, None where it is refused."""
    row = entry.row
    reason = _("%(contest)s: result corrected") % {"contest": row.contest}
    is_asked = ask(row)
    try:
        with one_act(request, reason):
            facts = {**entry.facts, "decision": paper.decision(row.body.commune), "note": note}
            recorded = record_result(row.contest, facts, entry.stood, seen=entry.seen)
            told = recorded.moves.sentences()
            if is_asked or not keep:
                told += [one.removesuffix(".") for one in doubts(recorded, request.user)]
                transaction.set_rollback(True)
            return None if is_asked else told
    except Refused as error:
        tell(row, error.by_field)
    except Conflict as error:
        row.faults["conflict"] = " ".join(error.messages)
    except (ValidationError, IntegrityError) as error:
        row.faults["row"] = " ".join(sentences_for(error))
    return None


def _question(request, found: Contest, told: list[str]):
    hidden = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", "confirmed", "change")
    ]
    context = {
        "title": _("Correct: %(contest)s") % {"contest": found},
        "consequences": told or [_("Nobody comes into office or leaves by it.")],
        "hidden": hidden,
    }
    return render(request, "contests/confirm.html", context)


@form_page
@records
@transaction.atomic
def drop(request, pk: int):
    """Take a planned contest out of the plan again."""
    if not request.user.has_perm("accounts.take_back"):
        raise PermissionDenied
    found = get_kept_or_404(contests_of(request.user), request.user, pk=pk)
    title = _("Take out of the plan: %(contest)s") % {"contest": found}
    address = grid_url(found.term, commune_of(found), found.kind)
    if request.method == "POST":
        try:
            with one_act(request, title):
                drop_plan(found, seen=revision_in(request.POST.get("seen", ""), -1))
        except ValidationError as error:
            for sentence in error.messages:
                messages.error(request, sentence)
        else:
            messages.success(request, _("Taken out of the plan."))
        return redirect(address)
    if found.outcome != Contest.Outcome.PLANNED:
        messages.error(request, _("It has been held. Correct the result instead."))
        return redirect("elections:contest", pk)
    context = {"title": title, "contest": found, "back": address, "seats": Tenure.objects.none()}
    return render(request, "contests/drop.html", context)
