"""Setting a target, deciding about it anew, planning its years, breaking it down."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import form_page, get_kept_or_404, locked
from accounts.changes import give_reason
from accounts.guard import Guard
from accounts.refusals import sentences_for
from cells.kinds import Level
from cells.models import Unit
from dashboards.basis import Basis, basis_context, frame_of, kept_query
from dashboards.figures.board import Board
from dashboards.figures.frames import Frame
from dashboards.targets.access import adds_targets, changes_targets, frame_for
from dashboards.targets.breaking_down import rows_below
from dashboards.targets.forms import DIVIDE, PathForm, RenewForm, TargetForm
from dashboards.targets.grid import BreakDownForm
from dashboards.targets.measures import counted, label_of
from dashboards.targets.pace import year_end
from dashboards.targets.rules import steps_to_goal
from dashboards.targets.views import crumbs, unit_address
from dashboards.wording import words_for
from evaluations.models import Target, TargetStep
from evaluations.resolving import break_down, change_path, resolve_anew, set_target
from evaluations.review.deciding import recorded_paper


def saved(form, deed):
    """Do the deed in a transaction of its own; where it is refused the form says why and nothing is saved."""
    try:
        with transaction.atomic():
            return deed()
    except ValidationError as error:
        for name, faults in getattr(error, "error_dict", {"": [error]}).items():
            for fault in faults:
                form.add_error(name if name in form.fields else None, fault.messages)
    except IntegrityError as error:
        form.add_error(None, ValidationError(sentences_for(error)))
    return None


@form_page
@adds_targets
@transaction.atomic
def new(request, pk):
    """Set a target for a unit; its path is proposed first and saved when it was looked at."""
    units = Unit.objects.exclude(level=Level.HAMLET)
    unit = get_kept_or_404(locked(request, units), request.user, pk=pk)
    form = TargetForm(request.POST or None, unit=unit, words=words_for(request.user))
    if form.is_valid():
        if not form.steps_are_given:
            form.propose(lambda years: _even_steps(request, form.target(), years))
        elif made := saved(form, lambda: _set(form, unit)):
            messages.success(request, _("Saved. The target can be broken down now."))
            return redirect(made.get_absolute_url() + kept_query(request))
    frame = frame_of(request, unit)
    context = {
        "form": form,
        "unit": unit,
        "heading": _("New target"),
        "cancel_url": unit_address(unit) + kept_query(request),
        "breadcrumbs": crumbs(frame, _("New target")),
    }
    return render(request, "targets/new.html", context)


def _set(form: TargetForm, unit: Unit) -> Target:
    give_reason(_("Target set: %(number)s") % {"number": form.cleaned_data["number"]})
    target = form.target()
    target.resolution = recorded_paper(form.paper(), unit)
    return set_target(target, form.path)


def _even_steps(request, target: Target, years: range) -> dict[int, int]:
    """Equal steps from what was counted before the first year."""
    return steps_to_goal(target, years, _counted_before(request, target, years))


def _counted_before(request, target: Target, years: range) -> int:
    before = counted(Board(Frame(target.unit, year_end(years[0] - 1), request.user)), target)
    return before.done if before.is_known else 0


def _target_to_change(request, pk: int) -> Target | None:
    """Return the target of a form, locked while it is saved; None where a later edition has replaced it."""
    rows = locked(request, Target.objects.select_related("unit", "title"))
    target = get_kept_or_404(rows, request.user, pk=pk)
    if not target.is_closed:
        return target
    messages.error(request, _("A later decision has replaced this edition. This is the one in force."))
    return None


def _latest(request, pk: int):
    target = Target.objects.visible_to(request.user).get(pk=pk)
    latest = Target.objects.editions_of(target).first()
    return redirect(latest.get_absolute_url() + kept_query(request))


def _guard(target: Target) -> Guard:
    return Guard(Target.history.filter(id=target.pk), TargetStep.history.filter(target=target.pk))


def _page(request, template: str, target: Target, form, heading: str, **more):
    frame, _is_last = frame_for(request, target)
    context = {
        "form": form,
        "target": target,
        "unit": target.unit,
        "label": label_of(target, words_for(request.user)),
        "heading": heading,
        "cancel_url": target.get_absolute_url() + kept_query(request),
        "breadcrumbs": crumbs(frame, heading),
        **more,
    }
    return render(request, template, context)


@form_page
@changes_targets
@transaction.atomic
def renew(request, pk):
    """Record another decision about goal or base: a new edition, the old one stays."""
    target = _target_to_change(request, pk)
    if target is None:
        return _latest(request, pk)
    form = RenewForm(request.POST or None, target=target, guard=_guard(target))
    if form.is_valid():
        if not form.steps_are_given:
            form.propose(lambda years: form.proposed(years, _counted_before(request, target, years)))
        elif made := saved(form, lambda: _resolved_anew(form, target)):
            messages.success(request, _("Saved as edition %(edition)s.") % {"edition": made.edition})
            _say_whether_parts_add_up(request, made)
            return redirect(made.get_absolute_url() + kept_query(request))
    return _page(request, "targets/renew.html", target, form, _("Record a new decision"))


def _resolved_anew(form: RenewForm, target: Target) -> Target:
    give_reason(form.cleaned_data["reason"])
    decision = recorded_paper(form.paper(), target.unit)
    return resolve_anew(target, form.path, decision=decision, **form.resolved())


def _say_whether_parts_add_up(request, whole: Target) -> None:
    goals = Target.objects.parts_of(whole).latest_editions().values_list("goal", flat=True)
    if goals and sum(goals) != whole.goal:
        messages.warning(request, _("The parts no longer add up to the goal. Break the target down anew."))


@form_page
@changes_targets
@transaction.atomic
def path(request, pk):
    """Plan the years of a target anew."""
    target = _target_to_change(request, pk)
    if target is None:
        return _latest(request, pk)
    form = PathForm(request.POST or None, target=target, guard=_guard(target))
    if DIVIDE in request.POST:
        form.propose(lambda years: _even_steps(request, target, years))
    elif form.is_valid() and saved(form, lambda: _planned(form, target)):
        messages.success(request, _("Saved."))
        return redirect(target.get_absolute_url() + kept_query(request))
    return _page(request, "targets/path.html", target, form, _("Change the path"))


def _planned(form: PathForm, target: Target) -> bool:
    change_path(target, form.path)
    return True


@form_page
@changes_targets
@transaction.atomic
def parts(request, pk):
    """Break a target down to the units below in one grid."""
    target = _target_to_change(request, pk)
    if target is None:
        return _latest(request, pk)
    frame, is_last = frame_for(request, target)
    rows = rows_below(Board(frame), target)
    guard = Guard(
        Target.history.filter(id=target.pk),
        Target.history.filter(part_of__in=Target.objects.editions_of(target).order_by().values("pk")),
    )
    form = BreakDownForm(request.POST or None, whole=target, rows=rows, guard=guard)
    if DIVIDE in request.POST:
        on_page = form.divided()
        form = BreakDownForm(initial=on_page, whole=target, rows=rows, guard=guard)
        # What was read stays what was read: dividing is no look at what others have changed.
        form.initial["seen"] = on_page["seen"]
    elif rows and form.is_valid():
        told = saved(form, lambda: _broken_down(form, target))
        if told:
            messages.success(request, _told(told))
            return redirect(target.get_absolute_url() + kept_query(request))
    more = {**basis_context(request, Basis(frame)), "is_of_last_day": is_last}
    return _page(request, "targets/parts.html", target, form, _("Break down to the units below"), **more)


def _broken_down(form: BreakDownForm, target: Target):
    give_reason(form.cleaned_data.get("reason") or _("Target broken down"))
    decision = recorded_paper(form.paper(), target.unit)
    return break_down(target, form.shares(), decision=decision, reason=form.cleaned_data.get("reason", ""))


def _told(told) -> str:
    if told.is_nothing:
        return _("Nothing was changed.")
    return _("Parts given: %(given)d, changed: %(changed)d, taken back: %(back)d.") % {
        "given": told.given,
        "changed": told.changed,
        "back": told.taken_back,
    }
