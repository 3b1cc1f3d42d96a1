"""The import desk from a shell: exits, what is asked, what is told, what is left behind."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ExportLog
from cells.models import Cell
from desk.management.commands.import_sheet import DECISION
from desk.models import ImportBatch
from evaluations.models import CellRating
from leaders.models import Person
from tests import factories
from tests.desk.importing.desk import workbook

HEADER = ["TT", "Họ và tên", "Chức vụ Đảng", "Ấp"]


@pytest.fixture
def hamlet(commune):
    found = factories.hamlet(parent=commune, name="Phước Hậu")
    factories.cell(of=found, name="Chi bộ ấp Phước Hậu")
    return found


@pytest.fixture
def people_file(tmp_path, hamlet):
    path = tmp_path / "nhan-su.xlsx"
    path.write_bytes(workbook(["DANH SÁCH TRÍCH NGANG"], HEADER, [1, "Nguyễn Văn An", "Bí thư", "Phước Hậu"]))
    return path


def run(*args, **options) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("import_sheet", *map(str, args), stdout=out, **options)
    except SystemExit as end:
        return end.code, out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def test_open_questions_are_listed_and_nothing_is_left(officer, people_file):
    code, told = run("people", people_file, "--user", "officer", "--json")

    report = json.loads(told)
    assert code == 1
    assert {"keeper", "seen_on"} <= {question["key"] for question in report["questions"]}
    assert report["state"] == "dropped"
    assert not Person.objects.exists()


def test_a_clean_file_is_checked_and_written_only_when_it_is_said(officer, people_file):
    said = (
        "people",
        people_file,
        "--user",
        "officer",
        "--unit",
        "28810",
        "--day",
        "2022-12-31",
        "--term",
        "2020-2025",
    )

    code, told = run(*said)
    assert (code, Person.objects.count()) == (0, 0)
    assert "1 dòng mới" in told

    code, told = run(*said, "--commit", "--json")
    assert (code, json.loads(told)["state"]) == (0, "done")
    assert str(Person.objects.get().tenures.get().seen_on) == "2022-12-31"


def test_faults_are_told_by_row_and_nothing_is_written(officer, tmp_path, hamlet):
    path = tmp_path / "loi.xlsx"
    path.write_bytes(
        workbook(HEADER, [1, "Nguyễn Văn An", "Bí thư", "Không Có"], [2, "Lê Thị Bé", "Bí thư", "Phước Hậu"])
    )

    code, told = run(
        "people", path, "--user", "officer", "--unit", "28810", "--answer", "starts_on=1/1/2020", "--commit"
    )

    assert code == 1
    assert "Dòng 2" in told
    assert "Không Có" in told
    assert not Person.objects.exists()


def test_what_a_clerk_may_not_write_goes_to_the_province(clerk, province, tmp_path, hamlet):
    factories.cycle(province=province, year=2022)
    path = tmp_path / "xep-loai.xlsx"
    path.write_bytes(
        workbook(["XẾP LOẠI CHI BỘ NĂM 2022"], ["TT", "Chi bộ", "Mức xếp loại"], [1, "Ấp Phước Hậu", "HTTNV"])
    )
    decision = "12-QĐ/ĐU/15/12/2022/Ban Thường vụ Đảng ủy xã Phú Túc"

    code, told = run("ratings", path, "--user", "clerk", "--year", "2022", "--decision", decision, "--commit")

    assert code == 0, told
    assert ImportBatch.objects.get().state == ImportBatch.State.SUBMITTED
    assert ImportBatch.objects.get().answers["asked"]["decision_number"] == "12-QĐ/ĐU"
    assert not CellRating.objects.exists()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("15/15/12/2022/Đảng ủy xã", ("15", "15/12/2022", "Đảng ủy xã")),
        ("12-QĐ/ĐU/2022-12-15/BTV", ("12-QĐ/ĐU", "2022-12-15", "BTV")),
        ("01-NQ/HU/5.1.2022/Huyện ủy A/B", ("01-NQ/HU", "5.1.2022", "Huyện ủy A/B")),
    ],
)
def test_a_decision_is_split_at_its_day(text, parts):
    assert DECISION.fullmatch(text).groups() == parts


@pytest.mark.parametrize(
    "change",
    [
        {"user": "niemand"},
        {"kind": "nonsense"},
        {"file": "missing.xlsx"},
        {"more": ("--unit", "99999")},
        {"more": ("--decision", "12-QĐ/ĐU")},
        {"more": ("--answer", "year")},
    ],
)
def test_what_cannot_be_used_ends_with_two(officer, people_file, change):
    code, _told = run(
        change.get("kind", "people"),
        change.get("file", people_file),
        "--user",
        change.get("user", "officer"),
        *change.get("more", ()),
    )

    assert code == 2


def test_a_file_that_is_none_ends_with_two(officer, tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"%PDF-1.4")

    assert run("people", path, "--user", "officer")[0] == 2


def test_who_may_not_hand_in_is_told(reader, people_file):
    assert run("people", people_file, "--user", "reader")[0] == 2


@pytest.mark.parametrize("form", ["hamlets", "people", "ratings", "titles"])
def test_what_goes_out_comes_back_without_a_difference(officer, province, commune, hamlet, tmp_path, form):
    cell = Cell.objects.get()
    factories.tenure(cell=cell, person=factories.person(keeper=commune, full_name="Nguyễn Văn An"))
    factories.rating(of=cell, cycle=factories.cycle(province=province, year=2022))
    factories.title_case(of=cell)
    path = tmp_path / "bieu.xlsx"

    call_command("export_form", form, unit="28810", year=2022, out=path, user="officer", stdout=StringIO())

    assert ExportLog.objects.count() == 1
    code, told = run(form, path, "--user", "officer", "--json")
    report = json.loads(told)
    assert code == 0, report
    counts = report["counts"]
    assert (counts["new"], counts["update"], counts["faulty"]) == (0, 0, 0)
    assert counts["skip"] >= 1


def test_nothing_goes_out_of_a_unit_that_is_not_seen(outsider, hamlet, tmp_path):
    with pytest.raises(CommandError):
        call_command("export_form", "people", unit="28810", out=tmp_path / "x.xlsx", user="outsider")
