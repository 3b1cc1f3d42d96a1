"""The paper of an event: what is changed, what it brings about, and what was chosen, for signature."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import ExportLog
from cells.models import Reorganisation, Unit
from dashboards.letterhead import head_of, place_and_day
from desk.reorganisation.events import may_apply, readable_events
from desk.reorganisation.rehearsal import keeping
from desk.reorganisation.rehearsal.readers import for_reader
from desk.reorganisation.views.access import reads

State = Reorganisation.State


def _author(event: Reorganisation, user) -> Unit | None:
    """Return the unit whose paper it is: the province's where it is for the province to apply."""
    if event.unit is not None and may_apply(user):
        return event.unit.province or event.unit
    return event.unit


@require_safe
@reads
def print_view(request, pk):
    event = get_object_or_404(readable_events(request.user), pk=pk)
    parts, head = _parts(event, request.user), head_of(_author(event, request.user))
    line_count = sum(len(step.lines) for part in parts for step in part.said.steps)
    ExportLog.note(by=request.user, what=_("Print of a reorganisation"), filters=event.title, rows=line_count)
    context = {
        "event": event,
        "parts": parts,
        "head": head,
        "is_done": event.is_over,
        "is_draft": event.state in (State.DRAFT, State.SUBMITTED),
        "place_and_day": place_and_day(head.place, timezone.localdate()),
    }
    return render(request, "reorganisations/rehearsal_print.html", context)


@dataclass(frozen=True)
class Part:
    """What was carried out, or what is to come."""

    said: keeping.Said
    is_done: bool


def _parts(event: Reorganisation, user) -> list[Part]:
    """Return what is known of the event; one that waits for a later day has both parts."""
    done = keeping.kept(event, purpose=keeping.Purpose.DONE)
    coming = None if event.is_over else keeping.rehearsed(event)
    return [Part(for_reader(said, user), said is done) for said in (done, coming) if said]
