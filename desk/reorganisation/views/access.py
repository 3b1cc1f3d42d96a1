"""Who may open a page, which events it may show and which it may change, asked in one place."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.access import get_kept_or_404, locked
from accounts.asked import revision_in
from cells.models import Reorganisation
from desk.reorganisation.applying import who_was_first
from desk.reorganisation.events import APPLIES, DRAFTS, PROPOSES, READS

reads = permission_required(READS, raise_exception=True)
proposes = permission_required(PROPOSES, raise_exception=True)
drafts = permission_required(DRAFTS, raise_exception=True)
applies = permission_required(APPLIES, raise_exception=True)

# No event is changed a thousand million times; Python refuses to read numbers of thousands of digits.


def event_to_change(request, pk: int) -> Reorganisation:
    """Return the event for changing, locked while it is changed: two who press at once stand in line."""
    events = locked(request, Reorganisation.objects.select_related("unit__province", "decision"))
    return get_kept_or_404(events, request.user, pk=pk)


def seen_revision(request) -> int:
    """Return the revision the page was made of; 0, which no event has, where it is not said."""
    seen = request.POST.get("seen", "")
    return revision_in(seen)


def stale(request, event: Reorganisation) -> str:
    """Say who changed the event after the page was opened; nothing where nobody did."""
    if seen_revision(request) == event.revision:
        return ""
    return who_was_first(event)


def saved(form, save) -> bool:
    """Save; where it is refused, say why beside the form and leave everything as it was."""
    try:
        with transaction.atomic():
            save()
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True
