"""The workbook of a commune: what it holds, who gets it, and that an office program gives it back as it was."""

import io
import shutil
import subprocess
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import ExportLog, Role
from evaluations.models import CellRating, LeaderRating, Level, MemberLevels, Submission
from evaluations.review.rows import Entry, fill_rest, mark_of, save_rows
from evaluations.review.workbook import file_name, workbook_of
from evaluations.review.workbook_sheets import FIRST, HEADER
from tests import factories
from tests.worlds import kept

SOFFICE = shutil.which("soffice")


@kept
def cells(commune):
    found = [factories.cell(of=factories.hamlet(parent=commune, name=f"{n}")) for n in (10, 2, 1)]
    return [*found, factories.cell(commune=commune, name="=Chi bộ Công an", kind="police")]


@kept
def secretary(cells):
    return factories.tenure(cell=cells[0]).person


@kept
def file(officer, commune, cells, secretary):
    return factories.file_of(commune, factories.open_review(by=officer))


def opened(data: bytes):
    return load_workbook(io.BytesIO(data))


def columns(sheet) -> dict[str, int]:
    """Return the number of each column by what stands over it, the lower of two rows where there are two."""
    return {
        sheet.cell(HEADER + 1, n).value or sheet.cell(HEADER, n).value: n
        for n in range(1, sheet.max_column + 1)
    }


def column_of(sheet, heading: str) -> list:
    n = columns(sheet)[heading]
    return [sheet.cell(row, n).value for row in range(FIRST, sheet.max_row + 1)]


def url(file: Submission) -> str:
    return reverse("review:workbook", args=[file.cycle.year, file.pk])


# --- What it holds -----------------------------------------------------------------------


def test_the_cells_stand_in_the_order_of_the_commune_with_what_is_entered(file, clerk, cells):
    row = CellRating.objects.get(cell=cells[2])
    values = {"self_level": Level.EXCELLENT, "proposed_level": Level.GOOD, "points": 88, "disciplined": False}
    save_rows(
        file, [Entry(CellRating, row.pk, mark_of(row, None), values, {"excellent": 0, "good": 9})], by=clerk
    )

    sheet = opened(workbook_of(file, clerk))["Chi bộ"]

    assert [name.split()[-1] for name in column_of(sheet, "Chi bộ")] == ["1", "2", "10", "an"]
    filled = {heading: column_of(sheet, heading)[0] for heading in columns(sheet)}
    assert (filled["Mức tự xếp loại"], filled["Mức đề xuất"]) == ("HTXSNV", "HTTNV")
    assert (filled["Điểm"], filled["Bị kỷ luật"], filled["XS"], filled["T"], filled["HT"]) == (
        88,
        "không",
        0,
        9,
        None,
    )
    assert filled["Tất cả nhiệm vụ đúng tiến độ"] is None


def test_the_level_of_the_year_before_stands_beside_and_people_have_their_sheet(
    file, clerk, cells, secretary, province
):
    before = factories.cycle(province=province, year=file.cycle.year - 1)
    factories.rating(of=cells[1], cycle=before, level=Level.COMPLETED)

    book = opened(workbook_of(file, clerk))

    assert column_of(book["Chi bộ"], "Xếp loại năm trước") == [None, "HTNV", None, None]
    assert column_of(book["Bí thư"], "Họ và tên") == [secretary.full_name]
    assert column_of(book["Bí thư"], "Tư cách xếp loại") == ["chức vụ đang giữ"]
    assert book.sheetnames == ["Chi bộ", "Bí thư", "Hướng dẫn"]


def test_what_looks_like_a_formula_stays_text(file, clerk):
    sheet = opened(workbook_of(file, clerk))["Chi bộ"]

    cell = sheet.cell(FIRST + 3, columns(sheet)["Chi bộ"])
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=Chi bộ Công an", "s", True)


def test_years_without_points_and_conditions_ask_for_none(officer, commune, cells):
    cycle = factories.open_review(by=officer, year=2022)

    sheet = opened(workbook_of(factories.file_of(commune, cycle), officer))["Chi bộ"]

    assert not {"Điểm", "Bị kỷ luật", "Tất cả nhiệm vụ đúng tiến độ"} & columns(sheet).keys()


def test_only_what_may_be_entered_is_unlocked(file, clerk, reader, cells):
    sheet = opened(workbook_of(file, clerk))["Chi bộ"]

    unlocked = {
        heading for heading, n in columns(sheet).items() if not sheet.cell(FIRST, n).protection.locked
    }
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert unlocked == {
        *("Mức tự xếp loại", "Mức đề xuất", "Điểm", "Tất cả nhiệm vụ đúng tiến độ"),
        *("Đủ tỷ lệ nhiệm vụ vượt mức yêu cầu", "Nhiệm vụ chậm tiến độ trong tỷ lệ cho phép", "Bị kỷ luật"),
        *("XS", "T", "HT", "KHT", "Chưa xếp loại", "Không thuộc diện xếp loại", "Lý do", "Ghi chú"),
    }
    Submission.objects.update(state="put")
    file.refresh_from_db()
    sheet = opened(workbook_of(file, clerk))["Chi bộ"]
    assert all(sheet.cell(FIRST, n).protection.locked for n in columns(sheet).values())


def test_cells_offer_their_lists(file, clerk):
    sheet = opened(workbook_of(file, clerk))["Chi bộ"]
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}

    def rule(heading):
        return rules[sheet.cell(FIRST, columns(sheet)[heading]).coordinate]

    assert rule("Mức tự xếp loại").formula1 == '"HTXSNV,HTTNV,HTNV,KHTNV"'
    assert rule("Bị kỷ luật").formula1 == '"có,không"'
    reasons = rule("Không thuộc diện xếp loại").formula1.strip('"').split(",")
    assert "từ trần" in reasons
    assert len(reasons) == 6
    assert max(len(one.formula1) for one in rules.values()) < 255
    assert all(one.error and one.showErrorMessage for one in rules.values())


def test_it_prints_on_a4_with_its_header_on_every_page(file, clerk):
    for sheet in opened(workbook_of(file, clerk)).worksheets[:2]:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows == f"${HEADER}:${HEADER + 1}"
        assert sheet.freeze_panes.endswith(str(FIRST))


def test_its_name_is_that_of_the_commune_in_plain_letters(file):
    year = file.cycle.year

    assert file_name(file) == f"Danh-gia-chi-bo-{year}-xa-Phu-Tuc.xlsx"


@pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed")
def test_libreoffice_gives_it_back_with_keys_lists_and_locks(file, clerk, tmp_path):
    given = tmp_path / "given.xlsx"
    given.write_bytes(workbook_of(file, clerk))
    home = f"-env:UserInstallation=file://{tmp_path}/home"

    subprocess.run(
        [SOFFICE, home, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "back"), str(given)],
        check=True,
        capture_output=True,
        timeout=180,
    )

    ours, theirs = load_workbook(given), load_workbook(tmp_path / "back" / "given.xlsx")
    for name in ("Chi bộ", "Bí thư"):
        assert list(theirs[name].values)[HEADER - 1 :] == list(ours[name].values)[HEADER - 1 :]
        assert theirs[name].protection.sheet
        assert len(theirs[name].data_validations.dataValidation) == len(
            ours[name].data_validations.dataValidation
        )


# --- Who gets it -------------------------------------------------------------------------


def test_the_commune_takes_it_out_and_that_is_noted(client, clerk, file):
    client.force_login(clerk)

    response = client.get(url(file))

    assert file_name(file) in response["Content-Disposition"]
    assert column_of(opened(response.content)["Chi bộ"], "TT") == [1, 2, 3, 4]
    note = ExportLog.objects.get()
    assert (note.by, note.row_count) == (clerk, 5)
    assert str(file.commune) in note.filters
    assert "Phú Túc" in note.filters
    page = client.get(reverse("review:grid", args=[file.cycle.year, file.pk])).content.decode()
    assert url(file) in page


def test_the_province_gets_it_once_it_was_sent(client, officer, file, clerk):
    client.force_login(officer)

    assert client.get(url(file)).status_code == 403
    fill_rest(file, by=clerk)
    Submission.objects.update(state="returned", sent_at="2026-01-01T00:00Z", decision=factories.decision())
    for model in (CellRating, LeaderRating, MemberLevels):
        model.objects.update(withheld=False)

    assert column_of(opened(client.get(url(file)).content)["Chi bộ"], "Mức đề xuất") == ["HTTNV"] * 4


def test_others_get_none(client, reader, outsider, file, neighbour, province):
    administrator = factories.user(role=Role.ADMINISTRATOR, keeps=[None])
    colleague = factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])

    for user, status in ((reader, 403), (administrator, 403), (outsider, 404), (colleague, 404)):
        client.force_login(user)
        assert client.get(url(file)).status_code == status, user.role
    assert not ExportLog.objects.exists()


def test_a_year_in_preparation_has_no_rows_to_fill_in(client, officer, clerk, commune, cells):
    cycle = factories.prepared_review(by=officer)
    client.force_login(clerk)

    assert client.get(url(factories.file_of(commune, cycle))).status_code == 404


def test_queries_do_not_grow_with_the_rows(clerk, officer, commune, django_assert_max_num_queries):
    for n in range(30):
        factories.tenure(
            cell=factories.cell(commune=commune, name=f"Chi bộ số {n}"), starts_on=date(2020, 1, 1)
        )
    file = factories.file_of(commune, factories.open_review(by=officer))

    with django_assert_max_num_queries(20):
        workbook_of(file, clerk)
