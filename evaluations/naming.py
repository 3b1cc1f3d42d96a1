"""How many names a sentence can carry."""

from collections.abc import Sequence

from django.utils.translation import ngettext


def named(names: Sequence[str], most: int = 8) -> str:
    """Return the first names, and how many there are besides: a sentence goes on after them."""
    shown, more = ", ".join(names[:most]), len(names) - most
    if more <= 0:
        return shown
    return ngettext("%(names)s and %(n)d other", "%(names)s and %(n)d others", more) % {
        "names": shown,
        "n": more,
    }
