"""Papers as Word files: a template, shipped or the province's own, filled in with the figures."""

import io
from collections.abc import Mapping
from pathlib import Path

from docxtpl import DocxTemplate

from dashboards.papers.layout import Layout
from dashboards.papers.values import sandbox, shown_figures

SHIPPED = Path(__file__).parent / "shipped"


def write_word(layout: Layout, figures: Mapping, *, template: bytes) -> bytes:
    """Return the template filled in; every text is written as it is, none of it becomes markup or a field."""
    document = DocxTemplate(io.BytesIO(template))
    document.render(shown_figures(figures, list(layout.tables())), sandbox(), autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def shipped(code: str, kind: str) -> bytes:
    """Return the template of a paper that comes with the software."""
    return (SHIPPED / f"{code}.{kind}").read_bytes()
