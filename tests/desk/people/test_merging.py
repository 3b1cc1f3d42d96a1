"""Two records of one person become one, and become two again exactly as they were."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db.models import DO_NOTHING
from django.urls import reverse

from accounts.changes import ChangeSet, recording
from accounts.history import take_back
from cells.models import LineKind, Unit
from desk.checks import problems
from desk.people.clashes import clashes_between
from desk.people.merging import HANGS, described, in_the_way, merge, mergings, undo
from evaluations.models import CaseCriterion, LeaderRating
from leaders.accesses import note_look
from leaders.actions import end_tenure
from leaders.models import (
    Access,
    Assignment,
    Candidacy,
    Commendation,
    Contest,
    Course,
    Office,
    Participation,
    Person,
    PersonRequest,
    Tenure,
    TwoPeople,
)
from tests import factories
from tests.desk.reorganisation.acting import carry_out, event_of, line


@pytest.fixture
def cell(commune):
    return factories.cell(of=factories.hamlet(parent=commune, name="Phước Hậu"))


@pytest.fixture
def kept(commune):
    return factories.person(keeper=commune, full_name="Lê Thị Hoa", phone="0912 345 678")


@pytest.fixture
def merged(neighbour):
    return factories.person(
        keeper=neighbour,
        full_name="Lê Thị Hoà",
        born_on=date(1970, 5, 1),
        born_on_precision="day",
        education="12/12",
    )


@pytest.fixture
def hung(cell, commune, province, merged, officer):
    """One of everything hangs on the second record."""
    hamlet = cell.areas.get().hamlet
    with recording(reason="trước"):
        factories.tenure(cell=cell, person=merged)
        factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet, person=merged)
        cycle = factories.cycle(province=province)
        factories.leader_rating(of=merged, cycle=cycle, cell=cell)
        contest = Contest.objects.create(kind="congress", cell=cell, term="2020-2022")
        Candidacy.objects.create(contest=contest, person=merged)
        Assignment.objects.create(kind=Assignment.Kind.HAMLET_OFFICER, person=merged, unit=hamlet)
        criteria = factories.criteria_set(province=province)
        case = factories.title_case(of=cell, criteria_set=criteria)
        CaseCriterion.objects.create(case=case, criterion=criteria.criteria.first(), in_charge=merged)
        course = Course.objects.create(unit=province, name="Bồi dưỡng bí thư", starts_on=date(2024, 5, 1))
        Participation.objects.create(course=course, person=merged)
        Commendation.objects.create(
            person=merged, year=2024, form="paper", decision=factories.decision(unit=commune), merit="Tốt"
        )
        PersonRequest.objects.create(asked_by=commune, full_name="Lê Thị Hoa", purpose="Bầu", person=merged)
    return merged


def facts() -> dict:
    """Every row of everything that a merging may touch."""
    return {model: sorted(model._base_manager.values_list(), key=str) for model in (Person, Access, *HANGS)}


def owners() -> set[int]:
    return {
        key
        for model, field in HANGS.items()
        for key in model._base_manager.values_list(field, flat=True)
        if key
    }


def test_everything_that_hangs_on_a_person_is_taken_over():
    relations = {
        (field.related_model, field.field.name)
        for field in Person._meta.get_fields(include_hidden=True)
        if (field.one_to_many or field.one_to_one)
        and field.auto_created
        and field.on_delete is not DO_NOTHING
    }

    # That somebody was said to be another person goes with the record.
    assert relations == {*HANGS.items(), (TwoPeople, "one"), (TwoPeople, "other")}


def test_the_first_record_takes_over_the_second_and_what_was_chosen(kept, hung, officer):
    merge(kept, hung, fields={"born_on": date(1970, 5, 1), "born_on_precision": "day"}, by=officer)

    kept.refresh_from_db()
    assert owners() == {kept.pk}
    assert str(kept.born) == "01/05/1970"
    assert kept.phone == "0912 345 678"
    assert not Person.objects.filter(pk=hung.pk).exists()
    assert Person.history.filter(id=hung.pk, history_type="-").get().change_set.by == officer
    assert [*problems()] == []


def test_undone_everything_is_as_before(kept, hung, officer, reader):
    note_look(reader, [kept, hung])
    before = facts()
    change_set = merge(kept, hung, fields={"keeper": hung.keeper, "full_name": "Lê Thị Hòa"}, by=officer)
    assert facts() != before
    (merging,) = described([change_set])

    assert in_the_way(merging) == []
    undo(merging, by=officer, reason="Hai người khác nhau")

    assert facts() == before
    assert [*problems()] == []
    assert described(list(mergings(officer)))[0].is_undone


def test_it_is_undone_on_its_own_page_and_not_in_the_administration(client, kept, hung, officer):
    change_set = merge(kept, hung, fields={}, by=officer)
    client.force_login(officer)

    answer = client.post(
        reverse("admin:accounts_changeset_take_back", args=[change_set.pk]), {"reason": "Nhầm"}, follow=True
    )

    assert reverse("records:merged", args=[change_set.pk]) in str(list(answer.context["messages"])[0])
    assert not ChangeSet.objects.filter(takes_back=change_set).exists()


def test_undone_twice_is_refused(kept, hung, officer):
    (merging,) = described([merge(kept, hung, fields={}, by=officer)])
    undo(merging, by=officer, reason="Nhầm")

    with pytest.raises(ValidationError, match="đã được"):
        undo(merging, by=officer, reason="Nhầm")


def test_merged_again_after_it_was_undone(kept, hung, officer):
    (merging,) = described([merge(kept, hung, fields={}, by=officer)])
    undo(merging, by=officer, reason="Nhầm")

    merge(Person.objects.get(pk=kept.pk), Person.objects.get(pk=hung.pk), fields={}, by=officer)

    assert owners() == {kept.pk}


def test_what_was_added_since_stays_with_the_record_that_is_there(kept, hung, officer, commune):
    (merging,) = described([merge(kept, hung, fields={}, by=officer)])
    with recording(reason="sau"):
        later = factories.tenure(cell=factories.cell(of=factories.hamlet(parent=commune)), person=kept)

    undo(merging, by=officer, reason="Nhầm")

    later.refresh_from_db()
    assert later.person_id == kept.pk


def test_what_was_changed_since_stands_in_the_way_and_is_named(kept, hung, officer):
    (merging,) = described([merge(kept, hung, fields={}, by=officer)])
    with recording(reason="Sửa điện thoại"):
        person = Person.objects.get(pk=kept.pk)
        person.phone = "0999 888 777"
        person.save()

    (obstacle,) = in_the_way(merging)
    assert "Lê Thị Hoa" in str(obstacle)
    with pytest.raises(ValidationError, match="Sửa điện thoại"):
        undo(merging, by=officer, reason="Nhầm")
    assert not Person.objects.filter(pk=hung.pk).exists()


def test_the_log_goes_on_naming_whose_record_was_looked_at(kept, hung, officer, reader):
    note_look(reader, [hung])

    merge(kept, hung, fields={}, by=officer)

    assert Access.objects.get().person_id == hung.pk


def test_who_edits_a_row_meanwhile_reads_that_it_has_changed(kept, hung, officer):
    revision = LeaderRating.objects.get().revision

    merge(kept, hung, fields={}, by=officer)

    assert LeaderRating.objects.get().revision == revision + 1


def test_an_account_goes_along_and_two_are_refused(kept, merged, officer, reader, clerk):
    merged.account = reader
    merged.save()
    change_set = merge(kept, merged, fields={"account": reader}, by=officer)
    assert Person.objects.get().account == reader
    undo(described([change_set])[0], by=officer, reason="Nhầm")
    assert Person.objects.get(pk=merged.pk).account == reader

    Person.objects.filter(pk=kept.pk).update(account=clerk)
    with pytest.raises(ValidationError, match="hai tài khoản"):
        merge(Person.objects.get(pk=kept.pk), Person.objects.get(pk=merged.pk), fields={}, by=officer)


def test_an_account_reads_no_hamlet_that_stays_with_the_other_record(kept, officer, commune):
    """What was assigned to the one record meanwhile is that record's own when there are two again."""
    first, second = (factories.hamlet(parent=commune, name=name) for name in ("1", "2"))
    account, _assignment = factories.follower(first)
    change_set = merge(kept, account.person, fields={"account": account}, by=officer)
    factories.assignment(of=second, person=kept)

    undo(described([change_set])[0], by=officer, reason="Nhầm")

    assert list(Unit.objects.visible_to(type(account).objects.get(pk=account.pk))) == [first]
    assert [*problems()] == []
    assert not ChangeSet.objects.filter(pk__gt=ChangeSet.objects.get(takes_back=change_set).pk).exists()


@pytest.mark.parametrize("lines", ["absorbed", "divided"])
def test_a_record_of_a_commune_that_has_ended_meanwhile_is_kept_where_that_went(
    kept, merged, officer, commune, neighbour, province, lines
):
    change_set = merge(kept, merged, fields={}, by=officer)
    event = event_of(province, title="Sáp nhập xã")
    if lines == "absorbed":
        line(event, LineKind.ABSORB, units=[neighbour], unit=commune)
    else:
        for name, code in (("Phú Một", "28997"), ("Phú Hai", "28998")):
            line(event, LineKind.FOUND, parts=[neighbour], name=name, unit_kind="xa", code=code)
        line(event, LineKind.SPLIT, unit=neighbour)
    carry_out(event)

    undo(described([change_set])[0], by=officer, reason="Nhầm")

    merged = Person.objects.get(pk=merged.pk)
    assert merged.keeper == (commune if lines == "absorbed" else province)
    assert [*problems()] == []
    last = Person.history.filter(id=merged.pk).latest("history_id")
    assert last.change_set == ChangeSet.objects.get(takes_back=change_set)


# --- What cannot be one person's ----------------------------------------------------------------


def clash(kept, merged, officer) -> str:
    with pytest.raises(ValidationError) as refused:
        merge(kept, merged, fields={}, by=officer)
    assert Person.objects.filter(pk__in=[kept.pk, merged.pk]).count() == 2
    return "; ".join(refused.value.messages)


def test_one_office_of_one_body_on_one_day(kept, merged, officer, cell):
    for person, starts_on in ((kept, date(2020, 1, 1)), (merged, date(2021, 1, 1))):
        factories.tenure(office=Office.DEPUTY_SECRETARY, cell=cell, person=person, starts_on=starts_on)

    assert "phước hậu" in clash(kept, merged, officer).lower()


def test_one_office_on_days_that_follow_is_no_clash(kept, merged, officer, cell):
    factories.tenure(cell=cell, person=kept, starts_on=date(2020, 1, 1), ends_on=date(2021, 12, 31))
    factories.tenure(cell=cell, person=merged, starts_on=date(2022, 1, 1))

    merge(kept, merged, fields={}, by=officer)

    assert Tenure.objects.filter(person=kept).count() == 2


def test_two_levels_of_one_year_and_basis(kept, merged, officer, cell, province):
    cycle = factories.cycle(province=province, year=2024)
    for person in (kept, merged):
        factories.leader_rating(of=person, cycle=cycle, cell=cell)

    assert "năm 2024" in clash(kept, merged, officer)


def test_every_clash_is_told_at_once(kept, merged, officer, cell, province, commune):
    contest = Contest.objects.create(kind="congress", cell=cell, term="2020-2022")
    course = Course.objects.create(unit=province, name="Bồi dưỡng bí thư", starts_on=date(2024, 5, 1))
    decision = factories.decision(unit=commune)
    for person in (kept, merged):
        Candidacy.objects.create(contest=contest, person=person)
        Participation.objects.create(course=course, person=person)
        Commendation.objects.create(person=person, year=2024, form="paper", decision=decision, merit="Tốt")
        Assignment.objects.create(kind=Assignment.Kind.HAMLET_OFFICER, person=person, unit=commune)

    told = clash(kept, merged, officer)

    for word in ("ứng cử", "Bồi dưỡng bí thư", "khen thưởng", "phân công theo dõi"):
        assert word in told


def test_a_seat_outside_the_readers_units_is_not_named(kept, merged, officer):
    far = factories.cell(of=factories.hamlet(name="Xa Xôi"))
    for person in (kept, merged):
        factories.tenure(office=Office.COMMITTEE_MEMBER, cell=far, person=person)

    told = clash(kept, merged, officer)

    assert "Xa Xôi" not in told
    assert "ngoài phạm vi" in told


def test_a_level_that_is_not_sent_is_told_to_no_other_commune(kept, commune, neighbour, officer):
    """Whoever keeps the record reads the level: it would change hands before it is sent."""
    hamlet = factories.hamlet(parent=neighbour)
    there = factories.person(keeper=neighbour)
    factories.tenure(cell=factories.cell(of=hamlet), person=there)
    factories.open_review(by=officer)
    if not LeaderRating.objects.filter(person=there).exists():
        file = factories.file_of(neighbour, factories.ReviewCycle.objects.get())
        LeaderRating.objects.create(
            cycle=file.cycle,
            commune=neighbour,
            person=there,
            cell=hamlet.cell_areas.get().cell,
            withheld=True,
        )

    with pytest.raises(ValidationError, match="chưa gửi"):
        merge(kept, there, fields={"keeper": commune}, by=officer)
    merge(kept, there, fields={"keeper": neighbour}, by=officer)

    assert LeaderRating.objects.get(person=kept).person.keeper == neighbour


def test_a_file_that_was_sent_after_the_merging_stays_sent_when_it_is_undone(
    kept, merged, officer, commune, cell
):
    factories.open_review(by=officer)
    file = factories.file_of(commune, factories.ReviewCycle.objects.get())
    Person.objects.filter(pk=merged.pk).update(keeper=commune)
    rating = LeaderRating.objects.create(cycle=file.cycle, commune=commune, person=merged, withheld=True)
    change_set = merge(kept, Person.objects.get(pk=merged.pk), fields={}, by=officer)
    file.decision = factories.decision(unit=commune)
    file.state, file.sent_at = "sent", "2026-11-22T08:00Z"
    file.save()
    LeaderRating.objects.filter(pk=rating.pk).update(withheld=False)

    undo(described([change_set])[0], by=officer, reason="Nhầm")

    rating.refresh_from_db()
    assert rating.person_id == merged.pk
    assert rating.withheld is False


def test_what_somebody_else_merged_elsewhere_is_not_listed(kept, merged, officer, outsider):
    merge(kept, merged, fields={}, by=officer)

    assert not mergings(outsider).exists()


def test_taking_the_samples_back_is_not_taken_for_an_undone_merging(kept, merged, officer):
    change_set = merge(kept, merged, fields={}, by=officer)

    take_back(change_set, by=officer, reason="ở trang quản trị")

    assert described(list(mergings(officer)))[0].is_undone


def test_who_died_is_not_merged_with_who_came_into_office_later(kept, merged, cell, officer):
    factories.tenure(
        cell=cell, person=kept, starts_on=date(2015, 1, 1), ends_on=date(2020, 3, 12), way_out="died"
    )
    factories.tenure(cell=cell, person=merged, starts_on=date(2020, 11, 20))

    assert any("12/03/2020" in sentence for sentence in clashes_between(kept, merged, by=officer))


@pytest.mark.parametrize("starts_on", [date(2020, 1, 1), None])
def test_who_died_is_not_merged_with_who_is_in_office_on_that_day_and_after(kept, merged, officer, starts_on):
    died = factories.tenure(person=kept)
    end_tenure(died, last_day=date(2020, 3, 12), way_out="died")
    running = factories.tenure(person=merged, starts_on=starts_on)

    told = clash(kept, merged, officer)

    assert "12/03/2020" in told
    assert running.seat_name not in told
    assert "ngoài phạm vi" in told
    Tenure.objects.filter(pk=running.pk).update(ends_on=date(2020, 3, 12))
    assert clashes_between(kept, merged, by=officer) == []


def test_what_one_person_cannot_have_done_is_not_merged(kept, merged, cell, officer):
    """One record died, or left the Party, before what the other tells."""
    factories.tenure(
        cell=cell, person=kept, starts_on=date(2015, 1, 1), ends_on=date(2020, 3, 12), way_out="died"
    )
    contest = Contest.objects.create(
        kind="congress", cell=cell, term="2020-2022", outcome="held", held_on=date(2020, 6, 1)
    )
    Candidacy.objects.create(contest=contest, person=merged, votes=3)

    with pytest.raises(ValidationError, match="12/03/2020"):
        merge(kept, merged, fields={}, by=officer)


def test_who_left_the_party_is_not_merged_into_a_party_seat_of_later(kept, merged, cell, officer):
    factories.tenure(cell=cell, person=kept, starts_on=date(2025, 1, 1))
    left = {"membership": "no", "left_on": date(2024, 1, 1), "left_on_precision": "day"}

    with pytest.raises(ValidationError, match="01/01/2024"):
        merge(kept, merged, fields=left, by=officer)
    kept.refresh_from_db()
    merge(kept, merged, fields={}, by=officer)
