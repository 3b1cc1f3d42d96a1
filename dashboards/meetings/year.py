"""What a year of meetings comes to, cell by cell and commune by commune, in a few queries for any number.

Cells are counted in the commune where they stand today, or stood last. Only months that are over are asked
about, and of these only those in which the cell stood from the first day to the last.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Count, F, Q, Sum

from cells.kinds import Level
from cells.meetings.months import full_months_of
from cells.models import Cell, CellPeriod, Limits, Meeting, Unit
from cells.months import last_day_of, month_of
from dashboards.figures.frames import cells_now
from sheets.numbers import format_percent

GRADES = tuple(Meeting.Grade)
_TODAY = cells_now("cell__")
_HELD, _NOT_HELD = Q(was_held=True), Q(was_held=False)
_NUMBERS = Q(was_held=True, expected__gt=0, present__isnull=False)


@dataclass
class Tally:
    """What meetings add up to. What is not known is in no sum."""

    expected: int = 0
    present: int = 0
    # Regular meetings that were held; of them, those of which both numbers are known; months known without one.
    held: int = 0
    counted: int = 0
    not_held: int = 0
    # Months of which nothing is entered.
    nothing: int = 0
    others: int = 0
    grades: dict[str, int] = field(default_factory=lambda: dict.fromkeys(GRADES, 0))

    def add(self, other: "Tally") -> None:
        # Spelled out, as a province adds up thousands of cells.
        self.expected += other.expected
        self.present += other.present
        self.held += other.held
        self.counted += other.counted
        self.not_held += other.not_held
        self.nothing += other.nothing
        self.others += other.others
        for grade, count in other.grades.items():
            self.grades[grade] += count

    @property
    def rate(self) -> str:
        """The attendance as it is written: "85,4%", or a dash where nothing is known."""
        return format_percent(self.present, self.expected)

    @property
    def grade_counts(self) -> list[tuple[str, int]]:
        return [(str(grade.label), self.grades[grade]) for grade in GRADES]


@dataclass
class CellYear(Tally):
    """The meetings of one cell in the year. The cell itself is loaded where it is shown (``MeetingYear.named``)."""

    key: int = 0
    commune_key: int = 0
    limit: int = 0
    cell: Cell | None = None

    @property
    def limit_percent(self) -> str:
        return f"{self.limit}%"

    @property
    def is_under(self) -> bool:
        """Whether fewer came than the province asks for; unknown is not under."""
        return self.expected > 0 and self.present * 100 < self.limit * self.expected


@dataclass
class CommuneYear(Tally):
    """The meetings of a commune's cells in the year."""

    commune: Unit | None = None
    cells: int = 0
    under: int = 0
    cells_without: int = 0
    cells_unknown: int = 0

    def take(self, one: CellYear) -> None:
        self.add(one)
        self.cells += 1
        self.under += one.is_under
        self.cells_without += bool(one.not_held)
        self.cells_unknown += bool(one.nothing)

    def take_all(self, other: "CommuneYear") -> None:
        self.add(other)
        for name in ("cells", "under", "cells_without", "cells_unknown"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class Life:
    """In which commune a cell stands today, or stood last, and from when to when it stood at all."""

    commune: int
    first: date = date.max
    last: date = date.min


class MeetingYear:
    """A year as somebody may see it, in a province, a commune, or of some cells."""

    def __init__(self, user, year: int, today: date, *, unit: Unit | None = None, cells=None):
        self.user, self.year, self.today, self.unit, self.only = user, year, today, unit, cells

    @cached_property
    def months(self) -> list[date]:
        return full_months_of(self.year, self.today)

    @property
    def limit_percent(self) -> str:
        return f"{self.limits.least_attendance}%"

    @property
    def last_month(self) -> date | None:
        return self.months[-1] if self.months else None

    @cached_property
    def limits(self) -> Limits:
        unit = self.unit
        return Limits.objects.of(unit.province if unit and unit.level != Level.PROVINCE else unit)

    @cached_property
    def _lives(self) -> dict[int, Life]:
        """The lives of the cells that reach into the months, in the order of the communes' own lists."""
        if not self.months:
            return {}
        rows = CellPeriod.objects.visible_to(self.user)
        rows = rows.overlapping(self.months[0], last_day_of(self.months[-1]))
        if self.unit is not None:
            rows = rows.filter(**{_TODAY[self.unit.level]: self.unit})
        if self.only is not None:
            rows = rows.filter(cell__in=self.only)
        rows = rows.order_by(
            "cell__commune__sort_key",
            "cell__commune",
            F("cell__position").asc(nulls_last=True),
            "cell__sort_key",
            "cell",
            "pk",
        )
        found: dict[int, Life] = {}
        # Plain values: a province has thousands of cells, and a page shows some dozens.
        for key, commune, first, last in rows.values_list("cell", "cell__commune", "starts_on", "ends_on"):
            life = found.setdefault(key, Life(commune))
            life.first = min(life.first, first or date.min)
            life.last = max(life.last, last or date.max)
        return found

    @cached_property
    def cells(self) -> list[CellYear]:
        """Every cell that stood in one of the months, with what its meetings add up to."""
        limit = self.limits.least_attendance
        made = {
            key: CellYear(key=key, commune_key=life.commune, limit=limit) for key, life in self._lives.items()
        }
        for row in self._sums():
            if (one := made.get(row["cell"])) is not None:
                self._take(one, row)
        self._count_unknown(made)
        return list(made.values())

    @staticmethod
    def named(rows: Iterable[CellYear]) -> list[CellYear]:
        """Load the cells of some rows: those that are shown."""
        rows = list(rows)
        cells = Cell.objects.select_related("commune").in_bulk([one.key for one in rows])
        for one in rows:
            one.cell = cells[one.key]
        return rows

    def _meetings(self):
        """Return the meetings of the cells that are seen, and are asked about: looked up together, as one list."""
        rows = Meeting.objects.visible_along(self.user).order_by()
        if self.unit is not None:
            rows = rows.filter(**{_TODAY[self.unit.level]: self.unit})
        if self.only is not None:
            rows = rows.filter(cell__in=self.only)
        return rows.of_months(self.months[0], self.months[-1])

    def _sums(self):
        if not self.months:
            return []
        regular = Q(kind=Meeting.Kind.REGULAR)
        return (
            self._meetings()
            .values("cell")
            .annotate(
                expected_sum=Sum("expected", filter=regular & _NUMBERS),
                present_sum=Sum("present", filter=regular & _NUMBERS),
                counted=Count("pk", filter=regular & _NUMBERS),
                held=Count("pk", filter=regular & _HELD),
                not_held=Count("pk", filter=regular & _NOT_HELD),
                others=Count("pk", filter=~regular),
                **{f"grade_{grade}": Count("pk", filter=regular & Q(grade=grade)) for grade in GRADES},
            )
        )

    @staticmethod
    def _take(one: CellYear, row: dict) -> None:
        one.expected, one.present = row["expected_sum"] or 0, row["present_sum"] or 0
        one.counted, one.held, one.not_held = row["counted"], row["held"], row["not_held"]
        one.others = row["others"]
        one.grades = {grade: row[f"grade_{grade}"] for grade in GRADES}

    def _count_unknown(self, made: dict[int, CellYear]) -> None:
        """Count the whole months without a word; where a life begins or ends in between, month by month."""
        stretches = {(life.first, life.last) for life in self._lives.values()}
        known = {days: whole_months(*days, self.months) for days in stretches}
        whole = {key: known[life.first, life.last] for key, life in self._lives.items()}
        partly = [key for key, months in whole.items() if len(months) < len(self.months)]
        entered = defaultdict(set)
        if partly:
            rows = self._meetings().regular().filter(cell__in=partly)
            for cell, month in rows.values_list("cell", "month"):
                entered[cell].add(month)
        for key, one in made.items():
            if key in entered or len(whole[key]) < len(self.months):
                one.nothing = len(whole[key] - entered[key])
            else:
                one.nothing = len(whole[key]) - one.held - one.not_held

    @cached_property
    def communes(self) -> list[CommuneYear]:
        found: dict[int, CommuneYear] = defaultdict(CommuneYear)
        for one in self.cells:
            found[one.commune_key].take(one)
        units = Unit.objects.in_bulk(found)
        for key, one in found.items():
            one.commune = units[key]
        return list(found.values())

    @cached_property
    def total(self) -> CommuneYear:
        total = CommuneYear()
        for one in self.communes:
            total.take_all(one)
        return total


def whole_months(first: date, last: date, months: list[date]) -> set[date]:
    """Return the months in which a cell stood from the first day to the last."""
    return {month for month in months if first <= month and last_day_of(month) <= last}


@dataclass(frozen=True)
class MonthOf:
    """What is known of one month of a cell."""

    month: date
    meeting: Meeting | None
    # Whether the cell stood in the month at all.
    stood: bool = True

    @property
    def is_known(self) -> bool:
        return self.meeting is not None

    @property
    def is_without(self) -> bool:
        return self.meeting is not None and not self.meeting.was_held

    @property
    def numbers(self) -> str:
        """Present of expected, as far as it is known."""
        if self.meeting is None or self.meeting.present is None:
            return ""
        expected = "?" if self.meeting.expected is None else self.meeting.expected
        return f"{self.meeting.present}/{expected}"


def months_of(year: MeetingYear) -> dict[int, list[MonthOf]]:
    """Return the months of each cell of the year that have begun, each with its regular meeting."""
    this_month = month_of(year.today)
    months = [date(year.year, number, 1) for number in range(1, 13)]
    months = [month for month in months if month <= this_month]
    if not months:
        return {}
    cells = [one.key for one in year.cells]
    meetings = Meeting.objects.regular().filter(cell__in=cells).of_months(months[0], months[-1])
    known = {(one.cell_id, one.month): one for one in meetings}
    periods = defaultdict(list)
    for period in CellPeriod.objects.filter(cell__in=cells).overlapping(months[0], last_day_of(months[-1])):
        periods[period.cell_id].append(period.days)
    return {
        cell: [
            MonthOf(
                month,
                known.get((cell, month)),
                any(first <= last_day_of(month) and month <= last for first, last in periods[cell]),
            )
            for month in months
        ]
        for cell in cells
    }
