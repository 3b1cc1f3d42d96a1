"""Each role signs in, opens the overview and follows a number to its list, as a person would."""

import re
from pathlib import Path

import pytest

from desk.samples.accounts import PASSWORD
from tests.browser.visitor import WIDTHS, looks_right, sign_in

# One worker, so that the site is started once.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# Others see the same pages with less on them.
READERS = [
    *("tinh.vinhlong", "xa.phutuc"),
    *(
        pytest.param(user, marks=pytest.mark.soak)
        for user in ("admin", "xa.phutuc.lanhdao", "lanhdao.vinhlong")
    ),
]


@pytest.mark.parametrize("user", READERS)
def test_from_the_sign_in_to_the_list_behind_a_number(page, complaints, user):
    sign_in(page, user)
    looks_right(page, complaints, read_at=WIDTHS)

    page.goto("/tong-quan/")
    looks_right(page, complaints, read_at=WIDTHS)
    # The value of a target leads to the target; what was counted leads to its list on every tile.
    number = page.locator(".tile-fraction a").first
    counted = number.inner_text()
    number.click()
    page.wait_for_selector(".table-tools .count")

    assert counted in page.locator(".table-tools .count").first.inner_text()
    looks_right(page, complaints)


@pytest.mark.parametrize("address", ["/thon/", "/chi-bo/", "/nhan-su/", "/tim/?q=ap"])
def test_a_clerks_pages(page, complaints, address):
    sign_in(page, "xa.phutuc")

    page.goto(address)

    looks_right(page, complaints)


def test_the_follow_up_officer(page, complaints):
    sign_in(page, "theodoi")

    looks_right(page, complaints)


@pytest.mark.parametrize(
    "address", ["/admin/", "/admin/cells/unit/", "/admin/leaders/person/", "/admin/evaluations/cellrating/"]
)
def test_the_administration(page, complaints, address):
    sign_in(page, "tinh.vinhlong")

    page.goto(address)

    assert complaints == []


def test_a_clerk_records_a_count_with_the_keyboard_alone(page, complaints):
    sign_in(page, "xa.phutuc")
    page.goto("/chi-bo/")
    page.locator("table.data tbody a").first.click()
    page.wait_for_selector("h1")
    page.locator("a[href$='/so-lieu/']").first.press("Enter")
    page.wait_for_selector("input[name=total]")

    for name, value in (("total", "43"), ("active", "17"), ("exempt", "16"), ("away", "9"), ("official", "")):
        page.fill(f"input[name={name}]", value)
    page.press("input[name=away]", "Enter")
    page.wait_for_selector(".field-error, .note-error")
    assert "17 + 16 + 9 = 42" in page.inner_text("main")
    page.fill("input[name=away]", "10")
    page.press("input[name=away]", "Enter")
    page.wait_for_selector(".messages")

    assert complaints == []


def test_the_ready_sentence_is_copied(page, complaints, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, "tinh.vinhlong")

    page.click("[data-copy-target]")

    assert "toàn tỉnh có" in page.evaluate("navigator.clipboard.readText()")
    assert complaints == []


def test_what_was_typed_outlives_the_session(page, complaints):
    sign_in(page, "xa.phutuc")
    page.goto("/chi-bo/")
    page.click("main table a >> nth=0")
    page.click("main a[href$='/so-lieu/']")
    form = page.url
    page.fill("[name=women]", "7")

    page.context.clear_cookies(name="sessionid")
    page.click("form[data-draft] button[type=submit]")
    page.wait_for_selector("[data-draft-kept]")
    assert page.is_visible("[data-draft-kept]")
    page.fill("input[name=login]", "xa.phutuc")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("form[data-draft]")

    assert page.url == form
    assert page.is_visible("[data-draft-back]")
    assert page.input_value("[name=women]") == "7"
    looks_right(page, complaints)
    page.goto("/")
    page.goto(form)
    assert not page.is_visible("[data-draft-back]")


def test_a_refusal_puts_the_cursor_on_the_fault(page, complaints):
    sign_in(page, "xa.phutuc")
    page.goto("/chi-bo/")
    page.click("main table a >> nth=0")
    page.click("main a[href$='/so-lieu/']")
    page.fill("[name=day]", "2020-05-12")
    assert page.inner_text(".day-said") == "Thứ Ba, 12/05/2020"
    page.fill("[name=total]", "1000")

    page.click("form[data-draft] button[type=submit]")

    page.wait_for_selector(".field-error")
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    looks_right(page, complaints)


def test_a_refused_proposal_puts_the_cursor_on_the_list_that_comes_first(page, complaints):
    sign_in(page, "xa.phutuc")
    page.goto("/sap-nhap/de-nghi/")

    page.click("form[data-once] button[type=submit] >> nth=-1")

    page.wait_for_selector(".field-error")
    assert page.evaluate("document.activeElement.name") == "things"
    looks_right(page, complaints)


def test_a_leader_prints_one_sheet(page):
    sign_in(page, "lanhdao.vinhlong")

    with page.expect_download() as sheet:
        page.click("text=In một trang A4")

    assert len(re.findall(rb"/Type\s*/Page\b", Path(sheet.value.path()).read_bytes())) == 1
