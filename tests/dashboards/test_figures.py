"""The hard cases of counting: each figure on each day, and the list behind it."""

from datetime import date, timedelta

import pytest

from cells.actions import (
    NewCell,
    NewUnit,
    change_cell,
    change_unit,
    close_unit,
    dissolve_cell,
    found_cells,
    open_units,
    succeed,
)
from cells.models import Confirmation
from dashboards.figures.board import Board
from dashboards.figures.definitions import DEFINITIONS, TARGET_LABELS
from dashboards.figures.frames import Borders, Frame
from dashboards.figures.lists import Part, figure_list
from dashboards.figures.reasons import Reason
from dashboards.home.board import FirstPageBoard
from dashboards.targets.measures import figures_of_targets
from evaluations.actions import record_cell_ratings
from evaluations.models import CellRating, Level
from evaluations.models.ratings import NotSubject
from leaders.actions import begin_tenures
from leaders.models import Assignment, Candidacy, Contest, MembershipStatus, Office, Tenure, WayIn
from tests import factories

DAY = date(2022, 8, 10)


def board(unit, day=DAY, **options) -> Board:
    return Board(Frame(unit, day, **options))


def reasons(frame: Frame) -> dict:
    return FirstPageBoard(frame).reasons


def numbers(unit, code, day=DAY, **options):
    figure = board(unit, day, **options).figures[code]
    return figure.numerator, figure.denominator


def merge(hamlet, cell, person=None, *, way_in="", since=date(2020, 1, 1), membership=MembershipStatus.YES):
    """One person becomes secretary of the cell and head of the hamlet."""
    person = person or factories.person(keeper=hamlet.parent, membership=membership)
    begin_tenures(
        [
            Tenure(person=person, office=Office.SECRETARY, cell=cell, starts_on=since),
            Tenure(person=person, office=Office.HAMLET_HEAD, hamlet=hamlet, starts_on=since, way_in=way_in),
        ]
    )
    return person


@pytest.fixture
def hamlet(commune):
    return factories.hamlet(parent=commune, name="1")


@pytest.fixture
def cell(hamlet):
    return factories.cell(of=hamlet)


def test_the_merged_role_is_two_tenures_of_one_person(commune, hamlet, cell):
    merge(hamlet, cell)

    assert numbers(commune, "merged_role") == (1, 1)
    assert numbers(commune, "merged_cells") == (1, 1)
    assert numbers(commune, "merged_role", date(2019, 12, 31)) == (0, 1)


def test_a_cell_over_hamlets_of_two_communes_counts_once_and_merges_in_both(commune, neighbour):
    here, there = factories.hamlet(parent=commune), factories.hamlet(parent=neighbour)
    (joint,) = found_cells([NewCell(commune=commune, name="Chi bộ ghép", hamlets=[here, there])])
    person = merge(here, joint)
    begin_tenures(
        [Tenure(person=person, office=Office.HAMLET_HEAD, hamlet=there, starts_on=date(2020, 1, 1))]
    )

    assert numbers(commune, "merged_role") == numbers(neighbour, "merged_role") == (1, 1)
    assert numbers(commune, "merged_cells") == (1, 1)
    assert numbers(neighbour, "merged_cells") == (0, 0)
    assert numbers(commune.parent, "cells")[0] == 1


def test_two_cells_in_one_hamlet_are_two_cells_and_one_merged_hamlet(commune, hamlet, cell):
    factories.cell(of=hamlet)
    merge(hamlet, cell)

    assert numbers(commune, "merged_role") == (1, 1)
    assert numbers(commune, "merged_cells") == (1, 2)


def test_a_cell_that_is_no_hamlet_cell_is_a_cell_but_owes_no_hamlet_head(commune, hamlet, cell):
    factories.cell(commune=commune, name="Chi bộ Công an xã", kind="police")

    assert numbers(commune, "cells") == (2, None)
    assert numbers(commune, "merged_cells") == (0, 1)


def test_interim_heads_count_and_are_shown_apart(commune, hamlet, cell):
    merge(hamlet, cell, way_in=WayIn.INTERIM)

    figure = board(commune).figures["merged_role"]

    assert figure.fraction == "1/1"
    assert "1" in figure.remarks[0]


def test_a_province_may_decide_that_interim_heads_do_not_count(commune, hamlet, cell, settings):
    settings.INTERIM_COUNTS = False

    merge(hamlet, cell, way_in=WayIn.INTERIM)

    assert numbers(commune, "merged_role") == (0, 1)


def test_a_start_that_is_not_known_is_neither_vacant_nor_merged_before_it_was_seen(commune, hamlet, cell):
    person = factories.person(keeper=commune)
    begin_tenures(
        [
            Tenure(person=person, office=Office.SECRETARY, cell=cell, seen_on=date(2021, 6, 1)),
            Tenure(person=person, office=Office.HAMLET_HEAD, hamlet=hamlet, seen_on=date(2021, 6, 1)),
        ]
    )
    before = date(2021, 5, 31)

    assert numbers(commune, "vacant_heads", before) == (0, 1)
    assert numbers(commune, "vacant_secretaries", before) == (0, 1)
    assert numbers(commune, "merged_role", before) == (0, 1)
    assert reasons(Frame(commune, before)) == {Reason.NOT_KNOWN: 1}
    assert numbers(commune, "merged_role", date(2021, 6, 1)) == (1, 1)


def test_why_the_role_is_not_merged_is_the_first_reason_that_applies(commune):
    def new_hamlet(with_cell=True):
        hamlet = factories.hamlet(parent=commune)
        return hamlet, factories.cell(of=hamlet) if with_cell else None

    since = date(2020, 1, 1)
    new_hamlet(with_cell=False)
    hamlet, cell = new_hamlet()
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet)
    hamlet, cell = new_hamlet()
    factories.tenure(office=Office.SECRETARY, cell=cell)
    hamlet, cell = new_hamlet()
    factories.tenure(office=Office.SECRETARY, cell=cell)
    outside = factories.person(keeper=commune, membership=MembershipStatus.NO)
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=outside)
    hamlet, cell = new_hamlet()
    factories.tenure(office=Office.SECRETARY, cell=cell)
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet)
    hamlet, cell = new_hamlet()
    secretary = factories.tenure(office=Office.SECRETARY, cell=cell).person
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet)
    begin_tenures([Tenure(person=secretary, office=Office.FRONT_HEAD, hamlet=hamlet, starts_on=since)])

    assert reasons(Frame(commune, DAY)) == dict.fromkeys(
        [
            Reason.NO_CELL,
            Reason.NO_SECRETARY,
            Reason.NO_HEAD,
            Reason.HEAD_NO_MEMBER,
            Reason.DIFFERENT,
            Reason.FRONT_HEAD,
        ],
        1,
    )
    assert numbers(commune, "front_merged") == (1, 6)
    assert numbers(commune, "member_heads") == (3, 6)
    assert numbers(commune, "vacant_heads") == (2, 6)
    assert numbers(commune, "vacant_secretaries") == (1, 5)


def test_a_head_who_has_left_the_party_is_no_member_from_that_day_on(commune):
    hamlet = factories.hamlet(parent=commune)
    factories.tenure(office=Office.SECRETARY, cell=factories.cell(of=hamlet))
    left = factories.person(keeper=commune, left_on=DAY, left_on_precision="day")
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=left)

    assert numbers(commune, "member_heads") == (0, 1)
    assert reasons(Frame(commune, DAY)) == {Reason.HEAD_NO_MEMBER: 1}
    assert reasons(Frame(commune, DAY - timedelta(days=1))) == {Reason.DIFFERENT: 1}


def test_somebody_who_left_the_party_is_a_member_head_no_more_from_that_day(commune, hamlet, cell):
    person = factories.person(keeper=commune, left_on=date(2022, 1, 1), left_on_precision="day")
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=person)

    assert numbers(commune, "member_heads", date(2021, 12, 31)) == (1, 1)
    assert numbers(commune, "member_heads", date(2022, 1, 1)) == (0, 1)


def test_a_person_with_seats_in_two_communes_is_counted_in_both(commune, neighbour):
    here, there = factories.hamlet(parent=commune), factories.hamlet(parent=neighbour)
    cells = factories.cell(of=here), factories.cell(of=there)
    person = merge(here, cells[0])
    merge(there, cells[1], person)

    assert numbers(commune.parent, "merged_role") == (2, 2)
    assert numbers(commune.parent, "posts_saved") == (2, None)


def test_a_result_stays_where_it_was_won_when_the_cell_moves(province, commune, neighbour, hamlet, cell):
    year = factories.cycle(province=province, year=2021)
    factories.rating(of=cell, cycle=year, level=Level.EXCELLENT)
    change_unit(hamlet, on=date(2022, 3, 1), parent=neighbour)
    change_cell(cell, on=date(2022, 3, 1), commune=neighbour)

    assert numbers(commune, "level_excellent") == (1, 1)
    assert "rated" not in board(neighbour).figures
    assert numbers(neighbour, "level_excellent", borders=Borders.NOW) == (1, 1)
    assert numbers(province, "level_excellent") == numbers(province, "level_excellent", borders=Borders.NOW)
    # A state is counted where the hamlet stands on the page's day.
    assert numbers(commune, "merged_role")[1] == 0
    assert numbers(neighbour, "merged_role")[1] == 1


def test_a_cell_dissolved_between_roster_day_and_today_keeps_its_level(province, commune, hamlet, cell):
    year = factories.cycle(province=province, year=2021)
    factories.rating(of=cell, cycle=year, level=Level.GOOD)

    dissolve_cell(cell, last_day=date(2022, 2, 1))

    assert numbers(commune, "level_good") == (1, 1)
    assert numbers(commune, "level_good", borders=Borders.NOW) == (1, 1)
    assert numbers(commune, "cells") == (0, None)


def test_not_rated_not_subject_and_the_lowest_level_are_three_things(province, commune):
    year = factories.cycle(province=province, year=2021)
    cells = [factories.cell(of=factories.hamlet(parent=commune)) for _ in range(3)]
    factories.rating(of=cells[0], cycle=year, level=Level.NOT_COMPLETED)
    record_cell_ratings(
        year, [CellRating(cell=cells[1]), CellRating(cell=cells[2], not_subject_reason=NotSubject.EXEMPT)]
    )

    assert numbers(commune, "rated") == (1, 2)
    assert numbers(commune, "level_not_completed") == (1, 1)


def test_the_year_shown_is_the_latest_decided_on_or_before_the_day(province, commune, cell):
    for year, level in ((2020, Level.GOOD), (2021, Level.EXCELLENT)):
        paper = factories.decision(date=date(year + 1, 1, 10))
        factories.rating(
            of=cell, cycle=factories.cycle(province=province, year=year), level=level, decision=paper
        )

    assert board(commune, date(2022, 1, 9)).figures["level_good"].year == 2020
    assert board(commune, date(2022, 1, 10)).figures["level_excellent"].year == 2021
    assert "rated" not in board(commune, date(2021, 1, 9)).figures


def test_a_cell_decided_later_stays_unrated_on_the_days_before(province, commune, cell):
    cycle = factories.cycle(province=province, year=2021)
    other = factories.cell(of=factories.hamlet(parent=commune))
    for one, day in ((cell, date(2022, 1, 10)), (other, date(2022, 2, 20))):
        factories.rating(of=one, cycle=cycle, decision=factories.decision(date=day))
    before = Frame(commune, date(2022, 2, 19))

    assert numbers(commune, "rated", before.day) == (1, 2)
    assert numbers(commune, "level_good", before.day) == (1, 1)
    assert numbers(commune, "rated", date(2022, 2, 20)) == (2, 2)
    waiting = figure_list(before, "rated", Part.LEFT)
    (record,) = waiting.records(waiting.rows)
    assert (record["cell"], record["level"], record["decision"]) == (str(other), "", "")


def test_a_target_may_be_passed_and_says_so(commune):
    for _ in range(65):
        factories.title_case(
            of=factories.cell(of=factories.hamlet(parent=commune)), recognised_on=date(2021, 5, 1)
        )
    factories.target(unit=commune, goal=59, base=117)

    goal, base, share = figures_of_targets(board(commune))

    assert (goal.fraction, goal.percent) == ("65/59", "110,2")
    assert (base.fraction, base.percent) == ("65/117", "55,6")
    assert (share.fraction, share.percent) == ("59/117", "50,4")


def test_a_title_is_held_from_its_decision_to_the_day_before_it_is_revoked(commune, cell):
    case = factories.title_case(of=cell, recognised_on=date(2021, 5, 1))
    case.state, case.revoked_on, case.revocation_reason = "revoked", date(2022, 5, 1), "Vi phạm"
    case.revocation = factories.decision(date=date(2022, 5, 1))
    case.save()
    factories.target(unit=commune, goal=2, base=3)

    held = [figures_of_targets(board(commune, day))[0].numerator for day in (
        date(2021, 4, 30), date(2021, 5, 1), date(2022, 4, 30), date(2022, 5, 1)
    )]  # fmt: skip
    assert held == [0, 1, 1, 0]


def test_congresses_and_elections_have_their_own_denominators(commune, hamlet, cell):
    lonely = factories.hamlet(parent=commune)
    Contest.objects.create(
        kind="congress", cell=cell, term="2020-2022", held_on=date(2022, 1, 5), outcome="held"
    )
    for body, day in ((hamlet, date(2022, 1, 6)), (lonely, None)):
        Contest.objects.create(
            kind="head_election", hamlet=body, term="2020-2022", planned_on=date(2022, 1, 6), held_on=day,
            outcome="held" if day else "planned",
        )  # fmt: skip

    assert numbers(commune, "congress_held") == (1, 1)
    # That it was held says not yet that a head was elected.
    assert numbers(commune, "head_elected") == (0, 2)
    Candidacy.objects.create(contest=Contest.objects.get(hamlet=hamlet), name="Cao Thị Hạnh", elected=True)
    assert numbers(commune, "head_elected") == (1, 2)


def test_an_election_that_failed_is_still_called_for_until_it_is_run_again(commune, hamlet):
    facts = {"kind": "head_election", "hamlet": hamlet, "term": "2020-2022"}
    for day in (date(2022, 1, 6), date(2022, 1, 13)):
        Contest.objects.create(**facts, held_on=day, outcome="failed")
    assert numbers(commune, "head_elected") == (0, 1)

    held = Contest.objects.create(**facts, held_on=date(2022, 1, 20), outcome="held")
    Candidacy.objects.create(contest=held, name="Cao Thị Hạnh", elected=True)
    assert numbers(commune, "head_elected") == (1, 1)


def test_officers_follow_one_to_one_and_one_to_many(commune, neighbour, hamlet):
    officer = factories.person(keeper=commune.parent)
    for unit, kind in (
        (commune, "committee_member"),
        (neighbour, "committee_member"),
        (hamlet, "hamlet_officer"),
    ):
        Assignment.objects.create(person=officer, unit=unit, kind=kind, starts_on=date(2022, 1, 1))

    assert numbers(commune.parent, "communes_with_officer") == (2, 2)
    assert numbers(commune.parent, "hamlets_with_officer") == (1, 1)
    assert numbers(commune.parent, "hamlets_with_officer", date(2021, 12, 31)) == (0, 1)


def test_members_are_the_latest_counts_and_say_how_old_they_are(commune, cell):
    cell.member_counts.create(day=date(2021, 12, 31), total=40)
    cell.member_counts.create(day=date(2022, 6, 30), total=43)
    cell.member_counts.create(day=date(2022, 12, 31), total=50)
    factories.cell(of=factories.hamlet(parent=commune))

    figure = board(commune).figures["members"]

    assert figure.numerator == 43
    assert "30/06/2022" in figure.remarks[0]
    assert "1" in figure.remarks[1]


def test_excellent_streaks_count_people_with_three_years_running(province, commune, hamlet, cell):
    years = {year: factories.cycle(province=province, year=year) for year in (2019, 2020, 2021)}
    steady, gap = factories.person(keeper=commune), factories.person(keeper=commune)
    for year, cycle in years.items():
        factories.leader_rating(of=steady, cycle=cycle, cell=cell, level=Level.EXCELLENT)
        level = Level.GOOD if year == 2020 else Level.EXCELLENT
        factories.leader_rating(of=gap, cycle=cycle, cell=cell, level=level)

    assert numbers(province, "excellent_streak") == (1, None)


def test_a_streak_that_the_latest_year_broke_is_none(province, commune, hamlet, cell):
    person = factories.person(keeper=commune)
    for year in (2018, 2019, 2020, 2021):
        level = Level.GOOD if year == 2021 else Level.EXCELLENT
        paper = factories.decision(date=date(year + 1, 1, 10))
        cycle = factories.cycle(province=province, year=year)
        factories.leader_rating(of=person, cycle=cycle, cell=cell, level=level, decision=paper)

    before, after = (board(province, date(year, 8, 10)).figures["excellent_streak"] for year in (2021, 2022))

    assert (before.numerator, before.year) == (1, 2020)
    assert (after.numerator, after.year) == (0, 2021)


def test_a_cell_that_is_no_hamlet_cell_is_in_the_list_of_a_title_it_holds(commune, cell):
    office = factories.cell(commune=commune)
    for one in (cell, office):
        factories.title_case(of=one, recognised_on=date(2021, 5, 1))
    target = factories.target(unit=commune, goal=3, base=4)

    (goal, *_others) = figures_of_targets(board(commune))

    assert goal.numerator == 2
    rows = figure_list(Frame(commune, DAY), goal.code, Part.COUNTED, target).rows
    assert {row.cell for row in rows} == {cell, office}


def test_a_confirmation_counts_for_thirty_days(commune, neighbour):
    Confirmation.objects.create(
        commune=commune, month=date(2022, 8, 1), confirmed_at="2022-08-01T08:00:00+07:00"
    )

    assert numbers(commune.parent, "communes_confirmed", date(2022, 8, 1)) == (1, 2)
    assert numbers(commune.parent, "communes_confirmed", date(2022, 8, 30)) == (1, 2)
    assert numbers(commune.parent, "communes_confirmed", date(2022, 8, 31)) == (0, 2)


@pytest.fixture
def full_province(province, commune, neighbour):
    """A bit of everything, so that every figure has something to count."""
    year = factories.cycle(province=province, year=2021)
    for place in (commune, commune, neighbour):
        hamlet = factories.hamlet(parent=place)
        cell = factories.cell(of=hamlet)
        person = merge(hamlet, cell)
        factories.rating(of=cell, cycle=year, level=Level.EXCELLENT)
        Contest.objects.create(kind="congress", cell=cell, term="2020-2022", held_on=DAY, outcome="held")
        cell.member_counts.create(day=DAY, total=10)
        hamlet.household_counts.create(day=DAY, households=100)
        factories.leader_rating(of=person, cycle=year, cell=cell, level=Level.EXCELLENT)
    factories.cell(of=factories.hamlet(parent=commune))
    factories.title_case(of=cell, recognised_on=date(2021, 5, 1))
    factories.target(unit=province, goal=2, base=3)
    return province


def test_every_number_is_the_length_of_its_list(full_province):
    frame = Frame(full_province, DAY)
    counted = Board(frame)

    for code, figure in counted.figures.items():
        if DEFINITIONS[code].adds_up:
            continue
        assert figure_list(frame, code, Part.COUNTED).rows.count() == figure.numerator, code
        if figure.denominator is not None:
            assert figure_list(frame, code, Part.ALL).rows.count() == figure.denominator, code
            left = figure_list(frame, code, Part.LEFT).rows.count()
            assert left == figure.denominator - figure.numerator, code
    for figure in figures_of_targets(counted):
        if figure.code in TARGET_LABELS and figure.code != "target_share":
            rows = figure_list(frame, figure.code, Part.COUNTED, figure.target).rows
            assert rows.count() == figure.numerator


def test_the_units_below_add_up_to_the_whole(full_province):
    counted = board(full_province)
    codes = list(DEFINITIONS)

    below = counted.child_figures([c for c in codes if c in counted.figures and c != "excellent_streak"])

    for code, figure in counted.figures.items():
        if code != "excellent_streak":
            assert sum(row[code].numerator for row in below.values() if code in row) == figure.numerator, code


@pytest.mark.parametrize("times", [1, 10])
def test_the_board_needs_the_same_queries_for_any_number_of_rows(
    full_province, commune, times, django_assert_num_queries
):
    for _ in range(times):
        hamlet = factories.hamlet(parent=commune)
        merge(hamlet, factories.cell(of=hamlet))

    # period, hamlets, cells, communes, results (contests, meetings, ratings, streaks), targets, titles
    with django_assert_num_queries(7):
        counted = board(full_province)
        assert [*counted.all_figures(), *figures_of_targets(counted)]


def test_now_and_left_out_add_up_to_then(province):
    old = factories.commune(parent=province)
    day = date(2025, 7, 1)
    hamlets = [factories.hamlet(parent=old) for _ in range(3)]
    left, right = open_units(
        [
            NewUnit(parent=province, kind="xa", name=n, code=n, level="commune", starts_on=day)
            for n in ("A", "B")
        ]
    )
    for hamlet, new in zip(hamlets, (left, left, right), strict=True):
        change_unit(hamlet, on=day, parent=new)
    gone = factories.hamlet(parent=old, ends_on=date(2023, 12, 31))
    close_unit(old, last_day=date(2025, 6, 30))
    for new in (left, right):
        succeed([old], new, on=day, part="part")

    then = numbers(old, "merged_role")[1]
    now = [numbers(new, "merged_role", borders=Borders.NOW)[1] for new in (left, right)]
    whole = board(province, borders=Borders.NOW)
    outside = whole.child_figures(["merged_role"])[None]["merged_role"].denominator

    assert (then, now, outside) == (4, [2, 1], 1)
    assert whole.figures["merged_role"].denominator == numbers(province, "merged_role")[1] == 4
    left_out = figure_list(whole.frame, "merged_role", Part.UNPLACED)
    assert [row.unit for row in left_out.rows] == [gone]


def test_a_reader_counts_only_what_they_may_see(province, commune, neighbour, clerk):
    for place in (commune, neighbour):
        hamlet = factories.hamlet(parent=place)
        merge(hamlet, factories.cell(of=hamlet))

    assert Board(Frame(province, DAY, clerk)).figures["merged_role"].fraction == "1/1"
    assert Board(Frame(province, DAY)).figures["merged_role"].fraction == "2/2"
