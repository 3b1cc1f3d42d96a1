"""The text of every paper is the Vietnamese that was put in, letter for letter."""

import io
import re
import unicodedata

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from dashboards.papers.asking import asked_for
from dashboards.papers.forms import DOCX, FORMS, PDF, XLSX, forms_of
from dashboards.papers.making import Paper
from dashboards.papers.setting import set_out
from tests.dashboards.papers.conftest import LETTERS

COMMUNE = [form.code for form in forms_of("commune")]
PROVINCE = [form.code for form in forms_of("province")]


def joined(text: str) -> str:
    """Return the letters alone: where a line ends is the layout's business."""
    return re.sub(r"\s+", "", text)


def said(form, figures) -> list[str]:
    """Return every text that is to stand on the paper."""
    texts = []
    for block in set_out(form.layout, figures):
        texts += [block.text, *block.left, *block.right, *block.total]
        texts += [cell.text for row in block.header for cell in row]
        texts += [text for row in block.rows for text in row]
    return [text for text in texts if text.strip()]


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def docx_text(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    return "".join(one.text or "" for one in document.element.body.iter() if one.tag.endswith("}t"))


def xlsx_text(content: bytes) -> str:
    book = load_workbook(io.BytesIO(content))
    return "\n".join(
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    )


def is_nfc(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text)


def paper_of(code, asked, asked_of_province):
    return Paper.of(FORMS[code], asked if code in COMMUNE else asked_of_province)


@pytest.mark.parametrize("code", [*COMMUNE, *(code for code in PROVINCE if code not in COMMUNE)])
def test_a_pdf_says_what_was_put_in(code, asked, asked_of_province):
    paper = paper_of(code, asked, asked_of_province)

    text = pdf_text(paper.write(PDF))

    assert is_nfc(text)
    assert [one for one in said(paper.form, paper.figures) if joined(one) not in joined(text)] == []
    assert "Mẫu tham khảo" in text
    assert "DỰ THẢO" in text


@pytest.mark.parametrize("code", [*COMMUNE, *(code for code in PROVINCE if code not in COMMUNE)])
def test_a_word_file_says_what_was_put_in(code, asked, asked_of_province):
    paper = paper_of(code, asked, asked_of_province)

    content = paper.write(DOCX)
    text = docx_text(content)

    assert is_nfc(text)
    assert [one for one in said(paper.form, paper.figures) if joined(one) not in joined(text)] == []
    assert "{{" not in text
    assert "{%" not in text
    footers = [
        section.first_page_footer.paragraphs[0].text for section in Document(io.BytesIO(content)).sections
    ]
    assert footers == ["Mẫu tham khảo"]


def test_every_letter_comes_through(asked):
    form = FORMS["danh-sach-xep-loai"]
    figures = form.figures_for(asked)
    figures["cac_dong"][0]["ly_do"] = f"{LETTERS} {LETTERS.upper()}"
    paper = Paper.of(form, asked, figures)

    for text in (pdf_text(paper.write(PDF)), docx_text(paper.write(DOCX)), xlsx_text(paper.write(XLSX))):
        assert joined(LETTERS) in joined(text)
        assert joined(LETTERS.upper()) in joined(text)


def test_what_is_decomposed_is_written_composed(asked):
    form = FORMS["danh-sach-xep-loai"]
    figures = form.figures_for(asked)
    figures["cac_dong"][0]["ly_do"] = unicodedata.normalize("NFD", "Hưỡn Nghĩa")

    assert "HưỡnNghĩa" in joined(docx_text(Paper.of(form, asked, figures).write(DOCX)))


@pytest.mark.parametrize(
    "text",
    ["<w:b/> & \"Hậu\" 'Hòa'", "{{ nam }} {% for x in y %}", "#strong[x] $a$ \\ @b <c>", "=1+1", "+84"],
)
@pytest.mark.parametrize("kind", [PDF, DOCX, XLSX])
def test_what_looks_like_markup_is_text(asked, kind, text):
    form = FORMS["danh-sach-xep-loai"]
    figures = form.figures_for(asked)
    figures["cac_dong"][0]["ly_do"] = text
    read = {PDF: pdf_text, DOCX: docx_text, XLSX: xlsx_text}[kind]

    assert joined(text) in joined(read(Paper.of(form, asked, figures).write(kind)))


def test_figures_of_a_workbook_are_numbers(asked_of_province):
    content = Paper.of(FORMS["tong-hop"], asked_of_province).write(XLSX)

    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(content)).active.iter_rows()]
    line = next(row for row in rows if row[1] == "Xã Phú Túc")

    assert line[2:6] == [5, 4, 1, 0.25]


def test_percentages_and_numbers_are_written_as_in_vietnam(asked_of_province):
    figures = FORMS["tong-hop"].figures_for(asked_of_province)
    figures["cac_dong"][0] |= {"tong_so": 1542, "duoc_danh_gia": 1542, "xs": 1400}

    text = pdf_text(Paper.of(FORMS["tong-hop"], asked_of_province, figures).write(PDF))

    assert "1.542" in text
    assert "90,8%" in text


def test_a_sheet_without_rows_is_left_out(clerk, commune, rated):
    paper = Paper.of(FORMS["danh-sach-trinh"], asked_for(clerk, commune, 2025))

    assert load_workbook(io.BytesIO(paper.write(XLSX))).sheetnames == ["Chi bộ"]
