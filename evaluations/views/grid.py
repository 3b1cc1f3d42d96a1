"""The commune's page of a year: its grid, what is saved there, what others have saved meanwhile."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from accounts.typed import text_of
from evaluations.models import ReviewCycle, Step, Submission
from evaluations.review.authority import WORK, receives, works_on
from evaluations.review.buttons import buttons_for
from evaluations.review.correcting import may_correct
from evaluations.review.grid import Grid, changed_since, load, shows_levels
from evaluations.review.listing import dissolved_in
from evaluations.review.posted import entries_of
from evaluations.review.progress import Progress, awaited_by, flag_of, progress_by_commune, state_words
from evaluations.review.required import advised, missing_for_putting
from evaluations.review.rows import fill_rest, save_rows, why_closed
from evaluations.review.steps import MESSAGE_STATES
from evaluations.review.wording import labels_for, row_state, timeline_of
from evaluations.views.files import act, grid_url, say_why, seen_file, worked_file
from evaluations.views.shares import panel_of, shares_shown, what_if_of
from evaluations.views.words import script_data

Kind, State = Step.Kind, Submission.State
sees_files = permission_required("evaluations.view_submission", raise_exception=True)
works = permission_required(WORK, raise_exception=True)


@require_safe
@sees_files
@gzip_page
def grid(request, year: int, pk: int):
    """The page of one commune: its grid for itself, and for the province once the file was sent."""
    file = seen_file(request, year, pk)
    if not shows_levels(file, request.user):
        return _counts_page(request, file)
    return _grid_page(request, file, load(file, request.user))


def _counts_page(request, file: Submission):
    """What is not sent is the commune's own: others see how far it is."""
    found = progress_by_commune(file.cycle, [file.commune_id]).get(file.commune_id, Progress())
    context = _frame(request, file, found, tells_levels=False)
    return render(request, "review/counts.html", context | {"may_write": receives(request.user, file)})


def _frame(request, file: Submission, found: Progress, *, tells_levels: bool = True) -> dict:
    """Return what both pages show: state, deadline, steps and words."""
    steps = timeline_of(file, tells_levels=tells_levels)
    returned = [step for step in steps if step.kind == Kind.RETURNED]
    return {
        "file": file,
        "progress": found,
        "state": state_words(file, found),
        "flag": flag_of(file, timezone.localdate()),
        "due": awaited_by(file),
        "timeline": list(reversed(steps)),
        "excluded": [step for step in steps if step.kind == Kind.EXCLUDED],
        "asked": returned[-1] if returned and file.state == State.RETURNED else None,
        "may_message": file.state in MESSAGE_STATES,
    }


def _grid_page(request, file: Submission, shown: Grid, *, faults: int = 0):
    is_mine = works_on(request.user, file)
    is_received_here = not is_mine and receives(request.user, file)
    is_entering = is_mine and file.state == State.ENTERING and file.cycle.state == ReviewCycle.State.OPEN
    progress = shown.progress
    shares = shares_shown(file)
    undecided = [row for row in shown.rows if not (row.rating.not_subject_reason or row.rating.is_decided)]
    context = _frame(request, file, progress) | {
        "grid": shown,
        "labels": labels_for(file),
        "rules": file.cycle.rule_set,
        "is_mine": is_mine,
        "is_preparing": file.cycle.state == ReviewCycle.State.PREPARING,
        "may_write": is_mine or is_received_here,
        "may_correct": may_correct(request.user, file),
        "closed": why_closed(file) if is_mine else "",
        "buttons": buttons_for(file, works=is_mine, receives=is_received_here, undecided=len(undecided)),
        "shares": panel_of(shares, file),
        "what_if": what_if_of(request, shares),
        "dissolved": dissolved_in(file),
        "lacking": sum(row.is_cell and row.is_empty for row in shown.rows) if is_entering else 0,
        "faults": faults,
        "refused": [row for row in shown.rows if row.faults or row.conflict],
        "checked": missing_for_putting(file) if is_entering and "kiem-tra" in request.GET else None,
        "advised": advised(file) if is_mine and file.state in (State.ENTERING, State.DECIDED) else [],
        "script_data": script_data(request, file, shown) if shown.is_open else None,
    }
    return render(request, "review/grid.html", context)


@require_POST
@works
@gzip_page
def save(request, year: int, pk: int):
    """Save what was entered: the rows a script sends, or all rows of a page that is sent whole."""
    file = worked_file(request, year, pk)
    by_script = _is_script(request)
    if by_script and request.POST.get("user") != str(request.user.pk):
        # Another person has signed in at this machine meanwhile: nothing is saved in a wrong name.
        return JsonResponse({"message": _("Somebody else has signed in on this computer.")}, status=403)
    sent = {name.removesuffix("-mark") for name in request.POST if name.endswith("-mark")}
    shown = load(file, request.user, keys=sent)
    try:
        results = _save(request, file, shown)
    except ValidationError as error:
        if by_script:
            return JsonResponse({"message": " ".join(error.messages)}, status=409)
        say_why(request, error)
        return redirect(grid_url(file))
    fresh = load(file, request.user, keys=sent if by_script else None)
    refused = _keep_what_was_refused(shown, fresh)
    if by_script:
        return JsonResponse(_answer(file, fresh))
    if changed := sum(one.changed and one.is_saved for one in results):
        messages.success(
            request, ngettext("Saved: %(n)d row.", "Saved: %(n)d rows.", changed) % {"n": changed}
        )
    elif not refused:
        messages.info(request, _("Nothing had been changed."))
    if refused:
        return _grid_page(request, file, fresh, faults=refused)
    return redirect(grid_url(file))


def _is_script(request) -> bool:
    return request.headers.get("X-Requested-With") == "fetch" or request.accepts("text/html") is False


def _save(request, file: Submission, shown: Grid) -> list:
    entries = entries_of(shown, request.POST)
    if not entries:
        return []
    with act(request, file, _("rows entered")):
        results = save_rows(file, entries, by=request.user)
    rows = {(type(row.rating), row.rating.pk): row for row in shown.rows}
    for one in results:
        row = rows[type(one.row), one.row.pk]
        row.conflict = one.conflict
        for name, sentences in one.faults.items():
            row.faults.setdefault(name, []).extend(sentences)
    return results


def _keep_what_was_refused(shown: Grid, fresh: Grid) -> int:
    """Put on the rows as they are now what was typed and not saved; return how many such rows there are."""
    now = fresh.by_key()
    refused = [row for row in shown.rows if (row.faults or row.conflict) and row.key in now]
    for row in refused:
        there = now[row.key]
        there.faults, there.conflict = row.faults, row.conflict
        there.typed = row.typed
    return len(refused)


def _answer(file: Submission, fresh: Grid) -> dict:
    """Return what the script shows after a save."""
    found = progress_by_commune(file.cycle, [file.commune_id]).get(file.commune_id, Progress())
    return {
        "rows": {row.key: _row(row) for row in fresh.rows},
        "shares": [one.line for one in panel_of(shares_shown(file), file).lines],
        "state": state_words(file, found),
    }


def _row(row) -> dict:
    # A conflict is shown beside the state: the state is that of what is recorded.
    kind, words = row_state(replace(row, conflict=""))
    told = {
        "mark": row.mark,
        "is": kind,
        "words": words,
        "values": {name: text_of(row.value(name)) for name in row.fields},
        "marks": row.marks,
        "faults": {name: " ".join(some) for name, some in row.faults.items()},
        "conflict": row.conflict,
    }
    return {name: value for name, value in told.items() if value or name in ("mark", "values")}


@require_safe
@works
@gzip_page
def changes(request, year: int, pk: int):
    """Return the rows that were changed since the stamp, by whomever."""
    file = worked_file(request, year, pk)
    keys, stamp = changed_since(file, request.GET.get("since", ""))
    answer = {"stamp": stamp, "revision": file.revision}
    if keys:
        answer |= _answer(file, load(file, request.user, keys=keys))
    return JsonResponse(answer)


@require_POST
@works
def fill_rest_view(request, year: int, pk: int):
    """Give the cells that have no level yet the second one."""
    file = worked_file(request, year, pk)
    try:
        with act(request, file, _("the remaining cells filled in")):
            count = fill_rest(file, by=request.user)
    except ValidationError as error:
        say_why(request, error)
    else:
        said = ngettext("%(n)d cell was rated HTTNV.", "%(n)d cells were rated HTTNV.", count)
        messages.success(request, said % {"n": count})
    return redirect(grid_url(file))
