"""Meetings of a month: what may be recorded, what a row takes, and who was first."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.typed import Unreadable
from cells.meetings.grid import load
from cells.meetings.months import full_months, full_months_of
from cells.meetings.places import cells_of
from cells.meetings.posted import entries_of, read, read_day, read_grade
from cells.meetings.rows import NOTHING_YET, Entry, expected_members, mark_of, record_meeting, save_rows
from cells.models import Meeting, MemberCount
from tests import factories

MONTH = date(2026, 3, 1)
HELD = {"held": True, "day": date(2026, 3, 5), "present": 18}


@pytest.fixture
def cell(commune):
    made = factories.cell(of=factories.hamlet(parent=commune, name="Quới Hòa"))
    MemberCount.objects.create(cell=made, day=date(2026, 1, 1), total=30, active=20, exempt=6, away=4)
    return made


def save(cell, values: dict, mark: str = NOTHING_YET, month: date = MONTH):
    (saved,) = save_rows({cell.pk: cell}, month, [Entry(mark, values, cell=cell.pk)])
    return saved


def test_how_many_are_expected_is_preset_from_the_latest_count_up_to_the_month(cell):
    MemberCount.objects.create(cell=cell, day=date(2026, 4, 1), active=25)

    assert expected_members([cell.pk], date(2026, 3, 31)) == {cell.pk: 20}

    assert save(cell, HELD).is_saved
    meeting = Meeting.objects.get()
    assert (meeting.expected, meeting.present, meeting.month) == (20, 18, MONTH)


def test_who_gives_a_day_means_that_it_was_held(cell):
    assert save(cell, {"day": date(2026, 3, 5)}).is_saved

    assert Meeting.objects.get().was_held


def test_it_is_recorded_that_none_was_held(cell):
    assert save(cell, {"held": False, "note": "Mưa lũ"}).is_saved

    meeting = Meeting.objects.get()
    assert (meeting.was_held, meeting.day, meeting.present) == (False, MONTH, None)


@pytest.mark.parametrize(
    ("values", "at"),
    [
        ({"held": True}, "day"),
        ({"note": "Chưa rõ"}, "held"),
        ({"expected": 25}, "held"),
        ({**HELD, "present": 21}, "present"),
        ({**HELD, "day": date(2026, 5, 1)}, "day"),
        ({"held": False, "present": 3}, "present"),
        ({"held": False, "grade": "good"}, "grade"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(cell, values, at):
    saved = save(cell, values)

    assert list(saved.faults) == [at]
    assert not Meeting.objects.exists()


def test_the_meeting_of_a_month_may_be_held_some_days_aside(cell):
    assert save(cell, {**HELD, "day": date(2026, 2, 27)}).is_saved

    assert Meeting.objects.get().month == MONTH


def test_two_months_do_not_share_a_meeting(cell):
    save(cell, {**HELD, "day": date(2026, 3, 31)})

    saved = save(cell, {**HELD, "day": date(2026, 3, 31)}, month=date(2026, 4, 1))

    assert list(saved.faults) == ["day"]


def test_none_was_held_in_a_month_on_whose_first_day_the_one_before_was_held(cell):
    assert save(cell, {**HELD, "day": date(2026, 4, 1)}).is_saved

    assert save(cell, {"held": False}, month=date(2026, 4, 1)).is_saved

    assert list(Meeting.objects.order_by("month").values_list("month", "was_held")) == [
        (MONTH, True),
        (date(2026, 4, 1), False),
    ]


def test_a_month_that_has_not_come_is_not_entered(cell):
    with pytest.raises(ValidationError, match="Chưa đến tháng đó"):
        save(cell, HELD, month=date(2099, 1, 1))


def test_no_meeting_lies_outside_the_life_of_the_cell(commune):
    young = factories.cell(of=factories.hamlet(parent=commune, starts_on=date(2026, 3, 10)))

    saved = save(young, {**HELD, "day": date(2026, 3, 5)})

    assert list(saved.faults) == ["day"]


def test_an_emptied_row_leaves_nothing_but_its_history(cell):
    save(cell, HELD)
    meeting = Meeting.objects.get()
    nothing = dict.fromkeys(("held", "day", "present", "committee_met"), None) | {"grade": "", "note": ""}

    assert save(cell, nothing, mark_of(meeting)).is_saved

    assert not Meeting.objects.exists()
    assert Meeting.history.filter(id=meeting.pk, history_type="-").exists()


def test_what_a_colleague_has_entered_is_not_written_over(cell):
    save(cell, HELD)

    late = save(cell, {**HELD, "present": 15})
    settled = save(cell, {"present": 15}, mark_of(Meeting.objects.get()))

    assert late.conflict
    assert settled.is_saved
    assert Meeting.objects.get().present == 15
    assert Meeting.objects.get().revision == 2


def test_what_a_colleague_has_emptied_is_a_conflict(cell):
    save(cell, HELD)
    mark = mark_of(Meeting.objects.get())
    Meeting.objects.all().delete()

    assert save(cell, {"present": 15}, mark).conflict


def test_only_rows_that_were_touched_are_saved(cell, clerk, commune):
    save(cell, HELD)
    grid = load(commune, MONTH, clerk)
    key = f"c{cell.pk}"
    # An old page, sent whole, on which only the note was touched.
    posted = {f"{key}-mark": NOTHING_YET, f"{key}-note": "Vắng hai đồng chí", f"{key}-present": ""}

    (entry,) = entries_of(grid, posted)

    assert entry.values == {"note": "Vắng hai đồng chí"}


def test_the_saving_of_a_month_needs_the_same_queries_for_any_number(commune, django_assert_max_num_queries):
    cells = {cell.pk: cell for cell in factories.many_cells(commune, 30)}

    with django_assert_max_num_queries(14):
        results = save_rows(
            cells, MONTH, [Entry(NOTHING_YET, {**HELD, "expected": 20}, cell=pk) for pk in cells]
        )

    assert all(one.is_saved for one in results)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5", date(2026, 3, 5)),
        ("05/3", date(2026, 3, 5)),
        ("5/3/2026", date(2026, 3, 5)),
        ("28-2", date(2026, 2, 28)),
        ("", None),
    ],
)
def test_a_short_day_is_one_of_the_month(text, day):
    assert read_day(text, MONTH) == day


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [("5/1", date(2026, 12, 1), date(2027, 1, 5)), ("30/12", date(2027, 1, 1), date(2026, 12, 30))],
)
def test_a_short_day_across_the_new_year_is_the_one_beside_the_month(text, month, day):
    assert read_day(text, month) == day


@pytest.mark.parametrize("text", ["32", "30/2", "hôm qua", "3/2026", "2026"])
def test_what_is_no_day_is_told(text):
    with pytest.raises(Unreadable):
        read_day(text, MONTH)


@pytest.mark.parametrize(
    ("text", "grade"), [("Tốt", "good"), ("kha", "fair"), ("TB", "average"), ("Yếu", "weak"), ("", "")]
)
def test_grades_are_read_as_offices_write_them(text, grade):
    assert read_grade(text) == grade


def test_a_level_of_the_year_is_no_grade_of_a_meeting():
    with pytest.raises(Unreadable):
        read_grade("HTTNV")


@settings(max_examples=40)
@given(
    name=st.sampled_from(["day", "expected", "present", "grade", "held", "committee_met", "note"]),
    text=st.text(max_size=12),
)
def test_whatever_is_typed_is_read_or_refused(name, text):
    said = "read"
    try:
        read(name, text, MONTH)
    except Unreadable as refusal:
        said = str(refusal)

    assert said


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    expected=st.none() | st.integers(0, 60),
    present=st.none() | st.integers(0, 60),
    held=st.sampled_from([None, True, False]),
)
def test_what_is_saved_is_possible(cell, expected, present, held):
    Meeting.objects.all().delete()
    day = date(2026, 3, 5) if held else None

    save(cell, {"held": held, "day": day, "expected": expected, "present": present})

    for meeting in Meeting.objects.all():
        assert meeting.was_held or meeting.present is None
        assert None in (meeting.expected, meeting.present) or meeting.present <= meeting.expected


def test_a_cell_that_moved_within_the_month_is_one_of_its_last_commune(commune, neighbour, officer, cell):
    period = cell.periods.get()
    period.ends_on = date(2026, 3, 14)
    period.save()
    cell.periods.create(name=period.name, commune=neighbour, starts_on=date(2026, 3, 15))
    type(cell).objects.filter(pk=cell.pk).update(commune=neighbour)

    assert cells_of(commune, MONTH, officer) == []
    assert cells_of(neighbour, MONTH, officer) == [cell]
    assert cells_of(commune, date(2026, 2, 1), officer) == [cell]


def test_full_months_end_with_the_last_one_that_is_over(time_machine):
    time_machine.move_to("2027-02-28T12:00:00+07:00", tick=False)
    assert full_months(date(2027, 2, 28)) == (date(2027, 1, 1), date(2027, 1, 1)), "today still runs"
    assert full_months(date(2026, 11, 29)) == (date(2026, 1, 1), date(2026, 10, 1))
    assert full_months(date(2026, 11, 30)) == (date(2026, 1, 1), date(2026, 11, 1))
    assert full_months(date(2027, 1, 15)) == (date(2026, 1, 1), date(2026, 12, 1))
    assert full_months_of(2026, date(2026, 1, 15)) == []
    assert len(full_months_of(2025, date(2026, 1, 15))) == 12


def test_other_meetings_are_recorded_by_their_day(cell):
    made = record_meeting(Meeting(cell=cell, kind="thematic", day=date(2026, 3, 20), expected=20, present=19))

    assert made.month == MONTH
    with pytest.raises(ValidationError):
        record_meeting(Meeting(cell=cell, kind="thematic", day=date(2026, 3, 20)))
    with pytest.raises(ValidationError):
        record_meeting(Meeting(cell=cell, kind="extraordinary", day=MONTH, was_held=False))
