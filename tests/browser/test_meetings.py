"""A clerk enters the meetings of a month on a telephone: taps, keys, one paste, without a script; axe finds nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.visitor import RULES, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ROOT = Path(__file__).resolve().parent.parent.parent
NARROW = {"width": 360, "height": 740}
CELLS = 6
# In a province of its own, so that no other test meets these rows.
PREPARE = f"""
import json
from datetime import date
from accounts.changes import recording
from accounts.models import Role, User
from cells.actions import NewCell, NewUnit, found_cells, open_units, record_counts
from cells.models import Grant, MemberCount
from desk.samples.accounts import PASSWORD

with recording(reason="browser"):
    (province,) = open_units([NewUnit(parent=None, kind="tinh", level="province", name="Thử họp", code="998")])
    (commune,) = open_units([NewUnit(parent=province, kind="xa", level="commune", name="Xã họp", code="99801")])
    hamlets = open_units([NewUnit(parent=commune, kind="ap", name=f"Ấp {{n + 1}}") for n in range({CELLS})])
    cells = found_cells(
        [NewCell(commune=commune, name=f"Chi bộ {{hamlet}}", hamlets=[hamlet], position=n + 1)
         for n, hamlet in enumerate(hamlets)]
    )
    record_counts([MemberCount(cell=cell, day=date(2026, 1, 1), active=20) for cell in cells])
    user = User.objects.create_user(
        username="thu.hop", full_name="Thu họp", role=Role.COMMUNE_STAFF, password=PASSWORD
    )
    Grant.objects.create(user=user, unit=commune)
print(json.dumps({{"year": f"/sinh-hoat/{{commune.pk}}/", "keys": [cell.pk for cell in cells]}}))
"""


@pytest.fixture(scope="module")
def prepared(site, site_environment) -> dict:
    run = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", PREPARE],
        cwd=ROOT,
        env=site_environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout.splitlines()[-1])


def field(page, name: str, row: int):
    return page.locator(f"[data-grid=regular] [name$='-{name}']").nth(row)


def all_saved(page) -> None:
    expect(page.locator(".row-state.is-saving, .row-state.is-kept")).to_have_count(0, timeout=20_000)


def recorded(page, name: str) -> list[str]:
    page.reload()
    return [field(page, name, row).input_value() for row in range(CELLS)]


def test_a_month_on_a_telephone(page, prepared, complaints):
    page.set_viewport_size(NARROW)
    sign_in(page, "thu.hop")
    page.goto(f"{prepared['year']}2026/3/")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]

    # By taps and figures: the day of the month alone, who came; the rest is preset.
    field(page, "day", 0).fill("5")
    field(page, "present", 0).fill("18")
    field(page, "grade", 0).select_option("good")
    field(page, "held", 1).select_option("0")
    all_saved(page)
    assert field(page, "held", 0).input_value() == "1"
    assert field(page, "expected", 0).input_value() == "20"

    # By keys: Enter goes down, a letter sets the grade.
    field(page, "present", 2).fill("17")
    page.keyboard.press("Enter")
    page.keyboard.type("16")
    field(page, "day", 2).fill("6")
    field(page, "day", 3).fill("7/3")
    field(page, "grade", 3).focus()
    page.keyboard.press("k")
    all_saved(page)

    assert recorded(page, "present") == ["18", "", "17", "16", "", ""]
    assert recorded(page, "day")[:4] == ["05/03/2026", "", "06/03/2026", "07/03/2026"]
    assert field(page, "grade", 3).input_value() == "fair"
    expect(page.locator("[data-state]")).to_have_text("đã nhập 4/6 chi bộ")

    # What cannot be is told at its field, and nothing of the row is lost.
    field(page, "day", 4).fill("8")
    field(page, "present", 4).fill("30")
    expect(page.locator(f"#c{prepared['keys'][4]} .field-error")).to_contain_text("lớn hơn số phải dự")
    assert field(page, "present", 4).input_value() == "30"

    found = Axe().run(page, options=RULES)
    assert not found.response["violations"], found.generate_report()
    assert not complaints


def test_a_block_of_excel_is_pasted(page, prepared, complaints):
    sign_in(page, "thu.hop")
    page.goto(f"{prepared['year']}2026/4/")
    block = "\n".join(
        f"{held}\t{day}\t20\t{present}\t{met}\t{grade}"
        for held, day, present, met, grade in (
            ("x", "3", "18", "x", "Tốt"),
            ("đã họp", "4/4/2026", "17", "không", "TB"),
            ("không họp", "", "", "", ""),
        )
    ).replace("\t20\t\t\t", "\t\t\t\t")
    field(page, "held", 0).focus()
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData('text/plain', text);
            document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        block,
    )
    all_saved(page)

    assert recorded(page, "held") == ["1", "1", "0", "", "", ""]
    assert recorded(page, "grade")[:2] == ["good", "average"]
    assert recorded(page, "committee_met")[:2] == ["1", "0"]
    found = Axe().run(page, options=RULES)
    assert not found.response["violations"], found.generate_report()
    assert not complaints


@pytest.mark.parametrize("width", [360, 1280])
def test_the_year_is_read_at_every_width(page, prepared, width):
    page.set_viewport_size({"width": width, "height": 740})
    sign_in(page, "thu.hop")
    page.goto(prepared["year"])

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options=RULES)
    assert not found.response["violations"], found.generate_report()


def test_without_a_script_the_page_is_one_form(browser, base_url, prepared):
    context = browser.new_context(base_url=base_url, java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    sign_in(page, "thu.hop")
    page.goto(f"{prepared['year']}2026/5/")
    field(page, "held", 0).select_option("1")
    field(page, "day", 0).fill("5")
    field(page, "present", 0).fill("19")
    page.locator("#review-grid .save-bar button").click()

    assert "Đã lưu 1 dòng" in page.content()
    assert field(page, "present", 0).input_value() == "19"
    context.close()
