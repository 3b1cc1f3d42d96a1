"""When two headings say the same: without regard to case, line breaks, punctuation, short forms."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from sheets.text import fold, nfc
from sheets.vocabulary import COUNTS_OF_ANYTHING, EMPTY_HEADS, HARMLESS_REMARKS

# Short forms that mean one thing only. "HT", "CM" or "ĐT" are not among them.
SHORT_FORMS = {
    "cb": "chi bộ",
    "đv": "đảng viên",
    "đvmsh": "đảng viên miễn sinh hoạt",
    "đvmshđ": "đảng viên miễn sinh hoạt đảng",
    "msh": "miễn sinh hoạt",
    "mshđ": "miễn sinh hoạt đảng",
    "sh": "sinh hoạt",
    "shđ": "sinh hoạt đảng",
    "btcb": "bí thư chi bộ",
    "pbtcb": "phó bí thư chi bộ",
    "tdp": "tổ dân phố",
    "kp": "khu phố",
    "xl": "xếp loại",
    "kqxl": "kết quả xếp loại",
    "htxsnv": "hoàn thành xuất sắc nhiệm vụ",
    "httnv": "hoàn thành tốt nhiệm vụ",
    "htnv": "hoàn thành nhiệm vụ",
    "khtnv": "không hoàn thành nhiệm vụ",
    "llct": "lý luận chính trị",
    "cmnv": "chuyên môn nghiệp vụ",
    "sđt": "số điện thoại",
    "sl": "số lượng",
    "ts": "tổng số",
}

_BRACKETED = re.compile(r"\(([^()]*)\)")
_SIGNS = str.maketrans(
    {"%": " phần trăm ", "&": " và ", "<": " dưới ", ">": " trên ", "≤": " đến ", "≥": " từ "}
)
# Without their marks these are one word: male, or year. Half a heading of marks does not tell which.
_TOLD_BY_MARKS = frozenset({"nam"})
_TONES = "\u0300\u0301\u0303\u0309\u0323"


@lru_cache(maxsize=20_000)
def heading_key(text: str) -> str:
    """Return the words of a heading with their marks: small letters, one space, each tone at its word's end.

    So "uỷ" and "ủy", "hoà" and "hòa" are one. Short forms are written out, and remarks in
    brackets about unit or form left out.
    """
    text = nfc(text)
    if fold(_BRACKETED.sub(" ", text)) not in COUNTS_OF_ANYTHING:
        text = _BRACKETED.sub(_without_harmless, text)
    text = text.translate(_SIGNS)
    words = (_word(word) for word in _split(text))
    return " ".join(written for word in words for written in _WRITTEN_OUT.get(word, word).split())


def path_key(path: Iterable[str]) -> str:
    """Return the key of a heading of several rows; parts that say nothing ("Trong đó") are left out."""
    keys = [heading_key(part) for part in path]
    telling = [key for key in keys if key and key not in _EMPTY_KEYS]
    return " / ".join(telling or [key for key in keys if key])


@lru_cache(maxsize=20_000)
def without_marks(key: str) -> str:
    """Return a key as somebody types it who uses no marks."""
    return " / ".join(fold(part) for part in key.split(" / "))


def is_same_without_marks(key: str, known: str) -> bool:
    """Say whether ``key`` is ``known`` with some or all marks forgotten: never with other marks."""
    if without_marks(key) != without_marks(known) or without_marks(key) in _TOLD_BY_MARKS:
        return False
    mine, full = (unicodedata.normalize("NFD", text) for text in (key, known))
    return _is_thinned(mine.replace("đ", "d\u0335"), full.replace("đ", "d\u0335"))


def _is_thinned(thin: str, full: str) -> bool:
    rest = iter(full)
    return all(any(char == other for other in rest) for char in thin)


def _without_harmless(match: re.Match) -> str:
    return " " if fold(match[1]) in HARMLESS_REMARKS else f" {match[1]} "


def _split(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("ð", "đ"))
    return "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in decomposed).split()


def _word(decomposed: str) -> str:
    tone = "".join(char for char in decomposed if char in _TONES)
    letters = "".join(char for char in decomposed if char not in _TONES)
    return unicodedata.normalize("NFC", letters) + tone


# In the form of the keys themselves, so that short forms without their marks are known as well.
_WRITTEN_OUT = {
    form: " ".join(map(_word, _split(meaning)))
    for short, meaning in SHORT_FORMS.items()
    for form in (short, fold(short))
}
_EMPTY_KEYS = EMPTY_HEADS | {
    " ".join(map(_word, _split(text)))
    for text in ("Trong đó", "Chia ra", "Gồm", "Bao gồm", "Cụ thể", "Gồm có", "Chia theo")
}
