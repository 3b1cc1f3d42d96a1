"""What is recorded on admin screens agrees with what is recorded beside it: lives, seats, points."""

from datetime import date

import pytest
from django.urls import reverse

from cells.models import Unit
from desk.checks import problems
from evaluations.models import CriteriaSet, Title, TitleCase
from leaders.models import Course, Tenure, Visit
from tests import factories
from tests.test_admin_forms import errors, formset

ENDED = date(2025, 12, 31)


@pytest.fixture(autouse=True)
def _signed_in(client, officer):
    client.force_login(officer)


def end_cell(client, cell, hamlet):
    period, area = cell.periods.get(), cell.areas.get()
    form = {
        "kind": "hamlet",
        "code": cell.code,
        **formset(
            "periods",
            {
                "id": period.pk,
                "cell": cell.pk,
                "name": period.name,
                "commune": period.commune_id,
                "ends_on": "31/12/2025",
            },
            initial=1,
        ),
        **formset(
            "areas",
            {"id": area.pk, "cell": cell.pk, "hamlet": hamlet.pk, "ends_on": "31/12/2025"},
            initial=1,
        ),
    }
    return client.post(reverse("admin:cells_cell_change", args=[cell.pk]), form)


def end_hamlet(client, hamlet):
    return change_days(client, hamlet, ends_on="31/12/2025")


def change_days(client, hamlet, **days):
    period = hamlet.periods.get()
    row = {
        **{"id": period.pk, "unit": hamlet.pk, "kind": "ap", "name": period.name, "code": hamlet.code},
        **{"parent": period.parent_id, **days},
    }
    return client.post(
        reverse("admin:cells_unit_change", args=[hamlet.pk]), formset("periods", row, initial=1)
    )


def test_a_cell_is_not_ended_while_its_secretary_sits(client, commune):
    hamlet = factories.hamlet(parent=commune)
    cell = factories.cell(of=hamlet)
    seat = factories.tenure(cell=cell)

    said = errors(end_cell(client, cell, hamlet))

    assert str(seat.person) in said
    assert "Sắp xếp, sáp nhập" in said
    cell.refresh_from_db()
    assert cell.closed_on is None

    Tenure.objects.filter(pk=seat.pk).update(ends_on=ENDED, way_out="term_ended")
    assert end_cell(client, cell, hamlet).status_code == 302
    assert list(problems()) == []


def test_a_cell_is_not_ended_before_a_title_it_holds_was_won(client, commune):
    hamlet = factories.hamlet(parent=commune)
    cell = factories.cell(of=hamlet)
    won = factories.title_case(of=cell, recognised_on=date(2026, 1, 1))

    said = errors(end_cell(client, cell, hamlet))

    assert "01/01/2026" in said
    assert str(won.title) in said
    cell.refresh_from_db()
    assert cell.closed_on is None

    TitleCase.objects.update(recognised_on=ENDED)
    assert end_cell(client, cell, hamlet).status_code == 302
    assert list(problems()) == []

    TitleCase.objects.update(recognised_on=date(2026, 1, 1))
    assert any("01/01/2026" in finding for finding in problems())


def test_a_hamlet_is_not_ended_while_a_cell_covers_it_or_somebody_follows_it(client, commune):
    covered, followed = (factories.hamlet(parent=commune) for _number in range(2))
    cell, assignment = factories.cell(of=covered), factories.assignment(of=followed)

    assert str(cell) in errors(end_hamlet(client, covered))
    assert str(assignment.person) in errors(end_hamlet(client, followed))
    assert not Unit.objects.filter(closed_on__isnull=False).exists()


def test_a_hamlet_does_not_begin_after_a_cell_covers_it(client, commune):
    hamlet = factories.hamlet(parent=commune)
    cell = factories.cell(of=hamlet, starts_on=date(2015, 1, 1))

    assert str(cell) in errors(change_days(client, hamlet, starts_on="01/01/2024"))
    assert hamlet.periods.get().starts_on is None
    assert list(problems()) == []

    assert change_days(client, hamlet, starts_on="01/01/2015").status_code == 302
    assert list(problems()) == []


def test_two_seats_of_one_form_do_not_share_days(client, commune):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    seat = {"office": "secretary", "cell": cell.pk, "way_out": "term_ended"}

    response = client.post(
        reverse("admin:leaders_person_add"),
        {
            **{"full_name": "Đỗ Minh Đức", "membership": "yes", "keeper": commune.pk},
            **formset(
                "tenures",
                {**seat, "starts_on": "01/01/2020", "ends_on": "31/12/2022"},
                {**seat, "starts_on": "01/06/2022", "ends_on": "31/12/2024"},
            ),
        },
    )

    assert "đã có bí thư chi bộ là đồng chí Đỗ Minh Đức" in errors(response)
    assert not Tenure.objects.exists()


def test_nobody_is_deputy_twice_at_once(client, commune):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    first = factories.tenure(office="deputy_secretary", cell=cell, starts_on=date(2020, 1, 1))

    response = client.post(
        reverse("admin:leaders_tenure_add"),
        {"person": first.person_id, "office": "deputy_secretary", "cell": cell.pk, "starts_on": "01/01/2022"},
    )

    assert str(first.person) in errors(response)
    assert list(Tenure.objects.all()) == [first]


def test_nobody_could_reach_more_points_than_all_criteria_bring(client, province):
    title = Title.objects.first()
    criterion = {"position": "1", "text": "Lãnh đạo nhiệm vụ chính trị", "points": "60"}
    form = {"title": title.pk, "province": province.pk, "name": "Tiêu chí", "starts_on": "01/01/2026"}

    response = client.post(
        reverse("admin:evaluations_criteriaset_add"),
        {**form, "least_points": "80", **formset("criteria", criterion)},
    )

    assert "Điểm tối thiểu" in errors(response)
    assert not CriteriaSet.objects.filter(province=province).exists()


def test_nobody_inspects_what_is_not_there_yet(client, commune):
    hamlet = factories.hamlet(parent=commune, starts_on=date(2024, 1, 1))

    response = client.post(
        reverse("admin:leaders_visit_add"),
        {
            **{"kind": "inspection", "unit": hamlet.pk, "team": "Đoàn kiểm tra", "day": "01/03/2020"},
            **{"remark": "Đã xem", "conclusion": "Đạt"},
        },
    )

    assert "01/03/2020" in errors(response)
    assert not Visit.objects.exists()


def test_a_course_is_called_by_a_province_or_a_commune(client, commune):
    hamlet = factories.hamlet(parent=commune)

    response = client.post(
        reverse("admin:leaders_course_add"),
        {"unit": hamlet.pk, "name": "Bồi dưỡng bí thư chi bộ", "starts_on": "01/03/2026"},
    )

    assert "unit" in errors(response)
    assert not Course.objects.exists()
