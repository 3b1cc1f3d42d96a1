"""The years, the board of one, whom to call, what deserves a second look, the shares."""

from collections import Counter

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.asked import number_in
from dashboards.review.access import (
    address,
    cycles_of,
    reads,
    sees_board,
    works_for_communes,
    year_of,
)
from dashboards.review.attention import CELLS, PEOPLE, Attention
from dashboards.review.board import ReviewBoard, Total
from dashboards.review.shares import ShareTable
from evaluations.models import (
    CellRating,
    LeaderRating,
    Level,
    ReviewCycle,
    ShareBase,
    Submission,
)
from evaluations.review.authority import RECEIVE, may, runs

State = ReviewCycle.State


@require_safe
@reads
def years(request):
    """Lead to the latest year; where there is none yet, say what to do."""
    if not (sees_board(request.user) or works_for_communes(request.user)):
        raise Http404
    latest = cycles_of(request.user).first()
    if latest is not None:
        return redirect(reverse("review_board:year", args=[latest.year]))
    return render(request, "review_board/no_year.html", {"may_open": may(request.user, RECEIVE)})


@require_safe
@reads
def year_page(request, year):
    """Lead everybody to their own page of the year: the board, a commune's grid, or the summary of the papers."""
    if not sees_board(request.user):
        return _commune_page(request, year)
    cycle, cycles = year_of(request, year)
    name = "summary" if cycle.state == State.RECORDED else "board"
    return redirect(address(name, cycle, several=len(cycles) > 1))


def _commune_page(request, year: int):
    if not works_for_communes(request.user):
        raise Http404
    files = Submission.objects.visible_to(request.user).filter(cycle__year=year)
    files = list(files.select_related("commune").order_by("commune__sort_key", "pk"))
    if len(files) == 1:
        return redirect("review:grid", year, files[0].pk)
    if files:
        return render(request, "review_board/choose_commune.html", {"year": year, "files": files})
    cycle = cycles_of(request.user, year).filter(state=State.RECORDED).first()
    if cycle is None:
        raise Http404
    return _summary_page(request, cycle, [])


@require_safe
@reads
def summary(request, year):
    """What the papers of a past year brought: how many of each level, each a list."""
    cycle, cycles = year_of(request, year)
    if cycle.state != State.RECORDED:
        return redirect(address("board", cycle, several=len(cycles) > 1))
    return _summary_page(request, cycle, cycles)


def _summary_page(request, cycle: ReviewCycle, cycles: list[ReviewCycle]):
    rows = {}
    for model in (CellRating, LeaderRating):
        seen = model.objects.visible_to(request.user).latest_editions().filter(cycle=cycle)
        rows[model] = Counter(seen.order_by().values_list("decided_level", flat=True))
    tables = [
        (label, name, [(level, rows[model][level]) for level in Level], rows[model][""], rows[model].total())
        for label, name, model in (
            (_("Party cells"), "results", CellRating),
            (_("Rated people"), "people", LeaderRating),
        )
    ]
    context = {**frame(request, cycle, cycles), "tables": tables}
    return render(request, "review_board/summary.html", context)


def frame(request, cycle: ReviewCycle, cycles: list[ReviewCycle]) -> dict:
    """Return what every page of a year needs: the year, its neighbours, and who runs it."""
    return {
        "cycle": cycle,
        "cycles": cycles,
        "several": len(cycles) > 1,
        # What links to other pages of the year carry, and forms of a filter.
        "fixed": [("tinh", cycle.province_id)] if len(cycles) > 1 else [],
        "kept": f"?tinh={cycle.province_id}" if len(cycles) > 1 else "",
        "runs": runs(request.user, cycle),
        "today": timezone.localdate(),
    }


@require_safe
@reads
def board(request, year):
    """Every commune by state, late ones first; every number leads to a list."""
    cycle, cycles = year_of(request, year)
    if cycle.state == State.RECORDED:
        return redirect(address("summary", cycle, several=len(cycles) > 1))
    found, slug, words, rows = narrowed_board(request, cycle)
    context = {
        **frame(request, cycle, cycles),
        "board": found,
        "slug": slug,
        "words_asked": words,
        "choices": [(key, label, found.counts[key]) for key, (label, _test) in found.shown.items()],
        "rows": rows,
        "total": Total.of(rows),
        "shows_phones": request.user.sees_private_data,
        "levels": list(Level),
    }
    return render(request, "review_board/board.html", context)


def narrowed_board(asked, cycle: ReviewCycle):
    """Return the board, what it is narrowed to, and the rows that are left."""
    found = ReviewBoard(cycle, asked.user, timezone.localdate())
    slug, words = asked.GET.get("loc", ""), asked.GET.get("q", "")[:100]
    if slug and slug not in found.shown:
        raise Http404
    return found, slug, words, found.narrowed(slug, words)


@require_safe
@reads
def call_list(request, year):
    """Whom to call: the late communes (or others that were chosen), on paper."""
    cycle, cycles = year_of(request, year)
    if not request.user.sees_private_data:
        raise Http404
    found = ReviewBoard(cycle, request.user, timezone.localdate())
    waiting = [row for row in found.rows if row.is_due and row.flag]
    slug = request.GET.get("loc", "")
    if slug:
        if slug not in found.shown:
            raise Http404
        waiting = found.narrowed(slug)
    label = found.shown[slug][0] if slug else _("Overdue, or due within a week")
    context = {**frame(request, cycle, cycles), "rows": waiting, "label": label}
    return render(request, "review_board/call_list.html", context)


@require_safe
@reads
def attention(request, year):
    """What deserves a second look: each a count that opens its list."""
    cycle, cycles = year_of(request, year)
    several = len(cycles) > 1
    found = Attention(cycle, request.user)
    communes = ReviewBoard(cycle, request.user, timezone.localdate())
    over = [file for file in communes.files if communes.row_of(file).share.over]
    counts = [
        (
            _("communes over their share"),
            len(over),
            address("shares", cycle, several=several, loc="vuot"),
        )
    ]
    counts += [
        (label, len(found.of_cells(slug)), address("results", cycle, several=several, loc=slug))
        for slug, (label, _why) in CELLS.items()
    ]
    counts += [
        (label, len(found.of_people(slug)), address("people", cycle, several=several, loc=slug))
        for slug, (label, _why) in PEOPLE.items()
    ]
    context = {**frame(request, cycle, cycles), "counts": counts}
    return render(request, "review_board/attention.html", context)


@require_safe
@reads
def shares(request, year):
    """The excellent cells of each commune and group beside the most there may be, and added up."""
    cycle, cycles = year_of(request, year)
    base = request.GET.get("co_so", cycle.rule_set.share_base)
    if base not in ShareBase.values:
        raise Http404
    table = ShareTable(
        ReviewBoard(cycle, request.user, timezone.localdate()),
        base=base,
        over_only=request.GET.get("loc") == "vuot",
        commune=number_in(request, "xa"),
    )
    context = {**frame(request, cycle, cycles), "table": table, "bases": ShareBase.choices}
    return render(request, "review_board/shares.html", context)
