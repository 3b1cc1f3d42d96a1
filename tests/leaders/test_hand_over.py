"""Somebody leaves in three steps, and both ways to a successor stand side by side."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cells.models import Limits
from leaders.actions import end_tenure
from leaders.hand_over import Cause, in_charge_of, left_seats, way_out_of
from leaders.late import tell_late
from leaders.models import PARTY_OFFICES, Contest, Office, Tenure, WayIn, WayOut
from leaders.models.tenures import HAMLET_WAYS_OUT, PARTY_WAYS_OUT
from tests import factories


@pytest.fixture
def hamlet(commune):
    return factories.hamlet(parent=commune, name="Phước Hậu")


@pytest.fixture
def cell(hamlet):
    return factories.cell(of=hamlet, name="Chi bộ ấp Phước Hậu")


@pytest.fixture
def secretary(cell, leader):
    return factories.tenure(cell=cell, person=leader)


@pytest.fixture
def head(hamlet, leader):
    return factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=leader)


@pytest.fixture
def seats(secretary, head):
    return secretary, head


@pytest.fixture
def url(leader):
    return reverse("leaders:leave", args=[leader.pk])


def successors(leader) -> str:
    return reverse("leaders:successors", args=[leader.pk])


def send(client, url, **data):
    mark = client.get(url).context["form"]["seen"].value()
    return client.post(url, {"seen": mark, **data})


@pytest.mark.parametrize("cause", Cause.values)
@pytest.mark.parametrize("office", Office.values)
def test_every_cause_is_a_way_out_that_the_office_knows(cause, office):
    known = PARTY_WAYS_OUT if office in PARTY_OFFICES else HAMLET_WAYS_OUT

    assert way_out_of(cause, office) in known


# --- three steps --------------------------------------------------------------------------


def test_the_first_step_proposes_the_way_out_of_each_seat(client, clerk, seats, url):
    secretary, head = seats
    client.force_login(clerk)

    form = send(client, url, first="1", cause="health", last_day="2026-03-18").context["form"]

    assert form[f"seat_{secretary.pk}"].value() == WayOut.HEALTH
    assert form[f"seat_{head.pk}"].value() == WayOut.RELIEVED
    assert form["last_day"].value() == date(2026, 3, 18)
    assert Tenure.objects.filter(ends_on__isnull=False).count() == 0


def test_opened_from_one_seat_only_that_one_is_proposed(client, clerk, seats, url):
    secretary, head = seats
    client.force_login(clerk)

    form = send(client, f"{url}?chuc={head.pk}", first="1", cause="resigned", last_day="2026-03-18").context[
        "form"
    ]

    assert form[f"seat_{head.pk}"].value() == WayOut.RELIEVED
    assert not form[f"seat_{secretary.pk}"].value()


def test_a_death_is_of_every_seat_wherever_the_page_was_opened(client, clerk, seats, url):
    secretary, head = seats
    client.force_login(clerk)

    form = send(client, f"{url}?chuc={head.pk}", first="1", cause="died", last_day="2026-03-18").context[
        "form"
    ]

    assert form[f"seat_{secretary.pk}"].value() == form[f"seat_{head.pk}"].value() == WayOut.DIED


def test_the_three_steps_to_the_end(client, clerk, seats, url, leader):
    secretary, head = seats
    client.force_login(clerk)
    first = {
        "cause": "died",
        "last_day": "2026-03-18",
        "decision_number": "12-TB/ĐU",
        "decision_date": "2026-03-20",
        "decision_body": "Đảng ủy xã Phú Túc",
    }
    step_two = send(client, url, first="1", **first).context["form"]
    second = {name: step_two[name].value() or "" for name in step_two.fields}

    asked = client.post(url, second)

    assert len(asked.context["consequences"]) == 2
    assert asked.context["staying"] == []
    done = client.post(url, second | {"confirmed": "1"})
    assert done.url == successors(leader)
    ended = Tenure.objects.get(pk=secretary.pk)
    assert (ended.ends_on, ended.way_out) == (date(2026, 3, 18), WayOut.DIED)
    assert ended.decision.number == "12-TB/ĐU"


def test_going_back_keeps_what_was_entered(client, clerk, seats, url):
    client.force_login(clerk)

    form = send(client, url, again="1", cause="resigned", last_day="2026-03-18").context["form"]

    assert form["cause"].value() == "resigned"
    assert form["last_day"].value() == "2026-03-18"


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"cause": "", "last_day": "2026-03-18"}, "cause"),
        ({"cause": "resigned", "last_day": str(timezone.localdate() + timedelta(days=2))}, "last_day"),
        ({"cause": "resigned", "last_day": "2026-03-18", "decision_number": "1"}, "decision_date"),
    ],
)
def test_a_first_step_with_a_fault_is_not_left(client, clerk, seats, url, entered, field):
    client.force_login(clerk)

    form = send(client, url, first="1", **entered).context["form"]

    assert field in form.errors


def test_the_start_finds_those_in_office_by_name(client, clerk, seats, leader, neighbour):
    factories.tenure(cell=factories.cell(of=factories.hamlet(parent=neighbour)))
    client.force_login(clerk)
    start = reverse("leaders:hand_over")

    assert [person.pk for person in client.get(start).context["page"]] == [leader.pk]
    assert list(client.get(start, {"tim": "hoa"}).context["page"]) == [leader]
    assert list(client.get(start, {"tim": "khong co"}).context["page"]) == []


@pytest.mark.parametrize("words", ["Lê Hoa", "le  hoa"])
def test_whose_whole_name_it_is_comes_first(client, clerk, commune, words):
    for name in ("Lê Hoa Anh", "Lê Hoa", "Trần Lê Hoa"):
        cell = factories.cell(of=factories.hamlet(parent=commune, name=f"Ấp {name}"))
        factories.tenure(cell=cell, person=factories.person(keeper=commune, full_name=name))
    client.force_login(clerk)

    found = client.get(reverse("leaders:hand_over"), {"tim": words}).context["page"]

    assert [person.full_name for person in found] == ["Lê Hoa", "Trần Lê Hoa", "Lê Hoa Anh"]


# --- who follows --------------------------------------------------------------------------


@pytest.fixture
def died(seats):
    end_tenure(seats[0], last_day=date(2026, 3, 18), way_out=WayOut.DIED)


def test_both_ways_stand_side_by_side(client, clerk, died, leader):
    client.force_login(clerk)

    response = client.get(successors(leader))

    (party,), (hamlet,) = response.context["party"], response.context["hamlet"]
    assert (party.is_vacant, hamlet.is_vacant) == (True, True)
    text = response.content.decode()
    assert "cach=chi-dinh" in text
    assert "cach=lam-thoi" in text


def test_the_deputy_is_in_charge_until_a_secretary_follows(client, clerk, died, leader, cell):
    deputy = factories.tenure(office=Office.DEPUTY_SECRETARY, cell=cell)

    charge = in_charge_of([cell.pk], timezone.localdate())[cell.pk]
    assert (charge.tenure, charge.since) == (deputy, date(2026, 3, 19))
    factories.tenure(cell=cell, starts_on=date(2026, 4, 1), way_in=WayIn.APPOINTED)
    assert in_charge_of([cell.pk], timezone.localdate()) == {}
    assert in_charge_of([cell.pk], date(2026, 3, 20))[cell.pk].tenure == deputy

    client.force_login(clerk)
    (party,) = client.get(successors(leader)).context["party"]
    assert party.is_settled


def test_of_several_deputies_none_is_in_charge_by_itself(cell, died):
    for _n in range(2):
        factories.tenure(office=Office.DEPUTY_SECRETARY, cell=cell)

    charge = in_charge_of([cell.pk], timezone.localdate())[cell.pk]

    assert charge.tenure is None
    assert len(charge.deputies) == 2


def test_an_interim_head_is_one_step_an_election_the_next(client, clerk, died, leader, hamlet, province):
    Limits.objects.create(province=province, interim_days=77)
    interim = factories.tenure(
        office=Office.HAMLET_HEAD, hamlet=hamlet, starts_on=date(2026, 4, 1), way_in=WayIn.INTERIM
    )
    Contest.objects.create(
        kind="head_election", hamlet=hamlet, term="2025-2027", planned_on=timezone.localdate()
    )
    client.force_login(clerk)

    response = client.get(successors(leader))

    (one,) = response.context["hamlet"]
    assert (one.is_interim, one.is_settled, one.contest.term) == (True, False, "2025-2027")
    assert reverse("leaders:replace", args=[interim.pk]) in response.content.decode()
    assert "77 ngày" in response.content.decode()
    # The contest of the plan is told from an election beside it, and each has its own page.
    text = response.content.decode()
    assert f"Ghi kết quả bầu đã lên kế hoạch ngày {timezone.localdate():%d/%m/%Y}" in text
    grid = reverse("elections:grid", args=["2025-2027", hamlet.commune_id, Contest.Kind.HEAD_ELECTION])
    assert f"{grid}#h{hamlet.pk}" in text
    assert "Ghi kết quả bầu bổ sung" in text


def test_an_election_that_failed_on_its_day_is_led_to_its_next_attempt(client, clerk, died, leader, hamlet):
    today = timezone.localdate()
    term = f"{today.year}-{today.year + 3}"
    failed = Contest.objects.create(
        kind="head_election", hamlet=hamlet, term=term, held_on=today, outcome="failed"
    )
    client.force_login(clerk)

    text = client.get(successors(leader)).content.decode()

    assert f"Cuộc bầu ngày {today:%d/%m/%Y} không thành, phải tổ chức lại" in text
    assert reverse("elections:contest", args=[failed.pk]) in text
    grid = reverse("elections:grid", args=[term, hamlet.commune_id, Contest.Kind.HEAD_ELECTION])
    assert f'href="{grid}#h{hamlet.pk}">Ghi kết quả bầu lại' in text


@pytest.mark.parametrize(
    ("others", "is_told"),
    [
        ([], True),
        ([("failed", 1)], True),
        ([("planned", None)], True),
        ([("held", 1)], False),
        ([("held", 0)], False),
    ],
)
def test_what_failed_is_told_until_it_was_held(leader, died, clerk, cell, others, is_told):
    today = timezone.localdate()
    term = f"{today.year}-{today.year + 3}"
    for outcome, later in [("failed", 0), *others]:
        held_on = None if later is None else today - timedelta(days=20 - later)
        Contest.objects.create(kind="congress", cell=cell, term=term, outcome=outcome, held_on=held_on)

    (party, _hamlet) = left_seats(leader, clerk, today)

    assert (party.failed is not None) is is_told


def test_a_term_that_is_over_asks_for_no_election(leader, died, clerk, hamlet):
    Contest.objects.create(
        kind="head_election", hamlet=hamlet, term="2017-2020", held_on=date(2017, 5, 1), outcome="failed"
    )

    (_party, headship) = left_seats(leader, clerk, timezone.localdate())

    assert headship.failed is None


def test_a_secretary_follows_by_appointment_or_congress_and_by_no_by_election(
    client, clerk, secretary, leader
):
    end_tenure(secretary, last_day=date(2026, 3, 18), way_out=WayOut.DIED)
    client.force_login(clerk)

    text = client.get(successors(leader)).content.decode()

    assert "Ghi kết quả đại hội" in text
    assert "bầu bổ sung" not in text


def test_how_a_seat_was_left_stands_behind_its_days(client, clerk, secretary, leader):
    end_tenure(secretary, last_day=date(2026, 3, 18), way_out=WayOut.DIED)
    client.force_login(clerk)

    text = client.get(successors(leader)).content.decode()

    assert "Lê Thị Hoa: giữ chức từ 01/01/2020 đến 18/03/2026 (từ trần)" in text


def test_the_way_in_of_the_link_is_preset_and_saving_leads_back(client, clerk, died, leader, hamlet):
    client.force_login(clerk)
    url = (
        reverse("leaders:fill_hamlet_seat", args=[hamlet.pk, Office.HAMLET_HEAD])
        + f"?cach=lam-thoi&sau={leader.pk}"
    )

    form = client.get(url).context["form"]
    assert form["way_in"].value() == WayIn.INTERIM
    response = client.post(
        url,
        {
            "seen": form["seen"].value(),
            "full_name": "Phan Văn Tám",
            "starts_on": "2026-04-02",
            "way_in": "interim",
        },
    )

    assert response.url == successors(leader)


def test_a_seat_left_long_before_is_not_told_unless_it_is_vacant(client, clerk, leader, died, commune):
    old = factories.tenure(
        office=Office.HAMLET_HEAD,
        hamlet=factories.hamlet(parent=commune),
        person=leader,
        starts_on=date(2010, 1, 1),
        ends_on=date(2015, 1, 1),
        way_out=WayOut.TERM_ENDED,
    )
    client.force_login(clerk)
    assert len(client.get(successors(leader)).context["hamlet"]) == 2

    factories.tenure(office=Office.HAMLET_HEAD, hamlet=old.hamlet, starts_on=date(2015, 1, 2))

    assert len(client.get(successors(leader)).context["hamlet"]) == 1


# --- late entry ---------------------------------------------------------------------------


def known_since(thing, days: int) -> None:
    """Let the site have known this for so many days."""
    at = timezone.now() - timedelta(days=days)
    type(thing).history.filter(id=thing.pk).update(history_date=at)


def days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


@pytest.mark.parametrize(
    ("known", "ended", "is_late"),
    [(200, 60, True), (200, 31, True), (200, 30, False), (50, 60, False), (60, 60, True)],
)
def test_an_end_entered_a_month_after_its_day_is_late(cell, secretary, known, ended, is_late):
    known_since(cell, known)
    end_tenure(secretary, last_day=days_ago(ended), way_out=WayOut.DIED)

    secretary.refresh_from_db()
    tell_late([secretary])

    assert secretary.late_end == (timezone.localdate() if is_late else None)
    # It began before the site knew the cell.
    assert secretary.late_start is None


def test_a_beginning_entered_late_stays_late_when_something_else_changes(hamlet):
    known_since(hamlet, 200)
    head = factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, starts_on=days_ago(90))
    known_since(head, 5)
    head.term = "2025-2027"
    head.save()

    tell_late([head])

    assert head.late_start == days_ago(5)


def test_a_day_that_is_corrected_counts_from_its_correction(hamlet):
    known_since(hamlet, 200)
    head = factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, starts_on=days_ago(100))
    known_since(head, 99)
    tell_late([head])
    assert head.late_start is None

    head.starts_on = days_ago(120)
    head.save()

    tell_late([head])
    assert head.late_start == timezone.localdate()


def test_seat_person_and_cell_say_what_was_entered_late(client, clerk, cell, hamlet, secretary, leader):
    known_since(cell, 200)
    end_tenure(secretary, last_day=days_ago(60), way_out=WayOut.DIED)
    client.force_login(clerk)
    said = f"nhập bổ sung ngày {timezone.localdate():%d/%m/%Y}"

    for page in (
        cell.get_absolute_url(),
        leader.get_absolute_url(),
        successors(leader),
        reverse("dashboards:figure_rows", args=[cell.commune_id, "vacant_secretaries"]),
        reverse("dashboards:figure_rows", args=[cell.commune_id, "merged_role"]) + "?phan=con-lai",
    ):
        assert said in client.get(page).content.decode().replace("Nhập bổ", "nhập bổ"), page


def test_telling_asks_the_same_of_any_number(cell, hamlet, commune, django_assert_num_queries):
    tenures = [factories.tenure(cell=cell), factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet)]
    for _n in range(5):
        tenures.append(factories.tenure(cell=factories.cell(of=factories.hamlet(parent=commune))))

    with django_assert_num_queries(1):
        tell_late(tenures)
