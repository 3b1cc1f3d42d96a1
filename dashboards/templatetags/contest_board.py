"""Counts of the board by the words of their list."""

from django import template

register = template.Library()


@register.filter
def get(counts: dict[str, int], slug: str) -> int:
    """Return how many are in the state; 0 where nobody is."""
    return counts.get(slug, 0)
