"""What tests are made of: each function makes one thing, whole and valid, through the actions.

A test names what it is about; everything else gets a value nobody looks at.
"""

from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from accounts.models import Role, User
from cells.actions import NewCell, NewUnit, found_cells, open_units
from cells.kinds import Kind, Level
from cells.models import Cell, CellKind, Decision, Grant, Unit
from evaluations.actions import record_cell_ratings, record_cycle, record_leader_ratings, record_title_cases
from evaluations.models import (
    CellRating,
    CriteriaSet,
    LeaderRating,
    ReviewCycle,
    Submission,
    Target,
    Title,
    TitleCase,
)
from evaluations.models import Level as Rated
from evaluations.review.opening import Plan, fix_lists, open_year
from leaders.actions import add_people, assign, begin_tenures
from leaders.models import Assignment, MembershipStatus, Office, Person, Tenure, Visit

_number = count(1)


def count_on(number: int = 1):
    """Give each test the same names, whatever ran before it: no number grows until it reads as a year."""
    global _number
    _number = count(number)


def count_so_far() -> int:
    """Return the number that comes next."""
    number = next(_number)
    count_on(number)
    return number


PASSWORD = "mat-khau-thu-nghiem"


def spelled(number: int) -> str:
    """Return a number in letters: names of people have no figures."""
    letters = ""
    while number >= 0:
        letters, number = chr(ord("a") + number % 26) + letters, number // 26 - 1
    return letters.capitalize()


def user(*, role: str = Role.PROVINCIAL_STAFF, keeps=(), reads=(), **fields) -> User:
    """Somebody who signs in, with grants on these units (None is the whole country)."""
    number = next(_number)
    fields = {"username": f"user{number}", "full_name": f"Người dùng {number}", **fields}
    made = User.objects.create_user(role=role, password=PASSWORD, **fields)
    for unit in keeps:
        Grant.objects.create(user=made, unit=unit)
    for unit in reads:
        Grant.objects.create(user=made, unit=unit, access=Grant.Access.READ)
    return made


def unit(level: str, kind: str, parent: Unit | None = None, **fields) -> Unit:
    number = next(_number)
    fields = {"name": f"Nơi {number}", "code": "" if level == Level.HAMLET else f"X{number}", **fields}
    (made,) = open_units([NewUnit(parent=parent, kind=kind, level=level, **fields)])
    return made


def province(**fields) -> Unit:
    return unit(Level.PROVINCE, **{"kind": Kind.TINH, **fields})


def district(*, parent: Unit | None = None, **fields) -> Unit:
    return unit(Level.DISTRICT, **{"kind": Kind.HUYEN, "parent": parent or province(), **fields})


def commune(*, parent: Unit | None = None, **fields) -> Unit:
    return unit(Level.COMMUNE, **{"kind": Kind.XA, "parent": parent or province(), **fields})


def hamlet(*, parent: Unit | None = None, **fields) -> Unit:
    return unit(Level.HAMLET, **{"kind": Kind.AP, "parent": parent or commune(), **fields})


def cell(*, of: Unit | None = None, commune: Unit | None = None, **fields) -> Cell:
    """A cell of this hamlet for all its life, or (with ``commune`` and a kind) one that is no hamlet cell."""
    if commune is None:
        of = of or hamlet()
    home = commune or of.parent
    life = {"starts_on": of.periods.by_day().first().starts_on, "ends_on": of.closed_on} if of else {}
    fields = {"name": f"Chi bộ {of or next(_number)}", "hamlets": [of] if of else [], **life, **fields}
    if not fields["hamlets"]:
        fields.setdefault("kind", CellKind.OFFICE)
    (made,) = found_cells([NewCell(commune=home, **fields)])
    return made


def person(*, keeper: Unit | None = None, **fields) -> Person:
    fields = {
        "full_name": f"Nguyễn Văn {spelled(next(_number))}",
        "membership": MembershipStatus.YES,
        **fields,
    }
    (made,) = add_people([Person(keeper=keeper or commune(), **fields)])
    return made


def tenure(*, office: str = Office.SECRETARY, **fields) -> Tenure:
    """A tenure that has run since 2020, of a new person in a new body where none is named."""
    if office in (Office.SECRETARY, Office.DEPUTY_SECRETARY, Office.COMMITTEE_MEMBER):
        fields.setdefault("cell", None)
        fields["cell"] = fields["cell"] or cell()
        home = fields["cell"].commune
    else:
        fields.setdefault("hamlet", None)
        fields["hamlet"] = fields["hamlet"] or hamlet()
        home = fields["hamlet"].parent
    fields.setdefault("person", None)
    fields["person"] = fields["person"] or person(keeper=home)
    if "seen_on" not in fields:
        fields.setdefault("starts_on", date(2020, 1, 1))
    (made,) = begin_tenures([Tenure(office=office, **fields)])
    return made


def assignment(*, of: Unit, person: Person | None = None, **fields) -> Assignment:
    """Somebody (or an organisation) follows this unit, since 2020 where no day is named."""
    kind = Assignment.Kind.HAMLET_OFFICER if of.level == Level.HAMLET else Assignment.Kind.COMMITTEE_MEMBER
    if person is None and not fields.get("organisation"):
        person = _new_officer(of)
    fields = {"kind": kind, "starts_on": date(2020, 1, 1), **fields}
    (made,) = assign([Assignment(person=person, unit=of, **fields)])
    return made


def _new_officer(of: Unit) -> Person:
    return person(keeper=of.parent if of.level == Level.HAMLET else of)


def follower(of: Unit, **fields) -> tuple[User, Assignment]:
    """A follow-up officer who signs in and follows this unit."""
    account = user(role=Role.FOLLOW_UP_OFFICER, **fields)
    officer = _new_officer(of)
    officer.account = account
    officer.save()
    return account, assignment(of=of, person=officer)


def visit(*, under: Assignment, **fields) -> Visit:
    """A visit under this assignment, of today where no day is named."""
    fields = {"unit": under.unit, "day": timezone.localdate(), "attended": True, **fields}
    # A promise of which a test names no day had none.
    fields.setdefault("promise_undated", bool(fields.get("promise")) and not fields.get("promise_due"))
    made = Visit(assignment=under, **fields)
    made.full_clean()
    made.save()
    return made


def decision(**fields) -> Decision:
    fields = {
        "number": f"{next(_number)}-QĐ/ĐU",
        "date": date(2021, 1, 5),
        "issuing_body": "Đảng ủy xã",
        **fields,
    }
    return Decision.objects.create(**fields)


def cycle(*, province: Unit, year: int = 2020, **fields) -> ReviewCycle:
    return record_cycle(province=province, year=year, **fields)


def rating(*, of: Cell, cycle: ReviewCycle, level: str = Rated.GOOD, **fields) -> CellRating:
    fields = {"decision": fields.pop("decision", None) or decision(), "reason": "Lý do", **fields}
    (made,) = record_cell_ratings(cycle, [CellRating(cell=of, decided_level=level, **fields)])
    return made


def leader_rating(
    *, of: Person, cycle: ReviewCycle, cell: Cell, level: str = Rated.GOOD, **fields
) -> LeaderRating:
    fields = {"decision": fields.pop("decision", None) or decision(), "reason": "Lý do", **fields}
    (made,) = record_leader_ratings(
        cycle, [LeaderRating(person=of, cell=cell, decided_level=level, **fields)]
    )
    return made


def title_case(*, of: Cell, recognised_on: date | None = None, title: str = "TSVMTD", **fields) -> TitleCase:
    """A cell registered for a title, or one that holds it since the day."""
    if recognised_on:
        fields.setdefault("state", TitleCase.State.RECOGNISED)
        fields["recognition"] = fields.get("recognition") or decision(date=recognised_on)
        fields["recognised_on"] = recognised_on
    (made,) = record_title_cases([TitleCase(cell=of, title=Title.objects.get(code=title), **fields)])
    return made


def criteria_set(
    *,
    province: Unit,
    title: str = "TSVMTD",
    points: tuple = (10, 20),
    least_of_each: tuple = (),
    **fields,
) -> CriteriaSet:
    """A province's set of criteria with so many points each; without a least sum."""
    made = CriteriaSet.objects.create(
        title=Title.objects.get(code=title), province=province, **{"name": "Bộ tiêu chí", **fields}
    )
    for number, most in enumerate(points, 1):
        least = dict(enumerate(least_of_each, 1)).get(number)
        made.criteria.create(position=number, text=f"Tiêu chí {number}", points=most, least_points=least)
    return made


def target(
    *, unit: Unit, goal: int = 59, base: int | None = 117, term: str = "2020-2025", **fields
) -> Target:
    fields.setdefault("title", Title.objects.get(code="TSVMTD"))
    made = Target(unit=unit, goal=goal, base=base, term=term, **fields)
    made.full_clean()
    made.save()
    return made


def open_review(*, by: User, year: int | None = None, **fields) -> ReviewCycle:
    """The review of this year (or of another one) in the officer's province, its lists fixed."""
    cycle = prepared_review(by=by, year=year, **fields)
    fix_lists(cycle, by=by)
    return cycle


def prepared_review(*, by: User, year: int | None = None, **fields) -> ReviewCycle:
    """A review of which the communes look through their lists."""
    today = timezone.localdate()
    roster_day = today if year in (None, today.year) else date(year, 12, 1)
    plan = Plan(
        year=roster_day.year,
        roster_day=roster_day,
        **{"deadline": roster_day + timedelta(days=12), **fields},
    )
    return open_year(by.grants.get().unit, plan, by=by)


def file_of(commune: Unit, cycle: ReviewCycle) -> Submission:
    return Submission.objects.select_related("cycle__rule_set", "commune").get(commune=commune, cycle=cycle)


def many_cells(commune: Unit, count: int) -> list[Cell]:
    """Cells of hamlets of this commune, each with its secretary, in a few statements."""
    names = [f"Ấp {number}" for number in range(1, count + 1)]
    hamlets = open_units([NewUnit(parent=commune, kind=Kind.AP, name=name) for name in names])
    cells = found_cells(
        [NewCell(commune=commune, name=f"Chi bộ {hamlet}", hamlets=[hamlet]) for hamlet in hamlets]
    )
    people = add_people(
        [
            Person(full_name=f"Nguyễn Văn {spelled(number)}", keeper=commune, membership=MembershipStatus.YES)
            for number in range(count)
        ]
    )
    begin_tenures(
        [
            Tenure(office=Office.SECRETARY, cell=cell, person=person, starts_on=date(2020, 1, 1))
            for cell, person in zip(cells, people, strict=True)
        ]
    )
    return cells
