"""The commune ticks by the minutes which officers attended, for a month on one page."""

from dataclasses import dataclass, field
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import form_page, get_kept_or_404
from accounts.acts import one_act
from accounts.refusals import sentences_for
from cells.dated import ONE_DAY
from cells.models import Unit
from cells.months import last_day_of, month_of, read_month
from leaders.follow_up.visits import Ticked, tick_minutes
from leaders.models import Assignment, Visit

FIRST_YEAR = 1930
ANSWERS = {"": None, "1": True, "0": False}


@dataclass
class Line:
    """One officer of one hamlet in a month: what was told, and a free line for what nobody recorded."""

    assignment: Assignment
    visits: list[Visit] = field(default_factory=list)
    # What was typed into the free line, where it could not be saved.
    day: str = ""
    answer: str = ""
    error: str = ""


@form_page
@permission_required("leaders.change_visit", raise_exception=True)
@transaction.atomic
def minutes(request, pk):
    commune = get_kept_or_404(Unit.objects.communes(), request.user, pk=pk)
    month = asked_month(request)
    last = last_day_of(month)
    visits = Visit.objects.kept_by(request.user).filter(kind=Visit.Kind.VISIT, day__range=(month, last))
    visits = visits.filter(Q(unit=commune) | Q(unit__commune=commune))
    lines = _lines(request, commune, month, last, visits)
    if request.method == "POST":
        ticked = _ticked(request, lines, month, last)
        if not any(line.error for line in lines) and _saved(request, commune, month, ticked, visits):
            return redirect(f"{request.path}?thang={month:%Y-%m}")
        lines = _again(_lines(request, commune, month, last, visits), lines)
    context = {
        "commune": commune,
        "lines": lines,
        "month": month,
        "last": last,
        "before": month - ONE_DAY,
        "after": last + ONE_DAY if last < timezone.localdate() else None,
    }
    return render(request, "follow_up/minutes.html", context)


def asked_month(request) -> date:
    """Return the month that the address names, or this one."""
    current = month_of(timezone.localdate())
    try:
        asked = read_month(request.GET.get("thang", "")[:7])
    except ValueError:
        return current
    # Before the first month of the calendar there is none to lead to.
    return min(asked, current) if asked.year >= FIRST_YEAR else current


def _lines(request, commune: Unit, month: date, last: date, visits) -> list[Line]:
    rows = Assignment.objects.kept_by(request.user).overlapping(month, last)
    rows = rows.filter(Q(unit=commune) | Q(unit__commune=commune)).for_list()
    lines = {
        one.pk: Line(one)
        for one in rows.order_by("unit__level", "unit__position", "unit__sort_key", "unit", "pk")
    }
    for visit in visits.for_list().order_by("day", "pk"):
        if visit.assignment_id in lines:
            lines[visit.assignment_id].visits.append(visit)
    return list(lines.values())


def _ticked(request, lines: list[Line], month: date, last: date) -> list[Ticked]:
    found = []
    for line in lines:
        for visit in line.visits:
            answer = request.POST.get(f"v{visit.pk}")
            revision = request.POST.get(f"r{visit.pk}", "")
            if answer in ANSWERS and revision.isdecimal():
                found.append(Ticked(ANSWERS[answer], visit=visit.pk, revision=int(revision[:9])))
        found += _free_line(request, line, month, last)
    return found


def _free_line(request, line: Line, month: date, last: date) -> list[Ticked]:
    """Read the line of a day that nobody recorded; say what is wrong with it."""
    key = line.assignment.pk
    line.day, line.answer = request.POST.get(f"d{key}", "")[:10], request.POST.get(f"n{key}", "")
    attended = ANSWERS.get(line.answer)
    if not line.day and attended is None:
        return []
    try:
        day = date.fromisoformat(line.day)
    except ValueError:
        line.error = _("Enter the day of the meeting.")
        return []
    if attended is None:
        line.error = _("Say whether the officer attended.")
    elif not month <= day <= min(last, timezone.localdate()):
        line.error = _("The day lies outside the month, or has not come yet.")
    elif not line.assignment.holds_on(day):
        line.error = _("The officer does not follow this place on that day.")
    elif any(visit.day == day and visit.unit_id == line.assignment.unit_id for visit in line.visits):
        line.error = _("This day is in the list already. Tick it there.")
    if line.error:
        return []
    return [
        Ticked(attended, assignment=line.assignment.pk, unit=line.assignment.unit_id, day=day),
    ]


def _saved(request, commune: Unit, month: date, ticked: list[Ticked], visits) -> bool:
    words = {"commune": commune, "month": f"{month:%m/%Y}"}
    try:
        with one_act(request, _("Attendance by the minutes, %(commune)s, %(month)s") % words):
            done = tick_minutes(ticked, visits=visits, by=request.user)
    except (ValidationError, IntegrityError) as error:
        # Who records the same day in the same moment is refused by the database alone.
        for said in sentences_for(error):
            messages.error(request, said)
        return False
    for visit in done.conflicts:
        messages.warning(
            request,
            _("%(visit)s was changed after this page was opened; its tick was not saved. Look again.")
            % {"visit": visit},
        )
    messages.success(request, _("Saved: %(count)d changes.") % {"count": done.changed})
    return True


def _again(fresh: list[Line], typed: list[Line]) -> list[Line]:
    """Show what was typed into the free lines once more, beside what is recorded now."""
    told = {line.assignment.pk: line for line in typed}
    for line in fresh:
        if (before := told.get(line.assignment.pk)) is not None:
            line.day, line.answer, line.error = before.day, before.answer, before.error
    return fresh
