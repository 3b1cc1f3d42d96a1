"""Short codes that can be read aloud: no letter or figure that is taken for another."""

import re

from django.utils.crypto import salted_hmac

# Left out are those that look like another one: 0 O Q, 1 I L, 2 Z, 5 S, 8 B, U beside V.
ALPHABET = "34679ACDEFGHJKMNPRTVWXY"
LENGTH = 6
_HALF = LENGTH // 2
_CODE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


def code_of(identity: str, attempt: int = 0) -> str:
    """Return the code of what is quoted: always the same one, and not to be guessed without the key of the site."""
    number = int.from_bytes(
        salted_hmac("dashboards.citing", f"{identity}|{attempt}", algorithm="sha256").digest()
    )
    letters = ""
    for _place in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters += ALPHABET[place]
    return letters


def read_code(text: str) -> str:
    """Return the code somebody typed, in small letters, with blanks or strokes; empty where it is none."""
    code = re.sub(r"[\s\-–.]", "", text).upper()
    return code if _CODE.fullmatch(code) else ""


def shown_code(code: str) -> str:
    """Return a code as it is printed: "K4M-T9X"."""
    return f"{code[:_HALF]}-{code[_HALF:]}"
