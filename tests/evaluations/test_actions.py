"""Past years taken in, and decided levels corrected."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cells.actions import change_cell
from evaluations import checks
from evaluations.actions import (
    correct_rating,
    record_cell_ratings,
    record_cycle,
    record_leader_ratings,
)
from evaluations.models import CellRating, LeaderRating, Level, ReviewCycle
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return factories.province()


@pytest.fixture
def home(province):
    return factories.commune(parent=factories.district(parent=province))


@pytest.fixture
def cell(home):
    return factories.cell(of=factories.hamlet(parent=home))


@pytest.mark.parametrize(("year", "rules"), [(2018, "132-QĐ/TW"), (2024, "124-QĐ/TW"), (2025, "366-QĐ/TW")])
def test_a_year_is_judged_by_its_own_rules(province, year, rules):
    cycle = record_cycle(province=province, year=year)

    assert cycle.rule_set.code == rules
    assert cycle.roster_day == date(year, 12, 31)
    assert cycle.state == ReviewCycle.State.RECORDED


def test_a_year_without_rules_is_refused(province):
    with pytest.raises(ValidationError, match="2017"):
        record_cycle(province=province, year=2017)


def test_a_year_is_taken_in_once(province):
    record_cycle(province=province, year=2020)

    with pytest.raises(ValidationError):
        record_cycle(province=province, year=2020)


def test_ratings_are_counted_where_the_cells_stood_on_the_roster_day(home, cell, province):
    elsewhere = factories.commune()
    change_cell(cell, on=date(2021, 1, 1), commune=elsewhere)
    paper = factories.decision(date=date(2021, 2, 1))

    (before,) = record_cell_ratings(
        record_cycle(province=province, year=2020),
        [CellRating(cell=cell, decided_level=Level.GOOD, decision=paper)],
    )
    (after,) = record_cell_ratings(
        record_cycle(province=province, year=2021),
        [CellRating(cell=cell, decided_level=Level.GOOD, decision=paper)],
    )

    assert (before.commune, before.district, before.province) == (home, home.parent, province)
    assert (after.commune, after.district, after.province) == (elsewhere, None, elsewhere.parent)
    assert before.decided_on == date(2021, 2, 1)
    assert list(checks.problems()) == []


def test_taking_in_a_year_needs_few_queries(home, province, django_assert_max_num_queries):
    cells = [factories.cell(of=factories.hamlet(parent=home)) for _ in range(15)]
    cycle, paper = record_cycle(province=province, year=2020), factories.decision()

    with django_assert_max_num_queries(8):
        record_cell_ratings(
            cycle, [CellRating(cell_id=c.pk, decided_level=Level.GOOD, decision=paper) for c in cells]
        )

    assert CellRating.objects.count() == CellRating.history.count() == 15


def test_a_cell_founded_later_is_not_rated(home, province):
    young = factories.cell(
        of=factories.hamlet(parent=home, starts_on=date(2021, 1, 1)), starts_on=date(2021, 1, 1)
    )

    with pytest.raises(ValidationError, match="31/12/2020"):
        record_cell_ratings(record_cycle(province=province, year=2020), [CellRating(cell=young)])


@pytest.mark.parametrize(
    "fields",
    [
        {"decided_level": Level.GOOD},
        {"decided_level": "KHÁ"},
        {"proposed_level": Level.NOT_COMPLETED},
    ],
)
def test_a_faulty_rating_is_refused_and_none_is_taken_in(home, cell, province, fields):
    other = factories.cell(of=factories.hamlet(parent=home))

    with pytest.raises(ValidationError, match=cell.name):
        record_cell_ratings(
            record_cycle(province=province, year=2020),
            [CellRating(cell=other), CellRating(cell=cell, **fields)],
        )

    assert not CellRating.objects.exists()


def test_a_running_review_is_not_filled_from_papers(cell, province):
    cycle = record_cycle(province=province, year=2020)
    cycle.state = ReviewCycle.State.OPEN
    cycle.save()

    with pytest.raises(ValidationError, match="2020"):
        record_cell_ratings(cycle, [CellRating(cell=cell)])


def test_people_are_counted_with_their_cell_or_in_the_commune_named(home, cell, province):
    cycle, paper = record_cycle(province=province, year=2020), factories.decision()
    with_cell, without = factories.person(keeper=home), factories.person(keeper=home)

    rows = record_leader_ratings(
        cycle,
        [
            LeaderRating(person=with_cell, cell=cell, decided_level=Level.GOOD, decision=paper),
            LeaderRating(person=without, commune=home, decided_level=Level.GOOD, decision=paper),
        ],
    )

    assert {(row.commune, row.district, row.province) for row in rows} == {(home, home.parent, province)}


def test_a_person_without_cell_and_commune_is_refused(home, province):
    nowhere = LeaderRating(person=factories.person(keeper=home))

    with pytest.raises(ValidationError, match="31/12/2020"):
        record_leader_ratings(record_cycle(province=province, year=2020), [nowhere])


@pytest.fixture
def decided(cell, province):
    return factories.rating(
        of=cell,
        cycle=record_cycle(province=province, year=2020),
        decision=factories.decision(date=date(2021, 1, 5)),
    )


def correct(rating, **changes):
    values = {
        "level": Level.EXCELLENT,
        "decision": factories.decision(date=date(2021, 6, 1)),
        "reason": "Bổ sung minh chứng",
        "by": factories.user(),
    } | changes
    return correct_rating(rating, **values)


def test_a_correction_is_a_new_edition_and_the_old_one_stays(decided):
    new = correct(decided)

    levels = CellRating.objects.in_force_on
    assert levels(date(2021, 5, 31)).get() == decided
    assert levels(date(2021, 6, 1)).get() == new
    assert (new.edition, new.decided_level, new.edition_reason) == (2, Level.EXCELLENT, "Bổ sung minh chứng")
    assert list(checks.problems()) == []


def test_votes_and_reason_of_a_level_that_is_replaced_stay_with_it(decided):
    levels = dict.fromkeys(("proposed_level", "decided_level"), Level.NOT_COMPLETED)
    CellRating.objects.filter(pk=decided.pk).update(**levels, reason="Bí thư bị kỷ luật", votes=9)
    decided.refresh_from_db()

    new = correct(decided, level=Level.GOOD, reason="Kỷ luật đã được xóa")

    decided.refresh_from_db()
    assert (decided.votes, decided.reason) == (9, "Bí thư bị kỷ luật")
    assert (new.votes, new.reason, new.edition_reason) == (None, *["Kỷ luật đã được xóa"] * 2)


def test_a_level_corrected_to_the_lowest_takes_the_reason_of_the_correction(decided):
    CellRating.objects.filter(pk=decided.pk).update(reason="Dẫn đầu phong trào")
    decided.refresh_from_db()

    new = correct(decided, level=Level.NOT_COMPLETED, reason="Bí thư bị kỷ luật")

    assert new.reason == "Bí thư bị kỷ luật"


def test_a_correction_says_who_and_why(decided):
    who = factories.user(full_name="Lê Thị Sửa")

    new = correct(decided, by=who)

    acts = {
        row.change_set
        for row in CellRating.history.filter(pk__in=[decided.history.first().pk, new.history.get().pk])
    }
    (act,) = acts
    assert (act.by_name, act.reason) == ("Lê Thị Sửa", "Bổ sung minh chứng")


def test_a_correction_touches_nothing_when_somebody_was_quicker(decided):
    CellRating.objects.filter(pk=decided.pk).update(revision=decided.revision + 1)

    with pytest.raises(ValidationError):
        correct(decided)

    assert CellRating.objects.get().superseded_on is None


def test_a_correction_is_not_older_than_what_it_corrects(decided):
    with pytest.raises(ValidationError, match="04/01/2021"):
        correct(decided, decision=factories.decision(date=date(2021, 1, 4)))


def test_a_correction_needs_its_reason(decided):
    with pytest.raises(ValidationError):
        correct(decided, reason="")

    assert CellRating.objects.get().superseded_on is None


def test_the_lowest_level_takes_the_reason_of_the_correction(cell, province):
    rating = factories.rating(of=cell, cycle=record_cycle(province=province, year=2020), reason="")

    assert correct(rating, level=Level.NOT_COMPLETED).reason == "Bổ sung minh chứng"


def test_what_is_not_decided_is_changed_not_corrected(cell, province):
    (open_row,) = record_cell_ratings(record_cycle(province=province, year=2020), [CellRating(cell=cell)])

    with pytest.raises(ValidationError):
        correct(open_row)
