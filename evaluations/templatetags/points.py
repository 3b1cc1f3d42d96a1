"""Points as they are written and read back: 8,5."""

from decimal import Decimal

from django import template

from sheets.numbers import format_decimal

register = template.Library()


@register.filter
def points(number: Decimal | None) -> str:
    return format_decimal(number) if isinstance(number, Decimal) else ""


@register.simple_tag
def typed(row, name: str) -> str:
    """Return what stands in a field of a row: what was typed and not saved, or what is recorded."""
    return row.text(name)
