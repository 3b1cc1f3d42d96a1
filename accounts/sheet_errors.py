"""What ``sheets`` has to say, in the reader's language."""

from django.utils.translation import gettext

from sheets.errors import Said


def sentence_of(said: Said) -> str:
    """Return the sentence of a fault or notice."""
    return gettext(said.message) % said.params
