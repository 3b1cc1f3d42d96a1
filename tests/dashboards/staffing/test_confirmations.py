"""The monthly word of communes, and the limits of a province."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from cells.models import Confirmation, Limits
from cells.months import months_back
from dashboards.figures.frames import Frame
from dashboards.staffing.confirming import month_counts
from tests import factories


def this_month() -> date:
    return timezone.localdate().replace(day=1)


def confirm(commune, month=None, **fields) -> Confirmation:
    return Confirmation.objects.create(
        commune=commune, month=month or this_month(), confirmed_at=timezone.now(), **fields
    )


@pytest.fixture
def url(province):
    return reverse("seats:confirmations_unit", args=[province.pk])


def names(client, url, **query) -> list[str]:
    return [row.full_name for row in client.get(url, query).context["rows"]]


def test_who_did_not_confirm_who_did_and_all(client, officer, commune, neighbour, url):
    confirm(commune, note="Thay trưởng ấp")
    client.force_login(officer)

    assert names(client, url) == ["Xã Giao Long"]
    assert names(client, url, loc="da") == ["Xã Phú Túc"]
    assert names(client, url, loc="tat-ca") == ["Xã Giao Long", "Xã Phú Túc"]
    assert client.get(url).context["this_month"].confirmed.fraction == "1/2"
    assert client.get(url, {"loc": "khac"}).status_code == 404


def test_telephones_are_for_those_who_may_see_them(client, officer, reader, commune, clerk, url):
    clerk.phone = "0912 345 678"
    clerk.save()
    client.force_login(officer)
    assert "0912 345 678" in client.get(url).content.decode()

    client.force_login(reader)
    assert "0912 345 678" not in client.get(url).content.decode()
    export = client.get(reverse("exporting:confirmations_unit", args=[commune.parent_id]), {"tep": "csv"})
    assert "0912" not in b"".join(export.streaming_content).decode()


def test_an_earlier_month_has_its_own_communes(officer, province, commune):
    last_month = months_back(this_month(), 2)[1]
    confirm(commune, last_month)
    young = factories.commune(parent=province)
    young.periods.update(starts_on=this_month())

    counts = month_counts(Frame(province, timezone.localdate(), officer))

    assert [(one.confirmed.count, one.confirmed.of) for one in counts[:3]] == [(0, 2), (1, 1), (0, 1)]


@pytest.mark.parametrize("month", ["2025-13", "khong", "2999-01", "9" * 30])
def test_a_month_that_is_none_is_told(client, officer, commune, url, month):
    client.force_login(officer)

    response = client.get(url, {"thang": month})

    assert response.context["month"] == this_month()
    assert "messages" in response.content.decode()


def test_the_list_is_taken_out(client, officer, commune, neighbour, province):
    confirm(neighbour)
    client.force_login(officer)

    response = client.get(
        reverse("exporting:confirmations_unit", args=[province.pk]), {"tep": "csv", "loc": "tat-ca"}
    )

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "Xã Phú Túc" in text
    assert "Xã Giao Long" in text


def test_a_commune_sees_its_months(client, clerk, commune):
    confirm(commune, months_back(this_month(), 3)[2], confirmed_by=clerk)
    client.force_login(clerk)

    response = client.get(reverse("seats:confirmed_months", args=[commune.pk]))

    assert [bool(given) for _month, given in response.context["rows"][:3]] == [False, False, True]
    assert reverse("leaders:confirm", args=[commune.pk]) in response.content.decode()


def test_who_is_led_where(client, clerk, officer, commune, province):
    client.force_login(clerk)
    assert client.get(reverse("seats:confirmations")).url == reverse(
        "seats:confirmed_months", args=[commune.pk]
    )
    client.force_login(officer)
    assert client.get(reverse("seats:confirmations")).url == reverse(
        "seats:confirmations_unit", args=[province.pk]
    )


def test_the_country_lists_every_commune(client, commune):
    client.force_login(factories.user(role=Role.ADMINISTRATOR, keeps=[None]))

    assert client.get(reverse("seats:confirmations")).context["page"].paginator.count == 1


def test_queries_do_not_grow(client, officer, province, url, django_assert_max_num_queries):
    client.force_login(officer)
    for times in (1, 5):
        for _n in range(times):
            confirm(factories.commune(parent=province))
            factories.commune(parent=province)
        with django_assert_max_num_queries(12 + 2):
            client.get(url, {"loc": "tat-ca"})


def test_tiles_say_how_many_communes_confirmed(client, officer, clerk, commune, neighbour, province):
    factories.cell(of=factories.hamlet(parent=commune))
    confirm(commune)
    said = "1/2 xã đã xác nhận trong 30 ngày"
    client.force_login(officer)
    assert said in client.get(reverse("dashboards:overview_unit", args=[province.pk])).content.decode()

    client.force_login(clerk)
    assert said not in client.get(reverse("dashboards:overview_unit", args=[commune.pk])).content.decode()


# --- limits -----------------------------------------------------------------------------------


@pytest.fixture
def limits_url(province):
    return reverse("entry:limits", args=[province.pk])


NUMBERS = {
    "interim_days": 60,
    "term_ends_days": 120,
    "least_official": 4,
    "report_days": 5,
    "most_hamlets": 2,
    "least_attendance": 90,
}


def test_a_province_sets_its_limits(client, officer, province, limits_url):
    client.force_login(officer)
    form = client.get(limits_url).context["form"]
    assert form["interim_days"].value() == 180

    response = client.post(limits_url, NUMBERS | {"seen": form["seen"].value()})

    assert response.status_code == 302
    assert Limits.objects.of(province).interim_days == 60
    assert Limits.history.count() == 1


@pytest.mark.parametrize(
    ("name", "value"), [("interim_days", 0), ("least_attendance", 101), ("most_hamlets", "")]
)
def test_a_limit_that_is_none_is_refused(client, officer, limits_url, name, value):
    client.force_login(officer)
    form = client.get(limits_url).context["form"]

    response = client.post(limits_url, NUMBERS | {name: value, "seen": form["seen"].value()})

    assert name in response.context["form"].errors
    assert not Limits.objects.exists()


def test_a_limit_set_meanwhile_is_not_written_over(client, officer, province, limits_url):
    client.force_login(officer)
    mark = client.get(limits_url).context["form"]["seen"].value()
    Limits.objects.create(province=province, interim_days=33)

    response = client.post(limits_url, NUMBERS | {"seen": mark})

    assert response.status_code == 200
    assert Limits.objects.get().interim_days == 33


def test_who_keeps_several_provinces_chooses_one(client):
    provinces = [factories.province(), factories.province()]
    client.force_login(factories.user(keeps=provinces))

    response = client.get(reverse("entry:limits_index"))

    assert list(response.context["provinces"]) == provinces
