"""The board of follow-up: every number opens the list it counts, as of its day, in few queries."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from cells.models import Limits, LineKind, Unit
from dashboards.figures.board import Board
from dashboards.figures.frames import Frame
from dashboards.follow_up.figures import FollowUpBoard
from dashboards.follow_up.home import officer_home
from dashboards.follow_up.pack import pack_of
from leaders.models import Visit
from sheets.reading import read_workbook
from tests import factories
from tests.desk.reorganisation.acting import carry_out, event_of, line


@pytest.fixture
def hamlets(commune):
    return [factories.hamlet(parent=commune, name=str(number)) for number in range(1, 7)]


@pytest.fixture
def followed(hamlets, commune, neighbour):
    """Five hamlets are followed, one by two; one officer has four; a second commune has one hamlet and nobody."""
    busy = factories.person(keeper=commune, full_name="Trần Thị Hoa")
    for hamlet in hamlets[:4]:
        factories.assignment(of=hamlet, person=busy)
    factories.assignment(of=hamlets[0], organisation="Hội Nông dân xã")
    factories.assignment(of=hamlets[4])
    factories.assignment(of=commune)
    factories.hamlet(parent=neighbour, name="9")
    return busy.assignments.order_by("pk")


def board_of(user, unit, day=None) -> FollowUpBoard:
    return FollowUpBoard(Frame(unit, day or timezone.localdate(), user))


def test_it_counts_what_the_figures_count(client, officer, province, followed):
    board, figures = (
        board_of(officer, province),
        Board(Frame(province, timezone.localdate(), officer)).figures,
    )

    assert (board.followed, board.hamlets, board.without, board.several) == (5, 7, 2, 1)
    assert (figures["hamlets_with_officer"].numerator, figures["hamlets_with_officer"].denominator) == (5, 7)
    assert board.communes_followed == figures["communes_with_officer"].numerator == 1
    client.force_login(officer)
    assert f"<h3>{figures['communes_with_officer'].label}</h3>" in (
        client.get(reverse("follow_up_board:board")).content.decode()
    )
    assert (board.officers_of_hamlets, board.officers_of_communes) == (3, 1)


def test_two_spellings_of_an_organisation_are_one_officer(officer, province, hamlets, commune):
    """As they are to the rule that nobody follows a hamlet twice; what was visited under either is told of it."""
    today = timezone.localdate()
    first, other = (
        factories.assignment(of=hamlet, organisation=name)
        for hamlet, name in zip(hamlets, ("Phòng Nội vụ", "Phòng nội vụ"), strict=False)
    )
    over = factories.assignment(of=hamlets[2], organisation="PHÒNG NỘI VỤ", ends_on=today - timedelta(days=3))
    factories.visit(under=over, day=today - timedelta(days=9))

    board = board_of(officer, province)

    (line,) = board.officers
    assert (board.officers_of_hamlets, line.hamlets) == (1, 2)
    assert line.last_visit == today - timedelta(days=9)
    assert pack_of(first, officer).assignments == [first, other]


def test_a_hamlet_has_one_officer_by_whichever_spelling_when_two_have_become_one(
    officer, province, hamlets, commune
):
    for hamlet, name in zip(hamlets, ("Phòng Nội vụ", "Phòng nội vụ"), strict=False):
        factories.assignment(of=hamlet, organisation=name)
    event = event_of(commune)
    line(event, LineKind.FOUND, units=hamlets[:2], name="Hòa Bình", unit_kind="ap")
    carry_out(event)

    board = board_of(officer, province)

    assert (board.followed, board.several, board.officers_of_hamlets) == (1, 0, 1)


def test_a_commune_is_a_board_of_its_own(clerk, commune, followed):
    board = board_of(clerk, commune)

    assert (board.followed, board.hamlets) == (5, 6)
    assert [line.unit for line in board.communes] == [commune]
    assert (board.officers_of_hamlets, board.officers_of_communes) == (3, 1)


def test_who_has_too_many_follows_the_limit_of_the_province(officer, province, followed):
    assert board_of(officer, province).too_many == 1
    Limits.objects.create(province=province, most_hamlets=4)
    assert board_of(officer, province).too_many == 0


def test_another_day_answers_for_itself(officer, province, followed):
    for one in followed:
        one.ends_on = date(2025, 12, 31)
        one.save()

    assert board_of(officer, province, date(2025, 12, 31)).followed == 5
    assert board_of(officer, province, date(2026, 1, 1)).followed == 2


@pytest.fixture
def visited(followed):
    today = timezone.localdate()
    first = followed[0]
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=10)
    factories.visit(under=first, day=month, attended=True, minutes_attended=True)
    factories.visit(under=followed[1], day=month, attended=True, minutes_attended=False)
    factories.visit(
        under=followed[2],
        day=before,
        attended=False,
        promise="Xin kinh phí",
        promise_due=today - timedelta(days=1),
        reported_at=timezone.now(),
    )
    factories.visit(under=followed[3], day=before, attended=None, minutes_attended=True)
    Visit.objects.filter(day=month).update(
        reported_at=timezone.make_aware(timezone.datetime(month.year, month.month, month.day, 20))
    )
    return followed


def test_visits_month_by_month_with_both_words_side_by_side(officer, province, visited):
    now, before, *older = board_of(officer, province).months

    assert (now.visits, now.own.attended, now.minutes.attended, now.minutes.told, now.differ) == (
        2,
        2,
        1,
        2,
        1,
    )
    assert (before.visits, before.own.attended, before.own.told, before.minutes.attended) == (2, 0, 1, 1)
    assert len(older) == 10
    assert not any(month.visits for month in older)


def test_late_overdue_and_who_has_not_been_there(officer, province, visited):
    board = board_of(officer, province)

    assert board.told["overdue"] == board.told["open"] == 1
    assert board.told["late"] == 1 or (timezone.localdate().day < 8 and board.told["late"] in (0, 1))
    # The organisation, the other officer, and the one of the commune.
    assert board.without_visit == 3


def links(html: str) -> list[tuple[int, str]]:
    return [
        (int(number), url.replace("&amp;", "&"))
        for url, number in re.findall(r'<a href="([^"]+)">(\d+)</a>', html)
    ]


def test_every_number_opens_a_list_of_that_length(client, officer, province, visited):
    client.force_login(officer)
    html = client.get(reverse("follow_up_board:board")).content.decode()
    main = html[html.index('class="tiles"') :]
    said = [
        (int(re.search(r"\d+", text).group()), url.replace("&amp;", "&"))
        for url, text in re.findall(r'<p class="tile-note"><a href="([^"]+)">([^<]+)</a>', main)
    ]

    found = [*links(main), *said]
    assert len(found) > 40
    for number, url in dict.fromkeys(found):
        page = client.get(url)
        assert page.status_code == 200, url
        assert page.context["page"].paginator.count == number, url


@pytest.mark.parametrize(
    ("name", "rows"), [("follow_up_officers", 4), ("follow_up_places", 7), ("follow_up_visits", 4)]
)
def test_the_lists_are_taken_out_as_they_are_shown(client, officer, province, visited, name, rows):
    client.force_login(officer)

    export = client.get(reverse(f"exporting:{name}"))

    lines = read_workbook(export.getvalue(), "x.xlsx").sheets[0].rows
    assert sum(str(line[0]).isdecimal() for line in lines if line) == rows


@pytest.mark.parametrize(
    ("name", "query"),
    [("officers", "loc=la"), ("visits", "thang=thang-3"), ("places", "noi=99999"), ("board", "noi=x")],
)
def test_what_is_not_offered_is_not_found(client, officer, followed, name, query):
    client.force_login(officer)

    assert client.get(reverse(f"follow_up_board:{name}") + f"?{query}").status_code == 404


def test_a_neighbour_sees_nothing_of_it(client, neighbour, followed, commune):
    clerk = factories.user(role="commune_staff", keeps=[neighbour])
    client.force_login(clerk)

    html = client.get(reverse("follow_up_board:officers")).content.decode()

    assert "Trần Thị Hoa" not in html
    assert client.get(reverse("follow_up_board:officers") + f"?noi={commune.pk}").status_code == 404


def grow(commune, province, number: int):
    for place in (commune, factories.commune(parent=province)):
        for name in range(100, 100 + number):
            one = factories.assignment(of=factories.hamlet(parent=place, name=str(name)))
            factories.visit(under=one)


@pytest.mark.parametrize("name", ["board", "officers", "places", "visits"])
def test_pages_need_the_same_queries_for_any_number_of_hamlets(
    client, officer, province, commune, visited, queries_of, name
):
    client.force_login(officer)
    url = reverse(f"follow_up_board:{name}")
    queries_of(url)
    few = queries_of(url)

    grow(commune, province, 5)

    assert queries_of(url) == few
    # Two of them are the session and who has signed in.
    assert few <= 14


def test_the_pages_of_an_officer_and_a_commune_need_the_same_queries(
    client, officer, commune, visited, queries_of
):
    client.force_login(officer)
    urls = [
        reverse("follow_up_board:commune", args=[commune.pk]),
        reverse("follow_up_board:officer", args=[visited[0].pk]),
        reverse("follow_up_board:pack", args=[visited[0].pk]),
    ]
    few = [queries_of(url) for url in urls]
    for number in range(20, 26):
        hamlet = factories.hamlet(parent=commune, name=str(number))
        factories.tenure(cell=factories.cell(of=hamlet))
        factories.visit(under=factories.assignment(of=hamlet, person=visited[0].person), promise="Hẹn")

    more = [queries_of(url) for url in urls]

    assert more[:2] == few[:2]
    # Nothing is asked of cells and people where there are none.
    assert more[2] - few[2] <= 4
    assert more[2] <= 26


def test_what_was_open_on_a_past_day_stays_so(client, officer, province, hamlets):
    """Kept since, a promise was open on the days before; also in the list behind the number."""
    today = timezone.localdate()
    past = today - timedelta(days=7)
    assignment = factories.assignment(of=hamlets[0])
    visit = factories.visit(
        under=assignment,
        day=today - timedelta(days=40),
        promise="Xin kinh phí",
        promise_due=today - timedelta(days=20),
    )
    Visit.objects.filter(pk=visit.pk).update(promise_kept_on=today)
    client.force_login(officer)

    then, now = (board_of(officer, province, day).told for day in (past, today))

    assert (then["open"], then["overdue"]) == (1, 1)
    assert (now["open"], now["overdue"]) == (0, 0)
    for shown, counted in (("con-mo", 1), ("qua-han", 1), ("da-xong", 0)):
        page = client.get(reverse("follow_up_board:visits"), {"ngay": past.isoformat(), "loc": shown})
        assert page.context["page"].paginator.count == counted, shown


def test_it_is_told_in_the_borders_of_the_day_alone(client, officer, province, followed):
    client.force_login(officer)

    page = client.get(reverse("follow_up_board:board"), {"dia_gioi": "hien-nay"})

    assert (page.context["board"].followed, page.context["board"].hamlets) == (5, 7)
    assert not page.context["is_now"]


def test_what_was_promised_at_a_commune_is_on_the_first_page_and_in_the_pack(commune, hamlets):
    account, assignment = factories.follower(commune)
    visits = [
        factories.visit(under=assignment, unit=unit, promise="Xin kinh phí") for unit in (commune, hamlets[0])
    ]

    assert set(officer_home(account)["promises"]) == set(visits)
    assert set(pack_of(assignment, account).promises) == set(visits)


def test_what_is_open_in_a_merged_commune_is_open_on_the_board_of_its_heir(
    client, officer, province, commune, neighbour
):
    hamlet = factories.hamlet(parent=commune, name="1")
    factories.visit(
        under=factories.assignment(of=hamlet),
        day=date(2026, 4, 10),
        promise="Xin kinh phí",
        promise_due=date(2026, 6, 1),
    )
    event = event_of(province)
    line(event, LineKind.FOUND, units=[commune, neighbour], name="Phú Long", unit_kind="xa", code="28999")
    carry_out(event)
    heir = Unit.objects.get(code="28999")
    client.force_login(officer)

    for unit, day, count in (
        (heir, date(2026, 11, 30), 1),
        (province, date(2026, 11, 30), 1),
        (commune, date(2026, 4, 20), 1),
    ):
        assert board_of(officer, unit, day).told["open"] == count
        page = client.get(
            reverse("follow_up_board:visits"), {"noi": unit.pk, "ngay": day.isoformat(), "loc": "con-mo"}
        )
        assert page.context["page"].paginator.count == count


def test_each_place_is_called_by_its_own_word(client, officer, commune):
    quarter = factories.hamlet(parent=commune, name="9", kind="khu_pho")
    one = factories.assignment(of=quarter)
    client.force_login(officer)

    of_officer = client.get(reverse("follow_up_board:officer", args=[one.pk])).content.decode()
    everybody = client.get(reverse("follow_up_board:officers")).content.decode()

    assert "cán bộ theo dõi khu phố" in of_officer
    assert "Theo dõi khu phố</option>" in everybody
    assert one.spoken_kind == "cán bộ theo dõi khu phố"


def test_the_papers_of_a_hand_over_name_the_head_and_who_was_not_there(officer, hamlets):
    one = factories.assignment(of=hamlets[0])
    factories.visit(under=one, day=date(2026, 11, 6), attended=False, remark="Bận họp")

    pack = pack_of(one, officer)

    assert pack.figures()["chuc_danh"] == "Trưởng ấp"
    assert pack.figures()["cac_dong"][0]["lan_cuoi"] == "06/11/2026 (không dự): Bận họp"
    heads = [
        cell.text for table in Document(BytesIO(pack.write("docx"))).tables for cell in table.rows[0].cells
    ]
    assert "Trưởng ấp" in heads
