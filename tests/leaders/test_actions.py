"""Changes to people and seats: in bulk, with a sentence where they are refused."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cells.kinds import Level
from leaders.actions import add_people, assign, begin_tenures, end_tenure, record_contests, replace_holder
from leaders.models import Assignment, Contest, Office, Person, Precision, Tenure, WayIn, WayOut
from tests import factories

pytestmark = pytest.mark.django_db


def test_people_get_their_keys_and_their_history(django_assert_max_num_queries):
    home = factories.commune()

    with django_assert_max_num_queries(8):
        people = add_people(
            [Person(full_name=f"Trần Thị Đức {factories.spelled(n)}", keeper=home) for n in range(30)]
        )

    assert Person.objects.matching(f"duc {factories.spelled(27)}").get() == people[27]
    assert Person.history.filter(history_type="+").count() == 30


def test_every_fault_of_every_person_is_named_and_nobody_is_added():
    home = factories.commune()

    with pytest.raises(ValidationError) as refused:
        add_people(
            [
                Person(full_name="Lê An", keeper=home),
                Person(full_name="Lê Bình", keeper=home, phone="không có"),
                Person(full_name="Lê Chi", keeper=factories.hamlet(parent=home)),
            ]
        )

    assert [message.split(":")[0] for message in refused.value.messages] == ["Lê Bình", "Lê Chi"]
    assert not Person.objects.exists()


def test_a_person_needs_a_keeper():
    with pytest.raises(ValidationError, match="Lê An"):
        add_people([Person(full_name="Lê An")])


def test_a_hundred_tenures_need_as_many_queries_as_one(django_assert_max_num_queries):
    home = factories.commune()
    hamlets = [factories.hamlet(parent=home) for _ in range(20)]
    people = add_people([Person(full_name=f"Lê {factories.spelled(n)}", keeper=home) for n in range(20)])
    news = [
        Tenure(
            person_id=person.pk, hamlet_id=hamlet.pk, office=Office.HAMLET_HEAD, starts_on=date(2020, 1, 1)
        )
        for person, hamlet in zip(people, hamlets, strict=True)
    ]

    with django_assert_max_num_queries(12):
        begin_tenures(news)

    assert Tenure.objects.on(date(2020, 1, 1)).count() == Tenure.history.count() == 20


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "taken"),
    [
        (date(2019, 1, 1), date(2019, 12, 31), False),
        (date(2019, 1, 1), date(2020, 1, 1), True),
        (date(2021, 6, 1), date(2021, 7, 1), True),
        (date(2022, 12, 31), None, True),
        (date(2023, 1, 1), None, False),
        (None, None, True),
    ],
)
def test_a_single_seat_has_one_holder_a_day(starts_on, ends_on, taken):
    held = factories.tenure(starts_on=date(2020, 1, 1), ends_on=date(2022, 12, 31))
    new = Tenure(
        person=factories.person(),
        office=Office.SECRETARY,
        cell=held.cell,
        starts_on=starts_on,
        ends_on=ends_on,
    )

    if not taken:
        assert begin_tenures([new]) == [new]
        return
    with pytest.raises(ValidationError, match="01/01/2020") as refused:
        begin_tenures([new])
    assert str(held.person) in refused.value.messages[0]
    assert Tenure.objects.get() == held


def test_two_new_holders_of_one_seat_are_refused():
    hamlet = factories.hamlet()

    with pytest.raises(ValidationError, match=str(hamlet)):
        begin_tenures(
            [
                Tenure(person=factories.person(), office=Office.HAMLET_HEAD, hamlet=hamlet, starts_on=day)
                for day in (date(2020, 1, 1), date(2021, 1, 1))
            ]
        )


def test_deputies_may_be_several():
    cell = factories.cell()
    for _ in range(2):
        factories.tenure(office=Office.DEPUTY_SECRETARY, cell=cell)

    assert Tenure.objects.on(date(2020, 1, 1)).count() == 2


def test_a_hamlet_office_is_held_in_a_hamlet():
    with pytest.raises(ValidationError):
        begin_tenures(
            [Tenure(person=factories.person(), office=Office.HAMLET_HEAD, hamlet=factories.commune())]
        )


def test_an_ended_tenure_keeps_its_way_out():
    held = factories.tenure()

    end_tenure(held, last_day=date(2021, 3, 5), way_out=WayOut.DIED)

    held.refresh_from_db()
    assert (held.ends_on, held.way_out) == (date(2021, 3, 5), WayOut.DIED)
    with pytest.raises(ValidationError, match="05/03/2021"):
        end_tenure(held, last_day=date(2022, 1, 1), way_out=WayOut.DIED)


def test_a_tenure_does_not_end_before_it_starts():
    held = factories.tenure(starts_on=date(2020, 1, 1))

    with pytest.raises(ValidationError):
        end_tenure(held, last_day=date(2019, 12, 31), way_out=WayOut.DIED)


def test_a_party_office_is_not_left_the_way_of_the_hamlet():
    with pytest.raises(ValidationError):
        end_tenure(factories.tenure(), last_day=date(2021, 1, 1), way_out=WayOut.RECALLED)


def test_a_new_holder_leaves_no_gap_and_no_overlap():
    old = factories.tenure(starts_on=date(2020, 1, 1))

    new = replace_holder(
        old, person=factories.person(), on=date(2025, 6, 1), way_out=WayOut.HEALTH, way_in=WayIn.APPOINTED
    )

    assert list(Tenure.objects.on(date(2025, 5, 31))) == [old]
    assert list(Tenure.objects.on(date(2025, 6, 1))) == [new]


def test_a_seat_may_have_stood_empty_before_the_new_holder():
    old = factories.tenure(starts_on=date(2020, 1, 1))

    replace_holder(
        old, person=factories.person(), on=date(2025, 6, 1), last_day=date(2025, 3, 1), way_out=WayOut.DIED
    )

    assert not Tenure.objects.on(date(2025, 4, 1)).exists()


def test_replacing_is_all_or_nothing():
    old = factories.tenure(starts_on=date(2020, 1, 1))

    with pytest.raises(ValidationError):
        # The one before would still sit there.
        replace_holder(
            old,
            person=factories.person(),
            on=date(2025, 6, 1),
            last_day=date(2025, 7, 1),
            way_out=WayOut.DIED,
        )

    old.refresh_from_db()
    assert old.ends_on is None


def test_contests_are_recorded_with_their_history():
    cell = factories.cell()

    record_contests(
        [
            Contest(
                kind=Contest.Kind.CONGRESS,
                cell=cell,
                term="2020-2022",
                held_on=date(2020, 1, 10),
                outcome=Contest.Outcome.HELD,
            )
        ]
    )

    assert cell.contests.get().held_on == date(2020, 1, 10)
    assert Contest.history.get().history_type == "+"


def test_an_assignment_keeps_its_unit():
    place = factories.hamlet()
    officer = factories.person(
        keeper=place.parent, born_on=date(1985, 1, 1), born_on_precision=Precision.YEAR
    )

    (made,) = assign([Assignment(kind=Assignment.Kind.HAMLET_OFFICER, person=officer, unit=place)])

    assert made.unit.level == Level.HAMLET
    assert Assignment.objects.on(date(2026, 1, 1)).get() == made
