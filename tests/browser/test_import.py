"""A clerk drops a faulty workbook on the import desk: gets it back marked, mends it, writes it, undoes it."""

import base64
import io
import re
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from playwright.sync_api import expect

from desk.samples.accounts import CLERK, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAME = "so-lieu-dang-vien-phu-tuc.xlsx"
HEADER_ROW, REMARK = 6, "Ghi chú kiểm tra"
# "Chi bộ ấpp 7" is a slip of the keyboard, in two rows; one row has no day, one a day that is none, one no number.
SHEET = (
    ("ĐẢNG ỦY XÃ PHÚ TÚC",),
    (),
    ("THỐNG KÊ SỐ LƯỢNG ĐẢNG VIÊN",),
    ("Tính đến ngày 31/12/2025",),
    (),
    ("TT", "Ngày", "Chi bộ", "Tổng số đảng viên", "Đảng viên nữ", "Ghi chú"),
    (1, None, "Chi bộ ấp 2", 41, 10, "sinh hoạt đều"),
    (2, "30/09/2025", "Chi bộ ấpp 7", 31, 10, None),
    (3, "31/12/2025", "Chi bộ ấpp 7", 33, 11, None),
    (4, "31/13/2025", "Chi bộ ấp 9", 20, 5, None),
    (5, "31/12/2025", "Chi bộ ấp 11", "hai mốt", 5, None),
    (None, None, "Tổng cộng", 146, 41, None),
)
FAULTY = {"C8": "Chi bộ ấp 7", "C9": "Chi bộ ấp 7", "B10": "31/13/2025", "D11": "hai mốt"}
DROP = """([data, name, type]) => {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], name, {type}));
    return carried;
}"""


@pytest.fixture(scope="module")
def workbook() -> bytes:
    file = Workbook()
    sheet = file.active
    sheet.title = "Quý IV"
    for row in SHEET:
        sheet.append(row)
    sheet["A3"].font = Font(bold=True, size=14)
    sheet.merge_cells("A3:F3")
    sheet.column_dimensions["C"].width = 31
    file.create_sheet("Nháp")["B2"] = "không đọc"
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def sign_in(page) -> None:
    page.goto("/tai-khoan/dang-nhap/")
    page.locator("input[name=login]").fill(CLERK.username)
    page.locator("input[name=password]").fill(PASSWORD)
    press(page, page.locator("input[name=password]"))
    expect(page.get_by_role("link", name="Nhập từ Excel").first).to_be_visible()


def press(page, place) -> None:
    """Press Enter on a button or link, and wait for the next page."""
    place.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def drop(page, data: bytes) -> None:
    """Let a file fall on the box, with the events of somebody who drags it there."""
    box = page.locator("form[data-drop]")
    expect(box.locator("[data-drop-hint]")).to_be_visible()
    carried = page.evaluate_handle(DROP, [base64.b64encode(data).decode(), NAME, XLSX])
    for event in ("dragenter", "dragover"):
        box.dispatch_event(event, {"dataTransfer": carried})
    expect(box).to_have_class(re.compile(r"\bis-over\b"))
    box.dispatch_event("drop", {"dataTransfer": carried})
    expect(box).not_to_have_class(re.compile(r"\bis-over\b"))


def tiles(page) -> dict[str, str]:
    """Return how many rows have which outcome."""
    shown = page.locator(".tiles .tile")
    return {
        tile.locator("h3").inner_text(): tile.locator(".tile-value").inner_text().strip()
        for tile in shown.all()
    }


def marked_file(page, folder: Path):
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải lại file có đánh dấu lỗi").click()
    assert waiting.value.suggested_filename == NAME
    path = folder / NAME
    waiting.value.save_as(path)
    return load_workbook(path)


def check_marks(marked, sent) -> None:
    """Only the faulty cells are coloured, each is told about beside its row, and the rest is what it was."""
    sheet, before = marked["Quý IV"], sent["Quý IV"]
    heads = [cell.value for cell in sheet[HEADER_ROW]]
    remarks = heads.index(REMARK) + 1
    assert remarks == before.max_column + 1
    assert marked["Nháp"]["B2"].value == "không đọc"
    assert sheet.merged_cells.ranges == before.merged_cells.ranges
    assert sheet.column_dimensions["C"].width == before.column_dimensions["C"].width
    assert sheet["A3"].font.b
    for cells in before.iter_rows():
        for cell in cells:
            there = sheet[cell.coordinate]
            assert there.value == cell.value, cell.coordinate
            assert (there.fill.fill_type == "solid") == (cell.coordinate in FAULTY), cell.coordinate
    for place, words in FAULTY.items():
        assert words in sheet.cell(sheet[place].row, remarks).value
        assert words in sheet[place].comment.text
    for row in (7, 12):
        assert not sheet.cell(row, remarks).value


def counted(page, path: str) -> list[list[str]]:
    """Return the days and numbers that the page of a cell shows."""
    page.goto(path)
    rows = page.locator("table", has=page.get_by_role("columnheader", name="Chính thức")).locator("tbody tr")
    return [row.locator("th, td").all_inner_texts() for row in rows.all()]


def counted_elsewhere(page, path: str) -> list[list[str]]:
    """Return the same in another tab, so that this one stays where it is."""
    tab = page.context.new_page()
    try:
        return counted(tab, path)
    finally:
        tab.close()


def days(rows: list[list[str]]) -> dict[str, str]:
    return {row[0].strip(): row[1].strip() for row in rows}


def path_of_cell(page, name: str) -> str:
    page.goto("/chi-bo/")
    return page.get_by_role("link", name=name, exact=True).first.get_attribute("href")


def test_a_faulty_workbook_from_drop_to_marked_mended_written_and_undone(page, workbook, tmp_path):
    sign_in(page)
    cell = path_of_cell(page, "Chi bộ ấp 7")
    before = counted(page, cell)
    assert not {"30/09/2025", "31/12/2025"} & days(before).keys()

    # Dropped; what the sheet does not say is asked once, with the day of its title proposed.
    page.goto("/nhap-excel/")
    drop(page, workbook)
    assert page.locator("input[type=file]").evaluate("one => one.files[0].name") == NAME
    press(page, page.get_by_role("button", name="Đọc và kiểm tra file"))
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    day = page.get_by_label("Tính đến ngày")
    expect(day).to_have_value("31/12/2025")
    press(page, day)

    # Counted by outcome; the slip is one fault of two rows. Nothing can be written as a whole.
    expected = {"Thêm mới": "1", "Thay đổi": "0", "Không đổi": "0", "Cần sửa": "4"}
    assert expected.items() <= tiles(page).items()
    slip = page.get_by_role("group").filter(has_text="Chi bộ ấpp 7")
    expect(slip.locator("legend")).to_contain_text("2 dòng: Chi bộ")
    expect(slip).to_contain_text("8, 9")
    expect(page.get_by_role("button", name="Ghi tất cả")).to_have_count(0)
    check_marks(marked_file(page, tmp_path), load_workbook(io.BytesIO(workbook)))

    # Mended where it stands: the nearest name for all rows at once, two cells by hand.
    slip.get_by_label(re.compile(r"^Chi bộ ấpp 7")).select_option("Chi bộ ấp 7")
    page.get_by_label("Giá trị khác cho 31/13/2025").fill("31/12/2025")
    page.get_by_label("Giá trị khác cho hai mốt").fill("21")
    press(page, page.get_by_role("button", name="Sửa và kiểm tra lại"))
    assert tiles(page)["Thêm mới"] == "5"
    assert tiles(page)["Cần sửa"] == "0"
    totals = page.locator("section", has=page.get_by_role("heading", name="Dòng cộng trong file"))
    women = totals.get_by_role("row").filter(has_text="Đảng viên nữ")
    expect(women.get_by_text("khớp", exact=True)).to_be_visible()
    assert counted_elsewhere(page, cell) == before

    # Written.
    press(page, page.get_by_role("button", name="Ghi tất cả (5 dòng)"))
    expect(page.get_by_text("5 dòng mới")).to_be_visible()
    result = page.url
    links = page.get_by_role("heading", name="Xem nội dung đã ghi").locator("..").get_by_role("link")
    assert sorted(links.all_inner_texts()) == sorted(f"Chi bộ ấp {number}" for number in (2, 7, 9, 11))
    press(page, links.filter(has_text=re.compile(r"^Chi bộ ấp 7$")))
    assert page.url.endswith(cell)
    assert days(counted(page, cell)) == days(before) | {"30/09/2025": "31", "31/12/2025": "33"}

    # Undone: with a reason, and the page of the cell is what it was.
    page.goto(result)
    press(page, page.get_by_role("link", name="Hoàn tác"))
    page.get_by_label("Lý do").fill("Gửi nhầm số liệu quý")
    press(page, page.get_by_role("button", name="Hoàn tác"))
    expect(page.get_by_role("heading", name="Đã hoàn tác")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Gửi nhầm số liệu quý")
    page.goto("/nhap-excel/")
    expect(page.get_by_role("row").filter(has_text=NAME)).to_contain_text("đã hoàn tác")
    assert counted(page, cell) == before
