"""Random histories: a beginning, events in order of their days, and what was recorded along the way.

Everything made here is possible: an event touches only what stands on its day, and ends nothing
on a day on which it was changed.
"""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.histories import events as e
from tests.histories import worlds as w
from tests.histories.worlds import EVER, FOREVER, World

FIRST_DAY = date(2020, 3, 1)
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
KINDS = {
    "province": ("tinh", "thanh_pho"),
    "district": ("huyen", "thi_xa"),
    "commune": ("xa", "phuong", "thi_tran"),
    "hamlet": ("ap", "khom", "thon"),
}
TITLES = ("TSVMTD", "BON_TOT")
TERMS = ("2020-2022", "2022-2025")
YEARS = (2019, 2020, 2021, 2022)
LEVELS = ("EXCELLENT", "GOOD", "COMPLETED", "NOT_COMPLETED")

PARTY_OFFICES = ("secretary", "deputy_secretary", "committee_member")


@dataclass
class History:
    """What stood at the beginning, what happened, and all that was true of it in the end."""

    beginning: World
    events: list[e.Event]
    world: World

    def _repr_pretty_(self, printer, cycle):
        """Say to who reads a failing example what stood first and what happened, one thing a line."""
        first = [*self.beginning.places.values(), *self.beginning.cells.values(), *self.beginning.areas]
        printer.text("\n".join(map(str, [*first, *self.events])))


class Dice:
    """Chance, drawn through hypothesis so that a failing history is made smaller."""

    def __init__(self, draw: Callable):
        self.draw = draw
        self.made = 0

    def between(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def pick(self, things: Sequence):
        return things[self.between(0, len(things) - 1)]

    def once_in(self, times: int) -> bool:
        return self.between(1, times) == times

    def some(self, things: Sequence, most: int) -> list:
        """Pick up to so many different ones, in their order."""
        chosen = {self.between(0, len(things) - 1) for _ in range(self.between(0, most))} if things else set()
        return [things[place] for place in sorted(chosen)]

    def day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.between(0, (last - first).days))

    def key(self, letter: str) -> str:
        self.made += 1
        return f"{letter}{self.made}"


@st.composite
def histories(draw, *, most_events: int = 8):
    dice = Dice(draw)
    world = _beginning(dice)
    beginning = copy.deepcopy(world)
    happened, day = [], FIRST_DAY
    for _ in range(dice.between(1, most_events)):
        day += timedelta(days=dice.pick((0, 1, 30, 200)))
        event = _possible_event(dice, world, day)
        event.happen(world)
        happened.append(event)
    _record(dice, world, last=day + timedelta(days=200))
    return History(beginning, happened, world)


# --- the beginning --------------------------------------------------------------------------


def _beginning(dice: Dice) -> World:
    world = World()
    provinces = [_stand(dice, world, "province", None) for _ in range(2)]
    districts = [_stand(dice, world, "district", dice.pick(provinces)) for _ in range(dice.between(0, 2))]
    communes = [
        _stand(dice, world, "commune", dice.pick(districts or provinces)) for _ in range(dice.between(2, 4))
    ]
    hamlets = [
        _stand(dice, world, "hamlet", dice.pick(communes), first=dice.pick((EVER, EVER, date(2019, 6, 1))))
        for _ in range(dice.between(2, 6))
    ]
    for hamlet in hamlets:
        for _ in range(dice.pick((1, 1, 0, 2))):
            place = world.places[hamlet]
            also = [h for h in hamlets if h != hamlet and world.places[h].first <= place.first]
            covered = (hamlet, dice.pick(also)) if also and dice.once_in(4) else (hamlet,)
            _found(dice, world, "hamlet", place.parent.on(place.first), covered, first=place.first)
    for commune in communes:
        if dice.once_in(3):
            _found(dice, world, "office", commune, (), first=EVER)
    return world


def _stand(dice: Dice, world: World, level: str, parent: str | None, first: date = EVER) -> str:
    key = dice.key(level[0])
    world.open(
        w.Place(first=first, key=key, level=level),
        name=f"Nơi {key}",
        kind=dice.pick(KINDS[level]),
        parent=parent,
    )
    return key


def _found(dice: Dice, world: World, kind: str, commune: str, hamlets: tuple, first: date) -> None:
    key = dice.key("cell")
    cell = w.PartyCell(first=first, key=key, kind=kind)
    world.found(cell, name=f"Chi bộ {key}", commune=commune, hamlets=hamlets)


# --- events ---------------------------------------------------------------------------------
# Each returns an event that is possible on the day, or None where there is nothing for it.


def _quiet(world: World, level: str, day: date) -> list[str]:
    """Return the places that have stood unchanged since before the day, with all that covers them."""
    return [
        place.key
        for place in world.standing(level, day)
        if place.last_change() < day
        and all(area.first < day for area in world.areas_of(place.key, day))
        and all(s.on < day for s in world.successions if place.key in (s.old, s.new))
    ]


def _quiet_cells(world: World, day: date) -> list[str]:
    return [
        cell.key
        for cell in world.cells_on(day)
        if cell.last_change() < day
        and all(area.first < day for area in world.areas if area.cell == cell.key and area.holds_on(day))
    ]


def _new(dice: Dice, level: str, parent: str | None) -> e.New:
    key = dice.key(level[0])
    return e.New(key, f"Nơi {key}", dice.pick(KINDS[level]), parent)


def _parent(world: World, key: str, day: date) -> str | None:
    return world.places[key].parent.on(day)


def _possible_event(dice: Dice, world: World, day: date) -> e.Event:
    """Pick a kind of event; where there is nothing for it, the next kind that is possible."""
    kind = dice.between(0, len(EVENTS) - 1)
    made = (make(dice, world, day) for make in (*EVENTS[kind:], *EVENTS[:kind]))
    return next(event for event in made if event is not None)


def _rename(dice, world, day):
    quiet = [key for level in w.LEVELS for key in _quiet(world, level, day)]
    return e.Rename(day, dice.pick(quiet), f"Tên {dice.key('n')}") if quiet else None


def _change_kind(dice, world, day):
    key = dice.pick(_quiet(world, "commune", day) + _quiet(world, "hamlet", day) or [None])
    if key is None:
        return None
    place = world.places[key]
    others = [kind for kind in KINDS[place.level] if kind != place.kind.on(day)]
    return e.ChangeKind(day, key, dice.pick(others))


def _move_hamlet(dice, world, day):
    key = dice.pick(_quiet(world, "hamlet", day) or [None])
    homes = [c.key for c in world.standing("commune", day) if key and c.key != _parent(world, key, day)]
    return e.Move(day, key, dice.pick(homes)) if homes else None


def _move_commune(dice, world, day):
    key = dice.pick(_quiet(world, "commune", day) or [None])
    above = world.standing("district", day) + world.standing("province", day)
    homes = [place.key for place in above if key and place.key != _parent(world, key, day)]
    return e.Move(day, key, dice.pick(homes)) if homes else None


def _merge_hamlets(dice, world, day):
    quiet = _quiet(world, "hamlet", day)
    if len(quiet) < 2:
        return None
    units = tuple(sorted({dice.pick(quiet) for _ in range(3)}))
    return e.MergeHamlets(day, units, _new(dice, "hamlet", _parent(world, units[0], day)))


def _absorb_hamlet(dice, world, day):
    quiet = _quiet(world, "hamlet", day)
    unit, into = (dice.pick(quiet), dice.pick(quiet)) if quiet else (None, None)
    return e.AbsorbHamlet(day, unit, into) if unit != into else None


def _split_hamlet(dice, world, day):
    unit = dice.pick(_quiet(world, "hamlet", day) or [None])
    if unit is None:
        return None
    homes = [_parent(world, unit, day), dice.pick(world.standing("commune", day)).key]
    return e.SplitHamlet(day, unit, tuple(_new(dice, "hamlet", home) for home in homes))


def _give_part(dice, world, day):
    unit = dice.pick(_quiet(world, "hamlet", day) or [None])
    if unit is None:
        return None
    return e.GivePart(day, unit, _new(dice, "hamlet", dice.pick(world.standing("commune", day)).key))


def _close_hamlet(dice, world, day):
    unit = dice.pick(_quiet(world, "hamlet", day) or [None])
    if unit is None:
        return None
    covering = {area.cell for area in world.areas_of(unit, day)}
    alone = tuple(sorted(cell for cell in covering if world.hamlets_of(cell, day) == [unit]))
    return e.CloseHamlet(day, unit, alone) if set(alone) <= set(_quiet_cells(world, day)) else None


def _merge_communes(dice, world, day):
    quiet = _quiet(world, "commune", day)
    if len(quiet) < 2:
        return None
    units = tuple(sorted({dice.pick(quiet) for _ in range(3)}))
    return e.MergeUnits(day, units, _new(dice, "commune", _parent(world, units[0], day)), "commune")


def _absorb_commune(dice, world, day):
    quiet = _quiet(world, "commune", day)
    unit, into = (dice.pick(quiet), dice.pick(quiet)) if quiet else (None, None)
    return e.AbsorbCommune(day, unit, into) if unit != into else None


def _split_commune(dice, world, day):
    unit = dice.pick(_quiet(world, "commune", day) or [None])
    if unit is None:
        return None
    homes = [_parent(world, unit, day), dice.pick(world.standing("province", day)).key]
    news = tuple(_new(dice, "commune", home) for home in homes)
    below = [place.key for place in world.under(unit, day)] + [c.key for c in world.cells_in(unit, day)]
    return e.SplitCommune(day, unit, news, tuple((key, dice.pick(news).key) for key in below))


def _merge_provinces(dice, world, day):
    units = tuple(_quiet(world, "province", day))
    return e.MergeUnits(day, units, _new(dice, "province", None), "province") if len(units) > 1 else None


def _close_district(dice, world, day):
    unit = dice.pick(_quiet(world, "district", day) or [None])
    return e.CloseDistrict(day, unit, _parent(world, unit, day)) if unit else None


def _found_cell(dice, world, day):
    hamlets = [place.key for place in world.standing("hamlet", day)]
    communes = [place.key for place in world.standing("commune", day)]
    key, kind = dice.key("cell"), dice.pick(("hamlet", "hamlet", "school"))
    if kind == "hamlet" and not hamlets:
        return None
    covered = tuple(sorted({dice.pick(hamlets) for _ in range(2)})) if kind == "hamlet" else ()
    home = _parent(world, covered[0], day) if covered else dice.pick(communes)
    return e.FoundCell(day, key, f"Chi bộ {key}", kind, home, covered)


def _join_cells(dice, world, day):
    quiet = [key for key in _quiet_cells(world, day) if world.cells[key].kind == "hamlet"]
    cell, into = (dice.pick(quiet), dice.pick(quiet)) if quiet else (None, None)
    return e.JoinCells(day, cell, into) if cell != into else None


def _cover_hamlet(dice, world, day):
    cells = [cell.key for cell in world.cells_on(day) if cell.kind == "hamlet"]
    hamlets = [place.key for place in world.standing("hamlet", day)]
    cell, hamlet = dice.pick(cells or [None]), dice.pick(hamlets or [None])
    possible = cell and hamlet and hamlet not in world.hamlets_of(cell, day)
    return e.CoverHamlet(day, cell, hamlet) if possible else None


def _dissolve_cell(dice, world, day):
    quiet = _quiet_cells(world, day)
    return e.DissolveCell(day, dice.pick(quiet)) if quiet else None


def _rename_cell(dice, world, day):
    quiet = _quiet_cells(world, day)
    return e.RenameCell(day, dice.pick(quiet), f"Chi bộ {dice.key('n')}") if quiet else None


def _move_cell(dice, world, day):
    cell = dice.pick(_quiet_cells(world, day) or [None])
    homes = [
        c.key for c in world.standing("commune", day) if cell and c.key != world.cells[cell].commune.on(day)
    ]
    return e.MoveCell(day, cell, dice.pick(homes)) if homes else None


EVENTS = [
    _rename,
    _change_kind,
    _move_hamlet,
    _move_commune,
    _merge_hamlets,
    _absorb_hamlet,
    _split_hamlet,
    _give_part,
    _close_hamlet,
    _merge_communes,
    _absorb_commune,
    _split_commune,
    _merge_provinces,
    _close_district,
    _found_cell,
    _join_cells,
    _cover_hamlet,
    _dissolve_cell,
    _rename_cell,
    _move_cell,
]


# --- what was recorded ------------------------------------------------------------------------


def _record(dice: Dice, world: World, last: date, years: Sequence[int] = YEARS) -> None:
    """Record people, seats and results along the history, each where and when it was possible."""
    # At least one stays in the Party: somebody must be there for its seats.
    people = [_person(dice, last, stays=not n) for n in range(dice.between(1, 4))]
    world.people = {person.key: person for person in people}
    for place in world.places.values():
        if place.level == "hamlet":
            _seats(dice, world, ("hamlet_head", "front_head", "deputy_head"), place, last)
            _counts(dice, world.household_counts, place, last)
            _contests(dice, world, "head_election", place, last)
        if place.level in ("hamlet", "commune"):
            _assignments(dice, world, place, last)
        if place.level == "commune":
            _confirmations(dice, world, place, last)
        if place.level != "hamlet" and dice.once_in(4):
            world.targets.append(_target(dice, place, last))
    for cell in world.cells.values():
        _seats(dice, world, PARTY_OFFICES, cell, last)
        _counts(dice, world.member_counts, cell, last)
        _contests(dice, world, "congress", cell, last)
        _titles(dice, world, cell, last)
    for year in dice.some(years, 4):
        _review(dice, world, year, last)


def _days(dice: Dice, life: w.Life, last: date, most: int) -> list[date]:
    """Pick days of a life, in order."""
    first, last = max(life.first, date(2019, 6, 1)), min(life.last, last)
    return sorted({dice.day(first, last) for _ in range(dice.between(0, most))}) if first <= last else []


def _person(dice: Dice, last: date, *, stays: bool) -> w.Person:
    left = dice.day(min(FIRST_DAY, last), last) if not stays and dice.once_in(4) else None
    return w.Person(dice.key("p"), dice.pick(("yes", "yes", "no", "unknown")), left)


def _end(life: w.Life) -> date | None:
    """What belongs to something ends with it."""
    return None if life.last == FOREVER else life.last


def _seats(dice: Dice, world: World, offices: tuple[str, ...], body, last: date) -> None:
    for office in offices:
        days = _days(dice, body, last, 3)
        starts, ends = days[::2], [*days[1::2], None]
        for number, (start, end) in enumerate(zip(starts, ends, strict=False)):
            since_ever = number == 0 and body.first == EVER
            known = dice.pick(("starts_on", "starts_on", "seen_on", "neither" if since_ever else "seen_on"))
            interim = office == "hamlet_head" and dice.once_in(4)
            world.tenures.append(
                w.Tenure(
                    person=dice.pick(_who_may_sit(world, office)),
                    office=office,
                    body=body.key,
                    starts_on=start if known == "starts_on" else None,
                    seen_on=start if known == "seen_on" else None,
                    ends_on=end or _end(body),
                    interim=interim,
                )
            )


def _who_may_sit(world: World, office: str) -> list[str]:
    """Return the people for a seat: for one of the Party those who stay in it, for a merger hands seats on later."""
    return sorted(
        key for key, person in world.people.items() if office not in PARTY_OFFICES or person.left_on is None
    )


def _counts(dice: Dice, counts: list[w.Count], body, last: date) -> None:
    for day in _days(dice, body, last, 2):
        counts.append(w.Count(body.key, day, dice.pick((None, 0, 7, 30))))


def _contests(dice: Dice, world: World, kind: str, body, last: date) -> None:
    for term, day in zip(TERMS, _days(dice, body, last, 2), strict=False):
        outcome = dice.pick(("planned", "held", "held", "failed"))
        again = body.last if body.last < FOREVER else last
        if outcome == "failed":
            world.contests.append(w.Contest(kind, body.key, term, None, day, "failed"))
            if dice.once_in(4):
                continue  # not run again yet
            day, outcome = dice.day(day, max(day, again)), dice.pick(("planned", "held"))
        planned = day if outcome == "planned" or dice.once_in(2) else None
        held = dice.day(day, max(day, again)) if outcome == "held" else None
        world.contests.append(w.Contest(kind, body.key, term, planned, held, outcome))


def _assignments(dice: Dice, world: World, place: w.Place, last: date) -> None:
    kinds = {"hamlet": ("hamlet_officer",), "commune": ("committee_member", "standing_member")}
    days = _days(dice, place, last, 2)
    if days:
        first = dice.pick((None, days[0])) if place.first == EVER else days[0]
        end = days[1] if len(days) > 1 else _end(place)
        world.assignments.append(w.Assignment(dice.pick(kinds[place.level]), place.key, first, end))


def _confirmations(dice: Dice, world: World, place: w.Place, last: date) -> None:
    months = {(day.year, day.month): day for day in _days(dice, place, last, 2)}
    for day in months.values():
        # Just after midnight it is still the day before in Greenwich.
        at = datetime.combine(day, dice.pick((time(0, 30), time(23, 30))), LOCAL)
        world.confirmations.append(w.Confirmation(place.key, at))


def _titles(dice: Dice, world: World, cell: w.PartyCell, last: date) -> None:
    title = dice.pick(TITLES)
    days = _days(dice, cell, last, 3)
    recognised, revoked = days[::2], days[1::2]
    for number, day in enumerate(recognised):
        world.title_cases.append(
            w.TitleCase(cell.key, title, day, revoked[number] if number < len(revoked) else None)
        )
    if not days and dice.once_in(3):
        world.title_cases.append(w.TitleCase(cell.key, title, None, None))


def _target(dice: Dice, place: w.Place, last: date) -> w.Target:
    base = dice.pick((None, 3))
    resolved = dice.pick((None, dice.day(min(FIRST_DAY, last), last)))
    return w.Target(
        place.key, dice.pick(TITLES), dice.between(1, 3), base, resolved, date(2020, 1, 1), date(2025, 12, 31)
    )


def _review(dice: Dice, world: World, year: int, last: date) -> None:
    """Rate the cells that stood in each province on the roster day of the year, and some people."""
    roster_day = dice.pick((date(year, 12, 31), date(year, 11, 15)))
    for province in world.standing("province", roster_day):
        cycle = w.Cycle(province.key, year, roster_day)
        world.cycles.append(cycle)
        roster = [
            cell
            for cell in world.cells_on(roster_day)
            if world.above(cell.commune.on(roster_day), roster_day)["province"] == province.key
        ]
        for cell in roster:
            if not dice.once_in(4):
                world.cell_ratings.append(_cell_rating(dice, cycle, cell))
    for person in world.people:
        cycle = dice.pick([c for c in world.cycles if c.year == year])
        _rate_person(dice, world, cycle, person)


def _cell_rating(dice: Dice, cycle: w.Cycle, cell: w.PartyCell) -> w.CellRating:
    subject = not dice.once_in(5)
    return w.CellRating(cycle, cell.key, _editions(dice, cycle) if subject else (), subject)


def _editions(dice: Dice, cycle: w.Cycle) -> tuple[w.Edition, ...]:
    """One or more decisions, each on or after the one before; none where nobody has decided."""
    editions, day = [], cycle.roster_day
    for _ in range(dice.pick((1, 1, 0, 2, 3))):
        day += timedelta(days=dice.pick((0, 10, 40, 400)))
        editions.append(w.Edition(day, dice.pick(LEVELS)))
    return tuple(editions)


def _rate_person(dice: Dice, world: World, cycle: w.Cycle, person: str) -> None:
    day = cycle.roster_day
    communes = [
        place.key
        for place in world.standing("commune", day)
        if world.above(place.key, day)["province"] == cycle.province
    ]
    homes = [*communes, *(cell.key for cell in world.cells_on(day) if cell.commune.on(day) in communes)]
    if not homes or dice.once_in(4):
        return
    home = dice.pick(homes)
    # Mostly excellent, so that streaks occur.
    editions = tuple(
        w.Edition(edition.decided_on, dice.pick(("EXCELLENT", "EXCELLENT", "GOOD")))
        for edition in _editions(dice, cycle)
    )
    world.leader_ratings.append(
        w.LeaderRating(
            cycle=cycle,
            person=person,
            cell=home if home in world.cells else None,
            commune=home if home in communes else None,
            basis=dice.pick(("office", "office", "office", "member")),
            editions=editions,
        )
    )
