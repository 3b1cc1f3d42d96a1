"""The review of a year on PostgreSQL: thirty communes send at the same second, two people take one step."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Role
from evaluations.checks import problems
from evaluations.models import CellRating, Level, Step, Submission
from evaluations.review.deciding import Paper, record_decision
from evaluations.review.rows import Entry, fill_rest, mark_of, save_rows
from evaluations.review.steps import take
from tests import factories
from tests.postgresql.together import at_the_same_time

pytestmark = pytest.mark.committed

State, Kind = Submission.State, Step.Kind


def review(province, officer, *, communes: int, cells: int = 2) -> list[tuple[Submission, object]]:
    """Return the files of so many communes, each with its clerk, decided and ready to be sent."""
    homes = [factories.commune(parent=province) for _ in range(communes)]
    for home in homes:
        for _ in range(cells):
            factories.cell(of=factories.hamlet(parent=home))
    cycle = factories.open_review(by=officer, leaders="none")
    files = []
    for home in homes:
        clerk = factories.user(role=Role.COMMUNE_STAFF, keeps=[home])
        file = factories.file_of(home, cycle)
        fill_rest(file, by=clerk)
        put = take(file, Kind.PUT, by=clerk)
        paper = Paper("1-QĐ/ĐU", timezone.localdate(), "Ban Thường vụ Đảng ủy")
        files.append((record_decision(put, paper, by=clerk), clerk))
    return files


def send_all_at_once(files):
    results = at_the_same_time(
        *[lambda file=file, clerk=clerk: take(file, Kind.SENT, by=clerk) for file, clerk in files]
    )
    assert all(isinstance(result, Submission) for result in results)
    assert Step.objects.filter(kind=Kind.SENT).count() == len(files)
    assert set(Submission.objects.values_list("state", flat=True)) == {State.SENT}
    assert not CellRating.objects.filter(withheld=True).exists()
    assert not list(problems())


def test_communes_send_at_the_same_second(province, officer):
    send_all_at_once(review(province, officer, communes=8))


@pytest.mark.soak
def test_thirty_communes_send_at_the_same_second(province, officer):
    send_all_at_once(review(province, officer, communes=30, cells=20))


def test_two_people_receive_one_file(province, officer):
    ((file, clerk),) = review(province, officer, communes=1)
    sent = take(file, Kind.SENT, by=clerk)
    colleague = factories.user(keeps=[province])

    results = at_the_same_time(
        *[
            lambda who=who: take(Submission.objects.get(pk=sent.pk), Kind.RECEIVED, by=who)
            for who in (officer, colleague)
        ]
    )

    assert Step.objects.filter(kind=Kind.RECEIVED).count() == 1
    assert sum(isinstance(result, ValidationError) for result in results) <= 1
    assert Submission.objects.get().state == State.RECEIVED


def test_the_commune_withdraws_while_the_province_receives(province, officer):
    ((file, clerk),) = review(province, officer, communes=1)
    sent = take(file, Kind.SENT, by=clerk)

    results = at_the_same_time(
        lambda: take(Submission.objects.get(pk=sent.pk), Kind.WITHDRAWN, by=clerk, text="Sửa lại"),
        lambda: take(Submission.objects.get(pk=sent.pk), Kind.RECEIVED, by=officer),
    )

    assert sum(isinstance(result, ValidationError) for result in results) == 1
    assert Submission.objects.get().state in (State.DECIDED, State.RECEIVED)
    assert not list(problems())


def entering(province, officer, commune):
    factories.cell(of=factories.hamlet(parent=commune))
    cycle = factories.open_review(by=officer, leaders="none")
    return factories.file_of(commune, cycle), CellRating.objects.get()


def test_two_clerks_save_one_row(province, officer, commune, clerk):
    file, row = entering(province, officer, commune)
    colleague = factories.user(role=Role.COMMUNE_LEAD, keeps=[commune])

    results = at_the_same_time(
        *[
            lambda who=who, level=level: save_rows(
                file, [Entry(CellRating, row.pk, mark_of(row, None), {"self_level": level})], by=who
            )[0]
            for who, level in ((clerk, Level.GOOD), (colleague, Level.EXCELLENT))
        ]
    )

    assert sorted(saved.is_saved for saved in results) == [False, True]
    (kept,) = [saved for saved in results if saved.is_saved]
    row.refresh_from_db()
    assert row.self_level == kept.row.self_level
    assert row.revision == 2


def test_a_row_is_saved_while_the_file_is_put(province, officer, commune, clerk):
    file, row = entering(province, officer, commune)
    fill_rest(file, by=clerk)
    row.refresh_from_db()

    saved, put = at_the_same_time(
        lambda: save_rows(
            file, [Entry(CellRating, row.pk, mark_of(row, None), {"self_level": Level.EXCELLENT})], by=clerk
        ),
        lambda: take(Submission.objects.get(pk=file.pk), Kind.PUT, by=clerk),
    )

    assert isinstance(put, Submission)
    row.refresh_from_db()
    # Either it came before the file was put, or it was refused.
    assert (row.self_level == Level.EXCELLENT) == (not isinstance(saved, ValidationError))


def test_one_decision_is_recorded_by_two(province, officer, commune, clerk):
    file, _row = entering(province, officer, commune)
    fill_rest(file, by=clerk)
    put = take(Submission.objects.get(pk=file.pk), Kind.PUT, by=clerk)
    paper = Paper("2-QĐ/ĐU", timezone.localdate(), "Ban Thường vụ Đảng ủy")

    results = at_the_same_time(
        *[lambda: record_decision(Submission.objects.get(pk=put.pk), paper, by=clerk) for _ in range(2)]
    )

    assert sum(isinstance(result, Submission) for result in results) == 1
    assert Step.objects.filter(kind=Kind.DECIDED).count() == 1
