"""Names in workbooks: the same words in any spelling, or a question."""

from dataclasses import dataclass

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.sheet_lines import Refusal
from cells.kinds import Kind
from cells.names import MOST_COMPARED, Names, words_of
from sheets.headwords import SHORT_FORMS, without_marks
from sheets.text import fold


@dataclass(frozen=True)
class Row:
    code: str
    name: str


def cells(*names) -> Names:
    found = Names()
    for number, name in enumerate(names, 1):
        found.add_cell(Row(f"C{number:07}", name), name=name)
    return found


def hamlets(*places) -> Names:
    found = Names()
    for number, (kind, name) in enumerate(places, 1):
        found.add_place(Row(f"T{number:07}", name), code=f"T{number:07}", kind=kind, name=name)
    return found


@pytest.mark.parametrize(
    ("written", "recorded"),
    [
        ("CB ấp 2", "Chi bộ ấp 2"),
        ("cb. ấp 2", "Chi bộ ấp 2"),
        ("Ấp 2", "Chi bộ ấp 2"),
        ("ap 2", "Chi bộ ấp 2"),
        ("ấp2", "Chi bộ ấp 2"),
        ("chi bo ap Phuoc Hau", "Chi bộ ấp Phước Hậu"),
        ("CHI BỘ ẤP PHƯỚC HẬU", "Chi bộ ấp Phước Hậu"),
        ("Phước Hậu", "Chi bộ ấp Phước Hậu"),
        ("Ấp  Phước\nHậu", "Chi bộ ấp Phước Hậu"),
        ("CB KP3", "Chi bộ khu phố 3"),
        ("KP 3", "Chi bộ khu phố 3"),
        ("TDP5", "Chi bộ tổ dân phố 5"),
        ("Chi bộ Quân sự", "Quân sự"),
        ("Chi bộ ấp Hoà Bình", "Chi bộ ấp Hòa Bình"),
        ("C0000001", "Chi bộ ấp 2"),
        ("c0000001", "Chi bộ ấp 2"),
    ],
)
def test_a_cell_is_found_however_it_is_written(written, recorded):
    found = cells(recorded, "Chi bộ ấp 22", "Chi bộ Công an").with_name(written)

    assert found is not None
    assert found.name == recorded


@pytest.mark.parametrize(
    "written",
    [
        "Chi bộ ấp 1", "Chi bộ ấp 22", "Chi bộ ấp", "Chi bộ", "2", "Khóm 2", "Chi bộ khóm 2", "Chi bộ 2", "Ấp 2A",
        "Ấp 02", "Chi bộ ấp Phước", "Chi bộ ấp Phước Hậu 1", "Chi bộ ấp Phước Hầu", "Ấp Phước Hâu", "C0000009", "",
        "…",
    ],
)  # fmt: skip
def test_what_is_not_quite_the_same_is_not_found(written):
    assert cells("Chi bộ ấp 2", "Chi bộ ấp Phước Hậu").with_name(written) is None


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("KP3", (Kind.KHU_PHO, "3")),
        ("KP 3", (Kind.KHU_PHO, "Khu phố 3")),
        ("khu pho 3", (Kind.KHU_PHO, "3")),
        ("3", (Kind.KHU_PHO, "Khu phố 3")),
        ("TDP 5", (Kind.TO_DAN_PHO, "5")),
        ("Ấp Phước Hậu", (Kind.AP, "Phước Hậu")),
        ("phuoc hau", (Kind.AP, "Phước Hậu")),
        ("Phước Hậu", (Kind.AP, "Phuoc Hau")),
    ],
)
def test_a_hamlet_is_found_with_or_without_the_word_for_its_kind(written, place):
    assert hamlets(place).with_name(written).name == place[1]


@pytest.mark.parametrize("written", ["Khu 3", "Ấp 3", "TDP 3", "KP 33", "KP"])
def test_another_kind_is_another_hamlet(written):
    assert hamlets((Kind.KHU_PHO, "3")).with_name(written) is None


def test_what_several_answer_to_is_asked_back_with_their_codes():
    twice = hamlets((Kind.AP, "2"), (Kind.KHOM, "2"))

    assert twice.with_name("Khóm 2").code == "T0000002"
    with pytest.raises(Refusal) as refused:
        twice.with_name("2")
    assert refused.value.nearest == ("T0000001", "T0000002")
    with pytest.raises(Refusal):
        cells("Chi bộ ấp Hòa", "Chi bộ khóm Hòa").with_name("Hòa")


def test_marks_tell_two_apart_and_their_absence_does_not():
    both = hamlets((Kind.AP, "Tân Hoa"), (Kind.AP, "Tân Hòa"))

    assert both.with_name("Ấp Tân Hòa").name == "Tân Hòa"
    assert both.with_name("Ấp Tân Hoa").name == "Tân Hoa"
    with pytest.raises(ValidationError):
        both.with_name("ap tan hoa")


def test_likely_names_are_offered_each_once_until_a_file_is_of_another_place():
    known = cells("Chi bộ ấp Phước Hậu", "Chi bộ ấp Phước Hòa", "Chi bộ Công an")

    assert known.nearest("Chi bộ ấp Phước Hâu")[0] == "Chi bộ ấp Phước Hậu"
    assert known.nearest("Phước Hâu")[0] == "Chi bộ ấp Phước Hậu"
    assert known.nearest("Trường học") == []
    for number in range(MOST_COMPARED):
        known.nearest(f"Nơi nào đó {number}")
    assert known.nearest("Chi bộ ấp Phước Hâu")[0] == "Chi bộ ấp Phước Hậu"
    assert known.nearest("Chi bộ ấp Phước Hoa") == []


# --- Whatever is matched has the same words -------------------------------------------

SAID = "chi bộ ấp khóm khu phố tổ dân phố CB KP TDP Phước Phuoc Hậu Hau Hầu Tân Hòa Hoà Hoa Bình 1 2 3 12 KP3 ấp2"
WORDS = st.sampled_from(SAID.split())
NAMES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
FORMS = {fold(short): fold(meaning) for short, meaning in SHORT_FORMS.items()}


def plainly(name: str) -> list[str]:
    """Write a name out, in another way than the code does."""
    letters = ""
    for char in fold(name):
        letters += f" {char}" if letters[-1:].isalpha() and char.isdigit() else char
    return " ".join(FORMS.get(word, word) for word in letters.split()).split()


def ends_with(longer: list[str], shorter: list[str]) -> bool:
    return longer[len(longer) - len(shorter) :] == shorter


@settings(max_examples=60, deadline=None)
@given(written=NAMES, recorded=st.lists(NAMES, min_size=1, max_size=4, unique=True))
def test_a_cell_that_is_found_has_the_same_words(written, recorded):
    try:
        found = cells(*recorded).with_name(written)
    except Refusal:
        return
    same = [name for name in recorded if plainly(name) == plainly(written)]
    if found is None:
        assert not any(fold(name) == fold(written) and name == written for name in recorded)
        return
    mine, theirs = plainly(written), plainly(found.name)
    if mine == theirs:
        return
    # Left out, or said more, are "chi bộ" and the word for the kind alone; nobody bears the very words.
    assert not any(words_of(name) == words_of(written) for name in same)
    longer, shorter = max(mine, theirs, key=len), min(mine, theirs, key=len)
    assert ends_with(longer, shorter)
    rest = " ".join(longer[: len(longer) - len(shorter)])
    assert rest in {"chi bo", *(f"chi bo {fold(label)}" for label in Kind.labels)}


@given(written=NAMES)
def test_a_name_is_found_by_itself_and_by_its_words(written):
    known = cells(written)

    assert known.with_name(written).name == written
    assert known.with_name(fold(written)) is not None
    assert without_marks(words_of(words_of(written))) == without_marks(words_of(written))
