"""What every visitor of the site does, and what every page is held to."""

from urllib.parse import urljoin

from axe_playwright_python.sync_playwright import Axe

from desk.samples.accounts import PASSWORD

# A telephone and a desk.
WIDTHS = [360, 1280]
PHONE, _DESK = WIDTHS
# The rules that public sites are held to: WCAG 2.1, A and AA.
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    # Of what is in order axe need not draw up a list.
    "resultTypes": ["violations"],
}
HOME, SIGN_IN = "/", "/tai-khoan/dang-nhap/"
# What a browser carries that has signed in, by site and user: looking up a password takes the site a second.
_carried: dict[tuple[str, str], list[dict]] = {}


def sign_in(page, user: str) -> None:
    """Sign in with a sample account, or with one that has the same password."""
    page.goto(SIGN_IN)
    of_site = urljoin(page.url, HOME), user
    if of_site in _carried:
        page.context.add_cookies(_carried[of_site])
        page.goto(HOME)
        if SIGN_IN not in page.url:
            return
        # Another test has signed out.
        page.goto(SIGN_IN)
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("h1")
    assert "/tai-khoan/" not in page.url
    _carried[of_site] = page.context.cookies()


def is_cut_off(page) -> bool:
    """Whether something stands beyond the right edge, once the page that was asked for is there."""
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")


def looks_right(page, complaints: list[str], *, read_at=(PHONE,)) -> None:
    """No complaint, nothing cut off at the side, nothing that hinders a screen reader.

    Every page is read aloud at both widths by `make soak` (test_every_page.py), here at the narrow one.
    """
    assert complaints == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert not is_cut_off(page), f"the page is wider than {width} px: {page.url}"
        if width in read_at:
            results = Axe().run(page, options=RULES)
            assert results.violations_count == 0, results.generate_report()
    complaints.clear()  # axe itself trips over the strict policy
