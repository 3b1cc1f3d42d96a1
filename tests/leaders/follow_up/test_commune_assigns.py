"""A commune lets its own people follow its own hamlets; what the province assigned stays the province's."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from cells.models import Grant
from leaders.models import Assignment, Visit
from tests import factories
from tests.sending import opened_and_sent
from tests.worlds import kept

ASSIGN = reverse("follow_up:assign")


@kept
def member(commune):
    """A committee member of the commune."""
    return factories.person(keeper=commune, full_name="Đỗ Thị Lan")


@kept
def own(hamlets, member):
    return factories.assignment(of=hamlets[0], person=member, by_commune=True)


@kept
def of_province(hamlets, member):
    return factories.assignment(of=hamlets[1], person=member)


def assign_to(client, place, units, **data):
    typed = {"kind": "hamlet_officer", "units": [unit.pk for unit in units], "starts_on": "2026-01-05"}
    return opened_and_sent(client, f"{ASSIGN}?noi={place.pk}", {**typed, **data})


def test_a_commune_assigns_to_its_own_hamlets_alone(client, clerk, commune, neighbour, hamlets, member):
    client.force_login(clerk)
    foreign = factories.hamlet(parent=neighbour, name="7")

    # One commune is not chosen from a list.
    assert client.get(ASSIGN).context["place"] == commune
    assert client.get(f"{ASSIGN}?noi={neighbour.pk}").status_code == 404
    assert client.get(f"{ASSIGN}?noi={commune.province_id}").status_code == 404
    refused = assign_to(client, commune, [hamlets[0], foreign], person=member.pk)
    assert "units" in refused.context["form"].errors

    assign_to(client, commune, hamlets[:2], person=member.pk, organisation="Đảng ủy xã")

    made = Assignment.objects.all()
    assert {one.unit for one in made} == set(hamlets[:2])
    assert all(one.by_commune and one.person == member for one in made)


def test_whom_a_commune_assigns_reads_what_is_followed_and_no_more(client, clerk, commune, hamlets, follower):
    client.force_login(clerk)
    assign_to(client, commune, [hamlets[2]], person=follower.person.pk)

    grants = Grant.objects.filter(user=follower)
    assert {(grant.unit, grant.access) for grant in grants} == {(hamlets[0], "read"), (hamlets[2], "read")}
    # With which account somebody signs in is said by the province.
    one = Assignment.objects.get(unit=hamlets[2])
    assert client.get(reverse("follow_up:account", args=[one.pk])).status_code == 403


@pytest.mark.parametrize("page", ["assignment_edit", "hand_over", "log"])
def test_a_commune_changes_what_it_assigned_and_reads_the_rest(client, clerk, own, of_province, page):
    client.force_login(clerk)

    assert client.get(reverse(f"follow_up:{page}", args=[own.pk])).status_code == 200
    assert client.get(reverse(f"follow_up:{page}", args=[of_province.pk])).status_code == 403
    assert (
        client.post(reverse(f"follow_up:{page}", args=[of_province.pk]), {"confirmed": "1"}).status_code
        == 403
    )
    shown = client.get(reverse("follow_up_board:officer", args=[own.pk])).content.decode()
    assert reverse("follow_up:assignment_edit", args=[own.pk]) in shown
    assert reverse("follow_up:assignment_edit", args=[of_province.pk]) not in shown
    assert reverse("follow_up:log", args=[of_province.pk]) not in shown


def test_a_hand_over_by_the_commune_leaves_what_the_province_assigned(
    client, clerk, commune, own, of_province
):
    successor = factories.person(keeper=commune, full_name="Lê Văn Tám")
    client.force_login(clerk)
    url, typed = reverse("follow_up:hand_over", args=[own.pk]), {"person": successor.pk, "on": "2026-03-01"}

    seen = client.post(url, typed).context["form"]["seen"].value()
    client.post(url, {**typed, "seen": seen, "confirmed": "1"})

    own.refresh_from_db()
    of_province.refresh_from_db()
    assert (own.ends_on, of_province.ends_on) == (date(2026, 2, 28), None)
    new = Assignment.objects.get(person=successor)
    assert (new.unit, new.by_commune) == (own.unit, True)


def test_a_day_before_the_last_visit_is_told_before_it_is_refused(client, officer, of_province, commune):
    today = timezone.localdate()
    factories.visit(under=of_province, day=today)
    successor = factories.person(keeper=commune, full_name="Lê Văn Tám")
    client.force_login(officer)

    typed = {"person": successor.pk, "on": today.isoformat()}
    shown = client.post(reverse("follow_up:hand_over", args=[of_province.pk]), typed).content.decode()

    assert f"có buổi đi cơ sở từ ngày {today:%d/%m/%Y}" in shown
    assert 'name="confirmed"' not in shown


def test_a_commune_inspects_and_corrects_its_own_inspections(client, clerk, officer, commune, hamlets):
    typed = {"units": [hamlets[0].pk], "day": "2026-03-01", "team": "Tổ kiểm tra số 1", "conclusion": "Tốt"}
    url = f"{reverse('follow_up:inspection_new')}?noi={commune.pk}"
    made = []
    for user in (clerk, officer):
        client.force_login(user)
        assert opened_and_sent(client, url, typed).status_code == 302
        made.append(Visit.objects.latest("pk"))

    client.force_login(clerk)
    edits = [reverse("follow_up:visit_edit", args=[visit.pk]) for visit in made]
    assert [client.get(edit).status_code for edit in edits] == [200, 403]
