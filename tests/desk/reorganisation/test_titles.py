"""A title follows its cell through a merger as the reorganisation decided, and its page says so."""

from datetime import date

import pytest

from cells.models import LineKind
from desk.reorganisation.applying import decide
from desk.reorganisation.rehearsal import rehearse
from evaluations.models import TitleCase
from evaluations.titling.checking import to_check
from tests import factories
from tests.desk.reorganisation.acting import DAY, carry_out, choose_first, event_of, line

HELD_SINCE = date(2022, 5, 1)


@pytest.fixture
def join(commune, two):
    """The second cell takes the first one in."""
    event = event_of(commune)
    event.line = line(event, LineKind.CELL_JOIN, cells=[two[0][1]], cell=two[1][1])
    return event


def choose(event, choice: str) -> None:
    (case,) = (case for case in rehearse(event).cases if case.kind == "title")
    code = next(option.code for option in case.options if choice in (option.code, option.likeness))
    decide(event, {case.key: code}, seen=event.revision)
    choose_first(event)


def test_the_heir_says_from_whom_and_the_first_one_to_whom(client, officer, join, two):
    case = factories.title_case(of=two[0][1], recognised_on=HELD_SINCE, keep_plan="Giữ nếp sinh hoạt")
    choose(join, "inherit")
    carry_out(join)
    heir = TitleCase.objects.get(inherited_from=case)
    client.force_login(officer)

    page = client.get(heir.get_absolute_url()).content.decode()
    before = client.get(case.get_absolute_url()).content.decode()

    assert "Kế thừa từ" in page
    assert "01/05/2022" in page
    assert str(two[0][1]) in page
    assert "Chuyển cho" in before
    assert (heir.keep_plan, heir.registered_on) == ("Giữ nếp sinh hoạt", DAY)
    # Before the merger the cell that took the other in was not on its way.
    assert not TitleCase.objects.filter(cell=two[1][1]).held_on(HELD_SINCE).exists()


def test_a_cell_that_was_declined_may_inherit_and_be_appraised(join, two):
    factories.title_case(of=two[0][1], recognised_on=HELD_SINCE)
    declined = factories.title_case(
        of=two[1][1], state="declined", declined_on=date(2025, 12, 1), declined_reason="Thiếu điểm"
    )

    choose(join, "inherit")
    carry_out(join)

    declined.refresh_from_db()
    assert declined.state == "declined"
    assert TitleCase.objects.get(cell=two[1][1], state="recognised").recognised_on == DAY


def test_a_registration_that_inherits_is_not_written_over_by_a_page_of_before(join, two):
    factories.title_case(of=two[0][1], recognised_on=HELD_SINCE)
    registered = factories.title_case(of=two[1][1], registered_on=date(2026, 1, 1))

    choose(join, "inherit")
    carry_out(join)

    registered.refresh_from_db()
    assert (registered.state, registered.revision) == ("recognised", 2)


def test_what_was_declined_or_revoked_asks_nothing_when_its_cell_ends(join, two):
    factories.title_case(
        of=two[0][1], state="declined", declined_on=date(2025, 12, 1), declined_reason="Thiếu điểm"
    )

    assert not [case for case in rehearse(join).cases if case.kind == "title"]


def test_what_was_registered_after_the_merger_stands_in_the_way_of_inheriting_and_says_so(join, two):
    factories.title_case(of=two[0][1], recognised_on=HELD_SINCE)
    factories.title_case(of=two[1][1], registered_on=date(2026, 6, 1))

    rehearsal = rehearse(join)

    (case,) = (case for case in rehearsal.cases if case.kind == "title")
    assert rehearsal.problems == []
    assert [option.code for option in case.options] == ["end"]
    assert "01/06/2026" in case.detail


def test_an_inherited_title_is_looked_at_again_in_the_year_of_the_merger(officer, join, two):
    factories.title_case(of=two[0][1], recognised_on=HELD_SINCE)
    choose(join, "inherit")
    carry_out(join)

    heir = TitleCase.objects.get(inherited_from__isnull=False)
    assert list(to_check(officer, 2026, date(2026, 12, 1))) == [heir]
