"""One commune, one grid: what came out of its elections or congresses of a term."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.acts import one_act
from accounts.refusals import sentences_for
from cells.access import seen_commune
from cells.models import Unit
from leaders.contests.doubts import Unsure, doubts
from leaders.contests.forms import PaperForm
from leaders.contests.grid import Grid, Row, load, number_of
from leaders.contests.late import Late, typed_late
from leaders.contests.posted import Entry, Names, ask, take, tell, texts_of
from leaders.contests.results import (
    Conflict,
    Refused,
    next_attempt,
    postpone,
    record_result,
    told_who_was_first,
)
from leaders.contests.views.access import grid_url, keeps, kept_commune, reads, records
from leaders.models import Contest, ContestOffice, Person, Tenure

MOST_TOLD = 6


@require_safe
@reads
def grid(request, term: str, pk: int, kind: str):
    commune = seen_commune(request, pk)
    return _page(request, load(commune, term, kind, request.user), PaperForm())


def _page(request, shown: Grid, paper: PaperForm, *, status: int = 200):
    may_record = keeps(request.user, shown.commune)
    is_open = may_record and any(row.is_open for row in shown.rows)
    other = Contest.Kind.HEAD_ELECTION if shown.is_congress else Contest.Kind.CONGRESS
    context = {
        "grid": shown,
        "commune": shown.commune,
        "term": shown.term,
        "kind": shown.kind,
        "other": other,
        "counts": shown.counts,
        "may_record": may_record,
        "is_open": is_open,
        "people": people_of(shown.commune, request.user) if is_open else [],
        "methods": Contest.Method.choices,
        "offices": ContestOffice.choices,
        "outcomes": [(one.value, one.label) for one in (Contest.Outcome.HELD, Contest.Outcome.FAILED)],
        "paper": paper,
        "refused": [row for row in shown.rows if row.is_refused],
        "today": timezone.localdate(),
    }
    return render(request, "contests/grid.html", context, status=status)


def people_of(commune: Unit, user) -> list[tuple[str, str]]:
    """Return whom the fields offer: the people of the commune, with the seats they hold today."""
    today = Tenure.objects.visible_to(user).on(timezone.localdate()).select_related("cell", "hamlet")
    seats: dict[int, list[str]] = {}
    for seat in today.filter(person__keeper=commune):
        seats.setdefault(seat.person_id, []).append(seat.seat_name)
    people = Person.objects.visible_to(user).filter(keeper=commune).order_by("sort_key", "pk")
    return [(number_of(person), "; ".join(seats.get(person.pk, []))) for person in people]


@require_POST
@records
def save(request, term: str, pk: int, kind: str):
    """Record each row in which something was entered; a row that is refused does not hold up the others."""
    commune = kept_commune(request, pk)
    shown = load(commune, term, kind, request.user)
    paper = PaperForm(request.POST)
    entries = _entries(request, shown)
    if not paper.is_valid():
        return _page(request, shown, paper)
    done, told = [], []
    for entry in entries:
        moves = _recorded(request, entry, paper)
        if moves is not None:
            done.append(entry.row)
            told += moves
    if done:
        said = ngettext("Recorded: %(n)d row.", "Recorded: %(n)d rows.", len(done)) % {"n": len(done)}
        messages.success(request, " ".join([said, *(f"{one}." for one in told[:MOST_TOLD])]))
    refused = {row.key: row for row in shown.rows if row.is_refused}
    if not refused:
        if not done:
            messages.info(request, _("Nothing had been changed."))
        return redirect(grid_url(term, commune, kind) + _next_open(shown, done))
    fresh = load(commune, term, kind, request.user)
    fresh.rows = [_still_typed(row, refused.get(row.key)) for row in fresh.rows]
    return _page(request, fresh, paper)


def _next_open(shown: Grid, done: list[Row]) -> str:
    """Return the part of the address that leads on: to the next row without a result, from the last one saved."""
    if not done:
        return ""
    last = shown.rows.index(done[-1])
    following = shown.rows[last + 1 :] + shown.rows[:last]
    return next((f"#{row.key}" for row in following if row.is_open and row not in done), "")


def _entries(request, shown: Grid) -> list[Entry]:
    read = [row for row in shown.rows if f"{row.key}-mark" in request.POST]
    for row in read:
        if not row.is_open and (typed := typed_late(row, request.POST)):
            row.late = Late(typed, row)
            row.faults["conflict"] = told_who_was_first(row.contest)
    read = [row for row in read if row.is_open]
    names = Names(
        request.user,
        shown.commune,
        texts_of([row.key for row in read], request.POST),
        [row.contest for row in read],
    )
    return [entry for row in read if (entry := take(row, request.POST, names)) is not None]


def _recorded(request, entry: Entry, paper: PaperForm) -> list[str] | None:
    """Record one row; return what became of the seats, None where it was refused."""
    row = entry.row
    contest = row.contest or next_attempt(row.kind, row.body, row.term)
    reason = _("%(contest)s: result recorded") % {"contest": contest}
    is_asked = ask(row)
    try:
        with one_act(request, reason):
            if entry.is_only_planned:
                postpone(contest, entry.facts["planned_on"], seen=entry.seen)
                return []
            facts = dict(entry.facts)
            if facts["outcome"] == Contest.Outcome.HELD and (decision := paper.decision(row.body.commune)):
                facts["decision"] = decision
            recorded = record_result(contest, facts, entry.stood, seen=entry.seen)
            found = doubts(recorded, request.user)
            is_sure = not found or entry.sure == " ".join(found)
            if is_asked or not is_sure:
                raise Unsure([] if is_sure else found)
            return recorded.moves.sentences()
    except Unsure as error:
        row.doubts = error.messages
    except Refused as error:
        tell(row, error.by_field)
    except Conflict as error:
        row.faults["conflict"] = " ".join(error.messages)
    except (ValidationError, IntegrityError) as error:
        row.faults["row"] = " ".join(sentences_for(error))
    return None


def _still_typed(fresh: Row, refused: Row | None) -> Row:
    """Return the row as it is recorded now, with what was typed and refused still in its fields."""
    if refused is None:
        return fresh
    fresh.faults, fresh.doubts = refused.faults, refused.doubts
    if fresh.is_open:
        fresh.texts, fresh.lines = refused.texts, refused.lines
    else:
        # Somebody was quicker: what is recorded stands, and what was typed here beside it.
        fresh.late = Late(refused.late.typed if refused.late else refused, fresh)
    return fresh
