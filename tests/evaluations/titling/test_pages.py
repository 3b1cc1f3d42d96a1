"""The pages of one case, from the first points to the revocation, as a clerk and an officer go through them."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluations.models import CaseCriterion, CaseMonth, TitleCase
from evaluations.titling.appraising import rows_of
from evaluations.titling.steps import Kind
from tests import factories

State = TitleCase.State
THIS_MONTH = timezone.localdate().replace(day=1)
PAPER = {"number": "12-QĐ/TU", "day": "2026-06-01", "body": "Ban Thường vụ Tỉnh ủy", "signer": "Lê Văn Ký"}


@pytest.fixture
def case(commune, province):
    cell = factories.cell(of=factories.hamlet(parent=commune, name="Phước Hậu"), name="Chi bộ ấp Phước Hậu")
    return factories.title_case(
        of=cell,
        registered_on=date(2026, 2, 1),
        year=2026,
        criteria_set=factories.criteria_set(province=province, least_points=25, least_of_each=(8,)),
    )


def at(name: str, case, *more) -> str:
    return reverse(f"titles:{name}", args=[case.pk, *more])


def grid(case, **columns) -> dict[str, str]:
    """Return what a grid sends: these columns, one value for each criterion."""
    posted = {}
    for number, row in enumerate(rows_of(case)):
        posted[f"{row.key}-mark"] = str(row.mark)
        posted |= {f"{row.key}-{name}": values[number] for name, values in columns.items()}
    return posted


def appraise(client, case, points=("9", "18"), **more):
    case.refresh_from_db()
    return client.post(
        at("appraise", case),
        {
            "revision": case.revision,
            "day": "2026-05-20",
            "team": "Đồng chí Lê Văn A, Tổ trưởng\nĐồng chí Trần Thị B",
            "remark": "Đạt",
            **grid(case, appraised_points=points, remark=("", "Còn chậm")),
            **more,
        },
    )


def test_a_case_goes_from_its_criteria_to_its_revocation(client, case, clerk, officer, commune):
    person = factories.tenure(cell=case.cell).person
    client.force_login(clerk)
    assert person.full_name in client.get(at("criteria", case)).content.decode()

    client.post(
        at("criteria", case),
        grid(
            case,
            in_charge_id=(str(person.pk), ""),
            organisation=("", "Hội Nông dân"),
            self_points=("10", "19,5"),
        ),
    )
    assert sum(CaseCriterion.objects.values_list("self_points", flat=True)) == 29.5
    appraise(client, case)
    case.refresh_from_db()
    assert (case.state, case.appraisal_remark) == (State.REGISTERED, "Đạt")
    assert appraise(client, case, record="1").status_code == 302
    case.refresh_from_db()
    assert (case.state, case.appraised_on) == (State.APPRAISED, date(2026, 5, 20))

    client.force_login(officer)
    page = client.get(reverse("titles:recognise"), {"danh_hieu": "TSVMTD"})
    assert [row["is_ticked"] for row in page.context["rows"]] == [True]
    client.post(
        reverse("titles:recognise") + "?danh_hieu=TSVMTD",
        {**PAPER, f"c{case.pk}": "1", f"c{case.pk}-revision": str(case.revision)},
    )
    case.refresh_from_db()
    assert (case.state, case.recognition.signer) == (State.RECOGNISED, "Lê Văn Ký")

    client.post(
        at("step", case, Kind.REVOKED),
        {**PAPER, "number": "20-QĐ/TU", "day": "2026-08-01", "reason": "Vi phạm", "revision": case.revision},
    )
    case.refresh_from_db()
    assert (case.state, case.revoked_on) == (State.REVOKED, date(2026, 8, 1))

    client.post(
        at("step", case, Kind.REVOCATION_CORRECTED),
        {**PAPER, "day": "2026-08-03", "reason": "Ghi nhầm ngày", "revision": case.revision},
    )
    case.refresh_from_db()
    assert (case.state, case.revoked_on) == (State.REVOKED, date(2026, 8, 3))
    client.post(at("step", case, Kind.UNDONE), {"reason": "Ghi nhầm chi bộ", "revision": case.revision})
    case.refresh_from_db()
    assert (case.state, case.revocation) == (State.RECOGNISED, None)
    assert "Ghi nhầm chi bộ" in case.note
    text = client.get(case.get_absolute_url()).content.decode()
    for said in (
        person.full_name,
        "Hội Nông dân",
        "29,5",
        "27",
        "Lê Văn A",
        "12-QĐ/TU",
        "20-QĐ/TU",
        "Vi phạm",
    ):
        assert said in text


def test_who_was_there_and_what_they_say_keep_their_lines(client, case, clerk):
    client.force_login(clerk)

    appraise(client, case, remark="Đạt.\r\nCần  giữ nếp sinh hoạt.")

    case.refresh_from_db()
    assert case.appraisal_team == "Đồng chí Lê Văn A, Tổ trưởng\nĐồng chí Trần Thị B"
    assert case.appraisal_remark == "Đạt.\nCần giữ nếp sinh hoạt."
    assert "Tổ trưởng<br>Đồng chí Trần Thị B" in client.get(case.get_absolute_url()).content.decode()


def test_an_appraisal_without_its_team_is_not_recorded_and_keeps_its_points(client, case, clerk):
    client.force_login(clerk)

    page = appraise(client, case, record="1", team="")

    assert "Ghi thành phần tổ thẩm định" in page.content.decode()
    assert TitleCase.objects.get().state == State.REGISTERED
    assert CaseCriterion.objects.filter(appraised_points__isnull=False).count() == 2


def test_points_that_cannot_be_keep_the_appraisal_open(client, case, clerk):
    client.force_login(clerk)

    page = appraise(client, case, points=("11", "18"), record="1")

    text = page.content.decode()
    assert "Nhiều nhất 10 điểm" in text
    assert 'value="11"' in text
    assert TitleCase.objects.get().state == State.REGISTERED
    # The page that came back can be sent again: its marks are those of now.
    again = appraise(client, case, points=("9", "18"), record="1")
    assert again.status_code == 302
    assert TitleCase.objects.get().state == State.APPRAISED


def test_a_stale_appraisal_page_records_nothing(client, case, clerk):
    client.force_login(clerk)
    TitleCase.objects.update(revision=5)

    page = appraise(client, case, record="1", revision="1")

    assert "sửa lúc" in page.content.decode()
    assert TitleCase.objects.get().state == State.REGISTERED


def test_points_below_the_least_leave_a_cell_unticked_until_a_reason_is_given(client, case, clerk, officer):
    client.force_login(clerk)
    appraise(client, case, points=("7", "20"), record="1")
    client.force_login(officer)
    address = reverse("titles:recognise") + "?danh_hieu=TSVMTD"
    (row,) = client.get(address).context["rows"]
    assert (row["is_ticked"], len(row["score"].objections)) == (False, 1)
    case.refresh_from_db()
    sent = {**PAPER, f"c{case.pk}": "1", f"c{case.pk}-revision": str(case.revision)}

    page = client.post(address, sent)
    assert "Ghi lý do vẫn công nhận" in page.content.decode()
    assert client.post(address, sent | {f"c{case.pk}-reason": "Nhân tố mới"}).status_code == 302

    assert "Nhân tố mới" in TitleCase.objects.get().note


def test_a_line_a_month_is_written_and_changed(client, case, clerk):
    client.force_login(clerk)
    address = at("month", case)
    seen = client.get(address).context["form"].initial["seen"]
    sent = {"month": THIS_MONTH.isoformat(), "line": "Đủ 12 kỳ sinh hoạt", "seen": seen}

    client.post(address, sent)
    conflict = client.post(address, sent | {"line": "Khác"})

    assert "sửa" in conflict.content.decode()
    assert CaseMonth.objects.get().line == "Đủ 12 kỳ sinh hoạt"
    page = client.get(address, {"thang": f"{THIS_MONTH:%Y-%m}"})
    assert page.context["form"].initial["line"] == "Đủ 12 kỳ sinh hoạt"
    client.post(address, sent | {"line": "Khác", "seen": page.context["form"].initial["seen"]})
    assert CaseMonth.objects.get().line == "Khác"


def test_plan_pilot_and_what_was_learned_are_kept_with_the_revision_read(client, case, clerk):
    client.force_login(clerk)
    address = at("edit", case)
    sent = {
        "year": "2026",
        "criteria_set": case.criteria_set_id,
        "is_pilot": "on",
        "keep_plan": "Giữ vững",
        "learned": "Phân công từng đồng chí",
        "note": "",
        "revision": "1",
    }

    assert client.post(address, sent).status_code == 302
    assert "Không có gì được lưu" in (text := client.post(address, sent).content.decode()) or "sửa" in text

    case.refresh_from_db()
    assert (case.is_pilot, case.learned, case.revision) == (True, "Phân công từng đồng chí", 2)
    assert "Phân công từng đồng chí" in client.get(case.get_absolute_url()).content.decode()


def test_criteria_are_chosen_only_until_something_is_entered(client, case, clerk, province):
    client.force_login(clerk)
    other = factories.criteria_set(province=province, starts_on=date(2027, 1, 1))
    form = client.get(at("edit", case)).context["form"]
    assert other in form.fields["criteria_set"].queryset

    case.criteria.create(criterion=case.criteria_set.criteria.first(), self_points=1)

    form = client.get(at("edit", case)).context["form"]
    assert other not in form.fields["criteria_set"].queryset


@pytest.mark.parametrize("kind", [Kind.APPRAISED, Kind.RECOGNISED, "la"])
def test_steps_with_a_page_of_their_own_are_not_taken_on_another(client, case, officer, kind):
    client.force_login(officer)

    assert client.get(at("step", case, kind)).status_code == 404


def test_a_step_is_asked_about_before_it_is_taken(client, case, officer):
    client.force_login(officer)
    page = client.get(at("step", case, Kind.DECLINED)).content.decode()
    assert "Có thể đăng ký lại" in page
    assert TitleCase.objects.get().state == State.REGISTERED

    answer = client.post(
        at("step", case, Kind.DECLINED), {"day": "2026-06-01", "reason": "Chưa đạt", "revision": "1"}
    )

    assert answer["Location"] == case.get_absolute_url()
    assert TitleCase.objects.get().declined_reason == "Chưa đạt"
    # From here the step is not taken any more; the page leads back.
    assert client.get(at("step", case, Kind.DECLINED)).status_code == 302


def test_who_is_out_of_sight_is_not_named_and_stays_in_charge(client, clerk, commune, province):
    criteria = factories.criteria_set(province=province, points=(3,))
    case = factories.title_case(of=factories.cell(of=factories.hamlet(parent=commune)), criteria_set=criteria)
    stranger = factories.person(
        keeper=factories.commune(parent=factories.province(name="Cà Mau")), full_name="Lý Thị Xa"
    )
    row = case.criteria.create(criterion=criteria.criteria.get(), in_charge=stranger)
    client.force_login(clerk)

    page = client.get(at("criteria", case)).content.decode()
    assert "Lý Thị Xa" not in page
    assert "ngoài phạm vi" in page
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Lý Thị Xa" not in page
    assert "ngoài phạm vi" in page

    key = f"c{row.criterion_id}"
    typed = {f"{key}-in_charge_id": str(stranger.pk), f"{key}-self_points": "2", f"{key}-mark": "1"}
    client.post(at("criteria", case), typed)
    row.refresh_from_db()
    assert (row.in_charge, row.self_points) == (stranger, 2)


@pytest.mark.parametrize("count", [2, 30])
def test_queries_of_the_case_page_do_not_grow(
    client, clerk, commune, province, count, django_assert_max_num_queries
):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    criteria = factories.criteria_set(province=province, points=(3,) * count)
    case = factories.title_case(of=cell, criteria_set=criteria)
    for criterion in criteria.criteria.all():
        case.criteria.create(criterion=criterion, in_charge=factories.person(keeper=commune), self_points=2)
    client.force_login(clerk)
    client.get(case.get_absolute_url())

    with django_assert_max_num_queries(28):
        client.get(case.get_absolute_url())
    with django_assert_max_num_queries(16):
        client.get(at("criteria", case))
