"""Who follows a hamlet goes on with its heir; what was seen and promised there is not lost on the way."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cells.checks import problems
from cells.models import LineKind, Meeting, Unit
from dashboards.figures.board import Board
from dashboards.figures.frames import Frame
from dashboards.follow_up.figures import FollowUpBoard, visits_in
from dashboards.follow_up.home import officer_home
from dashboards.follow_up.pack import pack_of
from desk.reorganisation.applying import undo
from desk.reorganisation.rehearsal import rehearse
from leaders.actions import correct_assignments
from leaders.models import Assignment
from tests import factories
from tests.desk.reorganisation.acting import DAY, YESTERDAY, carry_out, event_of, line
from tests.worlds import kept

LATER = DAY + timedelta(days=40)


@kept
def officers(two):
    """The account that follows the first hamlet, and its assignment."""
    return factories.follower(two[0][0])


@pytest.fixture
def merger(commune, two):
    """Both hamlets become one."""
    event = event_of(commune)
    line(event, LineKind.FOUND, units=[hamlet for hamlet, *_ in two], name="Hòa Bình", unit_kind="ap")
    return event


def heir() -> Unit:
    return Unit.objects.get(name="Hòa Bình")


def test_what_was_entered_of_after_the_day_is_that_of_the_heir(officers, merger, officer, province):
    _account, assignment = officers
    visit = factories.visit(under=assignment, day=LATER, promise="Xin kinh phí")
    frame = Frame(province, date(2026, 11, 30), officer)
    before = visits_in(frame).count()

    carry_out(merger)

    visit.refresh_from_db()
    assert (visit.unit, visit.assignment.unit) == (heir(), heir())
    assert visits_in(frame).count() == before == 1
    assert list(problems()) == []


def test_a_visit_of_somebody_who_does_not_follow_on_stands_in_the_way(officers, commune, two):
    _account, assignment = officers
    factories.visit(under=assignment, day=LATER)
    event = event_of(commune)
    for name in ("Đông", "Tây"):
        line(event, LineKind.FOUND, parts=[two[0][0]], name=name, unit_kind="ap")
    line(event, LineKind.SPLIT, unit=two[0][0])

    (said,) = (one for one in rehearse(event).problems if f"{LATER:%d/%m/%Y}" in one)
    assert "Ấp 1 có buổi đi cơ sở" in said


def _met(cell, day, *, came: int, **fields) -> Meeting:
    return Meeting.objects.create(
        cell=cell, day=day, month=day.replace(day=1), expected=20, present=came, **fields
    )


def test_what_both_cells_met_after_they_were_joined_adds_up(commune, two, officer, province):
    """As attendance was before the merger was entered, so it stays; undone, each has its own again."""
    (_first, one, _p), (_second, other, _q) = two
    for day, came in ((date(2026, 4, 5), 20), (LATER, 18)):
        _met(one, day, came=came)
        _met(other, day, came=came - 2)
    _met(one, date(2026, 7, 5), came=15, grade="good")
    Meeting.objects.create(cell=other, day=date(2026, 7, 6), month=date(2026, 7, 1))
    before = list(Meeting.objects.order_by("pk").values())
    event = event_of(commune)
    line(event, LineKind.CELL_JOIN, cells=[one], cell=other)

    carry_out(event)

    rows = Meeting.objects.order_by("month", "cell").values_list("cell", "month", "expected", "present")
    assert set(rows) == {
        (one.pk, date(2026, 4, 1), 20, 20),
        (other.pk, date(2026, 4, 1), 20, 18),
        (other.pk, date(2026, 6, 1), 40, 34),
        (other.pk, date(2026, 7, 1), 20, 15),
    }
    figures = Board(Frame(province, date(2026, 11, 30), officer)).figures
    assert figures["meeting_attendance"].numerator == 20 + 18 + 34 + 15
    assert list(problems()) == []

    undo(event, seen=event.revision, by=None, reason="Nhầm")
    after = list(Meeting.objects.order_by("pk").values())
    assert [row | {"revision": 1} for row in after] == [row | {"revision": 1} for row in before]


def test_a_meeting_of_a_dissolved_cell_after_its_end_stands_in_the_way(commune, two):
    _met(two[0][1], LATER, came=18)
    event = event_of(commune)
    line(event, LineKind.CELL_DISSOLVE, cell=two[0][1])

    assert any(f"sinh hoạt ngày {LATER:%d/%m/%Y}" in one for one in rehearse(event).problems)


def test_a_promise_stays_with_who_gave_it(officers, merger):
    account, assignment = officers
    visit = factories.visit(under=assignment, day=YESTERDAY, promise="Xin kinh phí")

    carry_out(merger)

    assert officer_home(account)["promises"] == [visit]
    assert pack_of(assignment, account).promises == [visit]


def test_who_went_there_before_the_merger_went_there(officers, merger, officer, province):
    factories.visit(under=officers[1], day=YESTERDAY)
    carry_out(merger)

    board = FollowUpBoard(Frame(province, DAY + timedelta(days=9), officer))
    assert [one.last_visit for one in board.officers] == [YESTERDAY]
    assert board.without_visit == 0


def test_what_a_commune_assigned_stays_its_own(two, merger):
    factories.assignment(of=two[1][0], by_commune=True)

    carry_out(merger)

    assert Assignment.objects.get(unit=heir()).by_commune


def test_an_assignment_does_not_outlive_its_hamlet(officers, merger):
    _account, assignment = officers
    carry_out(merger)
    assignment.refresh_from_db()
    assignment.ends_on = None

    with pytest.raises(ValidationError):
        correct_assignments([assignment], ["ends_on"])


def test_a_promise_that_cannot_be_ticked_is_told_and_no_error_of_the_site(client, officer, officers, two):
    _account, assignment = officers
    visit = factories.visit(under=assignment, day=LATER, promise="Xin kinh phí")
    Assignment.objects.filter(pk=assignment.pk).update(ends_on=YESTERDAY)
    client.force_login(officer)

    answer = client.post(reverse("follow_up:promise", args=[visit.pk]), follow=True)

    assert answer.status_code == 200
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


def test_two_visits_of_one_day_that_would_be_one_are_named(commune, two, merger):
    person = factories.person(keeper=commune, full_name="Trần Thị Hoa")
    for hamlet, *_ in two:
        factories.visit(under=factories.assignment(of=hamlet, person=person), day=LATER)

    (said,) = (one for one in rehearse(merger).problems if "Trần Thị Hoa" in one)
    assert f"{LATER:%d/%m/%Y}" in said
