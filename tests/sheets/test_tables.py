"""Finding tables: headers of every depth, groups, totals, what is skipped and why."""

from datetime import date
from decimal import Decimal

import pytest

from sheets.lines import LINE_KINDS
from sheets.parsing import Sheet
from sheets.places import Area
from sheets.tables import find_tables
from sheets.totals import compare_totals


def sheet(*rows, merged=(), name="Biểu 1", is_visible=True) -> Sheet:
    width = max(map(len, rows))
    return Sheet(
        name,
        [tuple(row) + (None,) * (width - len(row)) for row in rows],
        is_visible,
        tuple(Area(*edges) for edges in merged),
    )


def table_in(*rows, merged=()):
    tables = find_tables([sheet(*rows, merged=merged)])
    assert len(tables) == 1, [table.header for table in tables]
    return tables[0]


def kinds(table) -> list[str]:
    return [line.kind for line in table.lines]


HEAD = ["STT", "Tên chi bộ", "Số đảng viên"]


@pytest.mark.parametrize(
    ("rows", "merged"),
    [
        # merged over both rows
        ([["STT", "Đơn vị", "Đảng viên", None], [None, None, "Tổng số", "Nữ"]], [(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4)]),
        # nothing merged, narrow labels above
        ([["STT", "Đơn vị", "Đảng viên", None], [None, None, "Tổng số", "Nữ"]], []),
        # a merged parent alone
        ([["STT", "Đơn vị", "Đảng viên", None], [None, None, "Tổng số", "Nữ"]], [(1, 3, 1, 4)]),
    ],
)  # fmt: skip
def test_a_header_of_two_rows_is_read_as_paths(rows, merged):
    table = table_in(*rows, [1, "Chi bộ 1", 10, 4], merged=merged)
    assert table.header.labels == ("STT", "Đơn vị", "Đảng viên / Tổng số", "Đảng viên / Nữ")
    assert kinds(table) == ["data"]


@pytest.mark.parametrize(
    "merged", [[], [(1, 3, 1, 6), (2, 3, 2, 4), (2, 5, 2, 6), (1, 1, 3, 1), (1, 2, 3, 2)]]
)
def test_a_header_of_three_rows_is_read_as_paths(merged):
    table = table_in(
        ["STT", "Đơn vị", "Xếp loại", None, None, None],
        [None, None, "Năm 2020", None, "Năm 2021", None],
        [None, None, "SL", "Tỷ lệ", "SL", "Tỷ lệ"],
        [1, "Xã Tam Phước", 5, 50.0, 6, 60.0],
        merged=merged,
    )
    assert table.header.labels[2:] == (
        "Xếp loại / Năm 2020 / SL", "Xếp loại / Năm 2020 / Tỷ lệ",
        "Xếp loại / Năm 2021 / SL", "Xếp loại / Năm 2021 / Tỷ lệ",
    )  # fmt: skip


def test_years_may_stand_in_a_header():
    table = table_in(
        ["STT", "Tên chi bộ", "Xếp loại", None], [None, None, 2020, 2021], [1, "Chi bộ 1", "HTTNV", "HTNV"]
    )
    assert table.header.labels[2:] == ("Xếp loại / 2020", "Xếp loại / 2021")


@pytest.mark.parametrize("above", [0, 3, 7, 20])
def test_the_header_may_stand_anywhere(above):
    titles = [["TỈNH ỦY", None, "ĐẢNG CỘNG SẢN VIỆT NAM"], *[[]] * above][: above or 0]
    table = table_in(*titles, HEAD, [1, "Chi bộ 1", 5], [2, "Chi bộ 2", 6])
    assert table.header.top == above + 1
    assert [line.row for line in table.rows] == [above + 2, above + 3]


def test_a_line_of_the_title_right_above_the_header_is_no_part_of_it():
    table = table_in(["ĐẢNG ỦY XÃ", None, "Ngày 3 tháng 2"], HEAD, [1, "Chi bộ 1", 5])
    assert table.header.labels == tuple(HEAD)
    assert table.title_lines == ("ĐẢNG ỦY XÃ", "Ngày 3 tháng 2")


@pytest.mark.parametrize(
    "numbering",
    [["(1)", "(2)", "(3)"], [1, 2, 3], ["A", "B", 1], ["1", "2", "3=1+2"], ["( 1 )", "(2)", "(3)"]],
)
def test_the_row_that_counts_the_columns_is_skipped(numbering):
    table = table_in(HEAD, numbering, [1, "Chi bộ 1", 5])
    assert kinds(table) == ["numbering", "data"]
    assert table.skipped[0].why == "counts_the_columns"


def test_a_first_row_of_data_is_no_numbering():
    assert kinds(table_in(["TT", "Mã", "Số hộ"], [1, 5, 3], [2, 7, 9])) == ["data", "data"]


@pytest.mark.parametrize(
    ("group", "label", "why"),
    [
        (["I", "Xã Tam Phước"], "Xã Tam Phước", "marker"),
        (["I.", "Xã Tam Phước"], "Xã Tam Phước", "marker"),
        (["A", "Tam Phước"], "Tam Phước", "marker"),
        (["I. Xã Tam Phước"], "Xã Tam Phước", "marker"),
        (["I/ Tam Phước"], "I/ Tam Phước", "counting_starts_again"),
        (["Xã Tam Phước"], "Xã Tam Phước", "unit_word"),
        ([None, "XÃ TAM PHƯỚC"], "XÃ TAM PHƯỚC", "unit_word"),
        ([None, "Tam Phước"], "Tam Phước", "counting_starts_again"),
        (["I", "Xã Tam Phước", 11], "Xã Tam Phước", "marker"),
    ],
)
def test_a_group_is_carried_down_to_the_rows_below(group, label, why):
    table = table_in(HEAD, group, [1, "Chi bộ 1", 5], [2, "Chi bộ 2", 6])
    assert kinds(table) == ["group", "data", "data"]
    assert (table.skipped[0].label, table.skipped[0].why) == (label, why)
    assert [line.groups for line in table.rows] == [(label,), (label,)]


def test_groups_lie_in_groups():
    table = table_in(
        HEAD, ["A", "Huyện Ba Tri"], ["I", "Xã An Đức"], [1, "Chi bộ 1", 5], ["II", "Xã An Hòa"], [1, "Chi bộ 1", 5],
        ["B", "Huyện Châu Thành"], ["I", "Xã Tam Phước"], [1, "Chi bộ 1", 5],
    )  # fmt: skip
    assert [line.groups for line in table.rows] == [
        ("Huyện Ba Tri", "Xã An Đức"), ("Huyện Ba Tri", "Xã An Hòa"), ("Huyện Châu Thành", "Xã Tam Phước"),
    ]  # fmt: skip


def test_rows_that_are_counted_within_another_have_it_as_their_group():
    table = table_in(
        HEAD,
        [1, "Xã Tam Phước", 11],
        ["1.1", "Chi bộ 1", 5],
        ["1.2", "Chi bộ 2", 6],
        [2, "Xã An Hóa"],
        [2.1, "Chi bộ 3", 5],
    )
    assert [line.groups for line in table.rows] == [("Xã Tam Phước",)] * 2 + [("Xã An Hóa",)]
    assert [one.agrees for one in compare_totals(table)] == [True]


def test_a_lone_name_is_asked_about():
    table = table_in(HEAD, [1, "Chi bộ 1", 5], [None, "Tam Phước"], [2, "Chi bộ 2", 6])
    (doubtful,) = table.doubtful
    assert (doubtful.row, doubtful.kind) == (3, "group")
    stated = table.with_kinds({3: "data"})
    assert kinds(stated) == ["data"] * 3
    assert not stated.doubtful
    assert stated.rows[2].groups == ()


def test_roman_numbers_of_every_row_count_rows():
    table = table_in(HEAD, ["I", "Chi bộ 1", 5], ["II", "Chi bộ 2", 6])
    assert kinds(table) == ["data", "data"]


def test_merged_cells_of_several_rows_speak_for_each_row_but_numbers_are_not_doubled():
    table = table_in(
        ["STT", "Xã", "Tên chi bộ", "Số hộ"], [1, "Tam Phước", "Chi bộ 1", 90], [2, None, "Chi bộ 2", None],
        merged=[(2, 2, 3, 2), (2, 4, 3, 4)],
    )  # fmt: skip
    assert table.rows[1].values == (2, "Tam Phước", "Chi bộ 2", None)


@pytest.mark.parametrize(
    "label",
    [
        "Cộng",
        "CỘNG:",
        "Tổng cộng",
        "Tổng số",
        "Cộng xã Tam Phước",
        "Tổng cộng toàn huyện",
        "Cộng (I)",
        "Toàn xã",
    ],
)
def test_totals_are_kept_apart(label):
    table = table_in(HEAD, [1, "Chi bộ 1", 5], [2, "Chi bộ 2", 6], [None, label, 11])
    assert kinds(table) == ["data", "data", "total"]
    (comparison,) = compare_totals(table)
    assert (comparison.stated, comparison.agrees, comparison.rows) == (Decimal(11), True, (2, 3))


@pytest.mark.parametrize("name", ["Cộng Hòa", "Ấp Cộng Hòa", "Tổng Cọp"])
def test_a_place_whose_name_begins_like_a_total_is_data(name):
    assert kinds(table_in(HEAD, [1, name, 5], [2, "Chi bộ 2", 6])) == ["data", "data"]
    assert kinds(table_in(HEAD[1:] + ["Nữ"], [name, 5, 1], ["Chi bộ 2", 6, 1])) == ["data", "data"]


def test_subtotals_cover_their_group_and_the_total_covers_all():
    table = table_in(
        HEAD, ["I", "Xã A", 11], [1, "Chi bộ 1", 5], [2, "Chi bộ 2", 6], [None, "Cộng", 11],
        ["II", "Xã B"], [1, "Chi bộ 1", 7], [None, "Cộng", 8], [None, "Tổng cộng", 18],
    )  # fmt: skip
    found = [(one.line.row, one.stated, one.summed, one.agrees) for one in compare_totals(table)]
    assert found == [(2, 11, 11, True), (5, 11, 11, True), (8, 8, 7, False), (9, 18, 18, True)]


def test_a_total_of_a_wider_group_covers_all_its_groups():
    table = table_in(
        HEAD, ["A", "Huyện Ba Tri"], ["I", "Xã A"], [1, "Chi bộ 1", 5], [None, "Cộng", 5], ["II", "Xã B"],
        [1, "Chi bộ 1", 7], [None, "Cộng", 7], [None, "Cộng huyện Ba Tri", 12], ["B", "Huyện Mỏ Cày"], [1, "Chi bộ 1", 1],
    )  # fmt: skip
    assert [(one.line.row, one.rows, one.agrees) for one in compare_totals(table)] == [
        (5, (4,), True), (8, (7,), True), (9, (4, 7), True),
    ]  # fmt: skip


def test_numbers_with_points_and_dashes_are_added_as_they_are_meant():
    table = table_in(
        [*HEAD, "Tỷ lệ"],
        [1, "Chi bộ 1", "1.542", "90,8"],
        [2, "Chi bộ 2", "-", "9,1"],
        [None, "Cộng", "1.542", None],
    )
    assert [(one.heading.label, one.stated, one.agrees) for one in compare_totals(table)] == [
        ("Số đảng viên", Decimal(1542), True)
    ]


def test_shares_are_not_added_up_unless_somebody_wants_it():
    table = table_in(
        [*HEAD, "Tỷ lệ", "Đạt %"],
        [1, "Chi bộ 1", 5, 50, 20],
        [2, "Chi bộ 2", 5, 50, 20],
        [None, "Cộng", 10, 50, 20],
    )
    assert [one.heading.column for one in compare_totals(table)] == [3]
    assert [one.agrees for one in compare_totals(table, [3, 4])] == [True, False]


def test_a_total_may_stand_first():
    table = table_in(HEAD, [None, "Tổng số", 11], [1, "Chi bộ 1", 5], [2, "Chi bộ 2", 6])
    assert [one.agrees for one in compare_totals(table)] == [True]


def test_what_stands_below_the_table_is_skipped_with_its_reason():
    table = table_in(
        HEAD, [1, "Chi bộ 1", 5], [], ["Ghi chú: số liệu tạm tính"], [],
        [None, None, "Tam Phước, ngày 3 tháng 2 năm 2022"], ["NGƯỜI LẬP BIỂU", None, "T/M BAN THƯỜNG VỤ"],
        [None, None, "BÍ THƯ"], [], ["Trần Văn A", None, "Lê Thị B"],
    )  # fmt: skip
    assert [(line.row, line.kind, line.why) for line in table.skipped] == [
        (4, "note", "below_table"), (6, "signature", "signature_words"), (7, "signature", "signature_words"),
        (8, "signature", "signature_words"), (10, "signature", "below_signature"),
    ]  # fmt: skip
    assert set(kinds(table)) <= set(LINE_KINDS)


def test_a_secretary_in_the_list_is_no_signature():
    head = ["Họ và tên", "Chức vụ", "Điện thoại", "Năm sinh"]
    table = table_in(head, ["Trần Văn A", "Bí thư", None, None], ["Lê Thị B", "Bí thư", None, 1980])
    assert kinds(table) == ["data", "data"]


def test_the_header_of_the_next_printed_page_is_skipped():
    rows = [[number, f"Chi bộ {number}", 5] for number in range(1, 4)]
    table = table_in(HEAD, *rows, HEAD, [4, "Chi bộ 4", 6])
    assert kinds(table) == ["data"] * 3 + ["repeated_header", "data"]


def test_two_tables_of_a_sheet_are_told_apart():
    tables = find_tables(
        [
            sheet(
                HEAD, [1, "Chi bộ 1", 5], [], ["DANH SÁCH ĐẢNG VIÊN"],
                ["TT", "Họ và tên", "Ngày sinh"], [1, "Trần Văn A", date(1980, 1, 2)], [2, "Lê B", date(1981, 1, 2)],
            )
        ]
    )  # fmt: skip
    assert {(table.header.top, len(table.rows)) for table in tables} == {(1, 1), (5, 2)}
    upper = next(table for table in tables if table.header.top == 1)
    assert kinds(upper) == ["data", "blank", "note"]


def test_a_first_row_in_words_of_a_header_is_data():
    rows = [
        ["Chi bộ", "CB tự XL", "Mức xếp loại"],
        ["CB ấp 1", "HTXS", "HTXSNV"],
        ["CB ấp 2", "HTT", "HTXSNV"],
    ]

    (table,) = find_tables([sheet(*rows)], ["Chi bộ", "Mức xếp loại", "HTXS", "HTXSNV"])

    assert kinds(table) == ["data", "data"]


def test_a_hidden_sheet_comes_behind_the_visible_one():
    rows = (HEAD, [1, "Chi bộ 1", 5])
    tables = find_tables([sheet(*rows, name="Ẩn", is_visible=False), sheet(*rows, name="Hiện")])
    assert [table.sheet.name for table in tables] == ["Hiện", "Ẩn"]
    assert tables[0].score > tables[1].score


def test_columns_without_a_heading_are_named():
    table = table_in([*HEAD, None], [1, "Chi bộ 1", 5, "x"], [2, "Chi bộ 2", 6, "y"])
    assert table.nameless == (4,)
    assert table.last_column == 4


@pytest.mark.parametrize("rows", [[["Một tờ giấy"]], [[1, 2], [3, 4]], [[None, None], ["a", None]]])
def test_a_sheet_without_a_table_has_none(rows):
    assert find_tables([sheet(*rows)]) == []
    assert find_tables([Sheet("Trống", [])]) == []


def test_an_empty_form_is_a_table_without_rows():
    table = table_in(["STT", "Họ và tên", "Ngày sinh", "Ghi chú"])
    assert table.rows == ()


def test_a_long_list_takes_time_in_step_with_its_rows():
    rows = [[number, "Chi bộ", "Ấp", "HTTNV", "Tốt"] for number in range(20_000)]
    table = table_in(["STT", "Chi bộ", "Ấp", "Xếp loại", "Ghi chú"], *rows, *[[]] * 5000)
    assert len(table.rows) == 20_000
