"""Entering a history into the database, through the actions of the product: one function per kind of event."""

from collections.abc import Iterable
from datetime import date
from functools import singledispatch

from accounts.history import create_many
from cells.actions import (
    NewCell,
    NewUnit,
    change_cell,
    change_unit,
    close_unit,
    cover,
    dissolve_cell,
    found_cells,
    open_units,
    record_counts,
    succeed,
)
from cells.models import (
    Cell,
    CellArea,
    CellPeriod,
    Confirmation,
    Decision,
    HouseholdCount,
    MemberCount,
    Unit,
    UnitPeriod,
)
from evaluations.actions import (
    correct_rating,
    record_cell_ratings,
    record_cycle,
    record_leader_ratings,
    record_title_cases,
)
from evaluations.models import CellRating, LeaderRating, Target, Title, TitleCase
from leaders.actions import add_people, assign, begin_tenures, record_candidacies, record_contests
from leaders.models import Assignment, Candidacy, Contest, Person, Tenure
from tests.factories import spelled
from tests.histories import events as e
from tests.histories import worlds as w
from tests.histories.making import TITLES
from tests.histories.worlds import EVER, LEVELS, ONE_DAY, World


class Entered:
    """What stands in the database for each key of the plain world."""

    def __init__(self):
        self.units: dict[str, Unit] = {}
        self.cells: dict[str, Cell] = {}
        self.people: dict[str, Person] = {}
        self.decisions: dict[date, Decision] = {}
        # What was asked and answered, by the day of the paper that says it.
        self.answered: set[tuple[date, tuple]] = set()

    def open(self, news: Iterable[e.New], level: str, *days: date | None) -> None:
        """Open units, all on one day or each on its own."""
        news = list(news)
        opened = open_units(
            NewUnit(
                parent=self.units[new.parent] if new.parent else None,
                kind=new.kind,
                name=new.name,
                level=level,
                code=new.key if level != "hamlet" else "",
                starts_on=day,
            )
            for new, day in zip(news, days if len(days) > 1 else [*days] * len(news), strict=True)
        )
        self.units |= {new.key: unit for new, unit in zip(news, opened, strict=True)}

    def decision(self, day: date) -> Decision:
        if day not in self.decisions:
            self.decisions[day] = Decision.objects.create(
                number="1-QĐ/ĐU", date=day, issuing_body="Đảng ủy xã"
            )
        return self.decisions[day]


def _day(day: date) -> date | None:
    return None if day == EVER else day


def enter_beginning(world: World) -> Entered:
    """Open what stood at the beginning, with its cells."""
    entered = Entered()
    for level in LEVELS:
        places = [place for place in world.places.values() if place.level == level]
        news = [e.New(p.key, p.name.on(p.first), p.kind.on(p.first), p.parent.on(p.first)) for p in places]
        entered.open(news, level, *(_day(place.first) for place in places))
    cells = found_cells(
        NewCell(
            commune=entered.units[cell.commune.on(cell.first)],
            name=cell.name.on(cell.first),
            kind=cell.kind,
            hamlets=[entered.units[h] for h in world.hamlets_of(cell.key, cell.first)],
            starts_on=_day(cell.first),
        )
        for cell in world.cells.values()
    )
    entered.cells = dict(zip(world.cells, cells, strict=True))
    return entered


# --- events -----------------------------------------------------------------------------------


@singledispatch
def enter(event: e.Event, entered: Entered) -> None:
    """Enter an event. KeyError where something it needs has not been entered yet."""
    raise NotImplementedError(event)


@enter.register
def _(event: e.Rename, entered):
    change_unit(entered.units[event.unit], on=event.day, name=event.name)


@enter.register
def _(event: e.ChangeKind, entered):
    change_unit(entered.units[event.unit], on=event.day, kind=event.kind)


@enter.register
def _(event: e.Move, entered):
    change_unit(entered.units[event.unit], on=event.day, parent=entered.units[event.parent])


@enter.register
def _(event: e.MergeHamlets, entered):
    entered.open([event.new], "hamlet", event.day)
    for key in event.units:
        _end_hamlet(entered.units[key], [entered.units[event.new.key]], event.day)


@enter.register
def _(event: e.AbsorbHamlet, entered):
    _end_hamlet(entered.units[event.unit], [entered.units[event.into]], event.day)


@enter.register
def _(event: e.SplitHamlet, entered):
    entered.open(event.news, "hamlet", event.day)
    news = [entered.units[new.key] for new in event.news]
    _end_hamlet(entered.units[event.unit], news, event.day, part="part")


@enter.register
def _(event: e.GivePart, entered):
    entered.open([event.new], "hamlet", event.day)
    succeed([entered.units[event.unit]], entered.units[event.new.key], on=event.day, part="part")


@enter.register
def _(event: e.CloseHamlet, entered):
    for cell in event.dissolved:
        dissolve_cell(entered.cells[cell], last_day=event.day - ONE_DAY)
    _end_hamlet(entered.units[event.unit], [], event.day)


def _end_hamlet(old: Unit, news: list[Unit], day: date, part: str = "whole") -> None:
    _hand_over(old, news, day)
    close_unit(old, last_day=day - ONE_DAY)
    for new in news:
        succeed([old], new, on=day, part=part)


def _hand_over(old: Unit, news: list[Unit], day: date) -> None:
    """Let the cells that cover the old hamlet from this day on cover the new ones instead."""
    for area in CellArea.objects.filter(hamlet=old).overlapping(day, None):
        goes_on = {"cell": area.cell, "starts_on": max(area.days[0], day), "ends_on": area.ends_on}
        if area.days[0] < day:
            area.ends_on = day - ONE_DAY
            area.full_clean()
            area.save()
        else:
            area.delete()
        for new in news:
            if (
                not CellArea.objects.filter(cell=goes_on["cell"], hamlet=new)
                .on(goes_on["starts_on"])
                .exists()
            ):
                _cover(hamlet=new, **goes_on)


def _cover(cell: Cell, hamlet: Unit, starts_on: date, ends_on: date | None = None) -> None:
    area = cover(cell, hamlet, on=starts_on)
    if ends_on:
        area.ends_on = ends_on
        area.full_clean()
        area.save()


@enter.register
def _(event: e.MergeUnits, entered):
    entered.open([event.new], event.level, event.day)
    for key in event.units:
        _end_unit(entered.units[key], entered.units[event.new.key], event.day)


@enter.register
def _(event: e.AbsorbCommune, entered):
    _end_unit(entered.units[event.unit], entered.units[event.into], event.day)


@enter.register
def _(event: e.CloseDistrict, entered):
    _move_all(entered.units[event.unit], entered.units[event.province], event.day)
    close_unit(entered.units[event.unit], last_day=event.day - ONE_DAY)


@enter.register
def _(event: e.SplitCommune, entered):
    entered.open(event.news, "commune", event.day)
    for key, home in event.goes_to:
        if key in entered.cells:
            change_cell(entered.cells[key], on=event.day, commune=entered.units[home])
        else:
            change_unit(entered.units[key], on=event.day, parent=entered.units[home])
    close_unit(entered.units[event.unit], last_day=event.day - ONE_DAY)
    for new in event.news:
        succeed([entered.units[event.unit]], entered.units[new.key], on=event.day, part="part")


def _end_unit(old: Unit, new: Unit, day: date) -> None:
    _move_all(old, new, day)
    close_unit(old, last_day=day - ONE_DAY)
    succeed([old], new, on=day)


def _move_all(old: Unit, new: Unit, day: date) -> None:
    for period in UnitPeriod.objects.on(day).filter(parent=old).select_related("unit"):
        change_unit(period.unit, on=day, parent=new)
    for period in CellPeriod.objects.on(day).filter(commune=old).select_related("cell"):
        change_cell(period.cell, on=day, commune=new)


@enter.register
def _(event: e.FoundCell, entered):
    new = NewCell(
        commune=entered.units[event.commune],
        name=event.name,
        kind=event.kind,
        hamlets=[entered.units[hamlet] for hamlet in event.hamlets],
        starts_on=event.day,
    )
    (entered.cells[event.cell],) = found_cells([new])


@enter.register
def _(event: e.JoinCells, entered):
    cell, into = entered.cells[event.cell], entered.cells[event.into]
    hamlets = [area.hamlet for area in cell.areas.on(event.day)]
    dissolve_cell(cell, last_day=event.day - ONE_DAY)
    for hamlet in hamlets:
        if not into.areas.on(event.day).filter(hamlet=hamlet).exists():
            _cover(cell=into, hamlet=hamlet, starts_on=event.day)


@enter.register
def _(event: e.CoverHamlet, entered):
    _cover(cell=entered.cells[event.cell], hamlet=entered.units[event.hamlet], starts_on=event.day)


@enter.register
def _(event: e.DissolveCell, entered):
    dissolve_cell(entered.cells[event.cell], last_day=event.day - ONE_DAY)


@enter.register
def _(event: e.RenameCell, entered):
    change_cell(entered.cells[event.cell], on=event.day, name=event.name)


@enter.register
def _(event: e.MoveCell, entered):
    change_cell(entered.cells[event.cell], on=event.day, commune=entered.units[event.commune])


# --- what was recorded ------------------------------------------------------------------------


def enter_records(world: World, entered: Entered) -> None:
    """Record people, seats, counts, results and whatever else the world holds."""
    entered.people |= _people(world, entered)
    people = entered.people
    begin_tenures(_tenure(tenure, people, entered) for tenure in world.tenures)
    record_counts(
        MemberCount(cell=entered.cells[c.body], day=c.day, total=c.number) for c in world.member_counts
    )
    record_counts(
        HouseholdCount(hamlet=entered.units[c.body], day=c.day, households=c.number)
        for c in world.household_counts
    )
    contests = record_contests(_contest(contest, entered) for contest in world.contests)
    record_candidacies(
        Candidacy(contest=recorded, name="Nguyễn Văn An", elected=True)
        for recorded, contest in zip(contests, world.contests, strict=True)
        if contest.names_the_elected
    )
    assign(
        Assignment(
            kind=a.kind,
            organisation="Ban Tổ chức",
            unit=entered.units[a.unit],
            starts_on=a.starts_on,
            ends_on=a.ends_on,
        )
        for a in world.assignments
    )
    create_many(
        Confirmation,
        [
            Confirmation(
                commune=entered.units[c.commune], month=c.at.date().replace(day=1), confirmed_at=c.at
            )
            for c in world.confirmations
        ],
    )
    _enter_reviews(world, people, entered)
    titles = {code: Title.objects.get_or_create(code=code, defaults={"name": code})[0] for code in TITLES}
    record_title_cases(_title_case(case, titles, entered) for case in world.title_cases)
    for target in world.targets:
        _enter_target(target, titles, entered)


def _people(world: World, entered: Entered) -> dict[str, Person]:
    # What has ended keeps no records: lives are entered here, and no event hands them on.
    keeper = Unit.objects.standing().filter(level__in=["province", "commune"]).order_by("level", "pk").first()
    added = add_people(
        Person(
            full_name=f"Nguyễn Văn {spelled(int(person.key[1:]))}",
            membership=person.membership,
            left_on=person.left_on,
            left_on_precision="day" if person.left_on else "",
            keeper=keeper,
        )
        for person in world.people.values()
    )
    return dict(zip(world.people, added, strict=True))


def _tenure(tenure: w.Tenure, people: dict[str, Person], entered: Entered) -> Tenure:
    return Tenure(
        person=people[tenure.person],
        office=tenure.office,
        cell=entered.cells.get(tenure.body),
        hamlet=entered.units.get(tenure.body),
        starts_on=tenure.starts_on,
        seen_on=tenure.seen_on,
        ends_on=tenure.ends_on,
        way_in="interim" if tenure.interim else "",
    )


def _contest(contest: w.Contest, entered: Entered) -> Contest:
    return Contest(
        kind=contest.kind,
        cell=entered.cells.get(contest.body),
        hamlet=entered.units.get(contest.body),
        term=contest.term,
        planned_on=contest.planned_on,
        held_on=contest.held_on,
        outcome=contest.outcome,
    )


def _enter_reviews(world: World, people: dict[str, Person], entered: Entered) -> None:
    for cycle in world.cycles:
        recorded = record_cycle(
            province=entered.units[cycle.province], year=cycle.year, roster_day=cycle.roster_day
        )
        cells = [rating for rating in world.cell_ratings if rating.cycle == cycle]
        rows = record_cell_ratings(
            recorded,
            [
                CellRating(
                    cell=entered.cells[rating.cell],
                    not_subject_reason="" if rating.subject else "new",
                    **_first_edition(rating, entered),
                )
                for rating in cells
            ],
        )
        _correct(cells, rows, entered)
        leaders = [rating for rating in world.leader_ratings if rating.cycle == cycle]
        rows = record_leader_ratings(
            recorded,
            [
                LeaderRating(
                    person=people[rating.person],
                    basis=rating.basis,
                    cell=entered.cells.get(rating.cell),
                    commune=entered.units.get(rating.commune),
                    **_first_edition(rating, entered),
                )
                for rating in leaders
            ],
        )
        _correct(leaders, rows, entered)


def _first_edition(rating: w.CellRating | w.LeaderRating, entered: Entered) -> dict:
    if not rating.editions:
        return {}
    first = rating.editions[0]
    return {"decided_level": first.level, "decision": entered.decision(first.decided_on), "reason": "Lý do"}


def _correct(ratings: list, rows: list, entered: Entered) -> None:
    for rating, row in zip(ratings, rows, strict=True):
        for edition in rating.editions[1:]:
            paper = entered.decision(edition.decided_on)
            row = correct_rating(row, level=edition.level, decision=paper, reason="Xét lại", by=None)


def _title_case(case: w.TitleCase, titles: dict[str, Title], entered: Entered) -> TitleCase:
    facts = {"state": TitleCase.State.REGISTERED}
    if case.recognised_on:
        facts |= {
            "state": TitleCase.State.RECOGNISED,
            "recognised_on": case.recognised_on,
            "recognition": entered.decision(case.recognised_on),
        }
    if case.revoked_on:
        facts |= {
            "state": TitleCase.State.REVOKED,
            "revoked_on": case.revoked_on,
            "revocation": entered.decision(case.revoked_on),
            "revocation_reason": "Vi phạm",
        }
    return TitleCase(cell=entered.cells[case.cell], title=titles[case.title], **facts)


def _enter_target(target: w.Target, titles: dict[str, Title], entered: Entered) -> None:
    made = Target(
        unit=entered.units[target.unit],
        term="2020-2025",
        title=titles[target.title],
        goal=target.goal,
        base=target.base,
        resolved_on=target.resolved_on,
    )
    made.full_clean()
    made.save()
