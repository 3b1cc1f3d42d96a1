"""A secretary-head dies in March: entered in May on a telephone, followed to the end of the year."""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from desk.samples.accounts import PASSWORD
from tests.browser.clock import CLOCK
from tests.browser.visitor import RULES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROOT = Path(__file__).resolve().parent.parent.parent
PREPARE = f"""
from datetime import date
from accounts.changes import recording
from accounts.models import Role, User
from cells.actions import NewCell, NewUnit, found_cells, open_units
from cells.models import Grant
from leaders.actions import add_people, begin_tenures
from leaders.models import MembershipStatus, Office, Person, Tenure, WayIn

def somebody(name, role, unit, access="keep"):
    made = User.objects.create_user(username=name, full_name=name, role=role, password={PASSWORD!r})
    Grant.objects.create(user=made, unit=unit, access=access)

with recording(reason="browser"):
    (province,) = open_units([NewUnit(parent=None, kind="tinh", level="province", name="Thử", code="999")])
    (commune,) = open_units([NewUnit(parent=province, kind="xa", level="commune", name="Phú Túc", code="99901")])
    somebody("tinh", Role.PROVINCIAL_STAFF, province)
    somebody("xa", Role.COMMUNE_STAFF, commune)
    somebody("lanhdao", Role.LEADER, province, "read")
    for number, name in enumerate(("Lê Thị Hoa", "Phan Văn Tám"), 1):
        (hamlet,) = open_units([NewUnit(parent=commune, kind="ap", name=f"Ấp {{number}}")])
        (cell,) = found_cells([NewCell(commune=commune, name=f"Chi bộ ấp {{number}}", hamlets=[hamlet])])
        leader, deputy = add_people(
            Person(full_name=one, keeper=commune, membership=MembershipStatus.YES)
            for one in (name, "Trần Văn Phó")
        )
        days = {{"starts_on": date(2023, 1, 1), "term": "2022-2027"}}
        begin_tenures([
            Tenure(office=Office.SECRETARY, cell=cell, person=leader, way_in=WayIn.CONGRESS, **days),
            Tenure(office=Office.DEPUTY_SECRETARY, cell=cell, person=deputy, way_in=WayIn.CONGRESS, **days),
            Tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=leader, way_in=WayIn.ELECTED, **days),
        ])
"""
OPEN_THE_YEAR = """
from datetime import date
from django.urls import reverse
from accounts.changes import recording
from accounts.models import User
from cells.models import Unit
from evaluations.models import Submission
from evaluations.review.opening import Plan, fix_lists, open_year

officer, province = User.objects.get(username="tinh"), Unit.objects.get(level="province")
with recording(by=officer, reason="browser"):
    cycle = open_year(province, Plan(2026, date(2026, 12, 1), date(2026, 12, 20)), by=officer)
    fix_lists(cycle, by=officer)
print(reverse("review:grid", kwargs={"year": 2026, "pk": Submission.objects.get().pk}))
"""


class Story:
    """A site of its own, the day it is there, and somebody in front of a telephone."""

    def __init__(self, page, folder: Path):
        self.page, self.clock = page, folder / "clock"
        self.environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
            "STATIC_ROOT": str(folder / "static"),
            "SECRET_KEY": "browser",
            "SECOND_FACTOR": "off",
            "DEBUG": "off",
            CLOCK: str(self.clock),
        }
        self.address = ""

    def it_is(self, day: str) -> None:
        self.clock.write_text(f"{day}T09:05:00+07:00", encoding="ascii")

    def command(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "tests.browser.clock", *words],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def serve(self) -> subprocess.Popen:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        return subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "tests.browser.clock", "--bind", f"127.0.0.1:{port}"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self, user: str) -> None:
        self.page.context.clear_cookies()
        self.open("/tai-khoan/dang-nhap/")
        self.page.fill("input[name=login]", user)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_selector("h1")

    def says(self, *words: str) -> None:
        for some in words:
            expect(self.page.locator("main")).to_contain_text(some)

    def looks_right(self) -> None:
        wide = self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
        assert not wide, f"the page is wider than the telephone: {self.page.url}"
        results = Axe().run(self.page, options=RULES)
        assert results.violations_count == 0, results.generate_report()


@pytest.fixture
def telephone(browser):
    """A page of its own: the usual one would start the site of the samples, which this story does not need."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def story(telephone, tmp_path):
    told = Story(telephone, tmp_path)
    told.it_is("2026-01-10")
    told.command("migrate", "-v0")
    told.command("collectstatic", "--noinput", "-v0")
    told.command("shell", "-v0", "-c", PREPARE)
    server = told.serve()
    try:
        for _try in range(100):
            try:
                urlopen(f"{told.address}/healthz", timeout=2)  # noqa: S310 -- our own site
                break
            except OSError:
                time.sleep(0.1)
        yield told
    finally:
        server.terminate()
        server.wait(timeout=20)


def test_a_secretary_head_dies_in_march(story):
    _quoted_in_april(story)
    _entered_in_may(story)
    _followed_up(story)
    _what_was_said_stays(story)
    _at_the_end_of_the_year(story)


def _quoted_in_april(story):
    """Nobody has told the commune's clerk yet: the end of March is quoted as two of two."""
    story.it_is("2026-04-02")
    story.sign_in("lanhdao")
    story.open("/tong-quan/?ngay=2026-03-31")
    tile = story.page.locator(".tile").filter(has_text="Bí thư chi bộ đồng thời là trưởng ấp").first
    expect(tile).to_contain_text("2/2")
    tile.locator("summary").click()
    tile.locator("button[form=quote-form]").click()
    story.page.wait_for_url(re.compile("/so-lieu/"))
    story.quote = story.page.url
    story.says("2/2")


def _entered_in_may(story):
    """From the first page in three steps, in grey."""
    page = story.page
    story.it_is("2026-05-12")
    story.sign_in("xa")
    story.looks_right()
    page.get_by_role("link", name="Thay người giữ chức").first.click()
    page.fill("input[name=tim]", "hoa")
    with page.expect_navigation():
        page.press("input[name=tim]", "Enter")
    story.looks_right()
    page.locator("main").get_by_role("link", name="Thay người giữ chức").click()
    story.says("Bước 1/3")
    page.get_by_label("từ trần").check()
    page.fill("input[name=last_day]", "2026-03-18")
    story.looks_right()
    page.get_by_role("button", name="Tiếp tục").click()
    story.says("Bước 2/3")
    ways = page.locator("select[name^=seat_]")
    assert [ways.nth(n).input_value() for n in range(2)] == ["died", "died"]
    story.looks_right()
    page.get_by_role("button", name="Tiếp tục").click()
    story.says("Bước 3/3", "Bí thư chi bộ ấp 1: ngày cuối giữ chức 18/03/2026, lý do: từ trần")
    story.looks_right()
    page.locator("button[name=confirmed]").click()

    page.wait_for_url(re.compile("/kien-toan/"))
    story.says(
        "Nhập bổ sung ngày 12/05/2026",
        "Chức vụ Đảng",
        "Chức vụ ở ấp",
        "Phó bí thư phụ trách",
        "Trần Văn Phó",
    )
    # A death is told in grey, never as a warning or an error.
    assert page.locator("main .flag-warn, main .note-warn, main .note-error").count() == 0
    story.successors = page.url
    story.looks_right()


def _followed_up(story):
    """The hamlet gets an interim head in May, the cell a secretary by decision in June, the hamlet elects in August."""
    page = story.page
    page.get_by_role("link", name="Ghi người được cử lâm thời").click()
    page.fill("input[name=full_name]", "Võ Văn Kế")
    page.fill("input[name=starts_on]", "2026-05-10")
    assert page.input_value("select[name=way_in]") == "interim"
    story.looks_right()
    page.locator("form.panel button[type=submit]").click()
    page.wait_for_url(re.compile("/kien-toan/"))
    story.says("Võ Văn Kế", "lâm thời")

    story.it_is("2026-06-20")
    story.sign_in("xa")
    page.goto(story.successors)
    page.get_by_role("link", name="Ghi quyết định chỉ định").click()
    page.get_by_label(re.compile("Võ Văn Kế")).check()
    page.fill("input[name=starts_on]", "2026-06-15")
    assert page.input_value("select[name=way_in]") == "appointed"
    for name, value in (("number", "45-QĐ/ĐU"), ("date", "2026-06-12"), ("body", "Đảng ủy xã Phú Túc")):
        page.fill(f"input[name=decision_{name}]", value)
    page.locator("form.panel button[type=submit]").click()
    page.wait_for_url(re.compile("/kien-toan/"))
    story.says("chỉ định")

    story.it_is("2026-08-03")
    story.sign_in("xa")
    page.goto(story.successors)
    page.get_by_role("link", name="Ghi kết quả bầu bổ sung").click()
    assert page.input_value("select[name=way_in]") == "elected"
    page.select_option("select[name=way_out]", "term_ended")
    page.fill("input[name=full_name]", "Võ Văn Kế Tiếp")
    page.fill("input[name=starts_on]", "2026-08-01")
    page.locator("form.panel button[type=submit]").click()
    page.locator("button[name=confirmed]").click()
    page.wait_for_url(re.compile("/kien-toan/"))
    story.says("Võ Văn Kế Tiếp", "đã xong")
    story.looks_right()


def _what_was_said_stays(story):
    """What was quoted stays as it was said; live figures say when the death was entered."""
    page = story.page
    page.goto(story.quote)
    story.sign_in("lanhdao")
    page.goto(story.quote)
    story.says("2/2", "1/2")
    story.looks_right()
    story.open("/nhan-su/kiem-nhiem/")
    # On a telephone the first five months are shown.
    months = page.get_by_text(re.compile("Xem tất cả .* tháng"))
    if months.is_visible():
        months.click()
    march = page.locator("tbody tr").filter(has_text="03/2026")
    expect(march).to_contain_text("từ trần")
    march.locator("td[data-label='Giảm'] a").click()
    story.says("Lê Thị Hoa", "từ trần", "nhập bổ sung ngày 12/05/2026")
    story.looks_right()


def _at_the_end_of_the_year(story):
    """Who died in the year stands on the list as not subject to rating, with the reason."""
    page = story.page
    story.it_is("2026-12-05")
    address = story.command("shell", "-v0", "-c", OPEN_THE_YEAR).split()[-1]
    story.sign_in("xa")
    story.open(address)
    row = page.locator("table[data-grid=people] tbody tr").filter(has_text="Lê Thị Hoa")
    expect(row).to_contain_text(re.compile("từ trần"))
    story.open("/nhan-su/khuyet/")
    story.looks_right()
