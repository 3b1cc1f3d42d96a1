"""Who follows which hamlets and communes: one row for each assignment."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.columns import SheetColumn, choice_column, day_column, labels_of
from accounts.history import batches
from accounts.resources import ROWS_AT_A_TIME
from accounts.sheet_lines import Line
from cells.columns import commune_columns
from cells.kinds import Level
from cells.models import UnitPeriod
from cells.resources.bodies import (
    HAMLET,
    HAMLET_KEYS,
    Bodies,
    commune_row,
    drop_place,
    hamlet_columns,
    hamlet_row,
)
from leaders.actions import assign, correct_assignments
from leaders.columns import person_columns
from leaders.lookups import People, drop_person
from leaders.models import Assignment
from leaders.privacy import may_see_private
from leaders.resources.of_people import OfPeopleResource
from sheets.text import fold

Kind = Assignment.Kind
FIELDS = ("organisation", "starts_on", "ends_on")
OTHER_KINDS = {
    Kind.STANDING_MEMBER: ("Ủy viên Ban Thường vụ", "UVBTV", "Ủy viên BTV", "UV BTV"),
    Kind.COMMITTEE_MEMBER: ("Cấp ủy viên", "Ủy viên Ban Chấp hành", "UVBCH", "Đảng ủy viên", "Tỉnh ủy viên"),
    Kind.HAMLET_OFFICER: (
        "Cán bộ theo dõi ấp",
        "Cán bộ theo dõi",
        "Cán bộ phụ trách ấp",
        "Cán bộ phụ trách",
        "Cán bộ theo dõi thôn",
        "Cán bộ hỗ trợ ấp",
    ),
}


class AssignmentResource(OfPeopleResource):
    """A row with a hamlet is about it, one without is about the commune."""

    model = Assignment
    title = gettext_lazy("Follow-up assignments")
    columns = [
        choice_column(
            "kind",
            gettext_lazy("Kind"),
            labels_of(Kind, OTHER_KINDS),
            show=lambda value: str(Kind(value).label),
            width=24,
        ),
        *person_columns(),
        SheetColumn(
            "organisation",
            gettext_lazy("Organisation"),
            kind="text",
            synonyms=("Đơn vị phụ trách", "Cơ quan phụ trách", "Đơn vị công tác", "Cơ quan, đơn vị hỗ trợ"),
            width=26,
        ),
        *commune_columns(),
        *hamlet_columns(),
        day_column("starts_on", gettext_lazy("Follows from"), synonyms=("Từ ngày", "Ngày phân công")),
        day_column("ends_on", gettext_lazy("Follows until"), synonyms=("Đến ngày",)),
    ]

    # --- Out --------------------------------------------------------------------------

    def rows(self, queryset) -> Iterator[dict]:
        rows = queryset.select_related("person__keeper__province", "unit__commune").iterator(chunk_size=2000)
        while some := list(islice(rows, ROWS_AT_A_TIME)):
            names = _names_then(some)
            for assignment in some:
                yield self._row(assignment, names.get(assignment.pk, {}))

    def _row(self, assignment: Assignment, of_commune: dict) -> dict:
        person, unit = assignment.person, assignment.unit
        is_hamlet = unit.level == Level.HAMLET
        return {
            "records": ((Assignment, assignment.pk),),
            "kind": assignment.kind,
            "person": person and person.pk,
            "full_name": person and person.full_name,
            "born": person.born if person and may_see_private(self.user, person) else None,
            **commune_row(unit.commune if is_hamlet else unit),
            **(hamlet_row(unit) if is_hamlet else of_commune),
            # Nothing is emptied by a file, so what is empty compares as nothing.
            **{name: getattr(assignment, name) or None for name in FIELDS},
        }

    # --- In ---------------------------------------------------------------------------

    def look_up(self, lines: list[Line]) -> None:
        people = People(self.user, lines)
        for line in lines:
            line.who = line.unit = line.known = None
            if line["person"] is not None or line["full_name"] is not None:
                line.who = people.find(line)
            elif line["organisation"] is None and not {"full_name", "organisation"} & line.faults.keys():
                line.fault("full_name", _("Name the person or the organisation that follows the unit."))
        self._find_units(lines)
        found = [
            line
            for line in lines
            if self.require(line, "kind") and line.unit and (line.who or line["organisation"])
        ]
        self._find_recorded(found)
        for line in found:
            # What was recorded otherwise before comes back as it is.
            if line["kind"] == Kind.HAMLET_OFFICER and line.unit.level != Level.HAMLET and line.known is None:
                line.fault("hamlet", _("Name the hamlet that the officer follows: one row for each."))
            if not line.faults:
                self.clean(line, self._assignment(line))

    def _find_units(self, lines: list[Line]) -> None:
        bodies = Bodies(self.user, lines)
        hamlets, communes = [], []
        for line in lines:
            if any(line[key] is not None or key in line.faults for key in HAMLET_KEYS):
                hamlets.append((line, HAMLET, _day_of(line["starts_on"], line["ends_on"])))
            else:
                communes.append((line, _day_of(line["starts_on"], line["ends_on"])))
        bodies.find(hamlets)
        for line, _kind, _day in hamlets:
            line.unit = line.body
        bodies.find_communes(communes)
        for line, _day in communes:
            line.unit = line.commune

    def _find_recorded(self, lines: list[Line]) -> None:
        recorded: dict[tuple, list[Assignment]] = defaultdict(list)
        for some in batches(sorted({line.unit.pk for line in lines}), 1000):
            rows = Assignment.objects.filter(unit__in=some)
            for one in rows.select_related("person__keeper__province", "unit__commune").by_day():
                who = one.person_id or fold(one.organisation)
                recorded[one.kind, who, one.unit_id].append(one)
        for line in lines:
            line.key = (line["kind"], line.who.pk if line.who else fold(line["organisation"]), line.unit.pk)
            line.known = _meant(line, recorded[line.key])
            if line.known:
                self._compare(line)

    def _compare(self, line: Line) -> None:
        drop_place(line, "kind")
        drop_person(line)
        if line.who is None:
            # The words by which the organisation was found do not rewrite it.
            line.values.pop("organisation")
        line.current = self._row(line.known, {})

    @staticmethod
    def _assignment(line: Line) -> Assignment:
        """Return the assignment as the line wants it, unsaved."""
        assignment = line.known or Assignment(kind=line["kind"], person=line.who, unit=line.unit)
        for name in FIELDS:
            if name in line.changed:
                setattr(assignment, name, line.changed[name])
        return assignment

    def identity(self, line: Line):
        return (*line.key, line.known.pk if line.known else line["starts_on"])

    def write(self, lines: list[Line]) -> None:
        for line in lines:
            line.obj = self._assignment(line)
        # What ends in the file ends before its successor begins.
        correct_assignments((line.obj for line in lines if line.known), FIELDS)
        assign(line.obj for line in lines if line.known is None)


def _day_of(starts_on: date | None, ends_on: date | None) -> date:
    """Return the day by whose names a row is read, and written."""
    return starts_on or ends_on or timezone.localdate()


def _meant(line: Line, recorded: list[Assignment]) -> Assignment | None:
    """Return the recorded assignment that goes on in this row: of the same first day, or of one not known."""
    running = [one for one in recorded if one.ends_on is None]
    same = [one for one in recorded if one.starts_on == line["starts_on"]]
    same = [one for one in same if one.ends_on == line["ends_on"]] or same
    if not same:
        same = [one for one in running if None in (one.starts_on, line["starts_on"])]
    return same[0] if len(same) == 1 else None


def _names_then(assignments: Iterable[Assignment]) -> dict[int, dict]:
    """Return what communes were called on the days by which their rows are read: codes are used again."""
    of_communes = [one for one in assignments if one.unit.level != Level.HAMLET]
    periods: dict[int, list[UnitPeriod]] = defaultdict(list)
    for period in UnitPeriod.objects.filter(unit__in={one.unit_id for one in of_communes}):
        periods[period.unit_id].append(period)
    return {
        one.pk: {"commune_code": period.code, "commune": period.full_name}
        for one in of_communes
        for period in periods[one.unit_id]
        if period.holds_on(_day_of(one.starts_on, one.ends_on))
    }
