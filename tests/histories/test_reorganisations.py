"""Random papers, carried out as reorganisations: figures, facts, late entry and undoing."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import event as note
from hypothesis import given, settings
from hypothesis import strategies as st

from cells.models import Reorganisation
from dashboards.figures.board import Board
from dashboards.figures.definitions import DEFINITIONS
from dashboards.figures.frames import Borders, Frame
from desk.reorganisation.applying import undo
from tests.desk.reorganisation.tables import tables
from tests.histories.drawing import PaperHistory, paper_histories
from tests.histories.entering import Entered, enter_beginning, enter_records
from tests.histories.making import FIRST_DAY
from tests.histories.papers import Paper
from tests.histories.reorganising import Unforeseen, reorganise
from tests.histories.settling import END, NOBODY
from tests.histories.tables import expected, recorded, recorded_tenures, tenures_of
from tests.histories.test_figures import UNHURRIED, counts_agree, lists_agree, problems, units_add_up

# What was drafted and decided stays when it is undone.
DRAFTS = {"cells.Line", "cells.LineSource", "cells.Fate", "cells.Decision"}


@contextmanager
def for_a_while() -> Iterator[None]:
    """Leave nothing in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def carry_out(history: PaperHistory) -> tuple[Entered, list[Reorganisation]]:
    """Enter the steps in order; return what was made and the reorganisations."""
    made, events = enter_beginning(history.beginning), []
    for step in history.steps:
        if isinstance(step, Paper):
            events.append(reorganise(step, made))
        else:
            enter_records(step, made)
    connection.check_constraints()
    return made, events


# --- figures ----------------------------------------------------------------------------------


def everything_agrees(history: PaperHistory, data: st.DataObject, *, most_units: int) -> None:
    world = history.world
    places = [None, *(key for key, place in world.places.items() if place.level != "hamlet")]
    day = data.draw(st.sampled_from([FIRST_DAY, *world.days_of_interest()]), label="day")
    units = data.draw(st.lists(st.sampled_from(places), unique=True, max_size=most_units), label="units")
    codes = data.draw(st.lists(st.sampled_from(list(DEFINITIONS)), unique=True, max_size=4), label="codes")
    with for_a_while():
        made, _events = carry_out(history)
        assert problems() == []
        assert recorded(made) == expected(world)
        assert recorded_tenures(made) == tenures_of(world)
        units_add_up(history, made, day)
        counts_agree(history, made, day, units)
        keys = {unit.pk: key for key, unit in made.units.items()}
        for borders in Borders:
            board = Board(Frame(made.units.get(units[0]) if units else None, day, borders=borders))
            lists_agree(board, keys, codes)


@settings(max_examples=2, **UNHURRIED)
@given(history=paper_histories(most_papers=2), data=st.data())
def test_figures_after_reorganisations_are_what_counting_by_hand_gives(history, data):
    everything_agrees(history, data, most_units=1)


@pytest.mark.soak
@settings(max_examples=2000, **UNHURRIED)
@given(history=paper_histories(most_papers=6), data=st.data())
def test_figures_after_many_reorganisations_are_what_counting_by_hand_gives(history, data):
    everything_agrees(history, data, most_units=3)


# --- late entry -------------------------------------------------------------------------------


def refusal_of(paper: Paper, made: Entered) -> str:
    """Carry the paper out; return why that was not possible, or nothing."""
    units, cells, decisions = dict(made.units), dict(made.cells), dict(made.decisions)
    try:
        with transaction.atomic():
            reorganise(paper, made)
            connection.check_constraints()
    except (ValidationError, KeyError, Unforeseen) as refusal:
        made.units, made.cells, made.decisions = units, cells, decisions
        return type(refusal).__name__
    return ""


def carry_out_what_is_accepted(papers: list[Paper], made: Entered) -> list[Paper]:
    """Carry the papers out, those refused again after the others; return what is refused to the end."""
    waiting = list(papers)
    while waiting:
        refused = []
        for paper in waiting:
            if paper.day in {other.day for other in refused} or refusal_of(paper, made):
                refused.append(paper)
        if len(refused) == len(waiting):
            break
        waiting = refused
    return waiting


def shuffled(data: st.DataObject, papers: list[Paper]) -> list[Paper]:
    """Put the papers into another order, in which those of one day still follow one another."""
    days = data.draw(st.permutations([paper.day for paper in papers]), label="order of days")
    of_day = {day: iter([paper for paper in papers if paper.day == day]) for day in days}
    return [next(of_day[day]) for day in days]


def was_asked_everything(history: PaperHistory, made: Entered) -> bool:
    """Whether each paper could say where everything goes: a cell recorded later was not there to ask about."""
    places = {"goes_to", "covers", "follows"}
    questions = {(paper.day, asked) for paper in history.papers for asked in paper.choices}
    return {(day, asked) for day, asked in questions if asked[0] in places} <= made.answered


def somebody_goes_on(history: PaperHistory) -> bool:
    """Whether a paper puts somebody into a seat: a later paper that was entered before was not asked about that."""
    seats = {"seat", "deputy", "divided"}
    chosen = [
        choice for paper in history.papers for asked, choice in paper.choices.items() if asked[0] in seats
    ]
    return any(way not in (NOBODY, END) for way, *_where in chosen)


def the_order_makes_no_difference(history: PaperHistory, data: st.DataObject) -> None:
    first, *_others = history.steps
    with for_a_while():
        made = enter_beginning(history.beginning)
        enter_records(first, made)
        refused = carry_out_what_is_accepted(shuffled(data, history.papers), made)
        note(f"{len(refused)} refused")
        assert problems() == []
        if not refused and was_asked_everything(history, made):
            assert recorded(made) == expected(history.world)
            if not somebody_goes_on(history):
                assert recorded_tenures(made) == tenures_of(history.world)


@settings(max_examples=2, **UNHURRIED)
@given(history=paper_histories(most_papers=3, meanwhile=False), data=st.data())
def test_reorganisations_entered_late_leave_the_same_facts(history, data):
    the_order_makes_no_difference(history, data)


@pytest.mark.soak
@settings(max_examples=2000, **UNHURRIED)
@given(history=paper_histories(most_papers=6, meanwhile=False), data=st.data())
def test_many_reorganisations_entered_late_leave_the_same_facts(history, data):
    the_order_makes_no_difference(history, data)


# --- undoing ----------------------------------------------------------------------------------


def undoing_restores_everything(history: PaperHistory) -> None:
    first, *_others = history.steps
    with for_a_while():
        made = enter_beginning(history.beginning)
        enter_records(first, made)
        before, events = [], []
        for paper in history.papers:
            before.append(facts())
            events.append(reorganise(paper, made))
        for event, rows in zip(reversed(events), reversed(before), strict=True):
            undo(event, seen=event.revision, by=None, reason="Nhầm")
            # Its lines name what earlier events made, and would keep those from being undone.
            event.lines.all().delete()
            assert facts() == rows
            assert problems() == []


def facts() -> dict[str, list[tuple]]:
    return {label: rows for label, rows in tables().items() if label not in DRAFTS}


@settings(max_examples=2, **UNHURRIED)
@given(history=paper_histories(most_papers=2, meanwhile=False))
def test_undoing_reorganisations_in_reverse_restores_every_row(history):
    undoing_restores_everything(history)


@pytest.mark.soak
@settings(max_examples=1000, **UNHURRIED)
@given(history=paper_histories(most_papers=5, meanwhile=False))
def test_undoing_many_reorganisations_in_reverse_restores_every_row(history):
    undoing_restores_everything(history)
