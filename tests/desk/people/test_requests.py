"""A commune asks for somebody's record, the province assigns it or says why not; nothing leaks before."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from evaluations.models import LeaderRating
from leaders.models import Person, PersonRequest
from tests import factories
from tests.admin_forms import filled_in

REQUESTS = reverse("records:requests")
HOME = reverse("dashboards:home")
State = PersonRequest.State


@pytest.fixture
def person(neighbour):
    return factories.person(
        keeper=neighbour,
        full_name="Trần Thị Bảy",
        phone="0912 345 678",
        born_on=date(1985, 2, 3),
        born_on_precision="day",
    )


@pytest.fixture
def foreign(neighbour):
    return factories.user(username="foreign", role=Role.COMMUNE_STAFF, keeps=[neighbour])


@pytest.fixture
def asked(commune, clerk):
    return PersonRequest.objects.create(
        asked_by=commune,
        full_name="Trần Thị Bẩy",
        birth_year=1985,
        purpose="Bầu bí thư",
        asked_by_user=clerk,
    )


def url_of(asked) -> str:
    return reverse("records:request", args=[asked.pk])


def text(client, user, url: str) -> str:
    client.force_login(user)
    return client.get(url).content.decode()


def assign(client, officer, asked, person, **more):
    client.force_login(officer)
    form = client.get(url_of(asked)).context["form"]
    choice = {"person": f"{person.pk}-{person.keeper_id}", "seen": form["seen"].value()}
    return client.post(url_of(asked), choice | more, follow=True)


def test_a_commune_asks(client, clerk, commune):
    client.force_login(clerk)
    url = reverse("records:ask", args=[commune.pk])

    answer = client.post(
        url, {"full_name": "trần  thị bẩy", "birth_year": "1985", "purpose": "Bầu bí thư chi bộ"}, follow=True
    )

    asked = PersonRequest.objects.get()
    assert (asked.asked_by, asked.asked_by_user, asked.state) == (commune, clerk, State.OPEN)
    assert "chờ trả lời" in answer.content.decode().lower()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"full_name": "", "purpose": "x"}, "full_name"),
        ({"full_name": "Lê Văn Tám", "purpose": ""}, "purpose"),
        ({"full_name": "Lê Văn 8", "purpose": "x"}, "full_name"),
        ({"full_name": "Lê Văn Tám", "birth_year": "85", "purpose": "x"}, "birth_year"),
    ],
)
def test_what_is_missing_is_told(client, clerk, commune, sent, told):
    client.force_login(clerk)

    answer = client.post(reverse("records:ask", args=[commune.pk]), sent)

    assert told in answer.context["form"].errors
    assert not PersonRequest.objects.exists()


def test_who_has_been_asked_for_is_not_asked_for_again(client, clerk, commune, asked):
    client.force_login(clerk)

    answer = client.post(
        reverse("records:ask", args=[commune.pk]), {"full_name": "TRẦN THỊ BẢY", "purpose": "Bầu bí thư"}
    )

    assert answer.context["form"].non_field_errors()
    assert PersonRequest.objects.count() == 1


def test_nothing_of_the_person_shows_to_who_asks(client, clerk, asked, person, neighbour):
    for url in (url_of(asked), REQUESTS, HOME, reverse("dashboards:search") + "?q=tran+thi+bay"):
        page = text(client, clerk, url)
        for secret in ("0912 345 678", "03/02/1985", "Trần Thị Bảy", str(neighbour)):
            assert secret not in page, url
    assert client.get(person.get_absolute_url()).status_code == 404


def test_the_province_sees_who_may_be_meant(client, officer, asked, person, commune, neighbour):
    elder = factories.person(
        keeper=neighbour, full_name="Trần Thị Bảy", born_on=date(1950, 1, 1), born_on_precision="year"
    )
    unknown = factories.person(keeper=neighbour, full_name="Trần Thị Bảy")
    own = factories.person(keeper=commune, full_name="Trần Thị Bảy")
    client.force_login(officer)

    page = client.get(url_of(asked))
    assert [row.person for row in page.context["rows"]] == [person, unknown]

    page = client.get(url_of(asked), {"tim": "bảy trần"})
    assert [row.person for row in page.context["rows"]] == [person, unknown, elder]
    assert own not in [row.person for row in page.context["rows"]]


def test_assigned_the_record_is_the_communes_and_both_are_told(
    client, officer, clerk, foreign, asked, person, commune, neighbour
):
    page = assign(client, officer, asked, person).content.decode()
    assert "Đã giao" in page

    person.refresh_from_db()
    asked.refresh_from_db()
    assert person.keeper == commune
    assert (asked.state, asked.person, asked.taken_from, asked.answered_by) == (
        State.ASSIGNED,
        person,
        neighbour,
        officer,
    )
    assert "0912 345 678" in text(client, clerk, person.get_absolute_url())
    assert "đã giao hồ sơ" in text(client, clerk, HOME)
    for url in (HOME, REQUESTS):
        assert "hồ sơ đồng chí Trần Thị Bảy do xã Phú Túc quản lý" in text(client, foreign, url)
    assert client.get(url_of(asked)).status_code == 404
    client.force_login(officer)
    assert "0912" not in text(client, clerk, url_of(asked))


def test_old_news_is_no_news(client, officer, foreign, asked, person):
    assign(client, officer, asked, person)
    PersonRequest.objects.update(answered_at=timezone.now() - timedelta(days=30))

    assert "Trần Thị Bảy" not in text(client, foreign, HOME)
    assert "Trần Thị Bảy" in text(client, foreign, REQUESTS)


def test_declined_with_a_reason(client, officer, clerk, asked, person, neighbour):
    client.force_login(officer)
    url = reverse("records:decline", args=[asked.pk])
    seen = client.get(url).context["form"]["seen"].value()

    assert client.post(url, {"answer": "", "seen": seen}).context["form"].errors
    client.post(url, {"answer": "Không đúng người", "seen": seen})

    asked.refresh_from_db()
    assert (asked.state, asked.person, asked.answered_by) == (State.DECLINED, None, officer)
    for page in (text(client, clerk, url_of(asked)), text(client, clerk, HOME)):
        assert "Không đúng người" in page
        assert str(neighbour) not in page
    person.refresh_from_db()
    assert person.keeper == neighbour


def test_an_answered_request_is_answered_once(client, officer, asked, person, neighbour):
    client.force_login(officer)
    seen = client.get(url_of(asked)).context["form"]["seen"].value()
    sent = {"person": f"{person.pk}-{person.keeper_id}", "seen": seen}
    decline = reverse("records:decline", args=[asked.pk])
    client.post(decline, {"answer": "Không", "seen": seen})

    assert "đã được trả lời" in client.post(url_of(asked), sent, follow=True).content.decode()
    client.post(decline, {"answer": "Lần hai", "seen": seen})

    asked.refresh_from_db()
    person.refresh_from_db()
    assert (asked.answer, person.keeper) == ("Không", neighbour)


def test_a_record_that_has_moved_meanwhile_is_chosen_again(client, officer, asked, person, province):
    third = factories.commune(parent=province, name="Tam Phước")
    client.force_login(officer)
    seen = client.get(url_of(asked)).context["form"]["seen"].value()
    sent = {"person": f"{person.pk}-{person.keeper_id}", "seen": seen}
    Person.objects.update(keeper=third)

    answer = client.post(url_of(asked), sent)

    assert "person" in answer.context["form"].errors
    person.refresh_from_db()
    assert person.keeper == third


def test_a_level_that_is_not_sent_keeps_the_record_where_it_is(client, officer, asked, person, neighbour):
    factories.cell(of=factories.hamlet(parent=neighbour))
    review = factories.open_review(by=officer)
    review.leaderratings.create(commune=neighbour, person=person, withheld=True)

    answer = assign(client, officer, asked, person)

    assert "chưa gửi" in answer.context["form"].non_field_errors()[0]
    person.refresh_from_db()
    assert person.keeper == neighbour


def test_nor_does_the_administration_give_it_away_before(
    client, officer, clerk, foreign, person, commune, neighbour
):
    """The new keeper would read the level, and the commune that entered it would not any more."""
    factories.cell(of=factories.hamlet(parent=neighbour))
    review = factories.open_review(by=officer)
    review.leaderratings.create(commune=neighbour, person=person, withheld=True)
    client.force_login(officer)
    url = reverse("admin:leaders_person_change", args=[person.pk])

    refused = client.post(url, filled_in(client.get(url), keeper=commune.pk))

    assert "chưa gửi" in refused.content.decode()
    assert not LeaderRating.objects.visible_to(clerk).exists()
    assert LeaderRating.objects.visible_to(foreign).exists()
    answer = client.post(url, filled_in(client.get(url), education="12/12"))
    assert answer.status_code == 302
    LeaderRating.objects.update(withheld=False)
    assert client.post(url, filled_in(client.get(url), keeper=commune.pk)).status_code == 302


def test_only_the_province_answers(client, clerk, foreign, outsider, asked, person):
    sent = {"person": f"{person.pk}-{person.keeper_id}"}
    for user, status in ((clerk, 403), (foreign, 404), (outsider, 404)):
        client.force_login(user)
        assert client.post(url_of(asked), sent).status_code == status
    client.force_login(clerk)
    assert client.post(reverse("records:decline", args=[asked.pk]), {"answer": "x"}).status_code == 403


def test_a_person_of_another_province_is_not_assigned(client, officer, asked):
    far = factories.person(keeper=factories.commune(), full_name="Trần Thị Bảy")

    client.force_login(officer)
    assert client.get(url_of(asked)).context["rows"] == []
    client.post(url_of(asked), {"person": f"{far.pk}-{far.keeper_id}"})

    far.refresh_from_db()
    assert far.keeper.province_id != asked.asked_by.province_id


def test_the_province_is_told_how_many_wait(client, officer, asked):
    assert "yêu cầu hồ sơ chờ trả lời" in text(client, officer, HOME)
    PersonRequest.objects.update(state=State.DECLINED, answer="x", answered_at=timezone.now())
    assert "yêu cầu hồ sơ chờ trả lời" not in text(client, officer, HOME)


@pytest.mark.parametrize("many", [1, 8])
def test_the_list_needs_the_same_queries_for_any_number(
    client, officer, commune, django_assert_max_num_queries, many
):
    for number in range(many):
        PersonRequest.objects.create(
            asked_by=commune, full_name=f"Lê {factories.spelled(number)}", purpose="x"
        )
    client.force_login(officer)

    with django_assert_max_num_queries(12):
        assert len(client.get(REQUESTS).context["page"].object_list) == many


def test_the_commune_withdraws_its_own_request(client, clerk, asked, commune):
    client.force_login(clerk)
    assert "Rút lại yêu cầu" in text(client, clerk, url_of(asked))

    page = client.post(reverse("records:recall", args=[asked.pk]), follow=True).content.decode()

    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == (State.RECALLED, clerk)
    assert PersonRequest.history.first().change_set.by == clerk
    assert "Xã đã rút lại" in page
    assert "Rút lại yêu cầu</button>" not in page
    # Nobody answers it any more, and it may be asked for again.
    assert client.post(reverse("records:recall", args=[asked.pk]), follow=True).status_code == 200
    again = {"full_name": "Trần Thị Bẩy", "birth_year": "1985", "purpose": "Bầu bí thư"}
    assert client.post(reverse("records:ask", args=[commune.pk]), again).status_code == 302


def test_nobody_else_withdraws_a_request(client, officer, foreign, reader, asked):
    for user, status in ((officer, 403), (foreign, 404), (reader, 403)):
        client.force_login(user)
        assert client.post(reverse("records:recall", args=[asked.pk])).status_code == status
    asked.refresh_from_db()
    assert asked.state == State.OPEN


# --- seats elsewhere ------------------------------------------------------------------------


@pytest.fixture
def secretary(person, neighbour):
    cell = factories.cell(of=factories.hamlet(parent=neighbour, name="5"), name="Chi bộ ấp 5")
    return factories.tenure(cell=cell, person=person)


def test_the_new_keeper_reads_and_prints_the_seats_elsewhere(
    client, clerk, officer, asked, person, secretary
):
    form = assign(client, officer, asked, person).context["form"]
    assert "Bí thư chi bộ ấp 5" in " ".join(form.errors["sure"])
    person.refresh_from_db()
    assert person.keeper_id != asked.asked_by_id

    assign(client, officer, asked, person, sure="on")

    shown = text(client, clerk, person.get_absolute_url())
    assert "Bí thư chi bộ ấp 5" in shown
    assert "xã Giao Long" in shown
    # What stands elsewhere may be read of, not opened.
    assert secretary.cell.get_absolute_url() not in shown
    printed = text(client, clerk, reverse("records:paper", args=[person.pk]))
    assert "Chức vụ hiện nay: Bí thư chi bộ ấp 5" in printed
    assert client.get(secretary.cell.get_absolute_url()).status_code == 404


def test_who_does_not_keep_the_record_reads_the_seats_of_the_own_scope(
    client, foreign, clerk, commune, person, secretary
):
    elsewhere = factories.cell(of=factories.hamlet(parent=commune, name="9"), name="Chi bộ ấp 9")
    factories.tenure(office="deputy_secretary", cell=elsewhere, person=person)

    assert "ấp 5" not in text(client, clerk, person.get_absolute_url())
    assert "ấp 9" in text(client, foreign, person.get_absolute_url())
