"""Every board of a province, and the lists behind it: twelve queries after sign-in, for many rows as for few."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench import boards
from bench.country.life import TERM
from bench.rivals import STATEMENTS
from bench.stock import CHOOSING, stock_page
from cells.models import Confirmation, Meeting
from cells.months import month_of
from evaluations.models import CellRating, LeaderRating, Submission
from leaders.learning.actions import add_participants, commend
from leaders.models import Candidacy, Commendation, Contest, Course, Office, Person
from tests import factories

TODAY = timezone.localdate


@pytest.fixture
def live(officer, province, commune, neighbour):
    """Let everything happen in one more hamlet of each of the two communes."""
    factories.criteria_set(province=province, starts_on=date(2020, 1, 1))
    paper = factories.decision(unit=province)
    course = Course.objects.create(unit=province, name="Bồi dưỡng bí thư", starts_on="2025-03-01")
    review = factories.open_review(by=officer)
    Submission.objects.update(
        state="received", decision=paper, sent_at=timezone.now(), received_at=timezone.now()
    )

    def happen() -> None:
        for home in (commune, neighbour):
            hamlet = factories.hamlet(parent=home)
            cell = factories.cell(of=hamlet)
            leader, other = (factories.person(keeper=home, phone="0912345678") for _time in range(2))
            hold_seats(cell, hamlet, leader, other)
            elect(hamlet, cell, leader, other)
            meet(cell)
            factories.title_case(of=cell, recognised_on=date(2024, 12, 1))
            follow(hamlet)
            add_participants(course, [leader])
            commend([Commendation(person=leader, year=2025, form="paper", decision=paper, merit="Xuất sắc")])
            Confirmation.objects.get_or_create(
                commune=home, month=month_of(TODAY()), defaults={"confirmed_at": timezone.now()}
            )
            rate(review, cell, leader, paper)

    return happen


def hold_seats(cell, hamlet, leader: Person, other: Person) -> None:
    factories.tenure(cell=cell, person=leader, term="2020-2022")
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=leader)
    factories.tenure(office=Office.FRONT_HEAD, hamlet=hamlet, person=other)
    # A hamlet whose head has gone.
    empty = factories.hamlet(parent=hamlet.parent)
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=empty, ends_on=TODAY() - timedelta(days=40))


def elect(hamlet, cell, leader: Person, other: Person) -> None:
    for kind, body, person in (
        ("head_election", {"hamlet": hamlet}, other),
        ("congress", {"cell": cell}, leader),
    ):
        contest = Contest.objects.create(kind=kind, term=TERM, outcome="held", held_on="2025-11-10", **body)
        office = "secretary" if kind == "congress" else ""
        Candidacy.objects.create(contest=contest, person=person, elected=True, office=office)


def meet(cell) -> None:
    day = date(TODAY().year - (TODAY().month == 1), 1, 5)
    Meeting.objects.create(cell=cell, day=day, expected=10, present=5)


def follow(hamlet) -> None:
    work = factories.assignment(of=hamlet)
    factories.visit(under=work, promise="Làm đường", promise_due=TODAY())


def rate(review, cell, leader: Person, paper) -> None:
    decided = {"decided_level": "EXCELLENT", "decision": paper, "decided_on": paper.date}
    placed = {"cycle": review, "cell": cell, "commune": cell.commune, "province": review.province}
    CellRating.objects.create(**placed, **decided)
    LeaderRating.objects.create(person=leader, office=Office.SECRETARY, **placed, **decided)


def asked(client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200, url
    return len(captured)


def test_boards_ask_as_much_for_many_rows_as_for_few(client, officer, province, live):
    client.force_login(officer)
    live()
    addresses = dict(boards.of_staff(province))
    assert set(addresses) == set(STATEMENTS)
    for url in addresses.values():
        client.get(url)
    few = {what: asked(client, url) for what, url in addresses.items()}
    for _time in range(3):
        live()

    many = {what: asked(client, url) for what, url in addresses.items()}

    assert {what: (few[what], count) for what, count in many.items() if count > few[what]} == {}
    frame = asked(client, reverse(boards.FRAME_ALONE))
    too_many = {what: count - frame for what, count in many.items() if count - frame > boards.MOST_QUERIES}
    assert too_many == {}


# Seats that began or ended, whose days a stock list does not join to changes.
@pytest.mark.parametrize("what", sorted(set(CHOOSING) - {"merged role, changes"}))
def test_a_stock_list_finds_the_rows_of_ours(client, officer, province, live, what):
    live()
    client.force_login(officer)
    found = client.get(boards._behind(client, dict(boards.of_staff(province))[what]))

    assert stock_page(what, province).result_count == found.context["page"].paginator.count > 0
