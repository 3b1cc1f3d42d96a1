"""The page of a person: seats from day to day, titles led, training, commendations, and who may read what."""

from datetime import date

import pytest
from django.urls import reverse

from leaders.actions import end_tenure
from leaders.models import Commendation, Course, Office, Participation
from tests import factories


@pytest.fixture
def cell(commune):
    return factories.cell(of=factories.hamlet(parent=commune, name="Phước Hậu"), name="Chi bộ ấp Phước Hậu")


@pytest.fixture
def person(commune):
    return factories.person(keeper=commune, full_name="Lê Thị Hoa")


def page(client, user, person):
    client.force_login(user)
    return client.get(person.get_absolute_url())


def test_who_follows_is_asked_in_the_word_of_the_place(client, clerk, commune, person):
    quarter = factories.hamlet(parent=commune, name="9", kind="khu_pho")
    seat = factories.tenure(office=Office.HAMLET_HEAD, hamlet=quarter, person=person)
    end_tenure(seat, last_day=date(2026, 3, 18), way_out="relieved")

    text = page(client, clerk, person).content.decode()

    assert "Kiện toàn: chức vụ Đảng và chức vụ của khu phố" in text


def test_seats_stand_in_one_table_the_latest_first(client, clerk, cell, person):
    hamlet = cell.areas.get().hamlet
    factories.tenure(
        cell=cell, person=person, starts_on=date(2015, 1, 1), ends_on=date(2019, 12, 31), way_out="term_ended"
    )
    factories.tenure(cell=cell, person=person, starts_on=date(2020, 1, 1), term="2020-2022")
    factories.tenure(office=Office.FRONT_HEAD, hamlet=hamlet, person=person, seen_on=date(2018, 3, 1))

    answer = page(client, clerk, person)

    days = [seat.starts_on or seat.seen_on for seat in answer.context["record"].tenures]
    assert days == [date(2020, 1, 1), date(2018, 3, 1), date(2015, 1, 1)]
    text = answer.content.decode()
    for shown in ("31/12/2019", "hết nhiệm kỳ", "2020-2022", "chưa rõ, có mặt ngày 01/03/2018"):
        assert shown in text


@pytest.mark.parametrize(
    ("led", "recognised", "revoked", "shown"),
    [
        # Won under this secretary, and held to this day.
        ((date(2020, 1, 1), None), date(2021, 12, 10), None, (date(2021, 12, 10), None)),
        # Held already on the first day; revoked before the secretary left.
        (
            (date(2022, 1, 1), None),
            date(2021, 12, 10),
            date(2023, 1, 1),
            (date(2022, 1, 1), date(2022, 12, 31)),
        ),
        # Won on the last day of the secretary.
        (
            (date(2020, 1, 1), date(2021, 12, 10)),
            date(2021, 12, 10),
            None,
            (date(2021, 12, 10), date(2021, 12, 10)),
        ),
        # Won the day after.
        ((date(2020, 1, 1), date(2021, 12, 9)), date(2021, 12, 10), None, None),
        # Revoked on the first day: it is not held on that day any more.
        ((date(2022, 1, 1), None), date(2021, 12, 10), date(2022, 1, 1), None),
    ],
)
def test_a_title_counts_for_as_long_as_both_lasted(
    client, clerk, cell, person, led, recognised, revoked, shown
):
    factories.tenure(cell=cell, person=person, starts_on=led[0], ends_on=led[1])
    more = (
        {
            "state": "revoked",
            "revoked_on": revoked,
            "revocation": factories.decision(),
            "revocation_reason": "x",
        }
        if revoked
        else {}
    )
    factories.title_case(of=cell, recognised_on=recognised, **more)

    titles = page(client, clerk, person).context["record"].led_titles

    assert [(one.starts_on, one.ends_on) for one in titles] == ([shown] if shown else [])
    assert all(one.was_won == (recognised == one.starts_on) for one in titles)


def test_who_was_no_secretary_led_no_cell(client, clerk, cell, person):
    factories.tenure(office=Office.DEPUTY_SECRETARY, cell=cell, person=person)
    factories.title_case(of=cell, recognised_on=date(2021, 12, 10))

    assert page(client, clerk, person).context["record"].led_titles == []


def test_who_keeps_the_record_is_told_the_seats_of_another_commune_and_opens_nothing_there(
    client, clerk, neighbour, person
):
    far = factories.cell(of=factories.hamlet(parent=neighbour), name="Chi bộ ấp Giao Hòa")
    factories.tenure(cell=far, person=person)
    factories.title_case(of=far, recognised_on=date(2021, 12, 10))

    answer = page(client, clerk, person)

    shown = answer.content.decode()
    assert "Giao Hòa" in shown
    assert "xã Giao Long" in shown
    assert far.get_absolute_url() not in shown
    assert reverse("leaders:leave", args=[person.pk]) not in shown
    assert answer.context["record"].led_titles == []


def test_training_and_commendations_are_told(client, reader, province, person):
    course = Course.objects.create(
        unit=province,
        name="Bồi dưỡng bí thư chi bộ",
        starts_on=date(2024, 5, 6),
        organiser="Trường Chính trị",
    )
    Participation.objects.create(course=course, person=person, result="Loại giỏi")
    Commendation.objects.create(
        person=person, year=2023, form="diploma", decision=factories.decision(), merit="Vận động hiến đất"
    )

    text = page(client, reader, person).content.decode()

    for shown in (
        "Bồi dưỡng bí thư chi bộ",
        "06/05/2024",
        "Trường Chính trị",
        "Loại giỏi",
        "Vận động hiến đất",
    ):
        assert shown in text


def test_a_level_that_is_not_sent_is_told_to_the_commune_alone(client, clerk, officer, cell, person, commune):
    review = factories.open_review(by=officer)
    review.leaderratings.create(commune=commune, person=person, cell=cell, self_level="GOOD", withheld=True)

    assert len(page(client, clerk, person).context["ratings"]) == 1
    assert page(client, officer, person).context["ratings"] == []


def test_the_history_names_who_changed_what_and_courses_by_their_names(client, clerk, province, person):
    course = Course.objects.create(unit=province, name="Bồi dưỡng bí thư chi bộ", starts_on=date(2024, 5, 6))
    Participation.objects.create(course=course, person=person)

    changes = page(client, clerk, person).context["changes"]

    assert "Bồi dưỡng bí thư chi bộ (06/05/2024)" in [field.after for one in changes for field in one.fields]


def test_the_page_leads_to_paper(client, reader, person):
    assert reverse("records:paper", args=[person.pk]) in page(client, reader, person).content.decode()


def test_the_page_needs_the_same_queries_for_any_number_of_facts(
    client, clerk, cell, commune, province, person, queries_of
):
    def live(year: int):
        decision = factories.decision(number=f"{year}-QĐ")
        factories.tenure(
            cell=cell,
            person=person,
            starts_on=date(year, 1, 1),
            ends_on=date(year, 12, 31),
            decision=decision,
        )
        course = Course.objects.create(unit=province, name=f"Lớp {year}", starts_on=date(year, 5, 6))
        Participation.objects.create(course=course, person=person)
        Commendation.objects.create(person=person, year=year, form="paper", decision=decision, merit="Tốt")
        factories.leader_rating(of=person, cell=cell, cycle=factories.cycle(province=province, year=year))

    live(2018)
    factories.title_case(of=cell, recognised_on=date(2018, 2, 1))
    client.force_login(clerk)
    for_one = queries_of(person.get_absolute_url())
    for year in range(2019, 2025):
        live(year)

    assert queries_of(person.get_absolute_url()) == for_one
