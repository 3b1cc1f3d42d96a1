"""A clerk records the congresses of a commune on a telephone: 360 px wide, by tapping and typing."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from desk.samples.accounts import CLERK
from tests.browser.visitor import RULES, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE = {"width": 360, "height": 740}
RECORDED = 3


@pytest.fixture
def phone(page, complaints):
    page.set_viewport_size(PHONE)
    sign_in(page, CLERK.username)
    return page


def open_congresses(page) -> None:
    page.locator("summary", has_text="Danh mục").first.click()
    page.get_by_role("link", name=re.compile("^Đại hội chi bộ, bầu trưởng")).first.click()
    page.get_by_role("link", name="Đại hội chi bộ", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Đại hội chi bộ")


def unfold(page, key: str) -> None:
    """Open the one line of a body, unless the page came to it by itself."""
    fold = page.locator(f"tr#{key} .row-fold summary")
    if not page.locator(f"[name={key}-held_on]").is_visible():
        fold.click()
    expect(page.locator(f"[name={key}-held_on]")).to_be_visible()


def is_narrow(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def cut_off_in_fields(page) -> list[str]:
    """Return the names of candidates that their fields do not show whole."""
    return page.locator(".candidate > input:first-child").evaluate_all(
        "fields => fields.filter(one => one.scrollWidth > one.clientWidth).map(one => one.value)"
    )


def faults_of(page) -> list:
    return [
        f"{one['id']}: {[node['html'][:200] for node in one['nodes'][:3]]}"
        for one in Axe().run(page, options=RULES).response["violations"]
    ]


def test_the_congresses_of_a_commune_are_recorded_on_a_telephone(phone, complaints):
    open_congresses(phone)
    assert is_narrow(phone)
    rows = phone.locator("tr[id]:has([name$='-held_on'])")
    waiting = [rows.nth(number).get_attribute("id") for number in range(rows.count())]
    # Whom the households have elected is offered, and stands in the field already.
    offered = [key for key in waiting if phone.input_value(f"[name={key}-who0]")]
    assert offered

    for number, key in enumerate(waiting[:RECORDED]):
        unfold(phone, key)
        day = phone.input_value(f"[name={key}-planned_on]") or "2026-07-01"
        phone.fill(f"[name={key}-held_on]", min(day, phone.evaluate("new Date().toISOString().slice(0, 10)")))
        phone.select_option(f"[name={key}-method]", "ballot")
        phone.fill(f"[name={key}-entitled]", "24")
        phone.fill(f"[name={key}-present]", "22")
        phone.fill(f"[name={key}-ballots]", "22")
        if not phone.input_value(f"[name={key}-who0]"):
            phone.fill(f"[name={key}-who0]", f"Lê Thị {'ABC'[number]}nh")
        # The last one got more votes than there are ballots: it alone is refused.
        phone.fill(f"[name={key}-votes0]", "23" if number == RECORDED - 1 else "21")
        phone.check(f"[name={key}-elected0]")
    phone.get_by_role("button", name="Ghi kết quả").click()

    expect(phone.locator("#faults")).to_be_visible()
    wrong = waiting[RECORDED - 1]
    expect(phone.locator(f"[name={wrong}-votes0]")).to_have_attribute("aria-invalid", "true")
    assert phone.input_value(f"[name={wrong}-present]") == "22"
    assert faults_of(phone) == []
    phone.fill(f"[name={wrong}-votes0]", "20")
    # Who has no record yet is asked about, and gets one with one tap.
    for new in phone.locator("input[name$='-answer0'][value=new]").all():
        new.check()
    phone.get_by_role("button", name="Ghi kết quả").click()

    expect(phone.locator("#faults")).to_have_count(0)
    # The page leads on to the next one, shows only what is left, and can show all.
    following = waiting[RECORDED]
    assert phone.url.endswith(f"#{following}")
    expect(phone.locator(f"[name={following}-held_on]")).to_be_visible()
    phone.fill(f"[name={following}-present]", "19")
    expect(phone.locator(f"tr#{waiting[0]}")).to_be_hidden()
    phone.get_by_label("Tất cả").check()
    expect(phone.locator(f"tr#{waiting[0]}")).to_be_visible()
    assert phone.input_value(f"[name={following}-present]") == "19"
    for key in waiting[:RECORDED]:
        expect(phone.locator(f"tr#{key} .row-state")).to_have_text(re.compile("đã tổ chức"))
    assert is_narrow(phone)
    assert complaints == []


def test_pages_of_the_term_have_no_faults_on_a_telephone_or_a_wide_screen(phone, complaints):
    open_congresses(phone)
    grid = phone.url
    result = phone.locator(".came-out .links a").first.get_attribute("href")
    pages = [
        grid,
        grid.replace("dai-hoi", "bau-truong"),
        result,
        f"{result}dinh-chinh/",
        "/bau-cu/lap-ke-hoach/",
    ]
    phone.goto(grid)
    phone.get_by_role("link", name="Đối chiếu hai lịch").click()
    pages.append(phone.url)

    for address in pages:
        for size in (PHONE, {"width": 1280, "height": 900}):
            phone.set_viewport_size(size)
            phone.goto(address)
            assert phone.evaluate("document.documentElement.scrollWidth") <= size["width"], address
            assert cut_off_in_fields(phone) == [], address
            if size == PHONE:
                assert faults_of(phone) == [], address
    assert complaints == []


def test_without_a_script_the_button_records(browser, site):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, base_url=site, locale="vi-VN")
    page = context.new_page()
    sign_in(page, CLERK.username)
    page.goto("/bau-cu/")
    key = page.locator("tr[id]:has([name$='-held_on'])").last.get_attribute("id")
    unfold(page, key)
    page.fill(f"[name={key}-held_on]", "2026-06-01")
    page.fill(f"[name={key}-present]", "90")
    page.fill(f"[name={key}-who0]", "Cao Thị Hạnh")
    page.fill(f"[name={key}-votes0]", "80")
    page.check(f"[name={key}-elected0]")
    page.get_by_role("button", name="Ghi kết quả").click()
    page.get_by_label("Lập hồ sơ mới: Cao Thị Hạnh").check()
    page.get_by_role("button", name="Ghi kết quả").click()

    expect(page.locator(f"tr#{key}")).to_contain_text("Cao Thị Hạnh")
    expect(page.locator(f"tr#{key} .row-state")).to_have_text(re.compile("đã tổ chức"))
    context.close()
