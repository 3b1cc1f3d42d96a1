"""Registering cells for a title: many at once, by the criteria of the day, never one that is on its way."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cells.models import Cell
from evaluations.models import Title, TitleCase
from evaluations.titling.registering import register
from tests import factories

DAY = date(2026, 2, 1)
REGISTER = reverse("titles:register")


@pytest.fixture
def title():
    return Title.objects.get(code="TSVMTD")


@pytest.fixture
def cells(commune):
    return [
        factories.cell(of=factories.hamlet(parent=commune, name=str(number)), name=f"Chi bộ ấp {number}")
        for number in range(3)
    ]


def fresh(cells):
    return Cell.objects.filter(pk__in=[cell.pk for cell in cells]).select_related("commune__province")


def test_cells_go_by_the_criteria_of_the_day_they_are_registered(cells, title, province):
    old = factories.criteria_set(province=province, ends_on=date(2025, 12, 31))
    new = factories.criteria_set(province=province, starts_on=date(2026, 1, 1))

    register(fresh(cells[:1]), title=title, year=2025, day=date(2025, 6, 1))
    register(fresh(cells[1:]), title=title, year=2026, day=DAY)

    assert list(TitleCase.objects.order_by("pk").values_list("criteria_set", "year")) == [
        (old.pk, 2025),
        (new.pk, 2026),
        (new.pk, 2026),
    ]


def test_one_that_is_on_its_way_keeps_all_of_them_back(cells, title):
    factories.title_case(of=cells[0])

    with pytest.raises(ValidationError) as refused:
        register(fresh(cells), title=title, year=2026, day=DAY)

    assert refused.value.messages == ["Chi bộ ấp 0 đã đăng ký hoặc đang giữ danh hiệu này."]
    assert TitleCase.objects.count() == 1


def test_what_has_not_come_is_no_day_of_registration(cells, title):
    with pytest.raises(ValidationError):
        register(fresh(cells), title=title, year=2026, day=date(2999, 1, 1))


def test_the_clerk_ticks_cells_of_the_own_commune(client, clerk, cells, title, province):
    client.force_login(clerk)
    factories.title_case(of=cells[2], recognised_on=date(2021, 5, 1))
    page = client.get(REGISTER).content.decode()
    assert "chưa có bộ tiêu chí" in page
    assert page.count('name="cell"') == 3 - ("Chi bộ bốn tốt" not in page)

    answer = client.post(
        REGISTER,
        {"title": title.pk, "year": "2026", "day": "2026-02-01", "cell": [cells[0].pk, cells[1].pk]},
    )

    assert answer.status_code == 302
    assert TitleCase.objects.filter(state="registered", year=2026).count() == 2
    reason = TitleCase.objects.filter(year=2026).first().history.get().change_set.reason
    assert "Trong sạch, vững mạnh toàn diện" in reason


def test_no_cell_or_one_from_elsewhere_registers_nothing(client, clerk, cells, title, neighbour):
    client.force_login(clerk)
    foreign = factories.cell(of=factories.hamlet(parent=neighbour))
    form = {"title": title.pk, "year": "2026", "day": "2026-02-01"}

    assert "ít nhất một chi bộ" in client.post(REGISTER, form).content.decode()
    assert client.post(REGISTER, form | {"cell": [foreign.pk]}).status_code == 404
    assert not TitleCase.objects.exists()


def test_the_province_chooses_the_commune_first(client, officer, cells, commune, neighbour):
    client.force_login(officer)

    assert "Giao Long" in client.get(REGISTER).content.decode()
    assert "Chi bộ ấp 1" in client.get(REGISTER, {"xa": commune.pk}).content.decode()
    assert client.get(REGISTER, {"xa": 999999}).status_code == 404


@pytest.mark.parametrize("count", [2, 25])
def test_queries_do_not_grow_with_the_cells(
    client, clerk, commune, count, title, django_assert_max_num_queries
):
    cells = factories.many_cells(commune, count)
    client.force_login(clerk)
    client.get(REGISTER)

    with django_assert_max_num_queries(15):
        client.get(REGISTER)
    with django_assert_max_num_queries(40):
        client.post(
            REGISTER,
            {"title": title.pk, "year": "2026", "day": "2026-02-01", "cell": [cell.pk for cell in cells]},
        )
    assert TitleCase.objects.count() == count
