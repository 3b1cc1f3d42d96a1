"""The pages of the import desk, as people go through them with a file."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from desk.importing import batches, work
from desk.models import BatchCheck, ImportBatch
from evaluations.models import CellRating
from leaders.models import Office, Person, Tenure
from tests import factories
from tests.desk.importing.desk import WORKBOOKS, workbook
from tests.worlds import kept

PEOPLE_FILE = "trich-ngang-bi-thu-truong-ap.xlsx"
RATING_FILE = "xep-loai-chi-bo-xa-tam-phuoc-2022.xlsx"
DECISION = {
    "asked-decision_number": "15-QĐ/ĐU",
    "asked-decision_day": "15/12/2022",
    "asked-decision_body": "Ban Thường vụ Đảng ủy xã Tam Phước",
}
RATINGS_ASKED = {"asked-year": "2022", "asked-commune": "Xã Tam Phước", **DECISION}
HEADER = ["TT", "Họ và tên", "Chức vụ Đảng", "Ấp"]


@kept
def tam_phuoc(province):
    commune = factories.commune(parent=province, name="Tam Phước", code="28831")
    for name in ("Phước Hậu", "Phước Thành", "Phước Lợi", "Phước Hoà", "Phước Tân", "Phước Thiện"):
        factories.cell(of=factories.hamlet(parent=commune, name=name), name=f"Chi bộ ấp {name}")
    for name in ("Phước Trạch", "Phước Định", "9", "10"):
        factories.cell(of=factories.hamlet(parent=commune, name=name), name=f"Chi bộ ấp {name}")
    return commune


@kept
def hamlet(commune):
    factories.cycle(province=commune.parent, year=2022)
    found = factories.hamlet(parent=commune, name="Phước Hậu")
    factories.cell(of=found, name="Chi bộ ấp Phước Hậu")
    return found


def people(*names: str, hamlet: str = "Phước Hậu", office: str = "Bí thư"):
    rows = [[number, name, office, hamlet] for number, name in enumerate(names, 1)]
    return workbook(["DANH SÁCH TRÍCH NGANG BÍ THƯ"], HEADER, *rows)


def hand_in(client, data: bytes, name: str = "bieu.xlsx", kind: str = ""):
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("importing:desk"), {"file": file, "kind": kind}, follow=True)


def office_file(client, name: str, kind: str = ""):
    return hand_in(client, (WORKBOOKS / name).read_bytes(), name, kind)


def last() -> ImportBatch:
    return ImportBatch.objects.first()


def say(client, step: str, batch: ImportBatch | None = None, **said):
    batch = batch or last()
    url = reverse("importing:answer", args=[batch.pk])
    return client.post(url, {"step": step, "seen": batch.revision, **said}, follow=True)


def act(client, name: str, batch: ImportBatch | None = None, **said):
    batch = batch or last()
    return client.post(
        reverse(f"importing:{name}", args=[batch.pk]), {"seen": batch.revision, **said}, follow=True
    )


def mark(batch: ImportBatch, name: str = "fingerprint") -> str:
    return BatchCheck.objects.get(batch=batch).result[name]


def page(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def sign_in(client, user):
    client.force_login(user)
    return client


# --- From a file to what is recorded --------------------------------------------------


def test_an_officer_goes_from_the_file_to_undone(client, officer, tam_phuoc):
    sign_in(client, officer)
    shown = page(office_file(client, RATING_FILE))
    assert "Biểu không ghi" in shown
    assert 'value="2022"' in shown  # the title says so
    assert 'value="Xã Tam Phước"' in shown

    shown = page(say(client, "asked", **RATINGS_ASKED))

    assert "Cần sửa" in shown
    assert "CB ấp 11" in shown
    assert "Chi bộ ấp 10" in shown
    batch = last()
    assert not CellRating.objects.exists()
    asked = client.get(reverse("importing:write", args=[batch.pk]))
    assert "Chỉ ghi 8 dòng đúng" in page(asked)
    shown = page(act(client, "write", fingerprint=mark(batch, "fingerprint_of_good"), only_good="1"))
    assert CellRating.objects.count() == 8
    assert "8 dòng mới" in shown
    assert reverse("dashboards:cell", args=[CellRating.objects.first().cell_id]) in shown

    shown = page(act(client, "undo", reason="Nhầm file"))

    assert not CellRating.objects.exists()
    assert "Đã hoàn tác" in shown
    assert "Nhầm file" in shown


def test_a_clerk_proposes_and_the_province_confirms(client, clerk, officer, commune, hamlet):
    sign_in(client, clerk)
    data = workbook(
        ["KẾT QUẢ ĐÁNH GIÁ, XẾP LOẠI CHI BỘ NĂM 2022"],
        ["TT", "Chi bộ", "Mức xếp loại"],
        [1, "Chi bộ ấp Phước Hậu", "HTTNV"],
    )
    shown = page(hand_in(client, data))
    assert 'name="asked-commune"' not in shown  # who keeps one commune is not asked which
    shown = page(say(client, "asked", **{k: v for k, v in RATINGS_ASKED.items() if k != "asked-commune"}))
    batch = last()
    assert not batches.may_write(clerk, batch)
    assert "Gửi tỉnh xác nhận" in shown
    assert client.post(reverse("importing:write", args=[batch.pk])).status_code == 403

    act(client, "submit")
    batch = last()
    assert batch.state == ImportBatch.State.SUBMITTED
    assert "Xin rút lại" in page(client.get(batch.get_absolute_url()))

    sign_in(client, officer)
    assert "Chờ tỉnh xác nhận" in page(client.get(reverse("importing:desk")))
    act(client, "send_back", remark="Bổ sung số quyết định")
    sign_in(client, clerk)
    assert "Bổ sung số quyết định" in page(client.get(batch.get_absolute_url()))
    assert "Bổ sung số quyết định" in page(client.get("/"))
    act(client, "check")
    act(client, "submit")
    sign_in(client, officer)
    assert "Xác nhận và ghi" in page(client.get(batch.get_absolute_url()))
    act(client, "write", fingerprint=mark(batch))
    assert CellRating.objects.get().decision.number == "15-QĐ/ĐU"
    batch.refresh_from_db()
    assert (batch.state, batch.by, batch.done_by) == ("done", clerk, officer)


def test_a_clerk_takes_back_what_waits(client, clerk, officer, hamlet):
    batch = submitted(client, clerk)

    act(client, "withdraw")

    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.OPEN


def submitted(client, clerk) -> ImportBatch:
    sign_in(client, clerk)
    data = workbook(
        ["XẾP LOẠI CHI BỘ NĂM 2022"], ["TT", "Chi bộ", "Mức xếp loại"], [1, "Ấp Phước Hậu", "HTTNV"]
    )
    hand_in(client, data)
    say(client, "asked", **RATINGS_ASKED)
    act(client, "submit")
    assert last().state == ImportBatch.State.SUBMITTED
    return last()


def test_people_of_a_clerk_go_in_without_javascript(client, clerk, commune, hamlet):
    sign_in(client, clerk)
    shown = page(hand_in(client, people("Nguyễn Văn An")))
    assert "Ngày đang giữ" in shown or "asked-seen_on" in shown
    say(client, "asked", **{"asked-starts_on": "01/02/2022", "asked-seen_on": "", "asked-term": ""})

    shown = page(client.get(last().get_absolute_url()))
    assert "Ghi tất cả (1 dòng)" in shown
    act(client, "write", fingerprint=mark(last()))

    person = Person.objects.get()
    assert person.full_name == "Nguyễn Văn An"
    assert person.get_absolute_url() in page(client.get(last().get_absolute_url()))


def test_a_wrong_answer_is_asked_again_in_words(client, clerk, hamlet):
    sign_in(client, clerk)
    hand_in(client, people("Nguyễn Văn An"))

    shown = page(
        say(client, "asked", **{"asked-starts_on": "hôm qua", "asked-seen_on": "", "asked-term": ""})
    )

    assert "hôm qua" in shown
    assert 'aria-invalid="true"' in shown


# --- Mending --------------------------------------------------------------------------


@pytest.fixture
def misspelled(client, clerk, hamlet):
    """Seventeen rows of a hamlet whose name is misspelled the same way."""
    sign_in(client, clerk)
    names = [f"Nguyễn Văn {'ABCDEGHIKLMNOPQRS'[number]}n" for number in range(17)]
    hand_in(client, people(*names, hamlet="Phước Hâu", office="Chi ủy viên"))
    say(client, "asked", **{"asked-starts_on": "01/02/2022", "asked-term": ""})
    return last()


def test_seventeen_rows_are_mended_at_once(client, misspelled):
    shown = page(client.get(misspelled.get_absolute_url()))
    assert "17 dòng" in shown
    name = re.search(r'name="(cell-\d+-\d+)"', shown)[1]
    nearest = re.search(r'value="(to:[^"]+)"', shown)[1]

    shown = page(act(client, "mend", **{name: nearest}))

    assert BatchCheck.objects.get().result["counts"]["faulty"] == 0
    assert "Ghi tất cả (17 dòng)" in shown
    key = re.search(r'name="forget" value="([^"]+)"', shown)[1]
    act(client, "mend", forget=key)
    assert BatchCheck.objects.get().result["counts"]["faulty"] == 17


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ({"other": "Phước Hậu"}, {"new": 17, "faulty": 0, "skipped": 0}),
        ({"": "skip"}, {"new": 0, "faulty": 0, "skipped": 17}),
    ],
)
def test_rows_get_another_value_or_are_left_out(client, misspelled, said, counts):
    shown = page(client.get(misspelled.get_absolute_url()))
    name = re.search(r'name="(cell-\d+-\d+)"', shown)[1]

    act(client, "mend", **{f"{name}-{part}" if part else name: value for part, value in said.items()})

    found = BatchCheck.objects.get().result["counts"]
    assert {key: found[key] for key in counts} == counts


def test_the_file_comes_back_with_its_faults_marked(client, misspelled):
    response = client.get(reverse("importing:marked", args=[misspelled.pk]))

    assert response.status_code == 200
    assert "bieu.xlsx" in response["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet.cell(2, 5).value == "Ghi chú kiểm tra"
    assert "Phước Hâu" in sheet.cell(3, 5).value
    # Sent in again, the column of remarks asks nothing.
    shown = page(hand_in(client, response.content))
    assert "Các cột có nghĩa gì?" not in shown


def test_rows_are_filtered_by_outcome_and_paged(client, misspelled):
    shown = page(client.get(misspelled.get_absolute_url(), {"loai": "faulty"}))
    assert "17 dòng" in shown
    assert "Không có dòng nào." in page(client.get(misspelled.get_absolute_url(), {"loai": "new"}))
    assert client.get(misspelled.get_absolute_url(), {"loai": "skipped", "page": "99"}).status_code == 200


# --- Steps ----------------------------------------------------------------------------


def test_the_wrong_form_is_named_and_the_right_one_opened(client, officer, tam_phuoc):
    sign_in(client, officer)

    shown = page(office_file(client, RATING_FILE, kind="people"))

    assert "File này là" in shown
    assert "Mở đúng mục nhập" in shown
    say(client, "form", kind="ratings")
    assert last().kind == "ratings"


def test_who_insists_is_not_asked_again(client, officer, tam_phuoc):
    sign_in(client, officer)
    office_file(client, RATING_FILE, kind="people")

    shown = page(say(client, "form", kind="people"))

    assert last().kind == "people"
    assert "File này là" not in shown


def test_an_unknown_column_stops_and_asks_and_is_remembered(client, clerk, hamlet):
    sign_in(client, clerk)
    data = workbook(
        ["DANH SÁCH TRÍCH NGANG"], [*HEADER, "Cột lạ"], [1, "Nguyễn Văn An", "Bí thư", "Phước Hậu", "x"]
    )
    shown = page(hand_in(client, data))
    assert "Các cột có nghĩa gì?" in shown
    assert "Cột lạ" in shown

    shown = page(say(client, "columns", **{"column-5": "-"}))
    assert "Các cột có nghĩa gì?" not in shown
    say(client, "asked", **{"asked-starts_on": "01/02/2022", "asked-term": ""})
    act(client, "write", fingerprint=mark(last()))
    assert last().state == "done"

    assert "Các cột có nghĩa gì?" not in page(hand_in(client, data, "lan-hai.xlsx"))


def test_old_letters_are_shown_before_and_after(client, clerk, hamlet):
    sign_in(client, clerk)
    old = workbook(
        ["Danh s¸ch trÝch ngang bÝ th­"],
        ["TT", "Hä vµ tªn", "Chøc vô §¶ng", "Êp"],
        [1, "NguyÔn V¨n §øc", "BÝ th­", "Ph­íc HËu"],
        [2, "TrÇn ThÞ H­êng", "Phã bÝ th­", "Ph­íc HËu"],
    )
    shown = page(hand_in(client, old))
    assert "Nguyễn Văn Đức" in shown
    assert "TCVN3" in shown

    shown = page(say(client, "letters", letters="tcvn3"))

    assert "TCVN3" in shown
    assert "?sua=letters" in shown
    assert "Nguyễn Văn Đức" in page(client.get(last().get_absolute_url(), {"sua": "letters"}))


@pytest.mark.parametrize("step", ["letters", "table", "form", "columns", "lines", "asked"])
def test_every_settled_step_opens_again(client, misspelled, step):
    assert client.get(misspelled.get_absolute_url(), {"sua": step}).status_code == 200


def test_a_file_without_a_table_says_what_to_do(client, clerk):
    sign_in(client, clerk)

    assert "Không thấy bảng nào" in page(hand_in(client, workbook(["Kính gửi"])))


# --- Refusals -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name"), [(b"", "x.xlsx"), (b"%PDF-1.4", "x.pdf"), (b"PK\x03\x04xx", "x.xlsx")]
)
def test_a_file_that_cannot_be_opened_is_refused_on_the_page(client, clerk, data, name):
    sign_in(client, clerk)

    shown = page(hand_in(client, data, name))

    assert "field-error" in shown
    assert not ImportBatch.objects.exists()


def test_two_people_at_one_file(client, clerk, commune, misspelled):
    other = factories.user(username="second", role=clerk.role, keeps=[commune])
    name = re.search(r'name="(cell-\d+-\d+)"', page(client.get(misspelled.get_absolute_url())))[1]
    act(client, "mend", misspelled, **{name: "skip"})
    sign_in(client, other)

    shown = page(act(client, "mend", misspelled, **{name: "empty"}))  # the revision from before

    assert "Người khác đã thay đổi" in shown
    assert BatchCheck.objects.get().result["counts"]["skipped"] == 17


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("answer", ""),
        ("mend", "0"),
        ("write", "9"),
        ("submit", "x"),
        ("withdraw", "9"),
        pytest.param("drop", "9" * 5000, id="drop-long"),
    ],
)
def test_a_stale_page_changes_nothing(client, misspelled, name, seen):
    before = ImportBatch.objects.get()

    response = client.post(
        reverse(f"importing:{name}", args=[before.pk]), {"seen": seen, "only_good": "1"}, follow=True
    )

    assert response.status_code == 200
    assert "Người khác đã thay đổi" in page(response)
    now = ImportBatch.objects.get()
    assert (now.state, now.revision, now.answers) == (before.state, before.revision, before.answers)


def test_what_changed_since_the_check_is_shown_and_not_written(client, clerk, misspelled):
    name = re.search(r'name="(cell-\d+-\d+)"', page(client.get(misspelled.get_absolute_url())))[1]
    act(client, "mend", **{f"{name}-other": "Phước Hậu"})

    shown = page(act(client, "write", fingerprint="something else"))

    assert not Person.objects.exists()
    assert "Chưa ghi gì" in shown


def test_where_a_cell_and_its_hamlet_are_meant_the_hamlet_is_offered(client, clerk, hamlet):
    sign_in(client, clerk)
    rows = [
        [1, "Nguyễn Văn An", "Bí thư", "Trưởng ấp", "Ấp Phước Hạu"],
        [2, "Lê Văn Tám", "Phó bí thư", None, "Ấp Phước Hạu"],
    ]
    header = ["TT", "Họ và tên", "Chức vụ Đảng", "Chức vụ chính quyền", "Ấp"]
    for some in (rows, rows[::-1]):
        hand_in(client, workbook(["DANH SÁCH TRÍCH NGANG BÍ THƯ"], header, *some))

        shown = page(say(client, "asked", **{"asked-starts_on": "01/02/2022", "asked-term": ""}))

        assert re.findall(r'value="to:([^"]+)"', shown) == ["Ấp Phước Hậu"]
    name = re.search(r'name="(cell-\d+-\d+)"', shown)[1]
    shown = page(act(client, "mend", **{name: "to:Ấp Phước Hậu"}))
    act(client, "write", fingerprint=mark(last()))
    assert Tenure.objects.count() == 3


@pytest.mark.parametrize("name", ["bieu.xlsx", "bieu.csv"])
def test_a_file_that_does_not_come_back_as_it_was_is_told_so(client, clerk, hamlet, name):
    sign_in(client, clerk)
    as_text = "TT;Họ và tên;Chức vụ Đảng;Ấp\n1;Nguyễn Văn An;Bí thư;Không có\n2;Lê Văn Tám;Bí thư;Không có\n"
    data = (
        as_text.encode() if name.endswith("csv") else people("Nguyễn Văn An", "Lê Văn Tám", hamlet="Không có")
    )
    hand_in(client, data, name)
    if last().kind == "":
        say(client, "form", kind="people")

    shown = page(
        say(client, "asked", **{"asked-starts_on": "01/02/2022", "asked-term": "", "asked-seen_on": ""})
    )

    assert reverse("importing:marked", args=[last().pk]) in shown
    assert ("không giữ hình thức trình bày" in shown) == name.endswith("csv")


def test_an_undo_that_is_refused_lists_what_depends_on_it(client, clerk, commune, hamlet):
    sign_in(client, clerk)
    hand_in(client, people("Nguyễn Văn An"))
    say(client, "asked", **{"asked-starts_on": "01/02/2022", "asked-term": ""})
    act(client, "write", fingerprint=mark(last()))
    person = Person.objects.get()
    asked = reverse("importing:undo", args=[last().pk])
    assert "Điều đang vướng" not in page(client.get(asked))
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=person)

    before = page(client.get(asked))

    assert "Điều đang vướng" in before
    assert f'href="{person.get_absolute_url()}"' in before
    assert "<textarea" not in before
    shown = page(act(client, "undo", reason="Nhầm"))

    assert last().state == "done"
    assert Person.objects.count() == 1
    assert "note-error" in shown


def test_what_the_administration_took_back_shows_as_undone(client, clerk, officer, hamlet):
    sign_in(client, clerk)
    hand_in(client, people("Nguyễn Văn An"))
    say(client, "asked", **{"asked-starts_on": "01/02/2022", "asked-term": ""})
    act(client, "write", fingerprint=mark(last()))
    batches.take_back_kept(last().change_set, by=officer, reason="Ghi nhầm")

    shown = page(client.get(last().get_absolute_url()))

    assert "Ghi nhầm" in shown
    assert reverse("importing:undo", args=[last().pk]) not in shown
    assert last() in ImportBatch.objects.in_state("undone")
    assert last() not in ImportBatch.objects.in_state("done")
    assert "không thực hiện được" in page(act(client, "undo", reason="Nhầm"))


def test_the_same_file_is_noticed(client, clerk, hamlet):
    sign_in(client, clerk)
    data = people("Nguyễn Văn An")
    hand_in(client, data)

    assert "Chính file này" in page(hand_in(client, data, "ten-khac.xlsx"))


def test_a_file_is_put_aside(client, misspelled):
    act(client, "drop")

    assert last().state == "dropped"
    assert "Đã bỏ" in page(client.get(last().get_absolute_url()))


def test_nobody_else_sees_the_file(client, outsider, reader, misspelled):
    names = (
        "batch",
        "answer",
        "mend",
        "check",
        "marked",
        "write",
        "submit",
        "withdraw",
        "send_back",
        "drop",
        "undo",
    )
    for user, status in ((outsider, 404), (reader, 403)):
        sign_in(client, user)
        for name in names:
            url = reverse(f"importing:{name}", args=[misspelled.pk])
            found = (client.get if name in ("batch", "marked") else client.post)(url)
            assert found.status_code == status, name


# --- Long files and queries -----------------------------------------------------------


def test_a_long_file_is_left_to_the_worker(client, clerk, hamlet, work_off, monkeypatch):
    monkeypatch.setattr(work, "QUICK_ROWS", 1)
    sign_in(client, clerk)
    hand_in(client, people("Nguyễn Văn An", "Trần Thị Bình", office="Chi ủy viên"))
    response = say(client, "asked", **{"asked-starts_on": "01/02/2022", "asked-term": ""})
    assert response.redirect_chain[-1][0].startswith("/viec/")
    work_off()
    act(client, "write", fingerprint=mark(last()))
    assert not Person.objects.exists()
    work_off()
    assert Person.objects.count() == 2
    act(client, "undo", reason="Nhầm")
    work_off()
    assert not Person.objects.exists()
    assert last().state == "undone"


def test_what_the_worker_refuses_to_write_is_told_on_the_page(client, clerk, hamlet, work_off, monkeypatch):
    monkeypatch.setattr(work, "QUICK_ROWS", 1)
    sign_in(client, clerk)
    hand_in(client, people("Nguyễn Văn An", "Trần Thị Bình", office="Chi ủy viên"))
    say(client, "asked", **{"asked-starts_on": "01/02/2022", "asked-term": ""})
    work_off()
    act(client, "write", fingerprint="another")
    work_off()

    assert "Chưa ghi gì" in page(client.get(last().get_absolute_url()))
    assert not Person.objects.exists()


def test_queries_do_not_grow_with_files_and_rows(
    client, officer, clerk, hamlet, django_assert_max_num_queries
):
    sign_in(client, clerk)
    for number in range(12):
        hand_in(
            client, people(*(f"Nguyễn Văn {'ABCDE'[n % 5]}{n}" for n in range(number + 1))), f"{number}.xlsx"
        )
    with django_assert_max_num_queries(14):
        client.get(reverse("importing:desk"))
    with django_assert_max_num_queries(16):
        client.get(last().get_absolute_url())
