"""Whatever a file says against a constraint of the database is told in the sentence of that constraint.

Each constraint of the tables into which files are written is either broken here by rows that an office
could send, or it is said why no file can break it. Neither list may lack one.
"""

import pytest
from tablib import Dataset

from accounts.refusals import constraints
from cells import models as places
from desk.importing.forms import FORMS
from evaluations import models as ratings
from evaluations.resources import CellRatingResource, LeaderRatingResource
from leaders import models as people
from leaders.models import ONE_HEAD
from leaders.resources.contest_lines import Seats
from tests import factories
from tests.desk.importing.desk import answer, check, hand_in, told, workbook
from tests.worlds import kept

WRITTEN = (
    places.Unit,
    places.UnitPeriod,
    places.Cell,
    places.CellPeriod,
    places.CellArea,
    places.MemberCount,
    places.HouseholdCount,
    places.Meeting,
    places.Decision,
    people.Person,
    people.Tenure,
    people.Contest,
    people.Candidacy,
    people.Assignment,
    people.Course,
    people.Participation,
    people.Commendation,
    ratings.ReviewCycle,
    ratings.CellRating,
    ratings.LeaderRating,
    ratings.MemberLevels,
    ratings.TitleCase,
    ratings.Target,
    ratings.TargetStep,
)
SENTENCES = {
    constraint.name: str(constraint.violation_error_message)
    for model, constraint in constraints()
    if model in WRITTEN
}

HOME = {"commune": "Xã Phú Túc"}
DECISION = {"decision_number": "9-QĐ/ĐU", "decision_day": "15/12/2021", "decision_body": "Đảng ủy xã"}

HAMLET = {**HOME, "kind": "Ấp", "name": "Phước Hậu"}
COUNTED = {**HOME, "day": "31/12/2021"}
PERSON = {"keeper": "Xã Phú Túc", "full_name": "Đỗ Minh Đức", "membership": "Đảng viên"}
SECRETARY = {**PERSON, "office": "Bí thư chi bộ", "cell": "Chi bộ ấp 2", "starts_on": "01/02/2021"}
HEAD = {**PERSON, "office": "Trưởng ấp", "hamlet": "Ấp 2", "starts_on": "01/02/2021"}
CONGRESS = {**HOME, "kind": "Đại hội chi bộ", "cell": "Chi bộ ấp 1", "term": "2020-2022"}
ELECTION = {**HOME, "kind": "Bầu trưởng ấp", "hamlet": "Ấp 1", "term": "2020-2022"}
FOLLOWED = {**HOME, "kind": "Cán bộ theo dõi ấp", "hamlet": "Ấp 1", "organisation": "Hội Nông dân"}
RATED = {**HOME, "year": "2021", "cell": "Chi bộ ấp 1"}
LED = {**RATED, "full_name": "Lê Văn Tám", "basis": "Đảng viên"}
LEVELS = {**HOME, "year": "2021", "cell": "Chi bộ ấp 1"}
TITLED = {**HOME, "title": "TSVMTD", "cell": "Chi bộ ấp 1", **DECISION}

MET = {**HOME, "cell": "Chi bộ ấp 1", "month": "03/2021"}
TAUGHT = {**HOME, "held_for": "86", "course": "Lớp A", "starts_on": "5/5/2021", "full_name": "Lê Văn Tám"}
AIMED = {
    **{"unit": "Tỉnh Vĩnh Long", "what": "Bí thư chi bộ đồng thời là trưởng ấp", "term": "2020-2025"},
    **DECISION,
}

# By constraint: the form, and rows that contradict it.
BROKEN = {
    "meeting_present_were_expected": (
        "meetings",
        [{**MET, "day": "5/3/2021", "expected": 20, "present": 21}],
    ),
    "meeting_not_held_has_no_result": ("meetings", [{**MET, "held": "không họp", "present": 3}]),
    "meeting_one_per_cell_kind_and_day": (
        "meetings",
        [{**MET, "day": "31/3/2021"}, {**MET, "month": "04/2021", "day": "31/3/2021"}],
    ),
    "course_days_in_order": ("participations", [{**TAUGHT, "ends_on": "1/5/2021", "completed": "x"}]),
    "unitperiod_days_in_order": ("hamlets", [{**HAMLET, "starts_on": "1/2/2021", "ends_on": "1/1/2021"}]),
    "cellperiod_days_in_order": (
        "hamlets",
        [{**HAMLET, "cell": "Chi bộ A", "cell_starts_on": "1/2/2021", "cell_ends_on": "1/1/2021"}],
    ),
    "membercount_official_and_probationary_add_up": (
        "counts",
        [{**COUNTED, "cell": "Chi bộ ấp 1", "total": 5, "official": 3, "probationary": 1}],
    ),
    "membercount_active_exempt_away_add_up": (
        "counts",
        [{**COUNTED, "cell": "Chi bộ ấp 1", "total": 5, "active": 3, "exempt": 1, "away": 0}],
    ),
    "membercount_known_parts_within_total": (
        "counts",
        [{**COUNTED, "cell": "Chi bộ ấp 1", "total": 5, "exempt": 3, "away": 4}],
    ),
    "membercount_women_are_members": (
        "counts",
        [{**COUNTED, "cell": "Chi bộ ấp 1", "total": 5, "women": 6}],
    ),
    "householdcount_poor_are_households": (
        "counts",
        [{**COUNTED, "hamlet": "Ấp 1", "households": 5, "poor": 6}],
    ),
    "person_admitted_before_official": (
        "people",
        [{**PERSON, "admitted": "01/02/2010", "official": "01/02/2009"}],
    ),
    "tenure_days_in_order": ("people", [{**SECRETARY, "ends_on": "01/01/2021"}]),
    "tenure_way_in_fits_office": ("people", [{**SECRETARY, "way_in": "Bầu"}]),
    "tenure_way_out_fits_office": ("people", [{**SECRETARY, "ends_on": "1/3/2021", "way_out": "Bãi nhiệm"}]),
    "tenure_way_out_needs_an_end": ("people", [{**SECRETARY, "way_out": "Hết nhiệm kỳ"}]),
    "tenure_seen_only_where_start_is_unknown": ("people", [{**SECRETARY, "seen_on": "31/12/2021"}]),
    "tenure_seen_before_its_end": (
        "people",
        [{**SECRETARY, "starts_on": None, "seen_on": "31/12/2021", "ends_on": "01/01/2021"}],
    ),
    "tenure_term_is_two_years": ("people", [{**SECRETARY, "term": "20-22"}]),
    "tenure_one_open_secretary_per_cell": ("people", [{**SECRETARY, "cell": "Chi bộ ấp 1"}]),
    "tenure_one_open_head_per_hamlet": ("people", [{**HEAD, "hamlet": "Ấp 1"}]),
    "tenure_one_open_front_head_per_hamlet": (
        "people",
        [{**HEAD, "office": "Trưởng Ban công tác Mặt trận", "hamlet": "Ấp 1"}],
    ),
    "contest_held_has_its_day": ("contests", [{**CONGRESS, "outcome": "Thành công"}]),
    "contest_present_are_entitled": (
        "contests",
        [{**CONGRESS, "held_on": "10/2/2020", "entitled": 20, "present": 21}],
    ),
    "contest_ballots_are_of_those_present": (
        "contests",
        [{**CONGRESS, "held_on": "10/2/2020", "present": 20, "ballots": 21}],
    ),
    "candidacy_one_secretary_per_contest": (
        "contests",
        [
            {**CONGRESS, "held_on": "10/2/2020", "office": "Bí thư", "elected": "x", "full_name": name}
            for name in ("Lê Văn Tám", "Lê Thị Tư")
        ],
    ),
    "contest_term_is_two_years": ("contests", [{**CONGRESS, "held_on": "10/2/2020", "term": "2020"}]),
    "contest_one_congress_per_cell_and_term": (
        "contests",
        [{**CONGRESS, "held_on": "10/2/2020"}, {**CONGRESS, "held_on": "20/3/2020"}],
    ),
    "contest_one_election_per_hamlet_and_term": (
        "contests",
        [{**ELECTION, "held_on": "10/2/2020"}, {**ELECTION, "held_on": "20/3/2020"}],
    ),
    "assignment_days_in_order": (
        "assignments",
        [{**FOLLOWED, "starts_on": "1/2/2021", "ends_on": "1/1/2021"}],
    ),
    "assignment_names_somebody": (
        "assignments",
        [{**FOLLOWED, "hamlet": "Ấp 2"}, {**FOLLOWED, "organisation": None}],
    ),
    "memberlevels_say_something": (
        "member_levels",
        [{**LEVELS, "good": 3}, {**LEVELS, "cell": "Chi bộ ấp 2"}],
    ),
    "titlecase_one_running_per_cell_and_title": (
        "titles",
        [{**TITLED, "recognised_on": "15/12/2021"}, {**TITLED, "recognised_on": "16/12/2021"}],
    ),
    "titlecase_days_in_order": (
        "titles",
        [{**TITLED, "registered_on": "1/2/2022", "recognised_on": "15/12/2021"}],
    ),
    "target_goal_is_positive": ("targets", [{**AIMED, "goal": 0}]),
    "target_goal_within_base": ("targets", [{**AIMED, "goal": 5, "base": 4}]),
    "target_term_is_two_years": ("targets", [{**AIMED, "goal": 5, "term": "2020"}]),
}
WITHOUT_DECISION = {}
for _kind, _row, _name, _resource in (
    ("ratings", RATED, "cellrating", CellRatingResource),
    ("leader_ratings", LED, "leaderrating", LeaderRatingResource),
):
    BROKEN |= {
        f"{_name}_levels_are_on_the_list": (_kind, [{**_row, "self_level": "Xuất sắc nhất xã"}]),
        f"{_name}_not_subject_has_no_level": (
            _kind,
            [{**_row, "decided_level": "HTNV", "not_subject_reason": "Được miễn", **DECISION}],
        ),
        f"{_name}_not_completed_has_a_reason": (_kind, [{**_row, "decided_level": "KHTNV", **DECISION}]),
        f"{_name}_points_between_0_and_100": (_kind, [{**_row, "self_level": "HTNV", "points": 101}]),
    }
    # The desk asks for the decision that a decided level needs, the admin's import says that it is missing.
    WITHOUT_DECISION[f"{_name}_decided_is_whole"] = (_resource, {**_row, "decided_level": "HTNV"})

# Where the model knows more than the database: which numbers, or who holds the seat.
MORE_EXACTLY = {
    "membercount_official_and_probationary_add_up": "Tổng đảng viên 5 khác với 3 + 1 = 4.",
    "membercount_active_exempt_away_add_up": "Tổng đảng viên 5 khác với 3 + 1 + 0 = 4.",
    "membercount_known_parts_within_total": "3 + 4 lớn hơn tổng số 5",
    "contest_term_is_two_years": "“2020-2020”: năm kết thúc không sau năm bắt đầu",
    "tenure_one_open_secretary_per_cell": "đã có bí thư chi bộ là đồng chí Lê Văn Tám",
    "tenure_one_open_head_per_hamlet": "đã có trưởng ấp là đồng chí",
    "tenure_one_open_front_head_per_hamlet": "đã có trưởng Ban công tác Mặt trận là đồng chí",
}

_NO_PERIODS = (
    "a file opens a place with its one period and corrects the last one; a second one is a reorganisation"
)
_MEANS_THE_SAME = "a row about what is recorded changes it, and two rows about the same are refused as such"
_WITH_ITS_PRECISION = "a date and how much of it is known come from one cell"
_NO_COLUMN = "no form has a column for it"
_EDITIONS = "a file never writes a later edition: what is decided is corrected on its page"
# By constraint: why no file can contradict it.
NO_FILE = {
    "unit_level_is_known": "the form about hamlets makes hamlets and nothing else",
    "unitperiod_one_open_per_unit": _NO_PERIODS,
    "unitperiod_one_open_per_code": "new codes are given by the software; a code in a file only names what is there",
    "unitperiod_only_a_province_stands_alone": "a row that names no commune is asked for it",
    "unitperiod_kind_fits_level": "the column takes kinds of hamlets only",
    "unitperiod_has_a_name_and_a_code": "a row without a name is told to fill it in; codes are given",
    "cell_kind_is_known": _NO_COLUMN,
    "assignment_communes_assign_to_hamlets": _NO_COLUMN,
    "cellperiod_one_open_per_cell": _NO_PERIODS,
    "cellperiod_has_a_name": "an empty cell of the sheet means no cell at all",
    "cellarea_days_in_order": "its days are those of its cell, which are refused first",
    "cellarea_one_open_per_pair": _MEANS_THE_SAME,
    "membercount_one_per_cell_and_day": _MEANS_THE_SAME,
    "householdcount_one_per_hamlet_and_day": _MEANS_THE_SAME,
    "meeting_one_regular_per_cell_and_month": _MEANS_THE_SAME,
    "meeting_month_is_its_first_day": "a month is read as its first day",
    "course_one_per_unit_name_and_day": "a course of this unit, name and day is taken as it is recorded",
    "participation_one_per_course_and_person": _MEANS_THE_SAME,
    "commendation_is_of_a_person_or_a_cell": "a row with a name is about the person, one without about the cell",
    "commendation_form_is_known": "the column takes its choices only",
    "commendation_year_is_a_year": "the column takes years of four digits only",
    "commendation_one_per_decision_and_person": _MEANS_THE_SAME,
    "commendation_one_per_decision_and_cell": _MEANS_THE_SAME,
    "decision_once_per_unit": "a decision of this number, day and body is taken as it is recorded",
    "decision_once_for_the_country": "decisions of a file belong to a unit",
    "person_has_a_name": "a row without a name is told to fill it in",
    "person_membership_is_known_or_said_unknown": "the column takes its choices only; empty, it is not known",
    "person_born_on_has_its_precision": _WITH_ITS_PRECISION,
    "person_admitted_on_has_its_precision": _WITH_ITS_PRECISION,
    "person_official_on_has_its_precision": _WITH_ITS_PRECISION,
    "person_left_on_has_its_precision": _NO_COLUMN,
    "tenure_office_fits_body": "the office says whether the cell or the hamlet of the row is meant",
    "contest_kind_fits_body": "the kind says whether the cell or the hamlet of the row is meant",
    "candidacy_names_somebody_once": "who has a record is named by it, anybody else by the name of the row",
    "candidacy_one_per_contest_and_person": _MEANS_THE_SAME,
    "candidacy_one_per_contest_and_name": _MEANS_THE_SAME,
    "candidacy_office_is_known": "the column takes its choices only",
    "reviewcycle_one_per_province_and_year": "a review that is recorded is taken",
    "reviewcycle_locked_says_when": "a file locks no review",
    "cellrating_later_edition_has_a_reason": _EDITIONS,
    "cellrating_one_edition_in_force": _MEANS_THE_SAME,
    "cellrating_editions_are_numbered": _EDITIONS,
    "leaderrating_later_edition_has_a_reason": _EDITIONS,
    "leaderrating_one_edition_in_force": _MEANS_THE_SAME,
    "leaderrating_editions_are_numbered": _EDITIONS,
    "memberlevels_one_per_cell_and_cycle": _MEANS_THE_SAME,
    "titlecase_recognition_is_whole": "a recognition without its decision is asked for it; its day is that of one",
    "titlecase_declined_has_its_reason": "declining has its page; a file that names that state is told so",
    "titlecase_revocation_is_whole": "a revocation has its page; a file that names one is told so",
    "target_days_in_order": "the days of a target are those of its term",
    "target_title_figure_names_its_title": "what is counted names the title itself",
    "target_one_edition_in_force": _MEANS_THE_SAME,
    "target_one_edition_in_force_per_title": _MEANS_THE_SAME,
    "target_one_part_in_force": _MEANS_THE_SAME,
    "target_one_part_in_force_per_title": _MEANS_THE_SAME,
    "target_later_edition_has_a_reason": "asked for in this sentence before anything is written (test_target_workbooks)",
    "targetstep_one_per_year": "a path that names a year twice cannot be read",
}


@kept
def home(commune, province):
    """Two hamlets with their cells, and who leads the first."""
    for name in ("1", "2"):
        hamlet = factories.hamlet(parent=commune, name=name)
        factories.cell(of=hamlet, name=f"Chi bộ ấp {name}")
    first = places.Unit.objects.hamlets().get(name="1")
    cell = first.cell_areas.get().cell
    factories.tenure(cell=cell, person=factories.person(keeper=commune, full_name="Lê Văn Tám"))
    for office in ("hamlet_head", "front_head"):
        factories.tenure(office=office, hamlet=first)
    factories.cycle(province=province, year=2021)


def facts() -> dict:
    return {model: model._base_manager.count() for model in WRITTEN}


# Whoever is elected comes into office by no paper that is named.
NO_MORE_IS_SAID = {
    "seats": str(Seats.TAKE.label),
    **dict.fromkeys(("decision_number", "decision_day", "decision_body"), ""),
}


def by_desk(user, kind: str, rows: list[dict]) -> str:
    """Return what the desk says about these rows under the headings of the form."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    form = FORMS[kind]
    headings = [form.heading(key) for key in keys]
    batch = hand_in(user, workbook(headings, *[[row.get(key) for key in keys] for row in rows]), kind=kind)
    answer(batch, asked={"starts_on": "", "term": "", "part_of": "", **NO_MORE_IS_SAID}, columns={})
    return " / ".join(sentence for said in told(check(batch, user)).values() for sentence in said)


def by_list(user, resource, row: dict) -> str:
    """Return what the list says that the admin takes in."""
    headings = [str(column.header) for column in resource.columns if column.key in row]
    values = [row[column.key] for column in resource.columns if column.key in row]
    result = resource(user=user).import_data(Dataset(values, headers=headings))
    return " / ".join(said for row in result.invalid_rows for said in row.error.messages)


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_rows_against_a_constraint_are_told_its_sentence(officer, home, name):
    before = facts()

    said = by_desk(officer, *BROKEN[name])

    assert MORE_EXACTLY.get(name, SENTENCES[name]) in said
    assert facts() == before


@pytest.mark.parametrize("name", sorted(WITHOUT_DECISION))
def test_a_level_without_its_decision_is_told_so(officer, home, name):
    before = facts()

    assert SENTENCES[name] in by_list(officer, *WITHOUT_DECISION[name])

    assert facts() == before


def test_an_election_that_elects_several_heads_is_told_so(officer, home):
    """No constraint can say it: what an election is of stands in another table than who was elected."""
    held = {**ELECTION, "held_on": "10/2/2020", "elected": "x"}
    before = facts()

    said = by_desk(officer, "contests", [{**held, "full_name": name} for name in ("Lê Văn Tám", "Lê Thị Tư")])

    assert said == f"{ONE_HEAD} / {ONE_HEAD}"
    assert facts() == before


def test_every_constraint_is_broken_or_it_is_said_why_no_file_can():
    broken = {*BROKEN, *WITHOUT_DECISION}

    assert broken & NO_FILE.keys() == set()
    assert broken | NO_FILE.keys() == SENTENCES.keys()
