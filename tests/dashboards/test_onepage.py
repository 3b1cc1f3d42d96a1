"""The overview on one sheet: as PDF, as a picture, as a workbook – the same numbers as on the page."""

import io
import struct
from datetime import date

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import ExportLog, Role
from dashboards.figures.board import Board
from dashboards.figures.frames import Frame
from dashboards.models import Tiles
from dashboards.onepage.addresses import export_url, sheet_url
from dashboards.onepage.sheet import COLOURS, MOST_TILES, Sheet
from dashboards.overview import LEVELS
from evaluations.models import Level
from leaders.actions import end_tenure
from leaders.models import Office, Tenure, WayOut
from sheets.reading import read_workbook
from tests import factories


@pytest.fixture
def full(province, commune, neighbour, time_machine):
    """Two communes with seats, ratings of two years and a target."""
    time_machine.move_to("2026-11-22 15:20+07:00", tick=False)
    cells = []
    for home, count in ((commune, 3), (neighbour, 2)):
        for number in range(count):
            hamlet = factories.hamlet(parent=home)
            cells.append(factories.cell(of=hamlet))
            person = factories.person(keeper=home)
            factories.tenure(cell=cells[-1], person=person, starts_on=date(2022, 1, 1))
            if number:
                factories.tenure(
                    office=Office.HAMLET_HEAD,
                    hamlet=hamlet,
                    person=person,
                    starts_on=date(2022 + number, 1, 1),
                )
    levels = [Level.EXCELLENT, Level.GOOD, Level.GOOD, Level.COMPLETED, Level.NOT_COMPLETED]
    for year in (2024, 2025):
        cycle = factories.cycle(province=province, year=year)
        for cell, level in zip(cells, levels, strict=True):
            factories.rating(
                of=cell, cycle=cycle, level=level, decision=factories.decision(date=date(year + 1, 1, 5))
            )
    factories.target(unit=province, goal=2, base=4, term="2025-2030", starts_on=date(2025, 1, 1))
    factories.title_case(of=cells[0], recognised_on=date(2026, 2, 1))
    return province


def sheet(client, user, unit, kind="pdf", **query) -> bytes:
    client.force_login(user)
    response = client.get(reverse("dashboards:sheet", args=[unit.pk, kind]), query)
    assert response.status_code == 200
    return response.content


def text_of(pdf: bytes) -> str:
    (page,) = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(page.extract_text().split())


def test_the_sheet_says_what_the_page_says(client, reader, full):
    text = text_of(sheet(client, reader, full))

    client.force_login(reader)
    page = client.get(reverse("dashboards:overview_unit", args=[full.pk]))
    for tile in page.context["tiles"][:MOST_TILES]:
        assert str(tile["label"]) in text
        assert str(tile["value"]) in text
    assert "Số liệu tính đến ngày 22/11/2026, theo địa giới tại thời điểm." in text
    assert "toàn tỉnh có 3/5 ấp" in text
    assert "HTXSNV 1, HTTNV 2, HTNV 1, KHTNV 1" in text
    assert "Năm 2025: 5 chi bộ" in text
    assert "Năm 2024: 5 chi bộ" in text
    assert "1/2" in text
    assert "TỈNH ỦY VĨNH LONG BAN TỔ CHỨC" in text
    assert "Cách tính" in text


def test_the_sheet_says_in_words_how_many_more_or_fewer_there_are(client, reader, full):
    def said() -> str:
        return text_of(sheet(client, reader, full))

    since = "có bí thư đồng thời là người đứng đầu"
    assert f"Số ấp {since} không thay đổi so với ngày 31/12/2025" in said()
    first, second, _third = Tenure.objects.filter(office=Office.HAMLET_HEAD)
    end_tenure(first, last_day=date(2026, 3, 1), way_out=WayOut.RELIEVED)
    assert f"Giảm 1 ấp {since} so với ngày 31/12/2025" in said()
    for tenure in (first, second):
        Tenure.objects.filter(pk=tenure.pk).update(starts_on=date(2026, 1, 5), ends_on=None, way_out="")
    assert f"Tăng 2 ấp {since} so với ngày 31/12/2025" in said()


def test_the_sheet_of_a_past_day_is_of_that_day(client, reader, full):
    text = text_of(sheet(client, reader, full, ngay="2023-05-04", dia_gioi="hien-nay"))

    assert "04/05/2023, theo địa giới hiện nay" in text
    assert "toàn tỉnh có 2/5 ấp" in text


def test_a_role_gets_the_sheet_with_its_own_tiles(client, reader, full):
    Tiles.objects.create(province=full, role=Role.LEADER, figures=["cells"])

    text = text_of(sheet(client, reader, full))

    assert "Chi bộ 5" in text
    assert "Số hộ" not in text


def test_the_picture_is_one_sheet_upright(client, reader, full):
    content = sheet(client, reader, full, "png")

    width, height = struct.unpack(">II", content[16:24])
    assert content.startswith(b"\x89PNG")
    assert 1.40 < height / width < 1.43


def test_an_empty_unit_has_its_sheet_too(client, reader, province):
    assert "toàn tỉnh có 0/0" in text_of(sheet(client, reader, province))


def test_the_fullest_sheet_stays_one_page():
    """With every part as long as it may be the explanations give way, never the figures."""
    long = "Chi bộ ấp, khu phố có bí thư đồng thời là trưởng ấp, khu phố"
    part = {"count": 4, "colour": "#1f7a60", "dark": True, "hatched": False, "text": "HTTNV 4"}
    year = {
        "label": "Năm 2025: 1.452 chi bộ",
        "parts": [part] * 4,
        "said": "HTXSNV 1, HTTNV 2, HTNV 3, KHTNV 4",
    }
    content = {
        "title": "TỔNG QUAN – THÀNH PHỐ HỒ CHÍ MINH",
        "left": ["THÀNH ỦY THÀNH PHỐ HỒ CHÍ MINH", "BAN TỔ CHỨC"],
        "party": "ĐẢNG CỘNG SẢN VIỆT NAM",
        "place_and_day": "Hồ Chí Minh, ngày 22 tháng 11 năm 2026",
        "basis": "Số liệu tính đến ngày 22/11/2026 " * 4,
        "sentence": f"Đến 15 giờ 20 {long} " * 5,
        "change": long,
        "tiles": [
            {"label": long, "value": "98,6%", "fraction": "1.432/1.452", "note": "trong đó 61 lâm thời"}
        ]
        * 12,
        "levels": [year] * 2,
        "years": [{"label": "31/12/2025", "share": 98.6, "percent": "98,6%", "fraction": "1.432/1.452"}] * 6,
        "targets": [f"{long}: 28/59 (47,5%); 28/117 (23,9%) " * 3] * 3,
        "concerns": [f"{long} " * 2] * 3,
        "explanations": [{"label": long, "text": long * 3}] * 12,
        "words": dict.fromkeys(["figures", "levels", "years", "targets", "concerns", "explanations"], "Phần"),
        "foot": "Số liệu để tham khảo.",
        "made": "Lập lúc 15:20 22/11/2026",
    }

    text = text_of(Sheet("Tổng quan", content).write("pdf"))

    assert text.count("1.432/1.452") == 18
    assert text.count("28/59") == 9


def test_each_level_has_its_colour():
    assert set(COLOURS) == {level.key for level in LEVELS}


def test_the_workbook_has_every_figure_of_every_unit_below(client, reader, full, commune, neighbour):
    client.force_login(reader)

    response = client.get(export_url(Frame(full, date(2026, 11, 22), reader)))

    content = b"".join(response.streaming_content)
    rows = read_workbook(content, "x.xlsx").sheets[0].rows
    board = Board(Frame(full, date(2026, 11, 22), reader))
    header = next(row for row in rows if "Đơn vị" in [str(cell) for cell in row])
    names = [str(cell) for cell in header]
    column = names.index(str(board.figures["merged_role"].label))
    by_unit = {
        str(row[1]): row
        for row in rows[rows.index(header) + 1 :]
        if len(row) > column and row[column] is not None
    }
    counted = {name: [str(cell) for cell in by_unit[name][column : column + 2]] for name in by_unit}
    assert counted["Xã Phú Túc"] == ["2", "3"]
    assert counted["Xã Giao Long"] == ["1", "2"]
    assert counted["Tổng cộng"] == ["3", "5"]
    said = str(rows)
    assert str(board.figures["merged_role"].explanation) in said
    assert "theo địa giới tại thời điểm" in said


def test_whoever_takes_one_out_is_noted(client, reader, full):
    sheet(client, reader, full)
    sheet(client, reader, full, "png")
    response = client.get(export_url(Frame(full, date(2026, 11, 22), reader)))
    b"".join(response.streaming_content)

    logs = ExportLog.objects.order_by("pk")
    assert [log.by for log in logs] == [reader] * 3
    assert logs[0].filters.endswith("pdf")
    assert "22/11/2026" in logs[1].filters
    assert logs[2].row_count == 3


@pytest.mark.parametrize("kind", ["docx", "exe"])
def test_there_are_no_other_kinds(client, reader, province, kind):
    client.force_login(reader)

    assert client.get(reverse("dashboards:sheet", args=[province.pk, kind])).status_code == 404


def test_the_overview_and_the_leaders_page_lead_to_the_sheet(client, reader, full):
    client.force_login(reader)
    frame = Frame(full, date(2026, 11, 22), reader)

    overview = client.get(reverse("dashboards:overview_unit", args=[full.pk])).content.decode()
    home = client.get(reverse("dashboards:home")).content.decode()

    assert all(
        address in overview
        for address in (sheet_url(frame, "pdf"), sheet_url(frame, "png"), export_url(frame))
    )
    assert sheet_url(frame, "pdf") in home
