"""Officers who follow hamlets of today: whom, their visits of the last months, and what they promised."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.history import create_many
from accounts.models import User
from cells.dated import ONE_DAY
from cells.models import Unit
from cells.months import month_before, month_of, months_back
from desk.samples.names import People
from desk.samples.places import Settlement
from leaders.actions import add_people, assign
from leaders.models import Assignment, Visit

FOLLOWED = 4
SINCE = date(2025, 7, 1)
MONTHS = 5
REMARKS = (
    "Chi bộ sinh hoạt đúng quy định, đảng viên dự đông (mẫu)",
    "Đã góp ý nâng chất lượng sinh hoạt chuyên đề (mẫu)",
    "Chi bộ bàn việc vận động làm đường nông thôn (mẫu)",
    "Nghị quyết tháng sát tình hình, có phân công cụ thể (mẫu)",
)
PROMISES = (
    "Xin ý kiến cấp trên về kinh phí sửa nhà văn hóa (mẫu)",
    "Chuyển kiến nghị về đường nước đến ủy ban xã (mẫu)",
)


def follow(commune: list[Settlement], people: People, account: User | None, today: date) -> None:
    """Let one officer with an account, an organisation and somebody of the province follow the commune."""
    home = commune[0].home
    officer, provincial = add_people([people.member(home), people.member(home.province)])
    if account is not None:
        officer.account = account
        officer.save()
    hamlet_officer = Assignment.Kind.HAMLET_OFFICER
    own = [_follows(hamlet_officer, place.hamlet, person=officer) for place in commune[:FOLLOWED]]
    others = [
        _follows(hamlet_officer, place.hamlet, organisation="Hội Nông dân xã (mẫu)")
        for place in commune[FOLLOWED : FOLLOWED + 2]
    ]
    over_all = _follows(
        Assignment.Kind.COMMITTEE_MEMBER, home, person=provincial, organisation="Cán bộ tỉnh (mẫu)"
    )
    made = assign([*own, *others, over_all])
    visits = [visit for one in made[:FOLLOWED] for visit in _visits(one, account, today)]
    visits += [visit for one in made[FOLLOWED:-1] for visit in _visits(one, None, today)[:2]]
    create_many(Visit, [*visits, *_inspections(home, commune, today)])


def _follows(kind: str, unit: Unit, **who) -> Assignment:
    return Assignment(kind=kind, unit=unit, starts_on=SINCE, **who)


def _visits(assignment: Assignment, account: User | None, today: date) -> list[Visit]:
    """One visit a month, newest first: now and then late, missed, or told otherwise by the minutes."""
    found = []
    turn = assignment.unit_id
    for back, month in enumerate(months_back(month_before(month_of(today)), MONTHS)):
        day = month + timedelta(days=3 + turn % 5)
        if day < SINCE:
            break
        attended = (turn + back) % 6 != 5
        promise = PROMISES[turn % 2] if back in (0, 2) and attended else ""
        due = day + timedelta(days=20 if back else 60) if promise else None
        found.append(
            Visit(
                unit=assignment.unit,
                assignment=assignment,
                day=day,
                attended=attended,
                remark=REMARKS[(turn + back) % len(REMARKS)] if attended else "Bận họp, có gửi ý kiến (mẫu)",
                promise=promise,
                promise_due=due,
                promise_kept_on=due - ONE_DAY if promise and back and turn % 3 else None,
                minutes_attended=(attended if (turn + back) % 7 else not attended) if back else None,
                reported_at=_noon(day + timedelta(days=12 if (turn + back) % 5 == 0 else 1)),
                recorded_by=account,
            )
        )
    return found


def _inspections(home: Unit, commune: list[Settlement], today: date) -> list[Visit]:
    day = max(SINCE, today - timedelta(days=40))
    return [
        Visit(
            kind=Visit.Kind.INSPECTION,
            unit=place.hamlet,
            team="Đoàn kiểm tra Ban Xây dựng Đảng xã (mẫu)",
            day=day,
            remark="Kiểm tra việc thực hiện quy chế làm việc của chi bộ (mẫu)",
            conclusion="Chi bộ cơ bản thực hiện đúng; sổ nghị quyết ghi chưa đủ (mẫu)",
            promise="Bổ sung sổ nghị quyết các tháng đầu năm (mẫu)",
            promise_due=day + timedelta(days=30),
            reported_at=_noon(day),
        )
        for place in commune[:2]
        if day <= today
    ]


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(11, 30)))
