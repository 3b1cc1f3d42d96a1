"""The record of one person, and of several in a list: to print, as a Word file, as a PDF."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboards.exports import Asked
from dashboards.papers.forms import KIND_NAMES
from dashboards.papers.views import ROWS_SHOWN, file_response
from dashboards.people.paper import KINDS, PeoplePaper, note_list, note_paper, paper_of_list, paper_of_person
from dashboards.rows import load_people
from desk.people.work import LONG_LIST, start_list
from leaders.accesses import note_look
from leaders.models import Access, Person

READ = "leaders.view_person"
_NAMES = [(kind, KIND_NAMES[kind]) for kind in KINDS]


def _paper_of(request, pk: int) -> tuple[Person, PeoplePaper]:
    today = timezone.localdate()
    people = load_people(Person.objects.visible_to(request.user), day=today, user=request.user)
    person = get_object_or_404(people, pk=pk)
    return person, paper_of_person(person, user=request.user, day=today)


@require_safe
@permission_required(READ, raise_exception=True)
def paper(request, pk):
    """Show the record as it is printed."""
    person, made = _paper_of(request, pk)
    response = render(
        request, "people/paper.html", {"person": person, "blocks": made.blocks(), "kinds": _NAMES}
    )
    if request.method == "GET":
        note_look(request.user, [person], Access.Kind.PRINTED)
    return response


@require_safe
@permission_required(READ, raise_exception=True)
def paper_file(request, pk, kind):
    if kind not in KINDS:
        raise Http404
    person, made = _paper_of(request, pk)
    content = made.write(kind)
    if request.method == "GET":
        note_look(request.user, [person], Access.Kind.PRINTED)
        note_paper(made, by=request.user)
    return file_response(content, kind, made.file_name(kind))


def _asked(request) -> Asked:
    asked = Asked.of(request)
    asked.require(READ)
    return asked


@require_safe
def paper_of_people(request):
    """Show the records of the list that the address narrows, as they are printed."""
    made = paper_of_list(_asked(request))
    blocks = made.blocks()
    cut = sum(max(0, len(block.rows) - ROWS_SHOWN) for block in blocks)
    for block in blocks:
        block.rows = block.rows[:ROWS_SHOWN]
    context = {"paper": made, "blocks": blocks, "cut": cut, "kinds": _NAMES}
    response = render(request, "people/paper_list.html", context)
    if request.method == "GET" and made.rows:
        note_list(made, by=request.user)
    return response


@require_safe
def list_file(request, kind):
    """Answer with the list; a long one is written by the worker, whose page leads to it."""
    if kind not in KINDS:
        raise Http404
    asked = _asked(request)
    made = paper_of_list(asked)
    if made.rows > LONG_LIST:
        return redirect("jobs:job", start_list(made.name, asked, kind=kind).pk)
    content = made.write(kind)
    if request.method == "GET":
        note_list(made, by=request.user)
    return file_response(content, kind, made.file_name(kind))
