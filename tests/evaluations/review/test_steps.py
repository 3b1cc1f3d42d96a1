"""A commune's file from the clerk to the province and back, and who may take which step."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import Role
from evaluations.checks import problems
from evaluations.models import CellRating, LeaderRating, Level, MemberLevels, ReviewCycle, Step, Submission
from evaluations.review.deciding import Paper, record_decision
from evaluations.review.listing import add_cell, exclude
from evaluations.review.opening import close_year, confirm_list, discard_year, fix_lists, open_year
from evaluations.review.rows import Entry, fill_rest, mark_of, save_rows
from evaluations.review.steps import ACTS, take, write_message
from tests import factories
from tests.worlds import kept

State, Kind = Submission.State, Step.Kind


@kept
def cells(commune):
    return [factories.cell(of=factories.hamlet(parent=commune, name=f"{n}")) for n in range(1, 4)]


@kept
def secretary(cells):
    return factories.tenure(cell=cells[0]).person


@kept
def cycle(officer, cells, secretary):
    return factories.open_review(by=officer)


@kept
def file(cycle, commune):
    return factories.file_of(commune, cycle)


def paper(**fields):
    return Paper(
        **{"number": "12-QĐ/ĐU", "day": timezone.localdate(), "body": "Ban Thường vụ Đảng ủy", **fields}
    )


def rate_people(file, clerk, level=Level.GOOD):
    rows = LeaderRating.objects.filter(cycle=file.cycle)
    save_rows(
        file,
        [Entry(LeaderRating, row.pk, mark_of(row, None), {"self_level": level}) for row in rows],
        by=clerk,
    )


@kept
def entered(file, clerk):
    fill_rest(file, by=clerk)
    rate_people(file, clerk)
    file.refresh_from_db()
    return file


@kept
def decided(entered, clerk):
    put = take(entered, Kind.PUT, by=clerk)
    return record_decision(put, paper(signer="Đồng chí Bí thư"), by=clerk)


@kept
def sent(decided, clerk):
    return take(decided, Kind.SENT, by=clerk)


def test_the_list_is_the_rows_of_the_ratings_where_the_cells_stand(cycle, cells, commune, secretary):
    rows = CellRating.objects.filter(cycle=cycle)

    assert {row.cell for row in rows} == set(cells)
    assert {row.commune for row in rows} == {commune}
    assert all(row.withheld for row in rows)
    assert [row.person for row in LeaderRating.objects.filter(cycle=cycle)] == [secretary]


def test_who_died_in_the_year_is_on_the_list_as_not_subject(officer, cells, secretary):
    seat = secretary.tenures.get()
    seat.ends_on, seat.way_out = timezone.localdate() - timedelta(days=1), "died"
    if seat.ends_on.year != timezone.localdate().year:
        pytest.skip("yesterday was another year")
    seat.save()

    cycle = factories.open_review(by=officer)

    (row,) = LeaderRating.objects.filter(cycle=cycle)
    assert (row.person, row.not_subject_reason) == (secretary, "died")


def test_a_list_is_confirmed_by_the_commune_and_fixed_by_the_province(officer, clerk, commune, cells):
    cycle = factories.prepared_review(by=officer)
    file = factories.file_of(commune, cycle)

    confirmed = confirm_list(file, by=clerk)

    assert (confirmed.list_confirmed_by, confirmed.list_confirmed_cells) == (clerk, 3)
    with pytest.raises(PermissionDenied):
        fix_lists(cycle, by=clerk)
    assert fix_lists(cycle, by=officer) == 3
    with pytest.raises(ValidationError, match="đã chuyển"):
        fix_lists(cycle, by=officer)
    assert [step.kind for step in file.steps.all()] == [Kind.LIST_CONFIRMED, Kind.LIST_FIXED]


def test_a_year_opened_in_error_is_taken_back_before_its_list_is_fixed(officer, cells):
    cycle = factories.prepared_review(by=officer, groups={"hamlet": "Chi bộ ấp"})

    discard_year(cycle, by=officer)

    assert not ReviewCycle.objects.exists()
    assert not Submission.objects.exists()


def test_only_the_province_opens_a_year(clerk, officer, province, cells):
    plan = factories.Plan(year=2026, roster_day=date(2026, 11, 20), deadline=date(2026, 12, 10))

    with pytest.raises(PermissionDenied):
        open_year(province, plan, by=clerk)
    assert open_year(province, plan, by=officer).state == ReviewCycle.State.PREPARING


def test_the_proposal_follows_the_own_level_until_something_else_is_proposed(file, clerk):
    row = CellRating.objects.filter(cycle=file.cycle).first()

    save_rows(
        file, [Entry(CellRating, row.pk, mark_of(row, None), {"self_level": Level.EXCELLENT})], by=clerk
    )
    row.refresh_from_db()
    assert row.proposed_level == Level.EXCELLENT

    save_rows(file, [Entry(CellRating, row.pk, mark_of(row, None), {"proposed_level": Level.GOOD})], by=clerk)
    row.refresh_from_db()
    save_rows(
        file, [Entry(CellRating, row.pk, mark_of(row, None), {"self_level": Level.COMPLETED})], by=clerk
    )
    row.refresh_from_db()
    assert (row.self_level, row.proposed_level) == (Level.COMPLETED, Level.GOOD)


def test_a_row_changed_meanwhile_is_a_conflict_and_stays_as_it_is(file, clerk):
    row = CellRating.objects.filter(cycle=file.cycle).first()
    stale = mark_of(row, None)
    save_rows(file, [Entry(CellRating, row.pk, stale, {"self_level": Level.EXCELLENT})], by=clerk)

    (saved,) = save_rows(file, [Entry(CellRating, row.pk, stale, {"self_level": Level.GOOD})], by=clerk)

    row.refresh_from_db()
    assert row.self_level == Level.EXCELLENT
    assert not saved.is_saved
    assert saved.conflict


def test_members_levels_are_made_changed_and_emptied_with_their_row(file, clerk):
    row = CellRating.objects.filter(cycle=file.cycle).first()

    def save(**counts):
        row.refresh_from_db()
        members = MemberLevels.objects.filter(cell=row.cell, cycle=file.cycle).first()
        entry = Entry(CellRating, row.pk, mark_of(row, members), {}, counts)
        return save_rows(file, [entry], by=clerk)[0]

    assert save(excellent=2, good=10).is_saved
    assert MemberLevels.objects.get().withheld
    assert save(excellent=3).is_saved
    assert MemberLevels.objects.get().excellent == 3
    assert save(excellent=None, good=None).is_saved
    assert not MemberLevels.objects.exists()


def test_everything_missing_is_told_at_once(file, clerk):
    with pytest.raises(ValidationError) as refused:
        take(file, Kind.PUT, by=clerk)

    assert len(refused.value.messages) == 2
    file.refresh_from_db()
    assert file.state == State.ENTERING


def test_a_file_goes_all_the_way(sent, officer, cycle):
    assert not CellRating.objects.filter(withheld=True).exists()

    received = take(sent, Kind.RECEIVED, by=officer)
    close_year(cycle, by=officer)

    received.refresh_from_db()
    assert received.state == State.LOCKED
    assert ReviewCycle.objects.get().state == ReviewCycle.State.CLOSED
    assert [step.kind for step in received.steps.all()] == [
        Kind.LIST_FIXED, Kind.PUT, Kind.DECIDED, Kind.SENT, Kind.RECEIVED, Kind.LOCKED,
    ]  # fmt: skip


def test_the_decision_gives_every_row_its_proposal_except_the_exceptions(entered, clerk):
    put = take(entered, Kind.PUT, by=clerk)
    first, *others = CellRating.objects.filter(cycle=entered.cycle).order_by("pk")

    record_decision(
        put,
        paper(
            voters=9, exceptions={(CellRating, first.pk): Level.EXCELLENT}, votes={(CellRating, first.pk): 8}
        ),
        by=clerk,
    )

    first.refresh_from_db()
    assert (first.proposed_level, first.decided_level, first.votes) == (Level.GOOD, Level.EXCELLENT, 8)
    assert {row.decided_level for row in CellRating.objects.exclude(pk=first.pk)} == {Level.GOOD}


def test_more_votes_than_were_cast_are_refused_and_nothing_is_recorded(entered, clerk):
    put = take(entered, Kind.PUT, by=clerk)
    row = CellRating.objects.filter(cycle=entered.cycle).first()

    with pytest.raises(ValidationError, match="10"):
        record_decision(put, paper(voters=9, votes={(CellRating, row.pk): 10}), by=clerk)

    put.refresh_from_db()
    assert put.state == State.PUT
    assert not CellRating.objects.exclude(decided_level="").exists()


def test_a_decision_recorded_in_error_is_taken_back_before_it_is_sent(decided, clerk):
    taken_back = take(decided, Kind.UNDECIDED, by=clerk)

    assert taken_back.state == State.PUT
    assert taken_back.decision is None
    assert not CellRating.objects.exclude(decided_level="").exists()


def test_what_was_sent_is_withdrawn_with_a_reason_until_it_is_received(sent, clerk, officer):
    with pytest.raises(ValidationError, match="một câu"):
        take(sent, Kind.WITHDRAWN, by=clerk)

    withdrawn = take(sent, Kind.WITHDRAWN, by=clerk, text="Thiếu một chi bộ")

    assert withdrawn.state == State.DECIDED
    assert CellRating.objects.filter(withheld=True).count() == 3
    again = take(withdrawn, Kind.SENT, by=clerk)
    take(again, Kind.RECEIVED, by=officer)
    with pytest.raises(ValidationError):
        take(again, Kind.WITHDRAWN, by=clerk, text="Quá muộn")


def test_a_file_sent_back_is_completed_and_sent_again(sent, clerk, officer):
    returned = take(sent, Kind.RETURNED, by=officer, text="Bổ sung lý do của chi bộ 1")
    row = CellRating.objects.filter(cycle=sent.cycle).first()

    (saved,) = save_rows(
        returned, [Entry(CellRating, row.pk, mark_of(row, None), {"note": "Đã bổ sung"})], by=clerk
    )
    (refused,) = save_rows(
        returned,
        [Entry(CellRating, row.pk, mark_of(saved.row, None), {"proposed_level": Level.EXCELLENT})],
        by=clerk,
    )
    again = take(returned, Kind.SENT, by=clerk)

    assert saved.is_saved
    assert not refused.is_saved
    assert again.state == State.SENT


def test_a_second_click_is_told_that_it_was_done(entered, clerk):
    stale = Submission.objects.get(pk=entered.pk)
    take(entered, Kind.PUT, by=clerk)

    with pytest.raises(ValidationError, match="đã được thực hiện"):
        take(stale, Kind.PUT, by=clerk)

    assert entered.steps.filter(kind=Kind.PUT).count() == 1


def test_nothing_is_entered_once_the_file_was_put(entered, clerk):
    put = take(entered, Kind.PUT, by=clerk)
    row = CellRating.objects.filter(cycle=entered.cycle).first()

    with pytest.raises(ValidationError, match="Lấy lại"):
        save_rows(
            put, [Entry(CellRating, row.pk, mark_of(row, None), {"self_level": Level.EXCELLENT})], by=clerk
        )


@pytest.mark.parametrize("kind", sorted(ACTS))
def test_no_step_is_taken_by_whoever_it_is_not_for(kind, sent, decided, outsider, reader, neighbour):
    others = factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour])
    admin = factories.user(role=Role.ADMINISTRATOR, keeps=[None])
    root = factories.user(is_superuser=True, is_staff=True)
    for who in (outsider, reader, others, admin, root):
        with pytest.raises(PermissionDenied):
            take(sent, kind, by=who, text="x")


def test_the_province_does_not_decide_and_the_commune_does_not_receive(sent, decided, officer, clerk):
    with pytest.raises(PermissionDenied):
        take(sent, Kind.RECEIVED, by=clerk)
    with pytest.raises(PermissionDenied):
        take(sent, Kind.WITHDRAWN, by=officer, text="x")


def test_a_cell_forgotten_is_added_with_a_reason_and_decided_apart(decided, officer, clerk, commune):
    late = factories.cell(of=factories.hamlet(parent=commune, name="Quên"))

    row = add_cell(decided, late, reason="Nhập thiếu khi rà soát", by=officer)
    decided.refresh_from_db()
    assert (row.roster_reason, row.withheld) == ("Nhập thiếu khi rà soát", True)
    with pytest.raises(ValidationError):
        take(decided, Kind.SENT, by=clerk)

    more = record_decision(
        decided, paper(number="13-QĐ/ĐU", exceptions={(CellRating, row.pk): Level.GOOD}), by=clerk
    )
    row.refresh_from_db()
    assert (more.state, row.decided_level, row.decision.number) == (State.DECIDED, Level.GOOD, "13-QĐ/ĐU")
    assert more.decision.number == "12-QĐ/ĐU"


def test_a_row_is_taken_off_the_list_with_a_reason_that_stays_on_the_timeline(file, officer, cells):
    row = CellRating.objects.get(cycle=file.cycle, cell=cells[2])

    exclude(file, row, reason="Ghi trùng", by=officer)

    assert not CellRating.objects.filter(pk=row.pk).exists()
    last = file.steps.last()
    assert (last.kind, last.cell, last.text) == (Kind.EXCLUDED, cells[2], "Ghi trùng")


def test_with_a_cell_taken_off_the_list_go_the_levels_of_its_members(file, clerk, officer, cells):
    rows = {row.cell: row for row in CellRating.objects.filter(cycle=file.cycle)}
    entries = [Entry(CellRating, row.pk, mark_of(row, None), members={"good": 9}) for row in rows.values()]
    save_rows(file, entries, by=clerk)

    exclude(file, rows[cells[2]], reason="Ghi trùng", by=officer)

    assert {one.cell for one in MemberLevels.objects.all()} == set(cells[:2])
    assert MemberLevels.history.filter(cell=cells[2], good=9).exists()
    assert not list(problems())


def test_both_sides_write_on_the_thread(sent, officer, clerk):
    noted = write_message(sent, "Đề nghị gửi thêm biên bản", by=officer)
    write_message(noted, "Đã gửi qua văn thư", by=clerk)

    assert [step.text for step in sent.steps.filter(kind=Kind.MESSAGE)] == [
        "Đề nghị gửi thêm biên bản",
        "Đã gửi qua văn thư",
    ]


@pytest.mark.parametrize("rows", [2, 40])
def test_saving_a_commune_takes_the_same_queries_for_any_number_of_rows(
    rows, officer, commune, clerk, django_assert_num_queries
):
    for number in range(rows):
        factories.tenure(cell=factories.cell(of=factories.hamlet(parent=commune, name=f"{number}")))
    cycle = factories.open_review(by=officer)
    file = factories.file_of(commune, cycle)
    entries = [
        Entry(CellRating, row.pk, mark_of(row, None), {"self_level": Level.GOOD}, {"good": 5})
        for row in CellRating.objects.filter(cycle=cycle)
    ] + [
        Entry(LeaderRating, row.pk, mark_of(row, None), {"self_level": Level.GOOD})
        for row in LeaderRating.objects.filter(cycle=cycle)
    ]
    with django_assert_num_queries(20):
        saved = save_rows(file, entries, by=clerk)

    assert all(one.is_saved and one.changed for one in saved)
