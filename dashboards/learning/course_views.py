"""Courses: the list, one with who took part, and entering both."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import form_page, get_kept_or_404, locked
from accounts.acts import one_act, saved
from accounts.asked import key_in
from accounts.guard import Guard
from accounts.history import delete_many, update_many
from accounts.typed import Unreadable, read_answer, text_of
from dashboards.key_pages import KeyPages
from dashboards.learning.filters import SEATS, CourseFilter, NeverFilter
from dashboards.learning.lists import (
    courses,
    holders,
    in_office,
    never_trained,
    with_counts,
    with_seats,
    without_course,
)
from leaders.learning.actions import add_participants
from leaders.learning.forms import CourseForm, PasteForm
from leaders.learning.pasting import Found, chosen, find_pasted
from leaders.models import Course, Participation, Person, Tenure
from sheets.text import nfc

ROWS_ON_A_PAGE = 50
# So many people are offered to be ticked at once; a unit narrows them.
MOST_OFFERED = 600
READ = "leaders.view_course"
sees = permission_required(READ, raise_exception=True)
adds_courses = permission_required("leaders.add_course", raise_exception=True)
changes_courses = permission_required("leaders.change_course", raise_exception=True)
adds_people = permission_required("leaders.add_participation", raise_exception=True)
changes_people = permission_required("leaders.change_participation", raise_exception=True)


def page_of(request, rows):
    return Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))


@require_safe
@sees
def course_list(request):
    narrowed = CourseFilter(request.GET, user=request.user).checked()
    page = page_of(request, courses(narrowed))
    page.object_list = with_counts(page.object_list, request.user)
    context = {"filter": narrowed, "page": page, "tab": "courses"}
    return render(request, "learning/courses.html", context)


@require_safe
@sees
def course(request, pk: int):
    one = get_object_or_404(Course.objects.visible_to(request.user).select_related("unit"), pk=pk)
    taken = Participation.objects.visible_to(request.user).filter(course=one)
    page = page_of(request, taken.select_related("person__keeper").order_by("person__sort_key", "pk"))
    _tell_seats(page.object_list, request.user)
    is_kept = request.user.has_perm("leaders.change_course") and (
        Course.objects.kept_by(request.user).filter(pk=pk).exists()
    )
    context = {
        "course": one,
        "page": page,
        "is_kept": is_kept,
        "completed": taken.filter(completed=True).count(),
    }
    return render(request, "learning/course.html", context)


def _tell_seats(taken, user) -> None:
    people = {one.person_id for one in taken}
    seats = Tenure.objects.visible_to(user).on(timezone.localdate()).filter(person__in=people)
    by_person: dict[int, list] = {}
    for seat in seats.select_related("cell", "hamlet").order_by("office", "pk"):
        by_person.setdefault(seat.person_id, []).append(seat)
    for one in taken:
        one.seats = by_person.get(one.person_id, [])


@form_page
@adds_courses
@transaction.atomic
def course_new(request):
    form = CourseForm(request.POST or None, user=request.user, guard=Guard())
    if not form.fields["unit"].queryset.exists():
        raise Http404
    if form.is_valid() and saved(request, form, _("Course recorded: %s") % form.instance, form.save):
        one = form.instance
        messages.success(request, _("Recorded: %(course)s. Now enter who took part.") % {"course": one})
        return redirect("learning:course", one.pk)
    return render(request, "learning/course_form.html", {"form": form})


@form_page
@changes_courses
@transaction.atomic
def course_edit(request, pk: int):
    one = get_kept_or_404(locked(request, Course.objects.select_related("unit")), request.user, pk=pk)
    form = CourseForm(
        request.POST or None, instance=one, user=request.user, guard=Guard(Course.history.filter(id=pk))
    )
    if form.is_valid() and saved(request, form, _("Course corrected: %s") % form.instance, form.save):
        messages.success(request, _("Saved: %(course)s.") % {"course": one})
        return redirect("learning:course", pk)
    return render(request, "learning/course_form.html", {"form": form, "course": one})


# --- who takes part ----------------------------------------------------------------------


def _kept_course(request, pk: int) -> Course:
    return get_kept_or_404(locked(request, Course.objects.select_related("unit")), request.user, pk=pk)


def _added(request, one: Course, people: list[Person]) -> None:
    with one_act(request, _("Participants of %(course)s") % {"course": one}):
        made = add_participants(one, people)
    said = ngettext("%(n)d person was added.", "%(n)d people were added.", len(made)) % {"n": len(made)}
    if len(made) < len(people):
        others = _("Others were among the participants already: %(n)d.")
        said = " ".join([said, others % {"n": len(people) - len(made)}])
    messages.success(request, said)


@form_page
@adds_people
@transaction.atomic
def tick(request, pk: int):
    """Choose participants among the secretaries and heads of today."""
    one = _kept_course(request, pk)
    narrowed = NeverFilter(request.GET, user=request.user).checked()
    people = in_office(narrowed, narrowed.offices)
    if request.GET.get("chua"):
        people = without_course(people, narrowed.since)
    people = people.exclude(pk__in=one.participations.values("person"))
    people = people.filter(pk__in=Person.objects.kept_by(request.user).values("pk"))
    if request.method == "POST":
        keys = [pk for key in request.POST.getlist("chon") if (pk := key_in(key)) is not None]
        ticked = list(Person.objects.kept_by(request.user).filter(pk__in=keys))
        if ticked:
            _added(request, one, ticked)
            return redirect("learning:course", pk)
        messages.error(request, _("Tick at least one person."))
    offered = list(with_seats(people, request.user)[: MOST_OFFERED + 1])
    context = {
        "course": one,
        "filter": narrowed,
        "offered": offered[:MOST_OFFERED],
        "has_more": len(offered) > MOST_OFFERED,
        "only_without": bool(request.GET.get("chua")),
    }
    return render(request, "learning/tick.html", context)


@form_page
@adds_people
@transaction.atomic
def paste(request, pk: int):
    """Take a pasted list of names: what each line means is shown, and what is not sure is asked."""
    one = _kept_course(request, pk)
    form = PasteForm(request.POST or None)
    found: list[Found] = []
    if form.is_valid():
        try:
            found = find_pasted(form.cleaned_data["names"], request.user)
        except ValidationError as error:
            form.add_error("names", error)
    choices = {line.number: request.POST.get(f"dong-{line.number}", "") for line in found}
    people, undecided = chosen(found, choices)
    if found and "confirmed" in request.POST:
        if undecided:
            messages.error(request, _("Choose who is meant in each line, or leave the line out."))
        elif people:
            _added(request, one, people)
            return redirect("learning:course", pk)
        else:
            messages.error(request, _("Nobody of the list was found."))
    context = {
        "course": one,
        "form": form,
        "found": found,
        "choices": choices,
        "counts": {
            "found": sum(line.person is not None for line in found),
            "asked": sum(bool(line.candidates) for line in found),
            "unknown": sum(line.is_unknown for line in found),
        },
    }
    return render(request, "learning/paste.html", context)


@form_page
@changes_people
@transaction.atomic
def results(request, pk: int):
    """Enter who completed the course, with which result; take away who was entered in error."""
    one = _kept_course(request, pk)
    taken = list(
        Participation.objects.kept_by(request.user)
        .filter(course=one)
        .select_related("person__keeper")
        .order_by("person__sort_key", "pk")
    )
    guard = Guard(Participation.history.filter(course=one))
    faults: list[str] = []
    if request.method == "POST":
        if request.POST.get("seen") != guard.mark:
            faults = [guard.refusal() if any(guard.changes) else _("Open this page again.")]
        else:
            faults = _save_results(request, one, taken)
            if not faults:
                messages.success(request, _("The results are saved."))
                return redirect("learning:course", pk)
    rows = [
        {
            "one": part,
            "completed": request.POST.get(f"p{part.pk}-completed", text_of(part.completed)),
            "result": request.POST.get(f"p{part.pk}-result", part.result),
            "is_out": f"p{part.pk}-out" in request.POST,
        }
        for part in taken
    ]
    context = {"course": one, "rows": rows, "seen": guard.mark, "faults": faults}
    return render(request, "learning/results.html", context)


def _save_results(request, one: Course, taken: list[Participation]) -> list[str]:
    changed, out, faults = [], [], []
    for part in taken:
        if f"p{part.pk}-out" in request.POST:
            out.append(part.pk)
            continue
        try:
            completed = read_answer(request.POST.get(f"p{part.pk}-completed", text_of(part.completed)))
        except Unreadable as fault:
            faults.append(f"{part.person}: {fault}")
            continue
        result = nfc(request.POST.get(f"p{part.pk}-result", part.result))[:200]
        if (completed, result) != (part.completed, part.result):
            part.completed, part.result = completed, result
            changed.append(part)
    if faults:
        return faults
    with one_act(request, _("Results of %(course)s") % {"course": one}):
        update_many(Participation, changed, ["completed", "result"])
        if out:
            delete_many(Participation.objects.filter(pk__in=out))
    return []


# --- who never had one -------------------------------------------------------------------


@require_safe
@permission_required([READ, "leaders.view_person"], raise_exception=True)
def never(request):
    narrowed = NeverFilter(request.GET, user=request.user).checked()
    whole = holders(narrowed, narrowed.offices).count()
    page = KeyPages(never_trained(narrowed)).get_page(request.GET.get("page"))
    shown = Person.objects.filter(pk__in=page.object_list).order_by("sort_key", "pk")
    page.object_list = with_seats(shown, request.user)
    context = {"filter": narrowed, "page": page, "whole": whole, "tab": "never", "seats": SEATS}
    return render(request, "learning/never.html", context)
