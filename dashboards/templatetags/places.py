"""Places in templates."""

from django import template
from django.utils.html import format_html

from dashboards.wording import formerly

register = template.Library()


@register.filter
def came_from(row) -> str:
    """Return where a hamlet or cell stood before, quietly behind its name; needs rows.load_…()."""
    before = formerly(row)
    return format_html('<span class="quiet">({})</span>', before) if before else ""


@register.filter
def lower_first(name) -> str:
    """Return a name as it is written inside a sentence: "đảng ủy xã Phú Túc"."""
    text = str(name)
    return text[:1].lower() + text[1:]
