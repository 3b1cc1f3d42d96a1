"""Which acts an event offers in its state, and to whom. Whether one can be done is judged when it is."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cells.models import Reorganisation
from desk.reorganisation.events import APPLIES, DRAFTS
from desk.reorganisation.rehearsal.keeping import Said, kept

State = Reorganisation.State


@dataclass(frozen=True)
class Act:
    """One thing that may be done: its address name, its words, the right it needs, and in which states."""

    name: str
    label: str
    permission: str
    states: tuple[str, ...]


ACTS = {
    act.name: act
    for act in (
        Act("submit", _("Send to the province"), DRAFTS, (State.DRAFT,)),
        Act("check", _("Confirm that it has been checked"), APPLIES, (State.DRAFT, State.SUBMITTED)),
        Act("apply", _("Carry out"), APPLIES, (State.CHECKED, State.WAITING)),
        Act("send_back", _("Give back to the commune"), APPLIES, (State.SUBMITTED,)),
        Act("reopen", _("Open again for changes"), APPLIES, (State.CHECKED, State.WAITING, State.UNDONE)),
        Act("correct", _("Correct an entry"), APPLIES, (State.WAITING, State.APPLIED)),
        Act("undo", _("Undo"), APPLIES, (State.WAITING, State.APPLIED)),
    )
}
# A commune that has finished its draft sends it; a province that drafts checks for itself.
MAIN = ("submit", "check", "apply")


@dataclass(frozen=True)
class Offer:
    """An act as a button."""

    label: str
    url: str
    is_main: bool


def offers(event: Reorganisation, user, said: Said | None = None) -> list[Offer]:
    """Return the buttons for this user, who keeps the event; ``said`` is its rehearsal, where it is shown."""
    return [
        Offer(
            str(label_of(act, event)),
            reverse(f"reorganisations:{act.name}", args=[event.pk]),
            act.name in MAIN,
        )
        for act in ACTS.values()
        if event.state in act.states
        and user.has_perm(act.permission)
        and _makes_sense(act, event, user, said)
    ]


def label_of(act: Act, event: Reorganisation) -> str:
    """Return the words of the button: while nothing is due, carrying out is no more than approving."""
    if act.name == "apply" and not _is_due(event):
        return _("Approve, to be carried out on its day")
    return act.label


def _is_due(event: Reorganisation) -> bool:
    return event.lines.waiting().filter(on__lte=timezone.localdate()).exists()


def _makes_sense(act: Act, event: Reorganisation, user, said: Said | None) -> bool:
    if act.name == "submit":
        return event.is_of_a_commune and not user.has_perm(APPLIES)
    if act.name == "check":
        # Who confirms has read a rehearsal that leaves nothing open.
        said = said or kept(event)
        return said is not None and said.is_settled
    if act.name == "send_back":
        return event.is_of_a_commune
    if event.state != State.WAITING:
        return True
    is_begun = event.lines.applied().exists()
    if act.name == "apply":
        return _is_due(event)
    return is_begun if act.name in ("undo", "correct") else not is_begun
