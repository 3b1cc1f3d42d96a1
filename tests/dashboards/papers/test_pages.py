"""The pages of papers, and the command that writes them."""

import io
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import ExportLog
from evaluations.models import Level
from sheets.reading import read_workbook
from tests import factories
from tests.dashboards.papers.conftest import YEAR


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_a_clerk_is_led_to_the_papers_of_the_commune(client, clerk, commune, rated, person):
    client.force_login(clerk)

    page = client.get(reverse("papers:index"), follow=True).content.decode()

    assert "Danh sách trình Ban Thường vụ Đảng ủy" in page
    assert "Kết quả đánh giá, xếp loại chi bộ năm 2025 của xã Phú Túc" in page
    assert 'data-copy-target="#paragraph"' in page
    assert reverse("paper_files:file", args=[commune.pk, YEAR, "quyet-dinh", "docx"]) in page


def test_the_menu_leads_there(client, clerk):
    client.force_login(clerk)

    assert f'href="{reverse("papers:index")}"' in client.get("/").content.decode()


def test_the_page_of_a_province_leads_to_the_papers_of_a_commune(client, officer, province, commune, rated):
    client.force_login(officer)

    answer = client.get(reverse("papers:year", args=[province.pk, YEAR]), {"xa": commune.pk})

    assert answer["Location"] == reverse("papers:year", args=[commune.pk, YEAR])


def test_another_year_is_chosen_without_a_script(client, clerk, commune, rated):
    client.force_login(clerk)

    answer = client.get(reverse("papers:year", args=[commune.pk, YEAR]), {"nam": YEAR - 1})

    assert answer["Location"] == reverse("papers:year", args=[commune.pk, YEAR - 1])


def test_a_unit_without_a_year_says_so(client, officer, province):
    client.force_login(officer)

    assert "Chưa có biểu" in client.get(reverse("papers:unit", args=[province.pk])).content.decode()


def test_the_pages_need_a_constant_number_of_queries(client, queries_of, clerk, commune, rated, year):
    client.force_login(clerk)
    addresses = [
        reverse("papers:year", args=[commune.pk, YEAR]),
        reverse("papers:paper", args=[commune.pk, YEAR, "danh-sach-trinh"]),
        reverse("papers:streaks"),
    ]
    before = [queries_of(address) for address in addresses]
    for number in range(20):
        cell = factories.cell(of=factories.hamlet(parent=commune, name=f"ấp {number}"))
        factories.rating(of=cell, cycle=year, level=Level.EXCELLENT)

    assert [queries_of(address) for address in addresses] == before


def test_the_list_of_years_running_is_shown_and_taken_along(
    client, officer, province, commune, rated, last_year
):
    factories.rating(
        of=factories.cell(of=factories.hamlet(parent=commune, name="Xuất sắc"), name="Chi bộ hai năm"),
        cycle=last_year,
        level=Level.GOOD,
    )
    client.force_login(officer)
    asked = {"loai": "chi-bo", "don_vi": province.pk, "nam": YEAR, "so_nam": 2, "muc": "t"}

    page = client.get(reverse("papers:streaks"), asked)
    book = read_workbook(body(client.get(reverse("exporting:streaks"), asked)), "ds.xlsx")

    named = [str(row.subject) for row in page.context["page"].object_list]
    assert named == ["Chi bộ ấp Quới Hòa", "Chi bộ ấp Thuận Điền"]
    texts = [str(value) for row in book.sheets[0].rows for value in row if value]
    assert "2024, 2025" in texts
    assert "Chi bộ ấp Quới Hòa" in texts
    assert ExportLog.objects.get().row_count == 2


def test_a_choice_that_is_not_offered_is_not_found(client, officer, rated):
    client.force_login(officer)

    assert client.get(reverse("papers:streaks"), {"muc": "gioi"}).status_code == 404
    assert client.get(reverse("papers:streaks"), {"nam": "1999"}).status_code == 404


@pytest.mark.parametrize(("code", "kind"), [("abc", "pdf"), ("tong-hop", "doc"), ("tu-danh-gia", "xlsx")])
def test_a_paper_that_does_not_exist_is_not_found(client, officer, province, commune, rated, code, kind):
    client.force_login(officer)
    unit = commune if code == "tu-danh-gia" else province

    assert client.get(reverse("paper_files:file", args=[unit.pk, YEAR, code, kind])).status_code == 404


# --- The command ----------------------------------------------------------------------------


def export(form, out, **options):
    call_command("export_form", form, out=out, stdout=StringIO(), **{"unit": "86", "year": YEAR, **options})


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pdf"])
def test_the_command_writes_the_kind_that_the_name_of_the_file_says(tmp_path, officer, rated, kind):
    path = tmp_path / f"bieu.{kind}"

    export("tong-hop", path, user="officer")

    assert path.read_bytes()[:4] == (b"%PDF" if kind == "pdf" else b"PK\x03\x04")
    assert ExportLog.objects.get().by == officer


def test_without_an_account_the_command_sees_what_was_sent(tmp_path, rated):
    path = tmp_path / "bieu.pdf"

    export("tong-hop", path)

    assert "PhúTúc" in PdfReader(io.BytesIO(path.read_bytes())).pages[0].extract_text().replace(" ", "")
    assert ExportLog.objects.get().by is None


@pytest.mark.parametrize(
    ("form", "options", "said"),
    [
        ("abc", {}, "tong-hop"),
        ("tong-hop", {"unit": "00000"}, "00000"),
        ("tong-hop", {"unit": "28810"}, "danh-sach-trinh"),
        ("tong-hop", {"year": 1999}, "1999"),
        ("tong-hop", {"user": "nobody"}, "nobody"),
        ("tong-hop", {"user": "clerk"}, "86"),
    ],
)
def test_what_cannot_be_written_ends_with_code_two_and_a_sentence(
    tmp_path, clerk, rated, form, options, said
):
    with pytest.raises(CommandError, match=said) as error:
        export(form, tmp_path / "x.pdf", **options)

    assert error.value.returncode == 2
    assert not (tmp_path / "x.pdf").exists()


def test_a_kind_that_the_paper_does_not_have_is_refused(tmp_path, rated):
    with pytest.raises(CommandError, match="docx, pdf, xlsx"):
        export("tong-hop", tmp_path / "x.odt")


def test_the_command_tells_nothing_that_was_not_sent(tmp_path, stepwise, commune):
    with pytest.raises(CommandError):
        export("danh-sach-trinh", tmp_path / "x.pdf", unit="28810", year=stepwise.year)
