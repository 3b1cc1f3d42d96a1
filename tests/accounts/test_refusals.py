"""Every constraint is broken once, in the database itself, and answers with its own sentence."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.refusals import check_deferred, constraints, sentence_for, sentences_for
from cells.models import (
    Cell,
    Confirmation,
    Decision,
    Fate,
    Grant,
    HouseholdCount,
    Limits,
    Line,
    LineSource,
    Meeting,
    MemberCount,
    PracticeNote,
    Reorganisation,
    Succession,
    Unit,
)
from desk.models import (
    ImportBatch,
    Job,
    KeptExport,
    KeptExportPart,
    KeptLoadRehearsal,
    KeptRehearsal,
    RememberedColumn,
    StatedTotal,
)
from evaluations.models import (
    CaseCheck,
    CaseCriterion,
    CaseMonth,
    CommuneRating,
    KindGroup,
    MemberLevels,
    RuleSet,
    Step,
    Submission,
    Target,
    TargetStep,
)
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
    TwoPeople,
)
from tests import factories

DAY = date(2021, 1, 1)
BACK = {"starts_on": DAY, "ends_on": date(2020, 1, 1)}


@pytest.fixture
def home(commune, province):
    """One of everything, so that a test only adds what must not be added."""
    hamlet = factories.hamlet(parent=commune, name="1")
    other = factories.hamlet(parent=commune, name="2")
    cell = factories.cell(of=hamlet)
    secretary = factories.tenure(cell=cell)
    head = factories.tenure(office=Office.HAMLET_HEAD, hamlet=hamlet)
    front = factories.tenure(office=Office.FRONT_HEAD, hamlet=hamlet)
    cycle = factories.cycle(province=province)
    rating = factories.rating(of=cell, cycle=cycle)
    person_rating = factories.leader_rating(of=secretary.person, cycle=cycle, cell=cell)
    case = factories.title_case(of=cell, recognised_on=DAY)
    criteria = factories.criteria_set(province=province, starts_on=DAY)
    criterion = criteria.criteria.first()
    target = factories.target(unit=commune)
    decision = factories.decision(unit=commune)
    visit = factories.visit(under=factories.assignment(of=hamlet), day=DAY)
    return locals()


def again(row, **changes):
    """Write the same row a second time, with these changes, past every check but the database's."""
    second = type(row).objects.get(pk=row.pk)
    second.pk, second._state.adding = None, True
    write(second, changes, force_insert=True)


def change(row, **changes):
    write(type(row).objects.get(pk=row.pk), changes)


def write(row, changes: dict, **options):
    for name, value in changes.items():
        setattr(row, name, value)
    row.save_base(raw=True, **options)


def sent() -> dict:
    return {"sent_at": timezone.now()}


def handed_in(**fields):
    ImportBatch.objects.create(file_name="a.xlsx", digest="", size=1, by=factories.user(), **fields)


def refusal_of(act) -> IntegrityError:
    with pytest.raises(IntegrityError) as refused:
        _do(act)
    return refused.value


@transaction.atomic
def _do(act):
    act()
    check_deferred()


PERSON = {"full_name": "A", "search_key": "a", "sort_key": "a", "membership": "yes"}


def _commended(h, cell=None) -> Commendation:
    who = {"cell": cell} if cell else {"person": h["secretary"].person}
    return Commendation.objects.create(year=2021, form="paper", merit="A", decision=h["decision"], **who)


def _cases(h) -> dict:
    cell, hamlet, commune, cycle = h["cell"], h["hamlet"], h["commune"], h["cycle"]
    period, cell_period = hamlet.periods.get(), cell.periods.get()
    area = cell.areas.get()
    rules = RuleSet.objects.get(first_year=2025)
    no_decision = {"decided_level": "", "decision": None, "decided_on": None}
    contest = {"kind": "congress", "cell": cell, "term": "2020-2025"}
    election = Contest.objects.create(kind="head_election", hamlet=h["other"], term="2010-2015")
    event = Reorganisation.objects.create(title="A", effective_on=DAY)
    held = {"outcome": "held", "held_on": DAY}
    kept = KeptExport.objects.create(by=factories.user(), title="A", file_name="a", row_count=1, size=0)
    cases = {
        "user_role_is_known": lambda: User.objects.create(username="x", role="king"),
        "limits_are_positive": lambda: Limits.objects.create(province=commune.parent, interim_days=0),
        "unit_level_is_known": lambda: Unit.objects.create(level="planet", kind="xa"),
        "unitperiod_days_in_order": lambda: change(period, **BACK),
        "unitperiod_one_open_per_unit": lambda: again(period, code="T1"),
        "unitperiod_one_open_per_code": lambda: change(h["other"].periods.get(), code=period.code),
        "unitperiod_only_a_province_stands_alone": lambda: change(period, parent=None),
        "unitperiod_kind_fits_level": lambda: change(period, kind="xa"),
        "unitperiod_has_a_name_and_a_code": lambda: change(period, name=""),
        "succession_once": lambda: [
            Succession.objects.create(predecessor=hamlet, successor=h["other"], on=DAY) for _ in range(2)
        ],
        "succession_leads_elsewhere": lambda: Succession.objects.create(
            predecessor=hamlet, successor=hamlet, on=DAY
        ),
        "decision_once_per_unit": lambda: again(h["decision"]),
        "decision_once_for_the_country": lambda: [
            Decision.objects.create(number="1", date=DAY, issuing_body="A") for _ in range(2)
        ],
        "kept_rehearsal_one_of_each": lambda: [
            KeptRehearsal.objects.create(
                event=event, purpose="shown", revision=1, made_at=timezone.now(), result={}
            )
            for _ in range(2)
        ],
        "kept_export_one_part_of_each_number": lambda: [
            KeptExportPart.objects.create(export=kept, number=1, content=b"") for _ in range(2)
        ],
        "statedtotal_one_per_unit_year_and_kind": lambda: [
            StatedTotal.objects.create(unit=commune, year=2024, what="cells", number=1) for _ in range(2)
        ],
        "statedtotal_what_is_known": lambda: StatedTotal.objects.create(
            unit=commune, year=2024, what="boats", number=1
        ),
        "keptloadrehearsal_one_per_person_and_province": lambda: [
            KeptLoadRehearsal.objects.create(by=kept.by, province=h["province"], result={}) for _ in range(2)
        ],
        "grant_days_in_order": lambda: Grant.objects.create(user=factories.user(), unit=commune, **BACK),
        "grant_archive_is_read_only": lambda: Grant.objects.create(
            user=factories.user(), unit=commune, source="archive", access="keep"
        ),
        "cell_kind_is_known": lambda: Cell.objects.create(code="X", kind="boat"),
        "cellperiod_days_in_order": lambda: change(cell_period, **BACK),
        "cellperiod_one_open_per_cell": lambda: again(cell_period),
        "cellperiod_has_a_name": lambda: change(cell_period, name=""),
        "cellarea_days_in_order": lambda: change(area, **BACK),
        "cellarea_one_open_per_pair": lambda: again(area),
        "membercount_one_per_cell_and_day": lambda: [
            MemberCount.objects.create(cell=cell, day=DAY) for _ in range(2)
        ],
        "membercount_official_and_probationary_add_up": lambda: MemberCount.objects.create(
            cell=cell, day=DAY, total=5, official=1, probationary=1
        ),
        "membercount_active_exempt_away_add_up": lambda: MemberCount.objects.create(
            cell=cell, day=DAY, total=5, active=1, exempt=1, away=1
        ),
        "membercount_known_parts_within_total": lambda: MemberCount.objects.create(
            cell=cell, day=DAY, total=5, active=3, exempt=3
        ),
        "membercount_women_are_members": lambda: MemberCount.objects.create(
            cell=cell, day=DAY, total=5, women=6
        ),
        "meeting_one_per_cell_kind_and_day": lambda: [
            Meeting.objects.create(cell=cell, kind="thematic", day=DAY) for _ in range(2)
        ],
        "meeting_one_regular_per_cell_and_month": lambda: [
            Meeting.objects.create(cell=cell, day=date(2021, 1, day)) for day in (4, 5)
        ],
        "meeting_month_is_its_first_day": lambda: change(
            Meeting.objects.create(cell=cell, day=DAY), month=date(2021, 1, 2)
        ),
        "meeting_present_were_expected": lambda: Meeting.objects.create(
            cell=cell, day=DAY, expected=20, present=21
        ),
        "meeting_not_held_has_no_result": lambda: Meeting.objects.create(
            cell=cell, day=DAY, was_held=False, grade="good"
        ),
        "course_days_in_order": lambda: Course.objects.create(unit=commune, name="A", **BACK),
        "course_one_per_unit_name_and_day": lambda: [
            Course.objects.create(unit=commune, name="A", starts_on=DAY) for _ in range(2)
        ],
        "participation_one_per_course_and_person": lambda: again(
            Participation.objects.create(
                course=Course.objects.create(unit=commune, name="A", starts_on=DAY),
                person=h["secretary"].person,
            )
        ),
        "commendation_is_of_a_person_or_a_cell": lambda: change(_commended(h), cell=cell),
        "commendation_form_is_known": lambda: change(_commended(h), form="song"),
        "commendation_year_is_a_year": lambda: change(_commended(h), year=201),
        "commendation_one_per_decision_and_person": lambda: again(_commended(h)),
        "commendation_one_per_decision_and_cell": lambda: again(_commended(h, cell=cell)),
        "householdcount_one_per_hamlet_and_day": lambda: [
            HouseholdCount.objects.create(hamlet=hamlet, day=DAY) for _ in range(2)
        ],
        "householdcount_poor_are_households": lambda: HouseholdCount.objects.create(
            hamlet=hamlet, day=DAY, households=1, poor=2
        ),
        "confirmation_one_per_commune_and_month": lambda: [
            Confirmation.objects.create(commune=commune, month=DAY, confirmed_at=timezone.now())
            for _ in range(2)
        ],
        "practicenote_says_something": lambda: PracticeNote.objects.create(
            hamlet=hamlet, noted_on=DAY, text=""
        ),
        "confirmation_month_is_its_first_day": lambda: Confirmation.objects.create(
            commune=commune, month=date(2021, 1, 2), confirmed_at=timezone.now()
        ),
        "person_has_a_name": lambda: Person.objects.create(keeper=commune, full_name=""),
        "person_membership_is_known_or_said_unknown": lambda: Person.objects.create(
            keeper=commune, **{**PERSON, "membership": "maybe"}
        ),
        "person_admitted_before_official": lambda: Person.objects.create(
            keeper=commune,
            admitted_on=DAY,
            admitted_on_precision="day",
            official_on=date(2020, 1, 1),
            official_on_precision="day",
            **PERSON,
        ),
        "tenure_days_in_order": lambda: change(h["secretary"], **BACK),
        "tenure_office_fits_body": lambda: change(h["secretary"], cell=None, hamlet=hamlet),
        "tenure_way_in_fits_office": lambda: change(h["secretary"], way_in="elected"),
        "tenure_way_out_fits_office": lambda: change(
            h["secretary"], way_out="recalled", ends_on=date(2024, 1, 1)
        ),
        "tenure_way_out_needs_an_end": lambda: change(h["secretary"], way_out="died"),
        "tenure_seen_only_where_start_is_unknown": lambda: change(h["secretary"], seen_on=DAY),
        "tenure_seen_before_its_end": lambda: change(
            h["secretary"], starts_on=None, seen_on=DAY, ends_on=date(2020, 1, 1)
        ),
        "tenure_term_is_two_years": lambda: change(h["secretary"], term="20-22"),
        "tenure_one_open_secretary_per_cell": lambda: again(h["secretary"]),
        "tenure_one_open_head_per_hamlet": lambda: again(h["head"]),
        "tenure_one_open_front_head_per_hamlet": lambda: again(h["front"]),
        "assignment_days_in_order": lambda: Assignment.objects.create(
            kind="hamlet_officer", organisation="A", unit=hamlet, **BACK
        ),
        "assignment_names_somebody": lambda: Assignment.objects.create(kind="hamlet_officer", unit=hamlet),
        "assignment_communes_assign_to_hamlets": lambda: Assignment.objects.create(
            kind="committee_member", organisation="A", unit=hamlet, by_commune=True
        ),
        "visit_is_of_an_officer_or_a_team": lambda: change(h["visit"], team="Đoàn 1"),
        "visit_one_per_officer_and_day": lambda: again(h["visit"]),
        "visit_promise_is_whole": lambda: change(h["visit"], promise_due=DAY),
        "visit_promise_has_a_day_or_none_was_named": lambda: change(h["visit"], promise="Hẹn"),
        "visit_promise_kept_after_it_was_given": lambda: change(
            h["visit"], promise="Hẹn", promise_undated=True, promise_kept_on=date(2020, 12, 31)
        ),
        "contest_kind_fits_body": lambda: Contest.objects.create(**{**contest, "kind": "head_election"}),
        "contest_held_has_its_day": lambda: Contest.objects.create(**contest, outcome="held"),
        "contest_present_are_entitled": lambda: Contest.objects.create(
            **contest, **held, entitled=1, present=2
        ),
        "contest_ballots_are_of_those_present": lambda: Contest.objects.create(
            **contest, **held, present=1, ballots=2
        ),
        "contest_term_is_two_years": lambda: Contest.objects.create(**{**contest, "term": "2027-2025"}),
        "contest_one_congress_per_cell_and_term": lambda: [
            Contest.objects.create(**contest) for _ in range(2)
        ],
        "contest_one_election_per_hamlet_and_term": lambda: [
            Contest.objects.create(kind="head_election", hamlet=hamlet, term="2020-2025") for _ in range(2)
        ],
        "candidacy_names_somebody_once": lambda: Candidacy.objects.create(contest=election),
        "candidacy_one_per_contest_and_person": lambda: [
            Candidacy.objects.create(contest=election, person=h["secretary"].person) for _ in range(2)
        ],
        "candidacy_office_is_known": lambda: Candidacy.objects.create(
            contest=election, name="A", office="hamlet_head"
        ),
        "candidacy_one_secretary_per_contest": lambda: [
            Candidacy.objects.create(contest=election, name=name, office="secretary", elected=True)
            for name in ("A", "B")
        ],
        "candidacy_one_per_contest_and_name": lambda: [
            Candidacy.objects.create(contest=election, name="A") for _ in range(2)
        ],
        "ruleset_years_in_order": lambda: change(rules, last_year=2020),
        "ruleset_points_are_whole": lambda: change(rules, good_points=99),
        "ruleset_share_is_a_percentage": lambda: change(rules, excellent_share=101),
        "reviewcycle_one_per_province_and_year": lambda: again(cycle),
        "memberlevels_one_per_cell_and_cycle": lambda: [
            MemberLevels.objects.create(cell=cell, cycle=cycle, good=1) for _ in range(2)
        ],
        "memberlevels_say_something": lambda: MemberLevels.objects.create(cell=cell, cycle=cycle),
        "titlecase_one_running_per_cell_and_title": lambda: again(h["case"]),
        "titlecase_recognition_is_whole": lambda: change(h["case"], recognition=None),
        "titlecase_revocation_is_whole": lambda: change(h["case"], revoked_on=date(2022, 1, 1)),
        "titlecase_days_in_order": lambda: change(h["case"], registered_on=date(2022, 1, 1)),
        "titlecase_declined_has_its_reason": lambda: change(
            h["case"], state="declined", recognised_on=None, recognition=None
        ),
        "criteriaset_days_in_order": lambda: change(h["criteria"], **BACK),
        "criteriaset_one_per_province_title_and_day": lambda: again(h["criteria"]),
        "criterion_one_per_number": lambda: again(h["criterion"]),
        "criterion_points_are_positive": lambda: change(h["criterion"], points=0),
        "criterion_least_within_points": lambda: change(h["criterion"], least_points=11),
        "casecriterion_one_per_case_and_criterion": lambda: [
            CaseCriterion.objects.create(case=h["case"], criterion=h["criterion"]) for _ in range(2)
        ],
        "casecriterion_points_not_negative": lambda: CaseCriterion.objects.create(
            case=h["case"], criterion=h["criterion"], self_points=-1
        ),
        "casemonth_one_per_case_and_month": lambda: [
            CaseMonth.objects.create(case=h["case"], month=DAY, line="A") for _ in range(2)
        ],
        "casemonth_month_is_its_first_day": lambda: CaseMonth.objects.create(
            case=h["case"], month=date(2021, 1, 2), line="A"
        ),
        "casecheck_one_per_case_and_year": lambda: [
            CaseCheck.objects.create(case=h["case"], year=2022, outcome="kept", checked_on=DAY)
            for _ in range(2)
        ],
        "casecheck_risk_has_its_cause": lambda: CaseCheck.objects.create(
            case=h["case"], year=2022, outcome="at_risk", checked_on=DAY
        ),
        "target_days_in_order": lambda: change(h["target"], **BACK),
        "target_goal_is_positive": lambda: change(h["target"], goal=0),
        "target_goal_within_base": lambda: change(h["target"], base=1),
        "target_title_figure_names_its_title": lambda: change(h["target"], title=None),
        "target_term_is_two_years": lambda: change(h["target"], term="2020"),
        "target_one_edition_in_force_per_title": lambda: again(h["target"]),
        "target_one_edition_in_force": lambda: [
            Target.objects.create(unit=commune, term="2020-2025", figure="merged_role", goal=1)
            for _ in range(2)
        ],
        "target_one_part_in_force_per_title": lambda: [
            again(h["target"], part_of=h["target"]) for _ in range(2)
        ],
        "target_one_part_in_force": lambda: [
            Target.objects.create(
                unit=commune, term="2020-2025", figure="merged_role", goal=1, part_of=h["target"]
            )
            for _ in range(2)
        ],
        "target_later_edition_has_a_reason": lambda: change(h["target"], edition=2),
        "importbatch_state_is_known": lambda: handed_in(state="asleep"),
        "importbatch_sent_has_its_day": lambda: handed_in(state="submitted"),
        "importbatch_written_has_who_and_when": lambda: handed_in(state="done"),
        "rememberedcolumn_one_answer_per_office_and_heading": lambda: [
            RememberedColumn.objects.create(unit=commune, kind="people", heading="Ấp") for _ in range(2)
        ],
        "rememberedcolumn_one_answer_per_heading": lambda: [
            RememberedColumn.objects.create(kind="people", heading="Ấp") for _ in range(2)
        ],
        "job_state_is_known": lambda: Job.objects.create(title="A", work="a", state="asleep"),
        "targetstep_one_per_year": lambda: [
            TargetStep.objects.create(target=h["target"], year=2021, planned=1) for _ in range(2)
        ],
    }
    whole = {"reorganisation": event, "on": DAY}
    lines = {
        "line_kind_is_known": {"kind": "vanish", "unit": hamlet},
        "line_says_what_it_is_about": {"kind": "close"},
        "line_names_what_is_new": {"kind": "rename", "unit": hamlet},
        "line_new_unit_has_a_kind": {"kind": "open", "name": "3", "parent": commune},
        "line_move_says_where": {"kind": "move", "unit": hamlet},
        "line_reclassify_changes_something": {"kind": "reclassify", "unit": hamlet},
        "line_join_has_one_aim": {"kind": "cell_join"},
    }
    cases |= {
        name: lambda facts=facts: Line.objects.create(**whole, **facts) for name, facts in lines.items()
    }
    line = Line.objects.create(**whole, kind="found", name="3", unit_kind="ap")
    cases |= {
        "reorganisation_state_is_known": lambda: change(event, state="dreamt"),
        "linesource_is_a_unit_or_a_cell": lambda: LineSource.objects.create(line=line),
        "linesource_unit_once_per_line": lambda: [
            LineSource.objects.create(line=line, unit=hamlet) for _ in range(2)
        ],
        "linesource_cell_once_per_line": lambda: [
            LineSource.objects.create(line=line, cell=cell) for _ in range(2)
        ],
        "fate_once_per_case": lambda: [
            Fate.objects.create(reorganisation=event, key="seat:x", choice="none") for _ in range(2)
        ],
    }
    for name in ("born_on", "admitted_on", "official_on", "left_on"):
        cases[f"person_{name}_has_its_precision"] = lambda name=name: Person.objects.create(
            keeper=commune, **{name: DAY}, **PERSON
        )
    file = Submission.objects.create(cycle=cycle, commune=commune)
    step = {"submission": file, "number": 1}
    cases |= {
        "ruleset_outstanding_share_is_higher": lambda: change(rules, outstanding_share=10),
        "ruleset_conditions_are_percentages": lambda: change(rules, late_percent=101),
        "reviewcycle_locked_says_when": lambda: change(cycle, state="closed"),
        "kindgroup_one_group_per_kind": lambda: [
            KindGroup.objects.create(cycle=cycle, kind="office", name="A") for _ in range(2)
        ],
        "kindgroup_has_a_name": lambda: KindGroup.objects.create(cycle=cycle, kind="office", name=""),
        "submission_one_per_commune": lambda: Submission.objects.create(cycle=cycle, commune=commune),
        "submission_state_is_known": lambda: change(file, state="lost", decision=h["decision"], **sent()),
        "submission_decided_has_its_decision": lambda: change(file, state="decided"),
        "submission_sent_says_when": lambda: change(file, state="sent", decision=h["decision"]),
        "submission_received_says_when": lambda: change(
            file, state="received", decision=h["decision"], **sent()
        ),
        "step_once": lambda: [Step.objects.create(kind="put", **step) for _ in range(2)],
        "step_with_a_reason": lambda: Step.objects.create(kind="withdrawn", **step),
    }
    committee = CommuneRating.objects.create(
        cycle=cycle, commune=commune, decided_level="GOOD", decision=h["decision"], decided_on=DAY
    )
    for model, row in (
        ("cellrating", h["rating"]),
        ("leaderrating", h["person_rating"]),
        ("communerating", committee),
    ):
        cases |= {
            f"{model}_levels_are_on_the_list": lambda row=row: change(row, self_level="FAIR"),
            f"{model}_decided_is_whole": lambda row=row: change(row, decision=None),
            f"{model}_not_subject_has_no_level": lambda row=row: change(row, not_subject_reason="new"),
            f"{model}_not_completed_has_a_reason": lambda row=row: change(
                row, decided_level="NOT_COMPLETED", reason=""
            ),
            f"{model}_points_between_0_and_100": lambda row=row: change(row, points=101),
            f"{model}_later_edition_has_a_reason": lambda row=row: change(row, edition=2),
            f"{model}_one_edition_in_force": lambda row=row: again(row, edition=2, edition_reason="x"),
            f"{model}_editions_are_numbered": lambda row=row: again(row, superseded_on=DAY, **no_decision),
        }
    return cases | _of_records(h)


def _of_records(h) -> dict:
    person, commune = h["secretary"].person, h["commune"]
    look = {"person": person, "by": factories.user(), "kind": "opened", "day": DAY, "keeper": commune}
    asked = {"asked_by": commune, "full_name": "Lê Thị Hoa", "purpose": "A"}
    return {
        "access_one_per_person_reader_kind_and_day": lambda: [
            Access.objects.create(**look) for _number in range(2)
        ],
        "twopeople_said_once": lambda: [
            TwoPeople.objects.create(one=person, other=h["head"].person) for _number in range(2)
        ],
        "twopeople_older_record_first": lambda: TwoPeople.objects.create(one=person, other=person),
        "personrequest_answer_is_whole": lambda: PersonRequest.objects.create(state="declined", **asked),
    }


OURS = {
    constraint.name: constraint
    for model, constraint in constraints()
    if model._meta.app_label in {"accounts", "cells", "leaders", "evaluations", "desk"}
}


def test_every_constraint_answers_with_its_sentence(home):
    cases = _cases(home)
    answers = {}
    for name in OURS:
        assert name in cases, f"Break {name} in this test too."
        answers[name] = sentence_for(refusal_of(cases[name]))

    for name, constraint in OURS.items():
        # Two constraints over the same columns are one to SQLite, which then says both sentences.
        assert str(constraint.violation_error_message) in answers[name], (name, answers[name])


def test_a_taken_code_and_a_needed_row_have_their_sentence(home):
    with pytest.raises(IntegrityError) as taken, transaction.atomic():
        factories.cell(of=home["other"], code=home["cell"].code)
    with pytest.raises(Exception, match="protected") as needed, transaction.atomic():
        home["cell"].delete()

    assert sentence_for(taken.value) == "Mã hoặc tên này đã được dùng. Chọn mã, tên khác."
    assert "Chưa xóa được" in sentences_for(needed.value)[0]
