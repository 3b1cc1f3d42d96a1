"""Who holds which seat: putting somebody in, replacing; and what is kept about a person."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import form_page, get_kept_or_404, locked
from accounts.asked import number_in
from accounts.guard import Guard
from cells.kinds import head_title
from cells.models import Cell, Unit
from leaders.accesses import note_look
from leaders.entry.acts import changes_seats, is_sent, question, saved
from leaders.entry.converters import WAYS_IN
from leaders.entry.forms import FillSeatForm, PersonForm, ReplaceForm
from leaders.locks import lock_what_ends
from leaders.models import HAMLET_OFFICES, PARTY_OFFICES, Office, Person, Tenure

MOST_CANDIDATES = 20


# --- choosing somebody -------------------------------------------------------------------


def _with_seats(people, user):
    today = Tenure.objects.visible_to(user).on(timezone.localdate()).select_related("cell", "hamlet")
    return people.prefetch_related(Prefetch("tenures", today, to_attr="seats_today"))


def _candidates(request, body):
    """Return whom to offer: those found by name, or those who hold seats where the body stands."""
    people = Person.objects.visible_to(request.user).alive()
    words = request.GET.get("tim", "").strip()[:100]
    if words:
        people = people.matching(words)
    else:
        today = Tenure.objects.visible_to(request.user).on(timezone.localdate())
        near = today.filter(hamlet__in=_hamlets_of(body)) | today.filter(cell__in=_cells_of(body))
        people = people.filter(pk__in=near.values("person"))
    return _with_seats(people.nearest_first(words), request.user)[:MOST_CANDIDATES]


def _hamlets_of(body):
    today = timezone.localdate()
    if isinstance(body, Unit):
        return [body.pk]
    return body.areas.on(today).values("hamlet")


def _cells_of(body):
    today = timezone.localdate()
    if isinstance(body, Cell):
        return [body.pk]
    return body.cell_areas.on(today).values("cell")


def _seat_context(request, form, *, title: str, body, **more) -> dict:
    return {
        "form": form,
        "title": title,
        "body": body,
        "tim": request.GET.get("tim", ""),
        "person_fields": [form[name] for name in form.NEW_PERSON],
        "decision_fields": [form[name] for name in (*form.DECISION, "reason")],
        **more,
    }


# --- seats -------------------------------------------------------------------------------


@form_page
@changes_seats
@transaction.atomic
def fill_cell_seat(request, pk, office):
    cells = locked(request, Cell.objects.standing().select_related("commune"))
    return _fill(request, get_kept_or_404(cells, request.user, pk=pk), office, PARTY_OFFICES)


@form_page
@changes_seats
@transaction.atomic
def fill_hamlet_seat(request, pk, office):
    hamlets = locked(request, Unit.objects.hamlets().standing().select_related("commune"))
    return _fill(request, get_kept_or_404(hamlets, request.user, pk=pk), office, HAMLET_OFFICES)


def _fill(request, body, office: str, offices):
    if office not in offices:
        raise Http404
    seat = Tenure(office=office, **({"cell": body} if isinstance(body, Cell) else {"hamlet": body}))
    title = _("Put somebody in: %(seat)s") % {"seat": seat.seat_name}
    form = FillSeatForm(
        request.POST or None,
        office=office,
        body=body,
        people=Person.objects.visible_to(request.user),
        candidates=_candidates(request, body),
        seats=Tenure.objects.told_to(request.user),
        guard=_guard_of(body),
        initial=_proposed(request),
    )
    if form.is_valid() and saved(request, form, title, form.save):
        messages.success(request, _("Saved: %(seat)s.") % {"seat": seat.seat_name})
        for sentence in form.told_of_deputy():
            messages.info(request, sentence)
        _warn_of_front_head(request, body, office)
        return _back(request, body)
    return render(request, "entry/seat_form.html", _seat_context(request, form, title=title, body=body))


def _proposed(request) -> dict:
    """Return what the form begins with: today, and the way in that the link proposes."""
    return {"starts_on": timezone.localdate(), "way_in": WAYS_IN.get(request.GET.get("cach", ""), "")}


def _back(request, body):
    """Lead back to the one who left, where the page was opened from there; otherwise to the cell or hamlet."""
    left = number_in(request, "sau")
    if left is not None and Person.objects.visible_to(request.user).filter(pk=left).exists():
        return redirect("leaders:successors", left)
    return redirect(body)


def _guard_of(body) -> Guard:
    column = "cell" if isinstance(body, Cell) else "hamlet"
    return Guard(Tenure.history.filter(**{column: body}))


def _warn_of_front_head(request, body, office: str) -> None:
    """The head of the hamlet should not head its Front committee too; it is said, not refused."""
    if office not in (Office.HAMLET_HEAD, Office.FRONT_HEAD):
        return
    today = Tenure.objects.filter(hamlet=body).on(timezone.localdate())
    heads = set(today.filter(office=Office.HAMLET_HEAD).values_list("person", flat=True))
    if heads & set(today.filter(office=Office.FRONT_HEAD).values_list("person", flat=True)):
        messages.warning(
            request,
            _("The %(head)s is also head of the Front committee. Check whether that is meant.")
            % {"head": head_title(body.kind)},
        )


@form_page
@changes_seats
@transaction.atomic
def replace(request, pk):
    """End one tenure and begin the next, after the consequences have been read."""
    if request.method == "POST":
        lock_what_ends(Tenure.objects.kept_by(request.user).filter(pk=pk).values_list("person", flat=True))
    tenure = get_kept_or_404(_open_tenures(request), request.user, pk=pk)
    body = tenure.body
    title = _("Replace the holder: %(seat)s") % {"seat": tenure.seat_name}
    form = ReplaceForm(
        request.POST or None,
        tenure=tenure,
        people=Person.objects.visible_to(request.user),
        candidates=[person for person in _candidates(request, body) if person.pk != tenure.person_id],
        seats=Tenure.objects.told_to(request.user),
        guard=_guard_of(body),
        initial=_proposed(request),
    )
    ready = is_sent(request, form)
    if ready and "confirmed" not in request.POST:
        return question(request, form, title)
    if ready and saved(request, form, title, form.save):
        messages.success(request, _("Saved: %(seat)s.") % {"seat": tenure.seat_name})
        _warn_of_front_head(request, body, tenure.office)
        return _back(request, body)
    context = _seat_context(request, form, title=title, body=body, tenure=tenure)
    context["others"] = _other_seats(request.user, tenure)
    return render(request, "entry/seat_form.html", context)


def _open_tenures(request):
    return locked(
        request,
        Tenure.objects.filter(ends_on__isnull=True).select_related(
            "person", "cell__commune", "hamlet__commune"
        ),
    )


def _other_seats(user, tenure: Tenure):
    """Return the other seats of the one who leaves: they go on unless they are ended too."""
    seats = Tenure.objects.visible_to(user).filter(person=tenure.person, ends_on__isnull=True)
    return seats.exclude(pk=tenure.pk).select_related("cell", "hamlet")


# --- people ------------------------------------------------------------------------------


@form_page
@permission_required(["leaders.change_person", "leaders.view_private_data"], raise_exception=True)
@transaction.atomic
def person_edit(request, pk):
    people = locked(request, Person.objects.select_related("keeper"))
    person = get_kept_or_404(people, request.user, pk=pk)
    form = PersonForm(request.POST or None, instance=person, guard=Guard(Person.history.filter(id=pk)))
    if form.is_valid():
        form.save()
        messages.success(request, _("The data of %(person)s is saved.") % {"person": person})
        return redirect(person)
    if request.method == "GET":
        note_look(request.user, [person])
    return render(request, "entry/person_form.html", {"form": form, "person": person})
