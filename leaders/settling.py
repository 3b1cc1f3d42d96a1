"""Seats and follow-up assignments after a reorganisation: who stays, who ends, who goes along."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.history import create_many, update_many
from cells.dated import ONE_DAY
from cells.fates import Case, CaseKind, Fates, Option
from cells.kinds import Level
from cells.models import Cell, Line, Unit
from cells.rearranging import Outcome
from leaders.actions import begin_tenures
from leaders.follow_up.grants import follow_grants
from leaders.models import (
    PARTY_OFFICES,
    SINGLE_SEATS,
    Assignment,
    Contest,
    Office,
    Tenure,
    Visit,
    WayIn,
    WayOut,
)
from sheets.text import lower_first

STAY, INTERIM, NOBODY, END = "stay", "interim", "none", "end"


def settle_tenures(outcome: Outcome, fates: Fates) -> None:
    """End the seats of what ended, and begin in its heirs those that were chosen to go on."""
    _Seats(outcome, fates).settle()


class _Seats:
    def __init__(self, outcome: Outcome, fates: Fates):
        self.outcome, self.fates, self.day = outcome, fates, outcome.day
        self.ended: list[Tenure] = []
        self.begun: list[Tenure] = []
        self.of_hamlet, self.of_cell = self._load()

    def _load(self) -> tuple[dict, dict]:
        """Return the tenures that run on the day, by hamlet and by cell; refuse what came after it."""
        hamlets = {*self.outcome.ended, *(u.pk for u in self.outcome.units.values())}
        cells = {*self.outcome.cells_ended, *(c.pk for c in self.outcome.cells.values())}
        running = Tenure.objects.overlapping(self.day, None).filter(Q(hamlet__in=hamlets) | Q(cell__in=cells))
        running = running.select_related("person", "hamlet", "cell")
        of_hamlet, of_cell, late = defaultdict(list), defaultdict(list), []
        # Whoever ends one of them meanwhile is waited for, and then it runs no longer.
        for tenure in running.select_for_update(of=("self",)).order_by("pk"):
            has_ended = tenure.hamlet_id in self.outcome.ended or tenure.cell_id in self.outcome.cells_ended
            if has_ended and (tenure.starts_on or tenure.seen_on or self.day.min) >= self.day:
                late.append(tenure)
            (of_cell if tenure.cell_id else of_hamlet)[tenure.cell_id or tenure.hamlet_id].append(tenure)
        self._refuse(late)
        return of_hamlet, of_cell

    def _refuse(self, late: list[Tenure]):
        faults = [
            _("%(seat)s: %(person)s took office on %(day)s, after that had ended. Take that back first.")
            % {"seat": t.seat_name, "person": t.person, "day": f"{t.starts_on or t.seen_on:%d/%m/%Y}"}
            for t in late[:20]
        ]
        held_late = Contest.objects.filter(
            Q(hamlet__in=self.outcome.ended) | Q(cell__in=self.outcome.cells_ended), held_on__gte=self.day
        ).select_related("hamlet", "cell")
        faults += [
            _("%(body)s voted on %(day)s, after it had ended. Take that back first.")
            % {"body": contest.cell or contest.hamlet, "day": f"{contest.held_on:%d/%m/%Y}"}
            for contest in held_late[:20]
        ]
        if faults:
            raise ValidationError(faults)

    def settle(self):
        for line, into, wholly, standing in self.outcome.mergers():
            candidates = [tenure for unit in wholly for tenure in self.of_hamlet[unit]]
            self._merge(line, into, candidates, [t for unit in standing for t in self.of_hamlet[unit]])
        for line, into, wholly, standing in self.outcome.joins():
            candidates = [tenure for cell in wholly for tenure in self.of_cell[cell]]
            self._merge(line, into, candidates, [t for cell in standing for t in self.of_cell[cell]])
        for unit, lines in self.outcome.ended.items():
            if len(lines) != 1:
                for tenure in self.of_hamlet[unit]:
                    self._divide(tenure, lines)
        for cell, line in self.outcome.cells_ended.items():
            if line is None:
                for tenure in self.of_cell[cell]:
                    self._divide(tenure, [])
        update_many(Tenure, self.ended, ["ends_on", "way_out"])
        begin_tenures(self._without_twins())

    def _merge(self, line: Line, into: Unit | Cell, candidates: list[Tenure], incumbents: list[Tenure]):
        """Fill the seats of what the line made from those who held them before."""
        for office in SINGLE_SEATS:
            seated = [tenure for tenure in incumbents if tenure.office == office]
            coming = [tenure for tenure in candidates if tenure.office == office]
            if coming:
                self._fill(office, line, into, coming, seated)
        for tenure in candidates:
            if tenure.office not in SINGLE_SEATS:
                self._go_along(tenure, line, into)

    def _fill(self, office: str, line: Line, into, coming: list[Tenure], seated: list[Tenure]):
        label = _("%(person)s goes on in office")
        options = [Option(f"{STAY}:{t.pk}", label % {"person": t.person}, "incumbent") for t in seated]
        for place, tenure in enumerate(coming, 1):
            options += self._ways_to_stay(tenure, place)
        options.append(Option(NOBODY, _("nobody, the seat stands vacant")))
        seat = Tenure(office=office, **self._body(office, into))
        choice = self.fates.choose(
            Case(
                kind=CaseKind.SEAT,
                key=f"{CaseKind.SEAT}:{office}:line{line.pk}",
                subject=seat.seat_name,
                detail="; ".join(f"{t.seat_name}: {t.person}" for t in (*seated, *coming)),
                options=tuple(options),
                day=self.day,
            )
        )
        way, _colon, chosen = choice.partition(":")
        for tenure in (*seated, *coming):
            stays = chosen == str(tenure.pk)
            if tenure in seated and stays:
                continue
            self._end(tenure)
            if stays:
                self._begin(tenure, line, into, interim=way == INTERIM)

    def _ways_to_stay(self, tenure: Tenure, place: int) -> list[Option]:
        """The person goes on as before or, in a hamlet's office, for the time being."""
        words = {"person": tenure.person, "seat": tenure.seat_name}
        if tenure.office in PARTY_OFFICES:
            return [
                Option(
                    f"{STAY}:{tenure.pk}", _("%(person)s (%(seat)s) is appointed") % words, f"{STAY}{place}"
                )
            ]
        return [
            Option(
                f"{INTERIM}:{tenure.pk}", _("%(person)s (%(seat)s) as interim") % words, f"{INTERIM}{place}"
            ),
            Option(f"{STAY}:{tenure.pk}", _("%(person)s (%(seat)s) goes on") % words, f"{STAY}{place}"),
        ]

    def _go_along(self, tenure: Tenure, line: Line, into):
        choice = self.fates.choose(
            Case(
                kind=CaseKind.DEPUTY,
                key=f"{CaseKind.DEPUTY}:{tenure.pk}",
                subject=f"{tenure.person}",
                detail=tenure.seat_name,
                options=(
                    Option(STAY, _("goes on in %(unit)s") % {"unit": lower_first(str(into))}),
                    Option(END, _("ends")),
                ),
                day=self.day,
            )
        )
        self._end(tenure)
        if choice == STAY:
            self._begin(tenure, line, into)

    def _divide(self, tenure: Tenure, lines: list[Line]):
        """It was divided, or ended with no heir: where does who held a seat in it go? Somebody says so."""
        options = []
        for line in lines:
            unit = self.outcome.units[line.pk]
            if tenure.office in SINGLE_SEATS and self._is_held(tenure.office, unit):
                continue
            words = {"person": tenure.person, "unit": lower_first(str(unit))}
            options.append(Option(f"{STAY}:line{line.pk}", _("%(person)s goes on in %(unit)s") % words))
            if tenure.office in SINGLE_SEATS:
                options.append(
                    Option(f"{INTERIM}:line{line.pk}", _("%(person)s as interim in %(unit)s") % words)
                )
        self._end(tenure)
        choice = self.fates.choose(
            Case(
                kind=CaseKind.SEAT if tenure.office in SINGLE_SEATS else CaseKind.DEPUTY,
                key=f"{CaseKind.SEAT}:{tenure.pk}",
                subject=f"{tenure.person}",
                detail=tenure.seat_name,
                options=(*options, Option(END, _("ends"))),
                day=self.day,
            )
        )
        way, _colon, chosen = choice.partition(":")
        for line in lines:
            if chosen == f"line{line.pk}":
                self._begin(tenure, line, self.outcome.units[line.pk], interim=way == INTERIM)

    def _is_held(self, office: str, hamlet: Unit) -> bool:
        """Whether somebody holds the seat from that day on: who was there, or who was chosen before."""
        standing = (t for t in self.of_hamlet[hamlet.pk] if t.ends_on is None or t.ends_on >= self.day)
        begun = (t for t in self.begun if t.hamlet_id == hamlet.pk)
        return any(t.office == office for t in (*standing, *begun))

    def _end(self, tenure: Tenure):
        # What a tenure was to become is kept for the one that goes on in its place.
        tenure.went_until, tenure.went_out = tenure.ends_on, tenure.way_out
        tenure.ends_on, tenure.way_out = self.day - ONE_DAY, WayOut.MERGED
        self.ended.append(tenure)

    def _begin(self, tenure: Tenure, line: Line, into, *, interim: bool = False):
        lives = self.outcome.lives.cells if tenure.office in PARTY_OFFICES else self.outcome.lives.units
        last_day = lives[into.pk].last_day
        until, way_out = tenure.went_until, tenure.went_out
        if last_day and (until is None or until > last_day):
            # Entered late: what it goes on in has itself ended meanwhile.
            until, way_out = last_day, WayOut.MERGED
        way_in = tenure.way_in
        if interim:
            way_in = WayIn.INTERIM
        elif tenure.office in PARTY_OFFICES:
            way_in = WayIn.APPOINTED
        self.begun.append(
            Tenure(
                person=tenure.person,
                office=tenure.office,
                starts_on=self.day,
                ends_on=until,
                way_out=way_out,
                way_in=way_in,
                term=tenure.term,
                is_extended=tenure.is_extended,
                decision=line.decision,
                **self._body(tenure.office, into),
            )
        )

    def _without_twins(self) -> list[Tenure]:
        """Nobody is a deputy twice over: of several that come to the same, the one that runs longest goes on."""
        running = [t for held in (self.of_hamlet, self.of_cell) for some in held.values() for t in some]
        there = [tenure for tenure in running if tenure.known_days[0] <= self.day]
        longest = {}
        for tenure in sorted((*there, *self.begun), key=lambda t: t.days_in_office[1], reverse=True):
            seat = (tenure.office, tenure.person_id, tenure.cell_id, tenure.hamlet_id)
            longest.setdefault(seat, tenure)
        return [tenure for tenure in longest.values() if tenure.pk is None]

    @staticmethod
    def _body(office: str, into: Unit | Cell) -> dict:
        return {"cell": into} if office in PARTY_OFFICES else {"hamlet": into}


def settle_assignments(outcome: Outcome, fates: Fates) -> None:
    """Let those who follow a unit that ended follow its heir, or end."""
    running = Assignment.objects.overlapping(outcome.day, None).filter(unit__in=outcome.ended)
    rows = running.select_related("person", "unit")
    followed: dict[tuple, Assignment] = {}
    rows = list(rows.select_for_update(of=("self",)).order_by("pk"))
    goes_on: dict[int, Assignment] = {}
    choices = {row: fates.choose(_case_of_assignment(row, outcome)) for row in rows}
    # Of several that come to the same, the one that runs longest goes on.
    for row in sorted(rows, key=lambda row: row.days[1], reverse=True):
        for line in outcome.ended[row.unit_id]:
            heir = outcome.units[line.pk]
            first = max(outcome.day, row.days[0])
            who = (row.kind, row.officer_key, heir.pk, first)
            if choices[row] == f"line{line.pk}":
                goes_on[row.pk] = followed.setdefault(who, _handed_on(row, heir, outcome))
        row.ends_on = max(outcome.day - ONE_DAY, row.days[0])
    update_many(Assignment, rows, ["ends_on"])
    create_many(Assignment, list(followed.values()))
    _settle_visits(outcome, rows, goes_on)
    follow_grants(row.person_id for row in rows)


def _handed_on(row: Assignment, heir: Unit, outcome: Outcome) -> Assignment:
    return Assignment(
        kind=row.kind,
        person=row.person,
        organisation=row.organisation,
        organisation_key=row.organisation_key,
        unit=heir,
        starts_on=max(outcome.day, row.days[0]),
        ends_on=row.ends_on,
        by_commune=row.by_commune,
    )


def _settle_visits(outcome: Outcome, rows: list[Assignment], goes_on: dict[int, Assignment]) -> None:
    """Let visits and inspections of after the day, entered before the reorganisation was, be those of the heir.

    Refuses those of which nobody can say whose they are: of a unit that was divided, by somebody who does not follow on.
    """
    visits = Visit.objects.filter(Q(unit__in=outcome.ended) | Q(assignment__in=rows), day__gte=outcome.day)
    visits = list(visits.select_related("unit", "assignment").select_for_update(of=("self",)).order_by("pk"))
    ending, faults = {row.pk for row in rows}, []
    for visit in visits:
        heirs = outcome.heirs(visit.unit_id) if visit.unit_id in outcome.ended else [visit.unit]
        is_followed = visit.assignment_id not in ending or visit.assignment_id in goes_on
        if len(heirs) != 1 or not is_followed:
            words = {"unit": visit.unit, "day": f"{visit.day:%d/%m/%Y}"}
            faults.append(
                _("%(unit)s was visited on %(day)s, after it had ended. Take that back first.") % words
            )
            continue
        (visit.unit,) = heirs
        visit.assignment = goes_on.get(visit.assignment_id, visit.assignment)
        visit.revision += 1
    told = Counter((one.assignment_id, one.unit_id, one.day) for one in visits if one.assignment_id)
    faults += [
        _(
            "%(who)s went to two places on %(day)s that become %(unit)s. Take one of the two visits back first."
        )
        % {"who": one.assignment.who, "day": f"{one.day:%d/%m/%Y}", "unit": lower_first(str(one.unit))}
        for one in visits
        if told.pop((one.assignment_id, one.unit_id, one.day), 0) > 1
    ]
    if faults:
        raise ValidationError(faults[:20])
    update_many(Visit, visits, ["unit", "assignment", "revision"])


def _case_of_assignment(row: Assignment, outcome: Outcome) -> Case:
    lines = outcome.ended[row.unit_id]
    alike = "successor" if len(lines) == 1 else ""
    label = _("follows %(unit)s from then on")
    options = [
        Option(f"line{line.pk}", label % {"unit": lower_first(str(outcome.units[line.pk]))}, alike)
        for line in lines
    ]
    return Case(
        kind=CaseKind.OFFICER,
        key=f"{CaseKind.OFFICER}:{row.pk}",
        subject=str(row.person or row.organisation),
        detail=f"{row.spoken_kind}: {row.unit}",
        options=(*options, Option(END, _("ends"))),
        day=outcome.day,
    )


def vacant_seats(outcome: Outcome) -> Iterable[Tenure]:
    """Return the expected seats of what was made or took others in that nobody holds on the day."""
    hamlets = {u.pk: u for u in outcome.units.values() if u.level == Level.HAMLET}
    cells = {c.pk: c for c in outcome.cells.values()}
    held = Tenure.objects.on(outcome.day).filter(Q(hamlet__in=hamlets) | Q(cell__in=cells))
    seats = set(held.values_list("office", "hamlet", "cell"))
    for pk, hamlet in hamlets.items():
        if (Office.HAMLET_HEAD, pk, None) not in seats:
            yield Tenure(office=Office.HAMLET_HEAD, hamlet=hamlet)
    for pk, cell in cells.items():
        if cell.is_hamlet_cell and (Office.SECRETARY, None, pk) not in seats:
            yield Tenure(office=Office.SECRETARY, cell=cell)
