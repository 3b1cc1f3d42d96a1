"""From "what has happened" in three steps to what is recorded, and then the two ways in which somebody follows."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import form_page, locked
from accounts.guard import Guard
from cells.models import Limits
from leaders.entry.acts import changes_seats, is_sent, question, saved
from leaders.entry.leaving import CauseForm, LeaveForm
from leaders.hand_over import left_seats
from leaders.late import tell_late
from leaders.locks import lock_what_ends
from leaders.models import Person, Tenure

PEOPLE_ON_A_PAGE = 50
# The words of the address: the seat that the page was opened from.
ONLY = "chuc"


@require_safe
@changes_seats
def start(request):
    """Choose who leaves: those in office in what the user keeps, found by name."""
    kept = Tenure.objects.kept_by(request.user).filter(ends_on__isnull=True)
    people = Person.objects.filter(pk__in=kept.values("person"))
    words = request.GET.get("tim", "").strip()[:100]
    seats = kept.select_related("cell", "hamlet").order_by("office", "pk")
    people = people.matching(words).prefetch_related(Prefetch("tenures", seats, to_attr="kept_seats"))
    page = Paginator(people.select_related("keeper").nearest_first(words), PEOPLE_ON_A_PAGE)
    context = {"page": page.get_page(request.GET.get("page")), "tim": words}
    return render(request, "entry/hand_over_start.html", context)


@form_page
@changes_seats
@transaction.atomic
def leave(request, pk):
    """End seats of one person on one day: what happened, how each seat ends, then the deed."""
    if request.method == "POST":
        # Hamlets and cells before people, as whoever fills their seats locks them.
        lock_what_ends(Person.objects.visible_to(request.user).filter(pk=pk).values_list("pk", flat=True))
    person = get_object_or_404(locked(request, Person.objects.visible_to(request.user)), pk=pk)
    tenures = _kept_seats(request, person)
    if not tenures:
        # Sent once more, or opened again by going back.
        messages.info(request, _("It is recorded already that %(person)s has left.") % {"person": person})
        return redirect("leaders:successors", pk)
    title = _("Hand-over: %(person)s") % {"person": person}
    guard = Guard(Tenure.history.filter(person=person))
    told = Tenure.objects.told_to(request.user)
    context = {"title": title, "person": person, "tenures": tenures}
    if request.method != "POST" or "again" in request.POST:
        return _ask_what_happened(request, context, CauseForm(initial=_typed(request), guard=guard))
    if "first" in request.POST:
        cause = CauseForm(request.POST, guard=guard)
        if not cause.is_valid():
            return _ask_what_happened(request, context, cause)
        form = LeaveForm(tenures=tenures, told=told, guard=guard, initial=cause.cleaned_data)
        form.propose(cause.cleaned_data["cause"], _only(request, tenures))
        return _ask_how_it_ends(request, context, form)
    form = LeaveForm(request.POST, tenures=tenures, told=told, guard=guard)
    if is_sent(request, form):
        if "confirmed" not in request.POST:
            return question(request, form, title, staying=form.staying(), step=3)
        commune = tenures[0].body.commune
        if saved(request, form, title, lambda: form.save(commune)):
            messages.success(request, _("Saved. Now see who follows in these seats."))
            return redirect("leaders:successors", pk)
    return _ask_how_it_ends(request, context, form)


def _kept_seats(request, person: Person) -> list[Tenure]:
    """Return what the person holds where the user keeps it; nothing where all of it has ended."""
    kept = Tenure.objects.kept_by(request.user).filter(person=person, ends_on__isnull=True)
    tenures = list(kept.select_related("person", "cell__commune", "hamlet__commune").order_by("pk"))
    has_left = Tenure.objects.kept_by(request.user).filter(person=person, ends_on__isnull=False)
    if not tenures and not has_left.exists():
        raise _nothing_to_end(request, person)
    return tenures


def _nothing_to_end(request, person):
    """Say 403 where the person's seats may only be read, 404 where there are none."""
    running = Tenure.objects.visible_to(request.user).filter(person=person, ends_on__isnull=True)
    return PermissionDenied() if running.exists() else Http404()


def _typed(request) -> dict:
    """Return what was entered in the first step before, or today as its day."""
    names = ("cause", "last_day", *CauseForm.DECISION, "reason")
    return {"last_day": timezone.localdate()} | {
        name: request.POST[name] for name in names if name in request.POST
    }


def _only(request, tenures: list[Tenure]) -> int | None:
    """Return the seat the page was opened from, where it is one of these."""
    wanted = request.GET.get(ONLY, "")
    return next((tenure.pk for tenure in tenures if str(tenure.pk) == wanted), None)


def _ask_what_happened(request, context: dict, form: CauseForm):
    fields = [form[name] for name in (*form.DECISION, "reason")]
    return render(request, "entry/hand_over.html", {**context, "form": form, "decision_fields": fields})


def _ask_how_it_ends(request, context: dict, form: LeaveForm):
    fields = [form[name] for name in (*form.DECISION, "reason")]
    return render(request, "entry/leave_form.html", {**context, "form": form, "decision_fields": fields})


@require_safe
@changes_seats
def successors(request, pk):
    """Show the seats somebody left: the way of a Party seat and that of a hamlet seat side by side."""
    person = get_object_or_404(Person.objects.visible_to(request.user).select_related("keeper"), pk=pk)
    day = timezone.localdate()
    left = left_seats(person, request.user, day)
    if not left and not Person.objects.kept_by(request.user).filter(pk=pk).exists():
        raise _nothing_to_end(request, person)
    tell_late([one.tenure for one in left])
    limits = Limits.objects.of(person.keeper.province or person.keeper)
    context = {
        "person": person,
        "day": day,
        "party": [one for one in left if one.is_party],
        "hamlet": [one for one in left if not one.is_party],
        "late": sorted({one.tenure.late_end for one in left if one.tenure.late_end}),
        "interim_days": limits.interim_days,
        "running": Tenure.objects.kept_by(request.user).filter(person=person, ends_on__isnull=True).exists(),
    }
    return render(request, "entry/successors.html", context)
