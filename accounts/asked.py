"""Numbers that an address or a hidden field names. Whoever tries things writes there what no page of ours did."""

# Longer numbers are no keys, and no revisions, of ours; Python refuses to read those of thousands of digits.
_LONGEST_KEY = 18
_LONGEST_REVISION = 9


def key_in(text: str) -> int | None:
    """Return the key that is written there; None where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_KEY else None


def revision_in(text: str, otherwise: int = 0) -> int:
    """Return the revision that is written there; where it is none, one that no row has."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_REVISION else otherwise


def number_in(asked, name: str) -> int | None:
    """Return the key (the year, the number) that the address names; None where it names none."""
    return key_in(asked.GET.get(name, ""))
