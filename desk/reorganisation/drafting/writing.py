"""Writing drafts of reorganisations: events and their lines.

Nothing here touches a unit or a cell. Every change counts the event's revision up, so that a
page shown before is told; what was checked already is a draft again.
"""

from collections.abc import Iterable
from contextlib import contextmanager
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Case, F, Max, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.changes import give_reason
from accounts.history import CHANGED, create_many, delete_many, record_many
from accounts.refusals import sentence_for
from cells.models import (
    Decision,
    Line,
    LineSource,
    Reorganisation,
    Unit,
)
from desk.reorganisation.drafting.rules import DraftLine, check_one, refuse_nonsense
from desk.reorganisation.headings import followed, heading_of, heading_of_only_line
from sheets.text import nfc

State = Reorganisation.State


# --- the event ---------------------------------------------------------------------------


@transaction.atomic
def begin(*, title: str, unit: Unit | None, on: date, decision: Decision | None = None) -> Reorganisation:
    """Begin a draft for this unit (none: the whole country)."""
    give_reason(_("Draft of a reorganisation: %(title)s") % {"title": title})
    event = Reorganisation(title=nfc(title), unit=unit, effective_on=on, decision=decision)
    event.full_clean()
    event.save()
    return event


@transaction.atomic
def change_event(
    event: Reorganisation, *, title: str, on: date, decision: Decision | None, seen: int | None = None
) -> None:
    """Change what the event is called, its day and its paper; lines keep their own."""
    give_reason(_("Draft changed: %(title)s") % {"title": title})
    _count(event, seen, title=nfc(title), effective_on=on, decision=decision)


@transaction.atomic
def discard(event: Reorganisation, *, seen: int | None = None) -> None:
    """Take a draft away that came to nothing; what was ever applied stays."""
    give_reason(_("Draft discarded: %(title)s") % {"title": event})
    _count(event, seen)
    once_applied = event.history.filter(state__in=[State.APPLIED, State.WAITING, State.UNDONE])
    if event.state != State.DRAFT or once_applied.exists():
        raise ValidationError(_("Only a draft that was never applied can be discarded."))
    event.delete()


def _count(event: Reorganisation, seen: int | None, **facts) -> None:
    """Count the revision up; refuse where somebody was quicker or the event is no longer open."""
    rows = Reorganisation.objects.filter(pk=event.pk)
    checked = Case(When(state=State.CHECKED, then=Value(State.DRAFT.value)), default=F("state"))
    current = rows.filter(state__in=Reorganisation.OPEN, revision=event.revision if seen is None else seen)
    if not current.update(revision=F("revision") + 1, state=checked, **facts):
        raise ValidationError(_refusal(rows))
    record_many(rows, CHANGED)
    event.refresh_from_db()


def _refusal(rows) -> str:
    row = rows.first()
    if row is None:
        return _("This draft is gone. Open the list again.")
    if not row.is_open:
        return _("“%(title)s” is %(state)s; its lines can no longer be changed.") % {
            "title": row,
            "state": row.get_state_display().lower(),
        }
    return _("Somebody changed this meanwhile. Nothing was saved. Open the page again.")


# --- its lines ---------------------------------------------------------------------------


@transaction.atomic
def add_lines(
    event: Reorganisation, drafts: Iterable[DraftLine], *, seen: int | None = None, reason: str = ""
) -> list[Line]:
    """Record these lines behind those the event has; all of them or none.

    ``seen`` is the revision the page was shown with; without it that of the event as loaded.
    """
    drafts = list(drafts)
    faults = [sentence for found in refuse_nonsense(drafts) for rows in found.values() for sentence in rows]
    if faults:
        raise ValidationError(list(dict.fromkeys(faults)))
    give_reason(
        reason
        or ngettext("%(count)d line added: %(title)s", "%(count)d lines added: %(title)s", len(drafts))
        % {"count": len(drafts), "title": event}
    )
    _count(event, seen)
    last = event.lines.aggregate(last=Max("position"))["last"] or 0
    lines = [filled(Line(reorganisation=event), draft) for draft in drafts]
    for position, line in enumerate(lines, start=last + 1):
        line.position = position
    with _said_in_words():
        create_many(Line, lines)
        create_many(
            LineSource,
            [source for line, draft in zip(lines, drafts, strict=True) for source in sources_of(line, draft)],
        )
    return lines


@transaction.atomic
def change_line(line: Line, draft: DraftLine, *, seen: int | None = None) -> Line:
    """Let the line say this instead, and an event that is headed as its only line said as well."""
    _refuse_applied(line)
    check_one(draft)
    event, sources = line.reorganisation, sources_of(line, draft)
    give_reason(_("Line changed: %(title)s") % {"title": event})
    was = heading_of_only_line(event)
    filled(line, draft)
    _count(event, seen, **(followed(event, was, heading_of(line, sources)) if was else {}))
    with _said_in_words():
        line.save()
        delete_many(line.sources.all())
        create_many(LineSource, sources)
    return line


@transaction.atomic
def remove_line(line: Line, *, seen: int | None = None) -> None:
    """Take the line out of its draft, and what was chosen for it."""
    _refuse_applied(line)
    event = line.reorganisation
    if Line.objects.filter(parent_line=line).exists():
        raise ValidationError(
            _("Other lines put something under the unit that this one founds. Change those first.")
        )
    give_reason(_("Line removed: %(title)s") % {"title": event})
    _count(event, seen)
    delete_many(event.fates.filter(key__endswith=f":line{line.pk}"))
    line.delete()


@contextmanager
def _said_in_words():
    """Say what the database refuses in the sentence of its constraint."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise ValidationError(sentence_for(error)) from error


def _refuse_applied(line: Line) -> None:
    if line.is_applied:
        raise ValidationError(_("This line is applied. Correct it, or undo the reorganisation first."))


def filled(line: Line, draft: DraftLine) -> Line:
    """Return the line, saying what the draft says; its sources are rows of their own."""
    for name in ("kind", "on", "decision", "unit", "cell", "parent", "parent_line", "unit_kind", "code"):
        setattr(line, name, getattr(draft, name))
    line.name = nfc(draft.name)
    return line


def sources_of(line: Line, draft: DraftLine) -> list[LineSource]:
    """Return what goes into the line, not recorded yet."""
    return [
        *[LineSource(line=line, unit=unit, part=part) for unit, part in draft.units],
        *[LineSource(line=line, cell=cell) for cell in draft.cells],
    ]
