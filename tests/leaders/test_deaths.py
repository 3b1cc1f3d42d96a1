"""A death is one fact: through whatever door it is told, it ends what the person holds and follows anywhere."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.changes import recording
from accounts.models import Role, User
from cells.models import Unit
from desk.people.merging import merge
from leaders.actions import begin_tenures, correct_assignments, end_tenure
from leaders.checks import problems
from leaders.follow_up.acts import link_account
from leaders.models import Assignment, Office, Tenure, WayOut
from tests import factories
from tests.admin_forms import filled_in
from tests.sending import opened_and_sent

DIED_ON = date(2020, 3, 12)
LATER = date(2020, 11, 20)


@pytest.fixture
def elsewhere(leader, neighbour):
    """A seat of the same person next door."""
    hamlet = factories.hamlet(parent=neighbour, name="9")
    return factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=leader)


@pytest.fixture
def here(cell, leader):
    return factories.tenure(cell=cell, person=leader)


@pytest.fixture
def dead(here, leader):
    end_tenure(here, last_day=DIED_ON, way_out=WayOut.DIED)
    return leader


def ends_of(person) -> set:
    return set(person.tenures.values_list("ends_on", "way_out"))


def test_the_page_ends_what_is_held_and_followed_elsewhere_and_says_so_first(
    client, clerk, leader, here, elsewhere, commune, neighbour
):
    account = factories.user(role=Role.FOLLOW_UP_OFFICER)
    link_account(leader, account)
    assignment = factories.assignment(of=factories.hamlet(parent=neighbour), person=leader)
    client.force_login(clerk)
    url = reverse("leaders:leave", args=[leader.pk])
    typed = {"last_day": DIED_ON.isoformat(), f"seat_{here.pk}": WayOut.DIED}

    asked = " ".join(opened_and_sent(client, url, typed).context["consequences"])
    opened_and_sent(client, url, typed | {"confirmed": "1"})

    assert "Trưởng ấp 9: ngày cuối giữ chức 12/03/2020" in asked
    assert "kết thúc phân công theo dõi 1 địa bàn" in asked
    assert ends_of(leader) == {(DIED_ON, WayOut.DIED)}
    assignment.refresh_from_db()
    assert assignment.ends_on == DIED_ON
    assert not Unit.objects.visible_to(User.objects.get(pk=account.pk)).exists()
    assert [*problems()] == []
    written = {row.history.latest().change_set_id for row in (*leader.tenures.all(), assignment)}
    assert len(written) == 1


def test_a_seat_that_the_clerk_may_not_know_of_is_not_named(client, leader, here, elsewhere, neighbour):
    client.force_login(factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour]))
    url = reverse("leaders:leave", args=[leader.pk])
    typed = {"last_day": DIED_ON.isoformat(), f"seat_{elsewhere.pk}": WayOut.DIED}

    asked = " ".join(opened_and_sent(client, url, typed).context["consequences"])
    opened_and_sent(client, url, typed | {"confirmed": "1"})

    assert "ngoài phạm vi quản lý: ngày cuối giữ chức 12/03/2020" in asked
    assert here.seat_name not in asked
    assert ends_of(leader) == {(DIED_ON, WayOut.DIED)}


TOLD = "Trưởng ấp 9: từ trần ngày 12/03/2020"


def first_page(client, user) -> str:
    client.force_login(user)
    return client.get(reverse("dashboards:home")).content.decode()


@pytest.fixture
def theirs(neighbour):
    return factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])


def test_the_other_commune_is_told_on_its_first_page(client, clerk, here, elsewhere, theirs):
    with recording(by=clerk, reason="Từ trần"):
        end_tenure(here, last_day=DIED_ON, way_out=WayOut.DIED)

    assert TOLD in first_page(client, theirs)
    # Whoever recorded it knows.
    assert here.seat_name + ": từ trần" not in first_page(client, clerk)
    with recording(by=theirs, reason="Đã biết"):
        Tenure.objects.get(pk=elsewhere.pk).save()
    assert TOLD not in first_page(client, theirs)


@pytest.mark.parametrize("then", ["merged", "edited"])
def test_an_old_death_is_no_news_when_the_seat_is_written_again(
    client, clerk, officer, leader, here, elsewhere, theirs, then
):
    with time_machine.travel(LATER), recording(by=clerk, reason="Từ trần"):
        end_tenure(here, last_day=DIED_ON, way_out=WayOut.DIED)

    if then == "merged":
        merge(factories.person(keeper=leader.keeper), leader, fields={}, by=officer)
    else:
        with recording(by=officer, reason="Ghi thêm nhiệm kỳ"):
            Tenure.objects.get(pk=elsewhere.pk).save()

    assert TOLD not in first_page(client, theirs)


@pytest.mark.parametrize("model", ["tenure", "person"])
def test_so_does_the_administration(client, officer, leader, here, elsewhere, model):
    client.force_login(officer)
    url = reverse(f"admin:leaders_{model}_change", args=[here.pk if model == "tenure" else leader.pk])
    at = "" if model == "tenure" else "tenures-0-"

    def tell(**fields):
        sent = filled_in(client.get(url), **{f"{at}{name}": value for name, value in fields.items()})
        return client.post(url, sent)

    first = tell(ends_on="12/03/2020", way_out="died")

    assert first.status_code == 302
    assert ends_of(leader) == {(DIED_ON, WayOut.DIED)}
    assert [*problems()] == []


@pytest.mark.parametrize("model", ["tenure", "person"])
@pytest.mark.parametrize("day", [10, 14])
def test_the_day_of_a_death_is_corrected_in_all_that_ended_by_it(
    client, officer, leader, here, elsewhere, hamlet, model, day
):
    account = factories.user(role=Role.FOLLOW_UP_OFFICER)
    link_account(leader, account)
    assignment = factories.assignment(of=hamlet, person=leader)
    earlier = factories.assignment(of=elsewhere.hamlet, person=leader, ends_on=date(2020, 2, 1))
    end_tenure(here, last_day=DIED_ON, way_out=WayOut.DIED)
    client.force_login(officer)
    url = reverse(f"admin:leaders_{model}_change", args=[here.pk if model == "tenure" else leader.pk])
    at = "" if model == "tenure" else "tenures-0-"

    answer = client.post(url, filled_in(client.get(url), **{f"{at}ends_on": f"{day}/03/2020"}))

    assert answer.status_code == 302
    assert ends_of(leader) == {(date(2020, 3, day), WayOut.DIED)}
    ends = set(leader.assignments.values_list("pk", "ends_on"))
    assert ends == {(assignment.pk, date(2020, 3, day)), (earlier.pk, date(2020, 2, 1))}
    assert [*problems()] == []


def test_that_it_was_no_death_is_not_said_of_one_seat(client, officer, leader, here, elsewhere):
    end_tenure(here, last_day=DIED_ON, way_out=WayOut.DIED)
    client.force_login(officer)
    url = reverse("admin:leaders_tenure_change", args=[here.pk])

    # That somebody left otherwise, and lives, is not said of one seat alone.
    refused = client.post(url, filled_in(client.get(url), ends_on="", way_out=""))
    assert "từ trần ngày 12/03/2020" in refused.content.decode()
    assert ends_of(leader) == {(DIED_ON, WayOut.DIED)}


def test_a_past_seat_that_ended_by_death_ends_those_of_today(leader, cell, elsewhere):
    begin_tenures(
        [
            Tenure(
                person=leader,
                office=Office.SECRETARY,
                cell=cell,
                starts_on=date(2015, 1, 1),
                ends_on=DIED_ON,
                way_out=WayOut.DIED,
            )
        ]
    )

    assert ends_of(leader) == {(DIED_ON, WayOut.DIED)}
    assert [*problems()] == []


def test_no_seat_is_recorded_as_running_of_who_has_died(dead, hamlet):
    with pytest.raises(ValidationError, match="12/03/2020"):
        begin_tenures(
            [Tenure(person=dead, office=Office.HAMLET_HEAD, hamlet=hamlet, starts_on=date(2016, 1, 1))]
        )


def test_a_seat_left_after_the_death_stands_in_the_way(leader, here, elsewhere):
    end_tenure(elsewhere, last_day=LATER, way_out=WayOut.RELIEVED)

    with pytest.raises(ValidationError, match="12/03/2020"):
        end_tenure(here, last_day=DIED_ON, way_out=WayOut.DIED)


# --- who has died follows nothing -------------------------------------------------------------


def test_what_was_to_be_followed_later_never_is(leader, here, hamlet):
    factories.assignment(of=hamlet, person=leader, starts_on=LATER)

    end_tenure(here, last_day=DIED_ON, way_out=WayOut.DIED)

    assert not leader.assignments.exists()
    assert [*problems()] == []


def test_a_visit_after_the_death_stands_in_its_way(leader, here, hamlet):
    assignment = factories.assignment(of=hamlet, person=leader)
    factories.visit(under=assignment, day=LATER)

    with pytest.raises(ValidationError, match="20/11/2020"):
        end_tenure(here, last_day=DIED_ON, way_out=WayOut.DIED)


def test_the_dead_are_assigned_nothing(dead, hamlet):
    with pytest.raises(ValidationError, match="12/03/2020"):
        factories.assignment(of=hamlet, person=dead)
    past = factories.assignment(of=hamlet, person=dead, starts_on=date(2018, 1, 1), ends_on=DIED_ON)
    past.ends_on = None
    with pytest.raises(ValidationError, match="12/03/2020"):
        correct_assignments([past], ["ends_on"])
    Assignment.objects.update(ends_on=None)
    assert any("theo dõi Ấp 2" in one for one in problems())
