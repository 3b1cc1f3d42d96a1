import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.changes import ChangeSet
from cells.models import Decision, Line, LineKind
from desk.importing import batches
from desk.importing.forms.reorganisation import REORGANISATION
from desk.importing.views.steps import open_step
from desk.models import BatchCheck, ImportBatch
from desk.reorganisation.drafting import begin
from desk.reorganisation.drafting.mergers import WAITS_FOR_ANOTHER
from desk.reorganisation.drafting.sheet_columns import template_columns
from sheets.reading import read_workbook
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


def hand_in(client, url, content: bytes, *, name="sap-xep.csv"):
    """Choose the file on the page of the draft; it leads to the desk."""
    return client.post(url, {"file": SimpleUploadedFile(name, content)})


def say(client, batch: ImportBatch, step: str, **said):
    said = {"step": step, "seen": batch.revision, **said}
    return client.post(reverse("importing:answer", args=[batch.pk]), said)


def check(client, batch: ImportBatch, user, *, same_name=LineKind.ABSORB) -> dict:
    """Answer what the desk asks about such a file, and return what it shows then."""
    reading = batches.read_batch(batch, user)
    if reading.step == "asked":
        said = {f"asked-{ask.key}": "" for ask in reading.asks} | {"asked-same_name": same_name}
        say(client, batch, "asked", **said)
    return BatchCheck.objects.get(batch=batch).result


def upload(client, user, url, content: bytes, *, name="sap-xep.csv", same_name=LineKind.ABSORB):
    """Take a file in as somebody does who finds it right."""
    client.force_login(user)
    hand_in(client, url, content, name=name)
    batch = ImportBatch.objects.first()
    shown = check(client, batch, user, same_name=same_name)
    batch.refresh_from_db()
    said = {"seen": batch.revision, "fingerprint": shown["fingerprint"]}
    response = client.post(reverse("importing:write", args=[batch.pk]), said, follow=True)
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.DONE, response.content.decode()
    return response


def faults(client, officer, url, *rows, **options) -> list[str]:
    client.force_login(officer)
    hand_in(client, url, rows_of(*rows, **options))
    shown = check(client, ImportBatch.objects.first(), officer)
    assert not Line.objects.exists()
    assert not Decision.objects.exists()
    waiting = {
        row for group in shown["groups"] if group["cause"] == WAITS_FOR_ANOTHER for row in group["rows"]
    }
    return [
        f"Dòng {row['row']}: {fault['said']}"
        for row in shown["rows"]
        if row["row"] not in waiting
        for fault in row["faults"]
    ]


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


def test_a_row_for_each_old_hamlet_and_all_in_one_cell_mean_the_same(client, officer, url, event):
    response = upload(
        client,
        officer,
        url,
        rows_of(
            ("Xã Phú Túc", "Ấp 1", "Ấp Hòa Bình", "", "", *PAPER),
            ("", "ap 2", ""),
            ("28783", "1; Ấp 2", "Tân Bình", "khóm", "15/6/2026"),
        ),
    )

    assert f'href="{event.get_absolute_url()}"' in response.content.decode()
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

    upload(client, officer, url, rows_of(("Phú Túc", "khóm 1\nấp 2", "Ấp A")))

    assert khom in {source.unit for source in Line.objects.get().sources.all()}


def test_one_hamlet_goes_into_one(client, officer, url):
    (said,) = faults(client, officer, url, ("Phú Túc", "1, 2", "Ấp A"), ("Phú Túc", "2, 3", "Ấp B"))

    assert said == "Dòng 3: Ấp 2 đã có ở dòng 2. Mỗi thôn, tổ dân phố chỉ nhập vào một nơi."


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
    upload(client, officer, url, rows_of(("Phú Túc", "1, 2", "Ấp 1")), same_name=same_name)

    assert told() == [expected]


def test_without_that_answer_nothing_is_read(client, officer, url):
    client.force_login(officer)
    hand_in(client, url, rows_of(("Phú Túc", "1, 2", "Ấp 1")))
    batch = ImportBatch.objects.get()

    say(client, batch, "asked", **{"asked-same_name": ""})

    batch.refresh_from_db()
    reading = batches.read_batch(batch, officer)
    assert (reading.step, [ask.key for ask in reading.asks]) == ("asked", ["same_name"])
    assert not BatchCheck.objects.exists()
    assert not Line.objects.exists()


def test_where_no_new_name_is_an_old_one_nothing_is_asked(client, officer, url):
    client.force_login(officer)

    hand_in(client, url, rows_of(("Phú Túc", "1, 2", "Ấp A")))

    assert BatchCheck.objects.get().result["counts"]["new"] == 1


def test_a_commune_takes_lines_for_its_own_hamlets_only(client, clerk, commune):
    own = begin(title="Sắp xếp", unit=commune, on=MAY)
    url = reverse("reorganisations:sheet", args=[own.pk])

    (refused,) = faults(client, clerk, url, ("Giao Long", "1, 2", "Ấp A"))
    upload(client, clerk, url, rows_of(("", "1, 2", "Ấp A")))

    assert "Không có “Giao Long”" in refused
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

    response = hand_in(client, url, content, name=name)

    assert response.status_code == 200
    assert response.context["form"].errors["file"]
    assert not ImportBatch.objects.exists()


def test_a_table_without_the_columns_and_one_with_strange_ones_are_asked_back(client, officer, url):
    client.force_login(officer)
    hand_in(client, url, rows_of(("a", "b"), headers=["Họ tên", "Chức vụ"]))
    none = ImportBatch.objects.first()
    hand_in(client, url, rows_of(("1", "A", "x"), headers=["Ấp cũ", "Tên mới", "Màu sắc"]))
    strange = ImportBatch.objects.first()

    assert batches.read_batch(none, officer).mapped.missing == (("old",), ("new",))
    reading = batches.read_batch(strange, officer)
    assert open_step(reading, strange) == "columns"
    assert [question.label for question in reading.mapped.questions] == ["Màu sắc"]
    assert "Màu sắc" in client.get(strange.get_absolute_url()).content.decode()
    assert not BatchCheck.objects.exists()


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
        "decision_day": None,
        "on": date(2026, 7, 1),
    }
    write_table(
        out, columns=template_columns(), rows=[row], sheet_name="A", title_lines=["DANH SÁCH", "Năm 2026"]
    )

    upload(client, officer, url, out.getvalue(), name="a.xlsx")

    assert told() == [(LineKind.FOUND, "Ấp A", {"1", "2"}, date(2026, 7, 1))]
    sheet = read_workbook(empty.content, "mau.xlsx").sheets[0]
    assert any("Tên mới" in row for row in sheet.rows)


def test_no_heading_stands_for_two_columns():
    heads = [head for field in REORGANISATION.form.fields for head in field.keys]

    assert len(heads) == len(set(heads))
    assert set(REORGANISATION.form.by_key) > {column.key for column in template_columns()[1:]}


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
    hand_in(client, url, rows_of(*pairs))
    batch = ImportBatch.objects.get()
    said = {"seen": batch.revision, "fingerprint": batches.known_check(batch).result["fingerprint"]}

    with django_assert_max_num_queries(60):
        batches.check(batch, batches.read_batch(batch, officer), officer)
    with django_assert_max_num_queries(110):
        response = client.post(reverse("importing:write", args=[batch.pk]), said)

    assert response.status_code == 302
    assert event.lines.count() == 60
    assert Decision.objects.count() == 1


def test_the_way_to_the_desk_is_for_those_who_may_change_the_draft(client, clerk, url, event):
    client.force_login(clerk)

    response = hand_in(client, url, rows_of(("Phú Túc", "1, 2", "Ấp A")))

    assert response.status_code == 404
    assert not ImportBatch.objects.exists()
