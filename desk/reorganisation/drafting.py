"""Writing drafts of reorganisations: events, their lines, and the short drafts of a commune.

Nothing here touches a unit or a cell. Every change counts the event's revision up, so that a
page shown before is told; what was checked already is a draft again.
"""

from collections.abc import Iterable
from contextlib import contextmanager
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Case, F, Max, Q, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.changes import give_reason
from accounts.history import CHANGED, create_many, delete_many, record_many
from accounts.refusals import sentence_for
from cells.models import (
    Cell,
    Decision,
    Fate,
    Line,
    LineKind,
    LineSource,
    Reorganisation,
    Unit,
)
from desk.reorganisation.line_rules import WHOLE, DraftLine, check_one, refuse_nonsense
from desk.reorganisation.wording import Then, in_words
from leaders.models import Office, Tenure
from sheets.text import nfc

State = Reorganisation.State
OPEN = (State.DRAFT, State.SUBMITTED, State.CHECKED)
MOST_NAMED = 3


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
    current = rows.filter(state__in=OPEN, revision=event.revision if seen is None else seen)
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
    lines = [_filled(Line(reorganisation=event), draft) for draft in drafts]
    for position, line in enumerate(lines, start=last + 1):
        line.position = position
    with _said_in_words():
        create_many(Line, lines)
        create_many(
            LineSource,
            [source for line, draft in zip(lines, drafts, strict=True) for source in _sources(line, draft)],
        )
    return lines


@transaction.atomic
def change_line(line: Line, draft: DraftLine, *, seen: int | None = None) -> Line:
    """Let the line say this instead; what was chosen for its seats is asked again where it changes."""
    _refuse_applied(line)
    check_one(draft)
    give_reason(_("Line changed: %(title)s") % {"title": line.reorganisation})
    _count(line.reorganisation, seen)
    with _said_in_words():
        _filled(line, draft).save()
        delete_many(line.sources.all())
        create_many(LineSource, _sources(line, draft))
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


def _filled(line: Line, draft: DraftLine) -> Line:
    for name in ("kind", "on", "decision", "unit", "cell", "parent", "parent_line", "unit_kind", "code"):
        setattr(line, name, getattr(draft, name))
    line.name = nfc(draft.name)
    return line


def _sources(line: Line, draft: DraftLine) -> list[LineSource]:
    return [
        *[LineSource(line=line, unit=unit, part=part) for unit, part in draft.units],
        *[LineSource(line=line, cell=cell) for cell in draft.cells],
    ]


# --- the short drafts of a commune -------------------------------------------------------


@transaction.atomic
def draft_merger(
    commune: Unit,
    hamlets: list[Unit],
    *,
    number: str,
    date: date,
    body: str,
    on: date,
    kind: str = "",
    name: str = "",
    into: Unit | None = None,
    stays: Tenure | None = None,
) -> Reorganisation:
    """Draft the merger of these hamlets into a new one, or into one of them.

    ``stays`` is the head who leads the hamlet from that day until one is elected; none: nobody.
    Number, date and body name the paper.
    """
    ending = [hamlet for hamlet in hamlets if into is None or hamlet.pk != into.pk]
    _refuse_drafted_already(Q(unit__in=ending), Q(sources__unit__in=ending))
    draft = DraftLine(
        kind=LineKind.ABSORB if into else LineKind.FOUND,
        on=on,
        decision=Decision.objects.recorded(number, date, body, unit=commune),
        units=[(hamlet, WHOLE) for hamlet in ending],
        unit=into,
        unit_kind="" if into else kind,
        name="" if into else name,
    )
    event = _begin_short(commune, draft)
    _decide(event, Office.HAMLET_HEAD, stays, stays_put=bool(into and stays and stays.hamlet_id == into.pk))
    return event


@transaction.atomic
def draft_cell_join(
    commune: Unit,
    cells: list[Cell],
    *,
    number: str,
    date: date,
    body: str,
    on: date,
    name: str = "",
    into: Cell | None = None,
    stays: Tenure | None = None,
) -> Reorganisation:
    """Draft the joining of these cells as a new one, or into one of them; ``stays`` leads it."""
    ending = [cell for cell in cells if into is None or cell.pk != into.pk]
    _refuse_drafted_already(Q(cell__in=ending), Q(sources__cell__in=ending))
    draft = DraftLine(
        kind=LineKind.CELL_JOIN,
        on=on,
        decision=Decision.objects.recorded(number, date, body, unit=commune),
        cells=ending,
        cell=into,
        name="" if into else name,
    )
    event = _begin_short(commune, draft)
    # Nobody is secretary for the time being: whoever leads the joined cell is appointed.
    _decide(event, Office.SECRETARY, stays, stays_put=True)
    return event


def _begin_short(commune: Unit, draft: DraftLine) -> Reorganisation:
    check_one(draft)
    line = _filled(Line(), draft)
    sources = _sources(line, draft)
    title = in_words(line, Then.about([line, *sources]), sources=sources)
    event = begin(title=title[:300], unit=commune, on=draft.on, decision=draft.decision)
    add_lines(event, [draft])
    return event


def _refuse_drafted_already(*conditions: Q) -> None:
    """One thing ends once: a second click, or a colleague's draft, is pointed to the first."""
    condition = Q()
    for one in conditions:
        condition |= one
    waiting = Line.objects.filter(
        condition, reorganisation__state__in=[*OPEN, State.WAITING], applied_in__isnull=True
    )
    events = Reorganisation.objects.filter(pk__in=waiting.values("reorganisation"))[:MOST_NAMED]
    if events:
        named = "; ".join(f"“{event}” ({event.get_state_display().lower()})" for event in events)
        raise ValidationError(
            _("Already drafted: %(events)s. Open that draft instead of writing a second one.")
            % {"events": named}
        )


def _decide(event: Reorganisation, office: str, stays: Tenure | None, *, stays_put: bool) -> None:
    """Keep who leads the new unit as the fate of its seat, in the words of ``cells/fates.py``."""
    line = event.lines.get()
    choice = f"{'stay' if stays_put else 'interim'}:{stays.pk}" if stays else "none"
    Fate.objects.create(reorganisation=event, key=f"seat:{office}:line{line.pk}", choice=choice)
