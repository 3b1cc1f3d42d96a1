"""How the fields of forms are written."""

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

# What Django writes for "nothing chosen"; a screen reader reads each hyphen.
_HYPHENS = ">---------<"


@register.filter
def in_words(field) -> SafeString:
    """Return the field as it is written, its empty choice in words."""
    empty = conditional_escape(_("Choose")) if field.field.required else "–"
    # One constant of the markup Django wrote gives way to an escaped word.
    return SafeString(str(field).replace(_HYPHENS, f">{empty}<"))
