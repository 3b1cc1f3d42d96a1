"""Sets of criteria: examples are copied, a set is changed until a cell goes by it, then a new one follows."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cells.actions import change_unit
from evaluations.checks import problems
from evaluations.models import CaseCriterion, CriteriaSet, Criterion, Title, TitleCase
from evaluations.titling.criteria import Wanted, copy_set, set_in_force, write_criteria
from tests import factories

DAY = date(2026, 1, 1)


def test_who_follows_a_hamlet_reads_the_set_of_the_province_it_came_from(province):
    old = factories.commune()
    hamlet = factories.hamlet(parent=old)
    account, _assignment = factories.follower(hamlet)
    of_then = factories.criteria_set(province=old.province, starts_on=date(2020, 1, 1))
    elsewhere = factories.criteria_set(province=factories.province(), starts_on=date(2020, 1, 1))

    change_unit(hamlet, on=DAY, parent=factories.commune(parent=province))

    seen = CriteriaSet.objects.visible_to(account)
    assert of_then in seen
    assert elsewhere not in seen


@pytest.mark.parametrize("code", ["TSVMTD", "BON_TOT"])
def test_the_shipped_examples_add_up_to_a_hundred_and_say_what_they_are(code):
    example = CriteriaSet.objects.get(title__code=code, province=None)

    assert sum(one.points for one in example.criteria.all()) == 100
    assert example.name.startswith("Ví dụ")
    assert "do tỉnh" in example.legal_basis


def test_an_example_never_holds_its_copy_does(province, commune):
    title = Title.objects.get(code="TSVMTD")
    assert set_in_force(title, province, DAY) is None
    example = CriteriaSet.objects.get(title=title, province=None)

    copied = copy_set(example, province, name="Bộ tiêu chí 2026", legal_basis="", starts_on=DAY)

    assert set_in_force(title, province, DAY) == copied
    assert set_in_force(title, province, date(2025, 12, 31)) is None
    assert copied.criteria.count() == example.criteria.count()


def test_a_new_set_ends_the_one_before(province):
    old = factories.criteria_set(province=province, starts_on=DAY)

    new = copy_set(old, province, name="Mới", legal_basis="", starts_on=date(2027, 1, 1))

    old.refresh_from_db()
    assert old.ends_on == date(2026, 12, 31)
    assert set_in_force(old.title, province, date(2026, 12, 31)) == old
    assert set_in_force(old.title, province, date(2027, 1, 1)) == new
    with pytest.raises(ValidationError):
        copy_set(old, province, name="Chen vào", legal_basis="", starts_on=date(2026, 6, 1))


def test_a_set_that_cells_go_by_is_closed(province, commune):
    used = factories.criteria_set(province=province)
    factories.title_case(of=factories.cell(of=factories.hamlet(parent=commune)), criteria_set=used)

    with pytest.raises(ValidationError):
        write_criteria(used, [Wanted("A", Decimal(1))])

    assert used.criteria.count() == 2


def test_two_sets_of_one_title_hold_on_no_day_together(province):
    factories.criteria_set(province=province, starts_on=DAY)
    late = factories.criteria_set(province=province, ends_on=date(2025, 12, 31))
    late.full_clean()

    late.ends_on = DAY
    with pytest.raises(ValidationError):
        late.full_clean()


def test_points_outside_their_criterion_are_found(province, commune):
    case = factories.title_case(
        of=factories.cell(of=factories.hamlet(parent=commune)),
        criteria_set=factories.criteria_set(province=province),
    )
    row = case.criteria.create(criterion=case.criteria_set.criteria.first(), self_points=10)
    assert list(problems()) == []

    row.self_points = 11
    row.save()
    assert len(list(problems())) == 1
    CaseCriterion.objects.update(self_points=1)
    TitleCase.objects.update(criteria_set=factories.criteria_set(province=province, starts_on=DAY))
    assert len(list(problems())) == 1


# --- pages -------------------------------------------------------------------------------


def test_the_province_copies_an_example_and_makes_it_its_own(client, officer, province):
    client.force_login(officer)
    example = CriteriaSet.objects.get(title__code="BON_TOT", province=None)
    assert "Sao chép cho tỉnh" in client.get(reverse("titles:set", args=[example.pk])).content.decode()

    page = client.post(
        reverse("titles:copy_set", args=[example.pk]),
        {"province": province.pk, "name": "Bốn tốt 2026", "legal_basis": "HD 01", "starts_on": "2026-01-01"},
    )
    copied = CriteriaSet.objects.get(province=province)
    assert page["Location"] == reverse("titles:edit_set", args=[copied.pk])

    form = client.get(page["Location"]).context["form"]
    posted = {
        "seen": form.initial["seen"],
        "name": "Bốn tốt 2026",
        "legal_basis": "HD 01",
        "least_points": "15",
        "starts_on": "2026-01-01",
        "r1-group": "Một",
        "r1-text": "Tiêu chí của tỉnh",
        "r1-points": "12,5",
        "r1-least_points": "10",
        "r3-text": "Tiêu chí thứ hai",
        "r3-points": "7,5",
    }
    assert client.post(page["Location"], posted).status_code == 302

    rows = Criterion.objects.filter(criteria_set=copied).values_list("position", "text", "points")
    assert list(rows) == [(1, "Tiêu chí của tỉnh", Decimal("12.5")), (2, "Tiêu chí thứ hai", Decimal("7.5"))]
    # The page of before does not write over what was saved since.
    assert "sửa lúc" in client.post(page["Location"], posted).content.decode()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"text": "A", "points": "mười"}, "điểm là một số"),
        ({"text": "A", "points": ""}, "nhập tiêu chí và điểm"),
        ({"text": "", "points": "5"}, "nhập tiêu chí và điểm"),
        ({"text": "A", "points": "0"}, "lớn hơn 0"),
        ({"text": "A", "points": "5", "least_points": "6"}, "tối thiểu lớn hơn"),
    ],
)
def test_rows_that_cannot_be_are_told_and_stay_typed(client, officer, province, row, said):
    client.force_login(officer)
    own = factories.criteria_set(province=province)
    address = reverse("titles:edit_set", args=[own.pk])
    seen = client.get(address).context["form"].initial["seen"]

    page = client.post(
        address, {"seen": seen, "name": "Bộ", **{f"r1-{name}": value for name, value in row.items()}}
    )

    assert said in page.content.decode()
    assert own.criteria.count() == 2


def test_who_goes_by_a_set_is_said_and_it_cannot_be_changed(client, officer, province, commune):
    client.force_login(officer)
    used = factories.criteria_set(province=province)
    factories.title_case(of=factories.cell(of=factories.hamlet(parent=commune)), criteria_set=used)

    assert "1 chi bộ đã đăng ký" in client.get(reverse("titles:set", args=[used.pk])).content.decode()
    page = client.get(reverse("titles:edit_set", args=[used.pk]))
    assert page["Location"] == reverse("titles:set", args=[used.pk])


def test_an_example_is_changed_by_nobody(client, officer):
    client.force_login(officer)
    example = CriteriaSet.objects.filter(province=None).first()

    assert client.get(reverse("titles:edit_set", args=[example.pk])).status_code == 404
