"""What is entered only after the figures of a year were locked, and took effect before its roster day."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Role
from cells.models import LineKind, Unit
from desk.reorganisation.applying import undo
from evaluations.checks import problems
from evaluations.models import CellRating, LeaderRating, Level, Submission
from evaluations.review.correcting import Correction, correct
from tests import factories
from tests.desk.reorganisation.acting import carry_out, event_of, line
from tests.desk.reorganisation.reviewing import PAPER, TODAY, anew, fixed_cycle, lock

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


def test_founding_a_commune_late_is_not_undone_once_a_level_was_corrected(cycle, founded, officer):
    file = Submission.objects.get(commune__code="28999")
    correct(
        file, CellRating.objects.first(), Correction(Level.COMPLETED, PAPER, "Tính lại"), by=anew(officer)
    )

    with pytest.raises(ValidationError):
        undo(founded, seen=founded.revision, by=anew(officer), reason="Nhập nhầm")
