"""Vietnamese text: one clean form to keep, one key to search by, one key to sort by.

Keys are plain ASCII and stored beside the text, so every database finds and orders alike.
They are cut at ``KEY_LENGTH`` characters, the length of the columns that keep them.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from sheets.errors import SheetError

KEY_LENGTH = 250

# A mark that no reader sees, yet one that keeps letter and accent from joining into one character.
_GRAPHEME_JOINER = "\u034f"

# Letters without a decomposition of their own. Eth and the African D look like Đ and are
# often typed in its place.
_STAND_INS = str.maketrans({"ð": "đ", "ɖ": "đ", "ƀ": "b", "ł": "l", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe"})

_BREVE, _CIRCUMFLEX, _HORN = "\u0306", "\u0302", "\u031b"

# A letter that has sisters is written with a rank behind it: a ă â are a0 a1 a2.
_RANKED = {"a": "a0", "d": "d0", "đ": "d1", "e": "e0", "o": "o0", "u": "u0", "z": "z0"}
_RANKED_WITH_MARK = {
    ("a", _BREVE): "a1",
    ("a", _CIRCUMFLEX): "a2",
    ("e", _CIRCUMFLEX): "e1",
    ("o", _CIRCUMFLEX): "o1",
    ("o", _HORN): "o2",
    ("u", _HORN): "u1",
}

# ngang 0, huyền 1, hỏi 2, ngã 3, sắc 4, nặng 5
_LEVEL_TONE = "0"
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}

_END, _SPACE, _NUMBER, _FOREIGN = "0", "1", "2", "z1"

# What no reader sees although it counts as printable.
_HIDDEN_MARKS = re.compile(f"[{_GRAPHEME_JOINER}\ufe00-\ufe0f]")

_NOTHING = re.compile(r"[-‐‑‒–—−_.…/\s]*")
_ALPHANUMERIC = re.compile(r"[a-z0-9]")
_GAP = re.compile(r"\n{3,}")
# Letters with the marks that follow them, or a number. A longer number is taken in pieces,
# because its length is written in two digits.
_PIECE = re.compile(r"[0-9]{1,99}|[^\W0-9]\W*")


def nfc(text: str) -> str:
    """Return the text composed, without invisible characters, and with single spaces."""
    # Most text is plain: only what is not is looked at letter by letter.
    if not text.isprintable() or _HIDDEN_MARKS.search(text):
        text = "".join(" " if char.isspace() else char for char in text if not _is_hidden(char))
    return " ".join(unicodedata.normalize("NFC", text).split())


def nfc_lines(text: str) -> str:
    """Return the text of several lines, each line clean; one empty line at most parts two paragraphs."""
    lines = "\n".join(map(nfc, text.splitlines()))
    return _GAP.sub("\n\n", lines).strip()


def required_text(value) -> str:
    """Return the value of a cell as clean text, and refuse an empty one."""
    text = "" if value is None else nfc(str(value))
    if not text:
        raise SheetError("blank")
    return text


def says_nothing(value) -> bool:
    """Say whether a cell is empty, or holds only what people type into an empty one: "-", "…", "/"."""
    if not isinstance(value, str):
        return value is None
    return not value[:1].isalnum() and bool(_NOTHING.fullmatch(nfc(value)))


def lower_first(text: str) -> str:
    """Return a name as it stands inside a sentence: "xã Tam Phước", "trưởng ban công tác Mặt trận"."""
    return text[:1].lower() + text[1:]


@lru_cache(maxsize=10_000)  # the same names and heads come in row after row
def fold(text: str) -> str:
    """Return the search key: small ASCII letters, digits and single spaces.

    "Phước Hậu" and "phuoc hau" fold alike, so do "uỷ" and "ủy". Letters of other scripts
    stay apart from each other, as "u" and the number of the character.
    """
    plain = _decomposed(text).replace("đ", "d")
    return " ".join(plain.translate(_FOLDED).split())[:KEY_LENGTH].rstrip()


def fold_all(texts: Iterable[str]) -> str:
    """Return the search key of what bears, or bore, all of these names: the words of each, every word once."""
    words = (word for text in texts for word in fold(text).split())
    return " ".join(dict.fromkeys(words))[:KEY_LENGTH].rstrip()


def sort_key(text: str) -> str:
    """Return a key whose order is the Vietnamese dictionary order of the texts.

    Letters decide first (a ă â b c d đ e ê … y z), tones break a tie in the order ngang,
    huyền, hỏi, ngã, sắc, nặng. A word comes before the words it begins, and numbers go by
    their value: An, An Bình, Ân; Ấp 2, Ấp 10. Roman numerals are letters.

    The key has digits and small letters only. Most collations keep those in byte order,
    but skip spaces and punctuation, so the order holds even where "C" was forgotten.
    """
    return _key_of(_words(text))[:KEY_LENGTH]


def name_sort_key(full_name: str) -> str:
    """Return a key that orders people by given name, which is the last word, then by the rest."""
    words = _words(full_name)
    return (_key_of(words[-1:]) + _key_of(words[:-1]))[:KEY_LENGTH]


def _is_hidden(char: str) -> bool:
    if char.isspace():
        return False
    return (
        unicodedata.category(char) in {"Cc", "Cf", "Cs"}
        or char == _GRAPHEME_JOINER
        or "\ufe00" <= char <= "\ufe0f"
    )


def _decomposed(text: str) -> str:
    """Return small letters, each followed by its marks as characters of their own."""
    small = unicodedata.normalize("NFKD", nfc(text)).casefold()
    return unicodedata.normalize("NFKD", small).translate(_STAND_INS)


class _Folded(dict):
    """What each character becomes in a search key, worked out when it is first met."""

    def __missing__(self, number: int) -> str:
        self[number] = _folded(chr(number))
        return self[number]


def _folded(char: str) -> str:
    if _ALPHANUMERIC.match(char):
        return char
    match unicodedata.category(char)[0]:
        case "M":
            return ""
        case "L" | "N":
            return f"u{ord(char):x}"
        case _:
            return " "


_FOLDED = _Folded()


def _words(text: str) -> list[str]:
    parts = "".join(
        char if unicodedata.category(char)[0] in "LMN" else " " for char in _decomposed(text)
    ).split()
    return [part for part in parts if _PIECE.search(part)]  # accents alone are no word


def _key_of(words: list[str]) -> str:
    letters = _SPACE.join(_letters(word) for word in words)
    return letters + _END + "".join(_tone(word) for word in words)


def _letters(word: str) -> str:
    return "".join(_ranked(piece) for piece in _PIECE.findall(word))


def _ranked(piece: str) -> str:
    """Return the ASCII form of one letter with its marks, or of one number."""
    if piece[0] in "0123456789":
        number = piece.lstrip("0") or "0"
        return f"{_NUMBER}{len(number):02}{number}"
    letter, marks = piece[0], piece[1:]
    for mark in marks:
        if (letter, mark) in _RANKED_WITH_MARK:
            return _RANKED_WITH_MARK[letter, mark]
    if letter in _RANKED or _ALPHANUMERIC.match(letter):
        return _RANKED.get(letter, letter)
    return f"{_FOREIGN}{ord(letter):06x}"


def _tone(word: str) -> str:
    # A syllable has one tone, wherever it is written: "hoà" and "hòa" are one word.
    return next((_TONES[char] for char in word if char in _TONES), _LEVEL_TONE)
