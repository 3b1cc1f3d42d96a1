"""Lists taken out: what the page shows and nothing else, at once or by the worker, and back again unchanged."""

import csv
import io
import tracemalloc
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tablib import Dataset

from accounts.models import ExportLog, Role
from accounts.resources import REVISION
from cells.actions import change_unit
from cells.models import HouseholdCount, MemberCount
from cells.resources import HamletResource, MemberCountResource
from dashboards.exports import Asked, Export, FileKind, write
from dashboards.figures.frames import Frame
from dashboards.figures.lists import Part, figure_list
from dashboards.list_exports import hamlet_export
from desk.daily import DUE
from desk.exporting.keeping import clear_exports
from desk.models import Job, KeptExport
from evaluations.resources import CellRatingResource
from leaders.models import Office
from leaders.resources import PersonResource
from sheets.headwords import heading_key
from sheets.reading import read_workbook
from sheets.tables import find_tables
from tests import factories
from tests.worlds import kept

LISTS = ["hamlet_list", "cell_list", "person_list", "commune_list"]
HEADS = ["Mã thôn", "Mã chi bộ", "Mã nhân sự", "Họ và tên", "Chi bộ", "Xã, phường", "Thôn, tổ dân phố"]


def take(client, name, *args, **query) -> bytes:
    response = client.get(reverse(f"exporting:{name}", args=args), query)
    assert response.status_code == 200
    return body(response)


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def table(content: bytes, name: str = "x.xlsx"):
    return find_tables(read_workbook(content, name).sheets, HEADS)[0]


def column(content: bytes, heading: str, name: str = "x.xlsx") -> list[str]:
    """Return what stands below one heading."""
    found = table(content, name)
    (place,) = [h.column for h in found.headings if h.label == heading]
    return [str(line.values[place - 1] or "") for line in found.rows]


def taken_in(content: bytes, name: str, resource) -> dict[str, int]:
    """Take the file in as it is, as far as the form knows its headings; return the rows by outcome."""
    found = table(content, name)
    known = {heading_key(str(c.header)): str(c.header) for c in resource.by_key.values()}
    places = {h.column: known[heading_key(h.label)] for h in found.headings if heading_key(h.label) in known}
    assert str(REVISION.header) in places.values()
    rows = [[line.values[place - 1] for place in places] for line in found.rows]
    result = resource.import_data(Dataset(*rows, headers=list(places.values())))
    assert not result.has_errors()
    assert not result.has_validation_errors()
    return {key: count for key, count in result.totals.items() if count}


@kept
def home(commune):
    """Two hamlets, two cells in one of them, one person with two seats and one with none."""
    hamlet = factories.hamlet(parent=commune, name="Phước Hậu")
    empty = factories.hamlet(parent=commune, name="3")
    cell = factories.cell(of=hamlet, name="Chi bộ ấp Phước Hậu")
    second = factories.cell(of=hamlet, name="Chi bộ Phước Hậu 2")
    person = factories.person(
        keeper=commune, full_name="Lê Thị Hoa", phone="0912 345 678", born_on=date(1970, 1, 1),
        born_on_precision="year",
    )  # fmt: skip
    factories.tenure(cell=cell, person=person)
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=person)
    former = factories.tenure(cell=second, ends_on=date(2024, 5, 31)).person
    MemberCount.objects.create(cell=cell, day=date(2026, 1, 1), total=43, official=40, probationary=3)
    HouseholdCount.objects.create(hamlet=hamlet, day=date(2026, 1, 1), households=468)
    return {
        "hamlet": hamlet,
        "empty": empty,
        "cell": cell,
        "second": second,
        "person": person,
        "former": former,
    }


@pytest.fixture
def signed_in(client, clerk):
    client.force_login(clerk)
    return client


# --- What is in it ------------------------------------------------------------------------


def test_the_paper_says_who_wrote_it_what_it_is_and_as_of_when(signed_in, home):
    sheet = openpyxl.load_workbook(io.BytesIO(take(signed_in, "hamlet_list", q="phuoc"))).active
    rows = [[cell for cell in row if cell.value not in (None, "")] for row in sheet.iter_rows()]
    said = [str(cell.value) for row in rows for cell in row]

    assert said[:2] == ["ĐẢNG ỦY XÃ PHÚ TÚC", "ĐẢNG CỘNG SẢN VIỆT NAM"]
    assert said[2] == "BAN XÂY DỰNG ĐẢNG"
    assert said[3].startswith("Phú Túc, ngày ")
    assert "DANH SÁCH" in said[4]
    assert f"{timezone.localdate():%d/%m/%Y}" in said[5]
    assert "phuoc" in said[6]
    assert said[7] == "TT"
    assert "theo địa giới tại thời điểm" in said[-1]
    assert {cell.font.name for row in rows for cell in row} == {"Times New Roman"}
    header = next(cell.row for row in rows for cell in row if cell.value == "TT")
    assert sheet.freeze_panes == f"A{header + 1}"


def test_numbers_and_days_are_numbers_and_days(signed_in, home):
    sheet = openpyxl.load_workbook(io.BytesIO(take(signed_in, "cell_list", q="ấp"))).active
    (row,) = [row for row in sheet.iter_rows() if row[3].value == home["cell"].code]

    assert [(cell.value, cell.number_format) for cell in row if cell.value == 43] == [(43, "#,##0")]
    days = [cell for cell in row if cell.is_date and cell.value]
    assert [(day.value.date(), day.number_format) for day in days] == [(date(2026, 1, 1), "DD/MM/YYYY")]
    assert sheet.column_dimensions["E"].width > 20


@pytest.mark.parametrize("name", LISTS)
def test_csv_holds_the_rows_of_the_workbook(signed_in, home, name):
    as_csv, as_xlsx = take(signed_in, name, tep="csv"), take(signed_in, name)

    assert as_csv.startswith(b"\xef\xbb\xbf")
    header, *lines = csv.reader(io.StringIO(as_csv.decode("utf-8-sig")))
    assert header == [heading.label for heading in table(as_xlsx).headings]
    shown = [[_as_text(value) for value in line.values] for line in table(as_xlsx).rows]
    assert [[text.strip("'") for text in line] for line in lines[: len(shown)]] == shown
    # Behind an empty row stands what the figures rest on.
    assert set(lines[len(shown)]) == {""}
    assert lines[-1][0].startswith("Số liệu tính đến ngày")
    assert len(table(as_csv, "x.csv").rows) == len(shown)


def _as_text(value) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(int(value) if isinstance(value, float) else value)


def test_csv_says_what_it_was_narrowed_to(signed_in, home):
    *_rows, foot, filters = csv.reader(
        io.StringIO(take(signed_in, "hamlet_list", tep="csv", q="phuoc").decode())
    )

    assert foot[0].startswith("Số liệu tính đến ngày")
    assert "phuoc" in filters[0]


def test_another_kind_of_file_is_not_found(signed_in):
    assert signed_in.get(reverse("exporting:cell_list"), {"tep": "exe"}).status_code == 404


def test_the_page_offers_both_with_what_it_shows(signed_in, home):
    page = signed_in.get(reverse("dashboards:hamlet_list"), {"q": "phuoc", "page": "1"}).content.decode()

    address = reverse("exporting:hamlet_list")
    assert f'href="{address}?q=phuoc"' in page
    assert f'href="{address}?q=phuoc&amp;tep=csv"' in page


def test_an_export_is_what_the_page_shows(signed_in, home, commune):
    """Filter, day, borders: the names and rows of the page."""
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=home["empty"])
    change_unit(home["hamlet"], on=date(2025, 3, 1), name="Phước Mới")

    today = take(signed_in, "hamlet_list", q="phuoc")
    then = take(signed_in, "hamlet_list", q="phuoc", ngay="2025-02-01", dia_gioi="hien-nay")

    assert set(column(today, "Thôn, tổ dân phố")) == {"Phước Mới"}
    assert set(column(then, "Thôn, tổ dân phố tại thời điểm đó")) == {"Ấp Phước Hậu"}
    # What a form would compare is what is recorded, so that nothing is renamed back.
    assert set(column(then, "Thôn, tổ dân phố")) == {"Phước Mới"}


@pytest.mark.parametrize("name", ["hamlet_list", "cell_list", "person_list"])
def test_nothing_of_another_scope_is_in_it(client, outsider, home, name):
    client.force_login(outsider)

    (header, *lines) = csv.reader(io.StringIO(take(client, name, tep="csv").decode("utf-8-sig")))

    assert "Mã xã" in header
    assert len(lines) == 2  # the empty row and the foot
    assert ExportLog.objects.get().row_count == 0


def test_a_cell_of_another_commune_is_not_named(client, home, neighbour):
    """It covers a hamlet of the reader as well, and stands where they see nothing."""
    joint = factories.cell(commune=neighbour, name="Chi bộ ghép")
    joint.areas.create(hamlet=home["empty"])
    client.force_login(factories.user(role=Role.COMMUNE_STAFF, keeps=[home["hamlet"].commune]))

    content = take(client, "hamlet_list")

    assert "Chi bộ ghép" not in str(table(content).rows)
    assert "3" in column(content, "Thôn, tổ dân phố")


def test_telephone_is_for_those_who_may_see_it(client, reader, home):
    client.force_login(reader)

    content = take(client, "person_list")

    assert set(column(content, "Điện thoại")) == {""}
    assert "1970" not in str(table(content).rows)


# --- In again -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("query", [{}, {"ngay": "2025-02-01"}])
@pytest.mark.parametrize(
    ("name", "resource", "count"),
    [("hamlet_list", HamletResource, 3), ("person_list", PersonResource, 2)],
)
def test_what_is_taken_out_comes_in_without_a_difference(
    signed_in, clerk, home, name, resource, count, kind, query
):
    change_unit(home["hamlet"], on=date(2025, 3, 1), name="Phước Mới")

    content = take(signed_in, name, tep=kind, **query)

    assert taken_in(content, f"x.{kind}", resource(user=clerk)) == {"skip": count}


def test_counts_come_in_without_a_difference(signed_in, clerk, home):
    MemberCount.objects.create(cell=home["second"], day=date(2025, 1, 1), total=9)

    for query in ({}, {"ngay": "2026-02-01"}):
        content = take(signed_in, "cell_list", **query)
        assert taken_in(content, "x.xlsx", MemberCountResource(user=clerk)) == {"skip": 2}


@pytest.mark.parametrize("query", [{}, {"ngay": "2026-06-01", "nam": "2024"}])
def test_ratings_behind_a_number_come_in_without_a_difference(client, officer, province, home, query):
    year = factories.cycle(province=province, year=2024)
    factories.rating(of=home["cell"], cycle=year)
    client.force_login(officer)

    content = take(client, "figure_rows", province.pk, "rated", **query)

    assert taken_in(content, "x.xlsx", CellRatingResource(user=officer)) == {"skip": 1}


def test_hamlets_behind_a_number_come_in_without_a_difference(client, officer, province, home):
    client.force_login(officer)

    content = take(client, "figure_rows", province.pk, "merged_role", phan="tat-ca")

    assert taken_in(content, "x.xlsx", HamletResource(user=officer)) == {"skip": 3}


def test_a_person_without_a_seat_comes_in_without_a_difference(signed_in, clerk, home):
    content = take(signed_in, "person_list", loc="tat-ca")

    assert taken_in(content, "x.xlsx", PersonResource(user=clerk)) == {"skip": 3}


@pytest.mark.parametrize("code", ["merged_role", "merged_cells", "communes_confirmed", "rated"])
def test_every_kind_of_figure_list_names_what_its_rows_are_about(client, officer, province, home, code):
    factories.rating(of=home["cell"], cycle=factories.cycle(province=province, year=2024))
    client.force_login(officer)

    content = take(client, "figure_rows", province.pk, code, phan="tat-ca")

    labels = [heading.label for heading in table(content).headings]
    assert {"Mã thôn", "Mã chi bộ", "Mã xã"} & set(labels)
    assert len(table(content).rows) >= 1


@pytest.mark.parametrize(
    ("code", "heading", "said"),
    [
        (
            "hamlets_with_officer",
            "Cán bộ theo dõi – từ ngày",
            "Lê Văn Tám – 01/01/2020; Hội Nông dân – 05/03/2021",
        ),
        ("communes_with_officer", "Cán bộ theo dõi – từ ngày", "Lê Văn Tám – 01/01/2020"),
        ("communes_confirmed", "Xác nhận lúc – người xác nhận", "08:30 02/06/2026 – Phan Thị Sáu"),
    ],
)
def test_the_list_of_a_figure_proves_what_is_counted_on_page_and_file(
    client, officer, province, commune, code, heading, said
):
    hamlet = factories.hamlet(parent=commune)
    follower = factories.person(keeper=commune, full_name="Lê Văn Tám")
    factories.assignment(of=hamlet, person=follower)
    factories.assignment(of=hamlet, organisation="Hội Nông dân", starts_on=date(2021, 3, 5))
    factories.assignment(of=hamlet, ends_on=date(2022, 1, 1))
    factories.assignment(of=commune, person=follower)
    word = {"month": date(2026, 6, 1), "confirmed_at": timezone.make_aware(datetime(2026, 6, 2, 8, 30))}
    commune.confirmations.create(confirmed_by=factories.user(full_name="Phan Thị Sáu"), **word)
    client.force_login(officer)

    page = client.get(
        reverse("dashboards:figure_rows", args=[province.pk, code]), {"ngay": "2026-06-15"}
    ).content.decode()
    content = take(client, "figure_rows", province.pk, code, ngay="2026-06-15")

    assert heading in page
    assert said in page
    assert column(content, heading) == [said]


@pytest.mark.parametrize("code", ["hamlets_with_officer", "communes_with_officer", "communes_confirmed"])
def test_what_proves_the_rows_of_a_list_is_asked_for_once(province, code):
    def asked(communes: int) -> int:
        for _n in range(communes):
            commune = factories.commune(parent=province)
            commune.confirmations.create(month=date(2026, 6, 1), confirmed_at=timezone.now())
            factories.assignment(of=commune)
            factories.assignment(of=factories.hamlet(parent=commune))
        found = figure_list(Frame(province, timezone.localdate()), code, Part.COUNTED)
        with CaptureQueriesContext(connection) as captured:
            assert len(found.records(found.rows)) >= communes
        return len(captured)

    assert asked(1) == asked(5)


# --- Long ones ----------------------------------------------------------------------------


@pytest.fixture
def long(settings):
    settings.LONG_EXPORT_ROWS = 1


def asked_for(client, name="hamlet_list", **query) -> Job:
    response = client.get(reverse(f"exporting:{name}"), query)
    assert response.status_code == 302
    job = Job.objects.get(pk=urlsplit(response["Location"]).path.rstrip("/").rpartition("/")[2])
    assert response["Location"] == reverse("jobs:job", args=[job.pk])
    return job


def test_a_long_list_is_written_by_the_worker_and_fetched_by_who_asked(
    long, signed_in, clerk, home, work_off
):
    at_once = asked_for(signed_in, tep="csv")
    assert not ExportLog.objects.exists()
    work_off()

    page = signed_in.get(reverse("jobs:job", args=[at_once.pk]), follow=True)
    kept = KeptExport.objects.get()
    response = signed_in.get(reverse("exporting:file", args=[kept.pk]))
    content = body(response)

    assert reverse("exporting:file", args=[kept.pk]) in page.content.decode()
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert kept.file_name in response["Content-Disposition"]
    assert len(content) == int(response["Content-Length"]) == kept.size
    assert column(content, "Thôn, tổ dân phố", "x.csv") == ["3", "Phước Hậu", "Phước Hậu"]
    (log,) = ExportLog.objects.all()
    assert (log.by, log.row_count, kept.row_count) == (clerk, 3, 3)


def test_the_worker_sees_what_who_asked_may_see(long, client, home, province, neighbour, work_off):
    factories.hamlet(parent=neighbour, name="Láng Giềng")
    factories.hamlet(parent=neighbour, name="Láng Giềng 2")
    client.force_login(factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour]))
    asked_for(client)

    work_off()

    content = b"".join(KeptExport.objects.get().pieces())
    assert column(content, "Thôn, tổ dân phố") == ["Láng Giềng", "Láng Giềng 2"]


def test_what_may_not_be_seen_any_more_is_not_written(long, client, province, home, work_off):
    """The scope is that of the moment in which it is written."""
    officer = factories.user(role=Role.PROVINCIAL_STAFF, keeps=[province])
    client.force_login(officer)
    asked_for(client)
    officer.grants.all().delete()

    work_off()

    assert KeptExport.objects.get().row_count == 0


def test_what_cannot_be_found_any_more_says_so(long, client, province, home, work_off):
    officer = factories.user(role=Role.PROVINCIAL_STAFF, keeps=[province])
    client.force_login(officer)
    address = reverse("exporting:figure_rows", args=[province.pk, "merged_role"])
    client.get(address, {"phan": "tat-ca"})
    officer.grants.all().delete()

    work_off()

    job = Job.objects.get()
    assert job.state == Job.State.FAILED
    assert "Mở lại trang" in job.error
    assert not ExportLog.objects.exists()


def test_the_file_is_for_nobody_else_and_not_for_another_scope(long, client, clerk, officer, home, work_off):
    client.force_login(clerk)
    asked_for(client)
    work_off()
    addresses = [
        reverse(f"exporting:{name}", args=[KeptExport.objects.get().pk]) for name in ("kept", "file")
    ]

    client.force_login(officer)
    assert [client.get(address).status_code for address in addresses] == [404, 404]

    client.force_login(clerk)
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    clerk.grants.all().delete()
    assert [client.get(address).status_code for address in addresses] == [404, 404]


def test_who_asks_twice_is_led_to_the_same_work(long, signed_in, home):
    assert asked_for(signed_in) == asked_for(signed_in)
    assert asked_for(signed_in, tep="csv") != asked_for(signed_in)


def test_a_file_is_forgotten_after_its_days(long, client, signed_in, home, work_off, settings):
    asked_for(signed_in)
    work_off()
    kept = KeptExport.objects.get()
    KeptExport.objects.update(made_at=timezone.now() - timedelta(days=settings.KEEP_EXPORTS_DAYS, minutes=1))

    assert signed_in.get(reverse("exporting:file", args=[kept.pk])).status_code == 404
    assert clear_exports in [due.do for due in DUE]
    clear_exports()
    assert not KeptExport.objects.exists()


def test_a_large_file_is_kept_in_pieces(long, signed_in, home, work_off, monkeypatch):
    monkeypatch.setattr("desk.exporting.keeping.PIECE", 100)
    asked_for(signed_in)
    work_off()
    kept = KeptExport.objects.get()

    content = body(signed_in.get(kept.get_absolute_url() + "tai-ve/"))

    assert kept.parts.count() > 10
    assert len(content) == kept.size
    assert column(content, "Thôn, tổ dân phố") == ["3", "Phước Hậu", "Phước Hậu"]


# --- Memory -------------------------------------------------------------------------------


def test_queries_grow_by_batches_not_by_rows(signed_in, commune, home, monkeypatch):
    for _number in range(8):
        factories.cell(of=factories.hamlet(parent=commune))

    def count(rows_at_a_time: int) -> int:
        monkeypatch.setattr("dashboards.list_exports.ROWS_AT_A_TIME", rows_at_a_time)
        with CaptureQueriesContext(connection) as captured:
            take(signed_in, "hamlet_list")
        return len(captured)

    count(100)
    one, two, five = count(100), count(5), count(2)

    # Ten hamlets are one batch, two and five.
    assert (five - one) == 4 * (two - one) > 0


def test_rows_are_read_when_they_are_written(clerk, signed_in, home):
    """Describing an export reads none of its rows: what waits for the worker costs a count."""
    request = signed_in.get(reverse("dashboards:hamlet_list")).wsgi_request
    with CaptureQueriesContext(connection) as captured:
        export = hamlet_export(Asked.of(request))

    assert export.count == 2
    assert not any("cells_householdcount" in query["sql"] for query in captured)


@pytest.mark.soak
@pytest.mark.parametrize("kind", FileKind)
def test_a_hundred_thousand_rows_need_no_more_memory_than_a_thousand(clerk, home, kind, tmp_path, signed_in):
    described = hamlet_export(Asked.of(signed_in.get(reverse("dashboards:hamlet_list")).wsgi_request))
    (row, *_others) = described.rows

    def peak(count: int) -> int:
        export = Export(
            described.title, described.columns, (row for _number in range(count)), count, described.basis
        )
        with (tmp_path / f"{count}.{kind}").open("w+b") as out:
            tracemalloc.start()
            assert write(export, out, kind=kind, by=clerk) == count
            _now, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return most

    assert peak(100_000) < peak(1_000) + 2 * 1024 * 1024
