"""What an event would bring about: the page, the list behind each number, the choices, the print."""

import re
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cells.fates import Case
from cells.models import Reorganisation
from dashboards.basis import Basis
from dashboards.exports import Asked, Export, exported
from dashboards.figures.frames import Frame
from desk.exporting.views import serve
from desk.reorganisation.applying import decide as record_choices
from desk.reorganisation.events import may_draft, readable_events
from desk.reorganisation.rehearsal import keeping
from desk.reorganisation.rehearsal.alike import Alike, alike_in, chosen_alike, group_of
from desk.reorganisation.rehearsal.findings import Finding
from desk.reorganisation.rehearsal.readers import for_reader
from desk.reorganisation.timeline import moments
from desk.reorganisation.views.access import drafts, event_to_change, reads, seen_revision, stale
from desk.reorganisation.work import start_rehearsal

# What the page shows of each list; the rest is one link away.
ROWS_SHOWN = 20
CASES_SHOWN = 20
ROWS_ON_A_PAGE = 50
CASES_ON_A_PAGE = 50
# The field of a case in a form is this and the key of the case.
CASE = "case:"

_SLUG = re.compile(r"[a-z0-9_-]{1,60}")
_NUMBER = re.compile(r"[0-9]{1,4}")


@dataclass
class Section:
    """A finding on the page: the first of its rows and cases, and where all of them are."""

    step: keeping.SaidStep
    finding: Finding
    url: str
    alike: list[Alike]
    # Whoever may choose sees the cases; everybody else the list, which says what was chosen.
    shows_cases: bool

    @property
    def anchor(self) -> str:
        return f"{self.finding.code}-{self.step.number}"

    @property
    def basis(self) -> Basis:
        return _basis_of(self.step)

    @property
    def rows(self) -> list[dict]:
        return self.finding.rows[:ROWS_SHOWN]

    @property
    def cases(self) -> list[Case]:
        return _open_first(self.finding.cases)[:CASES_SHOWN]

    @property
    def has_more(self) -> bool:
        return self.finding.count > (CASES_SHOWN if self.shows_cases else ROWS_SHOWN)

    @property
    def open_count(self) -> int:
        return len(self.finding.open_cases)


def _basis_of(step: keeping.SaidStep) -> Basis:
    """Return day and borders of what is said of a day."""
    return Basis(Frame(None, step.day))


def _open_first(cases: list[Case]) -> list[Case]:
    return sorted(cases, key=lambda case: not case.is_open)


def _sections(event, said, *, may_choose: bool) -> list[tuple[keeping.SaidStep, list[Section]]]:
    alike = alike_in(said.cases)
    return [
        (step, [_section(event, step, finding, alike, may_choose) for finding in step.findings])
        for step in said.steps
    ]


def _section(event, step, finding: Finding, alike: list[Alike], may_choose: bool) -> Section:
    return Section(
        step=step,
        finding=finding,
        url=reverse("reorganisations:finding", args=[event.pk, step.number, finding.code]),
        alike=_alike_of(finding, alike),
        shows_cases=may_choose and bool(finding.cases),
    )


def _alike_of(finding: Finding, alike: list[Alike]) -> list[Alike]:
    groups = {group_of(case) for case in finding.open_cases}
    return [one for one in alike if one.group in groups]


@require_safe
@reads
def rehearsal(request, pk):
    """Show what would happen; what is carried out already shows what has happened."""
    event = get_object_or_404(readable_events(request.user), pk=pk)
    said, may_choose = said_of(event, request.user), may_draft(request.user, event)
    context = {
        "event": event,
        "said": said,
        "is_done": event.is_over,
        "line_count": event.lines.waiting().count() if said is None else 0,
        "may_decide": may_choose,
        "steps": _sections(event, said, may_choose=may_choose) if said else [],
        "moments": moments(event),
    }
    return render(request, "reorganisations/rehearsal.html", context)


def said_of(event: Reorganisation, user) -> keeping.Said | None:
    """Return what this reader is shown."""
    return for_reader(_said_of(event), user)


def _said_of(event: Reorganisation) -> keeping.Said | None:
    if event.is_over:
        return keeping.kept(event, purpose=keeping.Purpose.DONE)
    return keeping.rehearsed(event)


@require_POST
@reads
def rehearse_anew(request, pk):
    """Rehearse again now: a long event in the background, a short one at once."""
    event = get_object_or_404(readable_events(request.user), pk=pk)
    if event.is_over:
        return redirect("reorganisations:rehearsal", event.pk)
    if keeping.is_long(event):
        return redirect("jobs:job", start_rehearsal(event, by=request.user).pk)
    keeping.rehearse_and_keep(event)
    return redirect("reorganisations:rehearsal", event.pk)


# --- one finding --------------------------------------------------------------------------


def _finding_or_404(event, user, step: int, code: str):
    said = said_of(event, user)
    found = said and said.finding(step, code)
    if not found:
        raise Http404
    return said, *found


@require_safe
@reads
def finding(request, pk, step, code):
    """Show one list as a whole: its rows page by page, and its cases page by page."""
    event = get_object_or_404(readable_events(request.user), pk=pk)
    said, of_step, found = _finding_or_404(event, request.user, step, code)
    shows_cases = bool(found.cases) and request.GET.get("phan") != "danh-sach"
    if shows_cases:
        page = Paginator(_open_first(found.cases), CASES_ON_A_PAGE).get_page(request.GET.get("page"))
    else:
        page = Paginator(found.rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "event": event,
        "said": said,
        "step": of_step,
        "finding": found,
        "basis": _basis_of(of_step),
        "page": page,
        "shows_cases": shows_cases,
        "may_decide": may_draft(request.user, event),
        "alike": _alike_of(found, alike_in(said.cases)),
    }
    return render(request, "reorganisations/finding_list.html", context)


@exported
def finding_rows(asked: Asked, pk: int, step: int, code: str) -> Export:
    """Describe one list as a file, as this reader is shown it."""
    event = get_object_or_404(readable_events(asked.user), pk=pk)
    _said, of_step, found = _finding_or_404(event, asked.user, step, code)
    return Export(
        title=found.title,
        columns=found.columns,
        rows=({column.key: row.get(column.key) for column in found.columns} for row in found.rows),
        count=len(found.rows),
        basis=Basis(Frame(event.unit, of_step.day, asked.user)),
        filters=event.title,
    )


@require_safe
@reads
def finding_export(request, pk, step, code):
    return serve(request, finding_rows, pk=pk, step=step, code=code)


# --- choices ------------------------------------------------------------------------------


@require_POST
@drafts
@transaction.atomic
def decide(request, pk):
    """Save every choice of the page, and one for all cases alike where its button was pressed."""
    event = event_to_change(request, pk)
    back = _way_back(request, event)
    refusal = _why_not_decided(request, event)
    said = for_reader(keeping.kept(event), request.user)
    if refusal or said is None:
        messages.error(request, refusal or _("The rehearsal is out of date. Choose on this new one."))
        return redirect(back)
    choices = _choices(request.POST, said)
    if not choices:
        messages.warning(request, _("Nothing was chosen, so nothing was saved."))
        return redirect(back)
    try:
        with transaction.atomic():
            record_choices(event, choices, seen=seen_revision(request))
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect(back)
    event.refresh_from_db()
    left = len(for_reader(_after_choosing(event, said, choices), request.user).open_cases)
    messages.success(request, _saved(len(choices), left))
    return redirect(back)


def _why_not_decided(request, event) -> str:
    if not may_draft(request.user, event):
        return _("Choices can be made while the event is being drafted or checked.")
    return stale(request, event)


def _choices(sent, said: keeping.Said) -> dict[str, str]:
    """Return what was newly chosen among the options shown."""
    choices = {}
    for case in said.cases:
        codes = {option.code for option in case.options}
        chosen = sent.get(CASE + case.key)
        if chosen in codes or (chosen == "" and not case.is_open):
            choices[case.key] = chosen
        elif chosen is None and case.is_open and (option := chosen_alike(case, sent.get("alike", ""))):
            choices[case.key] = option.code
    before = {case.key: case.chosen.code for case in said.cases if case.chosen}
    return {key: code for key, code in choices.items() if before.get(key) != code}


def _after_choosing(event, said, choices) -> keeping.Said:
    """Return what the choices bring about: at once for a short event, else with the choices marked."""
    if keeping.is_long(event):
        keeping.mark_choices(event, said, choices)
        return keeping.kept(event)
    return keeping.rehearse_and_keep(event)


def _saved(count: int, left: int) -> str:
    saved = ngettext("%(count)d choice saved.", "%(count)d choices saved.", count) % {"count": count}
    still = (
        ngettext("%(left)d case is left to choose.", "%(left)d cases are left to choose.", left)
        % {"left": left}
        if left
        else _("Every case is decided.")
    )
    return f"{saved} {still}"


def _way_back(request, event) -> str:
    """Return to the finding the button belongs to, on the page it stands on."""
    anchor = request.POST.get("save", "")
    step, code = request.POST.get("step", ""), request.POST.get("finding", "")
    if _SLUG.fullmatch(code) and _NUMBER.fullmatch(step):
        return reverse("reorganisations:finding", args=[event.pk, int(step), code])
    url = reverse("reorganisations:rehearsal", args=[event.pk])
    return f"{url}#{anchor}" if _SLUG.fullmatch(anchor) else url
