"""The Word templates that are shipped, made from the layouts: what the writers set and what people edit are one.

``manage.py build_paper_templates`` writes them; a test looks that they are those of the layouts.
"""

import io

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from dashboards.letterhead import PARTY
from dashboards.papers.layout import (
    ForEach,
    Grid,
    Head,
    Layout,
    Line,
    Lines,
    Signatures,
    Table,
    When,
)
from dashboards.papers.pdf import REFERENCE
from dashboards.papers.setting import HeaderCell, header_rows

FONT = "Times New Roman"
_LOOK_OF_KINDS = {"text": ALIGN.LEFT, "short": ALIGN.CENTER, "count": ALIGN.RIGHT, "percent": ALIGN.RIGHT}
# alignment, size, bold, italic
_STYLES = {
    "title": (ALIGN.CENTER, 14, True, False),
    "subtitle": (ALIGN.CENTER, 13, True, False),
    "centre": (ALIGN.CENTER, None, False, True),
    "heading": (ALIGN.LEFT, None, True, False),
    "note": (ALIGN.LEFT, 11, False, True),
    "item": (ALIGN.JUSTIFY, None, False, True),
    "plain": (ALIGN.JUSTIFY, None, False, False),
}


def word_template(layout: Layout, *, title: str) -> bytes:
    """Return the template of a paper as a Word file."""
    return _Builder(layout, title).build()


class _Builder:
    def __init__(self, layout: Layout, title: str):
        self.layout = layout
        self.document = Document()
        self.document.core_properties.title = title
        self.document.core_properties.author = ""
        self.document.core_properties.comments = ""
        self._set_page()

    def build(self) -> bytes:
        # An empty document begins with no paragraph of its own; a table at its end needs one behind it.
        self._add(self.layout.blocks)
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    def _set_page(self):
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(self.layout.text_size)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        normal.paragraph_format.space_after = Pt(3)
        section = self.document.sections[0]
        width, height = Cm(21), Cm(29.7)
        if self.layout.is_wide:
            section.orientation = WD_ORIENT.LANDSCAPE
            width, height = height, width
            margins = (1.5, 1.5, 1.5, 1.5)
        else:
            margins = (1.5, 1.5, 1.5, 3) if self.layout.is_tight else (2, 1.5, 2, 3)
        section.page_width, section.page_height = width, height
        section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(
            Cm, margins
        )
        section.header_distance = section.footer_distance = Cm(0.8)
        # The first page bears no number.
        section.different_first_page_header_footer = True
        for footer in (section.footer, section.first_page_footer):
            self._write(footer.paragraphs[0], REFERENCE, (ALIGN.CENTER, 9, False, True))
        if self.layout.numbers_pages:
            paragraph = section.header.paragraphs[0]
            paragraph.alignment = ALIGN.CENTER
            _add_field(paragraph.add_run(), "PAGE")

    # --- parts ------------------------------------------------------------------------------

    def _add(self, blocks: tuple):
        for block in blocks:
            getattr(self, f"_add_{type(block).__name__.lower()}")(block)

    def _add_line(self, block: Line):
        self._paragraph(block.text, block.style)

    def _add_lines(self, block: Lines):
        self._tag(f"{{%p for dong_chu in {block.field} %}}")
        self._paragraph("{{ dong_chu }}", block.style)
        self._tag("{%p endfor %}")

    def _add_when(self, block: When):
        self._tag(f"{{%p if {block.field} %}}")
        self._add(block.blocks)
        self._tag("{%p endif %}")

    def _add_foreach(self, block: ForEach):
        self._tag(f"{{%p for {block.item} in {block.rows} %}}")
        self._add(block.blocks)
        self._tag("{%p if not loop.last %}")
        self._add_break(None)
        self._tag("{%p endif %}")
        self._tag("{%p endfor %}")

    def _add_break(self, _block):
        self.document.add_page_break()

    def _add_head(self, block: Head):
        self._tag("{%p if du_thao %}")
        self._write(self.document.add_paragraph(), "{{ du_thao }}", (ALIGN.RIGHT, None, True, False))
        self._tag("{%p endif %}")
        table = self._bare_table(self.layout.width * 0.44, self.layout.width * 0.56)
        left, right = table.rows[0].cells
        above, office = block.left
        for index, (text, bold) in enumerate([(above, False), (office, True), ("*", False)]):
            paragraph = left.paragraphs[0] if index == 0 else left.add_paragraph()
            self._write(paragraph, text, (ALIGN.CENTER, None, bold, False), space=0)
        field, word = ("so_ky_hieu", "Số ") if block.shows_number else ("bieu_so", "")
        for text in (f"{{%p if {field} %}}", f"{word}{{{{ {field} }}}}", "{%p endif %}"):
            self._write(left.add_paragraph(), text, (ALIGN.CENTER, None, False, False), space=0)
        self._write(right.paragraphs[0], PARTY, (ALIGN.CENTER, None, True, False), underlined=True)
        self._write(right.add_paragraph(), "{{ dia_danh_ngay }}", (ALIGN.CENTER, None, False, True))
        self._spaced()

    def _add_signatures(self, block: Signatures):
        self._spaced()
        half = self.layout.width / 2
        table = self._bare_table(half, half)
        _keep_whole(table.rows[0])
        is_list = len(block.left) > 2
        for cell, lines in zip(table.rows[0].cells, (block.left, block.right), strict=True):
            for index, text in enumerate(lines):
                paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
                look = (ALIGN.CENTER, None, True, False)
                if is_list and lines is block.left:
                    look = (ALIGN.LEFT, 11, index == 0, index == 0)
                self._write(paragraph, text, look, space=0)
        for _line in range(3 if self.layout.is_tight else 4):
            table.rows[0].cells[1].add_paragraph()

    def _add_grid(self, block: Grid):
        table = self._lined_table(block.widths)
        self._head_row(table, [HeaderCell(text) for text in block.header], {})
        for texts in block.rows:
            row = self._row(table)
            _keep_whole(row)
            row.height = Cm(0.6)
            for number, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                look = ALIGN.LEFT if number == 1 and text else ALIGN.CENTER
                self._write(cell.paragraphs[0], text, (look, 11, False, False), space=0)
        self._spaced()

    def _add_table(self, block: Table):
        size = 9.5 if len(block.columns) > 14 else 11
        table = self._lined_table([column.width for column in block.columns])
        taken: dict[int, int] = {}
        for cells in header_rows(block):
            self._head_row(table, cells, taken, size=size)
        self._tag_row(table, f"{{%tr for {block.item} in {block.rows} %}}")
        self._field_row(table, block, block.item, size)
        self._tag_row(table, "{%tr endfor %}")
        if block.total:
            self._field_row(table, block, block.total, size, bold=True)
        self._spaced()

    # --- rows -------------------------------------------------------------------------------

    def _head_row(self, table, cells: list[HeaderCell], taken: dict[int, int], size: float = 11):
        """Write a row of headings; ``taken`` says how many rows more each column is taken from above."""
        row = self._row(table)
        _repeat(row)
        _keep_whole(row)
        column = 0
        waiting = list(cells)
        while column < len(row.cells):
            if taken.get(column):
                taken[column] -= 1
                _merge_down(row.cells[column], begins=False)
                column += 1
                continue
            if not waiting:
                break
            heading = waiting.pop(0)
            cell = row.cells[column]
            if heading.columns > 1:
                cell = cell.merge(row.cells[column + heading.columns - 1])
            if heading.rows > 1:
                taken[column] = heading.rows - 1
                _merge_down(cell, begins=True)
            self._write(cell.paragraphs[0], heading.text, (ALIGN.CENTER, size, True, False), space=0)
            cell.vertical_alignment = 1
            column += heading.columns

    def _field_row(self, table, block: Table, item: str, size: float, *, bold: bool = False):
        row = self._row(table)
        _keep_whole(row)
        for cell, column in zip(row.cells, block.columns, strict=True):
            look = (_LOOK_OF_KINDS[column.kind], size, bold, False)
            self._write(cell.paragraphs[0], f"{{{{ {item}.{column.field} }}}}", look, space=0)

    def _tag_row(self, table, text: str):
        self._write(self._row(table).cells[0].paragraphs[0], text, (ALIGN.LEFT, 8, False, False), space=0)

    def _row(self, table):
        if not table._next_is_first:
            return table.add_row()
        table._next_is_first = False
        return table.rows[0]

    def _lined_table(self, widths):
        table = self.document.add_table(rows=1, cols=len(widths))
        table.style = "Table Grid"
        return self._sized(table, widths)

    def _bare_table(self, *widths: float):
        return self._sized(self.document.add_table(rows=1, cols=len(widths)), widths)

    @staticmethod
    def _sized(table, widths):
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
            for cell in column.cells:
                cell.width = Cm(width)
        table._next_is_first = True
        _narrow_margins(table)
        return table

    # --- text -------------------------------------------------------------------------------

    def _paragraph(self, text: str, style: str):
        alignment, *rest = _STYLES[style]
        # On a page lying on its side text is read line by line; dots to write on are not drawn apart.
        if alignment == ALIGN.JUSTIFY and (self.layout.is_wide or "……" in text):
            alignment = ALIGN.LEFT
        paragraph = self._write(self.document.add_paragraph(), text, (alignment, *rest))
        if style == "heading":
            paragraph.paragraph_format.keep_with_next = True
        if style in ("plain", "item") and not self.layout.is_wide and text:
            paragraph.paragraph_format.first_line_indent = Cm(1)
        return paragraph

    def _tag(self, text: str):
        """A paragraph that only says where something repeats or is left out; it does not appear on the paper."""
        self._write(self.document.add_paragraph(), text, (ALIGN.LEFT, 8, False, False), space=0)

    def _spaced(self):
        """Leave a little room: a table follows the text, or the text a table."""
        paragraph = self._write(self.document.add_paragraph(), "", (ALIGN.LEFT, None, False, False), space=0)
        paragraph.paragraph_format.line_spacing = Pt(4 if self.layout.is_tight else 9)

    @staticmethod
    def _write(paragraph, text: str, look: tuple, *, space: float = 3, underlined: bool = False):
        alignment, size, bold, italic = look
        paragraph.alignment = alignment
        paragraph.paragraph_format.space_after = Pt(space)
        run = paragraph.add_run(text)
        run.bold, run.italic, run.underline = bold, italic, underlined
        if size:
            run.font.size = Pt(size)
        return paragraph


def _repeat(row) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _narrow_margins(table) -> None:
    """Leave figures of narrow columns their line: the usual margins take a third of it."""
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", 25), ("left", 55), ("bottom", 25), ("right", 55)):
        one = OxmlElement(f"w:{side}")
        one.set(qn("w:w"), str(width))
        one.set(qn("w:type"), "dxa")
        margins.append(one)
    table._tbl.tblPr.append(margins)


def _keep_whole(row) -> None:
    row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))


def _merge_down(cell, *, begins: bool) -> None:
    mark = OxmlElement("w:vMerge")
    mark.set(qn("w:val"), "restart" if begins else "continue")
    cell._tc.get_or_add_tcPr().append(mark)


def _add_field(run, name: str) -> None:
    for kind, text in (("begin", None), (None, name), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)
