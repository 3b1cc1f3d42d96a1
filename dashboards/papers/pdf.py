"""Papers as PDF, set by typst with the fonts of the project alone: no system font, no package, no network."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import typst

from dashboards.papers.layout import Layout
from dashboards.papers.setting import Block, set_out

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
SOURCE = HERE / "paper.typ"
REFERENCE = "Mẫu tham khảo"
# A tagged file of many rows is twenty times as large.
_MOST_TAGGED_ROWS = 400


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def write_pdf(layout: Layout, figures: Mapping, *, title: str) -> bytes:
    """Return the paper as a PDF file."""
    blocks = set_out(layout, figures)
    paper = {
        "title": title,
        "is_wide": layout.is_wide,
        "is_tight": layout.is_tight,
        "text_size": layout.text_size,
        "numbers_pages": layout.numbers_pages,
        "reference": REFERENCE,
        "blocks": [asdict(block) for block in blocks],
    }
    compiler = typst.Compiler(
        SOURCE.read_bytes(),
        root=str(FONTS),
        font_paths=fonts(),
        # Nothing lies there: a source that asked for a package would find none, and fetch none.
        package_path=str(FONTS),
        package_cache_path=str(FONTS),
    )
    return compiler.compile(
        format="pdf",
        sys_inputs={"paper": json.dumps(paper, ensure_ascii=False)},
        pdf_tags=_rows(blocks) <= _MOST_TAGGED_ROWS,
    )


def _rows(blocks: list[Block]) -> int:
    return sum(len(block.rows) for block in blocks)
