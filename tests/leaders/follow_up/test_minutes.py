"""The commune ticks by the minutes who attended; what the officer said is never rewritten."""

import re
from datetime import date

import pytest
from django.urls import reverse

from leaders.follow_up.visits import log_visit
from leaders.models import Visit
from tests import factories
from tests.worlds import kept

DAY = date(2026, 3, 5)


@kept
def assignment(follower):
    return follower.person.assignments.get()


@pytest.fixture
def address(client, clerk, commune):
    client.force_login(clerk)
    return reverse("follow_up:minutes", args=[commune.pk]) + "?thang=2026-03"


def test_beside_the_officers_word_stands_that_of_the_minutes(client, address, assignment):
    visit = factories.visit(under=assignment, day=DAY, remark="Họp đúng giờ")

    client.post(address, {f"v{visit.pk}": "0", f"r{visit.pk}": "1"})

    visit.refresh_from_db()
    assert (visit.attended, visit.minutes_attended, visit.remark) == (True, False, "Họp đúng giờ")
    assert list(Visit.objects.contradicted()) == [visit]


def test_a_tick_is_taken_back(client, address, assignment):
    visit = factories.visit(under=assignment, day=DAY, minutes_attended=True)

    client.post(address, {f"v{visit.pk}": "", f"r{visit.pk}": "1"})

    visit.refresh_from_db()
    assert visit.minutes_attended is None


def test_a_day_nobody_recorded_is_ticked_and_waits_for_the_officers_word(
    client, address, assignment, follower
):
    client.post(address, {f"d{assignment.pk}": "2026-03-05", f"n{assignment.pk}": "1"})

    visit = Visit.objects.get()
    assert (visit.attended, visit.minutes_attended, visit.is_told) == (None, True, False)

    told = Visit(assignment=assignment, unit=assignment.unit, day=DAY, attended=True, remark="Tôi có dự")
    log_visit(told, by=follower)
    visit.refresh_from_db()
    assert (visit.attended, visit.minutes_attended, visit.remark) == (True, True, "Tôi có dự")
    assert visit.recorded_by == follower


@pytest.mark.parametrize(
    ("day", "answer", "said"),
    [
        ("", "1", "Nhập ngày họp"),
        ("2026-03-05", "", "Chọn cán bộ có dự hay không dự"),
        ("2026-04-05", "1", "Ngày không thuộc tháng này"),
    ],
)
def test_a_free_line_that_is_not_whole_is_told(client, address, assignment, day, answer, said):
    html = client.post(address, {f"d{assignment.pk}": day, f"n{assignment.pk}": answer}).content.decode()

    assert said in html
    assert not Visit.objects.exists()


def test_a_visit_changed_meanwhile_is_told_and_not_written_over(client, address, assignment):
    visit = factories.visit(under=assignment, day=DAY)
    Visit.objects.filter(pk=visit.pk).update(revision=2)

    answer = client.post(address, {f"v{visit.pk}": "0", f"r{visit.pk}": "1"}, follow=True)

    assert "đã được sửa" in answer.content.decode()
    assert Visit.objects.get().minutes_attended is None


def test_another_commune_is_not_ticked(client, address, neighbour):
    foreign = factories.assignment(of=factories.hamlet(parent=neighbour, name="9"))
    visit = factories.visit(under=foreign, day=DAY)

    client.post(
        address,
        {f"v{visit.pk}": "0", f"r{visit.pk}": "1", f"d{foreign.pk}": "2026-03-06", f"n{foreign.pk}": "1"},
    )

    assert Visit.objects.get().minutes_attended is None


def test_the_page_needs_the_same_queries_for_any_number_of_officers(
    client, address, commune, assignment, django_assert_max_num_queries
):
    for number in range(4, 14):
        one = factories.assignment(of=factories.hamlet(parent=commune, name=str(number)))
        factories.visit(under=one, day=DAY)

    with django_assert_max_num_queries(16):
        html = client.get(address).content.decode()

    assert len(re.findall(r'name="v[0-9]', html)) == 10
