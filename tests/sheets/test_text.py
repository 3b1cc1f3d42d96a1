"""The three forms of a text: clean, to search by, to sort by."""

import unicodedata
from functools import cmp_to_key

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets.errors import SheetError
from sheets.text import KEY_LENGTH, fold, fold_all, name_sort_key, nfc, nfc_lines, required_text, sort_key

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]

any_text = st.text(max_size=40)
syllable = st.tuples(st.text(LETTERS, min_size=1, max_size=3), st.sampled_from(range(6)))
number = st.integers(0, 1500)
phrase = st.lists(st.one_of(syllable, number), min_size=1, max_size=3)


def written(words) -> str:
    return " ".join(str(word) if isinstance(word, int) else word[0] + TONES[word[1]] for word in words)


def compare(one, other) -> int:
    """Compare two phrases letter by letter, then tone by tone, as one would by hand."""
    by_letters = compare_letters([_marks(word) for word in one], [_marks(word) for word in other])
    return by_letters or _sign(_tones(one), _tones(other))


def compare_letters(one, other) -> int:
    for mine, yours in zip(one, other, strict=False):
        for a, b in zip(mine, yours, strict=False):
            if a != b:
                return -1 if a < b else 1
        if len(mine) != len(yours):
            return -1 if len(mine) < len(yours) else 1
    return len(one) - len(other)


def _marks(word):
    if isinstance(word, int):
        return [(0, word)]
    return [(1, LETTERS.index(letter)) for letter in word[0]]


def _tones(words):
    return [0 if isinstance(word, int) else word[1] for word in words]


def _sign(a, b) -> int:
    return (a > b) - (a < b)


@given(any_text)
def test_the_clean_form_stays_as_it_is(text):
    assert nfc(nfc(text)) == nfc(text)
    assert unicodedata.is_normalized("NFC", nfc(text))


@given(any_text)
def test_composed_and_decomposed_text_are_one(text):
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    for make in (nfc, fold, sort_key, name_sort_key):
        assert make(composed) == make(decomposed)


@given(any_text)
def test_the_search_key_is_plain_and_its_own_key(text):
    key = fold(text)
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert fold(key) == key


@given(st.lists(any_text, max_size=4))
def test_the_key_of_several_names_has_every_word_once(names):
    words = fold_all(names).split()

    assert len(words) == len(set(words))
    everything = [word for name in names for word in fold(name).split()]
    assert len(" ".join(everything)) > KEY_LENGTH or set(words) == set(everything)


@given(any_text)
def test_the_sort_keys_have_small_letters_and_digits_only(text):
    for key in (sort_key(text), name_sort_key(text)):
        assert key.isascii()
        assert key.isalnum()
        assert key == key.lower()


@settings(max_examples=150)
@given(phrase, phrase)
def test_keys_stand_in_the_order_of_the_dictionary(one, other):
    mine, yours = sort_key(written(one)), sort_key(written(other))
    assert _sign(mine, yours) == _sign(compare(one, other), 0)


@given(st.lists(phrase, max_size=12))
def test_a_list_is_sorted_as_by_hand(phrases):
    by_key = sorted(phrases, key=lambda words: sort_key(written(words)))
    by_hand = sorted(phrases, key=cmp_to_key(compare))
    assert by_key == by_hand


@given(st.integers(0, 10**18), st.integers(0, 10**18))
def test_numbers_go_by_value(one, other):
    assert _sign(sort_key(f"Ấp {one}"), sort_key(f"Ấp {other}")) == _sign(one, other)


@given(st.text(LETTERS, min_size=1, max_size=8))
def test_case_does_not_matter(word):
    assert sort_key(word.upper()) == sort_key(word) == sort_key(word.title())
    assert fold(word.upper()) == fold(word)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Phước Hậu", "phuoc hau"),
        ("  Đức\u00a0 ", "duc"),
        ("Quỷ", "quy"),
        ("Quỹ", "quy"),
        ("Ấp Phú-Hòa (mới)", "ap phu hoa moi"),
        ("Ðồng", "dong"),  # an Icelandic letter, often typed for Đ
        ("M\u2019gar", "m gar"),
        ("Ng\u200buyễn", "nguyen"),
        ("中", "u4e2d"),
        ("", ""),
    ],
)
def test_search_keys(text, key):
    assert fold(text) == key


@pytest.mark.parametrize(("one", "other"), [("uỷ", "ủy"), ("hoà", "hòa"), ("Ấp 02", "ấp 2"), ("a-b", "a b")])
def test_two_ways_of_writing_one_word(one, other):
    assert sort_key(one) == sort_key(other)
    assert fold(one.replace("02", "2")) == fold(other)


@pytest.mark.parametrize(
    "in_order",
    [
        ["An", "An Bình", "Ân"],
        ["Ấp 2", "Ấp 10", "Ấp 100"],
        ["Da", "Đa", "E", "Ê"],
        ["ma", "mà", "mả", "mã", "má", "mạ", "man"],
        ["Khóm 9", "Khóm 10A", "Khóm 10B"],
        ["xa", "za", "中"],
    ],
)
def test_order_of_places(in_order):
    keys = [sort_key(text) for text in in_order]
    assert keys == sorted(set(keys))


def test_people_are_ordered_by_given_name_first():
    in_order = ["Trần Văn An", "Bùi Thị Ánh", "Đỗ Ân", "Lê Bình", "Lê Thị Bình", "Nguyễn Bình", "Bế Đức"]
    keys = [name_sort_key(name) for name in in_order]
    assert keys == sorted(set(keys))


def test_the_given_name_decides_with_its_tone():
    assert name_sort_key("Vũ An") < name_sort_key("Bùi Án")


@given(st.text(min_size=100, max_size=400))
def test_keys_fit_their_columns(text):
    assert max(map(len, (fold(text), sort_key(text), name_sort_key(text)))) <= KEY_LENGTH


def test_clean_text_has_no_hidden_characters():
    assert nfc("\ufeff Ng\u00adu\u200dyê\u0303n\r\n\tVăn\u00a0\u202eA\x00 ") == "Nguyễn Văn A"


def test_clean_text_of_several_lines_keeps_its_lines():
    typed = "\r\n Nguyễn  Văn A,\tTổ trưởng \r\nTrần Thị B\u200b\n \n\n\nGhi thêm\n"

    assert nfc_lines(typed) == "Nguyễn Văn A, Tổ trưởng\nTrần Thị B\n\nGhi thêm"


@pytest.mark.parametrize("value", [None, "", " \u200b "])
def test_an_empty_cell_is_refused_where_text_is_needed(value):
    with pytest.raises(SheetError) as refused:
        required_text(value)
    assert refused.value.code == "blank"
