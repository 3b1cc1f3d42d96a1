"""Nobody prints another's papers, and nothing a commune has not sent is on a paper of the province."""

import pytest
from django.urls import reverse
from django.utils import timezone

from dashboards.models import IssuedReport
from dashboards.papers.asking import asked_for
from dashboards.papers.forms import FORMS, forms_of
from evaluations.models import Level, Step
from evaluations.review.deciding import Paper as Signed
from evaluations.review.deciding import record_decision
from evaluations.review.steps import take
from tests import factories
from tests.dashboards.papers.conftest import YEAR, enter
from tests.worlds import kept


def page(name, unit, year, *more):
    return reverse(name, args=[unit.pk, year, *more])


@kept
def entered(stepwise, commune, clerk):
    """The commune has entered its levels and sent nothing."""
    file = factories.file_of(commune, stepwise)
    enter(file, clerk, proposed_level=Level.EXCELLENT, self_level=Level.EXCELLENT)
    return factories.file_of(commune, stepwise)


def send(file, by):
    file = take(file, Step.Kind.PUT, by=by, share_reason="Đạt nhiều thành tích")
    file = record_decision(file, Signed("9-QĐ/ĐU", timezone.localdate(), "Đảng ủy xã"), by=by)
    return take(file, Step.Kind.SENT, by=by)


@pytest.mark.parametrize("form", forms_of("commune"), ids=lambda form: form.code)
def test_a_commune_prints_no_paper_of_its_neighbour(client, rated, person, commune, neighbour, form):
    client.force_login(factories.user(role="commune_staff", keeps=[neighbour]))

    assert client.get(page("papers:paper", commune, YEAR, form.code)).status_code == 404
    assert client.get(page("paper_files:file", commune, YEAR, form.code, form.kinds[0])).status_code == 404


@pytest.mark.parametrize("form", forms_of("province"), ids=lambda form: form.code)
def test_a_commune_prints_no_paper_of_the_province(client, clerk, rated, province, form):
    client.force_login(clerk)

    assert client.get(page("papers:paper", province, YEAR, form.code)).status_code == 404


@pytest.mark.parametrize("form", forms_of("commune"), ids=lambda form: form.code)
@pytest.mark.parametrize("reads", ["officer", "reader", "administrator"])
def test_what_is_not_sent_is_on_no_paper(client, request, entered, commune, form, reads):
    user = (
        factories.user(role="administrator", keeps=[None], is_superuser=True)
        if reads == "administrator"
        else request.getfixturevalue(reads)
    )
    client.force_login(user)
    year = entered.cycle.year

    assert client.get(page("papers:paper", commune, year, form.code)).status_code == 404
    for kind in form.kinds:
        assert client.get(page("paper_files:file", commune, year, form.code, kind)).status_code == 404
    shown = client.get(page("papers:year", commune, year)).content.decode()
    assert "Xã chưa gửi kết quả" in shown
    assert "HTXSNV" not in shown


@pytest.mark.parametrize("form", forms_of("province"), ids=lambda form: form.code)
def test_the_papers_of_the_province_hold_nothing_that_is_not_sent(entered, officer, province, form):
    found = form.figures_for(asked_for(officer, province, entered.cycle.year))

    rows = [
        row for value in found.values() if isinstance(value, list) for row in value if isinstance(row, dict)
    ]
    assert [row for row in rows if row.get("xs") or row.get("xuat_sac") or row.get("quyet_dinh")] == []
    if "da_gui" in found:
        assert found["da_gui"] == "Số liệu của 0/1 xã đã gửi"


def test_the_summary_says_of_whom_it_is(entered, clerk, officer, province, commune):
    asked = asked_for(officer, province, entered.cycle.year)
    before = FORMS["tong-hop"].figures_for(asked)
    send(entered, clerk)
    after = FORMS["tong-hop"].figures_for(asked_for(officer, province, entered.cycle.year))

    assert before["cac_dong"][0]["ghi_chu_dong"] == "Chưa gửi"
    assert "Chưa gửi, không có trong số cộng: Xã Phú Túc." in before["ghi_chu"]
    assert before["cong"]["tong_so"] == 0
    assert after["da_gui"] == "Số liệu của 1/1 xã đã gửi"
    assert after["cac_dong"][0]["xs"] == 5


def test_what_a_commune_issues_before_it_sends_is_its_own(client, entered, clerk, officer, commune):
    client.force_login(clerk)
    client.post(
        page("paper_files:issue", commune, entered.cycle.year, "danh-sach-trinh"),
        {"number": "3-DS/BXD", "day": timezone.localdate().isoformat(), "title": ""},
    )
    report = IssuedReport.objects.get()

    assert client.get(report.get_absolute_url()).status_code == 200
    client.force_login(officer)
    assert client.get(report.get_absolute_url()).status_code == 404
    assert client.get(reverse("papers:issued_file", args=[report.pk, "pdf"])).status_code == 404
    send(entered, clerk)
    assert client.get(report.get_absolute_url()).status_code == 200


def test_years_of_birth_are_empty_for_who_may_not_see_them(reader, officer, province, rated, person):
    person.born_on, person.born_on_precision = "1980-05-01", "day"
    person.save()

    shown = FORMS["ca-nhan-toan-tinh"].figures_for(asked_for(officer, province, YEAR))
    hidden = FORMS["ca-nhan-toan-tinh"].figures_for(asked_for(reader, province, YEAR))

    assert [row["nam_sinh"] for row in shown["cac_dong"]] == ["1980"]
    assert [row["nam_sinh"] for row in hidden["cac_dong"]] == [""]
