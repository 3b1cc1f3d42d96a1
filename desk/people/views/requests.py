"""A commune asks for the record of somebody whom another one keeps; the province answers."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import form_page, get_kept_or_404, locked
from accounts.acts import one_act
from accounts.guard import Guard
from accounts.refusals import sentences_for
from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.rows import PersonRow, load_people
from desk.people.forms import AskForm, AssignForm, DeclineForm
from desk.people.requests import MOST_CANDIDATES, assign, candidates_for, decline, recall
from leaders.models import Person, PersonRequest

VIEW, ASSIGN = "leaders.view_personrequest", "leaders.assign_records"
ROWS_ON_A_PAGE = 50
LATEST_SHOWN = 20
_LOADED = ("asked_by", "person", "taken_from", "asked_by_user", "answered_by")


@require_safe
@permission_required(VIEW, raise_exception=True)
def requests(request):
    """Show the requests, those to be answered first, and which records have left the reader's communes."""
    rows = PersonRequest.objects.visible_to(request.user).select_related(*_LOADED)
    state = request.GET.get("trang_thai", "")
    if state in PersonRequest.State.values:
        rows = rows.filter(state=state)
    left = PersonRequest.objects.taken_from(request.user).select_related(*_LOADED)
    scope = scope_of(request.user, keeping=True)
    context = {
        "page": Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page")),
        "states": PersonRequest.State.choices,
        "state": state,
        # Of the province both sides are in the list.
        "left": [] if request.user.has_perm(ASSIGN) else left.order_by("-answered_at")[:LATEST_SHOWN],
        "asking": Unit.objects.filter(pk__in=scope.communes).in_order(),
    }
    return render(request, "people/requests.html", context)


@form_page
@permission_required("leaders.add_personrequest", raise_exception=True)
@transaction.atomic
def ask(request, pk):
    """Let a commune ask for somebody."""
    commune = get_kept_or_404(Unit.objects.communes().standing(), request.user, pk=pk)
    form = AskForm(request.POST or None, instance=PersonRequest(asked_by=commune, asked_by_user=request.user))
    if form.is_valid():
        asked = form.save()
        messages.success(request, _("Sent. The answer of the province will stand on this page."))
        return redirect("records:request", asked.pk)
    return render(request, "people/ask.html", {"form": form, "commune": commune})


def _request_or_404(request, pk: int) -> PersonRequest:
    rows = locked(request, PersonRequest.objects.visible_to(request.user).select_related(*_LOADED))
    return get_object_or_404(rows, pk=pk)


def _guard(asked: PersonRequest) -> Guard:
    return Guard(PersonRequest.history.filter(id=asked.pk))


@form_page
@permission_required(VIEW, raise_exception=True)
@transaction.atomic
def request_page(request, pk):
    """Show a request; the province sees who may be meant, and assigns the record."""
    asked = _request_or_404(request, pk)
    may_answer = _may_answer(request.user, asked)
    if request.method == "POST" and not may_answer:
        raise PermissionDenied
    is_open = asked.state == PersonRequest.State.OPEN
    context = {
        "asked": asked,
        "may_answer": may_answer and is_open,
        "may_recall": is_open and _may_recall(request.user, asked),
    }
    if context["may_answer"]:
        rows, words = _candidates(request, asked), request.GET.get("tim", "").strip()[:100]
        form = AssignForm(request.POST or None, rows=rows, to=asked.asked_by, guard=_guard(asked))
        if form.is_valid() and _assigned(request, asked, form):
            return redirect("records:request", asked.pk)
        context |= {"form": form, "rows": rows, "tim": words}
    elif request.method == "POST":
        messages.error(request, _("This request was answered already."))
        return redirect("records:request", asked.pk)
    return render(request, "people/request.html", context)


def _may_answer(user, asked: PersonRequest) -> bool:
    """Whoever assigns records keeps the province of the commune that asks."""
    return user.has_perm(ASSIGN) and PersonRequest.objects.kept_by(user).filter(pk=asked.pk).exists()


def _may_recall(user, asked: PersonRequest) -> bool:
    """Only the commune that asks withdraws what it asked."""
    keeps_commune = asked.asked_by_id in scope_of(user, keeping=True).communes
    return keeps_commune and user.has_perm("leaders.add_personrequest")


def _candidates(request, asked: PersonRequest) -> list[PersonRow]:
    words = request.GET.get("tim", "").strip()[:100]
    people = candidates_for(asked, Person.objects.kept_by(request.user), words)[:MOST_CANDIDATES]
    loaded = load_people(people, day=timezone.localdate(), user=request.user)
    return [PersonRow(person, request.user) for person in loaded]


def _assigned(request, asked: PersonRequest, form: AssignForm) -> bool:
    chosen = form.cleaned_data["person"]
    rows = locked(request, Person.objects.kept_by(request.user).filter(keeper=chosen.keeper_id))
    try:
        person = rows.select_related("keeper").filter(pk=chosen.pk).first()
        if person is None:
            raise ValidationError(_("This record has changed since the page was opened. Choose again."))
        assign(asked, person, by=request.user)
    except (ValidationError, IntegrityError) as error:
        for sentence in sentences_for(error):
            form.add_error(None, sentence)
        return False
    messages.success(
        request,
        _("Assigned: %(person)s, now kept by %(commune)s.") % {"person": person, "commune": asked.asked_by},
    )
    return True


@require_POST
@permission_required(VIEW, raise_exception=True)
def recall_page(request, pk):
    """Withdraw a request of the own commune."""
    try:
        with one_act(request, _("Request for a record withdrawn")):
            asked = _request_or_404(request, pk)
            if not _may_recall(request.user, asked):
                raise PermissionDenied
            recall(asked, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Withdrawn. The province no longer answers it."))
    return redirect("records:request", pk)


@form_page
@permission_required(ASSIGN, raise_exception=True)
@transaction.atomic
def decline_page(request, pk):
    """Say why a record is not given."""
    asked = _request_or_404(request, pk)
    if not _may_answer(request.user, asked):
        raise PermissionDenied
    form = DeclineForm(request.POST or None, guard=_guard(asked))
    if form.is_valid():
        try:
            decline(asked, answer=form.cleaned_data["answer"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Answered. The commune reads it on the page of its request."))
            return redirect("records:request", asked.pk)
    return render(request, "people/decline.html", {"asked": asked, "form": form})
