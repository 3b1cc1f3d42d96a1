"""The monitor's changes and breaks as rows that people read: names, causes, late entries; a page at a time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from cells.models import Unit
from dashboards.staffing.breaking import Basis, Break, End
from dashboards.staffing.monitor import AREA, HAMLET, SEAT, Cause, Change, Month, Pair
from dashboards.wording import HamletWords, fewer_words, more_words
from leaders.late import entered_late
from leaders.models import Person, WayIn, WayOut
from sheets.writing import Column


def cause_words(cause: Cause, words: HamletWords, *, is_gain: bool) -> str:
    """Return why a hamlet counts, or counts no more: the seat with the way in or out."""
    if cause.seat == HAMLET:
        if is_gain:
            return _("%(hamlets)s set up, merged or moved here") % {"hamlets": words.hamlet}
        return _("%(hamlets)s merged, closed or moved away") % {"hamlets": words.hamlet}
    if cause.seat == AREA:
        return _("another cell covers it")
    seat = words.head if cause.seat == SEAT else _("secretary")
    if not cause.way:
        return _("%(seat)s: way not recorded") % {"seat": seat}
    label = WayIn(cause.way).label if is_gain else WayOut(cause.way).label
    return f"{seat}: {label}"


def causes_in_words(change: Change, words: HamletWords) -> str:
    return "; ".join(cause_words(cause, words, is_gain=change.is_gain) for cause in change.causes)


def changes_words(changes: Sequence[Change], words: HamletWords, first: date, last: date) -> str:
    """Return how many became more and fewer from the first to the last day."""
    gained = sum(change.is_gain for change in changes)
    return _(
        "From %(first)s to %(last)s: %(gained)s; %(lost)s."
        " One that comes back within the month is counted in both directions."
    ) % {
        "first": f"{first:%d/%m/%Y}",
        "last": f"{last:%d/%m/%Y}",
        "gained": more_words(gained, words),
        "lost": fewer_words(len(changes) - gained, words),
    }


def change_columns(words: HamletWords) -> list[Column]:
    return [
        Column("hamlet", words.hamlet.capitalize(), 26),
        Column("commune", _("Commune"), 26),
        Column("day", _("Day"), 14, "date"),
        Column("direction", _("More or fewer"), 12),
        Column("person", _("Full name"), 28),
        Column("cause", _("Cause"), 44),
        Column("note", _("Remark"), 28),
    ]


def change_records(changes: Sequence[Change], words: HamletWords) -> list[dict]:
    """Return these changes (one page, one batch) as plain values by column key."""
    pairs = [pair for change in changes for pair in change.pairs]
    hamlets = _hamlets(change.hamlet for change in changes)
    people, entered = _people(pairs), _late_entries(pairs)
    return [
        {
            **_place(hamlets.get(change.hamlet)),
            "day": change.day,
            "direction": _("one more counted") if change.is_gain else _("one fewer counted"),
            **_of_person(people, change.pairs),
            "cause": causes_in_words(change, words),
            "note": _late(change, entered),
        }
        for change in changes
    ]


def _hamlets(keys: Iterable[int]) -> dict[int, Unit]:
    return Unit.objects.select_related("commune").in_bulk(set(keys))


def _place(hamlet: Unit | None) -> dict:
    if hamlet is None:
        return {"hamlet": "", "commune": ""}
    return {
        "hamlet": str(hamlet),
        "hamlet_url": hamlet.get_absolute_url(),
        "commune": str(hamlet.commune or ""),
    }


def _people(pairs: Iterable[Pair]) -> dict[int, Person]:
    return Person.objects.in_bulk({pair.person for pair in pairs})


def _of_person(people: dict[int, Person], pairs: Sequence[Pair]) -> dict:
    found = [people[pair.person] for pair in pairs if pair.person in people]
    if not found:
        return {"person": ""}
    return {"person": str(found[0]), "person_url": found[0].get_absolute_url()}


# First and last day of a tenure were entered on these days, where late.
Late = Mapping[int, tuple[date | None, date | None]]


def _late_entries(pairs: Iterable[Pair]) -> Late:
    return entered_late({held.key for pair in pairs for held in (pair.seat, pair.secretary)})


def late_months(months: Sequence[Month]) -> dict[date, date]:
    """Return of each month with changes that were entered late the last day on which one of them was."""
    entered = _late_entries(pair for month in months for change in month.changes for pair in change.pairs)
    days = {
        month.first: {_late_day(change, entered) for change in month.changes} - {None} for month in months
    }
    return {first: max(some) for first, some in days.items() if some}


def _late(change: Change, entered: Late) -> str:
    """Say when the change was entered, where that was late."""
    day = _late_day(change, entered)
    return _("entered later, on %(day)s") % {"day": f"{day:%d/%m/%Y}"} if day else ""


def _late_day(change: Change, entered: Late) -> date | None:
    days = {
        entered[held.key][0 if change.is_gain else 1]
        for pair in change.pairs
        for held in (pair.seat, pair.secretary)
        if held.key in entered and held.days[0 if change.is_gain else 1] in _edge_days(change)
    } - {None}
    return max(days, default=None)


def _edge_days(change: Change):
    """Return the day that a seat begins or ends on where it makes the change."""
    return (change.day,) if change.is_gain else tuple(pair.days[1] for pair in change.pairs)


# --- who holds both seats -----------------------------------------------------------------------


def holder_columns(words: HamletWords) -> list[Column]:
    return [
        Column("hamlet", words.hamlet.capitalize(), 26),
        Column("commune", _("Commune"), 26),
        Column("person", _("Full name"), 28),
        Column("since", _("From the day"), 14, "date"),
        Column("term", _("Term"), 14),
    ]


def holder_records(pairs: Sequence[Pair]) -> list[dict]:
    """Return these pairs (one page, one batch) as plain values by column key."""
    hamlets, people = _hamlets(pair.hamlet for pair in pairs), _people(pairs)
    return [
        {
            **_place(hamlets.get(pair.hamlet)),
            **_of_person(people, [pair]),
            "since": None if pair.seat.days[0] == date.min else pair.seat.days[0],
            "term": pair.seat.term,
        }
        for pair in pairs
    ]


# --- breaks -----------------------------------------------------------------------------------


def break_columns(words: HamletWords) -> list[Column]:
    return [
        Column("hamlet", words.hamlet.capitalize(), 26),
        Column("commune", _("Commune"), 26),
        Column("person", _("Full name"), 28),
        Column("day", _("Breaks from"), 14, "date"),
        Column("first", _("What ends first"), 24),
        Column("head_end", _("End of the term as %(head)s") % {"head": words.head}, 34),
        Column("secretary_end", _("End of the term as secretary"), 34),
        Column("note", _("Remark"), 20),
    ]


def break_records(found: Sequence[Break], words: HamletWords, today) -> list[dict]:
    """Return these breaks (one page, one batch) as plain values by column key."""
    hamlets = _hamlets(one.pair.hamlet for one in found)
    people = _people(one.pair for one in found)
    return [
        {
            **_place(hamlets.get(one.pair.hamlet)),
            **_of_person(people, [one.pair]),
            "day": one.day,
            "first": words.head.capitalize() if one.head_is_first else _("Secretary"),
            "head_end": end_in_words(one.head),
            "secretary_end": end_in_words(one.secretary),
            "note": _("the term is over") if one.day < today else "",
        }
        for one in found
    ]


def end_in_words(end: End) -> str:
    basis = Basis(end.basis).label
    return f"{end.day:%d/%m/%Y} ({basis})" if end.day else str(basis)
