"""The board of titles: numbers that open their lists, as of a day, within what somebody sees."""

from datetime import date
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from cells.models import CellPeriod
from evaluations.models import CaseCheck, TitleCase
from evaluations.models.titles import state_on
from sheets.reading import read_workbook
from tests import factories
from tests.soaking import soaked
from tests.worlds import kept

TODAY = timezone.localdate()
BOARD, LIST = reverse("titles:board"), reverse("titles:list")
State = TitleCase.State


def cell_in(commune):
    return factories.cell(of=factories.hamlet(parent=commune))


@kept
def cases(commune, neighbour):
    """One of each state in the commune, and a title of the neighbour."""
    revoked = {
        "state": State.REVOKED,
        "revoked_on": date(2024, 3, 1),
        "revocation": factories.decision(date=date(2024, 3, 1)),
        "revocation_reason": "Vi phạm",
    }
    declined = {"state": State.DECLINED, "declined_on": date(2024, 5, 1), "declined_reason": "Thiếu điểm"}
    begun = {"registered_on": date(2023, 1, 10), "year": 2023}
    appraised = {"state": State.APPRAISED, "appraised_on": date(2023, 6, 1)}
    return {
        "registered": factories.title_case(of=cell_in(commune), **begun),
        "appraised": factories.title_case(of=cell_in(commune), **begun, **appraised),
        "recognised": factories.title_case(of=cell_in(commune), recognised_on=date(2023, 12, 1), **begun),
        "pilot": factories.title_case(of=cell_in(commune), recognised_on=date(2023, 12, 1), is_pilot=True),
        "revoked": factories.title_case(of=cell_in(commune), recognised_on=date(2023, 2, 1), **revoked),
        "declined": factories.title_case(of=cell_in(commune), **begun, **declined),
        "next_door": factories.title_case(of=cell_in(neighbour), recognised_on=date(2022, 1, 1)),
    }


def board_of(client, user, **query):
    client.force_login(user)
    return client.get(BOARD, query).context["board"]


def numbers(row) -> dict[str, int]:
    return {slug: count for slug, _label, count, _url in row.cells if count}


def test_each_commune_is_counted_by_state(client, officer, cases, commune):
    CaseCheck.objects.create(
        case=cases["recognised"], year=TODAY.year, outcome="at_risk", remark="A", checked_on=TODAY
    )

    board = board_of(client, officer)

    rows = {row.label: numbers(row) for row in board.shown}
    assert rows == {
        "Xã Phú Túc": {
            "da-dang-ky": 1,
            "da-tham-dinh": 1,
            "dang-giu": 2,
            "nguy-co": 1,
            "chua-kiem-tra": 1,
            "thu-hoi": 1,
            "khong-cong-nhan": 1,
        },
        "Xã Giao Long": {"dang-giu": 1, "chua-kiem-tra": 1},
    }
    assert board.total.counts["dang-giu"] == 3


@pytest.mark.parametrize("day", [None, "2024-04-01", *soaked("2023-07-01", "2022-06-01")])
@pytest.mark.parametrize("who", ["officer", "clerk", *soaked("reader")])
def test_every_number_opens_its_list(client, request, cases, who, day):
    user = request.getfixturevalue(who)
    board = board_of(client, user, **({"ngay": day} if day else {}))

    for row in (*board.rows, board.total):
        for _slug, _label, count, url in row.cells:
            page = client.get(url)
            assert page.context["page"].paginator.count == count, url


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-04-01", {"dang-giu": 3, "da-dang-ky": 2, "da-tham-dinh": 1, "thu-hoi": 1}),
        ("2024-02-01", {"dang-giu": 4, "da-dang-ky": 2, "da-tham-dinh": 1}),
        ("2023-03-01", {"dang-giu": 2, "da-dang-ky": 4}),
        ("2021-12-31", {}),
    ],
)
def test_a_past_day_shows_the_states_of_then(client, officer, cases, day, expected):
    found = numbers(board_of(client, officer, ngay=day).total)

    assert {slug: found[slug] for slug in found if slug not in ("nguy-co", "chua-kiem-tra")} == expected


def test_a_title_is_counted_where_its_cell_stood(client, officer, cases, commune, neighbour):
    cell = cases["recognised"].cell
    period = CellPeriod.objects.get(cell=cell)
    period.ends_on = date(2025, 6, 30)
    period.save()
    CellPeriod.objects.create(
        cell=cell, name="Chi bộ mới", commune=neighbour, starts_on=date(2025, 7, 1), province=period.province
    )
    cell.name, cell.commune = "Chi bộ mới", neighbour
    cell.save()

    client.force_login(officer)
    then = client.get(LIST, {"ngay": "2025-01-01", "loc": "dang-giu", "xa": commune.pk})
    now = client.get(LIST, {"loc": "dang-giu", "xa": commune.pk})

    assert {row.pk for row in then.context["page"].object_list} == {cases["recognised"].pk, cases["pilot"].pk}
    assert {row.pk for row in now.context["page"].object_list} == {cases["pilot"].pk}
    text = then.content.decode()
    assert "Xã Phú Túc" in text
    assert "Chi bộ mới" not in text


def test_a_clerk_sees_the_own_commune_alone(client, clerk, cases):
    board = board_of(client, clerk)

    assert [row.label for row in board.rows] == ["Xã Phú Túc"]
    assert board.total.counts["dang-giu"] == 2


def test_somebody_of_the_whole_country_sees_provinces_first(client, cases, province):
    admin = factories.user(role="administrator", keeps=[None])

    board = board_of(client, admin)
    assert [row.label for row in board.shown] == ["Tỉnh Vĩnh Long"]
    inside = client.get(BOARD, {"tinh": province.pk}).context["board"]

    assert {row.label for row in inside.shown} == {"Xã Phú Túc", "Xã Giao Long"}
    for row in inside.rows:
        for _slug, _label, count, url in row.cells:
            assert client.get(url).context["page"].paginator.count == count


def test_lists_are_narrowed_by_title_year_words_and_pilot(client, officer, cases):
    client.force_login(officer)
    factories.title_case(of=cases["pilot"].cell, title="BON_TOT", year=2025)

    def count(**query):
        return client.get(LIST, query).context["page"].paginator.count

    assert count() == 8
    assert count(danh_hieu=cases["pilot"].title_id) == 7
    assert count(nam=2023) == 6
    assert count(loc="chi-bo-diem") == 1
    assert count(q=cases["pilot"].cell.name) >= 1
    assert client.get(LIST, {"loc": "la"}).status_code == 404


def test_titles_of_ended_cells_are_found_apart(client, officer, cases, commune):
    gone = factories.cell(of=factories.hamlet(parent=commune, ends_on=date(2024, 12, 31)))
    ended = factories.title_case(of=gone, recognised_on=date(2022, 1, 1))
    client.force_login(officer)

    assert ended not in client.get(LIST).context["page"].object_list
    assert client.get(LIST, {"loc": "da-ket-thuc"}).context["page"].object_list == [ended]
    later = client.get(LIST, {"loc": "da-ket-thuc", "ngay": "2025-02-01"})
    assert later.context["page"].object_list == [ended]


@pytest.mark.parametrize("name", ["title_board", "title_cases", "title_checks"])
def test_what_is_seen_is_taken_out(client, officer, cases, name):
    client.force_login(officer)

    answer = client.get(reverse(f"exporting:{name}"), {"loc": ""})

    (sheet,) = read_workbook(b"".join(answer.streaming_content), "a.xlsx").sheets
    text = " ".join(str(value) for row in sheet.rows for value in row if value)
    assert "Phú Túc" in text


def test_the_state_of_a_case_is_that_of_the_day(cases):
    def states(day):
        rows = TitleCase.objects.annotate(then=state_on(day)).values_list("pk", "then")
        return dict(rows)

    assert states(date(2023, 1, 9))[cases["registered"].pk] is None
    assert states(date(2023, 1, 10))[cases["registered"].pk] == State.REGISTERED
    assert states(date(2023, 5, 31))[cases["appraised"].pk] == State.REGISTERED
    assert states(date(2023, 6, 1))[cases["appraised"].pk] == State.APPRAISED
    # Taken in from its paper: nothing is known of the time before.
    assert states(date(2023, 11, 30))[cases["pilot"].pk] is None
    assert states(date(2024, 2, 29))[cases["revoked"].pk] == State.RECOGNISED
    assert states(date(2024, 3, 1))[cases["revoked"].pk] == State.REVOKED


@pytest.mark.parametrize("communes", [1, 12])
@pytest.mark.parametrize(
    "query", [{}, {"ngay": "2024-06-01"}, {"ngay": "2024-06-01", "dia_gioi": "hien-nay"}]
)
def test_the_board_needs_twelve_queries_for_any_number(
    client, officer, province, communes, query, django_assert_max_num_queries
):
    for _ in range(communes):
        factories.title_case(of=cell_in(factories.commune(parent=province)), recognised_on=date(2023, 1, 1))
    client.force_login(officer)
    client.get(BOARD)

    with django_assert_max_num_queries(12 + 3):  # and three of signing in
        assert len(client.get(BOARD, query).context["board"].shown) == communes


@pytest.mark.parametrize("count", [2, 40])
def test_queries_of_the_list_do_not_grow(client, officer, commune, count, django_assert_max_num_queries):
    for cell in factories.many_cells(commune, count):
        factories.title_case(of=cell, recognised_on=date(2023, 1, 1))
    client.force_login(officer)
    client.get(LIST)

    with django_assert_max_num_queries(15):
        client.get(LIST)


def test_addresses_of_numbers_stay_short(client, officer, cases):
    for row in board_of(client, officer).rows:
        for *_rest, url in row.cells:
            assert len(urlsplit(url).query) < 60
