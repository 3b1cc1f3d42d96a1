"""A year is opened, fixed and locked for all its communes at once."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluations.models import CellRating, Level, ReviewCycle, Step, Submission
from evaluations.review.grid import load
from evaluations.review.opening import close_year, discard_year, fix_lists
from evaluations.review.progress import awaited_by, flag_of
from tests import factories
from tests.worlds import kept


def queries_of(act) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def communes(province, count: int) -> None:
    for _number in range(count):
        factories.cell(of=factories.hamlet(parent=factories.commune(parent=province)))


@kept
def two_provinces():
    """One of two communes and one of seven, each with its officer and a year that is being prepared."""
    made = []
    for count in (2, 7):
        province = factories.province()
        communes(province, count)
        officer = factories.user(keeps=[province])
        made.append((factories.prepared_review(by=officer), officer))
    return made


def test_fixing_and_locking_need_the_same_queries_for_any_number_of_communes(two_provinces):
    fixed = [queries_of(lambda c=cycle, o=officer: fix_lists(c, by=o)) for cycle, officer in two_provinces]
    for cycle, _officer in two_provinces:
        decision = factories.decision()
        cycle.submissions.update(
            state="received", decision=decision, sent_at=timezone.now(), received_at=timezone.now()
        )
    locked = [queries_of(lambda c=cycle, o=officer: close_year(c, by=o)) for cycle, officer in two_provinces]

    assert fixed[0] == fixed[1]
    assert locked[0] == locked[1]
    for file in Submission.objects.all():
        assert file.state == "locked"
        assert [step.kind for step in file.steps.all()] == [Step.Kind.LIST_FIXED, Step.Kind.LOCKED]
        assert file.steps.last().number == file.revision


def test_taking_back_a_year_needs_the_same_queries_for_any_number_of_communes(two_provinces):
    few, many = [
        queries_of(lambda c=cycle, o=officer: discard_year(c, by=o)) for cycle, officer in two_provinces
    ]

    assert few == many
    assert not ReviewCycle.objects.exists()
    assert Submission.history.filter(history_type="-").count() == 9


def test_the_list_is_awaited_before_the_file(province, commune, officer):
    today = timezone.localdate()
    factories.cell(of=factories.hamlet(parent=commune))
    cycle = factories.prepared_review(by=officer, list_deadline=today)
    file = factories.file_of(commune, cycle)

    assert awaited_by(file) == today
    assert flag_of(file, today) == "hạn hôm nay"
    assert flag_of(file, today + timedelta(days=1)) == "quá hạn 1 ngày"

    fix_lists(cycle, by=officer)
    assert awaited_by(factories.file_of(commune, cycle)) == cycle.deadline


def test_a_level_of_last_year_that_was_never_sent_is_the_communes_own(province, commune, officer, clerk):
    cell = factories.cell(of=factories.hamlet(parent=commune))
    last = factories.cycle(province=province, year=timezone.localdate().year - 1)
    factories.rating(of=cell, cycle=last, level=Level.EXCELLENT)
    file = factories.file_of(commune, factories.open_review(by=officer))

    def told(user):
        return [row.last_level for row in load(file, user).rows]

    assert told(officer) == told(clerk) == [Level.EXCELLENT]
    CellRating.objects.filter(cycle=last).update(withheld=True)
    assert told(officer) == [""]
    assert told(clerk) == [Level.EXCELLENT]
