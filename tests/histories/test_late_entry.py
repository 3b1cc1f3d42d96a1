"""Events entered in any order, where that is accepted, leave the same facts as in the order of their days."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import event as note
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.histories.entering import Entered, enter, enter_beginning
from tests.histories.events import Event
from tests.histories.making import History, histories
from tests.histories.tables import expected, recorded
from tests.histories.test_figures import UNHURRIED, problems


def accepted(event: Event, made: Entered) -> bool:
    """Enter the event unless it is refused, or needs what has not been entered yet."""
    units, cells = dict(made.units), dict(made.cells)
    try:
        with transaction.atomic():
            enter(event, made)
            connection.check_constraints()
    except (ValidationError, IntegrityError, KeyError):
        made.units, made.cells = units, cells
        return False
    return True


def enter_what_is_accepted(events: list[Event], made: Entered) -> list[Event]:
    """Enter the events, those refused again after the others; return what is refused to the end.

    Of the events of one day the later ones wait for the earlier ones: their order is a fact.
    """
    waiting = list(events)
    while waiting:
        refused: list[Event] = []
        for event in waiting:
            if event.day in {other.day for other in refused} or not accepted(event, made):
                refused.append(event)
        if len(refused) == len(waiting):
            break
        waiting = refused
    return waiting


def shuffled(data: st.DataObject, events: list[Event]) -> list[Event]:
    """Put the events into another order, in which those of one day still follow one another."""
    days = data.draw(st.permutations([event.day for event in events]), label="order of days")
    of_day = {day: iter([event for event in events if event.day == day]) for day in days}
    return [next(of_day[day]) for day in days]


def the_order_makes_no_difference(history: History, data: st.DataObject) -> None:
    with transaction.atomic():
        made = enter_beginning(history.beginning)
        refused = enter_what_is_accepted(shuffled(data, history.events), made)
        note(f"{len(refused)} refused")
        assert problems() == []
        if not refused:
            assert recorded(made) == expected(history.world)
        transaction.set_rollback(True)


@settings(max_examples=4, **UNHURRIED)
@given(history=histories(most_events=4), data=st.data())
def test_late_entry_leaves_the_same_facts(history, data):
    the_order_makes_no_difference(history, data)


@pytest.mark.soak
@settings(max_examples=2000, **UNHURRIED)
@given(history=histories(most_events=8), data=st.data())
def test_late_entry_of_long_histories_leaves_the_same_facts(history, data):
    the_order_makes_no_difference(history, data)
