"""One commune's file as the province sees it, what it grants and asks, and files received one after another."""

from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import form_page
from accounts.asked import revision_in
from accounts.changes import ChangeSet, recording
from dashboards.review.access import (
    address,
    file_of,
    file_to_run,
    reads,
    receives_reviews,
    year_of,
    year_to_run,
)
from dashboards.review.board import ReviewBoard, contacts_of
from dashboards.review.forms import AddCellForm, AddPersonForm, DeadlineForm, PhonesForm, WordsForm
from dashboards.review.views.board import frame
from dashboards.review.views.opening import carried_out
from evaluations.models import CellRating, LeaderRating, Step, Submission
from evaluations.review.authority import receives
from evaluations.review.buttons import buttons_for
from evaluations.review.listing import add_cell, add_person, exclude
from evaluations.review.progress import Progress, flag_of, progress_by_commune, state_words
from evaluations.review.steps import MESSAGE_STATES, take
from evaluations.review.terms import set_deadline, set_outstanding
from evaluations.review.wording import timeline_of
from sheets.numbers import format_decimal

# Nothing is changed a thousand million times; Python refuses to read numbers of thousands of digits.
# The rows of a list, by the words of the address.
MODELS = {"chi-bo": CellRating, "nguoi": LeaderRating}


@require_safe
@reads
def file_page(request, year, pk):
    """Show how far a commune is, its list, what it sent, and everything that happened to its file."""
    file = file_of(request, year, pk)
    progress = progress_by_commune(file.cycle, [file.commune_id]).get(file.commune_id, Progress())
    today, receiver = timezone.localdate(), receives(request.user, file)
    list_changes = receiver and _list_changes(file)
    shows_phones = request.user.sees_private_data
    contacts = contacts_of({file.commune.commune_id}, today) if shows_phones else {}
    context = {
        **_frame(request, file),
        "progress": progress,
        "state": state_words(file, progress),
        "flag": flag_of(file, today),
        "contacts": contacts.get(file.commune.commune_id, []),
        "shows_phones": shows_phones,
        "lists": _lists(request.user, file, changes=list_changes),
        "steps": timeline_of(file, tells_levels=file.is_with_province),
        "receives": receiver,
        "buttons": buttons_for(file, works=False, receives=receiver),
        "may_write": receiver and file.state in MESSAGE_STATES,
        "list_changes": list_changes,
        "grants": receiver and file.cycle.state in ("preparing", "open"),
    }
    return render(request, "review_board/file.html", context)


def _frame(request, file: Submission) -> dict:
    _cycle, cycles = year_of(request, file.cycle.year)
    several = len(cycles) > 1
    return {
        **frame(request, file.cycle, cycles),
        "file": file,
        "board_url": address("board", file.cycle, several=several),
    }


def _list_changes(file: Submission) -> bool:
    """Whether rows may be added and taken off: between the fixing of the list and the locking of the figures."""
    return file.cycle.state == file.cycle.State.OPEN and file.state != Submission.State.LOCKED


def _lists(user, file: Submission, *, changes: bool) -> list[tuple]:
    """Return each list with its label, its rows, and whether any of them may be taken off."""
    found = []
    for kind, label in (("chi-bo", _("Party cells")), ("nguoi", _("Rated people"))):
        rows = _as_told(file, _listed(MODELS[kind], user, file))
        found.append((kind, label, rows, changes and any(not row.is_decided for row in rows)))
    return found


@dataclass(frozen=True)
class Told:
    """A row of the list as the province is told of it: no level, and no reason, before the file is sent."""

    pk: int
    name: str
    is_entered: bool
    is_decided: bool
    added_because: str
    # What was sent; None before.
    rating: CellRating | LeaderRating | None = None


def _as_told(file: Submission, rows) -> list[Told]:
    return [
        Told(
            pk=row.pk,
            name=str(getattr(row, "person", None) or row.cell),
            is_entered=bool(row.proposed_level or row.not_subject_reason),
            is_decided=row.is_decided,
            added_because=row.roster_reason,
            rating=row if file.is_with_province and not row.withheld else None,
        )
        for row in rows
    ]


def _listed(model, user, file: Submission):
    """Return the rows of the file's list, also those not sent yet: for their names."""
    rows = model.objects.counted_for(user).latest_editions().filter(cycle=file.cycle, commune=file.commune)
    if model is CellRating:
        return rows.select_related("cell").order_by("cell__position", "cell__sort_key", "pk")
    return rows.select_related("person", "cell").order_by("person__sort_key", "pk")


# --- what the province grants and asks -----------------------------------------------------


def _page(request, file: Submission, form, **texts):
    context = {**_frame(request, file), "form": form, **texts}
    return render(request, "review_board/file_form.html", context)


def _to_file(file: Submission):
    return redirect("review_board:file", file.cycle.year, file.pk)


@form_page
@receives_reviews
def deadline(request, year, pk):
    """Give the commune a day of its own."""
    file = file_to_run(request, year, pk)
    form = DeadlineForm(request.POST or None, initial={"deadline": file.deadline})
    if request.method == "POST" and form.is_valid():
        deed = partial(set_deadline, file, form.cleaned_data["deadline"], by=request.user)
        if carried_out(request, deed, reason=_("Deadline of %(file)s") % {"file": file}, form=form):
            messages.success(request, _("Saved. The commune reads the day on its page."))
            return _to_file(file)
    return _page(request, file, form, heading=_("Deadline of its own"), action_label=_("Save"))


@form_page
@receives_reviews
def phones(request, year, pk):
    """Put in the telephone numbers of those who keep the commune's data, as they say them on the telephone."""
    file = file_to_run(request, year, pk)
    contacts = contacts_of({file.commune.commune_id}, timezone.localdate())
    form = PhonesForm(request.POST or None, contacts=contacts.get(file.commune.commune_id, []))
    if form.is_valid() and carried_out(
        request, form.save, reason=_("Telephone numbers of %(file)s") % {"file": file.commune}, form=form
    ):
        messages.success(request, _("Saved."))
        return _to_file(file)
    text = "" if form.contacts else _("The commune has no account yet. The administrator makes one.")
    return _page(request, file, form, heading=_("Telephone numbers"), text=text, action_label=_("Save"))


@form_page
@receives_reviews
def outstanding(request, year, pk):
    """Grant the higher share of outstanding units, or take it back."""
    file = file_to_run(request, year, pk)
    if request.method == "POST":
        deed = partial(set_outstanding, file, not file.is_outstanding, by=request.user)
        if carried_out(request, deed, reason=_("Share of %(file)s") % {"file": file}):
            messages.success(request, _("Saved. The commune reads its share on its page."))
        return _to_file(file)
    rules = file.cycle.rule_set
    text = _("The rules %(rules)s grant %(higher)s%% instead of %(usual)s%% to outstanding units.") % {
        "rules": rules.code,
        "higher": format_decimal(rules.outstanding_share),
        "usual": format_decimal(rules.excellent_share),
    }
    if rules.outstanding_share is None:
        text = _("The rules of this year know no higher share for outstanding units.")
    label = _("Take back the higher share") if file.is_outstanding else _("Grant the higher share")
    return _page(
        request, file, None, heading=_("Share of an outstanding unit"), text=text, action_label=label
    )


@form_page
@receives_reviews
def add(request, year, pk, kind):
    """Add a cell or a person to a list that is fixed, with the reason."""
    file = file_to_run(request, year, pk)
    is_cell = _model_of(kind) is CellRating
    form = (AddCellForm if is_cell else AddPersonForm)(request.POST or None, file=file)
    if form.is_valid():
        values, by = form.cleaned_data, request.user
        if is_cell:
            deed = partial(add_cell, file, values["cell"], reason=values["reason"], by=by)
        else:
            seat = values["seat"]
            deed = partial(add_person, file, seat.person, seat.cell, reason=values["reason"], by=by)
        if carried_out(request, deed, reason=values["reason"], form=form):
            messages.success(request, _("Added to the list. The commune reads the reason on its page."))
            return _to_file(file)
    heading = _("Add a cell to the list") if is_cell else _("Add a person to the list")
    text = (
        _("Cells that stood in the commune on %(day)s and are not on its list can be added.")
        if is_cell
        else _(
            "People who were secretary of one of its cells in the year and are not on the list can be added."
        )
    ) % {"day": f"{file.cycle.roster_day:%d/%m/%Y}"}
    return _page(request, file, form, heading=heading, text=text, action_label=_("Add to the list"))


def _model_of(kind: str):
    if kind not in MODELS:
        raise Http404
    return MODELS[kind]


@form_page
@receives_reviews
def take_off(request, year, pk, kind, row):
    """Take a row off the list, with the reason; what was decided stays."""
    file = file_to_run(request, year, pk)
    listed = get_object_or_404(_listed(_model_of(kind), request.user, file), pk=row)
    form = WordsForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        deed = partial(exclude, file, listed, reason=reason, by=request.user)
        if carried_out(request, deed, reason=reason, form=form):
            messages.success(request, _("Taken off the list. The timeline keeps the reason."))
            return _to_file(file)
    return _page(
        request,
        file,
        form,
        heading=_("Take %(name)s off the list") % {"name": getattr(listed, "person", None) or listed.cell},
        text=_(
            "For what came on the list in error. Who is not subject to rating stays on it, with the reason."
        ),
        action_label=_("Take off the list"),
    )


# --- many files at once --------------------------------------------------------------------


@form_page
@receives_reviews
def receive_many(request, year):
    """Receive the ticked files, each by itself; say of each what became of it."""
    cycle = year_to_run(request, year)
    board = ReviewBoard(cycle, request.user, timezone.localdate())
    waiting = board.narrowed("cho-tiep-nhan") if not board.is_preparing else []
    if request.method == "POST":
        ticked = set(request.POST.getlist("file"))
        there = [row.file for row in waiting if str(row.file.pk) in ticked]
        done = sum(_received(request, file) for file in there)
        _tell(request, ticked=len(ticked), there=len(there), done=done)
        return redirect(request.get_full_path())
    context = {**frame(request, cycle, year_of(request, year)[1]), "rows": waiting}
    return render(request, "review_board/receive.html", context)


def _received(request, file: Submission) -> bool:
    """Receive one file as the person saw it; say why where that is not possible any more."""
    seen = request.POST.get(f"revision_{file.pk}", "")
    file.revision = revision_in(seen)
    try:
        with (
            transaction.atomic(),
            recording(
                by=request.user, kind=ChangeSet.Kind.PAGE, reason=_("%(file)s received") % {"file": file}
            ),
        ):
            take(file, Step.Kind.RECEIVED, by=request.user)
    except (ValidationError, PermissionDenied) as error:
        words = error.messages if isinstance(error, ValidationError) else [_("It is not in your scope.")]
        messages.error(request, f"{file.commune}: {' '.join(words)}")
        return False
    return True


def _tell(request, *, ticked: int, there: int, done: int) -> None:
    if not ticked:
        messages.warning(request, _("No file is ticked. Tick those to receive, then press the button."))
    if done:
        sentence = ngettext("%(count)d file received.", "%(count)d files received.", done)
        messages.success(request, sentence % {"count": done})
    if gone := ticked - there:
        sentence = ngettext(
            "%(count)d ticked file was not waiting any more; nothing was done twice.",
            "%(count)d ticked files were not waiting any more; nothing was done twice.",
            gone,
        )
        messages.warning(request, sentence % {"count": gone})
