"""What is entered only after the figures of a year were locked, and took effect before its roster day."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Role
from cells.models import LineKind, Unit
from desk.reorganisation.applying import undo
from evaluations.checks import problems
from evaluations.models import CellRating, LeaderRating, Level, MemberLevels, Step, Submission
from evaluations.models.ratings import NotSubject
from evaluations.review.correcting import Correction, correct
from evaluations.review.opening import close_year, fix_lists
from evaluations.review.rows import Entry, mark_of, save_rows
from evaluations.review.steps import take
from tests import factories
from tests.desk.reorganisation.acting import carry_out, event_of, line
from tests.desk.reorganisation.reviewing import (
    PAPER,
    TODAY,
    anew,
    fixed_cycle,
    lock,
    merge,
    open_cycle,
    receive,
)

BEFORE = date(2026, 11, 10)


@pytest.fixture(autouse=True)
def _in_season():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def cycle(province, commune, neighbour, clerk, officer):
    for home in (commune, neighbour):
        factories.tenure(cell=factories.cell(of=factories.hamlet(parent=home)))
    cycle = fixed_cycle(province, officer)
    other = factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])
    files = [factories.file_of(home, cycle) for home in (commune, neighbour)]
    lock(cycle, zip(files, (clerk, other), strict=True), officer)
    return cycle


@pytest.fixture
def founded(cycle, commune, neighbour):
    """The event by which both communes became a new one."""
    event = event_of(commune.parent, effective_on=BEFORE)
    fields = {"name": "Phú Long", "unit_kind": "xa", "code": "28999", "on": BEFORE}
    line(event, LineKind.FOUND, units=[commune, neighbour], **fields)
    return carry_out(event)


def test_a_level_is_corrected_in_the_file_of_the_commune_that_was_founded_late(
    client, cycle, founded, officer
):
    new = Unit.objects.get(code="28999", closed_on=None)
    for model in (CellRating, LeaderRating):
        assert set(model.objects.values_list("commune", flat=True)) == {new.pk}
    file = factories.file_of(new, cycle)
    assert (file.state, file.decision.number, file.is_outstanding) == ("locked", PAPER.number, False)
    client.force_login(officer)
    assert client.get(reverse("review:grid", args=[2026, file.pk])).status_code == 200

    row = CellRating.objects.first()
    edition = correct(file, row, Correction(Level.COMPLETED, PAPER, "Tính lại"), by=anew(officer))

    assert (edition.decided_level, edition.edition) == (Level.COMPLETED, 2)
    assert not list(problems())


def test_founding_a_commune_late_is_undone_with_the_file_as_long_as_nothing_happened_in_it(
    cycle, founded, commune, neighbour, officer
):
    undo(founded, seen=founded.revision, by=anew(officer), reason="Nhập nhầm")

    assert {file.commune for file in Submission.objects.all()} == {commune, neighbour}
    assert {row.commune for row in CellRating.objects.all()} == {commune, neighbour}
    assert not list(problems())


def test_what_a_workbook_said_of_members_stays_with_a_locked_file_founded_late(founded, clerk):
    counts = list(MemberLevels.objects.all())

    assert counts
    assert MemberLevels.reasons_to_keep({one.pk for one in counts})


def test_founding_a_commune_late_is_not_undone_once_a_level_was_corrected(cycle, founded, officer):
    file = Submission.objects.get(commune__code="28999")
    correct(
        file, CellRating.objects.first(), Correction(Level.COMPLETED, PAPER, "Tính lại"), by=anew(officer)
    )

    with pytest.raises(ValidationError):
        undo(founded, seen=founded.revision, by=anew(officer), reason="Nhập nhầm")


# --- A commune on whose list nothing was: its file was never received --------------------------


@pytest.fixture
def moved_late(province, commune, neighbour, clerk, officer):
    """The event by which a hamlet with its cell went to such a commune."""
    hamlet = factories.hamlet(parent=commune)
    factories.tenure(cell=factories.cell(of=hamlet))
    gone = factories.cell(of=factories.hamlet(parent=neighbour))
    cycle = open_cycle(province, officer)
    dissolving = event_of(neighbour, effective_on=BEFORE)
    line(dissolving, LineKind.CELL_DISSOLVE, cell=gone, on=BEFORE)
    carry_out(dissolving)
    fix_lists(cycle, by=officer)
    lock(cycle, [(factories.file_of(commune, cycle), clerk)], officer)
    assert factories.file_of(neighbour, cycle).state == Submission.State.ENTERING

    event = event_of(province, effective_on=BEFORE)
    line(event, LineKind.MOVE, unit=hamlet, parent=neighbour, on=BEFORE)
    return carry_out(event)


def test_the_file_of_a_commune_that_rows_come_to_late_is_locked_like_theirs(
    moved_late, commune, neighbour, officer
):
    for model in (CellRating, LeaderRating):
        assert set(model.objects.values_list("commune", "withheld")) == {(neighbour.pk, False)}
    file, former = (Submission.objects.get(commune=home) for home in (neighbour, commune))
    assert (file.state, file.decision, file.sent_at) == ("locked", former.decision, former.sent_at)
    assert file.received_at == former.received_at
    assert not list(problems())

    row = CellRating.objects.get()
    edition = correct(file, row, Correction(Level.COMPLETED, PAPER, "Tính lại"), by=anew(officer))

    assert (edition.decided_level, edition.edition) == (Level.COMPLETED, 2)
    assert not list(problems())


def test_rows_that_came_late_are_taken_back_and_the_file_is_as_it_was(
    moved_late, commune, neighbour, officer
):
    undo(moved_late, seen=moved_late.revision, by=anew(officer), reason="Nhập nhầm")

    assert {row.commune for row in CellRating.objects.all()} == {commune}
    file = Submission.objects.get(commune=neighbour)
    assert (file.state, file.decision, file.received_at) == ("entering", None, None)
    assert not list(problems())


def test_rows_that_came_late_are_not_taken_back_once_a_level_was_corrected(moved_late, neighbour, officer):
    file, row = Submission.objects.get(commune=neighbour), CellRating.objects.get()
    correct(file, row, Correction(Level.COMPLETED, PAPER, "Tính lại"), by=anew(officer))

    with pytest.raises(ValidationError):
        undo(moved_late, seen=moved_late.revision, by=anew(officer), reason="Nhập nhầm")


# --- A cell that had ended before the roster day ------------------------------------------------


def join(cell, into):
    """Report late that a cell was joined to another one of its commune."""
    event = event_of(cell.commune, effective_on=BEFORE)
    line(event, LineKind.CELL_JOIN, cells=[cell], cell=into, on=BEFORE)
    carry_out(event)
    cell.refresh_from_db()


@pytest.fixture
def two_cells(commune):
    return [factories.cell(of=factories.hamlet(parent=commune, name=name)) for name in ("Một", "Hai")]


@pytest.fixture
def own_cycle(two_cells, province, officer):
    return fixed_cycle(province, officer)


def test_what_was_decided_of_a_cell_stays_as_it_was_once_the_year_is_locked(
    own_cycle, two_cells, commune, clerk, officer
):
    lock(own_cycle, [(factories.file_of(commune, own_cycle), clerk)], officer)

    join(*two_cells)

    assert two_cells[0].closed_on is not None
    assert set(CellRating.objects.values_list("cell__name", "decided_level")) == {
        (cell.name, Level.GOOD) for cell in two_cells
    }
    assert not list(problems())


@pytest.mark.parametrize("is_locked", [False, True])
def test_a_cell_listed_as_not_subject_to_rating_may_have_ended_before(
    own_cycle, two_cells, commune, clerk, officer, is_locked
):
    file, row = factories.file_of(commune, own_cycle), CellRating.objects.get(cell=two_cells[0])
    not_rated = {"not_subject_reason": NotSubject.DISSOLVED}
    save_rows(file, [Entry(CellRating, row.pk, mark_of(row, None), not_rated)], by=clerk)
    receive(file, clerk, officer)
    if is_locked:
        close_year(own_cycle, by=officer)

    join(*two_cells)

    assert two_cells[0].closed_on is not None
    assert not list(problems())


def test_of_a_year_still_open_the_way_back_is_named_and_can_be_gone(
    own_cycle, two_cells, commune, clerk, officer
):
    received = receive(factories.file_of(commune, own_cycle), clerk, officer)
    with pytest.raises(
        ValidationError, match="sau khi khóa số liệu.*xin rút lại để sửa rồi bỏ ghi quyết định"
    ):
        join(*two_cells)

    returned = take(received, Step.Kind.RETURNED, by=officer, text="Chi bộ đã sáp nhập")
    sent = take(returned, Step.Kind.SENT, by=clerk)
    withdrawn = take(sent, Step.Kind.WITHDRAWN, by=clerk, text="Chi bộ đã sáp nhập")
    take(withdrawn, Step.Kind.UNDECIDED, by=clerk)

    join(*two_cells)

    assert two_cells[0].closed_on is not None
    assert not list(problems())


def test_a_level_of_a_cell_that_ended_goes_with_its_commune_to_the_heir(
    own_cycle, two_cells, commune, neighbour, clerk, officer
):
    lock(own_cycle, [(factories.file_of(commune, own_cycle), clerk)], officer)
    join(*two_cells)

    merge(neighbour, commune, BEFORE + timedelta(days=5))

    assert set(CellRating.objects.values_list("commune", flat=True)) == {neighbour.pk}
    assert not list(problems())
