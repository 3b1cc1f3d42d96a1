"""What must be true of assignments as a whole: nobody follows one unit twice on one day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.history import batches
from cells.dated import ONE_DAY
from leaders.models import Assignment, Visit
from leaders.models.gone import deaths_of

Stretch = tuple[date, date]


def same_work(one: Assignment) -> tuple:
    """What two assignments have in common when they are about the same work of the same officer."""
    return one.kind, one.officer_key, one.unit_id


def refuse_twice(assignments: Iterable[Assignment]) -> None:
    """Refuse that somebody follows a unit twice on one day; each fault in a sentence.

    What overlapped before (a reorganisation may bring two together) may be shortened and ended.
    """
    assignments = list(assignments)
    recorded: dict[tuple, list[Assignment]] = defaultdict(list)
    own = {one.pk for one in assignments if one.pk}
    before: dict[int, tuple[tuple, Stretch]] = {}
    for some in batches(sorted({one.unit_id for one in assignments}), 1000):
        for one in Assignment.objects.filter(unit__in=some).select_related("person", "unit"):
            if one.pk in own:
                before[one.pk] = same_work(one), one.days
            else:
                recorded[same_work(one)].append(one)
    faults = []
    for one in assignments:
        others = recorded[same_work(one)]
        faults += [_told(other) for other in others if _overlaps_anew(one, other, before.get(one.pk))][:1]
        others.append(one)
    if faults:
        raise ValidationError(faults)


def followed_after_death(assignments: Iterable[Assignment]) -> Iterator[str]:
    """Find what somebody is to follow after having died: a death ends that as it ends every office."""
    assignments = list(assignments)
    deaths = deaths_of(one.person_id for one in assignments)
    for one in assignments:
        died_on = deaths.get(one.person_id)
        if died_on is not None and one.days[1] > died_on:
            yield _("%(person)s died on %(day)s and is to follow %(unit)s after it.") % {
                "person": one.person,
                "day": f"{died_on:%d/%m/%Y}",
                "unit": one.unit,
            }


def refuse_dead(assignments: Iterable[Assignment]) -> None:
    """Refuse that somebody follows a unit after having died."""
    if faults := list(followed_after_death(assignments)):
        raise ValidationError(faults)


def _overlaps_anew(one: Assignment, other: Assignment, before: tuple[tuple, Stretch] | None) -> bool:
    if not overlap(one.days, other.days):
        return False
    work, days = before or (None, None)
    return work != same_work(one) or not overlap(days, other.days)


def _told(other: Assignment) -> str:
    first, last = other.starts_on, other.ends_on
    words = {
        "who": other.who,
        "unit": other.unit,
        "first": f"{first:%d/%m/%Y}" if first else "…",
        "last": f"{last:%d/%m/%Y}" if last else "…",
    }
    return _(
        "%(who)s follows %(unit)s already, from %(first)s to %(last)s. Enter other days, or change that one."
    ) % (words)


def overlap(one: Stretch, other: Stretch) -> bool:
    """Whether two stretches share a day. First and last day count."""
    return one[0] <= other[1] and other[0] <= one[1]


def free_stretches(wanted: Stretch, taken: Iterable[Stretch]) -> Iterator[Stretch]:
    """Yield what is left of a stretch between those that are taken."""
    first, last = wanted
    for begins, ends in sorted(taken):
        if ends < first or begins > last:
            continue
        if begins > first:
            yield first, begins - ONE_DAY
        if ends >= last:
            return
        first = ends + ONE_DAY
    if first <= last:
        yield first, last


def refuse_visits_outside(assignments: Iterable[Assignment]) -> None:
    """Refuse that an assignment no longer holds on the day of a visit that was recorded under it."""
    by_key = {one.pk: one for one in assignments}
    faults = []
    for some in batches(sorted(by_key), 1000):
        for visit in Visit.objects.filter(assignment__in=some).select_related("unit").order_by("day", "pk"):
            visit.assignment = by_key[visit.assignment_id]
            if not visit.assignment.reaches(visit.unit, visit.day):
                faults.append(
                    _("A visit of %(day)s to %(unit)s is recorded. The place that is followed stays.")
                    % {"day": f"{visit.day:%d/%m/%Y}", "unit": visit.unit}
                )
            elif not visit.assignment.holds_on(visit.day):
                faults.append(
                    _("A visit of %(day)s to %(unit)s is recorded. The last day is that day or later.")
                    % {"day": f"{visit.day:%d/%m/%Y}", "unit": visit.unit}
                )
    if faults:
        raise ValidationError(faults[:5])
