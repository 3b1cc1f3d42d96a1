import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.changes import ChangeSet
from cells.models import Decision, Line, LineKind
from desk.reorganisation.drafting import begin
from desk.reorganisation.drafting.workbooks import HEADS, template_columns
from sheets.reading import read_workbook
from sheets.text import fold
from sheets.writing import Column, write_csv, write_table
from tests import factories

MAY = date(2026, 5, 1)
KEYS = ("commune", "old", "new", "kind", "on", "number", "date", "body")
HEADERS = [
    "Xã, phường",
    "Ấp, khóm cũ",
    "Tên mới",
    "Loại",
    "Ngày hiệu lực",
    "Số văn bản",
    "Ngày ký",
    "Cơ quan ban hành",
]
PAPER = ("12/NQ-HĐND", "20/04/2026", "Hội đồng nhân dân xã Phú Túc")


@pytest.fixture
def event(province):
    return begin(title="Sắp xếp năm 2026", unit=province, on=MAY)


@pytest.fixture(autouse=True)
def hamlets(commune, neighbour):
    made = {}
    for home, names in ((commune, ["1", "2", "3", "Phước Hậu"]), (neighbour, ["1", "2", "Phước An"])):
        for name in names:
            made[home.pk, name] = factories.hamlet(parent=home, name=name)
    return made


@pytest.fixture
def url(event):
    return reverse("reorganisations:sheet", args=[event.pk])


def rows_of(*rows, headers=HEADERS) -> bytes:
    out = io.BytesIO()
    columns = [Column(str(place), header) for place, header in enumerate(headers)]
    filled = [[*row, *[""] * (len(headers) - len(row))] for row in rows]
    write_csv(out, columns, [{str(place): value for place, value in enumerate(row)} for row in filled])
    return out.getvalue()


def upload(client, url, content: bytes, *, name="sap-xep.csv", same_name=LineKind.ABSORB):
    seen = client.get(url).context["form"].initial["seen"]
    return client.post(url, {"seen": seen, "same_name": same_name, "file": SimpleUploadedFile(name, content)})


def faults(client, officer, url, *rows, **options) -> list[str]:
    client.force_login(officer)
    response = upload(client, url, rows_of(*rows, **options))
    assert not Line.objects.exists()
    assert not Decision.objects.exists()
    return response.context["faults"]


def told() -> list[tuple]:
    return [
        (
            line.kind,
            line.full_name or str(line.unit),
            {source.unit.name for source in line.sources.all()},
            line.on,
        )
        for line in Line.objects.with_everything().order_by("position")
    ]


def test_a_row_for_each_old_hamlet_and_all_in_one_cell_mean_the_same(client, officer, url):
    client.force_login(officer)

    response = upload(
        client,
        url,
        rows_of(
            ("Xã Phú Túc", "Ấp 1", "Ấp Hòa Bình", "", "", *PAPER),
            ("", "ap 2", ""),
            ("28783", "1; Ấp 2", "Tân Bình", "khóm", "15/6/2026"),
        ),
    )

    assert response.status_code == 302
    assert told() == [
        (LineKind.FOUND, "Ấp Hòa Bình", {"1", "2"}, MAY),
        (LineKind.FOUND, "Khóm Tân Bình", {"1", "2"}, date(2026, 6, 15)),
    ]
    first, second = Line.objects.order_by("position")
    assert first.decision.number == "12/NQ-HĐND"
    assert (first.decision.date, first.decision.unit.name) == (date(2026, 4, 20), "Phú Túc")
    assert second.decision is None
    assert ChangeSet.objects.filter(kind="import", reason__startswith="sap-xep.csv").exists()


def test_every_fault_is_told_at_once_with_its_row(client, officer, url):
    said = faults(
        client,
        officer,
        url,
        ("Phú Túc", "Phước Hâuu, 3", "Ấp A"),
        ("Phú Tục Xa", "1", "Ấp B"),
        ("Giao Long", "Phước", "Ấp C"),
        ("Giao Long", "1, 2", "Ấp D", "thửa", "", "12/NQ"),
        ("Giao Long", "Phước An", "Ấp E", "", "32/13/2026"),
    )

    assert {sentence.split(":")[0] for sentence in said} == {f"Dòng {row}" for row in (2, 3, 4, 5, 6)}
    text = " ".join(said)
    assert "Dòng 3: Không có “Phú Tục Xa”" in text
    assert "Dòng 4: Không có “Phước” ở xã Giao Long" in text  # never by a beginning
    assert "“thửa” không phải loại" in text


def test_a_name_nobody_bears_is_told_with_the_nearest(client, officer, url, commune):
    (said,) = faults(client, officer, url, ("Phú Túc", "Phước Hâuu, 3", "Ấp A"))

    assert said.startswith("Dòng 2: Không có “Phước Hâuu” ở xã Phú Túc. Gần nhất: ")
    assert "Phước Hậu" in said


def test_what_fits_several_hamlets_is_asked_back(client, officer, url, commune):
    factories.hamlet(parent=commune, kind="khom", name="1")

    (said,) = faults(client, officer, url, ("Phú Túc", "1, 2", "Ấp A"))

    assert said.startswith("Dòng 2: ")
    assert "Khóm 1" in said
    assert "Ấp 1" in said


def test_the_word_for_the_kind_tells_two_hamlets_apart(client, officer, url, commune):
    khom = factories.hamlet(parent=commune, kind="khom", name="1")
    client.force_login(officer)

    upload(client, url, rows_of(("Phú Túc", "khóm 1\nấp 2", "Ấp A")))

    assert khom in {source.unit for source in Line.objects.get().sources.all()}


def test_one_hamlet_goes_into_one(client, officer, url):
    (said,) = faults(client, officer, url, ("Phú Túc", "1, 2", "Ấp A"), ("Phú Túc", "2, 3", "Ấp B"))

    assert said == "Dòng 3: Ấp 2 đã có ở dòng 2. Mỗi ấp, khóm chỉ nhập vào một nơi."


def test_rows_of_one_new_hamlet_must_not_contradict_each_other(client, officer, url):
    (said,) = faults(
        client,
        officer,
        url,
        ("Phú Túc", "1", "Ấp A", "", "01/05/2026"),
        ("Phú Túc", "2", "Ấp A", "", "02/05/2026"),
    )

    assert said.startswith("Dòng 3: ")
    assert "khác với dòng 2" in said


@pytest.mark.parametrize(
    ("same_name", "expected"),
    [
        (LineKind.ABSORB, (LineKind.ABSORB, "Ấp 1", {"2"}, MAY)),
        (LineKind.FOUND, (LineKind.FOUND, "Ấp 1", {"1", "2"}, MAY)),
    ],
)
def test_what_a_new_name_means_that_is_an_old_one_is_said_once_for_the_file(
    client, officer, url, same_name, expected
):
    client.force_login(officer)

    upload(client, url, rows_of(("Phú Túc", "1, 2", "Ấp 1")), same_name=same_name)

    assert told() == [expected]


def test_without_that_answer_nothing_is_read(client, officer, url):
    client.force_login(officer)

    response = upload(client, url, rows_of(("Phú Túc", "1, 2", "Ấp 1")), same_name="")

    assert "same_name" in response.context["form"].errors
    assert not Line.objects.exists()


def test_a_commune_takes_lines_for_its_own_hamlets_only(client, clerk, commune):
    own = begin(title="Sắp xếp", unit=commune, on=MAY)
    url = reverse("reorganisations:sheet", args=[own.pk])
    client.force_login(clerk)

    refused = upload(client, url, rows_of(("Giao Long", "1, 2", "Ấp A")))
    taken = upload(client, url, rows_of(("", "1, 2", "Ấp A")))

    assert "Không có “Giao Long”" in refused.context["faults"][0]
    assert taken.status_code == 302
    assert {source.unit.commune for source in Line.objects.get().sources.all()} == {commune}


def test_an_event_of_one_commune_takes_no_other_from_the_province_either(client, officer, commune):
    own = begin(title="Sắp xếp", unit=commune, on=MAY)
    url = reverse("reorganisations:sheet", args=[own.pk])

    (said,) = faults(client, officer, url, ("Giao Long", "1, 2", "Ấp A"))

    assert "Không có “Giao Long” ở" in said


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.xlsx"),
        (b"PK\x03\x04nonsense", "a.xlsx"),
        (b"<html><table></table></html>", "a.xls"),
        (b"\x00" * 100, "a.csv"),
    ],
)
def test_a_file_that_is_no_table_gets_a_sentence(client, officer, url, content, name):
    client.force_login(officer)

    response = upload(client, url, content, name=name)

    assert response.status_code == 200
    assert response.context["faults"] or response.context["form"].errors["file"]


def test_a_table_without_the_columns_and_one_with_strange_ones_are_asked_back(client, officer, url):
    (none,) = faults(client, officer, url, ("a", "b"), headers=["Họ tên", "Chức vụ"])
    said = faults(client, officer, url, ("1", "A", "x"), headers=["Ấp cũ", "Tên mới", "Màu sắc"])

    assert "Không tìm thấy hàng tiêu đề" in none
    assert "“Màu sắc”" in said[0]


def test_formulas_and_long_texts_do_no_harm(client, officer, url):
    said = faults(client, officer, url, ("Phú Túc", "=cmd|' /C calc'!A0, " + "x" * 300, "Ấp <b>A</b>"))

    assert len(said) == 2


def test_the_form_to_fill_in_is_understood_and_titles_above_the_table_too(client, officer, url):
    client.force_login(officer)
    empty = client.get(reverse("reorganisations:sheet_template"))
    out = io.BytesIO()
    row = dict.fromkeys((column.key for column in template_columns()), "") | {
        "commune": "Phú Túc",
        "old": "1\n2",
        "new": "Ấp A",
        "date": None,
        "on": date(2026, 7, 1),
    }
    write_table(
        out, columns=template_columns(), rows=[row], sheet_name="A", title_lines=["DANH SÁCH", "Năm 2026"]
    )

    response = upload(client, url, out.getvalue(), name="a.xlsx")

    assert response.status_code == 302
    assert told() == [(LineKind.FOUND, "Ấp A", {"1", "2"}, date(2026, 7, 1))]
    sheet = read_workbook(empty.content, "mau.xlsx").sheets[0]
    assert any("Tên mới" in row for row in sheet.rows)


def test_every_heading_is_written_as_it_is_compared():
    for heads in HEADS.values():
        assert all(fold(head) == head for head in heads.split("|"))
    heads = [head for heads in HEADS.values() for head in heads.split("|")]
    assert len(heads) == len(set(heads))


def test_hundreds_of_rows_need_as_many_queries_as_a_few(
    client, officer, url, event, commune, django_assert_max_num_queries
):
    names = [f"Mới {number}" for number in range(120)]
    for name in names:
        factories.hamlet(parent=commune, name=name)
    client.force_login(officer)
    pairs = [
        ("Phú Túc", f"{names[n]}, {names[n + 1]}", f"Ấp Nhập {n}", "", "", *PAPER) for n in range(0, 120, 2)
    ]
    content = rows_of(*pairs)
    seen = client.get(url).context["form"].initial["seen"]

    with django_assert_max_num_queries(60):
        response = client.post(
            url, {"seen": seen, "same_name": "absorb", "file": SimpleUploadedFile("a.csv", content)}
        )

    assert response.status_code == 302
    assert event.lines.count() == 60
    assert Decision.objects.count() == 1
