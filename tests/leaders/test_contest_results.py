"""Recording the result of a congress or election: the numbers, who comes into office, and corrections."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from leaders.actions import correct_results, end_tenure, replace_holder
from leaders.contests.checking import faults, marks, won
from leaders.contests.results import (
    Conflict,
    Refused,
    Stood,
    drop_plan,
    next_attempt,
    postpone,
    record_result,
)
from leaders.models import Candidacy, Contest, MembershipStatus, Office, Person, Tenure, WayIn, WayOut
from tests import factories

TERM = "2025-2027"
DAY = date(2025, 1, 12)
HELD, FAILED, PLANNED = Contest.Outcome.HELD, Contest.Outcome.FAILED, Contest.Outcome.PLANNED
Kind = Contest.Kind


@pytest.fixture
def tam(commune):
    return factories.person(keeper=commune, full_name="Lê Văn Tám")


@pytest.fixture
def duc(commune):
    return factories.person(keeper=commune, full_name="Đỗ Minh Đức")


def planned(body, kind=Kind.HEAD_ELECTION) -> Contest:
    contest = next_attempt(kind, body, TERM)
    contest.planned_on = DAY
    contest.save()
    return contest


def record(contest, *stood, seen=None, **facts) -> Contest:
    facts = {"outcome": HELD, "held_on": DAY, "method": "ballot", "entitled": 100, "present": 80, **facts}
    seen = contest.revision if seen is None else seen
    return record_result(contest, facts, stood, seen=seen)


def seat(office, **body):
    """Return who held the seat from when to when, in order."""
    rows = Tenure.objects.of_seat(office, **body).order_by("starts_on")
    return [(str(one.person), one.starts_on, one.ends_on, one.way_in, one.way_out) for one in rows]


# --- The numbers ----------------------------------------------------------------------

counts = st.none() | st.integers(0, 200)


@given(
    entitled=counts,
    present=counts,
    ballots=counts,
    votes=st.lists(counts, min_size=1, max_size=3),
    data=st.data(),
)
def test_a_result_without_faults_adds_up(entitled, present, ballots, votes, data):
    winner = data.draw(st.none() | st.integers(0, len(votes) - 1))
    contest = Contest(
        kind=Kind.HEAD_ELECTION,
        term=TERM,
        held_on=DAY,
        outcome=FAILED if winner is None else HELD,
        method="ballot",
        entitled=entitled,
        present=present,
        ballots=ballots,
    )
    stood = [Candidacy(name=f"Người {n}", votes=v, elected=n == winner) for n, v in enumerate(votes)]

    found = faults(contest, stood)

    limit = present if ballots is None else ballots
    known = [vote for vote in votes if vote is not None]
    adds_up = (
        (None in (entitled, present) or present <= entitled)
        and (None in (ballots, present) or ballots <= present)
        and (
            limit is None
            or (all(vote <= limit for vote in known) and (len(votes) == 1 or sum(known) <= limit))
        )
    )
    has_won = winner is None or (
        (None in (votes[winner], present) or 2 * votes[winner] > present)
        and (votes[winner] is None or all(vote <= votes[winner] for vote in known))
    )
    assert (not found) == (adds_up and has_won)
    assert all(isinstance(mark, str) for mark in marks(contest, stood))


@given(st.integers(0, 500), st.integers(0, 500))
def test_half_of_those_present_is_not_enough(votes, present):
    assert won(votes, present) == (votes > present / 2)


def test_ballots_are_of_a_secret_ballot_and_nobody_stands_before_the_day(hamlet):
    contest = Contest(
        kind=Kind.HEAD_ELECTION, hamlet=hamlet, method="hands", ballots=3, held_on=DAY, outcome=FAILED
    )
    assert [at for at, _said in faults(contest, [])] == ["ballots"]

    waiting = Contest(kind=Kind.HEAD_ELECTION, hamlet=hamlet, outcome=PLANNED)
    assert [at for at, _said in faults(waiting, [Candidacy(name="Ai")])] == ["outcome"]

    tomorrow = timezone.localdate() + timedelta(days=1)
    early = Contest(kind=Kind.HEAD_ELECTION, hamlet=hamlet, held_on=tomorrow, outcome=FAILED)
    assert [at for at, _said in faults(early, [])] == ["held_on"]


def test_a_refusal_names_the_field_and_nothing_is_written(hamlet, tam):
    contest = planned(hamlet)

    with pytest.raises(Refused) as refusal:
        record(contest, Stood(person=tam, votes=40, elected=True))

    assert list(refusal.value.by_field) == [(0, "elected")]
    assert "40" in refusal.value.messages[0]
    contest.refresh_from_db()
    assert (contest.outcome, contest.revision) == (PLANNED, 1)
    assert not Tenure.objects.exists()


def test_marks_say_what_deserves_a_look(cell):
    contest = Contest(kind=Kind.CONGRESS, cell=cell, outcome=HELD, held_on=DAY, entitled=40, present=18)
    stood = [Candidacy(name="Lê Văn Tám", office="secretary", votes=15, elected=True)]

    told = " ".join(marks(contest, stood))

    assert len(marks(contest, stood)) == 3
    assert "Lê Văn Tám" in told


# --- Coming into office ---------------------------------------------------------------


def test_the_elected_comes_into_office_and_the_one_before_leaves(hamlet, tam, duc):
    old = factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=tam)
    decision = factories.decision()

    contest = record(
        planned(hamlet),
        Stood(person=duc, votes=70, elected=True),
        Stood(name="Lý Sang", votes=10),
        decision=decision,
    )

    assert seat(Office.HAMLET_HEAD, hamlet=hamlet) == [
        ("Lê Văn Tám", date(2020, 1, 1), date(2025, 1, 11), "", WayOut.TERM_ENDED),
        ("Đỗ Minh Đức", DAY, None, WayIn.ELECTED, ""),
    ]
    new = Tenure.objects.get(contest=contest)
    assert (new.term, new.decision) == (TERM, decision)
    old.refresh_from_db()
    assert old.ended_by == contest
    assert {one.history.first().change_set for one in (old, new, contest)} == {new.history.first().change_set}
    # Who was not elected needs no record.
    assert Candidacy.objects.get(name="Lý Sang").person is None


def test_whoever_is_reelected_begins_a_new_tenure(hamlet, tam):
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=tam)

    record(planned(hamlet), Stood(person=tam, votes=70, elected=True))

    assert [row[:3] for row in seat(Office.HAMLET_HEAD, hamlet=hamlet)] == [
        ("Lê Văn Tám", date(2020, 1, 1), date(2025, 1, 11)),
        ("Lê Văn Tám", DAY, None),
    ]


def test_an_interim_head_ends_with_the_election_and_stays_when_it_fails(hamlet, tam, duc):
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=tam, way_in=WayIn.INTERIM)
    failed = record(planned(hamlet), Stood(person=duc, votes=30), outcome=FAILED)
    assert [row[2] for row in seat(Office.HAMLET_HEAD, hamlet=hamlet)] == [None]

    again = next_attempt(Kind.HEAD_ELECTION, hamlet, TERM)
    record(again, Stood(person=duc, votes=60, elected=True), seen=1, held_on=date(2025, 1, 26))

    assert [row[2] for row in seat(Office.HAMLET_HEAD, hamlet=hamlet)] == [date(2025, 1, 25), None]
    assert set(Contest.objects.values_list("outcome", flat=True)) == {FAILED, HELD}
    assert failed.candidacies.get().votes == 30


def test_whoever_is_elected_without_a_record_gets_one_of_the_commune(hamlet, cell, commune):
    record(planned(hamlet), Stood(name="Cao Thị Hạnh", votes=70, elected=True))
    record(
        planned(cell, Kind.CONGRESS),
        Stood(name="Trần Minh Tâm", office="secretary", votes=70, elected=True),
    )

    head, secretary = Person.objects.order_by("pk")
    assert (head.full_name, head.keeper, head.membership) == (
        "Cao Thị Hạnh",
        commune,
        MembershipStatus.UNKNOWN,
    )
    assert secretary.membership == MembershipStatus.YES
    assert {one.person for one in Tenure.objects.all()} == {head, secretary}
    assert not Candidacy.objects.exclude(name="").exists()


def test_a_congress_elects_a_whole_committee_and_ends_the_old_one(cell, tam, duc, commune):
    deputy = factories.tenure(office=Office.DEPUTY_SECRETARY, cell=cell, person=tam)
    member = factories.tenure(office=Office.COMMITTEE_MEMBER, cell=cell)

    record(
        planned(cell, Kind.CONGRESS),
        Stood(person=tam, office="secretary", votes=70, elected=True),
        Stood(person=duc, office="committee_member", votes=60, elected=True),
        Stood(name="Lý Sang", office="committee_member", votes=9),
    )

    running = Tenure.objects.filter(cell=cell, ends_on=None).values_list("office", "person__full_name")
    assert set(running) == {("secretary", "Lê Văn Tám"), ("committee_member", "Đỗ Minh Đức")}
    for old in (deputy, member):
        old.refresh_from_db()
        assert (old.ends_on, old.way_out) == (date(2025, 1, 11), WayOut.TERM_ENDED)


def test_what_was_entered_as_a_tenure_before_is_that_of_the_contest(hamlet, tam):
    known = factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=tam, starts_on=DAY)

    contest = record(planned(hamlet), Stood(person=tam, votes=70, elected=True))

    known.refresh_from_db()
    assert (known.contest, known.term, known.way_in) == (contest, TERM, WayIn.ELECTED)
    assert Tenure.objects.count() == 1


def test_it_is_refused_while_a_later_holder_is_recorded(hamlet, tam, duc):
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=duc, starts_on=date(2025, 6, 1))
    contest = planned(hamlet)

    with pytest.raises(ValidationError, match="Đỗ Minh Đức"):
        record(contest, Stood(person=tam, votes=70, elected=True))

    contest.refresh_from_db()
    assert (contest.outcome, Tenure.objects.count()) == (PLANNED, 1)


# --- Corrections ----------------------------------------------------------------------


def test_a_correction_names_another_person_and_another_day(hamlet, tam, duc, commune):
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=tam)
    contest = record(planned(hamlet), Stood(person=duc, votes=70, elected=True))
    other = factories.person(keeper=commune, full_name="Võ Thị Lan")

    record(contest, Stood(person=other, votes=71, elected=True), held_on=date(2025, 1, 19))

    assert [row[:3] for row in seat(Office.HAMLET_HEAD, hamlet=hamlet)] == [
        ("Lê Văn Tám", date(2020, 1, 1), date(2025, 1, 18)),
        ("Võ Thị Lan", date(2025, 1, 19), None),
    ]


def test_a_correction_that_says_it_failed_puts_the_one_before_back(hamlet, tam, duc):
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=tam)
    contest = record(planned(hamlet), Stood(person=duc, votes=70, elected=True))

    record(contest, Stood(person=duc, votes=30), outcome=FAILED)

    assert seat(Office.HAMLET_HEAD, hamlet=hamlet) == [("Lê Văn Tám", date(2020, 1, 1), None, "", "")]
    assert Tenure.objects.get().ended_by is None


def test_correcting_votes_alone_moves_nobody(hamlet, tam, duc):
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=tam)
    contest = record(planned(hamlet), Stood(person=duc, votes=70, elected=True))
    before = {one.pk: one.history.count() for one in Tenure.objects.all()}

    record(contest, Stood(person=duc, votes=72, elected=True))

    assert {one.pk: one.history.count() for one in Tenure.objects.all()} == before
    assert contest.candidacies.get().votes == 72


def test_a_secretary_becomes_a_member_and_another_the_secretary(cell, tam, duc):
    contest = record(
        planned(cell, Kind.CONGRESS),
        Stood(person=tam, office="secretary", votes=50, elected=True),
        Stood(person=duc, office="committee_member", votes=60, elected=True),
    )

    record(
        contest,
        Stood(person=tam, office="committee_member", votes=60, elected=True),
        Stood(person=duc, office="secretary", votes=50, elected=True),
    )

    running = Tenure.objects.filter(ends_on=None).values_list("office", "person__full_name")
    assert set(running) == {("secretary", "Đỗ Minh Đức"), ("committee_member", "Lê Văn Tám")}


@pytest.mark.parametrize("change", [{"person": True}, {"outcome": FAILED}, {"held_on": date(2025, 9, 1)}])
def test_a_correction_is_refused_with_what_came_later(hamlet, tam, duc, commune, change):
    contest = record(planned(hamlet), Stood(person=duc, votes=70, elected=True))
    end_tenure(Tenure.objects.get(), last_day=date(2025, 8, 1), way_out=WayOut.DIED)
    person = factories.person(keeper=commune) if change.pop("person", False) else duc

    with pytest.raises(ValidationError, match="Đỗ Minh Đức.*01/08/2025"):
        record(contest, Stood(person=person, votes=70, elected=change.get("outcome") != FAILED), **change)

    assert Tenure.objects.get().person == duc


def test_the_former_holder_may_be_corrected_first(hamlet, tam, duc):
    """Who left was ended by hand since: the election is not corrected over that."""
    old = factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=tam)
    contest = record(planned(hamlet), Stood(person=duc, votes=70, elected=True))
    old.refresh_from_db()
    old.ends_on, old.way_out = date(2024, 11, 30), WayOut.RECALLED
    old.save()

    with pytest.raises(ValidationError, match="Lê Văn Tám"):
        record(contest, Stood(person=duc, votes=70, elected=True), held_on=date(2025, 1, 19))


def test_after_a_handover_the_day_may_still_be_corrected(hamlet, tam, duc):
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=tam)
    contest = record(planned(hamlet), Stood(person=duc, votes=70, elected=True))
    replace_holder(
        Tenure.objects.get(contest=contest),
        person=tam,
        on=date(2025, 8, 1),
        way_out=WayOut.RELIEVED,
        way_in=WayIn.INTERIM,
    )

    record(contest, Stood(person=duc, votes=70, elected=True), held_on=date(2025, 1, 19))

    assert [row[1:3] for row in seat(Office.HAMLET_HEAD, hamlet=hamlet)] == [
        (date(2020, 1, 1), date(2025, 1, 18)),
        (date(2025, 1, 19), date(2025, 7, 31)),
        (date(2025, 8, 1), None),
    ]


# --- Two people, and plans ------------------------------------------------------------


def test_whoever_read_an_older_state_is_told(hamlet, duc):
    contest = planned(hamlet)
    record(contest, Stood(person=duc, votes=70, elected=True), seen=1)

    with pytest.raises(Conflict):
        record(contest, Stood(person=duc, votes=60, elected=True), seen=1)
    with pytest.raises(Conflict):
        record(
            next_attempt(Kind.HEAD_ELECTION, hamlet, TERM), Stood(person=duc, votes=60, elected=True), seen=0
        )
    with pytest.raises(Conflict):
        postpone(contest, DAY, seen=2)


def test_a_plan_is_put_off_and_taken_out_and_a_result_is_not(hamlet, duc):
    contest = postpone(planned(hamlet), date(2025, 2, 2), seen=1)
    assert contest.planned_on == date(2025, 2, 2)
    drop_plan(contest, seen=2)
    assert not Contest.objects.exists()

    held = record(planned(hamlet), Stood(person=duc, votes=70, elected=True))
    with pytest.raises(ValidationError):
        drop_plan(held, seen=held.revision)


def test_nobody_stands_twice(hamlet, duc):
    with pytest.raises(Refused) as refusal:
        record(planned(hamlet), Stood(person=duc, votes=70, elected=True), Stood(person=duc, votes=1))

    assert list(refusal.value.by_field) == [(1, "who")]


def test_who_is_elected_by_name_in_both_is_one_record(hamlet, cell):
    record(planned(hamlet), Stood(name="Cao Thị Hạnh", votes=70, elected=True))
    record(
        planned(cell, Kind.CONGRESS), Stood(name="Cao Thị Hạnh", office="secretary", votes=70, elected=True)
    )

    assert Person.objects.count() == 1
    assert Tenure.objects.filter(person=Person.objects.get(), ends_on=None).count() == 2


def test_a_result_of_a_past_term_that_moved_no_seats_is_corrected_without_moving_any(hamlet, tam, duc):
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=tam, starts_on=date(2025, 6, 1))
    contest = planned(hamlet)
    contest.outcome, contest.held_on = HELD, DAY
    contest.save()
    Candidacy.objects.create(contest=contest, person=duc, votes=70, elected=True)

    record(contest, Stood(person=duc, votes=71, elected=True))

    assert Candidacy.objects.get().votes == 71
    assert Tenure.objects.get().person == tam


def test_who_was_elected_to_an_earlier_committee_left_it_with_the_next_congress(cell, commune, tam, duc):
    late, deputy = (factories.person(keeper=commune, full_name=name) for name in ("Lý Văn Xê", "Võ Văn Dê"))
    before = date(2022, 1, 10)
    factories.tenure(cell=cell, person=tam, starts_on=before, ends_on=DAY - timedelta(days=1))
    record(
        planned(cell, Kind.CONGRESS),
        Stood(person=duc, office="secretary", votes=70, elected=True),
        Stood(person=deputy, office="deputy_secretary", votes=70, elected=True),
    )

    record(
        next_attempt(Kind.CONGRESS, cell, "2022-2025"),
        Stood(person=tam, office="secretary", votes=70, elected=True),
        Stood(person=late, office="deputy_secretary", votes=70, elected=True),
        seen=0,
        held_on=before,
    )

    assert seat(Office.DEPUTY_SECRETARY, cell=cell) == [
        ("Lý Văn Xê", before, DAY - timedelta(days=1), WayIn.CONGRESS, WayOut.TERM_ENDED),
        ("Võ Văn Dê", DAY, None, WayIn.CONGRESS, ""),
    ]


def test_a_deputy_who_is_elected_head_is_no_deputy_any_more_and_the_other_one_stays(hamlet, tam, duc):
    for person in (tam, duc):
        factories.tenure(
            office=Office.DEPUTY_HEAD, hamlet=hamlet, person=person, starts_on=date(2023, 1, 1), way_in=""
        )

    contest = record(planned(hamlet), Stood(person=tam, votes=70, elected=True))
    last_day = DAY - timedelta(days=1)
    deputies = set(seat(Office.DEPUTY_HEAD, hamlet=hamlet))
    assert deputies == {
        ("Lê Văn Tám", date(2023, 1, 1), last_day, "", WayOut.TERM_ENDED),
        ("Đỗ Minh Đức", date(2023, 1, 1), None, "", ""),
    }

    record(contest, Stood(person=tam, votes=20), outcome=FAILED)
    assert {one[2] for one in seat(Office.DEPUTY_HEAD, hamlet=hamlet)} == {None}


def test_two_change_their_offices_in_one_list(cell, tam, duc):
    contest = record(
        planned(cell, Kind.CONGRESS),
        Stood(tam, office=Office.SECRETARY, votes=70, elected=True),
        Stood(duc, office=Office.DEPUTY_SECRETARY, votes=60, elected=True),
    )
    secretary, deputy = contest.candidacies.order_by("-votes")
    secretary.office, deputy.office = deputy.office, secretary.office

    correct_results([secretary, deputy])

    elected = contest.candidacies.order_by("-votes").values_list("office", flat=True)
    assert list(elected) == ["deputy_secretary", "secretary"]
