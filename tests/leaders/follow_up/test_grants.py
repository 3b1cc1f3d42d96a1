"""What an officer's account may read follows the assignments, through whichever door they are written."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.changes import ChangeSet, recording
from accounts.history import take_back
from accounts.models import Role
from cells.actions import NewUnit, open_units
from cells.models import Grant, Unit
from desk.importing.forms import FORMS
from leaders.actions import assign, correct_assignments
from leaders.checks import problems
from leaders.follow_up.acts import Officer, hand_over, link_account, plan_hand_over
from leaders.models import Assignment
from tests import factories
from tests.admin_forms import filled_in
from tests.desk.importing.desk import answer, check, hand_in, workbook, write
from tests.worlds import kept


def read_by(account) -> set:
    """The units that the account may read today, asked anew."""
    account.__dict__.pop("_scopes", None)
    return set(Unit.objects.visible_to(account))


@kept
def assignment(follower):
    return follower.person.assignments.get()


def test_the_account_reads_what_is_assigned_and_nothing_else(follower, hamlets):
    assert read_by(follower) == {hamlets[0]}
    grant = follower.grants.get()
    assert (grant.access, grant.source, grant.starts_on) == ("read", "assignment", date(2020, 1, 1))


def test_who_follows_a_commune_reads_its_hamlets(follower, hamlets, commune):
    factories.assignment(of=commune, person=follower.person)

    assert read_by(follower) == {commune, *hamlets}


def test_it_ends_with_the_assignment(follower, assignment):
    assignment.ends_on = timezone.localdate() - timedelta(days=1)
    correct_assignments([assignment], ["ends_on"])

    assert read_by(follower) == set()
    assert list(problems()) == []


def test_it_begins_on_the_day_and_not_before(follower, hamlets, time_machine):
    time_machine.move_to("2026-03-01 09:00+07:00")
    factories.assignment(of=hamlets[1], person=follower.person, starts_on=date(2026, 4, 1))

    assert hamlets[1] not in read_by(follower)
    time_machine.move_to("2026-04-01 09:00+07:00")
    assert hamlets[1] in read_by(follower)


def test_a_hand_over_takes_it_from_one_and_gives_it_to_the_other(follower, hamlets, assignment):
    other, _theirs = factories.follower(hamlets[2])
    work = Assignment.objects.of_officer(assignment)
    today = timezone.localdate()
    to = Officer(other.person)

    hand_over(work, to=to, on=today, seen=plan_hand_over(work, to=to, on=today).mark)

    assert read_by(follower) == set()
    assert read_by(other) == {hamlets[0], hamlets[2]}
    assert list(problems()) == []


def test_the_workbook_gives_and_ends_it(officer, follower, hamlets, commune):
    def send(**row):
        row = {
            "kind": "Cán bộ theo dõi ấp",
            "full_name": follower.person.full_name,
            "commune": "Xã Phú Túc",
            **row,
        }
        headings = [FORMS["assignments"].heading(key) for key in row]
        batch = hand_in(officer, workbook(headings, list(row.values())), kind="assignments")
        answer(batch, asked={"starts_on": ""}, columns={})
        check(batch, officer)
        write(batch, officer)

    send(hamlet="Ấp 2", starts_on="01/02/2024")
    assert read_by(follower) == {hamlets[0], hamlets[1]}
    send(hamlet="Ấp 2", starts_on="01/02/2024", ends_on="31/12/2024")
    assert read_by(follower) == {hamlets[0]}
    assert list(problems()) == []


def test_taking_an_import_back_takes_the_right_back(follower, hamlets):
    with recording(kind=ChangeSet.Kind.IMPORT, reason="Nhập") as here:
        assign([Assignment(kind="hamlet_officer", person=follower.person, unit=hamlets[1])])
    assert hamlets[1] in read_by(follower)

    take_back(here.change_set)

    assert read_by(follower) == {hamlets[0]}


def test_the_administration_gives_and_moves_it(client, officer, follower, hamlets, assignment):
    other, _theirs = factories.follower(hamlets[2])
    client.force_login(officer)
    url = reverse("admin:leaders_assignment_change", args=[assignment.pk])
    form = client.get(url).context["adminform"].form

    client.post(
        url,
        {
            "kind": "hamlet_officer",
            "person": other.person.pk,
            "organisation": "",
            "unit": hamlets[0].pk,
            "starts_on": "01/01/2020",
            "ends_on": "",
            "seen": client.get(url).context.get("seen", ""),
            "change_reason": "Phân công nhầm",
        },
    )

    assert form.instance == assignment
    assert read_by(follower) == set()
    assert read_by(other) == {hamlets[0], hamlets[2]}


def test_linking_an_account_gives_what_the_officer_follows_and_unlinking_ends_it(hamlets):
    assignment = factories.assignment(of=hamlets[0])
    account = factories.user(role=Role.FOLLOW_UP_OFFICER)

    link_account(assignment.person, account)
    assert read_by(account) == {hamlets[0]}

    link_account(assignment.person, None)
    assert read_by(account) == set()


def test_an_account_of_another_role_gets_nothing_by_assignments(hamlets, neighbour):
    assignment = factories.assignment(of=hamlets[0])
    clerk_elsewhere = factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])

    link_account(assignment.person, clerk_elsewhere)

    assert hamlets[0] not in read_by(clerk_elsewhere)
    assert list(problems()) == []


def give_role(client, account, role) -> None:
    client.force_login(factories.user(role=Role.ADMINISTRATOR, keeps=[None]))
    url = reverse("admin:accounts_user_change", args=[account.pk])
    assert client.post(url, filled_in(client.get(url), role=role)).status_code == 302
    account.refresh_from_db()


def test_who_is_no_officer_any_more_reads_it_no_longer_and_who_becomes_one_again_does(
    client, follower, hamlets
):
    give_role(client, follower, Role.LEADER)

    assert read_by(follower) == set()
    assert list(problems()) == []

    give_role(client, follower, Role.FOLLOW_UP_OFFICER)

    assert read_by(follower) == {hamlets[0]}
    assert list(problems()) == []


def test_what_an_account_of_another_role_still_reads_ends_with_the_assignment(follower, assignment):
    type(follower).objects.filter(pk=follower.pk).update(role=Role.LEADER)
    (found,) = problems()
    assert str(follower) in found

    assignment.ends_on = timezone.localdate() - timedelta(days=1)
    correct_assignments([assignment], ["ends_on"])

    assert read_by(follower) == set()
    assert list(problems()) == []


def test_what_an_account_of_nobody_reads_by_an_assignment_is_found(hamlets):
    account = factories.user(role=Role.FOLLOW_UP_OFFICER)
    Grant.objects.create(user=account, unit=hamlets[0], access=Grant.Access.READ, source="assignment")

    assert len(list(problems())) == 1


def test_what_is_read_by_hand_stays(follower, hamlets, assignment):
    Grant.objects.create(user=follower, unit=hamlets[2], access=Grant.Access.READ)
    assignment.ends_on = timezone.localdate() - timedelta(days=1)

    correct_assignments([assignment], ["ends_on"])

    assert read_by(follower) == {hamlets[2]}


def test_a_right_without_its_assignment_is_found(follower, hamlets):
    Grant.objects.create(user=follower, unit=hamlets[2], access=Grant.Access.READ, source="assignment")

    assert len(list(problems())) == 1


def test_assigning_many_needs_the_same_queries(commune, django_assert_max_num_queries):
    units = open_units([NewUnit(parent=commune, kind="ap", name=f"Ấp {n}") for n in range(1, 41)])
    account, _first = factories.follower(factories.hamlet(parent=commune))

    with django_assert_max_num_queries(20):
        assign(Assignment(kind="hamlet_officer", person=account.person, unit=unit) for unit in units)

    assert account.grants.count() == 41
