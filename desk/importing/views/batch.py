"""The page of one file: what is settled, and the one thing that is open; afterwards what came of it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.sheet_lines import CHANGED, NEW, SAME
from desk.importing import batches
from desk.importing.beside import lists_beside
from desk.importing.checking import FAULTY, SKIPPED
from desk.importing.files import marked, sheet_response
from desk.importing.forms import FORMS
from desk.importing.reading import Reading, notices
from desk.importing.settled import settled
from desk.importing.views import mending, steps
from desk.importing.views.access import batch_or_404, done, uses
from desk.importing.views.wording import TILES, outcome_in_words
from desk.importing.views.written import written_things
from desk.importing.work import is_long, start_check
from desk.models import BatchCheck, ImportBatch

ROWS_ON_A_PAGE = 100
State = ImportBatch.State
# The part of the address that says which rows are shown, and which step is opened again.
OUTCOME, BACK_TO = "loai", "sua"


@require_safe
@uses
def batch(request, pk):
    found = batch_or_404(request, pk)
    context = {
        "batch": found,
        "form_label": FORMS[found.kind].label if found.kind in FORMS else "",
        "state": found.shown_state,
        "may_write": batches.may_write(request.user, found),
        "same": batches.same_file(found, request.user)
        if found.state in (State.OPEN, State.SUBMITTED)
        else None,
        "beside": lists_beside(found, request.user),
    }
    if found.state in (State.OPEN, State.SUBMITTED):
        context |= _in_work(request, found)
    else:
        context |= _ended(request, found)
    return render(request, "importing/batch.html", context)


def _in_work(request, found: ImportBatch) -> dict:
    """Return the open question, or what the check has shown."""
    back_to = request.GET.get(BACK_TO, "") if found.is_open else ""
    check = None if back_to else batches.known_check(found)
    if check is not None:
        return _checked(request, found, check)
    try:
        reading = batches.read_batch(found, request.user)
    except ValidationError as error:
        return {"step": "unreadable", "refusals": error.messages}
    step = back_to if steps.may_go_back_to(back_to, reading) else steps.open_step(reading, found)
    return {
        "step": step,
        "is_back": step == back_to,
        "settled": settled(reading, found.answers, batches.author_of(found, request.user)),
        "notices": notices(reading),
        "row_count": len(reading.rows),
        **steps.shown(reading, found, request.user, step),
    }


def _checked(request, found: ImportBatch, check: BatchCheck) -> dict:
    result = check.result
    counts = result["counts"]
    return {
        "step": "check",
        "check": check,
        "settled": result.get("settled", []),
        "told": result.get("told", []),
        "comes_back_anew": result.get("comes_back_anew", False),
        "counts": counts,
        "to_write": counts[NEW] + counts[CHANGED],
        "good": counts[NEW] + counts[CHANGED] + counts[SAME],
        "faulty": counts[FAULTY],
        "groups": mending.groups_shown(result),
        "more_groups": max(0, len(result["groups"]) - mending.GROUPS_SHOWN),
        "mends": mending.mends_shown(found)[: mending.MENDS_SHOWN],
        "totals": result["totals"],
        **_rows(request, result),
    }


def _ended(request, found: ImportBatch) -> dict:
    """Return what was written, undone or dropped."""
    check = BatchCheck.objects.filter(batch=found).first()
    context = {
        "step": "ended",
        "counts": found.counts,
        "may_undo": batches.may_undo(request.user, found),
        "things": written_things(found, request.user) if found.state == State.DONE else None,
    }
    return context | (_rows(request, check.result) if check else {})


def _rows(request, result: dict) -> dict:
    """Return a page of the rows, those of one outcome where the address says so."""
    chosen = request.GET.get(OUTCOME, "")
    known = [outcome for outcome, _label in TILES]
    if chosen not in known:
        chosen = ""
    rows = result["rows"]
    # Totals, groups and signatures are not taken in either, and stand in the list behind the number.
    counts = result["counts"] | {SKIPPED: len(result["skipped"])}
    if chosen == SKIPPED:
        rows = [one | {"why": steps.KINDS.get(one["why"], one["why"])} for one in result["skipped"]]
    elif chosen:
        rows = [row for row in rows if row["outcome"] == chosen]
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row["in_words"] = outcome_in_words(row.get("outcome", SKIPPED))
    return {
        "chosen": chosen,
        "chosen_label": outcome_in_words(chosen) if chosen else "",
        "is_skipped": chosen == SKIPPED,
        "page": page,
        "tiles": [
            {"key": outcome, "label": label, "count": counts[outcome], "current": outcome == chosen}
            for outcome, label in TILES
        ],
    }


# --- Answers --------------------------------------------------------------------------


def go_on(request, found: ImportBatch):
    """Check where nothing is left to ask, and lead to the page of the file, or of the work."""
    try:
        reading = batches.read_batch(found, request.user)
        if steps.open_step(reading, found) == "check":
            return _check(request, found, reading)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    return redirect(found)


def _check(request, found: ImportBatch, reading: Reading):
    if is_long(reading):
        return redirect("jobs:job", start_check(found, by=request.user).pk)
    batches.check(found, reading, request.user)
    return redirect(found)


@require_POST
@uses
def answer(request, pk):
    """Keep what was answered to one step."""
    found = batch_or_404(request, pk)

    def deed(seen: int) -> None:
        reading = batches.read_batch(found, request.user)
        step = request.POST.get("step", "")
        if not steps.may_go_back_to(step, reading):
            raise Http404
        said = steps.answers_from(reading, found, step, request.POST)
        if said:
            batches.answer(found, seen=seen, **said)

    return go_on(request, found) if done(request, found, deed) else redirect(found)


@require_POST
@uses
def mend(request, pk):
    """Keep what was decided about the faults that the last check has shown."""
    found = batch_or_404(request, pk)

    def deed(seen: int) -> None:
        if "forget" in request.POST:
            said = mending.forgotten(found, request.POST["forget"])
        else:
            known = batches.known_check(found)
            said = mending.decided(known.result, request.POST) if known else {}
        if said:
            batches.answer(found, seen=seen, **said)

    return go_on(request, found) if done(request, found, deed) else redirect(found)


@require_POST
@uses
def check(request, pk):
    """Check once more: what is recorded may have changed since."""
    found = batch_or_404(request, pk)
    if found.state not in (State.OPEN, State.SUBMITTED):
        return redirect(found)
    return go_on(request, found)


@require_safe
@uses
def marked_file(request, pk):
    """The file that came in, with its faults marked."""
    found = batch_or_404(request, pk)
    known = BatchCheck.objects.filter(batch=found).first()
    if known is None or found.state not in (State.OPEN, State.SUBMITTED):
        raise Http404
    try:
        name, returned = marked(found, known, request.user)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect(found)
    return sheet_response(returned.data, name)
