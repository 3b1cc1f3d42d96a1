"""What somebody needs to know who goes to a hamlet: who leads it, whom to call, what was seen and promised, what comes next."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from accounts.validation import load_related
from cells.models import Meeting, Unit
from cells.months import last_day_of, next_month
from dashboards.rows import HamletRow, load_hamlets
from leaders.models import Assignment, Contest, Tenure, Visit
from leaders.privacy import may_telephone

NOTES_SHOWN = 3
# A cell that has not met for so long gives no hint when it meets next.
LOOKED_BACK = timedelta(days=92)


@dataclass(frozen=True)
class Contact:
    """Somebody who leads a hamlet or its cell, with the telephone where the reader may have it."""

    tenure: Tenure
    phone: str

    @property
    def dial(self) -> str:
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")


@dataclass(frozen=True)
class Coming:
    """A meeting, congress or election that is planned."""

    day: date
    what: str
    where: object


@dataclass
class Ground:
    """One hamlet, for whoever goes there."""

    row: HamletRow
    user: object
    assignment: Assignment | None = None
    promises: list[Visit] = field(default_factory=list)
    coming: list[Coming] = field(default_factory=list)
    draft: str = ""
    stamp: str = ""

    @property
    def hamlet(self) -> Unit:
        return self.row.hamlet

    @property
    def visits(self) -> list[Visit]:
        return self.row.hamlet.last_visits

    def _contacts(self, seats: Iterable[Tenure]) -> list[Contact]:
        # Whose assignment is the reader's own follows the hamlet today.
        follows = self.assignment is not None
        return [
            Contact(seat, seat.person.phone if may_telephone(self.user, seat.person, follows=follows) else "")
            for seat in seats
        ]

    @property
    def secretaries(self) -> list[Contact]:
        return self._contacts(self.row.secretaries)

    @property
    def heads(self) -> list[Contact]:
        return self._contacts(self.row.heads)

    @property
    def callable(self) -> list[Contact]:
        """Whom the reader may call, each person once."""
        found = {one.tenure.person_id: one for one in (*self.secretaries, *self.heads) if one.phone}
        return list(found.values())


def grounds(hamlets, *, user, day: date, assignments: Iterable[Assignment] = ()) -> list[Ground]:
    """Return these hamlets in their order; the number of queries does not grow with them.

    ``assignments`` are the reader's own, by which visits are logged and leaders called.
    """
    notes = Visit.objects.visible_to(user).told().filter(day__lte=day).for_list().order_by("-day", "-pk")
    loaded = load_hamlets(hamlets, day=day, user=user).prefetch_related(
        Prefetch("visits", notes[:NOTES_SHOWN], to_attr="last_visits"),
    )
    found = [Ground(HamletRow(hamlet), user) for hamlet in loaded]
    load_related((seat.person for one in found for seat in (*one.row.secretaries, *one.row.heads)), "keeper")
    by_unit = {one.unit_id: one for one in assignments}
    for ground in found:
        hamlet = ground.hamlet
        ground.assignment = by_unit.get(hamlet.pk) or by_unit.get(hamlet.commune_id)
    _add_promises(found, user)
    _add_coming(found, day)
    return found


def _add_promises(found: list[Ground], user) -> None:
    promises = defaultdict(list)
    rows = Visit.objects.visible_to(user).open().filter(unit__in=[one.hamlet.pk for one in found])
    for visit in rows.for_list().order_by("promise_due", "day", "pk"):
        promises[visit.unit_id].append(visit)
    for ground in found:
        ground.promises = promises[ground.hamlet.pk]


def _expected(last: Meeting, day: date) -> Coming:
    """Return the regular meeting that is to be expected: on the day of the month on which the last one was."""
    month = next_month(last.month)
    while _in_month(month, last.day.day) < day:
        month = next_month(month)
    what = _("%(kind)s, expected by the month before") % {"kind": last.get_kind_display()}
    return Coming(_in_month(month, last.day.day), what, last.cell)


def _in_month(month: date, number: int) -> date:
    return month.replace(day=min(number, last_day_of(month).day))


def _add_coming(found: list[Ground], day: date) -> None:
    cells = {area.cell_id: area.cell for one in found for area in one.row.areas if area.may_open}
    coming = defaultdict(list)
    meetings = Meeting.objects.filter(cell__in=cells, day__gte=day - LOOKED_BACK, was_held=True)
    last: dict[int, Meeting] = {}
    for meeting in meetings.select_related("cell").order_by("day", "pk"):
        if meeting.kind == Meeting.Kind.REGULAR:
            last[meeting.cell_id] = meeting
        if meeting.day >= day:
            coming["cell", meeting.cell_id].append(
                Coming(meeting.day, meeting.get_kind_display(), meeting.cell)
            )
    for meeting in last.values():
        if meeting.day < day:
            coming["cell", meeting.cell_id].append(_expected(meeting, day))
    here = Q(cell__in=cells) | Q(hamlet__in=[one.hamlet.pk for one in found])
    contests = Contest.objects.filter(here, outcome=Contest.Outcome.PLANNED, planned_on__gte=day)
    for contest in contests.select_related("cell", "hamlet").order_by("planned_on", "pk"):
        key = ("cell", contest.cell_id) if contest.cell_id else ("hamlet", contest.hamlet_id)
        coming[key].append(
            Coming(contest.planned_on, contest.get_kind_display(), contest.cell or contest.hamlet)
        )
    for ground in found:
        keys = [("hamlet", ground.hamlet.pk), *(("cell", area.cell_id) for area in ground.row.areas)]
        ground.coming = sorted((one for key in keys for one in coming[key]), key=lambda one: one.day)
