"""Figures as wholes say what a board of their day says."""

from datetime import date

from dashboards.figures.board import Board
from dashboards.figures.definitions import DEFINITIONS
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.wholes import Whole, can_be_whole, wholes
from tests import factories

BEFORE, LATER = date(2023, 1, 1), date(2026, 3, 1)
ALL = [one for one in DEFINITIONS.values() if can_be_whole(one)]


def test_each_figure_of_each_day_is_that_of_the_board(
    province, commune, neighbour, reader, django_assert_num_queries
):
    hamlet = factories.hamlet(parent=commune, starts_on=date(2022, 1, 1))
    both = factories.person()
    factories.tenure(office="hamlet_head", hamlet=hamlet, person=both, starts_on=date(2024, 1, 1))
    factories.tenure(cell=factories.cell(of=hamlet), person=both, starts_on=date(2024, 1, 1))
    factories.hamlet(parent=neighbour)
    frame = Frame(province, LATER, reader)

    with django_assert_num_queries(3):  # two of them: the grants of the reader, the unit on the day
        found = wholes(frame, [(one, day) for one in ALL for day in (BEFORE, LATER)])

    for day in (BEFORE, LATER):
        board = Board(frame.whole_on(day))
        said = {code: (figure.numerator, figure.denominator) for code, figure in board.figures.items()}
        assert {one.code: (found[one.code, day].counted, found[one.code, day].of) for one in ALL} == {
            one.code: said[one.code] for one in ALL
        }
    assert found["merged_role", BEFORE].counted == 0
    assert found["merged_role", LATER].counted == 1


def test_where_nothing_stood_nothing_is_counted(province, reader):
    frame = Frame(province, LATER, reader, Borders.NOW)
    merged = DEFINITIONS["merged_role"]

    assert wholes(frame, [(merged, BEFORE)]) == {("merged_role", BEFORE): Whole(0, 0)}
    assert wholes(frame, []) == {}
