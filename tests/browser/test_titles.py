"""A clerk brings a cell to its title on a telephone: who is in charge, points, the appraisal, the sheet."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.visitor import RULES, is_cut_off, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TELEPHONE = {"width": 360, "height": 780}


def in_order(page) -> None:
    """Nothing is wider than the telephone, and nothing stands in the way of a screen reader."""
    assert not is_cut_off(page)
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


def test_a_case_is_worked_on_and_appraised_on_a_telephone(page, complaints):
    page.set_viewport_size(TELEPHONE)
    sign_in(page, "xa.phutuc")
    page.goto("/danh-hieu/")
    in_order(page)
    page.get_by_role("link", name="Đăng ký chi bộ").click()
    in_order(page)
    cell = page.locator("input[name=cell]").first
    name = cell.locator("xpath=..").inner_text().strip()
    cell.check()
    page.get_by_role("button", name="Đăng ký").click()
    page.get_by_role("link", name=name, exact=True).first.click()
    case = page.url
    in_order(page)

    page.get_by_role("link", name="Phân công phụ trách, điểm tự chấm").click()
    in_order(page)
    for field in page.locator("input[name$='-self_points']").all():
        field.fill("8,5")
    page.locator("select[name$='-in_charge_id']").first.select_option(index=1)
    page.get_by_role("button", name="Lưu").click()
    expect(page).to_have_url(case)

    page.get_by_role("link", name="Thẩm định", exact=True).click()
    in_order(page)
    page.fill("textarea[name=team]", "Đồng chí A, Tổ trưởng")
    for field in page.locator("input[name$='-appraised_points']").all():
        field.fill("9")
    page.locator("input[name$='-appraised_points']").first.fill("chín")
    page.get_by_role("button", name="Ghi kết quả thẩm định").click()
    expect(page.locator(".field-error").first).to_contain_text("không phải là số điểm")
    in_order(page)
    page.locator("input[name$='-appraised_points']").first.fill("9")
    page.get_by_role("button", name="Ghi kết quả thẩm định").click()
    expect(page.locator(".lead-line .flag").first).to_have_text(re.compile("Đã thẩm định"))
    in_order(page)
    assert complaints == []


@pytest.mark.parametrize(
    "address",
    [
        "/danh-hieu/danh-sach/",
        "/danh-hieu/kiem-tra/",
        "/danh-hieu/tieu-chi/",
        "/danh-hieu/cong-nhan/?danh_hieu=TSVMTD",
        pytest.param("/danh-hieu/cong-nhan/?danh_hieu=BON_TOT", marks=pytest.mark.soak),
    ],
)
def test_lists_fit_a_telephone(page, complaints, address):
    page.set_viewport_size(TELEPHONE)
    sign_in(page, "tinh.vinhlong")

    page.goto(address)

    in_order(page)
    assert complaints == []
