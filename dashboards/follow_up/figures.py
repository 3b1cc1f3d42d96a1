"""What the board counts: coverage, officers, visits month by month, promises; each in one query."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncMonth

from cells.dated import on_day
from cells.kinds import Level
from cells.models import Limits, Unit, UnitPeriod
from cells.months import month_of, months_back
from dashboards.figures.frames import PLACES_THEN, Frame
from dashboards.figures.sections import COMMUNES, officers_of_hamlets
from dashboards.follow_up.places import standing_in
from leaders.models import Assignment, Person, Visit
from leaders.models.visits import open_on, told_late

MONTHS = 12
# From so many days without a visit on somebody is listed; the page offers others.
DAYS_WITHOUT = (60, 30, 90, 180)


# --- who follows what -----------------------------------------------------------------------


def officers_of(frame: Frame):
    """Return who follows the hamlet of the period that is asked about, on the day."""
    return officers_of_hamlets(frame.day).filter(unit=OuterRef("unit"))


def hamlets_followed(frame: Frame):
    """Return the hamlets of the day (their periods), each with how many officers follow it."""
    counted = officers_of(frame).order_by().values("unit").annotate(n=_distinct_officers()).values("n")
    return standing_in(frame, Level.HAMLET).alias(officers=Coalesce(Subquery(counted), 0))


def _distinct_officers():
    """Count people, and organisations that name nobody."""
    return Count("person", distinct=True) + Count(
        "organisation_key", distinct=True, filter=Q(person__isnull=True)
    )


@dataclass
class CommuneLine:
    """How well the hamlets of one commune are followed."""

    unit: Unit
    name: str
    hamlets: int = 0
    without: int = 0
    several: int = 0
    has_officer: bool = False

    @property
    def followed(self) -> int:
        return self.hamlets - self.without


def commune_lines(frame: Frame) -> list[CommuneLine]:
    """Return the communes of the frame with their coverage; a commune is a line of its own."""
    if frame.unit.level == Level.COMMUNE:
        communes = COMMUNES.build(frame).filter(unit=frame.unit)
    else:
        communes = COMMUNES.rows(frame)
    lines = {
        period.unit_id: CommuneLine(period.unit, period.full_name, has_officer=period.has_officer)
        for period in communes.select_related("unit").order_by("unit__sort_key", "unit_id")
    }
    counted = hamlets_followed(frame).order_by().values("commune")
    counted = counted.annotate(
        hamlets=Count("pk"),
        without=Count("pk", filter=Q(officers=0)),
        several=Count("pk", filter=Q(officers__gt=1)),
    )
    for row in counted:
        if (line := lines.get(row["commune"])) is not None:
            line.hamlets, line.without, line.several = row["hamlets"], row["without"], row["several"]
    return list(lines.values())


@dataclass
class OfficerLine:
    """One officer, by what is followed on a day in a unit."""

    # One of the assignments; its page is the officer's.
    key: int
    person: int | None
    organisation: str
    # By which its spellings are one; empty where a person is named.
    organisation_key: str
    hamlets: int
    communes: int
    last_visit: date | None
    name: str = ""

    def is_without_visit(self, frame: Frame, days: int) -> bool:
        return self.last_visit is None or self.last_visit < frame.day - timedelta(days=days)


def officer_lines(frame: Frame, *, by_name: bool = False) -> list[OfficerLine]:
    """Return everybody who follows something in the frame on its day, people and organisations alike."""
    hamlets, communes = (
        standing_in(frame, level).order_by().values("unit") for level in (Level.HAMLET, Level.COMMUNE)
    )
    # Put together first: of one or the other PostgreSQL guesses badly how many there are.
    here = hamlets.union(communes, Unit.objects.filter(pk=frame.unit.pk).order_by().values("pk"))
    rows = Assignment.objects.on(frame.day).filter(unit__in=here)
    visits = _visits_up_to(frame.day).filter(assignment=OuterRef("pk"))
    grouped = (
        rows.annotate(
            nobody=Case(When(person__isnull=True, then="organisation_key"), default=Value("")),
            # Of each assignment the last one is read from its index; joined, all would be.
            visited=Subquery(visits.order_by("-day").values("day")[:1]),
        )
        .order_by()
        .values("person", "nobody")
        .annotate(
            key=Min("pk"),
            text=Min("organisation"),
            hamlets=Count("unit", distinct=True, filter=Q(unit__level=Level.HAMLET)),
            communes=Count("unit", distinct=True, filter=Q(unit__level=Level.COMMUNE)),
            last_visit=Max("visited"),
        )
    )
    if by_name:
        grouped = grouped.order_by("person__sort_key", "person", "nobody")
    lines = [
        OfficerLine(
            row["key"],
            row["person"],
            row["text"],
            row["nobody"],
            row["hamlets"],
            row["communes"],
            row["last_visit"],
        )
        for row in grouped
    ]
    _add_earlier_work(lines, frame.day)
    return lines


def _visits_up_to(day: date):
    return Visit.objects.told().filter(kind=Visit.Kind.VISIT, day__lte=day)


def _add_earlier_work(lines: Iterable[OfficerLine], day: date) -> None:
    """Who went somewhere under an assignment that has ended since, that of a merged hamlet for one, went there."""
    people = [line.person for line in lines if line.person]
    organisations = [line.organisation_key for line in lines if not line.person]
    ended = Assignment.objects.filter(ends_on__lt=day)
    ended = ended.filter(Q(person__in=people) | Q(person__isnull=True, organisation_key__in=organisations))
    rows = _visits_up_to(day).filter(assignment__in=ended).order_by()
    rows = rows.values_list("assignment__person", "assignment__organisation_key").annotate(Max("day"))
    last: dict[int | str, date] = {}
    for person, organisation, latest in rows:
        key = person or organisation
        last[key] = max(latest, last.get(key, latest))
    for line in lines:
        days = [one for one in (line.last_visit, last.get(line.person or line.organisation_key)) if one]
        line.last_visit = max(days, default=None)


def name_officers(lines: Iterable[OfficerLine]) -> None:
    """Fill in the names: one query for the lines that are shown."""
    lines = list(lines)
    people = Person.objects.in_bulk({line.person for line in lines} - {None})
    for line in lines:
        line.name = str(people[line.person]) if line.person else line.organisation


# --- visits ---------------------------------------------------------------------------------


def visits_in(frame: Frame):
    """Return the visits and inspections up to the day, where the place stood on the day of each."""
    here = frame.unit
    # A province and a commune stand in themselves; asked in one condition, their places are read by an index.
    place = (
        Q(**{f"unit__periods__{PLACES_THEN[here.level]}": here})
        if here.level in PLACES_THEN
        else Q(unit=here)
    )
    if here.level == Level.DISTRICT:
        place |= Q(unit=here)
    rows = Visit.objects.visible_to(frame.user).filter(day__lte=frame.day)
    return rows.filter(on_day(F("day"), "unit__periods__") & place)


def open_promises(frame: Frame):
    """Return the visits with a promise not kept by the day, where the place stands on it: what is open is a state.

    What has ended is looked for where it counts as standing today.
    """
    here, level = frame.unit, frame.unit.level
    standing = UnitPeriod.objects.on(frame.day).filter(unit=OuterRef("unit"))
    then = standing.filter(**{PLACES_THEN[level]: here}) if level in PLACES_THEN else standing.none()
    heirs = Q(unit__closed_on__lt=frame.day)
    heirs &= Q(**{f"unit__{level}": here}) if level in (Level.PROVINCE, Level.COMMUNE) else Q(pk__in=[])
    rows = Visit.objects.visible_to(frame.user).filter(open_on(frame.day), day__lte=frame.day)
    return rows.filter(Exists(then) | Q(unit=here) | heirs)


@dataclass(frozen=True)
class Attendance:
    """How many attended, by one source: the officer's own word, or the minutes."""

    attended: int = 0
    absent: int = 0

    @property
    def told(self) -> int:
        return self.attended + self.absent


@dataclass(frozen=True)
class Month:
    """The visits of one month."""

    month: date
    visits: int = 0
    own: Attendance = Attendance()
    minutes: Attendance = Attendance()
    differ: int = 0


_SOURCES = {
    "visits": Q(),
    "own_yes": Q(attended=True),
    "own_no": Q(attended=False),
    "minutes_yes": Q(minutes_attended=True),
    "minutes_no": Q(minutes_attended=False),
    "differ": Q(attended=True, minutes_attended=False) | Q(attended=False, minutes_attended=True),
}


def _counted(limits: Limits) -> dict[str, Q]:
    """Return what is counted of the visits: attendance by its sources, and what is late and inspected."""
    visited = Q(kind=Visit.Kind.VISIT)
    return {
        **{name: visited & source for name, source in _SOURCES.items()},
        "late": told_late(limits.report_days),
        "inspections": Q(kind=Visit.Kind.INSPECTION),
    }


def counts_by_month(frame: Frame, limits: Limits) -> dict[date, dict[str, int]]:
    """Return {month: {what: how many}} of all visits up to the day, in one query."""
    rows = visits_in(frame).order_by().annotate(month=TruncMonth("day")).values("month")
    counted = _counted(limits)
    return {
        row.pop("month"): row
        for row in rows.annotate(**{name: Count("pk", filter=some) for name, some in counted.items()})
    }


def _month(month: date, counts: dict[str, int] | None) -> Month:
    if counts is None:
        return Month(month)
    return Month(
        month,
        counts["visits"],
        Attendance(counts["own_yes"], counts["own_no"]),
        Attendance(counts["minutes_yes"], counts["minutes_no"]),
        counts["differ"],
    )


@dataclass
class FollowUpBoard:
    """The board of a unit on a day."""

    frame: Frame
    days_without: int = DAYS_WITHOUT[0]
    # Whether officers are listed, and not counted alone.
    by_name: bool = False

    @cached_property
    def limits(self) -> Limits:
        unit = self.frame.unit
        return Limits.objects.of(unit if unit.level == Level.PROVINCE else unit.province)

    @cached_property
    def communes(self) -> list[CommuneLine]:
        return commune_lines(self.frame)

    @cached_property
    def officers(self) -> list[OfficerLine]:
        return officer_lines(self.frame, by_name=self.by_name)

    @cached_property
    def _visits(self) -> dict[date, dict[str, int]]:
        return counts_by_month(self.frame, self.limits)

    @property
    def months(self) -> list[Month]:
        """The last twelve months up to the day, newest first; a month without visits is there."""
        return [
            _month(month, self._visits.get(month)) for month in months_back(month_of(self.frame.day), MONTHS)
        ]

    @property
    def hamlets(self) -> int:
        return sum(line.hamlets for line in self.communes)

    @property
    def without(self) -> int:
        return sum(line.without for line in self.communes)

    @property
    def followed(self) -> int:
        return self.hamlets - self.without

    @property
    def several(self) -> int:
        return sum(line.several for line in self.communes)

    @property
    def communes_followed(self) -> int:
        return sum(line.has_officer for line in self.communes)

    @property
    def officers_of_communes(self) -> int:
        return sum(line.communes > 0 for line in self.officers)

    @property
    def officers_of_hamlets(self) -> int:
        return sum(line.hamlets > 0 for line in self.officers)

    @property
    def too_many(self) -> int:
        return len(narrowed_officers(self, "qua-nhieu"))

    @property
    def without_visit(self) -> int:
        return len(narrowed_officers(self, "chua-di"))

    @cached_property
    def told(self) -> dict[str, int]:
        """How many are late, promised and inspected."""
        counted = {
            name: sum(counts[name] for counts in self._visits.values()) for name in ("late", "inspections")
        }
        overdue = Count("pk", filter=Q(promise_due__lt=self.frame.day))
        return counted | open_promises(self.frame).aggregate(open=Count("pk"), overdue=overdue)


def narrowed_officers(board: FollowUpBoard, shown: str) -> list[OfficerLine]:
    """Return the officers that the choice means."""
    tests = {
        "": lambda line: True,
        "thon": lambda line: line.hamlets > 0,
        "xa": lambda line: line.communes > 0,
        "qua-nhieu": lambda line: line.hamlets > board.limits.most_hamlets,
        "chua-di": lambda line: line.is_without_visit(board.frame, board.days_without),
    }
    return [line for line in board.officers if tests[shown](line)]
