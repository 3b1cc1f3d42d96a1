"""Visits: logged by the officer on a telephone, corrected, and what was promised ticked as done."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import form_page, get_kept_or_404, locked
from accounts.acts import one_act
from accounts.asked import key_in, number_in
from accounts.guard import Guard
from accounts.roles import Role
from cells.kinds import Level
from cells.models import Unit
from leaders.entry.acts import saved
from leaders.follow_up.forms import InspectionEditForm, LogForm, VisitForm
from leaders.follow_up.visits import change_visit, log_visit, may_correct, may_log, may_tick_promise
from leaders.models import Assignment, Visit


def inspects(user) -> bool:
    """Whether the user records inspections: of the province, or a commune of its own."""
    return user.has_perm("leaders.add_visit") or user.has_perm("leaders.inspect_in_commune")


def writes_visits(user) -> bool:
    """Whether the user records visits at all: one's own, or as staff for others."""
    return user.has_perm("leaders.log_visits") or inspects(user)


def require_writer(request) -> None:
    if not writes_visits(request.user):
        raise PermissionDenied


def _row_to_write(request, rows, pk: int):
    """Return the row: staff write where they keep the place, officers (who only read it) their own word."""
    if inspects(request.user):
        return get_kept_or_404(rows, request.user, pk=pk)
    return get_object_or_404(rows.visible_to(request.user), pk=pk)


def after_visit(request, visit: Visit) -> str:
    """Return where somebody goes on: the officer to the first page, staff to the officer's page."""
    if request.user.role == Role.FOLLOW_UP_OFFICER:
        return reverse("dashboards:home")
    if visit.assignment_id:
        return reverse("follow_up_board:officer", args=[visit.assignment_id])
    return reverse("follow_up_board:visits")


@form_page
@transaction.atomic
def log(request, pk):
    """Record a visit under this assignment: today is set, one sentence, one of two buttons."""
    require_writer(request)
    rows = Assignment.objects.select_related("person", "unit__commune")
    assignment = _row_to_write(request, rows, pk)
    if not may_log(request.user, assignment):
        raise PermissionDenied
    units = _units_of(request, assignment)
    visit = Visit(assignment=assignment)
    form = LogForm(
        request.POST or None,
        instance=visit,
        units=units,
        initial={"unit": _asked_unit(request, assignment), "day": timezone.localdate()},
    )
    if form.is_valid():
        done = []
        reason = _("Visit to %(unit)s") % {"unit": visit.unit}
        if saved(request, form, reason, lambda: done.append(log_visit(visit, by=request.user))):
            (visit,) = done
            messages.success(
                request,
                _("Recorded: visit to %(unit)s on %(day)s.")
                % {"unit": visit.unit, "day": f"{visit.day:%d/%m/%Y}"},
            )
            return redirect(after_visit(request, visit))
    asked = key_in(str(form["unit"].value()))
    unit = units.filter(pk=asked).first() if asked is not None else None
    context = {
        "form": form,
        "assignment": assignment,
        "unit": unit or assignment.unit,
        "has_units": assignment.unit.level != Level.HAMLET,
        "draft": draft_key(request.user, assignment.pk, (unit or assignment.unit).pk),
        "stamp": draft_stamp(assignment.visits.all()),
        "back": after_visit(request, visit),
        "is_own": assignment.person_id and assignment.person.account_id == request.user.pk,
    }
    return render(request, "follow_up/log.html", context)


def draft_key(user, assignment: int, unit: int) -> str:
    """Return under which name the browser keeps what was typed; signing out takes away all of the user's."""
    return f"visit:{user.pk}:{assignment}:{unit}"


def draft_stamp(visits) -> str:
    """Return a mark that changes with each visit: what was typed before it is no draft any more."""
    latest = visits.order_by("-pk").values_list("pk", flat=True).first()
    return str(latest or 0)


def _units_of(request, assignment: Assignment):
    """Return what may have been visited: the unit itself, and the hamlets of a commune."""
    own = Q(pk=assignment.unit_id)
    if assignment.unit.level != Level.HAMLET:
        own |= Q(commune=assignment.unit_id, level=Level.HAMLET, closed_on__isnull=True)
    return Unit.objects.visible_to(request.user).filter(own).order_by("level", "sort_key", "pk")


def _asked_unit(request, assignment: Assignment) -> int:
    asked = number_in(request, "noi")
    return assignment.unit_id if asked is None else asked


@form_page
@transaction.atomic
def visit_edit(request, pk):
    """Correct what was told of a visit or an inspection."""
    require_writer(request)
    rows = Visit.objects.select_related("unit__commune", "assignment__person")
    visit = _row_to_write(request, locked(request, rows), pk)
    if not may_correct(request.user, visit):
        raise PermissionDenied
    is_visit, was_told = visit.kind == Visit.Kind.VISIT, visit.is_told
    form_class = VisitForm if is_visit else InspectionEditForm
    form = form_class(request.POST or None, instance=visit, guard=Guard(visit.history))
    back = after_visit(request, visit)
    if form.is_valid():
        reason = _("Visit corrected: %(visit)s") % {"visit": visit}
        if not was_told and visit.is_told:
            # Until now only the minutes said something: the officer's own word is given here.
            visit.reported_at, visit.recorded_by = timezone.now(), request.user
        if saved(request, form, reason, lambda: change_visit(visit)):
            messages.success(request, _("Saved."))
            return redirect(back)
    context = {"form": form, "visit": visit, "is_visit": is_visit, "back": back}
    return render(request, "follow_up/visit_form.html", context)


@require_POST
@transaction.atomic
def promise(request, pk):
    """Tick a promise as kept today, or take the tick back."""
    require_writer(request)
    rows = Visit.objects.promising().select_related("unit", "assignment__person")
    visit = _row_to_write(request, locked(request, rows), pk)
    if not may_tick_promise(request.user, visit):
        raise PermissionDenied
    is_kept = "again" not in request.POST
    if is_kept != (visit.promise_kept_on is not None):
        visit.promise_kept_on = timezone.localdate() if is_kept else None
        try:
            with one_act(request, _("What was promised at %(unit)s") % {"unit": visit.unit}):
                change_visit(visit)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(after_visit(request, visit))
    messages.success(request, _("Noted as done.") if is_kept else _("Noted as open again."))
    return redirect(after_visit(request, visit))
