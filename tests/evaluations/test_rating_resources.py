"""Ratings of an open year, ratings of people, and levels of members, as lists in and out."""

from datetime import date

import pytest
from tablib import Dataset

from accounts.changes import recording
from accounts.models import Role
from cells.actions import NewCell, found_cells
from evaluations.actions import record_cell_ratings, record_leader_ratings
from evaluations.models import CellRating, LeaderRating, Level, MemberLevels, ReviewCycle, Submission
from evaluations.resources import CellRatingResource, LeaderRatingResource, MemberLevelsResource
from leaders.actions import add_people
from leaders.models import Person
from tests import factories
from tests.lists import counts, faults, headings, sheet
from tests.worlds import kept

RATINGS = headings(CellRatingResource)
PEOPLE = headings(LeaderRatingResource)
MEMBERS = headings(MemberLevelsResource)
PAPER = {"decision_number": "15-QĐ/ĐU", "decision_day": "05/01/2021", "decision_body": "Đảng ủy xã Phú Túc"}


@kept
def cell(commune):
    return factories.cell(of=factories.hamlet(parent=commune, name="1"), name="Chi bộ ấp 1")


@kept
def ratings(officer):
    return CellRatingResource(user=officer)


@kept
def people(officer):
    return LeaderRatingResource(user=officer)


@kept
def members(officer):
    return MemberLevelsResource(user=officer)


# --- A year that is open --------------------------------------------------------------


@kept
def cycle(province, cell):
    """A year with its roster: one cell, nothing entered yet."""
    cycle = factories.cycle(province=province, year=2025)
    record_cell_ratings(cycle, [CellRating(cell=cell)])
    return cycle


def let(cycle, state):
    """Bring the year into this state; the communes on its list have their files."""
    cycle.state = state
    cycle.closed_on = cycle.roster_day if state == "closed" else None
    cycle.save()
    lists = (CellRating.objects.filter(cycle=cycle), LeaderRating.objects.filter(cycle=cycle))
    for commune in {row.commune for rows in lists for row in rows.select_related("commune")}:
        Submission.objects.get_or_create(cycle=cycle, commune=commune)


ROW = {"year": 2025, "commune": "Phú Túc", "cell": "CB ấp 1"}
STEP = {**ROW, "self_level": "HTXS", "proposed_level": "HTTNV", "points": "88,5", "note": "Họp ngày 1/12"}


@pytest.mark.parametrize("who", ["officer", "clerk"])
def test_the_rows_of_an_open_year_are_filled_in(request, cycle, cell, who):
    let(cycle, "open")
    ratings = CellRatingResource(user=request.getfixturevalue(who))

    assert counts(ratings.import_data(sheet(RATINGS, STEP))) == (0, 1, 0)
    assert counts(ratings.import_data(sheet(RATINGS, STEP))) == (0, 0, 1)
    assert counts(ratings.import_data(ratings.export(CellRating.objects.all()))) == (0, 0, 1)

    rating = CellRating.objects.get()
    assert (rating.self_level, rating.proposed_level, str(rating.points)) == (
        Level.EXCELLENT,
        Level.GOOD,
        "88.50",
    )
    assert (rating.decided_level, rating.decision, rating.revision) == ("", None, 2)


def test_a_decision_of_an_open_year_is_not_recorded_by_a_file(ratings, cycle):
    let(cycle, "open")

    found = faults(ratings.import_data(sheet(RATINGS, {**STEP, "decided_level": "HTTNV", **PAPER})))

    assert set(found[2]) == {RATINGS[key] for key in ("decided_level", *PAPER)}
    assert "không ghi bằng file" in found[2][RATINGS["decided_level"]][0]
    assert CellRating.objects.get().proposed_level == ""


def test_a_cell_that_is_not_on_the_roster_of_an_open_year_is_a_fault(ratings, cycle, commune):
    factories.cell(of=factories.hamlet(parent=commune), name="Chi bộ ấp 2")
    let(cycle, "open")

    found = faults(ratings.import_data(sheet(RATINGS, STEP, {**STEP, "cell": "Chi bộ ấp 2"})))

    assert list(found) == [3]
    assert "2025" in found[3][RATINGS["cell"]][0]
    assert CellRating.objects.count() == 1


def test_the_lowest_level_needs_its_reason_in_an_open_year_too(ratings, cycle):
    let(cycle, "open")

    assert (
        RATINGS["reason"] in faults(ratings.import_data(sheet(RATINGS, {**ROW, "proposed_level": "KHT"})))[2]
    )


@pytest.mark.parametrize(("state", "words"), [("preparing", "đang được chuẩn bị"), ("closed", "đã khóa")])
def test_a_year_in_preparation_or_locked_takes_nothing_and_says_why(
    ratings, members, cycle, cell, state, words
):
    let(cycle, state)

    assert words in faults(ratings.import_data(sheet(RATINGS, STEP)))[2][RATINGS["year"]][0]
    assert words in faults(members.import_data(sheet(MEMBERS, {**ROW, "good": 3})))[2][MEMBERS["year"]][0]
    # What says nothing new is no fault: an exported file comes in again.
    assert counts(ratings.import_data(ratings.export(CellRating.objects.all()))) == (0, 0, 1)
    assert not MemberLevels.objects.exists()


def test_a_rating_that_was_changed_after_the_file_was_made_is_a_conflict(ratings, cycle, officer):
    let(cycle, "open")
    exported = ratings.export(CellRating.objects.all())
    with recording(by=officer, reason="thử"):
        CellRating.objects.get().save()
    place = list(exported.headers).index(RATINGS["note"])
    changed = Dataset(*[[*r[:place], "Khác", *r[place + 1 :]] for r in exported], headers=exported.headers)

    assert "Dòng 2" in faults(ratings.import_data(changed))[2]["__all__"][0]


@pytest.mark.parametrize("size", [5, 200])
def test_queries_do_not_grow_with_the_roster(ratings, province, commune, size, django_assert_max_num_queries):
    cycle = factories.cycle(province=province, year=2025)
    cells = found_cells(
        NewCell(commune=commune, name=f"Chi bộ số {n}", hamlets=[], kind="office") for n in range(size)
    )
    record_cell_ratings(cycle, [CellRating(cell=cell) for cell in cells])
    let(cycle, "open")
    rows = [{**STEP, "cell": f"Chi bộ số {n}"} for n in range(size)]

    with django_assert_max_num_queries(25 + size // 10):
        assert counts(ratings.import_data(sheet(RATINGS, *rows))) == (0, size, 0)


def test_a_year_that_has_not_come_is_refused_and_a_past_one_begins_with_its_first_papers(ratings, cell):
    late = {**ROW, "year": 2090, "proposed_level": "HTT"}
    past = {**ROW, "year": 2020, "proposed_level": "HTT"}

    assert "chưa đến" in faults(ratings.import_data(sheet(RATINGS, late)))[2][RATINGS["year"]][0]
    assert not ReviewCycle.objects.exists()
    assert counts(ratings.import_data(sheet(RATINGS, past))) == (1, 0, 0)
    assert ReviewCycle.objects.get().year == 2020


# --- People ---------------------------------------------------------------------------


@kept
def person(cell, commune):
    person = factories.person(
        keeper=commune, full_name="Đỗ Minh Đức", born_on=date(1970, 1, 1), born_on_precision="year"
    )
    factories.tenure(cell=cell, person=person)
    return person


@kept
def row(person):
    return {
        "year": 2020,
        "commune": "Phú Túc",
        "full_name": "Đ/c Đỗ Minh Đức",
        "born": "1970",
        "basis": "chức vụ",
        "office": "BTCB",
        "cell": "chi bộ ấp 1",
        "decided_level": "HTXSNV",
        **PAPER,
    }


def test_a_person_is_rated_in_office_and_as_a_member(people, row, person, cell, commune):
    member = {**row, "basis": "đảng viên", "office": None, "cell": None, "decided_level": "HTT"}

    assert counts(people.import_data(sheet(PEOPLE, row, member))) == (2, 0, 0)
    assert counts(people.import_data(sheet(PEOPLE, row, member))) == (0, 0, 2)
    assert counts(people.import_data(people.export(LeaderRating.objects.all()))) == (0, 0, 2)

    rated = {
        rating.basis: (rating.person, rating.office, rating.cell, rating.commune, rating.decided_level)
        for rating in LeaderRating.objects.all()
    }
    assert rated == {
        "office": (person, "secretary", cell, commune, Level.EXCELLENT),
        "member": (person, "", None, commune, Level.GOOD),
    }
    assert {rating.province for rating in LeaderRating.objects.all()} == {commune.province}


def test_what_was_proposed_of_a_person_is_completed_by_its_decision(people, row):
    proposed = {key: row[key] for key in ("year", "commune", "full_name", "basis", "cell")}
    people.import_data(sheet(PEOPLE, {**proposed, "proposed_level": "HTXS", "disciplined": "không"}))

    assert counts(people.import_data(sheet(PEOPLE, row))) == (0, 1, 0)

    rating = LeaderRating.objects.get()
    assert (rating.proposed_level, rating.decided_level, rating.disciplined) == (
        Level.EXCELLENT,
        Level.EXCELLENT,
        False,
    )
    found = faults(people.import_data(sheet(PEOPLE, {**row, "decided_level": "HTT"})))
    assert "15-QĐ/ĐU" in found[2][PEOPLE["decided_level"]][0]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"full_name": "Đỗ Minh Đưc"}, "full_name"),
        ({"full_name": None}, "full_name"),
        ({"born": "1971"}, "full_name"),
        ({"person": "N999999"}, "person"),
        ({"basis": None}, "basis"),
        ({"basis": "cả hai"}, "basis"),
        ({"cell": "Chi bộ ấp 3"}, "cell"),
        ({"cell": None, "commune": "Giao Long Đông"}, "commune"),
        ({"office": "Trưởng phòng"}, "office"),
        ({"decided_level": "Khá"}, "decided_level"),
        ({"decision_day": None}, "decision_day"),
        ({"year": None}, "year"),
    ],
)
def test_what_is_wrong_with_a_rating_of_a_person_is_named(people, row, change, column):
    found = faults(people.import_data(sheet(PEOPLE, {**row, **change})))

    assert list(found[2]) == [PEOPLE[column]]
    assert not LeaderRating.objects.exists()


def test_two_people_of_one_name_are_told_apart_by_number(people, row, person, commune):
    other = factories.person(keeper=commune, full_name="Đỗ Minh Đức")
    twin = {**row, "born": None}

    (sentence,) = faults(people.import_data(sheet(PEOPLE, twin)))[2][PEOPLE["full_name"]]
    assert f"N{person.pk} " in sentence
    assert f"N{other.pk} " in sentence
    assert counts(people.import_data(sheet(PEOPLE, {**twin, "full_name": f"N{other.pk}"}))) == (1, 0, 0)
    assert LeaderRating.objects.get().person == other
    wrong = {**row, "person": f"N{person.pk}", "full_name": "Lê Văn Tám"}
    assert "Đỗ Minh Đức" in faults(people.import_data(sheet(PEOPLE, wrong)))[2][PEOPLE["person"]][0]


def test_a_roster_of_people_that_is_open_is_filled_in(people, row, province, person, cell):
    cycle = factories.cycle(province=province, year=2025)
    record_leader_ratings(cycle, [LeaderRating(person=person, cell=cell, office="secretary")])
    let(cycle, "open")
    names = {key: row[key] for key in ("commune", "full_name", "basis", "cell")} | {"year": 2025}

    assert counts(people.import_data(sheet(PEOPLE, {**names, "proposed_level": "HTT"}))) == (0, 1, 0)
    decided = faults(people.import_data(sheet(PEOPLE, {**names, "decided_level": "HTT"})))
    assert "không ghi bằng file" in decided[2][PEOPLE["decided_level"]][0]
    absent = faults(people.import_data(sheet(PEOPLE, {**names, "basis": "đảng viên"})))
    assert list(absent) == [2]


def test_a_foreign_person_has_no_rating(outsider, row, person):
    foreign = LeaderRatingResource(user=outsider)

    assert faults(foreign.import_data(sheet(PEOPLE, row)))[2].keys() >= {PEOPLE["commune"]}
    by_number = faults(foreign.import_data(sheet(PEOPLE, {**row, "person": person.pk})))
    assert PEOPLE["person"] in by_number[2]
    assert foreign.export(LeaderRating.objects.visible_to(outsider)).lines == []


def test_birth_dates_are_shown_to_those_who_may_see_them(cell, person, province):
    factories.leader_rating(of=person, cell=cell, cycle=factories.cycle(province=province))
    reader = factories.user(role=Role.LEADER, reads=[province])
    keeper = factories.user(role=Role.PROVINCIAL_STAFF, keeps=[province])

    shown = [
        str(LeaderRatingResource(user=user).export(LeaderRating.objects.all()).lines[0]["born"])
        for user in (reader, keeper)
    ]

    assert shown == ["None", "1970"]


@pytest.mark.parametrize("size", [5, 200])
def test_queries_do_not_grow_with_the_people(people, row, commune, size, django_assert_max_num_queries):
    add_people(
        Person(keeper=commune, full_name=f"Nguyễn Văn {factories.spelled(n)}", membership="yes")
        for n in range(size)
    )
    rows = [{**row, "full_name": f"Nguyễn Văn {factories.spelled(n)}"} for n in range(size)]

    with django_assert_max_num_queries(45 + size // 10):
        assert counts(people.import_data(sheet(PEOPLE, *rows))) == (size, 0, 0)
    with django_assert_max_num_queries(20):
        assert counts(people.import_data(sheet(PEOPLE, *rows))) == (0, 0, size)


# --- Levels of members ----------------------------------------------------------------


def test_levels_of_members_come_change_and_stay(members, cell):
    row = {
        "year": 2020,
        "commune": "Phú Túc",
        "cell": "Chi bộ ấp 1",
        "excellent": 5,
        "good": 30,
        "completed": 2,
    }

    assert counts(members.import_data(sheet(MEMBERS, row))) == (1, 0, 0)
    assert counts(members.import_data(sheet(MEMBERS, row))) == (0, 0, 1)
    assert counts(members.import_data(members.export(MemberLevels.objects.all()))) == (0, 0, 1)
    assert counts(members.import_data(sheet(MEMBERS, {**row, "not_rated": 1}))) == (0, 1, 0)

    levels = MemberLevels.objects.get()
    assert (levels.cell, levels.cycle.year, levels.rated, levels.not_rated) == (cell, 2020, 37, 1)
    assert (levels.not_completed, levels.history.count()) == (None, 2)


def test_what_is_wrong_with_levels_of_members_is_named(members, cell):
    row = {"year": 2020, "commune": "Phú Túc", "cell": "Chi bộ ấp 1", "good": 3}
    rows = [
        {**row, "year": "20"},
        {**row, "year": None},
        {**row, "cell": "Chi bộ ấp 3"},
        {**row, "good": "ba"},
        {**row, "good": None},
    ]

    found = faults(members.import_data(sheet(MEMBERS, *rows)))

    wanted = ["year", "year", "cell", "good", "excellent"]
    assert [list(found[number]) for number in range(2, 7)] == [[MEMBERS[key]] for key in wanted]
    assert not MemberLevels.objects.exists()


def test_levels_of_members_of_an_open_year_are_those_of_its_roster(members, cycle, commune):
    factories.cell(of=factories.hamlet(parent=commune), name="Chi bộ ấp 2")
    let(cycle, "open")

    found = faults(
        members.import_data(sheet(MEMBERS, {**ROW, "good": 3}, {**ROW, "cell": "Chi bộ ấp 2", "good": 3}))
    )

    assert {number: list(some) for number, some in found.items()} == {3: [MEMBERS["cell"]]}


def test_levels_of_members_of_a_foreign_cell_are_not_there(outsider, cell):
    foreign = MemberLevelsResource(user=outsider)

    found = faults(
        foreign.import_data(sheet(MEMBERS, {"year": 2020, "cell_code": cell.code, "cell": "x", "good": 1}))
    )

    assert list(found[2]) == [MEMBERS["cell_code"]]


@pytest.mark.parametrize("size", [5, 200])
def test_queries_do_not_grow_with_the_levels(members, commune, size, django_assert_max_num_queries):
    found_cells(
        NewCell(commune=commune, name=f"Chi bộ số {n}", hamlets=[], kind="office") for n in range(size)
    )
    rows = [{"year": 2020, "commune": "Phú Túc", "cell": f"Chi bộ số {n}", "good": n} for n in range(size)]

    with django_assert_max_num_queries(40 + size // 10):
        assert counts(members.import_data(sheet(MEMBERS, *rows))) == (size, 0, 0)
    with django_assert_max_num_queries(12):
        assert counts(members.import_data(sheet(MEMBERS, *rows))) == (0, 0, size)
