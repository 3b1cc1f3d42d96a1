"""Every page that can be reached by links, as each role reaches it: no complaint, nothing cut off, nothing axe finds."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Error

from tests.browser.visitor import RULES, WIDTHS, is_cut_off, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.soak, pytest.mark.xdist_group("browser")]

PEOPLE = ["admin", "tinh.vinhlong", "xa.phutuc", "lanhdao.vinhlong", "theodoi"]
# The administration is Django's own and has a test of its own; the rest is not ours or ends the walk.
NOT_WALKED = ("admin:", "account_", "mfa_")


def name_of(url: str) -> str:
    """Return the name of the page behind an address: one of each is looked at."""
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return ""


def links_of(page, site: str) -> list[str]:
    absolute = "links => links.map(link => new URL(link.getAttribute('href'), document.baseURI).href)"
    found = page.eval_on_selector_all("a[href]", absolute)
    return [url.partition("#")[0] for url in found if url.startswith(site)]


def faults_of(page) -> list[str]:
    """Return what is wrong with the page as it is open, at each width."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if is_cut_off(page):
            found.append(f"{page.url}: wider than {width} px")
        results = Axe().run(page, options=RULES)
        if results.violations_count:
            found.append(f"{page.url} ({width} px): {results.generate_report()}")
    return found


@pytest.mark.parametrize("user", PEOPLE)
def test_every_page_that_links_lead_to(page, complaints, site, user):
    sign_in(page, user)
    waiting, seen, faults = [page.url], set(), []

    while waiting:
        url = waiting.pop(0)
        name = name_of(url)
        if not name or name in seen or name.startswith(NOT_WALKED):
            continue
        seen.add(name)
        try:
            response = page.goto(url)
        except Error:  # a file: it is taken, not shown
            continue
        if response.status >= 400:
            faults.append(f"{url}: {response.status}")
            continue
        waiting += links_of(page, site)
        faults += complaints
        faults += faults_of(page)
        complaints.clear()

    assert not faults, "\n".join(faults)
