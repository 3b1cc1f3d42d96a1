"""The year that a row of a file is about: which review it belongs to, and what a file may change in it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.sheet_lines import Line
from cells.models import Unit
from evaluations.actions import record_cycle
from evaluations.models import ReviewCycle
from evaluations.roster import places_of_cells, places_of_communes

State = ReviewCycle.State


class Years:
    """The reviews of the provinces that a user sees, in the years of a file."""

    def __init__(self, user, years: Iterable[int]):
        self.user = user
        self._cycles: dict[tuple[int, int], ReviewCycle] = {}
        self._roster_days: dict[int, set[date]] = defaultdict(set)
        cycles = ReviewCycle.objects.visible_to(user).filter(year__in=set(years)).select_related("rule_set")
        for cycle in cycles:
            self._cycles[cycle.province_id, cycle.year] = cycle
            self._roster_days[cycle.year].add(cycle.roster_day)
        self._provinces: dict[int, Unit] = {}

    def roster_day(self, year: int) -> date:
        """Return the day by whose names a file of this year is read."""
        days = self._roster_days[year]
        return next(iter(days)) if len(days) == 1 else date(year, 12, 31)

    def place(self, lines: Iterable[Line]) -> None:
        """Set the ``place`` on the roster day and the ``cycle`` of lines about a cell, or else a commune."""
        of_year = defaultdict(list)
        for line in lines:
            of_year[line["year"]].append(line)
        for year, some in of_year.items():
            day = self.roster_day(year)
            cells = places_of_cells((line.cell.pk for line in some if line.cell), day)
            communes = places_of_communes((line.commune.pk for line in some if not line.cell), day)
            for line in some:
                line.place = cells.get(line.cell.pk) if line.cell else communes.get(line.commune.pk)
                self._find_cycle(line)

    def _find_cycle(self, line: Line) -> None:
        if line.place is None and line.cell:
            line.fault("cell", _("The cell did not exist on the roster day of that year."))
        elif line.place is None:
            line.fault("commune", _("The commune did not exist on the roster day of that year."))
        else:
            try:
                line.cycle = self._cycle(line.place.province, line["year"])
            except ValidationError as error:
                line.fault("year", error)

    def _cycle(self, province: int, year: int) -> ReviewCycle:
        """Return the review of the year; a past one of which nothing is recorded yet is recorded now."""
        if (province, year) not in self._cycles:
            self._cycles[province, year] = self._recorded(province, year)
        return self._cycles[province, year]

    def _recorded(self, province: int, year: int) -> ReviewCycle:
        if year > timezone.localdate().year:
            raise ValidationError(_("That year has not come yet. Check the year."))
        if province not in self._provinces:
            self._provinces[province] = Unit.objects.get(pk=province)
        return record_cycle(province=self._provinces[province], year=year)


def is_step(line: Line) -> bool:
    """Say whether the line fills in a step of a review that is open."""
    return line.cycle is not None and line.cycle.state == State.OPEN


def check_state(line: Line, *, is_on_roster: bool) -> None:
    """Note as a fault what the state of the review does not let a file do. What changes nothing is no fault."""
    if line.faults or (line.current is not None and not line.changed):
        return
    words = {"year": line["year"] or line.cycle.year}
    if line.cycle.state == State.PREPARING:
        line.fault(
            "year",
            _("The list of %(year)s is still being prepared. Levels are entered once the review is open.")
            % words,
        )
    elif line.cycle.state == State.CLOSED:
        line.fault(
            "year",
            _("The figures of %(year)s are locked. A result is changed by “Correct”, with its new decision.")
            % words,
        )
    elif line.cycle.state == State.OPEN and not is_on_roster:
        line.fault(
            "cell" if line.cell else "full_name",
            _("Not on the list for the review of %(year)s. The province adds it there first.") % words,
        )
