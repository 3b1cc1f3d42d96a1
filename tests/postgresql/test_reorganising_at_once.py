"""Reorganisations while others work: one wins, the other is told, and nothing is recorded of what has ended."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier, Event

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.changes import recording
from cells import checks as places
from cells.actions import record_counts
from cells.models import Fate, HouseholdCount, LineKind, MemberCount, Reorganisation
from desk.reorganisation.applying import apply, check, decide
from desk.reorganisation.rehearsal import carrying_out
from leaders import checks as seats
from leaders.actions import begin_tenures, end_tenure
from leaders.models import Office, Tenure, WayOut
from tests import factories
from tests.desk.reorganisation.acting import DAY, YESTERDAY, choose_first, event_of, line

# Real transactions: two connections must see each other's work.
pytestmark = pytest.mark.committed

State = Reorganisation.State


def hamlet(commune, name: str):
    """A hamlet with its cell, and one person who leads both."""
    made = factories.hamlet(parent=commune, name=name)
    cell = factories.cell(of=made)
    person = factories.person(keeper=commune)
    factories.tenure(cell=cell, person=person)
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=made, person=person)
    return made, cell


def merger(commune, one, other, *, name: str) -> Reorganisation:
    """An event that merges both, checked and waiting for somebody to apply it."""
    event = event_of(commune, title=name)
    line(event, LineKind.FOUND, units=[one, other], name=name, unit_kind="ap")
    choose_first(event)
    check(event, seen=event.revision)
    return event


def by(name: str, act):
    """Do it as somebody: a connection of their own, and their name on what they change."""

    def run():
        try:
            with recording(by=factories.user(full_name=name), reason=name):
                return act()
        except (ValidationError, IntegrityError) as refusal:
            return refusal
        finally:
            connection.close()

    return run


def at_the_same_time(*acts) -> list:
    barrier = Barrier(len(acts))

    def run(act):
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def refusals(results: list) -> list[str]:
    return ["; ".join(result.messages) for result in results if isinstance(result, ValidationError)]


def everything_agrees() -> None:
    assert [*places.problems(), *seats.problems()] == []


def test_of_two_who_apply_one_event_the_second_is_told_who_was_first(commune):
    (one, _), (other, _) = hamlet(commune, "1"), hamlet(commune, "2")
    event = merger(commune, one, other, name="Hòa Bình")
    seen = event.revision

    results = at_the_same_time(
        *[
            by(name, lambda: apply(Reorganisation.objects.get(pk=event.pk), seen=seen))
            for name in ("Trần Thị Hoa", "Lê Văn Tám")
        ]
    )

    (told,) = refusals(results)
    assert "Trần Thị Hoa" in told or "Lê Văn Tám" in told
    assert commune.children.filter(level="hamlet", closed_on=None).count() == 1
    everything_agrees()


def test_of_two_events_that_merge_one_hamlet_the_second_is_refused(commune):
    (one, _), (other, _), (third, _) = (hamlet(commune, name) for name in "123")
    events = [merger(commune, one, mate, name=f"Hòa {mate}") for mate in (other, third)]

    results = at_the_same_time(
        *[by(event.title, lambda event=event: apply(event, seen=event.revision)) for event in events]
    )

    (told,) = refusals(results)
    assert str(one) in told
    assert sorted(Reorganisation.objects.values_list("state", flat=True)) == [State.APPLIED, State.CHECKED]
    assert one.successions.count() == 1
    everything_agrees()


def test_who_decides_a_fate_while_the_event_is_applied_is_told_or_comes_first(commune):
    (one, _), (other, _) = hamlet(commune, "1"), hamlet(commune, "2")
    event = merger(commune, one, other, name="Hòa Bình")
    fate = Fate.objects.get(key__startswith="seat:hamlet_head")

    results = at_the_same_time(
        by("Trần Thị Hoa", lambda: apply(Reorganisation.objects.get(pk=event.pk), seen=event.revision)),
        by(
            "Lê Văn Tám",
            lambda: decide(Reorganisation.objects.get(pk=event.pk), {fate.key: "none"}, seen=event.revision),
        ),
    )

    event.refresh_from_db()
    fate.refresh_from_db()
    assert len(refusals(results)) == 1
    assert (event.state, fate.choice == "none") in [(State.APPLIED, False), (State.SUBMITTED, True)]
    everything_agrees()


# --- entries of others ---------------------------------------------------------------------------


@pytest.fixture
def slow(monkeypatch):
    """Let an application stand still, first thing done, until others have come."""
    begun = Event()

    def settle(outcome, fates):
        begun.set()
        # Whoever comes now either waits for us, or has written before we look.
        time.sleep(0.5)
        return settled(outcome, fates)

    (name, settled), *others = carrying_out.SETTLING
    monkeypatch.setattr(carrying_out, "SETTLING", ((name, settle), *others))
    return begun


def while_applied(slow: Event, event: Reorganisation, entry) -> list:
    """Apply the event, and let the entry come while it goes."""

    def enter():
        slow.wait(10)
        return entry()

    return at_the_same_time(
        by("Trần Thị Hoa", lambda: apply(event, seen=event.revision)), by("Lê Văn Tám", enter)
    )


ENTRIES = {
    "a deputy": lambda hamlet, cell, person: begin_tenures(
        [Tenure(person=person, office=Office.DEPUTY_HEAD, hamlet=hamlet, starts_on=DAY)]
    ),
    "a deputy with no last day, of a day before": lambda hamlet, cell, person: begin_tenures(
        [Tenure(person=person, office=Office.DEPUTY_HEAD, hamlet=hamlet, starts_on=YESTERDAY)]
    ),
    "households": lambda hamlet, cell, person: record_counts(
        [HouseholdCount(hamlet=hamlet, day=DAY, households=10)]
    ),
    "the end of a seat": lambda hamlet, cell, person: end_tenure(
        Tenure.objects.get(hamlet=hamlet, office=Office.HAMLET_HEAD),
        last_day=YESTERDAY - timedelta(days=30),
        way_out=WayOut.DIED,
    ),
}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_what_comes_while_a_hamlet_is_merged_waits_and_is_refused(commune, slow, entry):
    (one, cell), (other, _) = hamlet(commune, "1"), hamlet(commune, "2")
    newcomer = factories.person(keeper=commune)
    event = merger(commune, one, other, name="Hòa Bình")
    slow.clear()

    results = while_applied(slow, event, lambda: entry(one, cell, newcomer))

    assert not isinstance(results[0], Exception)
    assert len(refusals(results[1:])) == 1
    assert not Tenure.objects.filter(person=newcomer).exists()
    assert not Tenure.objects.filter(hamlet=one, way_out=WayOut.DIED).exists()
    everything_agrees()


@pytest.mark.parametrize("begins", [date(2026, 1, 1), YESTERDAY])
def test_what_was_entered_a_moment_before_the_merger_is_settled_with_the_rest(commune, begins):
    """The clerk has written and not yet committed when the application comes: it waits, and then sees it."""
    (one, _cell), (other, _) = hamlet(commune, "1"), hamlet(commune, "2")
    newcomer = factories.person(keeper=commune)
    event = merger(commune, one, other, name="Hòa Bình")
    written = Event()

    def enter():
        with transaction.atomic():
            begin_tenures([Tenure(person=newcomer, office=Office.DEPUTY_HEAD, hamlet=one, starts_on=begins)])
            written.set()
            time.sleep(0.5)

    def carry_out():
        written.wait(10)
        return apply(event, seen=event.revision)

    results = at_the_same_time(by("Lê Văn Tám", enter), by("Trần Thị Hoa", carry_out))

    # Nobody decided on the newcomer yet, so the event goes back to its reader with that question.
    (told,) = refusals(results)
    assert newcomer.full_name in told
    assert Tenure.objects.get(person=newcomer).ends_on is None
    event.refresh_from_db()
    assert event.state == State.CHECKED
    everything_agrees()


def test_members_counted_while_a_cell_is_joined_are_refused(commune, slow):
    (one, first), (other, second) = hamlet(commune, "1"), hamlet(commune, "2")
    event = event_of(commune)
    line(event, LineKind.CELL_JOIN, cells=[first], cell=second)
    line(event, LineKind.ABSORB, units=[one], unit=other)
    choose_first(event)
    check(event, seen=event.revision)
    slow.clear()

    results = while_applied(slow, event, lambda: record_counts([MemberCount(cell=first, day=DAY, total=12)]))

    assert len(refusals(results)) == 1
    assert not MemberCount.objects.exists()
    everything_agrees()
