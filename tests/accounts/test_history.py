"""Changes in bulk leave their history, and a change set can be taken back as a whole."""

from datetime import date

import pytest
from django.contrib.auth.models import update_last_login
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.changes import ChangeSet, recording
from accounts.history import (
    CHANGED,
    CREATED,
    DELETED,
    create_many,
    delete_many,
    record_many,
    take_back,
    update_many,
    write_fields,
)
from accounts.models import User
from cells.models import Cell, Decision, Grant, Unit, UnitPeriod
from evaluations.models import Target, TargetStep
from tests import factories


def papers(*numbers: str) -> list[Decision]:
    made = [Decision(number=n, date=date(2020, 1, 1), issuing_body="Đảng ủy") for n in numbers]
    for paper in made:
        paper.prepare()
    return made


def history_of(model) -> list[tuple]:
    return list(model.history.order_by("history_id").values_list("id", "history_type"))


# --- Writing many ---------------------------------------------------------------------


def test_many_rows_are_created_with_one_history_row_each(django_assert_max_num_queries):
    with recording(reason="thử") as here, transaction.atomic(), django_assert_max_num_queries(12):
        made = create_many(Decision, papers(*map(str, range(50))))

    assert sorted(history_of(Decision)) == [(paper.pk, CREATED) for paper in made]
    assert set(Decision.history.values_list("change_set", flat=True)) == {here.change_set.pk}


def test_the_history_keeps_what_was_written():
    (paper,) = create_many(Decision, papers("12-QĐ/ĐU"))
    paper.subject = "Về việc công nhận"

    update_many(Decision, [paper], ["subject"])

    first, second = Decision.history.order_by("history_id")
    assert (first.subject, second.subject) == ("", "Về việc công nhận")
    assert (second.history_type, second.number, second.date) == (CHANGED, "12-QĐ/ĐU", date(2020, 1, 1))


def test_only_the_named_fields_are_written():
    (paper,) = create_many(Decision, papers("1"))
    paper.subject, paper.signer = "nội dung", "người ký"

    update_many(Decision, [paper], ["subject"])

    paper.refresh_from_db()
    assert (paper.subject, paper.signer) == ("nội dung", "")


def test_copies_are_written_without_a_trace():
    (paper,) = create_many(Decision, papers("1"))
    paper.search_key = "khoa"

    write_fields(Decision, [paper], ["search_key"])

    paper.refresh_from_db()
    assert paper.search_key == "khoa"
    assert len(history_of(Decision)) == 1


def test_many_rows_are_deleted_with_their_last_state():
    one, two = create_many(Decision, papers("1", "2"))

    assert delete_many(Decision.objects.filter(pk=one.pk)) == 1

    assert Decision.objects.get() == two
    assert Decision.history.filter(history_type=DELETED).get().number == "1"


def test_nothing_to_record_is_no_fault():
    assert record_many(Decision.objects.none(), CHANGED) == 0
    assert record_many(Decision.objects.filter(pk__in=[]), CHANGED) == 0
    assert create_many(Decision, []) == []


def test_history_names_who_did_it():
    who = factories.user()

    with recording(by=who):
        create_many(Decision, papers("1"))

    assert Decision.history.get().history_user == who


# --- Change sets ----------------------------------------------------------------------


def test_one_act_is_one_change_set_however_it_writes():
    with recording(reason="một việc"):
        create_many(Decision, papers("1"))
        Decision.objects.create(number="2", date=date(2020, 1, 1), issuing_body="Đảng ủy")

    assert Decision.history.values("change_set").distinct().count() == 1


def test_an_act_that_changes_nothing_leaves_no_change_set():
    with recording(reason="chỉ xem"):
        pass

    assert not ChangeSet.objects.exists()


def test_the_change_set_comes_back_after_a_rolled_back_savepoint():
    with recording(reason="hai bước") as here:
        try:
            with transaction.atomic():
                create_many(Decision, papers("mất"))
                lost = here.change_set.pk
                raise ValueError
        except ValueError:
            pass
        create_many(Decision, papers("còn"))

    assert Decision.history.get().change_set.reason == "hai bước"
    assert not ChangeSet.objects.filter(pk=lost).exclude(pk=here.change_set.pk).exists()


def test_the_change_set_outlives_a_rolled_back_step_after_it():
    with recording(reason="hai bước"):
        create_many(Decision, papers("trước"))
        try:
            with transaction.atomic():
                create_many(Decision, papers("mất"))
                raise ValueError
        except ValueError:
            pass
        create_many(Decision, papers("sau"))

    assert {row.number for row in Decision.history.all()} == {"trước", "sau"}
    assert ChangeSet.objects.count() == 1


def test_signing_in_is_no_change_of_the_account():
    who = factories.user()
    before = len(history_of(User))

    update_last_login(None, who)

    who.refresh_from_db()
    assert who.last_login is not None
    assert len(history_of(User)) == before


# --- Taking back ----------------------------------------------------------------------


def act(**options):
    """A change set of its own, as one request or command makes it."""
    return recording(kind=ChangeSet.Kind.COMMAND, **options)


def test_created_changed_and_deleted_rows_are_as_before():
    changed, deleted = create_many(Decision, papers("sửa", "xóa"))
    before = list(Decision.objects.order_by("pk").values())
    with act() as here:
        create_many(Decision, papers("thêm"))
        changed.subject = "khác"
        changed.save()
        delete_many(Decision.objects.filter(pk=deleted.pk))

    assert take_back(here.change_set) == 3

    assert list(Decision.objects.order_by("pk").values()) == before


def test_taking_back_is_itself_recorded_and_done_once():
    who = factories.user()
    with act(reason="nhập nhầm") as here:
        create_many(Decision, papers("1"))

    take_back(here.change_set, by=who, reason="nhập nhầm xã")

    undoing = ChangeSet.objects.get(takes_back=here.change_set)
    assert (undoing.by, undoing.kind, undoing.reason) == (who, ChangeSet.Kind.TAKE_BACK, "nhập nhầm xã")
    assert [kind for _pk, kind in history_of(Decision)] == [CREATED, DELETED]
    with pytest.raises(ValidationError):
        take_back(here.change_set)


def test_a_row_made_and_removed_by_the_same_act_leaves_nothing_to_undo():
    with act() as here:
        (paper,) = create_many(Decision, papers("1"))
        delete_many(Decision.objects.filter(pk=paper.pk))

    assert take_back(here.change_set) == 0
    assert not Decision.objects.exists()


def test_it_is_refused_when_somebody_has_changed_the_row_since():
    (paper,) = create_many(Decision, papers("12-QĐ/ĐU"))
    with act() as here:
        paper.subject = "một"
        paper.save()
    with act():
        paper.subject = "hai"
        paper.save()

    with pytest.raises(ValidationError, match="12-QĐ/ĐU"):
        take_back(here.change_set)

    paper.refresh_from_db()
    assert paper.subject == "hai"


def test_edits_of_what_it_created_may_go_along_when_the_caller_says_so():
    with act() as here:
        (paper,) = create_many(Decision, papers("12-QĐ/ĐU"))
    with act():
        paper.subject = "sửa sau"
        paper.save()

    with pytest.raises(ValidationError, match="12-QĐ/ĐU"):
        take_back(here.change_set)
    take_back(here.change_set, even_if_edited=True)

    assert not Decision.objects.exists()


def test_what_others_removed_meanwhile_is_no_obstacle():
    with act() as here:
        one, two = create_many(Decision, papers("1", "2"))
    with act():
        one.delete()

    take_back(here.change_set)

    assert not Decision.objects.exists()


def test_it_is_refused_while_something_depends_on_it_even_if_edits_may_go():
    with act() as here:
        (paper,) = create_many(Decision, papers("1"))
    with act():
        tenure = factories.tenure(decision=paper)

    for edited in (False, True):
        with pytest.raises(ValidationError, match=str(tenure.person)):
            take_back(here.change_set, even_if_edited=edited)
    assert Decision.objects.get() == paper


def test_what_depends_on_it_within_the_same_act_goes_along():
    with act() as here:
        factories.tenure(decision=factories.decision())

    take_back(here.change_set)

    assert not any(model.objects.exists() for model in (Decision, Cell, Unit, UnitPeriod))


def test_a_grant_given_later_is_not_swept_away_with_its_account():
    with act() as here:
        who = factories.user()
    with act():
        Grant.objects.create(user=who)

    with pytest.raises(ValidationError, match=str(who)):
        take_back(here.change_set)


def test_steps_go_with_their_target():
    home = factories.commune()
    with act() as here:
        TargetStep.objects.create(target=factories.target(unit=home), year=2021, planned=10)

    take_back(here.change_set)

    assert not Target.objects.exists()
    assert not TargetStep.objects.exists()


def test_rows_may_trade_back_what_only_one_may_have():
    old = factories.tenure(starts_on=date(2020, 1, 1))
    with act() as here:
        old.ends_on = date(2021, 12, 31)
        old.save()
        factories.tenure(cell=old.cell, starts_on=date(2022, 1, 1))

    take_back(here.change_set)

    old.refresh_from_db()
    assert old.ends_on is None
    assert old.cell.tenures.get() == old


def test_two_changed_rows_swap_a_single_seat_back():
    open_one = factories.tenure(starts_on=date(2022, 1, 1))
    past_one = factories.tenure(cell=open_one.cell, starts_on=date(2020, 1, 1), ends_on=date(2020, 6, 30))
    with act() as here:
        open_one.ends_on = date(2022, 6, 30)
        open_one.save()
        past_one.starts_on, past_one.ends_on = date(2023, 1, 1), None
        past_one.save()

    take_back(here.change_set)

    days = {t.pk: (t.starts_on, t.ends_on) for t in open_one.cell.tenures.all()}
    assert days == {
        open_one.pk: (date(2022, 1, 1), None),
        past_one.pk: (date(2020, 1, 1), date(2020, 6, 30)),
    }


def test_an_account_put_back_keeps_its_password():
    who = factories.user(username="can-bo")
    with act() as here:
        who.position = "Phó trưởng ban"
        who.save()

    take_back(here.change_set)

    who.refresh_from_db()
    assert who.position == ""
    assert who.check_password(factories.PASSWORD)


def test_a_taking_back_can_be_taken_back():
    with act() as here:
        create_many(Decision, papers("1"))
    before = list(Decision.objects.values())
    take_back(here.change_set)

    take_back(ChangeSet.objects.get(takes_back=here.change_set))

    assert list(Decision.objects.values()) == before
