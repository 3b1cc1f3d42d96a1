"""What somebody may do with an event, and which events somebody may read."""

from cells.models import Reorganisation
from cells.models.grants import scope_of

# The rights that pages of reorganisations ask for.
READS, PROPOSES = "cells.view_reorganisation", "cells.add_reorganisation"
DRAFTS, APPLIES = "cells.change_reorganisation", "cells.apply_reorganisation"


def may_apply(user) -> bool:
    """Whether the user checks, carries out and undoes: for the province, not for one commune."""
    return user.has_perm(APPLIES)


def may_draft(user, event: Reorganisation) -> bool:
    """Whether the user may change the event's lines now: a commune only what it has not sent yet."""
    return event.is_open and events_to_draft(user).filter(pk=event.pk).exists()


def events_to_draft(user):
    """Return the events whose lines the user may change now."""
    if not user.has_perm(DRAFTS):
        return Reorganisation.objects.none()
    states = Reorganisation.OPEN if may_apply(user) else [Reorganisation.State.DRAFT]
    return Reorganisation.objects.kept_by(user).filter(state__in=states).select_related("unit")


def sees_all_of(user, event: Reorganisation) -> bool:
    """Whether the people and cells of an event they see are theirs to know; the country's touch everybody's."""
    return event.unit_id is not None or scope_of(user).everywhere


def readable_events(user):
    """Return the events whose rehearsal somebody may read.

    Everybody may know what the country decides; the people and cells it touches are shown to those
    who see all of them.
    """
    events = Reorganisation.objects.visible_to(user).select_related("unit__province", "decision")
    return events if scope_of(user).everywhere else events.filter(unit__isnull=False)
