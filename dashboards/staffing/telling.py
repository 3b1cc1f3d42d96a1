"""The monitor's changes and breaks as rows that people read: names, causes, late entries; a page at a time."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from cells.models import Unit
from dashboards.staffing.breaking import Basis, Break, End
from dashboards.staffing.monitor import AREA, HAMLET, SEAT, Cause, Change, Pair
from dashboards.wording import HamletWords
from leaders.late import tell_late
from leaders.models import Person, Tenure, WayIn, WayOut
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
    people, tenures = _people(pairs), _tenures(pairs)
    return [
        {
            **_place(hamlets.get(change.hamlet)),
            "day": change.day,
            "direction": _("one more counted") if change.is_gain else _("one fewer counted"),
            **_of_person(people, change.pairs),
            "cause": causes_in_words(change, words),
            "note": _late(change, tenures),
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


def _tenures(pairs: Iterable[Pair]) -> dict[int, Tenure]:
    keys = {held.key for pair in pairs for held in (pair.seat, pair.secretary)}
    tenures = Tenure.objects.in_bulk(keys)
    tell_late(tenures.values())
    return tenures


def _late(change: Change, tenures: dict[int, Tenure]) -> str:
    """Say when the change was entered, where that was late."""
    edge = "late_start" if change.is_gain else "late_end"
    days = {
        getattr(tenures[held.key], edge)
        for pair in change.pairs
        for held in (pair.seat, pair.secretary)
        if held.key in tenures and held.days[0 if change.is_gain else 1] in _edge_days(change)
    } - {None}
    return _("entered later, on %(day)s") % {"day": f"{max(days):%d/%m/%Y}"} if days else ""


def _edge_days(change: Change):
    """Return the day that a seat begins or ends on where it makes the change."""
    return (change.day,) if change.is_gain else tuple(pair.days[1] for pair in change.pairs)


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
