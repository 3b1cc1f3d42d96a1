"""The board of a year: who is late, how far each is, and not one level before it is sent."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from cells.models import Cell
from evaluations.models import CellRating, LeaderRating, Level, Submission
from evaluations.review.listing import exclude
from evaluations.review.opening import confirm_list
from evaluations.review.steps import take
from tests import factories
from tests.dashboards.review.conftest import YEAR, Kind, get

MOST_QUERIES = 12
# What the middleware asks to know who has signed in.
TO_SIGN_IN = 2


def rows_of(client, user, **query):
    return {str(row.file.commune): row for row in get(client, user, "board", **query).context["rows"]}


def test_communes_stand_by_lateness_then_by_how_far_they_are(
    client, officer, cycle, commune, neighbour, province, file, neighbour_file, enter
):
    third = factories.commune(parent=province, name="An Định")
    Submission.objects.create(cycle=cycle, commune=third, deadline=timezone.localdate() - timedelta(days=2))
    enter(file, [Level.GOOD])
    Submission.objects.filter(pk=neighbour_file.pk).update(deadline=timezone.localdate() - timedelta(days=1))

    assert list(rows_of(client, officer)) == ["Xã An Định", "Xã Giao Long", "Xã Phú Túc"]


def test_a_board_says_how_far_a_commune_is_and_none_of_its_levels_before_they_are_sent(
    client, officer, reader, file, enter
):
    enter(file, [Level.EXCELLENT, Level.NOT_COMPLETED], note="chưa gửi thì chưa ai biết")

    for user in (officer, reader):
        row = rows_of(client, user)["Xã Phú Túc"]
        assert (row.progress.entered, row.progress.subject) == (2, 3)
        assert (row.shows_levels, sum(row.levels.values())) == (False, 0)
        for name in ("board", "attention", "shares", "results", "people", "committees"):
            text = get(client, user, name).content.decode()
            assert "chưa gửi thì" not in text
            assert "level-NOT_COMPLETED" not in text
            assert "level-EXCELLENT" not in text
        text = get(client, user, "file", YEAR, file.pk).content.decode()
        assert "Chi bộ Tân Lộc 1" in text
        assert 'class="level ' not in text
        assert "Lý do" not in text.replace("Lý do, ghi chú", "")


def test_levels_of_a_sent_file_stand_beside_those_of_the_year_before(
    client, officer, province, cells, cycle, file, send
):
    before = factories.cycle(province=province, year=YEAR - 1)
    for cell in cells:
        factories.rating(of=cell, cycle=before, level=Level.COMPLETED)
    send(file, [Level.EXCELLENT, Level.GOOD, Level.GOOD])

    row = rows_of(client, officer)["Xã Phú Túc"]

    assert row.level_counts == [
        ("EXCELLENT", 1, 0), ("GOOD", 2, 0), ("COMPLETED", 0, 3), ("NOT_COMPLETED", 0, 0)
    ]  # fmt: skip


def test_a_withdrawn_file_is_the_communes_own_again(client, officer, clerk, file, send):
    sent = send(file, [Level.EXCELLENT, Level.GOOD, Level.GOOD])
    take(sent, Kind.WITHDRAWN, by=clerk, text="Sửa một chi bộ")

    row = rows_of(client, officer)["Xã Phú Túc"]

    assert (row.shows_levels, sum(row.levels.values()), row.share.over) == (False, 0, 0)


def test_every_choice_shows_as_many_communes_as_it_says(client, officer, file, neighbour_file, send):
    send(file, [Level.EXCELLENT, Level.EXCELLENT, Level.GOOD])
    Submission.objects.filter(pk=neighbour_file.pk).update(deadline=timezone.localdate() - timedelta(days=3))

    choices = get(client, officer, "board").context["choices"]

    counts = {slug: count for slug, _label, count in choices}
    assert {slug: len(rows_of(client, officer, loc=slug)) for slug in counts} == counts
    assert (counts["da-gui"], counts["chua-thuc-hien"], counts["qua-han"], counts["vuot-ty-le"]) == (
        1,
        1,
        1,
        1,
    )


def test_sent_in_work_and_not_begun_are_all_that_is_due(client, officer, file, neighbour_file, enter):
    enter(file, [Level.GOOD])

    board = get(client, officer, "board").context["board"]

    counts = board.counts
    assert counts["da-gui"] + counts["dang-nhap"] + counts["chua-thuc-hien"] == board.due == 2


def test_words_narrow_the_board_without_diacritics(client, officer, cycle):
    assert list(rows_of(client, officer, q="phu tuc")) == ["Xã Phú Túc"]


def test_a_choice_that_is_not_offered_is_not_found(client, officer, cycle):
    get(client, officer, "board", loc="khac", status=404)


def test_completeness_counts_what_was_due_and_never_passes_the_whole(
    client, officer, cycle, file, neighbour_file, send
):
    for row in CellRating.objects.filter(cycle=cycle, commune=neighbour_file.commune):
        exclude(neighbour_file, row, reason="Đưa nhầm", by=officer)
    send(file, [Level.EXCELLENT, Level.GOOD, Level.GOOD])

    context = get(client, officer, "board").context

    assert context["total"].completeness == "100%"
    # Nothing is on the neighbour's list any more, so nothing is awaited from it.
    assert (context["board"].counts["da-gui"], context["board"].due) == (1, 1)


def test_whoever_may_see_telephone_numbers_is_told_whom_to_call(client, officer, reader, clerk, cycle):
    clerk.phone = "0912345678"
    clerk.save()

    assert "0912345678" in get(client, officer, "board").content.decode()
    assert "0912345678" not in get(client, reader, "board").content.decode()
    get(client, reader, "call_list", status=404)


def test_the_call_list_names_the_late_ones_with_the_telephone(client, officer, clerk, file, neighbour_file):
    clerk.phone = "0912345678"
    clerk.save()
    Submission.objects.filter(pk=file.pk).update(deadline=timezone.localdate() - timedelta(days=4))

    text = get(client, officer, "call_list").content.decode()

    assert "tel:0912345678" in text
    assert "uá hạn 4 ngày" in text
    assert "Giao Long" not in text


def test_while_lists_are_looked_through_the_board_says_who_has_not_confirmed(
    client, officer, clerk, prepared, commune
):
    confirm_list(factories.file_of(commune, prepared), by=clerk)

    assert list(rows_of(client, officer, loc="chua-xac-nhan")) == ["Xã Giao Long"]
    assert list(rows_of(client, officer, loc="da-xac-nhan")) == ["Xã Phú Túc"]


# --- who sees it -------------------------------------------------------------------------


def test_the_year_leads_everybody_to_their_own_page(client, officer, reader, clerk, file):
    address = reverse("review_board:year", args=[YEAR])
    board, grid = reverse("review_board:board", args=[YEAR]), reverse("review:grid", args=[YEAR, file.pk])

    for user, target in ((officer, board), (reader, board), (clerk, grid)):
        client.force_login(user)
        assert client.get(reverse("review_board:years"))["Location"] == address
        assert client.get(address)["Location"] == target


def test_whoever_keeps_two_communes_chooses_one(client, commune, neighbour, cycle):
    both = factories.user(role=Role.COMMUNE_STAFF, keeps=[commune, neighbour])

    text = get(client, both, "year").content.decode()

    assert "Phú Túc" in text
    assert "Giao Long" in text


@pytest.mark.parametrize("name", ["board", "attention", "shares", "call_list", "committees"])
def test_pages_of_the_province_are_not_there_for_a_commune(client, clerk, outsider, cycle, name):
    get(client, clerk, name, status=404)
    get(client, outsider, name, status=404)


def test_a_file_of_another_province_is_not_there(client, outsider, clerk, file):
    get(client, outsider, "file", YEAR, file.pk, status=404)
    get(client, clerk, "file", YEAR, file.pk, status=404)


def test_papers_of_a_past_year_are_shown_as_counts_that_open_lists(client, officer, clerk, province, cells):
    past = factories.cycle(province=province, year=2020)
    factories.rating(of=cells[0], cycle=past, level=Level.EXCELLENT)

    client.force_login(officer)
    assert client.get(reverse("review_board:board", args=[2020]))["Location"].endswith(
        "/danh-gia/2020/ket-qua/"
    )
    assert "Chi bộ Tân Lộc 1" in get(client, officer, "results", 2020, muc="EXCELLENT").content.decode()
    assert "Chi bộ Tân Lộc 1" in get(client, clerk, "results", 2020).content.decode()
    assert get(client, clerk, "year", 2020).status_code == 200
    tables = get(client, officer, "summary", 2020).context["tables"]
    assert [(dict(levels)["EXCELLENT"], without, count) for _l, _n, levels, without, count in tables] == [
        (1, 0, 1), (0, 0, 0)
    ]  # fmt: skip


# --- weight ------------------------------------------------------------------------------


def test_the_board_needs_the_same_few_queries_for_any_number_of_communes(
    client, officer, province, file, send, queries_of
):
    send(file, [Level.EXCELLENT, Level.GOOD, Level.GOOD])
    client.force_login(officer)
    few = queries_of(reverse("review_board:board", args=[YEAR]))
    cycle = file.cycle
    _many(cycle, province, officer)

    many = queries_of(reverse("review_board:board", args=[YEAR]))

    assert CellRating.objects.filter(cycle=cycle).count() > 3000
    assert many == few
    assert many - TO_SIGN_IN <= MOST_QUERIES


def _many(cycle, province, officer, *, communes: int = 124, each: int = 25):
    """Bring the year to so many communes, each with its file, its cells and its rows; half are sent."""
    units = [factories.commune(parent=province) for _number in range(communes)]
    decision = factories.decision()
    now = timezone.now()
    files = [
        Submission(cycle=cycle, commune=unit, state="sent", sent_at=now, decision=decision)
        if number % 2
        else Submission(cycle=cycle, commune=unit)
        for number, unit in enumerate(units)
    ]
    Submission.objects.bulk_create(files)
    cells = Cell.objects.bulk_create(
        Cell(
            name=f"Chi bộ {unit.pk}-{n}",
            code=f"M{unit.pk}-{n}",
            province=province,
            commune=unit,
            search_key="x",
            sort_key="x",
        )
        for unit in units
        for n in range(each)
    )
    sent = {file.commune_id for file in files if file.state == "sent"}
    levels = list(Level)
    CellRating.objects.bulk_create(
        CellRating(
            cycle=cycle,
            cell=cell,
            commune=cell.commune,
            province=province,
            proposed_level=levels[n % 3],
            withheld=cell.commune_id not in sent,
            **(
                {"decided_level": levels[n % 3], "decision": decision, "decided_on": decision.date}
                if cell.commune_id in sent
                else {}
            ),
        )
        for n, cell in enumerate(cells)
    )


# --- files -------------------------------------------------------------------------------


def test_what_is_seen_is_what_is_exported(client, officer, file, send):
    send(file, [Level.EXCELLENT, Level.GOOD, Level.GOOD])
    client.force_login(officer)

    response = client.get(reverse("exporting:review_board", args=[YEAR]), {"tep": "csv", "loc": "da-gui"})

    lines = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    (head,) = [n for n, line in enumerate(lines) if "HTXSNV" in line]
    row = dict(zip(lines[head], lines[head + 1], strict=True))
    assert (row["HTXSNV"], row["HTTNV"], row["Xã, phường"]) == ("1", "2", "Xã Phú Túc")
    assert "Giao Long" not in str(lines)


def test_an_export_tells_no_level_that_was_not_sent(client, officer, file, enter):
    enter(file, [Level.NOT_COMPLETED, Level.EXCELLENT], note="chưa gửi")
    client.force_login(officer)

    for name in ("review_board", "review_results", "review_people"):
        response = client.get(reverse(f"exporting:{name}", args=[YEAR]), {"tep": "csv"})
        lines = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
        assert "chưa gửi" not in str(lines)
        assert not {"HTXSNV", "KHTNV"} & {
            value for line in lines[2:] for value in line if line[0].isdecimal()
        }


def test_people_of_a_sent_file_are_listed(client, officer, file, send):
    send(file, [Level.GOOD] * 3)

    assert "Trần Thị Sáu" in get(client, officer, "people").content.decode()
    assert LeaderRating.objects.filter(cycle=file.cycle).count() == 1
