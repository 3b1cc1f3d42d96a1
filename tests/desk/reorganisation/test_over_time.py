"""What was seen, won, taught and said before a reorganisation stays what it was, and with whom it was."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.changes import recording
from accounts.models import Role, User
from cells.models import Confirmation, Grant, LineKind, Unit
from dashboards.citing.quotes import quote
from dashboards.citing.reports import answer, report, waiting
from dashboards.figures.board import Board
from dashboards.figures.frames import Frame
from dashboards.follow_up.home import officer_home
from dashboards.follow_up.pack import pack_of
from dashboards.models import FigureReport, Quote
from desk.reorganisation.applying import hindrances, undo
from desk.reorganisation.rehearsal import rehearse
from evaluations.checks import problems
from evaluations.models import CriteriaSet, Title
from leaders.accesses import note_taken_out
from leaders.models import Access, Assignment, Contest, Course, Person
from tests import factories
from tests.desk.reorganisation.acting import DAY, carry_out, event_of, line


def merge(commune, two, on) -> None:
    event = event_of(commune, effective_on=on)
    line(event, LineKind.FOUND, units=[h for h, *_ in two], name="Hòa Bình", unit_kind="ap", on=on)
    carry_out(event)


def test_who_went_there_before_a_merger_of_today_still_has_the_visit(client, commune, two):
    today = timezone.localdate()
    account, assignment = factories.follower(two[0][0])
    visit = factories.visit(under=assignment, day=today - timedelta(days=20), promise="Xin kinh phí")

    merge(commune, two, today)

    officer = User.objects.get(pk=account.pk)
    assert officer_home(officer)["promises"] == [visit]
    assert pack_of(Assignment.objects.get(unit__name="Hòa Bình"), officer).promises == [visit]
    client.force_login(officer)
    assert client.get(reverse("follow_up:visit_edit", args=[visit.pk])).status_code == 200
    client.post(reverse("follow_up:promise", args=[visit.pk]))
    visit.refresh_from_db()
    assert visit.promise_kept_on == today


def test_a_merger_entered_late_leaves_an_officer_no_archive(commune, two):
    account, _assignment = factories.follower(two[0][0])

    merge(commune, two, DAY)

    assert not Grant.objects.filter(user=account, source=Grant.Source.ARCHIVE).exists()
    assert list(Unit.objects.visible_to(User.objects.get(pk=account.pk)).hamlets()) == [
        Unit.objects.get(name="Hòa Bình")
    ]


def test_a_visit_stays_when_the_hamlet_turns_out_to_have_moved_before(
    client, officer, commune, neighbour, two
):
    member = factories.assignment(of=commune)
    visit = factories.visit(
        under=member, unit=two[0][0], day=DAY + timedelta(days=40), promise="Xin kinh phí"
    )
    event = event_of(commune.province)
    line(event, LineKind.MOVE, unit=two[0][0], parent=neighbour)
    carry_out(event)
    client.force_login(officer)

    client.post(reverse("follow_up:promise", args=[visit.pk]))

    visit.refresh_from_db()
    assert visit.promise_kept_on == timezone.localdate()


def test_a_note_added_later_does_not_unsay_the_word_of_the_month(
    client, clerk, officer, commune, province, time_machine
):
    time_machine.move_to("2026-11-03 08:00+07:00", tick=False)
    client.force_login(clerk)
    page = reverse("leaders:confirm", args=[commune.pk])

    def confirm(note):
        seen = client.get(page).context["form"].guard.mark
        client.post(page, {"seen": seen, "note": note})

    confirm("")
    time_machine.move_to("2026-11-30 08:00+07:00", tick=False)
    client.force_login(clerk)
    confirm("Ấp 2 chuyển trưởng ấp")

    assert Confirmation.objects.get().note
    board = Board(Frame(province, date(2026, 11, 10), officer))
    assert board.figures["communes_confirmed"].numerator == 1


def join(commune, two):
    event = event_of(commune)
    line(event, LineKind.CELL_JOIN, cells=[two[0][1]], cell=two[1][1])
    return event


def revoked(cell, since, until) -> None:
    factories.title_case(
        of=cell,
        recognised_on=since,
        state="revoked",
        revoked_on=until,
        revocation=factories.decision(date=until),
        revocation_reason="Vi phạm",
    )


def test_a_title_revoked_after_the_merger_is_not_inherited_over(commune, two):
    factories.title_case(of=two[0][1], recognised_on=date(2022, 5, 1))
    revoked(two[1][1], date(2021, 5, 1), date(2026, 7, 1))
    event = join(commune, two)

    (case,) = (case for case in rehearse(event).cases if case.kind == "title")
    assert [option.code for option in case.options] == ["end"]
    carry_out(event)

    assert list(problems()) == []


def test_a_title_of_the_ended_cell_revoked_after_its_end_stands_in_the_way(commune, two):
    revoked(two[0][1], date(2022, 5, 1), date(2026, 9, 1))

    assert any("bị thu hồi ngày 01/09/2026" in one for one in rehearse(join(commune, two)).problems)


def test_the_heir_reads_courses_and_criteria_of_what_it_came_from(commune, neighbour):
    course = Course.objects.create(unit=commune, name="Bồi dưỡng", starts_on=date(2025, 5, 5))
    own = CriteriaSet.objects.create(
        title=Title.objects.first(), province=commune.province, name="Bộ của tỉnh", starts_on=date(2022, 1, 1)
    )
    event = event_of(commune.province)
    line(event, LineKind.FOUND, units=[commune, neighbour], name="Phú Long", unit_kind="xa", code="28999")
    carry_out(event)
    new = Unit.objects.get(code="28999")
    clerk = factories.user(role=Role.COMMUNE_STAFF, keeps=[new])

    assert list(Course.objects.visible_to(clerk)) == [course]
    assert own in CriteriaSet.objects.visible_to(clerk)

    province = factories.province()
    merger = event_of(new.province, effective_on=DAY + timedelta(days=9))
    line(
        merger,
        LineKind.ABSORB,
        units=[new.province],
        unit=province,
        on=DAY + timedelta(days=9),
    )
    carry_out(merger)
    officer = factories.user(role=Role.PROVINCIAL_STAFF, keeps=[province])
    assert own in CriteriaSet.objects.visible_to(officer)


def test_a_report_that_waits_reaches_the_clerk_of_the_heir(officer, commune, neighbour):
    report = FigureReport.objects.create(
        figure="cells",
        numerator=1,
        unit=commune,
        day=DAY,
        addressed_to=commune,
        reported_by_name="A",
        text="Thiếu",
    )
    event = event_of(commune.province)
    line(event, LineKind.FOUND, units=[commune, neighbour], name="Phú Long", unit_kind="xa", code="28999")

    carry_out(event)

    new = Unit.objects.get(code="28999")
    clerk = factories.user(role=Role.COMMUNE_STAFF, keeps=[new])
    assert waiting(clerk, new)["own"] == 1
    clerk.grants.all().delete()
    undo(event, seen=event.revision, by=None, reason="Nhầm")
    report.refresh_from_db()
    assert report.addressed_to == commune


@pytest.fixture
def founded(commune, neighbour):
    """Two communes have become one."""
    event = event_of(commune.province)
    line(event, LineKind.FOUND, units=[commune, neighbour], name="Phú Long", unit_kind="xa", code="28999")
    return event


def seen_of(unit, officer, day=DAY):
    """Return a figure of the unit as the officer of the province sees it."""
    return Board(Frame(unit, day, User.objects.get(pk=officer.pk))).figures["merged_role"]


def test_an_answer_given_by_the_heir_is_kept_when_the_merger_is_undone(officer, commune, founded):
    told = report(seen_of(commune, officer, DAY - timedelta(days=9)), text="Thiếu", to=commune, by=officer)
    carry_out(founded)
    told.refresh_from_db()
    assert told.addressed_to == Unit.objects.get(code="28999")
    with recording(reason="answer"):
        answer(told, "Đã bổ sung", by=officer)

    undo(founded, seen=founded.revision, by=officer, reason="Nhầm")

    told.refresh_from_db()
    assert (told.addressed_to, told.answer) == (commune, "Đã bổ sung")


def test_what_was_quoted_and_taken_out_of_a_commune_that_goes_is_no_reason_to_keep_it(
    officer, commune, founded
):
    factories.person(keeper=commune)
    carry_out(founded)
    new = Unit.objects.get(code="28999")
    with recording(reason="later"):
        quote(seen_of(new, officer), by=officer)
    note_taken_out(officer, Person.objects.all(), "Danh sách")
    assert new.accesses.exists()

    assert hindrances(founded) == []
    undo(founded, seen=founded.revision, by=officer, reason="Nhầm")

    assert not Quote.objects.exists()
    assert not Access.objects.exists()
    assert [change.history_type for change in Quote.history.order_by("history_id")] == ["+", "-"]
    assert not Unit.objects.filter(pk=new.pk).exists()


def test_a_report_about_a_commune_that_goes_is_the_provinces_with_its_answer(officer, province, founded):
    carry_out(founded)
    new = Unit.objects.get(code="28999")
    with recording(reason="later"):
        told = report(seen_of(new, officer), text="Thiếu", to=new, by=officer)
        answer(told, "Đã bổ sung", by=officer)

    undo(founded, seen=founded.revision, by=officer, reason="Nhầm")

    told.refresh_from_db()
    assert (told.unit, told.addressed_to, told.answer) == (province, province, "Đã bổ sung")


def test_a_report_about_a_commune_that_came_of_one_goes_back_to_that_one(officer, commune):
    event = event_of(commune.province)
    line(event, LineKind.FOUND, units=[commune], name="Phú Long", unit_kind="xa", code="28999")
    carry_out(event)
    new = Unit.objects.get(code="28999")
    with recording(reason="later"):
        told = report(seen_of(new, officer), text="Thiếu", to=new, by=officer)
    assert told.unit != commune

    undo(event, seen=event.revision, by=officer, reason="Nhầm")

    told.refresh_from_db()
    assert (told.unit, told.addressed_to) == (commune, commune)


def test_what_was_planned_stays_planned_on_the_days_before_its_cell_ended(commune, two, officer, province):
    """A merger of May takes no congress from the figure of April, nor from the list behind it."""
    third = factories.cell(of=factories.hamlet(parent=commune, name="3"))
    term = "2025-2027"
    Contest.objects.create(kind="congress", cell=third, term=term, outcome="held", held_on=date(2026, 3, 10))
    for _hamlet, cell, _person in two:
        Contest.objects.create(kind="congress", cell=cell, term=term, planned_on=date(2026, 6, 10))

    def fraction(day) -> str:
        return Board(Frame(province, day, officer)).figures["congress_held"].fraction

    april, june = date(2026, 4, 10), date(2026, 6, 20)
    assert fraction(april) == "1/3"
    event = event_of(commune)
    line(event, LineKind.CELL_JOIN, cells=[two[0][1]], cell=two[1][1])
    carry_out(event)

    assert (fraction(april), fraction(june)) == ("1/3", "1/2")
