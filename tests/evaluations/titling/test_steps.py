"""Who takes which step of a title from where; nothing is done twice, and nothing is written over."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.models import Role
from evaluations.checks import problems
from evaluations.models import TitleCase
from evaluations.review.deciding import Paper
from evaluations.titling.steps import ACTS, Kind, acts_for, recognise_many, take
from tests import factories
from tests.worlds import kept

State = TitleCase.State
DAY = date(2026, 3, 1)
PAPER = Paper("12-QĐ/TU", date(2026, 6, 1), "Ban Thường vụ Tỉnh ủy", signer="Nguyễn Văn Ký")
# What each state needs to be one.
FACTS = {
    State.REGISTERED: {},
    State.APPRAISED: {"appraised_on": date(2026, 2, 20)},
    State.RECOGNISED: {"appraised_on": date(2025, 11, 1), "recognised_on": date(2026, 2, 1)},
    State.REVOKED: {
        "recognised_on": date(2025, 2, 1),
        "revoked_on": date(2026, 2, 1),
        "revocation_reason": "Vi phạm",
    },
    State.DECLINED: {"declined_on": date(2026, 2, 1), "declined_reason": "Thiếu điểm"},
}
KEEPERS = {"clerk", "officer", "administrator"}
PROVINCE = {"officer", "administrator"}
MAY = {
    Kind.APPRAISED: KEEPERS,
    Kind.REOPENED: KEEPERS,
    Kind.WITHDRAWN: KEEPERS,
    Kind.RECOGNISED: PROVINCE,
    Kind.DECLINED: PROVINCE,
    Kind.REVOKED: PROVINCE,
    Kind.RECOGNITION_CORRECTED: PROVINCE,
    Kind.REVOCATION_CORRECTED: PROVINCE,
    Kind.UNDONE: PROVINCE,
}
FROM = {
    Kind.APPRAISED: {State.REGISTERED},
    Kind.REOPENED: {State.APPRAISED},
    Kind.WITHDRAWN: {State.REGISTERED},
    Kind.RECOGNISED: {State.APPRAISED},
    Kind.DECLINED: {State.REGISTERED, State.APPRAISED},
    Kind.REVOKED: {State.RECOGNISED},
    Kind.RECOGNITION_CORRECTED: {State.RECOGNISED, State.REVOKED},
    Kind.REVOCATION_CORRECTED: {State.REVOKED},
    Kind.UNDONE: {State.RECOGNISED, State.REVOKED, State.DECLINED},
}
# Where what is taken back leads: to the step before.
BEFORE = {
    State.RECOGNISED: State.APPRAISED,
    State.REVOKED: State.RECOGNISED,
    State.DECLINED: State.REGISTERED,
}


@kept
def people(commune, neighbour, province, clerk, officer, reader, outsider):
    return {
        "clerk": clerk,
        "officer": officer,
        "reader": reader,
        "outsider": outsider,
        "administrator": factories.user(role=Role.ADMINISTRATOR, keeps=[None]),
        "neighbour": factories.user(role=Role.COMMUNE_STAFF, keeps=[neighbour]),
    }


def case_in(state: str, commune) -> TitleCase:
    facts = {
        "registered_on": date(2025, 1, 1),
        "year": 2026,
        "appraisal_team": "Đồng chí A, Tổ trưởng",
        "appraisal_remark": "Đạt",
        **FACTS[state],
    }
    if state == State.REVOKED:
        facts["revocation"] = factories.decision(date=date(2026, 2, 1))
    facts.setdefault("recognised_on", None)
    return factories.title_case(of=factories.cell(of=factories.hamlet(parent=commune)), state=state, **facts)


def led_to(kind, state) -> str:
    if kind == Kind.UNDONE:
        return BEFORE[state]
    return state if kind == Kind.RECOGNITION_CORRECTED else ACTS[kind].target


def step(case, kind, by):
    paper = PAPER if ACTS[kind].needs_paper else None
    if case.state == State.REVOKED and kind == Kind.RECOGNITION_CORRECTED:
        paper = Paper("3-QĐ/TU", date(2025, 6, 1), "Ban Thường vụ Tỉnh ủy")
    return take(case, kind, by=by, day=DAY, text="Vì lý do này", paper=paper)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("state", State)
def test_a_step_is_taken_from_its_states_by_its_people_alone(people, commune, kind, state):
    for who, user in people.items():
        case = case_in(state, commune)
        if who not in MAY[kind]:
            with pytest.raises(PermissionDenied):
                step(case, kind, user)
        elif state not in FROM[kind]:
            with pytest.raises(ValidationError):
                step(case, kind, user)
        else:
            assert step(case, kind, user).state == led_to(kind, state)
        after = TitleCase.objects.get(pk=case.pk)
        moved = who in MAY[kind] and state in FROM[kind]
        assert (after.state, after.revision) == ((led_to(kind, state), 2) if moved else (state, 1))
        assert after.history.count() == (2 if moved else 1)


def test_the_page_offers_what_may_be_taken(people, commune):
    case = case_in(State.APPRAISED, commune)

    assert set(acts_for(people["clerk"], case, is_kept=True)) == {Kind.REOPENED}
    assert set(acts_for(people["officer"], case, is_kept=True)) == {
        Kind.REOPENED,
        Kind.RECOGNISED,
        Kind.DECLINED,
    }
    assert acts_for(people["officer"], case, is_kept=False) == []


def test_a_stale_page_is_told_who_was_first(clerk, officer, commune):
    case = case_in(State.APPRAISED, commune)
    seen = TitleCase.objects.get(pk=case.pk)
    step(case, Kind.REOPENED, clerk)

    with pytest.raises(ValidationError) as refused:
        step(seen, Kind.DECLINED, officer)

    assert "vừa được sửa" in refused.value.messages[0]


def test_a_second_click_does_nothing_twice(officer, commune):
    case = case_in(State.RECOGNISED, commune)
    seen = TitleCase.objects.get(pk=case.pk)
    step(case, Kind.REVOKED, officer)

    with pytest.raises(ValidationError) as refused:
        step(seen, Kind.REVOKED, officer)

    assert "Không ghi lại lần nữa" in refused.value.messages[0]
    revoked = TitleCase.objects.get()
    assert (revoked.revoked_on, revoked.revocation.signer) == (PAPER.day, "Nguyễn Văn Ký")
    assert revoked.revocation_reason == "Vì lý do này"


def test_what_a_step_needs_is_asked_for(officer, commune):
    registered, held = case_in(State.REGISTERED, commune), case_in(State.RECOGNISED, commune)

    for case, kind, paper, text in (
        (registered, Kind.DECLINED, None, " "),
        (held, Kind.REVOKED, PAPER, ""),
        (held, Kind.REVOKED, None, "Vì lý do"),
    ):
        with pytest.raises(ValidationError):
            take(case, kind, by=officer, day=DAY, text=text, paper=paper)


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2999, 1, 1)])
def test_days_stay_in_order(officer, commune, day):
    case = case_in(State.REGISTERED, commune)

    with pytest.raises(ValidationError):
        take(case, Kind.APPRAISED, by=officer, day=day)
    with pytest.raises(ValidationError):
        take(
            case_in(State.RECOGNISED, commune),
            Kind.REVOKED,
            by=officer,
            day=DAY,
            text="Vì",
            paper=Paper("1", date(2026, 2, 1), "Ban Thường vụ"),
        )


def test_an_appraisal_needs_its_team_and_all_points(clerk, commune, province):
    case = case_in(State.REGISTERED, commune)
    case.criteria_set = factories.criteria_set(province=province)
    case.appraisal_team = ""
    case.save()

    with pytest.raises(ValidationError) as refused:
        step(case, Kind.APPRAISED, clerk)

    assert refused.value.messages == [
        "Ghi thành phần tổ thẩm định.",
        "Còn 2 tiêu chí chưa có điểm thẩm định.",
    ]


def test_withdrawn_and_declined_cells_are_registered_anew(clerk, commune):
    case = case_in(State.REGISTERED, commune)
    step(case, Kind.WITHDRAWN, clerk)

    again = factories.title_case(of=case.cell, registered_on=DAY)

    assert again.state == State.REGISTERED
    assert TitleCase.objects.get(pk=case.pk).declined_reason == "rút đăng ký: Vì lý do này"


# --- many at once ------------------------------------------------------------------------


def test_one_decision_recognises_many(officer, commune, django_assert_max_num_queries):
    cases = [case_in(State.APPRAISED, commune) for _ in range(6)]
    read = {case.pk: case.revision for case in cases}

    with django_assert_max_num_queries(22 + len(cases)):
        recognise_many(read, PAPER, by=officer)

    found = TitleCase.objects.all()
    assert {case.state for case in found} == {State.RECOGNISED}
    assert {case.recognised_on for case in found} == {PAPER.day}
    assert len({case.recognition_id for case in found}) == 1


def test_one_that_changed_meanwhile_keeps_all_of_them_back(officer, clerk, commune):
    cases = [case_in(State.APPRAISED, commune) for _ in range(3)]
    read = {case.pk: case.revision for case in cases}
    step(cases[0], Kind.REOPENED, clerk)

    with pytest.raises(ValidationError) as refused:
        recognise_many(read, PAPER, by=officer)

    assert len(refused.value.messages) == 1
    assert not TitleCase.objects.filter(state=State.RECOGNISED).exists()


def test_points_that_speak_against_it_ask_for_a_reason(officer, commune, province):
    case = case_in(State.APPRAISED, commune)
    case.criteria_set = factories.criteria_set(province=province, least_points=25)
    case.save()
    for criterion, points in zip(case.criteria_set.criteria.all(), (9, 10), strict=True):
        case.criteria.create(criterion=criterion, appraised_points=points)

    with pytest.raises(ValidationError) as refused:
        recognise_many({case.pk: 1}, PAPER, by=officer)
    assert "Tổng điểm là 19, tối thiểu 25" in refused.value.messages[0]

    recognise_many({case.pk: 1}, PAPER, by=officer, reasons={case.pk: "Có nhân tố mới"})
    assert "Có nhân tố mới" in TitleCase.objects.get().note


def test_nobody_recognises_elsewhere_or_nothing(officer, clerk, outsider, commune):
    case = case_in(State.APPRAISED, commune)

    for user in (clerk, outsider):
        with pytest.raises(PermissionDenied):
            recognise_many({case.pk: 1}, PAPER, by=user)
    with pytest.raises(ValidationError):
        recognise_many({}, PAPER, by=officer)


# --- correcting and taking back ----------------------------------------------------------


def test_a_recognition_recorded_wrongly_is_corrected_within_what_came_after(officer, commune):
    case = case_in(State.RECOGNISED, commune)
    case.checks.create(year=2026, outcome="kept", checked_on=date(2026, 6, 10))
    late = Paper("12-QĐ/TU", date(2026, 6, 11), "Ban Thường vụ Tỉnh ủy")

    with pytest.raises(ValidationError, match="10/06/2026"):
        take(case, Kind.RECOGNITION_CORRECTED, by=officer, day=late.day, text="Nhầm ngày", paper=late)
    step(case, Kind.RECOGNITION_CORRECTED, officer)

    corrected = TitleCase.objects.get()
    assert (corrected.recognised_on, corrected.recognition.number) == (PAPER.day, PAPER.number)
    assert "Vì lý do này" in corrected.note


def test_nothing_is_taken_back_on_which_something_stands(officer, commune):
    checked = case_in(State.RECOGNISED, commune)
    checked.checks.create(year=2026, outcome="kept", checked_on=date(2026, 6, 10))
    from_paper = factories.title_case(of=checked.cell, title="BON_TOT", recognised_on=date(2026, 2, 1))
    inherited = case_in(State.RECOGNISED, commune)
    TitleCase.objects.filter(pk=inherited.pk).update(inherited_from=checked)
    again = case_in(State.DECLINED, commune)
    factories.title_case(of=again.cell, registered_on=DAY)

    for case in (checked, from_paper, inherited):
        with pytest.raises(ValidationError):
            step(case, Kind.UNDONE, officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        step(again, Kind.UNDONE, officer)


@pytest.fixture
def cell(commune):
    return factories.cell(of=factories.hamlet(parent=commune))


def test_a_cell_does_not_hold_one_title_twice_on_a_day(officer, cell):
    factories.title_case(
        of=cell,
        recognised_on=date(2024, 5, 1),
        state=State.REVOKED,
        revoked_on=date(2026, 6, 1),
        revocation_reason="Vi phạm",
        revocation=factories.decision(),
    )
    again = factories.title_case(of=cell, state=State.APPRAISED, appraisal_team="A", appraised_on=DAY)

    with pytest.raises(ValidationError, match="đã có hồ sơ khác"):
        take(again, Kind.RECOGNISED, by=officer, day=DAY, paper=replace(PAPER, day=date(2026, 4, 1)))
    assert list(problems()) == []

    taken = take(again, Kind.RECOGNISED, by=officer, day=DAY, paper=PAPER)
    assert taken.recognised_on == date(2026, 6, 1)


@pytest.mark.skipif(connection.vendor == "postgresql", reason="PostgreSQL itself takes no such data")
def test_a_title_held_twice_in_data_of_before_is_found(cell):
    for _n in range(2):
        factories.title_case(
            of=cell,
            recognised_on=date(2024, 5, 1),
            state=State.REVOKED,
            revoked_on=date(2025, 6, 1),
            revocation_reason="Vi phạm",
            revocation=factories.decision(),
        )

    assert len(list(problems())) == 1
