"""An event's steps: what waits for its day, what is undone, what is corrected, and two people at once."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.changes import recording
from cells.actions import change_unit
from cells.checks import problems
from cells.models import LineKind, Reorganisation, Unit, UnitPeriod
from desk.reorganisation.applying import (
    apply,
    apply_waiting,
    check,
    decide,
    hindrances,
    reopen,
    send_back,
    submit,
    undo,
)
from desk.reorganisation.correcting import correct_day, correct_decision, correct_name
from desk.reorganisation.rehearsal import rehearse
from leaders.actions import end_tenure
from leaders.models import Office, Tenure, WayOut
from tests import factories
from tests.desk.reorganisation.acting import DAY, carry_out, choose_first, event_of, line
from tests.desk.reorganisation.tables import tables

State = Reorganisation.State
THREE_WEEKS = timedelta(days=21)


@pytest.fixture
def merger(commune, two):
    """A draft: two hamlets become one."""
    event = event_of(commune)
    line(event, LineKind.FOUND, units=[hamlet for hamlet, *_rest in two], name="Hòa Bình", unit_kind="ap")
    return event


def in_future(event) -> date:
    """Put the lines of a draft on a day to come."""
    day = timezone.localdate() + timedelta(days=30)
    event.lines.update(on=day)
    return day


def let_wait(event) -> None:
    choose_first(event)
    check(event, seen=event.revision)
    apply(event, seen=event.revision)
    event.refresh_from_db()


def hamlets_on(day) -> set[str]:
    return set(UnitPeriod.objects.on(day).hamlets().values_list("name", flat=True))


# --- waiting -------------------------------------------------------------------------------------


def test_nothing_is_written_with_a_start_to_come(merger):
    day = in_future(merger)
    before = tables()

    let_wait(merger)

    assert merger.state == State.WAITING
    assert not UnitPeriod.objects.filter(starts_on__gte=day).exists()
    after = tables()
    assert after.pop("cells.Fate") != before.pop("cells.Fate")
    assert after == before


def test_a_waiting_event_is_carried_out_on_its_day(merger):
    day = in_future(merger)
    let_wait(merger)

    with time_machine.travel(day - timedelta(days=1), tick=False):
        apply_waiting()
    merger.refresh_from_db()
    assert merger.state == State.WAITING
    with time_machine.travel(day, tick=False):
        apply_waiting()

    merger.refresh_from_db()
    assert merger.state == State.APPLIED
    assert hamlets_on(day) == {"Hòa Bình"}
    assert list(problems()) == []


def test_a_waiting_event_waits_for_a_person_when_its_rehearsal_has_changed(merger, two):
    day = in_future(merger)
    let_wait(merger)
    hamlet, _cell, person = two[0]
    end_tenure(
        Tenure.objects.get(hamlet=hamlet, person=person),
        last_day=timezone.localdate() - timedelta(days=3),
        way_out=WayOut.DIED,
    )

    with time_machine.travel(day, tick=False):
        apply_waiting()

    merger.refresh_from_db()
    assert merger.state == State.SUBMITTED
    assert merger.remark
    assert hamlets_on(day) == {"1", "2"}


def test_cells_follow_three_weeks_later_in_the_same_event(merger, two):
    cells = [cell for _hamlet, cell, _person in two]
    later = timezone.localdate() + THREE_WEEKS
    line(merger, LineKind.CELL_JOIN, cells=cells, name="Chi bộ ấp Hòa Bình", on=later)

    let_wait(merger)

    assert merger.state == State.WAITING
    assert hamlets_on(DAY) == {"Hòa Bình"}
    assert not merger.lines.waiting().filter(on=DAY).exists()
    with time_machine.travel(later, tick=False):
        apply_waiting()
    merger.refresh_from_db()
    assert merger.state == State.APPLIED
    assert [c.closed_on for c in type(cells[0]).objects.filter(pk__in=[c.pk for c in cells])] == [
        later - timedelta(days=1)
    ] * 2
    assert list(problems()) == []


def test_an_event_in_two_steps_is_undone_as_a_whole(merger, two):
    cells = [cell for _hamlet, cell, _person in two]
    later = timezone.localdate() + THREE_WEEKS
    line(merger, LineKind.CELL_JOIN, cells=cells, name="Chi bộ ấp Hòa Bình", on=later)
    choose_first(merger)
    check(merger, seen=merger.revision)
    before = tables()
    with recording(reason="today"):
        apply(merger, seen=merger.revision)
    with time_machine.travel(later, tick=False):
        apply_waiting()
        merger.refresh_from_db()

        undo(merger, seen=merger.revision, by=None, reason="Nhầm")

    assert tables() == before
    assert merger.state == State.UNDONE


# --- undoing ---------------------------------------------------------------------------------------


def test_undo_is_not_offered_while_something_depends_on_it(merger, commune):
    carry_out(merger)
    new = Unit.objects.get(name="Hòa Bình")
    front = factories.tenure(office=Office.FRONT_HEAD, hamlet=new, starts_on=DAY)

    assert any(str(front.person) in sentence for sentence in hindrances(merger))
    with pytest.raises(ValidationError, match=str(front.person)):
        undo(merger, seen=merger.revision, by=None, reason="Nhầm")
    merger.refresh_from_db()
    assert merger.state == State.APPLIED


def test_what_changed_later_keeps_an_event_from_being_undone(merger):
    carry_out(merger)
    with recording(reason="later"):
        change_unit(Unit.objects.get(name="Hòa Bình"), on=DAY + timedelta(days=9), name="Hòa Thuận")

    assert hindrances(merger)


def test_undo_names_the_later_event_that_would_have_to_go_first(merger, commune):
    carry_out(merger)
    later = event_of(commune, title="Đổi tên ấp Hòa Bình")
    line(
        later, LineKind.RENAME, unit=Unit.objects.get(name="Hòa Bình"), name="Hòa Thuận", on=DAY + THREE_WEEKS
    )
    carry_out(later)

    assert any("(Thực hiện: Đổi tên ấp Hòa Bình)" in sentence for sentence in hindrances(merger))


def test_undone_and_opened_again_it_is_carried_out_once_more(merger, commune):
    carry_out(merger)
    undo(merger, seen=merger.revision, by=None, reason="Sai tên")
    reopen(merger, seen=merger.revision)
    merger.lines.update(name="Hòa Thuận")

    carry_out(merger)

    assert hamlets_on(DAY) == {"Hòa Thuận"}
    assert hindrances(merger) == []
    assert list(problems()) == []


def test_undoing_needs_a_reason(merger):
    carry_out(merger)

    with pytest.raises(ValidationError):
        undo(merger, seen=merger.revision, by=None, reason=" ")


# --- from hand to hand -----------------------------------------------------------------------------


def test_a_draft_goes_to_the_province_and_back_with_a_word(merger):
    submit(merger, seen=merger.revision)
    assert merger.state == State.SUBMITTED

    send_back(merger, seen=merger.revision, remark="Bổ sung nghị quyết")

    assert (merger.state, merger.remark) == (State.DRAFT, "Bổ sung nghị quyết")


def test_a_draft_without_a_decision_is_not_sent(merger):
    merger.lines.update(decision=None)

    with pytest.raises(ValidationError, match="văn bản"):
        submit(merger, seen=merger.revision)


def test_a_draft_about_what_stands_elsewhere_by_now_shows_nothing_of_it(merger, neighbour, two):
    change_unit(two[0][0], on=DAY - timedelta(days=9), parent=neighbour)

    found = rehearse(merger)

    assert found.steps == []
    assert any("Ấp 1" in sentence for sentence in found.problems)
    with pytest.raises(ValidationError, match="Phú Túc"):
        submit(merger, seen=merger.revision)


def test_a_step_from_a_stale_page_is_refused_and_names_who_was_first(merger, officer):
    seen = merger.revision
    with recording(by=officer):
        submit(Reorganisation.objects.get(pk=merger.pk), seen=seen)
    stale = Reorganisation.objects.get(pk=merger.pk)

    with pytest.raises(ValidationError, match=officer.full_name):
        send_back(stale, seen=seen, remark="x")


def test_a_fate_changed_after_the_check_asks_for_another_check(merger):
    choose_first(merger)
    check(merger, seen=merger.revision)
    fate = merger.fates.get(key__startswith="seat")

    decide(merger, {fate.key: "none"}, seen=merger.revision)

    merger.refresh_from_db()
    assert merger.state == State.SUBMITTED
    with pytest.raises(ValidationError):
        apply(merger, seen=merger.revision)


def test_applied_twice_it_has_one_effect(merger):
    choose_first(merger)
    check(merger, seen=merger.revision)
    seen = merger.revision
    apply(merger, seen=seen)

    with pytest.raises(ValidationError):
        apply(Reorganisation.objects.get(pk=merger.pk), seen=seen)

    assert Unit.objects.filter(name="Hòa Bình").count() == 1


# --- correcting ------------------------------------------------------------------------------------


def test_a_wrong_name_is_corrected_with_its_reason(merger):
    carry_out(merger)

    correct_name(merger.lines.get(), name="Hòa Bình A", reason="Đánh máy sai")

    assert hamlets_on(DAY) == {"Hòa Bình A"}
    assert UnitPeriod.history.order_by("-history_id").first().change_set.reason == "Đánh máy sai"
    assert list(problems()) == []


@pytest.mark.parametrize("days", [-20, 15])
def test_a_wrong_day_is_corrected_everywhere_it_was_written(merger, days):
    carry_out(merger)
    new_day = DAY + timedelta(days=days)

    correct_day(merger, day=DAY, new_day=new_day, reason="Nghị quyết ghi ngày khác")

    assert hamlets_on(new_day) == {"Hòa Bình"}
    assert hamlets_on(new_day - timedelta(days=1)) == {"1", "2"}
    assert Tenure.objects.filter(starts_on=new_day, office=Office.HAMLET_HEAD).count() == 1
    assert not Tenure.objects.filter(starts_on=DAY).exists()
    assert list(problems()) == []


def test_a_day_is_not_corrected_over_what_was_recorded_meanwhile(merger):
    carry_out(merger)
    new = Unit.objects.get(name="Hòa Bình")
    front = factories.tenure(office=Office.FRONT_HEAD, hamlet=new, starts_on=DAY + timedelta(days=3))

    with pytest.raises(ValidationError, match=str(front.person)):
        correct_day(merger, day=DAY, new_day=DAY + timedelta(days=9), reason="Nhầm")


def test_a_wrong_decision_is_corrected_with_the_seats_it_gave(merger):
    carry_out(merger)
    paper = factories.decision(number="99/NQ-HĐND")

    correct_decision(merger.lines.get(), decision=paper, reason="Ghi nhầm số")

    assert merger.lines.get().decision == paper
    assert Tenure.objects.get(starts_on=DAY, office=Office.HAMLET_HEAD).decision == paper


def test_undo_takes_corrections_back_as_well(merger):
    choose_first(merger)
    check(merger, seen=merger.revision)
    before = tables()
    with recording(reason="apply"):
        apply(merger, seen=merger.revision)
    with recording(reason="correct"):
        correct_name(merger.lines.get(), name="Khác", reason="Sai tên")
        correct_day(merger, day=DAY, new_day=DAY + timedelta(days=5), reason="Sai ngày")
    merger.refresh_from_db()

    undo(merger, seen=merger.revision, by=None, reason="Bỏ")

    assert tables() == before


def test_the_rehearsal_names_the_same_cases_every_time(merger):
    first, second = ([case.key for case in rehearse(merger).cases] for _ in range(2))

    assert first == second
