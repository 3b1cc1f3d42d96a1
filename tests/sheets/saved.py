"""Two lists as an office keeps them, in a workbook and as LibreOffice saves that in its other formats.

The files are kept in ``workbooks/saved``, so that no test needs LibreOffice. Made anew, where they must be, by

    python -m tests.sheets.saved
"""

import shutil
import subprocess
import unicodedata
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font

SAVED = Path(__file__).parent / "workbooks" / "saved"
FORMATS = ("xlsx", "xls", "ods", "csv")
# Commas, quotes where needed, UTF-8, in the language of our offices what a cell shows.
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1066,false,true,false"

HAMLETS = [
    ["HUYỆN ỦY CHÂU THÀNH", None, None, None, None, None, None, None],
    ["DANH SÁCH CHI BỘ ẤP, KHU PHỐ", None, None, None, None, None, None, None],
    ["(Số liệu tính đến ngày 31/12/2021)", None, None, None, None, None, None, None],
    [],
    ["TT", "Ấp, khu phố", "Tên chi bộ", "Số hộ", "Hộ nghèo", "Đảng viên", "Trong đó", None],
    [None, None, None, None, None, None, "Miễn SH", "Đi làm ăn xa"],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"],
    ["I", "Xã Tam Phước", None, None, None, None, None, None],
    [1, "Ấp Phước Hậu", "Chi bộ ấp Phước Hậu", 1291, 11, 33, 8, 1],
    [2, "KP 3", "CB KP3", 501, 5, 31, 4, 2],
    [3, "Ấp Thới Thuỷ", 'Chi bộ "ấp Thới Thuỷ", tổ 1', 470, "hai", 17, 5, 2],
    [4, unicodedata.normalize("NFD", "Ấp Hoà Bình"), " Chi bộ ấp Hoà Bình\u00a0", 88, None, None, None, None],
    ["II", "Phường Phú Tân", None, None, None, None, None, None],
    [1, "Ấp 2", "Chi bộ ấp 2", "1.204", 0, 20, 25, 0],
    [None, "Tổng cộng", None, 3554, 16, 101, 42, 5],
    [],
    ["Ghi chú: chưa kể đảng viên nơi khác đến", None, None, None, None, None, None, None],
]
RATINGS = [
    ["ĐẢNG ỦY XÃ TAM PHƯỚC", None, None, None, None, None],
    ["KẾT QUẢ ĐÁNH GIÁ, XẾP LOẠI CHI BỘ NĂM 2022", None, None, None, None, None],
    [],
    ["STT", "Tên chi bộ", "Tự xếp loại", "Mức xếp loại", "Điểm", "Ngày quyết định"],
    [1, "Chi bộ ấp Phước Hậu", "HTXSNV", "HTTNV", 85.5, date(2022, 12, 15)],
    [2, "CB ấp 2", "Hoàn thành tốt\nnhiệm vụ", "HTTNV", 91, date(2022, 12, 15)],
    [3, "Chi bộ ấp 3", "HTNV", "HTNV", "77,25", "15/12/2022"],
    [4, "Chi bộ ấp 4", None, "Hoàn thành", 60, date(2022, 12, 5)],
    [5, "Chi bộ ấp 11", "HTTNV", "HTTNV", None, "31/02/2022"],
]
LISTS = {"hamlets": HAMLETS, "ratings": RATINGS}
MERGED = {
    "hamlets": ["A1:C1", "A2:H2", "G5:H5", *(f"{letter}5:{letter}6" for letter in "ABCDEF")],
    "ratings": ["A2:F2"],
}


def original(name: str) -> Workbook:
    """Return the list as a workbook with what offices put into it: merged cells, bold heads, formats of numbers."""
    file = Workbook()
    sheet = file.active
    sheet.title = "Biểu 1"
    for row in LISTS[name]:
        sheet.append(row)
    for area in MERGED[name]:
        sheet.merge_cells(area)
    for row in sheet.iter_rows():
        for cell in row:
            cell.font = Font(name="Times New Roman", size=13, bold=cell.row <= 6)
            if isinstance(cell.value, date):
                cell.number_format = "[$-42A]dd/mm/yyyy"  # as in a Vietnamese Excel
            elif isinstance(cell.value, float):
                cell.number_format = "0.0"
    return file


def main() -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    SAVED.mkdir(exist_ok=True)
    for name in LISTS:
        first = SAVED / f"{name}-original.xlsx"
        original(name).save(first)
        for suffix in FORMATS:
            made = SAVED / f"{first.stem}.{suffix}"
            work = SAVED / "work"
            convert = ["--headless", "--convert-to", AS_CSV if suffix == "csv" else suffix, "--outdir", work]
            subprocess.run([office, *convert, first], check=True)
            shutil.move(work / made.name, SAVED / f"{name}.{suffix}")
            work.rmdir()


if __name__ == "__main__":
    main()
