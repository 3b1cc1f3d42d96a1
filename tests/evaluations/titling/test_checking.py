"""The yearly look: what is found is true, is told to nobody too early, and stays what it was."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from cells.models import HouseholdCount, Limits, Meeting
from evaluations.models import CaseCheck, CellRating, Level, ReviewCycle, Step, TitleCase
from evaluations.review.deciding import Paper, record_decision
from evaluations.review.rows import fill_rest
from evaluations.review.steps import take
from evaluations.titling.checking import Look, findings_of, keep_rest, record_check, to_check
from tests import factories
from tests.worlds import kept

TODAY = timezone.localdate()
YEAR = TODAY.year
KEPT, AT_RISK = CaseCheck.Outcome.KEPT, CaseCheck.Outcome.AT_RISK
CHECKS = reverse("titles:checks")


@kept
def hamlet(commune):
    return factories.hamlet(parent=commune, name="Phước Hậu")


@kept
def cell(hamlet):
    return factories.cell(of=hamlet)


@kept
def case(cell):
    return factories.title_case(of=cell, recognised_on=date(YEAR - 2, 5, 1))


def rate(cell, year: int, level: str, **fields):
    province = cell.commune.province
    cycle = ReviewCycle.objects.filter(province=province, year=year).first()
    cycle = cycle or factories.cycle(province=province, year=year)
    return factories.rating(of=cell, cycle=cycle, level=level, **fields)


def found(case, user) -> list[str]:
    return findings_of([case], YEAR, user=user, day=TODAY)[case.pk]


# --- what is found -----------------------------------------------------------------------


def test_nothing_recorded_is_nothing_found(case, officer):
    assert found(case, officer) == []


def test_a_level_lower_than_the_year_before(case, cell, officer):
    rate(cell, YEAR - 2, Level.EXCELLENT)
    rate(cell, YEAR - 1, Level.GOOD)

    assert found(case, officer) == [f"Xếp loại năm {YEAR - 1} là HTTNV, thấp hơn năm trước (HTXSNV)."]


def test_a_level_lower_than_good(case, cell, officer):
    rate(cell, YEAR - 1, Level.COMPLETED)

    assert found(case, officer) == [f"Xếp loại năm {YEAR - 1} là HTNV, dưới mức HTTNV."]


def test_a_level_that_holds_or_rises_is_no_finding(case, cell, officer):
    rate(cell, YEAR - 2, Level.GOOD)
    rate(cell, YEAR - 1, Level.EXCELLENT)

    assert found(case, officer) == []


def test_discipline_of_the_cell_and_of_those_in_office(case, cell, officer):
    row = rate(cell, YEAR - 1, Level.GOOD, disciplined=True)
    secretary = factories.person(keeper=cell.commune)
    factories.leader_rating(of=secretary, cycle=row.cycle, cell=cell, disciplined=True)

    said = found(case, officer)

    assert len(said) == 2
    assert all("kỷ luật" in sentence for sentence in said)
    assert secretary.full_name not in " ".join(said)


def test_attendance_under_the_limit_of_the_province(case, cell, officer, province):
    Meeting.objects.create(cell=cell, day=date(YEAR, 1, 5), expected=20, present=16)
    assert found(case, officer) == [f"Tỷ lệ dự sinh hoạt năm {YEAR} là 80%, mức tối thiểu là 85%."]

    Limits.objects.create(province=province, least_attendance=80)
    assert found(case, officer) == []


def test_poor_households_that_became_more(case, hamlet, officer):
    for day, poor in ((date(YEAR - 1, 12, 1), 5), (date(YEAR, 1, 1), 7)):
        HouseholdCount.objects.create(hamlet=hamlet, day=day, households=400, poor=poor)

    assert found(case, officer) == [f"Hộ nghèo năm {YEAR} tăng từ 5 lên 7 hộ."]


def test_poor_households_of_a_later_year_are_none_of_an_earlier_one(case, hamlet, officer):
    for year, poor in ((YEAR - 2, 10), (YEAR - 1, 6), (YEAR, 12)):
        HouseholdCount.objects.create(hamlet=hamlet, day=date(year, 1, 1), households=400, poor=poor)

    assert findings_of([case], YEAR - 1, user=officer, day=TODAY)[case.pk] == []
    assert found(case, officer) == [f"Hộ nghèo năm {YEAR} tăng từ 6 lên 12 hộ."]


def _read(cases) -> list[TitleCase]:
    """Return the cases as a list reads them, with the place of each cell."""
    found = TitleCase.objects.filter(pk__in=[case.pk for case in cases])
    return list(found.select_related("cell__commune"))


def test_queries_do_not_grow_with_the_titles(commune, officer, django_assert_num_queries):
    few, many = (
        _read(factories.title_case(of=cell, recognised_on=date(YEAR - 1, 1, 1)) for cell in cells)
        for cells in (
            factories.many_cells(commune, 2),
            factories.many_cells(factories.commune(parent=commune.province), 20),
        )
    )
    findings_of(few, YEAR, user=officer, day=TODAY)  # the scope is asked once

    with django_assert_num_queries(6):
        findings_of(few, YEAR, user=officer, day=TODAY)
    with django_assert_num_queries(6):
        findings_of(many, YEAR, user=officer, day=TODAY)


# --- what the province has not received --------------------------------------------------


@kept
def going_down(case, cell, clerk, officer):
    """The commune has decided a lower level this year, step by step; the file of the commune."""
    rate(cell, YEAR - 1, Level.EXCELLENT)
    cycle = factories.open_review(by=officer, leaders="none")
    file = factories.file_of(cell.commune, cycle)
    fill_rest(file, by=clerk, level=Level.COMPLETED)
    CellRating.objects.filter(cycle=cycle).update(disciplined=True)
    file = take(file, Step.Kind.PUT, by=clerk)
    return record_decision(file, Paper("1-QĐ/ĐU", TODAY, "Ban Thường vụ"), by=clerk)


def everywhere(client, case, user) -> str:
    """Return all that the pages and files of titles tell somebody."""
    client.force_login(user)
    pages = [CHECKS, reverse("exporting:title_checks") + "?tep=csv"]
    if user.has_perm("evaluations.change_casecheck"):
        pages += [
            reverse("titles:check", args=[case.pk, YEAR]),
            reverse("titles:keep_all", args=[YEAR]),
        ]
    pages += [reverse("titles:case", args=[case.pk])]
    text = ""
    for address in pages:
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text += body.decode("utf-8-sig")
    return text


def test_nobody_is_told_a_level_that_was_not_received(client, case, going_down, clerk, officer, reader):
    for user in (officer, reader, clerk):
        assert found(case, user) == []
        assert "HTNV, thấp hơn" not in everywhere(client, case, user)

    sent = take(going_down, Step.Kind.SENT, by=clerk)
    # It may still be withdrawn: then it would have been told.
    assert found(case, officer) == []
    take(sent, Step.Kind.RECEIVED, by=officer)
    assert len(found(case, officer)) == 2


def test_what_a_commune_records_does_not_carry_its_level_out(client, case, going_down, clerk, officer):
    check = record_check(case, YEAR, Look(KEPT), by=clerk)

    assert check.found == ""
    assert "HTNV" not in everywhere(client, case, officer)


# --- recording ---------------------------------------------------------------------------


def test_titles_won_before_the_year_and_held_are_looked_at(case, commune, officer):
    this_year = factories.title_case(
        of=factories.cell(of=factories.hamlet(parent=commune)), recognised_on=date(YEAR, 1, 1)
    )

    assert list(to_check(officer, YEAR, TODAY)) == [case]
    assert this_year not in to_check(officer, YEAR, TODAY)


def test_what_was_found_stays_what_it_was(case, cell, hamlet, officer):
    rate(cell, YEAR - 1, Level.COMPLETED)
    record_check(case, YEAR, Look(AT_RISK, "Theo dõi thêm"), by=officer)
    CellRating.objects.all().delete()

    check = CaseCheck.objects.get()

    assert (check.outcome, check.checked_on) == (AT_RISK, TODAY)
    assert "dưới mức HTTNV" in check.found


def test_a_risk_has_its_cause(case, officer):
    with pytest.raises(ValidationError):
        record_check(case, YEAR, Look(AT_RISK), by=officer)


def test_a_look_recorded_meanwhile_is_not_written_over(case, officer, clerk):
    record_check(case, YEAR, Look(KEPT), by=clerk)

    with pytest.raises(ValidationError) as refused:
        record_check(case, YEAR, Look(AT_RISK, "Vì"), by=officer)
    assert "đã ghi kết quả kiểm tra" in refused.value.messages[0]

    record_check(case, YEAR, Look(AT_RISK, "Vì", revision=1), by=officer)
    assert CaseCheck.objects.get().revision == 2
    with pytest.raises(ValidationError):
        record_check(case, YEAR, Look(KEPT, revision=1), by=clerk)


def test_who_only_reads_records_nothing(case, reader, outsider):
    for user in (reader, outsider):
        with pytest.raises(PermissionDenied):
            record_check(case, YEAR, Look(KEPT), by=user)


def test_the_rest_is_kept_and_what_was_found_is_left(client, case, commune, cell, clerk):
    rate(cell, YEAR - 1, Level.COMPLETED)
    others = [
        factories.title_case(
            of=factories.cell(of=factories.hamlet(parent=commune)), recognised_on=date(YEAR - 1, 1, 1)
        )
        for _ in range(3)
    ]
    record_check(others[0], YEAR, Look(AT_RISK, "Vắng nhiều"), by=clerk)
    client.force_login(clerk)
    address = reverse("titles:keep_all", args=[YEAR])
    page = client.get(address)
    assert {one.pk for one in page.context["rest"]} == {others[1].pk, others[2].pk}

    client.post(address, {"case": [others[1].pk, others[0].pk, case.pk]})

    assert dict(CaseCheck.objects.values_list("case", "outcome")) == {
        others[0].pk: AT_RISK,
        others[1].pk: KEPT,
    }
    assert keep_rest([others[1], case], YEAR, by=clerk) == []


def test_the_page_narrows_and_counts(client, case, cell, commune, officer):
    rate(cell, YEAR - 1, Level.COMPLETED)
    factories.title_case(
        of=factories.cell(of=factories.hamlet(parent=commune)), recognised_on=date(YEAR - 1, 1, 1)
    )
    client.force_login(officer)

    counts = {slug: count for slug, _label, count in client.get(CHECKS).context["yearly"].choices}

    assert counts == {
        "": 2,
        "chua-kiem-tra": 2,
        "co-van-de": 1,
        "khong-van-de": 1,
        "giu-vung": 0,
        "nguy-co": 0,
    }
    for slug, count in counts.items():
        assert client.get(CHECKS, {"loc": slug}).context["page"].paginator.count == count
    assert client.get(CHECKS, {"loc": "la"}).status_code == 404


def test_the_form_records_what_the_software_found(client, case, cell, officer):
    rate(cell, YEAR - 1, Level.COMPLETED)
    client.force_login(officer)
    address = reverse("titles:check", args=[case.pk, YEAR])
    page = client.get(address)
    assert page.context["form"].initial["outcome"] == AT_RISK

    answer = client.post(address, {"outcome": AT_RISK, "remark": "Theo dõi", "revision": "0"})

    assert answer.status_code == 302
    assert "HTNV" in CaseCheck.objects.get().found
    assert client.get(reverse("titles:check", args=[case.pk, YEAR + 1])).status_code == 404
