"""Papers add up, and say where something does not."""

from dataclasses import replace
from datetime import date

from django.utils import timezone

from cells.models import MemberCount
from dashboards.papers.asking import asked_for
from dashboards.papers.forms import FORMS
from dashboards.papers.paragraphs import paragraph
from dashboards.papers.sums import summary_faults
from evaluations.actions import correct_rating
from evaluations.models import CellRating, Level, MemberLevels, Step
from evaluations.review.deciding import Paper, record_decision
from evaluations.review.listing import add_cell
from evaluations.review.steps import take
from tests import factories
from tests.dashboards.papers.conftest import YEAR, enter


def figures(code, asked):
    return FORMS[code].figures_for(asked)


def line_of(found, name):
    return next(row for row in found["cac_dong"] if row["chi_bo"] == name)


def test_the_summary_counts_each_level_with_last_year_beside(asked_of_province):
    found = figures("tong-hop", asked_of_province)

    (line,) = found["cac_dong"]
    assert (line["don_vi"], line["tong_so"], line["duoc_danh_gia"]) == ("Xã Phú Túc", 5, 4)
    assert [line[name] for name in ("xs", "t", "ht", "kht")] == [1, 2, 0, 1]
    assert [line[f"{name}_nam_truoc"] for name in ("xs", "t", "ht", "kht")] == [0, 4, 0, 0]
    assert (line["chua_danh_gia"], line["chua_danh_gia_ly_do"]) == (1, "1 mới thành lập (chưa đủ 6 tháng)")
    assert found["cong"]["tong_so"] == 5
    assert summary_faults(found["cac_dong"], found["cong"]) == []


def test_a_sum_that_does_not_add_up_is_told(asked_of_province):
    found = figures("tong-hop", asked_of_province)
    line = found["cac_dong"][0] | {"xs": 2}

    faults = summary_faults([line], found["cong"])

    assert faults == [
        "Xã Phú Túc: số được xếp loại 4 khác với 2 + 2 + 0 + 1 = 5. Kiểm tra lại.",
        "Cột HTXSNV: cộng các dòng 2, dòng tổng 1. Kiểm tra lại.",
    ]


def test_a_whole_that_is_not_its_parts_is_told(asked_of_province):
    found = figures("tong-hop", asked_of_province)
    line = found["cac_dong"][0] | {"tong_so": 6}

    assert "Xã Phú Túc: tổng số 6 khác với 4 + 1 = 5. Kiểm tra lại." in summary_faults([line], found["cong"])


def test_a_correction_counts_and_is_named(officer, asked, asked_of_province, rated):
    rating = CellRating.objects.get(cell=rated[1], cycle__year=YEAR)
    correct_rating(
        rating,
        level=Level.COMPLETED,
        decision=factories.decision(date=date(2026, 2, 1), unit=asked.unit),
        reason="Xét lại",
        by=officer,
    )

    assert figures("tong-hop", asked_of_province)["cac_dong"][0]["ht"] == 1
    row = next(
        row
        for row in figures("danh-sach-xep-loai", asked)["cac_dong"]
        if row["chi_bo"] == "Chi bộ ấp Quới Hòa"
    )
    assert (row["quyet_dinh"], row["ly_do"]) == ("HTNV", "Đính chính lần 1")


def test_the_share_table_judges_each_group(asked_of_province):
    found = figures("ty-le-xuat-sac", asked_of_province)

    (line,) = found["cac_dong"]
    assert (line["co_so_tinh"], line["toi_da"], line["xuat_sac"], line["ket_luan"]) == (3, 0, 1, "Vượt 1")
    assert found["tran"] == "20%"


def test_members_levels_that_differ_from_the_count_are_told(asked, rated):
    MemberCount.objects.create(cell=rated[0], day=date(2025, 6, 1), total=14)

    found = figures("dang-vien", asked)

    assert line_of(found, "Chi bộ ấp Phước Hậu")["ghi_chu_dong"] == "Số liệu đảng viên đang quản lý: 14"
    assert (found["cong"]["duoc_xep_loai"], found["cong"]["t"]) == (52, 40)
    assert found["ghi_chu"] == ["Chưa có số liệu xếp loại đảng viên: 1 chi bộ."]


def test_an_unknown_count_is_empty_and_not_zero(asked, rated):
    MemberLevels.objects.filter(cell=rated[0]).delete()

    assert line_of(figures("dang-vien", asked), "Chi bộ ấp Phước Hậu")["xs"] is None
    assert line_of(figures("dang-vien", asked), "Chi bộ ấp Quới Hòa")["kht"] == 0


def test_the_ballot_leaves_out_who_is_not_subject(asked):
    rows = figures("phieu-bieu-quyet", asked)["cac_dong"]

    assert [row["tt"] for row in rows] == [1, 2, 3, 4]
    assert "Chi bộ ấp Hưỡn Nghĩa" not in [row["chi_bo"] for row in rows]


def test_the_minutes_have_the_votes_where_they_are_recorded(asked, rated):
    CellRating.objects.filter(cell=rated[0], cycle__year=YEAR).update(votes=9)

    rows = figures("bien-ban-kiem-phieu", asked)["cac_dong"]

    assert {row["chi_bo"]: row["so_phieu"] for row in rows}["Chi bộ ấp Phước Hậu"] == 9
    assert sorted(row["so_phieu"] or 0 for row in rows) == [0, 0, 0, 9]


def test_the_minutes_tell_the_votes_of_the_first_decision_and_of_no_later_one(
    stepwise, commune, cells, clerk, officer
):
    file = factories.file_of(commune, stepwise)
    enter(file, clerk, self_level=Level.GOOD)
    first = CellRating.objects.get(cycle=stepwise, cell=cells[0])
    paper = Paper("9-QĐ/ĐU", timezone.localdate(), "Đảng ủy xã", voters=9, votes={(CellRating, first.pk): 9})
    file = record_decision(
        take(factories.file_of(commune, stepwise), Step.Kind.PUT, by=clerk), paper, by=clerk
    )
    forgotten = factories.cell(of=factories.hamlet(parent=commune, name="ấp Quên"), name="Chi bộ ấp Quên")
    late = add_cell(file, forgotten, reason="Sót", by=officer)
    at_another = {"number": "14-QĐ/ĐU", "voters": 11, "votes": {(CellRating, late.pk): 11}}
    more = replace(paper, **at_another, exceptions={(CellRating, late.pk): Level.GOOD})
    record_decision(factories.file_of(commune, stepwise), more, by=clerk)

    found = figures("bien-ban-kiem-phieu", asked_for(clerk, commune, stepwise.year))

    told = {
        name: (line_of(found, name)["so_phieu"], line_of(found, name)["tong_phieu"])
        for name in (str(cells[0]), str(forgotten))
    }
    assert (found["so_phieu_thu_ve"], told) == (9, {str(cells[0]): (9, 9), str(forgotten): (None, None)})


def test_the_draft_of_the_decision_spells_the_levels(asked):
    found = figures("quyet-dinh", asked)

    assert found["can_cu"][0] == "- Căn cứ Quy định số 366-QĐ/TW ngày 30/8/2025;"
    assert found["cac_muc"].startswith("Hoàn thành xuất sắc nhiệm vụ 1; Hoàn thành tốt nhiệm vụ 2")


def test_the_paragraph_tells_the_year_and_the_one_before(asked):
    assert paragraph(asked) == (
        "Kết quả đánh giá, xếp loại chi bộ năm 2025 của xã Phú Túc: có 4/5 chi bộ được đánh giá, xếp loại, trong đó:"
        " hoàn thành xuất sắc nhiệm vụ 1 chi bộ (25%); hoàn thành tốt nhiệm vụ 2 chi bộ (50%); hoàn thành nhiệm vụ 0"
        " chi bộ (0%); không hoàn thành nhiệm vụ 1 chi bộ (25%). Chưa xếp loại hoặc không thuộc diện xếp loại: 1 chi"
        " bộ. So với năm 2024 (HTXSNV 0 (0%); HTTNV 4 (100%); HTNV 0 (0%); KHTNV 0 (0%)): HTXSNV tăng 1, HTTNV giảm"
        " 2, KHTNV tăng 1."
    )


def test_a_thanh_uy_is_called_so(clerk):
    city = factories.province(kind="thanh_pho", name="Cần Thơ")
    ward = factories.commune(parent=city, kind="phuong", name="Ninh Kiều")
    cell = factories.cell(of=factories.hamlet(parent=ward))
    factories.rating(of=cell, cycle=factories.cycle(province=city, year=YEAR))
    keeper = factories.user(role="commune_staff", keeps=[ward])

    head = asked_for(keeper, ward, YEAR).head()

    assert (head["co_quan_tren"], head["co_quan"]) == ("THÀNH ỦY CẦN THƠ", "ĐẢNG ỦY PHƯỜNG NINH KIỀU")


def test_the_number_of_queries_does_not_grow_with_the_cells(
    django_assert_max_num_queries, asked, asked_of_province, commune, year
):
    for number in range(20):
        cell = factories.cell(of=factories.hamlet(parent=commune, name=f"ấp {number}"))
        factories.rating(of=cell, cycle=year)

    for code in ("danh-sach-trinh", "tu-danh-gia", "dang-vien", "quyet-dinh"):
        with django_assert_max_num_queries(14):
            figures(code, asked_for(asked.user, asked.unit, YEAR))
    for code in ("tong-hop", "ty-le-xuat-sac", "dang-vien-theo-xa", "ca-nhan-toan-tinh"):
        with django_assert_max_num_queries(14):
            figures(code, asked_for(asked_of_province.user, asked_of_province.unit, YEAR))
