"""Lists of mergers from offices, into drafts of reorganisations: by way of the import desk, in several layouts."""

import io
from datetime import date

import pytest
from openpyxl import Workbook

from cells.models import Decision, Line, LineKind, Reorganisation
from desk.importing import batches
from desk.importing.files import filled
from desk.importing.forms.reorganisation import REORGANISATION
from desk.models import ImportBatch
from desk.reorganisation.drafting import begin
from tests import factories
from tests.desk.importing.desk import answer, check, hand_in, told, workbook, write

MAY = date(2026, 5, 1)
ASKED = {
    "event": "",
    "title": "Sáp nhập ấp năm 2026",
    "on": "01/05/2026",
    "commune": "",
    "decision_number": "",
    "decision_day": "",
    "decision_body": "",
}
PAPER = {
    "decision_number": "12/NQ-HĐND",
    "decision_day": "20/04/2026",
    "decision_body": "Hội đồng nhân dân tỉnh",
}
HEADER = ["TT", "Ấp, khóm cũ", "Tên mới", "Ghi chú"]


@pytest.fixture(autouse=True)
def hamlets(commune, neighbour):
    for home, names in ((commune, ["1", "2", "3", "4", "Phước Hậu"]), (neighbour, ["1", "2", "Phước An"])):
        for name in names:
            factories.hamlet(parent=home, name=name)


@pytest.fixture
def event(province):
    return begin(title="Sắp xếp năm 2026", unit=province, on=MAY)


def mergers() -> dict[str, set[str]]:
    """Return what goes into each new hamlet, or into the one that stands on."""
    return {
        f"{line.full_name or line.unit} ({line.sources.all()[0].unit.commune.name})": {
            source.unit.name for source in line.sources.all()
        }
        for line in Line.objects.with_everything()
    }


def checked(batch: ImportBatch, user, **asked) -> dict:
    answer(batch, asked=ASKED | asked)
    return check(batch, user)


# --- Layouts --------------------------------------------------------------------------


def test_communes_as_group_rows_below_a_title_with_several_hamlets_in_a_cell(officer, province, commune):
    data = workbook(
        ["ỦY BAN NHÂN DÂN TỈNH"],
        ["DANH SÁCH SÁP NHẬP ẤP, KHÓM"],
        ["(Kèm theo Nghị quyết số 12/NQ-HĐND ngày 20/04/2026)"],
        HEADER,
        ["I", "Xã Phú Túc"],
        [1, "Ấp 1, ấp 2", "Ấp Hòa Bình"],
        [2, "3\nPhước Hậu", "Ấp Phước Hậu", "giữ tên"],
        ["II", "Xã Giao Long"],
        [1, "Ấp 1 và Phước An", "Ấp An Hòa"],
        [],
        [None, "Người lập biểu", "Chủ tịch"],
    )
    batch = hand_in(officer, data)
    reading = batches.read_batch(batch, officer)
    assert reading.form is REORGANISATION
    guesses = {ask.key: ask.guess(reading.table) for ask in reading.asks}
    assert guesses == {
        "event": "",
        "title": "DANH SÁCH SÁP NHẬP ẤP, KHÓM",
        "on": "",
        "same_name": "",
        "decision_number": "12/NQ-HĐND",
        "decision_day": "20/04/2026",
        "decision_body": "",
    }

    shown = checked(batch, officer, same_name="absorb", **PAPER)

    assert told(shown) == {}
    assert shown["counts"]["new"] == 3
    assert not Reorganisation.objects.exists()
    write(batch, officer)
    assert mergers() == {
        "Ấp Hòa Bình (Phú Túc)": {"1", "2"},
        "Ấp Phước Hậu (Phú Túc)": {"3"},
        "Ấp An Hòa (Giao Long)": {"1", "Phước An"},
    }
    event = Reorganisation.objects.get()
    assert (event.title, event.unit, event.effective_on) == ("Sáp nhập ấp năm 2026", province, MAY)
    # One paper about two communes is one record, of their province, and that of the draft.
    assert event.decision == Decision.objects.get()
    assert event.decision.unit == province
    assert set(Line.objects.values_list("decision", "on")) == {(event.decision.pk, MAY)}


def merged_workbook() -> bytes:
    """Return a list with a header of two rows and new names that stand in merged cells."""
    file = Workbook()
    sheet = file.active
    for row in (
        ["PHƯƠNG ÁN SẮP XẾP ẤP XÃ PHÚ TÚC"],
        ["TT", "Trước sắp xếp", None, "Sau sắp xếp", None, "Số văn bản", "Ngày ký", "Cơ quan ban hành"],
        [None, "Tên ấp", "Số hộ", "Tên ấp", "Số hộ"],
        [1, "Ấp 1", 120, "Ấp Hòa Bình", 250, "12/NQ-HĐND", "20/04/2026", "Hội đồng nhân dân xã Phú Túc"],
        [2, "Ấp 2", 130],
        [3, "Ấp 3", 90, "Ấp Thống Nhất", 300],
        [4, "Ấp 4", 110],
        [5, "Phước Hậu", 100],
    ):
        sheet.append(row)
    for area in ("A2:A3", "B2:C2", "D2:E2", "F2:F3", "G2:G3", "H2:H3", "D4:D5", "E4:E5", "D6:D8", "E6:E8"):
        sheet.merge_cells(area)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def test_a_header_of_two_rows_and_new_names_in_merged_cells(officer, commune):
    batch = hand_in(officer, merged_workbook())

    shown = checked(batch, officer, commune="Xã Phú Túc")

    assert told(shown) == {}
    write(batch, officer)
    assert mergers() == {
        "Ấp Hòa Bình (Phú Túc)": {"1", "2"},
        "Ấp Thống Nhất (Phú Túc)": {"3", "4", "Phước Hậu"},
    }
    first, second = Line.objects.order_by("position")
    # The paper stands in the first row of the merger alone, and is that of this merger alone.
    assert (first.decision.number, first.decision.unit, second.decision) == ("12/NQ-HĐND", commune, None)
    assert Reorganisation.objects.get().decision is None


def test_old_hamlets_that_stand_alone_in_their_rows_are_no_groups(officer, event):
    data = workbook(
        ["Xã, phường", "Ấp cũ", "Tên mới"],
        ["Xã Phú Túc", "Ấp 1", "Ấp Hòa Bình"],
        [None, "Ấp 2"],
        [None, "Phước Hậu"],
        [None, "3", "Ấp Thống Nhất"],
        [None, "4"],
    )
    batch = hand_in(officer, data)

    assert told(checked(batch, officer, event=str(event.pk))) == {}

    write(batch, officer)
    assert mergers() == {
        "Ấp Hòa Bình (Phú Túc)": {"1", "2", "Phước Hậu"},
        "Ấp Thống Nhất (Phú Túc)": {"3", "4"},
    }
    assert set(Line.objects.values_list("reorganisation", flat=True)) == {event.pk}


# --- Faults, and what waits for them --------------------------------------------------


def test_a_merger_waits_for_all_its_rows_and_the_others_go_in(officer, event):
    data = workbook(
        ["TT", "Xã", *HEADER[1:3]],
        [1, "Phú Túc", "1", "Ấp Hòa Bình"],
        [2, "Phú Túc", "Phước Hâuu", None],
        [3, "Phú Túc", "3, 4", "Ấp Thống Nhất"],
        [4, "Phú Tục Xa", "Phước Hậu", "Ấp Thống Nhất"],
        [5, "Giao Long", "1, 2", "Ấp An Hòa"],
    )
    batch = hand_in(officer, data, kind="reorganisation")

    shown = checked(batch, officer, event=str(event.pk))

    said = told(shown)
    assert said[2] == ["Sửa dòng 3 cùng tên mới trước."]
    assert "Không có “Phước Hâuu”" in said[3][0]
    assert said[4] == ["Sửa dòng 5 cùng tên mới trước."]
    assert "Không có “Phú Tục Xa”" in said[5][0]
    write(batch, officer, only_good=True)
    assert mergers() == {"Ấp An Hòa (Giao Long)": {"1", "2"}}


def test_a_hamlet_that_goes_nobody_knows_where_makes_all_mergers_of_its_commune_wait(officer, event):
    data = workbook(
        ["TT", "Xã", *HEADER[1:3]],
        [1, "Phú Túc", "1, 2", "Ấp A"],
        [2, "Phú Túc", "3", "=D2"],
        [3, "Phú Túc", "4", None],
        [4, "Giao Long", "1, 2", "Ấp An Hòa"],
    )
    batch = hand_in(officer, data, kind="reorganisation")

    said = told(checked(batch, officer, event=str(event.pk)))

    assert said[2] == ["Sửa dòng 3 chưa rõ tên mới trước."]
    assert said.keys() == {2, 3, 4}
    write(batch, officer, only_good=True)
    assert mergers() == {"Ấp An Hòa (Giao Long)": {"1", "2"}}


def test_choosing_the_nearest_keeps_the_other_hamlets_of_the_cell(officer, event):
    data = workbook(HEADER, [1, "Phước Hâuu, 3", "Ấp A"])
    batch = hand_in(officer, data, kind="reorganisation")
    shown = checked(batch, officer, event=str(event.pk), commune="Phú Túc")
    (group,) = shown["groups"]
    (cell,) = group["cells"]
    assert cell["nearest"][0].endswith("Phước Hậu, 3")

    answer(batch, mends={cell["key"]: {"to": cell["nearest"][0]}})

    assert told(check(batch, officer)) == {}
    write(batch, officer)
    assert mergers() == {"Ấp A (Phú Túc)": {"Phước Hậu", "3"}}


def test_a_row_that_is_left_out_still_says_what_the_rows_below_it_mean(officer, event):
    data = workbook(
        HEADER,
        [1, "1, 2", "Ấp A"],
        [2, "Phước Hậuuu", "Ấp B"],
        [3, "3", None],
        [4, "4", None],
    )
    batch = hand_in(officer, data, kind="reorganisation")
    answer(batch, rows={"3": "skip"})

    checked(batch, officer, event=str(event.pk), commune="Phú Túc")
    write(batch, officer)

    assert mergers() == {"Ấp A (Phú Túc)": {"1", "2"}, "Ấp B (Phú Túc)": {"3", "4"}}


def test_one_new_name_is_written_in_one_way(officer, event):
    data = workbook(HEADER, [1, "1, 2", "Ấp Tân Hòa"], [2, "3, 4", "Ấp Tân Hoa"])
    batch = hand_in(officer, data, kind="reorganisation")

    said = told(checked(batch, officer, event=str(event.pk), commune="Phú Túc"))

    assert said[3] == ["Dòng 2 ghi tên này là “Ấp Tân Hòa”. Ghi thống nhất một cách."]


# --- Drafts ---------------------------------------------------------------------------


def test_a_file_that_comes_again_is_no_change_and_a_hamlet_goes_into_one_line(officer, event):
    asked = {"event": str(event.pk), "commune": "Phú Túc"}
    first = hand_in(officer, workbook(HEADER, [1, "1, 2", "Ấp A"]), kind="reorganisation")
    checked(first, officer, **asked)
    write(first, officer)

    data = workbook(HEADER, [1, "2, 1", "ấp A"], [2, "2, 3", "Ấp B"])
    again = hand_in(officer, data, kind="reorganisation")
    shown = checked(again, officer, **asked)
    (row,) = [row for row in shown["rows"] if row["row"] == 3]

    assert "Ấp 2 đã có ở dòng 2" in row["faults"][0]["said"]
    other = hand_in(officer, workbook(HEADER, [1, "2, 3", "Ấp B"]), kind="reorganisation")
    (said,) = told(checked(other, officer, **asked)).values()
    assert said[0].startswith("Ấp 2 đã có trong nội dung khác của dự thảo này")


def test_what_a_draft_holds_goes_out_and_in_unchanged(officer, event):
    batch = hand_in(
        officer,
        workbook(HEADER, [1, "1, 2", "Ấp A"], [2, "3, 4", "Ấp 3"]),
        kind="reorganisation",
    )
    checked(batch, officer, event=str(event.pk), commune="Phú Túc", same_name="absorb")
    write(batch, officer)
    data = filled(REORGANISATION, Line.objects.kept_by(officer), officer)

    again = hand_in(officer, data, kind="reorganisation")
    shown = checked(again, officer, event=str(event.pk), same_name="absorb")

    assert shown["counts"] == {"new": 0, "update": 0, "skip": 2, "skipped": 0, "faulty": 0}


def begun_by(clerk) -> ImportBatch:
    batch = hand_in(clerk, workbook(HEADER, [1, "1, 2", "KP3"]), kind="reorganisation")
    answer(batch, asked={key: value for key, value in ASKED.items() if key != "commune"})
    assert told(check(batch, clerk)) == {}
    write(batch, clerk)
    return batch


def test_a_commune_begins_a_draft_of_its_own(clerk, commune):
    begun_by(clerk)

    event = Reorganisation.objects.get()
    assert (event.unit, event.state) == (commune, Reorganisation.State.DRAFT)
    line = Line.objects.get()
    assert (line.kind, line.unit_kind, line.name) == (LineKind.FOUND, "khu_pho", "3")


def test_a_commune_takes_back_what_it_brought_in(clerk):
    batch = begun_by(clerk)

    batches.undo(batch, seen=batch.revision, by=clerk, reason="Nhầm file")

    assert not Reorganisation.objects.exists()
    assert not Line.objects.exists()


def test_the_drafts_that_one_may_change_are_there_to_choose_from(client, officer, event, province):
    over = begin(title="Đợt đã xong", unit=province, on=MAY)
    Reorganisation.objects.filter(pk=over.pk).update(state=Reorganisation.State.APPLIED)
    batch = hand_in(officer, workbook(HEADER, [1, "1, 2", "Ấp A"]), kind="reorganisation")
    client.force_login(officer)

    shown = client.get(batch.get_absolute_url()).content.decode()

    assert f'<option value="{event.pk}">{event}' in shown
    assert str(over) not in shown
    checked(batch, officer, event=str(event.pk), commune="Phú Túc")
    (said,) = [
        one["text"] for one in batches.known_check(batch).result["settled"] if "Dự thảo" in one["label"]
    ]
    assert said.startswith(str(event))


def test_a_draft_that_is_not_theirs_is_none(clerk, event):
    batch = hand_in(clerk, workbook(HEADER, [1, "1, 2", "Ấp A"]), kind="reorganisation")

    said = told(checked(batch, clerk, event=str(event.pk)))

    assert said == {2: ["Không có dự thảo mang số này mà đồng chí được sửa nội dung."]}


def test_a_reader_is_offered_no_such_form(reader):
    assert REORGANISATION.key not in batches.forms_of(reader)
