"""What deserves a second look: each count opens the rows it counts, and only of what was sent."""

from decimal import Decimal

import pytest
from django.urls import reverse

from evaluations.models import CellRating, LeaderRating, Level
from evaluations.review.rows import Entry, mark_of, save_rows
from tests import factories
from tests.dashboards.review.conftest import YEAR, get


@pytest.fixture
def last_year(province, cells):
    before = factories.cycle(province=province, year=YEAR - 1)
    for cell, level in zip(cells, (Level.COMPLETED, Level.GOOD, Level.GOOD), strict=True):
        factories.rating(of=cell, cycle=before, level=level)


@pytest.fixture
def sent(last_year, file, clerk, send):
    """One excellent cell that was completed last year; its secretary is rated good; one cell is not completed."""
    row = LeaderRating.objects.get()
    save_rows(file, [Entry(LeaderRating, row.pk, mark_of(row, None), {"disciplined": True})], by=clerk)
    return send(
        file, [Level.EXCELLENT, Level.GOOD, Level.NOT_COMPLETED], points=Decimal(80), disciplined=False
    )


def counts(client, user) -> dict[str, tuple[int, str]]:
    return {
        str(label): (count, url) for label, count, url in get(client, user, "attention").context["counts"]
    }


def test_every_count_opens_as_many_rows(client, officer, sent):
    for label, (count, url) in counts(client, officer).items():
        context = client.get(url).context
        listed = len(context["table"].lines) if "table" in context else context["page"].paginator.count
        assert listed == count, label


def names(client, user, name, slug) -> list[str]:
    page = get(client, user, name, loc=slug).context["page"]
    return [str(getattr(row.rating, "person", None) or row.rating.cell) for row in page.object_list]


def test_who_is_named_and_why(client, officer, sent):
    assert names(client, officer, "results", "nhay-bac") == ["Chi bộ Tân Lộc 1", "Chi bộ Tân Lộc 3"]
    assert names(client, officer, "results", "bi-thu-thap-hon") == ["Chi bộ Tân Lộc 1"]
    assert names(client, officer, "results", "khong-hoan-thanh") == ["Chi bộ Tân Lộc 3"]
    assert names(client, officer, "results", "khong-khop") == ["Chi bộ Tân Lộc 1"]
    assert names(client, officer, "people", "cao-hon-chi-bo") == []

    text = get(client, officer, "results", loc="bi-thu-thap-hon").content.decode()
    assert "Trần Thị Sáu bị kỷ luật trong năm" in text
    assert "Trần Thị Sáu xếp mức HTTNV" in text
    assert "ăm trước HTNV, năm nay HTXSNV" in get(client, officer, "results", loc="nhay-bac").content.decode()


def test_a_person_rated_above_the_cell_is_named(client, officer, clerk, file, send):
    send(file, [Level.COMPLETED, Level.GOOD, Level.GOOD])

    assert names(client, officer, "people", "cao-hon-chi-bo") == ["Trần Thị Sáu"]


def test_of_what_is_not_sent_nothing_is_counted(client, officer, last_year, file, enter):
    enter(file, [Level.EXCELLENT, Level.NOT_COMPLETED, Level.GOOD])

    assert {count for count, _url in counts(client, officer).values()} == {0}


def test_shares_are_judged_by_commune_and_group_and_added_up(client, officer, sent):
    table = get(client, officer, "shares").context["table"]

    (line,) = table.lines
    assert (line.share.excellent, line.share.counted, line.share.most, line.reason) == (
        1,
        2,
        0,
        "Thực hiện tốt",
    )
    assert [(key, sums.excellent, sums.most, sums.over) for key, _label, sums in table.sums] == [
        ("of_good", 1, 0, 1),
        ("of_good_or_better", 1, 0, 1),
        ("of_all_rated", 1, 0, 1),
    ]


def test_lists_are_narrowed_to_a_commune_a_level_and_words(client, officer, sent, commune):
    def listed(**query):
        return get(client, officer, "results", **query).context["page"].paginator.count

    assert listed() == 3
    assert listed(muc="GOOD") == 1
    assert listed(xa=commune.pk) == 3
    assert listed(q="tan loc 2") == 1
    get(client, officer, "results", xa=999_999, status=404)
    get(client, officer, "results", loc="khac", status=404)


def test_a_list_needs_the_same_queries_for_any_number_of_rows(client, officer, sent, queries_of):
    client.force_login(officer)
    address = reverse("review_board:results", args=[YEAR]) + "?loc=nhay-bac"
    few = queries_of(address)
    for _number in range(5):
        cell = factories.cell(of=factories.hamlet(parent=sent.commune))
        CellRating.objects.create(
            cycle=sent.cycle, cell=cell, commune=sent.commune, province=sent.commune.province
        )

    assert queries_of(address) == few
