"""Templates of a province: checked when they are sent in, used then, and the shipped ones again when removed."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from dashboards.models import PaperTemplate
from dashboards.papers.checking import check_template
from dashboards.papers.excel_building import excel_template
from dashboards.papers.forms import DOCX, FORMS, XLSX
from dashboards.papers.making import Paper
from dashboards.papers.word import shipped
from dashboards.papers.word_building import word_template
from sheets.packages import packed
from tests.dashboards.papers.test_text import docx_text, xlsx_text

SUMMARY = FORMS["tong-hop"]
SHIPPED = [(form, kind) for form in FORMS.values() for kind in form.template_kinds]


def with_words(*words: str, code="tong-hop") -> bytes:
    document = Document(io.BytesIO(shipped(code, DOCX)))
    for text in words:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """Return the file with a part put in or replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    return packed(parts | {name: content})


def part_of(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def with_cell(place: str, value) -> bytes:
    book = load_workbook(io.BytesIO(shipped("tong-hop", XLSX)))
    book.active[place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def refusal(data: bytes, kind=DOCX, form=SUMMARY) -> str:
    with pytest.raises(ValidationError) as error:
        check_template(form, kind, data)
    return " ".join(error.value.messages)


@pytest.mark.parametrize(("form", "kind"), SHIPPED, ids=lambda one: getattr(one, "code", one))
def test_every_shipped_template_passes_its_own_check(form, kind):
    check_template(form, kind, shipped(form.code, kind))


@pytest.mark.parametrize(("form", "kind"), SHIPPED, ids=lambda one: getattr(one, "code", one))
def test_every_shipped_template_is_that_of_its_layout(form, kind):
    built = word_template(form.layout, title=form.label) if kind == DOCX else excel_template(form.layout)
    name = "word/document.xml" if kind == DOCX else "xl/worksheets/sheet1.xml"

    assert part_of(shipped(form.code, kind), name) == part_of(built, name)


def test_fields_that_do_not_exist_are_named():
    said = refusal(with_words("{{ so_luong }} và {{ nam }}"))

    assert "{{ so_luong }}" in said
    assert "{{ nam }}" not in said


def test_fields_of_a_line_that_do_not_exist_are_named():
    said = refusal(with_words("{%p for dong in cac_dong %}", "{{ dong.ten_khac }}", "{%p endfor %}"))

    assert "{{ dong.ten_khac }}" in said


@pytest.mark.parametrize(
    "words",
    [
        "{{ nam.__class__ }}",
        "{{ ''.join(nam) }}",
        "{{ nam | upper }}",
        "{{ 'x' * 9 }}",
        "{{ lipsum() }}",
        "{% set x = nam %}",
        "{% include 'x' %}",
        "{{ nam ",
        "nam }}",
        "{% for x in range(10) %}{% endfor %}",
    ],
)
def test_a_template_may_only_name_fields_and_repeat_lists(words):
    assert refusal(with_words(words))


def test_a_list_inside_a_list_is_refused():
    said = refusal(
        with_words(
            "{%p for a in cac_dong %}", "{%p for b in cac_dong %}", "x", "{%p endfor %}", "{%p endfor %}"
        )
    )

    assert "danh sách khác" in said


def test_macros_are_refused():
    data = with_part(shipped("tong-hop", DOCX), "word/vbaProject.bin", b"x")

    assert "macro" in refusal(data)


def test_links_to_other_places_are_refused():
    rels = part_of(shipped("tong-hop", DOCX), "word/_rels/document.xml.rels")
    link = (
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'attachedTemplate" Target="http://example.org/x.dotm" TargetMode="External"/></Relationships>'
    )
    data = with_part(
        shipped("tong-hop", DOCX), "word/_rels/document.xml.rels", rels.replace(b"</Relationships>", link)
    )

    assert "http://example.org/x.dotm" in refusal(data)


def test_fields_that_fetch_are_refused():
    document = part_of(shipped("tong-hop", DOCX), "word/document.xml")
    field = b'<w:p><w:r><w:instrText>DDEAUTO c:\\\\x "y"</w:instrText></w:r></w:p></w:body>'
    data = with_part(shipped("tong-hop", DOCX), "word/document.xml", document.replace(b"</w:body>", field))

    assert "nơi khác" in refusal(data)


def test_a_zip_bomb_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 60_000_000)

    assert refusal(out.getvalue())


@pytest.mark.parametrize("data", [b"", b"abc", b"PK\x03\x04rubbish"])
@pytest.mark.parametrize("kind", [DOCX, XLSX])
def test_what_is_no_office_file_is_refused(data, kind):
    assert "Không mở được tệp" in refusal(data, kind)


def test_definitions_in_xml_are_refused():
    document = part_of(shipped("tong-hop", DOCX), "word/document.xml")
    bomb = document.replace(b"<w:document", b'<!DOCTYPE x [<!ENTITY a "aaa">]><w:document', 1)

    assert refusal(with_part(shipped("tong-hop", DOCX), "word/document.xml", bomb))


def test_an_excel_template_names_unknown_fields_and_holds_no_formulas():
    assert "{{ dong.abc }}" in refusal(with_cell("A1", "{{ dong.abc }}"), XLSX)
    assert "công thức" in refusal(with_cell("A1", "=1+1"), XLSX)


def test_a_word_file_is_no_excel_template():
    assert refusal(shipped("tong-hop", DOCX), XLSX)
    assert refusal(shipped("tong-hop", XLSX), DOCX)


# --- On the pages ---------------------------------------------------------------------------


def upload(client, data: bytes, kind=DOCX, name="mau.docx"):
    address = reverse("papers:upload_template", args=["tong-hop", kind])
    return client.post(address, {"file": SimpleUploadedFile(name, data)})


def test_a_template_is_used_until_it_is_removed(client, officer, asked_of_province):
    client.force_login(officer)
    paper = Paper.of(SUMMARY, asked_of_province)

    assert upload(client, with_words("Mẫu của tỉnh Vĩnh Long")).status_code == 302
    assert "Mẫu của tỉnh Vĩnh Long" in docx_text(paper.write(DOCX))
    row = PaperTemplate.objects.get()
    client.post(reverse("papers:remove_template", args=[row.pk]))

    assert "Mẫu của tỉnh Vĩnh Long" not in docx_text(paper.write(DOCX))
    assert [change.history_type for change in row.history.order_by("history_id")] == ["+", "~"]


def test_a_new_template_takes_the_place_of_the_old_one(client, officer, asked_of_province):
    client.force_login(officer)
    upload(client, with_words("Mẫu một"))
    upload(client, with_words("Mẫu hai"))

    assert "Mẫu hai" in docx_text(Paper.of(SUMMARY, asked_of_province).write(DOCX))
    assert PaperTemplate.objects.in_use().count() == 1
    assert PaperTemplate.objects.count() == 2


def test_an_excel_template_is_used_too(client, officer, asked_of_province):
    client.force_login(officer)
    upload(client, with_cell("A2", "CƠ QUAN CỦA TỈNH"), XLSX, "mau.xlsx")

    assert "CƠ QUAN CỦA TỈNH" in xlsx_text(Paper.of(SUMMARY, asked_of_province).write(XLSX))


def test_a_refused_template_is_not_kept_and_the_page_says_why(client, officer):
    client.force_login(officer)

    answer = upload(client, with_words("{{ so_luong }}"))

    assert answer.status_code == 422
    assert "{{ so_luong }}" in answer.content.decode()
    assert not PaperTemplate.objects.exists()


def test_a_template_of_another_province_is_not_taken_out(client, officer, outsider):
    client.force_login(officer)
    upload(client, with_words("Mẫu một"))
    client.force_login(outsider)
    row = PaperTemplate.objects.get()

    assert client.post(reverse("papers:remove_template", args=[row.pk])).status_code == 404
    assert client.get(reverse("papers:own_template", args=[row.pk])).status_code == 404
