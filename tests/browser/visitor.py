"""What every visitor of the site does, and what every page is held to."""

from axe_playwright_python.sync_playwright import Axe

from desk.samples.accounts import PASSWORD

# A telephone and a desk.
WIDTHS = [360, 1280]
# The rules that public sites are held to: WCAG 2.1, A and AA.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


def sign_in(page, user: str) -> None:
    """Sign in with a sample account, or with one that has the same password."""
    page.goto("/tai-khoan/dang-nhap/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("h1")
    assert "/tai-khoan/" not in page.url


def is_cut_off(page) -> bool:
    """Whether something stands beyond the right edge, once the page that was asked for is there."""
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")


def looks_right(page, complaints: list[str]) -> None:
    """No complaint, nothing cut off at the side, nothing that hinders a screen reader."""
    assert complaints == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert not is_cut_off(page), f"the page is wider than {width} px: {page.url}"
        results = Axe().run(page, options=RULES)
        assert results.violations_count == 0, results.generate_report()
    complaints.clear()  # axe itself trips over the strict policy
