"""Rows of lists whose columns are known only when the page is made."""

from datetime import date

from django import template
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

register = template.Library()

NUM = mark_safe(' class="num"')


@register.simple_tag
def figure_row(record: dict, columns: list) -> str:
    """Return one row of a figure's list: the first column heads the card, links lead to the record."""
    first, *others = columns
    head = format_html('<th scope="row" class="card-title">{}</th>', _linked(record, first.key, first.kind))
    cells = format_html_join(
        "",
        '<td{} data-label="{}">{}</td>',
        ((NUM if c.kind == "int" else "", c.header, _linked(record, c.key, c.kind)) for c in others),
    )
    return format_html("<tr>{}{}{}</tr>", head, cells, _to_report(record, first.key))


def _to_report(record: dict, key: str) -> str:
    """Return the cell that leads to saying what is wrong with this row, where the page has one."""
    if not record.get("report_url"):
        return ""
    return format_html(
        '<td class="no-print"><a href="{}">{}<span class="visually-hidden"> – {}</span></a></td>',
        record["report_url"],
        _("Report an error"),
        record.get(key) or "",
    )


def _linked(record: dict, key: str, kind: str) -> str:
    text = _shown(record.get(key), key, kind)
    address = record.get(f"{key}_url")
    if key == "level" and record.get("level_key"):
        return format_html('<span class="level level-{}">{}</span>', record["level_key"], text)
    return format_html('<a href="{}">{}</a>', address, text) if address else text


def _shown(value, key: str, kind: str) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, date):
        return date_format(value, "d/m/Y")
    # A year is a name, not a quantity: 2025, never 2.025.
    return number_format(value) if kind == "int" and key != "year" else str(value)
