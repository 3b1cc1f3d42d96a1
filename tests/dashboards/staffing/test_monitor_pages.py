"""The monitor of a unit: its points are the figures of their days, and each number opens its list."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cells.actions import close_unit, dissolve_cell
from cells.months import month_of
from dashboards.figures.board import Board
from dashboards.figures.frames import Borders, Frame
from dashboards.staffing.breaking import Basis, breaks, expected_end
from dashboards.staffing.loading import load_monitor, planned_contests
from dashboards.staffing.monitor import Held, Pair
from leaders.actions import end_tenure, replace_holder
from leaders.models import Contest, Office, WayIn, WayOut
from tests import factories

YEAR = timezone.localdate().year
EVER = (date.min, date.max)


@pytest.fixture
def place(commune):
    """A hamlet with its cell, and one person in both seats."""

    def make(person=None, home=commune, **fields):
        hamlet = factories.hamlet(parent=home)
        cell = factories.cell(of=hamlet)
        person = person or factories.person(keeper=home)
        return (
            factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=person, **fields),
            factories.tenure(cell=cell, person=person, **fields),
        )

    return make


@pytest.fixture
def world(place, neighbour, commune):
    """What happens to seats in two years: a death, an interim head, a follower, a merger, a Front head."""
    head, secretary = place()
    end_tenure(head, last_day=date(YEAR - 1, 3, 18), way_out=WayOut.DIED)
    follower = factories.person(keeper=commune)
    factories.tenure(
        office=Office.HAMLET_HEAD,
        hamlet=head.hamlet,
        person=follower,
        starts_on=date(YEAR - 1, 4, 2),
        way_in=WayIn.INTERIM,
    )
    factories.tenure(
        cell=secretary.cell, person=follower, starts_on=date(YEAR - 1, 5, 2), way_in=WayIn.APPOINTED
    )
    other, _led = place(home=neighbour)
    replace_holder(
        other, person=factories.person(keeper=neighbour), on=date(YEAR - 1, 6, 30), way_out=WayOut.RELIEVED
    )
    _closed, led = place()
    factories.tenure(office=Office.FRONT_HEAD, hamlet=head.hamlet, person=follower)
    factories.tenure(
        office=Office.HAMLET_HEAD, hamlet=factories.hamlet(parent=commune), seen_on=date(YEAR - 1, 8, 8)
    )
    return head, secretary, led


@pytest.mark.parametrize("unit", ["province", "commune", "neighbour"])
@pytest.mark.parametrize("borders", Borders.values)
def test_each_point_is_the_figure_of_its_day(request, officer, world, unit, borders):
    unit = request.getfixturevalue(unit)
    today = timezone.localdate()

    months = load_monitor(Frame(unit, today, officer, borders)).months(date(YEAR - 1, 1, 1), today)

    assert len(months) == 12 + today.month
    for month in months[::3]:
        figures = Board(Frame(unit, month.last, officer, borders)).figures
        merged = figures["merged_role"]
        assert (month.merged, month.hamlets) == (merged.numerator, merged.denominator), month.last
        assert month.front == figures["front_merged"].numerator
        assert month.merged == figures["posts_saved"].numerator


def test_interim_heads_count_or_not_as_the_province_chose(officer, commune, world, settings):
    today = timezone.localdate()
    settings.INTERIM_COUNTS = False

    monitor = load_monitor(Frame(commune, today, officer))

    assert [month.interim for month in monitor.months(date(YEAR - 1, 1, 1), today)] == [0] * (
        12 + today.month
    )
    assert len(monitor.on(today)) == Board(Frame(commune, today, officer)).figures["merged_role"].numerator


def test_the_page_tells_months_with_their_causes(client, officer, province, world):
    client.force_login(officer)

    response = client.get(reverse("seats:monitor_unit", args=[province.pk]))

    rows = {f"{row['month'].first:%Y-%m}": row for row in response.context["rows"]}
    march, may = rows[f"{YEAR - 1}-03"], rows[f"{YEAR - 1}-05"]
    assert (march["month"].lost, may["month"].gained) == (1, 1)
    assert "từ trần" in march["causes"][0]
    assert "chỉ định" in may["causes"][0]
    assert response.context["chart"].curves[0].dots


def test_a_number_of_changes_opens_its_list(client, officer, province, world):
    client.force_login(officer)
    rows = client.get(reverse("seats:monitor_unit", args=[province.pk])).context["rows"]

    for row in rows:
        for url, count in ((row["gained_url"], row["month"].gained), (row["lost_url"], row["month"].lost)):
            assert bool(url) == bool(count)
            if url:
                assert len(client.get(url).context["records"]) == count


def test_every_number_of_a_month_opens_the_rows_it_counts(client, officer, province, world):
    client.force_login(officer)
    context = client.get(reverse("seats:monitor_unit", args=[province.pk])).context

    def listed(url: str) -> int:
        found = client.get(url).context
        return found["page"].paginator.count

    for row in context["rows"]:
        for name in ("hamlets", "merged", "interim", "front"):
            url, count = row[f"{name}_url"], getattr(row["month"], name)
            assert (listed(url) if url else 0) == count, (name, row["month"].first)
    for tile in context["tiles"]:
        assert (listed(tile["numerator_url"]), listed(tile["denominator_url"])) == (
            tile["numerator"],
            tile["denominator"],
        )


def test_changes_name_the_person_the_cause_and_a_late_entry(client, officer, province, place):
    head, secretary = place()
    known = timezone.now() - timedelta(days=400)
    for thing in (head.hamlet, secretary.cell):
        type(thing).history.filter(id=thing.pk).update(history_date=known)
    last_day = timezone.localdate() - timedelta(days=60)
    end_tenure(head, last_day=last_day, way_out=WayOut.DIED)
    client.force_login(officer)

    (row,) = client.get(reverse("seats:monitor_changes", args=[province.pk]), {"tu": YEAR}).context["records"]

    assert (row["person"], row["day"]) == (str(head.person), last_day + timedelta(days=1))
    assert row["cause"].count("từ trần") == 2
    assert "nhập bổ sung" in row["note"]
    months = client.get(reverse("seats:monitor_unit", args=[province.pk]), {"tu": YEAR}).context["rows"]
    entered = {row["month"].first: row["entered"] for row in months if row["entered"]}
    assert entered == {month_of(last_day + timedelta(days=1)): timezone.localdate()}


def test_changes_are_added_up_with_their_days_and_in_the_words_of_the_hamlets(
    client, officer, commune, place, time_machine
):
    time_machine.move_to("2026-12-01 09:00+07:00", tick=False)
    head, _secretary = place()
    place()
    end_tenure(head, last_day=date(2026, 3, 1), way_out=WayOut.RELIEVED)
    client.force_login(officer)
    address = reverse("seats:monitor_changes", args=[commune.pk])

    of_all, of_a_month = (client.get(address, query).text for query in ({}, {"thang": "2026-03"}))

    assert "Từ 01/01/2024 đến 01/12/2026: tăng 0 ấp; giảm 1 ấp." in of_all
    assert "Từ 01/03/2026 đến 31/03/2026: tăng 0 ấp; giảm 1 ấp." in of_a_month


def test_a_merger_of_hamlets_is_its_own_cause(client, officer, commune, place):
    head, secretary = place()
    place()
    last_day = date(YEAR - 1, 9, 30)
    for tenure in (head, secretary):
        end_tenure(tenure, last_day=last_day, way_out=WayOut.MERGED)
    dissolve_cell(secretary.cell, last_day=last_day)
    close_unit(head.hamlet, last_day=last_day)
    client.force_login(officer)

    (row,) = client.get(reverse("seats:monitor_changes", args=[commune.pk])).context["records"]

    assert "sáp nhập" in row["cause"]


def test_people_and_tenures_are_told_apart(client, officer, commune, place):
    one = factories.person(keeper=commune)
    place(one)
    hamlet = factories.hamlet(parent=commune)
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=one)
    factories.tenure(cell=factories.cell(of=hamlet), person=one)
    client.force_login(officer)

    people = client.get(reverse("seats:monitor_unit", args=[commune.pk])).context["people"]

    assert people == {"hamlets": 2, "people": 1, "tenures": 4, "saved": 3}


# --- where it will break --------------------------------------------------------------------


def held(days=EVER, **fields) -> Held:
    return Held(1, days, **fields)


@pytest.mark.parametrize(
    ("seat", "planned", "basis", "day"),
    [
        (
            held((date.min, date(2027, 5, 1)), term="2022-2025"),
            date(2027, 1, 1),
            Basis.RECORDED,
            date(2027, 5, 1),
        ),
        (held(term="2022-2025", is_extended=True), date(2027, 1, 1), Basis.PLANNED, date(2027, 1, 1)),
        (held(term="2022-2025", is_extended=True), None, Basis.EXTENDED, None),
        (held(term="2022-2025"), None, Basis.TERM, date(2025, 12, 31)),
        (held(), None, Basis.UNKNOWN, None),
    ],
)
def test_the_end_of_a_term(seat, planned, basis, day):
    end = expected_end(seat, planned)

    assert (end.basis, end.day) == (basis, day)


@pytest.mark.parametrize(
    ("head", "secretary", "expected"),
    [
        ({"term": "2022-2025"}, {"term": "2022-2025"}, None),
        ({"term": "2022-2025"}, {"term": "2022-2027"}, date(2025, 12, 31)),
        ({"term": "2025-2028"}, {"term": "2022-2027"}, date(2027, 12, 31)),
        ({"term": "2022-2025"}, {"is_extended": True}, date(2025, 12, 31)),
        ({"is_extended": True}, {"is_extended": True}, None),
    ],
)
def test_where_one_term_ends_first(head, secretary, expected):
    pair = Pair(1, 1, 1, held(**head), held(**secretary), EVER)

    found, unknown = breaks([pair], {}, {})

    assert [one.day for one in found] == ([expected] if expected else [])
    assert unknown == 0


def test_a_term_that_is_not_recorded_is_counted_apart():
    found, unknown = breaks([Pair(1, 1, 1, held(), held(term="2022-2027"), EVER)], {}, {})

    assert (found, unknown) == ([], 1)


def test_a_congress_and_an_election_within_a_month_are_one_round(client, officer, commune, place):
    head, secretary = place(term=f"{YEAR - 2}-{YEAR + 1}")
    today = timezone.localdate()
    Contest.objects.create(
        kind="congress", cell=secretary.cell, term="2030-2035", planned_on=today + timedelta(days=60)
    )
    election = Contest.objects.create(
        kind="head_election", hamlet=head.hamlet, term="2030-2035", planned_on=today + timedelta(days=91)
    )
    client.force_login(officer)
    url = reverse("seats:monitor_breaks", args=[commune.pk])
    assert client.get(url).context["records"] == []

    election.planned_on = today + timedelta(days=92)
    election.save()

    (row,) = client.get(url).context["records"]
    assert row["day"] == today + timedelta(days=60)
    assert row["first"] == "Bí thư"


def test_planned_contests_of_others_are_left_out(officer, commune, place, neighbour):
    place()
    stranger = factories.hamlet(parent=neighbour)
    Contest.objects.create(
        kind="head_election", hamlet=stranger, term="2030-2035", planned_on=timezone.localdate()
    )
    frame = Frame(commune, timezone.localdate(), officer)

    assert planned_contests(load_monitor(frame), frame) == ({}, {})


# --- the pages ------------------------------------------------------------------------------


def test_an_empty_unit_says_so(client, clerk, commune):
    client.force_login(clerk)

    response = client.get(reverse("seats:monitor_unit", args=[commune.pk]))

    assert response.context["rows"] == []
    assert 'class="empty"' in response.content.decode()


@pytest.mark.parametrize("year", ["", str(YEAR), str(YEAR - 9), "1", "khong", "9" * 50])
def test_years_are_chosen_and_nonsense_is_the_usual(client, officer, commune, place, year):
    place()
    client.force_login(officer)

    response = client.get(reverse("seats:monitor_unit", args=[commune.pk]), {"tu": year})

    since = response.context["since"]
    assert since == (int(year) if year in (str(YEAR), str(YEAR - 9)) else YEAR - 2)


def test_lists_are_taken_out(client, officer, province, world):
    client.force_login(officer)

    for name in ("monitor_changes", "monitor_breaks", "monitor_interim", "monitor_months"):
        response = client.get(reverse(f"exporting:{name}", args=[province.pk]), {"tep": "csv"})
        assert response.status_code == 200
        b"".join(response.streaming_content)


def test_queries_do_not_grow(client, officer, province, place, neighbour, django_assert_max_num_queries):
    client.force_login(officer)

    def make(times):
        for _n in range(times):
            head, _secretary = place(term=f"{YEAR - 2}-{YEAR}")
            place(home=neighbour)
            end_tenure(head, last_day=date(YEAR, 1, 31), way_out=WayOut.DIED)

    make(1)
    for times in (0, 4):
        make(times)
        with django_assert_max_num_queries(12 + 2):
            client.get(reverse("seats:monitor_unit", args=[province.pk]))
        with django_assert_max_num_queries(12 + 4):
            client.get(reverse("seats:monitor_changes", args=[province.pk]))


def test_a_hamlet_of_two_cells_with_one_secretary_is_one_row(client, officer, commune):
    hamlet = factories.hamlet(parent=commune)
    person = factories.person(keeper=commune)
    for _n in range(2):
        factories.tenure(cell=factories.cell(of=hamlet), person=person)
    factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=person, way_in="interim")
    client.force_login(officer)

    page = client.get(reverse("seats:monitor_interim", args=[commune.pk]))

    assert page.context["page"].paginator.count == 1
