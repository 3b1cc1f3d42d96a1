"""A clerk rates twenty-two cells in a real browser: by keyboard, by one paste, without a line, without a script."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from desk.samples.accounts import PASSWORD
from tests.browser.visitor import RULES, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROOT = Path(__file__).resolve().parent.parent.parent
CELLS = 22
COMMUNES = ("keys", "paste", "line", "session", "two", "plain", "axe", "signout")
# In a province of its own, so that no other test meets this year.
PREPARE = f"""
import json
from datetime import timedelta
from django.utils import timezone
from accounts.changes import recording
from accounts.models import Role, User
from cells.actions import NewCell, NewUnit, found_cells, open_units
from cells.models import Grant
from desk.samples.accounts import PASSWORD
from evaluations.models import Submission
from evaluations.review.opening import Plan, fix_lists, open_year
from leaders.actions import add_people, begin_tenures
from leaders.models import MembershipStatus, Office, Person, Tenure

def somebody(name, role, unit):
    made = User.objects.create_user(username=name, full_name=name, role=role, password=PASSWORD)
    Grant.objects.create(user=made, unit=unit)
    return made

with recording(reason="browser"):
    (province,) = open_units([NewUnit(parent=None, kind="tinh", level="province", name="Thử", code="999")])
    officer = somebody("thu.tinh", Role.PROVINCIAL_STAFF, province)
    letters = "ABCDEFGHIJKLMNOPQRSTUV"
    for number, name in enumerate({COMMUNES!r}):
        (commune,) = open_units(
            [NewUnit(parent=province, kind="xa", level="commune", name="Xã " + name, code=f"999{{number:02}}")]
        )
        hamlets = open_units([NewUnit(parent=commune, kind="ap", name=f"Ấp {{n + 1}}") for n in range({CELLS})])
        cells = found_cells(
            [NewCell(commune=commune, name=f"Chi bộ {{hamlet}}", hamlets=[hamlet], position=n + 1)
             for n, hamlet in enumerate(hamlets)]
        )
        people = add_people(
            [Person(full_name="Nguyễn Văn " + letter, keeper=commune, membership=MembershipStatus.YES)
             for letter in letters[:2]]
        )
        begin_tenures(
            [Tenure(office=Office.SECRETARY, cell=cell, person=person) for cell, person in zip(cells, people)]
        )
        somebody("thu." + name, Role.COMMUNE_STAFF, commune)
        if name == "two":
            somebody("thu.two.b", Role.COMMUNE_STAFF, commune)
    today = timezone.localdate()
    plan = Plan(year=today.year, roster_day=today, deadline=today + timedelta(days=10))
    cycle = open_year(province, plan, by=officer)
    fix_lists(cycle, by=officer)
    # Of the year before the communes look through their lists only now.
    day = today.replace(year=today.year - 1, month=12, day=1)
    late = open_year(province, Plan(year=day.year, roster_day=day, deadline=day + timedelta(days=10)), by=officer)
files = Submission.objects.filter(cycle=cycle).select_related("commune")
listed = Submission.objects.get(cycle=late, commune__name="Xã axe")
print(json.dumps({{"list": f"/danh-gia/{{late.year}}/xa/{{listed.pk}}/danh-sach/"}} | {{file.commune.name[3:]: f"/danh-gia/{{cycle.year}}/xa/{{file.pk}}/" for file in files}}))
"""
# What the meeting of the board settled: own level and four counts of members, cell by cell.
LEVELS = ["HTXSNV"] * 3 + ["HTTNV"] * 17 + ["HTNV"] * 2
KEYS = {"HTXSNV": "x", "HTTNV": "t", "HTNV": "h"}
COUNTS = [(3, 12 + number, 2, 0) for number in range(CELLS)]


@pytest.fixture(scope="module")
def addresses(site, site_environment) -> dict[str, str]:
    """The address of each commune's page in a year whose lists are fixed."""
    run = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", PREPARE],
        cwd=ROOT,
        env=site_environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout.splitlines()[-1])


class Hands:
    """A keyboard that counts."""

    def __init__(self, page):
        self.page, self.keys = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def type(self, text) -> None:
        for sign in str(text):
            self.press(sign)


@pytest.fixture
def complaints(page):
    found = []
    page.on("pageerror", lambda error: found.append(f"{error} ({page.url})"))
    page.on(
        "console",
        lambda m: found.append(m.text) if m.type == "error" and "ERR_INTERNET" not in m.text else None,
    )
    return found


def field(page, name: str, row: int = 0, table: str = "cells"):
    return page.locator(f"[data-grid={table}] [name$='-{name}']").nth(row)


def all_saved(page) -> None:
    expect(page.locator(".row-state.is-saving, .row-state.is-kept")).to_have_count(0, timeout=20_000)


def recorded(page, name: str) -> list[str]:
    """Return a column as the server has it: of the page opened anew."""
    page.reload()
    return page.locator(f"[data-grid=cells] [name$='-{name}']").evaluate_all(
        "all => all.map(one => one.value)"
    )


def test_twenty_two_cells_by_the_keyboard_alone(page, complaints, addresses):
    sign_in(page, "thu.keys")
    loads = []
    page.on("load", lambda: loads.append(page.url))
    page.goto(addresses["keys"])
    hands = Hands(page)
    field(page, "self_level").focus()
    for level in LEVELS:
        hands.press(KEYS[level])
        hands.press("Enter")
    hands.press("Control+ArrowUp")
    for _column in ("proposed_level", "points", "excellent"):
        hands.press("ArrowRight")
    for column in range(4):
        for counts in COUNTS:
            hands.type(counts[column])
            hands.press("Enter")
        if column < 3:
            hands.press("Control+ArrowUp")
            hands.press("ArrowRight")
    all_saved(page)

    short = {"HTXSNV": "EXCELLENT", "HTTNV": "GOOD", "HTNV": "COMPLETED"}
    assert len(loads) == 1
    assert complaints == []
    print(f"\nkeys, page by page: {hands.keys}; in Excel and by mail: {in_excel()}; page loads: {len(loads)}")  # noqa: T201 -- the figures of docs/performance.md
    assert hands.keys < in_excel()
    assert recorded(page, "self_level") == [short[level] for level in LEVELS]
    assert recorded(page, "proposed_level") == [short[level] for level in LEVELS]
    assert recorded(page, "good") == [str(counts[1]) for counts in COUNTS]
    expect(page.locator("[data-state]")).to_have_text(f"Đang nhập ({CELLS}/{CELLS} chi bộ)")
    expect(page.locator("[data-share-text]")).to_have_text("Đề xuất HTXSNV: 3 – tối đa: 4")


def in_excel() -> int:
    """Count the keys for the same content in a workbook with the cells already in it, and for mailing it.

    Every value and Enter, Ctrl+Up and Right between columns; saving; a mail with an address of 24 signs and a
    subject of 30, the file attached with 3 keys, sent with 1.
    """
    levels = sum(len(level) + 1 for level in LEVELS)
    counts = sum(len(str(number)) + 1 for row in COUNTS for number in row)
    # The proposal is a column of its own there: typed once more, or copied down with 4 keys.
    proposals, between = 4, 2 * 5
    mail = 1 + 24 + 1 + 30 + 3 + 1
    return levels + counts + proposals + between + mail


def copy(page, text: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)


def test_twenty_two_cells_by_one_paste_and_what_does_not_match_blocks_only_its_cell(
    page, complaints, addresses
):
    sign_in(page, "thu.paste")
    page.goto(addresses["paste"])
    forms = ["hoàn thành xuất sắc nhiệm vụ", "HTXSNV", "HTXS", "Khá", "Hoàn thành", *LEVELS[5:]]
    lines = [
        "\t".join([level, level, "", *map(str, counts)]) for level, counts in zip(forms, COUNTS, strict=True)
    ]
    copy(page, "\r\n".join(lines) + "\r\n")
    hands = Hands(page)
    field(page, "self_level").focus()

    hands.press("Control+v")

    all_saved(page)
    expect(page.locator(".row-state.is-look")).to_have_count(2)
    print(f"\nkeys, one paste: {hands.keys}")  # noqa: T201
    faults = page.locator(".review-grid .field-error")
    assert faults.count() == 4
    assert "“Khá” không phải" in faults.nth(0).inner_text()
    assert "“Hoàn thành”" in faults.nth(2).inner_text()
    assert complaints == []
    assert recorded(page, "good") == [str(counts[1]) for counts in COUNTS]
    levels = recorded(page, "self_level")
    assert levels[:5] == ["EXCELLENT", "EXCELLENT", "EXCELLENT", "", ""]
    assert levels[5:] == ["GOOD"] * 15 + ["COMPLETED"] * 2


def test_a_block_longer_than_the_grid_says_what_found_no_row(page, addresses):
    sign_in(page, "thu.paste")
    page.goto(addresses["paste"])
    copy(page, "a\nb\nc")
    field(page, "reason", CELLS - 1).focus()

    page.keyboard.press("Control+v")

    expect(page.locator("[data-said]")).to_contain_text("2")
    expect(field(page, "reason", CELLS - 1)).to_have_value("a")


def test_a_row_is_one_line_and_its_fold_says_how_much_is_in_it(page, addresses):
    sign_in(page, "thu.paste")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(addresses["paste"])
    row = page.locator("[data-grid=cells] tr[id]").nth(9)
    assert row.bounding_box()["height"] <= 48
    assert field(page, "self_level", 9).locator("option").all_inner_texts() == [
        "–",
        "HTXSNV",
        "HTTNV",
        "HTNV",
        "KHTNV",
    ]
    expect(row.locator("[data-filled]")).to_have_text("")
    row.locator("summary").click()
    field(page, "note", 9).fill("Có văn bản kèm theo")
    all_saved(page)
    expect(row.locator("[data-filled]")).to_have_text("(1)")
    page.reload()
    expect(row.locator("[data-filled]")).to_have_text("(1)")
    expect(field(page, "note", 9)).to_be_hidden()


def test_a_card_on_a_telephone_asks_for_the_reason_only_where_it_is_needed(page, addresses):
    sign_in(page, "thu.paste")
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(addresses["paste"])
    row = page.locator("[data-grid=cells] tr[id]").nth(10)
    assert row.bounding_box()["height"] <= 230
    expect(field(page, "reason", 10)).to_be_hidden()
    field(page, "self_level", 10).select_option("NOT_COMPLETED")
    expect(field(page, "reason", 10)).to_be_visible()


def test_keys_move_as_in_a_sheet_and_leave_open_text_alone(page, addresses):
    sign_in(page, "thu.paste")
    page.goto(addresses["paste"])
    field(page, "reason", 1).fill("Nợ")
    page.keyboard.press("ArrowLeft")
    expect(field(page, "reason", 1)).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    expect(field(page, "not_rated", 1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(field(page, "not_rated", 0)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    expect(field(page, "reason", 1)).to_be_focused()
    field(page, "proposed_level", 3).focus()
    page.keyboard.press("4")
    expect(field(page, "proposed_level", 3)).to_have_value("NOT_COMPLETED")
    page.keyboard.press("Delete")
    expect(field(page, "proposed_level", 3)).to_have_value("")
    all_saved(page)


def test_without_a_line_rows_are_kept_on_the_machine_and_sent_when_it_is_back(page, addresses):
    sign_in(page, "thu.line")
    page.goto(addresses["line"])
    page.context.set_offline(True)
    field(page, "self_level").focus()
    for _row in range(4):
        page.keyboard.press("t")
        page.keyboard.press("Enter")

    banner = page.locator("[data-line]")
    expect(banner).to_contain_text("Mất kết nối. 4 dòng đang giữ trên máy này", timeout=20_000)
    expect(page.locator(".row-state.is-kept").first).to_have_text("Chưa gửi được, đang giữ trên máy")
    page.context.set_offline(False)
    expect(banner).to_be_hidden(timeout=20_000)
    assert recorded(page, "self_level")[:5] == ["GOOD"] * 4 + [""]
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('review:'))") == []


def test_what_was_kept_outlives_the_window(page, addresses):
    sign_in(page, "thu.line")
    page.goto(addresses["line"])
    page.context.set_offline(True)
    field(page, "reason", 7).fill("Giữ lại")
    expect(page.locator("[data-line]")).to_be_visible(timeout=20_000)
    context = page.context
    page.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(addresses["line"])

    expect(field(again, "reason", 7)).to_have_value("Giữ lại")
    expect(again.locator(".row-state").nth(7)).to_have_text(re.compile("Đã lưu"), timeout=20_000)
    assert recorded(again, "reason")[7] == "Giữ lại"


def test_what_was_typed_outlives_the_session(page, addresses):
    sign_in(page, "thu.session")
    page.goto(addresses["session"])
    page.context.clear_cookies(name="sessionid")
    field(page, "self_level", 2).focus()
    page.keyboard.press("x")

    expect(page.locator("[data-line]")).to_contain_text(
        "Phiên làm việc đã hết. Đăng nhập lại, dữ liệu đã nhập vẫn còn.", timeout=20_000
    )
    with page.context.expect_page() as opened:
        page.locator("[data-line] a").click()
    other = opened.value
    other.fill("input[name=login]", "thu.session")
    other.fill("input[name=password]", PASSWORD)
    other.press("input[name=password]", "Enter")
    other.wait_for_selector("#review-grid")
    # The new window brought it back by itself, or the old one sends it: once.
    page.bring_to_front()
    page.get_by_role("button", name="Gửi lại").click()
    expect(page.locator("[data-line]")).to_be_hidden(timeout=20_000)
    assert recorded(other, "self_level")[2] == "EXCELLENT"


def test_signing_out_wipes_what_was_kept(page, addresses):
    sign_in(page, "thu.signout")
    page.goto(addresses["signout"])
    page.context.set_offline(True)
    field(page, "reason", 1).fill("Không để lại")
    expect(page.locator("[data-line]")).to_be_visible(timeout=20_000)
    page.evaluate("localStorage.setItem('review:0:1', '{}')")
    page.context.set_offline(False)
    page.route("**/luu/", lambda route: route.abort())

    page.on("dialog", lambda dialog: dialog.accept())
    page.locator(".account-wide summary").click()
    page.locator(".account-wide form button").click()
    page.wait_for_selector("input[name=login]")

    assert "Không để lại" not in page.evaluate("JSON.stringify(localStorage)")


def test_two_on_one_grid_see_each_other_and_choose_where_both_changed(page, browser, base_url, addresses):
    sign_in(page, "thu.two")
    page.goto(addresses["two"])
    other = browser.new_context(base_url=base_url, locale="vi-VN").new_page()
    sign_in(other, "thu.two.b")
    other.goto(addresses["two"])
    field(other, "self_level", 0).select_option("GOOD")
    field(other, "self_level", 1).select_option("COMPLETED")
    expect(other.locator(".row-state.is-saved")).to_have_count(2, timeout=20_000)

    # Looking again asks at once what others have changed.
    field(page, "self_level", 1).focus()
    page.keyboard.press("x")
    expect(page.locator(".conflict")).to_contain_text("thu.two.b", timeout=20_000)
    expect(page.locator(".conflict")).to_contain_text("nhập ở đây HTXSNV, đã lưu HTNV")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(field(page, "self_level", 0)).to_have_value("GOOD")
    page.get_by_role("button", name="Giữ số đã nhập ở đây").click()
    expect(page.locator(".row-state").nth(1)).to_have_text(re.compile("Đã lưu"), timeout=20_000)
    assert recorded(other, "self_level")[:2] == ["GOOD", "EXCELLENT"]
    other.context.close()


def test_the_whole_way_without_a_script(browser, base_url, addresses):
    context = browser.new_context(base_url=base_url, java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto("/tai-khoan/dang-nhap/")
    page.fill("input[name=login]", "thu.plain")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.goto(addresses["plain"])
    page.get_by_role("button", name="Xếp HTTNV cho các chi bộ còn lại").click()
    field(page, "self_level", 0).select_option("EXCELLENT")
    field(page, "proposed_level", 0).select_option("EXCELLENT")
    for row in range(2):
        field(page, "self_level", row, "people").select_option("GOOD")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("Đã lưu 3 dòng")
    page.get_by_role("button", name="Trình Ban Thường vụ Đảng ủy").click()
    page.get_by_role("link", name="Ghi quyết định của Ban Thường vụ").click()
    page.fill("input[name=number]", "12-QĐ/ĐU")
    page.fill("input[name=day]", page.evaluate("new Date().toISOString().slice(0, 10)"))
    page.get_by_role("button", name="Ghi quyết định").click()
    page.get_by_role("button", name=re.compile("Gửi Ban Tổ chức Tỉnh ủy")).click()
    page.get_by_role("button", name=re.compile("Gửi Ban Tổ chức Tỉnh ủy")).click()

    expect(page.locator(".messages")).to_contain_text("Đã gửi tỉnh")
    expect(page.locator("[data-state]")).to_have_text("Đã gửi tỉnh, chờ tiếp nhận")
    context.close()


def looks_right(page) -> None:
    for width in (360, 640, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 1, f"{page.url} is {wide} px too wide at {width}"
        if width != 640:
            results = Axe().run(page, options=RULES)
            assert results.violations_count == 0, results.generate_report()


def test_every_page_is_read_aloud_and_fits_a_telephone_and_twice_the_size(page, addresses):
    sign_in(page, "thu.axe")
    page.goto(addresses["axe"])
    field(page, "self_level").focus()
    page.keyboard.press("x")
    field(page, "points").fill("trăm")
    page.locator(".review-grid details summary").first.click()
    expect(page.locator(".field-error")).to_have_count(1, timeout=20_000)
    looks_right(page)
    field(page, "points").fill("72")
    expect(page.locator("[data-marks] li").first).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Kiểm tra trước khi trình").click()
    page.wait_for_selector("#kiem-tra")
    looks_right(page)
    page.get_by_role("button", name="Xếp HTTNV cho các chi bộ còn lại").click()
    for row in range(2):
        field(page, "self_level", row, "people").select_option("GOOD")
    expect(page.locator("[data-grid=people] .row-state.is-saved")).to_have_count(2, timeout=20_000)
    page.get_by_role("button", name="Trình Ban Thường vụ Đảng ủy").click()
    page.wait_for_selector("[data-state]")
    looks_right(page)
    page.goto(addresses["list"])
    looks_right(page)
    page.get_by_role("button", name="Xác nhận danh sách đúng").click()
    expect(page.locator("main")).to_contain_text(f"với {CELLS} chi bộ")
    page.goto(f"{addresses['axe']}quyet-dinh/")
    page.get_by_role("button", name="Ghi quyết định").click()
    page.wait_for_selector(".field-error")
    looks_right(page)
