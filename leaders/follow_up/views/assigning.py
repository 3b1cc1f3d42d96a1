"""Who follows what: assigning, correcting and ending, handing over, and the officer's account."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import form_page, get_kept_or_404, locked
from accounts.asked import number_in
from accounts.guard import Guard
from cells.kinds import Level
from cells.models import Unit
from cells.models.grants import scope_of
from cells.models.lifetimes import lock
from leaders.entry.acts import saved
from leaders.follow_up.acts import link_account
from leaders.follow_up.forms import AccountForm, AssignForm, AssignmentForm, HandOverForm
from leaders.follow_up.views.acting import officers_to_offer
from leaders.models import Assignment, Person

PROVINCE = ("leaders.add_assignment", "leaders.change_assignment")
links_accounts = permission_required(PROVINCE, raise_exception=True)


def assigns(user) -> bool:
    """Whether the user assigns officers: those of the province, or of a commune to its own hamlets."""
    return user.has_perms(PROVINCE) or user.has_perm("leaders.assign_in_commune")


def changes_assignments(view):
    @wraps(view)
    def asked(request, *args, **kwargs):
        if not assigns(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return asked


def _to_change_or_404(request, rows, pk: int) -> Assignment:
    """Return the assignment for changing: what the province assigned a commune only reads."""
    one = get_kept_or_404(rows, request.user, pk=pk)
    if not Assignment.objects.changed_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    return one


def officer_url(assignment: Assignment) -> str:
    return reverse("follow_up_board:officer", args=[assignment.pk])


# --- assigning ------------------------------------------------------------------------------


@form_page
@changes_assignments
@transaction.atomic
def assign_page(request):
    """Choose who follows, then which hamlets of a commune; or which communes of the province."""
    communes, place = _places(request)
    if place is None:
        context = {"communes": communes, "choose": True}
        return render(request, "follow_up/assign.html", context)
    level, above = (Level.HAMLET, "commune") if place.level == Level.COMMUNE else (Level.COMMUNE, "province")
    units = Unit.objects.kept_by(request.user).standing().filter(level=level, **{above: place}).in_order()
    followers = Assignment.objects.on(timezone.localdate()).select_related("person").order_by("pk")
    units = units.prefetch_related(Prefetch("assignments", followers, to_attr="followers"))
    if request.method == "POST":
        # Who sends the same once more, or assigns here meanwhile, stands in line and is told.
        lock(units=units.values_list("pk", flat=True))
    form = AssignForm(
        request.POST or None,
        level=level,
        units=units,
        people=Person.objects.visible_to(request.user),
        candidates=officers_to_offer(request),
        guard=Guard(Assignment.history.filter(unit__in=units.order_by().values("pk"))),
        initial=_asked_before(request),
    )
    if form.is_valid():
        units = form.cleaned_data["units"]
        reason = _("Follow-up of %(count)d units of %(place)s is assigned") % {
            "count": len(units),
            "place": place,
        }
        made = []
        by_commune = not request.user.has_perms(PROVINCE)
        if saved(request, form, reason, lambda: made.extend(form.save(place, by_commune=by_commune))):
            said = ngettext(
                "%(who)s follows %(count)d unit from %(day)s.",
                "%(who)s follows %(count)d units from %(day)s.",
                len(made),
            )
            day = f"{made[0].starts_on:%d/%m/%Y}"
            messages.success(request, said % {"who": made[0].who, "count": len(made), "day": day})
            return redirect(officer_url(made[0]))
    context = {
        "form": form,
        "place": place,
        "communes": communes,
        "of_hamlets": level == Level.HAMLET,
        "tim": request.GET.get("tim", ""),
        "person_fields": [form[name] for name in form.PERSON],
        "has_units": units.exists(),
    }
    return render(request, "follow_up/assign.html", context)


def _places(request) -> tuple:
    """Return the communes to choose from, and the unit whose hamlets (or communes) are assigned."""
    scope = scope_of(request.user, keeping=True)
    if scope.is_empty:
        raise Http404
    kept = Unit.objects.kept_by(request.user).standing()
    places = kept.filter(level__in=[Level.COMMUNE, Level.PROVINCE])
    asked = number_in(request, "noi")
    place = get_object_or_404(places, pk=asked) if asked is not None else None
    if not scope.everywhere:
        places = list(places.order_by("-level", "sort_key", "pk"))
        return places, place or (places[0] if len(places) == 1 else None)
    # A country of communes is no list: province by province.
    return places.filter(level=Level.PROVINCE).order_by("sort_key", "pk"), place


def _asked_before(request) -> dict:
    """Return what the page that led here has chosen already."""
    person, unit = number_in(request, "ai"), number_in(request, "thon")
    found = {"person": person, "units": None if unit is None else [unit]}
    return {name: chosen for name, chosen in found.items() if chosen is not None}


@form_page
@changes_assignments
@transaction.atomic
def assignment_edit(request, pk):
    if request.method == "POST":
        # The unit before what hangs on it, as whoever hands over locks them.
        lock(units=Assignment.objects.kept_by(request.user).filter(pk=pk).values_list("unit", flat=True))
    rows = locked(request, Assignment.objects.select_related("person", "unit__commune"))
    one = _to_change_or_404(request, rows, pk)
    form = AssignmentForm(request.POST or None, instance=one, guard=Guard(one.history))
    back = officer_url(one)
    if form.is_valid():
        reason = _("Assignment corrected: %(assignment)s") % {"assignment": one}
        if saved(request, form, reason, form.save):
            messages.success(request, _("Saved."))
            return redirect(back)
    return render(request, "follow_up/assignment_form.html", {"form": form, "one": one, "back": back})


# --- handing over ---------------------------------------------------------------------------


@form_page
@changes_assignments
@transaction.atomic
def hand_over_page(request, pk):
    """Hand over everything one officer follows; nothing is saved before the consequences were shown."""
    rows = Assignment.objects.select_related("person", "unit__commune")
    one = _to_change_or_404(request, rows, pk)
    work = Assignment.objects.changed_by(request.user).of_officer(one)
    running = list(
        work.overlapping(timezone.localdate(), None).for_list().order_by("unit__commune", "unit", "pk")
    )
    form = HandOverForm(
        request.POST or None,
        assignments=work.select_related("person", "unit"),
        people=Person.objects.visible_to(request.user).exclude(pk=one.person_id or 0),
        candidates=[person for person in officers_to_offer(request) if person.pk != one.person_id],
    )
    if form.is_valid() and "change" not in request.POST:
        if "confirmed" not in request.POST:
            return _consequences(request, form, one)
        words = {"who": one.who, "day": f"{form.cleaned_data['on']:%d/%m/%Y}"}
        reason = _("All that %(who)s follows is handed over from %(day)s") % words
        done = []
        if saved(request, form, reason, lambda: done.append(form.save(_keeper(one)))):
            (plan,) = done
            said = _("%(count)d assignments of %(who)s are handed over to %(to)s from %(day)s.")
            messages.success(request, said % {"count": len(plan.ending), "to": plan.to, **words})
            return redirect("follow_up_board:pack", one.pk)
    context = {
        "form": form,
        "one": one,
        "running": running,
        "back": officer_url(one),
        "tim": request.GET.get("tim", ""),
        "person_fields": [form[name] for name in form.PERSON],
    }
    return render(request, "follow_up/hand_over.html", context)


def _keeper(one: Assignment) -> Unit:
    """Return whose books a new officer comes into: those of the one before, or of the place."""
    return one.person.keeper if one.person else one.unit.commune or one.unit


def _consequences(request, form: HandOverForm, one: Assignment):
    plan = form.plan()
    form.data = form.data.copy()
    form.data["seen"] = plan.mark
    context = {"form": form, "one": one, "plan": plan, "back": officer_url(one)}
    return render(request, "follow_up/hand_over_confirm.html", context)


# --- the officer's account ------------------------------------------------------------------


@form_page
@links_accounts
@transaction.atomic
def account_page(request, pk):
    """Say with which account the officer signs in: its grants follow the assignments from then on."""
    one = get_kept_or_404(Assignment.objects.exclude(person=None), request.user, pk=pk)
    people = locked(request, Person.objects.select_related("account", "keeper"))
    person = get_kept_or_404(people, request.user, pk=one.person_id)
    form = AccountForm(request.POST or None, person=person, user=request.user)
    if form.is_valid():
        reason = _("Account of the follow-up officer %(who)s") % {"who": person}
        if saved(request, form, reason, lambda: link_account(person, form.account)):
            messages.success(request, _("Saved."))
            return redirect(officer_url(one))
    context = {"form": form, "one": one, "person": person, "back": officer_url(one)}
    return render(request, "follow_up/account.html", context)
