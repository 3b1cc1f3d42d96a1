"""The short drafts of a commune: hamlets that merge, cells that are joined, one line and who leads what it makes."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cells.models import Cell, Decision, Fate, Line, LineKind, Reorganisation, Unit
from desk.reorganisation.drafting.rules import WHOLE, DraftLine, check_one
from desk.reorganisation.drafting.writing import add_lines, begin, filled, sources_of
from desk.reorganisation.headings import heading_of
from leaders.models import Office, Tenure

MOST_NAMED = 3


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
    line = filled(Line(), draft)
    heading = heading_of(line, sources_of(line, draft))
    event = begin(title=heading["title"], unit=commune, on=draft.on, decision=draft.decision)
    add_lines(event, [draft])
    return event


def _refuse_drafted_already(*conditions: Q) -> None:
    """One thing ends once: a second click, or a colleague's draft, is pointed to the first."""
    condition = Q()
    for one in conditions:
        condition |= one
    waiting = Line.objects.filter(
        condition, reorganisation__state__in=[*Reorganisation.OPEN, Reorganisation.State.WAITING]
    ).waiting()
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
