"""Đồng Tháp, 15/3/2022, played through: ratings by workbook, the streak list, the proposal, 104 commendations, and back out."""

from datetime import date
from itertools import cycle

import pytest
from django.urls import reverse

from accounts.models import Role
from dashboards.figures.board import Board
from dashboards.figures.frames import Frame
from desk.samples.dong_thap import EXCELLENT_THREE_YEARS, HAMLETS, YEARS
from evaluations.models import LeaderRating
from leaders.models import Commendation, Person
from tests import factories
from tests.desk.importing.desk import check, hand_in, told, workbook, write

COMMUNES = 4
EXCELLENT = ("HTXSNV", "HTXSNV", "HTXSNV")
OTHERS = (
    ("HTTNV", "HTTNV", "HTTNV"),
    ("HTXSNV", "HTTNV", "HTXSNV"),
    ("HTXSNV", None, "HTXSNV"),
    (None, "HTXSNV", "HTXSNV"),
)
HEAD = [
    "Năm",
    "Xã",
    "Họ và tên",
    "Xếp loại theo",
    "Mức xếp loại",
    "Số quyết định",
    "Ngày quyết định",
    "Cơ quan ban hành",
]


@pytest.fixture
def dong_thap():
    return factories.province(name="Đồng Tháp", code="87")


@pytest.fixture
def board_officer(dong_thap):
    return factories.user(role=Role.PROVINCIAL_STAFF, keeps=[dong_thap])


@pytest.fixture
def leaders(dong_thap):
    """698 secretaries in the communes of the province."""
    share, more = divmod(HAMLETS, COMMUNES)
    for number in range(COMMUNES):
        home = factories.commune(parent=dong_thap, name=f"Tân {factories.spelled(number)}")
        factories.many_cells(home, share + (number < more))
    return list(Person.objects.select_related("keeper").order_by("keeper", "pk"))


def ratings_of(leaders) -> bytes:
    """Return the workbook of three years: 104 excellent in all of them, the others not."""
    others = cycle(OTHERS)
    levels = [EXCELLENT if place < EXCELLENT_THREE_YEARS else next(others) for place in range(len(leaders))]
    rows = [
        [
            year,
            str(person.keeper),
            person.full_name,
            "Chức vụ",
            given[place],
            f"{year}-QĐ/TU",
            f"15/01/{year + 1}",
            "Tỉnh ủy Đồng Tháp",
        ]
        for place, year in enumerate(YEARS)
        for person, given in zip(leaders, levels, strict=True)
        if given[place]
    ]
    return workbook(HEAD, *rows)


def test_from_ratings_to_104_commendations(client, dong_thap, board_officer, leaders):
    assert len(leaders) == HAMLETS
    batch = hand_in(board_officer, ratings_of(leaders), kind="leader_ratings")
    assert told(check(batch, board_officer)) == {}
    write(batch, board_officer)
    assert LeaderRating.objects.filter(cycle__year=2021).count() == HAMLETS
    figures = Board(Frame(dong_thap, date(2022, 3, 15), board_officer)).figures
    assert figures["excellent_streak"].numerator == EXCELLENT_THREE_YEARS

    # The streak list with its proof is the proposal.
    client.force_login(board_officer)
    asked = {"nam": 2021, "so_nam": 3}
    page = client.get(reverse("learning:proposal"), asked)
    rows = page.context["proposal"].rows
    assert len(rows) == EXCELLENT_THREE_YEARS
    assert all(one.is_kept and not one.already for one in rows)
    assert {one.row.years for one in rows} == {"2019, 2020, 2021"}
    assert "2019-QĐ/TU" in rows[0].row.proofs
    assert page.content.decode().count(" checked") >= EXCELLENT_THREE_YEARS
    paper = client.get(page.context["paper_url"])
    assert paper.status_code == 200
    assert "104" in paper.content.decode()

    # One form with number, day, body and signer records all of them.
    fields = {
        "chon": [one.key for one in rows],
        "form": "diploma",
        "merit": page.context["form"].initial["merit"],
        "number": "268-QĐ/TU",
        "day": "2022-03-15",
        "body": "Tỉnh ủy Đồng Tháp",
        "signer": "Nguyễn Văn Mẫu",
    }
    client.post(f"{reverse('learning:record')}?nam=2021&so_nam=3", fields)
    given = Commendation.objects.select_related("decision")
    assert given.count() == EXCELLENT_THREE_YEARS
    one = given.first()
    assert (one.year, one.streak_years, one.form, one.decision.number) == (2021, 3, "diploma", "268-QĐ/TU")
    assert one.merit == "3 năm liền (2019–2021) được xếp loại HTXSNV"
    assert len({row.history.get().change_set_id for row in given}) == 1

    # Who was commended is marked, and nobody is commended twice by the same paper.
    again = client.get(reverse("learning:proposal"), asked)
    assert again.context["commended"] == EXCELLENT_THREE_YEARS
    assert " checked" not in again.content.decode()
    client.post(f"{reverse('learning:record')}?nam=2021&so_nam=3", fields)
    assert Commendation.objects.count() == EXCELLENT_THREE_YEARS

    # What is taken out as a workbook comes in without a difference.
    export = client.get(reverse("exporting:commendations"), {"nhieu_nam": "co"})
    batch = hand_in(board_officer, b"".join(export.streaming_content))
    result = check(batch, board_officer)
    assert batch.kind == "commendations"
    assert told(result) == {}
    assert len(result["rows"]) == EXCELLENT_THREE_YEARS
    assert {row["outcome"] for row in result["rows"]} == {"skip"}


# --- who may, and what counts ----------------------------------------------------------------


@pytest.fixture
def streak(province, commune):
    """A secretary of the commune rated excellent in three years."""
    cell = factories.cell(of=factories.hamlet(parent=commune))
    person = factories.tenure(cell=cell).person
    for year in YEARS:
        of_year = factories.cycle(province=province, year=year)
        paper = factories.decision(date=date(year + 1, 1, 15))
        factories.leader_rating(
            of=person, cell=cell, cycle=of_year, level="EXCELLENT", basis="office", decision=paper
        )
    return person


FIELDS = {
    "form": "paper",
    "merit": "Ba năm liền",
    "number": "1-QĐ/ĐU",
    "day": "2022-03-15",
    "body": "Đảng ủy xã",
    "signer": "",
}


def record(client, person, **changed):
    return client.post(
        f"{reverse('learning:record')}?nam=2021", {**FIELDS, "chon": f"p{person.pk}", **changed}
    )


def test_a_commune_commends_its_own(client, clerk, commune, streak):
    client.force_login(clerk)

    record(client, streak)

    assert Commendation.objects.get().decision.unit == commune


def test_nobody_else_commends(client, reader, neighbour, streak):
    client.force_login(reader)
    assert record(client, streak).status_code == 403

    client.force_login(factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour]))
    record(client, streak)

    assert not Commendation.objects.exists()


def test_who_is_no_longer_on_the_list_is_not_commended(client, officer, streak):
    rating = LeaderRating.objects.get(cycle__year=2020)
    LeaderRating.objects.filter(pk=rating.pk).update(decided_level="GOOD")
    client.force_login(officer)

    page = record(client, streak)

    assert "không còn trong danh sách" in page.content.decode()
    assert not Commendation.objects.exists()


def test_a_paper_of_tomorrow_is_refused_and_the_ticks_stay(client, officer, streak):
    client.force_login(officer)

    page = record(client, streak, day="2099-01-01")

    assert not Commendation.objects.exists()
    assert f'value="p{streak.pk}"' in page.content.decode()
    assert " checked" in page.content.decode()


def test_a_longer_streak_marks_what_was_commended_before(client, officer, province, streak):
    client.force_login(officer)
    record(client, streak)
    of_2022 = factories.cycle(province=province, year=2022)
    factories.leader_rating(
        of=streak,
        cell=streak.tenures.get().cell,
        cycle=of_2022,
        level="EXCELLENT",
        basis="office",
        decision=factories.decision(date=date(2023, 1, 15)),
    )

    (one,) = client.get(reverse("learning:proposal"), {"nam": 2022}).context["proposal"].rows

    assert one.already == [Commendation.objects.get()]
    assert one.row.streak.length == 4


def test_cells_are_proposed_as_well(client, officer, province, commune):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    for year in YEARS:
        paper = factories.decision(date=date(year + 1, 1, 15))
        factories.rating(
            of=cell, cycle=factories.cycle(province=province, year=year), level="EXCELLENT", decision=paper
        )
    client.force_login(officer)

    client.post(f"{reverse('learning:record')}?nam=2021&loai=chi-bo", {**FIELDS, "chon": f"c{cell.pk}"})

    one = Commendation.objects.get()
    assert (one.cell, one.person, one.streak_years) == (cell, None, 3)


def test_the_proposal_needs_the_same_queries_for_any_number(
    client, officer, province, commune, django_assert_max_num_queries
):
    cells = factories.many_cells(commune, 20)
    for _ in range(5):
        factories.commune(parent=province)
    people = [cell.tenures.get().person for cell in cells]
    for year in YEARS:
        of_year, paper = (
            factories.cycle(province=province, year=year),
            factories.decision(date=date(year + 1, 1, 15)),
        )
        for person, cell in zip(people, cells, strict=True):
            factories.leader_rating(
                of=person, cell=cell, cycle=of_year, level="EXCELLENT", basis="office", decision=paper
            )
    client.force_login(officer)

    with django_assert_max_num_queries(17):
        page = client.get(reverse("learning:proposal"), {"nam": 2021})

    assert len(page.context["proposal"].rows) == 20
