"""Templates made by hand: what no office program writes, and what a checker that reads names misses."""

import io
import re
import zipfile

import pytest
from django.core.exceptions import ValidationError
from jinja2 import TemplateError

from dashboards.papers.checking import check_template
from dashboards.papers.forms import DOCX, FORMS, XLSX
from dashboards.papers.values import sandbox
from dashboards.papers.word import shipped
from sheets.packages import packed

SUMMARY = FORMS["tong-hop"]
ENDLESS = "{% for a in range(9) %}{{ a }}{% endfor %}"
PARAGRAPH = f"<w:p><w:r><w:t>{ENDLESS}</w:t></w:r></w:p>"
DDE = "<w:p><w:r><{0}:instrText>DDEAUTO c:\\x</{0}:instrText></w:r></w:p>"


def parts_of(kind: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(shipped("tong-hop", kind))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_body(markup: str) -> str:
    text = parts_of(DOCX)["word/document.xml"].decode()
    return text.replace("<w:sectPr", f"{markup}<w:sectPr", 1)


def word(text: str | bytes) -> bytes:
    content = text.encode() if isinstance(text, str) else text
    return packed(parts_of(DOCX) | {"word/document.xml": content})


def with_header(name: str, content_type: str) -> bytes:
    """Return the template with a header that lies where no program puts one."""
    namespace = re.search(r'xmlns:w="([^"]+)"', with_body(""))[1]
    header = f'<w:hdr xmlns:w="{namespace}">{PARAGRAPH}</w:hdr>'
    parts = parts_of(DOCX) | {name: header.encode()}
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/header"
    link = f'<Relationship Id="rId77" Type="{kind}" Target="/{name}"/></Relationships>'
    override = f'<Override PartName="/{name}" ContentType="{content_type}"/></Types>'
    for place, end, more in (
        ("word/_rels/document.xml.rels", "</Relationships>", link),
        ("[Content_Types].xml", "</Types>", override),
    ):
        parts[place] = parts[place].replace(end.encode(), more.encode())
    return packed(parts)


def moved_document() -> bytes:
    """Return the template with its text in a part of another name, and a harmless one under the usual name."""
    parts = parts_of(DOCX)
    parts["evil/document.dat"] = with_body(PARAGRAPH).encode()
    parts["evil/_rels/document.dat.rels"] = parts["word/_rels/document.xml.rels"]
    for place in ("_rels/.rels", "[Content_Types].xml"):
        parts[place] = parts[place].replace(b"word/document.xml", b"evil/document.dat")
    return packed(parts)


HEADER = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
HIDDEN = {
    "in another part": moved_document,
    "in a header elsewhere": lambda: with_header("khac/h.xml", HEADER),
    "in a header called a picture": lambda: with_header("word/media/h.png", "image/png"),
    "in braces written as numbers": lambda: word(
        with_body(PARAGRAPH.replace("{", "&#123;").replace("}", "&#125;"))
    ),
    "in another encoding": lambda: word(
        re.sub(r"<\?xml.*?\?>", "", with_body(PARAGRAPH), flags=re.DOTALL).encode("utf-16")
    ),
}


@pytest.mark.parametrize("how", HIDDEN)
def test_no_template_language_is_hidden_from_the_check(how):
    with pytest.raises(ValidationError):
        check_template(SUMMARY, DOCX, HIDDEN[how]())


@pytest.mark.parametrize(
    "source",
    [
        ENDLESS,
        "{{ 'a' * 9 }}",
        "{{ nam.__class__ }}",
        "{{ nam|upper }}",
        "{% set a = nam %}",
        "{% for a in cac_dong %}{% for b in cac_dong %}{% endfor %}{% endfor %}",
        "{% for a in cac_dong %}{% if a %}{% for b in cac_dong %}{% endfor %}{% endif %}{% endfor %}",
    ],
)
def test_what_fills_in_a_paper_refuses_more_than_fields_and_lists(source):
    with pytest.raises(TemplateError):
        sandbox().from_string(source)


@pytest.mark.parametrize(
    "markup",
    [
        DDE.format("w"),
        '<w:p xmlns:x="{}"><w:r><x:instrText>DDEAUTO c:\\x</x:instrText></w:r></w:p>',
        DDE.format("w").replace("DDE", "&#68;&#68;E"),
        '<w:p><w:fldSimple w:instr="&#68;DEAUTO x"><w:r/></w:fldSimple></w:p>',
    ],
)
def test_a_field_that_fetches_is_found_however_it_is_written(markup):
    namespace = re.search(r'xmlns:w="([^"]+)"', with_body(""))[1]
    with pytest.raises(ValidationError) as error:
        check_template(SUMMARY, DOCX, word(with_body(markup.replace("{}", namespace))))

    assert "nơi khác" in " ".join(error.value.messages)


def sheet(*, cells: str = "", after: str = "") -> bytes:
    """Return the Excel template with more cells, or something behind them."""
    parts = parts_of(XLSX)
    name = "xl/worksheets/sheet1.xml"
    text = parts[name].decode().replace("</sheetData>", f"{cells}</sheetData>{after}", 1)
    return packed(parts | {name: text.encode()})


@pytest.mark.parametrize(
    "data",
    [
        sheet(cells='<row r="1048576"><c r="XFD1048576" s="1"/></row>'),
        sheet(after='<mergeCells count="1"><mergeCell ref="A60:XFD1048576"/></mergeCells>'),
        sheet(after='<hyperlinks><hyperlink ref="A60:XFD1048576" location="A1"/></hyperlinks>'),
    ],
    ids=["a cell without a value", "merged cells", "a link over cells"],
)
def test_a_sheet_that_reaches_to_the_end_of_the_world_is_refused_at_once(data):
    with pytest.raises(ValidationError):
        check_template(SUMMARY, XLSX, data)


def test_one_long_text_shown_in_every_cell_is_refused():
    parts = parts_of(XLSX)
    long = "a" * 300_000
    name = "xl/worksheets/sheet1.xml"
    row = '<row r="60"><c r="A60" t="inlineStr"><is><t>' + long + "</t></is></c></row>"
    text = parts[name].decode().replace("</sheetData>", f"{row}</sheetData>", 1)

    with pytest.raises(ValidationError):
        check_template(SUMMARY, XLSX, packed(parts | {name: text.encode()}))
