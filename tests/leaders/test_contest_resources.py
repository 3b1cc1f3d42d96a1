"""Congresses and elections with their candidates, and follow-up assignments, as lists in and out."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from tablib import Dataset

from accounts.changes import recording
from cells.actions import NewCell, NewUnit, change_unit, found_cells, open_units
from leaders.actions import add_people, record_candidacies, record_contests
from leaders.checks import problems
from leaders.models import Assignment, Candidacy, Contest, Person, Tenure
from leaders.resources import AssignmentResource, ContestResource
from tests import factories
from tests.lists import counts, faults, headings, sheet
from tests.worlds import kept

CONTESTS = headings(ContestResource)
ASSIGNMENTS = headings(AssignmentResource)


@kept
def hamlet(commune):
    return factories.hamlet(parent=commune, name="2")


@kept
def cell(hamlet):
    return factories.cell(of=hamlet, name="Chi bộ ấp 2")


@kept
def person(commune):
    return factories.person(keeper=commune, full_name="Đỗ Minh Đức")


@kept
def contests(officer):
    return ContestResource(user=officer)


@kept
def assignments(officer):
    return AssignmentResource(user=officer)


@kept
def congress(cell):
    return {
        "kind": "Đại hội chi bộ",
        "commune": "Phú Túc",
        "cell": "CB ấp 2",
        "term": "2025-2030",
        "held_on": "15/03/2025",
        "method": "bỏ phiếu kín",
        "entitled": 30,
        "present": 28,
    }


@kept
def election(hamlet):
    return {"kind": "bầu trưởng ấp", "commune": "28810", "hamlet": "Ấp 2", "term": "2025-2027"}


# --- Congresses and elections ---------------------------------------------------------


def test_a_congress_comes_with_those_who_stood(contests, congress, cell, person):
    rows = [
        {**congress, "full_name": "Đỗ Minh Đức", "votes": 27, "elected": "x"},
        {**congress, "full_name": "Lê Văn Tám", "votes": 1, "elected": "không"},
    ]

    assert counts(contests.import_data(sheet(CONTESTS, *rows))) == (2, 0, 0)

    contest = Contest.objects.get()
    assert (contest.cell, contest.outcome, contest.held_on, contest.present) == (
        cell,
        "held",
        date(2025, 3, 15),
        28,
    )
    stood = {(one.person, one.name, one.votes, one.elected) for one in contest.candidacies.all()}
    assert stood == {(person, "", 27, True), (None, "Lê Văn Tám", 1, False)}
    assert {one.history.count() for one in contest.candidacies.all()} == {1}
    assert not Tenure.objects.exists()


def test_a_second_time_and_an_export_change_nothing(contests, congress, election, person):
    rows = [
        {**congress, "full_name": "Đỗ Minh Đức", "votes": 27, "elected": "x"},
        {**congress, "full_name": "Lê Văn Tám", "votes": 1},
        {**election, "planned_on": "01/06/2025"},
    ]
    contests.import_data(sheet(CONTESTS, *rows))

    assert counts(contests.import_data(sheet(CONTESTS, *rows))) == (0, 0, 3)
    exported = contests.export(Contest.objects.all())
    assert len(exported.lines) == 3
    assert counts(contests.import_data(exported)) == (0, 0, 3)
    # Whoever gets a record later is still the candidate of that name.
    factories.person(keeper=person.keeper, full_name="Lê Văn Tám")
    assert counts(contests.import_data(sheet(CONTESTS, *rows))) == (0, 0, 3)


def test_a_planned_election_is_held_and_gets_its_candidates(contests, election, person):
    contests.import_data(sheet(CONTESTS, {**election, "planned_on": "01/06/2025"}))
    held = {**election, "held_on": "02/06/2025", "present": 80, "full_name": f"N{person.pk}", "votes": 79}

    assert counts(contests.import_data(sheet(CONTESTS, {**held, "elected": "x"}))) == (0, 1, 0)
    assert counts(contests.import_data(sheet(CONTESTS, {**held, "votes": 78}))) == (0, 1, 0)

    contest = Contest.objects.get()
    assert (contest.outcome, contest.planned_on, contest.held_on) == (
        "held",
        date(2025, 6, 1),
        date(2025, 6, 2),
    )
    assert list(Candidacy.objects.values_list("person", "votes", "elected")) == [(person.pk, 78, True)]


def test_an_election_that_failed_is_run_again(contests, election):
    failed = {**election, "held_on": "01/06/2025", "outcome": "không thành"}
    again = {**election, "held_on": "15/06/2025"}

    early = {**election, "held_on": "31/05/2025"}
    assert "01/06/2025" in faults(contests.import_data(sheet(CONTESTS, failed, early)))[3]["Ngày tổ chức"][0]
    assert counts(contests.import_data(sheet(CONTESTS, failed, again))) == (2, 0, 0)
    assert counts(contests.import_data(sheet(CONTESTS, failed, again))) == (0, 0, 2)
    assert counts(contests.import_data(contests.export(Contest.objects.all()))) == (0, 0, 2)
    assert set(Contest.objects.values_list("outcome", "held_on")) == {
        ("failed", date(2025, 6, 1)),
        ("held", date(2025, 6, 15)),
    }


def test_rows_that_only_name_a_candidate_belong_to_the_contest_above(contests, congress, person):
    silent = {key: congress[key] for key in ("kind", "commune", "cell", "term")}
    rows = [
        {**congress, "full_name": "Đỗ Minh Đức", "elected": "x"},
        {**silent, "full_name": "Lê Văn Tám", "votes": 3},
    ]

    assert counts(contests.import_data(sheet(CONTESTS, *rows))) == (2, 0, 0)
    assert Contest.objects.get().candidacies.count() == 2


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"kind": "hội nghị"}, "kind"),
        ({"kind": "bầu trưởng ấp"}, "hamlet"),
        ({"cell": "Chi bộ ấp 3"}, "cell"),
        ({"commune": "Giao Long Đông"}, "commune"),
        ({"term": "2025"}, "term"),
        ({"term": None}, "term"),
        ({"held_on": "3/2025"}, "held_on"),
        ({"method": "vỗ tay"}, "method"),
        ({"present": "đủ"}, "present"),
        ({"present": 31}, "__all__"),
        ({"held_on": "15/03/1950", "cell": None, "cell_code": "C9999999"}, "cell_code"),
        ({"person": "N999999"}, "person"),
        ({"votes": 29}, "votes"),
        ({"full_name": None}, "votes"),
        ({"full_name": "Số 5"}, "full_name"),
        ({"held_on": None, "elected": "x"}, "elected"),
        ({"outcome": "không thành", "elected": "x"}, "elected"),
        ({"elected": "có thể"}, "elected"),
        ({"outcome": "đã tổ chức", "held_on": None}, "__all__"),
    ],
)
def test_what_is_wrong_with_a_contest_is_named(contests, congress, change, column):
    row = {**congress, "full_name": "Lê Văn Tám", "votes": 3, **change}

    found = faults(contests.import_data(sheet(CONTESTS, row)))

    assert CONTESTS.get(column, column) in found[2], found
    assert not Contest.objects.exists()
    assert not Candidacy.objects.exists()


def test_rows_of_one_contest_must_not_contradict_each_other(contests, congress):
    rows = [
        {**congress, "full_name": "Lê Văn Tám"},
        {**congress, "full_name": "Lê Văn Chín", "present": 27},
        {**congress, "full_name": "Lê Văn Tám"},
    ]

    found = faults(contests.import_data(sheet(CONTESTS, *rows)))

    assert {number: list(some) for number, some in found.items()} == {
        3: [CONTESTS["present"]],
        4: ["__all__"],
    }


def test_fewer_present_than_votes_recorded_is_refused(contests, congress):
    contests.import_data(sheet(CONTESTS, {**congress, "full_name": "Lê Văn Tám", "votes": 27}))

    found = faults(contests.import_data(sheet(CONTESTS, {**congress, "present": 20})))

    assert "27" in found[2][CONTESTS["present"]][0]
    assert Contest.objects.get().present == 28


def test_a_name_that_two_people_of_the_commune_bear_is_asked_back(contests, congress, person, commune):
    twin = factories.person(keeper=commune, full_name="Đỗ Minh Đức")
    row = {**congress, "full_name": "Đỗ Minh Đức"}

    (sentence,) = faults(contests.import_data(sheet(CONTESTS, row)))[2][CONTESTS["full_name"]]

    assert f"N{person.pk} " in sentence
    assert counts(contests.import_data(sheet(CONTESTS, {**row, "full_name": f"n{twin.pk}"}))) == (1, 0, 0)
    assert Candidacy.objects.get().person == twin


def test_the_death_of_a_cell_ends_its_congresses(contests, congress, commune):
    young = factories.cell(
        of=factories.hamlet(parent=commune, starts_on=date(2025, 7, 1)), starts_on=date(2025, 7, 1)
    )

    assert 2 in faults(contests.import_data(sheet(CONTESTS, {**congress, "cell_code": young.code})))


def test_a_foreign_contest_is_not_there(outsider, congress, cell, person):
    (held,) = record_contests(
        [Contest(kind="congress", cell=cell, term="2025-2030", outcome="held", held_on=date(2025, 3, 15))]
    )
    record_candidacies([Candidacy(contest=held, person=person)])
    foreign = ContestResource(user=outsider)

    assert list(faults(foreign.import_data(sheet(CONTESTS, congress)))[2]) == [CONTESTS["commune"]]
    by_code = {**congress, "cell_code": cell.code, "person": person.pk}
    assert CONTESTS["cell_code"] in faults(foreign.import_data(sheet(CONTESTS, by_code)))[2]
    assert foreign.export(Contest.objects.visible_to(outsider)).lines == []
    assert not Candidacy.objects.visible_to(outsider).exists()


def test_a_contest_that_was_changed_after_the_file_was_made_is_a_conflict(contests, congress, officer):
    contests.import_data(sheet(CONTESTS, congress))
    exported = contests.export(Contest.objects.all())
    with recording(by=officer, reason="thử"):
        Contest.objects.get().save()
    place = list(exported.headers).index(CONTESTS["present"])
    changed = Dataset(*[[*r[:place], 20, *r[place + 1 :]] for r in exported], headers=exported.headers)

    assert "Dòng 2" in faults(contests.import_data(changed))[2]["__all__"][0]


@pytest.mark.parametrize("size", [5, 200])
def test_queries_do_not_grow_with_the_contests(
    contests, congress, commune, size, django_assert_max_num_queries
):
    found_cells(
        NewCell(commune=commune, name=f"Chi bộ số {n}", hamlets=[], kind="office") for n in range(size)
    )
    people = [f"Nguyễn Văn {factories.spelled(n)}" for n in range(size)]
    add_people(Person(keeper=commune, full_name=name, membership="yes") for name in people)
    rows = [
        {**congress, "cell": f"CB số {n}", "held_on": date(2025, 1 + n % 12, 1 + n % 28), "full_name": name}
        for n, name in enumerate(people)
    ]

    with django_assert_max_num_queries(45 + size // 10):
        assert counts(contests.import_data(sheet(CONTESTS, *rows))) == (size, 0, 0)
    with django_assert_max_num_queries(18):
        assert counts(contests.import_data(sheet(CONTESTS, *rows))) == (0, 0, size)
    with django_assert_max_num_queries(45 + size // 10):
        changed = [{**row, "present": 20, "votes": 19} for row in rows]
        assert counts(contests.import_data(sheet(CONTESTS, *changed))) == (0, size, 0)


def test_candidates_are_checked_against_their_contest_on_the_form_too(client, officer, cell):
    contest = Contest.objects.create(kind="congress", cell=cell, term="2025-2030")
    with pytest.raises(ValidationError):
        Candidacy(contest=contest, name="Lê Văn Tám", elected=True).full_clean()
    client.force_login(officer)
    url = reverse("admin:leaders_contest_change", args=[contest.pk])
    form = {
        "kind": "congress", "cell": cell.pk, "term": "2025-2030", "outcome": "held", "held_on": "15/03/2025",
        "present": "20", "candidacies-TOTAL_FORMS": "1", "candidacies-INITIAL_FORMS": "0",
        "candidacies-0-name": "Lê Văn Tám", "candidacies-0-votes": "21", "candidacies-0-elected": "true",
    }  # fmt: skip

    refused = client.post(url, form)
    assert "21" in str(refused.context["inline_admin_formsets"][0].formset.errors)
    saved = client.post(url, form | {"candidacies-0-votes": "20"})

    assert saved.status_code == 302, saved.context and saved.context["errors"]
    assert list(Candidacy.objects.values_list("name", "votes", "elected")) == [("Lê Văn Tám", 20, True)]


def test_the_administration_moves_the_seats_too(client, officer, hamlet, person):
    contest = Contest.objects.create(kind="head_election", hamlet=hamlet, term="2025-2027")
    client.force_login(officer)
    url = reverse("admin:leaders_contest_change", args=[contest.pk])
    form = {
        "kind": "head_election", "hamlet": hamlet.pk, "term": "2025-2027", "outcome": "held",
        "held_on": "15/03/2025", "present": "20", "candidacies-TOTAL_FORMS": "1",
        "candidacies-INITIAL_FORMS": "0", "candidacies-0-person": person.pk, "candidacies-0-votes": "10",
        "candidacies-0-elected": "true",
    }  # fmt: skip

    refused = client.post(url, form)
    assert "quá nửa" in refused.content.decode()
    assert not Tenure.objects.exists()
    assert client.post(url, form | {"candidacies-0-votes": "19"}).status_code == 302

    assert Tenure.objects.get().person == person
    contest.refresh_from_db()
    assert contest.revision == 2


def test_an_election_elects_one_head(contests, election):
    held = {**election, "held_on": "20/06/2025"}
    both = [{**held, "full_name": name, "elected": "x"} for name in ("Đỗ Minh Đức", "Lê Văn Tám")]

    refused = contests.import_data(sheet(CONTESTS, *both))
    assert {row: set(found) for row, found in faults(refused).items()} == {2: {"Trúng cử"}, 3: {"Trúng cử"}}
    assert not Contest.objects.exists()

    assert counts(contests.import_data(sheet(CONTESTS, both[0], {**both[1], "elected": "không"})))[0] == 2
    assert set(faults(contests.import_data(sheet(CONTESTS, both[1])))) == {2}
    # A correction says of both what is true.
    corrected = sheet(CONTESTS, {**both[0], "elected": "không"}, both[1])
    assert counts(contests.import_data(corrected)) == (0, 2, 0)
    assert [str(one.person) for one in Candidacy.objects.filter(elected=True)] == ["Lê Văn Tám"]
    # Who is elected is in office by the same file.
    assert [str(one.person) for one in Tenure.objects.all()] == ["Lê Văn Tám"]


def test_a_congress_elects_a_whole_committee(contests, congress):
    rows = [{**congress, "full_name": name, "elected": "x"} for name in ("Đỗ Minh Đức", "Lê Văn Tám")]

    assert counts(contests.import_data(sheet(CONTESTS, *rows)))[0] == 2


def test_several_elected_heads_are_refused_on_the_form_and_by_the_act(client, officer, hamlet):
    contest = held_election(hamlet)
    client.force_login(officer)
    url = reverse("admin:leaders_contest_change", args=[contest.pk])
    form = {
        "kind": "head_election", "hamlet": hamlet.pk, "term": "2025-2027", "outcome": "held",
        "held_on": "20/06/2025", "candidacies-TOTAL_FORMS": "2", "candidacies-INITIAL_FORMS": "0",
        "candidacies-0-name": "Lê Văn Tám", "candidacies-0-elected": "true",
        "candidacies-1-name": "Đỗ Minh Đức", "candidacies-1-elected": "true",
    }  # fmt: skip

    refused = client.post(url, form)

    assert refused.status_code == 200
    said = str(refused.context["inline_admin_formsets"][0].formset.errors)
    assert "chỉ có một người trúng cử" in said
    assert not Candidacy.objects.exists()
    with pytest.raises(ValidationError), recording(by=officer, kind="page"):
        record_candidacies(
            [Candidacy(contest=contest, name=name, elected=True) for name in ("Lê Văn Tám", "Đỗ Minh Đức")]
        )
    assert not Candidacy.objects.exists()
    assert client.post(url, form | {"candidacies-1-elected": "false"}).status_code == 302


def test_two_elected_heads_that_are_there_are_found(hamlet):
    contest = held_election(hamlet)
    assert list(problems()) == []
    for name in ("Lê Văn Tám", "Đỗ Minh Đức"):
        Candidacy.objects.create(contest=contest, name=name, elected=True)

    assert len(list(problems())) == 2


def test_an_election_before_the_day_of_the_attempt_that_failed_is_found(hamlet):
    contest = held_election(hamlet)
    failed = Contest.objects.create(
        kind="head_election", hamlet=hamlet, term=contest.term, outcome="failed", held_on=contest.held_on
    )
    assert list(problems()) == []

    Contest.objects.filter(pk=failed.pk).update(held_on=date(2025, 6, 21))

    assert "Bầu trưởng ấp 2" in " ".join(problems())


def held_election(hamlet) -> Contest:
    return Contest.objects.create(
        kind="head_election", hamlet=hamlet, term="2025-2027", outcome="held", held_on=date(2025, 6, 20)
    )


# --- Follow-up assignments ------------------------------------------------------------


@kept
def officer_of_hamlets(province):
    return factories.person(keeper=province, full_name="Trần Thị Hoa")


@kept
def row(hamlet, officer_of_hamlets):
    return {
        "kind": "Cán bộ theo dõi ấp",
        "full_name": "Trần Thị Hoa",
        "commune": "Phú Túc",
        "hamlet": "ấp 2",
        "starts_on": "01/02/2024",
    }


def test_people_and_organisations_follow_hamlets_and_communes(
    assignments, row, hamlet, commune, officer_of_hamlets
):
    rows = [
        row,
        {**row, "kind": "Cấp ủy viên", "hamlet": None},
        {**row, "full_name": None, "organisation": "Sở Nội vụ", "starts_on": None},
    ]

    assert counts(assignments.import_data(sheet(ASSIGNMENTS, *rows))) == (3, 0, 0)
    assert counts(assignments.import_data(sheet(ASSIGNMENTS, *rows))) == (0, 0, 3)
    assert counts(assignments.import_data(assignments.export(Assignment.objects.all()))) == (0, 0, 3)

    recorded = {(one.kind, one.person, one.organisation, one.unit) for one in Assignment.objects.all()}
    assert recorded == {
        ("hamlet_officer", officer_of_hamlets, "", hamlet),
        ("committee_member", officer_of_hamlets, "", commune),
        ("hamlet_officer", None, "Sở Nội vụ", hamlet),
    }


def test_an_assignment_ends_and_another_begins(assignments, row):
    assignments.import_data(sheet(ASSIGNMENTS, row))

    assert counts(assignments.import_data(sheet(ASSIGNMENTS, {**row, "ends_on": "31/12/2024"}))) == (0, 1, 0)
    assert counts(assignments.import_data(sheet(ASSIGNMENTS, {**row, "starts_on": "01/01/2025"}))) == (
        1,
        0,
        0,
    )

    days = set(Assignment.objects.values_list("starts_on", "ends_on"))
    assert days == {(date(2024, 2, 1), date(2024, 12, 31)), (date(2025, 1, 1), None)}


def test_a_commune_is_written_as_it_was_called_on_the_day(assignments, row, commune):
    assignments.import_data(sheet(ASSIGNMENTS, {**row, "kind": "Cấp ủy viên", "hamlet": None}))
    change_unit(commune, on=date(2025, 7, 1), name="Phú Túc Mới", code="28811")

    exported = assignments.export(Assignment.objects.all())

    assert (exported.lines[0]["commune_code"], exported.lines[0]["commune"]) == ("28810", "Xã Phú Túc")
    assert counts(assignments.import_data(exported)) == (0, 0, 1)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"kind": None}, "kind"),
        ({"kind": "tình nguyện"}, "kind"),
        ({"full_name": None}, "full_name"),
        ({"full_name": "Trần Thị Hòa"}, "full_name"),
        ({"person": "N999999"}, "person"),
        ({"commune": None}, "commune"),
        ({"commune": "Giao Long Đông", "hamlet": None}, "commune"),
        ({"hamlet": "ấp 3"}, "hamlet"),
        ({"hamlet": None}, "hamlet"),
        ({"hamlet_code": "T9999999"}, "hamlet_code"),
        ({"starts_on": "2/2024"}, "starts_on"),
        ({"ends_on": "01/01/2024"}, "__all__"),
    ],
)
def test_what_is_wrong_with_an_assignment_is_named(assignments, row, change, column):
    good = {**row, "kind": "Cấp ủy viên", "hamlet": None}
    found = faults(assignments.import_data(sheet(ASSIGNMENTS, {**row, **change}, good)))

    assert {number: list(some) for number, some in found.items()} == {2: [ASSIGNMENTS.get(column, column)]}
    assert not Assignment.objects.exists()


def test_a_foreign_assignment_is_not_there(outsider, row, hamlet, officer_of_hamlets):
    Assignment.objects.create(kind="hamlet_officer", person=officer_of_hamlets, unit=hamlet)
    foreign = AssignmentResource(user=outsider)

    by_name = faults(foreign.import_data(sheet(ASSIGNMENTS, row)))
    by_code = {**row, "hamlet_code": hamlet.code, "person": officer_of_hamlets.pk}

    assert set(by_name[2]) == {ASSIGNMENTS["full_name"], ASSIGNMENTS["commune"]}
    assert set(faults(foreign.import_data(sheet(ASSIGNMENTS, by_code)))[2]) == {
        ASSIGNMENTS["hamlet_code"],
        ASSIGNMENTS["person"],
    }
    assert foreign.export(Assignment.objects.visible_to(outsider)).lines == []


@pytest.mark.parametrize("size", [5, 200])
def test_queries_do_not_grow_with_the_assignments(
    assignments, row, commune, size, django_assert_max_num_queries
):
    open_units(NewUnit(parent=commune, kind="ap", name=f"Số {n}") for n in range(size))
    rows = [{**row, "hamlet": f"ấp Số {n}", "starts_on": date(2024, 1, 1 + n % 28)} for n in range(size)]

    # PostgreSQL locks the units and the people beforehand.
    locks = 2 if connection.features.has_select_for_update else 0
    with django_assert_max_num_queries(25 + locks + size // 10):
        assert counts(assignments.import_data(sheet(ASSIGNMENTS, *rows))) == (size, 0, 0)
    with django_assert_max_num_queries(12):
        assert counts(assignments.import_data(sheet(ASSIGNMENTS, *rows))) == (0, 0, size)


# --- One file after the other ---------------------------------------------------------


@kept
def old_head(hamlet):
    return factories.tenure(office="hamlet_head", hamlet=hamlet)


HELD_ROW = {"held_on": "12/01/2025", "method": "bỏ phiếu kín", "present": 80, "full_name": "Đỗ Minh Đức"}


@pytest.mark.parametrize("first", [{}, {"outcome": "Không thành"}])
def test_who_a_second_file_says_was_elected_comes_into_office(
    contests, election, officer, hamlet, old_head, person, first
):
    """What the first file left open, or said wrongly, a second one completes; the seats follow as on a page."""
    contests.import_data(sheet(CONTESTS, {**election, **HELD_ROW, "votes": 30, **first}))
    second = {**election, **HELD_ROW, "votes": 60, "elected": "x", "outcome": "Đã tổ chức" if first else ""}

    result = ContestResource(user=officer).import_data(sheet(CONTESTS, second))

    assert faults(result) == {}
    heads = Tenure.objects.of_seat("hamlet_head", hamlet=hamlet).order_by("starts_on")
    assert [(one.person, one.ends_on) for one in heads] == [
        (old_head.person, date(2025, 1, 11)),
        (person, None),
    ]


def test_the_office_of_who_was_elected_may_come_in_a_second_file(contests, congress, officer, cell, person):
    row = {**congress, "full_name": "Đỗ Minh Đức", "votes": 27, "elected": "x"}
    contests.import_data(sheet(CONTESTS, row))
    assert not Tenure.objects.filter(cell=cell).exists()

    result = ContestResource(user=officer).import_data(sheet(CONTESTS, {**row, "office": "Bí thư"}))

    assert faults(result) == {}
    assert Tenure.objects.get(cell=cell).person == person


def test_an_election_run_again_on_the_same_day_goes_out_and_comes_in_without_a_difference(
    contests, election, officer, hamlet, person
):
    row = {**election, **HELD_ROW}
    contests.import_data(sheet(CONTESTS, {**row, "votes": 30, "outcome": "Không thành"}))
    again = Contest(kind="head_election", hamlet=hamlet, term="2025-2027", outcome="held")
    again.held_on, again.method, again.present = date(2025, 1, 12), "ballot", 80
    again.save()
    Candidacy.objects.create(contest=again, person=person, votes=60)

    taken_out = ContestResource(user=officer).export(Contest.objects.order_by("pk"))
    result = ContestResource(user=officer).import_data(taken_out)

    assert faults(result) == {}
    assert counts(result) == (0, 0, 2)


def test_a_planned_election_that_failed_and_was_run_again_comes_in_one_file(contests, election, hamlet):
    Contest.objects.create(
        kind="head_election", hamlet=hamlet, term="2025-2027", planned_on=date(2025, 1, 12)
    )
    failed = {**election, **HELD_ROW, "votes": 30, "outcome": "Không thành"}
    held = {**election, **HELD_ROW, "held_on": "26/01/2025", "votes": 60, "elected": "x"}

    result = contests.import_data(sheet(CONTESTS, failed, {**held, "outcome": "Đã tổ chức"}))

    assert faults(result) == {}
    assert list(Contest.objects.order_by("pk").values_list("outcome", "held_on")) == [
        ("failed", date(2025, 1, 12)),
        ("held", date(2025, 1, 26)),
    ]


def test_who_stood_stays_known_by_number_when_the_record_is_kept_elsewhere(
    contests, election, clerk, hamlet, person, neighbour, old_head
):
    contests.import_data(sheet(CONTESTS, {**election, **HELD_ROW, "votes": 10}))
    person.keeper = neighbour
    person.save()

    mine = ContestResource(user=clerk)
    result = ContestResource(user=clerk).import_data(mine.export(Contest.objects.all()))

    assert faults(result) == {}
