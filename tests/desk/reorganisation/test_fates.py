"""Each thing a reorganisation touches gets the fate that was chosen for it, and no other."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.models import Role
from cells.actions import record_counts
from cells.checks import problems
from cells.models import Cell, Grant, HouseholdCount, LineKind, MemberCount, Unit
from desk.reorganisation.applying import decide
from desk.reorganisation.rehearsal import rehearse
from evaluations.models import CellRating, ReviewCycle, TitleCase
from leaders.actions import assign
from leaders.models import Assignment, Office, Tenure
from tests import factories
from tests.desk.reorganisation.acting import (
    DAY,
    YESTERDAY,
    carry_out,
    choose_alike,
    choose_first,
    event_of,
    line,
)

COUNTED = date(2026, 1, 1)


@pytest.fixture
def merger(commune, two):
    event = event_of(commune)
    event.line = line(
        event, LineKind.FOUND, units=[hamlet for hamlet, *_rest in two], name="Hòa Bình", unit_kind="ap"
    )
    return event


@pytest.fixture
def join(commune, two):
    """The second cell takes the first one in."""
    event = event_of(commune)
    event.line = line(event, LineKind.CELL_JOIN, cells=[two[0][1]], cell=two[1][1])
    return event


def case_of(event, kind):
    (case,) = (case for case in rehearse(event).cases if case.kind == kind)
    return case


def choose(event, kind, choice) -> None:
    """Choose for the one case of the kind; the others take their first option."""
    case = case_of(event, kind)
    code = next(option.code for option in case.options if choice in (option.code, option.likeness))
    decide(event, {case.key: code}, seen=event.revision)
    choose_first(event)


# --- seats -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("choice", "holder", "way_in"), [("interim2", 1, "interim"), ("stay1", 0, "")])
def test_the_chosen_head_goes_on_and_the_other_ends(merger, two, choice, holder, way_in):
    choose(merger, "seat", choice)

    carry_out(merger)

    new = Unit.objects.get(name="Hòa Bình")
    head = Tenure.objects.get(hamlet=new)
    assert (head.person, head.way_in, head.starts_on) == (two[holder][2], way_in, DAY)
    ended = Tenure.objects.filter(office=Office.HAMLET_HEAD, ends_on=YESTERDAY, way_out="merged")
    assert {t.person for t in ended} == {person for _h, _c, person in two}


def test_the_seat_may_stand_vacant_and_is_listed_as_such(merger):
    choose(merger, "seat", "none")

    finding = next(f for step in rehearse(merger).steps for f in step.findings if f.code == "vacant")

    assert [row["seat"] for row in finding.rows] == ["Trưởng ấp Hòa Bình"]


def test_deputies_go_along_or_end(merger, two):
    deputies = [factories.tenure(office=Office.DEPUTY_HEAD, hamlet=hamlet) for hamlet, _cell, _person in two]
    stays, ends = (f"deputy:{tenure.pk}" for tenure in deputies)
    decide(merger, {stays: "stay", ends: "end"}, seen=merger.revision)

    carry_out(merger)

    assert Tenure.objects.on(DAY).get(office=Office.DEPUTY_HEAD).person == deputies[0].person


def test_a_deputy_of_both_is_a_deputy_of_the_merged_hamlet_once_and_as_long_as_either(merger, two):
    deputies = {"office": Office.DEPUTY_HEAD, "person": two[0][2]}
    factories.tenure(hamlet=two[0][0], ends_on=date(2026, 6, 30), **deputies)
    factories.tenure(hamlet=two[1][0], **deputies)

    carry_out(merger)

    assert Tenure.objects.on(DAY).get(office=Office.DEPUTY_HEAD).ends_on is None


def test_a_deputy_of_both_stays_one_where_the_other_hamlet_goes(commune, two):
    (gone, *_rest), (stays, *_others) = two
    deputies = {"office": Office.DEPUTY_HEAD, "person": two[0][2]}
    tenures = [factories.tenure(hamlet=hamlet, **deputies) for hamlet in (gone, stays)]
    event = event_of(commune)
    line(event, LineKind.ABSORB, units=[gone], unit=stays)

    carry_out(event)

    assert Tenure.objects.on(DAY).get(office=Office.DEPUTY_HEAD) == tenures[1]


def test_merged_roles_lost_are_listed(merger):
    choose(merger, "seat", "none")

    findings = {f.code: f for step in rehearse(merger).steps for f in step.findings}

    assert findings["merged_roles"].note == "2 → 0"
    assert {row["change"] for row in findings["merged_roles"].rows} == {"mất"}


def test_two_merged_roles_become_one(merger):
    findings = {f.code: f for step in rehearse(merger).steps for f in step.findings}

    assert findings["merged_roles"].note == "2 → 1"


@pytest.mark.parametrize(
    ("kind", "hamlet", "head"),
    [("ap", "ấp", "trưởng ấp"), ("to_dan_pho", "tổ dân phố", "tổ trưởng tổ dân phố")],
)
def test_questions_call_hamlets_and_heads_as_the_event_does(commune, kind, hamlet, head):
    hamlets = [factories.hamlet(parent=commune, name=name, kind=kind) for name in "34"]
    for one in hamlets:
        holder = factories.tenure(cell=factories.cell(of=one)).person
        factories.tenure(office=Office.HAMLET_HEAD, hamlet=one, person=holder)
    event = event_of(commune)
    line(event, LineKind.FOUND, units=hamlets, name="Hòa Bình", unit_kind=kind)

    titles = {f.code: f.title for step in rehearse(event).steps for f in step.findings}

    assert titles["cells_meet"] == f"Nhiều chi bộ trong một {hamlet}"
    assert titles["merged_roles"] == f"Bí thư chi bộ đồng thời là {head}, trước và sau"


def test_the_same_is_chosen_for_all_like_it(commune, two):
    hamlets = [factories.hamlet(parent=commune, name=name) for name in "3456"]
    for hamlet in hamlets:
        factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet)
    event = event_of(commune)
    line(event, LineKind.FOUND, units=hamlets[:2], name="A", unit_kind="ap")
    line(event, LineKind.FOUND, units=hamlets[2:], name="B", unit_kind="ap")

    assert choose_alike(event, "seat:hamlet_head|interim1") == 2

    assert not [case for case in rehearse(event).open_cases if case.kind == "seat"]


# --- titles ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "state"), [("inherit", "recognised"), ("appraise", "registered"), ("end", None)]
)
def test_a_title_is_inherited_appraised_again_or_ends(join, two, choice, state):
    case = factories.title_case(of=two[0][1], recognised_on=date(2022, 5, 1))
    choose(join, "title", choice)

    carry_out(join)

    heir = TitleCase.objects.filter(cell=two[1][1]).first()
    assert (heir.state if heir else None) == state
    if choice == "inherit":
        assert (heir.inherited_from, heir.recognised_on, heir.recognition) == (case, DAY, join.line.decision)
    case.refresh_from_db()
    assert case.state == "recognised"


def test_a_title_the_other_cell_holds_is_not_inherited_twice(join, two):
    for _hamlet, cell, _person in two:
        factories.title_case(of=cell, recognised_on=date(2022, 5, 1))

    assert [option.code for option in case_of(join, "title").options] == ["end"]


def test_two_titles_that_meet_make_one(commune, two):
    for _hamlet, cell, _person in two:
        factories.title_case(of=cell, recognised_on=date(2022, 5, 1))
    event = event_of(commune)
    line(event, LineKind.CELL_JOIN, cells=[cell for _h, cell, _p in two], name="Chi bộ Hòa Bình")

    carry_out(event)

    assert TitleCase.objects.held_on(DAY).filter(cell__closed_on=None).count() == 1


# --- review --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("choice", "reason"), [("keep", ""), ("dissolved", "dissolved")])
def test_an_entry_still_open_keeps_its_place_on_the_list(join, two, choice, reason):
    year = factories.cycle(province=two[0][1].commune.parent, year=2025, roster_day=date(2025, 12, 1))
    entry = CellRating.objects.create(cell=two[0][1], cycle=year, commune=two[0][1].commune)
    ReviewCycle.objects.update(state=ReviewCycle.State.OPEN)
    choose(join, "review", choice)

    carry_out(join)

    entry.refresh_from_db()
    assert (entry.not_subject_reason, entry.commune) == (reason, two[0][1].commune)


# --- counts ----------------------------------------------------------------------------------------------


def test_household_counts_are_added_up_where_all_are_known(merger, two):
    record_counts(
        [
            HouseholdCount(hamlet=hamlet, day=COUNTED, households=number, poor=poor)
            for (hamlet, *_rest), number, poor in zip(two, (200, 150), (3, None), strict=True)
        ]
    )
    assert case_of(merger, "households").detail == "200 + 150 = 350 hộ (số liệu ngày 01/01/2026)"
    choose(merger, "households", "sum")

    carry_out(merger)

    count = HouseholdCount.objects.get(hamlet__name="Hòa Bình")
    assert (count.day, count.households, count.poor) == (DAY, 350, None)


def test_no_sum_is_offered_where_a_count_is_missing(merger, two):
    record_counts([HouseholdCount(hamlet=two[0][0], day=COUNTED, households=200)])

    assert "households" not in {case.kind for case in rehearse(merger).cases}


def test_counts_entered_after_the_day_are_those_of_the_new_hamlet_or_go(merger, two):
    later = date(2026, 8, 1)
    record_counts([HouseholdCount(hamlet=hamlet, day=later, households=100) for hamlet, *_rest in two])
    record_counts([HouseholdCount(hamlet=two[0][0], day=date(2026, 9, 1), households=101)])
    details = [case.detail for case in rehearse(merger).cases if case.kind == "households"]
    assert details == [
        "100 + 100 = 200 hộ (số liệu ngày 01/08/2026)",
        "101 hộ (số liệu ngày 01/09/2026)",
    ]

    carry_out(merger)

    left = HouseholdCount.objects.values_list("hamlet__name", "day", "households")
    assert list(left) == [("Hòa Bình", later, 200)]


def test_member_counts_of_joined_cells_are_added_up(join, two):
    record_counts([MemberCount(cell=cell, day=COUNTED, total=20) for _h, cell, _p in two])
    choose(join, "members", "sum")

    carry_out(join)

    assert MemberCount.objects.get(cell=two[1][1], day=DAY).total == 40


# --- accounts and officers ------------------------------------------------------------------------------


@pytest.fixture
def communes_merge(province, commune, neighbour, two):
    event = event_of(province)
    event.line = line(
        event, LineKind.FOUND, units=[commune, neighbour], name="Phú Long", unit_kind="xa", code="28999"
    )
    return event


def test_the_clerk_of_a_merged_commune_keeps_the_new_one_and_reads_the_archive(
    communes_merge, commune, neighbour, clerk, two
):
    elsewhere = factories.hamlet(parent=neighbour, name="9")
    foreign = factories.hamlet(parent=factories.commune(parent=commune.parent), name="8")
    choose(communes_merge, "account", "successor")

    carry_out(communes_merge)

    clerk = type(clerk).objects.get(pk=clerk.pk)
    new = Unit.objects.get(name="Phú Long")
    hamlets = {two[0][0], two[1][0], elsewhere}
    assert set(Unit.objects.kept_by(clerk)) == {new, *hamlets}
    assert set(Unit.objects.visible_to(clerk)) == {new, commune, *hamlets}
    assert foreign not in Unit.objects.visible_to(clerk)
    assert set(Cell.objects.kept_by(clerk)) == {two[0][1], two[1][1]}


@pytest.mark.parametrize(("choice", "access"), [("archive", ["read"]), ("end", [])])
def test_an_account_reads_the_archive_or_ends(communes_merge, clerk, choice, access):
    choose(communes_merge, "account", choice)

    carry_out(communes_merge)

    assert list(clerk.grants.on(timezone.localdate()).values_list("access", flat=True)) == access


def test_two_clerks_of_merged_communes_are_told_apart(communes_merge, neighbour, clerk):
    other = factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])
    first, second = sorted(
        (case for case in rehearse(communes_merge).cases if case.kind == "account"),
        key=lambda case: case.subject != str(clerk),
    )
    keys = {first.key: first.options[0].code, second.key: "end"}
    decide(communes_merge, keys, seen=communes_merge.revision)

    carry_out(communes_merge)

    new = Unit.objects.get(name="Phú Long")
    assert set(clerk.grants.on(DAY).values_list("unit", "access")) == {
        (new.pk, "keep"),
        (clerk.grants.order_by("pk").first().unit_id, "read"),
    }
    assert not other.grants.on(DAY).exists()


@pytest.fixture
def absorption(province, commune, neighbour):
    event = event_of(province)
    line(event, LineKind.ABSORB, units=[neighbour], unit=commune)
    return event


@pytest.mark.parametrize("ends_on", [None, date(2026, 6, 30)])
def test_who_reads_the_heir_already_goes_on_changing_there(absorption, commune, neighbour, ends_on):
    """The right to read that somebody holds stands in the way of none to change."""
    account = factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour], reads=[commune])
    account.grants.filter(unit=neighbour).update(ends_on=ends_on)

    carry_out(absorption)

    assert account.grants.on(DAY).get(unit=commune, access="keep").ends_on == ends_on


def test_who_keeps_the_heir_for_a_time_goes_on_keeping_it(absorption, commune, neighbour):
    account = factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])
    Grant.objects.create(user=account, unit=commune, ends_on=DAY)

    carry_out(absorption)

    assert account.grants.filter(unit=commune, access="keep", ends_on=None).exists()


def test_of_two_communes_the_right_to_change_is_what_is_kept(communes_merge, commune, neighbour):
    account = factories.user(role=Role.COMMUNE_STAFF, reads=[commune])
    Grant.objects.create(user=account, unit=neighbour)

    carry_out(communes_merge)

    assert account.grants.get(unit__name="Phú Long").access == Grant.Access.KEEP


def test_a_right_for_a_time_leaves_no_archive_after_it(absorption, neighbour):
    account, last_day = factories.user(role=Role.COMMUNE_STAFF), date(2026, 6, 30)
    Grant.objects.create(user=account, unit=neighbour, ends_on=last_day)

    carry_out(absorption)

    assert set(account.grants.on(DAY).values_list("source", "ends_on")) == {
        ("by_hand", last_day),
        ("archive", last_day),
    }


@pytest.mark.parametrize(("choice", "follows"), [("successor", True), ("end", False)])
def test_a_follow_up_officer_goes_along_or_ends(merger, two, choice, follows):
    officer = factories.person(keeper=two[0][0].parent)
    assign([Assignment(kind="hamlet_officer", person=officer, unit=two[0][0], starts_on=COUNTED)])
    choose(merger, "officer", choice)

    carry_out(merger)

    assert Assignment.objects.on(DAY).filter(person=officer).exists() is follows
    assert Assignment.objects.on(YESTERDAY).filter(person=officer, unit=two[0][0]).exists()


# --- names and targets --------------------------------------------------------------------------------------


def test_two_hamlets_of_one_name_in_a_merged_commune_are_shown(communes_merge, neighbour):
    factories.hamlet(parent=neighbour, name="1")

    case = case_of(communes_merge, "same_name")

    assert case.subject == "Ấp 1"


def test_a_target_whose_base_changes_is_shown_and_stays_as_resolved(join, commune):
    target = factories.target(unit=commune, goal=1, base=2, term="2025-2030")

    case = case_of(join, "target")
    carry_out(join)

    assert "2 → 1" in case.detail
    target.refresh_from_db()
    assert (target.goal, target.base) == (1, 2)
    assert list(problems()) == []


@pytest.mark.parametrize(
    ("counted", "whole"),
    [
        ({"figure": "merged_role", "title": None}, "tổng số ấp: 2 → 1"),
        ({"figure": "vacant_secretaries", "title": None}, None),
        ({}, None),
    ],
)
def test_a_target_of_hamlets_is_shown_when_these_are_merged_and_no_cell_yet(merger, commune, counted, whole):
    factories.target(unit=commune, goal=1, base=2, term="2025-2030", **counted)

    cases = [case for case in rehearse(merger).cases if case.kind == "target"]

    assert [case.detail for case in cases] == ([f"2025-2030: 1/2; {whole}"] if whole else [])


def test_a_target_counts_in_the_words_of_its_own_unit(merger, commune):
    factories.hamlet(parent=commune, name="9", kind="khu_pho")
    factories.target(unit=commune, goal=1, base=3, term="2025-2030", figure="merged_role", title=None)

    assert case_of(merger, "target").detail == "2025-2030: 1/3; tổng số ấp, khu phố: 3 → 2"


def test_what_has_one_option_only_is_to_be_confirmed(join, commune):
    factories.target(unit=commune, goal=1, base=2, term="2025-2030")

    assert case_of(join, "target").is_confirmation
    assert not case_of(join, "seat").is_confirmation


def test_units_are_counted_in_the_word_of_the_hamlets(merger):
    finding = next(one for one in rehearse(merger).steps[0].findings if one.code == "units")

    assert "Ấp: 2 → 1" in finding.note


def test_the_seats_of_a_dissolved_cell_end_only_when_somebody_says_so(commune, two):
    event = event_of(commune)
    line(event, LineKind.CELL_DISSOLVE, cell=two[0][1])

    case = case_of(event, "seat")

    assert case.is_open
    assert [option.code for option in case.options] == ["end"]
