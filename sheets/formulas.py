"""Text that a spreadsheet would take for a formula, made harmless and given back.

An apostrophe in front makes a spreadsheet treat a cell as text. Reading takes one off again,
and writing puts one more where the text itself begins so: what was written is what is read.
"""

import re

# Full-width signs count too: some versions of Excel read them like the plain ones.
_STARTS_FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")


def neutralise(text: str) -> str:
    """Put an apostrophe before text that would be taken for a formula."""
    return f"'{text}" if not text[:1].isalnum() and _STARTS_FORMULA.match(text) else text


def restore(text: str) -> str:
    """Take off the apostrophe that ``neutralise`` has put on."""
    return text[1:] if text.startswith("'") and _STARTS_FORMULA.match(text) else text
