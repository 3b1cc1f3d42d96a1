"""What happened to an event, told with names: who, when, what, and the reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.changes import ChangeSet
from accounts.history import CREATED
from cells.models import Line, Reorganisation

State = Reorganisation.State


@dataclass
class Moment:
    """One act, or several alike of one person on one day."""

    at: datetime
    by: str
    act: str
    reason: str = ""
    times: int = 1


def moments(event: Reorganisation) -> list[Moment]:
    """Return what happened to the event, first things first, in two queries."""
    told = sorted([*_steps(event), *_corrections(event)], key=lambda moment: moment.at)
    return list(_gathered(told))


def _steps(event: Reorganisation) -> Iterator[Moment]:
    before = None
    rows = event.history.select_related("change_set").order_by("history_id")
    for row in rows:
        if _is_told_elsewhere(before, row):
            continue
        yield Moment(row.history_date, _who(row), str(_act(before, row)), _reason(before, row))
        before = row


# An event is headed anew because its line was put right, or as before because that was taken back.
_TOLD_ELSEWHERE = (ChangeSet.Kind.REORGANISATION, ChangeSet.Kind.TAKE_BACK)


def _is_told_elsewhere(before, row) -> bool:
    """Say whether the lines, or the step that undid the event, tell the same."""
    is_alike = before is not None and before.state == row.state and row.state not in Reorganisation.OPEN
    return is_alike and row.change_set.kind in _TOLD_ELSEWHERE


def _who(row) -> str:
    return row.change_set.by_name or row.change_set.get_kind_display()


def _act(before, row) -> str:
    if before is None or row.history_type == CREATED:
        return _("began the draft")
    if before.state == row.state:
        return _("changed the draft") if row.state in Reorganisation.OPEN else _("recorded a change")
    if row.state == State.SUBMITTED and before.state in (State.CHECKED, State.WAITING):
        return _BACK_TO_CHECK[before.state]
    return {
        State.SUBMITTED: _("sent it to be checked"),
        State.CHECKED: _("confirmed that it has been checked"),
        State.WAITING: _("carried it out; what lies in the future waits for its day"),
        State.APPLIED: _("carried it out"),
        State.UNDONE: _("undid it"),
        State.DRAFT: _back_to_draft(before),
    }[row.state]


_BACK_TO_CHECK = {
    State.CHECKED: gettext_lazy("chose anew; it has to be checked again"),
    State.WAITING: gettext_lazy("did not carry it out: its effects have changed, it has to be checked again"),
}


def _back_to_draft(before) -> str:
    if before.state == State.SUBMITTED:
        return _("gave it back to be completed")
    if before.state == State.CHECKED:
        return _("made a draft of it again; it has to be checked again")
    return _("opened it again for changes")


def _reason(before, row) -> str:
    if before and before.state != row.state and row.state in (State.DRAFT, State.SUBMITTED) and row.remark:
        return row.remark
    # Only undoing asks for a reason; other pages leave a title or an address.
    return row.change_set.reason if row.state == State.UNDONE else ""


def _corrections(event: Reorganisation) -> Iterator[Moment]:
    """What was put right afterwards in lines that had been carried out."""
    rows = Line.history.filter(reorganisation=event.pk, applied_in__isnull=False)
    last: dict[int, object] = {}
    for row in rows.select_related("change_set", "decision").order_by("history_id"):
        before = last.get(row.id)
        if before and _puts_right(before, row) and (changes := list(_differences(before, row))):
            yield Moment(
                row.history_date,
                _who(row),
                _("corrected: %(changes)s") % {"changes": "; ".join(changes)},
                "" if row.change_set.reason.startswith("/") else row.change_set.reason,
            )
        last[row.id] = row


def _puts_right(before, row) -> bool:
    """Say whether somebody did: undoing takes corrections back, and another time it is carried out anew."""
    return before.applied_in_id == row.applied_in_id and row.change_set.kind != ChangeSet.Kind.TAKE_BACK


def _differences(before, row) -> Iterator[str]:
    if before.name != row.name:
        yield _("name “%(old)s” to “%(new)s”") % {"old": before.name, "new": row.name}
    if before.on != row.on:
        yield _("day %(old)s to %(new)s") % {"old": f"{before.on:%d/%m/%Y}", "new": f"{row.on:%d/%m/%Y}"}
    if before.decision_id != row.decision_id:
        yield _("decision %(old)s to %(new)s") % {"old": before.decision or "–", "new": row.decision or "–"}


def _gathered(told: list[Moment]) -> Iterator[Moment]:
    """Tell the same act of one person on one day once, with how often."""
    last = None
    for moment in told:
        if last and _is_same(last, moment):
            last.at, last.times = moment.at, last.times + 1
            continue
        if last:
            yield last
        last = moment
    if last:
        yield last


def _is_same(one: Moment, other: Moment) -> bool:
    return (one.by, one.act, one.reason) == (other.by, other.act, other.reason) and _day(one) == _day(other)


def _day(moment: Moment):
    return timezone.localdate(moment.at)
