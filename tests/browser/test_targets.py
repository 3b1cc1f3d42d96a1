"""A clerk of the province breaks a target down to its communes, on a desk, on a telephone, with and without a script."""

import re

import pytest
from playwright.sync_api import expect

from desk.samples.accounts import VINH_LONG
from tests.browser.visitor import looks_right, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE = {"width": 360, "height": 740}
FITS = re.compile(r"khớp chỉ tiêu: \d+/\d+")


def open_grid(page) -> None:
    sign_in(page, VINH_LONG.username)
    page.goto("/chi-tieu/")
    page.locator(".tile", has_text="đồng thời").locator(".tile-value a").first.click()
    page.get_by_role("link", name="Phân bổ cho đơn vị trực thuộc").click()
    expect(page.locator(".save-bar")).to_contain_text(FITS)


def test_the_sum_follows_what_is_typed_and_stays_in_reach(page, complaints):
    page.set_viewport_size(PHONE)
    open_grid(page)
    bar = page.locator(".save-bar")
    first = page.locator("tr:not(.is-bare) input[name^=so_]").first
    goals = int(page.locator("[data-total=so_]").inner_text())
    given = int(first.input_value())

    first.fill("0")

    expect(bar).to_contain_text(f"còn {given} chưa giao")
    expect(bar).to_contain_text("Chưa lưu.")
    expect(page.locator("[data-total=so_]")).to_have_text(str(goals - given))
    assert bar.get_by_role("button", name="Lưu").is_visible()
    assert bar.bounding_box()["y"] < PHONE["height"]
    folded = page.locator("tr.is-bare").first
    expect(folded).to_be_hidden()
    page.locator(".show-bare summary").click()
    expect(folded).to_be_visible()
    first.fill(str(given))
    looks_right(page, complaints)


def test_without_a_script_the_sum_is_said_to_be_that_of_the_last_save(browser, site):
    context = browser.new_context(base_url=site, java_script_enabled=False, locale="vi-VN")
    page = context.new_page()

    open_grid(page)

    expect(page.locator(".save-bar")).to_contain_text("theo lần lưu gần nhất")
    context.close()
