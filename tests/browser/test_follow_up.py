"""An officer in a hamlet, on a telephone of 360 px: two taps and a sentence, also where the line breaks."""

import time

import pytest

from tests.browser.visitor import looks_right, sign_in

# One worker, so that the site is started once.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TELEPHONE = {"width": 360, "height": 740}
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('visit:')).length"


@pytest.fixture
def telephone(page):
    page.set_viewport_size(TELEPHONE)
    return page


def open_log(page, number: int):
    page.goto("/")
    page.locator(".visit-button").nth(number).click()
    page.wait_for_selector("form.visit-log")


def test_a_visit_is_logged_in_two_taps_and_a_sentence(telephone, complaints):
    sign_in(telephone, "theodoi")
    begun = time.monotonic()

    telephone.locator(".visit-button").first.click()
    telephone.fill("[name=remark]", "Chi bộ bàn việc làm đường, đảng viên dự đủ")
    telephone.get_by_role("button", name="Lưu: có dự").click()
    telephone.wait_for_selector(".messages")

    assert time.monotonic() - begun < 60
    assert "Đã ghi buổi ngày" in telephone.locator(".messages").inner_text()
    assert telephone.get_by_text("Chi bộ bàn việc làm đường, đảng viên dự đủ").count() == 1
    looks_right(telephone, complaints)


def test_what_was_typed_outlives_a_broken_line_and_goes_with_signing_out(telephone, context, complaints):
    sign_in(telephone, "theodoi")
    open_log(telephone, 1)
    looks_right(telephone, complaints)
    telephone.set_viewport_size(TELEPHONE)

    context.set_offline(True)
    telephone.fill("[name=remark]", "Ghi khi mất mạng")
    telephone.get_by_role("button", name="Lưu: có dự").click()
    assert "Mất kết nối" in telephone.locator("[data-visit-note]").inner_text()
    context.set_offline(False)

    # The telephone was put away meanwhile: the first page says that something waits, the form has it.
    telephone.goto("/")
    assert telephone.locator("[data-visit-waiting]:visible").count() == 1
    open_log(telephone, 1)
    assert telephone.input_value("[name=remark]") == "Ghi khi mất mạng"
    telephone.get_by_role("button", name="Lưu: có dự").click()
    telephone.wait_for_selector(".messages")
    assert telephone.evaluate(KEPT) == 0
    assert telephone.get_by_text("Ghi khi mất mạng").count() == 1

    open_log(telephone, 2)
    telephone.fill("[name=remark]", "Chưa gửi")
    assert telephone.evaluate(KEPT) == 1
    telephone.locator(".menu-fold summary").click()
    telephone.get_by_role("button", name="Đăng xuất").last.click()
    telephone.wait_for_load_state("networkidle")
    assert telephone.evaluate(KEPT) == 0


def test_a_promise_is_made_and_ticked_as_done(telephone, complaints):
    sign_in(telephone, "theodoi")
    open_log(telephone, 3)
    telephone.fill("[name=remark]", "Bà con hỏi về nhà văn hóa")
    telephone.get_by_text("Có hẹn việc").click()
    telephone.fill("[name=promise]", "Hỏi kinh phí sửa nhà văn hóa")
    telephone.get_by_label("Không hẹn ngày").check()
    telephone.get_by_role("button", name="Lưu: không dự").click()
    telephone.wait_for_selector(".messages")

    telephone.get_by_role("button", name="Đã xong: Hỏi kinh phí sửa nhà văn hóa").click()
    telephone.wait_for_selector(".messages")

    assert telephone.get_by_role("button", name="Đã xong: Hỏi kinh phí sửa nhà văn hóa").count() == 0
    looks_right(telephone, complaints)


def test_it_works_without_a_script(browser, base_url):
    context = browser.new_context(java_script_enabled=False, viewport=TELEPHONE, base_url=base_url)
    page = context.new_page()
    sign_in(page, "theodoi")

    page.locator(".visit-button").nth(2).click()
    page.fill("[name=day]", "2026-03-02")
    page.fill("[name=remark]", "Không cần chương trình")
    page.get_by_role("button", name="Lưu: có dự").click()
    page.wait_for_selector(".messages")

    assert "Đã ghi buổi ngày 02/03/2026" in page.locator(".messages").inner_text()
    context.close()


@pytest.mark.parametrize(
    ("user", "address"),
    [
        ("tinh.vinhlong", "/theo-doi/"),
        ("tinh.vinhlong", "/theo-doi/can-bo/"),
        ("tinh.vinhlong", "/theo-doi/dia-ban/?loc=khong"),
        ("tinh.vinhlong", "/theo-doi/nhat-ky/"),
        ("tinh.vinhlong", "/theo-doi/phan-cong/"),
        pytest.param("lanhdao.vinhlong", "/theo-doi/", marks=pytest.mark.soak),
    ],
)
def test_the_boards_and_lists(page, complaints, user, address):
    sign_in(page, user)

    page.goto(address)

    looks_right(page, complaints)


@pytest.mark.parametrize(
    ("user", "links"),
    [
        ("tinh.vinhlong", ["Cán bộ theo dõi", "Hội Nông dân xã (mẫu)", "Bàn giao toàn bộ"]),
        ("tinh.vinhlong", ["Cán bộ theo dõi", "Hội Nông dân xã (mẫu)", "Hồ sơ bàn giao"]),
        ("tinh.vinhlong", ["Xã Phú Túc", "Phân công cán bộ"]),
        ("tinh.vinhlong", ["Xã Phú Túc", "Ghi kết quả kiểm tra"]),
        ("xa.phutuc", ["Xã Phú Túc", "Ghi dự sinh hoạt theo biên bản"]),
    ],
)
def test_what_is_reached_from_the_board(page, complaints, user, links):
    sign_in(page, user)
    page.goto("/theo-doi/")
    for name in links:
        page.locator("main").get_by_role("link", name=name, exact=True).first.click()
        page.wait_for_selector("h1")

    looks_right(page, complaints)
