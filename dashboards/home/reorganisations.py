"""Reorganisations that wait for who has signed in: to check, to complete, for their day, for a person."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count as CountOf
from django.db.models import Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from cells.models import Reorganisation, Unit
from dashboards.home.attention import Count

State = Reorganisation.State
MOST_SHOWN = 5


def _listed(state_slug: str) -> str:
    return f"{reverse('reorganisations:list')}?trang_thai={state_slug}"


def to_deal_with(user, unit: Unit | None) -> list[Count]:
    """Return what a province has to check and to carry out; what is done is not mentioned."""
    events = Reorganisation.objects.kept_by(user)
    if unit is not None:
        events = events.filter(Q(unit=unit) | Q(unit__province=unit))
    counted = events.aggregate(
        submitted=CountOf("pk", filter=Q(state=State.SUBMITTED)),
        checked=CountOf("pk", filter=Q(state=State.CHECKED)),
    )
    found = [
        Count(_("drafts of mergers wait to be checked"), counted["submitted"], _listed("cho-kiem-tra")),
        Count(_("mergers are checked and not carried out yet"), counted["checked"], _listed("da-kiem-tra")),
    ]
    return [one for one in found if one.count]


def sent_back(user, commune: Unit) -> list[Reorganisation]:
    """Return the commune's drafts that the province has given back with a word."""
    events = Reorganisation.objects.visible_to(user).filter(unit=commune, state=State.DRAFT)
    return list(events.exclude(remark="").order_by("pk")[:MOST_SHOWN])


@dataclass(frozen=True)
class Waiting:
    """An event that waits for a day, or for a person, and why."""

    event: Reorganisation
    day: date | None
    why: str = ""


def waiting_events(today: date) -> dict[str, list[Waiting]]:
    """Return the events that wait for their day, and those whose day came without their being carried out."""
    unapplied = Min("lines__on", filter=Q(lines__applied_in__isnull=True))
    # What was not as rehearsed on its day went back to be checked, and says why.
    stopped = Q(state=State.SUBMITTED) & ~Q(remark="")
    events = Reorganisation.objects.filter(Q(state=State.WAITING) | stopped).annotate(next_day=unapplied)
    rows = [Waiting(event, event.next_day, event.remark) for event in events.order_by("next_day", "pk")]
    late = [row for row in rows if row.why or (row.day and row.day < today)]
    return {
        "waiting_for_a_day": [row for row in rows if row not in late][:MOST_SHOWN],
        "waiting_for_somebody": late[:MOST_SHOWN],
    }
