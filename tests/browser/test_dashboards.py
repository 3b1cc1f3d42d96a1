"""A leader opens the overview without a script, on a telephone and on a desk; figures are quoted and doubted."""

import re

import pytest

from tests.browser.visitor import looks_right, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def plain_page(browser, site):
    """A telephone whose browser runs no script."""
    context = browser.new_context(
        base_url=site, java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="vi-VN"
    )
    yield context.new_page()
    context.close()


def test_without_a_script_the_overview_has_its_charts_and_their_tables(plain_page):
    sign_in(plain_page, "lanhdao.vinhlong")
    plain_page.goto("/tong-quan/")

    # On a telephone some lie folded; the browser unfolds them by itself.
    for fold in plain_page.locator(".folds > .show-all > summary").all():
        fold.click()
    charts = plain_page.locator("section:has(> figure.chart), section:has(.map-and-list)")
    assert charts.count() >= 3
    for chart in charts.all():
        assert chart.locator("figure.chart > svg").first.bounding_box()["height"] >= 20
        assert chart.locator("table tbody tr, .level-key li").count()
        assert "Số liệu tính đến ngày" in chart.inner_text()
    assert plain_page.locator(".map .spot").count() > 100
    assert plain_page.locator(".sparkline").count() > 5
    boxes = [drawing.bounding_box() for drawing in plain_page.locator("main svg").all()]
    widest = max(box["x"] + box["width"] for box in boxes if box)
    assert widest <= 361


def test_without_a_script_the_map_shows_another_figure(plain_page):
    sign_in(plain_page, "lanhdao.vinhlong")
    plain_page.goto("/tong-quan/")

    plain_page.select_option("#map-figure", "members")
    plain_page.click("#ban-do button[type=submit]")

    assert plain_page.locator("#map-title").inner_text() == "Đảng viên"
    assert "#ban-do" in plain_page.url


def test_without_a_script_a_figure_is_quoted_and_doubted(plain_page):
    sign_in(plain_page, "lanhdao.vinhlong")
    tile = plain_page.locator(".tile").first
    tile.locator("summary").click()
    tile.locator("button[name=so]").click()

    assert re.search(r"/so-lieu/[0-9A-Z]{6}/", plain_page.url)
    assert "mã số liệu" in plain_page.locator(".ready-sentence").inner_text()
    plain_page.goto("/")
    tile = plain_page.locator(".tile").first
    tile.locator("summary").click()
    tile.locator("a[href*='bao-sai']").click()
    plain_page.fill("textarea", "Ấp 3 đã có trưởng ấp")
    plain_page.click("form.form button[type=submit]")
    assert "Đã gửi đến" in plain_page.inner_text("main")


def test_the_overview_and_the_country_look_right(page, complaints):
    sign_in(page, "lanhdao.vinhlong")
    page.goto("/tong-quan/")
    looks_right(page, complaints)

    page.goto("/tai-khoan/dang-xuat/")
    page.click("main form button[type=submit]")
    sign_in(page, "lanhdao")
    page.goto("/tong-quan/")
    looks_right(page, complaints)


def test_pages_of_quotes_reports_tiles_and_notes_look_right(page, complaints):
    sign_in(page, "tinh.vinhlong")
    page.goto("/tong-quan/")
    page.locator(".tile summary").first.click()
    page.locator(".tile button[name=so]").first.click()
    page.wait_for_selector("#quote-sentence")
    looks_right(page, complaints)
    page.goto("/tong-quan/")
    doubt = page.locator(".tile a[href*='bao-sai']").first.get_attribute("href")
    arrange = page.locator("a[href*='bo-tri']").get_attribute("href")
    page.goto(doubt)
    looks_right(page, complaints)
    page.fill("textarea", "Ấp 3 đã có trưởng ấp")
    page.click("form.form button[type=submit]")
    page.wait_for_selector("dl.facts")
    looks_right(page, complaints)
    for address in ("/so-lieu/", "/so-lieu/bao-sai/", arrange, "/kinh-nghiem/", "/"):
        page.goto(address)
        looks_right(page, complaints)


def test_a_commune_tells_what_works_well_and_finds_it_again(page, complaints):
    sign_in(page, "xa.phutuc")
    page.goto("/thon/")
    page.locator("table.data tbody a").first.click()
    page.click("a[href$='/kinh-nghiem/'] >> nth=0")
    looks_right(page, complaints)
    page.fill("textarea", "Tổ tiết kiệm của chi bộ giúp hộ nghèo vay vốn")
    page.click("form.form button[type=submit]")
    page.wait_for_selector(".practice-text")
    looks_right(page, complaints)

    page.goto("/kinh-nghiem/?q=ho+ngheo")
    assert page.locator(".practice-text").count() == 1
    looks_right(page, complaints)


def test_the_overview_prints_with_its_map_and_the_day_in_its_foot(page):
    sign_in(page, "lanhdao.vinhlong")
    page.goto("/tong-quan/")
    page.emulate_media(media="print")

    assert page.locator(".print-foot").inner_text().startswith("Số liệu tính đến ngày")
    assert page.locator(".map svg").bounding_box()["width"] < 480
    assert not page.locator(".page-actions").is_visible()
    assert not page.locator(".tile details").first.is_visible()
