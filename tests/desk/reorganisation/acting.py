"""Drafting and carrying out in as few words as a test has room for."""

from datetime import date, timedelta

from accounts.changes import recording
from cells.models import Line, LineSource, Reorganisation
from desk.reorganisation.applying import apply, check, decide
from desk.reorganisation.rehearsal import rehearse
from desk.reorganisation.rehearsal.alike import chosen_alike
from tests import factories

DAY = date(2026, 5, 1)
YESTERDAY = DAY - timedelta(days=1)


def event_of(commune, **fields) -> Reorganisation:
    fields = {"title": "Sáp nhập ấp", "effective_on": DAY, "unit": commune, **fields}
    return Reorganisation.objects.create(**fields)


def line(event, kind, *, units=(), cells=(), parts=(), **fields) -> Line:
    fields = {"on": DAY, "decision": factories.decision(), "reorganisation": event, **fields}
    made = Line.objects.create(kind=kind, **fields)
    for unit in units:
        LineSource.objects.create(line=made, unit=unit)
    for unit in parts:
        LineSource.objects.create(line=made, unit=unit, part="part")
    for cell in cells:
        LineSource.objects.create(line=made, cell=cell)
    return made


def choose_first(event) -> None:
    """Take the first option of every open case."""
    event.refresh_from_db()
    decide(event, {c.key: c.options[0].code for c in rehearse(event).open_cases}, seen=event.revision)
    event.refresh_from_db()


def choose_alike(event, value: str) -> int:
    """Choose the same for all open cases alike, as a button of the page does; return how many there were."""
    options = {case.key: chosen_alike(case, value) for case in rehearse(event).open_cases}
    choices = {key: option.code for key, option in options.items() if option}
    decide(event, choices, seen=event.revision)
    event.refresh_from_db()
    return len(choices)


def carry_out(event):
    """Decide everything, check and apply, as a person would who reads nothing."""
    choose_first(event)
    check(event, seen=event.revision)
    with recording(reason="apply"):
        apply(event, seen=event.revision)
    event.refresh_from_db()
    return event
