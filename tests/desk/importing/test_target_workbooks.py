"""Targets of resolutions by workbook: set, broken down, decided anew, and what is refused in the words of the page."""

from datetime import date

import pytest
from django.urls import reverse

from dashboards.targets.checks import problems
from desk.importing import batches
from evaluations.models import Target
from tests import factories
from tests.desk.importing.desk import answer, check, hand_in, told, workbook, write
from tests.worlds import kept

RESOLUTION = {
    "decision_number": "05-NQ/TU",
    "decision_day": "25/09/2025",
    "decision_body": "Tỉnh ủy Vĩnh Long",
}
MERGED = "Bí thư chi bộ đồng thời là trưởng ấp"
VACANT = "Khuyết trưởng ấp"
UNIT, WHAT, GOAL, BASE = "Đơn vị", "Nội dung chỉ tiêu", "Chỉ tiêu", "Tổng số theo nghị quyết"
STEPS, PART_OF, REASON = "Lộ trình đến hết mỗi năm", "Là phần được giao của", "Lý do điều chỉnh"
WHOLE = [UNIT, WHAT, GOAL, BASE, STEPS, PART_OF]
PATH = "2026: 30; 2027: 40; 2030: 59"


@kept
def places(province, commune, neighbour):
    """A hamlet in each commune, so that figures speak of ấp."""
    for place in (commune, neighbour):
        factories.cell(of=factories.hamlet(parent=place))
    return province, commune, neighbour


def taken_in(user, *rows, heads=(UNIT, WHAT, GOAL), **asked):
    """Hand in rows under these headings, answer what is asked, and return what the page shows."""
    batch = hand_in(user, workbook(["BIỂU CHỈ TIÊU NGHỊ QUYẾT"], list(heads), *rows), kind="targets")
    answer(batch, asked={"term": "2025-2030", "part_of": "", **RESOLUTION} | asked)
    return batch, check(batch, user)


def resolution_with_parts(officer):
    return taken_in(
        officer,
        # A part may stand before its whole.
        ["Xã Phú Túc", MERGED, 39, 77, "2026: 20; 2030: 39", "Tỉnh Vĩnh Long"],
        ["Tỉnh Vĩnh Long", MERGED, 59, 117, PATH, None],
        ["Giao Long", MERGED, 20, 40, None, "Tỉnh Vĩnh Long"],
        heads=WHOLE,
    )


def test_a_resolution_is_taken_in_with_its_path_and_the_parts_of_the_communes(officer, places):
    batch, shown = resolution_with_parts(officer)
    assert told(shown) == {}

    write(batch, officer)

    whole = Target.objects.get(part_of=None)
    assert (whole.unit, whole.figure, whole.goal, whole.base) == (places[0], "merged_role", 59, 117)
    assert (whole.due_on, whole.resolution.number, whole.resolved_on) == (
        date(2030, 12, 31),
        "05-NQ/TU",
        date(2025, 9, 25),
    )
    assert whole.path == {2026: 30, 2027: 40, 2030: 59}
    parts = Target.objects.filter(part_of=whole)
    assert {(str(one.unit), one.goal, one.base) for one in parts} == {
        ("Xã Phú Túc", 39, 77),
        ("Xã Giao Long", 20, 40),
    }
    assert parts.get(unit=places[1]).path == {2026: 20, 2030: 39}
    assert not list(problems())


def test_a_path_may_stand_in_a_column_for_each_year(officer, places):
    batch, shown = taken_in(
        officer,
        ["Tỉnh Vĩnh Long", MERGED, 59, 30, None, 59],
        ["Xã Phú Túc", MERGED, 59, 30, 59, None],
        heads=[UNIT, WHAT, GOAL, "Năm 2026", "Năm 2028", "Năm 2030"],
        part_of="Tỉnh Vĩnh Long",
    )
    assert told(shown) == {}

    write(batch, officer)

    # Of a file that breaks a target down, the row of the unit itself is that of the whole.
    whole = Target.objects.get(unit=places[0])
    assert (whole.part_of, whole.path) == (None, {2026: 30, 2030: 59})
    assert Target.objects.get(part_of=whole).path == {2026: 30, 2028: 59}


def test_what_was_taken_in_goes_out_and_comes_in_unasked_without_a_difference(client, officer, places):
    batch, _shown = resolution_with_parts(officer)
    write(batch, officer)
    client.force_login(officer)
    export = client.get(reverse("exporting:targets_of", args=[places[0].pk]))

    again = hand_in(officer, b"".join(export.streaming_content))
    shown = check(again, officer)

    assert (again.kind, told(shown)) == ("targets", {})
    assert [row["outcome"] for row in shown["rows"]] == ["skip"] * 3


def test_the_same_office_file_comes_in_twice_without_a_difference(officer, places):
    batch, _shown = resolution_with_parts(officer)
    write(batch, officer)

    _again, shown = resolution_with_parts(officer)

    assert {row["outcome"] for row in shown["rows"]} == {"skip"}


def test_what_should_fall_comes_down_to_none(officer, places):
    batch, shown = taken_in(
        officer,
        ["Tỉnh Vĩnh Long", VACANT, 5, 117, "2026: 12; 2028: 7; 2030: 5", None],
        ["Phú Túc", VACANT, 5, 77, None, "Tỉnh Vĩnh Long"],
        ["Giao Long", VACANT, 0, 40, "2026: 2; 2027: 0", "Tỉnh Vĩnh Long"],
        heads=WHOLE,
    )
    assert told(shown) == {}

    write(batch, officer)

    assert Target.objects.get(unit=places[2]).goal == 0
    assert Target.objects.get(unit=places[0]).path == {2026: 12, 2028: 7, 2030: 5}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["Tỉnh Vĩnh Long", MERGED, 59, 50, None, None], "lớn hơn tổng số"),
        (["Tỉnh Vĩnh Long", MERGED, 0, None, None, None], "ít nhất là 1"),
        (["Tỉnh Vĩnh Long", "Số hộ", 59, 60, None, None], "Để trống"),
        (["Tỉnh Vĩnh Long", MERGED, 59, None, "2026: 60; 2030: 59", None], "không đi xuống"),
        (["Tỉnh Vĩnh Long", VACANT, 5, None, "2026: 4; 2030: 5", None], "không đi lên"),
        (["Tỉnh Vĩnh Long", MERGED, 59, None, "2026: 30; 2029: 40", None], "Lộ trình kết thúc ở 40"),
        (["Tỉnh Vĩnh Long", VACANT, 5, None, "2026: 9; 2029: 6", None], "không quá 5"),
        (["Tỉnh Vĩnh Long", MERGED, 59, None, "2024: 30; 2030: 59", None], "2024"),
        (["Tỉnh Vĩnh Long", MERGED, 59, None, "năm 2026: 30", None], "2026: 40; 2027: 59"),
        (["Tỉnh Vĩnh Long", "Dự sinh hoạt chi bộ", 59, None, None, None], "Dự sinh hoạt chi bộ"),
        (["Tỉnh Bến Tre", MERGED, 59, None, None, None], "Tỉnh Bến Tre"),
        (["Xã Phú Túc", MERGED, 59, None, None, "Tỉnh Vĩnh Long"], "chưa có chỉ tiêu này"),
        (["Tỉnh Vĩnh Long", MERGED, None, None, None, None], "Cần nhập"),
    ],
)
def test_what_is_wrong_is_said_as_on_the_page(officer, places, row, words):
    _batch, shown = taken_in(officer, row, heads=WHOLE)

    assert words in " ".join(told(shown)[3])


def test_parts_that_do_not_come_to_the_goal_are_refused_unless_the_file_says_so(officer, places):
    rows = (
        ["Tỉnh Vĩnh Long", MERGED, 59, 117, None, None],
        ["Xã Phú Túc", MERGED, 39, 77, None, "Tỉnh Vĩnh Long"],
    )
    _batch, shown = taken_in(officer, *rows, heads=WHOLE)
    assert told(shown).keys() == {4}
    assert "còn 20 chưa giao cho đơn vị nào" in told(shown)[4][0]

    accepted = "Vẫn lưu dù tổng các phần chưa khớp chỉ tiêu"
    batch, shown = taken_in(officer, *((*row, "x") for row in rows), heads=[*WHOLE, accepted])
    assert told(shown) == {}
    write(batch, officer)
    assert Target.objects.count() == 2


@kept
def whole(province, officer, places):
    batch, _shown = resolution_with_parts(officer)
    write(batch, officer)
    return Target.objects.get(unit=province)


def test_a_changed_goal_needs_a_new_decision_with_its_reason(officer, whole):
    _batch, shown = taken_in(officer, ["Tỉnh Vĩnh Long", MERGED, 60])

    (said,) = told(shown).values()
    assert "giữ nguyên theo nghị quyết" in said[0]
    _batch, shown = taken_in(officer, ["Tỉnh Vĩnh Long", MERGED, 60], decision_number="9-NQ/TU")
    assert "lý do" in " ".join(told(shown)[3])


def test_another_decision_makes_another_edition_of_the_whole_and_its_parts(officer, whole, places):
    batch, shown = taken_in(
        officer,
        ["Tỉnh Vĩnh Long", MERGED, 61, "2026: 30; 2030: 61", None, "Đại hội điều chỉnh"],
        ["Xã Phú Túc", MERGED, 41, "2030: 41", "Tỉnh Vĩnh Long", "Đại hội điều chỉnh"],
        heads=[UNIT, WHAT, GOAL, STEPS, PART_OF, REASON],
        decision_number="9-NQ/TU",
        decision_day="01/06/2026",
    )
    assert told(shown) == {}

    write(batch, officer)

    latest = Target.objects.editions_of(whole).first()
    assert (latest.edition, latest.goal, latest.base, latest.edition_reason) == (
        2,
        61,
        117,
        "Đại hội điều chỉnh",
    )
    assert latest.path == {2026: 30, 2030: 61}
    whole.refresh_from_db()
    assert (whole.goal, whole.superseded_on, whole.path) == (
        59,
        date(2026, 6, 1),
        {2026: 30, 2027: 40, 2030: 59},
    )
    part = Target.objects.latest_editions().get(unit=places[1])
    assert (part.edition, part.goal, part.part_of) == (2, 41, latest)


def test_the_path_alone_is_planned_anew_without_another_edition(officer, whole):
    row = ["Tỉnh Vĩnh Long", MERGED, 59, "2026: 35; 2030: 59"]
    batch, shown = taken_in(officer, row, heads=[UNIT, WHAT, GOAL, STEPS])
    assert told(shown) == {}

    write(batch, officer)

    assert Target.objects.get(unit=whole.unit).path == {2026: 35, 2030: 59}


def test_taking_an_import_back_leaves_what_was_before(officer, places, client):
    batch, _shown = resolution_with_parts(officer)
    write(batch, officer)
    batch.refresh_from_db()

    batches.undo(batch, seen=batch.revision, by=officer, reason="Nhầm file")

    assert not Target.objects.exists()


def test_a_list_of_a_past_day_shows_an_older_edition_and_changes_nothing(client, officer, whole, places):
    batch, _shown = taken_in(
        officer,
        ["Tỉnh Vĩnh Long", MERGED, 60, "2030: 60", "Điều chỉnh"],
        heads=[UNIT, WHAT, GOAL, STEPS, REASON],
        decision_number="9-NQ/TU",
        decision_day="01/06/2026",
    )
    write(batch, officer)
    client.force_login(officer)
    export = client.get(reverse("exporting:targets_of", args=[places[0].pk]), {"ngay": "2026-05-01"})

    shown = check(hand_in(officer, b"".join(export.streaming_content)), officer)

    assert told(shown) == {}
    assert {row["outcome"] for row in shown["rows"]} == {"skip"}


def test_a_commune_neither_takes_targets_in_nor_proposes_them(clerk):
    assert "targets" not in batches.forms_of(clerk)
