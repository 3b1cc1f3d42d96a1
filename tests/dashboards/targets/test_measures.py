"""Any figure of the software may be what a target counts: its rows stand against goal and base."""

from datetime import date

import pytest

from cells.models import Confirmation
from dashboards.figures.board import Board
from dashboards.figures.definitions import DEFINITIONS, Kind
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.lists import Part, figure_list
from dashboards.targets.measures import MEASURES, TITLE, counted, counted_below, figures_of_targets
from dashboards.targets.progress import Standing, progress_of_targets
from evaluations.models import FALLING, Level, Target
from leaders.actions import begin_tenures
from leaders.models import Assignment, Contest, Office, Tenure
from tests import factories
from tests.soaking import soaked
from tests.worlds import kept

DAY = date(2022, 8, 10)


@kept
def full(province, commune, neighbour):
    """Something to count for every figure, in two communes."""
    years = [factories.cycle(province=province, year=year) for year in (2019, 2020, 2021)]
    for place in (commune, commune, neighbour):
        hamlet = factories.hamlet(parent=place)
        cell = factories.cell(of=hamlet)
        person = factories.person(keeper=place)
        begin_tenures(
            [
                Tenure(person=person, office=Office.SECRETARY, cell=cell, starts_on=date(2020, 1, 1)),
                Tenure(person=person, office=Office.HAMLET_HEAD, hamlet=hamlet, starts_on=date(2020, 1, 1)),
            ]
        )
        for year in years:
            factories.rating(of=cell, cycle=year, level=Level.EXCELLENT)
            factories.leader_rating(of=person, cycle=year, cell=cell, level=Level.EXCELLENT, basis="office")
        for kind, body in (("congress", {"cell": cell}), ("head_election", {"hamlet": hamlet})):
            Contest.objects.create(kind=kind, term="2020-2022", held_on=DAY, outcome="held", **body)
        cell.member_counts.create(day=DAY, total=10)
        hamlet.household_counts.create(day=DAY, households=100)
        factories.title_case(of=cell, recognised_on=date(2021, 5, 1))
    factories.cell(of=factories.hamlet(parent=commune))
    officer = factories.person(keeper=province)
    for kind, unit in (("hamlet_officer", hamlet), ("committee_member", commune)):
        Assignment.objects.create(kind=kind, unit=unit, person=officer, starts_on=date(2022, 1, 1))
    Confirmation.objects.create(
        commune=commune, month=date(2022, 8, 1), confirmed_at="2022-08-01T08:00:00+07:00"
    )
    return province


def aimed(unit, code: str, **fields) -> Target:
    title = {} if code == TITLE else {"title": None}
    return factories.target(unit=unit, figure=code, **{"goal": 5, "base": None, **title, **fields})


@pytest.mark.parametrize("borders", [Borders.THEN, *soaked(Borders.NOW)])
@pytest.mark.parametrize("code", MEASURES)
def test_a_target_counts_what_its_figure_counts(full, code, borders):
    target = aimed(full, code)
    frame = Frame(full, DAY, borders=borders)
    board = Board(frame)

    found = counted(board, target)

    assert found.is_known
    if code == TITLE:
        assert (found.done, found.whole) == (3, 4)
    else:
        figure = board.figures[code]
        assert (found.done, found.whole) == (figure.numerator, figure.denominator)
    below = counted_below(board, target)
    assert sum(one.done for one in below.values()) == found.done
    (of_goal,) = figures_of_targets(board)
    assert (of_goal.numerator, of_goal.denominator) == (found.done, None if target.falls else 5)


@pytest.mark.parametrize(
    "code", [code for code in MEASURES if code == TITLE or not DEFINITIONS[code].adds_up]
)
def test_every_number_of_a_target_is_the_length_of_its_list(full, code):
    target = aimed(full, code)
    (progress,) = progress_of_targets(Board(Frame(full, DAY)))

    def length(part):
        return figure_list(progress.frame, progress.of_goal.code, part, target).rows.count()

    assert length(Part.COUNTED) == progress.done
    if progress.found.whole is not None:
        assert length(Part.ALL) == progress.found.whole
        assert length(Part.LEFT) == progress.found.whole - progress.done


def test_every_figure_may_be_aimed_at_but_what_begins_anew_each_year():
    assert set(MEASURES) == {TITLE, *DEFINITIONS} - {"meeting_attendance"}
    assert {*FALLING} < {code for code in MEASURES if code != TITLE and DEFINITIONS[code].kind == Kind.SHARE}


def test_the_figures_of_a_target_have_codes_of_their_own(full):
    aimed(full, "merged_role", goal=2, base=5)

    figures = {figure.code: figure for figure in figures_of_targets(Board(Frame(full, DAY)))}

    assert [(code, one.fraction) for code, one in figures.items()] == [
        ("target_of_goal", "3/2"),
        ("target_of_base", "3/5"),
        ("target_share", "2/5"),
    ]
    assert [one.kind for one in figures.values()] == [Kind.PROGRESS, Kind.PROGRESS, Kind.SHARE]
    assert set(figures["target_of_goal"].as_json()) == {
        *("code", "kind", "label", "numerator", "denominator", "percent", "share"),
        *("year", "as_of", "borders", "unit"),
    }


def test_a_sum_nobody_has_entered_is_not_known(province, commune):
    factories.cell(of=factories.hamlet(parent=commune))
    aimed(province, "members", goal=100)

    (progress,) = progress_of_targets(Board(Frame(province, DAY)))

    assert progress.standing == Standing.UNKNOWN
    assert (progress.needed_words, progress.forecast, progress.percent_of_goal) == ("", None, "–")


def test_a_code_that_no_figure_bears_is_told_and_not_counted(province, commune):
    target = aimed(province, "merged_role")
    Target.objects.filter(pk=target.pk).update(figure="of_old")

    (progress,) = progress_of_targets(Board(Frame(province, DAY)))

    assert progress.standing == Standing.UNKNOWN


def test_the_base_as_counted_holds_cells_that_are_no_hamlet_cells_where_they_hold_the_title(
    province, commune
):
    office = factories.cell(commune=commune)
    factories.cell(commune=commune)
    factories.title_case(of=office, recognised_on=date(2021, 5, 1))
    factories.title_case(of=factories.cell(of=factories.hamlet(parent=commune)), recognised_on=DAY)
    factories.target(unit=province, goal=3, base=5)

    (progress,) = progress_of_targets(Board(Frame(province, DAY)))

    assert (progress.done, progress.found.whole, progress.base_difference) == (2, 2, -3)
    assert progress.difference_words == "ít hơn 3"
