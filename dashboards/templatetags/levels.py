"""Levels of the year in templates."""

from django import template

from evaluations.models.ratings import SHORT_FORMS

register = template.Library()


@register.filter
def level_short(level: str) -> str:
    """Return the short form every office uses: HTXSNV, HTTNV, HTNV, KHTNV."""
    return SHORT_FORMS.get(level, "")
