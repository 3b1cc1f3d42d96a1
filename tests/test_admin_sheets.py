"""Lists in and out on the admin screens."""

import io
import re
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.admin_sheets import WaitingFile
from accounts.history import take_back
from accounts.models import ExportLog, Role
from cells.copies import rebuild
from cells.models import HouseholdCount, MemberCount, Unit
from evaluations.models import MemberLevels
from leaders.models import Assignment, Candidacy, Contest
from sheets.reading import read_workbook
from tests import factories

HEADERS = ["Mã xã", "Loại", "Thôn, tổ dân phố", "Chi bộ"]
IMPORT, EXPORT = reverse("admin:cells_unit_import"), reverse("admin:cells_unit_export")


def workbook(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in (HEADERS, *rows):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(client, content: bytes, name: str = "thon.xlsx"):
    return client.post(
        IMPORT, {"import_file": SimpleUploadedFile(name, content), "format": "0", "resource": "0"}
    )


def confirm(client, preview):
    form = preview.context["confirm_form"]
    data = {name: form.initial[name] for name in form.fields}
    return client.post(reverse("admin:cells_unit_process_import"), data, follow=True)


@pytest.fixture
def _signed_in(client, officer, commune):
    client.force_login(officer)


pytestmark = pytest.mark.usefixtures("_signed_in")
ROW = ("28810", "ấp", "Phước Hậu", "Chi bộ Phước Hậu")


def test_a_file_is_shown_first_and_written_when_confirmed(client):
    preview = send(client, workbook(ROW))

    assert "Thêm mới: 1" in preview.content.decode()
    assert not Unit.objects.hamlets().exists()
    done = confirm(client, preview)

    assert "thêm mới 1" in str(next(iter(done.context["messages"])))
    change_set = Unit.objects.hamlets().get().history.get().change_set
    assert (change_set.kind, change_set.reason, change_set.by.username) == ("import", "thon.xlsx", "officer")
    assert list(WaitingFile.folder().iterdir()) == []


def test_an_import_is_taken_back_as_one(client):
    confirm(client, send(client, workbook(ROW)))

    take_back(Unit.objects.hamlets().get().history.get().change_set)
    rebuild()

    assert not Unit.objects.hamlets().exists()


def test_faults_are_shown_by_row_and_column_and_offer_no_confirmation(client):
    page = send(client, workbook(ROW, ("28810", "lạ", "B", "Chi bộ B"), ("99999", "ấp", "C", "Chi bộ C")))

    text = page.content.decode()
    assert "confirm_form" not in page.context
    assert re.search(r"<td>3</td>.*?<strong>Loại:</strong>", text, re.DOTALL)
    assert re.search(r"<td>4</td>.*?<strong>Mã xã:</strong>", text, re.DOTALL)


def test_what_went_wrong_meanwhile_is_shown_and_not_written(client, commune):
    preview = send(client, workbook(ROW))
    factories.commune(parent=commune.parent, name="Khác")
    commune.periods.update(code="11111")

    page = confirm(client, preview)

    assert "Chưa ghi dữ liệu nào" in page.content.decode()
    assert not Unit.objects.hamlets().exists()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.xlsx", "rỗng"),
        (b"%PDF-1.4", "a.xlsx", "không phải là bảng tính"),
        (b"PK\x03\x04 broken", "a.xlsx", "hỏng"),
        ("Tên,Tuổi\nA,1\n".encode(), "a.csv", "thiếu cột"),
        (b"Lo\xe1i\n", "a.csv", ""),
    ],
)
def test_a_file_that_is_no_list_gets_one_clear_sentence(client, content, name, words):
    page = send(client, content, name)

    assert page.status_code == 200
    assert words in page.content.decode()
    assert "confirm_form" not in page.context


def test_a_million_empty_rows_are_refused(client):
    book = openpyxl.Workbook(write_only=False)
    book.active.append(HEADERS)
    book.active.cell(row=1_000_000, column=1, value="x")
    out = io.BytesIO()
    book.save(out)

    assert "1000000" in send(client, out.getvalue()).content.decode().replace(".", "")


def test_somebody_elses_file_is_not_confirmed(client, province):
    preview = send(client, workbook(ROW))
    client.force_login(factories.user(role=Role.PROVINCIAL_STAFF, keeps=[province]))

    page = confirm(client, preview)

    assert "Chọn lại file" in page.content.decode()
    assert not Unit.objects.hamlets().exists()


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "x"])
def test_no_other_file_is_read(client, name):
    data = {"import_file_name": name, "original_file_name": "a", "format": "0", "resource": "0"}

    assert "Chọn lại file" in client.post(reverse("admin:cells_unit_process_import"), data).content.decode()


def lines(response) -> list[tuple]:
    return read_workbook(response.getvalue(), "a.xlsx").sheets[0].rows


def test_an_export_holds_the_filtered_rows_of_the_scope_and_is_logged(client, commune, neighbour, officer):
    factories.hamlet(parent=commune, name="1")
    factories.hamlet(parent=neighbour, name="2")
    factories.hamlet(name="Nơi khác")

    everything = client.post(EXPORT, {"format": "0", "resource": "0"})
    filtered = client.post(f"{EXPORT}?xa=giao+long", {"format": "0", "resource": "0"})

    assert {row[4] for row in lines(everything)[1:]} == {"1", "2"}
    assert [row[4] for row in lines(filtered)[1:]] == ["2"]
    log = list(ExportLog.objects.order_by("pk").values_list("by", "filters", "row_count"))
    assert log == [(officer.pk, "", 2), (officer.pk, "xa=giao long", 1)]


@pytest.mark.parametrize("form", ["0", "1"])
def test_formula_text_stays_text_on_the_way_out_and_in(client, commune, form):
    factories.hamlet(parent=commune, name="=HYPERLINK(1)")

    exported = client.post(EXPORT, {"format": form, "resource": "0"}).getvalue()

    if form == "1":
        assert "'=HYPERLINK(1)" in exported.decode("utf-8-sig")
    else:
        cells = [
            cell for row in openpyxl.load_workbook(io.BytesIO(exported)).active.iter_rows() for cell in row
        ]
        assert {cell.data_type for cell in cells if cell.value == "=HYPERLINK(1)"} <= {"s", "inlineStr"}
    page = send(client, exported, "a.xlsx" if form == "0" else "a.csv")
    assert "giữ nguyên: 1" in page.content.decode()


@pytest.mark.parametrize("address", [IMPORT, EXPORT])
@pytest.mark.parametrize("who", ["clerk", "reader"])
def test_lists_go_in_and_out_for_those_who_keep_the_data(client, request, address, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(address).status_code == 302


def test_a_foreign_officer_exports_nothing_of_it(client, commune, outsider):
    hamlet = factories.hamlet(parent=commune)
    tenure = factories.tenure(cell=factories.cell(of=hamlet))
    rating = factories.rating(of=tenure.cell, cycle=factories.cycle(province=commune.province))
    factories.title_case(of=tenure.cell, recognised_on=date(2021, 1, 1))
    client.force_login(outsider)

    for model in ("cells_unit", "leaders_person", "evaluations_cellrating", "evaluations_titlecase"):
        exported = client.post(reverse(f"admin:{model}_export"), {"format": "0", "resource": "0"})
        assert len(lines(exported)) == 1, model
    assert rating.pk


LISTS = (
    "cells_membercount",
    "cells_householdcount",
    "leaders_contest",
    "leaders_assignment",
    "evaluations_leaderrating",
    "evaluations_memberlevels",
)


@pytest.mark.parametrize("model", LISTS)
def test_every_list_goes_out_and_comes_in_again_without_a_change(client, commune, outsider, model):
    hamlet = factories.hamlet(parent=commune, name="Phước Hậu")
    tenure = factories.tenure(cell=factories.cell(of=hamlet))
    cycle = factories.cycle(province=commune.province)
    MemberCount.objects.create(cell=tenure.cell, day=date(2025, 1, 1), total=5)
    HouseholdCount.objects.create(hamlet=hamlet, day=date(2025, 1, 1), households=9)
    contest = Contest.objects.create(kind="congress", cell=tenure.cell, term="2020-2025")
    Candidacy.objects.create(contest=contest, person=tenure.person, votes=4)
    Assignment.objects.create(kind="hamlet_officer", person=tenure.person, unit=hamlet)
    factories.leader_rating(of=tenure.person, cycle=cycle, cell=tenure.cell)
    MemberLevels.objects.create(cell=tenure.cell, cycle=cycle, good=3)
    own, addresses = {}, [reverse(f"admin:{model}_{act}") for act in ("export", "import")]

    for form, name in (("0", "a.xlsx"), ("1", "a.csv")):
        exported = client.post(addresses[0], {"format": form, "resource": "0"}).getvalue()
        own[form] = len(read_workbook(exported, name).sheets[0].rows)
        file = SimpleUploadedFile(name, exported)
        page = client.post(addresses[1], {"import_file": file, "format": "0", "resource": "0"})
        assert "giữ nguyên: 1" in page.content.decode(), name
    client.force_login(outsider)
    foreign = client.post(addresses[0], {"format": "0", "resource": "0"})

    assert own == {"0": 2, "1": 2}
    assert len(lines(foreign)) == 1


def test_a_file_that_changes_nothing_asks_for_nothing(client, commune):
    factories.hamlet(parent=commune, name="Phước Hậu")
    exported = client.post(EXPORT, {"format": "0", "resource": "0"}).getvalue()

    page = send(client, exported, "a.xlsx").content.decode()

    assert "không cần ghi lại" in page
    assert "Ghi vào hệ thống" not in page
