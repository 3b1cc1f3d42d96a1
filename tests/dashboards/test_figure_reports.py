"""Báo sai số liệu: it reaches the clerk who keeps the data, and the answer reaches whoever asked."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from cells.actions import change_unit, close_unit, succeed
from cells.copies import rebuild_cells
from cells.models import LineKind
from dashboards.citing.asked import report_url
from dashboards.citing.reports import addressees, clerk_of
from dashboards.figures.frames import Frame
from dashboards.models import FigureReport
from tests import factories
from tests.desk.reorganisation.acting import DAY, YESTERDAY, carry_out, event_of, line

HOME = reverse("dashboards:home")


@pytest.fixture
def hamlet(commune):
    return factories.hamlet(parent=commune, name="Phước Hậu")


@pytest.fixture
def reported(client, reader, province, commune, hamlet):
    """A leader of the province has said of a row of the list that it is wrong."""
    return said(client, reader, province, to=commune, text="Ấp Phước Hậu: đã có trưởng ấp từ tháng 3")


def form_of(user, unit, code="vacant_heads", **more) -> str:
    return report_url(Frame(unit, timezone.localdate(), user), code, **more)


def said(client, user, unit, *, to, text) -> FigureReport:
    client.force_login(user)
    response = client.post(form_of(user, unit), {"to": to.pk, "text": text})
    assert response.status_code == 302, response.context["form"].errors
    return FigureReport.objects.get()


def answer(client, user, report, text="Đã bổ sung quyết định", **more):
    client.force_login(user)
    address = reverse("figures:answer", args=[report.pk])
    seen = client.get(address).context["form"]["seen"].value()
    return client.post(address, {"answer": text, "seen": seen, **more})


def test_the_figure_of_a_commune_goes_to_its_own_clerk(client, reader, commune, hamlet):
    client.force_login(reader)

    page = client.get(form_of(reader, commune))

    assert page.context["clerk"] == "Ban Xây dựng Đảng xã Phú Túc"
    assert said(client, reader, commune, to=commune, text="Thiếu một ấp").addressed_to == commune


def test_what_is_reported_and_answered_keeps_its_lines(client, reader, clerk, commune, hamlet):
    report = said(client, reader, commune, to=commune, text="Thiếu hai ấp:\r\n- Phước Hậu\r\n- Phước Lợi")
    answer(client, clerk, report, "Đã bổ sung:\r\n- cả hai ấp")

    page = client.get(reverse("figures:reported", args=[report.pk])).content.decode()

    assert "Thiếu hai ấp:<br>- Phước Hậu<br>- Phước Lợi" in page
    assert "Đã bổ sung:<br>- cả hai ấp" in page


def test_the_figure_of_a_province_goes_to_its_board_or_to_the_commune_of_the_row(
    client, reader, province, commune, neighbour, hamlet
):
    client.force_login(reader)

    by_itself = client.get(form_of(reader, province)).context["form"]
    of_a_row = client.get(form_of(reader, province, xa=commune.pk, dong="Ấp Phước Hậu")).context["form"]

    assert [label for _key, label in by_itself.fields["to"].choices] == [
        "Ban Tổ chức Tỉnh ủy Vĩnh Long",
        "Ban Xây dựng Đảng xã Giao Long",
        "Ban Xây dựng Đảng xã Phú Túc",
    ]
    assert by_itself["to"].value() == province.pk
    assert (of_a_row["to"].value(), of_a_row["text"].value()) == (commune.pk, "Ấp Phước Hậu: ")


def test_each_row_of_a_list_leads_to_the_form_for_its_commune(client, reader, province, commune, hamlet):
    client.force_login(reader)

    rows = client.get(
        reverse("dashboards:figure_rows", args=[province.pk, "merged_role"]), {"phan": "con-lai"}
    )
    (record,) = rows.context["records"]
    form = client.get(record["report_url"]).context["form"]

    assert form["to"].value() == commune.pk
    assert form["text"].value() == "Ấp Phước Hậu: "


def test_nothing_is_sent_to_a_unit_outside_the_figure(client, reader, province, commune, hamlet):
    client.force_login(reader)

    response = client.post(form_of(reader, commune), {"to": province.pk, "text": "Sai"})

    assert response.context["form"].errors["to"]
    assert not FigureReport.objects.exists()


def test_the_form_says_what_is_lacking(client, reader, commune, hamlet):
    client.force_login(reader)

    response = client.post(form_of(reader, commune), {"to": commune.pk, "text": "  "})

    assert "Ghi rõ số liệu sai ở điểm nào." in response.content.decode()


def test_who_says_more_on_the_same_day_adds_to_it(client, reader, commune, reported, province):
    report = said(client, reader, province, to=commune, text="Ấp Phước Hậu: từ 05/3")

    assert report.pk == reported.pk
    assert report.text == "Ấp Phước Hậu: đã có trưởng ấp từ tháng 3\nẤp Phước Hậu: từ 05/3"
    assert FigureReport.history.filter(id=report.pk).count() == 2


def test_what_is_said_twice_stands_there_once(client, reader, commune, reported, province):
    report = said(client, reader, province, to=commune, text=reported.text)

    assert report.text == reported.text


def test_what_no_longer_fits_is_another_report(client, reader, commune, reported, province):
    long = "Thiếu một ấp. " * 70

    client.post(form_of(reader, province), {"to": commune.pk, "text": long})

    assert list(FigureReport.objects.values_list("text", flat=True)) == [long.strip(), reported.text]


@pytest.mark.parametrize("other", ["another person", "another day", "answered"])
def test_what_is_said_by_another_on_another_day_or_after_an_answer_is_another_report(
    client, reader, officer, clerk, commune, province, reported, other
):
    if other == "another day":
        FigureReport.objects.update(reported_at=timezone.now() - timedelta(days=1))
    if other == "answered":
        answer(client, clerk, reported)
    by = officer if other == "another person" else reader
    client.force_login(by)
    client.post(form_of(by, province), {"to": commune.pk, "text": "Vẫn sai"})

    assert FigureReport.objects.count() == 2


def test_it_stands_on_the_first_page_of_the_clerk_and_of_the_province(
    client, clerk, officer, commune, neighbour, reported
):
    foreign = factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])
    counts = {}
    for user in (clerk, officer, foreign):
        client.force_login(user)
        context = client.get(HOME).context
        counts[user] = [one.count for one in (context.get("reports") or context.get("to_deal_with") or [])]

    assert counts == {clerk: [1], officer: [1], foreign: []}
    client.force_login(clerk)
    assert client.get(client.get(HOME).context["reports"][0].url).context["page"].paginator.count == 1


def test_the_answer_stands_on_the_first_page_of_whoever_asked(client, reader, clerk, reported):
    assert answer(client, clerk, reported).status_code == 302

    client.force_login(reader)
    assert "Đã bổ sung quyết định" in client.get(HOME).content.decode()
    page = client.get(reverse("figures:reported", args=[reported.pk])).content.decode()
    assert "Đã bổ sung quyết định" in page
    assert str(clerk) in page
    client.force_login(clerk)
    assert client.get(HOME).context["reports"] == []


def test_a_second_clerk_does_not_write_over_the_first(client, clerk, commune, reported):
    colleague = factories.user(role=Role.COMMUNE_LEAD, keeps=[commune])
    client.force_login(colleague)
    address = reverse("figures:answer", args=[reported.pk])
    seen = client.get(address).context["form"]["seen"].value()
    answer(client, clerk, reported, "Đã sửa")
    client.force_login(colleague)

    response = client.post(address, {"answer": "Số liệu đúng", "seen": seen})

    assert str(clerk) in response.content.decode()
    assert FigureReport.objects.get().answer == "Đã sửa"


def test_only_those_who_keep_the_data_answer(client, reader, reported, outsider):
    for user, status in ((reader, 403), (outsider, 404)):
        client.force_login(user)
        assert (
            client.post(reverse("figures:answer", args=[reported.pk]), {"answer": "x"}).status_code == status
        )
    assert FigureReport.objects.get().answer == ""


def test_a_commune_reads_what_is_said_of_its_row_and_not_the_number_of_the_province(
    client, clerk, reported, province
):
    FigureReport.objects.update(numerator=777)
    client.force_login(clerk)

    page = client.get(reverse("figures:reported", args=[reported.pk])).content.decode()

    assert "Ấp Phước Hậu" in page
    assert "777" not in page


def test_a_list_holds_what_is_seen_and_no_more(client, clerk, outsider, reader, reported):
    listed = {}
    for user in (clerk, outsider, reader):
        client.force_login(user)
        listed[user] = (
            client.get(reverse("figures:reports"), {"loc": "cho-tra-loi"}).context["page"].paginator.count
        )

    assert listed == {clerk: 1, outsider: 0, reader: 1}
    client.force_login(reader)
    assert client.get(reverse("figures:reports"), {"loc": "khac"}).status_code == 404


def test_a_report_names_its_figure_in_the_words_of_the_place(client, clerk, reported):
    client.force_login(clerk)

    for address in (reverse("figures:reported", args=[reported.pk]), reverse("figures:reports")):
        assert "Khuyết trưởng ấp – Tỉnh Vĩnh Long" in client.get(address).content.decode()


def test_the_list_needs_the_same_queries_for_any_number_of_rows(
    client, officer, province, commune, hamlet, queries_of
):
    about = {
        "figure": "merged_role",
        "unit": commune,
        "day": timezone.localdate(),
        "numerator": 1,
        "denominator": 1,
    }
    client.force_login(officer)

    def add(count):
        for number in range(count):
            FigureReport.objects.create(
                addressed_to=commune, text=f"Sai {number}", reported_by=officer, **about
            )

    add(1)
    for_one = queries_of(reverse("figures:reports"))
    add(29)
    assert queries_of(reverse("figures:reports")) == for_one


def test_of_a_unit_that_stands_no_more_the_clerk_of_today_is_told(
    reader, province, commune, neighbour, hamlet
):
    change_unit(hamlet, on=timezone.localdate(), parent=neighbour)
    close_unit(commune, last_day=timezone.localdate() - timedelta(days=1))
    succeed([commune], neighbour, on=timezone.localdate())
    commune.refresh_from_db()

    found = addressees(Frame(commune, timezone.localdate() - timedelta(days=9), reader))

    assert [clerk_of(unit) for unit in found] == [
        "Ban Tổ chức Tỉnh ủy Vĩnh Long",
        "Ban Xây dựng Đảng xã Giao Long",
    ]


def test_of_a_commune_that_ended_without_hamlets_its_heir_is_told(
    client, reader, province, commune, neighbour
):
    factories.cell(commune=neighbour, kind="school")
    event = event_of(province, title="Sáp nhập xã")
    line(event, LineKind.ABSORB, units=[neighbour], unit=commune)
    carry_out(event)
    neighbour.refresh_from_db()
    client.force_login(reader)

    assert commune in addressees(Frame(neighbour, YESTERDAY, reader))
    page = client.get(report_url(Frame(neighbour, YESTERDAY, reader), "vacant_secretaries"))

    assert [label for _key, label in page.context["form"].fields["to"].choices] == [
        "Ban Tổ chức Tỉnh ủy Vĩnh Long",
        "Ban Xây dựng Đảng xã Phú Túc",
    ]


def test_of_a_commune_that_was_parted_those_who_hold_its_cells_are_told(reader, province, commune, neighbour):
    parted = factories.commune(parent=province, name="Phước An")
    for heir in (commune, neighbour):
        cell = factories.cell(commune=parted, kind="school")
        cell.periods.update(ends_on=YESTERDAY)
        cell.periods.create(name=cell.name, commune=heir, starts_on=DAY)
        rebuild_cells([cell.pk])
    close_unit(parted, last_day=YESTERDAY)
    parted.refresh_from_db()

    assert addressees(Frame(parted, YESTERDAY, reader))[-2:] == [neighbour, commune]


@pytest.mark.parametrize(
    "fields",
    [{"text": ""}, {"answer": "Đã sửa"}, {"answered_at": timezone.now()}],
    ids=["says nothing", "answered at no time", "answered with nothing"],
)
def test_a_report_says_what_is_wrong_and_an_answer_is_whole(commune, fields):
    report = {
        "figure": "merged_role",
        "unit": commune,
        "day": timezone.localdate(),
        "numerator": 1,
        "addressed_to": commune,
        "text": "Sai",
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        FigureReport.objects.create(**report | fields)
