"""Letters of the years before Unicode: told by a score, converted on somebody's word, never by halves."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets.legacy import converted, decode, encode, suspect
from sheets.parsing import Sheet

SMALL = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệfghiìỉĩíịjklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvwxyỳỷỹýỵz"
UNTONED_CAPITALS = "ABCDĐEÊGHIKLMNOÔƠPQRSTUƯVXYĂÂ"
WORDS = [
    "chi",
    "bộ",
    "ấp",
    "Phước",
    "Hậu",
    "đảng",
    "viên",
    "miễn",
    "sinh",
    "hoạt",
    "trưởng",
    "ban",
    "kiểm",
    "tra",
    "xếp",
    "loại",
    "hoàn",
    "thành",
    "nhiệm",
    "vụ",
]


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
@given(text=st.text(SMALL + " 0123456789.,-/", max_size=40))
def test_small_letters_come_back_as_they_were(encoding, text):
    assert decode(encode(text, encoding), encoding) == text


@given(st.text(SMALL + SMALL.upper() + " 09.", max_size=40))
def test_in_vni_capitals_come_back_as_well(text):
    assert decode(encode(text, "vni"), "vni") == text


@given(st.text(UNTONED_CAPITALS, max_size=20).map(lambda text: f"xa {text}"))
def test_in_tcvn3_capitals_without_tones_come_back(text):
    assert decode(encode(text, "tcvn3"), "tcvn3") == text


@pytest.mark.parametrize(
    ("encoding", "old", "text"),
    [
        ("tcvn3", "Hä vµ tªn", "Họ và tên"),
        ("tcvn3", "Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam"),
        ("tcvn3", "NGUYÔN V¡N ¦íC", "NGUYỄN VĂN ƯỚC"),
        ("vni", "Hoï vaø teân", "Họ và tên"),
        ("vni", "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("vni", "ÑAÛNG BOÄ TÆNH BEÁN TRE", "ĐẢNG BỘ TỈNH BẾN TRE"),
    ],
)  # fmt: skip
def test_texts_of_old_papers(encoding, old, text):
    assert decode(old, encoding) == text


def sheet_of(*texts) -> Sheet:
    return Sheet("Biểu", [(text, number) for number, text in enumerate(texts)])


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
@given(words=st.lists(st.sampled_from(WORDS), min_size=8, max_size=30))
def test_an_old_sheet_is_suspected_and_converted_whole(encoding, words):
    words = [*words, "đảng", "viên", "hoàn"]
    old = sheet_of(*(encode(word, encoding) for word in words))

    found = suspect(old)

    assert found.encoding == encoding
    assert found.score > 0.9
    assert found.samples[0][1] in words
    assert converted(old, encoding) == sheet_of(*words)


@given(st.lists(st.sampled_from([*WORDS, "và", "có", "là", "cà", "phê", "ông", "bà", "tôn"]), max_size=30))
def test_a_sheet_in_unicode_is_not_suspected(words):
    for form in ("NFC", "NFD"):
        assert suspect(sheet_of(*(unicodedata.normalize(form, word) for word in words))) is None


def test_a_sheet_of_another_language_is_not_suspected():
    assert (
        suspect(sheet_of("Müller", "Grüße", "Straße", "Österreich", "café", "naïve", "± 5 °C", "© 2020"))
        is None
    )


def test_cells_in_unicode_stay_as_they_are():
    mixed = sheet_of("Hä vµ tªn", "Đảng viên", "Chi bo", None)
    assert [row[0] for row in converted(mixed, "tcvn3").rows] == ["Họ và tên", "Đảng viên", "Chi bo", None]
