"""The board of follow-up, the lists behind its numbers, the pages of an officer and of a commune, the pack to print."""

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.asked import number_in
from accounts.models import ExportLog
from accounts.roles import Role
from cells.access import seen_commune
from cells.models import Unit
from cells.models.grants import scope_of
from dashboards.basis import Basis, basis_context, frame_query
from dashboards.figures.names import call_as_on
from dashboards.follow_up.figures import DAYS_WITHOUT, FollowUpBoard, name_officers, narrowed_officers
from dashboards.follow_up.lists import OfficerFilter, PlaceFilter, VisitFilter
from dashboards.follow_up.pack import pack_of
from dashboards.follow_up.places import PLACE, frame_for, units_to_choose
from dashboards.key_pages import KeyPages
from dashboards.papers.forms import CONTENT_TYPES, DOCX, PDF
from leaders.follow_up.views.assigning import assigns
from leaders.follow_up.views.visiting import inspects
from leaders.follow_up.visits import may_correct, may_log
from leaders.models import Assignment, Visit
from leaders.privacy import may_see_private
from sheets.text import fold

ROWS_ON_A_PAGE = 50
NOTES_SHOWN = 20
reads = permission_required(["leaders.view_assignment", "leaders.view_visit"], raise_exception=True)


def _is_officer(user) -> bool:
    return user.role == Role.FOLLOW_UP_OFFICER and not user.is_superuser


@require_safe
@reads
def board(request):
    """Coverage, officers, visits, promises: every number opens its list."""
    if _is_officer(request.user) and not scope_of(request.user).is_empty:
        return redirect("dashboards:home")
    frame = frame_for(request)
    days = number_in(request, "so_ngay")
    found = FollowUpBoard(frame, days if days in DAYS_WITHOUT else DAYS_WITHOUT[0])
    context = {
        "board": found,
        "unit": frame.unit,
        "units": units_to_choose(request.user),
        "link": frame_query(frame, **{PLACE: frame.unit.pk}),
        "assigns": assigns(request.user),
        "inspects": inspects(request.user),
        **basis_context(request, Basis(frame)),
    }
    return render(request, "follow_up_board/board.html", context)


def _list(request, template: str, narrowed, page, **more):
    kept = frame_query(narrowed.frame, **{PLACE: narrowed.frame.unit.pk})
    context = {
        "page": page,
        "filter": narrowed,
        "unit": narrowed.frame.unit,
        "place_link": kept,
        **basis_context(request, Basis(narrowed.frame)),
        **more,
    }
    return render(request, template, context)


def _page(request, rows):
    return Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))


@require_safe
@reads
def officers(request):
    narrowed = OfficerFilter(request, frame_for(request)).checked()
    found = FollowUpBoard(narrowed.frame, narrowed.cleaned_data["so_ngay"], by_name=True)
    page = _page(request, narrowed_officers(found, narrowed.cleaned_data["loc"]))
    name_officers(page.object_list)
    return _list(request, "follow_up_board/officers.html", narrowed, page, limits=found.limits)


@require_safe
@reads
def places(request):
    narrowed = PlaceFilter(request, frame_for(request)).checked()
    page = _page(request, narrowed.keys())
    page.object_list = narrowed.of_keys(page.object_list)
    call_as_on(narrowed.frame.day, units=[period.commune for period in page.object_list])
    return _list(request, "follow_up_board/places.html", narrowed, page)


@require_safe
@reads
def visits(request):
    narrowed = VisitFilter(request, frame_for(request)).checked()
    page = KeyPages(narrowed.rows()).get_page(request.GET.get("page"))
    shown = Visit.objects.filter(pk__in=page.object_list).for_list().order_by("-day", "-pk")
    page.object_list = _with_acts(request.user, shown)
    return _list(
        request,
        "follow_up_board/visits.html",
        narrowed,
        page,
        limits=FollowUpBoard(narrowed.frame).limits,
        inspects=inspects(request.user),
    )


def _with_changes(user, rows) -> list[Assignment]:
    """Say beside each assignment whether this user changes it."""
    rows = list(rows)
    changed = Assignment.objects.changed_by(user).filter(pk__in=[one.pk for one in rows])
    keys = set(changed.values_list("pk", flat=True)) if rows else set()
    for one in rows:
        one.may_change = one.pk in keys
    return rows


def _with_acts(user, rows) -> list[Visit]:
    """Say beside each visit whether this user corrects it."""
    rows = list(rows)
    kept = _kept(user, rows)
    for visit in rows:
        visit.may_correct = visit.pk in kept and may_correct(user, visit)
    return rows


def _kept(user, rows: list[Visit]) -> set[int]:
    """Return which of the visits may be written at all: staff write where they keep the place."""
    keys = {visit.pk for visit in rows}
    if not (keys and inspects(user)):
        return keys
    return set(Visit.objects.kept_by(user).filter(pk__in=keys).values_list("pk", flat=True))


# --- one commune, one officer ---------------------------------------------------------------


@require_safe
@reads
def commune(request, pk):
    """Who follows the commune and each of its hamlets, now and before."""
    unit = seen_commune(request, pk)
    today = timezone.localdate()
    hamlets = list(Unit.objects.visible_to(request.user).hamlets().standing().filter(commune=unit).in_order())
    rows = Assignment.objects.visible_to(request.user).filter(
        unit__in=[unit.pk, *(one.pk for one in hamlets)]
    )
    rows = _with_changes(request.user, rows.for_list().order_by("-starts_on", "-pk"))
    now = {}
    for one in rows:
        if one.holds_on(today):
            now.setdefault(one.unit_id, []).append(one)
    is_kept = Unit.objects.kept_by(request.user).filter(pk=unit.pk).exists()
    context = {
        "unit": unit,
        "of_commune": now.get(unit.pk, []),
        "lines": [(hamlet, now.get(hamlet.pk, [])) for hamlet in hamlets],
        "former": [one for one in rows if one.days[1] < today],
        "coming": [one for one in rows if one.days[0] > today],
        "assigns": is_kept and assigns(request.user),
        "ticks": is_kept and request.user.has_perm("leaders.change_visit"),
        "inspects": is_kept and inspects(request.user),
        "day": today,
    }
    return render(request, "follow_up_board/commune.html", context)


def _assignment(request, pk: int) -> Assignment:
    rows = Assignment.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("person__keeper", "person__account", "unit__commune"), pk=pk)


@require_safe
@reads
def officer(request, pk):
    """What one person or organisation follows and followed, with the visits and what was promised."""
    one, today, user = _assignment(request, pk), timezone.localdate(), request.user
    rows = Assignment.objects.visible_to(user).of_officer(one).for_list()
    work = _with_changes(user, rows.order_by("unit__sort_key", "pk"))
    notes = Visit.objects.visible_to(user).filter(assignment__in=[row.pk for row in work]).for_list()
    promises = notes.open().order_by("promise_due", "day", "pk")
    is_kept = Assignment.objects.kept_by(user).filter(pk=pk).exists()
    keeps = any(row.may_change for row in work if row.pk == one.pk)
    records = is_kept and user.has_perm("leaders.add_visit")
    for row in work:
        row.may_log = may_log(user, row) and (is_kept or not inspects(user))
    logs = any(row.may_log for row in work)
    context = {
        "one": one,
        "running": [row for row in work if row.holds_on(today)],
        "coming": [row for row in work if row.days[0] > today],
        "former": [row for row in work if row.days[1] < today],
        "visits": _with_acts(user, notes[:NOTES_SHOWN]),
        "promises": promises,
        "may_tick": records or logs,
        "keeps": keeps,
        "links_account": keeps and user.has_perm("leaders.change_assignment"),
        "logs": logs,
        "phone": one.person.phone if one.person and may_see_private(user, one.person) else "",
        "day": today,
    }
    return render(request, "follow_up_board/officer.html", context)


@require_safe
@reads
def pack(request, pk):
    """The papers of a hand-over as a page to print."""
    found = pack_of(_assignment(request, pk), request.user)
    context = {
        "pack": found,
        "one": found.one,
        "kinds": [(DOCX, "Word"), (PDF, "PDF")],
        "today": timezone.localdate(),
    }
    return render(request, "follow_up_board/pack.html", context)


@require_safe
@reads
def pack_file(request, pk, kind):
    """The same as a file; who took it is noted."""
    if kind not in (DOCX, PDF):
        raise Http404
    found = pack_of(_assignment(request, pk), request.user)
    content = found.write(kind)
    ExportLog.note(by=request.user, what=found.title, filters=kind, rows=found.rows)
    name = f"{fold(found.title).replace(' ', '-')[:100]}.{kind}"
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[kind],
        headers={"Content-Disposition": content_disposition_header(True, name)},
    )
