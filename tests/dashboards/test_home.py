from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import ExportLog, Role
from cells.actions import close_unit, succeed
from cells.kinds import Kind
from cells.models import Confirmation, Grant
from leaders.models import Office, WayIn
from tests import factories

HOME = reverse("dashboards:home")


@pytest.fixture
def merged_hamlet(commune):
    """A hamlet whose secretary is also its head."""
    hamlet = factories.hamlet(parent=commune, name="1")
    leader = factories.person(keeper=commune, full_name="Lê Thị Hoa")
    factories.tenure(cell=factories.cell(of=hamlet, name="Chi bộ ấp 1"), person=leader)
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=leader)
    return hamlet


@pytest.fixture
def vacant_hamlet(commune):
    """A hamlet with a cell, whose seats are empty."""
    hamlet = factories.hamlet(parent=commune, name="2")
    factories.cell(of=hamlet, name="Chi bộ ấp 2")
    return hamlet


def seated_hamlets(commune, count: int):
    for _number in range(count):
        hamlet = factories.hamlet(parent=commune)
        factories.tenure(cell=factories.cell(of=hamlet))
        factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet)


def page(client, user, **query):
    client.force_login(user)
    response = client.get(HOME, query)
    assert response.status_code == 200
    return response


def test_nobody_sees_a_first_page_without_signing_in(client):
    assert client.get(HOME).status_code == 302


def test_first_page_is_for_reading(client, clerk):
    client.force_login(clerk)

    assert client.post(HOME).status_code == 405


def test_account_without_a_unit_is_told_whom_to_ask(client):
    response = page(client, factories.user(role=Role.COMMUNE_STAFF))

    assert "chưa được giao đơn vị" in response.content.decode()


# --- provincial staff --------------------------------------------------------------------


def test_province_reads_the_ready_sentence(client, officer, merged_hamlet, vacant_hamlet, time_machine):
    time_machine.move_to("2026-11-22 15:20+07:00", tick=False)

    sentence = page(client, officer).context["sentence"]

    assert sentence == (
        "Đến 15 giờ 20 ngày 22/11/2026, toàn tỉnh có 1/2 ấp có bí thư chi bộ đồng thời là trưởng ấp, đạt 50%;"
        " còn 1: khuyết bí thư 1. Số liệu do 0/1 xã xác nhận trong 30 ngày."
    )


def test_sentence_says_how_many_are_interim(client, officer, vacant_hamlet, commune):
    leader = factories.person(keeper=commune)
    factories.tenure(cell=vacant_hamlet.cell_areas.get().cell, person=leader)
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=vacant_hamlet, person=leader, way_in=WayIn.INTERIM)

    assert "(trong đó 1" in page(client, officer).context["sentence"]


@pytest.mark.parametrize(
    "url_of",
    [lambda context: context["not_merged_url"], lambda context: context["attention"][0].url],
)
def test_each_count_opens_the_rows_it_counts(client, officer, merged_hamlet, vacant_hamlet, url_of):
    context = page(client, officer).context

    listed = client.get(url_of(context)).context["page"].paginator.count

    assert listed == context["attention"][0].count == 1


def test_missing_data_counts_open_lists_of_that_length(
    client, officer, merged_hamlet, vacant_hamlet, neighbour
):
    missing = page(client, officer).context["missing"]

    assert {one.count for one in missing} == {1, 2}
    for one in missing:
        assert client.get(one.url).context["page"].paginator.count == one.count


def test_empty_province_is_told_what_to_enter_first(client, officer):
    response = page(client, officer)

    assert response.context["is_empty"]
    assert reverse("admin:cells_unit_changelist") in response.content.decode()


def test_province_page_needs_the_same_queries_for_any_number_of_hamlets(client, officer, commune, queries_of):
    seated_hamlets(commune, 1)
    client.force_login(officer)
    for_one = queries_of(HOME)
    seated_hamlets(commune, 29)

    assert queries_of(HOME) == for_one


def test_province_finds_the_papers_it_takes_out_most(client, officer, province, merged_hamlet):
    year = factories.cycle(province=province, year=2025)
    factories.rating(of=merged_hamlet.cell_areas.get().cell, cycle=year)
    for kind in ("pdf", "docx"):
        ExportLog.note(by=officer, what="Biểu", filters=f"ty-le-xuat-sac.{kind}", rows=1)

    papers = page(client, officer).context["papers"]

    assert [form.code for form, _url in papers] == ["ty-le-xuat-sac", "tong-hop", "dang-vien-theo-xa"]
    for _form, url in papers:
        assert client.get(url).status_code == 200


# --- commune staff -----------------------------------------------------------------------


def test_commune_in_one_line(client, clerk, merged_hamlet, vacant_hamlet):
    line = page(client, clerk).context["line"]

    assert line == "2 chi bộ, 1/2 ấp có bí thư đồng thời là trưởng ấp"


def test_commune_is_shown_what_is_missing_with_its_button(client, clerk, vacant_hamlet):
    jobs = page(client, clerk).context["jobs"]

    assert [job.text.partition(":")[0] for job in jobs] == ["Chi bộ ấp 2", "Ấp 2", "Chi bộ ấp 2", "Ấp 2"]
    for job in jobs:
        assert client.get(job.url).status_code == 200


def test_commune_page_leaves_targets_and_levels_to_the_overview(
    client, clerk, merged_hamlet, commune, province
):
    cycle = factories.cycle(province=province, year=2024)
    factories.rating(of=merged_hamlet.cell_areas.get().cell, cycle=cycle)
    factories.target(unit=commune, goal=5, base=9, term="2022-2030")

    home = page(client, clerk)

    overview = client.get(home.context["overview_url"])
    assert len(overview.context["targets"]) == 1
    assert overview.context["level_tiles"]
    assert "targets" not in home.context
    assert "<svg" not in home.content.decode()


def test_commune_table_says_its_day_and_borders(client, clerk, vacant_hamlet, time_machine):
    time_machine.move_to("2026-11-22 15:20+07:00", tick=False)

    shown = page(client, clerk).content.decode()

    # Under the table, and in the foot of each printed page.
    assert shown.count("Số liệu tính đến ngày 22/11/2026, theo địa giới tại thời điểm") == 2


def test_at_most_five_jobs_and_how_many_more(client, clerk, commune):
    for number in range(4):
        factories.hamlet(parent=commune, name=str(number))

    context = page(client, clerk).context

    assert len(context["jobs"]) == 5
    assert context["more_jobs"] == 3


def test_month_is_confirmed_with_one_button(client, clerk, commune, merged_hamlet):
    assert "Xác nhận: không có thay đổi" in page(client, clerk).content.decode()

    Confirmation.objects.create(
        commune=commune,
        month=timezone.localdate().replace(day=1),
        confirmed_at=timezone.now(),
        confirmed_by=clerk,
    )

    assert "Xác nhận: không có thay đổi" not in page(client, clerk).content.decode()


def test_reader_of_a_commune_gets_no_buttons(client, commune, vacant_hamlet):
    reader = factories.user(role=Role.COMMUNE_STAFF, reads=[commune])

    context = page(client, reader).context

    assert not context["is_kept"]
    assert context["jobs"] == []


def test_clerk_of_two_communes_chooses(client, commune, neighbour, merged_hamlet):
    clerk = factories.user(role=Role.COMMUNE_STAFF, keeps=[commune, neighbour])

    assert page(client, clerk, **{"don-vi": neighbour.pk}).context["unit"] == neighbour
    assert page(client, clerk, **{"don-vi": commune.pk}).context["unit"] == commune


def test_unit_of_somebody_else_is_not_found(client, clerk, neighbour):
    client.force_login(clerk)

    assert client.get(HOME, {"don-vi": neighbour.pk}).status_code == 404


def test_clerk_of_a_closed_commune_keeps_its_archive(client, commune, neighbour):
    clerk = factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])
    Grant.objects.create(user=clerk, unit=commune, access=Grant.Access.READ, source=Grant.Source.ARCHIVE)
    close_unit(commune, last_day=date(2025, 6, 30))
    succeed([commune], neighbour, on=date(2025, 7, 1))

    context = page(client, clerk).context

    assert context["unit"] == neighbour
    assert context["archives"] == [commune]


def test_commune_page_shows_nothing_of_the_neighbour(client, clerk, merged_hamlet, neighbour):
    factories.cell(of=factories.hamlet(parent=neighbour, name="Láng Giềng"), name="Chi bộ ấp Láng Giềng")

    assert "Láng Giềng" not in page(client, clerk).content.decode()


def test_commune_page_needs_the_same_queries_for_any_number_of_hamlets(client, clerk, commune, queries_of):
    seated_hamlets(commune, 1)
    client.force_login(clerk)
    for_one = queries_of(HOME)
    seated_hamlets(commune, 29)

    assert queries_of(HOME) == for_one


# --- leader ------------------------------------------------------------------------------


def test_leader_sees_the_change_since_the_new_year(client, reader, merged_hamlet, vacant_hamlet, commune):
    today = timezone.localdate()
    leader = factories.person(keeper=commune)
    factories.tenure(cell=vacant_hamlet.cell_areas.get().cell, person=leader)
    factories.tenure(
        office=Office.HAMLET_HEAD, hamlet=vacant_hamlet, person=leader, starts_on=date(today.year, 1, 1)
    )

    context = page(client, reader).context

    assert context["change"] == 1
    assert context["merged"]["value"] == "100%"
    assert context["merged"]["confirmed"] == "0/1 xã đã xác nhận trong 30 ngày"
    listed = client.get(context["change_url"])
    assert [row["hamlet"] for row in listed.context["records"]] == [str(vacant_hamlet)]
    assert f"Từ 01/01/{today.year} đến {today:%d/%m/%Y}: tăng 1 ấp; giảm 0 ấp." in listed.text


@pytest.mark.parametrize("hamlets", [1, 9])
def test_twelve_queries_do_for_the_page_of_a_leader(
    client, reader, province, commune, merged_hamlet, hamlets, queries_of
):
    seated_hamlets(commune, hamlets)
    day = timezone.localdate()
    year = factories.cycle(province=province, year=day.year - 2)
    factories.rating(of=merged_hamlet.cell_areas.get().cell, cycle=year)
    term = f"{day.year - 4}-{day.year + 4}"
    target = factories.target(unit=province, figure="member_heads", title=None, goal=50, base=90, term=term)
    target.steps.create(year=day.year, planned=30)
    client.force_login(reader)

    asked = queries_of(HOME)

    context = client.get(HOME).context
    assert context["targets"][0].forecast
    assert "xác nhận trong 30 ngày" in context["targets"][0].confirmed
    assert context["results_of"] == "Kết quả đã tiếp nhận của 1/1 xã, phường"
    assert context["year_without"] == day.year - 3
    # Beside signing in (session, user, grants) and the frame (label of the unit, words).
    assert asked <= 5 + 12


def test_leader_reads_at_most_three_concerns_that_open_lists(client, reader, vacant_hamlet):
    concerns = page(client, reader).context["concerns"]

    assert 0 < len(concerns) <= 3
    for concern in concerns:
        assert client.get(concern.url).status_code == 200


def test_leader_sees_the_last_decided_year_with_the_year_before(client, reader, merged_hamlet, province):
    cell = merged_hamlet.cell_areas.get().cell
    for year in (2023, 2024):
        factories.rating(of=cell, cycle=factories.cycle(province=province, year=year))

    home = page(client, reader)

    assert [year.year for year, _chart in home.context["level_bars"]] == [2024, 2023]
    assert f"Số liệu tính đến ngày {timezone.localdate():%d/%m/%Y}, theo địa giới" in home.content.decode()


# --- follow-up officer, administrator ----------------------------------------------------


def test_officer_sees_the_hamlets_followed_and_no_others(client, merged_hamlet, vacant_hamlet):
    officer = factories.user(role=Role.FOLLOW_UP_OFFICER, reads=[merged_hamlet])

    response = page(client, officer)

    assert [row.hamlet for row in response.context["rows"]] == [merged_hamlet]
    assert "Liên hệ" in response.content.decode()


def test_administrator_counts_accounts_and_exports(client, officer, clerk):
    admin = factories.user(role=Role.ADMINISTRATOR)
    ExportLog.note(by=officer, what="Danh sách ấp", rows=3)
    old = ExportLog.note(by=officer, what="Danh sách chi bộ", rows=3)
    ExportLog.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=8))

    response = page(client, admin)

    assert [export.what for export in response.context["exports"]] == ["Danh sách ấp"]
    counts = [one.count for one in response.context["counts"]]
    # In use, closed, locked, without the second step (officer, administrator), communes never signed in, exports.
    assert counts == [3, 0, 0, 2, 1, 1]


def test_commune_that_signed_in_is_no_longer_counted(client, clerk):
    admin = factories.user(role=Role.ADMINISTRATOR)
    page(client, clerk)

    assert [one.count for one in page(client, admin).context["counts"]][4] == 0


def test_empty_site_tells_the_administrator_the_first_steps(client, commune):
    admin = factories.user(role=Role.ADMINISTRATOR)

    steps = page(client, admin).context["steps"]

    assert [is_done for _text, _url, is_done in steps] == [True, False, False, False, False]


def test_words_follow_the_hamlets(client, clerk, commune):
    factories.hamlet(parent=commune, kind=Kind.TO_DAN_PHO, name="1")

    assert "tổ trưởng tổ dân phố" in page(client, clerk).content.decode()
