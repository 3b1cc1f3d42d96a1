"""The head of a printed sheet: who writes, where, and on which day."""

from datetime import date

from django import template

from cells.models import Unit
from dashboards.letterhead import Head, head_of
from dashboards.letterhead import place_and_day as said_place_and_day

register = template.Library()


@register.simple_tag
def letterhead(unit: Unit) -> Head:
    return head_of(unit)


@register.simple_tag
def place_and_day(place: str, day: date) -> str:
    return said_place_and_day(place, day)
