"""Which column is which field: exact words in any spelling, and a question for all else."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets.columns import LEAVE_OUT, map_columns, recognise
from sheets.forms import Choices, Field, Form
from sheets.headwords import SHORT_FORMS, heading_key, is_same_without_marks, path_key, without_marks
from sheets.parsing import Sheet
from sheets.tables import find_tables
from tests.sheets.office_forms import FORMS, HAMLETS, PEOPLE, RATINGS


def table_with(*heads, row=None, above=()):
    values = row or [1, *["Chi bộ 1"] * (len(heads) - 1)]
    titles = [(title, *[None] * (len(heads) - 1)) for title in above]
    (table,) = find_tables(
        [Sheet("Biểu", [*titles, tuple(heads), tuple(values), tuple(values)])], ["Năm", "Nam"]
    )
    return table


@pytest.mark.parametrize(
    "head",
    [
        "Họ và tên", "HỌ VÀ TÊN", "ho va ten", "Họ  và\ntên", "Họ & tên", " Họ và tên: ", "Họ tên", "Ho và tên",
        unicodedata.normalize("NFD", "Họ và tên"), "Họ và tên (ghi rõ)",
    ],
)  # fmt: skip
def test_a_heading_is_known_however_it_is_written(head):
    assert map_columns(table_with("STT", head, "Ngày sinh"), PEOPLE).columns["name"] == 2


@pytest.mark.parametrize(
    "head", ["Họ", "Tên", "Họ và tên cha", "Họ và tê", "Họ và tến", "Hộ và tên", "Người"]
)
def test_a_heading_that_is_not_quite_the_same_is_asked_about(head):
    mapped = map_columns(table_with("STT", head, "Ngày sinh"), PEOPLE)
    assert "name" not in mapped.columns
    (question,) = mapped.questions
    assert (question.column, question.why, question.label) == (2, "unknown", head)
    assert mapped.missing == (("name",),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thuỷ", "Thủy"), ("Hoà", "Hòa"), ("Uỷ viên", "Ủy viên"), ("ĐV", "đảng viên"), ("BTCB", "Bí thư chi bộ"),
        ("KQXL", "Kết quả xếp loại"), ("HTXSNV", "Hoàn thành xuất sắc nhiệm vụ"), ("Mức XL", "Mức xếp loại"),
        ("Đảng viên (người)", "Đảng viên"), ("Đạt %", "Đạt (%)"), ("TDP", "Tổ dân phố"),
    ],
)  # fmt: skip
def test_two_spellings_of_one_heading(one, other):
    assert heading_key(one) == heading_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Đạt", "Đạt (%)"),
        ("Tổng số (người)", "Tổng số (hộ)"),
        ("Đảng viên (nữ)", "Đảng viên"),
        ("< 50", "> 50"),
    ],
)
def test_two_headings_that_differ(one, other):
    assert heading_key(one) != heading_key(other)


def test_male_and_year_are_told_apart_by_their_marks():
    form = Form("f", "f", (Field("year", "Năm"), Field("male", "Nam"), Field("name", "Tên")))
    mapped = map_columns(table_with("Tên", "Năm", "Nam"), form)
    assert mapped.columns == {"name": 1, "year": 2, "male": 3}
    only_year = Form("f", "f", (Field("year", "Năm"), Field("name", "Tên")))
    assert [question.label for question in map_columns(table_with("Tên", "Nam"), only_year).questions] == [
        "Nam"
    ]


@given(st.sampled_from(sorted(SHORT_FORMS.values())), st.data())
def test_marks_may_be_forgotten_but_not_changed(text, data):
    key = heading_key(text)
    decomposed = unicodedata.normalize("NFD", text)
    marks = [place for place, char in enumerate(decomposed) if unicodedata.combining(char)]
    dropped = set(data.draw(st.lists(st.sampled_from(marks), unique=True)))
    thinned = "".join(char for place, char in enumerate(decomposed) if place not in dropped)
    assert is_same_without_marks(heading_key(thinned), key)
    assert without_marks(heading_key(thinned)) == without_marks(key)
    changed = decomposed + ("\u0303" if not decomposed.endswith("\u0303") else "\u0301")
    assert not is_same_without_marks(heading_key(changed), key)


def test_a_word_that_only_says_of_these_is_no_part_of_a_path():
    assert (
        path_key(["Trong đó", "Miễn SH"])
        == path_key(["Miễn sinh hoạt"])
        == path_key(["TRONG ĐÓ:", "Miễn SH"])
    )
    assert path_key(["Đảng viên", "Nữ"]) != path_key(["Nữ"])


def test_a_leaf_under_an_unknown_parent_is_asked_about_with_its_candidates():
    rows = [
        ("STT", "Họ và tên", "Đồng chí bí thư", None),
        (None, None, "Điện thoại", "Ngày vào Đảng"),
        (1, "A", "x", "y"),
    ]
    (table,) = find_tables([Sheet("Biểu", rows)], PEOPLE.heads)
    questions = map_columns(table, PEOPLE).questions
    assert [(question.label, question.candidates) for question in questions] == [
        ("Đồng chí bí thư / Điện thoại", ("phone",)), ("Đồng chí bí thư / Ngày vào Đảng", ("joined",)),
    ]  # fmt: skip


def test_two_columns_of_one_field_are_asked_about():
    mapped = map_columns(table_with("STT", "Họ và tên", "Ngày sinh", "Họ tên"), PEOPLE)
    assert [(question.column, question.why, question.candidates) for question in mapped.questions] == [
        (2, "doubled", ("name",)), (4, "doubled", ("name",)),
    ]  # fmt: skip
    keys = [question.key for question in mapped.questions]
    answered = map_columns(mapped.table, PEOPLE, {keys[0]: "name", keys[1]: LEAVE_OUT})
    assert answered.is_settled
    assert answered.columns["name"] == 2


def test_two_columns_with_one_heading_have_keys_of_their_own():
    mapped = map_columns(table_with("STT", "Họ và tên", "Ngày sinh", "Họ và tên"), PEOPLE)
    assert [question.key for question in mapped.questions] == ["ho va ten", "ho va ten #2"]
    assert map_columns(mapped.table, PEOPLE, {"ho va ten #2": LEAVE_OUT}).columns["name"] == 2


def test_a_column_without_a_heading_is_asked_about():
    mapped = map_columns(table_with("STT", "Họ và tên", "Ngày sinh", None, row=[1, "A", 1980, "x"]), PEOPLE)
    (question,) = mapped.questions
    assert (question.key, question.why, question.label) == ("#D", "nameless", "D")
    assert map_columns(mapped.table, PEOPLE, {"#D": "phone"}).columns["phone"] == 4


def test_an_unknown_column_that_is_empty_is_left_out_without_a_word():
    mapped = map_columns(
        table_with("STT", "Họ và tên", "Ngày sinh", "Cột trống", row=[1, "A", 1980, None]), PEOPLE
    )
    assert mapped.is_settled
    assert mapped.left_out == (1, 4)


def test_remembered_answers_lead_to_the_same_columns():
    table = table_with("STT", "Người được giao", "Ngày sinh", "Cột phụ")
    first = map_columns(table, PEOPLE, {"nguoi duoc giao": "name", "cot phu": LEAVE_OUT, "khac": "nobody"})
    assert first.is_settled
    again = map_columns(table, PEOPLE, first.answers)
    assert (again.columns, again.left_out) == (first.columns, first.left_out)


def test_one_of_several_fields_is_enough():
    assert map_columns(table_with("Họ tên", "Năm sinh", "SĐT"), PEOPLE).missing == ()
    assert map_columns(table_with("Họ tên", "Ghi chú", "SĐT"), PEOPLE).missing == (
        ("born", "born_male", "born_female"),
    )


@pytest.mark.parametrize(
    ("heads", "form"),
    [
        (["STT", "Ấp", "Chi bộ", "Số hộ"], HAMLETS),
        (["TT", "Họ tên", "Năm sinh", "Điện thoại"], PEOPLE),
        (["STT", "Tên chi bộ", "Tự xếp loại", "Mức xếp loại"], RATINGS),
    ],
)
def test_the_form_is_recognised(heads, form):
    recognition = recognise(table_with(*heads), FORMS)
    assert recognition.best.form is form
    assert recognition.is_sure


def test_a_table_of_two_forms_is_not_sure_unless_its_title_says():
    one = Form(
        "one", "Một", (Field("name", "Tên", required=True), Field("a", "A")), titles=("danh sách một",)
    )
    two = Form(
        "two", "Hai", (Field("name", "Tên", required=True), Field("a", "A")), titles=("danh sách hai",)
    )
    assert not recognise(table_with("STT", "Tên", "A"), [one, two]).is_sure
    titled = recognise(table_with("STT", "Tên", "A", above=["DANH SÁCH HAI NĂM 2022"]), [one, two])
    assert titled.best.form is two
    assert titled.is_sure


def test_a_table_of_no_form_is_not_sure():
    assert not recognise(table_with("STT", "Nội dung", "Đơn vị"), FORMS).is_sure
    assert recognise(table_with("STT", "Nội dung", "Ghi chú"), []).best is None


def test_a_form_that_contradicts_itself_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="two fields"):
        Form("f", "f", (Field("a", "Tên"), Field("b", "TÊN")))
    with pytest.raises(ValueError, match="no such fields"):
        Form("f", "f", (Field("a", "Tên"),), one_of=(("b",),))
    with pytest.raises(ValueError, match="two choices"):
        Choices({1: ("Tốt",), 2: ("TOT",)})
    with pytest.raises(ValueError, match="two choices"):
        Choices({1: ("Tốt",)}, vague={"tốt": (1,)})
    with pytest.raises(ValueError, match="choices"):
        Field("a", "A", kind="choice")
