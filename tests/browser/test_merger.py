"""Two hamlets merge, by keyboard alone: from the commune's draft to the province's print; the cells follow."""

import pytest
from playwright.sync_api import expect

from desk.samples.accounts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CLERK, OFFICER = "xa.tamphuoc", "tinh.vinhlong"
MOST_STOPS = 400
FOCUSED = """([selector, text]) => {
    const element = document.activeElement;
    const words = (element.labels ? [...element.labels].map(l => l.innerText).join(' ') : '') + ' ' +
        (element.innerText || '') + ' ' + (element.value || '');
    return element.matches(selector) && words.replace(/\\s+/g, ' ').includes(text);
}"""


def reach(page, selector: str, text: str = "") -> None:
    """Press Tab until what is named has the focus, as somebody without a mouse does."""
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED, [selector, text]):
            return
    pytest.fail(f"the keyboard does not reach {selector} {text!r} on {page.url}")


def follow(page, text: str) -> None:
    """Go on with the link or button of this text."""
    reach(page, "a, button", text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_day(page, selector: str, day: str) -> None:
    """Type a day (year-month-day) the way the browser shows days, whichever that is."""
    year, month, date = day.split("-")
    reach(page, selector)
    for digits in (f"{month}{date}{year}", f"{date}{month}{year}"):
        page.keyboard.type(digits)
        if page.evaluate("() => document.activeElement.value") == day:
            return
        for _part in range(3):
            page.keyboard.press("Shift+Tab")
        reach(page, selector)
    pytest.fail(f"{day} cannot be typed into {selector}")


def sign_in(page, user: str) -> None:
    page.context.clear_cookies()
    page.goto("/tai-khoan/dang-nhap/")
    reach(page, "input[name=login]")
    page.keyboard.type(user)
    reach(page, "input[name=password]")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose_everything(page) -> None:
    """Take the first option of each case that is still open, then save."""
    names = page.locator("input[type=radio]").evaluate_all("all => [...new Set(all.map(one => one.name))]")
    for name in names:
        if page.locator(f'input[name="{name}"]:checked').count() == 0:
            page.evaluate("() => document.activeElement.blur()")
            reach(page, f'input[name="{name}"]')
            page.keyboard.press("Space")
    page.evaluate("() => document.activeElement.blur()")
    follow(page, "Lưu lựa chọn")


def check_and_carry_out(page, title: str) -> None:
    """The province: rehearse, decide, confirm, carry out."""
    sign_in(page, OFFICER)
    follow(page, "Sắp xếp, sáp nhập")
    follow(page, title)
    follow(page, "Xem trước tác động")
    choose_everything(page)
    expect(page.get_by_text("Không còn việc nào phải chọn").first).to_be_visible()
    for act in ("Xác nhận đã kiểm tra", "Thực hiện"):
        follow(page, act)
        reach(page, "main button", act)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    expect(page.get_by_text("Đã thực hiện").first).to_be_visible()


def save_and_send(page) -> str:
    """Save the draft from its last field, send it to the province, and return what it is called."""
    with page.expect_navigation():
        page.keyboard.press("Enter")
    title = page.locator("h1").inner_text()
    follow(page, "Gửi tỉnh kiểm tra")
    reach(page, "main button", "Gửi tỉnh kiểm tra")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return title


def papers(page, number: str, signed: str, on: str) -> None:
    reach(page, "input[name=decision_number]")
    page.keyboard.type(number)
    type_day(page, "input[name=decision_date]", signed)
    type_day(page, "input[name=on]", on)


def printed(page) -> str:
    follow(page, "Xem tác động")
    follow(page, "Bản in")
    return page.locator("body").inner_text()


def test_a_merger_from_draft_to_print_and_the_cells_three_weeks_later(page):
    sign_in(page, CLERK)
    follow(page, "Sắp xếp, sáp nhập")
    follow(page, "Đề nghị sáp nhập")
    for _hamlet in range(2):
        reach(page, "input[name=things]")
        page.keyboard.press("Space")
    reach(page, "input[name=stays]")
    page.keyboard.press("Space")
    reach(page, "input[name=name]")
    page.keyboard.type("Hòa Bình")
    papers(page, "12/NQ-HĐND", "2026-04-20", "2026-05-05")
    title = save_and_send(page)

    check_and_carry_out(page, title)

    paper = printed(page)
    for words in ("ĐẢNG CỘNG SẢN VIỆT NAM", "Hòa Bình", "12/NQ-HĐND"):
        assert words in paper

    sign_in(page, CLERK)
    follow(page, "Ấp")
    follow(page, "Ấp Hòa Bình")
    expect(page.get_by_text("chi bộ chưa sắp xếp: 2 chi bộ")).to_be_visible()
    follow(page, "Sắp xếp chi bộ")
    reach(page, "input[name=stays]")
    page.keyboard.press("Space")
    papers(page, "34-QĐ/ĐU", "2026-05-20", "2026-05-26")
    title = save_and_send(page)

    check_and_carry_out(page, title)

    paper = printed(page)
    for words in ("Chi bộ ấp Hòa Bình", "34-QĐ/ĐU", "26/05/2026"):
        assert words in paper
