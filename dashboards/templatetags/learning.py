"""What was chosen in the lines of a pasted list."""

from django import template

register = template.Library()


@register.filter
def choice_of(choices: dict[int, str], number: int) -> str:
    return choices.get(number, "")
