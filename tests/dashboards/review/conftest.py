"""A year of review in two communes, and what is done with it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluations.models import CellRating, LeaderRating, Level, Step
from evaluations.review.deciding import Paper, record_decision
from evaluations.review.rows import Entry, mark_of, save_rows
from evaluations.review.steps import take
from tests import factories
from tests.worlds import kept

Kind = Step.Kind
YEAR = timezone.localdate().year


def get(client, user, name, *args, status=200, **query):
    """Open a page of the review; without a key it is that of this year."""
    client.force_login(user)
    response = client.get(reverse(f"review_board:{name}", args=args or [YEAR]), query)
    assert response.status_code == status, response.content.decode()[:2000]
    return response


@kept
def cells(commune):
    return [
        factories.cell(of=factories.hamlet(parent=commune, name=f"Tân Lộc {n}"), name=f"Chi bộ Tân Lộc {n}")
        for n in (1, 2, 3)
    ]


@kept
def secretary(cells, commune):
    person = factories.person(keeper=commune, full_name="Trần Thị Sáu")
    return factories.tenure(cell=cells[0], person=person).person


@kept
def neighbour_cells(neighbour):
    return [
        factories.cell(of=factories.hamlet(parent=neighbour, name=f"Phước {n}"), name=f"Chi bộ Phước {n}")
        for n in (1, 2)
    ]


@kept
def cycle(officer, cells, secretary, neighbour_cells):
    return factories.open_review(by=officer)


@kept
def prepared(officer, cells, secretary, neighbour_cells):
    return factories.prepared_review(by=officer, list_deadline=timezone.localdate())


@kept
def file(cycle, commune):
    return factories.file_of(commune, cycle)


@kept
def neighbour_file(cycle, neighbour):
    return factories.file_of(neighbour, cycle)


@pytest.fixture
def enter(clerk):
    """Enter these levels, one for each cell in turn, and one for every person."""

    def fill(file, levels, *, person=Level.GOOD, by=None, **values):
        by = by or clerk
        rows = CellRating.objects.filter(cycle=file.cycle, commune=file.commune).order_by("pk")
        entries = [
            Entry(CellRating, row.pk, mark_of(row, None), {"self_level": level, "reason": "Lý do", **values})
            for row, level in zip(rows, levels, strict=False)
        ]
        people = LeaderRating.objects.filter(cycle=file.cycle, commune=file.commune)
        entries += [
            Entry(LeaderRating, row.pk, mark_of(row, None), {"self_level": person, "reason": "Lý do"})
            for row in people
        ]
        assert all(one.is_saved for one in save_rows(file, entries, by=by))
        file.refresh_from_db()
        return file

    return fill


@pytest.fixture
def send(clerk, enter):
    """Take a file from its levels to the province."""

    def go(file, levels, *, by=None, **values):
        by = by or clerk
        put = take(enter(file, levels, by=by, **values), Kind.PUT, by=by, share_reason="Thực hiện tốt")
        paper = Paper(number="12-QĐ/ĐU", day=timezone.localdate(), body="Ban Thường vụ Đảng ủy xã")
        return take(record_decision(put, paper, by=by), Kind.SENT, by=by)

    return go
