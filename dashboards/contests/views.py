"""The board of a term, and the lists behind its numbers."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cells.kinds import Level
from cells.models.grants import scope_of
from dashboards.contests.access import area_of, reads, sees_terms
from dashboards.contests.board import TermBoard, terms_of
from dashboards.contests.lists import KINDS, ContestList, PairList
from dashboards.contests.states import PAIRS, STATES, kind_labels
from dashboards.key_pages import KeyPages
from leaders.contests.views.access import RECORD
from leaders.models import Contest

PAGE_SIZE = 50


def _may_plan(user) -> bool:
    keeping = scope_of(user, keeping=True)
    return user.has_perms(RECORD) and (keeping.everywhere or bool(keeping.provinces or keeping.communes))


@require_safe
@reads
def latest(request):
    """Lead to the latest term; where there is none yet, say what to do."""
    if not sees_terms(request.user):
        raise Http404
    terms = terms_of(request.user)
    if terms:
        return redirect("elections_board:board", terms[0])
    return render(request, "contest_board/no_term.html", {"may_plan": _may_plan(request.user)})


@require_safe
@reads
def board(request, term: str):
    """Every commune: planned, held, failed, run again; and the pairs. Every number opens its list."""
    area = area_of(request)
    scope = scope_of(request.user)
    if area is not None and area.level == Level.COMMUNE and not (scope.provinces or scope.everywhere):
        # Whoever keeps one commune has one page for it.
        return redirect("elections:grid", term, area.pk, Contest.Kind.HEAD_ELECTION)
    found = TermBoard(term, request.user, area, timezone.localdate())
    context = _frame(request, term, area) | {
        "board": found,
        "rows": found.rows,
        "total": found.total,
        "is_country": area is None and scope.everywhere,
        "terms": terms_of(request.user),
    }
    return render(request, "contest_board/board.html", context)


def _frame(request, term: str, area) -> dict:
    return {
        "term": term,
        "area": area,
        # What links to lists and files carry.
        "kept": f"&don_vi={area.pk}" if area is not None else "",
        "may_plan": _may_plan(request.user),
        "today": timezone.localdate(),
    }


@require_safe
@reads
def contests(request, term: str):
    """The elections or congresses of one state, or what is not planned."""
    area = area_of(request)
    found = ContestList(request, term, area)
    page = KeyPages(found.rows()).get_page(request.GET.get("page"))
    page.object_list = found.rows().filter(pk__in=page.object_list)
    labels = kind_labels(request.user)
    context = _frame(request, term, area) | {
        "found": found,
        "page": page,
        "states": STATES.items(),
        "kinds": [(slug, labels[kind]) for slug, kind in KINDS.items()],
    }
    return render(request, "contest_board/contests.html", context)


@require_safe
@reads
def pairs(request, term: str):
    """The hamlets with both contests beside each other: done, one person in both, two people."""
    area = area_of(request)
    found = PairList(request, term, area)
    page = Paginator(found.keys(), PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = found.of_keys(page.object_list)
    context = _frame(request, term, area) | {"found": found, "page": page, "states": PAIRS.items()}
    return render(request, "contest_board/pairs.html", context)
