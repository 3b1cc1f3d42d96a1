"""For random histories, every figure is what plain Python counts over the dated facts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cells import checks as cell_checks
from dashboards.figures.board import Board
from dashboards.figures.definitions import DEFINITIONS
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.lists import Part, figure_list
from dashboards.targets.measures import figures_of_targets
from evaluations import checks as evaluation_checks
from leaders import checks as leader_checks
from tests.histories.entering import Entered, enter, enter_beginning, enter_records
from tests.histories.making import FIRST_DAY, History, histories
from tests.histories.oracle import Oracle

# Of a person it is asked where the latest year was won: there are no units below to add up.
OF_THE_WHOLE = {"excellent_streak"}
UNHURRIED = {
    "deadline": None,
    "report_multiple_bugs": False,
    "suppress_health_check": [
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
}


class ByCommune(Frame):
    """The country on a day, its rows grouped by commune; a plain frame groups them by province."""

    child_level = "commune"


@contextmanager
def entered(history: History) -> Iterator[Entered]:
    """Enter a history in the order of its events, for as long as it is looked at."""
    with transaction.atomic():
        made = enter_beginning(history.beginning)
        for event in history.events:
            enter(event, made)
        enter_records(history.world, made)
        connection.check_constraints()
        yield made
        transaction.set_rollback(True)


def problems() -> list[str]:
    checks = (cell_checks, leader_checks, evaluation_checks)
    return [sentence for module in checks for sentence in module.problems()]


def pairs(figures: dict) -> dict:
    """Return numerator and denominator by code."""
    return {code: (figure.numerator, figure.denominator) for code, figure in figures.items()}


def below(board: Board, keys: dict[int, str]) -> dict:
    """Return numerator and denominator by unit below and code; None: the rows that lie in none."""
    codes = [code for code in board.figures if code not in OF_THE_WHOLE]
    return _told({keys.get(pk): pairs(figures) for pk, figures in board.child_figures(codes).items()})


def _told(groups: dict) -> dict:
    """Leave out what is nought of nothing: a unit without rows of a kind need not be named."""
    return {
        (key, code): pair
        for key, figures in groups.items()
        for code, pair in figures.items()
        if any(pair) and code not in OF_THE_WHOLE
    }


def counts_agree(history: History, made: Entered, day: date, units: list[str | None]) -> None:
    """Compare every figure of these units, and of the units below each, with the count by hand."""
    keys = {unit.pk: key for key, unit in made.units.items()}
    for borders in Borders:
        oracle = Oracle(history.world, day, borders.value)
        for key in units:
            board = Board(Frame(made.units.get(key), day, borders=borders))
            said = (key, day, borders.value)
            assert pairs(board.figures) == oracle.figures(key), said
            targets = {(f.code, f.target.title.code, f.target.goal): f for f in figures_of_targets(board)}
            assert pairs(targets) == oracle.targets(key), said
            if level := board.frame.child_level:
                assert below(board, keys) == _told(oracle.below(key, level)), said


def lists_agree(board: Board, keys: dict[int, str], codes: list[str]) -> None:
    """Compare the numbers of a frame with the lists behind them."""
    frame, groups = board.frame, below(board, keys)
    for code in codes:
        figure = board.figures.get(code)
        if figure is None:
            continue
        if column := DEFINITIONS[code].adds_up:
            counted = figure_list(frame, code, Part.COUNTED).rows
            assert sum(getattr(row, column) for row in counted) == figure.numerator, code
            continue
        assert _length(frame, code, Part.COUNTED) == figure.numerator, code
        whole = figure.numerator
        if figure.denominator is not None:
            whole = figure.denominator
            assert _length(frame, code, Part.ALL) == whole, code
            assert _length(frame, code, Part.LEFT) == whole - figure.numerator, code
        if frame.borders == Borders.NOW and frame.child_level and code not in OF_THE_WHOLE:
            outside = groups.get((None, code), (0, None if figure.denominator is None else 0))
            assert _length(frame, code, Part.UNPLACED) == outside[figure.denominator is not None], code
    for figure in figures_of_targets(board):
        if figure.code != "target_share":
            assert _length(frame, figure.code, Part.COUNTED, figure.target) == figure.numerator, figure.code


def _length(frame: Frame, code: str, part: str, target=None) -> int:
    return figure_list(frame, code, part, target).rows.count()


def units_add_up(history: History, made: Entered, day: date) -> None:
    """Now and left out add up to then, for each figure and level."""
    keys = {unit.pk: key for key, unit in made.units.items()}
    for level, frame in (("province", Frame), ("commune", ByCommune)):
        sums = {}
        for borders in Borders:
            groups = below(Board(frame(None, day, borders=borders)), keys)
            assert groups == _told(Oracle(history.world, day, borders.value).below(None, level)), level
            if borders == Borders.THEN:
                assert not [code for key, code in groups if key is None], level
            sums[borders] = _sums(groups)
        assert sums[Borders.NOW] == sums[Borders.THEN], level


def _sums(groups: dict) -> dict:
    """Add up numerators and denominators by code."""
    found = {}
    for (_key, code), (numerator, denominator) in groups.items():
        top, bottom = found.get(code, (0, 0))
        found[code] = (top + numerator, bottom + (denominator or 0))
    return found


def everything_agrees(history: History, data: st.DataObject, *, most_units: int) -> None:
    world = history.world
    places = [None, *(key for key, place in world.places.items() if place.level != "hamlet")]
    day = data.draw(st.sampled_from([FIRST_DAY, *world.days_of_interest()]), label="day")
    units = data.draw(st.lists(st.sampled_from(places), unique=True, max_size=most_units), label="units")
    codes = data.draw(st.lists(st.sampled_from(list(DEFINITIONS)), unique=True, max_size=4), label="codes")
    with entered(history) as made:
        assert problems() == []
        keys = {unit.pk: key for key, unit in made.units.items()}
        units_add_up(history, made, day)
        counts_agree(history, made, day, units)
        for borders in Borders:
            board = Board(Frame(made.units.get(units[0]) if units else None, day, borders=borders))
            lists_agree(board, keys, codes)


@settings(max_examples=4, **UNHURRIED)
@given(history=histories(most_events=4), data=st.data())
def test_figures_are_what_counting_by_hand_gives(history, data):
    everything_agrees(history, data, most_units=2)


@pytest.mark.soak
@settings(max_examples=2000, **UNHURRIED)
@given(history=histories(most_events=12), data=st.data())
def test_figures_of_long_histories_are_what_counting_by_hand_gives(history, data):
    everything_agrees(history, data, most_units=5)
