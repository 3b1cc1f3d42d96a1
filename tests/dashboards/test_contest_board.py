"""The board of a term: what is planned, held, failed, run again; the pairs; every number is its list."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from cells.actions import NewCell, found_cells
from dashboards.contests.board import TermBoard
from dashboards.contests.states import PAIRS, STATES
from desk.importing.forms import FORMS
from leaders.contests.planning import Calendar, carry_out, draw_up
from leaders.contests.results import Stood, next_attempt, record_result
from leaders.models import Contest
from tests import factories
from tests.desk.importing.desk import check, hand_in, told

TERM = "2025-2027"
FIRST, LATER = date(2025, 1, 12), date(2025, 2, 9)
ELECTION, CONGRESS = Contest.Kind.HEAD_ELECTION, Contest.Kind.CONGRESS


def result(body, kind, *names, day=FIRST, outcome="held", person=None):
    """Record a result; the first of the names is elected, unless it failed."""
    contests = Contest.objects.filter(
        kind=kind, term=TERM, **{"cell" if kind == CONGRESS else "hamlet": body}
    )
    contest = contests.exclude(outcome="failed").first()
    seen = contest.revision if contest else contests.count()
    contest = contest or next_attempt(kind, body, TERM)
    stood = [
        Stood(
            person=person if not number else None,
            name="" if person and not number else name,
            office="secretary" if kind == CONGRESS else "",
            votes=60 if outcome == "held" and not number else 5,
            elected=outcome == "held" and not number,
        )
        for number, name in enumerate(names or ("Cao Thị Hạnh",))
    ]
    return record_result(
        contest, {"outcome": outcome, "held_on": day, "present": 100, "method": "hands"}, stood, seen=seen
    )


def cell_of(hamlet):
    return hamlet.cell_areas.get().cell


@pytest.fixture
def hamlets(commune):
    """Eight hamlets of one commune, each with its cell."""
    made = [factories.hamlet(parent=commune, name=str(number)) for number in range(1, 9)]
    for hamlet in made:
        factories.cell(of=hamlet, name=f"Chi bộ ấp {hamlet.name}")
    return made


@pytest.fixture
def term(commune, neighbour, hamlets):
    """One hamlet in each state; the neighbour has nothing but one hamlet that is not planned."""
    factories.cell(of=factories.hamlet(parent=neighbour, name="9"), name="Chi bộ ấp 9")
    days = [Calendar(ELECTION, FIRST, FIRST), Calendar(CONGRESS, LATER, LATER)]
    plan = draw_up(commune, TERM, days)
    last = hamlets[7]
    plan.new = [one for one in plan.new if one.hamlet_id != last.pk and one.cell_id != cell_of(last).pk]
    carry_out(plan)
    same, first_party, two, only, failed, again, won_later, _none = hamlets
    head = result(same, ELECTION, "Cao Thị Hạnh", day=FIRST).candidacies.get().person
    result(cell_of(same), CONGRESS, "Cao Thị Hạnh", day=LATER, person=head)
    leader = result(cell_of(first_party), CONGRESS, "Lý Văn Sang", day=FIRST).candidacies.get().person
    result(first_party, ELECTION, "Lý Văn Sang", day=LATER, person=leader)
    result(two, ELECTION, "Võ Minh Trí")
    result(cell_of(two), CONGRESS, "Đặng Thị Mai", day=LATER)
    result(only, ELECTION, "Trần Văn Bảy")
    result(failed, ELECTION, "Ngô Thị Ba", outcome="failed")
    result(again, ELECTION, "Hồ Văn Tư", outcome="failed")
    next_attempt(ELECTION, again, TERM).save()
    result(won_later, ELECTION, "Đỗ Minh Năm", outcome="failed")
    result(won_later, ELECTION, "Đỗ Minh Năm", day=LATER)
    return TERM


def board(user, area, term=TERM):
    return TermBoard(term, user, area, timezone.localdate())


def test_elections_and_congresses_have_their_own_states_and_totals(
    officer, province, commune, neighbour, term
):
    found = {row.unit: row for row in board(officer, province).rows}

    election, congress = found[commune].sides
    assert {slug: count for slug, _label, count in election.states} == {
        "du-kien": 0,
        "da-to-chuc": 5,
        "khong-thanh": 1,
        "to-chuc-lai": 1,
        "sau-lan-dau": 1,
        "qua-ngay": 0,
        "chua-ghi-nguoi": 0,
        "chua-ke-hoach": 1,
    }
    # The day of the other congresses has gone by.
    assert congress.of("qua-ngay") == congress.of("du-kien") == 4
    assert (election.held, election.called, congress.held, congress.called) == (5, 7, 3, 7)
    assert congress.of("chua-ke-hoach") == 1
    assert (found[neighbour].election.called, found[neighbour].election.of("chua-ke-hoach")) == (0, 1)


def test_pairs_say_who_was_elected_in_both(officer, province, commune, term):
    total = board(officer, province).total

    assert total.pairs == 7
    assert {slug: count for slug, _label, count in total.pair_states} == {
        "dai-hoi-xong": 3,
        "bau-xong": 5,
        "ca-hai": 3,
        "mot-nguoi": 2,
        "dan-tin-dang-cu": 1,
        "khac-nguoi": 1,
        "chua-ro": 0,
    }


def test_every_number_of_the_board_is_the_length_of_its_list(
    client, officer, province, commune, neighbour, term
):
    client.force_login(officer)
    shown = board(officer, province)

    for row in [*shown.rows, shown.total]:
        place = {"don_vi": row.unit.pk} if row.unit else {}
        for slug, side in (("bau-truong", row.election), ("dai-hoi", row.congress)):
            for state in STATES:
                page = client.get(
                    reverse("elections_board:contests", args=[TERM]), {"loai": slug, "loc": state, **place}
                )
                assert page.context["page"].paginator.count == side.of(state), (row.unit, slug, state)
        for state in PAIRS:
            page = client.get(reverse("elections_board:pairs", args=[TERM]), {"loc": state, **place})
            assert page.context["page"].paginator.count == row.pair.get(state, 0), (row.unit, state)
    page = client.get(reverse("elections_board:board", args=[TERM]))
    assert "loc=khac-nguoi" in page.content.decode()


def test_what_was_held_is_not_yet_known_to_have_elected_somebody(officer, province, hamlets):
    for body, kind in ((hamlets[0], ELECTION), (cell_of(hamlets[0]), CONGRESS)):
        contest = next_attempt(kind, body, TERM)
        contest.held_on, contest.outcome = FIRST, "held"
        contest.save()
    result(hamlets[1], ELECTION)

    total = board(officer, province).total

    assert [(side.held, side.elected) for side in total.sides] == [(2, 1), (1, 0)]


def test_a_commune_counts_its_own_alone(clerk, officer, commune, neighbour, term):
    other = factories.user(role="commune_staff", keeps=[neighbour])

    assert board(clerk, commune).total.election.called == 7
    assert board(other, neighbour).total.election.called == 0
    assert board(other, None).total.pairs == 0


def test_what_was_planned_for_a_hamlet_that_ended_is_not_awaited(officer, province, hamlets, term):
    waiting = Contest.objects.get(hamlet=hamlets[5], outcome="planned")
    hamlets[5].closed_on = date(2025, 6, 1)
    hamlets[5].save()

    counts = board(officer, province).total.election

    assert waiting.outcome == "planned"
    assert (counts.of("to-chuc-lai"), counts.called) == (0, 6)


def test_a_joint_cell_makes_a_pair_with_each_of_its_hamlets(officer, province, commune):
    one, two = (factories.hamlet(parent=commune, name=name) for name in "12")
    (cell,) = found_cells([NewCell(commune=commune, name="Chi bộ ghép 1, 2", hamlets=[one, two])])
    head = result(one, ELECTION, "Cao Thị Hạnh").candidacies.get().person
    result(two, ELECTION, "Lý Văn Sang")
    result(cell, CONGRESS, "Cao Thị Hạnh", day=LATER, person=head)

    total = board(officer, province).total

    assert (total.pairs, total.congress.called) == (2, 1)
    assert (total.pair["mot-nguoi"], total.pair["khac-nguoi"]) == (1, 1)


@pytest.mark.parametrize("count", [2, 30])
def test_the_board_needs_the_same_queries_for_any_number(
    client, officer, province, commune, count, django_assert_max_num_queries
):
    for number in range(count):
        home = factories.commune(parent=province)
        factories.cell(of=factories.hamlet(parent=home, name=str(number)))
    carry_out(draw_up(province, TERM, [Calendar(kind, FIRST, FIRST) for kind in (ELECTION, CONGRESS)]))
    client.force_login(officer)
    shown = board(officer, province)

    with django_assert_max_num_queries(12):
        assert len(shown.rows) == count
    # With the session, the account, its grants, the words of its hamlets and the menu.
    with django_assert_max_num_queries(16):
        client.get(reverse("elections_board:board", args=[TERM]))
    with django_assert_max_num_queries(22):
        client.get(reverse("elections_board:pairs", args=[TERM]))


def test_the_plan_is_taken_out_and_in_again(client, clerk, commune, term):
    client.force_login(clerk)

    response = client.get(reverse("exporting:elections_contests", args=[TERM]))

    data = b"".join(response.streaming_content)
    shown = check(hand_in(clerk, data, "bieu.xlsx"), clerk)
    assert told(shown) == {}
    assert shown["counts"]["skip"] > 10
    assert not any(shown["counts"][key] for key in ("new", "update", "faulty"))
    assert FORMS["contests"].models == {"contest"}


@pytest.mark.parametrize("name", ["elections_board", "elections_pairs"])
def test_board_and_pairs_are_taken_out(client, officer, term, name):
    client.force_login(officer)

    response = client.get(reverse(f"exporting:{name}", args=[TERM]))

    values = [
        cell
        for row in load_workbook(BytesIO(b"".join(response.streaming_content))).active.values
        for cell in row
    ]
    assert "Xã Phú Túc" in values


def test_pages_say_what_does_not_belong_here(client, clerk, officer, commune, term):
    for user, address in (
        (officer, reverse("elections_board:board", args=[TERM])),
        (clerk, reverse("elections:plan")),
        (clerk, reverse("elections:grid", kwargs={"term": TERM, "pk": commune.pk, "kind": CONGRESS})),
    ):
        client.force_login(user)
        assert "phương án nhân sự chưa công bố" in client.get(address).content.decode()


def test_a_state_that_is_none_is_not_there(client, officer, term):
    client.force_login(officer)

    for name in ("contests", "pairs"):
        assert client.get(reverse(f"elections_board:{name}", args=[TERM]), {"loc": "x"}).status_code == 404
    assert client.get(reverse("elections_board:contests", args=[TERM]), {"loai": "x"}).status_code == 404
