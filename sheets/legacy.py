"""Text of the years before Unicode: TCVN3 (ABC, fonts named .Vn…) and VNI.

Files of that time show Vietnamese by their fonts alone: what they hold are Latin letters and
signs ("Hä vµ tªn", "Hoï vaø teân"). Which of both it is, is told by a score over a whole sheet;
it is converted on somebody's word only.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from sheets.parsing import Sheet

Encoding = Literal["tcvn3", "vni"]

_TCVN3 = dict(
    zip(
        "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ¡¢£¤¥¦§",
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_BREVE, _CIRCUMFLEX, _HORN = "\u0306", "\u0302", "\u031b"
_VNI_TONES = {"ø": _GRAVE, "ù": _ACUTE, "õ": _TILDE, "û": _HOOK, "ï": _DOT}
_VNI_MARKS = {
    "a": {
        **_VNI_TONES,
        "ê": _BREVE, "è": _BREVE + _GRAVE, "é": _BREVE + _ACUTE, "ü": _BREVE + _TILDE,
        "ú": _BREVE + _HOOK, "ë": _BREVE + _DOT,
        "â": _CIRCUMFLEX, "à": _CIRCUMFLEX + _GRAVE, "á": _CIRCUMFLEX + _ACUTE, "ã": _CIRCUMFLEX + _TILDE,
        "å": _CIRCUMFLEX + _HOOK, "ä": _CIRCUMFLEX + _DOT,
    },
    "ơ": _VNI_TONES,
    "u": _VNI_TONES,
    "ư": _VNI_TONES,
    "y": _VNI_TONES,
}  # fmt: skip
_VNI_MARKS["e"] = _VNI_MARKS["o"] = {
    mark: meaning for mark, meaning in _VNI_MARKS["a"].items() if _BREVE not in meaning
}
_VNI_ALONE = {"í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ", "ñ": "đ"}

# Vowels as they stand together in Vietnamese: "eâ" or "aa" of an old file are none of them.
_VOWELS = (
    "a ai ao au ay ă âu ây â e eo êu ê i ia iêu iê iu o oa oai oao oay oă oe oeo oi oo ôi ô ơi ơ "
    "u ua uai uay uâ uây uê uêu ui uơ uôi uô uy uya uyê uyu uă ue ưa ươi ươu ươ ưi ưu ư y yêu yê"
)
_SYLLABLE = re.compile(
    rf"(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu?|r|s|th?|tr?|v|x)?"
    rf"(?:{'|'.join(sorted(_VOWELS.split(), key=len, reverse=True))})(?:ch|ng|nh|[cmnpt])?"
)
_TONE_MARKS = (_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT)
_WORD = re.compile(r"\S+")
_BY_FONT_ONLY = re.compile(r"[\x00-\xff]*")
_TEXTS_TO_JUDGE = 5000
_ENOUGH_WORDS = 3
_ENOUGH = 0.7
_AHEAD = 0.3


@dataclass(frozen=True)
class Suspicion:
    """What a sheet's letters look like: the encoding, how surely (0 to 1), and cells to show as a proof."""

    encoding: Encoding
    score: float
    samples: tuple[tuple[str, str], ...]


def suspect(sheet: Sheet) -> Suspicion | None:
    """Say in which old encoding the sheet seems to be, or None if it reads well as it is.

    The score is the share of words with foreign letters that are Vietnamese syllables after
    conversion; as they stand hardly any of them may be.
    """
    old = (value for row in sheet.rows for value in row if isinstance(value, str) and _may_be_old(value))
    texts = list(islice(old, _TEXTS_TO_JUDGE))
    words = [word for text in texts for word in _WORD.findall(text) if not word.isascii()]
    if len(words) < _ENOUGH_WORDS:
        return None
    as_they_are = _share_of_syllables(words)
    encoding, score = max(
        ((name, _share_of_syllables([decode(word, name) for word in words])) for name in ("tcvn3", "vni")),
        key=lambda pair: pair[1],
    )
    if score < _ENOUGH or score - as_they_are < _AHEAD:
        return None
    samples = tuple((text, decode(text, encoding)) for text in dict.fromkeys(texts))[:5]
    return Suspicion(encoding, round(score, 3), samples)


def converted(sheet: Sheet, encoding: Encoding) -> Sheet:
    """Return the sheet with its texts in Unicode; cells that hold Unicode already stay as they are."""
    rows = [
        tuple(
            decode(value, encoding) if isinstance(value, str) and _may_be_old(value) else value
            for value in row
        )
        for row in sheet.rows
    ]
    return replace(sheet, rows=rows)


def decode(text: str, encoding: Encoding) -> str:
    """Return the text in Unicode.

    TCVN3 knows no capitals with tones: its fonts of capitals show the small ones large. So a text
    whose plain letters are all capitals is taken to be all in capitals.
    """
    return _decode_tcvn3(text) if encoding == "tcvn3" else _decode_vni(text)


def encode(text: str, encoding: Encoding) -> str:
    """Return Unicode text as an old file holds it; in TCVN3 capitals with tones become small."""
    text = unicodedata.normalize("NFC", text)
    if encoding == "vni":
        return "".join(_VNI_ENCODED.get(char, char) for char in text)
    return "".join(_TCVN3_ENCODED.get(char) or _TCVN3_ENCODED.get(char.lower(), char) for char in text)


def _decode_tcvn3(text: str) -> str:
    decoded = "".join(_TCVN3.get(char, char) for char in text)
    plain = [char for char in text if char.isascii() and char.isalpha()]
    if len(plain) >= 2 and all(char.isupper() for char in plain):
        return decoded.upper()
    return decoded


def _decode_vni(text: str) -> str:
    found: list[str] = []
    for char in text:
        base = found[-1] if found else ""
        marks = _VNI_MARKS.get(base.lower(), {}).get(char.lower())
        if marks:
            found[-1] = unicodedata.normalize("NFC", base + marks)
        elif char.lower() in _VNI_ALONE:
            letter = _VNI_ALONE[char.lower()]
            found.append(letter if char.islower() else letter.upper())
        else:
            found.append(char)
    return "".join(found)


def _may_be_old(text: str) -> bool:
    return not text.isascii() and bool(_BY_FONT_ONLY.fullmatch(text))


def _share_of_syllables(words: Iterable[str]) -> float:
    words = list(words)
    return sum(map(_is_syllable, words)) / len(words)


def _is_syllable(word: str) -> bool:
    letters = unicodedata.normalize("NFD", word.strip(".,;:()[]\"'“”/-!?").lower())
    if sum(letters.count(tone) for tone in _TONE_MARKS) > 1:
        return False
    plain = unicodedata.normalize("NFC", "".join(char for char in letters if char not in _TONE_MARKS))
    return bool(plain) and all(_SYLLABLE.fullmatch(part) for part in re.split("[-/.,]", plain) if part)


def _encodings_of_vni() -> dict[str, str]:
    encoded = {}
    for base, marks in _VNI_MARKS.items():
        written = {"ơ": "ô", "ư": "ö"}.get(base, base)
        for mark, meaning in marks.items():
            letter = unicodedata.normalize("NFC", base + meaning)
            encoded[letter] = written + mark
            encoded[letter.upper()] = written.upper() + mark.upper()
    for written, letter in _VNI_ALONE.items():
        encoded[letter], encoded[letter.upper()] = written, written.upper()
    return encoded


_TCVN3_ENCODED = {letter: sign for sign, letter in _TCVN3.items()}
_VNI_ENCODED = _encodings_of_vni()
