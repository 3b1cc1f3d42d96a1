"""The first page of a follow-up officer: whom to call, where to log, what was promised, what comes next."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cells.models import Meeting
from leaders.actions import record_contests
from leaders.models import Contest, Office, Visit
from tests import factories


@pytest.fixture
def hamlets(commune):
    return [factories.hamlet(parent=commune, name=str(number)) for number in range(1, 4)]


@pytest.fixture
def led(hamlets, commune):
    """The first two hamlets have their cells, secretaries and heads, all with telephones."""
    for number, hamlet in enumerate(hamlets[:2], 1):
        cell = factories.cell(of=hamlet)
        secretary = factories.person(keeper=commune, phone=f"0912 345 67{number}", born_on=None)
        factories.tenure(cell=cell, person=secretary)
        head = factories.person(keeper=commune, phone=f"0987 654 32{number}")
        factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=head)
    return hamlets


@pytest.fixture
def follower(led):
    account, _assignment = factories.follower(led[0])
    return account


def home(client, user):
    client.force_login(user)
    return client.get(reverse("dashboards:home"))


def test_it_names_the_leaders_to_call_and_has_the_button(client, follower, led):
    html = home(client, follower).content.decode()

    assert 'href="tel:0912345671"' in html
    assert 'href="tel:0987654321"' in html
    assert reverse("follow_up:log", args=[follower.person.assignments.get().pk]) in html
    assert "0912 345 672" not in html
    assert "0912345672" not in html


def test_who_only_reads_by_a_grant_is_shown_no_telephone(client, led):
    reader = factories.user(role="follow_up_officer", reads=[led[0]])

    html = home(client, reader).content.decode()

    assert "tel:" not in html
    assert "chưa gắn với cán bộ" in html


def test_what_was_promised_comes_by_its_day_and_overdue_is_said(client, follower):
    today = timezone.localdate()
    assignment = follower.person.assignments.get()
    for back, due in ((9, today + timedelta(days=5)), (5, today - timedelta(days=1)), (2, None)):
        factories.visit(
            under=assignment, day=today - timedelta(days=back), promise=f"Hẹn {back}", promise_due=due
        )

    response = home(client, follower)

    assert [visit.promise for visit in response.context["promises"]] == ["Hẹn 5", "Hẹn 9", "Hẹn 2"]
    assert "quá hạn" in response.content.decode()


def test_meetings_and_elections_that_come_are_there(client, follower, led):
    day = timezone.localdate() + timedelta(days=10)
    cell = led[0].cell_areas.get().cell
    record_contests(
        [
            Contest(kind=Contest.Kind.CONGRESS, cell=cell, term="2025-2030", planned_on=day),
            Contest(kind=Contest.Kind.HEAD_ELECTION, hamlet=led[1], term="2025-2030", planned_on=day),
        ]
    )

    coming = home(client, follower).context["coming"]

    assert [(one.day, one.where) for one in coming] == [(day, cell)]


def test_the_next_regular_meeting_is_expected_on_the_day_of_the_last(client, follower, led, time_machine):
    time_machine.move_to("2026-11-29 08:00+07:00", tick=False)
    cell = led[0].cell_areas.get().cell
    for day in (date(2026, 10, 31), date(2026, 9, 3)):
        Meeting.objects.create(cell=cell, day=day, month=day.replace(day=1))

    (coming,) = home(client, follower).context["coming"]

    assert (coming.day, coming.where) == (date(2026, 11, 30), cell)
    assert "dự kiến theo tháng trước" in coming.what


def test_what_an_inspection_found_stands_apart_from_own_promises(client, follower, led):
    factories.visit(under=follower.person.assignments.get(), promise="Tôi hẹn")
    Visit.objects.create(
        kind=Visit.Kind.INSPECTION,
        unit=led[0],
        team="Đoàn kiểm tra",
        conclusion="Còn thiếu sổ",
        day=timezone.localdate(),
        promise="Bổ sung sổ nghị quyết",
        promise_undated=True,
    )

    context = home(client, follower).context

    assert [one.promise for one in context["promises"]] == ["Tôi hẹn"]
    assert [one.promise for one in context["left_by_others"]] == ["Bổ sung sổ nghị quyết"]


def test_notes_of_who_followed_before_are_read_and_not_corrected(client, follower, led):
    before = factories.assignment(of=led[0])
    factories.visit(under=before, remark="Người trước ghi")
    own = factories.visit(under=follower.person.assignments.get(), remark="Tôi ghi")

    response = home(client, follower)

    assert {visit.remark for visit in response.context["notes"]} == {"Người trước ghi", "Tôi ghi"}
    assert [visit.may_correct for visit in response.context["notes"] if visit.pk != own.pk] == [False]


def test_it_needs_the_same_queries_for_any_number_of_hamlets(client, follower, led, commune, queries_of):
    client.force_login(follower)
    for hamlet in led[1:]:
        factories.visit(under=factories.assignment(of=hamlet, person=follower.person), promise="Hẹn")
    few = queries_of("/")

    for number in range(20, 26):
        hamlet = factories.hamlet(parent=commune, name=str(number))
        factories.tenure(cell=factories.cell(of=hamlet))
        factories.visit(under=factories.assignment(of=hamlet, person=follower.person), promise="Hẹn")

    assert queries_of("/") == few
